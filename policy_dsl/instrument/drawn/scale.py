"""A scale as a chart of steps: along it the base, and above each band how much its row gives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from policy_dsl.explain.argument import Term
from policy_dsl.instrument import names
from policy_dsl.instrument.phrases import constant
from policy_dsl.instrument.texts import HEADS
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Drawn, Figure, Line, Span
from policy_dsl.render.figures.bars import Bar, Panel, draw
from policy_dsl.render.figures.canvas import FAINT, INK, QUIET, SOLID, WIDTH, Canvas, measured, shortened
from policy_dsl.render.figures.shares import mirrored
from policy_dsl.render.tables import head as headed
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity

if TYPE_CHECKING:
    from policy_dsl.instrument.told.desk import Desk

MOST = 8
"""As many bands stand beside each other; more of them are drawn as rows of bars."""
TOP, HIGH, SIDE = Fraction(30), Fraction(170), Fraction(14)
NARROWEST = Fraction(1, 12)
"""If a band would be a smaller part of the picture, all are drawn equally wide."""


def scale_chart(desk: Desk, entry: Entry, node: tree.Scale, brackets: Sequence[str]) -> Figure | None:
    """The chart; none where a figure of the scale turns on the case. `brackets` tell the rows in words."""
    values = [constant(desk.program, row.value) for row in node.rows]
    ends = [constant(desk.program, row.threshold) for row in node.rows if row.threshold is not None]
    known, reached = [each for each in values if each is not None], [each for each in ends if each is not None]
    if len(known) != len(values) or len(reached) != len(ends) or len(known) < 2:
        return None
    if any(each.amount < 0 for each in known) or not any(each.amount for each in known):
        return None
    unit = known[0].unit
    texts = [words.flat(words.value_of(each)) for each in known]
    if len(known) > MOST or any(measured(each) > (WIDTH - 2 * SIDE) / len(known) - 6 for each in texts):
        title = words.flat(headed(_said("col.rate" if node.kind == "marginal" else "col.value"), unit))
        rows = tuple((Bar(Fraction(0), each.amount),) for each in known)
        picture, height, _ = draw(list(brackets), (Panel(title, rows, (), tuple(texts)),), (), mirrored())
        even = False
    else:
        picture, height, even = _steps(reached, known, texts)
    notes: tuple[Line, ...] = (_said("figure.scale.even"),) if even else ()
    drawn = tuple(
        Drawn(bracket, "band", each.amount * (100 if unit == RATIO else 1))
        for bracket, each in zip(brackets, known, strict=True)
    )
    told = [_said("figure.scale.words")]
    told += [
        words.opened(_said("figure.scale.one", bracket=(Span(bracket),), value=each))
        for bracket, each in zip(brackets, known, strict=True)
    ]
    return Figure(
        _said("figure.scale", of=names.name(entry)),
        "scale",
        picture,
        WIDTH,
        height,
        words.sentences(told),
        drawn,
        f"figure-scale-{entry.name.replace('_', '-')}",
        notes,
    )


def _said(key: str, /, **terms: Term | Line) -> Line:
    return words.fill(HEADS[key], terms)


def _steps(ends: Sequence[Quantity], values: Sequence[Quantity], texts: Sequence[str]) -> tuple[str, int, bool]:
    """The picture, its height, and whether the bands are drawn equally wide and not to scale."""
    canvas = Canvas(mirrored())
    room = WIDTH - 2 * SIDE
    edges, even = _edges([each.amount for each in ends], room)
    greatest = max(each.amount for each in values)
    base = TOP + HIGH
    last: Fraction | None = None
    for left, right, value, text in zip(edges, edges[1:], values, texts, strict=False):
        high = value.amount * HIGH / greatest
        if high:
            canvas.bar(left, base - high, right - left, high, "light")
        if last is not None:
            canvas.line([(left, base - last), (left, base - high)], SOLID, "1.8")
        canvas.line([(left, base - high), (right, base - high)], SOLID, "1.8")
        canvas.text((left + right) / 2, base - high - 6, text, "middle")
        last = high
    canvas.line([(SIDE, base), (WIDTH - SIDE, base)], INK)
    for edge, end in zip(edges[1:], ends, strict=False):
        canvas.line([(edge, TOP), (edge, base + 4)], FAINT, "0.8")
        room_here = min(edge - SIDE + SIDE, WIDTH - edge) * 2
        words_here = shortened(numbers.figure(end, unit=False), room_here)
        canvas.text(edge, base + 17, words_here, "middle", colour=QUIET)
    unit = numbers.unit_head(ends[0].unit) if ends else ""
    canvas.text(WIDTH - SIDE, base + 33, shortened(unit, room), "end", colour=QUIET)
    return canvas.svg(int(base + 42)), int(base + 42), even


def _edges(ends: Sequence[Fraction], room: Fraction) -> tuple[list[Fraction], bool]:
    """Where bands begin and end, and whether they are drawn equally wide. The last is open, as wide as a mean one."""
    bands = len(ends) + 1
    low = min(Fraction(0), *ends)
    span = ends[-1] - low
    widths = [after - before for before, after in zip([low, *ends], ends, strict=False)]
    labels = [measured(numbers.number(each, 4)) + 8 for each in ends]
    whole = span * Fraction(bands, bands - 1) if span else Fraction(0)
    scaled = [each * room / whole for each in widths] if whole else []
    fits = bool(scaled) and all(
        each >= room * NARROWEST and each >= label for each, label in zip(scaled, labels, strict=True)
    )
    if not fits:
        scaled = [room / bands] * len(ends)
    edges = [SIDE]
    for each in scaled:
        edges.append(edges[-1] + each)
    return [*edges, SIDE + room], not fits
