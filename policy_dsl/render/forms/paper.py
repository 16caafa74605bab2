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
UPRIGHT = 9638
"""What is printed on an A4 page is 170 mm wide,"""
TURNED = 14570
"""or 257 mm where the page is turned."""
INDENT = 480
"""How far the text of a numbered paragraph is set in."""

_SIZES = (
    *((size, False) for size in (180, 170, 160, 150)),
    *((size, True) for size in (170, 160, 150, 140, 130)),
)
_PADDING = 8 * POINT
_LONGEST = 27
_BOLD = 1100
_BREAKS = re.compile(r"[ \u200b]|(?<=[-–/])(?=\w{3})")
_NARROW = frozenset("iljtfrI.,:;'’‘|!()[]-")
_WIDE = frozenset("mwMW%@—…")


@dataclass(frozen=True, slots=True)
class Fit:
    """The size of the type and the widths of the columns, in twentieths of a point; `turned` asks for a wide page."""

    size: int
    widths: tuple[int, ...]
    turned: bool


def fitted(table: Table, inside: bool = False) -> Fit:
    """The largest type in which no word and no figure of the table is wider than its column.

    A table inside a numbered paragraph, or folded away on a screen, stays upright. If nothing else helps, long words
    are broken.
    """
    measures = _measures(table)
    sizes = [each for each in _SIZES if not (inside and each[1])]
    for size, wide in sizes:
        room = TURNED if wide else UPRIGHT - INDENT * inside
        least, most, ample = ([_scaled(each, size) for each in measure] for measure in measures)
        widths = tuple(ample) if sum(ample) <= room else _shared(least, most, room)
        if widths:
            return Fit(size, widths, wide)
    return Fit(size, tuple(each * room // sum(least) for each in least), wide)


def stretched(fit: Fit, room: int) -> Fit:
    """The same, but at least as wide as the room."""
    whole = sum(fit.widths)
    return replace(fit, widths=tuple(width * max(room, whole) // whole for width in fit.widths))


def turned(section: Section) -> int:
    """How many blocks of a section, with its title before them, stand on wide pages: all up to the last wide table."""
    wide = [n for n, block in enumerate(section.blocks, 1) if isinstance(block, Table) and fitted(block).turned]
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
