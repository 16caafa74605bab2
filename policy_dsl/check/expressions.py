"""The type of every expression: one match over the nodes."""

from __future__ import annotations

from policy_dsl.check import aggregates, calls, naming, operations
from policy_dsl.check.agreement import is_condition, is_figure
from policy_dsl.check.desk import Desk, Scope, text
from policy_dsl.check.types import (
    A_NUMBER,
    A_RATIO,
    EVENT,
    MEMBER,
    NOBODY,
    TIME,
    TRUTH,
    UNKNOWN,
    Kind,
    Type,
    joined,
    quantity,
    said,
)
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import UnitFault, unit_named


def infer(desk: Desk, expr: tree.Expr, scope: Scope) -> Type:
    """The type of an expression; what is wrong in it goes on the desk's list, and the type is then unknown."""
    found = desk.types.get(expr)
    if found is None:
        found = _infer(desk, expr, scope)
        desk.types[expr] = found
    return found


def _infer(desk: Desk, expr: tree.Expr, scope: Scope) -> Type:
    match expr:  # the commonest first
        case tree.Name():
            return naming.named(desk, expr, scope)
        case tree.Binary():
            return operations.binary(desk, expr, scope)
        case tree.Number():
            return A_NUMBER
        case tree.Percent() | tree.Ratio():
            return A_RATIO
        case tree.Quantity():
            return figure(desk, expr)
        case tree.DateLiteral():
            return TIME
        case tree.Text():
            return Type(Kind.TEXT)
        case tree.Truth():
            return TRUTH
        case tree.Nothing():
            return Type(Kind.NOTHING)
        case tree.Code():
            return Type(Kind.STATE)
        case tree.Nth():
            return naming.nth(desk, expr)
        case tree.ValueOf():
            return naming.value_of(desk, expr, scope)
        case tree.Call():
            return calls.call(desk, expr, scope)
        case tree.Aggregate():
            return aggregates.aggregate(desk, expr, scope)
        case tree.PartOf():
            return part_of(desk, expr, scope)
        case tree.Unary():
            return operations.unary(desk, expr, scope)
        case tree.Choice():
            return operations.choice(desk, expr, scope)
        case tree.Group():
            return group(desk, expr, scope)
    return UNKNOWN


def figure(desk: Desk, expr: tree.Quantity) -> Type:
    """A figure with its unit, as `48 hours` or `5 USD`."""
    word = expr.unit.text
    try:
        unit, _ = unit_named(word)
    except UnitFault:
        if not isinstance(desk.program.ref(expr.unit), Entry):
            desk.fault("PD336", expr.unit, word=word, mend=naming.nearest_unit(word))
        return UNKNOWN
    if unit.period == "working day" and not desk.has_calendar:
        desk.fault("PD320", expr, text=text(expr))
        return UNKNOWN
    return quantity(unit)


def part_of(desk: Desk, expr: tree.PartOf, scope: Scope) -> Type:
    """`30% of x` has the unit of x: a part of a number is a number."""
    infer(desk, expr.part, scope)
    whole = infer(desk, expr.of, scope)
    if whole.unknown:
        return UNKNOWN
    if whole.kind in (Kind.GROUP, Kind.BODIES, Kind.EVENTS):
        part, group_text = text(expr.part), text(expr.of)
        desk.fault(
            "PD313",
            expr,
            op=part,
            text=group_text,
            found=said(whole),
            mend=f"count its members: `{part} of count of {group_text}`",
        )
        return UNKNOWN
    if not is_figure(desk, expr.of, whole, scope):
        return UNKNOWN
    return whole


def group(desk: Desk, expr: tree.Group, scope: Scope) -> Type:
    """`a except b where c`: of members and bodies, or of recorded events."""
    base = infer(desk, expr.base, scope)
    minus = infer(desk, expr.minus, scope) if expr.minus is not None else None
    where = infer(desk, expr.where, scope) if expr.where is not None else None
    if base.unknown or (minus is not None and minus.unknown) or (where is not None and where.unknown):
        return UNKNOWN
    if where is not None and expr.where is not None and not is_condition(desk, expr.where, where):
        return UNKNOWN
    if base.kind is Kind.EVENTS or (base.kind is Kind.EVENT and isinstance(expr.base, tree.Name)):
        return Type(Kind.EVENTS, reach=joined(base.reach, where.reach - EVENT if where else NOBODY), step=base.step)
    if not base.grouped:
        desk.fault("PD333", expr.base, text=text(expr.base), found=said(base))
        return UNKNOWN
    if minus is not None and expr.minus is not None and not minus.grouped:
        desk.fault("PD333", expr.minus, text=text(expr.minus), found=said(minus))
        return UNKNOWN
    bodies = base.kind in (Kind.BODIES, Kind.BODY)
    reach = joined(base.reach, minus.reach if minus else NOBODY, where.reach - MEMBER if where else NOBODY)
    return Type(Kind.BODIES if bodies else Kind.GROUP, reach=reach)
