"""Plans made by hand or at random, straight from nodes, and columns for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, cast

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from policy_dsl.plan import Frame, Node, Output, Plan
from policy_dsl.plan.build import Builder
from policy_dsl.plan.outputs import Form

Array = NDArray[Any]
Columns = Mapping[str, Array]


def output(name: str, form: Form = "figure", *, each_member: bool = True) -> Output:
    """An output that rests on nothing but a node."""
    return Output(name, cast(Any, None), "value", form, each_member, name)


class Shown(Plan):
    """A plan that hypothesis shows as its nodes alone."""

    __slots__ = ()

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(f"{self!r} {self.nodes} {self.doubts}"[:5000])


def plan(builder: Builder, outputs: Mapping[str, Node], known: Mapping[str, Node] | None = None) -> Plan:
    """All that a builder has made, with these outputs."""
    members = tuple(f"M{place}" for place in range(builder.size))
    frame = Frame(cast(Any, None), cast(Any, None), members, ())
    doubts = builder.settled()
    given = known or {}
    made = tuple(
        (output(name, "truth" if node.truth else "figure", each_member=node.membered), node, given.get(name))
        for name, node in outputs.items()
    )
    return Shown(frame, tuple(builder.nodes), made, doubts)


def figure(builder: Builder, name: str, *, membered: bool = True, low: float = 0, high: float = 1000) -> Node:
    """A column of whole figures."""
    return builder.input(name, membered=membered, truth=False, low=low, high=high, whole=True, decimal=True)


def truth(builder: Builder, name: str, *, membered: bool = True) -> Node:
    """A column of truths."""
    return builder.input(name, membered=membered, truth=True, low=0, high=1, whole=False, decimal=False)


TYPES = (np.int32, np.int64, np.float64)


def columns_for(made: Plan, cases: int, seed: int) -> Columns:
    """Random values within what the inputs state, of several types; many equal ones."""
    random = np.random.default_rng([seed, cases])
    found: dict[str, Array] = {}
    for place, node in enumerate(made.inputs):
        shape = (cases, len(made.frame.members) if node.membered else 1)
        if node.truth:
            found[str(node.data)] = random.random(shape) < 0.6
        else:
            wide = random.integers(int(node.low), int(node.high), shape, endpoint=True)
            few = random.integers(max(int(node.low), -3), min(int(node.high), 4), shape, endpoint=True)
            found[str(node.data)] = np.where(random.random(shape) < 0.5, wide, few).astype(TYPES[place % 3])
    return found


_Op = Callable[[Builder, list[Node], list[Node], Callable[[list[Node]], Node]], Node]

_FIGURES: dict[str, _Op] = {
    "neg": lambda b, f, t, pick: b.neg(pick(f)),
    "abs": lambda b, f, t, pick: b.abs(pick(f)),
    "add": lambda b, f, t, pick: b.add(pick(f), pick(f)),
    "sub": lambda b, f, t, pick: b.sub(pick(f), pick(f)),
    "mul": lambda b, f, t, pick: b.mul(pick(f), pick(f)),
    "div": lambda b, f, t, pick: b.div(pick(f), pick(f)),
    "min": lambda b, f, t, pick: b.min(pick(f), pick(f)),
    "max": lambda b, f, t, pick: b.max(pick(f), pick(f)),
    "sqrt": lambda b, f, t, pick: b.sqrt(b.abs(pick(f))),
    "floor": lambda b, f, t, pick: b.floor(pick(f)),
    "where": lambda b, f, t, pick: b.where(pick(t), pick(f), pick(f)),
    "where else nothing": lambda b, f, t, pick: b.where(pick(t), pick(f), b.constant(0)),
    "where not": lambda b, f, t, pick: b.where(pick(t), b.constant(0), pick(f)),
    "sum": lambda b, f, t, pick: b.sum(pick(f)),
    "sum of a mask": lambda b, f, t, pick: b.sum(pick(f), pick(t)),
    "least": lambda b, f, t, pick: b.least(pick(f)),
    "least of a mask": lambda b, f, t, pick: b.least(pick(f), pick(t)),
    "greatest of a mask": lambda b, f, t, pick: b.greatest(pick(f), pick(t)),
    "count": lambda b, f, t, pick: b.count(pick(t)),
    "at": lambda b, f, t, pick: b.at(pick(f), b.size - 1),
}
_TRUTHS: dict[str, _Op] = {
    "lt": lambda b, f, t, pick: b.less(pick(f), pick(f)),
    "le": lambda b, f, t, pick: b.at_most(pick(f), pick(f)),
    "eq": lambda b, f, t, pick: b.equal(pick(f), pick(f)),
    "and": lambda b, f, t, pick: b.both(pick(t), pick(t)),
    "or": lambda b, f, t, pick: b.either(pick(t), pick(t)),
    "not": lambda b, f, t, pick: b.negation(pick(t)),
    "where of truths": lambda b, f, t, pick: b.where(pick(t), pick(t), pick(t)),
    "any": lambda b, f, t, pick: b.any(pick(t)),
    "all of a mask": lambda b, f, t, pick: b.all(pick(t), pick(t)),
}


@st.composite
def random_plans(draw: st.DrawFn, most: int = 25) -> Plan:
    """A plan of up to so many operations on columns, rows and constants of all shapes; some of its nodes are asked for.

    Later nodes are picked more often, so that values are last used at all distances from where they are made.
    """
    builder = Builder(draw(st.sampled_from((1, 2, 3, 7, 30, 130))))
    figures = [
        figure(builder, "a"),
        figure(builder, "b", low=-50, high=10**6),
        figure(builder, "c", membered=False, high=40),
        builder.constant(Fraction(1, 3)),
        builder.constant(7),
        builder.row(Fraction(place * 7 % 5, 4) for place in range(builder.size)),
    ]
    truths = [
        truth(builder, "p"),
        truth(builder, "q", membered=False),
        builder.row(place % 3 != 1 for place in range(builder.size)),
    ]

    def pick(pool: list[Node]) -> Node:
        return pool[-1 - draw(st.integers(0, len(pool) - 1))]

    for _ in range(draw(st.integers(1, most))):
        name = draw(st.sampled_from((*_FIGURES, *_TRUTHS)))
        if name in _FIGURES:
            figures.append(_FIGURES[name](builder, figures, truths, pick))
        else:
            truths.append(_TRUTHS[name](builder, figures, truths, pick))
    pool = [*figures, *truths]
    asked = [pick(pool) for _ in range(draw(st.integers(1, 6)))]
    known = {"out0": truths[-1]} if asked[0].membered or not truths[-1].membered else {}
    return plan(builder, {f"out{place}": node for place, node in enumerate(asked)}, known)
