"""Steps in time, duties and guarantees."""

from __future__ import annotations

from policy_dsl.syntax.tree.figures import Define
from policy_dsl.syntax.tree.nodes import Condition, Expr, Ident, Node, Note, Provision, UnitTerm


class RecordField(Node):
    """`starts : date` in `records`."""

    name: Ident
    type: UnitTerm | Ident


class Every(Node):
    """`every p after e`."""

    period: Expr
    after: Expr
    notes: tuple[Note, ...]


class Step(Provision):
    """A rule about an event. `model` is the step it is decided as (`step x as y`)."""

    model: Ident | None
    by: Condition | None
    once_each: bool
    repeated: bool
    records: tuple[RecordField, ...]
    on: Condition | None
    once: Condition | None
    every: Every | None
    not_before: Condition | None
    not_after: Condition | None
    requires: tuple[Condition, ...]
    quorum: Condition | None
    adopted: Condition | None
    failing: Condition | None
    silence: Ident | None
    locals: tuple[Define, ...]


class Procedure(Provision):
    """Steps in time."""

    steps: tuple[Step, ...]


class Duty(Provision):
    """An obligation."""

    binds: Condition | None
    when: Condition | None
    not_after: Condition | None
    kept: Condition | None


class Guarantee(Provision):
    """`promise` holds in every case; or `independent` (what, of what) is proved from the text."""

    promise: Expr | None
    independent: tuple[Ident, Ident] | None
