"""Reservations and transitional clauses: how far each reaches, and how far not."""

from __future__ import annotations

import pytest
from deciding import amounts, codes, decided, ran, statuses, told

# ---- a figure or a definition that has another value for one member --------------------------------------------------

FIGURES = """article 1 "Fee"
  > Each member pays a fee for each of its inhabitants.
  tier everybody "All"
    ALB, BEL
  indicators for each member
    people : persons "People"
  parameter rate = 10 USD per person
  parameter threshold = 50 persons
  define surcharge "Surcharge" = 100 USD
  define doubled "Doubled" = 2 * rate
  define fee "Fee" for each member = people * rate + surcharge
    except where people < threshold : surcharge
  define fee_at_double "At the double" for each member = people * doubled
  define of_bel "Of BEL" = fee of BEL
  define whole "Whole" = sum of fee
  scale graduated "Graduated" on people * 1 USD per person, marginal
    up to 50 USD : 0%
    otherwise    : rate / (100 USD per person)
  define taxed "Taxed" for each member = graduated
  define count_of_large "Large" = count of (members where people > threshold)
  apportion dues "Dues"
    total    1_000 USD
    among    members
    equally
    at most  rate * people
    rounding largest_remainder to 1 USD
    ties     by lot
    remainder to none
  key parts
    50% : share of people
    50% : share of fee
  apportion places "Places"
    total    100 persons
    among    members
    by       parts
    rounding largest_remainder
    ties     by people
  reservation of_belgium "Belgium"
    by BEL
    to {to}
"""
PEOPLE = "facts:\n  people: {unit: persons, ALB: 100, BEL: 100}\n"


@pytest.mark.parametrize(
    ("to", "what", "albania", "belgium"),
    [
        ("rate : 5 USD per person", "fee", "1_100 USD", "600 USD"),
        ("rate : 50% of rate", "fee", "1_100 USD", "600 USD"),
        # By way of a definition for the case, too.
        ("rate : 5 USD per person", "fee_at_double", "2_000 USD", "1_000 USD"),
        ("doubled : 1 USD per person", "fee_at_double", "2_000 USD", "100 USD"),
        # In a scale and in a limit.
        ("rate : 5 USD per person", "taxed", "5 USD", "2.5 USD"),
        ("rate : 4 USD per person", "dues", "600 USD", "400 USD"),
        # In the condition of an exception, and in the filter of a group.
        ("threshold : 500 persons", "fee", "1_100 USD", "100 USD"),
        ("surcharge : 0 USD", "fee", "1_100 USD", "1_000 USD"),
        # The value is read for the member that makes the reservation, the figure itself as it would be without.
        ("surcharge : 1 USD per person * people", "fee", "1_100 USD", "1_100 USD"),
        ("fee : people * 1 USD per person", "fee", "1_100 USD", "100 USD"),
        ("fee : 50% of fee", "fee", "1_100 USD", "550 USD"),
        ("fee : fee of ALB / 4", "fee", "1_100 USD", "275 USD"),
        # What the others bear changes where a share is of all.
        ("fee : 0 USD", "places", "75 persons", "25 persons"),
    ],
)
def test_a_reservation_to_a_figure_reaches_all_that_is_read_for_its_member(
    to: str, what: str, albania: str, belgium: str
) -> None:
    found = decided(FIGURES.format(to=to), PEOPLE)
    assert [told(found, f"{what} of {m}") for m in ("ALB", "BEL")] == [albania, belgium]
    assert [(clause.name, state) for clause, state, _ in found.reservations] == [("of_belgium", "BEL")]


@pytest.mark.parametrize(
    ("to", "what", "value"),
    [
        ("rate : 5 USD per person", "rate", "10 USD per person"),
        ("rate : 5 USD per person", "doubled", "20 USD per person"),
        ("surcharge : 0 USD", "surcharge", "100 USD"),
        # Sums over members, and the value named of the member, read it for each.
        ("rate : 5 USD per person", "whole", "1_700 USD"),
        ("rate : 5 USD per person", "of_bel", "600 USD"),
        ("threshold : 500 persons", "count_of_large", "1"),
    ],
)
def test_the_value_for_the_case_stays(to: str, what: str, value: str) -> None:
    assert told(decided(FIGURES.format(to=to), PEOPLE), what) == value


# ---- an apportionment from which a member stays outside --------------------------------------------------------------

PLACES = """article 1 "Places"
  > Members take persons.
  tier everybody "All"
    ALB, BEL, DEU
  tier others "Others"
    ESP
  indicators for each member
    people : persons "People"
  indicators for the case
    pot : persons "Pot"
  apportion places "Places"
    total    pot
    among    everybody
    by       people
    {line}
    rounding largest_remainder
    ties     by people
  define again "Again" for each member = places
  reservation albania "Albania"
    by ALB
    to places
"""
POT = "facts: {pot: 90 persons, people: {unit: persons, ALB: 10, BEL: 30, DEU: 60, ESP: 5}}\n"


@pytest.mark.parametrize(
    ("line", "expected", "said"),
    [
        ("at most 100% of pot", [0, 30, 60, 0], []),
        # Neither an amount of its own, nor a floor, nor what the limits of others leave over reaches it.
        ("fixed 5 persons for ALB", [0, 30, 60, 0], []),
        ("at least 9 persons for ALB", [0, 30, 60, 0], []),
        ("at most 20 persons\n    remainder to members by people", [0, 36, 51, 3], []),
        ("at most 20 persons\n    remainder to ALB or ESP by people", [0, 20, 20, 50], []),
        ("at most 20 persons\n    remainder to ALB by people", [0, 20, 20, 0], ["PD851"]),
    ],
)
def test_a_reservation_to_an_apportionment_keeps_its_member_outside(
    line: str, expected: list[int], said: list[str]
) -> None:
    found = decided(PLACES.format(line=line), POT)
    assert [amounts(found, "places").get(m, 0) for m in ("ALB", "BEL", "DEU", "ESP")] == expected
    assert told(found, "again of ALB") == "0 persons"
    assert codes(found) == said


# ---- a duty that does not bind ---------------------------------------------------------------------------------------

DUTY = """article 1 "Duty"
  > Members keep the peace.
  tier everybody "All"
    ALB, BEL
  indicators for each member
    people : persons "People"
  duty to_keep "To keep"
    binds members
    kept when people > 5 persons
  reservation albania "Albania"
    by ALB from 2026-03-01 until 2026-12-31
    to to_keep

example "On the first day"
  at 2026-03-01
  given people of ALB = 3 persons
  given people of BEL = 3 persons
  expect to_keep of ALB is reserved
  expect to_keep of ALB is not breached
  expect to_keep of BEL is breached
  expect to_keep of BEL is not reserved
example "The day before"
  at 2026-02-28
  given people of ALB = 3 persons
  expect to_keep of ALB is breached
example "The day after the last"
  at 2027-01-01
  given people of ALB = 3 persons
  expect to_keep of ALB is breached
"""


def test_a_reservation_to_a_duty_holds_on_its_days() -> None:
    assert {title: each.problems for title, each in ran(DUTY).items()} == {
        "On the first day": (),
        "The day before": (),
        "The day after the last": (),
    }


# ---- transitional clauses --------------------------------------------------------------------------------------------

MOVING = """article 1 "Fee"
  > The fee rises. Cases already open keep the old one.
  tier everybody "All"
    ALB, BEL
  parameter fee = 30 USD
    from 2026-03-01 : 60 USD
    from 2026-05-01 : 90 USD
  parameter other = 1 USD
    from 2026-03-01 : 2 USD
  define x "X" = fee + other
  define doubled "Doubled" for each member = 2 * fee
  procedure calls
    step call "Call"
      by members
    step second "Second call"
      by members
  transitional old_cases "Cases already open"
    keeps fee
    for cases opened before 2026-04-01
"""
CALLS = "events:\n  - {step: second, at: 2026-02-01, by: ALB}\n  - {step: call, at: 2026-03-10, by: ALB}\n"


@pytest.mark.parametrize(
    ("lines", "x", "doubled"),
    [
        # Opened by a day, by a step, or by the first event of the record; other figures are of the case's day.
        ("opened: 2026-02-10\n", "32 USD", "60 USD"),
        ("opened: 2026-03-01\n", "62 USD", "120 USD"),
        ("opened: 2026-03-31\n", "62 USD", "120 USD"),
        ("opened: 2026-04-01\n", "92 USD", "180 USD"),
        (CALLS + "opened: call\n", "62 USD", "120 USD"),
        (CALLS + "opened: second\n", "32 USD", "60 USD"),
        (CALLS, "32 USD", "60 USD"),
        ("", "92 USD", "180 USD"),
    ],
)
def test_what_a_transitional_clause_keeps(lines: str, x: str, doubled: str) -> None:
    found = decided(MOVING, lines)
    assert told(found, "x") == x
    assert told(found, "doubled of ALB") == doubled


def test_the_clause_does_not_reach_reservations_or_duties() -> None:
    """A reservation is that of the day of the case, in old cases too."""
    more = '  reservation albania "Albania"\n    by ALB from 2026-05-01\n    to fee : 0 USD\n'
    more += "  duty to_pay\n    binds members\n    kept when doubled = 0 USD\n"
    found = decided(MOVING + more, "opened: 2026-02-10\n")
    assert [told(found, f"doubled of {m}") for m in ("ALB", "BEL")] == ["0 USD", "60 USD"]
    assert [statuses(found)[f"to_pay of {m}"] for m in ("ALB", "BEL")] == ["kept", "breached"]
