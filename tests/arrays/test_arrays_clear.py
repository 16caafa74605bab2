"""The quick kernels give what the kernels give wherever they hold a case to be clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.arrays import compiled, plain
from policy_dsl.arrays.clear import CLEAR
from policy_dsl.arrays.kernels import KERNELS
from policy_dsl.plan import Plan
from policy_dsl.plan.build import Builder
from policy_dsl.plan.kernels import Compared, Level, Off, Ranking, Sharing, Ties
from tests.arrays.arrays_plans import figure, output, plan

CASES = 60
Found = Mapping[str, Any]


def both(op: str, data: object, args: list[Any]) -> tuple[Found, Found, Any]:
    """What the quick kernel gives, what the kernel gives, and which cases are clear."""
    names = ["share", "share_off", "steps", "rank", "close"]
    turned = [np.asfortranarray(each) for each in args]
    with np.errstate(all="ignore"):
        quick = CLEAR[op](names, data, *turned)
        slow = {name: full(values) for name, values in KERNELS[op](data, *args).items()}
    unclear = quick.get("unclear", np.zeros((CASES, 1), bool))
    return {name: full(values) for name, values in quick.items()}, slow, ~full(unclear)[:, 0]


def full(values: Any) -> Any:
    """The same for all cases, where no arg differs between them."""
    return np.broadcast_to(values, (CASES, values.shape[1]))


class Draw:
    """Random arrays of cases and members, many of whose values are equal."""

    def __init__(self, seed: int, members: int) -> None:
        self.random = np.random.default_rng(seed)
        self.shape = (CASES, members)

    def figures(self, kind: str) -> Any:
        """Figures of a kind."""
        match kind:
            case "few":
                return self.random.integers(0, 4, self.shape).astype(float)
            case "thirds":
                return self.random.integers(1, 9, self.shape) / 3
            case "row":
                return self.random.integers(1, 90, (1, self.shape[1])).astype(float)
        return self.random.integers(1, 10**6, self.shape).astype(float)

    def limits(self, kind: str) -> Any:
        """Limits of a kind: of each member, or one for all ("all": so high that nearly all is shared out)."""
        if kind == "alike":
            return np.full((1, 1), self.random.integers(0, 900) / 3)
        return np.full((1, 1), 4000 / 3) if kind == "all" else self.figures(kind)

    def mask(self) -> Any:
        """Two of three members."""
        return self.random.random(self.shape) < 0.7


KINDS = st.sampled_from(("few", "thirds", "row", "many"))
OFFS = st.sampled_from(("exact", "relative", "bound", "bound of the case"))


def stated(draw: Draw, off: str, value: Any) -> tuple[Off, list[Any]]:
    """A figure and its bound as args."""
    if off == "relative":
        return Off(4.0), [value]
    if off == "exact":
        return Off(), [value]
    bound = draw.random.choice([0.0, 1e-9, 1e-12], draw.shape if off == "bound" else (CASES, 1))
    return Off(0.0, absolute=True), [value, bound]


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    members=st.sampled_from((1, 2, 3, 8, 30)),
    kinds=st.lists(st.tuples(KINDS, OFFS, st.sampled_from((None, 0, 1, 2))), min_size=1, max_size=3),
    masked=st.booleans(),
)
def test_ranks_are_those_of_the_kernel(
    seed: int, members: int, kinds: list[tuple[str, str, int | None]], masked: bool
) -> None:
    draw = Draw(seed, members)
    args: list[Any] = [draw.mask()] if masked else []
    by = []
    for kind, off, leaves in kinds:
        how, more = stated(draw, off, draw.figures(kind))
        told = None if leaves is None and not how.exact else 0 if how.exact else leaves
        args += [*more, *(draw.figures("few") for _ in range(told or 0))]
        by.append(Compared(how, told))
    quick, slow, clear = both("rank", Ranking(members, tuple(by), masked=masked), args)
    assert clear.all()
    np.testing.assert_array_equal(quick["close"], slow["close"])
    sure = ~slow["close"][:, 0]
    np.testing.assert_array_equal(quick["rank"][sure], slow["rank"][sure])


@settings(max_examples=250, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    members=st.sampled_from((1, 2, 3, 8, 30)),
    weights=KINDS,
    weight_off=OFFS,
    floor=st.sampled_from((None, 0.0, 0.02, 0.1, "few", "alike")),
    ceiling=st.sampled_from((None, 0.2, 0.5, 2.0, "many", "alike", "all")),
    limit_off=OFFS,
    method=st.sampled_from(("", "largest_remainder")),
    whole=st.booleans(),
    masked=st.booleans(),
)
def test_shares_are_those_of_the_kernel(
    seed: int,
    members: int,
    weights: str,
    weight_off: str,
    floor: float | str | None,
    ceiling: float | str | None,
    limit_off: str,
    method: str,
    whole: bool,
    masked: bool,
) -> None:
    draw = Draw(seed, members)
    args: list[Any] = [draw.mask()] if masked else []
    total = draw.random.integers(1, 5000, (CASES, 1)).astype(float)
    if whole or method:
        # Limits that go with whole steps are whole and exact.
        limit_off = "exact"
    if whole:
        weights, weight_off = "many" if weights == "thirds" else weights, "exact"
    exact = Off(whole=True)
    args.append(total)
    how, more = stated(draw, weight_off, draw.figures(weights))
    how = exact if whole else how
    args += more
    limits: list[Off | None] = []
    for limit in (floor, ceiling):
        if limit is None:
            limits.append(None)
            continue
        value = draw.limits(limit) if isinstance(limit, str) else np.full((CASES, 1), limit) * total
        value = np.rint(value) if whole or method else value
        off, more = stated(draw, limit_off, value)
        limits.append(exact if whole or method else off)
        args += more
    levels = (Level(*limits),) if any(limits) else ()
    data = Sharing(members, exact, how, levels, masked=masked, whole=whole, method=method, ties=Ties(leaves=None))
    tight = not weight_off.startswith("bound") and not limit_off.startswith("bound")
    assert_the_kernels_shares(data, args, tight=tight)


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    members=st.sampled_from((1, 2, 3, 8, 30)),
    weights=KINDS,
    weight_off=st.sampled_from(("exact", "relative")),
    floor=st.sampled_from((None, 0.0, 1.0, 5 / 3, 50.0, 200 / 3)),
    ceiling=st.sampled_from((None, 100.0, 500 / 3, 700.0, 4000 / 3)),
    limit_off=st.sampled_from(("exact", "relative")),
    total_off=st.sampled_from((Off(whole=True), Off(2.0))),
    masked=st.booleans(),
)
def test_shares_within_limits_alike_for_all_are_those_of_the_kernel(
    seed: int,
    members: int,
    weights: str,
    weight_off: str,
    floor: float | None,
    ceiling: float | None,
    limit_off: str,
    total_off: Off,
    masked: bool,
) -> None:
    draw = Draw(seed, members)
    args: list[Any] = [draw.mask()] if masked else []
    args.append(draw.random.integers(1, 5000, (CASES, 1)).astype(float))
    how, more = stated(draw, weight_off, draw.figures(weights))
    args += more
    limits = []
    for limit in (floor, ceiling):
        off, more = stated(draw, limit_off, np.full((1, 1), limit))
        limits.append(None if limit is None else off)
        args += [] if limit is None else more
    data = Sharing(members, total_off, how, (Level(*limits),), masked=masked)
    assert_the_kernels_shares(data, args, tight=True)


def assert_the_kernels_shares(data: Sharing, args: list[Any], *, tight: bool) -> None:
    """Of clear cases, the same choices, and figures as near as the bounds say; bounds as good as the kernel's."""
    quick, slow, clear = both("share_out", data, args)
    assert not slow["conflict"][clear].any()
    assert not slow["close"][clear].any()
    for name in ("close", "conflict", "open"):
        assert not quick.get(name, np.zeros((1, 1), bool)).any()
    wide = {name: np.broadcast_to(values, slow[name].shape) for name, values in quick.items() if name in slow}
    for name in ("at_floor", "at_ceiling", "steps", "unplaced"):
        if name in slow:
            np.testing.assert_array_equal(wide[name][clear], slow[name][clear], err_msg=name)
    for name in ("share", "uncovered", "residue"):
        if name in slow:
            apart = np.abs(wide[name] - slow[name])
            off = f"{name}_off"
            assert (apart <= wide[off] + slow[off])[clear].all(), name
            if tight:
                assert (wide[off] <= 4 * slow[off])[clear].all(), name


def test_ordinary_cases_are_clear() -> None:
    draw = Draw(5, 30)
    total = np.full((CASES, 1), 120_000.0)
    weights, ceilings = draw.figures("many"), np.full((1, 30), 9_000.0)
    whole = Off(whole=True)
    for method in ("", "largest_remainder"):
        exact = Sharing(30, whole, whole, (Level(None, whole),), whole=True, method=method, ties=Ties(leaves=None))
        *_, clear = both("share_out", exact, [total, weights, ceilings])
        assert clear.sum() >= CASES - 1
        near = Sharing(30, whole, Off(8.0), (Level(whole, whole),), method=method, ties=Ties(leaves=None))
        *_, clear = both("share_out", near, [total, weights / 3, np.full((1, 1), 100.0), ceilings])
        assert clear.sum() >= CASES - 1


def test_where_nothing_is_left_free_what_is_not_covered_is_told() -> None:
    whole = Off(whole=True)
    data = Sharing(2, whole, whole, (Level(None, whole),), whole=True, method="largest_remainder")
    args = [np.full((CASES, 1), 10.0), np.full((CASES, 2), 3.0), np.full((CASES, 2), 4.0)]
    quick, _, clear = both("share_out", data, args)
    assert clear.all()
    assert (quick["steps"] == 4).all()
    assert (quick["uncovered"] == 2).all()


@pytest.fixture
def seats() -> Plan:
    """Seats by largest remainder; equal remainders that nothing tells apart are open."""
    b = Builder(3)
    whole = Off(whole=True)
    data = Sharing(3, whole, whole, whole=True, method="largest_remainder")
    kernel = b.kernel("share_out", (b.constant(4), figure(b, "a", low=1)), data)
    steps = b.part(kernel, "steps", membered=True, low=0, high=4, whole=True)
    for name in ("open", "close", "conflict"):
        b.doubt("open", b.part(kernel, name, membered=False, truth=True))
    made = plan(b, {"seats": steps})
    return Plan(made.frame, made.nodes, ((output("seats", "steps"), steps, None),), made.doubts)


@pytest.mark.parametrize("chunk", [2, 3, 504])
def test_unclear_cases_are_run_with_the_kernels_themselves(seats: Plan, chunk: int) -> None:
    """Of equal weights 1, 1, 1 each gets one of three, and the fourth step is open: it rests with the engine."""
    columns = {"a": np.array([[5, 6, 7], [1, 1, 1], [1, 2, 9], [2, 2, 2], [1, 1, 2], [4, 4, 4], [2, 1, 1]])}
    expected = plain.run(seats, {"a": columns["a"].astype(float)})
    found = compiled(seats, chunk=chunk).run(columns)
    assert found.doubtful.tolist() == [False, True, False, True, False, True, False]
    assert found.why == expected.why == {"open": 3}
    np.testing.assert_array_equal(found.doubtful, expected.doubtful)
    sure = ~expected.doubtful
    np.testing.assert_array_equal(found.outputs["seats"][sure], expected.outputs["seats"][sure])


def test_limits_alike_for_all_are_clear_in_ordinary_cases() -> None:
    draw = Draw(8, 30)
    whole, third = Off(whole=True), Off(1.0)
    args = [draw.mask(), np.full((1, 1), 1.0), draw.figures("many"), np.full((1, 1), 1 / 300), np.full((1, 1), 1 / 9)]
    data = Sharing(30, whole, whole, (Level(third, third),), masked=True)
    quick, slow, clear = both("share_out", data, args)
    assert clear.sum() >= CASES - 1
    assert slow["at_floor"].any()
    assert slow["at_ceiling"].any()
    np.testing.assert_array_equal(quick["at_floor"][clear], slow["at_floor"][clear])
    np.testing.assert_array_equal(quick["at_ceiling"][clear], slow["at_ceiling"][clear])


@pytest.mark.parametrize(
    ("level", "limit"),
    [(Level(Off(1.0), None), 1.0), (Level(None, Off(1.0)), 2.0), (Level(Off(), None), 1.0), (Level(None, Off()), 2.0)],
)
def test_a_share_that_comes_to_its_limit_is_not_clear(level: Level, limit: float) -> None:
    whole = Off(whole=True)
    args = [np.full((CASES, 1), 4.0), np.tile([1.0, 1.0, 2.0], (CASES, 1)), np.full((1, 1), limit)]
    *_, clear = both("share_out", Sharing(3, whole, Off(2.0), (level,)), args)
    assert not clear.any()
