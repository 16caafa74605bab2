"""The classes of signs in a policy, for whoever colours it: editors, documents, web pages.

One table serves all of them. Its patterns are written so that Python's `re` and Oniguruma, which most editors use, read
them alike, and so that each can be tried on a line by itself. Nothing is parsed: a torn text is coloured too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from policy_dsl.syntax.words import AGGREGATES, FILE, HEADER, LINES, PROVISIONS, RESERVED

FUNCTIONS = "min max average log root first_of_next_month half_up half_even up down fewest round"
GIVEN = (
    "members states cohorts member cohort actor favour against abstaining absent voting voters present total lot "
    "earliest latest balance level arrears pledged paid"
)
CHOICES = (
    "largest_remainder webster jefferson hill adams dean half_up half_even up down plain eu_1182_71 weekdays every_day "
    "adopted rejected met missed pending refused kept breached reserved shown arisen due left out missing outcome"
)
UNITS = (
    "persons? households? projects? tonnes? km2? hectares? hours? days? weeks? months? years? working percent ratio "
    "number rating"
)
_WORDS_INSIDE = (
    "or and not is in if then else of over per except where none yes no each for to from by at within between after "
    "before with until since last whole marginal order weight which means the case force most ties"
)


class Rule(NamedTuple):
    """Signs of one class. The groups of `pattern` are the blanks before them and the signs themselves.

    Where a name may follow that is given there, two more are the blanks before the name and the name (class `given`).
    """

    kind: str
    pattern: str


def _any(words: str | frozenset[str] | tuple[str, ...]) -> str:
    listed = words.split() if isinstance(words, str) else list(words)
    return "|".join(sorted(dict.fromkeys(listed), key=lambda word: (-len(word), word)))


_OPENERS = _any((*PROVISIONS, "step", "name"))
_HEADS = _any(tuple(line.split()[0] for line in HEADER))
_AT_START = _any(
    (*(word for word in LINES if word not in RESERVED), *("by", "from", "to", "for", "not", "at", "because"))
)
_NAMED = r"(?:([ \t]+)((?!for\b|permitted\b)[a-z][a-z0-9_]*\b))?"
_FRACTION = r"\b[0-9]+/[0-9]+\b|\b[0-9]+(?:st|nd|rd|th)\b"

# Tried in this order at each place. A word that opens a line is told by the line, and a name that is given by the word
# before it; both stand before the words that mean the same everywhere.
RULES = (
    Rule("words", r"^([ \t]*)((?:\([0-9]+\)[ \t]*)?>[^\n]*)"),
    Rule("comment", r"()(#[^\n]*)"),
    Rule("string", r'()("[^"\n]*"?)'),
    Rule("citation", r"()(\bArt\.[ ]?[0-9]+(?:[ ](?:bis|ter|quater|quinquies|sexies|septies|octies))?(?:\([0-9]+\))?)"),
    Rule("date", r"()(\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]+(?:Z|[+-][0-9:]+)?)?)"),
    Rule("figure", rf"()({_FRACTION}|\b[0-9][0-9_]*(?:\.[0-9]+)?%?)"),
    Rule("opening", rf"^()(policy)\b{_NAMED}"),
    Rule("opening", rf"^()((?:add[ \t]+|replace[ \t]+|delete[ \t]+)?(?:{_any((*FILE, 'translation'))}))\b"),
    Rule("provision", rf"^([ \t]+)({_OPENERS})(?=[ \t]+[a-z\"=]){_NAMED}"),
    Rule("line", rf"^([ \t]+)({_HEADS})(?=[ \t]+(?:[A-Z]{{3}}\b|[a-z\"0-9]))"),
    Rule("line", rf"^([ \t]+)({_AT_START})\b(?![ \t]*:)"),
    Rule("gathering", rf"()(\b(?:{_any(AGGREGATES)})\b(?=[ \t]+of\b))"),
    Rule("operator", rf"()(\b(?:{_any(frozenset(_WORDS_INSIDE.split()) | RESERVED)})\b)"),
    Rule("function", rf"()(\b(?:{_any(FUNCTIONS)})(?=\())"),
    Rule("builtin", rf"()(\b(?:{_any(GIVEN + ' ' + CHOICES)})\b)"),
    Rule("unit", rf"()(\b(?:{_any(UNITS)})\b)"),
    Rule("code", r"()(\b[A-Z]{2,3}\b|\b[IVXLC]+\b)"),
    Rule("name", r"()(\b[a-z][a-z0-9_]*\b)"),
    Rule("sign", r"()(<=|>=|<>|[-+*/^=<>:,\(\)])"),
)


@cache
def _all() -> re.Pattern[str]:
    """All rules as one, without their groups."""
    parts = (f"(?P<r{at}>{re.sub(_GROUP, '(?:', rule.pattern)})" for at, rule in enumerate(RULES))
    return re.compile("|".join(parts), re.MULTILINE)


_GROUP = re.compile(r"(?<!\\)\((?!\?)")


@cache
def _each(at: int) -> re.Pattern[str]:
    return re.compile(RULES[at].pattern, re.MULTILINE)


def coloured(text: str) -> Iterator[tuple[str, str]]:
    """The signs of a text with their classes, one after the other; blanks and what has no class are `plain`."""
    at = 0
    for found in _all().finditer(text):
        if found.start() > at:
            yield "plain", text[at : found.start()]
        number = int((found.lastgroup or "r0")[1:])
        parts = _each(number).match(text, found.start())
        assert parts is not None
        for part, signs in enumerate(parts.groups(), 1):
            if signs:
                yield ("plain", RULES[number].kind, "plain", "given")[part - 1], signs
        at = found.end()
    if at < len(text):
        yield "plain", text[at:]
