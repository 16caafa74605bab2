"""From what stopped the reading to what is said about it: one problem, for the root of the matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, cast

from lark.exceptions import UnexpectedInput, UnexpectedToken

from policy_dsl.diagnostics.problem import Problem, Related
from policy_dsl.source import Source, Span
from policy_dsl.syntax import blocks
from policy_dsl.syntax.blocks import Block, Line
from policy_dsl.syntax.expected import describe, words_of
from policy_dsl.syntax.words import (
    AGGREGATES,
    EXAMPLE,
    FILE,
    HEADER,
    HEADER_OPENINGS,
    LINES,
    OWNERS,
    PROVISIONS,
    RESERVED,
    listed,
)

OPERATORS = frozenset(listed("and or not if then else of over per is except where to by for from"))
KNOWN = frozenset((*FILE, *PROVISIONS, *LINES, *HEADER_OPENINGS, *RESERVED))
SILENT = ("_NL", "_DEDENT", "$END")

_WORD = re.compile(r"\w+")
_NAME_LIKE = re.compile(r"[^\W\d]\w*|\w+")
_HYPHENED = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)+")
_LEGAL = re.compile(r"\([0-9]+\)[ \t]+\w|(?=[^\n]*[.;,][ \t]*$)[A-Z]|[A-Z][\w’']*[ ](?:[\w’',-]+[ ]+){2,}")
_BY_LINE = re.compile(r"[a-z]+[ \t]+by\b")
_STRINGS = re.compile(r'"[^"\n]*"|#[^\n]*')


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
        found = _WORD.match(self.text, self.line.first)
        end = found.end() if found else self.line.first + 1
        return self.text[self.line.first : end], self.source.span(self.line.first, end)

    def here(self, length: int | None = None) -> Span:
        """The place itself, as long as its word."""
        return self.source.span(self.at, self.at + (len(self.word) if length is None else length))

    def last_word(self) -> Span:
        """The last word of the line, where a line ends too soon."""
        line = self.line
        before = self.text[line.first : line.end]
        bare = _STRINGS.sub(lambda found: "x" * len(found.group()) if found.group()[0] == '"' else "", before).rstrip()
        start = max(bare.rfind(" "), bare.rfind("\t")) + 1
        return self.source.span(line.first + start, line.first + max(len(bare), start + 1))


# ---- the file ------------------------------------------------------------------------------------------------------


def no_header(source: Source, found: list[Block]) -> Problem:
    """A file without `policy NAME "Title"`."""
    return Problem("PD120", _first_line(source, found[0]) if found else source.span(0, 0))


def before_header(source: Source, block: Block) -> Problem:
    """Something stands before the header."""
    span = _first_line(source, block)
    return Problem("PD131", span, {"found": _shortened(span.text)})


def second_header(source: Source, block: Block, first: Block) -> Problem:
    """A second header."""
    related = (Related(_first_line(source, first), "the first header stands here"),)
    return Problem("PD121", _first_line(source, block), related=related)


def indented_first(source: Source, block: Block) -> Problem:
    """The first line of the file is indented."""
    return Problem("PD103", _first_word(source, block))


def stray(source: Source, block: Block) -> Problem:
    """A line at the left margin that opens nothing."""
    span = _first_word(source, block)
    word = block.word
    if word == ">":
        return Problem("PD126", _first_line(source, block), {"found": "Words as adopted", "where": "in an article"})
    if word in PROVISIONS:
        return Problem("PD126", span, {"found": f"`{word}`", "where": "in an article"})
    if word in EXAMPLE:
        return Problem("PD128", span, {"found": word})
    if word in HEADER_OPENINGS:
        return Problem("PD126", span, {"found": f"`{word}`", "where": "in the header"})
    near = _near(word, FILE) or _near(word, PROVISIONS)
    if near:
        return Problem("PD124", span, {"found": word, "near": near})
    from policy_dsl.syntax import slips

    line = _first_line(source, block)
    slip = slips.slip(source.text, line.start, line.start, line.end)
    if slip:
        return Problem(slip[0], source.span(slip[1], slip[2]), slip[3])
    if _LEGAL.match(line.text):
        return Problem("PD129", line, {"found": _shortened(line.text)})
    expected = ", ".join(f"`{each}`" for each in FILE[1:4]) + " or `example`"
    return Problem("PD199", span, {"found": span.text, "expected": expected})


def misaligned(source: Source, at: int) -> Problem:
    """A line that stands as deep as no block around it."""
    found = _WORD.match(source.text, at)
    return Problem("PD102", source.span(at, found.end() if found else at + 1))


def askew(source: Source, block: Block, line: Line, level: int) -> Problem:
    """A provision that does not stand as deep as the others of its article."""
    if not line.depth:
        return stray(source, block)
    return Problem("PD103" if line.depth > level else "PD102", misaligned(source, line.first).span)


def _first_line(source: Source, block: Block) -> Span:
    first = blocks.first_line(source.text, block.start, block.end)
    return source.span(first.first, first.end)


def _first_word(source: Source, block: Block) -> Span:
    line = _first_line(source, block)
    found = _WORD.match(source.text, line.start)
    return line._replace(end=found.end() if found else min(line.start + 1, line.end))


def _near(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower(), sorted(set(known)), 1, 0.6 if len(word) < 5 else 0.74)
    return found[0] if found else ""


def _shortened(words: str) -> str:
    return words if len(words) <= 40 else words[:39].rstrip() + "…"


# ---- a block -------------------------------------------------------------------------------------------------------


def complain(source: Source, block: Block, kind: str, error: UnexpectedInput) -> Problem:
    """What to say about a block that could not be read: the first explanation that fits."""
    stop = Stop(source, block, kind, error)
    for explain in EXPLANATIONS:
        problem = explain(stop)
        if problem is not None:
            return problem
    return _nothing_fits(stop)


def _slip(stop: Stop) -> Problem | None:
    from policy_dsl.syntax import slips

    if stop.type in ("_COMMA_NUMBER", "_OTHER_DATE", "_LOOSE_DATE"):
        span = stop.source.span(stop.at, stop.end)
        code = slips.comma(span.text) if stop.type == "_COMMA_NUMBER" else "PD123"
        return Problem(code, span, slips.filling(code, span.text))
    found = slips.slip(stop.text, stop.at, stop.line.first, max(stop.line.end, stop.at + 1))
    if found is None:
        return None
    code, start, end, params = found
    return Problem(code, stop.source.span(start, end), params)


def _parenthesis(stop: Stop) -> Problem | None:
    opened = blocks.open_parenthesis(stop.text, stop.block.start, stop.at)
    if opened is not None and (stop.type in SILENT or "\n" in stop.text[opened : stop.at]):
        return Problem("PD134", stop.source.span(opened, opened + 1))
    if opened is None and stop.word == ")":
        return Problem("PD142", stop.here(1))
    return None


def _block(stop: Stop) -> Problem | None:
    if stop.accepts == {"_INDENT"}:
        before = [line for line in stop.lines if line.first < stop.at] or stop.lines
        line = before[-1]
        head = stop.source.span(line.first, line.end)
        article = stop.kind in ("article", "departure") and len(before) == 1
        following = blocks.opening(stop.text[stop.at : stop.block.end]) if article else ""
        code = "PD133" if article and not following else "PD104"
        return Problem(code, head, {"found": blocks.opening(head.text) or head.text})
    if stop.type == "_INDENT":
        return Problem("PD103", stop.here())
    return None


def _quotes_due(stop: Stop) -> Problem | None:
    if "STRING" not in stop.accepts or len(stop.accepts - {"NAME"}) != 1:
        return None
    opening, span = stop.opening
    if stop.type in SILENT:
        last = stop.line
        return Problem("PD132", stop.source.span(span.start, last.end), {"found": opening})
    rest = stop.source.span(stop.at, max(stop.line.end, stop.at + 1))
    return Problem("PD144", rest, {"found": _shortened(rest.text)})


def _reserved(stop: Stop) -> Problem | None:
    word = stop.word
    if word in RESERVED and "NAME" in stop.accepts and (word not in OPERATORS or "NUMBER" not in stop.accepts):
        return Problem("PD111", stop.here(), {"found": word})
    before = _WORD.findall(stop.text[stop.line.first : stop.at])
    if stop.accepts == {"OF"} and before and before[-1] in AGGREGATES and stop.type not in ("NAME", "CODE", "NUMBER"):
        start = stop.text.rindex(before[-1], 0, stop.at)
        return Problem("PD111", stop.source.span(start, start + len(before[-1])), {"found": before[-1]})
    return None


def _first_on_line(stop: Stop) -> Problem | None:
    if not stop.first:
        return None
    word, span = stop.opening
    fitting = words_of(stop.accepts)
    if "LANGUAGE" in fitting:
        near = _near(word, HEADER_OPENINGS)
        mend = f"Did you mean `{near}`?" if near else ""
        return Problem("PD125", span, {"found": word, "known": ", ".join(HEADER)}, mend=mend)
    if word in EXAMPLE:
        return Problem("PD128", span, {"found": word})
    if word in PROVISIONS and "APPORTION" not in fitting:
        return Problem("PD103", span)
    if word in OWNERS and word not in fitting.values():
        return Problem("PD148", span, {"found": word, "owner": OWNERS[word]})
    near = _near(word, fitting.values())
    if near and word not in fitting.values():
        return Problem("PD124", span, {"found": word, "near": near})
    line = stop.source.span(stop.line.first, stop.line.end)
    if "APPORTION" in fitting and _LEGAL.match(line.text):
        return Problem("PD129", line, {"found": _shortened(line.text)})
    return None


def _name(stop: Stop) -> Problem | None:
    start = stop.at
    while start > stop.line.first and (stop.text[start - 1].isalnum() or stop.text[start - 1] == "_"):
        start -= 1
    found = _WORD.match(stop.text, start)
    if found is None or found.end() <= stop.at:
        return _hyphen(stop)
    word, span = found.group(), stop.source.span(start, found.end())
    if "CODE" in stop.accepts and "NAME" not in stop.accepts and word[0].isalpha():
        return Problem("PD146", span, {"found": word})
    naming = "NAME" in stop.accepts or start < stop.at
    if naming and word.isascii() and word.lower() != word and word[0].isalpha():
        return Problem("PD112", span, {"found": word, "name": word.lower()})
    if naming and (not word.isascii() or (word[0].isdigit() and not word.isdecimal() and "NUMBER" not in stop.accepts)):
        return Problem("PD141", span, {"found": word})
    return _hyphen(stop)


def _hyphen(stop: Stop) -> Problem | None:
    if stop.type != "MINUS" and stop.text[stop.at : stop.at + 1] != "-":
        return None
    for found in _HYPHENED.finditer(stop.text, stop.line.first, stop.line.end):
        if found.start() < stop.at < found.end() and found.group()[0].isalpha():
            return Problem("PD141", stop.source.span(found.start(), found.end()), {"found": found.group()})
    return None


def _colon(stop: Stop) -> Problem | None:
    line = stop.text[stop.line.first : stop.line.end]
    if _BY_LINE.match(line):
        return _misspelt(stop)
    bare = _STRINGS.sub(lambda found: " " * len(found.group()), line)
    if "COLON" in stop.accepts and ":" not in bare:
        sign = bare.find("=")
        if stop.type in SILENT and sign >= 0:
            start = stop.line.first + sign
            return Problem("PD113", stop.source.span(start, start + 1), {"found": "="})
        span = stop.last_word() if stop.type in SILENT else stop.here()
        return Problem("PD113", span, {"found": span.text})
    wanting = stop.opening[0] in ("define", "parameter", "given") and "=" not in bare
    if wanting and "EQUAL" in stop.accepts and not stop.accepts & {"COMPARE", "IS"} and stop.word != '"':
        span = stop.last_word() if stop.type in SILENT else stop.here()
        return Problem("PD147", span, {"found": span.text})
    return None


def _misspelt(stop: Stop) -> Problem | None:
    word, span = stop.opening
    if word in KNOWN or ":" in _STRINGS.sub("", stop.text[stop.line.first : stop.line.end]):
        return None
    near = _near(word, KNOWN - RESERVED)
    return Problem("PD124", span, {"found": word, "near": near}) if near else None


def _too_soon(stop: Stop) -> Problem | None:
    if stop.type not in SILENT and stop.at < stop.line.end:
        return None
    return Problem("PD145", stop.last_word(), {"expected": describe(stop.accepts)})


def _nothing_fits(stop: Stop) -> Problem:
    span = stop.here()
    if stop.end > span.end and "\n" not in stop.text[stop.at : stop.end]:
        span = span._replace(end=stop.end)
    return Problem("PD199", span, {"found": _shortened(span.text), "expected": describe(stop.accepts)})


EXPLANATIONS: tuple[Callable[[Stop], Problem | None], ...] = (
    _slip,
    _parenthesis,
    _block,
    _quotes_due,
    _reserved,
    _first_on_line,
    _name,
    _colon,
    _misspelt,
    _too_soon,
)
