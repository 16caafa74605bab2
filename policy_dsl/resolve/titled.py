"""What an article calls by a name: the things to which a translation gives titles, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.records import dataclass
from policy_dsl.syntax import tree

SAID = ("because", "cites")
BEARERS = (tree.Provision, tree.Criterion)


@dataclass(frozen=True, slots=True, eq=False)
class Titled:
    """A name, whether or not it has a title, with the reasons and sources that stand with it.

    `of` is the step, the key or the group inside which it stands, none for what stands by itself.
    """

    name: tree.Ident
    of: tree.Ident | None
    title: str
    notes: tuple[tree.Note, ...] = ()

    def is_called(self, name: str, of: str) -> bool:
        """Whether a translation means this by a name; `of` is empty where it names nothing to which it belongs."""
        return self.name.text == name and (not of or (self.of is not None and self.of.text == of))


def titled(article: tree.Article) -> Iterator[Titled]:
    """All that an article calls by a name, in the order of the text."""
    for line in article.lines:
        match line:
            case tree.Indicators(rows=rows):
                for row in rows:
                    yield _of(row)
            case tree.Procedure():
                yield _of(line)
                for step in line.steps:
                    yield from _inside(step, step.locals)
                    yield from (Titled(field.name, step.name, "") for field in step.records)
            case tree.Key():
                yield from _inside(line, line.locals)
            case tree.Criteria():
                yield _of(line)
                yield from (Titled(row.name, None, "", notes(row)) for row in line.rows)
            case tree.Fund():
                yield _of(line)
                yield from (Titled(row.name, None, "") for row in line.suspends)
            case tree.SetOf():
                yield _of(line)
                yield from (Titled(ground, line.name, "") for ground in line.grounds)
            case tree.Provision():
                yield _of(line)


def notes(node: tree.Node) -> tuple[tree.Note, ...]:
    """The reasons and sources in a part of the tree, without those of what has a name of its own in it."""
    return tuple(_notes(node))


def _notes(node: tree.Node) -> Iterator[tree.Note]:
    found = [each for each in tree.children(node) if not isinstance(each, BEARERS)]
    for each in found:
        if isinstance(each, tree.Note):
            if each.kind in SAID:
                yield each
        else:
            yield from _notes(each)


def _of(node: tree.Provision, of: tree.Ident | None = None) -> Titled:
    # Fields of a node stand in the order of its class; reasons are counted in that of the text.
    return Titled(node.name, of, node.title, tuple(sorted(notes(node), key=lambda note: note.span.start)))


def _inside(node: tree.Step | tree.Key, own: tuple[tree.Define, ...]) -> Iterator[Titled]:
    yield _of(node)
    yield from (_of(each, node.name) for each in own)
