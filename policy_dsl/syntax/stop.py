"""Where the reading of a block stopped: the place, its line, its word, and what could have stood there."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast

from lark.exceptions import UnexpectedInput, UnexpectedToken

from policy_dsl.source import Source, Span
from policy_dsl.syntax import blocks
from policy_dsl.syntax.blocks import Block, Line

SILENT = ("_NL", "_DEDENT", "$END")
WORD = re.compile(r"\w+")
STRINGS = re.compile(r'"[^"\n]*"|#[^\n]*')

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_NAME_LIKE = re.compile(r"[^\W\d]\w*|\w+")


def shortened(words: str) -> str:
    """Words as they stand in a message: cut where they are many."""
    return words if len(words) <= 40 else words[:39].rstrip() + "…"


def as_name(title: str) -> str:
    """A name made of a title."""
    name = _NOT_IN_NAMES.sub("_", title.lower()).strip("_")
    return name if name[:1].isalpha() else "name"


class Stop:
    """Where and how the reading of a block stopped."""

    def __init__(self, source: Source, block: Block, kind: str, error: UnexpectedInput) -> None:
        self.source = source
        self.text = source.text
        self.block = block
        self.kind = kind
        self.error = error
        base = block.start - 1
        token = error.token if isinstance(error, UnexpectedToken) else None
        self.type = "" if token is None else token.type
        self.at = base + (error.pos_in_stream or 0)
        self.end = self.at + 1
        if token is not None and self.type not in ("_INDENT", *SILENT):
            self.end = base + (token.end_pos or 0)
        if self.type == "$END" or self.at >= block.end:
            self.at = self.end = block.end

    @cached_property
    def accepts(self) -> set[str]:
        """What could have stood here."""
        try:
            return set(cast(Any, self.error).interactive_parser.accepts())
        except AttributeError:
            return set()

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of the block up to the place."""
        found = blocks.lines(self.text, self.block.start, self.block.end)
        whole = Line(self.block.start, 0, self.block.start, self.block.end)
        return [line for line in found if line.first <= self.at] or found[:1] or [whole]

    @property
    def line(self) -> Line:
        """The line of the place, or the last one before it."""
        return self.lines[-1]

    @property
    def word(self) -> str:
        """The word at the place, or the single sign."""
        found = _NAME_LIKE.match(self.text, self.at)
        return found.group() if found else self.text[self.at : self.at + 1]

    @property
    def first(self) -> bool:
        """Whether the place is the first on its line."""
        return self.at == self.line.first

    @property
    def opening(self) -> tuple[str, Span]:
        """The first word of the line and its place."""
        found = WORD.match(self.text, self.line.first)
        end = found.end() if found else self.line.first + 1
        return self.text[self.line.first : end], self.source.span(self.line.first, end)

    def here(self, length: int | None = None) -> Span:
        """The place itself, as long as its word."""
        return self.source.span(self.at, self.at + (len(self.word) if length is None else length))

    def last_word(self) -> Span:
        """The last word of the line, where a line ends too soon."""
        line = self.line
        before = self.text[line.first : line.end]
        bare = STRINGS.sub(lambda found: "x" * len(found.group()) if found.group()[0] == '"' else "", before).rstrip()
        start = max(bare.rfind(" "), bare.rfind("\t")) + 1
        return self.source.span(line.first + start, line.first + max(len(bare), start + 1))
