"""The steps of one part for a block of cases, and where each value stands between them.

A value of each member that several steps use stands in a slot of members × lanes figures, one of the case in a slot of
lanes; truths stand there as one and nothing. What only one loop uses never leaves the registers. Nodes of one stage
make one loop: a stage ends where a value over all members is needed (a sum, the least, a rank).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Literal

from policy_dsl.arrays.kernels import KERNELS
from policy_dsl.arrays.native.split import Part, Result, real
from policy_dsl.plan.nodes import Node
from policy_dsl.records import dataclass

LONGEST = 160
"""So many nodes go into one loop at most: compilers need time that grows faster than the length of a loop."""

OVER = frozenset(("sum", "least", "greatest", "any", "all", "count"))


@dataclass(slots=True, eq=False)
class Step:
    """One thing done for a block: "take" a column, a loop over "members" or of the "case", a "kernel", or "give" a
    result. `reads` are the nodes whose slots it reads, `writes` those whose slots it fills."""

    kind: Literal["take", "members", "case", "kernel", "give"]
    nodes: list[Node]
    reads: list[Node] = field(default_factory=list)
    writes: list[Node] = field(default_factory=list)
    result: Result | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Steps in order, the place of each value (in lanes from the start of the workspace), and how long that is.

    `filled` are values that are the same in all cases, of which a kernel needs whole slots.
    """

    steps: tuple[Step, ...]
    place: dict[int, int]
    size: int
    filled: tuple[Node, ...]


def layout(part: Part, members: int) -> Layout:
    """Lay out a part. Time and length grow with the number of nodes."""
    steps = _steps(part)
    filled = {arg.number: arg for step in steps if step.kind == "kernel" for arg in step.reads if not arg.cased}
    free: dict[int, list[int]] = {1: [], members: []}
    place: dict[int, int] = {}
    size = 0

    def room(node: Node) -> int:
        nonlocal size
        width = members if node.membered else 1
        if free[width]:
            return free[width].pop()
        size += width
        return size - width

    for node in filled.values():
        place[node.number] = room(node)
    last = {node.number: at for at, step in enumerate(steps) for node in (*step.writes, *step.reads)}
    for at, step in enumerate(steps):
        for node in step.writes:
            place[node.number] = room(node)
        for node in {each.number: each for each in (*step.reads, *step.writes)}.values():
            if last[node.number] == at and node.number not in filled:
                free[members if node.membered else 1].append(place[node.number])
    return Layout(tuple(steps), place, size, tuple(filled.values()))


def _steps(part: Part) -> list[Step]:
    stage = _stages(part)
    last = max(stage.values(), default=0)
    cases: list[list[Node]] = [[] for _ in range(last + 1)]
    loops: list[list[Node]] = [[] for _ in range(last + 1)]
    kernels: list[list[Node]] = [[] for _ in range(last + 1)]
    parts: dict[int, list[Node]] = {}
    for node in part.nodes:
        if node.op in KERNELS:
            kernels[stage[node.number]].append(node)
        elif node.op == "part":
            parts.setdefault(real(node.args[0]).number, []).append(node)
        elif node.op in OVER or node.membered:
            loops[stage[node.number]].append(node)
        else:
            cases[stage[node.number]].append(node)
    ending = _endings(part)
    waiting = {node.number: node for node in part.taken}
    steps: list[Step] = []

    def add(step: Step) -> None:
        for node in step.reads:
            if waiting.pop(node.number, None) is not None:
                steps.append(Step("take", [], writes=[node]))
        steps.append(step)
        for node in (*step.reads, *step.writes, *step.nodes):
            steps.extend(ending.pop(node.number, ()))

    for at in range(last + 1):
        for nodes in _pieces(cases[at]):
            add(_loop("case", nodes))
        for nodes in _pieces(loops[at]):
            add(_loop("members", nodes))
        for node in kernels[at]:
            add(Step("kernel", [node], list(map(real, node.args)), parts.get(node.number, [])))
    for node in list(waiting.values()):
        add(Step("case", [], [node]))
    return _with_writes(steps)


def _stages(part: Part) -> dict[int, int]:
    """In which stage each node is computed: first what is of the case, then what is of members, then kernels."""
    stage: dict[int, int] = {}
    ready = {node.number: 0 for node in part.taken}
    looped: set[int] = set()
    for node in part.nodes:
        args = [real(arg) for arg in node.args]
        at = max((ready.get(arg.number, 0) for arg in args), default=0)
        if node.op == "at" and args[0].number in looped:
            at += 1
        stage[node.number] = at
        ready[node.number] = at + (node.op in OVER or node.op in KERNELS)
        if node.membered and node.op != "part":
            looped.add(node.number)
    return stage


def _endings(part: Part) -> dict[int, list[Step]]:
    """What is to be done with a node as soon as it is computed."""
    found: dict[int, list[Step]] = {}
    for result in part.results:
        found.setdefault(result.node.number, []).append(Step("give", [], [result.node], result=result))
    return found


def _pieces(nodes: list[Node]) -> Iterator[list[Node]]:
    return (nodes[at : at + LONGEST] for at in range(0, len(nodes), LONGEST))


def _loop(kind: Literal["members", "case"], nodes: list[Node]) -> Step:
    own = {node.number for node in nodes}
    reads = {
        arg.number: arg
        for node in nodes
        for arg in map(real, node.args)
        if arg.cased and (arg.number not in own or node.op == "at")
    }
    return Step(kind, nodes, list(reads.values()))


def _with_writes(steps: list[Step]) -> list[Step]:
    """The steps, with what each loop must leave in slots: what any other step reads."""
    read = {node.number for step in steps for node in step.reads}
    for step in steps:
        if step.kind in ("members", "case"):
            step.writes = [node for node in step.nodes if node.number in read]
    return steps
