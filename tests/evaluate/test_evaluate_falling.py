"""Steps that fall by themselves: `on` a date or `once` a condition holds, within their window."""

from __future__ import annotations

import pytest
from deciding import decided, judged, statuses, told
from recorded import events, policy

SECONDS = ["step: request, at: 2026-03-02T08:00Z, by: ALB"]
ASKED = "step request\n  by members\nstep seconding\n  by members\n  once each\n"
HALF = '  define halfway "Halfway" = half\n  define reached "Reached" = if half then 1 else 0\n'


def second(hours: str, by: str) -> str:
    return f"step: seconding, at: 2026-03-{hours}Z, by: {by}"


@pytest.mark.parametrize(
    ("record", "at", "status", "when"),
    [
        # No limit runs before the request.
        ([], "2026-06-01", "not due", "? not yet"),
        (SECONDS, "2026-03-03", "pending", "? not yet"),
        (SECONDS, "2026-03-04", "missed", "? not yet"),
        ([*SECONDS, second("03T08:00", "BEL")], "2026-03-03", "pending", "? not yet"),
        ([*SECONDS, second("03T08:00", "BEL"), second("04T07:00", "DEU")], "2026-03-03", "met", "2026-03-04T07:00Z"),
        # The last moment is in time, the next is not.
        ([*SECONDS, second("03T08:00", "BEL"), second("04T08:00", "DEU")], "2026-03-09", "met", "2026-03-04T08:00Z"),
        ([*SECONDS, second("03T08:00", "BEL"), second("04T08:01", "DEU")], "2026-03-09", "missed", "? not yet"),
        # The limit is not over while the record goes no further, whatever came too late or too soon.
        ([*SECONDS, second("03T08:00", "BEL"), second("04T07:59", "BEL")], "2026-03-03", "pending", "? not yet"),
    ],
)
def test_a_condition_with_a_limit_is_met_in_time_or_missed(record: list[str], at: str, status: str, when: str) -> None:
    text = policy(f"{ASKED}step half\n  once count of seconding >= 2\n  not after 48 hours after request", HALF)
    found = decided(text, events(*record, at=at))
    assert statuses(found)["half"] == status
    assert told(found, "halfway") == when
    assert told(found, "reached") == str(int(status == "met"))


@pytest.mark.parametrize(
    ("day", "limit", "at", "status"),
    [
        ("5 days after request", "10 days after request", "2026-03-06", "pending"),
        ("5 days after request", "10 days after request", "2026-03-07", "met"),
        ("5 days after request", "10 days after request", "2026-04-01", "met"),
        ("5 days after request", "5 days after request", "2026-03-07", "met"),
        ("5 days after seconding", "10 days after request", "2026-03-11", "pending"),
        ("5 days after seconding", "10 days after request", "2026-03-12", "missed"),
        # A date that lies beyond the limit: nothing can fall any more once the limit is over.
        ("5 days after request", "max(3 days after request, 1 day after seconding)", "2026-03-04", "pending"),
        ("2026-03-05", "2026-03-06", "2026-03-09", "met"),
    ],
)
def test_a_date_with_a_limit(day: str, limit: str, at: str, status: str) -> None:
    text = policy(f"{ASKED}step half\n  on {day}\n  not after {limit}", HALF)
    found = decided(text, events("step: request, at: 2026-03-02, by: ALB", at=at))
    assert statuses(found)["half"] == status
    assert told(found, "reached") == str(int(status == "met"))


@pytest.mark.parametrize(
    ("opens", "status", "when"),
    [
        ("2026-03-01", "met", "2026-03-04T07:00Z"),
        # It holds before: it falls with the opening of the window.
        ("2026-03-10", "met", "2026-03-10"),
        ("48 hours after request", "met", "2026-03-04T08:00Z"),
        ("2026-07-01", "not due", "? not yet"),
        # A window that counts from what has not taken place is closed.
        ("2 days after stop", "not due", "? not yet"),
    ],
)
def test_a_condition_that_holds_before_its_window_opens(opens: str, status: str, when: str) -> None:
    text = policy(
        f"{ASKED}step stop\n  by members\nstep half\n  once count of seconding >= 2\n  not before {opens}", HALF
    )
    record = [*SECONDS, second("03T08:00", "BEL"), second("04T07:00", "DEU")]
    found = decided(text, events(*record))
    assert (statuses(found)["half"], told(found, "halfway")) == (status, when)


@pytest.mark.parametrize(
    ("record", "when"),
    [
        ([second("03T08:00", "BEL"), second("04T07:00", "DEU"), "step: chair_ready, at: 2026-03-05T09:00Z, by: chair"],
         "2026-03-05T09:00Z"),
        ([second("03T08:00", "BEL"), "step: chair_ready, at: 2026-03-03T09:00Z, by: chair", second("04T07:00", "DEU")],
         "2026-03-04T07:00Z"),
        # What happens at that very moment counts.
        ([second("03T08:00", "BEL"), "step: chair_ready, at: 2026-03-04T07:00Z, by: chair", second("04T07:00", "DEU")],
         "2026-03-04T07:00Z"),
        ([second("03T08:00", "BEL"), second("04T07:00", "DEU")], "? not yet"),
    ],
)  # fmt: skip
def test_what_a_condition_requires_besides(record: list[str], when: str) -> None:
    text = policy(
        f"{ASKED}step chair_ready\n  by chair\nstep half\n  once count of seconding >= 2\n  requires chair_ready", HALF
    )
    assert told(decided(text, events(*SECONDS, *record)), "halfway") == when


def test_a_condition_that_a_missing_fact_leaves_open_is_not_shown() -> None:
    text = policy(
        f"{ASKED}step half\n  once sum of people over (members where seconding of member) >= 20 persons\n"
        "  not after 48 hours after request",
        HALF + '  indicators for each member\n    people : persons "People"\n',
    )
    record = [*SECONDS, second("03T08:00", "BEL"), second("04T07:00", "DEU")]
    lacking = decided(text, events(*record) + "facts:\n  people: {unit: persons, DEU: 30}\n")
    assert statuses(lacking)["half"] == "not shown"
    assert told(lacking, "halfway") == "? PD801"
    whole = decided(text, events(*record) + "facts:\n  people: {unit: persons, BEL: 1, DEU: 30}\n")
    assert told(whole, "halfway") == "2026-03-04T07:00Z"
    few = decided(text, events(*record) + "facts:\n  people: {unit: persons, BEL: 1, DEU: 2}\n")
    assert statuses(few)["half"] == "missed"


NOTICE = policy(f"{ASKED}step notice\n  by chair\n  on 2nd seconding")


@pytest.mark.parametrize(
    ("record", "status", "of_events"),
    [
        ([second("03T08:00", "BEL"), second("04T07:00", "DEU")], "met", []),
        ([second("03T08:00", "BEL"), second("04T07:00", "DEU"), "step: notice, at: 2026-03-04T08:00Z, by: chair"],
         "met", ["met"]),
        # An act without the event that it goes with makes nothing fall.
        ([second("03T08:00", "BEL"), "step: notice, at: 2026-03-04T08:00Z, by: chair"], "not due", ["met"]),
        ([second("03T08:00", "BEL"), "step: notice, at: 2026-03-04T08:00Z, by: ALB"], "refused", ["refused"]),
        ([second("03T08:00", "BEL"), second("04T07:00", "DEU"), "step: notice, at: 2026-03-04T08:00Z, by: ALB"],
         "met", ["refused"]),
    ],
)  # fmt: skip
def test_what_is_recorded_of_a_step_that_falls_by_itself(record: list[str], status: str, of_events: list[str]) -> None:
    found = decided(NOTICE, events(*SECONDS, *record))
    assert statuses(found)["notice"] == status
    assert judged(found, "notice") == of_events
