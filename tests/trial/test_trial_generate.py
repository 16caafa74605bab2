"""Generated cases: each is a case that the reader of cases takes without a word, and its file says the same."""

from datetime import date
from pathlib import Path

import pytest

from policy_dsl.cases.case import Case
from policy_dsl.cases.read import read_case
from policy_dsl.cases.written import written
from policy_dsl.check import Checked
from policy_dsl.evaluate import decide
from policy_dsl.pipeline import check_policy, open_file
from policy_dsl.pipeline import read_case as read_file
from policy_dsl.source import Source
from policy_dsl.trial.attack import Seeded, cases_of

POLICIES = Path(__file__).resolve().parents[2] / "policies"
NAMES = sorted(path.stem for path in POLICIES.glob("*/*.policy") if "." not in path.stem)
CASES = sorted(path.relative_to(POLICIES).as_posix() for path in POLICIES.glob("*/cases/*.yaml"))


def policy(name: str) -> Checked:
    checked = check_policy(open_file(str(POLICIES / name / f"{name}.policy"))).checked
    assert checked is not None
    return checked


def said(case: Case) -> dict[str, object]:
    """What a case says, apart from its places in a file."""
    return {
        "at": case.at,
        "opened": case.opened,
        "groups": dict(case.groups),
        "grounds": {name: dict(of) for name, of in case.grounds.items() if of},
        "cohorts": case.cohorts,
        "facts": sorted(
            (fact.indicator, fact.member, fact.cohort, fact.year or 0, str(fact.value), str(fact.low), fact.origin)
            for fact in case.facts
        ),
        "events": [
            (event.step, event.at, event.by, {name: str(value) for name, value in event.fields.items()}, event.origin)
            for event in case.events
        ],
        "choices": [(each.parameter, each.value, each.by, each.because, each.at) for each in case.choices],
        "adjustments": [(each.apportionment, each.member, each.change, each.by) for each in case.adjustments],
        "ledgers": [
            (each.fund, each.balance, sorted((one.kind, one.member, str(one.amount), one.on) for one in each.movements))
            for each in case.ledgers
        ],
        "lots": [(each.apportionment, each.drawn) for each in case.lots],
        "statements": [(each.by, each.text) for each in case.statements],
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_generated_case_is_read_without_a_word_and_says_the_same(name: str):
    checked = policy(name)
    cases = cases_of(checked)
    for seed in range(12):
        case = cases.draw(Seeded(seed))
        read = read_case(Source("case.yaml", written(case, checked.program)), checked.program, lambda *_: None)
        assert [(each.code, dict(each.params)) for each in read.problems] == []
        assert read.case is not None
        assert said(read.case) == said(case)


@pytest.mark.parametrize("name", NAMES)
def test_a_generated_case_can_be_decided(name: str):
    checked = policy(name)
    cases = cases_of(checked)
    for seed in range(2):
        assert decide(checked, cases.draw(Seeded(seed))).case.title == "Generated case"


@pytest.mark.parametrize("path", CASES)
def test_every_case_of_the_policies_is_written_and_read_again(path: str):
    checked = policy(path.split("/", 1)[0])
    case = read_file(checked, open_file(str(POLICIES / path))).case
    assert case is not None
    again = read_case(Source("case.yaml", written(case, checked.program)), checked.program, lambda *_: None)
    assert [each.code for each in again.problems if each.severity.value == "error"] == []
    assert again.case is not None
    assert said(again.case) == said(case)


@pytest.mark.parametrize("path", [path for path in CASES if path.startswith(("model_rules/", "cirefca/", "icara/"))])
def test_around_a_given_case_all_that_is_drawn_simplest_is_that_case(path: str):
    checked = policy(path.split("/", 1)[0])
    base = read_file(checked, open_file(str(POLICIES / path))).case
    assert base is not None

    class Simplest:
        def integer(self, low: int, high: int) -> int:
            return low

    assert said(cases_of(checked, base).draw(Simplest())) == said(base)


def test_what_a_guarantee_does_not_rest_on_is_the_same_in_every_case():
    checked = policy("model_rules")
    about = cases_of(checked, about=("desired_level",))
    drawn = [about.draw(Seeded(seed)) for seed in range(20)]
    assert {str(fact.value) for case in drawn for fact in case.facts if fact.indicator == "arrivals"} == {"1 persons"}
    everything = cases_of(checked)
    drawn = [everything.draw(Seeded(seed)) for seed in range(20)]
    assert len({str(fact.value) for case in drawn for fact in case.facts if fact.indicator == "arrivals"}) > 5
    assert everything.names > about.names


def test_draws_are_the_same_on_every_machine_and_lie_within_their_bounds():
    # The lower halves of the first outputs of SplitMix64 for the seed 0, as its authors publish them.
    draws = Seeded(0)
    assert [draws.integer(0, 2**32 - 1) for _ in range(3)] == [0x7B1DCDAF, 0xA1B965F4, 0x8009454F]
    many = [Seeded(seed).integer(5, 7) for seed in range(200)]
    assert set(many) == {5, 6, 7}
    assert max(Seeded(seed).integer(0, 10**30) for seed in range(50)) > 2**64


def test_the_dates_of_cases_are_those_on_which_something_changes():
    days = cases_of(policy("african_union_scale")).days
    assert {date(2016, 1, 30), date(2016, 1, 31)} <= set(days)
