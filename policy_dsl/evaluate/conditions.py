"""Conditions: expressions of which only yes or no is asked.

A step named in a condition means that it has occurred.
"""

from __future__ import annotations

from datetime import date

from policy_dsl.cases.case import Event
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
        return Derived(engine.has_come(value, env.view), "occurred", (found,), node)
    if isinstance(value, Unknown):
        return Derived(False, "occurred", (found,), node) if not_yet(found) else found
    return Derived(impossible("PD899", "condition"), "unknown", (found,), node)


def not_yet(found: Derived) -> bool:
    """Whether there is no value because some event has not occurred, and for no other reason."""
    return isinstance(found.value, Unknown) and all(gap.kind == "not yet" for gap in found.value.gaps)
