"""Events recorded by their day alone: what of one day is taken as the earlier, and when the hour must be told."""

from __future__ import annotations

import pytest
from deciding import codes, decided, judged, statuses, told
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import events, policy

MEETING = policy(
    """
step attendance
  by members
  once each
step decision
  by (members where attendance of member)
  quorum 2
  adopted when count of favour > count of voters / 2
step report
  by members
  not before decision
  requires decision is adopted
""",
    '  define taking_part "Present" = count of attendance\n',
)
DAY = "2026-05-05"


def came(by: str, at: str = DAY) -> str:
    return f"step: attendance, at: {at}, by: {by}"


def voted(favour: str, against: str = "", at: str = DAY) -> str:
    return f"step: decision, at: {at}, favour: [{favour}], against: [{against}]"


@pytest.mark.parametrize(
    ("record", "status", "report"),
    [
        # All on one day, by the day alone: the order of the procedure.
        ([came("ALB"), came("BEL"), came("DEU"), voted("ALB, BEL", "DEU")], "adopted", "met"),
        ([came("ALB"), came("BEL"), came("DEU"), voted("ALB", "BEL, DEU")], "rejected", "refused"),
        # Who attended the day before and who attended that day are counted alike.
        ([came("ALB", "2026-05-04"), came("BEL"), came("DEU"), voted("ALB", "BEL, DEU")], "rejected", "refused"),
        # A vote by day alone, the attendance with its hour, and the other way round.
        ([came("ALB", "2026-05-05T09:00Z"), came("BEL", "2026-05-05T09:30Z"), voted("ALB, BEL")], "adopted", "met"),
        ([came("ALB"), came("BEL"), voted("ALB, BEL", at="2026-05-05T10:00Z")], "adopted", "met"),
        # Where both have hours, the hours count.
        (
            [came("ALB", "2026-05-05T09:00Z"), came("BEL", "2026-05-05T11:00Z"),
             voted("ALB, BEL", at="2026-05-05T10:00Z")],
            "refused", "refused",
        ),
        # Another day is another day.
        ([came("ALB"), came("BEL", "2026-05-06"), voted("ALB, BEL")], "refused", "refused"),
    ],
)  # fmt: skip
def test_what_a_step_rests_on_comes_first_within_its_day(record: list[str], status: str, report: str) -> None:
    said = [*record, f"step: report, at: {DAY}, by: ALB"]
    for order in (said, said[::-1]):
        found = decided(MEETING, events(*order))
        assert statuses(found)["decision"] == status
        assert judged(found, "report") == [report]
        assert codes(found) == []


STOP = policy("step stop\n  by members\nstep act\n  by members\n  requires not stop")


@pytest.mark.parametrize(
    ("stop", "act", "expected", "problems"),
    [
        ("2026-05-04", DAY, "refused", []),
        ("2026-05-06", DAY, "met", []),
        (DAY, DAY, "refused", ["PD804"]),
        (DAY, "2026-05-05T10:00Z", "refused", ["PD804"]),
        ("2026-05-05T10:00Z", DAY, "refused", ["PD804"]),
        ("2026-05-05T10:00Z", "2026-05-05T09:00Z", "met", []),
        ("2026-05-05T10:00Z", "2026-05-05T11:00Z", "refused", []),
        # Which day it is tells the clock of the policy, not the offset of the record.
        ("2026-05-06T01:00+02:00", "2026-05-05", "refused", ["PD804"]),
        ("2026-05-06T03:00+02:00", "2026-05-05", "met", []),
    ],
)
def test_what_would_bar_a_step_on_its_day_needs_the_hour(
    stop: str, act: str, expected: str, problems: list[str]
) -> None:
    found = decided(STOP, events(f"step: stop, at: {stop}, by: ALB", f"step: act, at: {act}, by: BEL"))
    assert judged(found, "act") == [expected]
    assert codes(found) == problems
    assert found.complete is not bool(problems)


@pytest.mark.parametrize(
    ("line", "act", "expected", "problems"),
    [
        # The limit is 4 March, 10 in the morning.
        ("not after 48 hours after request", "2026-03-03", "met", []),
        ("not after 48 hours after request", "2026-03-04", "refused", ["PD804"]),
        ("not after 48 hours after request", "2026-03-05", "refused", []),
        ("not before 48 hours after request", "2026-03-03", "refused", []),
        ("not before 48 hours after request", "2026-03-04", "refused", ["PD804"]),
        ("not before 48 hours after request", "2026-03-05", "met", []),
        # Limits in days count whole days.
        ("not after 2 days after request", "2026-03-04", "met", []),
        ("not before 2 days after request", "2026-03-04", "met", []),
        # Against the other event itself the order of the procedure is taken.
        ("not before request", "2026-03-02", "met", []),
        ("not before request", "2026-03-01", "refused", []),
        ("not after request", "2026-03-02", "met", []),
        ("not after request", "2026-03-03", "refused", []),
    ],
)
def test_a_day_against_a_limit_in_hours(line: str, act: str, expected: str, problems: list[str]) -> None:
    text = policy(f"step request\n  by members\nstep act\n  by members\n  {line}")
    found = decided(text, events("step: request, at: 2026-03-02T10:00Z, by: ALB", f"step: act, at: {act}, by: BEL"))
    assert judged(found, "act") == [expected]
    assert codes(found) == problems


def test_a_step_that_waits_for_one_that_falls_by_itself() -> None:
    text = policy(
        """
step seconding
  by members
  once each
step supported
  once count of seconding >= 2
step notice
  on 2nd seconding
step meeting
  not before notice
  requires supported
"""
    )
    for hours in ("", "T09:00Z"):
        record = [f"step: seconding, at: {DAY}{hours}, by: {by}" for by in ("ALB", "BEL")]
        found = decided(text, events(*record, f"step: meeting, at: {DAY}"))
        assert judged(found, "meeting") == ["met"]
    alone = decided(text, events(f"step: seconding, at: {DAY}, by: ALB", f"step: meeting, at: {DAY}"))
    assert judged(alone, "meeting") == ["refused"]
    assert codes(alone) == []


def test_steps_that_rest_on_each_other_need_the_hour() -> None:
    text = policy(
        "step offer\n  by members\n  not after approval\nstep approval\n  by chair\n  requires count of offer >= 2"
    )
    record = ["step: offer, at: 2026-05-05, by: ALB", "step: offer, at: 2026-05-05, by: BEL"]
    found = decided(text, events(*record, "step: approval, at: 2026-05-05, by: chair"))
    assert judged(found, "approval") == ["refused"]
    assert codes(found) == ["PD804"]
    timed = decided(text, events(*record, "step: approval, at: 2026-05-05T18:00Z, by: chair"))
    assert judged(timed, "approval") == ["met"]
    assert judged(timed, "offer") == ["met", "met"]


@pytest.mark.parametrize(
    ("report", "status", "problems"),
    [
        ("2026-03-03", "kept", []),
        ("2026-03-04", "not shown", ["PD804"]),
        ("2026-03-04T09:59Z", "kept", []),
        ("2026-03-04T10:01Z", "breached", []),
        ("2026-03-05", "breached", []),
    ],
)
def test_a_duty_with_a_limit_in_hours_performed_on_its_last_day(report: str, status: str, problems: list[str]) -> None:
    text = policy(
        "step request\n  by members\nstep report\n  by members",
        "  duty to_report\n    binds members\n    when request\n    not after 48 hours after request\n"
        "    kept when report of member\n",
    )
    record = ["step: request, at: 2026-03-02T10:00Z, by: ALB", f"step: report, at: {report}, by: BEL"]
    found = decided(text, events(*record))
    assert statuses(found)["to_report of BEL"] == status
    assert statuses(found)["to_report of DEU"] == "breached"
    assert codes(found) == problems


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["ALB", "BEL", "DEU", "FRA", "GRC"]), min_size=2, unique=True), st.data())
def test_hours_that_keep_the_order_of_the_procedure_change_nothing(who: list[str], data: st.DataObject) -> None:
    """Whoever leaves the hours away where they follow the procedure gets the same decision."""
    favour = data.draw(st.lists(st.sampled_from(who), unique=True))
    against = [each for each in who if each not in favour]
    timed = [came(each, f"{DAY}T09:{at:02}Z") for at, each in enumerate(who)]
    vote = voted(", ".join(favour), ", ".join(against), f"{DAY}T10:00Z")
    with_hours = decided(MEETING, events(*timed, vote, f"step: report, at: {DAY}T11:00Z, by: ALB"))
    by_day = [came(each) if data.draw(st.booleans()) else line for each, line in zip(who, timed, strict=True)]
    days = decided(
        MEETING, events(*by_day, voted(", ".join(favour), ", ".join(against)), f"step: report, at: {DAY}, by: ALB")
    )
    assert statuses(days) == statuses(with_hours)
    assert judged(days, "report") == judged(with_hours, "report")
    assert told(days, "taking_part") == told(with_hours, "taking_part") == str(len(who))
