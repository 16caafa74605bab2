"""Parts of a plan: what goes into one C function, and what stands between two of them.

A plan is one part unless it has kernels that are not written in C. Such a kernel is called as numpy has it, between the
part that its arguments come from and the part that uses its results.
"""

from __future__ import annotations

from typing import Literal

from policy_dsl.arrays.kernels import KERNELS
from policy_dsl.arrays.native.kernels import is_written
from policy_dsl.plan.nodes import Node, Plan
from policy_dsl.records import dataclass

Form = Literal["figure", "truth", "whole"]
"""How a result stands in memory: float64, bool, int64."""

Use = Literal["output", "known", "doubt", "lent"]
"""What a result is: an output, for whom an output is known, a doubt, or what numpy or a later part needs."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One array that a part gives, (cases, members) or (cases,). `name`: that of an output, the number of a doubt."""

    node: Node
    form: Form
    each_member: bool
    use: Use
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one C function does: it reads `taken` (columns, results of kernels, nodes of earlier parts), computes
    `nodes`, and gives `results`. `after` are the kernels that numpy runs then."""

    taken: tuple[Node, ...]
    nodes: tuple[Node, ...]
    results: tuple[Result, ...]
    after: tuple[Node, ...]


def real(node: Node) -> Node:
    """The node that computes the value of this one."""
    while node.op == "same":
        node = node.args[0]
    return node


def parts(plan: Plan, results: tuple[Result, ...]) -> tuple[Part, ...]:
    """The parts of a plan, in order. Nodes that are the same in all cases are in none: they are known beforehand."""
    needed = _needed([result.node for result in results])
    members = len(plan.frame.members)

    def foreign(node: Node) -> bool:
        return node.op in KERNELS and not is_written(node, members)

    def outer(node: Node) -> bool:
        return node.op == "input" or (node.op == "part" and foreign(real(node.args[0])))

    level: dict[int, int] = {}
    for node in plan.nodes:
        if node.number in needed:
            before = [level.get(real(arg).number, 0) for arg in node.args]
            beyond = node.op == "part" and foreign(real(node.args[0]))
            level[node.number] = max(before, default=0) + beyond
    last = max(level.values(), default=0)
    own: list[list[Node]] = [[] for _ in range(last + 1)]
    taken: list[dict[int, Node]] = [{} for _ in range(last + 1)]
    kernels: list[list[Node]] = [[] for _ in range(last + 1)]
    lent: dict[int, Node] = {}

    def borrow(node: Node, at: int) -> None:
        if node.cased and level[node.number] < at:
            taken[at][node.number] = node
            if not outer(node):
                lent[node.number] = node

    for node in plan.nodes:
        if node.number not in needed or not node.cased or node.op == "same":
            continue
        at = level[node.number]
        if foreign(node):
            kernels[at].append(node)
            for arg in map(real, node.args):
                if arg.cased and not outer(arg):
                    lent[arg.number] = arg
        elif outer(node):
            continue
        else:
            own[at].append(node)
            for arg in map(real, node.args):
                if outer(arg):
                    taken[at][arg.number] = arg
                borrow(arg, at)
    given: list[list[Result]] = [[] for _ in range(last + 1)]
    for result in results:
        node = real(result.node)
        if node.cased:
            at = level[node.number]
            given[at].append(Result(node, result.form, result.each_member, result.use, result.name))
            if outer(node):
                taken[at][node.number] = node
    for node in lent.values():
        form: Form = "truth" if node.truth else "figure"
        given[level[node.number]].append(Result(node, form, node.membered, "lent"))
    return tuple(
        Part(tuple(taken[at].values()), tuple(own[at]), tuple(given[at]), tuple(kernels[at])) for at in range(last + 1)
    )


def _needed(stack: list[Node]) -> set[int]:
    """The numbers of these nodes and of all on which they rest."""
    found: set[int] = set()
    while stack:
        node = stack.pop()
        if node.number not in found:
            found.add(node.number)
            stack.extend(node.args)
    return found
