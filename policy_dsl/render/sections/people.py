"""Who belongs: seats by tier, who has none and why, the other groups; and the statements that members annexed."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.evaluate.groups import Removed
from policy_dsl.explain.argument import Adopted, Given, Who
from policy_dsl.explain.whynot import why_no_seat
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Quotation, Section
from policy_dsl.render.sections.matter import Matter
from policy_dsl.render.tables import worded
from policy_dsl.render.titles import usual
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def seats(matter: Matter) -> Section | None:
    """The members by tier, the groups that the case or the rules name, and the bodies that are no members."""
    decision = matter.decision
    others = [_participant(entry) for entry in decision.program.of_kind("participant")]
    blocks: list[Block] = [_seats(decision)] if decision.seats else []
    items: list[Line] = []
    if decision.seats:
        items += [words.argued(reason) for seat in decision.seats for reason in why_no_seat(seat)]
        for name, group in decision.groups.items():
            if _is_set(matter, name):
                items += [_group(matter, name, group), *_left_out(matter, name, group)]
    items += others
    if items:
        blocks.append(Bullets(tuple(items)))
    return Section(words.text("section.seats"), tuple(blocks), anchor="seats") if blocks else None


def _seats(decision: Decision) -> Block:
    grounds = any(seat.ground for seat in decision.seats)
    heads = ["col.member", "col.tier", *(["col.ground"] if grounds else []), "col.seat"]
    rows: list[list[Line]] = []
    for seat in decision.seats:
        row: list[Line] = [words.members((seat.state,)), words.spans(seat.tier)]
        if grounds:
            row.append(words.spans(Adopted(seat.ground, seat.ground.replace("_", " "))))
        row.append(words.text("cell.no_seat" if seat.refused is not None else "cell.seat"))
        rows.append(row)
    return worded(words.text("table.seats"), heads, rows)


def _participant(entry: Entry) -> Line:
    """A body that is no member: its standing, and what it may do, in the words of the rules."""
    node = entry.node
    assert isinstance(node, tree.Participant)
    standing, may = (
        words.listed([usual(family, each.text) for each in idents]) if idents else None
        for family, idents in (("standing", node.classes), ("right", node.may))
    )
    return words.text("seats.participant", name=entry, standing=standing, may=may, at=entry.address)


def _is_set(matter: Matter, name: str) -> bool:
    entry = matter.decision.program.entries.get(name)
    return entry is not None and entry.kind == "set"


def _group(matter: Matter, name: str, group: Derived) -> Line:
    entry = matter.decision.program.entries[name]
    origin = matter.decision.case.group_origins.get(name)
    source = Given(origin.source if origin is not None else "")
    codes = [each for each in group.value if isinstance(each, str)] if isinstance(group.value, tuple) else []
    who = words.members(codes) if group.known else words.derived(group, "value")
    return words.text("seats.group", name=entry, members=who, source=source, at=entry.address)


def _left_out(matter: Matter, name: str, group: Derived) -> Iterator[Line]:
    """Who is in no group since it lacks a fact, and which: that it isn't in the group shows nothing of it."""
    by = group.detail.by if isinstance(group.detail, Removed) else {}
    lacking = {code: each.value for code, each in by.items() if isinstance(each.value, Unknown)}
    if lacking:
        entry = matter.decision.program.entries[name]
        titles = dict.fromkeys(
            dict(gap.detail).get("indicator", gap.what) for value in lacking.values() for gap in value.gaps
        )
        facts = words.listed([words.spans(Adopted(each)) for each in titles])
        codes = words.members(sorted(lacking))
        yield words.text("seats.left_out", name=entry, facts=facts, members=codes, at=entry.address)


def statements(matter: Matter) -> Section | None:
    """Statements and dissents, as their authors wrote them."""
    found = matter.decision.statements
    if not found:
        return None
    blocks: list[Block] = []
    for each in found:
        paragraphs = tuple(("", part.strip()) for part in each.text.split("\n\n") if part.strip())
        blocks.append(Quotation(words.text("statement.by", by=Who(each.by)), paragraphs))
    return Section(words.text("section.statements"), tuple(blocks), anchor="statements")
