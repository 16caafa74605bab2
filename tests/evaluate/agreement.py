"""Watches the engine: each value that it finds must be of the type that the checker told from the text alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib import import_module

import pytest

from policy_dsl.cases.case import Case, Event
from policy_dsl.check import Checked
from policy_dsl.check.types import Kind, Type
from policy_dsl.evaluate import examples
from policy_dsl.evaluate.derivation import Derived, Status, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, Handler
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

# The package gives the function of this name; here it is the module that is watched.
DECIDING = import_module("policy_dsl.evaluate.decide")

# What a value of each kind may be. A step stands for its event or for the date on which it falls; a State for a group
# of one.
_FITTING: Mapping[Kind, tuple[type, ...]] = {
    Kind.QUANTITY: (Quantity,),
    Kind.TRUTH: (bool,),
    Kind.TIME: (date, Event),
    Kind.EVENT: (date, Event),
    Kind.STATE: (str, tuple),
    Kind.BODY: (str, tuple),
    Kind.GROUP: (str, tuple),
    Kind.BODIES: (str, tuple),
    Kind.EVENTS: (tuple, Event, date),
    Kind.COHORT: (str,),
    Kind.COHORTS: (tuple,),
    Kind.TEXT: (str,),
    Kind.STATUS: (Status, str),
    Kind.GROUND: (Status,),
    Kind.NOTHING: (tuple,),
}


def disagrees(found: Value, told: Type) -> str:
    """How a value differs from its type; empty if it does not, or if either is not known."""
    if isinstance(found, Unknown) or told.kind is Kind.UNKNOWN or told.kind not in _FITTING:
        return ""
    if not isinstance(found, _FITTING[told.kind]):
        return f"{found!r} is not {told.kind.value}"
    if isinstance(found, Quantity) and found.unit != told.unit:
        return f"{found} is in {found.unit}, not in {told.unit}"
    return ""


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Collects, while it lasts, each expression whose value is not of its type: its words, and how they differ."""
    disagreements: list[tuple[str, str]] = []
    true = DECIDING.engine_for

    def watching(checked: Checked, case: Case) -> Engine:
        engine = true(checked, case)
        types = checked.types

        def watch(handler: Handler) -> Callable[[Engine, tree.Expr, Env], Derived]:
            def watched_handler(engine: Engine, node: tree.Expr, env: Env) -> Derived:
                made = handler(engine, node, env)
                told = types.get(node)
                if told is not None and (said := disagrees(made.value, told)):
                    disagreements.append((" ".join(node.span.text.split()), said))
                return made

            return watched_handler

        engine.handlers = {kind: watch(handler) for kind, handler in engine.handlers.items()}
        return engine

    with monkeypatch.context() as patched:
        patched.setattr(DECIDING, "engine_for", watching)
        patched.setattr(examples, "engine_for", watching)
        yield disagreements
