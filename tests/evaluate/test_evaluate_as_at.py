"""The law as at a date, whatever the date of the case: figures, seats, reservations, and transitional clauses."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from deciding import HEADER, checked, codes, told

from policy_dsl.cases.read import read_case
from policy_dsl.evaluate import Decision, decide
from policy_dsl.source import Source

LAW = """article 1 "Rate"
  > The rate.
  tier core "Members"
    BDI, RWA
    TZA from 2026-07-01
    UGA until 2026-09-30
  indicators for each member
    people : persons "People", each year
  parameter rate "Rate" = 10 USD
    from 2026-07-01 : 20 USD cites "Protocol 2"
    from 2027-01-01 : 30 USD cites "Protocol 3"
  parameter charge "Charge" = 1 USD
    from 2026-07-01 : 2 USD
  define due "Due" for each member = rate + charge
  define recent "Recent" = sum of (sum of people over last 2 years)
  define size "Members" = count of members
  procedure requests
    step request "Request"
      by members
    step answer "Answer"
      not after 10 days after request
  transitional pending
    keeps rate
    for cases opened before 2026-06-01
  reservation of_rwanda "Rwanda"
    by RWA from 2026-08-01
    to due : 5 USD
"""
YEARS = "{2024: 1, 2025: 2, 2026: 3}"


def decided(at: str, as_at: str = "", opened: str = "") -> Decision:
    law = checked(LAW, HEADER)
    text = f"case: C\npolicy: t\ndefault: {{source: test}}\nat: {at}\nfacts:\n  people:\n    unit: persons\n"
    text += "".join(f"    {member}: {YEARS}\n" for member in ("BDI", "RWA", "TZA", "UGA"))
    if opened:
        text += f"events:\n  - {{step: request, at: {opened}, by: BDI}}\n"
    read = read_case(
        Source("c.yaml", text),
        law.program,
        lambda path, relative_to: None,
        date.fromisoformat(as_at) if as_at else None,
    )
    assert read.case is not None, [(each.code, dict(each.params)) for each in read.problems]
    return decide(law, read.case)


FIGURES = [
    # The figures in force on the date of the law, be the case of a day before or after it.
    ("2026-03-01", "", "10 USD"),
    ("2026-03-01", "2026-06-30", "10 USD"),
    ("2026-03-01", "2026-07-01", "20 USD"),
    ("2027-03-01", "2026-12-31", "20 USD"),
    ("2026-03-01", "2027-01-01", "30 USD"),
    ("2027-03-01", "2026-01-01", "10 USD"),
    # The case may be of a day on which the policy was not in force.
    ("2025-03-01", "2026-07-01", "20 USD"),
]


@pytest.mark.parametrize(("at", "as_at", "rate"), FIGURES)
def test_figures_are_those_in_force_on_the_date_of_the_law(at: str, as_at: str, rate: str):
    assert told(decided(at, as_at), "rate") == rate


TRANSITIONAL = [
    # In a case that opened before the date of the clause the figure is that of the opening …
    ("2026-08-01", "", "2026-05-04", "10 USD", "2 USD"),
    ("2026-08-01", "2027-02-01", "2026-05-04", "10 USD", "2 USD"),
    ("2026-08-01", "2026-09-01", "2026-05-04", "10 USD", "2 USD"),
    # … and in one that opened later that of the date of the law.
    ("2026-08-01", "2027-02-01", "2026-06-04", "30 USD", "2 USD"),
    ("2026-08-01", "2026-06-30", "2026-06-04", "10 USD", "1 USD"),
    # Without a record there is no opening to keep a figure of.
    ("2026-08-01", "2027-02-01", "", "30 USD", "2 USD"),
]


@pytest.mark.parametrize(("at", "as_at", "opened", "rate", "charge"), TRANSITIONAL)
def test_transitional_clauses_keep_what_held_when_the_case_opened(
    at: str, as_at: str, opened: str, rate: str, charge: str
):
    found = decided(at, as_at, opened)
    assert (told(found, "rate"), told(found, "charge")) == (rate, charge)


DAYS = ("2026-01-01", "2026-05-31", "2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01", "2027-06-01")
IN_FORCE = {"2026-01-01": "10 USD", "2026-07-01": "20 USD", "2027-01-01": "30 USD"}
KEPT = LAW.replace("opened before 2026-06-01", "opened before 2027-03-01")


@pytest.mark.parametrize(("opened", "as_at"), list(product(DAYS, DAYS)))
def test_no_clause_keeps_what_came_into_force_after_the_date_of_the_law(
    opened: str, as_at: str, monkeypatch: pytest.MonkeyPatch
):
    """The rate is that of the opening, or, where the law is of an earlier day, that of the law."""
    monkeypatch.setitem(globals(), "LAW", KEPT)
    day = as_at if opened >= "2027-03-01" else min(opened, as_at)
    since = max(each for each in IN_FORCE if each <= day)
    assert told(decided("2027-08-01", as_at, opened), "rate") == IN_FORCE[since]


@pytest.mark.parametrize(
    ("as_at", "size", "due"),
    [("2026-06-30", "3", "11 USD"), ("2026-09-01", "4", "5 USD"), ("2026-10-01", "3", "5 USD")],
)
def test_seats_and_reservations_are_those_of_the_date_of_the_law(as_at: str, size: str, due: str):
    found = decided("2026-03-01", as_at)
    assert (told(found, "size"), told(found, "due of RWA")) == (size, due)


def test_facts_and_time_limits_are_those_of_the_case():
    """Complete years are counted from the date of the case, and a time limit is over on its day."""
    before, after = decided("2026-03-01", "2027-02-01", "2026-02-20"), decided("2027-03-01", "2026-01-01", "2026-02-20")
    assert told(before, "recent") == "9 persons"
    assert told(after, "recent") == "15 persons"
    status = {found: {each.entry.name: each.status for each in found.timeline} for found in (before, after)}
    assert (status[before]["answer"], status[after]["answer"]) == ("pending", "missed")


def test_the_law_is_asked_for_at_the_dates_own_day_and_nothing_changes():
    plain, asked = decided("2026-10-05"), decided("2026-10-05", "2026-10-05")
    assert [(key, value.value) for key, value in plain.values.items()] == [
        (key, value.value) for key, value in asked.values.items()
    ]


def test_figures_agreed_after_the_opening_are_flagged_as_they_are_in_any_case():
    assert codes(decided("2026-08-01", "2027-02-01", "2026-07-20")).count("PD871") == 1
    assert codes(decided("2026-08-01", "2026-08-01", "2026-07-20")) == []
