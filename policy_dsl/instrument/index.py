"""The index of terms, and the agreed figures by date."""

from __future__ import annotations

import unicodedata

from policy_dsl.instrument import names
from policy_dsl.instrument.told.desk import Desk, head, table, trimmed
from policy_dsl.instrument.told.figures import values
from policy_dsl.instrument.uses import Uses
from policy_dsl.render import words
from policy_dsl.render.document import Line, Paragraph, Section
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

UNNAMED = frozenset({"reservable", "procedure"})
"""What no other provision can name."""


def through_time(desk: Desk) -> Section | None:
    """Every agreed figure with the dates from which it is what it is."""
    rows: list[tuple[Line, ...]] = []
    for entry in desk.program.of_kind("parameter"):
        assert isinstance(entry.node, tree.Parameter)
        rows += [(names.name(entry), *row) for row in values(desk, entry.node)]
    if not rows:
        return None
    heads = ("col.figure", "col.since", "col.value", "col.cites")
    made = trimmed(table(head("table.time"), [(each, False) for each in heads], rows))
    return Section(head("section.time"), (Paragraph(head("time.lead")), made), anchor="figures-through-time")


def terms(desk: Desk, uses: Uses) -> Section | None:
    """Every name in the order of the alphabet: what it is, where it is defined, and what uses it."""
    rows: list[tuple[Line, ...]] = []
    for entry in uses.entries:
        if entry.kind not in UNNAMED:
            rows.append((names.name(entry), desk.say(f"kind.{entry.kind}"), _at(entry), _used(uses.users[entry.name])))
        if isinstance(entry.node, tree.Criteria):
            for row in entry.node.rows:
                used = _used(uses.of_row(row))
                rows.append((names.criterion(row), desk.say("kind.criterion"), _at(entry), used))
    if not rows:
        return None
    rows.sort(key=lambda row: (_sorted(words.flat(row[0])), words.flat(row[2])))
    heads = ("col.term", "col.kind", "col.defined", "col.used")
    made = table(head("table.terms"), [(each, False) for each in heads], rows)
    return Section(head("section.terms"), (Paragraph(head("terms.lead")), made), anchor="terms")


def _at(entry: Entry) -> Line:
    return words.spans(entry.address)


def _used(users: tuple[Entry, ...]) -> Line:
    return words.listed([_user(each) for each in users]) if users else ()


def _user(entry: Entry) -> Line:
    if entry.address is None:
        return names.name(entry)
    return words.text("cited", line=names.name(entry), at=entry.address)


def _sorted(text: str) -> str:
    """The letters by which a title is sorted: the same on every machine."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))
