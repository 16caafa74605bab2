"""The nodes of a plan: operations on columns, each with its shape, its range, and what it may be off by.

A node stands for a figure or a truth value for each case and member. Its array has two axes, cases and members, each of
length one where the value does not depend on it: a constant (1, 1), a figure of each member (1, m), of each case
(n, 1), of both (n, m).

What a plan computes in binary fractions differs from the exact value by at most the error of the node. Where a discrete
choice hangs on such a value, the plan says of which cases it can't be sure; those are decided by the exact engine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import field

from policy_dsl.plan.frame import Frame
from policy_dsl.plan.outputs import Output
from policy_dsl.records import dataclass

UNIT = 2.0**-53
"""The unit roundoff of binary64: one operation is off by at most this part of its result (IEEE 754, to nearest)."""

WHOLE = 2.0**53
"""Up to here all whole numbers are binary64 numbers, so that sums and products of whole numbers are exact."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation.

    `op` and `data` say which (see `OPS`). `cased` and `membered`: whether it differs between cases, between members.
    `low` and `high` bound the true values, in base units; what is computed may leave that range by what it is off by.
    `whole`: the true values are whole numbers. `parts`: they are whole numbers of 1/parts; 0 where that is not known.
    `error`: a number k where the computed value c of the true value t keeps |c − t| ≤ k · UNIT · |t| (0: it is exact);
    or a node e of figures with |c − t| ≤ e, shaped as this node or less. `decimal`: see `Profile`. `leaves`: the
    columns and rows (by number of their nodes) on which the value of a member rests at that member's own place; two
    members of one case with the same leaves have the same true value. `number` counts the nodes of a plan as made.
    """

    number: int
    op: str
    args: tuple[Node, ...]
    data: object
    truth: bool
    cased: bool
    membered: bool
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    error: float | Node = 0.0
    decimal: bool = False
    leaves: frozenset[int] = frozenset()
    parts: int = 0

    @property
    def exact(self) -> bool:
        """Whether the computed value is the true one."""
        return self.error == 0.0 if isinstance(self.error, float) else False

    def __repr__(self) -> str:
        shape = f"{'n' if self.cased else 1}x{'m' if self.membered else 1}"
        inside = ", ".join(str(each.number) for each in self.args)
        return f"<{self.number}: {self.op}({inside}) {shape}>"


OPS = {
    # leaves
    "constant": "data: Fraction or bool",
    "row": "data: one Fraction or bool for each member",
    "input": "data: the name of a column",
    # of figures, element by element
    "neg": "−a",
    "abs": "|a|",
    "add": "a + b",
    "sub": "a − b",
    "mul": "a · b",
    "div": "a / b",
    "min": "the lesser of a and b",
    "max": "the greater of a and b",
    "sqrt": "√a",
    "pow": "a to the power data (a Fraction)",
    "log": "the natural logarithm of a",
    "floor": "the greatest whole number not above a",
    "ceil": "the least whole number not below a",
    "rint": "the nearest whole number, halves to even",
    "where": "b where a, else c; what stands in the other place does not matter, it may be inf or NaN",
    "same": "a; data is a range that its true value is known to keep to",
    # comparisons and truths, element by element
    "lt": "a < b",
    "le": "a ≤ b",
    "eq": "a = b",
    "and": "a and b",
    "or": "a or b",
    "not": "not a",
    # over members: args are the value and, if any, the mask of those who count; the values of others do not matter
    "sum": "the sum, 0 of nobody",
    "least": "the least, +inf of nobody",
    "greatest": "the greatest, −inf of nobody",
    "any": "whether any holds",
    "all": "whether all hold",
    "count": "how many members of a mask there are",
    "at": "the value of the member whose place is data",
    # several results in one: `part` picks one by its name in data
    "part": "the result named data of a kernel",
}
"""What each operation gives. Kernels (several results, see `kernels`) have names of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """Of which cases a plan can't be sure, and why: a truth for each case.

    `why` is "close" (a choice hangs on less than the error), "no value" (the exact engine finds no value, or must say
    which), "open" (a tie that nothing settles, or another outcome that only the exact engine tells).
    """

    why: str
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A lowered program: nodes in an order in which each comes after what it needs.

    `outputs` holds what was asked for with the node that gives it and, where the exact engine has no value for some
    members for a reason that the plan tells surely (a rank among those who are eligible, asked of one who is not), the
    truth `known` that says for whom there is one; else None: there is one for all. A value that is not known must not
    be used by anything else but under a mask that leaves it out. A case of which any of `doubts` holds is to be
    decided by the exact engine; of all others each discrete output is the exact one, and each other output is off by no
    more than the error of its node.
    """

    frame: Frame
    nodes: tuple[Node, ...]
    outputs: tuple[tuple[Output, Node, Node | None], ...]
    doubts: tuple[Doubt, ...] = field(default_factory=tuple)

    def __repr__(self) -> str:
        asked = ", ".join(f"{output.name}={node.number}" for output, node, _ in self.outputs)
        return f"<plan of {len(self.nodes)} nodes: {asked}>"

    @property
    def inputs(self) -> Iterator[Node]:
        """The columns that the plan reads."""
        return (node for node in self.nodes if node.op == "input")
