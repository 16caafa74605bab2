"""Each operation keeps its bound: the computed value against the true one, in fractions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from agree import computed
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.plan.build import Builder
from policy_dsl.plan.nodes import UNIT, Doubt, Node, Plan

SIZE = 3
NAMES = ("a", "b", "c")

figures = st.one_of(
    st.integers(-20, 20).map(Fraction),
    st.decimals(-1000, 1000, places=3).map(Fraction),
    st.integers(1, 10**9).map(Fraction),
    st.fractions(0, 1000, max_denominator=997),
)
columns = st.lists(st.lists(figures, min_size=SIZE, max_size=SIZE), min_size=1, max_size=3)


def input_of(build: Builder, name: str, values: list[list[Fraction]]) -> Node:
    flat = [float(each) for row in values for each in row]
    whole = all(each.denominator == 1 for row in values for each in row)
    return build.input(name, membered=True, truth=False, low=min(flat), high=max(flat), whole=whole, decimal=False)


Exactly = Callable[..., list[Any]]


def by_member(op: Callable[..., Fraction | bool]) -> Exactly:
    return lambda *rows: [op(*each) for each in zip(*rows, strict=True)]


def of_all(op: Callable[..., Fraction | bool]) -> Exactly:
    return lambda *rows: [op(*rows)]


def _index(row: list[Fraction]) -> list[Fraction]:
    return [(each - min(row)) / (max(row) - min(row)) for each in row]


def half_even(x: Fraction) -> Fraction:
    return Fraction(round(x))


OPERATIONS: dict[str, tuple[Callable[..., Node], Exactly]] = {
    "neg": (lambda b, x: b.neg(x), by_member(lambda x: -x)),
    "abs": (lambda b, x: b.abs(x), by_member(abs)),
    "add": (lambda b, x, y: b.add(x, y), by_member(lambda x, y: x + y)),
    "sub": (lambda b, x, y: b.sub(x, y), by_member(lambda x, y: x - y)),
    "mul": (lambda b, x, y: b.mul(x, y), by_member(lambda x, y: x * y)),
    "div": (lambda b, x, y: b.div(x, y), by_member(lambda x, y: x / y)),
    "min": (lambda b, x, y: b.min(x, y), by_member(min)),
    "max": (lambda b, x, y: b.max(x, y), by_member(max)),
    "long": (
        lambda b, x, y, z: b.div(b.sub(b.mul(x, y), b.add(y, z)), b.add(b.abs(z), b.abs(x))),
        by_member(lambda x, y, z: (x * y - (y + z)) / (abs(z) + abs(x))),
    ),
    "parts": (
        lambda b, x, y: b.add(b.mul(b.constant(Fraction(3, 10)), x), b.mul(b.constant(Fraction(1, 3)), y)),
        by_member(lambda x, y: Fraction(3, 10) * x + y / 3),
    ),
    "floor of a part": (
        lambda b, x: b.floor(b.mul(b.constant(Fraction(3, 10)), x)),
        by_member(lambda x: Fraction((3 * x / 10).__floor__())),
    ),
    "ceil of a quotient": (lambda b, x, y: b.ceil(b.div(x, y)), by_member(lambda x, y: Fraction((x / y).__ceil__()))),
    "half even": (lambda b, x: b.half_even(b.div(x, b.constant(4))), by_member(lambda x: half_even(x / 4))),
    "half up": (
        lambda b, x: b.half_up(b.div(x, b.constant(6))),
        by_member(lambda x: Fraction((x / 6 + Fraction(1, 2)).__floor__())),
    ),
    "square": (lambda b, x: b.power(b.div(x, b.constant(3)), Fraction(2)), by_member(lambda x: (x / 3) ** 2)),
    "sum": (lambda b, x: b.sum(x), of_all(sum)),
    "sum of differences": (
        lambda b, x, y: b.sum(b.sub(b.div(x, b.constant(3)), y)),
        of_all(lambda x, y: sum((p / 3 - q for p, q in zip(x, y, strict=True)), Fraction(0))),
    ),
    "greatest": (lambda b, x: b.greatest(b.div(x, b.constant(7))), of_all(lambda x: max(x) / 7)),
    "share": (
        lambda b, x: b.share(b.abs(b.div(x, b.constant(3))))[0],
        lambda x: [abs(each) / sum(abs(e) for e in x) for each in x],
    ),
    "index": (lambda b, x: b.index(b.div(x, b.constant(3)))[0], _index),
    "index from above": (
        lambda b, x: b.sub(b.constant(1), b.index(b.div(x, b.constant(3)))[0]),
        lambda x: [1 - each for each in _index(x)],
    ),
    "less": (lambda b, x, y: b.less(b.div(x, b.constant(3)), y), by_member(lambda x, y: x / 3 < y)),
    "at most": (lambda b, x, y: b.at_most(b.div(x, b.constant(3)), y), by_member(lambda x, y: x / 3 <= y)),
    "equal": (lambda b, x, y: b.equal(b.div(x, b.constant(3)), y), by_member(lambda x, y: x / 3 == y)),
    "less of products": (lambda b, x, y, z: b.less(b.mul(x, y), b.mul(z, z)), by_member(lambda x, y, z: x * y < z * z)),
    "less of quotients": (
        lambda b, x, y, z: b.less(b.div(x, b.abs(y)), b.div(z, b.abs(y))),
        by_member(lambda x, y, z: x / abs(y) < z / abs(y)),
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
@given(a=columns, b=columns, c=columns)
@settings(max_examples=60, deadline=None)
def test_the_bound_holds(name: str, a: list[Any], b: list[Any], c: list[Any]):
    make, exactly = OPERATIONS[name]
    cases = min(len(a), len(b), len(c))
    given_ = {each: rows[:cases] for each, rows in zip(NAMES, (a, b, c), strict=True)}
    build = Builder(SIZE)
    count = make.__code__.co_argcount - 1
    node = make(build, *(input_of(build, each, given_[each]) for each in NAMES[:count]))
    arrays = run(build, {each: given_[each] for each in NAMES[:count]})
    for at in range(cases):
        if in_doubt(build.settled(), arrays, at, build):
            continue
        try:
            wanted = exactly(*(given_[each][at] for each in NAMES[:count]))
        except ZeroDivisionError:
            continue
        for m, want in enumerate(wanted):
            got = picked(arrays[node.number], at, m)
            if isinstance(want, bool):
                assert bool(got) == want
                continue
            off = abs(Fraction(float(got)) - want)
            assert off <= bound(node, arrays, at, m, want) * Fraction(10001, 10000)
            if node.parts:
                assert (want * node.parts).denominator == 1
            assert math.isinf(node.low) or Fraction(node.low) <= want
            assert math.isinf(node.high) or want <= Fraction(node.high)


def run(build: Builder, given_: dict[str, list[list[Fraction]]]) -> dict[int, Any]:
    build.settled()
    plan = Plan(None, tuple(build.nodes), (), ())  # type: ignore[arg-type]
    return computed(plan, {name: np.array([[float(v) for v in row] for row in rows]) for name, rows in given_.items()})


def in_doubt(doubts: tuple[Doubt, ...], arrays: dict[int, Any], at: int, build: Builder) -> bool:
    return any(bool(picked(arrays[each.node.number], at, 0)) for each in doubts)


def bound(node: Node, arrays: dict[int, Any], at: int, m: int, want: Fraction) -> Fraction:
    if isinstance(node.error, Node):
        off = float(picked(arrays[node.error.number], at, m))
        return Fraction(off) if math.isfinite(off) else Fraction(10**30)
    return Fraction(node.error * UNIT) * abs(want)


def picked(array: Any, at: int, m: int) -> Any:
    return array[at if array.shape[0] > 1 else 0, m if array.shape[1] > 1 else 0]


def test_a_threshold_that_is_just_reached_is_no_doubt():
    build = Builder(SIZE)
    pop = build.input("pop", membered=True, truth=False, low=0, high=1e8, whole=True, decimal=True)
    build.less(build.constant(Fraction(3, 10_000)), build.div(pop, build.constant(7)))
    build.floor(build.mul(build.constant(Fraction(3, 10_000)), pop))
    assert build.settled() == ()


def test_what_is_computed_never_takes_over_a_bound():
    build = Builder(SIZE)
    a, b = (
        build.input(each, membered=True, truth=False, low=1, high=9, whole=False, decimal=False) for each in ("a", "b")
    )
    build._plain("div", a, b)
    assert build.div(a, b).error == 3.0
