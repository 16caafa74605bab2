"""Conditions: expressions of which only yes or no is asked.

A step named in a condition means that it has occurred.
"""

from __future__ import annotations

from datetime import date

from policy_dsl.cases.case import Event
from policy_dsl.deadlines import begins
from policy_dsl.evaluate.arithmetic import impossible
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.syntax import tree


def condition(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    """The value of a condition: yes, no, or unknown."""
    found = engine.eval(node, env)
    value = found.value
    if isinstance(value, bool):
        return found
    if isinstance(value, Event):
        return Derived(True, "occurred", (found,), node)
    if isinstance(value, date):
        seen = env.view.before if env.view is not None else engine.now
        return Derived(begins(value, engine.clock) <= seen, "occurred", (found,), node)
    if isinstance(value, Unknown):
        if all(gap.kind == "not yet" for gap in value.gaps):
            return Derived(False, "occurred", (found,), node)
        return found
    return Derived(impossible("PD899", "condition"), "unknown", (found,), node)
