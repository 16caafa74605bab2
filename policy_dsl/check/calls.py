"""The type of a named function, and what it must be given."""

from __future__ import annotations

from policy_dsl.check import expressions, operations
from policy_dsl.check.agreement import alike, is_figure, same_set
from policy_dsl.check.desk import Desk, Scope, text
from policy_dsl.check.types import MEMBER, NOBODY, UNKNOWN, Kind, Type, joined, quantity, said, unit_said
from policy_dsl.resolve.program import Word
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER

# Least and greatest number of things in the parentheses; 0 for any number.
ARGUMENTS: dict[str, tuple[int, int, str]] = {
    "min": (2, 0, "min(a, b)"),
    "max": (2, 0, "max(a, b)"),
    "average": (2, 0, "average(a, b)"),
    "log": (1, 1, "log(x)"),
    "root": (2, 2, "root(x, 2)"),
    "first_of_next_month": (1, 1, "first_of_next_month(date)"),
    "half_up": (1, 2, "half_up(x, step)"),
    "half_even": (1, 2, "half_even(x, step)"),
    "up": (1, 2, "up(x, step)"),
    "down": (1, 2, "down(x, step)"),
    "round": (1, 2, "round(x, step)"),
    "fewest": (3, 3, "fewest(x, ratio, members)"),
}
ROUNDING = ("half_up", "half_even", "up", "down", "round")


def call(desk: Desk, expr: tree.Call, scope: Scope) -> Type:
    """The type of `max(a, b)` and its kin. Which functions there are is the resolver's matter."""
    found = [expressions.infer(desk, each, scope) for each in expr.args]
    name = expr.name.text
    due = ARGUMENTS.get(name)
    if due is None or not isinstance(desk.program.ref(expr.name), Word):
        return UNKNOWN
    least, most, sample = due
    if len(found) < least or (most and len(found) > most):
        desk.fault("PD328", expr, name=name, given=str(len(found)), sample=sample)
        return UNKNOWN
    if any(each.unknown for each in found):
        return UNKNOWN
    if name == "first_of_next_month":
        return _first_of_next_month(desk, expr, found[0])
    if name in ("min", "max") and all(each.timely for each in found):
        return Type(Kind.TIME, reach=joined(*(each.reach for each in found)))
    if name == "fewest":
        return _fewest(desk, expr, found, scope)
    figures = [is_figure(desk, at, each, scope) for at, each in zip(expr.args, found, strict=True)]
    if not all(figures):
        return UNKNOWN
    if name == "log":
        return _log(desk, expr, found[0])
    if name == "root":
        unit = operations.raised(desk, expr, expr.args[0], found[0], expr.args[1], found[1], root=True)
        return UNKNOWN if unit is None else quantity(unit, *(each.reach for each in found))
    if name in ROUNDING and len(found) == 1 and found[0].ratio:
        desk.fault("PD328", expr, name=name, given="1", sample=f"{name}({text(expr.args[0])}, 0.1%)")
        return UNKNOWN
    return _of_one_unit(desk, expr, found, "rounded to" if name in ROUNDING else "put together")


def _of_one_unit(desk: Desk, expr: tree.Call, found: list[Type], done: str) -> Type:
    first_at, first = expr.args[0], found[0]
    share_of = first.share_of
    for at, each in zip(expr.args[1:], found[1:], strict=True):
        if not alike(desk, at, first_at, first, at, each, done) or not same_set(desk, at, first_at, first, at, each):
            return UNKNOWN
        share_of = share_of if share_of == each.share_of else ("?" if share_of and each.share_of else "")
    return Type(Kind.QUANTITY, first.unit, joined(*(each.reach for each in found)), share_of=share_of)


def _first_of_next_month(desk: Desk, expr: tree.Call, of: Type) -> Type:
    if not of.timely:
        desk.fault("PD306", expr.args[0], due="a date or a step", text=text(expr.args[0]), found=said(of))
    return Type(Kind.TIME, reach=of.reach)


def _log(desk: Desk, expr: tree.Call, of: Type) -> Type:
    if of.unit.bare:
        return quantity(NUMBER, of.reach)
    reason = f"{unit_said(of.unit)} have no logarithm"
    mend = f"divide first, so that a ratio is taken: `log({text(expr.args[0])} / mean of {text(expr.args[0])})`"
    desk.fault("PD314", expr, base=text(expr.args[0]), power="log", reason=reason, mend=mend)
    return UNKNOWN


def _fewest(desk: Desk, expr: tree.Call, found: list[Type], scope: Scope) -> Type:
    figure_at, ratio_at, group_at = expr.args
    figure, ratio, group = found
    sound = is_figure(desk, figure_at, figure, scope)
    if sound and "member" not in figure.reach:
        desk.fault(
            "PD312",
            figure_at,
            op="fewest",
            text=text(figure_at),
            each="member",
            mend="name a figure that each member has",
        )
        sound = False
    if not ratio.ratio:
        mend = f"write `{text(ratio_at)}%`" if isinstance(ratio_at, tree.Number) and ratio_at.value > 1 else ""
        desk.fault("PD306", ratio_at, due="a ratio (such as 35%)", text=text(ratio_at), found=said(ratio), mend=mend)
        sound = False
    if not group.grouped:
        desk.fault("PD333", group_at, text=text(group_at), found=said(group))
        sound = False
    return quantity(NUMBER, figure.reach - MEMBER, ratio.reach, group.reach, NOBODY) if sound else UNKNOWN
