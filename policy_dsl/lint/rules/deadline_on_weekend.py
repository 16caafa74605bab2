"""PD658: a time limit that always ends on a day on which nobody works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from policy_dsl.check.desk import text
from policy_dsl.deadlines import (
    CalendarMissing,
    DeadlineError,
    Regime,
    UnknownCalendar,
    WorkingCalendar,
    end_of_limit,
    point,
    regime_named,
    weekdays,
)
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate.decide import calendar_of
from policy_dsl.evaluate.times import period_of
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.records import dataclass
from policy_dsl.syntax import tree

DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Known:
    """A day that the text fixes; `weekly` if it is one of many on the same day of the week."""

    day: date
    weekly: bool = False


def _look(draft: Draft) -> Iterator[Problem]:
    try:
        calendar = calendar_of(draft.program) if draft.has_calendar else weekdays()
    except (CalendarMissing, UnknownCalendar):
        return  # the holidays of a State that are not at hand
    for limit, where in _limits(draft):
        found = _ends(draft, limit, calendar, limited=True)
        idle = _idle(found, calendar)
        if idle:
            assert found is not None
            when = f"ends on {idle}, {found.day.isoformat()}"
            if found.weekly or isinstance(limit, tree.DateLiteral):
                when = f"always falls on a {idle}" if found.weekly else f"is a day of rest: {idle}"
            yield draft.problem("PD658", where, text=text(limit), when=when)
    for entry in draft.own("step"):
        assert isinstance(entry.node, tree.Step)
        if entry.node.every is not None:
            due = _recurring(draft, entry.node.every)
            idle = _idle(due, calendar) if due is not None and due.weekly else ""
            if idle:
                every = entry.node.every
                yield draft.problem("PD658", every, text=text(every), when=f"always falls on a {idle}")


def _limits(draft: Draft) -> Iterator[tuple[tree.Expr, tree.Node]]:
    for entry in draft.own("step", "duty"):
        assert isinstance(entry.node, tree.Step | tree.Duty)
        if entry.node.not_after is not None:
            yield entry.node.not_after.expr, entry.node.not_after.expr
    for entry in draft.own("fund"):
        assert isinstance(entry.node, tree.Fund)
        yield from ((line.due, line.due) for line in entry.node.fed if line.due is not None)


def _idle(found: Known | None, calendar: WorkingCalendar) -> str:
    """The name of the day of rest, if it is one; of days that come back, only that of the week can be told."""
    if found is None:
        return ""
    if found.weekly:
        names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        return names[found.day.weekday()] if found.day.weekday() in calendar.weekend else ""
    try:
        return calendar.why_not(found.day) or ""
    except DeadlineError:
        return ""


def _ends(draft: Draft, expr: tree.Expr, calendar: WorkingCalendar, *, limited: bool, depth: int = 0) -> Known | None:
    """The day that an expression names, if the text alone fixes it."""
    if depth > DEEPEST:
        return None
    match expr:
        case tree.DateLiteral():
            return Known(expr.day)
        case tree.Binary(op="after" | "before"):
            start = _ends(draft, expr.right, calendar, limited=False, depth=depth + 1)
            length = draft.fixed(expr.left)
            return _counted(draft, expr, start, length, calendar, limited) if start and length is not None else None
        case tree.Name():
            entry = draft.entry_of(expr)
            node = entry.node if entry is not None else None
            if isinstance(node, tree.Step) and node.on is not None:
                return _ends(draft, node.on.expr, calendar, limited=False, depth=depth + 1)
            if isinstance(node, tree.Step) and node.every is not None and node.by is None:
                return _recurring(draft, node.every)
            if isinstance(node, tree.Parameter) and isinstance(node.value, tree.Expr) and not node.amendments:
                return _ends(draft, node.value, calendar, limited=False, depth=depth + 1)
    return None


def _counted(
    draft: Draft, expr: tree.Binary, start: Known, length: object, calendar: WorkingCalendar, limited: bool
) -> Known | None:
    period = period_of(length)  # type: ignore[arg-type]
    if period is None or period.unit.value == "hours":
        return None
    if start.weekly and period.unit.value not in ("days", "weeks"):
        return None
    name = draft.program.heading.periods
    regime = regime_named(name) if name else None
    fixed = regime if isinstance(regime, Regime) else None
    try:
        if limited and expr.op == "after":
            end = end_of_limit(start.day, period, fixed, calendar).end
        else:
            end = point(start.day, period, fixed, calendar, direction="after" if expr.op == "after" else "before").end
    except DeadlineError:
        return None
    return Known(end, start.weekly) if not isinstance(end, datetime) else None


def _recurring(draft: Draft, every: tree.Every) -> Known | None:
    """A day of the week that comes back, where the period is of whole weeks."""
    length = draft.fixed(every.period)
    if (
        length is None
        or length.unit.period != "day"
        or length.amount % 7
        or not isinstance(every.after, tree.DateLiteral)
    ):
        return None
    return Known(every.after.day, weekly=True)


DEADLINE_ON_WEEKEND = Rule("PD658", _look)
