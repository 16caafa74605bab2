"""Month ends, leap days, clocks, and the edges of what can be counted."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from policy_dsl.deadlines import (
    DateOutOfRange,
    InstantNeeded,
    NegativePeriod,
    NoSuchDate,
    OffsetNeeded,
    Period,
    Regime,
    Skipped,
    StepKind,
    Unit,
    UnitsNotComparable,
    UnknownRegime,
    begins,
    date_of,
    end_of_limit,
    ends,
    every_day,
    first_of_next_month,
    limit_before,
    listed,
    point,
    precedes,
    regime_named,
    weekdays,
)

EU, PLAIN = Regime.EU_1182_71, Regime.PLAIN
BERLIN = ZoneInfo("Europe/Berlin")


def months(number: int) -> Period:
    return Period(number, Unit.MONTHS)


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 10, 31), 13, date(2027, 11, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2099, 12, 31), 2, date(2100, 2, 28)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
    ],
)
@pytest.mark.parametrize("regime", [PLAIN, EU])
def test_month_ends(start: date, number: int, end: date, regime: Regime) -> None:
    found = point(start, months(number), regime, weekdays())
    assert found.end == end
    clipped = [step for step in found.steps if step.kind is StepKind.MONTH_HAS_NO_SUCH_DATE]
    assert bool(clipped) is (start.day != end.day)


@pytest.mark.parametrize(
    ("start", "period", "candidates"),
    [
        (date(2026, 1, 31), months(1), (date(2026, 2, 28), date(2026, 3, 1))),
        (date(2028, 1, 31), months(1), (date(2028, 2, 29), date(2028, 3, 1))),
        (date(2028, 2, 29), Period(1, Unit.YEARS), (date(2029, 2, 28), date(2029, 3, 1))),
    ],
)
def test_without_a_regime_a_missing_date_is_refused(start: date, period: Period, candidates: tuple[date, date]) -> None:
    with pytest.raises(NoSuchDate) as refused:
        end_of_limit(start, period, None, weekdays())
    assert refused.value.candidates == candidates
    assert refused.value.start == start


def test_without_a_regime_a_date_that_exists_is_taken_and_never_moved() -> None:
    assert end_of_limit(date(2026, 1, 28), months(1), None, weekdays()).end == date(2026, 2, 28)
    assert end_of_limit(date(2028, 2, 29), Period(4, Unit.YEARS), None, weekdays()).end == date(2032, 2, 29)


def test_counting_back() -> None:
    with pytest.raises(NoSuchDate) as refused:
        limit_before(date(2026, 3, 31), months(1), None, weekdays())
    assert refused.value.candidates == (date(2026, 2, 28), date(2026, 3, 1))
    saturday = limit_before(date(2026, 3, 31), months(1), EU, weekdays())
    assert saturday.end == date(2026, 2, 28)
    assert not saturday.moved
    friday = limit_before(date(2026, 12, 29), Period(2, Unit.WORKING_DAYS), EU, weekdays())
    assert friday.end == date(2026, 12, 25)
    assert friday.steps[-1].skipped == (
        Skipped(date(2026, 12, 26), "Saturday"),
        Skipped(date(2026, 12, 27), "Sunday"),
    )


def test_plain_never_moves_the_end_of_a_limit() -> None:
    found = end_of_limit(date(2026, 8, 26), Period(10, Unit.DAYS), PLAIN, weekdays())
    assert (found.end, found.moved) == (date(2026, 9, 5), False)


def test_each_shift_is_explained() -> None:
    feasts = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): "Saint Stephen's Day"}
    found = end_of_limit(date(2026, 12, 24), Period(3, Unit.DAYS), EU, listed(weekdays(), feasts))
    assert [(step.kind, step.rule, step.before, step.after) for step in found.steps] == [
        ("event_day_not_counted", "Reg. 1182/71, Art. 3(1)", date(2026, 12, 24), date(2026, 12, 25)),
        ("days_run", "Reg. 1182/71, Art. 3(2)(b)", date(2026, 12, 24), date(2026, 12, 27)),
        ("moved_off_holiday", "Reg. 1182/71, Art. 3(4)", date(2026, 12, 27), date(2026, 12, 28)),
        ("extended_to_two_working_days", "Reg. 1182/71, Art. 3(5)", date(2026, 12, 28), date(2026, 12, 29)),
    ]
    assert found.steps[2].skipped == (Skipped(date(2026, 12, 27), "Sunday"),)
    assert found.steps[3].skipped == (
        Skipped(date(2026, 12, 25), "Christmas Day"),
        Skipped(date(2026, 12, 26), "Saint Stephen's Day"),
        Skipped(date(2026, 12, 27), "Sunday"),
    )


def test_one_day_needs_no_two_working_days() -> None:
    friday = date(2026, 8, 28)
    assert end_of_limit(friday, Period(1, Unit.DAYS), EU, weekdays()).end == date(2026, 8, 31)
    assert end_of_limit(friday, Period(2, Unit.DAYS), EU, weekdays()).end == date(2026, 9, 1)
    assert end_of_limit(friday, Period(0, Unit.DAYS), EU, weekdays()).end == friday


@pytest.mark.parametrize("unit", [Unit.WEEKS, Unit.MONTHS])
def test_a_long_rest_leaves_two_working_days_to_weeks_and_months(unit: Unit) -> None:
    rest = [date(2026, 8, 1) + timedelta(days=number) for number in range(31)]
    found = end_of_limit(date(2026, 7, 31), Period(1, unit), EU, listed(weekdays(), rest))
    assert found.end == date(2026, 9, 2)
    assert found.steps[-1].kind is StepKind.EXTENDED_TO_TWO_WORKING_DAYS


def test_a_limit_in_days_closes_at_midnight_by_the_clock() -> None:
    event = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)  # already 28 March in Berlin
    found = end_of_limit(event, Period(1, Unit.DAYS), PLAIN, every_day(), BERLIN)
    assert found.end == date(2026, 3, 29)
    assert found.closes_before == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert found.opens == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert found.contains(found.closes_before - timedelta.resolution)
    assert not found.contains(found.closes_before)
    assert found.contains(date(2026, 3, 29))
    assert not found.contains(date(2026, 3, 30))
    assert end_of_limit(event, Period(1, Unit.DAYS), PLAIN, every_day()).end == date(2026, 3, 28)


@pytest.mark.parametrize("regime", [None, PLAIN, EU])
def test_a_limit_in_hours_includes_its_last_instant(regime: Regime | None) -> None:
    found = end_of_limit(datetime(2026, 8, 28, 14, 30, tzinfo=UTC), Period(48, Unit.HOURS), regime, weekdays())
    assert isinstance(found.end, datetime)
    assert found.end.date() == date(2026, 8, 30), "a Sunday: hours are never moved"
    assert found.contains(found.end)
    assert not found.contains(found.end + timedelta.resolution)
    assert not found.contains(date(2026, 8, 30)), "part of that day is out of time"
    assert found.contains(date(2026, 8, 29))


def test_hours_back_under_the_regulation_leave_out_the_hour_of_the_event() -> None:
    meeting = datetime(2026, 8, 28, 14, 30, tzinfo=UTC)
    found = limit_before(meeting, Period(72, Unit.HOURS), EU, weekdays())
    assert found.end == datetime(2026, 8, 25, 14, tzinfo=UTC)
    sharp = end_of_limit(datetime(2026, 8, 25, 14, tzinfo=UTC), Period(1, Unit.HOURS), EU, weekdays())
    assert sharp.end == datetime(2026, 8, 25, 16, tzinfo=UTC)
    assert end_of_limit(meeting, Period(0, Unit.HOURS), EU, weekdays()).end == meeting


def test_an_event_keeps_its_own_offset() -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    event = datetime(2026, 8, 25, 12, 10, tzinfo=kathmandu)
    found = end_of_limit(event, Period(2, Unit.HOURS), PLAIN, every_day())
    assert isinstance(found.end, datetime)
    assert found.end.isoformat() == "2026-08-25T14:10:00+05:45"
    full_hour = end_of_limit(event, Period(2, Unit.HOURS), EU, every_day(), kathmandu)
    assert isinstance(full_hour.end, datetime)
    assert full_hour.end.isoformat() == "2026-08-25T15:00:00+05:45"


def test_the_repeated_hour_is_two_hours() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    found = end_of_limit(first, Period(1, Unit.HOURS), PLAIN, every_day(), BERLIN)
    assert isinstance(found.end, datetime)
    assert found.end.isoformat() == "2026-10-25T02:30:00+01:00"
    assert found.contains(first)
    assert not found.contains(datetime(2026, 10, 25, 2, 31, tzinfo=BERLIN, fold=1))
    assert precedes(first, first.replace(fold=1))


@pytest.mark.parametrize(
    ("day", "zone", "first", "length"),
    [
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-29T00:00:00+01:00", 23),
        (date(2026, 10, 25), "Europe/Berlin", "2026-10-25T00:00:00+02:00", 25),
        (date(2018, 11, 4), "America/Sao_Paulo", "2018-11-04T01:00:00-02:00", 23),
        (date(1919, 3, 31), "America/Toronto", "1919-03-31T00:30:00-04:00", 23.5),
        (date(2025, 11, 2), "America/Havana", "2025-11-02T00:00:00-04:00", 25),
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-31T00:00:00+14:00", 0),
    ],
)
def test_a_date_begins_with_its_first_moment_and_ends_with_the_next(
    day: date, zone: str, first: str, length: float
) -> None:
    clock = ZoneInfo(zone)
    assert begins(day, clock).isoformat() == first
    assert ends(day, clock) - begins(day, clock) == timedelta(hours=length)


def test_precedence_of_dates_and_instants() -> None:
    noon = datetime(2026, 8, 25, 12, tzinfo=UTC)
    day = date(2026, 8, 25)
    assert not precedes(noon, day)
    assert not precedes(day, noon)
    assert not precedes(noon, noon)
    assert not precedes(day, day)
    assert precedes(day, date(2026, 8, 26))
    assert precedes(day, datetime(2026, 8, 26, tzinfo=UTC))
    assert precedes(datetime(2026, 8, 24, 23, 59, tzinfo=UTC), day)
    assert not precedes(datetime(2026, 8, 24, 23, 59, tzinfo=UTC), day, BERLIN)
    assert date_of(datetime(2026, 8, 24, 23, 59, tzinfo=UTC), BERLIN) == day


def test_what_cannot_be_counted() -> None:
    with pytest.raises(NegativePeriod):
        Period(-1, Unit.DAYS)
    with pytest.raises(TypeError):
        Period(True, Unit.DAYS)
    with pytest.raises(InstantNeeded):
        end_of_limit(date(2026, 8, 25), Period(1, Unit.HOURS), PLAIN, every_day())
    for unit in Unit:
        with pytest.raises(OffsetNeeded):
            end_of_limit(datetime(2026, 8, 25, 12), Period(1, unit), PLAIN, every_day())
    with pytest.raises(UnknownRegime) as unknown:
        regime_named("basel_1972")
    assert unknown.value.known == ("plain", "eu_1182_71")
    assert regime_named("plain") is PLAIN


@pytest.mark.parametrize("count", [10**5, 10**7, 10**12, 10**400])
@pytest.mark.parametrize("unit", [unit for unit in Unit if unit is not Unit.WORKING_DAYS])
@pytest.mark.parametrize("direction", ["after", "before"])
def test_a_result_beyond_all_dates_is_a_fault_of_its_own(count: int, unit: Unit, direction: str) -> None:
    edge = datetime(9990, 1, 31, tzinfo=UTC) if direction == "after" else datetime(2, 1, 31, tzinfo=UTC)
    with pytest.raises(DateOutOfRange):
        point(edge, Period(count, unit), PLAIN, every_day(), UTC, "after" if direction == "after" else "before")


def test_the_last_and_the_first_day() -> None:
    with pytest.raises(DateOutOfRange):
        end_of_limit(date(9999, 12, 30), Period(1, Unit.DAYS), PLAIN, every_day())
    with pytest.raises(DateOutOfRange):
        end_of_limit(date(9999, 12, 20), Period(20, Unit.WORKING_DAYS), PLAIN, weekdays())
    with pytest.raises(DateOutOfRange):
        limit_before(date(1, 1, 3), Period(3, Unit.WORKING_DAYS), PLAIN, weekdays())
    with pytest.raises(DateOutOfRange):
        begins(date(1, 1, 1), timezone(timedelta(hours=1)))
    with pytest.raises(DateOutOfRange):
        first_of_next_month(date(9999, 12, 1))


def test_first_of_next_month() -> None:
    assert first_of_next_month(date(2026, 11, 30)) == date(2026, 12, 1)
    assert first_of_next_month(date(2026, 12, 1)) == date(2027, 1, 1)


def test_lengths_compare_only_where_every_start_agrees() -> None:
    assert Period(1, Unit.WEEKS) == Period(7, Unit.DAYS)
    assert hash(Period(1, Unit.YEARS)) == hash(Period(12, Unit.MONTHS))
    assert Period(13, Unit.MONTHS) > Period(1, Unit.YEARS)
    assert Period(24, Unit.HOURS) != Period(1, Unit.DAYS)
    assert Period(1, Unit.DAYS) != "1 day"
    for left, right in [(Unit.HOURS, Unit.DAYS), (Unit.DAYS, Unit.MONTHS), (Unit.DAYS, Unit.WORKING_DAYS)]:
        with pytest.raises(UnitsNotComparable):
            assert Period(1, left) < Period(1, right)


def test_periodic_dates_do_not_slip() -> None:
    due = [point(date(2026, 1, 31), months(1).times(n), PLAIN, every_day()).end for n in range(1, 4)]
    assert due == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
