"""A sheet to draw on: bars, lines and lines of text, mirrored where the language is written from right to left.

Places are in units of the picture, 640 to its width, which is 170 mm on paper. They are rounded to tenths.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from fractions import Fraction
from html import escape

from policy_dsl.records import dataclass
from policy_dsl.render.escape import visible

WIDTH = 640
SIZE = Fraction(11)
"""The size of the type in units: 8.2 points on paper."""
LINE = Fraction(13, 10)
"""The height of a line of text, in sizes of the type."""

INK = "#1a1a1a"
QUIET = "#4a4f55"
SOLID = "#2b5c8a"
TINT = "#dce6ef"
PAPER = "#ffffff"
FAINT = "#c9ced4"
"""For lines that guide the eye and say nothing."""

# The types of the page in HTML, then those that the paper forms bring with them.
TYPES = (
    "'Source Serif 4', Charter, Cambria, Georgia, 'Noto Serif', 'DejaVu Serif', 'Libertinus Serif', Amiri, "
    "'DejaVu Sans Mono', serif"
)
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
    'direction="ltr" font-family="{types}" font-size="{size}" fill="{ink}">'
)
_SLIM = frozenset("il|'’‘ıìíîïł")
_NARROW = frozenset("jI.,:;!()[]ftr/-·")
_WIDE = frozenset("mMwW@%—…æœÆŒ")
_OPEN, _SHUT = "\N{RIGHT-TO-LEFT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_CODE = re.compile(r" \([A-Z]{3}\)$")

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line of text stands; `top` is above `bottom`."""

    left: Fraction
    top: Fraction
    right: Fraction
    bottom: Fraction
    text: str


class Canvas:
    """What was drawn so far. `mirrored` drawings run from right to left; places are given as if they did not."""

    def __init__(self, mirrored: bool = False) -> None:
        self.mirrored = mirrored
        self.marks: list[str] = []
        self.boxes: list[Box] = []

    def bar(self, left: Number, top: Number, width: Number, height: Number, style: str = "solid") -> None:
        """A bar: solid, light (a pale bar with an edge), hollow, or hatched."""
        if width < 0:
            left, width = left + width, -width
        x = WIDTH - left - width if self.mirrored else left
        fill = {"solid": SOLID, "light": TINT}.get(style, PAPER)
        edge = "" if style == "solid" else f' stroke="{SOLID}" stroke-width="0.8"'
        place = f'x="{tenths(x)}" y="{tenths(top)}" width="{tenths(width)}" height="{tenths(height)}"'
        self.marks.append(f'<rect {place} fill="{fill}"{edge}/>')
        if style == "hatched":
            self._hatch(left, top, width, height)

    def line(self, points: Iterable[tuple[Number, Number]], colour: str = INK, wide: str = "1", dash: str = "") -> None:
        """A line through points, broken by `dash` (as SVG puts it) where it is given."""
        path = " ".join(f"{tenths(self._x(x))},{tenths(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.marks.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{wide}"{dashed}/>')

    def shape(self, points: Iterable[tuple[Number, Number]], fill: str = INK) -> None:
        """A closed shape with an edge in ink."""
        path = " ".join(f"{tenths(self._x(x))},{tenths(y)}" for x, y in points)
        self.marks.append(f'<polygon points="{path}" fill="{fill}" stroke="{INK}" stroke-width="1"/>')

    def dot(self, x: Number, y: Number, radius: Number, fill: str = INK) -> None:
        """A round mark with an edge in ink."""
        place = f'cx="{tenths(self._x(x))}" cy="{tenths(y)}" r="{tenths(radius)}"'
        self.marks.append(f'<circle {place} fill="{fill}" stroke="{INK}" stroke-width="1"/>')

    def cross(self, x: Number, y: Number, radius: Number) -> None:
        """Two strokes across each other."""
        self.line([(x - radius, y - radius), (x + radius, y + radius)], wide="1.6")
        self.line([(x - radius, y + radius), (x + radius, y - radius)], wide="1.6")

    def bracket(self, x: Number, top: Number, bottom: Number, opens: bool = False) -> None:
        """A limit: a bracket that closes at a place, or opens there."""
        foot = x + 3 if opens else x - 3
        self.line([(foot, top), (x, top), (x, bottom), (foot, bottom)], wide="1.6")

    def band(self, left: Number, top: Number, width: Number, height: Number, begun: bool, ended: bool) -> None:
        """A pale bar whose edge is open at a side where it has not begun, or not ended, within the picture."""
        right, bottom = left + width, top + height
        x = WIDTH - right if self.mirrored else left
        place = f'x="{tenths(x)}" y="{tenths(top)}" width="{tenths(width)}" height="{tenths(height)}"'
        self.marks.append(f'<rect {place} fill="{TINT}"/>')
        for at in (top, bottom):
            self.line([(left, at), (right, at)], SOLID, "0.8")
        for at, shut in ((left, begun), (right, ended)):
            if shut:
                self.line([(at, top), (at, bottom)], SOLID, "0.8")

    def area(self, rings: Iterable[Iterable[tuple[int, int]]], fill: str, edge: str, wide: str) -> None:
        """An area within rings whose corners are in tenths of a unit. Maps are never mirrored."""
        paths = ["M" + " ".join(f"{tenth(x)},{tenth(y)}" for x, y in ring) + "z" for ring in rings]
        if paths:
            path = "".join(paths)
            self.marks.append(f'<path d="{path}" fill="{fill}" stroke="{edge}" stroke-width="{wide}"/>')

    def spot(self, x: Number, y: Number, radius: Number, fill: str) -> None:
        """A round mark on a map."""
        place = f'cx="{tenths(x)}" cy="{tenths(y)}" r="{tenths(radius)}"'
        self.marks.append(f'<circle {place} fill="{fill}" stroke="{INK}" stroke-width="0.8"/>')

    def patch(self, left: Number, top: Number, width: Number, height: Number, fill: str) -> None:
        """A sample of a fill."""
        x = WIDTH - left - width if self.mirrored else left
        place = f'x="{tenths(x)}" y="{tenths(top)}" width="{tenths(width)}" height="{tenths(height)}"'
        self.marks.append(f'<rect {place} fill="{fill}" stroke="{INK}" stroke-width="0.6"/>')

    def frame(self, height: Number) -> None:
        """A frame around a map."""
        place = f'x="0.5" y="0.5" width="{WIDTH - 1}" height="{tenths(height - 1)}"'
        self.marks.append(f'<rect {place} fill="none" stroke="{FAINT}" stroke-width="1"/>')

    def text(
        self, x: Number, base: Number, text: str, anchor: str = "start", *, size: Fraction = SIZE, strong: bool = False,
        colour: str = INK, fixed: bool = False,
    ) -> None:  # fmt: skip
        """A line of text on its base line; it starts, is in the middle, or ends at `x`. It is mere text.

        A `fixed` text is not mirrored: it stands on a map.
        """
        shown = visible(text)
        if not shown:
            return
        wide, at = measured(shown, size, strong), Fraction(x if fixed else self._x(x))
        if self.mirrored and not fixed:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        left = {"start": at, "middle": at - wide / 2, "end": at - wide}[anchor]
        self.boxes.append(Box(left, base - size * Fraction(95, 100), left + wide, base + size / 4, shown))
        more = "" if anchor == "start" else f' text-anchor="{anchor}"'
        more += "" if size == SIZE else f' font-size="{tenths(size)}"'
        more += ' font-weight="600"' if strong else ""
        more += "" if colour == INK else f' fill="{colour}"'
        words = escape(_isolated(shown, self.mirrored))
        self.marks.append(f'<text x="{tenths(at)}" y="{tenths(base)}"{more}>{words}</text>')

    def svg(self, height: Number) -> str:
        """The picture as a whole."""
        head = _HEAD.format(width=WIDTH, height=tenths(height), types=TYPES, size=tenths(SIZE), ink=INK)
        return head + "".join(self.marks) + "</svg>"

    def _x(self, x: Number) -> Number:
        return WIDTH - x if self.mirrored else x

    def _hatch(self, left: Number, top: Number, width: Number, height: Number) -> None:
        """Slanted strokes inside a bar. A pattern would need a name, which two pictures on a page could share."""
        strokes, at = [], 4 - height
        while at < width:
            low, high = max(at, 0), min(at + height, width)
            if high > low:
                start, end = tenths(self._x(left + low)), tenths(self._x(left + high))
                strokes.append(f"M{start},{tenths(top + height - low + at)}L{end},{tenths(top + height - high + at)}")
            at += 4
        if strokes:
            self.marks.append(f'<path d="{"".join(strokes)}" stroke="{SOLID}" stroke-width="0.8"/>')


def tenths(number: Number) -> str:
    """A place with at most one decimal."""
    above, below = number.as_integer_ratio()
    return tenth((above * 20 + below) // (2 * below))


def tenth(scaled: int) -> str:
    """A place that is given in tenths."""
    whole, rest = divmod(abs(scaled), 10)
    return f"{'-' if scaled < 0 else ''}{whole}{f'.{rest}' if rest else ''}"


def measured(text: str, size: Fraction = SIZE, strong: bool = False) -> Fraction:
    """How wide a text is at most, in units: by the widest of the types that a page may be set in."""
    return sum(map(_sign, text)) * size * (108 if strong else 100) / 100_000


def shortened(text: str, room: Number, size: Fraction = SIZE, strong: bool = False) -> str:
    """A text that fits into a room; what doesn't is cut away, but not the code of a State at its end."""
    text = visible(text)
    if measured(text, size, strong) <= room:
        return text
    found = _CODE.search(text)
    tail = f"…{found[0]}" if found else "…"
    kept = text[: found.start()] if found else text
    while kept and measured(kept + tail, size, strong) > room:
        kept = kept[:-1]
    return kept.rstrip() + tail


def wrapped(text: str, room: Number, size: Fraction = SIZE, most: int = 2, strong: bool = False) -> list[str]:
    """A text on at most so many lines; the last is cut where even these do not hold it."""
    lines: list[str] = []
    rest = visible(text).split()
    while rest:
        taken = 1
        while taken < len(rest) and measured(" ".join(rest[: taken + 1]), size, strong) <= room:
            taken += 1
        if len(lines) == most - 1:
            return [*lines, shortened(" ".join(rest), room, size, strong)]
        lines.append(shortened(" ".join(rest[:taken]), room, size, strong))
        rest = rest[taken:]
    return lines


def in_lines(items: Iterable[tuple[Number, str]], room: Number, gap: Number) -> Iterator[tuple[int, Number, str]]:
    """Items of known widths set beside each other: of each the line, the place in it, and the item."""
    line, at = 0, Fraction(0)
    for width, item in items:
        if at and at + width > room:
            line, at = line + 1, Fraction(0)
        yield line, at, item
        at += width + gap


def _isolated(text: str, mirrored: bool) -> str:
    """A text that mixes directions, so that it is read in the direction of the document."""
    kinds = {unicodedata.bidirectional(char) for char in text} if mirrored and not text.isascii() else set()
    return f"{_OPEN}{text}{_SHUT}" if kinds & {"R", "AL"} and kinds & {"L", "EN", "AN"} else text


def _sign(char: str) -> int:
    """The width of a sign, in thousandths of the size of the type."""
    if char in _SLIM or char == "\N{NARROW NO-BREAK SPACE}":
        return 330
    if char in _NARROW:
        return 480
    if char in _WIDE:
        return 1020
    if char.isspace():
        return 330
    if char.isdigit() or char.islower():
        return 640
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0
    if char.isupper():
        return 770
    return 1020 if unicodedata.east_asian_width(char) in "WF" else 700
