"""What of the record an event sees: what lies before it, and what the day alone leaves open.

An event recorded by its day alone may lie anywhere in that day. Where the hours do not tell which of two events of one
day came first, and the step of the one rests on the step of the other but not the other way round, what is rested upon
is taken as the earlier: a procedure is taken in its order. Every other pair is read by the beginning of the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from policy_dsl.cases.case import Event
from policy_dsl.deadlines import begins, ends
from policy_dsl.evaluate.derivation import Gap
from policy_dsl.evaluate.engine import Engine, View, day_of
from policy_dsl.resolve.program import Entry


def rests_on(engine: Engine, name: str) -> frozenset[str]:
    """Everything that a provision rests on, by way of others too."""
    return engine.kept(("rests on", name), lambda: _rests_on(engine, name))


def _rests_on(engine: Engine, name: str) -> frozenset[str]:
    found: set[str] = set()
    todo = [name]
    while todo:
        for each in engine.program.depends.get(todo.pop(), ()):
            if each not in found:
                found.add(each)
                todo.append(each)
    return frozenset(found)


def comes_first(engine: Engine, earlier: str, later: str) -> bool:
    """Whether the order of the procedure puts one step first: the other rests on it, and it does not on the other."""
    return earlier in rests_on(engine, later) and later not in rests_on(engine, earlier)


def seen_from(engine: Engine, step: Entry, event: Event) -> View:
    """What an event sees of the record: what lies before it, and what the order of the procedure puts there."""
    before = View(begins(event.at, engine.clock))
    if isinstance(event.at, datetime):
        return before
    same = _of_the_day(engine, event)
    also = frozenset(index for index in same if comes_first(engine, engine.case.events[index].step, step.name))
    return replace(before, also=also, until=ends(event.at, engine.clock) - timedelta.resolution)


def seen_otherwise(engine: Engine, step: Entry, event: Event) -> Iterator[tuple[View, tuple[Event, ...]]]:
    """What an event would see if those came later, or earlier, of which the hours leave it open; and those events."""
    events = engine.case.events
    rests = rests_on(engine, step.name)
    open_ = [i for i in _of_the_day(engine, event) if events[i].step != step.name and events[i].step in rests]
    if not open_:
        return
    before = View(begins(event.at, engine.clock))
    yield replace(before, hidden=frozenset(open_)), tuple(events[index] for index in open_)
    # Of two events without hours neither sees the other, so that each may be asked what the other would change.
    untimed = [index for index in open_ if not isinstance(events[index].at, datetime)]
    if not isinstance(event.at, datetime) and untimed:
        view = seen_from(engine, step, event)
        yield replace(view, also=view.also.union(untimed)), tuple(events[index] for index in untimed)


def _of_the_day(engine: Engine, event: Event) -> tuple[int, ...]:
    """The events of the same day of which the hours do not tell whether they came before or after."""
    timed = isinstance(event.at, datetime)
    same = _days(engine).get(day_of(event.at, engine.clock), ())
    return tuple(
        index
        for index in same
        if engine.case.events[index] is not event and not (timed and isinstance(engine.case.events[index].at, datetime))
    )


def untimed_at(engine: Engine, name: str, moment: datetime) -> tuple[int, ...]:
    """The events without hours of the day of a moment on which a provision rests: they may lie before it or after."""
    rests = rests_on(engine, name)
    return tuple(
        index
        for index in _days(engine).get(day_of(moment, engine.clock), ())
        if not isinstance(engine.case.events[index].at, datetime) and engine.case.events[index].step in rests
    )


def _days(engine: Engine) -> dict[date, tuple[int, ...]]:
    return engine.kept(("days", None), lambda: _by_day(engine))


def _by_day(engine: Engine) -> dict[date, tuple[int, ...]]:
    found: dict[date, list[int]] = {}
    for _, index in engine.order:
        found.setdefault(day_of(engine.case.events[index].at, engine.clock), []).append(index)
    return {day: tuple(same) for day, same in found.items()}


def hour_needed(event: Event, other: str) -> Gap:
    """The gap that an hour leaves which the record does not give: of an event, against another event or a moment."""
    return Gap("hour", "PD804", event.step, (("at", written(event.at)), ("other", other), ("step", event.step)))


def named(events: tuple[Event, ...]) -> str:
    """Events in words, for messages: "`stop` at 2026-05-05"."""
    return ", ".join(dict.fromkeys(f"`{each.step}` at {written(each.at)}" for each in events))


def written(when: date | datetime) -> str:
    """A date or moment as a case file writes it."""
    return when.isoformat(timespec="minutes").replace("+00:00", "Z") if isinstance(when, datetime) else str(when)
