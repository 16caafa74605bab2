"""The record: which events are valid, when steps fall, what their windows and statuses are.

An event is judged at its moment against the valid events before it; events of one step at one moment are judged
against the record before that moment, and refused together if only some of them could stand. Judging is on demand and
always goes back in time, so it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from policy_dsl.cases.case import Event
from policy_dsl.deadlines import begins, ends
from policy_dsl.evaluate.decision import EventJudged, StepOutcome
from policy_dsl.evaluate.derivation import Derived, Gap, Status, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, View, joined, unknown
from policy_dsl.evaluate.falling import falling_status, falls, required
from policy_dsl.evaluate.limits import within_window
from policy_dsl.evaluate.sight import hour_needed, named, seen_from, seen_otherwise
from policy_dsl.evaluate.steps import Rule, dues, rule_of
from policy_dsl.evaluate.times import deadline, time_of
from policy_dsl.evaluate.votes import counted_vote, vote_sets
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

SETS = ("voters", "favour", "against", "abstaining", "absent", "voting", "present")

# ---- events by name --------------------------------------------------------------------------------------------------


def named_step(engine: Engine, step: Entry, node: tree.Expr, env: Env) -> Derived:
    """A step by its name: its first valid event, or the date on which it falls by itself."""
    rule = rule_of(engine, step)
    if rule.on is not None or rule.once is not None:
        return falls(engine, step, env)
    found = next(iter(occurred(engine, step, env)), None)
    if rule.every is not None:
        return _current(engine, step, rule.every, node, env, found)
    return _event(step, found, node)


def nth_event(engine: Engine, step: Entry, number: int, node: tree.Expr, env: Env) -> Derived:
    """`12th seconding`: the twelfth valid event."""
    found = occurred(engine, step, env)
    given = next((each for each in found if each.ordinal == number), None)
    plain = [each for each in found if each.ordinal is None]
    if given is None and len(plain) >= number:
        given = plain[number - 1]
    return _event(step, given, node)


def event_of(engine: Engine, step: Entry, whose: Derived, node: tree.Expr, env: Env) -> Derived:
    """`deposit of member`: the first valid event by that state or body."""
    if (gaps := joined(whose)) is not None:
        return Derived(gaps, "unknown", (whose,), node)
    actor = whose.value[0] if isinstance(whose.value, tuple) and whose.value else whose.value
    found = next((each for each in occurred(engine, step, env) if actor in each.by), None)
    return _event(step, found, node)


def field_of(engine: Engine, event: Event | None, name: str, node: tree.Expr) -> Derived:
    """A recorded field of an event."""
    if event is None:
        return unknown(Gap("not yet", "", name), node)
    if name == "actor":
        return Derived(event.by[0] if len(event.by) == 1 else event.by, "event", (), node, detail=event)
    if name not in event.fields:
        gap = Gap("missing", "PD803", name, (("at", str(event.at)), ("step", event.step)))
        return unknown(gap, node)
    value = event.fields[name]
    if name == "outcome":
        return Derived(Status(str(value)), "event", (), node, detail=event)
    return Derived(value, "event", (), node, detail=event)


def field_of_step(engine: Engine, step: Entry, name: str, node: tree.ValueOf, env: Env) -> Derived:
    """`starts of introduction`: a field of the step's first valid event; a vote has its fields even if it rejected."""
    event = engine.eval(node.of, env)
    if not isinstance(event.value, Event) and engine.ref(node.of) is step:
        event = _event(step, next((each.event for each in _judged(engine, step, env) if each.valid), None), node)
    if not isinstance(event.value, Event):
        gaps = joined(event) or Unknown((Gap("not yet", "", step.name),))
        return Derived(gaps, "unknown", (event,), node)
    if name in SETS and rule_of(engine, step).adopted is not None:
        votes = _env_of(engine, step, event.value, seen_from(engine, step, event.value)).votes
        return Derived(getattr(votes, name), "vote", (event,), node, address=step.address, detail=name)
    found = field_of(engine, event.value, name, node)
    return replace(found, of=(event,), address=step.address)


def local_of_step(engine: Engine, entry: Entry, node: tree.ValueOf, env: Env) -> Derived:
    """`blocking of adoption`: a definition local to a step, as it is at the step's first valid event."""
    asked = engine.ref(node.of)
    step = asked if isinstance(asked, Entry) and asked.kind == "step" else entry.parent
    assert step is not None
    judged = [each for each in _judged(engine, step, env) if each.valid]
    if not judged:
        return unknown(Gap("not yet", "", step.name), node, entry)
    event = judged[0].event
    return engine.value(entry, _env_of(engine, step, event, seen_from(engine, step, event), env.member))


def _event(step: Entry, event: Event | None, node: tree.Expr) -> Derived:
    if event is None:
        return unknown(Gap("not yet", "", step.name), node, step)
    return Derived(event, "event", (), node, step, address=step.address, detail=event)


# ---- which events count ----------------------------------------------------------------------------------------------


def occurred(engine: Engine, step: Entry, env: Env) -> list[Event]:
    """The valid events of a step that can be seen, in time; of a vote those that adopted."""
    rule = rule_of(engine, step)
    if rule.on is not None or rule.once is not None:
        when = time_of(falls(engine, step, env).value)
        return [Event(step.name, when)] if when is not None and engine.has_come(when, env.view) else []
    counted = ("met", "adopted", "not shown") if engine.case.partial else ("met", "adopted")
    found = [each.event for each in _judged(engine, step, env) if each.valid and each.status in counted]
    if not found and (silent := _adopted_by_silence(engine, step, env)) is not None:
        found.append(silent)
    return found


def _judged(engine: Engine, step: Entry, env: Env) -> Iterator[EventJudged]:
    """The judgements of a step's events that can be seen, in time."""
    view = env.view
    for moment, index in engine.order:
        event = engine.case.events[index]
        if event.step != step.name:
            continue
        if view is None or view.sees(moment, index):
            yield judge(engine, step, index)
        elif index in view.peers:
            yield _alone(engine, step, index)


def judge(engine: Engine, step: Entry, index: int) -> EventJudged:
    """Whether an event of the record is valid, and why not."""
    return engine.kept(("judged", index), lambda: _judge(engine, step, index))


def _judge(engine: Engine, step: Entry, index: int) -> EventJudged:
    alone = _alone(engine, step, index)
    if not alone.valid:
        return alone
    event = engine.case.events[index]
    moment = begins(event.at, engine.clock)
    same = (
        other
        for at, other in engine.order
        if other != index and at == moment and engine.case.events[other].step == step.name
    )
    peers = frozenset(other for other in same if _alone(engine, step, other).valid)
    if not peers:
        return alone
    together = _judged_by(engine, step, event, replace(seen_from(engine, step, event), peers=peers))
    return alone if together.valid else together


def _alone(engine: Engine, step: Entry, index: int) -> EventJudged:
    return engine.kept(("alone", index), lambda: _by_itself(engine, step, engine.case.events[index]))


def _by_itself(engine: Engine, step: Entry, event: Event) -> EventJudged:
    """An event as the order of the procedure has it. One that only another order lets stand needs its hour."""
    found = _judged_by(engine, step, event, seen_from(engine, step, event))
    if found.valid:
        return found
    for view, others in seen_otherwise(engine, step, event):
        if _judged_by(engine, step, event, view).valid:
            mark = tree.Nothing(step.node.span)
            gap = Unknown((hour_needed(event, named(others)),))
            told = Derived(gap, "requires", (), mark, step, address=step.address)
            return EventJudged(event, False, (told,), "refused", found.vote)
    return found


def _env_of(engine: Engine, step: Entry, event: Event, view: View, member: str = "") -> Env:
    """Where the conditions of an event are evaluated."""
    env = Env(view=view, event=event, judged=event, scope=step, member=member)
    rule = rule_of(engine, step)
    if rule.adopted is None or rule.by is None:
        return env
    return replace(env, votes=vote_sets(engine.eval(rule.by.expr, env), event))


def _judged_by(engine: Engine, step: Entry, event: Event, view: View) -> EventJudged:
    rule, env = rule_of(engine, step), _env_of(engine, step, event, view)
    failed = tuple(each for each in _conditions(engine, step, rule, event, env) if each.value is not True)
    if failed:
        return EventJudged(event, False, failed, "refused")
    if rule.adopted is None:
        return EventJudged(event, True, (), "met")
    vote = counted_vote(engine, step, rule, event, env)
    if vote.quorum is not None and vote.quorum.value is not True:
        return EventJudged(event, False, (vote.quorum,), "refused", vote)
    status = {True: "adopted", False: "rejected", None: "not shown"}[vote.adopted]
    return EventJudged(event, True, (), status, vote)


def _conditions(engine: Engine, step: Entry, rule: Rule, event: Event, env: Env) -> Iterator[Derived]:
    """Every condition of validity, evaluated at the moment of the event."""
    if rule.by is not None and rule.adopted is None:
        yield _by(engine, step, rule.by, event, env)
    yield from within_window(engine, step, rule, event, env)
    if rule.once_each:
        before = [each for each in occurred(engine, step, env) if set(each.by) & set(event.by)]
        made = tuple(_event(step, each, tree.Nothing(step.node.span)) for each in before)
        yield Derived(not before, "once each", made, step.node, step, address=step.address)
    yield from required(engine, step, rule, env)


def _by(engine: Engine, step: Entry, by: tree.Condition, event: Event, env: Env) -> Derived:
    group = engine.eval(by.expr, env)
    allowed = group.value if isinstance(group.value, tuple) else (group.value,)
    holds: Value = bool(event.by) and all(each in allowed for each in event.by)
    if engine.case.partial and (not event.by or event.ordinal is not None or not allowed):
        # An example need not say who acted, nor who the members are.
        holds = True
    if (gaps := joined(group)) is not None:
        holds = gaps
    return Derived(holds, "by", (group,), by, step, address=engine.address(by, step), detail=event)


# ---- steps that come back, and silence -------------------------------------------------------------------------------


def _current(engine: Engine, step: Entry, every: tree.Every, node: tree.Expr, env: Env, found: Event | None) -> Derived:
    """A periodic step by its name: its event of the running period, or the date on which that period began."""
    start, made = dues(engine, step, every, env)
    past = [each for each in made if engine.has_come(each, env.view)]
    if not past:
        return _event(step, found, node)
    since = begins(past[-1], engine.clock)
    recent = [e for e in occurred(engine, step, env) if begins(e.at, engine.clock) >= since]
    if recent:
        return _event(step, recent[0], node)
    return Derived(past[-1], "date", (start,), every, step, address=engine.address(every, step))


def _adopted_by_silence(engine: Engine, step: Entry, env: Env) -> Event | None:
    """The adoption that silence means, at the end of the window; a vote that was refused breaks no silence."""
    rule = rule_of(engine, step)
    if rule.silence != "adopted" or rule.not_after is None or any(each.valid for each in _judged(engine, step, env)):
        return None
    end = time_of(deadline(engine, rule.not_after.expr, Env(view=env.view, scope=step)).value)
    if end is None or not engine.is_over(end, env.view) or not _met_in_silence(engine, step, rule, end):
        return None
    return Event(step.name, end, fields={"outcome": "adopted"})


def _met_in_silence(engine: Engine, step: Entry, rule: Rule, end: date | datetime) -> bool:
    """Whether what the step requires holds when its window closes: silence stands for a vote, not for conditions."""
    view = View(ends(end, engine.clock), inclusive=isinstance(end, datetime))
    shown = required(engine, step, rule, Env(view=view, scope=step))
    return all(each.value is True for each in shown)


# ---- windows and statuses --------------------------------------------------------------------------------------------


def window_end(engine: Engine, step: Entry, latest: bool, node: tree.Expr, env: Env) -> Derived:
    """`earliest of s`, `latest of s`: the ends of a step's window."""
    rule, here = rule_of(engine, step), Env(view=env.view, scope=step)
    line = rule.not_after if latest else rule.not_before
    op = "latest of" if latest else "earliest of"
    if line is None:
        return unknown(Gap("impossible", "PD835", step.name), node, step)
    bound = deadline(engine, line.expr, here) if latest else engine.eval(line.expr, here)
    when: Value = time_of(bound.value) or bound.value
    return Derived(when, op, (bound,), node, step, address=engine.address(line, step))


def status_of(engine: Engine, step: Entry, node: tree.Expr, env: Env) -> Derived:
    """The status of a step, with the conditions that made it."""
    found = outcome(engine, step, env.view)
    status = found.status
    made: list[Derived] = []
    for each in found.events:
        if each.status == status:
            made.extend(each.failed)
            if each.vote is not None:
                made.extend(part for part in (each.vote.majority, each.vote.failing) if part is not None)
            made.append(_event(step, each.event, node))
    if found.latest is not None:
        made.append(found.latest)
    if status == "refused" and (open_ := _unjudged(found)) is not None:
        return Derived(open_, "status", tuple(made), node, step, address=step.address)
    return Derived(status, "status", tuple(made), node, step, address=step.address)


def _unjudged(found: StepOutcome) -> Unknown | None:
    """The gaps for which events were refused, if none was refused because it plainly failed a condition."""
    failed = [each for event in found.events for each in event.failed]
    return joined(*failed) if all(isinstance(each.value, Unknown) for each in failed) else None


def outcome(engine: Engine, step: Entry, view: View | None = None) -> StepOutcome:
    """What the record shows of a step: the whole of it, or what can be seen."""
    return engine.kept(("outcome", step.name, view), lambda: _outcome(engine, step, view))


def _outcome(engine: Engine, step: Entry, view: View | None) -> StepOutcome:
    rule, env = rule_of(engine, step), Env(scope=step, view=view)
    judged = tuple(_judged(engine, step, env))
    mark = tree.Nothing(step.node.span)
    earliest = window_end(engine, step, False, mark, env) if rule.not_before else None
    latest = window_end(engine, step, True, mark, env) if rule.not_after else None
    made = falls(engine, step, env) if rule.on or rule.once else None
    periodic = dues(engine, step, rule.every, env)[1] if rule.every else ()
    status = _status(engine, step, judged, latest, env)
    if made is not None:
        status = falling_status(engine, made, latest, view)
        if status in ("not due", "pending") and judged and not any(each.valid for each in judged):
            status = "refused"
    if rule.every is not None:
        status = _periodic(engine, step, periodic, env)
    silent = status in ("adopted", "rejected") and not any(each.valid for each in judged)
    if view is None:
        _report_contrary(engine, step, rule, judged)
    return StepOutcome(step, status, judged, earliest, latest, made, tuple(periodic), silent)


def _report_contrary(engine: Engine, step: Entry, rule: Rule, judged: tuple[EventJudged, ...]) -> None:
    """Say where the votes that the record gives lead elsewhere than the outcome that it states."""
    for each in judged:
        stated = each.event.fields.get("outcome")
        if stated is None or each.vote is None or each.vote.adopted is None or not each.vote.examined:
            continue
        if each.vote.adopted != (stated == "adopted"):
            engine.report("PD805", rule.adopted, step, stated=str(stated), step=step.title)


def _periodic(engine: Engine, step: Entry, periodic: tuple[date | datetime, ...], env: Env) -> str:
    """Of the periods that are over, whether the last saw an event."""
    past = [each for each in periodic if engine.is_over(each, env.view)]
    if not past:
        return "pending"
    events = occurred(engine, step, env)
    end = ends(past[-1], engine.clock)
    start = ends(past[-2], engine.clock) if len(past) > 1 else None
    inside = [
        e for e in events if begins(e.at, engine.clock) < end and (start is None or begins(e.at, engine.clock) >= start)
    ]
    return "met" if inside else "missed"


def _status(engine: Engine, step: Entry, judged: tuple[EventJudged, ...], latest: Derived | None, env: Env) -> str:
    valid = [each.status for each in judged if each.valid]
    for status in ("adopted", "met", "rejected", "not shown"):
        if status in valid:
            return status
    rule = rule_of(engine, step)
    end = time_of(latest.value) if latest is not None else None
    over = end is not None and engine.is_over(end, env.view)
    if over and rule.silence and not valid and end is not None and _met_in_silence(engine, step, rule, end):
        return rule.silence
    if judged:
        return "refused"
    if over:
        return "missed"
    if latest is not None and end is None:
        return "not due"
    return "pending"
