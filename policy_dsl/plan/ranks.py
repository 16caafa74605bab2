"""Figures by which members are compared, as kernels want them; ranks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from policy_dsl.plan.build import Builder
from policy_dsl.plan.kernels import Compared, Off, Ranking
from policy_dsl.plan.nodes import WHOLE, Node


def rank(build: Builder, value: Node, mask: Node | None, ties: Sequence[Node]) -> Node:
    """1 for the greatest figure of a mask, equals share a rank; the tie figures tell equals apart, the larger first.

    In doubt where two figures are closer than what they may be off by and nothing tells that they are equal.
    """
    by, args = all_compared(build, [within(each, mask) for each in (value, *ties)])
    masked = mask is not None and not (mask.op == "constant" and mask.data is True)
    made = build.kernel("rank", (mask if masked else None, *args), Ranking(build.size, by, masked))
    build.doubt("close", build.part(made, "close", membered=False, truth=True))
    return build.part(made, "rank", membered=True, low=0.0, high=float(build.size), whole=True)


def within(value: Node, mask: Node | None) -> Node:
    """What a figure is for members of a mask: of `if member in s then a else b` over s it is a, which rests on less."""
    while mask is not None and not value.exact and value.op == "where" and value.args[0] is mask:
        value = value.args[1]
    return value


def off(build: Builder, node: Node) -> tuple[Off, tuple[Node, ...]]:
    """By how much a figure may be off, and the bound that comes after it among args."""
    if node.exact:
        return Off(whole=node.whole and build.size * max(abs(node.low), abs(node.high)) <= WHOLE), ()
    if isinstance(node.error, Node):
        return Off(absolute=True), (node.error,)
    return Off(relative=node.error), ()


def figure(build: Builder, node: Node) -> tuple[Off, tuple[Node, ...]]:
    """A figure and its bound, as args."""
    how, bound = off(build, node)
    return how, (node, *bound)


def compared(build: Builder, node: Node) -> tuple[Compared, tuple[Node, ...]]:
    """A figure by which members are put in order, its bound and its leaves, as args."""
    node = counted(build, node)
    if node.decimal:
        # Decimals stand in the order of the binary fractions nearest to them.
        return Compared(), (node,)
    return measured(build, node)


def measured(build: Builder, node: Node) -> tuple[Compared, tuple[Node, ...]]:
    """The same of a figure whose distance to others counts too."""
    if node.exact:
        return Compared(off(build, node)[0]), (node,)
    how, args = figure(build, node)
    own = leaves(build, (node,))
    return Compared(how, None if own is None else len(own)), (*args, *(own or ()))


def all_compared(build: Builder, nodes: Sequence[Node]) -> tuple[tuple[Compared, ...], tuple[Node, ...]]:
    """Several of them, one after the other."""
    by: list[Compared] = []
    args: list[Node] = []
    for each in nodes:
        how, own = compared(build, each)
        by.append(how)
        args += own
    return tuple(by), tuple(args)


def counted(build: Builder, node: Node) -> Node:
    """A figure that is surely a whole number of some part: that number, exact, in proportion to it. Else itself."""
    if node.exact or node.truth or node.op == "constant" or not node.parts:
        return node
    scaled = build.mul(node, build.constant(node.parts))
    return whole(build, scaled) or node


def together(build: Builder, nodes: Sequence[Node]) -> list[Node]:
    """Figures that are all surely whole numbers of some part: how many of one common part each. Else as they are."""
    if all(each.parts for each in nodes):
        one = lcm(*(each.parts for each in nodes))
        made = [whole(build, build.mul(each, build.constant(one))) for each in nodes]
        if all(each is not None for each in made):
            return [each for each in made if each is not None]
    return list(nodes)


def whole(build: Builder, node: Node) -> Node | None:
    """A figure whose true value is a whole number, as that number; None where it is not sure which."""
    if not node.whole:
        return None
    if node.exact:
        return node
    with build.collecting() as aside:
        found = build.floor(node)
    return found if found.exact and not aside.doubts else None


def leaves(build: Builder, nodes: Sequence[Node]) -> tuple[Node, ...] | None:
    """What tells whether members have the same true figures; None where computed figures can't tell that."""
    found: list[Node] = []
    for number in sorted(frozenset[int]().union(*(each.leaves for each in nodes))):
        leaf = build.nodes[number]
        if leaf.truth or leaf.exact or leaf.decimal:
            found.append(leaf)
        elif leaf.op == "row" and isinstance(leaf.data, tuple):
            # Two fractions may have the same nearest number; their places among all tell them apart.
            order = sorted({Fraction(each) for each in leaf.data})
            found.append(build.row(Fraction(order.index(Fraction(each))) for each in leaf.data))
        elif leaf.op == "input" and leaf.parts and counted(build, leaf) is not leaf:
            found.append(leaf)
        else:
            return None
    return tuple(found)
