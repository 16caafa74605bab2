"""Expressions: figures with units, names, aggregates, conditions, groups."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from policy_dsl.syntax.tree.nodes import Expr, Ident, Node


class Number(Expr):
    """A figure without a unit."""

    value: Fraction


class Quantity(Expr):
    """A figure with a unit: `5_000 USD`, `48 hours`, `3 working days` (unit "working days")."""

    value: Fraction
    unit: Ident


class Percent(Expr):
    """`40%`: a ratio; `value` is 2/5."""

    value: Fraction


class Ratio(Expr):
    """`2/3`, one sign: a ratio."""

    value: Fraction


class DateLiteral(Expr):
    """`2026-07-01` (a date) or `2026-07-01T08:00Z` (a moment)."""

    value: date | datetime

    @property
    def day(self) -> date:
        """The calendar day, as it is written."""
        return self.value.date() if isinstance(self.value, datetime) else self.value


class Text(Expr):
    """`"…"` as a value."""

    value: str


class Truth(Expr):
    """`yes` or `no`."""

    value: bool


class Nothing(Expr):
    """`none`."""


class Name(Expr):
    """A name used as a value."""

    text: str


class Code(Expr):
    """A member's code, or a currency where a unit is read."""

    text: str


class Nth(Expr):
    """`12th seconding`."""

    number: int
    step: Ident


class ValueOf(Expr):
    """`protection of TZA`, `starts of introduction`, `balance of preparedness`, `earliest of meeting`."""

    name: Ident
    of: Expr


class Call(Expr):
    """`max(a, b)`."""

    name: Ident
    args: tuple[Expr, ...]


class LastYears(Node):
    """`last 3 years`, as the range of a sum over a series."""

    count: Expr


class Years(Node):
    """`2010-2014`, as the range of a sum over a series; both ends included."""

    first: int
    last: int


class Aggregate(Expr):
    """`sum of x over s`; `op` is sum, mean, count, share, index, least, greatest or rank; `over` may be left out.

    `ties` are the figures by which a rank tells equals apart, in the order in which they are asked.
    """

    op: str
    of: Expr
    over: Expr | Years | LastYears | None
    ties: tuple[Expr, ...]


class PartOf(Expr):
    """`30% of x`, `2/3 of x`; `part` is a Percent or a Ratio."""

    part: Expr
    of: Expr


class Binary(Expr):
    """`op` is + - * / ^, or `per` (a tight division), or one of the comparisons = <> < <= > >=,

    or `is`, `is not`, `and`, `or`, `in`, `not in`, `after`, `before`.
    """

    op: str
    left: Expr
    right: Expr


class Unary(Expr):
    """`op` is `-` or `not`."""

    op: str
    of: Expr


class Choice(Expr):
    """`if a then b else c`."""

    when: Expr
    then: Expr
    otherwise: Expr


class Group(Expr):
    """`a except b where c`: members, participants or recorded events; at least one of the two is present."""

    base: Expr
    minus: Expr | None
    where: Expr | None
