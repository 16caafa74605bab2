"""Decisions to render: one under the model rules, one with hostile texts, one that shares nothing."""

import sys
from pathlib import Path

import pytest

from policy_dsl import pipeline
from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.examples import case_of

sys.path.insert(0, str(Path(__file__).parent))

DATA = Path(__file__).parent / "data"


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
def sixty() -> Decision:
    return decided("sixty.policy", "sixty.yaml")


@pytest.fixture(scope="session")
def hostile() -> Decision:
    return decided("hostile.policy", "hostile.yaml")


@pytest.fixture(scope="session")
def protection() -> Decision:
    """A policy that uses the articles of another instrument."""
    home = "../../../policies/eu_temporary_protection"
    return decided(f"{home}/eu_temporary_protection.policy", f"{home}/cases/ukraine_2022.yaml")


@pytest.fixture(scope="session")
def emergency() -> Decision:
    checked = pipeline.check_policy(pipeline.open_file(str(DATA / "osce_emergency.policy"))).checked
    assert checked is not None
    return pipeline.decide(checked, case_of(checked, checked.program.examples[1]))
