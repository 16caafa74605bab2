"""Sharing out: apportionments line by line, and funds."""

from __future__ import annotations

from policy_dsl.syntax.tree.nodes import Condition, Each, Expr, Ident, Node, Note, Provision


class Fixed(Node):
    """`fixed e for group`."""

    amount: Expr
    group: Expr
    notes: tuple[Note, ...]


class Relief(Node):
    """`relief r, borne by s by w`."""

    relief: Expr
    bearers: Expr
    weight: Expr | None
    notes: tuple[Note, ...]


class Limit(Node):
    """`at most e for g`, `at least e for g`; `then` opens a next level."""

    then: bool
    kind: str
    bound: Expr
    group: Expr | None
    notes: tuple[Note, ...]


class Less(Node):
    """`less c, excess refunded`."""

    credit: Expr
    refunded: bool
    notes: tuple[Note, ...]


class Rounding(Node):
    """`rounding METHOD to step, residue by w`."""

    method: Ident
    step: Expr | None
    residue: Expr | None
    notes: tuple[Note, ...]


class Remainder(Node):
    """`remainder to g by w, at most m`; `group` is a Nothing for `remainder to none`."""

    group: Expr
    weight: Expr | None
    most: Expr | None
    notes: tuple[Note, ...]


class Adjusted(Node):
    """`adjusted by STEP within e`: how far a share may be changed at a meeting; a ratio is of the share itself."""

    step: Ident
    within: Expr
    notes: tuple[Note, ...]


class Apportion(Provision):
    """A total shared out. `how` is the `by`, `equally` or `minimising` line (`equally` holds a Nothing).

    `ties` are in order; each holds an expression, or the Name "lot".
    """

    each: Each | None
    total: Condition | None
    among: Condition | None
    bands: Ident | None
    how: Condition | None
    fixed: tuple[Fixed, ...]
    relief: tuple[Relief, ...]
    limits: tuple[Limit, ...]
    less: tuple[Less, ...]
    rounding: Rounding | None
    ties: tuple[Condition, ...]
    remainder: Remainder | None
    adjusted: Adjusted | None


class Fed(Node):
    """`fed by NAME, due e`."""

    by: Ident
    due: Expr | None
    notes: tuple[Note, ...]


class Pays(Node):
    """`pays NAME when e`."""

    what: Ident
    when: Expr | None
    notes: tuple[Note, ...]


class Suspends(Node):
    """`suspends NAME after p`."""

    name: Ident
    after: Expr
    notes: tuple[Note, ...]


class Reserves(Node):
    """`reserves e for NAME`."""

    amount: Expr
    holder: Ident
    notes: tuple[Note, ...]


class Fund(Provision):
    """A standing fund."""

    level: Condition | None
    fed: tuple[Fed, ...]
    pays: tuple[Pays, ...]
    suspends: tuple[Suspends, ...]
    reserves: tuple[Reserves, ...]
