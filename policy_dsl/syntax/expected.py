"""What may stand at a place, in words."""

from __future__ import annotations

from collections.abc import Iterable, Set

from lark.lexer import PatternStr

from policy_dsl.syntax.grammar import parser
from policy_dsl.syntax.words import listed

MOST = 5

VALUE = {"NAME", "NUMBER", "LPAR", "PERCENT", "FRACTION", "ORDINAL"}
OPENING_VALUES = set(
    listed("CODE DATE STRING YES NO NONE IF NOT YEARS LAST MINUS SUM MEAN COUNT SHARE INDEX LEAST GREATEST RANK")
)
JOINING = set(listed("PLUS MINUS STAR SLASH CIRCUMFLEX COMPARE EQUAL IS AND OR PER IN NOT AFTER BEFORE LPAR OF OVER"))
GROUNDS = {"BECAUSE", "CITES", "NOTWITHSTANDING"}
KINDS = {
    "NAME": "a name",
    "NUMBER": "a figure",
    "STRING": 'words in quotes ("…")',
    "CODE": "a code in capital letters (AUT, USD)",
    "PERCENT": "a percentage (40%)",
    "FRACTION": "a fraction (2/3)",
    "ORDINAL": "an ordinal (6th)",
    "DATE": "a date (2026-07-01)",
    "YEARS": "years (2010-2014)",
    "ROMAN": "a Roman number (II)",
    "LETTER": "a capital letter (A)",
    "PROSE": "words as adopted (`> …`)",
    "PARAGRAPH": "a paragraph (`(1) > …`)",
    "REFERENCE": "a reference (Art. 5(2))",
    "COMPARE": "a comparison (`>=`)",
    "_NL": "the end of the line",
    "_INDENT": "lines indented below",
    "_DEDENT": "",
    "$END": "",
}


def words_of(terminals: Iterable[str]) -> dict[str, str]:
    """The fixed words and signs among what fits, by the name that the grammar gives them."""
    found = {}
    for name in terminals:
        if name not in KINDS:
            terminal = parser().terminal(name)
            if terminal is not None and isinstance(terminal.pattern, PatternStr):
                found[name] = terminal.pattern.value
    return found


def describe(accepts: Set[str]) -> str:
    """What fits, as a phrase of at most five things, the likeliest first."""
    rest = set(accepts)
    first: list[str] = []
    if rest >= VALUE:
        first.append("a value")
        rest -= VALUE | OPENING_VALUES
    if "_NL" in rest:
        first.append("the end of the line")
    if len(rest & JOINING) > 3:
        first.append("a sign of arithmetic or comparison")
        rest -= JOINING
    fixed = words_of(rest)
    named = [KINDS[name] for name in sorted(rest - {"_NL"}) if KINDS.get(name)]
    words = [f"`{word}`" for name, word in sorted(fixed.items()) if name not in GROUNDS]
    grounds = [f"`{word}`" for name, word in sorted(fixed.items()) if name in GROUNDS]
    return _list([*first, *named, *words, *grounds])


def _list(things: list[str]) -> str:
    kept = things[:MOST]
    if not kept:
        return "nothing more"
    if len(things) > MOST:
        return ", ".join(kept) + " and others"
    if len(kept) == 1:
        return kept[0]
    return ", ".join(kept[:-1]) + " or " + kept[-1]
