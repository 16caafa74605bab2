"""What provisions are made of: names, notes, units, seats, and lines that hold one expression."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_dsl.layout.printing.expressions import ANY, GROUP, expression
from policy_dsl.syntax import tree

Lines = list[str]


def listed(nodes: Iterable[tree.Node]) -> str:
    """Names or values with commas between them."""
    return ", ".join(map(expression, nodes))


def below(*groups: Iterable[str]) -> Lines:
    """Lines, a step deeper."""
    return [type(line)(f"  {line}") if line else "" for group in groups for line in group]


def titled(word: str, node: tree.Provision) -> str:
    """`word name "Title"`."""
    return f"{word} {node.name.text}{quoted(node.title)}"


def quoted(title: str) -> str:
    """A title after a blank, if there is one."""
    return f' "{title}"' if title else ""


def note(node: tree.Note) -> str:
    """A reason, a source, or what the provision prevails over."""
    return f"{node.kind} {node.text}" if node.kind == "notwithstanding" else f'{node.kind} "{node.text}"'


def noted(line: str, notes: Sequence[tree.Note]) -> Lines:
    """A line with its notes below it."""
    return [line, *below(map(note, notes))]


def condition(node: tree.Condition | None, place: int = ANY) -> Lines:
    """A line that holds one expression."""
    if node is None:
        return []
    if node.word == "equally":
        return noted("equally", node.notes)
    word = {"ties": "ties by", "similar": "similar within"}.get(node.word, node.word)
    if node.word in ("among", "binds"):
        place = GROUP
    return noted(f"{word} {expression(node.expr, place)}", node.notes)


def conditions(nodes: Iterable[tree.Condition]) -> Lines:
    """Several such lines."""
    return [line for node in nodes for line in condition(node)]


def kind_of_fact(node: tree.UnitTerm | tree.Ident) -> str:
    """The unit of a fact, or the name of its type."""
    return unit(node) if isinstance(node, tree.UnitTerm) else node.text


def unit(node: tree.UnitTerm) -> str:
    """`USD per person per year`."""
    return " per ".join(each.text for each in (*node.over, *node.per))


def each(node: tree.Each | None) -> str:
    """`for each cohort and member`, after a blank."""
    if node is None:
        return ""
    return " for each " + " and ".join(name.text for name in node.of) if node.of else " for the case"


def seat(node: tree.Seat) -> str:
    """`HRV from 2013-07-01`."""
    since = f" from {expression(node.since)}" if node.since is not None else ""
    until = f" until {expression(node.until)}" if node.until is not None else ""
    return node.code.text + since + until
