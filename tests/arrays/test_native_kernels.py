"""Kernels in C give what those of numpy give, in the same cases in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import numpy as np
import pytest

from policy_dsl.arrays import compiled, plain
from policy_dsl.arrays.native import Native
from policy_dsl.plan import Node, Plan
from policy_dsl.plan.build import Builder
from policy_dsl.plan.kernels import Banding, Compared, Level, Off, Ranking, Sharing, Ties
from tests.arrays.arrays_plans import output
from tests.arrays.arrays_plans import plan as planned
from tests.arrays.native_given import agree, compiling, same

EXACT, NEAR = Off(whole=True), Off(8.0)

RESULTS = {
    "rank": ({"rank": "count"}, {}),
    "share_out": (
        {"share": "figure", "share_off": "figure", "at_floor": "truth", "at_ceiling": "truth"},
        {"uncovered": "figure", "uncovered_off": "figure"},
    ),
    "steps": ({"steps": "steps"}, {"residue": "figure", "residue_off": "figure", "unplaced": "count"}),
}
"""The results of kernels by their form: of each member, of the case."""


def column(builder: Builder, name: str, *, membered: bool = True, truth: bool = False) -> Node:
    """A column of any figures."""
    return builder.input(name, membered=membered, truth=truth, low=-1e9, high=1e9, whole=False, decimal=True)


def asked(builder: Builder, kernel: Node, *kinds: str, doubts: tuple[str, ...]) -> Plan:
    """A plan that gives all results of a kernel."""
    made = []
    for kind in kinds:
        for each_member, results in zip((True, False), RESULTS[kind], strict=True):
            for name, form in results.items():
                node = builder.part(kernel, name, membered=each_member, truth=form == "truth")
                made.append((output(name, form, each_member=each_member), node, None))  # type: ignore[arg-type]
    for name in doubts:
        builder.doubt(name, builder.part(kernel, name, membered=False, truth=True))
    frame = planned(builder, {}).frame
    return Plan(frame, tuple(builder.nodes), tuple(made), builder.settled())


def values(kind: str, cases: int, members: int, seed: int) -> Any:
    """Figures: "few" small whole numbers with many ties, "wide" whole numbers, or "thirds", which are not exact."""
    random = np.random.default_rng(seed)
    few = random.integers(0, 6, (cases, members)).astype(float)
    if kind == "few":
        return few
    wide = random.integers(0, 100_000, (cases, members)).astype(float)
    mixed = np.where(random.random((cases, members)) < 0.3, few, wide)
    return mixed if kind == "wide" else mixed / 3


def in_sizes(kinds: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Each with one or two numbers of members, in turn."""
    return [(*kind, size) for at, kind in enumerate(kinds) for size in ((5, 30), (1,), (60,))[at % 3]]


RANKINGS = list(product(("few", "wide", "thirds"), (False, True), (0, 1, None)))


@compiling
@pytest.mark.parametrize(("kind", "masked", "leaves", "members"), in_sizes(RANKINGS))
def test_ranks(folder: str, kind: str, masked: bool, leaves: int | None, members: int):
    off = NEAR if kind == "thirds" else EXACT
    first = Compared(off, leaves)
    builder = Builder(members)
    value, key = column(builder, "value"), column(builder, "key")
    args = [column(builder, "mask", truth=True)] if masked else []
    args += [value, *([value] if leaves else []), key]
    kernel = builder.kernel("rank", tuple(args), Ranking(members, (first, Compared(EXACT, 0)), masked))
    made = asked(builder, kernel, "rank", doubts=("close",))
    cases = 83
    columns = {"value": values(kind, cases, members, 1), "key": values("few", cases, members, 2)}
    columns["mask"] = values("few", cases, members, 3) > 1
    found = Native(made, folder=folder)
    assert found.foreign == ()
    same(found.run(columns), compiled(made).run(columns))
    agree(found.run(columns), plain.run(made, columns))


SHARINGS = list(
    product(("few", "wide", "thirds"), (False, True), (False, True), (False, True), ("", "largest_remainder"))
)


@compiling
@pytest.mark.parametrize(("kind", "masked", "floors", "ceilings", "method", "members"), in_sizes(SHARINGS))
def test_sharing_out(folder: str, kind: str, masked: bool, floors: bool, ceilings: bool, method: str, members: int):
    weight = NEAR if kind == "thirds" else EXACT
    builder = Builder(members)
    low, high, tie = (column(builder, name) for name in ("low", "high", "tie"))
    args = [column(builder, "mask", truth=True)] if masked else []
    args += [column(builder, "total", membered=False), column(builder, "weight")]
    args += [low] if floors else []
    args += [high] if ceilings else []
    level = Level(EXACT if floors else None, EXACT if ceilings else None)
    levels = (level,) if floors or ceilings else ()
    ties = Ties(None, (Compared(EXACT, 0),)) if method else Ties()
    args += [tie] if method else []
    whole = kind != "thirds"
    data = Sharing(members, EXACT, weight, levels, masked, whole=whole, method=method, ties=ties)
    kernel = builder.kernel("share_out", tuple(args), data)
    kinds = ("share_out", "steps") if method else ("share_out",)
    doubts = ("close", "conflict", "open") if method else ("close", "conflict")
    made = asked(builder, kernel, *kinds, doubts=doubts)
    cases = 83
    random = np.random.default_rng(7)
    most = 40 if kind == "few" else 30_000
    columns = {
        "weight": values(kind, cases, members, 1),
        "total": random.integers(0, most, (cases, 1)).astype(float),
        "low": random.integers(0, most // (2 * members) + 2, (cases, members))
        * (random.random((cases, members)) < 0.4),
        "high": random.integers(most // (2 * members), most, (cases, members)).astype(float),
        "tie": values("few", cases, members, 4),
        "mask": random.random((cases, members)) < 0.7,
    }
    columns["low"] = columns["low"].astype(float)
    columns["high"][random.random((cases, members)) < 0.3] = np.inf
    found = Native(made, folder=folder)
    assert found.foreign == ()
    same(found.run(columns), compiled(made).run(columns))
    agree(found.run(columns), plain.run(made, columns))


@compiling
def test_what_is_not_written_in_c_is_left_to_numpy_between_two_parts(folder: str):
    builder = Builder(7)
    score = builder.div(column(builder, "value"), builder.constant(3))
    data = Banding(7, (Compared(NEAR, None),), within=EXACT)
    kernel = builder.kernel("bands", (builder.constant(1), score), data)
    band = builder.part(kernel, "band", membered=True)
    builder.doubt("close", builder.part(kernel, "close", membered=False, truth=True))
    best = builder.sum(score, builder.equal(band, builder.constant(1)))
    made = planned(builder, {"band": band, "best": best, "again": builder.add(score, best)})
    columns = {"value": values("wide", 2500, 7, 1)}
    found = Native(made, folder=folder)
    assert found.foreign == ("bands",)
    same(found.run(columns), compiled(made).run(columns))
    agree(found.run(columns), plain.run(made, columns))


@compiling
def test_equal_claims_are_settled_as_numpy_settles_them(folder: str):
    builder = Builder(3)
    data = Sharing(3, EXACT, EXACT, whole=True, method="largest_remainder", ties=Ties(None, (Compared(EXACT, 0),)))
    args = (builder.constant(10), builder.constant(1), column(builder, "tie"))
    made = asked(builder, builder.kernel("share_out", args, data), "steps", doubts=("close", "conflict", "open"))
    columns = {"tie": np.array([[0.0, 2.0, 1.0], [1.0, 1.0, 0.0]])}
    found = Native(made, folder=folder).run(columns)
    np.testing.assert_array_equal(found.outputs["steps"][0], [3, 4, 3])
    np.testing.assert_array_equal(found.doubtful, [False, True])
    assert found.why == {"close": 0, "conflict": 0, "open": 1}
