"""Who belongs: tiers, groups, bodies, working days, reservations."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.instrument import names
from policy_dsl.instrument.told.desk import Desk, dated, head, table, trimmed
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Paragraph, Span
from policy_dsl.render.titles import usual
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def set_of(desk: Desk, entry: Entry, node: tree.SetOf) -> Iterator[Block]:
    """A tier or a group: its seats with their dates, or how it is made up."""
    lines = list(_made_up(desk, entry, node))
    for each in node.requires:
        said = desk.say(
            "members.requires" if node.kind == "tier" else "members.requires.set", condition=desk.condition(each.expr)
        )
        lines.append(desk.noted(said, each, each.notes))
    if node.grounds:
        lines.append(desk.say("members.grounds", grounds=words.listed([names.word(each) for each in node.grounds])))
    yield from paragraphs(lines)
    if _dated(node):
        heads = (("col.member", False), ("col.from", False), ("col.until", False))
        rows = [
            ((Span(seat.code.text, "member"),), words.spans(dated(seat.since)), words.spans(dated(seat.until)))
            for seat in node.seats
        ]
        yield trimmed(table(head("table.members"), heads, rows))


def _dated(node: tree.SetOf) -> bool:
    return any(seat.since or seat.until for seat in node.seats)


def _made_up(desk: Desk, entry: Entry, node: tree.SetOf) -> Iterator[Line]:
    funds = desk.program.suspensions.get(entry.name, ())
    if node.value is not None:
        yield desk.say("members.derived", group=desk.value(node.value))
    elif _dated(node):
        yield desk.say("members.dated")
    elif node.seats:
        codes = tuple(dict.fromkeys(seat.code.text for seat in node.seats))
        yield desk.say("members.are", count=len(codes), members=words.members(codes))
    elif funds:
        yield desk.say("members.arrears", fund=words.listed([names.name(desk.program.entries[each]) for each in funds]))
    else:
        yield desk.say("members.case")


def participant(desk: Desk, entry: Entry, node: tree.Participant) -> Iterator[Block]:
    """A body that is no member."""
    standing, may = (
        words.listed([usual(family, each.text) for each in idents]) if idents else ()
        for family, idents in (("standing", node.classes), ("right", node.may))
    )
    yield from paragraphs([desk.say("participant", standing=standing, may=may)])


def calendar(desk: Desk, entry: Entry, node: tree.Calendar) -> Iterator[Block]:
    """Which days are working days."""
    base = node.base.text if node.base is not None else "weekdays"
    lines = [desk.say(f"calendar.{base}")]
    if node.days:
        lines.append(desk.say("calendar.days", days=words.listed([words.spans(each.value) for each in node.days])))
    if node.countries:
        states = words.members([each.text for each in node.countries])
        lines.append(desk.say("calendar.countries", states=states))
    yield from paragraphs(lines)


def reservation(desk: Desk, entry: Entry, node: tree.Reservation) -> Iterator[Block]:
    """Whose reservation it is, and what holds for it in the place of what."""
    by = [
        desk.plain(
            "reservation.by.dated",
            member=(Span(seat.code.text, "member"),),
            since=dated(seat.since),
            until=dated(seat.until),
        )
        for seat in node.by
    ]
    yield from paragraphs([desk.say("reservation.by", members=words.listed(by))])
    yield Bullets(tuple(_modified(desk, each) for each in node.to))


def _modified(desk: Desk, line: tree.Modified) -> Line:
    to = desk.name(line.name)
    if line.value is None:
        said = desk.say("reservation.none", to=to)
    else:
        said = desk.say("reservation.value", to=to, value=desk.value(line.value))
    return desk.noted(said, line, line.notes)


def reservable(desk: Desk, entry: Entry, node: tree.Reservable) -> Iterator[Block]:
    """To what reservations may be made."""
    yield from paragraphs([desk.say("reservable", to=desk.listed(node.to)) if node.to else desk.say("reservable.none")])


def transitional(desk: Desk, entry: Entry, node: tree.Transitional) -> Iterator[Block]:
    """Which figures stay what they were in older cases."""
    yield from paragraphs([desk.say("transitional", before=dated(node.before), keeps=desk.listed(node.keeps))])


def paragraphs(lines: list[Line]) -> Iterator[Block]:
    """Sentences as one paragraph; none where there are none."""
    if lines:
        yield Paragraph(words.sentences(lines))
