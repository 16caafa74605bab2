"""A length of time as a rule states it: a whole number of one unit.

Nothing is averaged: a month is a calendar month, whatever its days, and a working day is whatever the calendar says.
Hence lengths compare only where one answer holds for every start: weeks with days, years with months.
"""

from __future__ import annotations

from enum import StrEnum
from functools import total_ordering

from policy_dsl.deadlines.errors import NegativePeriod, UnitsNotComparable
from policy_dsl.records import dataclass


class Unit(StrEnum):
    """The units in which a period is expressed."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


_MEASURE: dict[Unit, tuple[Unit, int]] = {
    Unit.HOURS: (Unit.HOURS, 1),
    Unit.DAYS: (Unit.DAYS, 1),
    Unit.WORKING_DAYS: (Unit.WORKING_DAYS, 1),
    Unit.WEEKS: (Unit.DAYS, 7),
    Unit.MONTHS: (Unit.MONTHS, 1),
    Unit.YEARS: (Unit.MONTHS, 12),
}


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Period:
    """`count` units of time, never negative; zero is allowed and ends where it starts.

    One week equals seven days and one year twelve months, for they end alike under every regime. Periods of units
    that don't compare are unequal; ordering them raises `UnitsNotComparable`. Hours and days don't compare: hours are
    elapsed time and days are dates.

    Raises `NegativePeriod` for a count below zero and `TypeError` for one that isn't a whole number.
    """

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if isinstance(self.count, bool) or not isinstance(self.count, int):
            raise TypeError(f"count of a period: {self.count!r}")
        if self.count < 0:
            raise NegativePeriod(self.count)

    @property
    def measure(self) -> tuple[Unit, int]:
        """The length in hours, days, working days or months: the unit it is compared in, and how many."""
        unit, size = _MEASURE[self.unit]
        return unit, size * self.count

    def times(self, number: int) -> Period:
        """`number` such periods as one.

        The n-th due date of "every month after 31 January" is `times(n)` counted from 31 January; counting from due
        date to due date would slip to the 28th and stay there.
        """
        return Period(self.count * number, self.unit)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return self.measure == other.measure

    def __hash__(self) -> int:
        return hash(self.measure)

    def __lt__(self, other: Period) -> bool:
        unit, length = self.measure
        other_unit, other_length = other.measure
        if unit is not other_unit:
            raise UnitsNotComparable(self.unit, other.unit)
        return length < other_length
