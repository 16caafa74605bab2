"""Published rules and the dates that follow from them."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from policy_dsl.deadlines import (
    Period,
    Regime,
    StepKind,
    Unit,
    end_of_limit,
    every_day,
    listed,
    point,
    weekdays,
)

DATA = Path(__file__).parent / "data"
EU = Regime.EU_1182_71


def read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


REGULATION = read("regulation_1182_71.json")
MECHANISM = read("csce_emergency_mechanism.json")
PROTECTION = read("temporary_protection.json")


@pytest.mark.parametrize("case", REGULATION["cases"], ids=lambda case: case["id"])
def test_time_limits_of_the_regulation(case: dict[str, Any]) -> None:
    calendar = listed(weekdays(), [date.fromisoformat(day) for day in case["holidays"]])
    period = Period(case["period"], Unit(case["unit"]))
    found = end_of_limit(date.fromisoformat(case["event"]), period, EU, calendar)
    assert found.raw_end == date.fromisoformat(case["raw_end"])
    assert found.end == date.fromisoformat(case["end"]), case["why"]
    assert found.moved is (case["end"] != case["raw_end"])
    cited = " ".join(step.rule for step in found.steps)
    assert all(rule.removeprefix("Art. ") in cited for rule in case["rule"].split(", "))


@pytest.mark.parametrize("case", REGULATION["hour_cases"], ids=lambda case: case["id"])
def test_hours_of_the_regulation_leave_out_the_hour_of_the_event(case: dict[str, Any]) -> None:
    event = datetime.fromisoformat(case["event"])
    period = Period(case["hours"], Unit.HOURS)
    found = end_of_limit(event, period, EU, weekdays())
    assert found.end == datetime.fromisoformat(case["end"])
    assert found.steps[0].kind is StepKind.EVENT_HOUR_NOT_COUNTED
    assert found.steps[0].after == datetime.fromisoformat(case["starts"])
    elapsed = end_of_limit(event, period, Regime.PLAIN, weekdays())
    assert elapsed.end == datetime.fromisoformat(case["elapsed_end"])


@pytest.mark.parametrize("case", REGULATION["daylight_saving"]["cases"], ids=lambda case: case["event"])
def test_hours_are_elapsed_time(case: dict[str, Any]) -> None:
    zone = ZoneInfo(REGULATION["daylight_saving"]["zone"])
    event = datetime.fromisoformat(case["event"]).replace(tzinfo=zone)
    found = end_of_limit(event, Period(case["hours"], Unit.HOURS), Regime.PLAIN, every_day(), zone)
    assert isinstance(found.end, datetime)
    assert found.end.replace(tzinfo=None) == datetime.fromisoformat(case["end"])
    assert found.end.timestamp() - event.timestamp() == case["hours"] * 3600


@pytest.mark.parametrize("text", REGULATION["invalid_dates"])
def test_dates_that_do_not_exist_are_no_dates(text: str) -> None:
    with pytest.raises(ValueError):
        date.fromisoformat(text)


def hours(event: str, number: int) -> datetime:
    found = end_of_limit(datetime.fromisoformat(event), Period(number, Unit.HOURS), Regime.PLAIN, every_day())
    assert isinstance(found.end, datetime)
    return found.end


@pytest.mark.parametrize("case", MECHANISM["cases"], ids=lambda case: case["id"])
def test_emergency_mechanism(case: dict[str, Any]) -> None:
    figures, expected = MECHANISM["parameters"], case["expected"]
    due = hours(case["clarification"], figures["answer_hours"])
    assert due == datetime.fromisoformat(expected["answer_due"])
    assert (datetime.fromisoformat(case["meeting_request"]) >= due) is expected["request_admissible"]
    if not expected["request_admissible"]:
        return
    closes = hours(case["meeting_request"], figures["seconding_window_hours"])
    assert closes == datetime.fromisoformat(expected["seconding_closes"])
    notice = case["seconding"]["twelfth_at"]
    in_time = datetime.fromisoformat(notice) <= closes
    assert (in_time and case["seconding"]["count"] >= figures["seconders"]) is expected["held"]
    assert hours(notice, figures["notice_min_hours"]) == datetime.fromisoformat(expected["earliest"])
    assert hours(notice, figures["notice_max_hours"]) == datetime.fromisoformat(expected["latest"])


def test_emergency_meeting_without_seconders_is_counted_from_the_request() -> None:
    earliest = hours("1991-06-30T10:00Z", MECHANISM["parameters"]["notice_min_hours"])
    assert earliest == datetime.fromisoformat("1991-07-02T10:00Z")


def test_temporary_protection_ends_on_the_dates_of_the_decisions() -> None:
    day = date.fromisoformat(PROTECTION["start"])
    for term in PROTECTION["terms"]:
        found = point(day, Period(term["months"], Unit.MONTHS), EU, weekdays())
        assert found.end == date.fromisoformat(term["end"]), term["by"]
        day = found.end


def test_protection_that_ends_on_a_saturday_ends_on_saturday() -> None:
    year = Period(1, Unit.YEARS)
    assert point(date(2022, 3, 4), year, EU, weekdays()).end == date(2023, 3, 4)
    assert end_of_limit(date(2022, 3, 4), year, EU, weekdays()).end == date(2023, 3, 6)


def test_later_decisions_go_beyond_the_maximum_of_the_plain_reading() -> None:
    start = date.fromisoformat(PROTECTION["start"])
    assert sum(term["months"] for term in PROTECTION["terms"]) == PROTECTION["maximum_months_on_plain_reading"]
    maximum = Period(PROTECTION["maximum_months_on_plain_reading"], Unit.MONTHS)
    last = point(start, maximum, EU, weekdays())
    assert last.end == date.fromisoformat(PROTECTION["terms"][-1]["end"])
    for decision in PROTECTION["beyond_the_plain_reading"]:
        assert not last.contains(date.fromisoformat(decision["end"]))


def test_ninetieth_day_after_the_deposit() -> None:
    """Convention relating to the Status of Refugees (1951), Art. 43(1): the ninetieth day following the deposit.

    The sixth instrument was deposited on 22 January 1954; the Convention entered into force on 22 April 1954.
    """
    found = point(date(1954, 1, 22), Period(90, Unit.DAYS), Regime.PLAIN, every_day())
    assert found.end == date(1954, 4, 22)
    assert found.end - date(1954, 1, 22) == timedelta(days=90)
