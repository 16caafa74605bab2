"""Counting a period, before any regime moves its end."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from policy_dsl.deadlines.calendar import Skipped, WorkingCalendar
from policy_dsl.deadlines.errors import DateOutOfRange, InstantNeeded, NoSuchDate
from policy_dsl.deadlines.moments import (
    Clock,
    When,
    date_of,
    days_later,
    elapsed,
    first_of_next_month,
    fixed,
    shown_in,
    zone_of,
)
from policy_dsl.deadlines.period import Period, Unit
from policy_dsl.deadlines.reckoning import ReckoningStep, StepKind
from policy_dsl.records import dataclass

HOUR = timedelta(hours=1)
_RAN = {
    Unit.DAYS: StepKind.DAYS_RUN,
    Unit.WORKING_DAYS: StepKind.WORKING_DAYS_COUNTED,
    Unit.WEEKS: StepKind.WEEKS_RUN,
    Unit.MONTHS: StepKind.MONTHS_RUN,
    Unit.YEARS: StepKind.MONTHS_RUN,
}


@dataclass(frozen=True, slots=True)
class Count:
    """A period counted: the date of the event by the clock, where the count ends, and its steps."""

    start: date
    end: When
    steps: tuple[ReckoningStep, ...]


def count_period(
    start: When,
    period: Period,
    sign: int,
    *,
    calendar: WorkingCalendar,
    clock: Clock,
    rules: Mapping[StepKind, str],
    clip: bool,
    skip_event_hour: bool,
) -> Count:
    """Count `period` forward (sign 1) or back (sign -1) from an event.

    `rules` says what to cite for each step. `clip` takes the last day of a month that lacks the date, which is refused
    with `NoSuchDate` otherwise; `skip_event_hour` leaves out the hour of the event from a period in hours. Raises
    `InstantNeeded`, `OffsetNeeded` and `DateOutOfRange` besides.
    """
    if period.unit is Unit.HOURS:
        if not isinstance(start, datetime):
            raise InstantNeeded(start)
        return _hours(start, period.count * sign, clock, rules, skip_event_hour)
    day = date_of(start, clock)
    end = _last_day(day, period, sign, calendar, clip)
    unit, _ = period.measure
    kind = _RAN[period.unit]
    skipped: tuple[Skipped, ...] = ()
    if unit is Unit.MONTHS and end.day != day.day:
        kind = StepKind.MONTH_HAS_NO_SUCH_DATE
    elif unit is Unit.WORKING_DAYS:
        skipped = _passed_over(day, end, calendar)
    steps: tuple[ReckoningStep, ...] = (ReckoningStep(kind, rules[kind], day, end, skipped),)
    if period.count > 0:
        steps = (_step(rules, StepKind.EVENT_DAY_NOT_COUNTED, day, days_later(day, sign)), *steps)
    return Count(day, end, steps)


def _last_day(day: date, period: Period, sign: int, calendar: WorkingCalendar, clip: bool) -> date:
    unit, length = period.measure
    if unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(day, length * sign)
    if unit is Unit.DAYS:
        return days_later(day, length * sign)
    return months_later(day, length * sign, clip=clip)


def _passed_over(start: date, end: date, calendar: WorkingCalendar) -> tuple[Skipped, ...]:
    """The days between that were no working days, neither end being among them."""
    first, last = min(start, end), max(start, end)
    return tuple(skip for skip in calendar.skipped(first, last) if skip.day != last)


def months_later(day: date, months: int, *, clip: bool) -> date:
    """The same date so many months later, or earlier if negative.

    If that month lacks the date: its last day with `clip`, `NoSuchDate` without. Raises `DateOutOfRange`.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise DateOutOfRange(day)
    last = monthrange(year, month + 1)[1]
    if day.day <= last:
        return date(year, month + 1, day.day)
    end = date(year, month + 1, last)
    if not clip:
        raise NoSuchDate(day, (end, first_of_next_month(end)))
    return end


def _hours(
    start: datetime,
    hours: int,
    clock: Clock,
    rules: Mapping[StepKind, str],
    skip_event_hour: bool,
) -> Count:
    """Elapsed hours, back if negative. No hour at all ends at the event itself, under every regime."""
    event = fixed(start)
    runs_from = event
    steps: tuple[ReckoningStep, ...] = ()
    if skip_event_hour and hours:
        runs_from = _edge_of_hour(start, clock, forward=hours > 0)
        steps = (_step(rules, StepKind.EVENT_HOUR_NOT_COUNTED, event, runs_from),)
    end = elapsed(runs_from, HOUR, hours, zone_of(start))
    return Count(date_of(start, clock), end, (*steps, _step(rules, StepKind.HOURS_RUN, runs_from, end)))


def _edge_of_hour(start: datetime, clock: Clock, *, forward: bool) -> datetime:
    """The end of the hour of the event by the clock, or its beginning for a count back."""
    local = shown_in(start, clock)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return elapsed(start, HOUR - past if forward else -past, 1, zone_of(start))


def _step(rules: Mapping[StepKind, str], kind: StepKind, before: When, after: When) -> ReckoningStep:
    return ReckoningStep(kind, rules[kind], before, after)
