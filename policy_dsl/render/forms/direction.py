"""Text that is written the other way than the document that holds it."""

from __future__ import annotations

import unicodedata

_OPEN, _CLOSE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_LEFTWARD = frozenset({"R", "AL"})


def leftward(text: str) -> bool:
    """Is any sign of the text written from right to left?"""
    return not text.isascii() and any(unicodedata.bidirectional(char) in _LEFTWARD for char in text)


def rightward(text: str) -> bool:
    """Is any sign of the text written from left to right?"""
    return any(unicodedata.bidirectional(char) == "L" for char in text)


def begins_leftward(text: str) -> bool:
    """Is the first letter of the text written from right to left? So is then the text as a whole."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in _LEFTWARD or kind == "L":
            return kind != "L"
    return False


def isolated(text: str, direction: str) -> str:
    """A text that somebody supplied, so that its direction does not turn what stands beside it.

    Where nothing in it runs against the document's own direction it stays as it is.
    """
    against = rightward(text) if direction == "rtl" else leftward(text)
    return f"{_OPEN}{text}{_CLOSE}" if against else text


def stretches(text: str) -> list[tuple[str, bool]]:
    """A text cut where its direction turns: each stretch, and whether it is written from right to left.

    Signs without a direction (digits, points, blanks) go with the letters before them; at the start, with those after.
    """
    found: list[tuple[str, bool]] = []
    start, way = 0, None
    for place, char in enumerate(text):
        kind = unicodedata.bidirectional(char)
        turns = True if kind in _LEFTWARD else False if kind == "L" else None
        if turns is None or turns is way:
            continue
        if way is not None:
            found.append((text[start:place], way))
            start = place
        way = turns
    return [*found, (text[start:], bool(way))] if text[start:] else found
