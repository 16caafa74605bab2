"""A plan run node by node, as its definition reads: the measure of every faster way.

Arrays have cases on the first axis and members on the second; each has length one where the value does not differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.arrays.kernels import KERNELS
from policy_dsl.plan.nodes import Node, Plan
from policy_dsl.records import dataclass

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Ran:
    """What a plan gave: each output by name, (cases, members) or (cases,), and the doubts.

    Figures are float64 in base units, truths bool, counts and steps int64 (steps: whole multiples of the output's
    step). `known` tells of the outputs that have no value for some members where they have one. `doubtful` tells of
    each case whether the exact engine must decide it; `why` of how many cases each reason was met. What stands in the
    outputs of a doubtful case has no meaning.
    """

    outputs: Mapping[str, Array]
    known: Mapping[str, NDArray[np.bool_]]
    doubtful: NDArray[np.bool_]
    why: Mapping[str, int]


def run(plan: Plan, columns: Mapping[str, Array]) -> Ran:
    """Run a plan over cases. `columns`: float64 (or bool) by name, (cases, members) or (cases, 1), in base units."""
    cases = max((len(columns[str(node.data)]) for node in plan.inputs), default=1)
    values: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in plan.nodes:
            values[node.number] = value_of(node, [values[each.number] for each in node.args], columns)
        outputs, known = {}, {}
        for output, node, given in plan.outputs:
            if given is not None:
                wide = np.broadcast_to(
                    values[given.number], (cases, len(plan.frame.members) if output.each_member else 1)
                )
                known[output.name] = wide if output.each_member else wide[:, 0]
            found = values[node.number]
            width = len(plan.frame.members) if output.each_member else 1
            full = np.broadcast_to(found, (cases, width))
            if output.form == "steps":
                # `steps` nodes hold whole numbers of steps.
                full = np.rint(full).astype(np.int64)
            elif output.form == "count":
                full = np.rint(full).astype(np.int64)
            outputs[output.name] = full if output.each_member else full[:, 0]
        doubtful = np.zeros(cases, bool)
        why: dict[str, int] = {}
        for doubt in plan.doubts:
            of = np.broadcast_to(values[doubt.node.number], (cases, 1))[:, 0]
            why[doubt.why] = why.get(doubt.why, 0) + int(of.sum())
            doubtful |= of
    return Ran(outputs, known, doubtful, why)


def value_of(node: Node, args: list[Any], columns: Mapping[str, Array]) -> Any:
    """The value of a node, from those of its args."""
    match node.op:
        case "constant":
            return np.array([[node.data if node.truth else float(node.data)]])  # type: ignore[arg-type]
        case "row":
            assert isinstance(node.data, tuple)
            return np.array([[each if node.truth else float(each) for each in node.data]])
        case "input":
            return columns[str(node.data)]
        case "part":
            return args[0][node.data]
        case "pow":
            assert isinstance(node.data, Fraction)
            return np.power(args[0], float(node.data))
        case "at":
            return args[0][:, [node.data]]
        case "same":
            return args[0]
    if node.op in KERNELS:
        return KERNELS[node.op](node.data, *args)
    return _OPS[node.op](*args)


def _in_order(held: Array, axis: int, keepdims: bool) -> Array:
    """A sum taken in the order of members, one after the other: the same to the last bit on every machine.

    What numpy's own sum of a row does is another order for other lengths and versions, and lanes of C have theirs.
    """
    assert axis == 1
    assert keepdims
    return np.add.accumulate(held, axis=1)[:, -1:]


def _over(op: str) -> Callable[..., Array]:
    of, empty = {"sum": (_in_order, 0.0), "least": (np.min, np.inf), "greatest": (np.max, -np.inf)}[op]

    def over(a: Array, mask: Array | None = None) -> Array:
        held = a if mask is None else np.where(mask, a, empty)
        return np.asarray(of(held, axis=1, keepdims=True))  # type: ignore[operator]

    return over


_OPS: dict[str, Callable[..., Any]] = {
    "neg": np.negative,
    "abs": np.abs,
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "min": np.minimum,
    "max": np.maximum,
    "sqrt": np.sqrt,
    "log": np.log,
    "floor": np.floor,
    "ceil": np.ceil,
    "rint": np.rint,
    "where": np.where,
    "lt": np.less,
    "le": np.less_equal,
    "eq": np.equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "sum": _over("sum"),
    "least": _over("least"),
    "greatest": _over("greatest"),
    "any": lambda a: np.any(a, axis=1, keepdims=True),
    "count": lambda a: np.sum(a, axis=1, keepdims=True, dtype=np.float64),
}
