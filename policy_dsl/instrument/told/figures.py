"""Facts and figures: indicators, agreed figures, definitions, keys, scales, criteria."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.explain.argument import Adopted
from policy_dsl.instrument import names
from policy_dsl.instrument.drawn.scale import scale_chart
from policy_dsl.instrument.told.desk import MEMBERS, RUN, Desk, head, table, trimmed
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Block, Bullets, Line, Paragraph, Span, Table
from policy_dsl.render.titles import criterion_line
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity

NONE, WHOLE = Fraction(0), Fraction(1)
REACHES = {("member",): ".member", ("cohort",): ".cohort", ("cohort", "member"): ".pair"}


def indicators(desk: Desk, entries: list[Entry], reach: tuple[str, ...]) -> Iterator[Block]:
    """The facts of one block: a row for each."""
    yield Paragraph(desk.say(f"indicators{REACHES.get(reach, '')}"))
    heads = ("col.fact", "col.unit", "col.bounds", "col.supplier", "col.missing", "col.further")
    rows = []
    notes: list[Line] = []
    for entry in entries:
        node = entry.node
        assert isinstance(node, tree.Indicator)
        rows.append((names.title(entry), *fact(desk, node)))
        said = desk.notes(node, node.notes)
        if said:
            notes.append(words.text("colon", name=names.name(entry), value=words.sentences(said)))
    caption = desk.say(f"facts{REACHES.get(reach, '')}")
    at = entries[0].address
    caption = words.text("cited", line=caption, at=at) if at is not None else caption
    yield trimmed(table(caption, [(each, False) for each in heads], rows))
    if notes:
        yield Bullets(tuple(notes))


def fact(desk: Desk, node: tree.Indicator) -> tuple[Line, ...]:
    """What a fact is given in, its bounds, who supplies it, what holds without it, and what else is said of it."""
    supplier = desk.name(node.supplied_by) if node.supplied_by is not None else ()
    return desk.given_in(node.type), desk.bounds(node), supplier, desk.missing(node), desk.further(node)


def indicator(desk: Desk, entry: Entry, node: tree.Indicator) -> Iterator[Block]:
    """A fact by itself."""
    yield from indicators(desk, [entry], entry.reach)


def parameter(desk: Desk, entry: Entry, node: tree.Parameter) -> Iterator[Block]:
    """An agreed figure, with its amendments."""
    if node.amendments:
        yield Paragraph(desk.say("parameter.amended"))
        yield trimmed(through_time(desk, entry, node))
    else:
        yield Paragraph(_agreed(desk, node))


def _agreed(desk: Desk, node: tree.Parameter) -> Line:
    value = node.value
    if not isinstance(value, tree.LeftTo):
        return desk.say("parameter", value=desk.value(value))
    terms = {"step": desk.name(value.step), "low": desk.value(value.low), "high": desk.value(value.high)}
    if value.otherwise is None:
        return desk.say("parameter.left.wait", **terms)
    return desk.say("parameter.left", otherwise=desk.value(value.otherwise), **terms)


def through_time(desk: Desk, entry: Entry, node: tree.Parameter) -> Table:
    """What an agreed figure is, from each date on."""
    heads = (("col.since", False), ("col.value", False), ("col.cites", False))
    return table(head("table.values", of=names.name(entry)), heads, values(desk, node))


def values(desk: Desk, node: tree.Parameter) -> list[tuple[Line, Line, Line]]:
    """The dates from which an agreed figure is another, each with the figure and the source of the amendment."""
    since = desk.program.heading.in_force
    first = node.value
    said = _agreed(desk, node) if isinstance(first, tree.LeftTo) else desk.value(first)
    rows = [(words.spans(since), said, sources(node.notes))]
    for row in node.amendments:
        rows.append((words.spans(row.since.value), desk.value(row.value), sources(row.notes)))
    return rows


def sources(notes: tuple[tree.Note, ...]) -> Line:
    """The sources that stand with a line."""
    found = [words.spans(Adopted(each.text)) for each in notes if each.kind == "cites"]
    return words.listed(found) if found else ()


def define(desk: Desk, entry: Entry, node: tree.Define) -> Iterator[Block]:
    """A derived value, its exceptions, and the rule that holds where it gives none."""
    where = RUN if entry.name in desk.program.runs else MEMBERS
    reach = REACHES.get(entry.reach, "")
    truth = desk.true(node.value)
    if isinstance(node.value, tree.Nothing):
        yield Paragraph(desk.say("define.nothing"))
    elif truth:
        yield Paragraph(desk.say(f"define.truth{reach}", condition=desk.condition(node.value, where)))
    else:
        yield Paragraph(desk.say(f"define{reach}", value=desk.value(node.value, where)))
    if node.exceptions:
        lines = []
        for row in node.exceptions:
            condition = desk.condition(row.when, where)
            if truth and not isinstance(row.value, tree.Truth):
                said = desk.plain("define.except.truth", condition=condition, value=desk.condition(row.value, where))
            else:
                said = desk.plain("define.except", condition=condition, value=desk.value(row.value, where))
            lines.append(desk.noted(said, row, row.notes))
        yield Bullets(tuple(lines))
    for other in desk.program.prevails.get(entry.name, ()):
        below = desk.program.entries[other]
        yield Paragraph(desk.say("yields", rule=names.name(below), at=below.address))


def local(desk: Desk, node: tree.Define, at: str) -> Iterator[Line]:
    """A definition inside a key or a step, as sentences; `at` is where it stands."""
    where = RUN if at == "key" else MEMBERS
    entry = next((each for each in desk.program.entries.values() if each.node is node), None)
    name = names.title(entry) if entry is not None else (Span(node.title or node.name.text),)
    if desk.true(node.value):
        said = desk.say("local.truth", name=name, condition=desk.condition(node.value, where))
    else:
        said = desk.say("local", name=name, value=desk.value(node.value, where))
    yield desk.noted(said, node, node.notes)
    for row in node.exceptions:
        again = names.name(entry) if entry is not None else name
        terms = {"condition": desk.condition(row.when, where), "value": desk.value(row.value, where)}
        yield desk.noted(desk.say("local.except", name=again, **terms), row, row.notes)


def key(desk: Desk, entry: Entry, node: tree.Key) -> Iterator[Block]:
    """A weighting: its parts, and what becomes of what they leave."""
    yield Paragraph(desk.say("key"))
    rows = [(desk.noted(desk.value(each.term, RUN), each, each.notes), desk.value(each.weight)) for each in node.parts]
    heads = (("col.part", False), ("col.weight", True))
    yield table(head("table.key", of=names.name(entry)), heads, rows)
    if node.rest is not None:
        whole = (Span(numbers.figure(Quantity(WHOLE, RATIO)), "figure"),)
        said = desk.say("key.rest", whole=whole, value=desk.value(node.rest.expr, RUN))
        yield Paragraph(desk.noted(said, node.rest, node.rest.notes))
    inside = [line for each in node.locals for line in local(desk, each, "key")]
    if inside:
        yield Bullets(tuple(inside))


def scale(desk: Desk, entry: Entry, node: tree.Scale) -> Iterator[Block]:
    """A table of brackets, and its chart."""
    where = RUN if entry.name in desk.program.runs else MEMBERS
    yield Paragraph(desk.say(f"scale.{node.kind}", base=desk.value(node.base, where)))
    rows = [
        (desk.noted(bracket(desk, node, n), row, row.notes), desk.value(row.value, where))
        for n, row in enumerate(node.rows)
    ]
    heads = (("col.bracket", False), ("col.rate" if node.kind == "marginal" else "col.value", True))
    yield table(head("table.scale", of=names.name(entry)), heads, rows)
    drawn = scale_chart(desk, entry, node, [words.flat(row[0]) for row in rows])
    if drawn is not None:
        yield drawn


def bracket(desk: Desk, node: tree.Scale, at: int) -> Line:
    """From where to where a row of a scale reaches."""
    row = node.rows[at]
    before = node.rows[at - 1] if at else None
    low = desk.value(before.threshold) if before is not None and before.threshold is not None else ()
    closed = before is not None and before.kind == "below"
    if row.threshold is None:
        if not low:
            return desk.plain("scale.all")
        return desk.plain("scale.from" if closed else "scale.above", low=low)
    kind = "below" if row.kind == "below" else "up_to"
    threshold = desk.value(row.threshold)
    if not low:
        return desk.plain(f"scale.{kind}", threshold=threshold)
    return desk.plain(f"scale.{'from' if closed else 'above'}_{kind}", low=low, threshold=threshold)


def criteria(desk: Desk, entry: Entry, node: tree.Criteria) -> Iterator[Block]:
    """The grounds on which members are compared."""
    weighted = node.kind == "by weight"
    none, whole = ((Span(numbers.figure(Quantity(each, RATIO)), "figure"),) for each in (NONE, WHOLE))
    lines = [
        desk.say("criteria.weight" if weighted else "criteria.order"),
        desk.say("criteria.score", none=none, whole=whole),
    ]
    if any(row.least is not None for row in node.rows):
        lines.append(desk.say("criteria.least"))
    yield Paragraph(words.sentences(lines))
    rows = []
    for row in node.rows:
        title = names.placed(criterion_line(row), names.criterion_anchor(row))
        least = desk.value(row.least) if row.least is not None else ()
        weight = desk.value(row.weight) if row.weight is not None else ()
        rows.append((title, weight, desk.value(row.measure, RUN), desk.value(row.worst), desk.value(row.best), least))
    heads = ("col.criterion", "col.weight", "col.measure", "col.worst", "col.best", "col.least")
    yield trimmed(table(head("table.criteria", of=names.name(entry)), [(each, False) for each in heads], rows))
    notes = [
        words.text("colon", name=criterion_line(row), value=words.sentences(said))
        for row in node.rows
        if (said := desk.notes(row, row.notes))
    ]
    if node.similar is not None:
        similar = desk.say("criteria.similar", within=desk.value(node.similar.expr))
        notes.append(desk.noted(similar, node.similar, node.similar.notes))
    if node.informed is not None:
        terms = {"by": desk.value(node.informed.by, RUN), "weight": desk.value(node.informed.weight)}
        notes.append(desk.noted(desk.say("criteria.informed", **terms), node.informed, node.informed.notes))
    if notes:
        yield Bullets(tuple(notes))
