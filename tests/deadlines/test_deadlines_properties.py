"""Properties of counting, each shown to fail on an implementation with a planted fault."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from policy_dsl.deadlines import (
    Period,
    Regime,
    Unit,
    WorkingCalendar,
    end_of_limit,
    every_day,
    listed,
    weekdays,
)

settings.register_profile(
    "counting",
    max_examples=120,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate],
)
COUNTING = settings.get_profile("counting")
EU = Regime.EU_1182_71
BERLIN = ZoneInfo("Europe/Berlin")
YEAR_2026 = st.dates(date(2025, 12, 1), date(2027, 2, 1))
CALENDARS = st.sets(YEAR_2026, max_size=60).map(lambda days: listed(weekdays(), days))
ON_DATES = st.sampled_from([unit for unit in Unit if unit is not Unit.HOURS])
Ends = Callable[[date, Period, WorkingCalendar], tuple[date, date]]


def fault(implementation: object, name: str) -> object:
    return pytest.param(
        implementation,
        id=name,
        marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=f"planted fault: {name}"),
    )


def real(start: date, period: Period, calendar: WorkingCalendar) -> tuple[date, date]:
    found = end_of_limit(start, period, EU, calendar)
    assert not isinstance(found.end, datetime)
    assert not isinstance(found.raw_end, datetime)
    return found.raw_end, found.end


def raw(start: date, period: Period, calendar: WorkingCalendar) -> date:
    found = end_of_limit(start, period, Regime.PLAIN, calendar).end
    assert not isinstance(found, datetime)
    return found


def moves_back(start: date, period: Period, calendar: WorkingCalendar) -> tuple[date, date]:
    end = raw(start, period, calendar)
    return end, end if calendar.is_working(end) else calendar.previous_working(end)


def moves_off_weekends_only(start: date, period: Period, calendar: WorkingCalendar) -> tuple[date, date]:
    end = raw(start, period, calendar)
    return end, end if weekdays().is_working(end) else weekdays().next_working(end)


def extends_exactly_two_days(start: date, period: Period, calendar: WorkingCalendar) -> tuple[date, date]:
    end = raw(start, period, calendar)
    moved = end if calendar.is_working(end) else calendar.next_working(end)
    return end, max(moved, calendar.add_working_days(start, 2)) if period == Period(2, Unit.DAYS) else moved


@pytest.mark.parametrize("ends", [real, fault(extends_exactly_two_days, "two days exactly")])
def test_a_longer_period_never_ends_earlier(ends: Ends) -> None:
    @COUNTING
    @given(YEAR_2026, ON_DATES, st.integers(0, 12), CALENDARS)
    def holds(start: date, unit: Unit, count: int, calendar: WorkingCalendar) -> None:
        for lengths in (range(6), range(count, count + 6)):
            found = [ends(start, Period(length, unit), calendar)[1] for length in lengths]
            assert found == sorted(found)

    holds()


@pytest.mark.parametrize("ends", [real, fault(moves_back, "moves to the day before")])
def test_a_limit_never_ends_before_it_was_counted_to_end(ends: Ends) -> None:
    @COUNTING
    @given(YEAR_2026, ON_DATES, st.integers(0, 30), CALENDARS)
    def holds(start: date, unit: Unit, count: int, calendar: WorkingCalendar) -> None:
        raw_end, end = ends(start, Period(count, unit), calendar)
        assert raw_end <= end

    holds()


@pytest.mark.parametrize("ends", [real, fault(moves_off_weekends_only, "forgets holidays")])
def test_a_limit_of_the_regulation_ends_on_a_working_day(ends: Ends) -> None:
    @COUNTING
    @given(YEAR_2026, ON_DATES, st.integers(0, 30), CALENDARS)
    def holds(start: date, unit: Unit, count: int, calendar: WorkingCalendar) -> None:
        assert calendar.is_working(ends(start, Period(count, unit), calendar)[1])

    holds()


@pytest.mark.parametrize("ends", [real, fault(moves_off_weekends_only, "no two working days")])
def test_two_days_or_more_hold_two_working_days(ends: Ends) -> None:
    @COUNTING
    @given(YEAR_2026, ON_DATES, st.integers(2, 9), CALENDARS)
    def holds(start: date, unit: Unit, count: int, calendar: WorkingCalendar) -> None:
        end = ends(start, Period(count, unit), calendar)[1]
        days = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
        assert sum(calendar.is_working(day) for day in days) >= 2

    holds()


def adds(calendar: WorkingCalendar, start: date, number: int) -> date:
    return calendar.add_working_days(start, number)


def counts_the_first_day(calendar: WorkingCalendar, start: date, number: int) -> date:
    return calendar.add_working_days(start - timedelta(days=1), number)


@pytest.mark.parametrize("add", [adds, fault(counts_the_first_day, "counts the day of the event")])
def test_working_days_agree_with_a_count_day_by_day(add: Callable[[WorkingCalendar, date, int], date]) -> None:
    @COUNTING
    @given(YEAR_2026, st.integers(1, 40), CALENDARS)
    def holds(start: date, number: int, calendar: WorkingCalendar) -> None:
        end = add(calendar, start, number)
        days = [start + timedelta(days=offset) for offset in range(1, (end - start).days + 1)]
        working = [day for day in days if day.weekday() < 5 and day not in calendar.holidays_in(day.year)]
        assert len(working) == number
        assert working[-1] == end
        assert calendar.working_days(start, end) == number
        assert calendar.add_working_days(end, -number) < working[0]

    holds()


def elapsed(start: datetime, hours: int) -> datetime:
    found = end_of_limit(start, Period(hours, Unit.HOURS), Regime.PLAIN, every_day(), BERLIN)
    assert isinstance(found.end, datetime)
    return found.end


def by_the_wall_clock(start: datetime, hours: int) -> datetime:
    return start + timedelta(hours=hours)


@pytest.mark.parametrize("add", [elapsed, fault(by_the_wall_clock, "wall clock")])
def test_hours_are_elapsed_hours(add: Callable[[datetime, int], datetime]) -> None:
    moments = st.datetimes(datetime(2026, 3, 26), datetime(2026, 3, 31), timezones=st.just(BERLIN))

    @COUNTING
    @given(moments, st.integers(0, 96))
    def holds(start: datetime, hours: int) -> None:
        assert add(start, hours).timestamp() - start.timestamp() == hours * 3600

    holds()
