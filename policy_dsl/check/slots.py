"""What a place in a provision asks for: a condition, a figure in a unit, a group, a date; one value or several."""

from __future__ import annotations

from policy_dsl.check import entries
from policy_dsl.check.agreement import bare_figure, is_condition, is_figure, not_a_number, rate_and_level, written
from policy_dsl.check.agreement import is_period as _is_period
from policy_dsl.check.desk import Desk, Scope, text
from policy_dsl.check.expressions import infer
from policy_dsl.check.naming import nearest_unit
from policy_dsl.check.types import LEDGER, NOBODY, UNKNOWN, Kind, Type, said, unit_said, unit_written
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Unit, UnitFault, unit_named

Reach = frozenset[str]


def reaches(desk: Desk, at: tree.Expr, found: Type, allowed: Reach, mend: str = "") -> bool:
    """Whether a value has no more figures than the place has room for: otherwise one for each member stands for one."""
    extra = found.reach - allowed - LEDGER
    if found.unknown or not extra:
        return not found.unknown
    each = next(word for word in ("member", "cohort", "event") if word in extra)
    words = text(at)
    if not mend:
        simple = isinstance(at, tree.Name)
        gathered = f"`sum of {words}`" if simple else f"`sum of ({words})`"
        named = f", or name the {each}: `{words} of …`" if simple else ""
        mend = f"gather the figures, as in {gathered}{named}" if found.figure else f"name the {each} that is meant"
        if each == "event":
            mend = "name the step, as in `places of transfer`" if not simple else f"name the step: `{words} of …`"
    called = {"event": "recorded event"}
    for_each = " and ".join(called.get(word, word) for word in sorted(allowed))
    due = f"one for each {for_each}" if allowed else "one for the case"
    desk.fault("PD311", at, text=words, each=called.get(each, each), due=due, mend=mend)
    return False


def condition(desk: Desk, at: tree.Expr, scope: Scope, allowed: Reach = NOBODY) -> None:
    """A condition is due."""
    found = infer(desk, at, scope)
    if is_condition(desk, at, found):
        reaches(desk, at, found, allowed)


def lines(desk: Desk, conditions: tuple[tree.Condition | None, ...], scope: Scope, allowed: Reach = NOBODY) -> None:
    """A condition is due on each of these lines."""
    for line in conditions:
        if line is not None:
            condition(desk, line.expr, scope, allowed)


def figure(desk: Desk, at: tree.Expr, scope: Scope, allowed: Reach = NOBODY, mend: str = "") -> Type:
    """A figure is due, in any unit."""
    found = infer(desk, at, scope)
    if not is_figure(desk, at, found, scope) or not reaches(desk, at, found, allowed, mend):
        desk.types[at] = UNKNOWN
        return UNKNOWN
    return found


def figure_in(desk: Desk, at: tree.Expr, scope: Scope, unit: Unit, what: str, allowed: Reach = NOBODY) -> Type:
    """A figure in a unit is due; `what` says why, as "the total is in persons"."""
    found = figure(desk, at, scope, allowed)
    return found if not found.unknown and fits(desk, at, found, unit, what) else UNKNOWN


def ratio(desk: Desk, at: tree.Expr, scope: Scope, what: str, allowed: Reach = NOBODY) -> Type:
    """A ratio is due."""
    return figure_in(desk, at, scope, RATIO, what, allowed)


def fits(desk: Desk, at: tree.Expr, found: Type, unit: Unit, what: str, mend: str = "") -> bool:
    """Whether a figure is in the unit that a place asks for; otherwise the fault that says best what was meant."""
    if found.unknown or found.unit == unit:
        return not found.unknown
    desk.types[at] = UNKNOWN
    if found.unit == NUMBER and (bare := written(at)) is not None:
        bare_figure(desk, at, bare, what, unit)
        return False
    if found.unit == RATIO and unit == NUMBER and isinstance(at, tree.Percent | tree.Ratio):
        not_a_number(desk, at, at, what)
        return False
    if not mend and unit == RATIO and isinstance(at, tree.Binary) and at.op == "/" and found.unit == NUMBER:
        one, other = written(at.left), written(at.right)
        mend = f"a fraction is one sign: `{text(at.left)}/{text(at.right)}`" if one and other else ""
    if not mend and unit == RATIO and not found.unit.bare:
        mend = f"write `share of {text(at)}`" if "member" in found.reach else "write a ratio, such as `40%`"
    if not mend and rate_and_level(found.unit, unit) == 1 and not unit.bare:
        mend = "a rate becomes an amount when it is multiplied by what it is counted for (a year, the persons)"
    if not mend and isinstance(at, tree.Quantity) and not unit.bare:
        mend = f"write the figure in {unit_written(unit)}"
    due = unit_said(unit)
    desk.fault("PD329", at, mend=mend, text=text(at), found=unit_said(found.unit), due=due, what=what)
    return False


def time(desk: Desk, at: tree.Expr, scope: Scope, allowed: Reach = NOBODY) -> Type:
    """A date, a moment or a step is due."""
    found = infer(desk, at, scope)
    if found.unknown:
        return UNKNOWN
    if not found.timely:
        mend = f"say after what: `{text(at)} after request`" if found.figure and found.unit.period else ""
        desk.fault("PD306", at, due="a date or a step", text=text(at), found=said(found), mend=mend)
        return UNKNOWN
    return found if reaches(desk, at, found, allowed) else UNKNOWN


def period(desk: Desk, at: tree.Expr, scope: Scope) -> Type:
    """A length of time is due."""
    found = infer(desk, at, scope)
    return found if _is_period(desk, at, found) and reaches(desk, at, found, NOBODY) else UNKNOWN


def group(desk: Desk, at: tree.Expr, scope: Scope, allowed: Reach = NOBODY) -> Type:
    """A group of members (or a single one, or bodies) is due."""
    found = infer(desk, at, scope)
    if found.unknown:
        return UNKNOWN
    if not found.grouped:
        desk.fault("PD333", at, text=text(at), found=said(found))
        return UNKNOWN
    mend = "write `members`: `member` is the one at hand" if _at_hand(at) else ""
    return found if reaches(desk, at, found, allowed, mend) else UNKNOWN


def _at_hand(at: tree.Expr) -> bool:
    """Whether a group is made of `member`, where nobody is at hand."""
    while isinstance(at, tree.Group):
        at = at.base
    return isinstance(at, tree.Name) and at.text == "member"


def members(desk: Desk, at: tree.Expr, scope: Scope, allowed: Reach = NOBODY) -> Type:
    """A group of members is due: bodies that are no members take no part."""
    found = group(desk, at, scope, allowed)
    if found.kind in (Kind.BODY, Kind.BODIES):
        desk.fault("PD333", at, text=text(at), found=said(found), mend="name members only")
        return UNKNOWN
    return found


def units(desk: Desk, written: tree.UnitTerm | tree.Ident) -> None:
    """Each word of a declared unit must be one."""
    if isinstance(written, tree.Ident):
        words: tuple[tree.Ident, ...] = () if entries.is_named_type(written.text) else (written,)
    else:
        words = (*written.over, *written.per)
    for word in words:
        try:
            unit_named(word.text)
        except UnitFault:
            desk.fault("PD336", word, word=word.text, mend=nearest_unit(word.text))
