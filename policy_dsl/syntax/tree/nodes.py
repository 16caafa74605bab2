"""What all nodes have in common: their place in the text, names, notes, and ways to go through a tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, dataclass_transform

from policy_dsl.source import Span

# What a field is written to hold where it holds no node.
BARE = frozenset({"Span", "str", "int", "int | None", "bool", "Fraction", "date | datetime"})


@dataclass_transform(eq_default=False, frozen_default=True)
class NodeKind(type):
    """Makes a frozen, slotted record of each class of node, with its fields in order.

    A standard frozen dataclass does the same; some ninety of them took longer to define than a file takes to read.
    `called` is the name of the class in small letters.
    """

    _fields: tuple[str, ...] = ()
    _inner: tuple[str, ...] = ()  # the fields that may hold nodes
    called: str = ""

    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> NodeKind:
        kinds = space.get("__annotations__", {})
        own = tuple(kinds)
        base = bases[0] if bases and isinstance(bases[0], NodeKind) else None
        every = (*(base._fields if base else ()), *own)
        inner = (*(base._inner if base else ()), *(each for each in own if kinds[each] not in BARE))
        made = {**space, "__slots__": own, "__match_args__": every, "_fields": every, "_inner": inner}
        return super().__new__(cls, name, bases, {**made, "called": name.lower()})


class Node(metaclass=NodeKind):
    """Anything that stands in the text. Nodes are immutable and compare by identity."""

    span: Span

    def __init__(self, *values: object, **named: object) -> None:
        names = type(self)._fields
        if named:
            values += tuple(named.pop(each) for each in names[len(values) :] if each in named)
        if len(values) != len(names) or named:
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(names)}")
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple(getattr(self, each) for each in type(self)._fields)

    @property
    def written(self) -> str:
        """The words of the node as they stand in the text, on one line."""
        return " ".join(self.span.text.split())

    def __repr__(self) -> str:
        shown = ", ".join(f"{each}={getattr(self, each)!r}" for each in type(self)._fields if each != "span")
        return f"{type(self).__name__}({shown})"


class Ident(Node):
    """A name where it is written."""

    text: str


class Comment(Node):
    """A comment, from its `#` to the end of the line."""

    text: str


class Note(Node):
    """`because "…"`, `cites "…"` or `notwithstanding Art. n`; `text` is without quotes."""

    kind: str
    text: str


class UnitTerm(Node):
    """A unit as written: `USD per person per year` is over=(USD), per=(person, year)."""

    over: tuple[Ident, ...]
    per: tuple[Ident, ...]


class Broken(Node):
    """A block that could not be read. `declares` holds the names it seems to give: their uses are no faults."""

    declares: tuple[str, ...]


class Expr(Node):
    """An expression."""


class Condition(Node):
    """A line that holds one expression and may give its grounds: `requires x`, `total x`, `by x` …"""

    word: str
    expr: Expr
    notes: tuple[Note, ...]


class Each(Node):
    """`for the case` (empty), `for each member`, `for each cohort`, `for each cohort and member`."""

    of: tuple[Ident, ...]


class Provision(Node):
    """A provision: what it is called, its title, and its notes."""

    name: Ident
    title: str
    notes: tuple[Note, ...]


def children(of: Node) -> Iterator[Node]:
    """The nodes directly inside a node, in the order of its fields."""
    return iter(_inside(of))


def walk(of: Node) -> Iterator[Node]:
    """A node and all the nodes inside it, outermost first."""
    todo = [of]
    while todo:
        node = todo.pop()
        yield node
        inside = _inside(node)
        inside.reverse()
        todo += inside


def same(one: object, other: object) -> bool:
    """Whether two trees say the same, wherever they stand: spans and comments do not count."""
    if isinstance(one, Node):
        return type(one) is type(other) and all(
            same(getattr(one, each), getattr(other, each))
            for each in type(one)._fields
            if each not in ("span", "comments")
        )
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    return one == other


def _inside(of: Node) -> list[Node]:
    found: list[Node] = []
    for name in type(of)._inner:
        value = getattr(of, name)
        if isinstance(value, Node):
            found.append(value)
        elif value.__class__ is tuple:
            _gather(value, found)
    return found


def _gather(values: tuple[object, ...], found: list[Node]) -> None:
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            _gather(value, found)
