"""Duties and what the record shows of them; guarantees and whether they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from policy_dsl.deadlines import ends
from policy_dsl.evaluate.aggregates import reach_of
from policy_dsl.evaluate.conditions import condition
from policy_dsl.evaluate.decision import DutyOutcome, GuaranteeOutcome
from policy_dsl.evaluate.definitions import reservation
from policy_dsl.evaluate.derivation import Derived, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, View, joined
from policy_dsl.evaluate.groups import members
from policy_dsl.evaluate.performance import may_still_hold
from policy_dsl.evaluate.sight import hour_needed, untimed_at, written
from policy_dsl.evaluate.times import deadline, time_of
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def duty_outcomes(engine: Engine, entry: Entry) -> tuple[DutyOutcome, ...]:
    """A duty of each of those whom it binds."""
    node = entry.node
    assert isinstance(node, tree.Duty)
    if node.binds is None:
        return ()
    bound = engine.eval(node.binds.expr, Env()).value
    holders = bound if isinstance(bound, tuple) else (bound,)
    return tuple(duty(engine, entry, str(each)) for each in holders if isinstance(each, str))


def duty(engine: Engine, entry: Entry, holder: str) -> DutyOutcome:
    """Kept, breached, pending, "not shown", or "not arisen"; a member with a reservation to it is not bound."""
    return engine.kept(("duty", entry.name, holder), lambda: _duty(engine, entry, holder))


def _duty(engine: Engine, entry: Entry, holder: str) -> DutyOutcome:
    node, env = entry.node, Env(member=holder)
    assert isinstance(node, tree.Duty)
    if reservation(engine, entry.name, holder) is not None:
        return DutyOutcome(entry, holder, "reserved", None, None)
    if node.when is not None:
        arises = condition(engine, node.when.expr, env)
        if arises.value is not True:
            status = "not shown" if isinstance(arises.value, Unknown) else "not arisen"
            return DutyOutcome(entry, holder, status, None, arises)
    limit = None
    if node.not_after is not None:
        made = deadline(engine, node.not_after.expr, env)
        address = engine.address(node.not_after, entry)
        limit = Derived(made.value, "not after", (made,), node.not_after, entry, (holder,), address)
    if node.kept is None:
        return DutyOutcome(entry, holder, "not shown", limit, None)
    found = _performed(engine, entry, node.kept.expr, env, limit)
    address = engine.address(node.kept, entry)
    shown = Derived(found.value, "kept when", (found,), node.kept, entry, (holder,), address)
    return DutyOutcome(entry, holder, _status(engine, node.kept.expr, env, shown, limit), limit, shown)


def _performed(engine: Engine, entry: Entry, kept: tree.Expr, env: Env, limit: Derived | None) -> Derived:
    """Whether a duty was performed in time. Of the day on which a limit in hours ends, only the hour could tell."""
    here = _in_time(engine, env, limit)
    found = condition(engine, kept, here)
    end = time_of(limit.value) if limit is not None else None
    if here.view is None or not isinstance(end, datetime):
        return found
    doubtful = untimed_at(engine, entry.name, end)
    if not doubtful:
        return found
    without = condition(engine, kept, replace(here, view=replace(here.view, hidden=frozenset(doubtful))))
    if without.value == found.value:
        return found
    gap = hour_needed(engine.case.events[doubtful[0]], written(end))
    engine.report(gap.code, kept, entry, **dict(gap.detail))
    return Derived(Unknown((gap,)), found.op, (found,), kept)


def _in_time(engine: Engine, env: Env, limit: Derived | None) -> Env:
    """Where performance is looked for: what the record shows after the deadline comes too late."""
    end = time_of(limit.value) if limit is not None else None
    if end is None or not engine.is_over(end, None):
        return env
    last = ends(end, engine.clock) - (timedelta(0) if isinstance(end, datetime) else timedelta.resolution)
    return replace(env, view=View(last, inclusive=True))


def _status(engine: Engine, kept: tree.Expr, env: Env, shown: Derived, limit: Derived | None) -> str:
    """Where there is time, or none is set, a duty is breached only if nothing that may still come would perform it."""
    if shown.value is True:
        return "kept"
    if isinstance(shown.value, Unknown):
        return "not shown"
    end = time_of(limit.value) if limit is not None else None
    if end is not None and engine.is_over(end, None):
        return "breached"
    return "pending" if may_still_hold(engine, kept, env, facts_change=limit is not None) else "breached"


def duty_status(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: the status of a holder's duty, as a value."""
    found = duty(engine, entry, subject[0])
    of = tuple(each for each in (found.shown, found.deadline) if each is not None)
    return Derived(found.status, "status", of, entry.node, entry, subject, entry.address)


def guarantee_outcome(engine: Engine, entry: Entry, proved: frozenset[str]) -> GuaranteeOutcome:
    """Whether a guarantee holds in this case, or was proved from the text."""
    node = entry.node
    assert isinstance(node, tree.Guarantee)
    if node.promise is None:
        holds = entry.name in proved
        return GuaranteeOutcome(entry, "holds" if holds else "not shown", None, holds)
    found = engine.value_for(entry, (), Env())
    status = "not shown" if isinstance(found.value, Unknown) else "holds" if found.value is True else "fails"
    return GuaranteeOutcome(entry, status, found, False)


def guarantee(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: the promise of a guarantee as a value."""
    node = entry.node
    assert isinstance(node, tree.Guarantee)
    assert node.promise is not None
    if "member" not in reach_of(engine, node.promise):
        found = promised(engine, node.promise, Env())
        return Derived(found.value, "guarantee", (found,), node, entry, subject, entry.address)
    # A promise about a value for each member must hold for every one of them.
    each = tuple(promised(engine, node.promise, Env(member=m)) for m in members(engine, Env()))
    broken = tuple(found for found in each if found.value is False)
    value: Value = False if broken else joined(*each) or True
    return Derived(value, "guarantee", broken or each, node, entry, subject, entry.address)


def promised(engine: Engine, promise: tree.Expr, env: Env) -> Derived:
    """A promise. What compares figures or dates that have not come about is neither kept nor broken."""
    found = condition(engine, promise, env)
    waiting = _waiting(found) if found.value is False else None
    return found if waiting is None else Derived(waiting.value, found.op, (found,), promise)


def _waiting(found: Derived) -> Derived | None:
    """The part of a promise that an event still to come leaves open, other than whether that event has occurred."""
    if found.op in ("and", "or", "not", "if"):
        return next((each for part in found.of if (each := _waiting(part)) is not None), None)
    if found.op == "occurred" and found.value is False and found.of:
        return found.of[0] if found.of[0].op in _COMPARISONS and not found.of[0].known else _waiting(found.of[0])
    return None


_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "is", "is not", "in", "not in")
