"""One value of a fact: within its bounds, and now and then at a figure at which something may change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from policy_dsl.cases.case import Datum
from policy_dsl.cases.figures import Wanted, quantity_of
from policy_dsl.records import dataclass
from policy_dsl.syntax import tree
from policy_dsl.trial.attack.draws import Draws, one_of
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit

LARGEST = 10
"""Figures without bounds reach up to a hundred times ten to this power."""
_BROKEN = (RATIO, NUMBER)


@dataclass(frozen=True, slots=True)
class Sought:
    """The figures that a fact may have: bounds, the step between two of them, and those of the text, nearest first."""

    unit: Unit
    low: Fraction
    high: Fraction | None
    step: Fraction
    telling: tuple[Fraction, ...]

    def simplest(self, at: int = 0) -> Fraction:
        """The figure that tells least: one step, or what is nearest to it within the bounds.

        It is another for each place, counted from 0: equal figures would be ties, and leave much undetermined.
        """
        return self.held((self.step if self.unit != RATIO else Fraction(1, 10)) + at * self.step)

    def held(self, amount: Fraction) -> Fraction:
        """A figure, held within the bounds."""
        amount = max(amount, self.low)
        return amount if self.high is None else min(amount, self.high)


def sought(wanted: Wanted, node: tree.Indicator | None, figures: Mapping[Unit, Sequence[Fraction]]) -> Sought:
    """What figures an indicator, or a recorded field, may have."""
    low = quantity_of(node.low) if node is not None else None
    high = quantity_of(node.high) if node is not None else None
    unit = wanted.unit
    least = low.amount if low is not None and low.unit == unit else Fraction(0)
    most = high.amount if high is not None and high.unit == unit else Fraction(1) if unit == RATIO else None
    step = Fraction(1, 100) if unit == RATIO else Fraction(1)
    fine = step / 10 if unit in _BROKEN else step
    around = (each + by for each in figures.get(unit, ()) for by in (Fraction(0), -fine, fine))
    inside = (each for each in around if each >= least and (most is None or each <= most))
    return Sought(unit, least, most, step, tuple(dict.fromkeys(inside)))


def figure(draws: Draws, what: Sought, known: Quantity | None = None, at: int = 0) -> Quantity:
    """A figure for the place `at`. `known` is the one that a given case states: it is then the simplest."""
    ways = ["small", "small", "telling", "wide", "wide", "edge"]
    if known is not None:
        ways = ["known", "known", "double", "half", "none", *ways]
    way = one_of(draws, ways)
    amount = what.simplest(at)
    match way:
        case "known":
            assert known is not None
            return known
        case "double" | "half" | "none":
            assert known is not None
            amount = known.amount * {"double": Fraction(2), "half": Fraction(1, 2), "none": Fraction(0)}[way]
            amount = amount // what.step * what.step
        case "small":
            # One is simpler than none: where there is none, much is not reckoned at all.
            number = one_of(draws, (1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10))
            amount = what.simplest(at) if number == 1 else what.low + number * what.step
        case "telling" if what.telling:
            amount = one_of(draws, what.telling)
        case "wide" if what.high is None:
            # A few digits and a magnitude: small and large figures are met alike.
            amount = what.low + draws.integer(1, 99) * 10 ** draws.integer(0, LARGEST) * what.step
        case "wide":
            assert what.high is not None
            amount = what.low + draws.integer(0, int((what.high - what.low) / what.step)) * what.step
        case "edge":
            amount = what.low if what.high is None else one_of(draws, (what.low, what.high))
    return Quantity(what.held(amount), what.unit)


def datum(
    draws: Draws,
    wanted: Wanted,
    what: Sought,
    states: Sequence[str],
    day: date,
    known: Datum | None = None,
    at: int = 0,
) -> Datum:
    """A value of any kind, for the place `at`."""
    match wanted.kind:
        case "figure":
            return figure(draws, what, known if isinstance(known, Quantity) else None, at)
        case "truth":
            return one_of(draws, (known, not known) if isinstance(known, bool) else (True, False))
        case "state":
            return one_of(draws, (known, *states) if isinstance(known, str) else states)
        case "date" | "moment":
            when = day + timedelta(days=one_of(draws, (0, 1, 30, -1, -30, 365)))
            return when if wanted.kind == "date" else datetime(when.year, when.month, when.day, 9, tzinfo=UTC)
    return known if isinstance(known, str) else "as stated"


def plainest(wanted: Wanted, what: Sought, states: Sequence[str], day: date, at: int = 0) -> Datum:
    """The value of a fact on which nothing rests."""
    match wanted.kind:
        case "figure":
            return Quantity(what.simplest(at), what.unit)
        case "truth":
            return True
        case "state":
            return states[0]
        case "date":
            return day
        case "moment":
            return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return "as stated"
