"""The file as text: header, parts, articles with their words, departures; and translations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from policy_dsl.layout.lines import Verbatim
from policy_dsl.layout.printing.expressions import expression
from policy_dsl.layout.printing.parts import Lines, below, condition, each, listed, note, noted, quoted, seat, unit
from policy_dsl.layout.printing.provisions import PROVISIONS
from policy_dsl.syntax import tree


def lines_of(node: tree.Node) -> Lines:
    """A node of any kind as lines of the language, each indented by two blanks for each step."""
    form = FORMS.get(type(node))
    return form(node) if form is not None else [expression(node)]


def _header(node: tree.Header) -> Lines:
    return [f'policy {node.name.text} "{node.title}"', *below(*map(lines_of, node.lines))]


def _head_line(node: tree.HeadLine) -> Lines:
    word = {"in force": "in force from", "authentic": "authentic in"}.get(node.word, node.word)
    return [f"{word} {expression(node.value)}"]


def _article(node: tree.Article | tree.Translated) -> Lines:
    return [f'article {node.number} "{node.title}"', *below(_members(node.lines))]


def _members(nodes: Iterable[tree.Node]) -> Lines:
    """Words and provisions; between words and words that would run into them stands an empty line."""
    written: Lines = []
    before: tree.Node | None = None
    for node in nodes:
        if isinstance(before, tree.Prose) and isinstance(node, tree.Prose) and node.paragraph is None:
            written.append("")
        written += lines_of(node)
        before = node
    return written


def _departure(node: tree.Departure) -> Lines:
    if node.article is None:
        return noted(f"delete article {node.number}", node.notes)
    head, *rest = _article(node.article)
    return [f"{node.kind} {head}", *rest]


def _alternative(node: tree.Alternative) -> Lines:
    ties = f" with {listed(node.ties)}" if node.ties else ""
    proposers = f" proposed by {listed(node.proposers)}" if node.proposers else ""
    head = f"alternative {node.name.text}{quoted(node.title)}{ties}{proposers}"
    return [head, *below(map(note, node.notes), _members(node.lines) if node.lines else ["none"])]


def _prose(node: tree.Prose) -> Lines:
    number = f"({node.paragraph}) " if node.paragraph is not None else ""
    return [f"{number}> {node.text}".rstrip(" ")]


def _file(node: tree.PolicyFile | tree.TranslationFile) -> Lines:
    header = [node.header] if node.header is not None else []
    return [line for part in (*header, *node.items) for line in lines_of(part)]


def _translation(node: tree.TranslationHeader) -> Lines:
    return [f'translation {node.language.text} "{node.title}"', *below(*map(lines_of, node.lines))]


def _named(node: tree.Named) -> Lines:
    of = f" of {node.of.text}" if node.of is not None else ""
    return noted(f"name {node.name.text}{of}{quoted(node.title)}", node.notes)


def _broken(node: tree.Broken) -> Lines:
    """What could not be read, as it stands; the lines below the first keep their distance from it."""
    first, *rest = node.span.text.split("\n")
    column = node.span.begins.column - 1
    moved = [line[min(column, len(line) - len(line.lstrip(" "))) :] for line in rest]
    return [Verbatim(line.rstrip("\r")) for line in (first, *moved)]


FORMS: dict[type[tree.Node], Callable[[Any], Lines]] = {
    **PROVISIONS,
    tree.PolicyFile: _file,
    tree.Header: _header,
    tree.HeadLine: _head_line,
    tree.TranslationLine: lambda node: [f"translation {node.language.text} {expression(node.value)}"],
    tree.Part: lambda node: [f'part {node.number} "{node.title}"'],
    tree.Article: _article,
    tree.ArticleNumber: lambda node: [str(node)],
    tree.Departure: _departure,
    tree.Alternative: _alternative,
    tree.Prose: _prose,
    tree.Condition: condition,
    tree.Note: lambda node: [note(node)],
    tree.Each: lambda node: [each(node).strip()],
    tree.UnitTerm: lambda node: [unit(node)],
    tree.Seat: lambda node: [seat(node)],
    tree.Comment: lambda node: [node.text],
    tree.Broken: _broken,
    tree.TranslationFile: _file,
    tree.TranslationHeader: _translation,
    tree.Translated: _article,
    tree.Untranslated: lambda node: noted(f"delete article {node.number}", node.notes),
    tree.Named: _named,
}
