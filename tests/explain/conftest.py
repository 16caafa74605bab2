"""Decisions to explain: one under the model rules, one with hostile texts, one that shares nothing."""

from pathlib import Path

import pytest

from policy_dsl import pipeline
from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.examples import case_of

DATA = Path(__file__).parents[1] / "render" / "data"


def decided(policy: str, case: str) -> Decision:
    checked = pipeline.check_policy(pipeline.open_file(str(DATA / policy))).checked
    assert checked is not None
    read = pipeline.read_case(checked, pipeline.open_file(str(DATA / case)))
    assert read.case is not None, [(each.code, dict(each.params)) for each in read.problems]
    return pipeline.decide(checked, read.case)


@pytest.fixture(scope="session")
def spring() -> Decision:
    return decided("model_rules.policy", "model_rules.yaml")


@pytest.fixture(scope="session")
def turned() -> Decision:
    return decided("turned.policy", "turned.yaml")


@pytest.fixture(scope="session")
def placed() -> Decision:
    """The case of least cost, decided."""
    pytest.importorskip("networkx")
    home = Path(__file__).parents[2] / "policies" / "atherton_least_cost"
    return decided(str(home / "atherton_least_cost.policy"), str(home / "cases" / "four_cohorts.yaml"))


@pytest.fixture(scope="session")
def hostile() -> Decision:
    return decided("hostile.policy", "hostile.yaml")


@pytest.fixture(scope="session")
def emergency() -> Decision:
    checked = pipeline.check_policy(pipeline.open_file(str(DATA / "osce_emergency.policy"))).checked
    assert checked is not None
    return pipeline.decide(checked, case_of(checked, checked.program.examples[1]))
