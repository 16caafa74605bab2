"""PD666: discretion that has bounds on paper only."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.check.desk import text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("parameter"):
        assert isinstance(entry.node, tree.Parameter)
        left = entry.node.value
        if not isinstance(left, tree.LeftTo):
            continue
        low, high = draft.fixed(left.low), draft.fixed(left.high)
        if low is None or high is None:
            continue
        bounds = f"{text(left.low)} and {text(left.high)}"
        if low.amount == high.amount:
            yield draft.problem("PD666", left, name=entry.name, bounds=bounds, what="leave nothing to choose")
        elif low.unit.bare and low.unit.ratio and low.amount <= 0 and high.amount >= Fraction(1):
            yield draft.problem("PD666", left, name=entry.name, bounds=bounds, what="rule nothing out")
    for entry in draft.own("apportion"):
        assert isinstance(entry.node, tree.Apportion)
        adjusted = entry.node.adjusted
        within = draft.fixed(adjusted.within) if adjusted is not None else None
        if adjusted is not None and within is not None and within.unit.ratio and within.amount >= 1:
            bounds = f"adjustments within {text(adjusted.within)}"
            yield draft.problem("PD666", adjusted, name=entry.name, bounds=bounds, what="rule nothing out")


DISCRETION_WITHOUT_LIMITS = Rule("PD666", _look)
