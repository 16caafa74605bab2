"""The type of an operation: sums, products, comparisons, conditions, points in time."""

from __future__ import annotations

from policy_dsl.check import constants, expressions, naming
from policy_dsl.check.agreement import (
    GROUPS,
    alike,
    alternative,
    is_condition,
    is_figure,
    is_period,
    same_set,
    shared,
    whole_series,
    written,
)
from policy_dsl.check.desk import Desk, Scope, text
from policy_dsl.check.types import (
    TRUTH,
    UNKNOWN,
    Kind,
    Type,
    joined,
    quantity,
    said,
    unit_said,
)
from policy_dsl.resolve.program import CriterionOf, Entry
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Unit, UnitFault, divide, power_of, times, unit_named

ARITHMETIC = {"+": "added", "-": "subtracted"}
EQUALITIES = ("=", "<>")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


def binary(desk: Desk, expr: tree.Binary, scope: Scope) -> Type:
    """The type of an operation on two values."""
    left = expressions.infer(desk, expr.left, scope)
    if expr.op == "in" and isinstance(expr.right, tree.Number):
        return _in_year(desk, expr, left)
    right = unit_after_per(expr) or expressions.infer(desk, expr.right, scope)
    desk.types[expr.right] = right
    if left.unknown or right.unknown:
        return _of_unknown(expr, left, right)
    match expr.op:
        case "+" | "-":
            return _sum(desk, expr, left, right, scope)
        case "*" | "/" | "per":
            return _product(desk, expr, left, right, scope)
        case "^":
            return _power(desk, expr, left, right, scope)
        case "is" | "is not":
            return _is(desk, expr, left, right)
        case "and":
            return _both(desk, expr, left, right)
        case "or":
            return _either(desk, expr, left, right)
        case "in" | "not in":
            return _member_of(desk, expr, left, right, scope)
        case "after" | "before":
            return _moment(desk, expr, left, right, scope)
    return _compared(desk, expr, left, right, scope)


def unit_after_per(expr: tree.Binary) -> Type | None:
    """The unit that stands after `per`, as in `5_000 USD per person`, if it is one and no name of the policy."""
    at = expr.right
    if expr.op != "per" or not isinstance(at, tree.Name | tree.Code):
        return None
    try:
        return quantity(unit_named(at.text)[0])
    except UnitFault:
        return None


def _of_unknown(expr: tree.Binary, left: Type, right: Type) -> Type:
    """What is certain although a part is at fault: a comparison is yes or no, a point in time a date."""
    reach = joined(left.reach, right.reach)
    if expr.op in COMPARISONS or expr.op in ("is", "is not", "in", "not in"):
        return Type(Kind.TRUTH, reach=reach)
    if expr.op in ("after", "before"):
        return Type(Kind.TIME, reach=reach)
    return UNKNOWN


def unary(desk: Desk, expr: tree.Unary, scope: Scope) -> Type:
    """`-x`, `not c`."""
    of = expressions.infer(desk, expr.of, scope)
    if of.unknown:
        return TRUTH if expr.op == "not" else UNKNOWN
    if expr.op == "not":
        return of.of(Kind.TRUTH) if is_condition(desk, expr.of, of) else UNKNOWN
    return of if is_figure(desk, expr.of, of, scope) else UNKNOWN


def choice(desk: Desk, expr: tree.Choice, scope: Scope) -> Type:
    """`if a then b else c`."""
    when = expressions.infer(desk, expr.when, scope)
    then = expressions.infer(desk, expr.then, scope)
    otherwise = expressions.infer(desk, expr.otherwise, scope)
    fit = is_condition(desk, expr.when, when)
    found = alternative(desk, expr.then, then, expr.otherwise, otherwise)
    if not fit or found.unknown:
        return found if not found.unknown else UNKNOWN
    return found.reaching(joined(when.reach, then.reach, otherwise.reach))


# ---- the operations --------------------------------------------------------------------------------------------------


def _sum(desk: Desk, expr: tree.Binary, left: Type, right: Type, scope: Scope) -> Type:
    if left.kind in (Kind.TIME, Kind.EVENT) or right.kind in (Kind.TIME, Kind.EVENT):
        return _sum_of_times(desk, expr, left, right)
    if not all([is_figure(desk, expr.left, left, scope), is_figure(desk, expr.right, right, scope)]):
        return UNKNOWN
    if not alike(desk, expr, expr.left, left, expr.right, right, ARITHMETIC[expr.op]):
        return UNKNOWN
    if not same_set(desk, expr, expr.left, left, expr.right, right):
        return UNKNOWN
    return Type(
        Kind.QUANTITY, left.unit, joined(left.reach, right.reach), left.series or right.series, shared(left, right)
    )


def _sum_of_times(desk: Desk, expr: tree.Binary, left: Type, right: Type) -> Type:
    one, other = text(expr.left), text(expr.right)
    period, base = (expr.left, expr.right) if left.figure else (expr.right, expr.left)
    word = "before" if expr.op == "-" else "after"
    if left.timely and right.timely:
        mend = f"compare the two: `{one} <= 30 days after {other}`"
    elif left.figure or right.figure:
        mend = f"write `{text(period)} {word} {text(base)}`"
    else:
        mend = ""
    desk.fault("PD317", expr, left=one, right=other, done=ARITHMETIC[expr.op], mend=mend)
    return UNKNOWN


def _product(desk: Desk, expr: tree.Binary, left: Type, right: Type, scope: Scope) -> Type:
    if not all([is_figure(desk, expr.left, left, scope), is_figure(desk, expr.right, right, scope)]):
        return UNKNOWN
    reach = joined(left.reach, right.reach)
    if expr.op == "*":
        unit = times(left.unit, right.unit)
        share = left.share_of if not right.reach else right.share_of if not left.reach else ""
    else:
        unit = divide(left.unit, right.unit)
        if left.unit == right.unit == NUMBER and (written(expr.left) is not None or written(expr.right) is not None):
            unit = NUMBER
        share = left.share_of if not right.reach else ""
    return Type(Kind.QUANTITY, unit, reach, left.series or right.series, share if unit == RATIO else "")


def _power(desk: Desk, expr: tree.Binary, left: Type, right: Type, scope: Scope) -> Type:
    if not all([is_figure(desk, expr.left, left, scope), is_figure(desk, expr.right, right, scope)]):
        return UNKNOWN
    unit = raised(desk, expr, expr.left, left, expr.right, right)
    return UNKNOWN if unit is None else quantity(unit, left.reach, right.reach)


def raised(
    desk: Desk, expr: tree.Expr, base_at: tree.Expr, base: Type, power_at: tree.Expr, power: Type, root: bool = False
) -> Unit | None:
    """The unit of a power or a root; none, with a fault, where it has no meaning."""
    if not power.unit.bare:
        desk.fault("PD314", power_at, base=text(base_at), power=text(power_at), reason="a power has no unit")
        return None
    if base.unit.bare:
        return base.unit
    found: set[Unit] = set()
    for moment in constants.dates(desk, power_at):
        exponent = constants.figure(desk, power_at, moment)
        try:
            if exponent is None or (root and not exponent.amount):
                raise UnitFault(str(base.unit))
            found.add(power_of(base.unit, 1 / exponent.amount if root else exponent.amount))
        except UnitFault:
            found.clear()
            break
    if len(found) == 1:
        return found.pop()
    what = f"a root of {unit_said(base.unit)}" if root else f"this power of {unit_said(base.unit)}"
    mend = f"divide first, so that a ratio is raised: `({text(base_at)} / mean of {text(base_at)}) ^ {text(power_at)}`"
    reason = f"{what} is no unit"
    desk.fault("PD314", expr, base=text(base_at), power=text(power_at), reason=reason, mend="" if root else mend)
    return None


def _compared(desk: Desk, expr: tree.Binary, left: Type, right: Type, scope: Scope) -> Type:
    reach = joined(left.reach, right.reach)
    truth = Type(Kind.TRUTH, reach=reach)
    if left.figure and right.figure:
        if any([whole_series(desk, expr.left, left, scope), whole_series(desk, expr.right, right, scope)]):
            return truth
        alike(desk, expr, expr.left, left, expr.right, right, "compared")
        return truth
    if left.timely and right.timely:
        return truth
    if expr.op in EQUALITIES and _equal_kinds(left, right):
        return truth
    mend = ""
    for at, one, other in ((expr.left, left, right), (expr.right, right, left)):
        if one.kind in (*GROUPS, Kind.EVENTS) and other.figure:
            mend = f"write `count of {text(at)}` for how many they are"
        if other.timely and one.figure and one.unit.period:
            mend = f"say from when it runs: `{text(at)} after …`"
        if one.kind is Kind.STATUS and expr.op in EQUALITIES:
            mend = f"a status is asked with `is`: `{text(expr.left)} is {text(expr.right)}`"
    desk.fault(
        "PD325", expr, left=text(expr.left), one=said(left), right=text(expr.right), other=said(right), mend=mend
    )
    return truth


def _equal_kinds(left: Type, right: Type) -> bool:
    kinds = {left.kind, right.kind}
    if kinds <= {Kind.TRUTH, Kind.EVENT} or kinds <= {Kind.STATE, Kind.BODY}:
        return True
    return len(kinds) == 1 and kinds <= {Kind.TEXT, Kind.GROUND, Kind.COHORT, Kind.GROUP, Kind.BODIES, Kind.STATUS}


def _is(desk: Desk, expr: tree.Binary, left: Type, right: Type) -> Type:
    reach = joined(left.reach, right.reach)
    truth = Type(Kind.TRUTH, reach=reach)
    if right.kind is Kind.STATUS:
        _has_status(desk, expr, left)
        return truth
    if _equal_kinds(left, right):
        return truth
    mend = ""
    if left.figure and right.figure:
        mend = f"figures are compared with `=`: `{text(expr.left)} = {text(expr.right)}`"
    elif right.kind in GROUPS:
        mend = f"write `{text(expr.left)} in {text(expr.right)}`"
    desk.fault(
        "PD325", expr, left=text(expr.left), one=said(left), right=text(expr.right), other=said(right), mend=mend
    )
    return truth


_OF_STEPS = ("adopted", "rejected", "met", "missed", "pending", "refused", "not due", "due")
_OF_DUTIES = ("kept", "breached", "pending", "not shown", "shown", "not arisen", "arisen", "reserved")


def _has_status(desk: Desk, expr: tree.Binary, left: Type) -> None:
    status = text(expr.right)
    subject = text(expr.left)
    if left.kind is Kind.EVENT:
        votes = status not in ("adopted", "rejected") or _is_vote(desk, left.step)
        if status in _OF_STEPS and votes:
            return
        reason = (
            "it is decided by no vote" if not votes else "a step is met, missed, pending, refused, adopted or rejected"
        )
    elif left.kind is Kind.DUTY:
        if status in _OF_DUTIES:
            return
        reason = "a duty is kept, breached, pending or not shown"
    elif left.kind is Kind.STATUS or (isinstance(desk.program.ref(expr.left), Entry) and left.kind is Kind.TRUTH):
        return
    elif isinstance(desk.program.ref(expr.left), CriterionOf) or naming.is_criterion(desk, expr.left):
        if status in ("met", "missed"):
            return
        reason = "a criterion is met or missed"
    else:
        reason = f"it is {said(left)}"
    desk.fault("PD326", expr, text=subject, status=status, reason=reason)


def _is_vote(desk: Desk, step: str) -> bool:
    from policy_dsl.check.entries import models

    entry = desk.program.entries.get(step)
    return entry is None or any(node.adopted is not None for node in models(desk, entry))


def _both(desk: Desk, expr: tree.Binary, left: Type, right: Type) -> Type:
    reach = joined(left.reach, right.reach)
    if left.grouped and right.grouped:
        one, other = text(expr.left), text(expr.right)
        mend = (
            f"write `{one} or {other}` for the members of either, `({one} where member in {other})` for those of both"
        )
        desk.fault("PD310", expr, left=one, right=other, mend=mend)
        return UNKNOWN
    if left.figure and right.figure:
        one, other = text(expr.left), text(expr.right)
        mend = f"`and` joins conditions. To weigh `{one}` and `{other}` together, give a `key` a row for each of them"
        desk.fault("PD307", expr, text=text(expr), found="two figures", mend=mend)
        return UNKNOWN
    is_condition(desk, expr.left, left)
    is_condition(desk, expr.right, right)
    return Type(Kind.TRUTH, reach=reach)


def _either(desk: Desk, expr: tree.Binary, left: Type, right: Type) -> Type:
    reach = joined(left.reach, right.reach)
    if left.grouped and right.grouped:
        bodies = {left.kind, right.kind} & {Kind.BODY, Kind.BODIES}
        return Type(Kind.BODIES if bodies else Kind.GROUP, reach=reach)
    if left.grouped or right.grouped:
        odd, found = (expr.right, right) if left.grouped else (expr.left, left)
        desk.fault("PD333", odd, text=text(odd), found=said(found))
        return UNKNOWN
    is_condition(desk, expr.left, left)
    is_condition(desk, expr.right, right)
    return Type(Kind.TRUTH, reach=reach)


def _in_year(desk: Desk, expr: tree.Binary, left: Type) -> Type:
    desk.types[expr.right] = quantity(NUMBER)
    if left.unknown:
        return UNKNOWN
    if not left.series:
        desk.fault("PD309", expr, text=text(expr.left), year=text(expr.right))
        return UNKNOWN
    assert isinstance(expr.right, tree.Number)
    if expr.right.value.denominator != 1 or not 1000 <= expr.right.value <= 9999:
        desk.fault("PD335", expr.right, text=text(expr.right), reason="it is no calendar year")
        return UNKNOWN
    return Type(left.kind, left.unit, left.reach)


def _member_of(desk: Desk, expr: tree.Binary, left: Type, right: Type, scope: Scope) -> Type:
    truth = Type(Kind.TRUTH, reach=joined(left.reach, right.reach))
    if left.series and right.number:
        return Type(left.kind, left.unit, truth.reach)
    if not right.grouped:
        desk.fault("PD333", expr.right, text=text(expr.right), found=said(right))
        return truth
    if left.kind not in (Kind.STATE, Kind.BODY):
        mend = ""
        if left.figure and "member" in left.reach:
            mend = f"For the group's figure, write `sum of {text(expr.left)} over {text(expr.right)}`"
        elif isinstance(expr.left, tree.Name) and expr.left.text == "members":
            mend = f"write `member {expr.op} {text(expr.right)}`: `member` is the one at hand"
        desk.fault("PD306", expr.left, due="a member", text=text(expr.left), found=said(left), mend=mend)
    return truth


def _moment(desk: Desk, expr: tree.Binary, left: Type, right: Type, scope: Scope) -> Type:
    reach = joined(left.reach, right.reach)
    if is_period(desk, expr.left, left) and not right.timely:
        desk.fault("PD306", expr.right, due="a date or a step", text=text(expr.right), found=said(right))
    return Type(Kind.TIME, reach=reach)
