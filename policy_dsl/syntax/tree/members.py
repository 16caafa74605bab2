"""Who belongs: tiers, sets, bodies, working days, and reservations of members."""

from __future__ import annotations

from policy_dsl.syntax.tree.expressions import DateLiteral
from policy_dsl.syntax.tree.nodes import Condition, Expr, Ident, Node, Note, Provision


class Seat(Node):
    """`HRV from 2013-07-01 until …`."""

    code: Ident
    since: DateLiteral | None
    until: DateLiteral | None


class SetOf(Provision):
    """`tier` or `set` (`kind`): seats, or a derived `value`, or neither (then the case supplies it)."""

    kind: str
    value: Expr | None
    seats: tuple[Seat, ...]
    requires: tuple[Condition, ...]
    grounds: tuple[Ident, ...]


class Participant(Provision):
    """A body that is no member; `classes` from `as`, `may` what it may do."""

    classes: tuple[Ident, ...]
    may: tuple[Ident, ...]


class Calendar(Provision):
    """`calendar NAME`: `base` weekdays or every_day; published `countries` (holidays of BEL); listed `days`."""

    base: Ident | None
    countries: tuple[Ident, ...]
    days: tuple[DateLiteral, ...]


class Modified(Node):
    """`to NAME` or `to NAME : value` in a reservation."""

    name: Ident
    value: Expr | None
    notes: tuple[Note, ...]


class Reservation(Provision):
    """A member's reservation: `by` seats with dates; `to` the provisions whose effect it leaves out or modifies."""

    by: tuple[Seat, ...]
    to: tuple[Modified, ...]


class Reservable(Provision):
    """`reservations permitted to NAME, NAME` (none listed: none permitted); its name is "reservations"."""

    to: tuple[Ident, ...]
