"""What may stand where, and what goes together: conditions, figures, periods, like units, shares of one set."""

from __future__ import annotations

from fractions import Fraction

from policy_dsl.check import constants, naming
from policy_dsl.check.desk import Desk, Scope, text
from policy_dsl.check.types import TRUTH, UNKNOWN, Kind, Type, said, unit_said, unit_written
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Unit
from policy_dsl.values.quantity import plain

GROUPS = (Kind.GROUP, Kind.BODIES)
_COUNTED = {"year": "months and years", "day": "days", "hour": "hours", "working day": "working days"}


def alternative(desk: Desk, one_at: tree.Expr, one: Type, other_at: tree.Expr, other: Type) -> Type:
    """The type of a value that is one or the other; what does not go together is a fault at the second place."""
    if one.unknown or other.unknown:
        return UNKNOWN
    if Kind.NOTHING in (one.kind, other.kind):
        return other if one.kind is Kind.NOTHING else one
    if one.figure and other.figure:
        if alike(desk, other_at, one_at, one, other_at, other, "given as two values of one thing"):
            return one if one.share_of == other.share_of else one.plain()
        return UNKNOWN
    if one.kind is other.kind:
        return one if one.step == other.step else one.of(one.kind)
    kinds = {one.kind, other.kind}
    if kinds == {Kind.TRUTH, Kind.EVENT}:
        return TRUTH
    if kinds == {Kind.TIME, Kind.EVENT}:
        return Type(Kind.TIME)
    if one.grouped and other.grouped:
        return Type(Kind.BODIES if kinds & {Kind.BODIES, Kind.BODY} else Kind.GROUP)
    quoted = one_at if one.kind is Kind.TEXT else other_at if other.kind is Kind.TEXT else None
    mend = f"take the quotes away: `{quoted.value}`" if isinstance(quoted, tree.Text) else ""
    desk.fault("PD324", other_at, mend=mend, first=text(one_at), one=said(one), text=text(other_at), other=said(other))
    return UNKNOWN


def is_condition(desk: Desk, at: tree.Expr, found: Type) -> bool:
    """Whether a value may stand as a condition; otherwise a fault."""
    if found.conditional:
        return not found.unknown
    mend = ""
    if naming.is_criterion(desk, at):
        mend = f"write `{text(at)} is met`"
    elif found.figure:
        mend = f"compare it with a figure, as in `{text(at)} > {_nothing_of(found.unit)}`"
    elif found.kind in GROUPS:
        mend = f"say who must belong to it, as in `member in {text(at)}`, or how many: `count of {text(at)} >= 1`"
    elif found.kind is Kind.DUTY:
        mend = f"ask how it stands: `{text(at)} is kept`"
    desk.fault("PD307", at, text=text(at), found=said(found), mend=mend)
    return False


def is_figure(desk: Desk, at: tree.Expr, found: Type, scope: Scope) -> bool:
    """Whether a value is a figure of one moment; otherwise a fault."""
    if found.unknown:
        return False
    if not found.figure:
        mend = f"write `count of {text(at)}` for how many they are" if found.kind in (*GROUPS, Kind.EVENTS) else ""
        if isinstance(at, tree.Text):
            mend = f"take the quotes away: `{at.value}`"
        desk.fault("PD306", at, due="a figure", text=text(at), found=said(found), mend=mend)
        return False
    return not whole_series(desk, at, found, scope)


def whole_series(desk: Desk, at: tree.Expr, found: Type, scope: Scope) -> bool:
    """Whether a series of years stands where one figure is due; then a fault: which year?"""
    if not found.series or scope.series:
        return False
    name = text(at)
    desk.fault("PD308", at, name=name, mend=f"write `{name} in 2024`, or `mean of {name} over last 3 years`")
    return True


def alike(
    desk: Desk, at: tree.Node, left_at: tree.Node, left: Type, right_at: tree.Node, right: Type, done: str
) -> bool:
    """Whether two figures have one unit; otherwise the fault that says best what was meant."""
    one, other = left.unit, right.unit
    if one == other:
        return True
    for bare_at, bare, whole_at, whole in ((left_at, one, right_at, other), (right_at, other, left_at, one)):
        if bare == NUMBER and whole != NUMBER and (figure := written(bare_at)) is not None:
            bare_figure(desk, bare_at, figure, f"it stands with `{text(whole_at)}`", whole)
            return False
    if one.bare and other.bare:
        ratio_at, number_at = (left_at, right_at) if one.ratio else (right_at, left_at)
        written_ratio = isinstance(ratio_at, tree.Percent | tree.Ratio)
        not_a_number(desk, ratio_at if written_ratio else at, ratio_at, f"`{text(number_at)}` is a number")
        return False
    words, one_said, other_words, other_said = text(left_at), unit_said(one), text(right_at), unit_said(other)
    if one.period and other.period:
        counted = _COUNTED[one.period], _COUNTED[other.period]
        desk.fault("PD319", at, done=done, left=words, one=counted[0], right=other_words, other=counted[1])
    elif (rate := rate_and_level(one, other)) and not (one.bare or other.bare):
        fast, level = (left_at, right_at) if rate == 1 else (right_at, left_at)
        desk.fault("PD305", at, rate=text(fast), level=text(level), done=done)
    else:
        part = left_at if one == RATIO else right_at if other == RATIO else None
        mend = f"say of what: `{text(part)} of …`" if isinstance(part, tree.Percent | tree.Ratio) else ""
        desk.fault("PD301", at, done=done, mend=mend, left=words, one=one_said, right=other_words, other=other_said)
    return False


def bare_figure(desk: Desk, at: tree.Node, figure: Fraction, why: str, unit: Unit) -> None:
    """A figure without a unit stands where a ratio or a unit is due; `why` says so, as "it stands with `gdp`"."""
    if unit == RATIO:
        mend = f"write `{plain(figure * 100)}%` if that is what is meant"
        if figure > 1:
            mend = f"write `{plain(figure)}%` if {plain(figure)} per cent is meant"
        desk.fault("PD302", at, figure=text(at), why=why, mend=mend)
        return
    mend = f"write `{text(at)} {unit_written(unit, one=figure == 1)}`"
    if unit.period == "year":
        mend = f"write `{text(at)} years` or `{text(at)} months`"
    desk.fault("PD304", at, figure=text(at), why=why, unit=unit_said(unit), mend=mend)


def not_a_number(desk: Desk, at: tree.Node, ratio_at: tree.Node, why: str) -> None:
    """A ratio stands where a number is due."""
    mend = ""
    if isinstance(ratio_at, tree.Percent | tree.Ratio):
        if "count" in why or "favour" in why or "against" in why or "voters" in why:
            whole = "voting" if "favour" in why or "against" in why else "voters" if "voters" in why else "members"
            mend = f"say of what it is a part, as in `{text(ratio_at)} of count of {whole}`"
        else:
            mend = f"write the number itself, or say of what it is a part: `{text(ratio_at)} of …`"
    desk.fault("PD303", at, ratio=text(ratio_at), why=why, mend=mend)


def rate_and_level(one: Unit, other: Unit) -> int:
    """1 if the first unit is a rate of the second (so much per something), 2 the other way round, else 0."""
    for which, rate, level in ((1, one, other), (2, other, one)):
        rest = dict(rate.terms)
        for base, exponent in level.terms:
            rest[base] = rest.get(base, 0) - exponent
        left = [exponent for exponent in rest.values() if exponent]
        if left and all(exponent < 0 for exponent in left):
            return which
    return 0


def written(expr: tree.Node) -> Fraction | None:
    """The figure that stands in the text without a unit, if the expression is no more than that."""
    if isinstance(expr, tree.Number):
        return expr.value
    if isinstance(expr, tree.Unary) and expr.op == "-" and isinstance(expr.of, tree.Number):
        return -expr.of.value
    return None


def shared(one: Type, other: Type) -> str:
    """The set that a sum of two shares remembers."""
    if one.share_of == other.share_of:
        return one.share_of
    return "?" if one.share_of and other.share_of else ""


def same_set(desk: Desk, at: tree.Node, left_at: tree.Node, left: Type, right_at: tree.Node, right: Type) -> bool:
    """Whether two shares are of one set; otherwise a fault. A set that the text does not fix fits any."""
    one, other = left.share_of, right.share_of
    if not one or not other or "?" in (one, other) or one == other:
        return True
    desk.fault("PD315", at, left=text(left_at), one=one, right=text(right_at), other=other)
    return False


def is_period(desk: Desk, at: tree.Expr, found: Type) -> bool:
    """Whether a value is a length of time; otherwise a fault."""
    if found.unknown:
        return False
    if found.figure and found.unit.period:
        return _whole_period(desk, at, found.unit.period)
    figure = written(at)
    mend = (
        f"say of what: `{text(at)} days`, `{text(at)} working days` or `{text(at)} months`"
        if figure is not None
        else ""
    )
    if found.timely:
        mend = f"say how long after it, as in `1 day after {text(at)}`"
    desk.fault("PD318", at, text=text(at), found=said(found), mend=mend)
    return False


def _whole_period(desk: Desk, at: tree.Expr, unit: str) -> bool:
    """Whether a length of time is a whole number of months, days or hours wherever the text says how long it is."""
    for reading in constants.dates(desk, at):
        found = constants.figure(desk, at, reading)
        if found is None:
            continue
        amount = found.amount * 12 if unit == "year" else found.amount
        if amount < 0 or amount.denominator != 1:
            what = {"year": "months", "working day": "working days"}.get(unit, f"{unit}s")
            desk.fault("PD316", at, text=text(at), unit=what)
            return False
    return True


def _nothing_of(unit: Unit) -> str:
    if unit == RATIO:
        return "0%"
    return "0" if unit == NUMBER else f"0 {unit_written(unit)}"
