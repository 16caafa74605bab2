"""Cutting a file into blocks: whole ones at the left margin, and the lines of a block that could not be read whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from policy_dsl.syntax.indent import width
from policy_dsl.syntax.words import EXAMPLE, FILE, OWNERS, PROVISIONS

PROPOSAL = "alternative"
CONTINUED = ("and", "or", "else", "")

_COMMENT = re.compile(r'"[^"\n]*"?|^[ \t]*(?:\([0-9]+\)[ \t]*)?>[^\n]*|#[^\n]*', re.MULTILINE)
_START = r"(?:^|(?<=\A\ufeff))"  # a file may begin with a mark of its encoding
_MARGIN = re.compile(_START + r"[^ \t\r\n#][^\n]*", re.MULTILINE)
_LINE = re.compile(_START + r"([ \t]*)([^ \t\r\n#][^\n]*)", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_]+")
_GOES_ON = re.compile(r"(?:and|or|else|=|\+|-|\*|/)[ \t]|[)}\]]")
_HEAD = re.compile(r"([a-z]+)[ \t]+[a-z\"]")
_HEADLIKE = re.compile(r'(?!(?:language|version|authority|clock|use)\b)[A-Za-z]{4,}[ \t]+(?:"|[0-9]+[ \t]|[IVXLC]+\b)')
_ARTICLE_LIKE = re.compile(r"(?:[Aa]rts?\b\.?|§+)[ \t]*[0-9]")
_WORDS_LINE = re.compile(r">|\([0-9]+\)[ \t]*>")
_SIGNS = re.compile(r'"[^"\n]*"?|#[^\n]*|[()]')


class Block(NamedTuple):
    """A stretch of lines: `word` opens it; `start` is its first line's start, `end` the end of its last words."""

    word: str
    start: int
    end: int


class Line(NamedTuple):
    """A line with something on it: where it starts, how deep it stands, where its words start and end."""

    start: int
    depth: int
    first: int
    end: int


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Where the comments stand: not inside quotes, not in words as adopted."""
    for found in _COMMENT.finditer(text):
        if text[found.start()] == "#":
            yield found.start(), found.start() + len(found.group().rstrip())


def cut(text: str) -> list[Block]:
    """The blocks of a file: each starts with a line at the left margin."""
    begin = 1 if text.startswith("\ufeff") else 0
    margins: list[tuple[str, int]] = []
    for found in _MARGIN.finditer(text, begin):
        line = found.group()
        word = opening(line)
        if margins and (_GOES_ON.match(line) or _belongs(margins[-1][0], word, line)):
            continue
        margins.append((word, found.start()))
    first = _LINE.search(text, begin)
    if first and (not margins or first.start() < margins[0][1]):
        margins.insert(0, (opening(first.group(2)), first.start()))
    return _blocks(text, margins, len(text))


def opening(line: str) -> str:
    """The word that opens a line, or `>` for words as adopted, or nothing."""
    line = line.lstrip()
    if _WORDS_LINE.match(line):
        return ">"
    found = _WORD.match(line)
    return found.group() if found else ""


def lines(text: str, start: int, end: int) -> list[Line]:
    """The lines of a block that hold more than a comment."""
    return [
        Line(found.start(), width(found.group(1)), found.start(2), found.start(2) + len(found.group(2).rstrip()))
        for found in _LINE.finditer(text, start, end)
        if found.group(2).strip()
    ]


def first_line(text: str, start: int, end: int) -> Line:
    """The first line of a block that holds more than a comment; the block itself where none does."""
    return next(iter(lines(text, start, end)), Line(start, 0, start, end))


def level_of(text: str, body: list[Line]) -> int:
    """How deep the provisions of an article stand: as most of them do."""
    first = body[0]
    depths = Counter(
        line.depth
        for line in _outer(text, body)
        if _opens(text[line.first : line.end])
        or opening(text[line.first : line.end]) == PROPOSAL
        or text[line.first] == "("
        or (line is first and text[line.first] == ">")
    )
    return min(depths, key=lambda depth: (-depths[depth], depth)) if depths else first.depth


def members(text: str, start: int, end: int) -> list[Block]:
    """The provisions and words inside an article, cut where a line opens one."""
    body = lines(text, start, end)
    if not body:
        return []
    level = level_of(text, body)
    pieces: list[tuple[str, int]] = []
    opened = 0
    before: Line | None = None  # the line of words as adopted just above
    within: int | None = None  # how deep the alternative stands whose lines follow
    bare = False  # whether nothing but lines that should be indented stand below the piece's head
    for line in body:
        words = text[line.first : line.end]
        word = opening(words)
        if within is not None and line.depth > within:
            continue
        within = line.depth if word == PROPOSAL else None
        if before is not None and words[0] == ">" and text[before.end : line.start].strip(" \t\r") == "\n":
            before = line
            continue
        known = word in PROVISIONS or word == ">"
        goes_on = _GOES_ON.match(words) is not None or (opened > 0 and not known)
        unindented = bare and word in OWNERS and not known
        starts = line.depth <= level and not goes_on and not unindented
        if not pieces or starts or (opened == 0 and _opens(words)):
            pieces.append((word, line.start))
            opened = 0
            bare = word != ">"
        elif not unindented:
            bare = False
        before = line if word == ">" else None
        opened = 0 if word == ">" else max(0, opened + _balance(words))
    return _blocks(text, pieces, end)


def proposed(text: str, start: int, end: int) -> list[Block]:
    """The articles inside an alternative that proposes whole ones."""
    found = lines(text, start, end)
    level = min((line.depth for line in found), default=0)
    starts = [(opening(text[line.first :]), line.start) for line in found if line.depth == level]
    return _blocks(text, [each for each in starts if each[0] not in CONTINUED], end)


def steps(text: str, start: int, end: int) -> list[Block]:
    """The steps inside a procedure."""
    starts = [("step", line.start) for line in lines(text, start, end) if opening(text[line.first :]) == "step"]
    return _blocks(text, starts, end)


def open_parenthesis(text: str, start: int, end: int) -> int | None:
    """Where the last parenthesis still open at `end` stands."""
    stack: list[int] = []
    for found in _SIGNS.finditer(text, start, end):
        sign = found.group()
        if sign == "(":
            stack.append(found.start())
        elif sign == ")" and stack:
            stack.pop()
    return stack[-1] if stack else None


def _blocks(text: str, starts: list[tuple[str, int]], end: int) -> list[Block]:
    ends = [*(start for _, start in starts[1:]), end]
    return [Block(word, start, _last(text, start, until)) for (word, start), until in zip(starts, ends, strict=False)]


def _outer(text: str, body: list[Line]) -> Iterator[Line]:
    """The lines that do not stand inside an alternative."""
    within: int | None = None
    for line in body:
        if within is not None and line.depth > within:
            continue
        within = line.depth if opening(text[line.first : line.end]) == PROPOSAL else None
        yield line


def _opens(words: str) -> bool:
    """Whether a line opens a provision that never stands inside another one."""
    found = _HEAD.match(words)
    return found is not None and found.group(1) in PROVISIONS and found.group(1) != "define"


def _balance(words: str) -> int:
    signs = _SIGNS.findall(words)
    return signs.count("(") - signs.count(")")


def _belongs(head: str, word: str, line: str) -> bool:
    """Whether a line at the margin goes with the block above it, from which it only lost its indentation."""
    if word in FILE or word == head or _HEADLIKE.match(line) or _ARTICLE_LIKE.match(line):
        return False
    if head in ("policy", "translation"):
        return word not in PROVISIONS and word not in EXAMPLE and word != ">"
    return head in ("article", "replace", "add")


def _last(text: str, start: int, end: int) -> int:
    """The end of the last line before `end` that holds more than a comment."""
    while end > start:
        begin = max(text.rfind("\n", start, end) + 1, start)
        line = text[begin:end].rstrip(" \t\r")
        if line.strip(" \t") and not line.lstrip(" \t").startswith("#"):
            return begin + len(line)
        end = begin - 1
    return start
