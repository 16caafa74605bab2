"""The syntax tree of a policy file: immutable nodes that keep their place in the text.

Nodes compare by identity, so that tables (types, references, addresses) can be kept beside the tree and keyed by node.
`same` compares two trees by content. Nothing here knows what a provision means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar, cast, dataclass_transform

from policy_dsl.source import Span

Made = TypeVar("Made")


@dataclass_transform(eq_default=False, frozen_default=True)
def node(cls: type[Made]) -> type[Made]:
    """Marks a class as a kind of node."""
    return dataclass(frozen=True, slots=True, eq=False)(cls)


@node
class Node:
    """Anything that stands in the text."""

    span: Span


# ---- small parts ---------------------------------------------------------------------------------------------------


@node
class Ident(Node):
    """A name where it is written."""

    text: str


@node
class Comment(Node):
    """A comment, from its `#` to the end of the line."""

    text: str


@node
class Note(Node):
    """`because "…"`, `cites "…"` or `notwithstanding Art. n`; `text` is without quotes."""

    kind: str
    text: str


@node
class UnitTerm(Node):
    """A unit as written: `USD per person per year` is over=(USD), per=(person, year)."""

    over: tuple[Ident, ...]
    per: tuple[Ident, ...]


@node
class Broken(Node):
    """A block that could not be read. `declares` holds the names it seems to give: their uses are no faults."""

    declares: tuple[str, ...]


# ---- expressions ---------------------------------------------------------------------------------------------------


@node
class Expr(Node):
    """An expression."""


@node
class Number(Expr):
    """A figure without a unit."""

    value: Fraction


@node
class Quantity(Expr):
    """A figure with a unit: `5_000 USD`, `48 hours`, `3 working days` (unit "working days")."""

    value: Fraction
    unit: Ident


@node
class Percent(Expr):
    """`40%`: a ratio; `value` is 2/5."""

    value: Fraction


@node
class Ratio(Expr):
    """`2/3`, one sign: a ratio."""

    value: Fraction


@node
class DateLiteral(Expr):
    """`2026-07-01` (a date) or `2026-07-01T08:00Z` (a moment)."""

    value: date | datetime


@node
class Text(Expr):
    """`"…"` as a value."""

    value: str


@node
class Truth(Expr):
    """`yes` or `no`."""

    value: bool


@node
class Nothing(Expr):
    """`none`."""


@node
class Name(Expr):
    """A name used as a value."""

    text: str


@node
class Code(Expr):
    """A member's code, or a currency where a unit is read."""

    text: str


@node
class Nth(Expr):
    """`12th seconding`."""

    number: int
    step: Ident


@node
class ValueOf(Expr):
    """`protection of TZA`, `starts of introduction`, `balance of preparedness`, `earliest of meeting`."""

    name: Ident
    of: Expr


@node
class Call(Expr):
    """`max(a, b)`."""

    name: Ident
    args: tuple[Expr, ...]


@node
class LastYears(Node):
    """`last 3 years`, as the range of a sum over a series."""

    count: Expr


@node
class Years(Node):
    """`2010-2014`, as the range of a sum over a series; both ends included."""

    first: int
    last: int


@node
class Aggregate(Expr):
    """`sum of x over s`; `op` is sum, mean, count, share, index, least, greatest or rank; `over` may be left out."""

    op: str
    of: Expr
    over: Expr | Years | LastYears | None


@node
class PartOf(Expr):
    """`30% of x`, `2/3 of x`; `part` is a Percent or a Ratio."""

    part: Expr
    of: Expr


@node
class Binary(Expr):
    """`op` is + - * / ^, or `per` (a tight division), or one of the comparisons = <> < <= > >=,

    or `is`, `is not`, `and`, `or`, `in`, `not in`, `after`, `before`.
    """

    op: str
    left: Expr
    right: Expr


@node
class Unary(Expr):
    """`op` is `-` or `not`."""

    op: str
    of: Expr


@node
class Choice(Expr):
    """`if a then b else c`."""

    when: Expr
    then: Expr
    otherwise: Expr


@node
class Group(Expr):
    """`a except b where c`: members, participants or recorded events; at least one of the two is present."""

    base: Expr
    minus: Expr | None
    where: Expr | None


# ---- the file ------------------------------------------------------------------------------------------------------


@node
class HeadLine(Node):
    """A line of the header: `word` is its opening word ("in force from" is "in force"); `value` what follows."""

    word: str
    value: Expr | Ident


@node
class Header(Node):
    """`policy NAME "Title"` and the lines under it."""

    name: Ident
    title: str
    lines: tuple[HeadLine, ...]


@node
class ArticleNumber(Node):
    """`7`, or `4 bis`; `suffix` is empty, bis, ter, quater …"""

    number: int
    suffix: str

    def __str__(self) -> str:
        return f"{self.number} {self.suffix}" if self.suffix else str(self.number)


@node
class Part(Node):
    """`part II "Heading"`."""

    number: str
    title: str


@node
class Prose(Node):
    """Legal words as adopted; `paragraph` is the number in `(1) > …`, or none. Lines are joined by single blanks."""

    paragraph: int | None
    text: str


@node
class Provision(Node):
    """A provision: what it is called, its title, and its notes."""

    name: Ident
    title: str
    notes: tuple[Note, ...]


@node
class Article(Node):
    """`article 5 "Title"` with its lines in order: legal words and provisions."""

    number: ArticleNumber
    title: str
    lines: tuple[ArticleLine, ...]


@node
class Departure(Node):
    """`replace article …`, `add article …` (with the article) or `delete article n` (without one)."""

    kind: str
    number: ArticleNumber
    article: Article | None
    notes: tuple[Note, ...]


@node
class PolicyFile(Node):
    """A whole file. `header` is None where it could not be read."""

    header: Header | None
    items: tuple[Part | Article | Departure | Example | Broken, ...]
    comments: tuple[Comment, ...]


# ---- who -----------------------------------------------------------------------------------------------------------


@node
class Seat(Node):
    """`HRV from 2013-07-01 until …`."""

    code: Ident
    since: DateLiteral | None
    until: DateLiteral | None


@node
class Condition(Node):
    """A line that holds one expression and may give its grounds: `requires x`, `total x`, `by x` …"""

    word: str
    expr: Expr
    notes: tuple[Note, ...]


@node
class SetOf(Provision):
    """`tier` or `set` (`kind`): seats, or a derived `value`, or neither (then the case supplies it)."""

    kind: str
    value: Expr | None
    seats: tuple[Seat, ...]
    requires: tuple[Condition, ...]
    grounds: tuple[Ident, ...]


@node
class Participant(Provision):
    """A body that is no member; `classes` from `as`, `may` what it may do."""

    classes: tuple[Ident, ...]
    may: tuple[Ident, ...]


@node
class Calendar(Provision):
    """`calendar NAME`: `base` weekdays or every_day; published `countries` (holidays of BEL); listed `days`."""

    base: Ident | None
    countries: tuple[Ident, ...]
    days: tuple[DateLiteral, ...]


# ---- facts and figures ---------------------------------------------------------------------------------------------


@node
class Each(Node):
    """`for the case` (empty), `for each member`, `for each cohort`, `for each cohort and member`."""

    of: tuple[Ident, ...]


@node
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


@node
class Indicators(Node):
    """A block of indicators with one reach."""

    each: Each
    rows: tuple[Indicator, ...]


@node
class Dated(Node):
    """`from 2026-01-01 : v` in a parameter."""

    since: DateLiteral
    value: Expr
    notes: tuple[Note, ...]


@node
class LeftTo(Node):
    """`left to STEP between a and b, otherwise c`; without `otherwise` the evaluation waits for the choice."""

    step: Ident
    low: Expr
    high: Expr
    otherwise: Expr | None


@node
class Parameter(Provision):
    """An agreed figure: `value`, with `amendments` by date."""

    value: Expr | LeftTo
    amendments: tuple[Dated, ...]


@node
class Excepted(Node):
    """`except where cond : value` in a definition."""

    when: Expr
    value: Expr
    notes: tuple[Note, ...]


@node
class Define(Provision):
    """A derived value; `each` is none where it is for the case."""

    each: Each | None
    value: Expr
    exceptions: tuple[Excepted, ...]


@node
class KeyPart(Node):
    """`40% : term`."""

    weight: Expr
    term: Expr
    notes: tuple[Note, ...]


@node
class Key(Provision):
    """A weighting; `rest` is the `rest by` line."""

    parts: tuple[KeyPart, ...]
    rest: Condition | None
    locals: tuple[Define, ...]


@node
class Bracket(Node):
    """A row of a scale: `kind` is below, up to, or otherwise (then `threshold` is none)."""

    kind: str
    threshold: Expr | None
    value: Expr
    notes: tuple[Note, ...]


@node
class Scale(Provision):
    """A bracket table on `base`; `kind` is marginal or whole."""

    base: Expr
    kind: str
    rows: tuple[Bracket, ...]


@node
class Criterion(Node):
    """`name : measure from worst to best, at least t`, with a weight where criteria are by weight."""

    weight: Percent | None
    name: Ident
    measure: Expr
    worst: Expr
    best: Expr
    least: Expr | None
    notes: tuple[Note, ...]


@node
class Criteria(Provision):
    """`kind` is "in order" or "by weight"; `informed` is (data, weight)."""

    kind: str
    rows: tuple[Criterion, ...]
    similar: Condition | None
    informed: Informed | None


@node
class Informed(Node):
    """`informed by e at w`."""

    by: Expr
    weight: Expr
    notes: tuple[Note, ...]


# ---- sharing out ---------------------------------------------------------------------------------------------------


@node
class Fixed(Node):
    """`fixed e for group`."""

    amount: Expr
    group: Expr
    notes: tuple[Note, ...]


@node
class Relief(Node):
    """`relief r, borne by s by w`."""

    relief: Expr
    bearers: Expr
    weight: Expr | None
    notes: tuple[Note, ...]


@node
class Limit(Node):
    """`at most e for g`, `at least e for g`; `then` opens a next level."""

    then: bool
    kind: str
    bound: Expr
    group: Expr | None
    notes: tuple[Note, ...]


@node
class Less(Node):
    """`less c, excess refunded`."""

    credit: Expr
    refunded: bool
    notes: tuple[Note, ...]


@node
class Rounding(Node):
    """`rounding METHOD to step, residue by w`."""

    method: Ident
    step: Expr | None
    residue: Expr | None
    notes: tuple[Note, ...]


@node
class Remainder(Node):
    """`remainder to g by w, at most m`; `group` is a Nothing for `remainder to none`."""

    group: Expr
    weight: Expr | None
    most: Expr | None
    notes: tuple[Note, ...]


@node
class Adjusted(Node):
    """`adjusted by STEP within e`: how far a share may be changed at a meeting; a ratio is of the share itself."""

    step: Ident
    within: Expr
    notes: tuple[Note, ...]


@node
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


@node
class Fed(Node):
    """`fed by NAME, due e`."""

    by: Ident
    due: Expr | None
    notes: tuple[Note, ...]


@node
class Pays(Node):
    """`pays NAME when e`."""

    what: Ident
    when: Expr | None
    notes: tuple[Note, ...]


@node
class Suspends(Node):
    """`suspends NAME after p`."""

    name: Ident
    after: Expr
    notes: tuple[Note, ...]


@node
class Reserves(Node):
    """`reserves e for NAME`."""

    amount: Expr
    holder: Ident
    notes: tuple[Note, ...]


@node
class Fund(Provision):
    """A standing fund."""

    level: Condition | None
    fed: tuple[Fed, ...]
    pays: tuple[Pays, ...]
    suspends: tuple[Suspends, ...]
    reserves: tuple[Reserves, ...]


# ---- steps in time -------------------------------------------------------------------------------------------------


@node
class RecordField(Node):
    """`starts : date` in `records`."""

    name: Ident
    type: UnitTerm | Ident


@node
class Every(Node):
    """`every p after e`."""

    period: Expr
    after: Expr
    notes: tuple[Note, ...]


@node
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


@node
class Procedure(Provision):
    """Steps in time."""

    steps: tuple[Step, ...]


@node
class Duty(Provision):
    """An obligation."""

    binds: Condition | None
    when: Condition | None
    not_after: Condition | None
    kept: Condition | None


# ---- promises, adjustments in law, proofs --------------------------------------------------------------------------


@node
class Guarantee(Provision):
    """`promise` holds in every case; or `independent` (what, of what) is proved from the text."""

    promise: Expr | None
    independent: tuple[Ident, Ident] | None


@node
class Modified(Node):
    """`to NAME` or `to NAME : value` in a reservation."""

    name: Ident
    value: Expr | None
    notes: tuple[Note, ...]


@node
class Reservation(Provision):
    """A member's reservation: `by` seats with dates; `to` the provisions whose effect it leaves out or modifies."""

    by: tuple[Seat, ...]
    to: tuple[Modified, ...]


@node
class Reservable(Provision):
    """`reservations permitted to NAME, NAME` (none listed: none permitted); its name is "reservations"."""

    to: tuple[Ident, ...]


@node
class Transitional(Provision):
    """For cases opened before a date, the named figures stay as they were when the case opened."""

    keeps: tuple[Ident, ...]
    before: DateLiteral | None


@node
class Given(Node):
    """`given x of ALB in 2014 = v` (`what` is the left side) or a list of members or values on the right."""

    what: Expr
    values: tuple[Expr, ...]
    notes: tuple[Note, ...]


@node
class Column(Node):
    """`population : persons` at the head of a table of facts."""

    name: Ident
    type: UnitTerm | Ident


@node
class Row(Node):
    """`ALB : 3_000_000, missing`; a missing cell is the Ident "missing"."""

    code: Ident
    cells: tuple[Expr | Ident, ...]


@node
class GivenTable(Node):
    """A table of facts."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@node
class GivenEvent(Node):
    """`given 12th seconding at … by …` and its recorded fields."""

    step: Ident
    ordinal: int | None
    at: DateLiteral
    by: tuple[Expr, ...]
    fields: tuple[tuple[Ident, tuple[Expr, ...]], ...]


@node
class Expect(Node):
    """`expect e within t`, `expect e because Art. n, Art. m`, or both; `within` none means exactly.

    A ground is a Note of the kind "because" whose text is the reference; `notes` are the drafter's own words.
    """

    expr: Expr
    within: Expr | None
    grounds: tuple[Note, ...]
    notes: tuple[Note, ...]


@node
class Example(Node):
    """A worked example that is a test."""

    title: str
    at: DateLiteral | None
    given: tuple[Given | GivenTable | GivenEvent, ...]
    expect: tuple[Expect, ...]


ArticleLine: TypeAlias = Prose | Provision | Indicators | Example | Broken


def children(of: Node) -> Iterator[Node]:
    """The nodes directly inside a node, in the order of its fields."""
    for each in fields(cast(Any, of)):
        if each.name == "span":
            continue
        yield from _nodes_in(getattr(of, each.name))


def walk(of: Node) -> Iterator[Node]:
    """A node and all the nodes inside it, outermost first."""
    yield of
    for child in children(of):
        yield from walk(child)


def same(one: object, other: object) -> bool:
    """Whether two trees say the same, wherever they stand: spans and comments do not count."""
    if isinstance(one, Node):
        return type(one) is type(other) and all(
            same(getattr(one, each.name), getattr(other, each.name))
            for each in fields(cast(Any, one))
            if each.name not in ("span", "comments")
        )
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    return one == other


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
