"""The words under the mark: a place in a text as a reader sees it, in plain characters.

Control characters and the invisible signs that turn the direction of a text are shown as their numbers, so that a
text can neither move the reader's cursor nor show other words than it holds.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from policy_dsl.source import Span

WIDTH = 100
TAB = 4

# Signs that show nothing and change how others are shown. The joiners U+200C and U+200D are part of honest words.
_TURNING = frozenset(
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def clean(text: str) -> str:
    """A text of one line that is safe to print: control characters and signs of direction as `\\u{202e}`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(sign) if _hidden(sign) else sign for sign in text)


def clean_lines(text: str) -> str:
    """The same for a text of several lines."""
    return "\n".join(clean(line) for line in text.split("\n"))


def width_of(text: str) -> int:
    """How many columns a clean text takes on a terminal."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    width = wcswidth(text)
    return width if width >= 0 else len(text)


def snippet(span: Span, said: str = "", mark: str = "^", gutter: int = 4) -> list[str]:
    """The line or lines of a span with the mark under them, and beside the mark what is said, if it fits there."""
    begins, ends = _ends_of(span)
    if begins[0] == ends[0]:
        return _marked(span, begins[0], begins[1], ends[1], said, mark, gutter)
    first = span.source.line(begins[0])
    lines = _marked(span, begins[0], begins[1], len(first) + 1, "", mark, gutter)
    if ends[0] > begins[0] + 1:
        lines.append(" " * (gutter - 1) + "…")
    last = span.source.line(ends[0])
    indent = len(last) - len(last.lstrip())
    return lines + _marked(span, ends[0], indent + 1, ends[1], said, mark, gutter)


def gutter_for(spans: Sequence[Span]) -> int:
    """The width that the numbers of all these places need."""
    return max([4, *(len(str(_ends_of(span)[1][0])) + 2 for span in spans)])


def _ends_of(span: Span) -> tuple[tuple[int, int], tuple[int, int]]:
    """Line and column where the mark begins and just after where it ends, both inside the text.

    A span of a whole block begins at its first word and ends at its last.
    """
    text = span.source.text
    start = min(max(span.start, 0), len(text))
    end = min(max(span.end, start), len(text))
    covered = text[start:end]
    if covered.strip():
        start += len(covered) - len(covered.lstrip())
        end -= len(covered) - len(covered.rstrip())
    elif covered.startswith("\n"):
        end = start
    if start == end == len(text) and text.endswith("\n") and text.strip():
        start = end = len(text.rstrip())
    return span.source.place(start), span.source.place(end)


def _marked(span: Span, number: int, column: int, after: int, said: str, mark: str, gutter: int) -> list[str]:
    """One line of the text and the mark under it."""
    raw = span.source.line(number)
    shown = [_shown(sign, at) for at, sign in _placed(raw)]
    start, end = min(column - 1, len(shown)), min(after - 1, len(shown))
    low, high = _window(shown, start, end, WIDTH - gutter - 3)
    before = "".join(shown[low:start])
    marked = "".join(shown[start : min(end, high)])
    line = ("…" if low else "") + "".join(shown[low:high]) + ("…" if high < len(shown) else "")
    pad = (1 if low else 0) + width_of(before)
    under = " " * pad + mark * max(1, width_of(marked))
    lines = [f"{number:>{gutter}} | {line}".rstrip()]
    if said and gutter + 4 + len(under) + width_of(said) <= WIDTH:
        under, said = f"{under} {said}", ""
    lines.append(f"{'':>{gutter}} | {under}")
    if marked.strip() and _turns(line):
        lines.append(f"{'':>{gutter}} | marked: «{marked.strip()}»")
    if said:
        lines.extend(wrapped(said, f"{'':>{gutter}} | "))
    return lines


def wrapped(text: str, indent: str = "   ") -> list[str]:
    """A text over as many lines as it needs."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line.strip() and width_of(indent + line) + 1 + width_of(word) > WIDTH:
                lines.append((indent + line).rstrip())
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append((indent + line).rstrip())
    return lines


def _placed(raw: str) -> list[tuple[int, str]]:
    """Each sign of a line with the column, from 0, at which it is shown; only tabs need it."""
    if "\t" not in raw:
        return [(0, sign) for sign in raw]
    placed, at = [], 0
    for sign in raw:
        placed.append((at, sign))
        at += TAB - at % TAB if sign == "\t" else width_of(_shown(sign, at))
    return placed


def _shown(sign: str, at: int) -> str:
    if sign == "\t":
        return " " * (TAB - at % TAB)
    return _escaped(sign) if _hidden(sign) else sign


def _window(shown: list[str], start: int, end: int, room: int) -> tuple[int, int]:
    """Which part of a line to show, so that the mark is in it with some of what stands before and after."""
    if sum(map(width_of, shown)) <= room:
        return 0, len(shown)
    room -= 2
    low, used = start, 0
    while low > 0 and used + width_of(shown[low - 1]) <= room // 3:
        low -= 1
        used += width_of(shown[low])
    high = start
    while high < len(shown) and used + width_of(shown[high]) <= room:
        used += width_of(shown[high])
        high += 1
    while low > 0 and used + width_of(shown[low - 1]) <= room:
        low -= 1
        used += width_of(shown[low])
    while 0 < low < len(shown) and unicodedata.combining(shown[low][0]):
        low -= 1
    return low, high


def _hidden(sign: str) -> bool:
    return sign in _TURNING or unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn")


def _escaped(sign: str) -> str:
    return f"\\u{{{ord(sign):x}}}"


def _turns(line: str) -> bool:
    """Whether a line holds letters that run from right to left."""
    return not line.isascii() and any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in line)
