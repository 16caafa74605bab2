"""Worked examples: what is given and what is expected."""

from __future__ import annotations

from policy_dsl.syntax.tree.expressions import DateLiteral
from policy_dsl.syntax.tree.nodes import Expr, Ident, Node, Note, UnitTerm


class Given(Node):
    """`given x of ALB in 2014 = v` (`what` is the left side) or a list of members or values on the right."""

    what: Expr
    values: tuple[Expr, ...]
    notes: tuple[Note, ...]


class Column(Node):
    """`population : persons` at the head of a table of facts."""

    name: Ident
    type: UnitTerm | Ident


class Row(Node):
    """`ALB : 3_000_000, missing`; a missing cell is the Ident "missing"."""

    code: Ident
    cells: tuple[Expr | Ident, ...]


class GivenTable(Node):
    """A table of facts."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class GivenEvent(Node):
    """`given 12th seconding at … by …` and its recorded fields."""

    step: Ident
    ordinal: int | None
    at: DateLiteral
    by: tuple[Expr, ...]
    fields: tuple[tuple[Ident, tuple[Expr, ...]], ...]


class Expect(Node):
    """`expect e within t`, `expect e because Art. n, Art. m`, or both; `within` none means exactly.

    A ground is a Note of the kind "because" whose text is the reference; `notes` are the drafter's own words.
    """

    expr: Expr
    within: Expr | None
    grounds: tuple[Note, ...]
    notes: tuple[Note, ...]


class Example(Node):
    """A worked example that is a test."""

    title: str
    at: DateLiteral | None
    given: tuple[Given | GivenTable | GivenEvent, ...]
    expect: tuple[Expect, ...]
