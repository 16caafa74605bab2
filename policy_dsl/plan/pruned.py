"""A plan without what nobody asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_dsl.plan.frame import Frame
from policy_dsl.plan.nodes import Doubt, Node, Plan
from policy_dsl.plan.outputs import Output


def pruned(
    frame: Frame,
    nodes: Sequence[Node],
    outputs: Sequence[tuple[Output, Node, Node | None]],
    doubts: Iterable[Doubt],
    *,
    bounds: bool = False,
) -> Plan:
    """The plan of those nodes on which outputs and doubts rest, in the order in which they were made.

    With `bounds` also those that say what the outputs may be off by.
    """
    doubts = tuple(doubts)
    stack = [node for _, *given in outputs for node in given if node is not None]
    stack += [each.node for each in doubts]
    kept: set[int] = set()
    while stack:
        node = stack.pop()
        if node.number not in kept:
            kept.add(node.number)
            stack += node.args
            if bounds and isinstance(node.error, Node):
                stack.append(node.error)
    return Plan(frame, tuple(node for node in nodes if node.number in kept), tuple(outputs), doubts)
