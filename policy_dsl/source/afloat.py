"""Spans that move with the block in which they stand.

Who reads a text again after each keystroke keeps the trees of the blocks that nobody touched. Such a block may now
begin elsewhere. Its spans are counted from its anchor, and the anchor alone is moved.
"""

from __future__ import annotations

from typing import Any, SupportsIndex

from policy_dsl.source.text import Source, Span

_part: Any = tuple.__getitem__


class Anchor:
    """Where a block begins: the text as it stands now, and the offset in it."""

    __slots__ = ("base", "source")

    def __init__(self, source: Source, base: int) -> None:
        self.source = source
        self.base = base


class Afloat(Span):
    """A span counted from an anchor. It reads as the span of the text as it stands now.

    What is made of it by `_replace` stays where it is.
    """

    __slots__ = ()

    def __new__(cls, anchor: Anchor, start: int, end: int) -> Afloat:
        """The span from one distance to another after the anchor."""
        return tuple.__new__(cls, (anchor, start, end))

    @property
    def source(self) -> Source:
        """The text as it stands now."""
        anchor: Anchor = _part(self, 0)
        return anchor.source

    @property
    def start(self) -> int:
        """The offset of the first character, as the text stands now."""
        anchor: Anchor = _part(self, 0)
        distance: int = _part(self, 1)
        return anchor.base + distance

    @property
    def end(self) -> int:
        """The offset after the last character, as the text stands now."""
        anchor: Anchor = _part(self, 0)
        distance: int = _part(self, 2)
        return anchor.base + distance

    def fixed(self) -> Span:
        """The span as it is now, which moves no more."""
        return Span(self.source, self.start, self.end)

    def _replace(self, **changed: Any) -> Any:
        return self.fixed()._replace(**changed)

    def __getitem__(self, at: SupportsIndex | slice) -> Any:
        return self.fixed()[at]

    def __iter__(self) -> Any:
        return iter(self.fixed())

    def __eq__(self, other: object) -> bool:
        return self.fixed() == (other.fixed() if isinstance(other, Afloat) else other)

    def __hash__(self) -> int:
        return hash(self.fixed())
