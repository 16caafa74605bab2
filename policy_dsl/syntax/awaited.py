"""What may stand at a place of a text that is being written.

Only the lines around the place count: its own line up to the place, and above it each line under which it is indented.
What stands beside them may be torn, and is not looked at.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lark.exceptions import UnexpectedInput

from policy_dsl.records import dataclass
from policy_dsl.source import Source
from policy_dsl.syntax import blocks
from policy_dsl.syntax.blocks import Block
from policy_dsl.syntax.expected import words_of
from policy_dsl.syntax.grammar import parser
from policy_dsl.syntax.indent import Misaligned, width
from policy_dsl.syntax.reading import KINDS
from policy_dsl.syntax.stop import Stop
from policy_dsl.syntax.words import FILE

_END = "\x00"  # a sign that no text holds and no rule takes: where the reading stops is where the place was
_WORD = re.compile(r"[A-Za-z0-9_]*\Z")
_GOES_ON = re.compile(r"[ \t]*(?:(?:and|or|else|=|\+|-|\*|/)(?=[ \t]|\Z)|[)}\]])")
_PROSE = re.compile(r"[ \t]*(?:\([0-9]+\)[ \t]*)?>")
_QUOTED = re.compile(r'"[^"\n]*"|#')


class Frame(NamedTuple):
    """The lines around a place, outermost first; the last one is that of the place, up to it and without its blanks.

    `depth` is how deep the line stands, `start` where the word begins that is being
    written, `word` what is there of it.
    """

    lines: tuple[str, ...]
    depth: int
    start: int
    word: str

    @property
    def line(self) -> str:
        """The line of the place, up to the word that is being written."""
        return self.lines[-1]

    @property
    def owners(self) -> tuple[str, ...]:
        """The words that open the lines around the place, outermost first; `replace` and `add` open an article."""
        found = [blocks.opening(line) for line in self.lines[:-1]]
        return tuple("article" if word in ("replace", "add") else word for word in found)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What may stand at a place: words and signs of the language, and kinds of sign by the grammar's names."""

    frame: Frame
    words: frozenset[str]
    kinds: frozenset[str]


def frame(text: str, offset: int) -> Frame | None:
    """The lines around a place, or none inside a comment, words in quotes or words as adopted."""
    before = text[:offset]
    word = _WORD.search(before)
    start = word.start() if word else offset
    begin = text.rfind("\n", 0, start) + 1
    line = text[begin:start]
    if _PROSE.match(line) or _inside(line):
        return None
    opened = _opened(text[:start])
    while begin and (opened < begin or _GOES_ON.match(line)):
        begin = text.rfind("\n", 0, begin - 1) + 1
        line = text[begin:start]
    line = line.replace("\n", " ").replace("\r", " ")
    depth = _depth(line)
    around: list[str] = []
    least = depth
    for above in reversed(text[:begin].split("\n")) if least else ():
        if not above.strip() or above.lstrip()[0] == "#" or _depth(above) >= least or _GOES_ON.match(above):
            continue
        around.append(above.strip())
        least = _depth(above)
        if not least:
            break
    return Frame((*reversed(around), line.strip(" \t")), depth, start, before[start:])


def awaited(text: str, offset: int) -> Awaited | None:
    """What may stand at a place, or none where the language has nothing to say, or the lines around it are torn."""
    found = frame(text, offset)
    if found is None:
        return None
    owners = found.owners
    if not owners and not found.line:
        return Awaited(found, frozenset(FILE), frozenset())
    opening = owners[0] if owners else blocks.opening(found.line)
    first = blocks.opening(found.lines[0])
    kind = "translation" if opening == "translation" else KINDS.get(first)
    if kind is None:
        return None
    indented = "".join(f"\n{'  ' * at}{line}" for at, line in enumerate(found.lines))
    try:
        parser().parse(f"{indented} {_END}" if found.line else indented + _END, start=kind)
    except UnexpectedInput as error:
        if not _at_end(error, indented):
            return None
        stop = Stop(Source("", indented[1:]), Block(first, 0, len(indented) - 1), kind, error)
        accepts = stop.accepts
        fixed = words_of(accepts)
        return Awaited(found, frozenset(fixed.values()), frozenset(accepts - fixed.keys()))
    except Misaligned:
        return None
    return None


def _at_end(error: UnexpectedInput, text: str) -> bool:
    return (error.pos_in_stream or 0) >= len(text)


def _depth(line: str) -> int:
    return width(line[: len(line) - len(line.lstrip(" \t"))])


def _inside(line: str) -> bool:
    """Whether a line ends inside words in quotes or a comment."""
    at = 0
    while found := _QUOTED.search(line, at):
        if found.group() == "#":
            return True
        at = found.end()
    return '"' in line[at:]


def _opened(text: str) -> int:
    """Where the last parenthesis stands that is still open, or the end: one block further up counts for nothing."""
    opened = blocks.open_parenthesis(text, text.rfind("\n\n") + 1, len(text))
    return len(text) if opened is None else opened
