"""The canonical rules of a policy: what is computed, and apart from it what is said, article by article.

Both are read off the syntax tree of the articles as they stand: the policy's own, those of its model as far as no
departure replaces them, and those of the files that it uses. Comments, blanks, line ends, the way in which a figure is
written (`5_000`, `5000`) and parentheses that change nothing are not in the tree, and so change nothing here.

What is computed: of the header the name, the language, the date of entry into force, the currency, the calendar, the
regime of periods and the clock; of an article its number, the numbers of its paragraphs where they stand, and every
provision with its name and all its parts, in the order of the text, with what it prevails over.

What is said: the title, version and authority of the header and the name of the model; of an article its part, its
title and its paragraphs, the titles of its provisions, reasons (`because`) and sources (`cites`); and departures from
the model with their reasons, each with its article.

Articles stand in the order of their numbers, whatever their order in the file: that order decides nothing. Worked
examples are in neither: they are tests, and decide nothing. Nor are translations: the law is the authentic text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from policy_dsl.receipts.canonical import digest
from policy_dsl.receipts.plain import iso
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import DepartureMade, Law, Program
from policy_dsl.syntax import tree

HEADER = ""
"""Stands in place of an article's address for what the header says."""

SAID = ("because", "cites")
_LEFT_OUT = frozenset(("span", "title", "comments"))
_ADDED = frozenset(((tree.Aggregate, "ties"),))
"""Fields that came into the language later: where they hold nothing, the rules are what they were before."""


@dataclass(frozen=True, slots=True)
class ArticleSeal:
    """The digests of one article: of what is computed by it, and of what it says. The header has no `article`."""

    article: str
    rules: str
    words: str


def seals(program: Program) -> tuple[ArticleSeal, ...]:
    """The header and every article with its digests, in the order of the numbers."""
    made = [ArticleSeal(HEADER, digest(_heading(program)), digest(_heading_words(program)))]
    departures: dict[str, list[DepartureMade]] = {}
    for each in program.departures:
        departures.setdefault(each.article, []).append(each)
    for law in sorted(program.law, key=lambda law: (law.address.instrument, law.address.sort_key)):
        departed = departures.pop(str(law.address), [])
        made.append(ArticleSeal(str(law.address), digest(_rules(law)), digest(_words(law, departed))))
    # What a departure deletes stands no more; that it was deleted, and why, is said all the same.
    for article, departed in sorted(departures.items()):
        made.append(ArticleSeal(article, digest(None), digest([_departure(each) for each in departed])))
    return tuple(made)


def rules_digest(made: tuple[ArticleSeal, ...]) -> str:
    """The digest of all that is computed."""
    return digest([[each.article, each.rules] for each in made])


def draft_digest(file: tree.PolicyFile) -> str:
    """The digest of all that the text of a draft would compute, under one combination of its alternatives or another.

    It is another one where an alternative, its name, or what it is tied to is another; who proposes it is only said.
    """
    header = file.header.lines if file.header is not None else ()
    lines = [[line.word, _computed(line.value)] for line in header if line.word not in ("version", "authority")]
    return digest([lines, list(_drafted(file.items))])


def words_digest(made: tuple[ArticleSeal, ...]) -> str:
    """The digest of all that is said."""
    return digest([[each.article, each.words] for each in made])


def _heading(program: Program) -> Any:
    heading = program.heading
    return {
        "name": heading.name,
        "language": heading.language,
        "in force from": iso(heading.in_force) if heading.in_force is not None else None,
        "currency": heading.currency,
        "calendar": heading.calendar,
        "periods": heading.periods,
        "clock": heading.clock,
    }


def _heading_words(program: Program) -> Any:
    heading = program.heading
    return {
        "title": heading.title,
        "version": heading.version,
        "authority": heading.authority,
        "model": program.model,
    }


def _rules(law: Law) -> Any:
    """An article as it is computed: its provisions, and the paragraphs that they carry out."""
    lines: list[Any] = []
    for line in law.node.lines:
        if isinstance(line, tree.Prose):
            lines.append(["paragraph", line.paragraph])
        elif not isinstance(line, tree.Example):
            lines.append(_computed(line))
    return lines


def _words(law: Law, departed: list[DepartureMade]) -> Any:
    """An article as it reads."""
    lines: list[Any] = []
    for line in law.node.lines:
        if isinstance(line, tree.Prose):
            lines.append(["paragraph", line.paragraph, line.text])
        elif not isinstance(line, tree.Example):
            lines.extend(_said(line))
    made = {"part": law.part, "title": law.title, "lines": lines}
    return made | ({"departures": [_departure(each) for each in departed]} if departed else {})


def _departure(made: DepartureMade) -> Any:
    notes = [[each.kind, each.text] for each in made.node.notes]
    return {"kind": made.kind, "title": made.title, "old title": made.old_title, "notes": notes}


def _computed(value: object) -> Any:
    """A part of the tree as plain data: its kind and its fields in order, without what is only said."""
    if isinstance(value, tree.Node):
        kind = type(value)
        told = [(name, getattr(value, name)) for name in kind._fields if name not in _LEFT_OUT]
        fields = [_computed(each) for name, each in told if each or (kind, name) not in _ADDED]
        return [kind.__name__, *fields]
    if isinstance(value, tuple):
        return [_computed(each) for each in value if not (isinstance(each, tree.Note) and each.kind in SAID)]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction | tree.ArticleNumber):
        return str(value)
    if isinstance(value, date):
        return iso(value)
    raise TypeError(type(value).__name__)


def _drafted(items: Iterable[tree.Node]) -> Iterator[Any]:
    """What stands in a draft as plain data, without examples and words: alternatives with what stands in them."""
    for item in items:
        match item:
            case tree.Alternative():
                yield ["alternative", item.name.text, [tie.text for tie in item.ties], list(_drafted(item.lines))]
            case tree.Article():
                yield ["article", str(item.number), list(_drafted(item.lines))]
            case tree.Departure():
                yield [item.kind, str(item.number), list(_drafted(() if item.article is None else (item.article,)))]
            case tree.Prose():
                yield ["paragraph", item.paragraph]
            case tree.Part() | tree.Example():
                continue
            case _:
                yield _computed(item)


def _said(node: tree.Node, at: tuple[str | int, ...] = ()) -> Iterator[Any]:
    """The titles, reasons and sources in a part of the tree, each with the provision and the line that it is of."""
    if isinstance(node, tree.Provision):
        at = (*at, node.name.text)
        if node.title:
            yield ["title", list(at), node.title]
    for name in type(node)._fields:
        value = getattr(node, name)
        if isinstance(value, tree.Node):
            yield from _said(value, (*at, name))
        elif isinstance(value, tuple):
            for index, each in enumerate(value):
                if isinstance(each, tree.Note):
                    if each.kind in SAID:
                        yield [each.kind, list(at), each.text]
                elif isinstance(each, tree.Node):
                    yield from _said(each, at if isinstance(each, tree.Provision) else (*at, name, index))
