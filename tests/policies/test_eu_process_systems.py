"""Procedures of the European Union: votes of the Council, how long protection lasts, and the alert of 1996.

What is to be found stands in `cases/expected/*.csv` beside the cases. The people are counted again, and the shares
worked out again, apart from the engine.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from policy_dsl.cases.case import Event
from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision
from policy_dsl.pipeline import check_policy, decide, open_file, read_case
from policy_dsl.values import Quantity

ROOT = Path(__file__).resolve().parents[2] / "policies"


@cache
def law(folder: str) -> Checked:
    found = check_policy(open_file(str(ROOT / folder / f"{folder}.policy"))).checked
    assert found is not None
    return found


@cache
def decided(folder: str, case: str) -> Decision:
    read = read_case(law(folder), open_file(str(ROOT / folder / "cases" / f"{case}.yaml")))
    assert read.case is not None, [(problem.code, dict(problem.params)) for problem in read.problems]
    return decide(law(folder), read.case)


def table(path: str) -> Iterator[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


VOTES = list(table("eu_council_majority/cases/expected/worked_votes.csv"))
DATES = list(table("eu_temporary_protection/cases/expected/ukraine_dates.csv"))


def shown(decision: Decision, name: str) -> str:
    found = decision.values[name, ()].value
    return str(found.at if isinstance(found, Event) else found)


def amount(decision: Decision, name: str) -> Fraction:
    found = decision.values[name, ()].value
    assert isinstance(found, Quantity)
    return found.amount


def status(decision: Decision, step: str) -> str:
    return next(each.status for each in decision.timeline if each.entry.name == step)


def refused(decision: Decision, step: str) -> list[str]:
    """The days of the events that count for nothing."""
    found = next(each for each in decision.timeline if each.entry.name == step)
    return [str(each.event.at) for each in found.events if not each.valid]


# ---- votes of the Council --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", VOTES, ids=[row["case"] for row in VOTES])
def test_a_vote_of_the_council_comes_out_again(row: dict[str, str]) -> None:
    found = decided("eu_council_majority", row["case"])
    assert status(found, "adoption") == ("adopted" if row["adopted"] == "yes" else "rejected")
    assert amount(found, "in_favour") == int(row["members in favour"])
    assert math.ceil(amount(found, "needed")) == int(row["members needed"])
    assert abs(amount(found, "people") - Fraction(row["population in favour (ratio)"])) <= Fraction(1, 2_000_000)
    assert amount(found, "least_to_block") == int(row["blocking minority"])


def test_the_people_are_counted_again() -> None:
    people = {
        row["member"]: int(row["population (persons)"])
        for row in table("eu_council_majority/cases/population_2014_facts.csv")
    }
    assert len(people) == 28
    taking_part = sum(people.values()) - sum(people[each] for each in ("DNK", "GBR", "IRL"))
    found = decided("eu_council_majority", "opt_out_two_largest")
    assert amount(found, "people") == 1 - Fraction(people["DEU"] + people["FRA"], taking_part)


EVERYBODY = [
    row["member"] for row in table("eu_council_majority/cases/population_2014_facts.csv") if row["member"] != "GBR"
]


@pytest.mark.parametrize(
    ("favour", "absent", "proposed", "adopted"),
    [
        # Members: 14.85 of 27 with a proposal, 19.44 without; 13.75 and 18 of 25.
        (15, 0, True, True),
        (14, 0, True, False),
        (20, 0, False, True),
        (19, 0, False, False),
        (14, 2, True, True),
        (13, 2, True, False),
        (18, 2, False, True),
        (17, 2, False, False),
    ],
)
def test_a_member_more_or_less(favour: int, absent: int, proposed: bool, adopted: bool) -> None:
    """Those in favour hold almost all the people, so that the number of members decides."""
    aside, voters = EVERYBODY[:absent], EVERYBODY[absent:]
    people = dict.fromkeys(EVERYBODY, 1) | dict.fromkeys(voters[:favour], 1_000)
    assert voted(people, aside, voters[:favour], voters[favour:], proposed) == adopted


@pytest.mark.parametrize(
    ("against", "aside", "proposed", "adopted"),
    [
        # With less than 65 per cent of the people: three do not block where all take part, four do.
        (3, 0, True, True),
        (4, 0, True, False),
        # Without a proposal the people are missing, however few are against.
        (3, 0, False, False),
        (1, 0, False, False),
        # Two do not take part: the largest alone holds over 35 per cent, so that two block and one does not.
        (1, 2, True, True),
        (2, 2, True, False),
        (1, 2, False, False),
    ],
)
def test_who_blocks(against: int, aside: int, proposed: bool, adopted: bool) -> None:
    out, voters = EVERYBODY[:aside], EVERYBODY[aside:]
    people = dict.fromkeys(EVERYBODY, 10) | {voters[0]: 500}
    assert voted(people, out, voters[against:], voters[:against], proposed) == adopted


@pytest.mark.parametrize("favour", [650, 649])
def test_sixty_five_per_cent_of_the_people(favour: int) -> None:
    """Four are against, so that the people alone decide."""
    people = dict.fromkeys(EVERYBODY[4:], 10) | dict.fromkeys(EVERYBODY[:4], 1)
    people[EVERYBODY[4]] = favour - 220
    people[EVERYBODY[0]] = 1_000 - favour - 3
    assert sum(people.values()) == 1_000
    assert voted(people, [], EVERYBODY[4:], EVERYBODY[:4], True) == (favour >= 650)


def voted(people: dict[str, int], aside: list[str], favour: list[str], against: list[str], proposed: bool) -> bool:
    text = f"""case: Made
policy: eu_council_majority
at: 2021-03-01
default: {{source: made, date: 2021-03-01}}
members:
  opted_out: [{", ".join(aside)}]
facts:
  population: {{unit: persons, {", ".join(f"{member}: {count}" for member, count in people.items())}}}
events:
  - step: adoption
    at: 2021-03-01
    on_proposal: {"yes" if proposed else "no"}
    favour: [{", ".join(favour)}]
    against: [{", ".join(against)}]
"""
    rules = law("eu_council_majority")
    read = read_case(rules, open_file(str(ROOT / "eu_council_majority" / "cases" / "made.yaml"), text.encode()))
    assert read.case is not None, [(problem.code, dict(problem.params)) for problem in read.problems]
    return status(decide(rules, read.case), "adoption") == "adopted"


# ---- temporary protection --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", DATES, ids=[row["case"] for row in DATES])
def test_protection_lasts_as_long_as_it_did(row: dict[str, str]) -> None:
    found = decided("eu_temporary_protection", row["case"])
    falls = {each.entry.name: str(each.falls.value) for each in found.timeline if each.falls is not None}
    for term in ("first_term", "second_term", "third_term"):
        assert falls[term] == row[term]
    assert shown(found, "ends") == row["ends"]
    assert refused(found, "prolongation") == row["refused"].split()
    assert [each.status for each in found.guarantees] == ["holds"]


def test_what_has_been_ended_is_not_prolonged() -> None:
    found = decided("eu_temporary_protection", "ended_early_hypothetical")
    assert shown(found, "ends") == "2023-06-01"
    assert refused(found, "prolongation") == ["2023-10-19"]
    assert {status(found, term) for term in ("second_term", "third_term")} == {"not due"}


# ---- the alert of 1996 -----------------------------------------------------------------------------------------------


def shares_of_1996(largest: Fraction) -> dict[str, Fraction]:
    """The shares of a hundred thousand persons before rounding, worked out apart from the engine."""
    rows = list(table("eu_alert_emergency/cases/fifteen_1995_facts.csv"))
    people = {row["member"]: Fraction(row["population (persons)"]) for row in rows}
    product = {row["member"]: Fraction(row["gdp (USD per year)"]) for row in rows}
    effort = {row["member"]: int(row["troops (persons)"]) / people[row["member"]] for row in rows}
    weights = {
        member: (people[member] / sum(people.values()) + product[member] / sum(product.values()))
        * (1 - largest * effort[member] / max(effort.values()))
        for member in people
    }
    return {member: 100_000 * weight / sum(weights.values()) for member, weight in weights.items()}


def places_of(case: str) -> dict[str, Fraction]:
    (places,) = decided("eu_alert_emergency", case).shares
    return {row.member: row.final.value.amount for row in places.rows if isinstance(row.final.value, Quantity)}


@pytest.mark.parametrize(
    ("case", "approval", "largest"),
    [
        ("soldiers_count_1996", "adopted", Fraction(1, 2)),
        # Without an approval there is no choice, and nobody is spared anything.
        ("one_against_1996", "rejected", Fraction(0)),
    ],
)
def test_the_alert_of_1996(case: str, approval: str, largest: Fraction) -> None:
    found = decided("eu_alert_emergency", case)
    assert status(found, "finding") == "adopted"
    assert status(found, "approval") == approval
    final = places_of(case)
    assert sum(final.values()) == 100_000
    assert len(final) == 15
    for member, exact in shares_of_1996(largest).items():
        assert abs(final[member] - exact) < 1


def test_who_sends_soldiers_is_spared_and_the_others_take_it() -> None:
    with_choice, without = places_of("soldiers_count_1996"), places_of("one_against_1996")
    assert [with_choice["DNK"], without["DNK"]] == [Fraction(932), Fraction(1_705)]
    assert [with_choice["DEU"], without["DEU"]] == [Fraction(27_326), Fraction(24_998)]


def test_places_are_not_independent_of_soldiers() -> None:
    """What the model rules refuse: the check refutes the independence."""
    path = ROOT / "eu_alert_emergency" / "eu_alert_emergency.policy"
    text = path.read_text(encoding="utf-8").replace(
        "  guarantee nobody_left_out",
        "  guarantee not_for_sale : places independent of troops\n  guarantee nobody_left_out",
    )
    found = check_policy(open_file(str(path), text.encode()))
    assert "PD490" in {problem.code for problem in found.problems}
