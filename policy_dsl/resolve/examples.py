"""Binding of worked examples: facts are given, results are expected, and a result is never given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy_dsl.resolve.binding import Binder
from policy_dsl.resolve.names import kind_of
from policy_dsl.resolve.program import Builtin, Entry, Word
from policy_dsl.resolve.scopes import LEDGER, Scope
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.syntax import tree
from policy_dsl.values import Address

FACTS = ("indicator", "set", "tier")
GROUND = ("ground", "grounds")
OF_A_CASE_FILE = frozenset({*LEDGER, Builtin.LOT.value}) - {Builtin.BALANCE.value}


def bind_example(binder: Binder, example: tree.Example, address: Address | None) -> None:
    """Bind the names of an example."""
    scope = Scope("", address, "example", forgiving=binder.table.open)
    binder.labels = frozenset(_labels(binder, example))
    for given in example.given:
        match given:
            case tree.Given():
                _given(binder, given, scope)
            case tree.GivenTable():
                _table(binder, given, scope)
            case tree.GivenEvent():
                _event(binder, given, scope)
    for expect in example.expect:
        binder.expr(expect.expr, scope)
        binder.expr(expect.within, scope)
    binder.labels = frozenset()


def _labels(binder: Binder, example: tree.Example) -> Iterator[str]:
    """The names of cohorts that an example brings in: a case, not the policy, names them."""
    for given in example.given:
        if isinstance(given, tree.GivenTable):
            yield from (row.code.text for row in given.rows if row.code.text.islower())
        elif isinstance(given, tree.Given):
            what = _without_year(given.what)
            if isinstance(what, tree.Name) and what.text == Builtin.COHORTS.value:
                yield from (value.text for value in given.values if isinstance(value, tree.Name))
            if isinstance(what, tree.ValueOf):
                entry = binder.table.entries.get(what.name.text)
                if entry is not None and "cohort" in entry.reach:
                    yield from _names_in(what.of)


def _names_in(node: tree.Node) -> Iterator[str]:
    match node:
        case tree.Name(text=text):
            yield text
        case tree.ValueOf(name=name, of=of):
            yield name.text
            yield from _names_in(of)
        case _:
            pass


def _without_year(what: tree.Expr) -> tree.Expr:
    return what.left if isinstance(what, tree.Binary) and what.op == "in" else what


def _given(binder: Binder, given: tree.Given, scope: Scope) -> None:
    what = _without_year(given.what)
    name = what.name if isinstance(what, tree.ValueOf) else what
    if isinstance(what, tree.Name) and what.text == Builtin.COHORTS.value:
        binder.refs[what] = Builtin.COHORTS
        for value in given.values:
            binder.expr(value, scope)
        return
    if not isinstance(name, tree.Name | tree.Ident):
        binder.findings.add("PD262", what.span, scope.address)
        return
    if name.text in OF_A_CASE_FILE and binder.table.find(name.text) is None:
        mend = "lots and the lines of a ledger stand in a case file; of a fund an example gives its `balance of`"
        binder.findings.add("PD262", what.span, scope.address, mend=mend)
        return
    if isinstance(what, tree.ValueOf) and name.text in (*LEDGER, *GROUND):
        binder.expr(what, scope)
    else:
        _fact(binder, name, scope)
        if isinstance(what, tree.ValueOf):
            binder.expr(what.of, scope)
            binder.refs.update({what: binder.refs[name]} if name in binder.refs else {})
    for value in given.values:
        _value(binder, value, scope)


def _value(binder: Binder, value: tree.Expr, scope: Scope) -> None:
    """A value as a case states it: a figure, a code, or a word such as a ground or an outcome."""
    if isinstance(value, tree.Name) and value.text in (*binder.table.grounds, "adopted", "rejected"):
        binder.refs[value] = Word(value.text)
    elif not isinstance(value, tree.Code):
        binder.expr(value, scope)


def _fact(binder: Binder, name: tree.Name | tree.Ident, scope: Scope) -> None:
    """A name that a case can supply."""
    found = binder.table.find(name.text)
    if found is None:
        supplied = [entry.name for entry in binder.table.entries.values() if entry.kind in FACTS]
        binder.unknown(name, name.text, scope, among=supplied)
        return
    node = found.node if isinstance(found, Entry) else None
    match node:
        case tree.Indicator():
            binder.refs[name] = found
        case tree.SetOf(value=None):
            binder.refs[name] = found
        case tree.Parameter(value=tree.LeftTo()):
            binder.refs[name] = found
        case tree.Parameter():
            binder.findings.add("PD261", name.span, scope.address, name=name.text)
        case tree.Step():
            mend = f"write `given {name.text} at` and the date"
            binder.findings.add("PD262", name.span, scope.address, mend=mend)
        case _:
            kind = kind_of(found) if isinstance(found, Entry) else "no fact of a case"
            binder.findings.add("PD260", name.span, scope.address, name=name.text, kind=kind)


def _table(binder: Binder, table: tree.GivenTable, scope: Scope) -> None:
    for column in table.columns:
        _fact(binder, column.name, scope)
    for row in table.rows:
        if row.code.text not in binder.labels:
            binder.codes.append((row.code, scope))
        for cell in row.cells:
            if isinstance(cell, tree.Expr):
                _value(binder, cell, scope)


def _event(binder: Binder, event: tree.GivenEvent, scope: Scope) -> None:
    step = binder.ident(event.step, ("step",), "an event of the record", scope)
    for by in event.by:
        binder.expr(by, scope)
    if step is None:
        return
    node = step.node
    assert isinstance(node, tree.Step)
    if (node.on is not None or node.once is not None) and node.by is None and node.model is None:
        kind = "a date that follows by itself"
        binder.findings.add("PD260", event.step.span, scope.address, name=step.name, kind=kind)
    layer = binder.table.step_layer(step)
    _, whole = binder.table.models(step)
    choices = _choices(binder.table.entries, step.name)
    for name, values in event.fields:
        found = layer.get(name.text) or choices.get(name.text)
        if found is None and whole and not binder.table.forgives(name.text):
            mend = did_you_mean(name.text, [*layer, *choices])
            binder.findings.add("PD202", name.span, scope.address, mend=mend, name=name.text, of=step.name)
        elif isinstance(found, Entry) and found.parent is not None:
            binder.findings.add("PD260", name.span, scope.address, name=name.text, kind="a local definition")
        elif found is not None:
            binder.refs[name] = found
        for value in values:
            _value(binder, value, scope)


def _choices(entries: Mapping[str, Entry], step: str) -> dict[str, Entry]:
    """The parameters that are left to a step: the record of the step may state the choice."""
    return {
        entry.name: entry
        for entry in entries.values()
        if isinstance(entry.node, tree.Parameter)
        and isinstance(entry.node.value, tree.LeftTo)
        and entry.node.value.step.text == step
    }
