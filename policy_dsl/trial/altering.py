"""A policy with some of its text altered: only the articles concerned are read anew, the rest stays as it was read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from policy_dsl.check import Checked, check
from policy_dsl.diagnostics.problem import Problem, errors_of
from policy_dsl.records import dataclass
from policy_dsl.resolve import resolve
from policy_dsl.source import Source, Span
from policy_dsl.syntax import Parsed, parse, tree

Load = Callable[[str, Source], Source | None]


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of the text, and what stands there instead; an empty text leaves it out."""

    span: Span
    text: str


def article_in(item: tree.Node) -> tree.Article | None:
    """The article that an item of a file is or brings, if any."""
    found = item.article if isinstance(item, tree.Departure) else item
    return found if isinstance(found, tree.Article) else None


def altered(parsed: Parsed, edits: Iterable[Edit]) -> Parsed:
    """A file with edits inside its articles; each article with an edit is read anew under the header of the file."""
    file = parsed.tree
    source = file.span.source
    header = source.text[: file.items[0].span.start]
    items = list(file.items)
    problems: list[Problem] = []
    waiting = sorted(edits, key=lambda each: each.span.start, reverse=True)
    for at, item in enumerate(file.items):
        inside = [each for each in waiting if item.span.start <= each.span.start and each.span.end <= item.span.end]
        if not inside:
            continue
        text = source.text[: item.span.end]
        for edit in inside:
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        small = parse(Source(source.name, f"{header}{text[item.span.start :]}\n"))
        problems += small.problems
        items[at : at + 1] = small.tree.items
    return Parsed(tree.PolicyFile(file.span, file.header, tuple(items), file.comments), tuple(problems))


def examined(parsed: Parsed, load: Load) -> tuple[Checked | None, tuple[Problem, ...]]:
    """A file resolved and checked. It is none with the errors found, if the checker refuses it."""
    resolved = resolve(parsed, load)
    if resolved.program is None:
        return None, errors_of((*parsed.problems, *resolved.problems))
    found = check(resolved.program)
    errors = errors_of((*parsed.problems, *resolved.problems, *found.problems))
    return (None if errors else found), errors


def left_out(node: tree.Node) -> Edit | None:
    """A node that stands on lines of its own, without them; none for one that shares its line."""
    source, span = node.span.source, node.span
    start = source.starts[span.begins.line - 1]
    if source.text[start : span.start].strip():
        return None
    end = source.text.find("\n", span.end)
    return Edit(source.span(start, end if end >= 0 else len(source.text)), "")


def fixed_words(provision: tree.Node, words: str, instead: str = "") -> Edit | None:
    """A line of fixed words, such as `once each`, changed or left out; none where the provision has no such line."""
    found = re.search(rf"^ *{words} *$", provision.span.text, re.MULTILINE)
    if found is None:
        return None
    span = provision.span.source.span(provision.span.start + found.start(), provision.span.start + found.end())
    return Edit(span, instead and span.text.replace(words, instead))


def sign_between(node: tree.Binary, instead: str) -> Edit | None:
    """The sign or word between two sides of an operation, changed; none where it does not stand there as a word."""
    between = node.span.source.span(node.left.span.end, node.right.span.start)
    pattern = rf"(?<!\S){re.escape(node.op)}(?!\S)"
    if not re.search(pattern, between.text):
        return None
    return Edit(between, re.sub(pattern, instead, between.text))
