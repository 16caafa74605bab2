"""Every provision, line by line: each line is given what it asks for."""

from __future__ import annotations

from policy_dsl.check import entries, slots
from policy_dsl.check.agreement import alternative, is_condition, not_a_number
from policy_dsl.check.desk import Desk, Scope, text
from policy_dsl.check.expressions import infer
from policy_dsl.check.types import COHORT, EVENT, MEMBER, NOBODY, Kind, Type, joined, said, unit_said
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO


def type_provisions(desk: Desk) -> None:
    """Find the type of every expression of the provisions, and what is wrong with it."""
    for entry in desk.program.entries.values():
        scope = entries.scope_of(desk, entry)
        match entry.node:
            case tree.SetOf() as node:
                _set(desk, node, scope)
            case tree.Indicator() as node:
                _indicator(desk, entry, node)
            case tree.Parameter() as node:
                _parameter(desk, node, scope)
            case tree.Define() as node:
                _define(desk, entry, node, scope)
            case tree.Key() as node:
                _key(desk, node, scope)
            case tree.Scale() as node:
                _scale(desk, node, scope)
            case tree.Criteria() as node:
                _criteria(desk, node, scope)
            case tree.Apportion() as node:
                _apportion(desk, entry, node, scope)
            case tree.Fund() as node:
                _fund(desk, entry, node, scope)
            case tree.Step() as node:
                _step(desk, node, scope)
            case tree.Duty() as node:
                _duty(desk, node, scope)
            case tree.Guarantee() as node if node.promise is not None:
                slots.condition(desk, node.promise, scope, joined(MEMBER, COHORT))
            case tree.Reservation() as node:
                _reservation(desk, node, scope)
        entries.type_of(desk, entry)


def _set(desk: Desk, node: tree.SetOf, scope: Scope) -> None:
    if node.value is not None:
        slots.members(desk, node.value, scope)
    slots.lines(desk, node.requires, scope, MEMBER)


def _indicator(desk: Desk, entry: Entry, node: tree.Indicator) -> None:
    slots.units(desk, node.type)
    declared = entries.declared(desk, node.type)
    scope = Scope(entry, series=node.series)
    for bound in (node.low, node.high):
        if bound is None or declared.unknown:
            continue
        if not declared.figure:
            infer(desk, bound, scope)
            desk.fault("PD306", bound, due="no bound", text=text(bound), found=f"a bound of {said(declared)}")
            break
        slots.figure_in(desk, bound, scope, declared.unit, f"`{node.name.text}` is in {unit_said(declared.unit)}")
    if _is_rating(node.type) and (node.low is None or node.high is None):
        desk.fault("PD332", node.name, name=node.name.text)
    if isinstance(node.missing, tree.Expr):
        found = infer(desk, node.missing, scope)
        if declared.figure and not found.unknown:
            if not found.figure:
                due = unit_said(declared.unit)
                desk.fault("PD306", node.missing, due=due, text=text(node.missing), found=said(found))
            else:
                what = f"`{node.name.text}` is in {unit_said(declared.unit)}"
                slots.fits(desk, node.missing, found, declared.unit, what)
        elif not declared.unknown and not found.unknown and found.kind is not declared.kind:
            desk.fault("PD306", node.missing, due=said(declared), text=text(node.missing), found=said(found))
        slots.reaches(desk, node.missing, found, entries.reach_of(entry))
    if node.good_for is not None:
        slots.period(desk, node.good_for, scope)


def _is_rating(written: tree.UnitTerm | tree.Ident) -> bool:
    words = (written,) if isinstance(written, tree.Ident) else written.over
    return len(words) == 1 and words[0].text == "rating"


def _parameter(desk: Desk, node: tree.Parameter, scope: Scope) -> None:
    if isinstance(node.value, tree.LeftTo):
        values = [node.value.low, node.value.high]
        if node.value.otherwise is not None:
            values.append(node.value.otherwise)
    else:
        values = [node.value]
    values += [row.value for row in node.amendments]
    first_at, first = values[0], infer(desk, values[0], scope)
    for at in values:
        found = infer(desk, at, scope)
        mend = "what differs from member to member is a `define … for each member`"
        slots.reaches(desk, at, found, NOBODY, mend)
        if at is not first_at:
            alternative(desk, first_at, first, at, found)


def _define(desk: Desk, entry: Entry, node: tree.Define, scope: Scope) -> None:
    allowed = entries.reach_of(entry)
    local = entry.parent is not None
    if local and isinstance(entry.parent.node, tree.Step):  # type: ignore[union-attr]
        allowed |= EVENT
    if local and node.each is None and isinstance(entry.parent.node, tree.Key):  # type: ignore[union-attr]
        allowed |= joined(MEMBER, COHORT)
    found = infer(desk, node.value, scope)
    fits = slots.reaches(desk, node.value, found, allowed, _each(found, allowed))
    if found.kind is Kind.NO_VALUE or found.kind is Kind.CRITERIA:
        desk.fault("PD306", node.value, due="a value", text=text(node.value), found=said(found))
    first_at, first = node.value, found
    for row in node.exceptions:
        when = infer(desk, row.when, scope)
        if is_condition(desk, row.when, when) and fits:
            slots.reaches(desk, row.when, when, allowed, _each(when, allowed))
        other = infer(desk, row.value, scope)
        alternative(desk, first_at, first, row.value, other)
        if first.kind is Kind.NOTHING:
            first_at, first = row.value, other
        if fits:
            slots.reaches(desk, row.value, other, allowed, _each(other, allowed))
    for name in desk.program.prevails.get(entry.name, ())[:1]:
        _falls_back(desk, first_at, first, desk.program.entries[name])
    if entry.name not in desk.program.prevails:
        for at in (node.value, *(row.value for row in node.exceptions)):
            for empty in _nothings(at):
                desk.fault("PD327", empty, name=node.name.text)


def _falls_back(desk: Desk, at: tree.Expr, found: Type, general: Entry) -> None:
    """A special rule gives what the general one gives: whoever reads the name is not told which of them applied."""
    node = general.node
    if isinstance(node, tree.Define):
        alternative(desk, node.value, entries.type_of(desk, general), at, found)


def _each(found: Type, allowed: slots.Reach) -> str:
    """What mends a definition that has one value for each member or cohort without saying so."""
    if found.reach - allowed > joined(MEMBER, COHORT) or allowed >= EVENT:
        return ""
    each = " and ".join(word for word in ("cohort", "member") if word in found.reach | allowed)
    return f"write `for each {each}` after the name, or gather the figures with `sum of`"


def _nothings(expr: tree.Expr) -> tuple[tree.Expr, ...]:
    match expr:
        case tree.Nothing():
            return (expr,)
        case tree.Choice():
            return (*_nothings(expr.then), *_nothings(expr.otherwise))
    return ()


def _key(desk: Desk, node: tree.Key, scope: Scope) -> None:
    for part in node.parts:
        slots.ratio(desk, part.weight, scope, "the weights of a key are ratios")
        slots.ratio(desk, part.term, scope, "a key weighs ratios", joined(MEMBER, COHORT))
    if node.rest is not None:
        slots.figure(desk, node.rest.expr, scope, joined(MEMBER, COHORT))


def _scale(desk: Desk, node: tree.Scale, scope: Scope) -> None:
    base = slots.figure(desk, node.base, scope, joined(MEMBER, COHORT, EVENT))
    first: tuple[tree.Expr, Type] | None = None
    for row in node.rows:
        if row.threshold is not None:
            limit = slots.figure(desk, row.threshold, scope)
            if not base.unknown:
                slots.fits(desk, row.threshold, limit, base.unit, f"`{text(node.base)}` is in {unit_said(base.unit)}")
        if node.kind == "marginal":
            slots.ratio(desk, row.value, scope, "each slice of a marginal scale has a rate")
            continue
        found = infer(desk, row.value, scope)
        slots.reaches(desk, row.value, found, NOBODY)
        if first is None:
            first = row.value, found
        else:
            alternative(desk, *first, row.value, found)


def _criteria(desk: Desk, node: tree.Criteria, scope: Scope) -> None:
    for row in node.rows:
        if row.weight is not None:
            infer(desk, row.weight, scope)
        measure = slots.figure(desk, row.measure, scope, MEMBER)
        for at in (row.worst, row.best, row.least):
            if at is None:
                continue
            found = slots.figure(desk, at, scope)
            if not measure.unknown:
                what = f"`{text(row.measure)}` is in {unit_said(measure.unit)}"
                slots.fits(desk, at, found, measure.unit, what)
    if node.similar is not None:
        slots.ratio(desk, node.similar.expr, scope, "scores are ratios, from 0% for the worst to 100% for the best")
    if node.informed is not None:
        slots.ratio(desk, node.informed.by, scope, "scores are informed by shares", MEMBER)
        slots.ratio(desk, node.informed.weight, scope, "a weight is a ratio")


def _apportion(desk: Desk, entry: Entry, node: tree.Apportion, scope: Scope) -> None:
    each = entries.reach_of(entry) - MEMBER
    per_member = joined(each, MEMBER)
    total = Type(Kind.UNKNOWN)
    if node.total is not None:
        total = slots.figure(desk, node.total.expr, Scope(entry), each)
    if node.among is not None:
        slots.members(desk, node.among.expr, Scope(entry), each)
    if node.how is not None and not isinstance(node.how.expr, tree.Nothing):
        allowed = joined(per_member, COHORT) if node.how.word == "minimising" else per_member
        slots.figure(desk, node.how.expr, scope, allowed)
    for fixed in node.fixed:
        _of_total(desk, fixed.amount, scope, total, per_member)
        slots.members(desk, fixed.group, scope, each)
    for relief in node.relief:
        slots.ratio(desk, relief.relief, scope, "relief is a part of a share", per_member)
        slots.members(desk, relief.bearers, scope, each)
        if relief.weight is not None:
            slots.figure(desk, relief.weight, scope, per_member)
    for limit in node.limits:
        _of_total(desk, limit.bound, scope, total, per_member)
        if limit.group is not None:
            slots.members(desk, limit.group, scope, each)
    for less in node.less:
        _of_total(desk, less.credit, scope, total, per_member)
    if node.adjusted is not None:
        _adjusted(desk, node.adjusted.within, scope, total)
    _ends_of_apportion(desk, node, scope, total, per_member)


def _adjusted(desk: Desk, at: tree.Expr, scope: Scope, total: Type) -> None:
    """A bare ratio is of the member's own share, so it needs no `of total`."""
    found = slots.figure(desk, at, scope, MEMBER)
    if not total.unknown and not found.unknown and not found.ratio:
        slots.fits(desk, at, found, total.unit, f"the total is in {unit_said(total.unit)}")


def _ends_of_apportion(desk: Desk, node: tree.Apportion, scope: Scope, total: Type, per_member: slots.Reach) -> None:
    if node.rounding is not None and node.rounding.step is not None:
        _of_total(desk, node.rounding.step, scope, total, NOBODY)
    if node.rounding is not None and node.rounding.residue is not None:
        _order(desk, node.rounding.residue, scope, per_member)
    for tie in node.ties:
        _order(desk, tie.expr, scope, per_member)
    rest = node.remainder
    if rest is None:
        return
    if not isinstance(rest.group, tree.Nothing):
        slots.members(desk, rest.group, scope, per_member - MEMBER)
    if rest.weight is not None:
        slots.figure(desk, rest.weight, scope, per_member)
    if rest.most is not None:
        _of_total(desk, rest.most, scope, total, per_member)


def _order(desk: Desk, at: tree.Expr, scope: Scope, per_member: slots.Reach) -> None:
    if infer(desk, at, scope).kind is not Kind.LOT:
        slots.figure(desk, at, scope, per_member)


def _of_total(desk: Desk, at: tree.Expr, scope: Scope, total: Type, allowed: slots.Reach) -> None:
    """A part of the total is due, in its unit. A bare ratio of a total that is no ratio lacks its `of total`."""
    found = slots.figure(desk, at, scope, allowed)
    if total.unknown or found.unknown:
        return
    if found.ratio and total.unit != RATIO:
        words = text(at)
        product = f"{words} * total" if isinstance(at, tree.Name) else f"({words}) * total"
        whole = f"{words} of total" if isinstance(at, tree.Percent | tree.Ratio) else product
        desk.fault("PD330", at, text=words, total=unit_said(total.unit), mend=f"write `{whole}`")
        return
    slots.fits(desk, at, found, total.unit, f"the total is in {unit_said(total.unit)}")


def _fund(desk: Desk, entry: Entry, node: tree.Fund, scope: Scope) -> None:
    if node.level is not None:
        level = slots.figure(desk, node.level.expr, scope)
        if not level.unknown and not level.unit.currency:
            slots.fits(desk, node.level.expr, level, entries.fund_unit(desk), "a fund holds money")
    fund = entries.type_of(desk, entry)
    for fed in node.fed:
        _flows(desk, fed.by, fund)
        if fed.due is not None:
            slots.time(desk, fed.due, scope)
    for pays in node.pays:
        _flows(desk, pays.what, fund)
        if pays.when is not None:
            slots.condition(desk, pays.when, scope, MEMBER)
    for row in node.suspends:
        slots.period(desk, row.after, scope)
    for held in node.reserves:
        found = slots.figure(desk, held.amount, scope)
        if not found.unknown and not found.ratio and not fund.unknown:
            slots.fits(desk, held.amount, found, fund.unit, f"the fund is in {unit_said(fund.unit)}")


def _flows(desk: Desk, name: tree.Ident, fund: Type) -> None:
    """What flows into a fund or out of it is one amount for each member, in the unit of the fund."""
    ref = desk.program.ref(name)
    if not isinstance(ref, Entry) or fund.unknown:
        return
    found = entries.type_of(desk, ref)
    if found.unknown:
        return
    if not found.figure or found.unit != fund.unit:
        what = f"the fund is in {unit_said(fund.unit)}"
        desk.fault("PD329", name, text=name.text, found=said(found), due=unit_said(fund.unit), what=what)
    elif "member" not in found.reach:
        desk.fault("PD323", name, name=name.text, text="each member", mend="a fund moves one amount for each member")


def _step(desk: Desk, node: tree.Step, scope: Scope) -> None:
    for field in node.records:
        slots.units(desk, field.type)
    if node.by is not None:
        slots.group(desk, node.by.expr, scope, EVENT)
    for line in (node.on, node.not_before, node.not_after):
        if line is not None:
            slots.time(desk, line.expr, scope, EVENT)
    if node.every is not None:
        slots.period(desk, node.every.period, scope)
        slots.time(desk, node.every.after, scope, EVENT)
    slots.lines(desk, (node.once, *node.requires, node.adopted, node.failing), scope, EVENT)
    if node.quorum is not None and not isinstance(node.quorum.expr, tree.Nothing):
        at = node.quorum.expr
        found = slots.figure(desk, at, scope, EVENT)
        if found.ratio:
            not_a_number(desk, at, at, "a quorum is a number of voters present")
        elif not found.unknown:
            slots.fits(desk, at, found, NUMBER, "a quorum is a number of voters present")


def _duty(desk: Desk, node: tree.Duty, scope: Scope) -> None:
    if node.binds is not None:
        slots.group(desk, node.binds.expr, scope)
    slots.lines(desk, (node.when, node.kept), scope, MEMBER)
    if node.not_after is not None:
        slots.time(desk, node.not_after.expr, scope, MEMBER)


def _reservation(desk: Desk, node: tree.Reservation, scope: Scope) -> None:
    for row in node.to:
        if row.value is None:
            continue
        found = infer(desk, row.value, scope)
        ref = desk.program.ref(row.name)
        if not isinstance(ref, Entry) or found.unknown:
            continue
        due = entries.type_of(desk, ref)
        if due.figure and found.figure:
            slots.fits(desk, row.value, found, due.unit, f"`{row.name.text}` is in {unit_said(due.unit)}")
        elif not due.unknown and due.kind is not found.kind:
            desk.fault("PD306", row.value, due=said(due), text=text(row.value), found=said(found))
        slots.reaches(desk, row.value, found, MEMBER)
