"""Ranks whose ties are settled: whom which figure tells from its equals, and what is lacking for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Generic, TypeVar

from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.evaluate.engine import joined
from policy_dsl.records import dataclass
from policy_dsl.sharing import rank_of
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

S = TypeVar("S", bound=Hashable)
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class TieAsked:
    """What settled the rank of one that others equal: how many tie figures were asked, and whether they told it apart

    from all of them.
    """

    asked: int
    apart: bool


@dataclass(frozen=True, slots=True)
class Ranks(Generic[S]):
    """The ranks of a range.

    `asked`: of those whom others equal, their own tie figures, as far as they were asked. `alike`: the others who equal
    them in the figure itself. `lacking`: who has no rank, as a tie figure that is asked is not to be had; it holds for
    all whom that figure had to tell apart. `left`: who leaves the range, by what the rules say of a missing fact.
    """

    places: Mapping[S, int]
    asked: Mapping[S, tuple[Derived, ...]]
    alike: Mapping[S, tuple[S, ...]]
    lacking: Mapping[S, tuple[Unknown, tuple[Derived, ...]]]
    left: Mapping[S, Derived]

    def how(self, one: S) -> TieAsked:
        """How the rank of one whom others equal was settled."""
        place = self.places[one]
        return TieAsked(len(self.asked[one]), all(self.places[each] != place for each in self.alike[one]))


def ranks(
    amounts: Mapping[S, Fraction],
    ties: tuple[tree.Expr, ...],
    found: Callable[[tree.Expr, S], Derived],
    leaves: Callable[[Derived], bool],
) -> Ranks[S]:
    """The ranks of figures, equals told apart by the tie figures in turn, the larger first.

    `found` gives the tie figure of one in the range; it is asked for those alone who are still equal. `leaves` says
    whether a figure that is lacking takes its owner out of the range: the others are then ranked without it.
    """
    left: dict[S, Derived] = {}
    while True:
        made = _Settling({each: amount for each, amount in amounts.items() if each not in left})
        for tie in ties:
            values = {each: found(tie, each) for group in made.level() for each in group}
            leaving = {each: value for each, value in values.items() if leaves(value)}
            if leaving:
                left |= leaving
                break
            made.settle(values)
        else:
            return made.ranks(left)


class _Settling(Generic[S]):
    """Ranks as far as they are settled."""

    def __init__(self, amounts: Mapping[S, Fraction]) -> None:
        self.amounts = amounts
        self.keys: list[dict[S, Fraction]] = []
        self.asked: dict[S, tuple[Derived, ...]] = {}
        self.lacking: dict[S, tuple[Unknown, tuple[Derived, ...]]] = {}

    def level(self) -> Iterator[list[S]]:
        """The groups of those who are still equal and may be told apart."""
        groups: dict[int, list[S]] = {}
        for each, place in rank_of(self.amounts, self.keys).items():
            if each not in self.lacking:
                groups.setdefault(place, []).append(each)
        return (group for group in groups.values() if len(group) > 1)

    def settle(self, values: Mapping[S, Derived]) -> None:
        """Take in the next tie figure of those who are still equal."""
        # For whom a figure is lacking nothing more is told apart.
        key = dict.fromkeys(self.lacking, ZERO)
        for group in list(self.level()):
            of = tuple(values[each] for each in group)
            gaps = joined(*of) or _untold(of)
            for each, value in zip(group, of, strict=True):
                key[each] = value.value.amount if gaps is None and isinstance(value.value, Quantity) else ZERO
                self.asked[each] = (*self.asked.get(each, ()), value)
            if gaps is not None:
                self.lacking |= dict.fromkeys(group, (gaps, of))
        self.keys.append(key)

    def ranks(self, left: Mapping[S, Derived]) -> Ranks[S]:
        """The ranks when every tie figure was asked that had anything to tell apart."""
        equals: dict[Fraction, list[S]] = {}
        for each, amount in self.amounts.items():
            equals.setdefault(amount, []).append(each)
        alike = {each: tuple(o for o in equals[self.amounts[each]] if o != each) for each in self.asked}
        return Ranks(rank_of(self.amounts, self.keys), self.asked, alike, self.lacking, left)


def _untold(of: tuple[Derived, ...]) -> Unknown | None:
    """Why figures that are to be had tell nobody apart: they are none, or too close for the bound of a root."""
    figures = [each.value for each in of if isinstance(each.value, Quantity)]
    if len(figures) != len(of):
        return arithmetic.impossible("PD899", "rank of")
    figures.sort(key=lambda each: each.amount)
    for one, other in pairwise(figures):
        if ZERO < other.amount - one.amount <= one.bound + other.bound:
            return arithmetic.impossible("PD823", f"{one} and {other}")
    return None
