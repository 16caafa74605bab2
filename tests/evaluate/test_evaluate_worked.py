"""Worked examples: what may be given, what may be expected, and what is said when it does not hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from deciding import decided, ran, told

POLICY = """article 1 "Members"
  > Words.
  tier inner "Inner"
    requires pledge of member
  tier outer "Outer"
  indicators for each member
    people : persons "People", missing means 0 persons
    seekers : persons "Seekers", each year, missing means 0 persons
    safe : yes or no "Safe"
  indicators for the case
    origin : state "Origin"
    pot : persons "Pot"
  parameter rate = 10%
    from 2027-01-01 : 20%
  parameter part = left to meeting between 40% and 60%, otherwise 50%

article 2 "Record"
  (1) > Words.
  procedure all_steps
    step pledge "Pledge"
      by states
      once each
    step meeting "Meeting"
      by members except origin
      records place : text, costs : USD
      not before 2026-02-01
  (2) > Words.
  procedure voting_steps
    step decision "Decision"
      by members
      quorum none
      adopted when count of favour > count of against

article 3 "Sums"
  (1) > Words.
  define sum_of_people "Sum" = sum of people
  define tax "Tax" for each member = rate * people
  define ratio_to_mean "Ratio" for each member = people / mean of people
  define effort "Effort" for each member = mean of seekers over 2024-2025
  (2) > Words.
  define shared_part "Part" = part * pot
  define cost "Cost" = costs of meeting
  define tenth "Tenth" = 10th pledge
  apportion places "Places"
    total pot
    among members where safe
    by people
    rounding largest_remainder
  duty to_be_safe
    binds members
    kept when safe

"""
GIVEN = (
    "  given inner = ALB, BEL\n  given outer = DEU\n  given people : persons, "
    "safe : yes or no\n    ALB : 10, yes\n    BEL : 30, yes\n    DEU : 60, no\n"
)


def outcome(lines: str) -> list[str]:
    (only,) = ran(POLICY + f'example "X"\n{lines}').values()
    return [problem.code for problem in only.problems]


@pytest.mark.parametrize(
    "lines",
    [
        GIVEN + "  expect sum_of_people = 100 persons\n",
        (
            "  given inner = ALB\n  given outer = DEU\n  given people of ALB = 7 persons\n"
            "  given people of DEU = 3 persons\n  expect sum_of_people = 10 persons\n"
        ),
        GIVEN + "  expect tax of ALB = 1 person\n",
        "  at 2027-03-01\n" + GIVEN + "  expect tax of ALB = 2 persons\n",
        GIVEN + "  expect tax of ALB = 1.04 persons within 0.05 persons\n",
        GIVEN + "  expect tax of ALB = 1 person and tax of BEL = 3 persons\n",
        GIVEN + "  expect ratio_to_mean of ALB = 30%\n",
        GIVEN + "  given seekers of ALB in 2024 = 10 persons\n  expect effort of ALB = 5 persons\n",
        GIVEN + "  given pot = 40 persons\n  expect places of ALB = 10 persons because Art. 3(2)\n",
        GIVEN + "  given pot = 40 persons\n  expect places of ALB = 10 persons because Art. 1, Art. 3(2)\n",
        GIVEN + "  given pot = 40 persons\n  expect places of DEU = 0 persons because Art. 3\n",
        GIVEN + "  given pot = 10 persons\n  expect shared_part = 5 persons\n",
        GIVEN + "  given pot = 10 persons\n  given part = 40%\n  expect shared_part = 4 persons because Art. 1\n",
        GIVEN
        + (
            '  given origin = DEU\n  given meeting at 2026-03-01 by ALB\n    place = "Oslo"\n'
            "    costs = 100 USD\n  expect cost = 100 USD\n  expect meeting is met\n"
        ),
        GIVEN + "  given meeting at 2026-01-01 by ALB\n  expect meeting is refused because Art. 2(1)\n",
        GIVEN
        + "  given origin = ALB\n  given meeting at 2026-03-01 by ALB\n  expect meeting is refused because Art. 2(1)\n",
        GIVEN + "  given 10th pledge at 2026-03-01\n  expect tenth = 2026-03-01\n  expect count of pledge = 10\n",
        GIVEN
        + "  given decision at 2026-03-01\n    favour = ALB, BEL\n    against = DEU\n  expect decision is adopted\n",
        GIVEN
        + (
            "  given decision at 2026-03-01\n    favour = ALB\n    against = DEU\n"
            "  expect decision is rejected\n  expect not decision is adopted\n"
        ),
        GIVEN + "  given decision at 2026-03-01\n    outcome = adopted\n  expect decision is adopted\n",
        # A group stands for those of its members that are not named by themselves.
        GIVEN + "  given decision at 2026-03-01\n    favour = inner\n    against = DEU\n  expect decision is adopted\n",
        GIVEN
        + (
            "  given decision at 2026-03-01\n    favour = members\n    against = DEU, BEL\n    present = ALB\n"
            "  expect decision is rejected\n"
        ),
        GIVEN + "  given pledge at 2026-03-01 by inner\n  expect pledge is met\n",
        GIVEN + "  expect to_be_safe of ALB is kept\n  expect to_be_safe of DEU is breached because Art. 3(2)\n",
        # A set given is taken as it stands, without its conditions.
        "  given inner = ALB\n  given outer = DEU\n  expect count of members = 2\n",
    ],
)
def test_examples_that_hold(lines: str) -> None:
    assert outcome(lines) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (GIVEN + "  expect sum_of_people = 101 persons\n", "PD880"),
        (GIVEN + "  expect tax of ALB = 1.06 persons within 0.05 persons\n", "PD880"),
        (GIVEN + "  expect tax of ALB = 1 person and tax of BEL = 4 persons\n", "PD880"),
        (GIVEN + "  expect shared_part = 5 persons\n", "PD881"),
        (GIVEN + "  given pot = 39 persons\n  expect sum of places = 39 persons because Art. 2\n", "PD882"),
        (GIVEN + "  given pot = 2 persons\n  expect places of ALB = 1 person\n", "PD881"),
        (GIVEN + "  given pot = 40 persons\n  expect places of ALB = 10 persons because Art. 2\n", "PD882"),
        (GIVEN + "  expect tenth = 2026-03-01\n", "PD880"),
        # Whether ALB may act turns on the State of origin, which is not given.
        (GIVEN + "  given meeting at 2026-03-01 by ALB\n  expect meeting is met\n", "PD881"),
        (GIVEN + "  expect meeting is met\n", "PD880"),
        (GIVEN + "  given origin = DEU\n  given meeting at 2026-03-01 by ALB\n  expect meeting is refused\n", "PD880"),
        (GIVEN + "  expect cost = 100 USD within 1 USD\n", "PD881"),
    ],
)
def test_examples_that_do_not_hold(lines: str, code: str) -> None:
    assert outcome(lines) == [code]


def test_what_is_said_shows_both_sides() -> None:
    (only,) = ran(POLICY + f'example "X"\n{GIVEN}  expect tax of ALB = 2 persons\n').values()
    assert dict(only.problems[0].params) == {"expected": "tax of ALB = 2 persons", "actual": "tax of ALB is 1 persons"}


def test_what_is_said_of_a_cohort_and_a_member_names_them_as_the_rules_do() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "language-sharing.md").read_text("utf-8")
    found = re.search(r"article 1 .Placement.*?sum of bill = 2_250 USD\n", page, flags=re.DOTALL)
    assert found is not None
    wrong = found[0].replace("expect placement of students of AUT = 5", "expect placement of students of AUT = 6")
    (only,) = ran(wrong).values()
    assert [dict(each.params)["actual"] for each in only.problems] == ["placement of students of AUT is 5 persons"]


def test_each_example_is_a_case_of_its_own() -> None:
    found = ran(
        POLICY
        + (
            f'example "One"\n{GIVEN}  expect sum_of_people = 100 persons\nexample "Two"\n  given inner = ALB\n'
            "  given outer = DEU\n  given people of ALB = 1 person\n  expect sum_of_people = 1 person\n"
        )
    )
    assert [each.passed for each in found.values()] == [True, True]


# ---- reservations ----------------------------------------------------------------------------------------------------

RESERVED = """article 1 "A"
  > Words.
  tier everybody "All"
    ALB, BEL, DEU
  indicators for each member
    people : persons "People"
  indicators for the case
    pot : persons "Pot"
  define weight "Weight" for each member = people
  apportion places "Places"
    total pot
    among members
    by weight
  reservation albania "Albania"
    by ALB {dates}
    to {to}
  reservations permitted to weight, places
"""


@pytest.mark.parametrize(
    ("to", "dates", "expected"),
    [
        ("weight : 0 persons", "", ["0 persons", "30 persons", "60 persons"]),
        (
            "weight : 2 * people",
            "",
            ["16.363636363636… persons", "24.545454545454… persons", "49.090909090909… persons"],
        ),
        ("places", "", ["0 persons", "30 persons", "60 persons"]),
        ("places", "from 2026-06-01", ["0 persons", "30 persons", "60 persons"]),
        ("places", "from 2026-06-02", ["9 persons", "27 persons", "54 persons"]),
        ("places", "until 2026-06-01", ["0 persons", "30 persons", "60 persons"]),
        ("places", "until 2026-05-31", ["9 persons", "27 persons", "54 persons"]),
    ],
)
def test_reservations(to: str, dates: str, expected: list[str]) -> None:
    found = decided(
        RESERVED.format(to=to, dates=dates),
        "facts: {pot: 90 persons, people: {unit: persons, ALB: 10, BEL: 30, DEU: 60}}\n",
    )
    assert [told(found, f"places of {m}") for m in ("ALB", "BEL", "DEU")] == expected


def test_a_ground_and_a_balance_can_be_given() -> None:
    text = """article 1 "A"
  > Words.
  tier guests "Guests"
    grounds kinship, restitution
  define by_kin "By kin" = count of (guests where ground of member is kinship)
  fund purse "Purse"
    level 100 USD
  define lacking "Lacking" = 100 USD - balance of purse

example "x"
  given guests = BEL, DEU
  given ground of BEL = kinship
  given ground of DEU = restitution
  given balance of purse = 40 USD
  expect by_kin = 1
  expect lacking = 60 USD
"""
    assert ran(text)["x"].problems == ()


def test_a_step_compared_with_yes_asks_whether_it_has_occurred() -> None:
    text = """article 1 "A"
  > Words.
  tier core "Core"
    ALB, BEL
  procedure p
    step act "Act"
      by core
  define done "Done" = act = yes
  define open "Open" = act is no

example "done"
  given act at 2026-02-01 by ALB
  expect done
  expect not open

example "not done"
  expect not done
  expect open
"""
    assert [each.problems for each in ran(text).values()] == [(), ()]


def test_cohorts_can_be_named_without_a_fact_of_theirs() -> None:
    text = """article 1 "A"
  > Words.
  tier core "Core"
    ALB, BEL
  indicators for each cohort
    size : persons "Size", missing means 7 persons
  define doubled "Doubled" for each cohort = 2 * size
  define how_many "How many" = count of cohorts

example "x"
  given cohorts = sick, well
  given size of well = 3 persons
  expect how_many = 2
  expect doubled of sick = 14 persons
  expect doubled of well = 6 persons
"""
    assert ran(text)["x"].problems == ()
