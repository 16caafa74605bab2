"""What an expression looks like before anything is known of its names: a figure, a group, a row of operands."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.syntax import tree
from policy_dsl.values import UnitFault, unit_named


def is_figure(node: tree.Expr) -> bool:
    """Whether a unit may follow after `per`: `1_000 USD per person per year`."""
    match node:
        case tree.Quantity() | tree.Number() | tree.Percent():
            return True
        case tree.Binary(op="per", left=left, right=tree.Name(text=text)):
            return is_figure(left) and is_unit(text)
        case tree.Binary(op="per", left=left, right=tree.Code()):
            return is_figure(left)
        case _:
            return False


def is_unit(word: str) -> bool:
    """Whether a word is a unit."""
    try:
        unit_named(word)
    except UnitFault:
        return False
    return True


def before(node: tree.Expr, last: tree.Expr) -> Iterator[tree.Expr]:
    """The operands that stand before the last one of a row of operations."""
    inner = node.left if isinstance(node, tree.Binary) else node
    while isinstance(inner, tree.Binary) and inner is not last:
        yield inner.left
        inner = inner.right


def group_leaves(node: tree.Node | None) -> Iterator[tree.Name]:
    """The names that a group is made of."""
    match node:
        case tree.Name():
            yield node
        case tree.Binary(op="or", left=left, right=right):
            yield from group_leaves(left)
            yield from group_leaves(right)
        case tree.Group(base=base, minus=minus):
            yield from group_leaves(base)
            yield from group_leaves(minus)
        case _:
            pass
