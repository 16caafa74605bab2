"""Text that somebody supplied comes out as text in every form: control characters visible, marks escaped."""

from __future__ import annotations

import re
import unicodedata

HARMLESS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{SOFT HYPHEN}")
_BLANKS = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")
_MARKS = re.compile(r"([\\`*_{}\[\]<>|~#$@])")
_BLOCK = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")


def visible(text: str) -> str:
    """One line without control characters: line ends become blanks, the others are shown by their number.

    So are characters that turn the direction of writing, which could make a figure read backwards.
    """
    if text.isprintable() or text.translate(_BLANKS).isprintable():
        return text
    return "".join(_shown(char, " ") for char in text)


def visible_lines(text: str) -> str:
    """As `visible`, but line ends stay."""
    return "\n".join(visible(line) for line in text.splitlines())


def _shown(char: str, blank: str) -> str:
    if char in "\t\n\r\v\f\x85\u2028\u2029":
        return blank
    kind = unicodedata.category(char)
    if kind in ("Cc", "Cs", "Co", "Cn") or (kind == "Cf" and char not in HARMLESS):
        return f"[U+{ord(char):04X}]"
    return char


def markdown(text: str) -> str:
    """Text as Markdown that reads as that text: no mark-up, no HTML, no links."""
    text = visible(text).replace("&", "&amp;")
    text = _MARKS.sub(r"\\\1", text)
    return text.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("://", ":\\/\\/")


def markdown_start(text: str) -> str:
    """Text that opens a block: nothing in it may be read as a list or a heading."""
    return _BLOCK.sub(lambda m: m[1] + (f"{m[2]}\\" if m[2].isdigit() else f"\\{m[2]}"), text)
