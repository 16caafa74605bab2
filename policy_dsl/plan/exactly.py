"""A plan run on one case in whole numbers: each figure exact, nothing rounded, every value kept.

The figures of a node are numerators over one denominator for all members wherever that can be; no fraction is brought
to lowest terms on the way, since whole numbers of a few hundred digits cost less than the search for common factors.
A case about which a plan in binary fractions is in doubt only because a choice hangs on little is decided here; a case
that has no value, or an outcome that only the engine tells, is not.

The program is written once for each plan, as straight Python. Everything here is whole numbers: no result depends on an
order or a machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from policy_dsl.plan.kernels_exactly import NotExact, Undecided
from policy_dsl.plan.nodes import Node, Plan
from policy_dsl.plan.written_exactly import HELPERS, Values, Writing, needed, values_of
from policy_dsl.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """What a plan gave for one case, by the number of its node; see `figure` and `truth`."""

    plan: Plan
    found: Mapping[int, Any]

    def figures(self, node: Node) -> list[Fraction]:
        """The values of a node, one for each member or one for the case, in base units."""
        tops, below = self.found[node.number]
        above = tops if isinstance(tops, list) else [tops]
        if isinstance(below, list):
            return [Fraction(top, under) for top, under in zip(above, below, strict=True)]
        return [Fraction(top, below) for top in above]

    def truths(self, node: Node) -> list[bool]:
        """The values of a truth, one for each member or one for the case."""
        found = self.found[node.number]
        return found if isinstance(found, list) else [found]


class Exactly:
    """A plan as a program in whole numbers. Raises `NotExact` for operations that leave the rationals (roots, logs)."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.kept = _kept(plan)
        self.inputs = [str(node.data) for node in self.kept if node.op == "input"]
        writing = Writing(plan)
        for node in self.kept:
            writing.write(node)
        self.source = writing.source(self.inputs, [doubt.node for doubt in plan.doubts if doubt.why != "close"])
        space: dict[str, Any] = {**HELPERS, **writing.constants}
        exec(compile(self.source, "<plan>", "exec"), space)
        self._program: Callable[..., Mapping[int, Any] | None] = space["program"]

    def run(self, columns: Mapping[str, Values | list[bool] | bool]) -> Exact | None:
        """Decide one case. `columns` by name: figures as `Values` in base units, or truths.

        None where the engine must decide: there is no value, or the outcome is one that only it tells.
        """
        try:
            found = self._program(*(columns[name] for name in self.inputs))
        except Undecided:
            return None
        return None if found is None else Exact(self.plan, found)


def _kept(plan: Plan) -> list[Node]:
    """The nodes that outputs and open outcomes rest on; bounds are not needed where nothing is rounded."""
    wanted: set[int] = set()
    stack = [node for _, *nodes in plan.outputs for node in nodes if node is not None]
    stack += [doubt.node for doubt in plan.doubts if doubt.why != "close"]
    while stack:
        node = stack.pop()
        if node.number not in wanted:
            wanted.add(node.number)
            stack.extend(needed(node))
    return [node for node in plan.nodes if node.number in wanted]


__all__ = ["Exact", "Exactly", "NotExact", "Values", "values_of"]
