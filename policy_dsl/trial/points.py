"""The points of a policy that an example can exercise: provisions, branches, brackets, exceptions, refusals.

They are read off the syntax tree of the file itself; what a model or a used file provides is for the examples there.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.source import Span
from policy_dsl.syntax import tree

KINDS = ("provision", "branch", "bracket", "exception", "refusal")
# They have no value of their own: a body, the days that count as working days, who may make reservations.
_WITHOUT_VALUE = ("participant", "calendar", "reservable", "procedure", "transitional")


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """Something that an example exercises or does not.

    `kind` is one of KINDS; `way` says which way it has to go ("then", "else", "gap", "applies", "refused" …), empty for
    a provision; `mark` is the node under which derivations tell of it; `span` its place in the text.
    """

    kind: str
    way: str
    entry: Entry
    mark: tree.Node
    span: Span

    @property
    def line(self) -> int:
        """The line on which it stands."""
        return self.span.begins.line

    @property
    def text(self) -> str:
        """Its words, on one line."""
        return " ".join(self.span.text.split("\n", 1)[0].split())


def points(program: Program) -> Iterator[Point]:
    """All points of the file itself, in the order of its text."""
    found = (point for entry in program.entries.values() for point in _of_entry(program, entry))
    yield from sorted(found, key=lambda each: (each.span.start, KINDS.index(each.kind)))


def article_of(program: Program, span: Span) -> tree.Article | None:
    """The article of the file in which a stretch of text stands."""
    for law in program.law:
        if law.node.span.source is span.source and law.node.span.start <= span.start < law.node.span.end:
            return law.node
    return None


def _of_entry(program: Program, entry: Entry) -> Iterator[Point]:
    if entry.node.span.source is not program.source or entry.kind in _WITHOUT_VALUE:
        return
    if isinstance(entry.node, tree.Guarantee) and entry.node.independent is not None:
        # It is proved from the text: no example could try it.
        return
    yield Point("provision", "", entry, entry.node, first_line(entry.node.span))
    for kind, way, mark in _inside(entry.node):
        yield Point(kind, way, entry, mark, _place(way, mark))


def _inside(provision: tree.Provision) -> Iterator[tuple[str, str, tree.Node]]:
    """The points inside a provision. What is local to it is a provision of its own."""
    for node in _own(provision):
        match node:
            case tree.Choice():
                yield "branch", "then", node
                yield "branch", "else", node
            case tree.Excepted():
                yield "exception", "applies", node
            case tree.Modified():
                yield "exception", "reserved", node
            case tree.Bracket():
                yield "bracket", "reached", node
            case tree.Dated():
                yield "branch", "in force", node
            case tree.Limit():
                yield "branch", "holds", node
            case tree.Remainder() if not isinstance(node.group, tree.Nothing):
                yield "branch", "taken", node
            case tree.Group():
                if node.minus is not None:
                    yield "exception", "kept out", node
                if node.where is not None:
                    yield "branch", "filtered out", node
            case tree.LeftTo():
                yield "branch", "chosen", node
                if node.otherwise is not None:
                    yield "branch", "not chosen", node
            case tree.Aggregate(ties=ties):
                yield from (("branch", "tie", tie) for tie in ties)
            case tree.Criterion(least=least) if least is not None:
                yield "refusal", "not met", node
    match provision:
        case tree.Indicator(missing=missing) if missing is not None:
            yield "branch", "gap", provision
        case tree.SetOf():
            yield from (("refusal", "no seat", line) for line in provision.requires)
        case tree.Step():
            yield from _of_step(provision)
        case tree.Duty():
            if provision.when is not None:
                yield "branch", "not arisen", provision.when
            if provision.kept is not None:
                yield "branch", "kept", provision.kept
                yield "refusal", "breached", provision.kept
        case tree.Apportion():
            yield from (("branch", "tie", line) for line in provision.ties)


def _of_step(step: tree.Step) -> Iterator[tuple[str, str, tree.Node]]:
    vote = step.adopted is not None
    for line in (None if vote else step.by, step.not_before, step.not_after, *step.requires, step.quorum):
        if line is not None and not isinstance(line.expr, tree.Nothing):
            yield "refusal", "refused", line
    if step.once_each:
        yield "refusal", "once each", step
    for line in (step.adopted, step.failing):
        if line is not None:
            yield "branch", "adopted", line
    if step.adopted is not None:
        yield "refusal", "rejected", step.adopted


def _own(provision: tree.Node) -> Iterator[tree.Node]:
    """A provision and the nodes inside it, without the provisions that are local to it."""
    yield provision
    for child in tree.children(provision):
        if not isinstance(child, tree.Provision):
            yield from _own(child)


def _place(way: str, mark: tree.Node) -> Span:
    match way, mark:
        case "then", tree.Choice():
            return mark.then.span
        case "else", tree.Choice():
            return mark.otherwise.span
        case "gap", tree.Indicator() if mark.missing is not None:
            return mark.missing.span
        case "kept out", tree.Group() if mark.minus is not None:
            return mark.minus.span
        case "filtered out", tree.Group() if mark.where is not None:
            return mark.where.span
        case "once each", _:
            found = mark.span.text.find("once each")
            return mark.span.source.span(mark.span.start + found, mark.span.start + found + len("once each"))
        case "not chosen", tree.LeftTo() if mark.otherwise is not None:
            return mark.otherwise.span
    return first_line(mark.span)


def first_line(span: Span) -> Span:
    """A stretch of text up to the end of its first line, without the blanks there."""
    line = span.text.split("\n", 1)[0].rstrip()
    return span.source.span(span.start, span.start + len(line))


__all__ = ["KINDS", "Point", "article_of", "first_line", "points"]
