"""Titles of provisions, words of the rules and citations, in the language that is spoken.

Where the rules have no words in that language, theirs stand as they are, marked with the language they are in.
"""

from __future__ import annotations

import re

from policy_dsl.explain.argument import Adopted
from policy_dsl.explain.whynot import criterion_title
from policy_dsl.render.document import Line, Span
from policy_dsl.render.headings import TEXTS
from policy_dsl.render.languages import adopted, current, each_language, in_words, instrument, original, original_of
from policy_dsl.render.languages.tongue import HARD
from policy_dsl.render.messages import METHODS, STATUSES
from policy_dsl.render.usual import USUAL
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Address


def title_of(entry: Entry) -> str:
    """The title of a provision; a mere name is written as a title is."""
    said = own_title(entry)
    return said if entry.node.title else said[:1].upper() + said[1:]


def own_title(entry: Entry) -> str:
    """The title of a provision in the language that is spoken, or its name as it stands."""
    said = adopted().of(entry.node.name)
    return current().named(entry.name, said, "") if said else entry.title


def title_line(entry: Entry, *, own: bool = False, kind: str = "text", year: int | None = None) -> Line:
    """The title of a provision as a line, with the year of a figure; `own` leaves a mere name in small letters."""
    said = own_title(entry) if own else title_of(entry)
    return (Span(f"{said}, {year}" if year is not None else said, kind, language=original(entry.node.name)),)


def criterion_line(row: tree.Criterion, kind: str = "text") -> Line:
    """What a criterion is called."""
    return (Span(adopted().of(row.name) or criterion_title(row), kind, language=original(row.name)),)


def english(words: str) -> Line:
    """What is English in every document: words of the language in which rules are written, and messages."""
    return (Span(words, "given", language="" if current().code == "en" else "en"),) if words else ()


def adopted_words(term: Adopted) -> Line:
    """Words of the rules in the language that is spoken, or as they were adopted."""
    said = in_words(term.text)
    if not said:
        return ()
    language = original_of(term.text)
    said = term.shown if term.shown and said == term.text else said
    return (Span(f"{said}, {term.year}" if term.year else said, "given", language=language),)


def given(words: str) -> Line:
    """Words of the rules without more: an authority, the title of an article."""
    return (Span(in_words(words), "given", language=original_of(words)),) if words else ()


def instrument_line(name: str) -> Line:
    """The title of the policy itself, or of one whose articles are cited or adopted."""
    title, language = instrument(name)
    return (Span(title, "given", language=language),)


def status_word(status: str) -> str:
    """A status in words."""
    return STATUSES.get(status, status.replace("_", " "))


def method_word(method: str) -> str:
    """A method of rounding in words."""
    return METHODS.get(method, method.replace("_", " "))


def word_of(key: str) -> str:
    """A word of the documents themselves by its id."""
    family, _, rest = key.partition(".")
    if family == "method":
        return method_word(rest)
    if family == "status":
        return status_word(rest)
    return USUAL[key] if key in USUAL.english else TEXTS[key]


def usual(family: str, word: str) -> Line:
    """A word of the rules that many rules use, or as it is written there: `standing` and `right` are such families."""
    key = f"{family}.{word}"
    return (Span(USUAL[key]),) if key in USUAL.english else adopted_words(Adopted(word, word.replace("_", " ")))


@each_language(1024)
def cite(address: Address) -> Span:
    """A citation that leads to the article; of another instrument the name is said beside it."""
    place = Address(address.article, address.suffix, address.paragraphs)
    return Span(str(place).replace(" ", HARD), "citation", article_anchor(address))


def article_anchor(address: Address) -> str:
    """The anchor of an article in the annex."""
    suffix = f"-{address.suffix}" if address.suffix else ""
    other = f"-{re.sub(r'[^a-z0-9]+', '-', address.instrument.lower())}" if address.instrument else ""
    return f"art-{address.article}{suffix}{other}"
