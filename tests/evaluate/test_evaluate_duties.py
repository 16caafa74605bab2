"""Duties: kept, breached, pending or not shown, with a limit and without one."""

from __future__ import annotations

import pytest
from deciding import codes, decided, statuses
from recorded import events, policy

STEPS = """
step decision
  by members
  repeated
step report
  by members
  repeated
  records pages : persons
step transfer
  by members
  repeated
  records places : persons
step finding
  by chair
  records concerned : state
  repeated
step answer
  by members
  not after 10 days after decision
step vote
  by members
  quorum none
  adopted when count of favour > count of against
"""
MORE = """  indicators for each member
    safe : yes or no "Safe"
    needed : persons "Needed"
  define transferred "Transferred" for each member = sum of places over (transfer where actor is member)
  define used "Used" for each member = if safe then needed else 0 persons
  define has_reported "Has reported" for each member = if report of member then yes else no
"""
FACTS = "facts:\n  safe: {ALB: no, BEL: yes}\n  needed: {unit: persons, ALB: 10, BEL: 0}\n"
DECISION = "step: decision, at: 2026-02-02, by: BEL"


def duty(kept: str, *lines: str, record: tuple[str, ...] = (), at: str = "2026-06-01", of: str = "ALB") -> str:
    text = (
        MORE + "  duty d\n    binds members\n" + "".join(f"    {line}\n" for line in lines) + f"    kept when {kept}\n"
    )
    found = decided(policy(STEPS, text), events(DECISION, *record, at=at) + FACTS)
    assert [code for code in codes(found) if code != "PD801"] == []
    return statuses(found)[f"d of {of}"]


REPORT = "step: report, at: 2026-03-02, by: ALB, pages: 3 persons"
SOME = "step: transfer, at: 2026-03-02, by: ALB, places: 6 persons"
REST = "step: transfer, at: 2026-04-02, by: ALB, places: 6 persons"
FOUND = "step: finding, at: 2026-03-02, by: chair, concerned: ALB"
LOST = "step: vote, at: 2026-03-02, favour: [], against: [ALB]"
WON = "step: vote, at: 2026-03-03, favour: [ALB], against: []"


@pytest.mark.parametrize(
    ("kept", "record", "expected"),
    [
        # Not performed, and no time is set: it may still be.
        ("report of member", (), "pending"),
        ("report of member", (REPORT,), "kept"),
        ("has_reported", (), "pending"),
        ("has_reported = yes", (), "pending"),
        ("count of report >= 2", (REPORT,), "pending"),
        ("count of report = 2", (REPORT,), "pending"),
        ("transferred >= needed", (SOME,), "pending"),
        ("transferred >= needed", (SOME, REST), "kept"),
        ("needed - transferred <= 0 persons", (SOME,), "pending"),
        ("report of member and transferred >= needed", (REPORT, SOME), "pending"),
        ("report of member or safe", (), "pending"),
        ("vote is adopted", (), "pending"),
        ("report is met", (), "pending"),
        ("member in (members where report of member)", (), "pending"),
        # The record shows the contrary: no later event can mend it.
        ("safe", (), "breached"),
        ("needed = 0 persons", (), "breached"),
        ("safe and report of member", (), "breached"),
        ("report of member and safe", (), "breached"),
        ("not finding", (FOUND,), "breached"),
        ("count of (finding where concerned is member) = 0", (FOUND,), "breached"),
        ("count of (finding where concerned is member) = 0", (), "kept"),
        ("count of report <= 1", (REPORT, REPORT.replace("03-02", "03-03")), "breached"),
        ("transferred = 6 persons", (SOME, REST), "breached"),
        ("vote is adopted", (LOST,), "breached"),
        ("vote is adopted", (LOST, WON), "kept"),
        ("report of member <= 2026-02-28", (REPORT,), "breached"),
        ("report of member <= 2026-02-28", (), "breached"),
        ("report of member <= 2026-12-31", (), "pending"),
        ("not (finding and safe = no)", (FOUND,), "breached"),
        ("if finding then report of member else yes", (FOUND,), "pending"),
        ("if finding then safe else yes", (FOUND,), "breached"),
        # The step's own time is over: it can't be taken any more.
        ("answer of member", (), "breached"),
        ("answer is met", (), "breached"),
        ("answer of member or report of member", (), "pending"),
    ],
)
def test_a_duty_without_a_limit(kept: str, record: tuple[str, ...], expected: str) -> None:
    assert duty(kept, record=record) == expected


@pytest.mark.parametrize(
    ("kept", "record", "at", "expected"),
    [
        ("report of member", (), "2026-02-27", "pending"),
        ("report of member", (), "2026-02-28", "breached"),
        ("report of member", (REPORT.replace("03-02", "03-01"),), "2026-06-01", "breached"),
        ("report of member", (REPORT.replace("03-02", "02-28"),), "2026-06-01", "kept"),
        # A fact may become another while there is time; what has occurred stays.
        ("safe", (), "2026-02-20", "pending"),
        ("safe", (), "2026-06-01", "breached"),
        ("not finding", (FOUND.replace("03-02", "02-03"),), "2026-02-20", "breached"),
        ("not finding", (), "2026-02-20", "kept"),
        ("transferred <= 5 persons", (SOME.replace("03-02", "02-03"),), "2026-02-20", "breached"),
    ],
)
def test_a_duty_with_a_limit(kept: str, record: tuple[str, ...], at: str, expected: str) -> None:
    """The time ends on 28 February; a record that goes further shows that it is over."""
    assert duty(kept, "when decision", "not after 26 days after decision", record=record, at=at) == expected


def test_while_the_limit_does_not_run_there_is_time() -> None:
    assert duty("transferred >= needed", "not after 5 days after finding") == "pending"
    assert duty("transferred >= needed", "not after 5 days after finding", record=(FOUND,)) == "breached"


def test_a_missing_fact_is_not_a_breach() -> None:
    assert duty("safe", of="DEU") == "not shown"
    # Without the report nothing turns on the fact, which may yet be shown.
    assert duty("safe and report of member", of="DEU") == "pending"
    assert duty("report of member and safe", of="DEU") == "pending"
    assert duty("report of member and safe", record=(REPORT.replace("ALB", "DEU"),), of="DEU") == "not shown"
