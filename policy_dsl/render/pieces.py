"""Messages in pieces, and lines put together from parts: what knows nothing of what is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from policy_dsl.render.document import Line, Span

_TOKEN = re.compile(r"\*([^*]+)\*|\{(\w+)(?::(\w+))?\}")
Piece = Span | str | tuple[str, str]


@cache
def parts_of(message: str) -> tuple[tuple[bool, tuple[Piece, ...]], ...]:
    """A message in parts, those in brackets marked as such, each in its pieces."""
    return tuple((bool(n % 2), _pieces(part)) for n, part in enumerate(re.split(r"[\[\]]", message)) if part)


def _pieces(part: str) -> tuple[Piece, ...]:
    """A message in pieces: mere words, emphasised parts (as messages), and slots with how to say what fills them."""
    pieces: list[Piece] = []
    at = 0
    for token in _TOKEN.finditer(part):
        if token.start() > at:
            pieces.append(Span(part[at : token.start()]))
        at = token.end()
        emphasised, slot, how = token.groups()
        pieces.append(emphasised if emphasised is not None else (slot, how or ""))
    return (*pieces, Span(part[at:])) if at < len(part) else tuple(pieces)


def joined(parts: Sequence[Line], between: Line) -> Line:
    """Lines one after the other, with something between them."""
    found: list[Span] = []
    for number, part in enumerate(parts):
        if number:
            found += between
        found += part
    return joined_spans(found)


def joined_spans(found: Sequence[Span]) -> Line:
    """The spans with neighbours of one kind made one."""
    merged: list[Span] = []
    mere = False  # whether the last span is mere text
    for span in found:
        if not span.text:
            continue
        if span.kind != "text" or span.language:
            mere = False
            merged.append(span)
        elif mere:
            merged[-1] = Span(merged[-1].text + span.text)
        else:
            mere = True
            merged.append(span)
    return tuple(merged)
