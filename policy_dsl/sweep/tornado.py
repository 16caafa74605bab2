"""Which figures weigh most: each moved to its low and to its high end alone, all else being as in the base case.

Figures are those of `what decided` (`policy_dsl.sensitivity`): a weight moves while the others of its key or criteria
keep their ratios. Each end is a case of its own; the cases are put into batches, so that they are decided as those of
any sweep are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from policy_dsl.check import Checked
from policy_dsl.evaluate.anew import Anew, FactAt, ParameterAt
from policy_dsl.evaluate.anew import Spot as Single
from policy_dsl.evaluate.decision import Decision
from policy_dsl.plan import Column, IndicatorAt, Output
from policy_dsl.records import dataclass
from policy_dsl.sensitivity.figures import Figure, figures
from policy_dsl.sensitivity.outcome import outcome
from policy_dsl.sweep.batch import Array, Batch, Results
from policy_dsl.sweep.faults import Unfit
from policy_dsl.sweep.varying import Varied
from policy_dsl.syntax import tree

FIFTH = Fraction(1, 5)
"""By which part of itself a figure is moved unless its ends are known."""
_NOISE = Fraction(1, 2**40)
_FINEST = 2**49

Amounts = tuple[Fraction | None, ...]
Run = Callable[[Iterable[Batch]], Iterable[Results]]
"""Decides batches, in whatever order and parts."""


@dataclass(frozen=True, slots=True, eq=False)
class Moving:
    """A figure and the ends to which it is moved, in base units; `low` is not above what it is, `high` not below."""

    figure: Figure
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Swing:
    """What each member has, by the name of the apportionment, where a figure is at its low end and at its high end."""

    moving: Moving
    low: Mapping[str, Amounts]
    high: Mapping[str, Amounts]


@dataclass(frozen=True, slots=True, eq=False)
class Tornado:
    """The effects of all figures that were moved, in the order of the policy.

    `base` is what each of the `members` has in the base case, by the name of the apportionment; None where it is not
    determined. `fixed` are figures that were not moved, since they stand in an exponent or the
    step of a rounding rests on them.
    """

    case: str
    shares: tuple[Output, ...]
    members: tuple[str, ...]
    base: Mapping[str, Amounts]
    swings: tuple[Swing, ...]
    fixed: tuple[Figure, ...] = ()

    def moved(self, swing: Swing, share: str) -> tuple[Fraction | None, Fraction | None]:
        """Half of the sum of all changes at the low end and at the high end: what falls on others than in the base."""
        low, high = (
            _moved(self.base[share], ends[share]) if share in ends else None for ends in (swing.low, swing.high)
        )
        return low, high

    def of(self, swing: Swing, share: str, member: str) -> tuple[Fraction | None, Fraction | None]:
        """What a member has at the low end and at the high end."""
        at = self.members.index(member)
        low, high = (ends[share][at] if share in ends else None for ends in (swing.low, swing.high))
        return low, high

    def sorted(self, share: str, member: str = "") -> list[Swing]:
        """The swings that change anything, the widest first: for one member, or in what falls on others in all."""

        def width(swing: Swing) -> Fraction:
            if not member:
                return sum((each or Fraction(0) for each in self.moved(swing, share)), Fraction(0))
            ends = [self.base[share][self.members.index(member)], *self.of(swing, share, member)]
            known = [each for each in ends if each is not None]
            return max(known) - min(known) if known else Fraction(0)

        wide = [(width(each), at, each) for at, each in enumerate(self.swings)]
        return [each for by, _, each in sorted(wide, key=lambda one: (-one[0], one[1])) if by]


def movings(
    checked: Checked,
    decision: Decision,
    ends: Callable[[Figure], tuple[Fraction, Fraction] | None] = lambda figure: None,
    by: Fraction = FIFTH,
) -> tuple[tuple[Moving, ...], tuple[Figure, ...]]:
    """The figures on which the shares of a decision rest, with their ends; and those that can't be moved.

    The ends are those that `ends` tells; else the bounds of a contested fact; else a part less and more of what it is,
    as far as the policy's own bounds go. Figures that have no room to move are left out.
    """
    found, fixed = [], []
    seats = {each.state for each in decision.seats}
    for figure in figures(_anew(checked, decision), decision):
        if isinstance(figure.spot, FactAt) and figure.spot.member and figure.spot.member not in seats:
            continue
        if figure.exponent:
            fixed.append(figure)
            continue
        now, fact = figure.value.amount, figure.fact
        told = ends(figure)
        if told is None and fact is not None and fact.low is not None and fact.high is not None:
            told = fact.low.amount, fact.high.amount
        if told is None:
            low, high = sorted((now * (1 - by), now * (1 + by)))
            told = max(low, figure.low), min(high, figure.high)
        low, high = (Fraction(round(each)) for each in told) if figure.whole else told
        low, high = min(low, now), max(high, now)
        if figure.kind == "weight":
            # The others must be left something, and so must the one that moves.
            low, high = max(low, Fraction(0)), min(high, Fraction(1))
        if low < high:
            found.append(Moving(figure, low, high))
    return tuple(found), tuple(fixed)


def ends_of(varied: Iterable[Varied]) -> Callable[[Figure], tuple[Fraction, Fraction] | None]:
    """The ends between which figures were drawn, for `movings`; of what was not drawn none."""
    ends: dict[Single, tuple[Fraction, Fraction]] = {}
    for each in varied:
        at = each.column.spot
        for member, drawn in each.ranges:
            spot = FactAt(at.indicator, member, at.cohort, at.year) if isinstance(at, IndicatorAt) else at
            ends[spot] = drawn.low, drawn.high
    return lambda figure: ends.get(figure.spot)


def one_at_a_time(checked: Checked, decision: Decision, moving: Sequence[Moving]) -> Iterator[Batch]:
    """The batches in which each figure stands once at its low end and once at its high end.

    Cases are called by the number of the figure and "low" or "high" (`3 low`); an end at which the figure already is
    has no case. Figures of one column are in one batch.
    """
    anew = _anew(checked, decision)
    members = tuple(sorted({each.state for each in decision.seats}))
    maker = _Columns(anew, members)
    groups: dict[tuple[str, ...], list[tuple[str, Mapping[Single, Fraction]]]] = {}
    for number, each in enumerate(moving):
        for end, to in (("low", each.low), ("high", each.high)):
            if to != each.figure.value.amount:
                replaced = {spot: value.amount for spot, value in each.figure.moved(to).items()}
                columns = tuple(sorted({maker.column(spot).name for spot in replaced}))
                groups.setdefault(columns, []).append((f"{number} {end}", replaced))
    first = 0
    for columns, cases in groups.items():
        yield maker.batch(decision, columns, cases, first)
        first += len(cases)


def tornado(
    checked: Checked, decision: Decision, moving: Sequence[Moving], shares: Iterable[Output], run: Run
) -> Tornado:
    """What each figure does alone, as `run` decides it; `shares` are the outputs of apportionments to look at."""
    watched = tuple(each for each in shares if each.aspect == "share")
    members = tuple(sorted({each.state for each in decision.seats}))
    found = outcome(decision.shares)
    base = {
        each.name: tuple(found.get((each.entry.name, each.cohort, member)) for member in members) for each in watched
    }
    ends: dict[str, dict[str, Amounts]] = {}
    fixed: set[int] = set()
    for batch in one_at_a_time(checked, decision, moving):
        try:
            found_here = list(run([batch]))
        except Unfit:
            # The step of a rounding rests on it, so that shares in steps could not be told.
            fixed |= {int(name.partition(" ")[0]) for name in batch.names}
            continue
        for results in found_here:
            for each in watched:
                for name, amounts in _amounts(results, each, members, base[each.name]):
                    ends.setdefault(name, {})[each.name] = amounts
    swings = [
        Swing(each, ends.get(f"{number} low", base), ends.get(f"{number} high", base))
        for number, each in enumerate(moving)
        if number not in fixed
    ]
    left = tuple(moving[number].figure for number in sorted(fixed))
    return Tornado(decision.case.title, watched, members, base, tuple(swings), left)


def _amounts(results: Results, output: Output, members: Sequence[str], base: Amounts) -> Iterator[tuple[str, Amounts]]:
    """What each case of the results gives each member, exact in steps; a figure as near as it is to the base is it."""
    values, unknown = results.values[output.name], results.unknown.get(output.name)
    places = [results.batch.members.index(each) for each in members]
    step = Fraction(*output.step) if output.form == "steps" else Fraction(1)
    for case, name in enumerate(results.batch.names):
        found: list[Fraction | None] = []
        for place, now in zip(places, base, strict=True):
            if unknown is not None and unknown[case, place]:
                found.append(None)
                continue
            amount = Fraction(values[case, place].item()) * step
            near = output.form == "figure" and now is not None and abs(amount - now) <= abs(now) * _NOISE
            found.append(now if near else amount)
        yield name, tuple(found)


def _moved(before: Amounts, after: Amounts) -> Fraction | None:
    """Half of the sum of all changes; None where something is determined in one of the two alone."""
    changes = Fraction(0)
    for one, other in zip(before, after, strict=True):
        if one is not None and other is not None:
            changes += abs(other - one)
        elif one is not other:
            return None
    return changes / 2


def _anew(checked: Checked, decision: Decision) -> Anew:
    return Anew(checked, decision.case, dict.fromkeys(each.entry for each in decision.shares))


class _Columns:
    """Makes columns of what moves: of a fact of one member the facts of all, of the rest one figure for the case."""

    def __init__(self, anew: Anew, members: tuple[str, ...]) -> None:
        self.anew = anew
        self.members = members
        self.made: dict[object, Column] = {}

    def column(self, spot: Single) -> Column:
        """The column in which a figure stands."""
        if isinstance(spot, FactAt):
            at = IndicatorAt(spot.indicator, spot.cohort, spot.year)
            places = [each for each in (spot.cohort, "" if spot.year is None else str(spot.year)) if each]
            return self.made.setdefault(at, Column("@".join((spot.indicator, *places)), at, bool(spot.member)))
        if isinstance(spot, ParameterAt):
            return self.made.setdefault(spot, Column(spot.name, spot, False))
        # What is written has no name; no provision and no fact has one with a sign like this.
        written = sum(isinstance(each, tree.Expr) for each in self.made)
        return self.made.setdefault(spot, Column(f"#{written + 1}", spot, False))

    def batch(
        self,
        decision: Decision,
        names: Sequence[str],
        cases: Sequence[tuple[str, Mapping[Single, Fraction]]],
        first: int,
    ) -> Batch:
        """A batch of cases, in each of which some figures are replaced."""
        columns = [each for each in self.made.values() if each.name in names]
        values, absent, grains = {}, {}, {}
        for column in columns:
            exact, lacking = self._values(column, [replaced for _, replaced in cases])
            values[column.name], grain = _array(exact)
            if grain is not None:
                grains[column.name] = grain
            if lacking.any():
                absent[column.name] = lacking
        titles = [name for name, _ in cases]
        return Batch(decision.case, self.members, tuple(columns), values, titles, first, absent, grains)

    def _values(self, column: Column, cases: Sequence[Mapping[Single, Fraction]]) -> tuple[list[list[Fraction]], Array]:
        spots = [self._spot(column, member) for member in (self.members if column.each_member else ("",))]
        now = [self._now(spot) for spot in spots]
        exact = [[replaced.get(spot, known or Fraction(0)) for spot, known in zip(spots, now, strict=True)]
                 for replaced in cases]  # fmt: skip
        lacking = np.array([[each is None for each in now]] * len(cases), np.bool_)
        return exact, lacking

    def _spot(self, column: Column, member: str) -> Single:
        at = column.spot
        return FactAt(at.indicator, member, at.cohort, at.year) if isinstance(at, IndicatorAt) else at

    def _now(self, spot: Single) -> Fraction | None:
        value: Any
        if isinstance(spot, FactAt):
            fact = self.anew.fact(spot)
            value = None if fact is None else fact.value
        else:
            value = self.anew.parameter(spot.name).value if isinstance(spot, ParameterAt) else self.anew.written(spot)
        amount = getattr(value, "amount", None)
        return amount if isinstance(amount, Fraction) else None


def _array(exact: list[list[Fraction]]) -> tuple[Array, Fraction | None]:
    """The values of a column, and of what they are whole multiples, so that their true values can be told."""
    every = {each for row in exact for each in row}
    below = math.lcm(*(each.denominator for each in every))
    if below == 1 and all(abs(each) < 2**62 for each in every):
        return np.array([[int(each) for each in row] for row in exact], np.int64), None
    largest = max(map(abs, every)) or Fraction(1)
    if below * largest > _FINEST:
        # Too fine to be told apart in binary fractions: to some fourteen digits it must do.
        below = 10 ** max(math.floor(math.log10(_FINEST / largest)), 0)
    rounded = [[Fraction(round(each * below), below) for each in row] for row in exact]
    return np.array([[float(each) for each in row] for row in rounded], np.float64), Fraction(1, below)


__all__ = ["FIFTH", "Moving", "Run", "Swing", "Tornado", "ends_of", "movings", "one_at_a_time", "tornado"]
