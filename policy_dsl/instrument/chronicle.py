"""A policy through time, ready to be said: tables for a terminal and a page, and data. It is told in English."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from policy_dsl.explain.argument import Given, Term, Who
from policy_dsl.instrument.history import History, Line, Stretch, Turn
from policy_dsl.receipts.plain import file_name
from policy_dsl.records import dataclass
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Block, Cell, Column, Document, Paragraph, Row, Section, Span, Table
from policy_dsl.render.document import Line as Words
from policy_dsl.render.languages import telling
from policy_dsl.render.naming import by_codes, with_names
from policy_dsl.render.plainly import plainly

SCHEMA = "policy-dsl/history/1"

# Whole sentences, in the form of `render.messages`.
SENTENCES = {
    "title": "{policy} through time",
    "title.at": "{policy} on {day}",
    "rules": "Text: {policy}, version {version}[; {authority}].",
    "since": "In force from {since}.",
    "figures": "Agreed figures",
    "seats": "Members",
    "reservations": "Reservations",
    "turns": "What changed",
    "kept": "Figures kept for cases already open",
    "figure": "Figure",
    "member": "Member",
    "list": "Belongs to",
    "clause": "Reservation",
    "from": "From",
    "to": "To",
    "value": "Value",
    "by": "By",
    "at": "Article",
    "day": "Day",
    "what": "What",
    "always": "the beginning",
    "open": "–",
    "same authority": "as adopted",
    "no figures": "The policy has no agreed figures.",
    "no turns": "Nothing has changed since the entry into force.",
    "becomes": "{name} becomes {after} in place of {before}",
    "joins": "{member} joins {list}",
    "leaves": "{member} leaves {list}",
    "reserves": "{member} holds {list}",
    "releases": "{member} no longer holds {list}",
    "keeps": "{clause}: {figures} as on the day on which the case opened, if it opened before {before} ({at}).",
}


@dataclass(frozen=True, slots=True, eq=False)
class Chronicle:
    """A history, ready to be said: the whole of it, or how things stood on one day."""

    history: History
    day: date | None = None

    def document(self) -> Document:
        """The history as a document; members go by their codes."""
        program = self.history.program
        with telling(program, "en"):
            heading = program.heading
            policy = Given(heading.title or heading.name.replace("_", " "))
            below = [_say("rules", policy=policy, version=Given(heading.version), authority=Given(heading.authority))]
            title = _say("title", policy=policy) if self.day is None else _say("title.at", policy=policy, day=self.day)
            if heading.in_force is not None:
                status = Paragraph(_say("since", since=heading.in_force))
            else:
                status = Paragraph(())
            made = Document(title, (), tuple(below), status, tuple(self._sections()))
            return with_names(made, by_codes(program))

    def _sections(self) -> Iterator[Section]:
        found = self.history
        figures = _rows(found.figures, self.day, _figure_cells)
        if figures:
            yield _section("figures", ("figure", "from", "to", "value", "by", "at"), figures)
        else:
            yield Section(_say("figures"), (Paragraph(_say("no figures")),))
        seats = _rows(found.seats, self.day, _member_cells)
        if seats:
            yield _section("seats", ("member", "list", "from", "to", "by", "at"), seats)
        reserved = _rows(found.reservations, self.day, _member_cells)
        if reserved:
            yield _section("reservations", ("member", "clause", "from", "to", "by", "at"), reserved)
        if found.kept:
            yield Section(_say("kept"), tuple(Paragraph(line) for line in self._kept()))
        if self.day is None:
            yield self._turns()

    def _kept(self) -> Iterator[Words]:
        for each in self.history.kept:
            yield _say(
                "keeps", clause=each.entry, figures=each.figures, before=each.before, at=each.entry.address or Given("")
            )

    def _turns(self) -> Section:
        turns = self.history.turns
        if not turns:
            return Section(_say("turns"), (Paragraph(_say("no turns")),))
        rows = [
            Row(
                (
                    _cell(numbers.day(each.on)),
                    Cell(_turned(each)),
                    *map(_cell, (each.instrument or "–", each.line.article)),
                )
            )
            for each in turns
        ]
        return _section("turns", ("day", "what", "by", "at"), rows)

    def text(self) -> str:
        """The history for a terminal."""
        return plainly(self.document())

    def data(self) -> dict[str, object]:
        """The history as data."""
        program, day = self.history.program, self.day
        heading = program.heading
        data: dict[str, object] = {
            "schema": SCHEMA,
            "policy": {
                "name": heading.name,
                "title": heading.title,
                "version": heading.version,
                "authority": heading.authority,
                "file": file_name(program.source.name),
                "in_force": _iso(heading.in_force),
            },
            "articles": [
                {
                    "article": str(law.address),
                    "title": law.title,
                    "from": law.origin,
                    "in_force": _iso(heading.in_force),
                }
                for law in program.law
            ],
            "figures": list(_data(self.history.figures, day)),
            "members": list(_data(self.history.seats, day)),
            "reservations": list(_data(self.history.reservations, day)),
            "transitional": [
                {
                    "name": each.entry.name,
                    "article": str(each.entry.address or ""),
                    "keeps": [figure.name for figure in each.figures],
                    "opened_before": each.before.isoformat(),
                }
                for each in self.history.kept
            ],
        }
        return data | (
            {"at": day.isoformat()} if day is not None else {"changes": list(map(_change, self.history.turns))}
        )


# ---- tables ----------------------------------------------------------------------------------------------------------


def _say(key: str, /, **terms: Term | Words) -> Words:
    return words.fill(SENTENCES[key], terms)


def _section(title: str, heads: Sequence[str], rows: Sequence[Row]) -> Section:
    columns = tuple(Column(_say(head), head=not at) for at, head in enumerate(heads))
    blocks: tuple[Block, ...] = (Table(_say(title), columns, tuple(rows)),)
    return Section((), blocks)


Cells = Callable[[Line, Stretch], tuple[Cell, ...]]


def _rows(lines: Iterable[Line], day: date | None, cells: Cells) -> list[Row]:
    made = []
    for line in lines:
        for stretch in line.stretches:
            if day is None or stretch.holds(day):
                made.append(Row((*cells(line, stretch), _cell(_by(stretch)), _cell(line.article))))
    return made


def _figure_cells(line: Line, stretch: Stretch) -> tuple[Cell, ...]:
    return Cell(words.spans(line.entry)), *_times(stretch), _cell(stretch.value)


def _member_cells(line: Line, stretch: Stretch) -> tuple[Cell, ...]:
    return Cell((Span(line.member, "member"),)), Cell(words.spans(line.entry)), *_times(stretch)


def _times(stretch: Stretch) -> tuple[Cell, Cell]:
    since = numbers.day(stretch.since) if stretch.since is not None else SENTENCES["always"]
    return _cell(since), _cell(numbers.day(stretch.until) if stretch.until is not None else SENTENCES["open"])


def _by(stretch: Stretch) -> str:
    return stretch.instrument if stretch.cited else SENTENCES["same authority"]


def _cell(text: str) -> Cell:
    return Cell((Span(text, "given"),))


def _turned(turn: Turn) -> Words:
    if turn.kind == "figure":
        before = turn.before.value if turn.before is not None else ""
        after = turn.after.value if turn.after is not None else ""
        return _say("becomes", name=turn.line.entry, before=Given(before), after=Given(after))
    key = {"seat": ("joins", "leaves"), "reservation": ("reserves", "releases")}[turn.kind][turn.after is None]
    return _say(key, member=Who(turn.line.member), list=turn.line.entry)


# ---- data ------------------------------------------------------------------------------------------------------------


def _data(lines: Iterable[Line], day: date | None) -> Iterator[dict[str, object]]:
    for line in lines:
        stretches = [each for each in line.stretches if day is None or each.holds(day)]
        if stretches:
            yield {
                "name": line.entry.name,
                "title": line.entry.title,
                "article": line.article,
                **({"member": line.member} if line.member else {}),
                "values": [_stretch(each) for each in stretches],
            }


def _stretch(stretch: Stretch) -> dict[str, object]:
    value = {"value": stretch.value} if stretch.value else {}
    return {
        "from": _iso(stretch.since),
        "to": _iso(stretch.until),
        **value,
        "instrument": stretch.instrument,
        "cited": stretch.cited,
    }


def _change(turn: Turn) -> dict[str, object]:
    return {
        "on": turn.on.isoformat(),
        "kind": turn.kind,
        "name": turn.line.entry.name,
        "member": turn.line.member,
        "article": turn.line.article,
        "instrument": turn.instrument,
        "before": _stretch(turn.before) if turn.before is not None else None,
        "after": _stretch(turn.after) if turn.after is not None else None,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


__all__ = ["Chronicle"]
