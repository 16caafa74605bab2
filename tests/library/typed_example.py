"""A program that uses the library, for the type checker: every name has a type, and no result is `Any`."""

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import assert_type

import policy_dsl
from policy_dsl.values import Quantity


def decide(policy: policy_dsl.Policy, case: Path) -> dict[str, Fraction]:
    """What each member receives."""
    decided = policy.decide(case, as_at=date(2026, 8, 1))
    assert_type(decided, policy_dsl.Decided)
    assert_type(decided.complete, bool)
    assert_type(decided.document("html"), str)
    assert_type(decided.document("pdf", language="fr", paper="letter"), bytes)
    assert_type(decided.explain("places of AUT", why_not=True, level="full"), str)
    assert_type(decided.shares("places")["AUT"], Quantity | None)
    assert_type(decided.values["places of AUT"], Quantity | bool | str | date | datetime | tuple[str, ...] | None)
    return {member: share.amount for member, share in decided.shares("places").items() if share is not None}


def check(path: str) -> tuple[str, ...]:
    """The codes of what is wrong with a policy."""
    try:
        policy = policy_dsl.load(path, take=["A"])
    except policy_dsl.PolicyError as error:
        assert_type(error.code, str)
        return tuple(each.code for each in error.problems)
    assert_type(policy_dsl.load_text("policy …"), policy_dsl.Policy)
    return tuple(each.code for each in policy.problems)


def sweep(policy: policy_dsl.Policy, table: object) -> int:
    """How many cases were decided by the exact engine."""
    swept = policy.sweep(table, base={"case": "x"}, vary=["gdp=±20%"], draws=10, seed=1, jobs=2, compiled=False)
    assert_type(swept, policy_dsl.Swept)
    assert_type(len(swept), int)
    assert_type(swept.why, dict[str, int])
    assert_type(swept.summary("md", weigh=False), str)
    rows = sum(batch.members.num_rows for batch in swept.batches())
    return swept.again if rows else 0
