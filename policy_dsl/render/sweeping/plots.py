"""The plots of a sweep, drawn on the sheet of the other figures: boxes, how often, bars to both sides."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from policy_dsl.explain.argument import Given
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.figures.bars import EDGE, GAP, NAMES
from policy_dsl.render.figures.canvas import (
    FAINT,
    INK,
    LINE,
    QUIET,
    SIZE,
    WIDTH,
    Canvas,
    in_lines,
    measured,
    shortened,
    wrapped,
)
from policy_dsl.render.sweeping.axis import SMALL, Axis, axis
from policy_dsl.render.sweeping.say import say

MOST = 60
"""As many rows are drawn; the tables have all."""
NONE = Fraction(0)
_BASE = Fraction(35, 100)


@dataclass(frozen=True, slots=True)
class Box:
    """A distribution as it is drawn, in the units of the axis: the ends, the percentiles, the mean."""

    least: Fraction
    low: Fraction
    first: Fraction
    median: Fraction
    third: Fraction
    high: Fraction
    most: Fraction
    mean: Fraction


@dataclass(frozen=True, slots=True)
class Pair:
    """What a figure does at its low and at its high end; None where it is not determined."""

    name: str
    ends: str
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """How rows lie on a sheet: the size of the type, the height of a row, the width of the names, where bars begin."""

    size: Fraction
    high: Fraction
    column: Fraction

    @property
    def left(self) -> Fraction:
        """Where the first scale begins."""
        return EDGE + self.column + 12

    def base(self, top: Fraction) -> Fraction:
        """The base line of the text of a row."""
        return top + self.high / 2 + self.size * _BASE


def boxes(names: Sequence[str], rows: Sequence[Box | None], title: str, legend: Sequence[tuple[str, str]], *,
          signed: bool = False, percent: bool = False) -> tuple[str, int]:  # fmt: skip
    """A box in each row: a thin line from least to greatest, a thick one for nine cases in ten, a box for the half.

    Gives the picture and its height.
    """
    canvas, sheet = Canvas(), _sheet(names)
    ends = [each for row in rows if row is not None for each in (row.least, row.most)]
    if signed:
        ends.append(NONE)
    scale = axis(ends, sheet.left, WIDTH - sheet.left - 14, percent=percent, signed=signed)
    top = _title(canvas, title, scale)
    bottom = top + sheet.high * len(names) + 2
    scale.draw(canvas, top, bottom, base=NONE)
    for number, (name, row) in enumerate(zip(names, rows, strict=True)):
        begin = top + sheet.high * number
        canvas.text(EDGE, sheet.base(begin), shortened(name, sheet.column, sheet.size), size=sheet.size)
        if row is not None:
            _box(canvas, scale, row, begin, sheet.high)
    end = _legend(canvas, legend, bottom + 22)
    return canvas.svg(end), int(end)


def _box(canvas: Canvas, scale: Axis, row: Box, top: Fraction, high: Fraction) -> None:
    middle, at = top + high / 2, scale.place
    canvas.line([(at(row.least), middle), (at(row.most), middle)], QUIET, "1")
    for end in (row.least, row.most):
        canvas.line([(at(end), middle - high / 8), (at(end), middle + high / 8)], QUIET, "1")
    canvas.line([(at(row.low), middle), (at(row.high), middle)], QUIET, "3")
    canvas.bar(at(row.first), middle - high * 3 / 10, at(row.third) - at(row.first), high * 3 / 5, "light")
    canvas.line([(at(row.median), middle - high * 2 / 5), (at(row.median), middle + high * 2 / 5)], INK, "2")
    canvas.dot(at(row.mean), middle, high / 9 if high < 18 else 2, "#ffffff")


def often(
    names: Sequence[str], columns: Sequence[tuple[str, Sequence[tuple[Fraction | None, str]]]], title: str
) -> tuple[str, int]:
    """Bars for the parts of the cases, all columns on scales from none to all; each part with its text."""
    canvas, sheet = Canvas(), _sheet(names)
    spare = WIDTH - EDGE - sheet.left - GAP * (len(columns) - 1)
    room = spare / len(columns)
    texts = max((measured(text, SMALL) for _, parts in columns for _, text in parts), default=NONE) + 6
    texts = texts if texts * 2 < room else NONE
    heads = [wrapped(head, room, SIZE, 3) for head, _ in columns]
    lines = max(map(len, heads))
    top = _title(canvas, title, Axis(NONE, NONE, sheet.left, spare)) + lines * SIZE * LINE
    bottom = top + sheet.high * len(names) + 2
    for number, name in enumerate(names):
        base = sheet.base(top + sheet.high * number)
        canvas.text(EDGE, base, shortened(name, sheet.column, sheet.size), size=sheet.size)
    for place, ((_, parts), head) in enumerate(zip(columns, heads, strict=True)):
        left = sheet.left + place * (room + GAP)
        for number, line in enumerate(head):
            canvas.text(left, top - 6 - (len(head) - 1 - number) * SIZE * LINE, line, colour=QUIET)
        wide = room - texts
        for edge in (left, left + wide):
            canvas.line([(edge, top), (edge, bottom)], FAINT, "0.8")
        for number, (part, text) in enumerate(parts):
            begin = top + sheet.high * number
            if part:
                canvas.bar(left, begin + sheet.high / 5, wide * part, sheet.high * 3 / 5)
            if texts and text:
                canvas.text(left + room, sheet.base(begin), text, "end", size=SMALL)
    end = Fraction(int(bottom + 8))
    return canvas.svg(end), int(end)


def to_both_sides(rows: Sequence[Pair], title: str, legend: Sequence[tuple[str, str]], *,
                  percent: bool = False) -> tuple[str, int]:  # fmt: skip
    """Amounts to the left for low ends and to the right for high ends, both counted from nothing."""
    mirrored = [Pair(each.name, each.ends, None if each.low is None else -each.low, each.high) for each in rows]
    ends = [end for each in mirrored for end in (each.low, each.high) if end is not None]
    return _pairs(mirrored, [*ends, NONE], NONE, title, legend, percent=percent, mirror=True)


def from_base(rows: Sequence[Pair], base: Fraction, title: str, legend: Sequence[tuple[str, str]], *,
              percent: bool = False) -> tuple[str, int]:  # fmt: skip
    """Bars from an amount as it is to what it is at the ends."""
    ends = [end for each in rows for end in (each.low, each.high) if end is not None]
    return _pairs(rows, [*ends, base], base, title, legend, percent=percent, mirror=False)


def _pairs(rows: Sequence[Pair], ends: Sequence[Fraction], base: Fraction, title: str,
           legend: Sequence[tuple[str, str]], *, percent: bool, mirror: bool) -> tuple[str, int]:  # fmt: skip
    canvas, high, column = Canvas(), Fraction(31), Fraction(250)
    widest = max([measured(each.name) for each in rows] + [measured(each.ends, SMALL) for each in rows])
    column = min(widest, column)
    left = EDGE + column + 14
    # Changes are compared here, not amounts: the scale holds no more than them.
    scale = axis(ends, left, WIDTH - left - 16, percent=percent, mirror=mirror, zero=mirror)
    top = _title(canvas, title, scale)
    bottom = top + high * len(rows) + 2
    scale.draw(canvas, top, bottom, base=base)
    for number, each in enumerate(rows):
        begin = top + high * number
        canvas.text(EDGE, begin + 13, shortened(each.name, column))
        canvas.text(EDGE, begin + 26, shortened(each.ends, column, SMALL), size=SMALL, colour=QUIET)
        if each.low is None or each.high is None:
            _undetermined(canvas, scale, each, base, begin + 18)
        for end, style, shift in ((each.low, "hatched", 0), (each.high, "solid", 1)):
            if end is None or end == base:
                continue
            # Bars to the same side stand below each other.
            thick = Fraction(16) if mirror or _apart(each, base) else Fraction(9)
            down = NONE if thick == 16 else Fraction(shift * 10)
            begin_at, end_at = sorted((scale.place(base), scale.place(end)))
            canvas.bar(begin_at, begin + 6 + down, end_at - begin_at, thick, style)
    end = _legend(canvas, legend, bottom + 22)
    return canvas.svg(end), int(end)


def _undetermined(canvas: Canvas, scale: Axis, pair: Pair, base: Fraction, line: Fraction) -> None:
    """Says beside the base, on the side on which no bar is, that what an end gives is not determined."""
    text, at = words.flat(say("unknown")), scale.place(base)
    wide = measured(text, SMALL) + 6
    other = pair.low if pair.high is None else pair.high
    left = other > base if other is not None and other != base else pair.low is None
    if left and at - wide >= scale.left:
        canvas.text(at - 6, line, text, "end", size=SMALL, colour=QUIET)
    elif not left and at + wide <= WIDTH:
        canvas.text(at + 6, line, text, size=SMALL, colour=QUIET)


def _apart(pair: Pair, base: Fraction) -> bool:
    """Whether the two ends lie on different sides of the base."""
    return pair.low is None or pair.high is None or (pair.low - base) * (pair.high - base) <= 0


def _sheet(names: Sequence[str]) -> Sheet:
    size = SIZE if len(names) <= 40 else Fraction(10)
    high = Fraction(22 if len(names) <= 30 else 18 if len(names) <= 40 else 15)
    column = min(max((measured(name, size) for name in names), default=NONE), Fraction(NAMES))
    return Sheet(size, high, column)


def _title(canvas: Canvas, title: str, scale: Axis) -> Fraction:
    """What the scale counts, over it. Gives the place below."""
    if scale.counts:
        title = (
            words.flat(say("axis.counts", title=Given(title), counts=Given(scale.counts))) if title else scale.counts
        )
    lines = wrapped(title, WIDTH - scale.left, SIZE, 2)
    for number, line in enumerate(lines):
        canvas.text(scale.left, 12 + number * SIZE * LINE, line, colour=QUIET)
    return Fraction(int(len(lines) * SIZE * LINE + 8))


def _legend(canvas: Canvas, legend: Sequence[tuple[str, str]], top: Fraction) -> Fraction:
    """Samples with what they mean, in as many lines as they take. Gives the place below them."""
    if not legend:
        return Fraction(int(top))
    widths = [measured(text) + 28 for _, text in legend]
    line: int = 0
    for (style, text), (line, at, _) in zip(
        legend, in_lines(zip(widths, (text for _, text in legend), strict=True), WIDTH - 2 * EDGE, Fraction(14)),
        strict=True,
    ):  # fmt: skip
        middle = top + line * (SIZE * LINE + 3) + 9
        _swatch(canvas, style, Fraction(at + EDGE), middle)
        canvas.text(at + EDGE + 26, middle + SIZE * _BASE, text, colour=QUIET)
    return Fraction(int(top + (line + 1) * (SIZE * LINE + 3) + 6))


def _swatch(canvas: Canvas, style: str, left: Fraction, middle: Fraction) -> None:
    match style:
        case "all":
            canvas.line([(left, middle), (left + 20, middle)], QUIET, "1")
        case "wide":
            canvas.line([(left, middle), (left + 20, middle)], QUIET, "3")
        case "half":
            canvas.bar(left, middle - 5, 20, 10, "light")
        case "median":
            canvas.line([(left + 10, middle - 6), (left + 10, middle + 6)], INK, "2")
        case "mean":
            canvas.dot(left + 10, middle, 2, "#ffffff")
        case "base":
            canvas.line([(left + 10, middle - 6), (left + 10, middle + 6)], INK, "1")
        case _:
            canvas.bar(left, middle - 5, 20, 10, style)
