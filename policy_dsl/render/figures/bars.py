"""Rows with bars: the names stand in one column, and beside it panels, each with a scale of its own."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from policy_dsl.records import dataclass
from policy_dsl.render.figures.canvas import (
    FAINT,
    INK,
    LINE,
    QUIET,
    SIZE,
    WIDTH,
    Canvas,
    Number,
    in_lines,
    measured,
    shortened,
    wrapped,
)

MOST = 50
"""As many rows fit on a page of A4."""
NAMES = 212
GAP = 16
EDGE = 2
BEYOND = 3
"""Limits further out than so many times the longest bar are not drawn: the bars would be too short to compare."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from one amount to another: solid, light, hollow or hatched."""

    start: Fraction
    end: Fraction
    style: str = "solid"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at an amount: a ceiling, a floor, or a stroke."""

    at: Fraction
    kind: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A column of bars. `values` are printed beside them, in a column of their own; `line` is an amount for all rows.

    Rows of a `ruler` of their own are drawn to the scale of their group: it holds the number of each row's group.
    """

    title: str
    bars: tuple[tuple[Bar, ...], ...]
    marks: tuple[tuple[Mark, ...], ...] = ()
    values: tuple[str, ...] = ()
    line: Fraction | None = None
    part: int = 1
    ruler: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: the style of a bar, the kind of a mark, or "line", and what it means."""

    style: str
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """From amounts to places: `low` is at the beginning of the room."""

    low: Fraction
    high: Fraction
    left: Fraction
    room: Fraction

    def place(self, amount: Fraction) -> Fraction:
        """The place of an amount."""
        return self.left + (amount - self.low) * self.room / (self.high - self.low)

    def holds(self, amount: Fraction) -> bool:
        """Whether the place is in the room."""
        return self.low <= amount <= self.high


def draw(
    names: Sequence[str], panels: Sequence[Panel], legend: Sequence[Key], mirrored: bool, heads: Sequence[bool] = ()
) -> tuple[str, int, bool]:
    """The picture, its height, and whether a mark lies beyond its scale. Rows that are `heads` have a strong name."""
    canvas = Canvas(mirrored)
    strong = heads or [False] * len(names)
    size = SIZE if len(names) <= 40 else Fraction(10)
    high = Fraction(20 if len(names) <= 30 else 18 if len(names) <= 40 else 14)
    wide = [measured(name, size, bold) for name, bold in zip(names, strong, strict=True)]
    column = min(max(wide), Fraction(NAMES))
    places = _places(column + 8, panels, size)
    titles = [wrapped(panel.title, room, SIZE, 4) for panel, (_, room, _) in zip(panels, places, strict=True)]
    top = max(map(len, titles)) * SIZE * LINE + 6
    for lines, (at, _, _) in zip(titles, places, strict=True):
        for number, line in enumerate(lines):
            canvas.text(at, top - 8 - (len(lines) - 1 - number) * SIZE * LINE, line, colour=QUIET)
    bottom = top + high * len(names)
    for number, name in enumerate(names):
        base = top + high * number + high / 2 + size * Fraction(35, 100)
        canvas.text(EDGE, base, shortened(name, column, size, strong[number]), size=size, strong=strong[number])
    beyond = False
    for panel, (at, room, values) in zip(panels, places, strict=True):
        beyond |= _panel(canvas, panel, at, room - values, at + room, (top, high, size))
    end = legend_of(canvas, legend, bottom + 6)
    return canvas.svg(end), int(end), beyond


def _places(left: Fraction, panels: Sequence[Panel], size: Fraction) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Where each panel begins, how wide it is, and how much of that the column of its values takes."""
    parts = sum(panel.part for panel in panels)
    values = [max((measured(each, size) for each in panel.values), default=Fraction(0)) for panel in panels]
    values = [each + 8 if each else each for each in values]
    spare = WIDTH - EDGE - left - GAP * (len(panels) - 1) - sum(values)
    found, at = [], left
    for panel, taken in zip(panels, values, strict=True):
        room = spare * panel.part / parts + taken
        found.append((at, room, taken))
        at += room + GAP
    return found


def _panel(
    canvas: Canvas, panel: Panel, left: Fraction, room: Fraction, edge: Fraction, rows: tuple[Fraction, ...]
) -> bool:
    """One panel: its scale, bars, marks and values. Tells whether a mark lies beyond its scale."""
    top, high, size = rows
    groups = panel.ruler or (0,) * len(panel.bars)
    scales = {
        group: _scale(panel, [n for n, each in enumerate(groups) if each == group], left, room)
        for group in dict.fromkeys(groups)
    }
    beyond = False
    for number, bars in enumerate(panel.bars):
        scale, begin = scales[groups[number]], top + high * number
        marks = panel.marks[number] if panel.marks else ()
        if bars:
            zero = scale.place(Fraction(0))
            canvas.line([(zero, begin), (zero, begin + high)], INK)
        for bar in bars:
            start, end = scale.place(bar.start), scale.place(bar.end)
            canvas.bar(start, begin + high / 5, end - start, high * 3 / 5, bar.style)
        for mark in marks:
            if not scale.holds(mark.at):
                beyond = True
            elif mark.kind == "stroke":
                canvas.line([(scale.place(mark.at), begin + 2), (scale.place(mark.at), begin + high - 2)], wide="1.8")
            else:
                canvas.bracket(scale.place(mark.at), begin + 2, begin + high - 2, mark.kind == "floor")
        if panel.values and panel.values[number]:
            base = begin + high / 2 + size * Fraction(35, 100)
            canvas.text(edge, base, panel.values[number], "end", size=size)
    if panel.line is not None and panel.bars:
        at = scales[groups[0]].place(panel.line)
        canvas.line([(at, top - 4), (at, top + high * len(panel.bars) + 2)], INK, "1.4", "5 3")
    return beyond


def _scale(panel: Panel, rows: Sequence[int], left: Fraction, room: Fraction) -> Scale:
    """A scale that holds nothing and all bars, and the limits unless they lie far beyond."""
    ends = [each for n in rows for bar in panel.bars[n] for each in (bar.start, bar.end)]
    ends += [Fraction(0)] + ([panel.line] if panel.line is not None else [])
    ends += [mark.at for n in rows if panel.marks for mark in panel.marks[n] if mark.kind == "stroke"]
    low, high = min(ends), max(ends)
    limits = [mark.at for n in rows if panel.marks for mark in panel.marks[n]]
    limits = [each for each in limits if each <= high * BEYOND]
    high = max([high, *limits])
    if low == high:
        high = low + 1
    # A bracket at the very edge has its feet inside; a floor at nothing has them outside.
    return Scale(low, high, left + 1, room - 5)


def legend_of(canvas: Canvas, legend: Sequence[Key], top: Fraction) -> Fraction:
    """The entries beside each other, in as many lines as they take. Gives the place below them."""
    if not legend:
        return top
    words = [shortened(key.text, WIDTH - 40) for key in legend]
    widths = [measured(text) + 28 for text in words]
    line: int = 0
    for key, text, (line, at, _) in zip(
        legend, words, in_lines(zip(widths, words, strict=True), WIDTH - 2 * EDGE, 14), strict=True
    ):
        middle = top + line * (SIZE * LINE + 3) + 9
        swatch(canvas, key.style, at + EDGE, middle)
        canvas.text(at + EDGE + 26, middle + SIZE * Fraction(35, 100), text, colour=QUIET)
    return Fraction(int(top + (line + 1) * (SIZE * LINE + 3) + 5))


def swatch(canvas: Canvas, style: str, left: Number, middle: Fraction) -> None:
    """A sample of a style, 20 units wide."""
    match style:
        case "ceiling" | "floor":
            canvas.bracket(left + 10, middle - 6, middle + 6, style == "floor")
        case "stroke":
            canvas.line([(left + 10, middle - 6), (left + 10, middle + 6)], wide="1.8")
        case "line":
            canvas.line([(left, middle), (left + 20, middle)], INK, "1.4", "5 3")
        case "dot":
            canvas.dot(left + 10, middle, 4)
        case "coming":
            canvas.dot(left + 10, middle, 4, "#ffffff")
        case "cross":
            canvas.cross(left + 10, middle, 4)
        case "guide":
            canvas.line([(left, middle), (left + 20, middle)], FAINT)
        case _:
            canvas.bar(left, middle - 5, 20, 10, style)
