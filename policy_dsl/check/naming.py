"""The type of a name: of a provision, a recorded field, a criterion, or a word that the language gives."""

from __future__ import annotations

from policy_dsl.check import entries, expressions
from policy_dsl.check.desk import Desk, Scope, text
from policy_dsl.check.types import (
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
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, FieldOf, Word
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO
from policy_dsl.values.units import WORDS

STATUSES = frozenset(
    (
        "adopted",
        "rejected",
        "met",
        "missed",
        "pending",
        "refused",
        "kept",
        "breached",
        "reserved",
        "shown",
        "arisen",
        "due",
    )
)
VOTE_SETS = (
    Builtin.FAVOUR,
    Builtin.AGAINST,
    Builtin.ABSTAINING,
    Builtin.ABSENT,
    Builtin.VOTING,
    Builtin.VOTERS,
    Builtin.PRESENT,
)
# What units are called elsewhere, and how the language calls them.
_SAID = {
    **dict.fromkeys(("people", "refugees", "inhabitants", "individuals", "applicants", "heads", "capita"), "persons"),
    **dict.fromkeys(("dollar", "dollars"), "USD"),
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("families",), "households"),
    **dict.fromkeys(("percentage", "percents"), "percent"),
}
_LEDGER = (Builtin.ARREARS, Builtin.PLEDGED, Builtin.PAID)


def named(desk: Desk, expr: tree.Name, scope: Scope) -> Type:
    """The type of a name that stands alone."""
    ref = desk.program.ref(expr)
    match ref:
        case Entry():
            return entries.type_of(desk, ref)
        case FieldOf():
            found = entries.field_type(desk, ref)
            return found if found.unknown else found.reaching(joined(found.reach, EVENT))
        case CriterionOf():
            return quantity(RATIO, MEMBER)
        case Builtin():
            return _builtin(ref, scope)
        case Word(cohort=True):
            return Type(Kind.COHORT)
        case Word():
            return Type(Kind.STATUS if ref.text in STATUSES else Kind.GROUND)
    return UNKNOWN


def _builtin(ref: Builtin, scope: Scope) -> Type:
    match ref:
        case Builtin.MEMBERS | Builtin.STATES:
            return Type(Kind.GROUP)
        case Builtin.COHORTS:
            return Type(Kind.COHORTS)
        case Builtin.MEMBER:
            return Type(Kind.STATE, reach=MEMBER)
        case Builtin.COHORT:
            return Type(Kind.COHORT, reach=COHORT)
        case Builtin.ACTOR:
            return Type(Kind.STATE, reach=EVENT)
        case Builtin.TOTAL:
            return scope.total if scope.total is not None else UNKNOWN
        case Builtin.LOT:
            return Type(Kind.LOT)
    if ref in VOTE_SETS:
        return Type(Kind.GROUP)
    return UNKNOWN


def nth(desk: Desk, expr: tree.Nth) -> Type:
    """`12th seconding`: an event of that step."""
    ref = desk.program.ref(expr) or desk.program.ref(expr.step)
    if isinstance(ref, Entry) and isinstance(ref.node, tree.Step):
        return Type(Kind.EVENT, step=ref.name)
    return UNKNOWN


def value_of(desk: Desk, expr: tree.ValueOf, scope: Scope) -> Type:
    """`x of y`: a member's figure, a field of an event, an end of a window, what a fund holds."""
    ref = desk.program.ref(expr) or desk.program.ref(expr.name)
    of = expressions.infer(desk, expr.of, scope)
    if ref is None or of.unknown:
        return UNKNOWN
    match ref:
        case Builtin():
            return _builtin_of(desk, expr, ref, of)
        case FieldOf():
            found = entries.field_type(desk, ref)
            if not _of_kind(desk, expr, of, Kind.EVENT):
                return UNKNOWN
            return found if found.unknown else found.reaching(of.reach)
        case CriterionOf():
            return _of_subject(desk, expr, quantity(RATIO, MEMBER), of)
        case Word(cohort=True):
            return of.of(Kind.COHORT) if _of_kind(desk, expr, of, Kind.STATE) else UNKNOWN
        case Word():
            return of.of(Kind.GROUND) if _of_kind(desk, expr, of, Kind.STATE) else UNKNOWN
        case Entry():
            found = entries.type_of(desk, ref)
            if found.unknown:
                return UNKNOWN
            if ref.parent is not None and isinstance(expr.of, tree.Name) and desk.program.ref(expr.of) is ref.parent:
                return found.reaching(found.reach - EVENT)
            if of.kind is Kind.EVENT and ref.parent is not None:
                return found.reaching(joined(found.reach - EVENT, of.reach))
            if found.kind is Kind.EVENT and of.kind in (Kind.STATE, Kind.BODY):
                return found.reaching(of.reach)
            return _of_subject(desk, expr, found, of)


def _builtin_of(desk: Desk, expr: tree.ValueOf, ref: Builtin, of: Type) -> Type:
    if ref in (Builtin.EARLIEST, Builtin.LATEST):
        return of.of(Kind.TIME) if _of_kind(desk, expr, of, Kind.EVENT) else UNKNOWN
    if ref is Builtin.ACTOR:
        return of.of(Kind.STATE) if _of_kind(desk, expr, of, Kind.EVENT) else UNKNOWN
    if ref in VOTE_SETS:
        return of.of(Kind.GROUP) if _of_kind(desk, expr, of, Kind.EVENT) else UNKNOWN
    if ref in (Builtin.BALANCE, Builtin.LEVEL) or ref in _LEDGER:
        if not _of_kind(desk, expr, of, Kind.FUND):
            return UNKNOWN
        return quantity(of.unit, of.reach, LEDGER if ref in _LEDGER else NOBODY)
    name, whom = expr.name.text, text(expr.of)
    if ref in (Builtin.MEMBERS, Builtin.STATES) and of.kind is Kind.GROUP:
        desk.fault("PD340", expr, name=name, text=whom, mend=f"write `{whom}`")
    else:
        desk.fault("PD323", expr, name=name, text=whom, mend=f"write `{name}` without `of {whom}`")
    return UNKNOWN


def _of_kind(desk: Desk, expr: tree.ValueOf, of: Type, due: Kind) -> bool:
    if of.kind is due:
        return True
    desk.fault("PD322", expr, name=expr.name.text, due=due.value, text=text(expr.of), found=said(of))
    return False


def _of_subject(desk: Desk, expr: tree.ValueOf, value: Type, of: Type) -> Type:
    name, whom = expr.name.text, text(expr.of)
    if of.kind in (Kind.STATE, Kind.BODY) and "member" in value.reach:
        return value.reaching(joined(value.reach - MEMBER, of.reach))
    if of.kind is Kind.COHORT and isinstance(expr.of, tree.ValueOf):
        return _of_both(desk, expr, expr.of, value, of)
    if of.kind is Kind.COHORT and "cohort" in value.reach:
        return value.reaching(joined(value.reach - COHORT, of.reach))
    if of.kind in (Kind.GROUP, Kind.BODIES) and "member" in value.reach:
        mend = f"gather the figures of the group: `sum of {name} over {whom}`"
        desk.fault("PD322", expr, name=name, due="a member", text=whom, found=said(of), mend=mend)
    elif of.kind in (Kind.STATE, Kind.BODY):
        desk.fault("PD323", expr, name=name, text=whom, mend=f"write `{name}` without `of {whom}`")
    else:
        due = "a member" if "member" in value.reach else "a cohort" if "cohort" in value.reach else "nothing"
        desk.fault("PD322", expr, name=name, due=due, text=whom, found=said(of))
    return UNKNOWN


def _of_both(desk: Desk, expr: tree.ValueOf, both: tree.ValueOf, value: Type, of: Type) -> Type:
    """`x of families of AUT`: what a cohort and a member have together."""
    if value.reach >= COHORT | MEMBER:
        return value.reaching(joined(value.reach - COHORT - MEMBER, of.reach))
    name, mend = expr.name.text, ""
    if "cohort" in value.reach:
        mend = f"write `{name} of {text(both.name)}`"
    elif "member" in value.reach:
        mend = f"write `{name} of {text(both.of)}`"
    else:
        mend = f"write `{name}` without `of {text(both)}`"
    desk.fault("PD323", expr, name=name, text=text(both), mend=mend)
    return UNKNOWN


def is_criterion(desk: Desk, expr: tree.Expr) -> bool:
    """Whether an expression is the name of a criterion, which is met or missed."""
    if isinstance(expr, tree.ValueOf):
        return isinstance(desk.program.ref(expr) or desk.program.ref(expr.name), CriterionOf)
    return isinstance(expr, tree.Name) and isinstance(desk.program.ref(expr), CriterionOf)


def nearest_unit(word: str) -> str:
    """Help for a word that is no unit: the nearest one that is."""
    said = _SAID.get(word.lower())
    return f"write `{said}`" if said else did_you_mean(word.lower(), (*WORDS, "percent", "rating", "number"))
