"""Stretches of the rules as they are written, figures as the text states them, and when two say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy_dsl.compare.changes.record import Figure, Quoted, Said, Term, Titled
from policy_dsl.layout.signs import Sign, Unknown, signs, spaced
from policy_dsl.syntax import tree
from policy_dsl.values.units import WORDS

SAID = ("because", "cites")
"""The notes that are only said; the others decide which rule prevails."""
SILENT = ("span", "title", "comments")
"""The fields of the tree that compute nothing."""


def quoted(node: tree.Node) -> Quoted:
    """A part of the rules in the canonical layout, on one line, without comments and without the grounds of a line."""
    return Quoted(canonical(node))


def canonical(node: tree.Node) -> str:
    """A part of the rules on one line: one blank between two signs, and no comment."""
    found: list[Sign] = []
    for line in node.span.text.split("\n"):
        try:
            found += signs(line)[0]
        except Unknown:
            return node.written
    return spaced(found)


def term_of(node: tree.Node | None) -> Term:
    """What stands in a statement for a part of the rules: figures as figures, the rest as it is written."""
    match node:
        case None:
            return None
        case tree.Number(value=value):
            return Figure(value, "", "number")
        case tree.Percent(value=value):
            return Figure(value, "", "percent")
        case tree.Ratio(value=value):
            return Figure(value, "", "ratio")
        case tree.Quantity(value=value, unit=unit):
            return Figure(value, unit.text, "quantity")
        case tree.Binary(op="per") if (rate := _rate(node)) is not None:
            return rate
        case tree.Text(value=text):
            return Said(text)
        case tree.DateLiteral(value=value):
            return value
    return quoted(node)


def _rate(node: tree.Node) -> Figure | None:
    """A figure with units after `per`, as `5 USD per person per year`."""
    per: list[str] = []
    while isinstance(node, tree.Binary) and node.op == "per":
        if not isinstance(node.right, tree.Name) or node.right.text not in WORDS:
            return None
        per.insert(0, node.right.text)
        node = node.left
    if not isinstance(node, tree.Quantity):
        return None
    return Figure(node.value, " per ".join((node.unit.text, *per)), "quantity")


def name_of(node: tree.Node, names: Mapping[str, Titled]) -> Term:
    """What a part of the rules goes by: a mere name by the title of what it names, the rest as it is written."""
    if isinstance(node, tree.Name | tree.Ident) and node.text in names:
        return names[node.text]
    return term_of(node)


def alike(one: object, other: object) -> bool:
    """Whether two parts of the tree compute the same: titles, reasons, sources, places and comments do not count."""
    if isinstance(one, tree.Node):
        return type(one) is type(other) and all(
            alike(getattr(one, each), getattr(other, each)) for each in type(one)._fields if each not in SILENT
        )
    if isinstance(one, tuple) and isinstance(other, tuple):
        left, right = _computing(one), _computing(other)
        return len(left) == len(right) and all(map(alike, left, right))
    return one == other


def _computing(parts: Iterable[object]) -> list[object]:
    return [each for each in parts if not (isinstance(each, tree.Note) and each.kind in SAID)]


def remade(node: tree.Node, **fields: object) -> tree.Node:
    """A node with other fields."""
    return type(node)(*(fields.get(each, getattr(node, each)) for each in type(node)._fields))
