"""A step's own lines together with those of the step it is decided as, and the dates of a periodic step."""

from __future__ import annotations

from datetime import date, datetime

from policy_dsl.deadlines import DeadlineError, begins, point
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.evaluate.times import period_of, time_of
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

MOST_DUES = 1000


@dataclass(frozen=True, slots=True)
class Rule:
    """The lines of a step; where it has none of a kind, those of its model (`step x as y`)."""

    by: tree.Condition | None
    once_each: bool
    on: tree.Condition | None
    once: tree.Condition | None
    every: tree.Every | None
    not_before: tree.Condition | None
    not_after: tree.Condition | None
    requires: tuple[tree.Condition, ...]
    quorum: tree.Condition | None
    adopted: tree.Condition | None
    failing: tree.Condition | None
    silence: str


def rule_of(engine: Engine, step: Entry) -> Rule:
    """The lines that hold for a step."""
    return engine.kept(("rule", step.name), lambda: _rule(engine, step, frozenset()))


def _rule(engine: Engine, step: Entry, seen: frozenset[str]) -> Rule:
    node = step.node
    assert isinstance(node, tree.Step)
    own = Rule(
        node.by,
        node.once_each,
        node.on,
        node.once,
        node.every,
        node.not_before,
        node.not_after,
        node.requires,
        node.quorum,
        node.adopted,
        node.failing,
        node.silence.text if node.silence else "",
    )
    model = engine.program.entries.get(node.model.text) if node.model else None
    if model is None or model.name in seen:
        return own
    base = _rule(engine, model, seen | {step.name})
    return Rule(
        own.by or base.by,
        own.once_each or base.once_each,
        own.on or base.on,
        own.once or base.once,
        own.every or base.every,
        own.not_before or base.not_before,
        own.not_after or base.not_after,
        (*base.requires, *own.requires),
        own.quorum or base.quorum,
        own.adopted or base.adopted,
        own.failing or base.failing,
        own.silence or base.silence,
    )


def dues(engine: Engine, step: Entry, every: tree.Every, env: Env) -> tuple[Derived, tuple[date | datetime, ...]]:
    """The start, and the due dates of a periodic step up to the first one after the case's last moment."""
    start = engine.eval(every.after, Env(view=env.view, scope=step))
    period = period_of(engine.eval(every.period, env).value)
    when = time_of(start.value)
    if when is None or period is None or period.count == 0:
        return start, ()
    found: list[date | datetime] = []
    for number in range(1, MOST_DUES):
        try:
            due = point(when, period.times(number), engine.regime, engine.calendar, engine.clock).end
        except DeadlineError:
            break
        found.append(due)
        if begins(due, engine.clock) > engine.now:
            break
    return start, tuple(found)
