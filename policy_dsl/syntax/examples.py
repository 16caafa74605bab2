"""Worked examples: from the parser's tree to ours."""

from __future__ import annotations

from lark import Token, Tree

from policy_dsl.syntax import tree
from policy_dsl.syntax.expressions import Branch
from policy_dsl.syntax.parts import Builder, Lines

GIVEN = ("given", "given_table", "given_event")


def example(make: Builder, branch: Branch) -> tree.Example:
    """`example`."""
    title, *rest = branch.children
    lines = Lines(make, rest)
    at = lines.one("example_at", lambda row: make.date(row.children[0]))
    given: list[tree.Given | tree.GivenTable | tree.GivenEvent] = [
        *lines.all("given", lambda row: _given(make, row)),
        *lines.all("given_table", lambda row: _table(make, row)),
        *lines.all("given_event", lambda row: _event(make, row)),
    ]
    given.sort(key=lambda each: each.span.start)
    expect = lines.all("expect", lambda row: _expect(make, row))
    return tree.Example(make.span(branch), make.text(title), at, tuple(given), expect)


def _given(make: Builder, row: Branch) -> tree.Given:
    what, values, *_ = row.children
    return tree.Given(make.span(row), make.expr(what), make.values(values), make.notes(row))


def _table(make: Builder, row: Branch) -> tree.GivenTable:
    columns = tuple(_column(make, each) for each in row.children if isinstance(each, Tree) and each.data == "column")
    rows = tuple(_row(make, each) for each in row.children if isinstance(each, Tree) and each.data == "table_row")
    return tree.GivenTable(make.span(row), columns, rows)


def _column(make: Builder, branch: Branch) -> tree.Column:
    name, kind = branch.children
    return tree.Column(make.span(branch), make.ident(name), make.type(kind))


def _row(make: Builder, branch: Branch) -> tree.Row:
    code, *cells = branch.children
    built = tuple(make.ident(cell) if isinstance(cell, Token) else make.expr(cell) for cell in cells)
    return tree.Row(make.span(branch), make.ident(code), built)


def _event(make: Builder, row: Branch) -> tree.GivenEvent:
    ordinal: int | None = None
    children = list(row.children)
    first = children[0]
    if isinstance(first, Token) and first.type == "ORDINAL":
        ordinal = make.ordinal(children.pop(0))
    step, at, by, *fields = children
    return tree.GivenEvent(
        make.span(row),
        make.ident(step),
        ordinal,
        make.date(at),
        make.values(by),
        tuple(_field(make, each) for each in fields if isinstance(each, Tree)),
    )


def _field(make: Builder, branch: Branch) -> tuple[tree.Ident, tuple[tree.Expr, ...]]:
    name, values = branch.children
    return make.ident(name), make.values(values)


def _expect(make: Builder, row: Branch) -> tree.Expect:
    expr, within, references, *_ = row.children
    grounds: tuple[tree.Note, ...] = ()
    if isinstance(references, Tree) and references.data == "references":
        cited = [each for each in references.children if isinstance(each, Token)]
        grounds = tuple(tree.Note(make.span(each), "because", str(each)) for each in cited)
    return tree.Expect(make.span(row), make.expr(expr), make.maybe(within), grounds, make.notes(row))
