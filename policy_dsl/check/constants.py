"""What an expression comes to where the text alone decides it: exactly, at a date, with the figures then in force.

A parameter that is left to a body has no value of its own: a reading chooses one for it, so that a check can be made at
each end of its bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction

from policy_dsl.check.desk import Desk
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Quantity, UnitFault, divide, one_of, power_of, times

EARLIEST = date(1, 1, 1)
Constant = Quantity | bool | date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A day, what is chosen where a parameter is left to a body, and for a vote how many are in each of its sets."""

    day: date
    choices: Mapping[str, tree.Expr] = field(default_factory=dict)
    words: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


def start(desk: Desk) -> Reading:
    """The day on which the policy comes into force."""
    return Reading(desk.program.heading.in_force or EARLIEST)


def figure(desk: Desk, expr: tree.Expr | None, at: Reading) -> Quantity | None:
    """The figure that an expression comes to, or none where that depends on a case."""
    if expr is None or not desk.sound(expr):
        return None
    found = _value(desk, expr, at, 0)
    return found if isinstance(found, Quantity) else None


def truth(desk: Desk, expr: tree.Expr | None, at: Reading) -> bool | None:
    """Whether a condition holds in every case (yes) or in none (no); none where that depends on a case."""
    if expr is None or not desk.sound(expr):
        return None
    found = _value(desk, expr, at, 0)
    return found if isinstance(found, bool) else None


def dates(desk: Desk, *exprs: tree.Expr | None) -> tuple[Reading, ...]:
    """One reading for the day of entry into force and for each later day on which a figure reached changes,

    and at each of them one for either bound of each figure that is left to a body.
    """
    reached: dict[str, tree.Parameter] = {}
    for expr in exprs:
        if expr is not None:
            _parameters(desk, expr, reached, set())
    first = start(desk).day
    days = {first}
    left: list[tuple[str, tree.LeftTo]] = []
    for name, node in reached.items():
        days.update(day for row in node.amendments if (day := row.since.day) > first)
        if isinstance(node.value, tree.LeftTo):
            left.append((name, node.value))
    found: list[Reading] = []
    for day in sorted(days):
        resting: dict[str, tree.Expr] = {name: choice.otherwise or choice.low for name, choice in left}
        found.append(Reading(day, resting, _words(day, first)))
        for name, choice in left:
            for bound in (choice.low, choice.high):
                words = f"if `{name}` is {bound.written}"
                found.append(Reading(day, {**resting, name: bound}, words))
    return tuple(found)


def _words(day: date, first: date) -> str:
    return "" if day == first else f"from {day.isoformat()}"


def _parameters(desk: Desk, expr: tree.Node, reached: dict[str, tree.Parameter], seen: set[str]) -> None:
    for node in tree.walk(expr):
        if not isinstance(node, tree.Name):
            continue
        ref = desk.program.ref(node)
        if not isinstance(ref, Entry) or ref.name in seen:
            continue
        seen.add(ref.name)
        if isinstance(ref.node, tree.Parameter):
            reached[ref.name] = ref.node
            for value in values_of(ref.node):
                _parameters(desk, value, reached, seen)
        elif isinstance(ref.node, tree.Define):
            _parameters(desk, ref.node.value, reached, seen)


def values_of(node: tree.Parameter) -> Iterator[tree.Expr]:
    """Every figure that a parameter states."""
    if isinstance(node.value, tree.LeftTo):
        yield from (node.value.low, node.value.high)
        if node.value.otherwise is not None:
            yield node.value.otherwise
    else:
        yield node.value
    yield from (row.value for row in node.amendments)


def in_force(node: tree.Parameter, day: date) -> tree.Expr | tree.LeftTo:
    """The figure of a parameter that holds on a day."""
    best: tuple[date, tree.Expr | tree.LeftTo] = (EARLIEST, node.value)
    for row in node.amendments:
        since = row.since.day
        if best[0] <= since <= day:
            best = since, row.value
    return best[1]


DEEPEST = 40


def _value(desk: Desk, expr: tree.Expr, at: Reading, depth: int) -> Constant:
    if depth > DEEPEST:
        return None
    match expr:
        case tree.Number():
            return Quantity(expr.value, NUMBER)
        case tree.Percent() | tree.Ratio():
            return Quantity(expr.value, RATIO)
        case tree.Quantity():
            return _written(expr)
        case tree.Truth():
            return expr.value
        case tree.Name():
            return _named(desk, expr, at, depth)
        case tree.PartOf():
            part, of = _value(desk, expr.part, at, depth + 1), _value(desk, expr.of, at, depth + 1)
            both = isinstance(part, Quantity) and isinstance(of, Quantity)
            return Quantity(part.amount * of.amount, of.unit) if both else None  # type: ignore[union-attr]
        case tree.Unary():
            of = _value(desk, expr.of, at, depth + 1)
            if isinstance(of, Quantity) and expr.op == "-":
                return Quantity(-of.amount, of.unit)
            return not of if isinstance(of, bool) and expr.op == "not" else None
        case tree.Binary():
            return _binary(desk, expr, at, depth)
        case tree.Call():
            return _call(desk, expr, at, depth)
        case tree.Aggregate(op="count", of=tree.Name(text=group)) if group in at.counts:
            return Quantity(Fraction(at.counts[group]), NUMBER)
        case tree.Choice():
            when = _value(desk, expr.when, at, depth + 1)
            if not isinstance(when, bool):
                return None
            return _value(desk, expr.then if when else expr.otherwise, at, depth + 1)
    return None


def _written(expr: tree.Quantity) -> Quantity | None:
    one = one_of(expr.unit.text)
    return None if one is None else Quantity(expr.value * one.amount, one.unit)


def _named(desk: Desk, expr: tree.Name, at: Reading, depth: int) -> Constant:
    ref = desk.program.ref(expr)
    if not isinstance(ref, Entry):
        return None
    node = ref.node
    if isinstance(node, tree.Parameter):
        value = in_force(node, at.day)
        if isinstance(value, tree.LeftTo):
            chosen = at.choices.get(ref.name)
            return _value(desk, chosen, at, depth + 1) if chosen is not None else None
        return _value(desk, value, at, depth + 1)
    if isinstance(node, tree.Define) and not node.exceptions:
        return _value(desk, node.value, at, depth + 1)
    return None


def _binary(desk: Desk, expr: tree.Binary, at: Reading, depth: int) -> Constant:
    left, right = _value(desk, expr.left, at, depth + 1), _value(desk, expr.right, at, depth + 1)
    if expr.op == "per" and isinstance(expr.right, tree.Name | tree.Code):
        right = one_of(expr.right.text) or right
    if expr.op in ("and", "or"):
        decisive = expr.op == "or"
        if left is decisive or right is decisive:
            return decisive
        return not decisive if isinstance(left, bool) and isinstance(right, bool) else None
    if not isinstance(left, Quantity) or not isinstance(right, Quantity):
        return None
    match expr.op:
        case "+" | "-":
            sign = 1 if expr.op == "+" else -1
            return Quantity(left.amount + sign * right.amount, left.unit)
        case "*":
            return Quantity(left.amount * right.amount, times(left.unit, right.unit))
        case "/" | "per":
            if not right.amount:
                return None
            return Quantity(left.amount / right.amount, divide(left.unit, right.unit))
        case "^":
            return _power(left, right)
    return _compared(expr.op, left.amount, right.amount)


def _power(left: Quantity, right: Quantity) -> Quantity | None:
    exponent = right.amount
    if exponent.denominator != 1 or abs(exponent) > 64 or (not left.amount and exponent < 0):
        return None
    try:
        return Quantity(left.amount ** int(exponent), power_of(left.unit, exponent))
    except UnitFault:
        return None


def _compared(op: str, left: Fraction, right: Fraction) -> bool | None:
    match op:
        case "=":
            return left == right
        case "<>":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    return None


def _call(desk: Desk, expr: tree.Call, at: Reading, depth: int) -> Constant:
    found = [_value(desk, each, at, depth + 1) for each in expr.args]
    amounts = [each.amount for each in found if isinstance(each, Quantity)]
    if not amounts or len(amounts) != len(found):
        return None
    unit = next(each.unit for each in found if isinstance(each, Quantity))
    match expr.name.text:
        case "min":
            return Quantity(min(amounts), unit)
        case "max":
            return Quantity(max(amounts), unit)
        case "average":
            return Quantity(sum(amounts, Fraction(0)) / len(amounts), unit)
    return None
