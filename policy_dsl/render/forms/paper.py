"""How a table fits on a page: the size of its type, the widths of its columns, and whether the page is turned.

A screen finds this out while it draws; paper has to be told. Widths are estimated from the signs of each cell, in
twentieths of a point, with the measure of a serif type that is a little wider than those that the forms use.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from math import isqrt

from policy_dsl.records import dataclass
from policy_dsl.render.document import Line, Section, Table

POINT = 20
MARGIN = 1134
"""The margin of a page at each side, 20 mm."""
INDENT = 480
"""How far the text of a numbered paragraph is set in."""

_SIZES = (
    *((size, False) for size in (180, 170, 160, 150)),
    *((size, True) for size in (170, 160, 150, 140, 130)),
)
_PADDING = 8 * POINT
_LONGEST = 27
_SHORT = 12
_BOLD = 1100
_BREAKS = re.compile(r"[ \u200b]|(?<=[-–/])(?=\w{3})")
_NARROW = frozenset("iljtfrI.,:;'’‘|!()[]-")
_WIDE = frozenset("mwMW%@—…")


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper: how Typst calls it, and its measures, in twentieths of a point."""

    called: str
    width: int
    height: int

    @property
    def upright(self) -> int:
        """How wide what is printed on a page is,"""
        return self.width - 2 * MARGIN

    @property
    def turned(self) -> int:
        """and how wide where the page is turned."""
        return self.height - 2 * MARGIN


A4 = Paper("a4", 11906, 16838)
SIZES = {"a4": A4, "letter": Paper("us-letter", 12240, 15840)}


@dataclass(frozen=True, slots=True)
class Fit:
    """The size of the type and the widths of the columns, in twentieths of a point; `turned` asks for a wide page."""

    size: int
    widths: tuple[int, ...]
    turned: bool


def fitted(table: Table, inside: bool = False, paper: Paper = A4) -> Fit:
    """The largest type in which no word and no figure of the table is wider than its column.

    A table inside a numbered paragraph, or folded away on a screen, stays upright. If nothing else helps, long words
    are broken.
    """
    measures = _measures(table)
    sizes = [each for each in _SIZES if not (inside and each[1])]
    for size, wide in sizes:
        room = paper.turned if wide else paper.upright - INDENT * inside
        least, most, ample = ([_scaled(each, size) for each in measure] for measure in measures)
        widths = tuple(ample) if sum(ample) <= room else _shared(least, most, room)
        if widths:
            return Fit(size, widths, wide)
    return Fit(size, tuple(each * room // sum(least) for each in least), wide)


def stretched(fit: Fit, room: int) -> Fit:
    """The same, but at least as wide as the room."""
    whole = sum(fit.widths)
    return replace(fit, widths=tuple(width * max(room, whole) // whole for width in fit.widths))


def short(table: Table, fit: Fit) -> bool:
    """Whether a table is so low that it need not be broken where a page ends."""
    lines = 0
    for row in table.rows:
        widths = zip((_width(_text(cell.line), _BOLD) for cell in row.cells), fit.widths, strict=True)
        lines += max(1 + _scaled(text, fit.size) // max(width - _PADDING, POINT) for text, width in widths)
    return lines <= _SHORT


def turned(section: Section, paper: Paper = A4) -> int:
    """How many blocks of a section, with its title before them, stand on wide pages: all up to the last wide table."""
    tables = [(n, block) for n, block in enumerate(section.blocks, 1) if isinstance(block, Table)]
    wide = [n for n, table in tables if fitted(table, paper=paper).turned]
    return max(wide, default=0)


def _measures(table: Table) -> tuple[list[int], list[int], list[int]]:
    """For each column the width below which something in it would break, that at which nothing below the head does,

    and that at which the head is one line as well.
    """
    least, most, ample = [], [], []
    for place, column in enumerate(table.columns):
        words, lines = [_longest(column.title, _BOLD)], [0]
        for row in table.rows:
            text, weight = _text(row.cells[place].line), _BOLD if row.kind == "total" else 1000
            lines.append(_width(text, weight))
            words.append(lines[-1] if column.figures else _longest(text, weight))
        head = _width(column.title, _BOLD)
        least.append(max(words))
        most.append(max(least[-1], *lines, head * 5 // 9))
        ample.append(max(most[-1], head))
    return least, most, ample


def _shared(least: Sequence[int], most: Sequence[int], room: int) -> tuple[int, ...]:
    """The widths of columns that share a room; none where not even the least of all columns has room.

    No column gets less than its least or more than its most. Between these, a column that holds four times as much is
    twice as wide: so the rows become about as low as they can be.
    """
    if sum(least) > room:
        return ()
    widths = list(most)
    free = set(range(len(most))) if sum(most) > room else set()
    while free:
        spare = room - sum(width for n, width in enumerate(widths) if n not in free)
        whole = sum(isqrt(most[n]) for n in free)
        wish = {n: spare * isqrt(most[n]) // whole for n in free}
        # Those that want more than there is come first: what they take is lost to the others.
        bound = {n for n in free if wish[n] <= least[n]}
        widths = [least[n] if n in bound else width for n, width in enumerate(widths)]
        if not bound:
            bound = {n for n in free if wish[n] >= most[n]}
        if not bound:
            widths = [wish.get(n, width) for n, width in enumerate(widths)]
            break
        free -= bound
    return tuple(widths)


def _scaled(width: int, size: int) -> int:
    """A width in thousandths of the type, at a size."""
    return width * size // 1000 + _PADDING


def _longest(text: str, weight: int) -> int:
    return max(_width(word[:_LONGEST], weight) for word in _BREAKS.split(text))


def _width(text: str, weight: int) -> int:
    return sum(map(_sign, text)) * weight // 1000


def _sign(char: str) -> int:
    """The width of a sign in thousandths of the size of the type."""
    if char in _NARROW:
        return 340
    if char in _WIDE:
        return 900
    if char.isdigit() or char.islower():
        return 510
    if char.isspace():
        return 260
    if unicodedata.east_asian_width(char) in "WF" or char.isupper():
        return 740 if char.isupper() else 1000
    return 0 if unicodedata.combining(char) else 600


def _text(line: Line) -> str:
    return "".join(span.text for span in line)
