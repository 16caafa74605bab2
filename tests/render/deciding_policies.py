"""Decides the cases that stand beside the policies of the project, each once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from policy_dsl import pipeline
from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision

POLICIES = Path(__file__).parents[2] / "policies"


@cache
def checked(policy: str) -> Checked:
    """A policy of the project."""
    found = pipeline.check_policy(pipeline.open_file(str(POLICIES / policy / f"{policy}.policy"))).checked
    assert found is not None
    return found


@cache
def decided(policy: str, case: str) -> Decision:
    """A case under a policy, both by the names of their files."""
    read = pipeline.read_case(checked(policy), pipeline.open_file(str(POLICIES / policy / "cases" / f"{case}.yaml")))
    assert read.case is not None
    return pipeline.decide(checked(policy), read.case)
