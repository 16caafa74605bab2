"""Windows: whether an event, or a date on which a step falls by itself, lies within `not before` and `not after`."""

from __future__ import annotations

from datetime import datetime

from policy_dsl.cases.case import Event
from policy_dsl.deadlines import begins, ends
from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.conditions import not_yet
from policy_dsl.evaluate.derivation import Derived, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, joined
from policy_dsl.evaluate.sight import hour_needed, written
from policy_dsl.evaluate.steps import Rule
from policy_dsl.evaluate.times import deadline, time_of
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def within_window(engine: Engine, step: Entry, rule: Rule, event: Event, env: Env) -> tuple[Derived, ...]:
    """The lines `not before` and `not after` of a step, each with whether the event meets it."""
    found: list[Derived] = []
    if rule.not_before is not None:
        start = engine.eval(rule.not_before.expr, env)
        found.append(_test(engine, step, rule.not_before, start, _late_enough(engine, event, rule.not_before, start)))
    if rule.not_after is not None:
        end = deadline(engine, rule.not_after.expr, env)
        found.append(_test(engine, step, rule.not_after, end, _in_time(engine, event, rule.not_after, end)))
    return tuple(found)


def _test(engine: Engine, step: Entry, line: tree.Condition, bound: Derived, holds: Value) -> Derived:
    return Derived(holds, line.word, (bound,), line, step, address=engine.address(line, step))


def _late_enough(engine: Engine, event: Event, line: tree.Condition, bound: Derived) -> Value:
    """A window that counts from what has not taken place is closed."""
    when = time_of(bound.value)
    if when is None:
        return False if not_yet(bound) else joined(bound) or False
    opens = begins(when, engine.clock)
    if begins(event.at, engine.clock) >= opens:
        return True
    if isinstance(event.at, datetime) or opens >= ends(event.at, engine.clock):
        return False
    return _some_time_that_day(engine, event, line, opens)


def _in_time(engine: Engine, event: Event, line: tree.Condition, bound: Derived) -> Value:
    """A limit that does not run yet is not over."""
    limit = time_of(bound.value)
    if limit is None:
        return True if not_yet(bound) else joined(bound) or False
    if not isinstance(limit, datetime):
        return arithmetic.day(event.at, engine.clock) <= limit
    if isinstance(event.at, datetime):
        return event.at <= limit
    if ends(event.at, engine.clock) <= limit:
        return True
    if begins(event.at, engine.clock) >= limit:
        return False
    return _some_time_that_day(engine, event, line, limit)


def _some_time_that_day(engine: Engine, event: Event, line: tree.Condition, moment: datetime) -> Value:
    """An event recorded by its day alone, against a moment of that day.

    Against another step it is taken in the order of the procedure. Against a moment that is counted in hours, only the
    hour could tell.
    """
    ref = engine.ref(line.expr)
    if isinstance(ref, Entry) and ref.kind == "step":
        return True
    return Unknown((hour_needed(event, written(moment)),))
