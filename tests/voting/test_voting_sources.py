"""Votes of the Council of the European Union, under the treaties as they stood."""

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from policy_dsl.voting import (
    Standard,
    compose_lists,
    consensus,
    double,
    fewest,
    of_members,
    reachable,
    tally,
    weight_of,
    weighted,
)

COUNCIL = json.loads(
    (Path(__file__).parent / "data" / "council_of_the_european_union.json").read_text(encoding="utf-8")
)
POPULATION: dict[str, int] = COUNCIL["population"]


@pytest.mark.parametrize("case", COUNCIL["cases"], ids=lambda case: case["id"])
def test_qualified_majority(case: dict[str, Any]) -> None:
    everybody = case["participating"] == "all 28"
    voters = list(POPULATION) if everybody else case["participating"]
    people = {voter: POPULATION[voter] for voter in voters}
    opposed = {*case["against"], *case["abstain"]}
    vote = compose_lists(voters, set(voters) - opposed, case["against"], case["abstain"])
    heads = Fraction(55 if case["on_commission_proposal"] else 72, 100)
    blocking = 4 if everybody else fewest(people, Fraction(35, 100)) + 1
    found, expected = double(vote, heads, people, Fraction(65, 100), blocking), case["expected"]
    assert found.heads.reached == expected["states_for"]
    assert math.ceil(found.heads.needed) == expected["states_needed"]
    share = found.weight.reached / found.weight.of
    assert abs(share - Fraction(str(expected["population_for_share"]))) <= Fraction(1, 2_000_000)
    assert found.blocking is not None
    assert found.blocking.least == expected["blocking_size"]
    assert found.blocking.opposing == expected["not_in_favour"]
    assert found.met is expected["adopted"]


def test_three_large_members_do_not_block() -> None:
    against = ["DE", "FR", "UK"]
    vote = compose_lists(POPULATION, set(POPULATION) - set(against), against)
    found = double(vote, Fraction(55, 100), POPULATION, Fraction(65, 100), blocking=4)
    assert not found.weight.met
    assert found.blocking is not None
    assert not found.blocking.stands
    assert found.met, "the majority is deemed attained"
    assert not double(vote, Fraction(55, 100), POPULATION, Fraction(65, 100)).met


def test_weights_of_nice() -> None:
    nice = COUNCIL["nice"]
    weights: dict[str, int] = nice["weights"]
    assert weight_of(weights, weights) == nice["total"]
    ratio = Fraction(nice["votes_needed"], nice["total"])
    largest = sorted(weights, key=lambda member: -weights[member])
    needed = next(n for n in range(29) if weighted(compose_lists(weights, largest[:n]), weights, ratio).met)
    assert weighted(compose_lists(weights, largest[: needed - 1]), weights, ratio).reached < nice["votes_needed"]
    for votes, met in [(260, True), (259, False)]:
        assert weighted(tally(2, 1), {0: votes, 1: nice["total"] - votes}, ratio).met is met
    # "a majority of members": 15 of 28
    majority = Fraction(nice["members_needed"], len(weights))
    assert of_members(tally(28, 15), majority).met
    assert not of_members(tally(28, 14), majority).met


@pytest.mark.parametrize("past", COUNCIL["history"]["rows"], ids=lambda past: past["council"])
def test_history_of_the_two_thresholds(past: dict[str, Any]) -> None:
    total, needed, blocks = past["total_votes"], past["votes_needed"], past["votes_that_block"]
    ratio = Fraction(needed, total)
    for against, met in [(blocks - 1, True), (blocks, False)]:
        votes = weighted(compose_lists("AB", "A", "B"), {"A": total - against, "B": against}, ratio)
        assert (votes.needed, votes.met) == (needed, met)
    council, heads = past["council_members"], past["members_needed"]
    for favour, met in [(heads, True), (heads - 1, False)]:
        assert of_members(tally(council, favour), Fraction(heads, council)).met is met


def test_the_council_of_27_can_reach_its_majority_and_one_needs_more_than_it_has() -> None:
    assert reachable(lambda favour, against, abstaining: favour >= Fraction(55, 100) * 27, 27) is not None
    assert reachable(lambda favour, against, abstaining: favour >= 12, 11) is None


def test_an_abstention_blocks_a_qualified_majority_and_no_consensus() -> None:
    vote = compose_lists("ABCD", "AB", abstaining="CD")
    assert not of_members(vote, Fraction(55, 100)).met
    found = consensus(vote)
    assert (found.met, found.test, found.reached) == (True, Standard.AT_MOST, Fraction(0))
