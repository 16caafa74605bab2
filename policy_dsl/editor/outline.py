"""The shape of a text: its articles with what stands in them, and what can be folded."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.records import dataclass
from policy_dsl.source import Source, Span
from policy_dsl.syntax import blocks, tree


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a text holds: `kind` is the word that opens it; `place` is where its name or number stands."""

    kind: str
    name: str
    detail: str
    span: Span
    place: Span
    items: tuple[Item, ...] = ()


def outline(file: tree.PolicyFile | tree.TranslationFile) -> tuple[Item, ...]:
    """What stands in a text, article by article. What could not be read stands among it."""
    found = []
    if file.header is not None:
        header = file.header
        name = header.name if isinstance(header, tree.Header) else header.language
        kind = "policy" if isinstance(header, tree.Header) else "translation"
        found.append(_item(kind, name.text, header.title, header.span, name.span))
    found += [each for item in file.items for each in _items(item)]
    return tuple(found)


def _items(node: tree.Node) -> Iterator[Item]:
    match node:
        case tree.Part():
            yield _item("part", f"Part {node.number}", node.title, node.span, _head(node.span))
        case tree.Article() | tree.Translated():
            yield _article(node, node.span, "")
        case tree.Departure(article=tree.Article() as article):
            yield _article(article, node.span, f"{node.kind} ")
        case tree.Departure() | tree.Untranslated():
            yield _item("article", f"delete Article {node.number}", "", node.span, node.number.span)
        case tree.Alternative():
            inside = tuple(each for line in node.lines for each in _items(line))
            yield _item("alternative", f"Alternative {node.name.text}", node.title, node.span, node.name.span, inside)
        case tree.Prose():
            if node.paragraph is not None:
                yield _item("paragraph", f"({node.paragraph})", _short(node.text), node.span, _head(node.span))
        case tree.Indicators():
            rows = tuple(_named("indicator", row) for row in node.rows)
            yield _item("indicators", _head(node.span).text, "", node.span, _head(node.span), rows)
        case tree.Example():
            yield _item("example", node.title, "example", node.span, _head(node.span))
        case tree.Procedure():
            steps = tuple(_with_locals("step", step, step.locals) for step in node.steps)
            yield _item("procedure", node.name.text, node.title, node.span, node.name.span, steps)
        case tree.Key():
            yield _with_locals("key", node, node.locals)
        case tree.Criteria():
            rows = tuple(_item("criterion", row.name.text, "", row.span, row.name.span) for row in node.rows)
            yield _item("criteria", node.name.text, node.title, node.span, node.name.span, rows)
        case tree.SetOf():
            yield _named(node.kind, node)
        case tree.Reservable():
            yield _item("reservations", "reservations permitted", "", node.span, _head(node.span))
        case tree.Provision():
            yield _named(type(node).__name__.lower(), node)
        case tree.Named():
            of = f" of {node.of.text}" if node.of is not None else ""
            yield _item("name", f"{node.name.text}{of}", node.title, node.span, node.name.span)
        case tree.Broken():
            yield _item("broken", _short(_head(node.span).text), "can't be read", node.span, _head(node.span))


def _article(node: tree.Article | tree.Translated, span: Span, departs: str) -> Item:
    inside = tuple(each for line in node.lines for each in _items(line))
    return _item("article", f"{departs}Article {node.number}", node.title, span, node.number.span, inside)


def _with_locals(kind: str, node: tree.Provision, inside: tuple[tree.Define, ...]) -> Item:
    rows = tuple(_named("define", each) for each in inside)
    return _item(kind, node.name.text, node.title, node.span, node.name.span, rows)


def _named(kind: str, node: tree.Provision) -> Item:
    return _item(kind, node.name.text, node.title, node.span, node.name.span)


def _item(kind: str, name: str, detail: str, span: Span, place: Span, items: tuple[Item, ...] = ()) -> Item:
    whole = span.trimmed
    start, end = min(whole.start, place.start), max(whole.end, place.end)
    return Item(kind, name or kind, detail, whole.source.span(start, end), place, items)


def _head(span: Span) -> Span:
    """The first line of a span."""
    return span._replace(end=span.start + len(span.text.split("\n", 1)[0])).trimmed


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 60 else plain[:59].rstrip() + "…"


def folds(source: Source) -> list[tuple[int, int, str]]:
    """What can be folded: first and last line from 0, and whether it is a comment or words as adopted, or neither.

    A line folds what is indented below it. It is read off the lines alone, so that a torn text can be folded too.
    """
    found: list[tuple[int, int, str]] = []
    rows = blocks.lines(source.text, 0, len(source.text))
    numbered = [(source.place(row.first).line - 1, row.depth) for row in rows]
    open_: list[tuple[int, int]] = []
    before = 0
    for number, depth in numbered:
        while open_ and open_[-1][1] >= depth:
            first, _ = open_.pop()
            if before > first:
                found.append((first, before, ""))
        open_.append((number, depth))
        before = number
    found += [(first, before, "") for first, _ in open_ if before > first]
    return sorted([*found, *_runs(source)])


def _runs(source: Source) -> Iterator[tuple[int, int, str]]:
    """Comments on several lines, one below the other."""
    first: int | None = None
    listed = source.text.split("\n")
    for number, line in enumerate([*listed, ""]):
        if line.lstrip().startswith("#"):
            first = number if first is None else first
        elif first is not None:
            if number - 1 > first:
                yield first, number - 1, "comment"
            first = None
