"""The residual network of a flow: proof of optimality, what could move without loss, and what room would be worth.

The objective has three parts in strict order (steps unplaced, cost, preference forgone), compared as tuples, so that
no weight "large enough" enters the proof.

Source: Ahuja, Magnanti & Orlin, "Network Flows", 1993, chapters 5 (label correcting) and 9 (optimality).
"""

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from policy_dsl.records import dataclass

Node = tuple[str, Hashable]


class Worth(NamedTuple):
    """What one step on an arc counts: steps unplaced, cost, preference forgone; less is better, in this order."""

    unplaced: int
    cost: int
    forgone: int

    def plus(self, other: "Worth", sign: int = 1) -> "Worth":
        """The sum, or with sign −1 the difference."""
        return Worth(
            self.unplaced + sign * other.unplaced, self.cost + sign * other.cost, self.forgone + sign * other.forgone
        )


NOTHING = Worth(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Arc:
    """An arc of the network; `capacity` in steps, None for unlimited."""

    tail: Node
    head: Node
    capacity: int | None
    worth: Worth


class _Move(NamedTuple):
    """A step that may be moved: along `arc`, or back on it (the arc then counts negatively)."""

    tail: Node
    head: Node
    arc: int
    worth: Worth


class Residual:
    """The moves that a flow leaves open, with the potentials that prove it optimal (None if it is not)."""

    def __init__(self, arcs: Sequence[Arc], flows: Sequence[int]) -> None:
        self._moves: list[_Move] = []
        for index, (arc, flow) in enumerate(zip(arcs, flows, strict=True)):
            if arc.capacity is None or flow < arc.capacity:
                self._moves.append(_Move(arc.tail, arc.head, index, arc.worth))
            if flow > 0:
                self._moves.append(_Move(arc.head, arc.tail, index, NOTHING.plus(arc.worth, -1)))
        self._nodes = {node: NOTHING for arc in arcs for node in (arc.tail, arc.head)}
        self._potentials = self._relax(self._nodes)

    @property
    def optimal(self) -> bool:
        """Whether potentials exist at which no move has a negative reduced worth, which proves the flow optimal."""
        found = self._potentials
        return found is not None and all(m.worth.plus(found[m.tail]) >= found[m.head] for m in self._moves)

    def movable(self) -> frozenset[int]:
        """The indices of arcs whose flow is not the same in every optimal flow.

        These are the arcs on a cycle of moves of reduced worth zero that does not simply go back on itself.
        """
        found = self._potentials
        if found is None:
            raise ValueError("the flow is not optimal")
        tight = [m for m in self._moves if m.worth.plus(found[m.tail]) == found[m.head]]
        follow: dict[Node, list[_Move]] = {}
        for move in tight:
            follow.setdefault(move.tail, []).append(move)
        return frozenset(m.arc for m in tight if _returns(m, follow))

    def distance(self, source: Node, target: Node) -> Worth | None:
        """The least worth of moving a step from `source` to `target`; None if there is no way."""
        found = self._relax({source: NOTHING})
        return None if found is None else found.get(target)

    def _relax(self, start: Mapping[Node, Worth]) -> dict[Node, Worth] | None:
        """Least worths from the nodes of `start` (Bellman and Ford); None if some cycle of moves is negative."""
        found = dict(start)
        for _ in range(len(self._nodes) + 1):
            changed = False
            for move in self._moves:
                if move.tail not in found:
                    continue
                reached = found[move.tail].plus(move.worth)
                if move.head not in found or reached < found[move.head]:
                    found[move.head] = reached
                    changed = True
            if not changed:
                return found
        return None


def _returns(move: _Move, follow: Mapping[Node, Sequence[_Move]]) -> bool:
    """Whether there is a way from the head of `move` back to its tail that does not use its own arc."""
    seen, queue = {move.head}, deque([move.head])
    while queue:
        node = queue.popleft()
        if node == move.tail:
            return True
        for step in follow.get(node, ()):
            if step.arc != move.arc and step.head not in seen:
                seen.add(step.head)
                queue.append(step.head)
    return False
