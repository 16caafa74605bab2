"""What all nodes have in common: their place in the text, names, notes, and ways to go through a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast, dataclass_transform

from policy_dsl.source import Span

Made = TypeVar("Made")


@dataclass_transform(eq_default=False, frozen_default=True)
def node(cls: type[Made]) -> type[Made]:
    """Marks a class as a kind of node."""
    return dataclass(frozen=True, slots=True, eq=False)(cls)


@node
class Node:
    """Anything that stands in the text."""

    span: Span


@node
class Ident(Node):
    """A name where it is written."""

    text: str


@node
class Comment(Node):
    """A comment, from its `#` to the end of the line."""

    text: str


@node
class Note(Node):
    """`because "…"`, `cites "…"` or `notwithstanding Art. n`; `text` is without quotes."""

    kind: str
    text: str


@node
class UnitTerm(Node):
    """A unit as written: `USD per person per year` is over=(USD), per=(person, year)."""

    over: tuple[Ident, ...]
    per: tuple[Ident, ...]


@node
class Broken(Node):
    """A block that could not be read. `declares` holds the names it seems to give: their uses are no faults."""

    declares: tuple[str, ...]


@node
class Expr(Node):
    """An expression."""


@node
class Condition(Node):
    """A line that holds one expression and may give its grounds: `requires x`, `total x`, `by x` …"""

    word: str
    expr: Expr
    notes: tuple[Note, ...]


@node
class Each(Node):
    """`for the case` (empty), `for each member`, `for each cohort`, `for each cohort and member`."""

    of: tuple[Ident, ...]


@node
class Provision(Node):
    """A provision: what it is called, its title, and its notes."""

    name: Ident
    title: str
    notes: tuple[Note, ...]


def children(of: Node) -> Iterator[Node]:
    """The nodes directly inside a node, in the order of its fields."""
    for each in fields(cast(Any, of)):
        if each.name == "span":
            continue
        yield from _nodes_in(getattr(of, each.name))


def walk(of: Node) -> Iterator[Node]:
    """A node and all the nodes inside it, outermost first."""
    yield of
    for child in children(of):
        yield from walk(child)


def same(one: object, other: object) -> bool:
    """Whether two trees say the same, wherever they stand: spans and comments do not count."""
    if isinstance(one, Node):
        return type(one) is type(other) and all(
            same(getattr(one, each.name), getattr(other, each.name))
            for each in fields(cast(Any, one))
            if each.name not in ("span", "comments")
        )
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    return one == other


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
