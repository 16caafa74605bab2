"""The type of `sum of x over s` and its kin."""

from __future__ import annotations

from policy_dsl.check import constants, entries, expressions
from policy_dsl.check.agreement import GROUPS, is_figure, whole_series
from policy_dsl.check.desk import Desk, Scope, text
from policy_dsl.check.types import (
    A_NUMBER,
    COHORT,
    EVENT,
    LEDGER,
    MEMBER,
    NOBODY,
    UNKNOWN,
    Kind,
    Type,
    joined,
    quantity,
    said,
)
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO

GATHERING = ("sum", "mean", "least", "greatest")


def aggregate(desk: Desk, expr: tree.Aggregate, scope: Scope) -> Type:
    """The type of an aggregate; `over` binds the members, the cohorts, the events or the years."""
    found = _gathered(desk, expr, scope)
    if expr.ties and expr.op != "rank":
        mend = f"leave `{_tied(expr)}` out"
        if expr.op != "count" and not isinstance(expr.over, tree.Years | tree.LastYears):
            mend += f", or write `rank of {text(expr.of)}`"
        desk.fault("PD341", expr, op=f"{expr.op} of", ties=_tied(expr), mend=mend)
        return UNKNOWN
    return found


def _gathered(desk: Desk, expr: tree.Aggregate, scope: Scope) -> Type:
    if expr.op == "count":
        return _count(desk, expr, scope)
    if isinstance(expr.over, tree.Years | tree.LastYears):
        return _over_years(desk, expr, expr.over, scope)
    of = expressions.infer(desk, expr.of, scope)
    bound, over = _bare(of, scope), NOBODY
    if expr.over is not None:
        range_type = expressions.infer(desk, expr.over, scope)
        found = _bound(desk, expr.over, range_type)
        if found is None:
            return UNKNOWN
        bound, over = found, range_type.reach
    if not _gathers(desk, expr, of, scope) or not _one_for_each(desk, expr, of, bound):
        return UNKNOWN
    reach = joined(of.reach - bound - LEDGER, over)
    if expr.op in GATHERING:
        return quantity(of.unit, reach, series=of.series)
    reach = joined(of.reach, over)
    for tie in expr.ties if expr.op == "rank" else ():
        settles = _tie_figure(desk, tie, scope, bound)
        if settles.unknown:
            return UNKNOWN
        reach = joined(reach, settles.reach)
    if expr.op == "share":
        share_of = entries.set_text(desk, expr.over) if expr.over is not None else scope.run
        return Type(Kind.QUANTITY, RATIO, reach, of.series, share_of if bound == MEMBER else "")
    return quantity(NUMBER if expr.op == "rank" else RATIO, reach, series=of.series)


def _bare(of: Type, scope: Scope) -> frozenset[str]:
    """What an aggregate without `over` ranges over: the members, or the cohorts where there is one value for each."""
    within = entries.reach_of(scope.entry) if scope.entry is not None else NOBODY
    if "cohort" not in of.reach - within:
        return MEMBER
    if "member" not in of.reach:
        return COHORT
    return MEMBER if scope.run else joined(MEMBER, COHORT)


def _count(desk: Desk, expr: tree.Aggregate, scope: Scope) -> Type:
    of = expressions.infer(desk, expr.of, scope)
    if isinstance(expr.over, tree.Expr):
        expressions.infer(desk, expr.over, scope)
    if of.unknown:
        return A_NUMBER
    step = of.kind is Kind.EVENT and isinstance(expr.of, tree.Name) and isinstance(desk.program.ref(expr.of), Entry)
    if step or of.kind in (*GROUPS, Kind.EVENTS, Kind.COHORTS):
        return quantity(NUMBER, of.reach - EVENT if of.kind is Kind.EVENTS else of.reach)
    mend = ""
    if of.kind is Kind.TRUTH:
        mend = f"count the members for which it holds: `count of (members where {text(expr.of)})`"
    elif of.figure:
        mend = f"figures are added up: `sum of {text(expr.of)}`"
    desk.fault("PD313", expr, op="count of", text=text(expr.of), found=said(of), mend=mend)
    return UNKNOWN


def _over_years(desk: Desk, expr: tree.Aggregate, over: tree.Years | tree.LastYears, scope: Scope) -> Type:
    of = expressions.infer(desk, expr.of, scope)
    if isinstance(over, tree.LastYears):
        count = expressions.infer(desk, over.count, scope)
        amount = constants.figure(desk, over.count, constants.start(desk))
        whole = amount is None or (amount.amount.denominator == 1 and amount.amount > 0)
        if not count.unknown and (count.unit.period != "year" or not whole):
            reason = "it is no whole number of years" if count.unit.period == "year" else f"it is {said(count)}"
            desk.fault("PD335", over.count, text=text(over.count), reason=reason)
            return UNKNOWN
    elif over.first > over.last:
        mend = f"write `{over.last}-{over.first}`"
        desk.fault("PD335", over, text=text(over), reason="it ends before it begins", mend=mend)
        return UNKNOWN
    if of.unknown:
        return UNKNOWN
    if not of.series:
        desk.fault("PD309", expr, text=text(expr.of), year=text(over))
        return UNKNOWN
    if expr.op not in GATHERING:
        mend = f"first take the mean of the years: `{expr.op} of (mean of {text(expr.of)} over {text(over)})`"
        desk.fault("PD313", expr, op=f"{expr.op} of", text=text(expr.of), found="a figure for each year", mend=mend)
        return UNKNOWN
    return quantity(of.unit, of.reach)


def _bound(desk: Desk, at: tree.Expr, found: Type) -> frozenset[str] | None:
    """What a range binds; none, with a fault, where it is no range."""
    if found.unknown:
        return None
    if found.kind in (*GROUPS, Kind.STATE):
        return MEMBER
    if found.kind is Kind.COHORTS:
        return COHORT
    if found.kind is Kind.EVENTS or (found.kind is Kind.EVENT and isinstance(at, tree.Name)):
        return EVENT
    desk.fault("PD333", at, text=text(at), found=said(found))
    return None


def _gathers(desk: Desk, expr: tree.Aggregate, of: Type, scope: Scope) -> bool:
    if of.unknown:
        return False
    if of.figure:
        return not whole_series(desk, expr.of, of, scope)
    mend = ""
    if of.kind in (*GROUPS, Kind.EVENTS):
        mend = f"write `count of {text(expr.of)}` for how many they are"
    elif of.kind is Kind.TRUTH:
        mend = f"count the members for which it holds: `count of (members where {text(expr.of)})`"
    desk.fault("PD313", expr, op=f"{expr.op} of", text=text(expr.of), found=said(of), mend=mend)
    return False


def _tie_figure(desk: Desk, tie: tree.Expr, scope: Scope, bound: frozenset[str]) -> Type:
    """The type of a figure that tells equals apart; unknown, with a fault, where it is not one for each of them."""
    found = expressions.infer(desk, tie, scope)
    what = text(tie)
    if found.kind is Kind.LOT:
        mend = "leave it out, as those who are still equal share a rank; or name one more figure"
        desk.fault("PD306", tie, due="a figure that tells equals apart", text=what, found=said(found), mend=mend)
        return UNKNOWN
    if not is_figure(desk, tie, found, scope):
        return UNKNOWN
    if not _has_each(found, bound):
        each = _each(bound)
        mend = f"name a figure that each {each} has: one for all tells nobody apart"
        desk.fault("PD312", tie, op="ties by", text=what, each=each, mend=mend)
        return UNKNOWN
    return found


def _tied(expr: tree.Aggregate) -> str:
    return f"ties by {', then '.join(map(text, expr.ties))}"


def _has_each(of: Type, bound: frozenset[str]) -> bool:
    return bool(bound & of.reach) or (of.reach >= LEDGER and "member" in bound)


def _each(bound: frozenset[str]) -> str:
    return "member" if "member" in bound else "cohort" if bound == COHORT else "recorded event"


def _one_for_each(desk: Desk, expr: tree.Aggregate, of: Type, bound: frozenset[str]) -> bool:
    if _has_each(of, bound):
        return True
    what, each = text(expr.of), _each(bound)
    mend = f"write `{what}` alone: it is one figure"
    if "cohort" in of.reach and bound == MEMBER:
        mend = f"write `{expr.op} of {what} over cohorts`"
    elif "member" in of.reach:
        mend = f"write `{expr.op} of {what} over members`"
    elif "event" in of.reach:
        mend = "write over which step, as in `over transfer`"
    desk.fault("PD312", expr, op=expr.op, text=what, each=each, mend=mend)
    return False
