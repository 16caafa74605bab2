"""What decided, as data without words: how far each figure may move, what was disputed, what a criterion did."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.sensitivity.figures import Figure
from policy_dsl.syntax import tree
from policy_dsl.values import Unit


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What a member (of a cohort) has under an apportionment, before and after; None where it is not determined."""

    entry: Entry
    cohort: str
    member: str
    before: Fraction | None
    after: Fraction | None
    unit: Unit

    @property
    def difference(self) -> Fraction | None:
        """How much more the member has afterwards (below zero: less); None where either is not determined."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """One end of a stretch in which the whole allocation stays the same.

    `sort` is "exact": the allocation changes at `at` and nowhere before it; `holds` says whether the figure `at` itself
    still gives the same, and `beyond` is the same figure. Of a figure that counts heads `at` is the last whole one that
    gives the same, and `beyond` the next, which does not. "numerical": it is the same up to `at` and another one at
    `beyond`; where between them it changes was not found. "range": nothing changes up to `at`, and farther nobody
    looked. `changes` is what is different just beyond, in the order of the policy; of those that gain, and of those
    that lose, the first is the first to be affected.
    """

    at: Fraction
    sort: Literal["exact", "numerical", "range"]
    holds: bool
    beyond: Fraction
    changes: tuple[Change, ...] = ()

    @property
    def gains(self) -> Change | None:
        """The first member that has more beyond this end."""
        return next((each for each in self.changes if each.difference is not None and each.difference > 0), None)

    @property
    def loses(self) -> Change | None:
        """The first member that has less beyond this end."""
        return next((each for each in self.changes if each.difference is not None and each.difference < 0), None)


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A figure, and between which ends it gives the same whole allocation as it does now, all else being equal."""

    figure: Figure
    low: End
    high: End


@dataclass(frozen=True, slots=True, eq=False)
class Disputed:
    """A contested fact, and every place between its bounds at which the allocation becomes another one, rising.

    The `changes` of a turn are from the stretch before it to the one after it. `same` says that there is none.
    `whole` is false where the search ended before it had been through all of the range.
    """

    figure: Figure
    low: Fraction
    high: Fraction
    turns: tuple[End, ...]
    whole: bool

    @property
    def same(self) -> bool:
        """Whether the allocation is the same over the whole range."""
        return self.whole and not self.turns


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """What would be different in all sharings out, money included, without one row of a key or of criteria.

    In a key, or in criteria by weight, the row's weight is nothing and the others keep their ratios. In criteria in
    order the row makes no bands; its threshold still holds where the policy asks for it by name.
    """

    entry: Entry
    row: tree.KeyPart | tree.Criterion
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WhatDecided:
    """The analysis of one decision.

    `shares` are the sharings out of whole persons that were watched, as far as they have a result; `unrounded` those in
    heads without a rounding line, of which every figure changes with every other, so that no stretch is to be found.
    `stretches` stand in the order in which they were examined, the most decisive first; `not_examined` are the figures
    for which the work allowed did not suffice, and those that stand in an exponent. `evaluations` is how often the
    shares were reckoned anew; `most` how many of them might be reckoned (None: as many as it took).
    """

    shares: tuple[Entry, ...]
    unrounded: tuple[Entry, ...]
    stretches: tuple[Stretch, ...]
    disputed: tuple[Disputed, ...]
    left_out: tuple[LeftOut, ...]
    not_examined: tuple[Figure, ...]
    evaluations: int
    most: int | None = None


__all__ = ["Change", "Disputed", "End", "LeftOut", "Stretch", "WhatDecided"]
