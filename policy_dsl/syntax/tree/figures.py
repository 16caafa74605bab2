"""Facts and figures: indicators, parameters, definitions, keys, scales, criteria, transitional clauses."""

from __future__ import annotations

from policy_dsl.syntax.tree.expressions import DateLiteral, Percent
from policy_dsl.syntax.tree.nodes import Condition, Each, Expr, Ident, Node, Note, Provision, UnitTerm


class Indicator(Provision):
    """A fact that a case supplies.

    `type` is a UnitTerm, or an Ident: "yes or no", "state", "date", "moment", "text", "number".
    `missing` is an expression, or the Ident "left out", or none (a gap is refused). `good_for` is how long a figure
    stays current (`good for 2 years`).
    """

    type: UnitTerm | Ident
    low: Expr | None
    high: Expr | None
    supplied_by: Ident | None
    missing: Expr | Ident | None
    series: bool
    good_for: Expr | None


class Indicators(Node):
    """A block of indicators with one reach."""

    each: Each
    rows: tuple[Indicator, ...]


class Dated(Node):
    """`from 2026-01-01 : v` in a parameter."""

    since: DateLiteral
    value: Expr
    notes: tuple[Note, ...]


class LeftTo(Node):
    """`left to STEP between a and b, otherwise c`; without `otherwise` the evaluation waits for the choice."""

    step: Ident
    low: Expr
    high: Expr
    otherwise: Expr | None


class Parameter(Provision):
    """An agreed figure: `value`, with `amendments` by date."""

    value: Expr | LeftTo
    amendments: tuple[Dated, ...]


class Excepted(Node):
    """`except where cond : value` in a definition."""

    when: Expr
    value: Expr
    notes: tuple[Note, ...]


class Define(Provision):
    """A derived value; `each` is none where it is for the case."""

    each: Each | None
    value: Expr
    exceptions: tuple[Excepted, ...]


class KeyPart(Node):
    """`40% : term`."""

    weight: Expr
    term: Expr
    notes: tuple[Note, ...]


class Key(Provision):
    """A weighting; `rest` is the `rest by` line."""

    parts: tuple[KeyPart, ...]
    rest: Condition | None
    locals: tuple[Define, ...]


class Bracket(Node):
    """A row of a scale: `kind` is below, up to, or otherwise (then `threshold` is none)."""

    kind: str
    threshold: Expr | None
    value: Expr
    notes: tuple[Note, ...]


class Scale(Provision):
    """A bracket table on `base`; `kind` is marginal or whole."""

    base: Expr
    kind: str
    rows: tuple[Bracket, ...]


class Criterion(Node):
    """`name : measure from worst to best, at least t`, with a weight where criteria are by weight."""

    weight: Percent | None
    name: Ident
    measure: Expr
    worst: Expr
    best: Expr
    least: Expr | None
    notes: tuple[Note, ...]


class Informed(Node):
    """`informed by e at w`."""

    by: Expr
    weight: Expr
    notes: tuple[Note, ...]


class Criteria(Provision):
    """`kind` is "in order" or "by weight"; `informed` is (data, weight)."""

    kind: str
    rows: tuple[Criterion, ...]
    similar: Condition | None
    informed: Informed | None


class Transitional(Provision):
    """For cases opened before a date, the named figures stay as they were when the case opened."""

    keeps: tuple[Ident, ...]
    before: DateLiteral | None
