"""Two policies against each other over the same cases: who has more and less, who belongs and stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from policy_dsl.explain.argument import Given, Who
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Cell, Column, Figure, Line, Paragraph, Row, Section, Span, Table
from policy_dsl.render.figures.canvas import WIDTH
from policy_dsl.render.sweeping import plots
from policy_dsl.render.sweeping.say import cases, count, counted, figure, of, part, part_text, say, unit_head
from policy_dsl.render.sweeping.sharing import Names, anchor, box_of, distribution_cells, head_of, heads, legend
from policy_dsl.render.tables import upright
from policy_dsl.sweep.summary_found import Apart, Compared, Gap, Turned
from policy_dsl.values import RATIO

NONE = Fraction(0)


def against(compared: Compared, old: str, new: str, names: Names) -> Section:
    """The section; `old` and `new` are what the policies are called."""
    blocks: list[Block] = []
    if not compared.cases:
        blocks.append(Paragraph(say("against.none")))
    else:
        note = say("against.note", old=Given(old), new=Given(new), cases=cases(compared.cases))
        differ = say("against.differ", cases=cases(compared.differ), part=part(compared.differ, compared.cases))
        blocks.append(Paragraph(words.sentences([note, differ if compared.differ else say("against.same")])))
        for each in compared.shares:
            if any(gap.more or gap.less for gap in each.rows.values()):
                blocks += _apart(each, new, names)
        if compared.farthest:
            unit = compared.shares[0].new.unit
            told = [say("farthest.case", name=Given(name), amount=figure(by, unit)) for name, by in compared.farthest]
            blocks.append(Paragraph(say("farthest", cases=words.listed(told), **of(compared.shares[0].new))))
        blocks += _turned(compared)
    if compared.alone:
        blocks.append(Paragraph(say("alone", names=words.listed([(Span(each, "given"),) for each in compared.alone]))))
    return Section(say("against", old=Given(old)), tuple(blocks), "against")


def _apart(apart: Apart, new: str, names: Names) -> Iterator[Block]:
    unit, moved = apart.new.unit, apart.moved
    if moved.median is not None and moved.most is not None:
        median = figure(moved.median, unit, moved.near[2])
        yield Paragraph(say("against.moved", median=median, most=figure(moved.most, unit)))
    known = {member: gap for member, gap in apart.rows.items() if gap.by.levels}
    if known:
        yield _boxes(apart, known, new, names)
        yield _table(apart)
        yield _often(apart, known, names)
        yield _often_table(apart)


def _order(rows: Mapping[str, Gap]) -> list[str]:
    return sorted(rows, key=lambda each: (-(rows[each].by.mean or 0), each))


def _boxes(apart: Apart, rows: Mapping[str, Gap], new: str, names: Names) -> Figure:
    unit = apart.new.unit
    order = [each for each in _order(rows) if rows[each].more or rows[each].less]
    shown = order[: plots.MOST]
    title = head_of(unit)
    drawn = [box_of(rows[each].by) for each in shown]
    picture, height = plots.boxes(
        [names(each) for each in shown], drawn, title, legend(), signed=True, percent=unit == RATIO
    )
    top = max(order, key=lambda each: abs(rows[each].by.mean or NONE))
    mean = figure(rows[top].by.mean or rows[top].by.levels[2], unit, sign=True)
    extremes = say("against.box.more", member=Who(top), mean=mean)
    notes = (say("box.largest", count=count(len(shown))),) if len(shown) < len(order) else ()
    return Figure(
        say("against.box", unit=unit_head(unit), **of(apart.new)),
        "box",
        picture,
        WIDTH,
        height,
        say("against.box.words", cases=cases(rows[top].by.cases), new=Given(new), extremes=extremes),
        (),
        anchor("figure-against", apart.new),
        notes,
    )


def _table(apart: Apart) -> Table:
    unit = apart.new.unit
    lacking = any(gap.by.unknown for gap in apart.rows.values())
    columns = (Column(say("col.member"), head=True), *heads(lacking))
    rows = [
        Row((Cell((Span(member, "member"),)), *distribution_cells(gap.by, unit, lacking, sign=True)))
        for member, gap in apart.rows.items()
    ]
    return Table(upright(say("against.table", unit=unit_head(unit), **of(apart.new))), columns, tuple(rows))


def _often_table(apart: Apart) -> Table:
    more = (Column(say(f"col.{each}"), figures=True) for each in ("more", "less", "same"))
    rows = [
        Row(
            (
                Cell((Span(member, "member"),)),
                *(counted(number, gap.by.cases) for number in (gap.more, gap.less, gap.same)),
            )
        )
        for member, gap in apart.rows.items()
    ]
    columns = (Column(say("col.member"), head=True), *more)
    return Table(upright(say("against.often.table", **of(apart.new))), columns, tuple(rows))


def _often(apart: Apart, rows: Mapping[str, Gap], names: Names) -> Figure:
    order = [each for each in _order(rows) if rows[each].more or rows[each].less][: plots.MOST]
    states = [
        ("more", {each: rows[each].more for each in order}),
        ("less", {each: rows[each].less for each in order}),
        ("same", {each: rows[each].same for each in order}),
    ]
    drawn = [
        (words.flat(say(f"col.{name}")), [_drawn(counts[each], rows[each].by.cases) for each in order])
        for name, counts in states
    ]
    picture, height = plots.often([names(each) for each in order], drawn, words.flat(words.opened(say("axis.cases"))))
    told = []
    for name, counts in states[:2]:
        top = max(order, key=counts.__getitem__)
        if counts[top]:
            which = part(counts[top], rows[top].by.cases)
            told.append(say(f"against.{name}.most", member=Who(top), part=which))
    return Figure(
        say("against.often", **of(apart.new)),
        "often",
        picture,
        WIDTH,
        height,
        say("against.often.words", extremes=words.sentences(told)),
        (),
        anchor("figure-more", apart.new),
    )


def _drawn(number: int, whole: int) -> tuple[Fraction, str]:
    return Fraction(number, whole), part_text(number, whole) if number else ""


def _turned(compared: Compared) -> Iterator[Block]:
    some = [each for each in compared.turned if each.cases]
    if compared.turned and not some:
        yield Paragraph(say("turned.none"))
    if not some:
        return
    yield Bullets(tuple(_first(each, compared.cases) for each in some))
    for at in range(0, len(some), 5):
        yield _turned_table(some[at : at + 5], compared.cases)


def _first(turned: Turned, whole: int) -> Line:
    return say(
        f"turned.{turned.new.aspect}.first",
        cases=cases(turned.cases),
        part=part(turned.cases, whole),
        names=words.listed([(Span(each, "given"),) for each in turned.first]),
        **of(turned.new),
    )


def _what(turned: Turned) -> Line:
    return say(f"turned.{turned.new.aspect}", **of(turned.new))


def _turned_table(turned: Sequence[Turned], whole: int) -> Table:
    members = sorted({member for each in turned for member in each.rows})
    columns = [Column(words.opened(upright(_what(each))), figures=True) for each in turned]
    rows = [
        Row((Cell((Span(member, "member"),)), *(counted(each.rows.get(member, 0), whole) for each in turned)))
        for member in members
    ]
    return Table(say("turned"), (Column(say("col.member"), head=True), *columns), tuple(rows))
