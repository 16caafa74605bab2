"""Indentation: the post-lexer that turns ends of lines into the opening and closing of blocks.

A text given to it may begin with the end of the line before its first line: the indentation found there is the ground
level of the piece. Inside parentheses ends of lines do not count.
"""

from __future__ import annotations

from collections.abc import Iterator

from lark.lark import PostLex
from lark.lexer import Token

TAB = 2
FAULT_SIGNS = ("_COMMA_NUMBER", "_OTHER_DATE", "_LOOSE_DATE")


class Misaligned(Exception):
    """A line is indented less than its block and matches no block around it."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def width(blanks: str) -> int:
    """How deep a line with these blanks before it stands (a tab is a fault of its own and counts as one step)."""
    return len(blanks) + (TAB - 1) * blanks.count("\t")


class Indentation(PostLex):
    """Adds `_INDENT` and `_DEDENT`; holds no state between texts."""

    always_accept = ("_NL", "NAME", *FAULT_SIGNS)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens with blocks marked."""
        levels = [0]
        opened = 0
        last: Token | None = None
        for token in stream:
            kind = token.type
            if kind == "_NL":
                if last is None:
                    levels = [_depth(token)]
                    continue
                if not opened:
                    last = token
                    yield token
                    yield from _blocks(token, levels)
                continue
            last = token
            yield token
            if kind == "LPAR":
                opened += 1
            elif kind == "RPAR":
                opened -= 1
        if last is None:
            return
        if last.type != "_NL":
            yield _at_end("_NL", last)
        for _ in levels[1:]:
            yield _at_end("_DEDENT", last)


def _depth(token: Token) -> int:
    return width(token[token.rfind("\n") + 1 :])


def _blocks(token: Token, levels: list[int]) -> Iterator[Token]:
    if "#" in token[token.rfind("\n") :]:
        return  # a comment ends the text: no line follows
    depth = _depth(token)
    if depth > levels[-1]:
        levels.append(depth)
        yield _at_end("_INDENT", token)
        return
    while depth < levels[-1]:
        levels.pop()
        yield _at_end("_DEDENT", token)
    if depth != levels[-1]:
        raise Misaligned(token.end_pos or 0)


def _at_end(kind: str, token: Token) -> Token:
    """A sign without extent, just after a token."""
    end = token.end_pos
    return Token(kind, "", end, token.end_line, token.end_column, token.end_line, token.end_column, end)
