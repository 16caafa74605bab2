"""The examples of a policy as worked cases: what is given, and what must follow."""

from __future__ import annotations

from dataclasses import replace

from policy_dsl.instrument import names
from policy_dsl.instrument.told.desk import Desk, head
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Block, Bullets, Cell, Column, Fold, Line, Paragraph, Row, Section, Span, Table
from policy_dsl.render.pieces import joined
from policy_dsl.render.titles import cite, given, title_line
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Address, Quantity
from policy_dsl.values.citation import Reference


def examples(desk: Desk) -> Section | None:
    """All examples, in the order of the text."""
    found = tuple(_example(desk, each) for each in desk.program.examples)
    if not found:
        return None
    lead = Paragraph(head("examples.lead"))
    return Section(head("section.examples"), (lead, *found), anchor="worked-cases")


def _example(desk: Desk, node: tree.Example) -> Fold:
    blocks: list[Block] = []
    if node.at is not None:
        blocks.append(Paragraph(head("example.at", at=node.at.value)))
    facts = [_given(desk, each) for each in node.given if isinstance(each, tree.Given)]
    events = [_event(desk, each) for each in node.given if isinstance(each, tree.GivenEvent)]
    if facts or events:
        blocks += [Paragraph((Span(words.flat(head("example.given")), "strong"),)), Bullets((*facts, *events))]
    blocks += [_table(desk, each, given(node.title)) for each in node.given if isinstance(each, tree.GivenTable)]
    blocks.append(Paragraph((Span(words.flat(head("example.then")), "strong"),)))
    blocks.append(Bullets(tuple(_expected(desk, each) for each in node.expect)))
    title = tuple(replace(span, kind="strong") for span in given(node.title))
    return Fold(title, tuple(blocks))


def _given(desk: Desk, node: tree.Given) -> Line:
    what = words.opened(desk.value(node.what))
    said = words.listed([desk.value(each) for each in node.values])
    return desk.noted(head("example.given_that", what=what, value=said), node, node.notes)


def _event(desk: Desk, node: tree.GivenEvent) -> Line:
    step = desk.name(node.step)
    if node.ordinal is not None:
        step = head("example.ordinal", step=step, number=node.ordinal)
    by = words.listed([desk.value(each) for each in node.by]) if node.by else ()
    lines = [head("example.event", step=step, at=node.at.value, by=by)]
    for field, values in node.fields:
        said = words.listed([desk.value(each) for each in values])
        lines.append(head("example.field", name=_field(desk, node, field), value=said))
    return joined(lines, (Span("; "),))


def _field(desk: Desk, node: tree.GivenEvent, field: tree.Ident) -> Line:
    """What is stated of an event: a group of a vote, or a field of its step."""
    if field.text in ("favour", "against", "abstaining", "absent", "present", "outcome"):
        return head(f"field.{field.text}")
    entry = desk.entry(node.step)
    found = names.recorded(desk.program, entry.node, field.text) if entry is not None else None
    return names.field_title(found) if found is not None else (Span(field.text.replace("_", " ")),)


def _table(desk: Desk, node: tree.GivenTable, of: Line) -> Table:
    columns = [Column(head("col.member"), head=True)]
    for each in node.columns:
        unit = desk.given_in(each.type)
        # The head stands again on each page of paper, where nothing in it may lead anywhere.
        entry = desk.entry(each.name)
        title = title_line(entry) if entry is not None else desk.name(each.name)
        columns.append(Column(words.text("cell.head", title=title, unit=unit), figures=True))
    rows = []
    for row in node.rows:
        first = (Span(row.code.text, "member"),)
        rows.append(Row((Cell(first), *(Cell(_cell(desk, each)) for each in row.cells))))
    return Table(head("table.given", of=of), tuple(columns), tuple(rows))


def _cell(desk: Desk, node: tree.Expr | tree.Ident) -> Line:
    if isinstance(node, tree.Ident):
        return head("example.missing")
    written = desk.teller.written(node)
    if written is None:
        return desk.value(node)
    if written.unit == RATIO:
        return (Span(numbers.figure(written), "figure"),)
    return (Span(numbers.figure(Quantity(written.amount, NUMBER)), "figure"),)


def _expected(desk: Desk, node: tree.Expect) -> Line:
    within = desk.value(node.within) if node.within is not None else ()
    grounds = words.listed([_ground(desk, each) for each in node.grounds]) if node.grounds else ()
    said = head("example.expect", condition=desk.condition(node.expr), within=within, grounds=grounds)
    return desk.noted(words.opened(said), node, node.notes)


def _ground(desk: Desk, note: tree.Note) -> Line:
    """The article that must be among the grounds, leading to it."""
    try:
        found = Reference.read(note.text)
    except ValueError:
        return (Span(note.text),)
    paragraphs = (found.paragraph,) if found.paragraph is not None else ()
    return (cite(Address(found.article, found.suffix, paragraphs)),)
