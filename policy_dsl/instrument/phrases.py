"""Phrases put together: figures as they are written, lists, and how tightly the parts of a phrase hang together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_dsl.render import numbers, words
from policy_dsl.render.document import Line, Span
from policy_dsl.render.messages import VALUES
from policy_dsl.render.pieces import joined as strung
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Quantity, divide, one_of

TIGHT = {"or": 1, "and": 2, "after": 4, "before": 4, "+": 5, "-": 5, "*": 6, "/": 6, "per": 8, "^": 7}
LOOSEST, OPERAND = 0, 9
FINEST = 15
"""As many decimals as anybody writes."""


def tightness(expr: tree.Expr) -> int:
    """How tightly the parts of an expression's words hang together."""
    match expr:
        case tree.Binary(op=op):
            return TIGHT.get(op, 3)  # a comparison
        case tree.Choice():
            return LOOSEST + 1
        case tree.Group():
            return 2
        case tree.Aggregate(op="count") | tree.ValueOf():
            return OPERAND
        case tree.Aggregate() | tree.Call():
            return 4  # its last part would take in what follows
        case tree.PartOf():
            return 8
        case tree.Unary():
            return 6
    return OPERAND


def figure(quantity: Quantity) -> Line:
    """A figure with its unit, with all the decimals with which it is written."""
    amount = quantity.amount * 100 if quantity.unit == RATIO else quantity.amount
    needed = numbers.needed_places(amount, FINEST)
    least = needed if needed > numbers.places_for(quantity.unit) and numbers.is_exact(amount, needed) else 0
    return (Span(numbers.figure(quantity, least=least), "figure"),)


def joined(parts: Sequence[Line], by: str) -> Line:
    """Parts in a sentence with “and”, or with “or”, before the last."""
    if by == "and" or len(parts) == 1:
        return words.listed(parts)
    head = strung(parts[:-1], (Span(VALUES["comma"]),))
    return words.fill(VALUES["or"], {"all": head, "last": parts[-1]})


def chained(expr: tree.Expr, op: str) -> Iterable[tree.Expr]:
    """The parts that one operator joins, from left to right."""
    if isinstance(expr, tree.Binary) and expr.op == op:
        yield from chained(expr.left, op)
        yield from chained(expr.right, op)
    else:
        yield expr


def written(program: Program, expr: tree.Expr) -> Quantity | None:
    """A figure with its unit as it is written, `5_000 USD per person`; none for what is no such figure."""
    match expr:
        case tree.Number(value=value):
            return Quantity(value, NUMBER)
        case tree.Percent(value=value) | tree.Ratio(value=value):
            return Quantity(value, RATIO)
        case tree.Quantity(value=value, unit=unit):
            one = one_of(unit.text)
            return None if one is None else Quantity(value * one.amount, one.unit)
        case tree.Unary(op="-", of=of):
            found = written(program, of)
            return None if found is None else Quantity(-found.amount, found.unit)
        case tree.Binary(op="per", left=left, right=tree.Name() | tree.Code() as right):
            over, one = written(program, left), one_of(right.text)
            if over is None or one is None or isinstance(program.ref(right), Entry):
                return None
            return Quantity(over.amount / one.amount, divide(over.unit, one.unit))
    return None


def constant(program: Program, expr: tree.Expr | None) -> Quantity | None:
    """A figure as it is written, or by the name of an agreed figure that was never amended; none for all else."""
    if expr is None:
        return None
    ref = program.ref(expr)
    if isinstance(ref, Entry) and isinstance(ref.node, tree.Parameter):
        node = ref.node
        return None if node.amendments or isinstance(node.value, tree.LeftTo) else written(program, node.value)
    return written(program, expr)
