"""Leads every figure of a document back to the decision: what is printed, where it stands, and what it may be.

A document is walked by its own classes, so that a new kind of block is walked as well. What is known is read off the
derivations and the facts; the lines of a certificate are worked out anew from the derived weights, limits and credits.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction

from policy_dsl.cases.case import Event, Fact
from policy_dsl.deadlines import Reckoning
from policy_dsl.evaluate.decision import CriteriaResult, Decision
from policy_dsl.evaluate.definitions import Slice
from policy_dsl.evaluate.derivation import Derived, InForce, walk_all
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Document, Figure, Line, Operative, Row, Section, Span, Table, Twig
from policy_dsl.render.sections import annex
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit

ZERO = Fraction(0)
NAMED = 10
ABOUT = numbers.ABOUT
_NUMBER = re.compile(
    rf"(?P<about>{ABOUT})?(?:(?P<money>[A-Z]{{3}})\s)?(?P<sign>−)?"
    rf"(?P<whole>\d[\d{numbers.THIN}]*)(?:\.(?P<rest>\d+))?(?P<percent>\s?%)?(?P<unit>\D.*)?"
)
_SIGN = re.compile(r" [+−] ")
_PARTS = re.compile(r"(−?)(\d+)/(\d+)")


# ---- what stands in a document ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A figure as printed: its text, the amount that a cell holds, and all that stands around it."""

    text: str
    amount: Fraction | None
    about: bool
    sections: tuple[Section, ...]
    around: tuple[Line, ...]
    table: Table | None = None
    row: Row | None = None
    head: str = ""
    twig: str = ""
    drawn: bool = False

    @property
    def anchors(self) -> tuple[str, ...]:
        """The anchors of the sections in which it stands, the outermost first."""
        return tuple(each.anchor for each in self.sections)

    @property
    def place(self) -> str:
        """Where it stands, for a message."""
        row = words.flat(self.row.cells[0].line) if self.row is not None else ""
        parts = (*(each.title for each in self.sections), self.table.label if self.table else "", row, self.head)
        return " > ".join(each for each in (*parts, self.twig, f"“{self.text}”") if each)

    def cites(self) -> bool:
        """Whether an article is cited with it: in its line, its caption, the paragraph or the section around it."""
        tables = [b for s in self.sections[-1:] for b in s.blocks if isinstance(b, Table)] if self.table is None else []
        cells = (cell.line for each in tables for row in each.rows for cell in row.cells)
        lines = [*self.around, *(each.caption for each in tables), *cells]
        cited = any(span.kind == "citation" for line in lines for span in line)
        return cited or any(re.search(r"Art\.\s", each.title) for each in self.sections)


def figures(document: Document) -> Iterator[Shown]:
    """Every figure in a document, in the order in which it is read."""
    yield from _walk(document, (), (), "")


def _walk(part: object, sections: tuple[Section, ...], around: tuple[Line, ...], twig: str) -> Iterator[Shown]:
    match part:
        case tuple() if part and isinstance(part[0], Span):
            yield from _in_line(part, sections, around, twig)
        case tuple():
            for each in part:
                yield from _walk(each, sections, around, twig)
        case Table():
            yield from _in_table(part, sections, around)
        case Section():
            for each in part.blocks:
                yield from _walk(each, (*sections, part), around, twig)
        case Operative():
            yield from _walk(part.line, sections, around, twig)
            yield from _walk(part.blocks, sections, (*around, part.line), twig)
        case Figure():
            own = (part.caption, part.alternative, *part.notes)
            yield from _walk(own, sections, (*around, *own), twig)
            for each in part.drawn:
                name = f"{part.label} > {each.of} > {each.what}"
                if each.amount is not None:
                    yield Shown("", each.amount, False, sections, (*around, *own), head=name, drawn=True)
                if each.when is not None:
                    yield Shown(numbers.day(each.when), None, False, sections, (*around, *own), head=name, drawn=True)
        case Twig():
            name = part.anchor or twig
            yield from _walk(part.line, sections, around, name)
            yield from _walk(part.twigs, sections, (*around, part.line), name)
        case _ if is_dataclass(part):
            own = tuple(v for f in fields(part) if _is_line(v := getattr(part, f.name)))
            for each in fields(part):
                yield from _walk(getattr(part, each.name), sections, (*around, *own), twig)


def _is_line(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Span)


def _in_line(line: Line, sections: tuple[Section, ...], around: tuple[Line, ...], twig: str) -> Iterator[Shown]:
    for span in line:
        if span.kind == "figure":
            yield Shown(span.text, None, span.text.startswith(ABOUT), sections, (*around, line), twig=twig)


def _in_table(table: Table, sections: tuple[Section, ...], around: tuple[Line, ...]) -> Iterator[Shown]:
    around = (*around, table.caption, *table.notes)
    for line in (table.caption, *table.notes):
        yield from _in_line(line, sections, around, "")
    for row in table.rows:
        beside = (*around, *(cell.line for cell in row.cells))
        for column, cell in zip(table.columns, row.cells, strict=True):
            for span in cell.line:
                if span.kind == "figure":
                    about = cell.about if cell.amount is not None else span.text.startswith(ABOUT)
                    yield Shown(span.text, cell.amount, about, sections, beside, table, row, column.title)
            assert cell.amount is None or any(span.kind == "figure" for span in cell.line), cell


# ---- what is known ---------------------------------------------------------------------------------------------------


@dataclass
class Known:
    """Values that a figure may show: amounts by unit, days, and how many there are of something."""

    amounts: dict[Unit, set[Fraction]] = field(default_factory=dict)
    days: set[str] = field(default_factory=set)
    counts: set[int] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    _sorted: dict[Unit, list[Fraction]] = field(default_factory=dict)

    def add(self, *values: object) -> Known:
        """Add values of any kind; what is no figure adds none."""
        for value in values:
            match value:
                case Quantity():
                    self.amounts.setdefault(value.unit, set()).add(value.amount)
                case date():
                    self.days.add(numbers.day(value))
                    if isinstance(value, datetime):
                        self.days.add(numbers.day(value.date()))
                case Event():
                    self.add(value.at, value.origin.date, *value.fields.values())
                case tuple():
                    # Of many members the first ten are named, and it is said how many others there are.
                    self.counts |= {len(value), len(value) - NAMED}
                    self.add(*value)
                case Derived():
                    self.add_derived(value)
                case Fact():
                    self.add(value.value, value.low, value.high, value.origin.date)
                    self.years |= {value.year} if value.year is not None else set()
        return self

    def add_derived(self, value: Derived) -> None:
        """Add a value and what its making holds beside the values below it."""
        self.add(value.value)
        subjects = {each.subject[-1] for each in value.of if each.subject}
        self.counts |= {len(value.of), sum(each.op != "range" for each in value.of), len(subjects) - NAMED}
        match value.detail:
            case Fact() as fact:
                self.add(fact)
            case InForce(since=since):
                self.add(since)
            case Reckoning(steps=steps):
                self.add(*(each for step in steps for each in (step.before, step.after)))
                self.add(*(each.day for step in steps for each in step.skipped))
            case CriteriaResult(bands=bands):
                self.counts |= set(range(1, len(bands) + 1))
            case tuple() as parts:
                self.counts.add(len(parts))
                self.years |= {each for each in parts if isinstance(each, int)}
                base = next((each.value.unit for each in value.of if isinstance(each.value, Quantity)), NUMBER)
                for each in parts:
                    if isinstance(each, Slice):
                        unit = value.value.unit if isinstance(value.value, Quantity) else NUMBER
                        self.add(Quantity(each.part, unit), each.rate, Quantity(each.low, base))
                        self.add(Quantity(each.high, base) if each.high is not None else None)

    def join(self, other: Known) -> Known:
        """Add everything that another knows."""
        for unit, found in other.amounts.items():
            self.amounts.setdefault(unit, set()).update(found)
        self.days |= other.days
        self.counts |= other.counts
        self.years |= other.years
        return self

    def shows(self, text: str, spoken: Spoken) -> bool:
        """Whether a printed figure is one of these values, in its unit, rounded only where it is marked."""
        if text in self.days:
            return True
        if re.fullmatch(r"\d{4}(–\d{4})?", text) and set(map(int, text.split("–"))) <= self.years:
            return True
        summands = _SIGN.split(text)
        if len(summands) > 1:
            return all(each == "…" or self._adds(each, spoken) for each in summands)
        parts = _PARTS.fullmatch(text)
        if parts is not None:
            exact = Fraction(int(parts[2]), int(parts[3])) * (-1 if parts[1] else 1)
            return any(exact in found for found in self.amounts.values())
        return any(self._near(unit, *read) for unit, *read in spoken.read(text)) or (
            text.isdigit() and int(text) in self.counts
        )

    def _adds(self, text: str, spoken: Spoken) -> bool:
        """Whether a summand without its unit is one of these values, in whatever unit."""
        found = _NUMBER.fullmatch(text)
        if found is None:
            return False
        amount, room = read_number(found)
        scale = 100 if found["percent"] else 1
        return any(self._near(unit, sign * amount / scale, room / scale) for unit in self.amounts for sign in (1, -1))

    def _near(self, unit: Unit, amount: Fraction, room: Fraction) -> bool:
        """Whether a value lies within the room that rounding leaves; without room it is that value."""
        found = self.amounts.get(unit, set())
        if not room:
            return amount in found
        if len(self._sorted.get(unit, ())) != len(found):
            self._sorted[unit] = sorted(found)
        ordered = self._sorted.get(unit, [])
        for value in ordered[bisect.bisect_left(ordered, amount - room) :]:
            if value > amount + room:
                return False
            if value != amount:
                return True
        return False


class Spoken:
    """Reads printed figures back: the words of every unit of a decision, in the singular and the plural."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: dict[tuple[str, str], set[Unit]] = {}
        self.heads: dict[str, set[Unit]] = {"": {NUMBER}, "%": {RATIO}}
        for unit in units:
            money = numbers.currency_of(unit)
            for amount in (Fraction(1), Fraction(2)):
                said = numbers.unit_words(unit, amount, skip=money).replace(numbers.HARD, " ").strip()
                self.units.setdefault((money, said if unit != RATIO else "%"), set()).add(unit)
            self.heads.setdefault(numbers.unit_head(unit), set()).add(unit)

    def read(self, text: str) -> Iterator[tuple[Unit, Fraction, Fraction]]:
        """What a text may say: a unit, an amount, and how far the value may lie from it."""
        found = _NUMBER.fullmatch(text)
        if found is None:
            return
        amount, room = read_number(found)
        said = "%" if found["percent"] else (found["unit"] or "").replace(numbers.HARD, " ").strip()
        for unit in self.units.get((found["money"] or "", said), ()):
            scale = 100 if unit == RATIO else 1
            yield unit, amount / scale, room / scale
        if said in ("month", "months"):
            yield Unit((("year", 1),)), amount / 12, room

    def cell_unit(self, shown: Shown) -> set[Unit]:
        """The units that a cell may be in: per cent stands in the cell, any other in the head of its column."""
        if shown.text.rstrip().endswith("%"):
            return {RATIO}
        inside = re.search(r" \(([^()]*)\)$", shown.head)
        return self.heads.get(inside[1], {NUMBER}) if inside else {NUMBER}


def read_number(found: re.Match[str]) -> tuple[Fraction, Fraction]:
    """The amount that digits say, and the half of a last digit if they are marked as rounded."""
    rest = found["rest"] or ""
    amount = Fraction(int(found["whole"].replace(numbers.THIN, "") + rest), 10 ** len(rest))
    return -amount if found["sign"] else amount, Fraction(1, 2 * 10 ** len(rest)) if found["about"] else ZERO


def is_shown_rightly(shown: Shown) -> bool:
    """Whether a cell's text is its amount: the same, or marked and no more than half a last digit from it."""
    found = _NUMBER.fullmatch(shown.text)
    assert found is not None, shown.place
    amount, room = read_number(found)
    if bool(found["about"]) != shown.about:
        return False
    return amount == shown.amount if not room else amount != shown.amount and abs(amount - shown.amount) <= room


# ---- what a decision holds -------------------------------------------------------------------------------------------


def tops(decision: Decision) -> Iterator[Derived | None]:
    """All values that a decision holds, whatever for."""
    yield from annex.told_values(decision)
    yield from decision.values.values()
    yield from decision.groups.values()
    for shared in decision.shares:
        yield from (shared.total, shared.among, shared.basis)
        for row in shared.rows:
            yield from (row.final, row.outside, row.fixed, row.weight, row.relief, row.floor, row.ceiling, row.credit)
    for result in decision.criteria:
        yield from (result.similar, *result.totals.values())
        for score in result.scores:
            yield from (score.measure, score.score, score.met)
    for step in decision.timeline:
        yield from (step.earliest, step.latest, step.falls)
        for judged in step.events:
            yield from judged.failed
            if judged.vote is not None:
                yield from (judged.vote.quorum, judged.vote.majority, judged.vote.failing)
    yield from (each for duty in decision.duties for each in (duty.deadline, duty.shown))
    yield from (each.shown for each in decision.guarantees)
    yield from (each for fund in decision.funds for each in (fund.balance, fund.level))
    yield from (each for fund in decision.funds for _, each, _ in fund.paid_out)
    yield from (each for choice in decision.choices for each in (choice.low, choice.high, choice.value))
    yield from (seen.condition for seen in decision.exceptions)
    yield from (seat.refused for seat in decision.seats)


def under(*values: Derived | None) -> Iterator[Derived]:
    """Values and everything below them."""
    return walk_all(each for each in values if each is not None)


def concerning(member: str, *values: Derived | None) -> Iterator[Derived]:
    """Values and what lies below them; of what is another member's the value alone, not what it is made from."""
    seen: set[int] = set()
    stack = [each for each in values if each is not None]
    while stack:
        here = stack.pop()
        if id(here) not in seen:
            seen.add(id(here))
            yield here
            if not here.subject or member in here.subject:
                stack.extend(here.of)


def stated_facts(decision: Decision) -> Known:
    """What the case states: facts, dates, the record, what was chosen and agreed, the ledgers."""
    case = decision.case
    known = Known().add(*case.facts, case.at, case.opened, decision.program.heading.in_force, *case.events)
    known.add(*(each.date for each in case.group_origins.values()))
    known.add(*(each.value for each in case.choices), *(each.change for each in case.adjustments))
    for ledger in case.ledgers:
        known.add(ledger.balance, ledger.origin.date)
        for each in ledger.movements:
            known.add(each.amount, each.on)
    return known
