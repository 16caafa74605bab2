"""Mutations of a policy: every line left out, every condition denied, every figure and word of a method changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.trial.altering import Edit, article_in, fixed_words, left_out, sign_between

COMPARED = {"<": ">", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "=", "is": "is not", "is not": "is"}
JOINED = {"and": "or", "or": "and", "+": "-", "-": "+", "*": "/", "after": "before", "before": "after"}
CALLED = {"max": "min", "min": "max"}
DENIED = ("requires", "kept when", "when", "where", "adopted when", "failing which")
LINES = (
    tree.Condition, tree.Fixed, tree.Relief, tree.Limit, tree.Less, tree.Rounding, tree.Remainder, tree.Adjusted,
    tree.Fed, tree.Pays, tree.Suspends, tree.Reserves, tree.Excepted, tree.KeyPart, tree.Bracket, tree.Criterion,
    tree.Informed, tree.Dated, tree.Every, tree.Indicator, tree.RecordField,
)  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """An edit of an article's text. `line` is what stands there as written, `provision` the name it belongs to."""

    article: tree.Article
    provision: str
    how: str
    span: Span
    text: str

    @property
    def edit(self) -> Edit:
        """The edit of the text."""
        return Edit(self.span, self.text)

    @property
    def line(self) -> str:
        """The first line that is changed, without its blanks."""
        return " ".join(self.span.source.line(self.span.begins.line).split())

    @property
    def key(self) -> str:
        """What is mutated, for the list of what nothing exercises."""
        return f"Art. {self.article.number} {self.provision}: {self.line}"

    def __str__(self) -> str:
        return f"{self.key} [{self.how}: {self.text.strip() or 'nothing'}]"


def mutations(file: tree.PolicyFile) -> Iterator[Mutation]:
    """Every mutation of every article, in the order of the text."""
    for item in file.items:
        article = article_in(item)
        for line in article.lines if article is not None else ():
            for provision, how, span, text in _of_line(line):
                yield Mutation(article, provision, how, span, text)


def _of_line(line: tree.Node) -> Iterator[tuple[str, str, Span, str]]:
    match line:
        case tree.Indicators():
            for row in line.rows:
                for how, span, text in (*_left_out(row), *_within(row)):
                    yield row.name.text, how, span, text
        case tree.Procedure():
            for step in line.steps:
                for how, span, text in (*_left_out(step), *_within(step)):
                    yield step.name.text, how, span, text
        case tree.Provision():
            for how, span, text in (*_left_out(line), *_within(line)):
                yield line.name.text, how, span, text


def _within(provision: tree.Node) -> Iterator[tuple[str, Span, str]]:
    for node in tree.walk(provision):
        if node is not provision and isinstance(node, LINES):
            yield from _left_out(node)
        yield from _changed(node)
    if isinstance(provision, tree.Key) and len(provision.parts) > 1:
        first, second = provision.parts[0].weight, provision.parts[1].weight
        if first.span.text != second.span.text:
            whole = first.span.to(second.span)
            between = whole.source.text[first.span.end : second.span.start]
            yield "weights exchanged", whole, second.span.text + between + first.span.text
    if isinstance(provision, tree.Step):
        yield from _words(provision, "once each", "")
        yield from _words(provision, "repeated", "")
        yield from _words(provision, "silence means adopted", "silence means rejected")


def _words(provision: tree.Node, old: str, new: str) -> Iterator[tuple[str, Span, str]]:
    """A line of fixed words, changed or left out."""
    edit = fixed_words(provision, old, new)
    if edit is not None:
        yield ("changed" if new else "left out"), edit.span, edit.text


def _left_out(node: tree.Node) -> Iterator[tuple[str, Span, str]]:
    """A node that stands on lines of its own, without them."""
    edit = left_out(node)
    if edit is not None:
        yield "left out", edit.span, edit.text


def _changed(node: tree.Node) -> Iterator[tuple[str, Span, str]]:
    span = node.span
    match node:
        case tree.Number() | tree.Quantity() | tree.Percent():
            found = re.match(r"[\d_.]+", span.text)
            if found is not None:
                for how, new in (("larger", _larger(found[0])), ("smaller", _smaller(found[0]))):
                    yield f"figure {how}", span, new + span.text[found.end() :]
        case tree.Ratio():
            above, below = span.text.split("/")
            yield "figure smaller", span, f"{above}/{int(below) + 2}"
        case tree.DateLiteral() if isinstance(node.value, date):
            yield "date later", span, str(node.value.year + 1) + span.text[4:]
        case tree.Binary() if node.op in COMPARED | JOINED:
            edit = sign_between(node, {**COMPARED, **JOINED}[node.op])
            if edit is not None:
                yield "comparison" if node.op in COMPARED else "operation", edit.span, edit.text
        case tree.Call() if node.name.text in CALLED:
            yield "operation", node.name.span, CALLED[node.name.text]
        case tree.Choice():
            yield "condition denied", node.when.span, f"not ({node.when.span.text})"
        case tree.Excepted():
            yield "condition denied", node.when.span, f"not ({node.when.span.text})"
        case tree.Group() if node.minus is not None:
            yield "exception dropped", span, node.base.span.text
        case tree.Group() if node.where is not None:
            yield "condition denied", node.where.span, f"not ({node.where.span.text})"
        case tree.Condition() if node.word in DENIED:
            yield "condition denied", node.expr.span, f"not ({node.expr.span.text})"
        case tree.Condition() if node.word == "ties":
            yield "tie by lot", node.expr.span, "lot"
        case tree.Limit():
            other = "at least" if node.kind == "at most" else "at most"
            at = span.text.find(node.kind)
            if at >= 0:
                yield "limit turned", span.source.span(span.start + at, span.start + at + len(node.kind)), other
        case tree.Rounding():
            yield "method", node.method.span, "down" if node.method.text != "down" else "up"


def _larger(digits: str) -> str:
    bare = digits.replace("_", "")
    return str(int(bare) * 2 + 1) if "." not in bare else f"{float(bare) * 2:.6g}"


def _smaller(digits: str) -> str:
    bare = digits.replace("_", "")
    return str(int(bare) // 2) if "." not in bare else f"{float(bare) / 2:.6g}"
