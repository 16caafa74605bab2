"""Working days."""

import sys
from datetime import date

import holidays
import pytest

from policy_dsl.deadlines import (
    CalendarMissing,
    NoWorkingDay,
    Skipped,
    UnknownCalendar,
    WorkingCalendar,
    YearNotPublished,
    every_day,
    listed,
    published,
    weekdays,
)

SATURDAY = date(2026, 12, 26)


def test_why_a_day_is_no_working_day() -> None:
    calendar = listed(weekdays(), {SATURDAY: "Boxing Day"}, name="office")
    assert calendar.name == "office"
    assert calendar.why_not(SATURDAY) == "Boxing Day"
    assert calendar.why_not(date(2026, 12, 27)) == "Sunday"
    assert calendar.why_not(date(2026, 12, 28)) is None
    assert weekdays().why_not(SATURDAY) == "Saturday"
    assert every_day().is_working(SATURDAY)
    assert listed(every_day(), [SATURDAY]).why_not(SATURDAY) == "holiday"


def test_lists_add_up() -> None:
    calendar = listed(listed(weekdays(), {date(2026, 12, 24): "Eve"}), {date(2026, 12, 25): "Christmas"})
    assert calendar.next_working(date(2026, 12, 23)) == date(2026, 12, 28)
    assert calendar.previous_working(date(2026, 12, 28)) == date(2026, 12, 23)
    assert calendar.add_working_days(SATURDAY, 0) == SATURDAY
    assert calendar.skipped(date(2026, 12, 23), date(2026, 12, 26)) == (
        Skipped(date(2026, 12, 24), "Eve"),
        Skipped(date(2026, 12, 25), "Christmas"),
        Skipped(SATURDAY, "Saturday"),
    )


def test_a_year_is_read_when_it_is_asked_for_and_once() -> None:
    asked: list[int] = []

    def in_year(year: int) -> dict[date, str]:
        asked.append(year)
        return {date(year, 1, 1): "New Year's Day"}

    calendar = WorkingCalendar("lazy", frozenset({5, 6}), in_year)
    assert asked == []
    assert calendar.next_working(date(2026, 12, 31)) == date(2027, 1, 4)
    assert calendar.next_working(date(2026, 12, 31)) == date(2027, 1, 4)
    assert asked == [2027]


def test_a_week_needs_a_working_day() -> None:
    with pytest.raises(NoWorkingDay):
        WorkingCalendar("rest", frozenset(range(7)))
    with pytest.raises(ValueError, match="weekday"):
        WorkingCalendar("moon", frozenset({7}))


@pytest.mark.parametrize("code", ["DE", "DEU"])
def test_published_holidays(code: str) -> None:
    calendar = published(weekdays(), code)
    assert calendar.why_not(date(2026, 4, 3)) == "Good Friday"
    assert calendar.next_working(date(2026, 4, 2)) == date(2026, 4, 7)


def test_names_do_not_depend_on_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    for language, name in [("en_US", "Good Friday"), ("de", "Karfreitag"), ("fr", "Karfreitag")]:
        assert published(weekdays(), "DE", language=language).why_not(date(2026, 4, 3)) == name


def test_a_year_without_a_list_is_not_a_year_without_holidays() -> None:
    with pytest.raises(YearNotPublished):
        published(weekdays(), "DE").is_working(date(1950, 5, 1))
    short = published(weekdays(), "DE", years=[2026])
    assert not short.is_working(date(2026, 5, 1))
    with pytest.raises(YearNotPublished) as unpublished:
        short.is_working(date(2027, 5, 1))
    assert unpublished.value.year == 2027


@pytest.mark.parametrize("code", ["XX", "de", "EU", "HolidayBase", ""])
def test_unknown_country(code: str) -> None:
    with pytest.raises(UnknownCalendar):
        published(weekdays(), code)


def test_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(CalendarMissing) as missing:
        published(weekdays(), "DE")
    assert missing.value.install == "policy-dsl[calendars]"


@pytest.mark.parametrize("code", ["DE", "FR", "US", "BE", "KE"])
def test_agrees_with_the_count_of_the_holidays_package(code: str) -> None:
    ours, theirs = published(weekdays(), code), holidays.country_holidays(code)
    for start in (date(2014, 12, 20), date(2024, 2, 27), date(2026, 4, 2), date(2027, 5, 1)):
        for number in (-30, -3, -1, 1, 2, 5, 90):
            assert ours.add_working_days(start, number) == theirs.get_nth_working_day(start, number)
