"""Faults of steps in time: windows that are empty, a step that waits for itself, months that end on two dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from fractions import Fraction

from policy_dsl.check import constants
from policy_dsl.check.desk import Desk, label, text
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

# How many hours a unit of time lasts at the least and at the most; working days have no most.
_HOURS: dict[str, tuple[int, int | None]] = {
    "hour": (1, 1),
    "day": (24, 24),
    "year": (365 * 24, 366 * 24),
    "working day": (24, None),
}
_MONTH = (28 * 24, 31 * 24)
_MOVED = 15 * 24


@dataclass(frozen=True, slots=True)
class Offset:
    """A point in time as so much after something: the words of what it counts from, and the lengths by their unit."""

    base: str
    lengths: Mapping[str, Fraction] = field(default_factory=dict)


def windows(desk: Desk) -> None:
    """Check steps in time."""
    for entry in desk.program.of_kind("step"):
        node = entry.node
        assert isinstance(node, tree.Step)
        _empty(desk, node)
        _on_itself(desk, entry, node)
        _lines(desk, node)
    for duty in desk.program.of_kind("duty"):
        if isinstance(duty.node, tree.Duty):
            _before_it_starts(desk, duty.node)
    _month_ends(desk)


def offset(desk: Desk, expr: tree.Expr) -> Offset | None:
    """A point in time, taken apart; none where a length of time is not written."""
    match expr:
        case tree.Binary(op="after" | "before"):
            base = offset(desk, expr.right)
            length = constants.figure(desk, expr.left, constants.start(desk))
            if base is None or length is None or not length.unit.period:
                return None
            sign = 1 if expr.op == "after" else -1
            lengths = dict(base.lengths)
            unit = length.unit.period
            lengths[unit] = lengths.get(unit, Fraction(0)) + sign * length.amount
            return Offset(base.base, lengths)
        case tree.DateLiteral():
            value = expr.value
            hours = value.toordinal() * 24
            if isinstance(value, datetime):
                return Offset("a moment", {"hour": Fraction(hours + value.hour) + Fraction(value.minute, 60)})
            return Offset("a date", {"day": Fraction(value.toordinal())})
        case tree.Choice() | tree.Call():
            return None
    return Offset(expr.written)


def certainly_after(first: Offset, second: Offset, moved: bool) -> bool:
    """Whether the first point lies after the second whatever the dates: then nothing can lie between."""
    if first.base != second.base:
        return False
    difference = {
        unit: first.lengths.get(unit, Fraction(0)) - second.lengths.get(unit, Fraction(0))
        for unit in first.lengths.keys() | second.lengths.keys()
    }
    difference = {unit: amount for unit, amount in difference.items() if amount}
    if not difference:
        return False
    if len(difference) == 1 and set(first.lengths) == set(second.lengths) and len(first.lengths) == 1:
        return next(iter(difference.values())) > 0
    # A window in days opens with its first day and closes with its last: a day of leeway on either side.
    low = _least(difference)
    leeway = 48 if set(difference) - {"hour"} or "day" in first.lengths or "day" in second.lengths else 0
    return low is not None and low > leeway + (_MOVED if moved else 0)


def _least(difference: Mapping[str, Fraction]) -> Fraction | None:
    total = Fraction(0)
    for unit, amount in difference.items():
        low, high = _HOURS[unit]
        if unit == "year" and amount.denominator != 1:
            amount, (low, high) = amount * 12, _MONTH
        factor = low if amount > 0 else high
        if factor is None:
            return None
        total += amount * factor
    return total


def _empty(desk: Desk, node: tree.Step) -> None:
    opens, closes = node.not_before or node.on, node.not_after
    if opens is None or closes is None or not desk.sound(opens.expr, closes.expr):
        return
    first, last = offset(desk, opens.expr), offset(desk, closes.expr)
    if first is None or last is None:
        return
    if certainly_after(first, last, desk.program.heading.periods != "plain"):
        related = label(opens.span, "it opens here")
        params = {"name": node.name.text, "opens": text(opens.expr), "closes": text(closes.expr)}
        desk.found.append(desk.problem("PD501", closes.expr, related=related, **params))


def _on_itself(desk: Desk, entry: Entry, node: tree.Step) -> None:
    for line in (node.not_before, node.not_after, node.on):
        if line is None:
            continue
        base: tree.Expr = line.expr
        while isinstance(base, tree.Binary) and base.op in ("after", "before"):
            base = base.right
        if isinstance(base, tree.Name) and desk.program.ref(base) is entry and line.word != "on":
            desk.fault("PD502", base, name=entry.name, line=line.word)


def _lines(desk: Desk, node: tree.Step) -> None:
    name = node.name.text
    by_itself = [line for line in (node.on, node.once, node.every) if line is not None]
    if len(by_itself) > 1:
        related = label(by_itself[0].span, "the first one stands here")
        desk.fault("PD529", by_itself[1], name=name, related=related)
    if node.once_each and node.repeated:
        desk.fault("PD512", node.name, name=name)
    lines = (node.by, node.not_before, node.not_after, node.quorum, node.adopted)
    bare = not by_itself and not any(line is not None for line in lines) and node.model is None
    if bare and not node.requires and not node.records and not node.once_each and not node.repeated:
        desk.fault("PD511", node.name, name=name)
    if node.every is not None:
        period = constants.figure(desk, node.every.period, constants.start(desk))
        if period is not None and period.unit.period and period.amount <= 0:
            desk.fault("PD508", node.every.period, period=text(node.every.period))


def _before_it_starts(desk: Desk, node: tree.Duty) -> None:
    """A duty whose time is over before what gives rise to it."""
    if node.when is None or node.not_after is None or not desk.sound(node.when.expr, node.not_after.expr):
        return
    start: tree.Expr = node.when.expr
    if isinstance(start, tree.Binary) and start.op == "is":
        start = start.left
    if desk.typed(start).kind.name != "EVENT":
        return
    first, last = offset(desk, start), offset(desk, node.not_after.expr)
    if first is None or last is None or not certainly_after(first, last, False):
        return
    related = label(node.when.span, "it arises here")
    params = {"name": node.name.text, "closes": text(node.not_after.expr), "start": text(start)}
    desk.found.append(desk.problem("PD509", node.not_after.expr, related=related, **params))


def _month_ends(desk: Desk) -> None:
    """Months counted in dates need a regime: 31 January and a month is 28 February or 3 March."""
    if desk.program.heading.periods:
        return
    for expr, found in tuple(desk.types.items()):
        if isinstance(expr, tree.Binary) and expr.op in ("after", "before") and not found.unknown:
            length = desk.typed(expr.left)
            if length.figure and length.unit.period == "year":
                desk.fault("PD517", expr.left, period=text(expr.left))
