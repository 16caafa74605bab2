"""A text with its name, its lines, and spans of it.

Offsets count Unicode code points from 0; lines and columns count from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple


class Place(NamedTuple):
    """A position for people: line and column, both from 1."""

    line: int
    column: int


class Source:
    """A text under the name by which its readers know it (a path as they wrote it)."""

    __slots__ = ("_starts", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """The offset at which each line starts."""
        if self._starts is None:
            starts, at = [0], self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._starts = starts
        return self._starts

    def place(self, offset: int) -> Place:
        """The line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return Place(line, offset - self.starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        start = self.starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : None if end < 0 else end].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        """The span from one offset up to, not including, another."""
        return Span(self, start, end)

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


class Span(NamedTuple):
    """A stretch of a source: `start` included, `end` not."""

    source: Source
    start: int
    end: int

    @property
    def begins(self) -> Place:
        """Line and column of the first character."""
        return self.source.place(self.start)

    @property
    def ends(self) -> Place:
        """Line and column just after the last character."""
        return self.source.place(self.end)

    @property
    def text(self) -> str:
        """The words under the span."""
        return self.source.text[self.start : self.end]

    @property
    def trimmed(self) -> Span:
        """The span without the blanks and the line ends at its end."""
        return self._replace(end=self.start + len(self.text.rstrip()))

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of the other."""
        return Span(self.source, self.start, other.end)

    def __str__(self) -> str:
        line, column = self.begins
        return f"{self.source.name}:{line}:{column}"
