"""Worked examples: what they give must fit what the policy asks for, and what they expect must be a condition."""

from __future__ import annotations

from policy_dsl.check import entries, slots
from policy_dsl.check.desk import Desk, Scope, text
from policy_dsl.check.expressions import infer
from policy_dsl.check.types import UNKNOWN, Kind, Type, said, unit_said
from policy_dsl.resolve.program import Entry, FieldOf
from policy_dsl.syntax import tree
from policy_dsl.syntax.words import VOTES


def type_examples(desk: Desk) -> None:
    """Check the types of all that the examples give and expect."""
    scope = Scope()
    for example in desk.program.examples:
        for given in example.given:
            match given:
                case tree.Given():
                    _given(desk, given, scope)
                case tree.GivenTable():
                    _table(desk, given, scope)
                case tree.GivenEvent():
                    _event(desk, given, scope)
        for expect in example.expect:
            _expect(desk, expect, scope)


def _given(desk: Desk, given: tree.Given, scope: Scope) -> None:
    what = given.what
    year = isinstance(what, tree.Binary) and what.op == "in"
    named = what.left if isinstance(what, tree.Binary) else what
    name = named.name if isinstance(named, tree.ValueOf) else named
    ref = desk.program.ref(name) or desk.program.ref(named)
    for value in given.values:
        infer(desk, value, scope)
    if isinstance(named, tree.ValueOf):
        infer(desk, named.of, scope)
    if not isinstance(ref, Entry):
        return
    due = entries.type_of(desk, ref)
    if due.series and not year:
        words = text(named)
        desk.fault("PD308", named, name=words, mend=f"write the year: `{words} in 2024`")
        return
    if year and not due.series and not due.unknown:
        assert isinstance(what, tree.Binary)
        desk.fault("PD309", what, text=text(named), year=text(what.right))
        return
    whom = named.of if isinstance(named, tree.ValueOf) else None
    if whom is None and due.figure and "member" in due.reach:
        desk.fault("PD331", named, name=text(named), each="member", mend=f"say of whom: `{text(named)} of ALB`")
        return
    for value in given.values:
        _fits(desk, value, due, text(name), scope)


def _fits(desk: Desk, at: tree.Expr, due: Type, name: str, scope: Scope) -> None:
    """Whether a value that a case would supply is of the type that is asked for."""
    found = infer(desk, at, scope)
    if due.unknown or found.unknown:
        return
    if due.figure:
        if not found.figure:
            desk.fault("PD306", at, due=said(due), text=text(at), found=said(found))
        else:
            slots.fits(desk, at, found, due.unit, f"`{name}` is in {unit_said(due.unit)}")
        return
    due_kinds = {due.kind}
    if due.kind is Kind.GROUP:
        due_kinds = {Kind.STATE, Kind.GROUP}
    elif due.kind is Kind.STATE:
        due_kinds = {Kind.STATE, Kind.BODY}
    if found.kind not in due_kinds:
        desk.fault("PD306", at, due=said(due), text=text(at), found=said(found))


def _table(desk: Desk, table: tree.GivenTable, scope: Scope) -> None:
    columns: list[Type] = []
    for column in table.columns:
        slots.units(desk, column.type)
        declared = entries.declared(desk, column.type)
        ref = desk.program.ref(column.name)
        due = entries.type_of(desk, ref) if isinstance(ref, Entry) else UNKNOWN
        if not declared.unknown and not due.unknown and not _same(declared, due):
            name = column.name.text
            desk.fault("PD337", column.type, name=name, due=said(due), found=said(declared))
            declared = UNKNOWN
        columns.append(declared)
    for row in table.rows:
        if len(row.cells) != len(columns):
            given, due_cells = str(len(row.cells)), str(len(columns))
            desk.fault("PD338", row.code, row=row.code.text, given=given, due=due_cells)
            continue
        for cell, column_type, column in zip(row.cells, columns, table.columns, strict=True):
            if isinstance(cell, tree.Expr):
                _cell(desk, cell, column_type, column, scope)


def _same(declared: Type, due: Type) -> bool:
    if declared.figure and due.figure:
        return declared.unit == due.unit
    return declared.kind is due.kind


def _cell(desk: Desk, cell: tree.Expr, due: Type, column: tree.Column, scope: Scope) -> None:
    found = infer(desk, cell, scope)
    if due.unknown or found.unknown:
        return
    if due.figure and found.number:
        return
    _fits(desk, cell, due, column.name.text, scope)


def _event(desk: Desk, event: tree.GivenEvent, scope: Scope) -> None:
    infer(desk, event.at, scope)
    for by in event.by:
        _who(desk, by, scope)
    for name, values in event.fields:
        ref = desk.program.ref(name)
        for value in values:
            if name.text in VOTES and ref is None:
                _who(desk, value, scope)
                continue
            infer(desk, value, scope)
            if isinstance(ref, FieldOf):
                _fits(desk, value, entries.field_type(desk, ref), name.text, scope)
            elif isinstance(ref, Entry):
                _fits(desk, value, entries.type_of(desk, ref), name.text, scope)

    _voted_once(desk, event)


def _who(desk: Desk, at: tree.Expr, scope: Scope) -> None:
    """Who acts or votes: a State, a group of States, or another participant."""
    found = infer(desk, at, scope)
    if not found.unknown and found.kind not in (Kind.STATE, Kind.BODY, Kind.GROUP, Kind.BODIES):
        desk.fault("PD306", at, due="a State or a group of States", text=text(at), found=said(found))


def _voted_once(desk: Desk, event: tree.GivenEvent) -> None:
    """A State casts one vote: it stands in one of the groups, and once. One group holds whoever is not named."""
    seen: dict[str, str] = {}
    groups = [
        value
        for name, values in event.fields
        if name.text in VOTES
        for value in values
        if not isinstance(value, tree.Code)
    ]
    for value in groups[1:]:
        desk.fault("PD531", value, name=text(value), first=text(groups[0]))
    for name, values in event.fields:
        if name.text not in VOTES:
            continue
        for value in values:
            if isinstance(value, tree.Code) and value.text in seen:
                desk.fault("PD530", value, state=value.text, one=seen[value.text], other=name.text)
            elif isinstance(value, tree.Code):
                seen[value.text] = name.text


def _expect(desk: Desk, expect: tree.Expect, scope: Scope) -> None:
    slots.condition(desk, expect.expr, scope)
    if expect.within is None:
        return
    found = infer(desk, expect.within, scope)
    expr = expect.expr
    if not isinstance(expr, tree.Binary) or expr.op != "=":
        desk.fault("PD339", expect.within, text=text(expr))
        return
    value = desk.typed(expr.left)
    if value.unknown or found.unknown:
        return
    if value.figure and found.figure:
        slots.fits(desk, expect.within, found, value.unit, f"`{text(expr.left)}` is in {unit_said(value.unit)}")
    elif not found.figure or not (value.timely and found.unit.period):
        desk.fault("PD339", expect.within, text=text(expr))
