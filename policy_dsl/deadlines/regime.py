"""How periods are counted: the regimes, and the three questions that a rule asks of one.

Under every regime hours are elapsed time, and days, weeks, months and years run on dates: the day of the event isn't
counted and the last day counts whole. The regimes differ in this:

| | no regime named | `plain` | `eu_1182_71` |
| --- | --- | --- | --- |
| hours run | from the instant | from the instant | from the next full hour, Art. 3(1) |
| 31 January and one month | refused | last day of February | last day of February, Art. 3(2)(c) |
| a limit ending on a holiday | stays | stays | next working day, Art. 3(4) |
| a limit of two days or more | as counted | as counted | two working days at least, Art. 3(5) |

Source: Council Regulation (EEC, Euratom) No 1182/71 of 3 June 1971 determining the rules applicable to periods, dates
and time limits, OJ L 124, 8.6.1971, p. 1; on weeks, Court of Justice, C-171/03, Toeters and Verberk.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Literal

from policy_dsl.deadlines.calendar import WorkingCalendar
from policy_dsl.deadlines.counting import Count, count_period
from policy_dsl.deadlines.errors import UnknownRegime
from policy_dsl.deadlines.moments import Clock, When, days_later
from policy_dsl.deadlines.period import Period, Unit
from policy_dsl.deadlines.reckoning import Reckoning, ReckoningStep, StepKind, reckoning

REGULATION = "Reg. 1182/71"
UNCITED = ("plain periods", "periods, no regime named")
"""What is said in place of a citation where no regime, or none with provisions to cite, is named."""
TWO_DAYS = {Unit.DAYS: 2, Unit.WORKING_DAYS: 2, Unit.MONTHS: 1}


class Regime(StrEnum):
    """A named way of counting periods."""

    PLAIN = "plain"
    EU_1182_71 = "eu_1182_71"


def regime_named(name: str) -> Regime:
    """The regime of that name. Raises `UnknownRegime`, which lists those that there are."""
    try:
        return Regime(name)
    except ValueError as unknown:
        raise UnknownRegime(name, tuple(Regime)) from unknown


def end_of_limit(
    start: When, period: Period, regime: Regime | None, calendar: WorkingCalendar, clock: Clock = UTC
) -> Reckoning:
    """The end of a time limit that runs after `start`: the last day, or instant, on which an act is in time.

    The only question of the three whose answer a regime moves: off a holiday (Art. 3(4)), and on to the second working
    day if the period has fewer (Art. 3(5)). Hours are never moved; on 3(5) opinions differ for hours, and the text of
    3(4) is followed. `calendar` decides what a working day is, `clock` on which date an instant falls.

    Raises `NoSuchDate` without a regime if the month lacks the date, `InstantNeeded` for hours after a date,
    `OffsetNeeded` for a naive moment, `DateOutOfRange` beyond the years 1 to 9999.
    """
    counted = _count(start, period, 1, regime, calendar, clock)
    if regime is not Regime.EU_1182_71 or isinstance(counted.end, datetime):
        return reckoning(counted.end, counted.end, counted.steps, clock)
    end, steps = counted.end, counted.steps
    if (moved := _off_holidays(end, calendar)) is not None:
        end, steps = moved, (*steps, _moved_step(counted.end, moved, calendar))
    second = _second_working_day(counted.start, period, calendar)
    if second is not None and second > end:
        end, steps = second, (*steps, _extended_step(counted.start, end, second, calendar))
    return reckoning(end, counted.end, steps, clock)


def point(
    start: When,
    period: Period,
    regime: Regime | None,
    calendar: WorkingCalendar,
    clock: Clock = UTC,
    direction: Literal["after", "before"] = "after",
) -> Reckoning:
    """The date or instant, so long after or before `start`, at which a state of affairs begins or ends.

    Counted as the regime counts, never moved: protection that ends on a Saturday ends on Saturday. Raises as
    `end_of_limit` does.
    """
    counted = _count(start, period, -1 if direction == "before" else 1, regime, calendar, clock)
    return reckoning(counted.end, counted.end, counted.steps, clock)


def limit_before(
    start: When, period: Period, regime: Regime | None, calendar: WorkingCalendar, clock: Clock = UTC
) -> Reckoning:
    """The end of a time limit counted back from `start`: "at least ten days before the meeting".

    Never moved: Reg. 1182/71, Art. 3(4), second sentence. The day reached is itself in time. Raises as `end_of_limit`
    does.
    """
    return point(start, period, regime, calendar, clock, "before")


def _count(
    start: When, period: Period, sign: int, regime: Regime | None, calendar: WorkingCalendar, clock: Clock
) -> Count:
    return count_period(
        start,
        period,
        sign,
        calendar=calendar,
        clock=clock,
        rules=_rules(regime),
        clip=regime is not None,
        skip_event_hour=regime is Regime.EU_1182_71,
    )


def _rules(regime: Regime | None) -> dict[StepKind, str]:
    """What to cite for each step of a count."""
    if regime is not Regime.EU_1182_71:
        return dict.fromkeys(StepKind, UNCITED[0] if regime else UNCITED[1])
    return {
        StepKind.EVENT_HOUR_NOT_COUNTED: f"{REGULATION}, Art. 3(1)",
        StepKind.EVENT_DAY_NOT_COUNTED: f"{REGULATION}, Art. 3(1)",
        StepKind.HOURS_RUN: f"{REGULATION}, Art. 3(2)(a)",
        StepKind.DAYS_RUN: f"{REGULATION}, Art. 3(2)(b)",
        StepKind.WEEKS_RUN: f"{REGULATION}, Art. 3(2)(c)",
        StepKind.MONTHS_RUN: f"{REGULATION}, Art. 3(2)(c)",
        StepKind.MONTH_HAS_NO_SUCH_DATE: f"{REGULATION}, Art. 3(2)(c)",
        StepKind.WORKING_DAYS_COUNTED: f"{REGULATION}, Art. 3(3)",
        StepKind.MOVED_OFF_HOLIDAY: f"{REGULATION}, Art. 3(4)",
        StepKind.EXTENDED_TO_TWO_WORKING_DAYS: f"{REGULATION}, Art. 3(5)",
    }


def _off_holidays(end: date, calendar: WorkingCalendar) -> date | None:
    """The working day that a limit moves to if its last day isn't one."""
    return None if calendar.is_working(end) else calendar.next_working(end)


def _moved_step(end: date, later: date, calendar: WorkingCalendar) -> ReckoningStep:
    skipped = calendar.skipped(days_later(end, -1), later)
    return ReckoningStep(StepKind.MOVED_OFF_HOLIDAY, f"{REGULATION}, Art. 3(4)", end, later, skipped)


def _second_working_day(start: date, period: Period, calendar: WorkingCalendar) -> date | None:
    """The day before which a period of two days or more may not end; None for a shorter one."""
    unit, length = period.measure
    return calendar.add_working_days(start, 2) if length >= TWO_DAYS[unit] else None


def _extended_step(start: date, end: date, second: date, calendar: WorkingCalendar) -> ReckoningStep:
    skipped = calendar.skipped(start, second)
    return ReckoningStep(StepKind.EXTENDED_TO_TWO_WORKING_DAYS, f"{REGULATION}, Art. 3(5)", end, second, skipped)
