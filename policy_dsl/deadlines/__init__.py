"""Periods, dates and time limits under a named regime, and working calendars.

A small pure library: it knows no policy, reads no clock and no locale, and returns its reasons as data.
"""

from policy_dsl.deadlines.calendar import WEEKDAYS, Skipped, WorkingCalendar, every_day, listed, published, weekdays
from policy_dsl.deadlines.errors import (
    CalendarMissing,
    DateOutOfRange,
    DeadlineError,
    InstantNeeded,
    NegativePeriod,
    NoSuchDate,
    NoWorkingDay,
    OffsetNeeded,
    UnitsNotComparable,
    UnknownCalendar,
    UnknownRegime,
    YearNotPublished,
)
from policy_dsl.deadlines.moments import Clock, When, begins, date_of, ends, first_of_next_month, precedes
from policy_dsl.deadlines.period import Period, Unit
from policy_dsl.deadlines.reckoning import Reckoning, ReckoningStep, StepKind
from policy_dsl.deadlines.regime import UNCITED, Regime, end_of_limit, limit_before, point, regime_named

__all__ = [
    "UNCITED",
    "WEEKDAYS",
    "CalendarMissing",
    "Clock",
    "DateOutOfRange",
    "DeadlineError",
    "InstantNeeded",
    "NegativePeriod",
    "NoSuchDate",
    "NoWorkingDay",
    "OffsetNeeded",
    "Period",
    "Reckoning",
    "ReckoningStep",
    "Regime",
    "Skipped",
    "StepKind",
    "Unit",
    "UnitsNotComparable",
    "UnknownCalendar",
    "UnknownRegime",
    "When",
    "WorkingCalendar",
    "YearNotPublished",
    "begins",
    "date_of",
    "end_of_limit",
    "ends",
    "every_day",
    "first_of_next_month",
    "limit_before",
    "listed",
    "point",
    "precedes",
    "published",
    "regime_named",
    "weekdays",
]
