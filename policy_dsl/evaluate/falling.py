"""Steps that fall by themselves: on a date (`on`), or once a condition holds (`once`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from policy_dsl.cases.case import Event
from policy_dsl.deadlines import begins
from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.conditions import condition, not_yet
from policy_dsl.evaluate.derivation import Derived, Gap, Unknown
from policy_dsl.evaluate.engine import Engine, Env, View, joined, unknown
from policy_dsl.evaluate.limits import within_window
from policy_dsl.evaluate.steps import Rule, rule_of
from policy_dsl.evaluate.times import time_of
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def falls(engine: Engine, step: Entry, env: Env) -> Derived:
    """The date of a step that falls by itself, if its window is open and what it requires holds then."""
    return engine.once(("falls", step.name, env.view), lambda: _falls(engine, step, env), step)


def _falls(engine: Engine, step: Entry, env: Env) -> Derived:
    rule = rule_of(engine, step)
    here = Env(view=env.view, scope=step)
    if rule.on is not None:
        return _on(engine, step, rule, rule.on, here)
    assert rule.once is not None
    return _once(engine, step, rule, rule.once, here)


def _on(engine: Engine, step: Entry, rule: Rule, line: tree.Condition, env: Env) -> Derived:
    """On a date: with its beginning, so that what is recorded on the day itself comes after."""
    made = engine.eval(line.expr, env)
    when = time_of(made.value)
    if when is None:
        return Derived(joined(made) or arithmetic.impossible("PD828", step.name), "date", (made,), line, step)
    at = Env(view=View(begins(when, engine.clock), hidden=_hidden(env)), scope=step)
    shown = (*within_window(engine, step, rule, Event(step.name, when), at), *required(engine, step, rule, at))
    address = engine.address(line, step)
    if any(each.value is False for each in shown):
        return Derived(_not_yet(step), "date", (made, *shown), line, step, address=address)
    if (gaps := joined(*shown)) is not None:
        return Derived(gaps, "date", (made, *shown), line, step, address=address)
    return Derived(when, "date", (made, *shown), line, step, address=address)


def _once(engine: Engine, step: Entry, rule: Rule, line: tree.Condition, env: Env) -> Derived:
    """At the first moment at which its window is open and all holds. What happens at that moment counts for it."""
    address = engine.address(line, step)
    for when, moment in _moments(engine, rule, env):
        at = Env(view=View(moment, inclusive=True, hidden=_hidden(env)), scope=step)
        shown: list[Derived] = []
        for test in _tests(engine, step, rule, line, Event(step.name, when), at):
            shown.append(test)
            if test.value is not True:
                break
        last = shown[-1]
        if last.value is True:
            return Derived(when, "date", tuple(shown), line, step, address=address)
        if isinstance(last.value, Unknown):
            # Whether it fell at this moment cannot be told, so neither can it be of any later one.
            return Derived(last.value, "date", tuple(shown), line, step, address=address)
        if last.op == "not after":
            break
    return unknown(_not_yet(step).gaps[0], line, step)


def _tests(engine: Engine, step: Entry, rule: Rule, line: tree.Condition, event: Event, env: Env) -> Iterator[Derived]:
    yield from within_window(engine, step, rule, event, env)
    shown = condition(engine, line.expr, env)
    yield Derived(shown.value, "once", (shown,), line, step, address=engine.address(line, step))
    yield from required(engine, step, rule, env)


def _moments(engine: Engine, rule: Rule, env: Env) -> Iterator[tuple[date | datetime, datetime]]:
    """The moments at which a condition may come to hold: those of the record, and the opening of the window."""
    found: dict[datetime, date | datetime] = {}
    if rule.not_before is not None:
        opens = time_of(engine.eval(rule.not_before.expr, env).value)
        if opens is not None and engine.has_come(opens, env.view):
            found[begins(opens, engine.clock)] = opens
    for moment, index in engine.order:
        if env.view is None or env.view.sees(moment, index):
            found.setdefault(moment, engine.case.events[index].at)
    for moment in sorted(found):
        yield found[moment], moment


def required(engine: Engine, step: Entry, rule: Rule, env: Env) -> list[Derived]:
    """What a step requires, each with whether it holds."""
    return [
        Derived(shown.value, "requires", (shown,), each, step, address=engine.address(each, step))
        for each in rule.requires
        for shown in [condition(engine, each.expr, env)]
    ]


def _hidden(env: Env) -> frozenset[int]:
    """What the moment at hand does not see, no earlier moment sees."""
    return env.view.hidden if env.view is not None else frozenset()


def _not_yet(step: Entry) -> Unknown:
    return Unknown((Gap("not yet", "", step.name),))


def falling_status(engine: Engine, made: Derived, latest: Derived | None, view: View | None) -> str:
    """The status of a step that falls by itself."""
    when = time_of(made.value)
    if when is not None:
        return "met" if engine.has_come(when, view) else "pending"
    if not not_yet(made):
        return "not shown"
    end = time_of(latest.value) if latest is not None else None
    if end is None:
        return "not due"
    return "missed" if engine.is_over(end, view) else "pending"
