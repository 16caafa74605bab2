"""What weighs most: the figures that were moved one by one, by what they do to the shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from policy_dsl.explain.argument import Given, Who
from policy_dsl.plan import Output
from policy_dsl.render import words
from policy_dsl.render.document import Block, Cell, Column, Figure, Line, Paragraph, Row, Section, Span, Table
from policy_dsl.render.figures.canvas import WIDTH
from policy_dsl.render.sections.decisive import figure_name
from policy_dsl.render.sweeping import plots
from policy_dsl.render.sweeping.say import DASH, cell, count, figure, figure_text, of, say, unit_head
from policy_dsl.render.sweeping.sharing import Names, anchor, head_of
from policy_dsl.render.tables import upright
from policy_dsl.sweep.tornado import Amounts, Swing, Tornado
from policy_dsl.values import RATIO

MOST = 20
"""So many figures are shown, those that weigh most; the data have all."""
AFFECTED = 2
"""So many members are named at each end, those whose shares change most."""


def weighing(tornado: Tornado, names: Names, member: str = "") -> Section:
    """The section; with a member also what the figures do to its shares."""
    blocks: list[Block] = [Paragraph(say("tornado.note", case=Given(tornado.case)))]
    some = False
    for share in tornado.shares:
        ranked = tornado.sorted(share.name)
        if ranked:
            some = True
            blocks += _of_share(tornado, share, ranked, names)
        if member in tornado.members and (own := tornado.sorted(share.name, member)):
            blocks += [
                _of_member(tornado, share, own[:MOST], member, names),
                _member_table(tornado, share, own, member),
            ]
    if not some:
        blocks.append(Paragraph(say("tornado.none")))
    if tornado.fixed:
        figures = words.listed([figure_name(each) for each in tornado.fixed])
        blocks.append(Paragraph(say("tornado.fixed", figures=figures)))
    return Section(say("tornado"), tuple(blocks), "what-weighs")


def _of_share(tornado: Tornado, share: Output, ranked: Sequence[Swing], names: Names) -> Iterator[Block]:
    shown = ranked[:MOST]
    yield _figure(tornado, share, shown, names)
    yield _table(tornado, share, shown)
    told = []
    if len(ranked) > len(shown):
        told.append(say("tornado.first", count=count(len(shown)), all=count(len(ranked))))
    idle = len(tornado.swings) - len(ranked)
    if idle:
        told.append(say("tornado.idle", count=count(idle)))
    if told:
        yield Paragraph(words.sentences(told))


def _figure(tornado: Tornado, share: Output, shown: Sequence[Swing], names: Names) -> Figure:
    unit = share.unit
    rows = [plots.Pair(_name(each, names), _ends(each), *tornado.moved(each, share.name)) for each in shown]
    legend = [("hatched", words.flat(say("legend.low"))), ("solid", words.flat(say("legend.high")))]
    picture, height = plots.to_both_sides(rows, head_of(unit), legend, percent=unit == RATIO)
    low, high = (_told(end, share) for end in tornado.moved(shown[0], share.name))
    extremes = say("tornado.words.more", name=figure_name(shown[0].moving.figure), low=low, high=high)
    return Figure(
        say("tornado.figure", unit=(Span(head_of(unit)),), **of(share)),
        "tornado",
        picture,
        WIDTH,
        height,
        say("tornado.words", extremes=extremes),
        (),
        anchor("figure-tornado", share),
    )


def _of_member(tornado: Tornado, share: Output, shown: Sequence[Swing], member: str, names: Names) -> Figure:
    unit = share.unit
    base = tornado.base[share.name][tornado.members.index(member)]
    rows = [plots.Pair(_name(each, names), _ends(each), *tornado.of(each, share.name, member)) for each in shown]
    legend = [(style, words.flat(say(f"legend.{key}"))) for style, key in _STYLES]
    picture, height = plots.from_base(rows, base or Fraction(0), head_of(unit), legend, percent=unit == RATIO)
    low, high = (_told(end, share) for end in tornado.of(shown[0], share.name, member))
    name = figure_name(shown[0].moving.figure)
    extremes = say("tornado.member.more", name=name, low=low, high=high, now=_told(base, share))
    return Figure(
        say("tornado.member", unit=(Span(head_of(unit)),), member=Who(member), **of(share)),
        "tornado",
        picture,
        WIDTH,
        height,
        say("tornado.member.words", member=Who(member), extremes=extremes),
        (),
        anchor(f"figure-tornado-{member}", share),
    )


_STYLES = (("hatched", "low"), ("solid", "high"), ("base", "base"))


def _table(tornado: Tornado, share: Output, shown: Sequence[Swing]) -> Table:
    keys = ("figure", "article", "moved", "at low", "at high", "affected")
    plain = ("figure", "article", "moved", "affected")
    columns = tuple(Column(say(f"col.{each}"), head=each == "figure", figures=each not in plain) for each in keys)
    rows = []
    for each in shown:
        moved = tornado.moved(each, share.name)
        moves = [Cell(say("unknown")) if end is None else cell(end, share.unit) for end in moved]
        rows.append(Row((*_named(each), *moves, Cell(_affected(tornado, share, each)))))
    return Table(upright(say("tornado.table", unit=unit_head(share.unit), **of(share))), columns, tuple(rows))


def _member_table(tornado: Tornado, share: Output, ranked: Sequence[Swing], member: str) -> Table:
    keys = ("figure", "article", "moved", "at low", "now", "at high")
    columns = tuple(Column(say(f"col.{each}"), head=each == "figure", figures=each in keys[3:]) for each in keys)
    base = tornado.base[share.name][tornado.members.index(member)]
    rows = []
    for each in ranked[:MOST]:
        low, high = tornado.of(each, share.name, member)
        ends = [Cell(say("unknown")) if end is None else cell(end, share.unit) for end in (low, base, high)]
        rows.append(Row((*_named(each), *ends)))
    caption = say("tornado.member.table", unit=unit_head(share.unit), member=Who(member), **of(share))
    return Table(upright(caption), columns, tuple(rows))


def _named(swing: Swing) -> tuple[Cell, Cell, Cell]:
    """What a figure is called, its article, and how it was moved."""
    figure_ = swing.moving.figure
    at = figure_.entry.address
    place = Cell(words.spans(at)) if at is not None else Cell((Span(DASH),))
    return Cell(upright(figure_name(figure_))), place, Cell(_way(swing))


def _way(swing: Swing) -> Line:
    """From what a figure is to its ends."""
    moving = swing.moving
    unit, at = moving.figure.value.unit, moving.figure.value.amount
    now, low, high = ((Span(figure_text(each, unit), "figure"),) for each in (at, moving.low, moving.high))
    key = "moved.up" if moving.low == at else "moved.down" if moving.high == at else "moved"
    return say(key, now=now, low=low, high=high, unit=() if unit == RATIO else unit_head(unit))


def _affected(tornado: Tornado, share: Output, swing: Swing) -> Line:
    """Whose share changes most at each end."""
    said = []
    for key, ends in (("low", swing.low), ("high", swing.high)):
        most = _most_changed(tornado, tornado.base[share.name], ends[share.name]) if share.name in ends else []
        if most:
            told = [
                say("affected", member=Who(member), by=(Span(figure_text(by, share.unit, sign=True), "figure"),))
                for member, by in most
            ]
            said.append(say(f"affected.{key}", changes=_joined(told, "comma")))
    return _joined(said, "semicolon") or (Span(DASH),)


def _most_changed(tornado: Tornado, base: Amounts, ends: Amounts) -> list[tuple[str, Fraction]]:
    changes = [
        (member, after - before)
        for member, before, after in zip(tornado.members, base, ends, strict=True)
        if before is not None and after is not None and after != before
    ]
    return sorted(changes, key=lambda each: (-abs(each[1]), each[0]))[:AFFECTED]


def _joined(parts: Sequence[Line], comma: str) -> Line:
    made: list[Span] = []
    for number, each in enumerate(parts):
        made += [*(say(comma) if number else ()), *each]
    return tuple(made)


def _told(amount: Fraction | None, share: Output) -> Line:
    return say("unknown") if amount is None else figure(amount, share.unit)


def _name(swing: Swing, names: Names) -> str:
    """What a figure is called beside its bars; members by their names."""
    line = figure_name(swing.moving.figure)
    return "".join(names(span.text) if span.kind == "member" else span.text for span in line)


def _ends(swing: Swing) -> str:
    """Between which ends a figure was moved: a ratio by what it is, another by its change."""
    moving = swing.moving
    unit, now = moving.figure.value.unit, moving.figure.value.amount
    if unit == RATIO or not now:
        low, high = (figure(each, unit) for each in (moving.low, moving.high))
    else:
        changes = ((each - now) / abs(now) for each in (moving.low, moving.high))
        low, high = (figure(each, RATIO, sign=True) for each in changes)
    return words.flat(say("ends", low=low, high=high))
