"""A case, read and typed by the declarations of one policy: what the engine is given, and nothing it could guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from policy_dsl.records import dataclass
from policy_dsl.source import Span
from policy_dsl.values import Quantity

Datum = Quantity | bool | str | date | datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact comes from: its source, the date it is of, and its status (official, estimate, contested)."""

    source: str = ""
    date: date | None = None
    status: str = "official"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact for the case (no member, no cohort), a member, a cohort, or both; `year` for one figure of a series.

    `low` and `high` are the bounds within which a contested figure is disputed.
    """

    indicator: str
    value: Datum
    origin: Origin
    member: str = ""
    cohort: str = ""
    year: int | None = None
    low: Quantity | None = None
    high: Quantity | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the record.

    `by` are codes of states or names of participants; `ordinal` serves examples alone ("given 12th seconding").
    `fields` hold recorded fields, and for votes the groups favour, against, abstaining, present (tuples of codes) and
    `outcome` ("adopted" or "rejected").
    """

    step: str
    at: date | datetime
    by: tuple[str, ...] = ()
    fields: Mapping[str, Datum | tuple[str, ...]] = field(default_factory=dict)
    origin: Origin = Origin()
    ordinal: int | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ChoiceMade:
    """A choice where the rules leave discretion: of which parameter, what, by whom, on which grounds, when."""

    parameter: str
    value: Quantity
    by: str
    because: str
    at: date | datetime | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A departure from a calculated share, agreed at the meeting: so much more (or, below zero, less) for one member.

    The adjustments of one apportionment must cancel out.
    """

    apportionment: str
    member: str
    change: Quantity
    by: str
    because: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of a fund's ledger: `kind` is due, pledge or payment; `on` is the day that it falls due or was made."""

    kind: str
    member: str
    amount: Quantity
    on: date
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """A fund as it stood when the case opened."""

    fund: str
    balance: Quantity
    movements: tuple[Movement, ...] = ()
    origin: Origin = Origin()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """A draw by lot for an apportionment: the members in the order in which they were drawn."""

    apportionment: str
    drawn: tuple[str, ...]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A member's statement or dissent: text that touches no figure."""

    by: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A case.

    `at` is the date on which the figures in force are read; `opened` the moment of the request that opened the case.
    `as_at` is the date as at which the law is read instead, where somebody asked for that: it is no part of the case.
    `groups` holds the tiers and sets that the case supplies; `grounds` the ground of each member of a tier that asks
    for them. `given_groups` are taken as they stand, without their conditions, and `partial` says that only what is
    needed is given (both in examples only). `file` is the name of the file that the case was read from, without its
    folder.
    """

    title: str
    at: date
    opened: date | datetime | None = None
    situation: str = ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group_origins: Mapping[str, Origin] = field(default_factory=dict)
    grounds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    given_groups: frozenset[str] = frozenset()
    cohorts: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    events: tuple[Event, ...] = ()
    choices: tuple[ChoiceMade, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    lots: tuple[Lot, ...] = ()
    statements: tuple[Statement, ...] = ()
    partial: bool = False
    file: str = ""
    as_at: date | None = None

    @property
    def law(self) -> date:
        """The date whose law holds: whose figures are in force, who has a seat, which reservations are held."""
        return self.as_at if self.as_at is not None else self.at
