"""Expressions as text: each operand in parentheses where it binds more loosely than its place asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from policy_dsl.source import Span
from policy_dsl.syntax import tree

# How tightly each form binds, from the grammar, Title X.
(ANY, OR, AND, NOT, COMPARISON, MOMENT, SUM, PRODUCT, SIGNED, POWER, RATE, ATOM, OPERAND) = range(13)
GROUP = -1
"""The place of a group: there `except` and `where` need no parentheses."""

# For each operator how tightly the whole binds, and what its left and its right side ask.
_BINARY = {
    "or": (OR, OR, AND),
    "and": (AND, AND, NOT),
    "after": (MOMENT, SUM, MOMENT),
    "before": (MOMENT, SUM, MOMENT),
    "+": (SUM, SUM, PRODUCT),
    "-": (SUM, SUM, PRODUCT),
    "*": (PRODUCT, PRODUCT, SIGNED),
    "/": (PRODUCT, PRODUCT, SIGNED),
    "^": (POWER, RATE, SIGNED),
    "per": (RATE, RATE, ATOM),
    "in": (RATE, RATE, ATOM),
    "not in": (RATE, RATE, ATOM),
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">=", "is", "is not"), (COMPARISON, MOMENT, MOMENT)),
}
_FIGURE = re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?")

Written = tuple[int, str]


def expression(node: tree.Node, place: int = ANY) -> str:
    """An expression for a place that asks to bind so tightly."""
    binds, text = PRINTED[type(node)](node)
    return text if binds >= place else f"({text})"


def _binary(node: tree.Binary) -> Written:
    binds, left, right = _BINARY[node.op]
    if node.op == "in" and isinstance(node.right, tree.Number) and node.right.value.denominator == 1:
        after = str(node.right.value)  # a year has no sign between thousands
    else:
        after = expression(node.right, right)
    # A fraction beside a sign of division would read as one more division.
    if node.op in ("/", "^") and _is_fraction(node.right):
        after = f"({expression(node.right)})"
    before = expression(node.left, left)
    if node.op == "/" and _is_fraction(node.left):
        before = f"({before})"
    return binds, f"{before} {node.op} {after}"


def _is_fraction(node: tree.Expr) -> bool:
    return isinstance(node, tree.Ratio) or (isinstance(node, tree.PartOf) and isinstance(node.part, tree.Ratio))


def _unary(node: tree.Unary) -> Written:
    if node.op == "not":
        return NOT, f"not {expression(node.of, NOT)}"
    return SIGNED, f"-{expression(node.of, SIGNED)}"


def _choice(node: tree.Choice) -> Written:
    return ANY, f"if {expression(node.when)} then {expression(node.then)} else {expression(node.otherwise)}"


def _group(node: tree.Group) -> Written:
    minus = f" except {expression(node.minus)}" if node.minus is not None else ""
    where = f" where {expression(node.where)}" if node.where is not None else ""
    return GROUP, expression(node.base) + minus + where


def _aggregate(node: tree.Aggregate) -> Written:
    over = f" over {expression(node.over, OPERAND)}" if node.over is not None else ""
    ties = f" ties by {', then '.join(expression(each, OPERAND) for each in node.ties)}" if node.ties else ""
    return ATOM, f"{node.op} of {expression(node.of, OPERAND)}{over}{ties}"


def _part_of(node: tree.PartOf) -> Written:
    return ATOM, f"{expression(node.part, ATOM)} of {expression(node.of, ATOM)}"


def _value_of(node: tree.ValueOf) -> Written:
    return OPERAND, f"{node.name.text} of {expression(node.of, OPERAND)}"


def _call(node: tree.Call) -> Written:
    return OPERAND, f"{node.name.text}({', '.join(map(expression, node.args))})"


def _nth(node: tree.Nth) -> Written:
    return OPERAND, f"{ordinal(node.number)} {node.step.text}"


def _number(node: tree.Number) -> Written:
    return _signed(node.value, OPERAND, figure(node.value, node.span))


def _quantity(node: tree.Quantity) -> Written:
    return _signed(node.value, OPERAND, f"{figure(node.value, node.span)} {node.unit.text}")


def _percent(node: tree.Percent) -> Written:
    hundredfold = node.value * 100
    if not _decimal(hundredfold):
        return _ratio(node)
    return _signed(node.value, ATOM, figure(hundredfold, node.span) + "%")


def _ratio(node: tree.Ratio | tree.Percent) -> Written:
    written = re.fullmatch(r"([0-9]+)/([0-9]+)", node.span.text)
    if written and int(written[2]) and Fraction(int(written[1]), int(written[2])) == node.value:
        return ATOM, node.span.text
    value = abs(node.value)
    return _signed(node.value, ATOM, f"{value.numerator}/{value.denominator}")


def _signed(value: Fraction, binds: int, text: str) -> Written:
    return (SIGNED, f"-{text}") if value < 0 else (binds, text)


def figure(value: Fraction, span: Span) -> str:
    """A figure without its sign: as it was written where it is still that figure, else with `_` between thousands."""
    value = abs(value)
    written = _FIGURE.match(span.text)
    if written and Fraction(written[0].replace("_", "")) == value:
        return written[0]
    if not _decimal(value):
        return f"{value.numerator}/{value.denominator}"
    whole, rest = divmod(value, 1)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
    return f"{whole:_}" + (f".{digits}" if digits else "")


def _decimal(value: Fraction) -> bool:
    """Whether digits after a point write it exactly."""
    under = value.denominator
    for prime in (2, 5):
        while under % prime == 0:
            under //= prime
    return under == 1


def moment(value: date | datetime, span: Span) -> str:
    """A date, or a moment with its offset."""
    if not isinstance(value, datetime):
        return value.isoformat()
    try:
        if "T" in span.text and datetime.fromisoformat(span.text) == value:
            return span.text
    except ValueError:
        pass
    text = value.isoformat(timespec="seconds" if value.second else "minutes")
    return text.removesuffix("+00:00") + "Z" if value.utcoffset() == timedelta(0) else text


def ordinal(number: int) -> str:
    """`12th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def _plain(write: Callable[[Any], str]) -> Callable[[Any], Written]:
    return lambda node: (OPERAND, write(node))


PRINTED: dict[type[tree.Node], Callable[[Any], Written]] = {
    tree.Number: _number,
    tree.Quantity: _quantity,
    tree.Percent: _percent,
    tree.Ratio: _ratio,
    tree.DateLiteral: _plain(lambda node: moment(node.value, node.span)),
    tree.Text: _plain(lambda node: f'"{node.value}"'),
    tree.Truth: _plain(lambda node: "yes" if node.value else "no"),
    tree.Nothing: _plain(lambda _: "none"),
    tree.Name: _plain(lambda node: str(node.text)),
    tree.Code: _plain(lambda node: str(node.text)),
    tree.Ident: _plain(lambda node: str(node.text)),
    tree.Nth: _nth,
    tree.ValueOf: _value_of,
    tree.Call: _call,
    tree.LastYears: _plain(lambda node: f"last {expression(node.count)}"),
    tree.Years: _plain(lambda node: f"{node.first}-{node.last}"),
    tree.Aggregate: _aggregate,
    tree.PartOf: _part_of,
    tree.Binary: _binary,
    tree.Unary: _unary,
    tree.Choice: _choice,
    tree.Group: _group,
}
