"""Attacks on guarantees: what fails is found and made small, what holds survives, and the same seed gives the same."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from policy_dsl.check import Checked, check
from policy_dsl.evaluate import decide
from policy_dsl.pipeline import check_policy, open_file
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse
from policy_dsl.trial.attack import Attacked, attack, example_of

POLICIES = Path(__file__).resolve().parents[2] / "policies"
HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

article 1 "Members and facts"
  > The members are those which the case names.
  tier core "Members"
  indicators for the case
    arrivals : persons "Persons who have arrived"
  indicators for each member
    population : persons "Population", between 1 persons and 1_000_000_000 persons
    {security}
"""
SECURITY = 'security : rating "Physical security", between 0 and 10'

PLACES = """article 2 "Places"
  > Persons who arrive are shared by population.
  apportion places "Places"
    total    arrivals
    among    members
    by       population
    rounding largest_remainder
    ties     by lot
"""


def sound(text: str) -> Checked:
    header = HEADER.format(security=SECURITY if "security" in text else "")
    if "arrivals" not in text:
        header = header.replace('  indicators for the case\n    arrivals : persons "Persons who have arrived"\n', "")
    if "population" not in text:
        header = header.partition("  indicators for each member")[0]
    resolved = resolve(parse(Source("t.policy", f"{header}\n{text}")), lambda *_: None)
    assert resolved.program is not None
    checked = check(resolved.program)
    problems = [*resolved.problems, *checked.problems]
    assert [(each.code, dict(each.params)) for each in problems if each.severity.value == "error"] == []
    return checked


def only(text: str, **more: int) -> Attacked:
    (found,) = attack(sound(text), **more)
    return found


def facts_of(found: Attacked) -> dict[tuple[str, str], str]:
    assert found.found is not None
    return {(fact.indicator, fact.member): str(fact.value) for fact in found.found.case.facts}


# ---- what fails in a narrow region -----------------------------------------------------------------------------------


def test_an_exception_that_lifts_a_ceiling_is_found_and_the_case_is_the_smallest():
    """The ceiling is a half, but who has exactly 1 000 inhabitants and a security of nine is let off it."""
    found = only(
        """article 2 "Rate"
  > Nobody bears more than a half.
  define rate "Rate" for each member = min(population / (population + 1_000 persons), 50%)
    except where population = 1_000 persons and security = 9 : 51%
  guarantee bearable : rate <= 50%
"""
    )
    assert facts_of(found) == {("population", "XAA"): "1_000 persons", ("security", "XAA"): "9"}
    assert found.found is not None
    assert found.found.case.groups == {"core": ("XAA",)}


def test_a_ceiling_that_is_passed_by_one_person_alone():
    found = only(
        """article 2 "Room"
  > There is room for a hundred.
  define taken "Taken" for each member = population
    except where population > 100 persons : 100 persons
    except where population = 101 persons : 101 persons notwithstanding Art. 2
  guarantee room : taken <= 100 persons
"""
    )
    assert facts_of(found)[("population", "XAA")] == "101 persons"


def test_a_guarantee_of_the_sum_fails_where_nobody_can_take_the_rest():
    found = only(
        PLACES.replace("    rounding", "    at most  5 persons\n    rounding")
        + "  guarantee all_placed : sum of places = arrivals\n"
    )
    assert facts_of(found)[("arrivals", "")] == "6 persons"
    assert found.found is not None
    assert len(found.found.case.groups["core"]) == 1


def test_a_late_vote_of_the_record_is_found():
    """Only a recorded, adopted vote breaks it: the attack makes a record."""
    found = only(
        """article 2 "Vote"
  > They vote on a reserve.
  procedure deciding
    step decision "Decision"
      by members
      quorum none
      adopted when count of favour >= 2
  parameter reserve = left to decision between 0% and 30%, otherwise 10%
  guarantee small : reserve <= 20%
"""
    )
    assert found.found is not None
    case = found.found.case
    assert [(each.parameter, str(each.value)) for each in case.choices] == [("reserve", "30%")]
    assert [each.step for each in case.events] == ["decision"]
    assert len(case.events[0].fields["favour"]) == 2


def test_a_figure_that_changes_on_a_day_is_found():
    found = only(
        """article 2 "Rate"
  > The rate is ten per cent, from 2027 thirty.
  parameter rate = 10%
    from 2027-01-01 : 30%
  guarantee small : rate <= 20%
"""
    )
    assert found.found is not None
    assert found.found.case.at.isoformat() == "2027-01-01"


def test_a_gap_in_the_facts_is_found():
    text = HEADER.format(security="").replace('"Population"', '"Population", missing means 7 persons')
    text = text.replace('  indicators for the case\n    arrivals : persons "Persons who have arrived"\n', "")
    text += '\narticle 2 "A"\n  > No seven.\n  guarantee g : population <> 7 persons\n'
    resolved = resolve(parse(Source("t.policy", text)), lambda *_: None)
    assert resolved.program is not None
    (found,) = attack(check(resolved.program))
    assert found.found is not None
    assert found.found.case.facts == ()


# ---- what holds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "guarantee",
    ["sum of places = arrivals", "places >= 0 persons", "places <= arrivals"],
)
def test_what_holds_survives(guarantee: str):
    found = only(f"{PLACES}  guarantee kept_always : {guarantee}\n")
    assert (found.found, found.proved) == (None, False)
    assert found.tried == 300
    assert found.shown > 200


def test_what_the_text_proves_is_not_attacked():
    found = only(f"{PLACES}  define fee = 7 USD * count of members\n  guarantee free : places independent of fee\n")
    assert (found.proved, found.tried, found.found) == (True, 0, None)


def test_the_number_of_cases_is_that_which_was_asked_for():
    assert only(f"{PLACES}  guarantee all_placed : sum of places = arrivals\n", cases=20).tried == 20


def test_what_varies_is_said_and_is_what_the_guarantee_rests_on():
    found = only(f"{PLACES}  guarantee all_placed : sum of places = arrivals\n", cases=5)
    assert found.varied == ("who belongs to core", "the facts arrivals and population", "the lots of places")


# ---- every counter-example -------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_case():
    text = PLACES + "  guarantee few : places <= 40 persons\n"
    texts = [only(text, seed=seed).found for seed in (0, 0, 3)]
    assert texts[0] is not None
    assert texts[1] is not None
    assert texts[0].text == texts[1].text
    assert texts[2] is not None  # other cases, and a counter-example too


@pytest.mark.parametrize("name", ["model_rules", "lake_group", "chimni_equal_quotas", "icara", "esm_contribution_key"])
def test_each_counter_example_breaks_its_guarantee_in_a_decision_too(name: str):
    checked = check_policy(open_file(str(POLICIES / name / f"{name}.policy"))).checked
    assert checked is not None
    for each in attack(checked, cases=40):
        if each.found is None:
            continue
        outcomes = {one.entry.name: one.status for one in decide(checked, each.found.case).guarantees}
        assert outcomes[each.entry.name] == "fails"


def test_the_model_rules_fail_where_there_is_nobody_to_receive():
    """Art. 13(1): nobody is left without a place. With one State alone, from which they flee or not, some may be."""
    checked = check_policy(open_file(str(POLICIES / "model_rules" / "model_rules.policy"))).checked
    assert checked is not None
    (found,) = attack(checked, cases=30, only=("everyone_has_a_place",))
    assert found.found is not None
    assert "PD851" in {each.code for each in decide(checked, found.found.case).problems}


# ---- as an example ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        PLACES + "  guarantee few : sum of places <= 40 persons\n",
        PLACES + "  guarantee few : places <= 40 persons\n",
        'article 2 "V"\n  > They vote.\n  procedure deciding\n    step decision\n      by members\n'
        "      records size : persons\n      quorum none\n      adopted when count of favour >= 2\n"
        "  guarantee none_adopted : not (decision is adopted)\n",
    ],
)
def test_a_counter_example_becomes_an_example_that_fails(text: str):
    checked = sound(text)
    (found,) = attack(checked)
    assert found.found is not None
    example = example_of(checked, lambda *_: None, found.entry, found.found.case)
    assert example.startswith('example "A case in which “')
    assert f"  expect {found.entry.name}" in example


def test_an_example_keeps_the_seconds_of_an_event():
    text = (
        'article 2 "V"\n  > They vote.\n  procedure deciding\n    step decision\n      by members\n'
        "      quorum none\n      adopted when count of favour >= 2\n"
        "  guarantee none_adopted : not (decision is adopted)\n"
    )
    checked = sound(text)
    (found,) = attack(checked)
    assert found.found is not None
    case, moment = found.found.case, datetime(2026, 3, 1, 9, 30, 7, tzinfo=UTC)
    precise = replace(case, events=tuple(replace(each, at=moment) for each in case.events))
    example = example_of(checked, lambda *_: None, found.entry, precise)
    assert "at 2026-03-01T09:30:07Z" in example
