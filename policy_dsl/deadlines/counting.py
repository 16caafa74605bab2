"""Counting a period, before any regime moves its end."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from policy_dsl.deadlines.calendar import WorkingCalendar
from policy_dsl.deadlines.errors import DateOutOfRange, InstantNeeded, NoSuchDate
from policy_dsl.deadlines.moments import (
    Clock,
    When,
    date_of,
    days_later,
    first_of_next_month,
    fixed,
    hours_later,
    in_utc,
    shown_in,
)
from policy_dsl.deadlines.period import Period, Unit
from policy_dsl.deadlines.reckoning import ReckoningStep, StepKind

HOUR = timedelta(hours=1)


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
    day = date_of(start, clock)
    if period.unit is Unit.HOURS:
        if not isinstance(start, datetime):
            raise InstantNeeded(start)
        return _hours(fixed(start), period.count * sign, day, clock, rules, skip_event_hour, sign)
    not_counted = _step(rules, StepKind.EVENT_DAY_NOT_COUNTED, day, day if period.count == 0 else days_later(day, sign))
    unit, length = period.measure
    if unit is Unit.WORKING_DAYS:
        end = calendar.add_working_days(day, length * sign)
        skipped = calendar.skipped(day, end) if sign > 0 else calendar.skipped(days_later(end, -1), days_later(day, -1))
        ran = ReckoningStep(StepKind.WORKING_DAYS_COUNTED, rules[StepKind.WORKING_DAYS_COUNTED], day, end, skipped)
        return Count(day, end, (not_counted, ran))
    if unit is Unit.DAYS:
        kind = StepKind.WEEKS_RUN if period.unit is Unit.WEEKS else StepKind.DAYS_RUN
        end = days_later(day, length * sign)
        return Count(day, end, (not_counted, _step(rules, kind, day, end)))
    end = months_later(day, length * sign, clip=clip)
    ran = _step(rules, StepKind.MONTHS_RUN, day, end)
    if end.day == day.day:
        return Count(day, end, (not_counted, ran))
    return Count(day, end, (not_counted, _step(rules, StepKind.MONTH_HAS_NO_SUCH_DATE, day, end)))


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
    day: date,
    clock: Clock,
    rules: Mapping[StepKind, str],
    skip_event_hour: bool,
    sign: int,
) -> Count:
    steps: tuple[ReckoningStep, ...] = ()
    runs_from = start
    if skip_event_hour:
        runs_from = _edge_of_hour(start, clock, sign)
        steps = (_step(rules, StepKind.EVENT_HOUR_NOT_COUNTED, start, runs_from),)
    end = hours_later(runs_from, hours)
    return Count(day, end, (*steps, _step(rules, StepKind.HOURS_RUN, runs_from, end)))


def _edge_of_hour(start: datetime, clock: Clock, sign: int) -> datetime:
    """The end of the hour of the event by the clock, or its beginning for a count back."""
    local = shown_in(start, clock)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    shift = HOUR - past if sign > 0 else -past
    assert start.tzinfo is not None
    return shown_in(in_utc(start) + shift, start.tzinfo)


def _step(rules: Mapping[StepKind, str], kind: StepKind, before: When, after: When) -> ReckoningStep:
    return ReckoningStep(kind, rules[kind], before, after)
