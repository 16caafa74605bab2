"""Binding provision by provision: which line may name what."""

from __future__ import annotations

from collections.abc import Iterable

from policy_dsl.resolve.binding import Binder
from policy_dsl.resolve.names import COUNTED, KINDS, REACHES, VOTE_FIELDS, check_word, said_twice
from policy_dsl.resolve.program import Entry
from policy_dsl.resolve.scopes import IN_APPORTION, IN_STEP, IN_TIES, Scope
from policy_dsl.resolve.suggest import did_you_mean, listed
from policy_dsl.syntax import tree

ROUNDINGS = (
    "largest_remainder",
    "webster",
    "jefferson",
    "hill",
    "adams",
    "dean",
    "half_up",
    "half_even",
    "up",
    "down",
)
EFFECTS = ("define", "parameter", "apportion", "duty")
KEPT = ("parameter",)
PROVABLE = tuple(kind for kind in KINDS if kind not in ("calendar", "guarantee", "reservable", "transitional"))


def bind_entry(binder: Binder, entry: Entry) -> None:
    """Bind every name in a provision."""
    scope = Scope(entry.name, entry.address)
    match entry.node:
        case tree.SetOf() as node:
            _set(binder, node, scope)
        case tree.Indicator() as node:
            _indicator(binder, node, scope)
        case tree.Parameter() as node:
            _parameter(binder, node, scope)
        case tree.Define() as node:
            _define(binder, node, scope)
        case tree.Key() as node:
            _key(binder, entry, node)
        case tree.Scale() as node:
            _scale(binder, node, scope)
        case tree.Criteria() as node:
            _criteria(binder, node, scope)
        case tree.Apportion() as node:
            _apportion(binder, node, scope)
        case tree.Fund() as node:
            _fund(binder, node, scope)
        case tree.Step() as node:
            _step(binder, entry, node)
        case tree.Duty() as node:
            _duty(binder, node, scope)
        case tree.Guarantee() as node:
            _guarantee(binder, node, scope)
        case tree.Reservation() | tree.Reservable() | tree.Transitional() as node:
            _adjustment(binder, node, scope)
        case _:
            pass


def _lines(binder: Binder, lines: Iterable[tree.Condition | None], scope: Scope) -> None:
    for line in lines:
        if line is not None:
            binder.expr(line.expr, scope.at(line.word))


def _word(binder: Binder, word: tree.Ident, known: tuple[str, ...], what: str, scope: Scope) -> None:
    """A word that must be one of a fixed list."""
    if word.text not in known:
        mend = did_you_mean(word.text, known) or f"write {listed(known)}"
        binder.findings.add("PD217", word.span, scope.address, mend=mend, name=word.text, what=what)


def _each(binder: Binder, each: tree.Each | None, scope: Scope) -> None:
    for name in each.of if each else ():
        _word(binder, name, REACHES, COUNTED, scope)


def _set(binder: Binder, node: tree.SetOf, scope: Scope) -> None:
    if node.value is not None:
        binder.group(node.value, f"a {node.kind}", scope.at("value"))
    _lines(binder, node.requires, scope)


def _indicator(binder: Binder, node: tree.Indicator, scope: Scope) -> None:
    binder.expr(node.low, scope.at("between"))
    binder.expr(node.high, scope.at("between"))
    binder.ident(node.supplied_by, ("participant",), "`supplied by`", scope.at("supplied by"))
    binder.expr(node.good_for, scope.at("good for"))
    if isinstance(node.missing, tree.Expr):
        binder.expr(node.missing, scope.at("missing means"))


def _parameter(binder: Binder, node: tree.Parameter, scope: Scope) -> None:
    value = node.value
    if isinstance(value, tree.LeftTo):
        binder.ident(value.step, ("step",), "`left to`", scope.at("left to"))
        for part in (value.low, value.high, value.otherwise):
            binder.expr(part, scope.at("between"))
    else:
        binder.expr(value, scope.at("value"))
    for row in node.amendments:
        binder.expr(row.value, scope.at("value"))


def _define(binder: Binder, node: tree.Define, scope: Scope) -> None:
    _each(binder, node.each, scope)
    binder.expr(node.value, scope.at("value"))
    for row in node.exceptions:
        binder.expr(row.when, scope.at("except where"))
        binder.expr(row.value, scope.at("except where"))


def _key(binder: Binder, entry: Entry, node: tree.Key) -> None:
    layer = binder.table.key_layer(entry)
    scope = Scope(entry.name, entry.address, "part", (layer,))
    for part in node.parts:
        binder.expr(part.weight, scope)
        binder.expr(part.term, scope)
    _lines(binder, (node.rest,), scope)
    for local in node.locals:
        _define(binder, local, Scope(f"{entry.name}.{local.name.text}", entry.address, "", (layer,)))


def _scale(binder: Binder, node: tree.Scale, scope: Scope) -> None:
    binder.expr(node.base, scope.at("on"))
    for row in node.rows:
        binder.expr(row.threshold, scope.at("row"))
        binder.expr(row.value, scope.at("row"))


def _criteria(binder: Binder, node: tree.Criteria, scope: Scope) -> None:
    for row in node.rows:
        at = scope.at(f"row {row.name.text}")
        for part in (row.measure, row.worst, row.best, row.least):
            binder.expr(part, at)
    _lines(binder, (node.similar,), scope)
    if node.informed is not None:
        binder.expr(node.informed.by, scope.at("informed by"))
        binder.expr(node.informed.weight, scope.at("informed by"))


def _apportion(binder: Binder, node: tree.Apportion, scope: Scope) -> None:
    _each(binder, node.each, scope)
    _lines(binder, (node.total,), scope)
    if node.among is not None:
        binder.group(node.among.expr, "`among`", scope.at("among"))
    binder.ident(node.bands, ("criteria",), "`in bands of`", scope.at("in bands of"))
    within = scope.within(IN_APPORTION)
    _lines(binder, (node.how,), within)
    for fixed in node.fixed:
        binder.expr(fixed.amount, within.at("fixed"))
        binder.group(fixed.group, "`fixed … for`", within.at("fixed for"))
    for relief in node.relief:
        binder.expr(relief.relief, within.at("relief"))
        binder.group(relief.bearers, "`borne by`", within.at("borne by"))
        binder.expr(relief.weight, within.at("relief"))
    for limit in node.limits:
        binder.expr(limit.bound, within.at(limit.kind))
        if limit.group is not None:
            binder.group(limit.group, f"`{limit.kind} … for`", within.at("limit for"))
    for less in node.less:
        binder.expr(less.credit, within.at("less"))
    _ends_of_apportion(binder, node, within, scope.within(IN_TIES))


def _ends_of_apportion(binder: Binder, node: tree.Apportion, within: Scope, ties: Scope) -> None:
    if node.rounding is not None:
        _word(binder, node.rounding.method, ROUNDINGS, "a way of rounding", within)
        binder.expr(node.rounding.step, within.at("rounding"))
        binder.expr(node.rounding.residue, ties.at("residue"))
    _lines(binder, node.ties, ties)
    rest = node.remainder
    if rest is not None:
        if not isinstance(rest.group, tree.Nothing):
            binder.group(rest.group, "`remainder to`", within.at("remainder to"))
        binder.expr(rest.weight, within.at("remainder"))
        binder.expr(rest.most, within.at("remainder"))


def _fund(binder: Binder, node: tree.Fund, scope: Scope) -> None:
    _lines(binder, (node.level,), scope)
    for fed in node.fed:
        binder.ident(fed.by, ("apportion",), "`fed by`", scope.at("fed by"))
        binder.expr(fed.due, scope.at("due"))
    for pays in node.pays:
        binder.ident(pays.what, ("define", "apportion"), "`pays`", scope.at("pays"))
        binder.expr(pays.when, scope.at("pays"))
    for row in node.suspends:
        binder.ident(row.name, ("set",), "`suspends`", scope.at("names"))
        binder.expr(row.after, scope.at("suspends"))
    for held in node.reserves:
        binder.expr(held.amount, scope.at("reserves"))
        binder.ident(held.holder, ("participant", "set", "tier"), "`reserves … for`", scope.at("names"))


def _step(binder: Binder, entry: Entry, node: tree.Step) -> None:
    _, whole = binder.table.models(entry)
    layers = (binder.table.own_layer(entry), IN_STEP)
    scope = Scope(entry.name, entry.address, "", layers, forgiving=not whole)
    binder.ident(node.model, ("step",), "`as`", Scope(entry.name, entry.address, "as"))
    _fields(binder, entry, node)
    if node.by is not None:
        binder.group(node.by.expr, "`by`", scope.at("by"))
    _lines(binder, (node.on, node.once, node.not_before, node.not_after), scope)
    _lines(binder, (*node.requires, node.quorum, node.adopted, node.failing), scope)
    if node.every is not None:
        binder.expr(node.every.period, scope.at("every"))
        binder.expr(node.every.after, scope.at("every"))
    if node.silence is not None:
        _word(binder, node.silence, ("adopted", "rejected"), "what silence can mean", scope)
    for local in node.locals:
        owner = f"{entry.name}.{local.name.text}"
        _define(binder, local, Scope(owner, entry.address, "", layers, forgiving=not whole))


def _fields(binder: Binder, entry: Entry, node: tree.Step) -> None:
    """Recorded fields have names of their own, which the language and the step's definitions do not give."""
    given = {local.name.text: local.name for local in reversed(node.locals)}
    for row in node.records:
        name = row.name
        if node.adopted is not None and name.text in VOTE_FIELDS:
            binder.findings.add("PD209", name.span, entry.address, name=name.text)
        elif name.text in given:
            first, second = sorted((given[name.text], name), key=lambda each: each.span.start)
            said_twice(second, first, entry.address, binder.findings)
        else:
            check_word(name, entry.address, binder.findings, quiet=True)
        given.setdefault(name.text, name)


def _duty(binder: Binder, node: tree.Duty, scope: Scope) -> None:
    if node.binds is not None:
        binder.group(node.binds.expr, "`binds`", scope.at("binds"))
    _lines(binder, (node.when, node.not_after, node.kept), scope)


def _guarantee(binder: Binder, node: tree.Guarantee, scope: Scope) -> None:
    binder.expr(node.promise, scope.at("promise"))
    for name in node.independent or ():
        row = binder.table.rows.get(name.text)
        if row is not None:
            binder.bind(name, row, scope.at("independent"))
        else:
            binder.ident(name, PROVABLE, "`independent of`", scope.at("independent"))


def _adjustment(binder: Binder, node: tree.Reservation | tree.Reservable | tree.Transitional, scope: Scope) -> None:
    match node:
        case tree.Reservation():
            for seat in node.by:
                binder.codes.append((seat.code, scope))
            for row in node.to:
                binder.ident(row.name, EFFECTS, "a reservation", scope.at("names"))
                binder.expr(row.value, scope.at(f"to {row.name.text}"))
        case tree.Reservable():
            for name in node.to:
                binder.ident(name, EFFECTS, "`reservations permitted to`", scope.at("names"))
        case tree.Transitional():
            for name in node.keeps:
                binder.ident(name, KEPT, "`keeps`", scope.at("names"))
