"""Places as an editor counts them: lines from 0, and in the line the units of its encoding (LSP 3.17, Position)."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from policy_dsl.source import Source, Span

BYTES = {"utf-8": (1, 2, 3, 4), "utf-16": (1, 1, 1, 2), "utf-32": (1, 1, 1, 1)}


class Position(NamedTuple):
    """A place: the line, and how many units stand before it in the line; both from 0."""

    line: int
    character: int


class Range(NamedTuple):
    """From one place up to another, which does not belong to it."""

    start: Position
    end: Position


class Positions:
    """Turns offsets into places and back. The encoding is that on which editor and server agreed; UTF-16 if none."""

    def __init__(self, encoding: str = "utf-16") -> None:
        self._one, self._two, self._three, self._four = BYTES[encoding]
        self._plain = encoding == "utf-32"

    def position(self, source: Source, offset: int) -> Position:
        """The place of an offset."""
        starts = source.starts
        line = bisect_right(starts, offset) - 1
        return Position(line, self.units(source.text[starts[line] : offset]))

    def offset(self, source: Source, line: int, character: int) -> int:
        """The offset of a place. What lies beyond a line is its end; what lies beyond the text, the end of that."""
        starts = source.starts
        if line >= len(starts):
            return len(source.text)
        start = starts[max(line, 0)]
        words = source.line(line + 1)
        if self._plain or words.isascii():
            return start + max(0, min(character, len(words)))
        taken = 0
        for at, sign in enumerate(words):
            if taken >= character:
                return start + at
            taken += self._width(sign)
        return start + len(words)

    def extent(self, span: Span) -> Range:
        """The places of a span."""
        source = span.source
        return Range(self.position(source, span.start), self.position(source, span.end))

    def units(self, words: str) -> int:
        """How many units words take up."""
        return len(words) if self._plain or words.isascii() else sum(map(self._width, words))

    def _width(self, sign: str) -> int:
        code = ord(sign)
        if code < 0x80:
            return self._one
        if code < 0x800:
            return self._two
        return self._three if code < 0x10000 else self._four
