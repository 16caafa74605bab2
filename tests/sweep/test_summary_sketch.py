"""Distributions in buckets: exact where that is promised, near where not, the same in whatever order figures come."""

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.sweep.summary_sketch import ACCURACY, LEVELS, NEARLY, WHOLE_BELOW, Sketch

WHOLE = st.integers(-(10**12), 10**12) | st.integers(-600, 600)
FIGURE = st.floats(-1e12, 1e12, allow_nan=False) | st.floats(-2, 2) | st.just(0.0)


def sketch(values, whole: bool) -> Sketch:
    made = Sketch(whole)
    made.add([0], np.array(values, np.int64 if whole else np.float64).reshape(-1, 1), None)
    return made


def by_rank(values, level: int):
    """The least figure that so many per cent do not exceed."""
    return sorted(values)[-(-level * len(values) // 100) - 1]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("shape", ["lognormal", "uniform", "negative", "ties"])
def test_percentiles_are_as_near_as_promised(whole, shape):
    generator = np.random.default_rng(7)
    values = {
        "lognormal": generator.lognormal(6, 3, 5_000),
        "uniform": generator.uniform(0, 1_000_000, 5_000),
        "negative": generator.normal(-40_000, 50_000, 5_000),
        "ties": generator.integers(0, 4, 5_000) * 1_000.0,
    }[shape]
    values = np.rint(values).astype(np.int64) if whole else values
    found = sketch(values, whole).distribution(0)
    expected = np.quantile(values, [level / 100 for level in LEVELS], method="inverted_cdf")
    for told, true in zip(found.levels, expected.tolist(), strict=True):
        assert abs(told - Fraction(true)) <= abs(Fraction(true)) * ACCURACY


@pytest.mark.parametrize("whole", [True, False])
@given(data=st.data())
def test_ends_mean_and_counts_are_exact(whole, data):
    values = data.draw(st.lists(WHOLE if whole else FIGURE, min_size=1, max_size=60))
    found = sketch(values, whole).distribution(0)
    exact = [Fraction(each) for each in values]
    assert (found.least, found.most) == (min(exact), max(exact))
    off = 0 if whole else NEARLY * sum(map(abs, exact)) + Fraction(len(exact), 2**64)
    assert abs(found.total - sum(exact)) <= off
    assert found.mean == found.total / len(exact)
    assert (found.cases, found.unknown) == (len(values), 0)
    if whole:
        assert found.zero == values.count(0)
    # A figure less than the smallest bucket counts as nothing.
    smallest = 0 if whole else Fraction(1, 2**64)
    for level, told, near in zip(LEVELS, found.levels, found.near, strict=True):
        true = Fraction(by_rank(values, level))
        assert abs(told - true) <= max(abs(true) * (ACCURACY if near else 0), smallest)


@given(st.lists(st.integers(1 - WHOLE_BELOW, WHOLE_BELOW - 1), min_size=1, max_size=80))
def test_small_whole_numbers_are_told_exactly(values):
    found = sketch(values, True).distribution(0)
    assert found.levels == tuple(by_rank(values, level) for level in LEVELS)
    assert not any(found.near)


@settings(max_examples=60)
@given(
    whole=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
    values=st.lists(st.tuples(st.integers(0, 3), WHOLE, st.booleans()), min_size=1, max_size=60),
)
def test_parts_in_any_order_come_to_the_same(whole, seed, values):
    def added(target, some):
        for row, value, known in some:
            figure = np.array([[value if whole else value / 7]], np.int64 if whole else np.float64)
            target.add([row], figure, np.array([[known]]))
        target.hold(4)
        return target

    once = added(Sketch(whole), values)
    shuffled = random.Random(seed)
    mixed = list(values)
    shuffled.shuffle(mixed)
    cut = shuffled.randint(0, len(mixed))
    parts = added(Sketch(whole), mixed[cut:])
    parts.merge(added(Sketch(whole), mixed[:cut]), range(4))
    assert [parts.state(row) for row in range(4)] == [once.state(row) for row in range(4)]


@given(whole=st.booleans(), values=st.lists(WHOLE, min_size=1, max_size=40))
def test_what_is_kept_can_be_put_back(whole, values):
    kept = sketch(values if whole else [each / 7 for each in values], whole)
    again = Sketch(whole)
    again.restore(0, kept.state(0))
    assert again.state(0) == kept.state(0)
    assert again.distribution(0) == kept.distribution(0)


def test_what_is_no_number_counts_as_none():
    found = sketch([1.0, float("nan"), float("inf")], False).distribution(0)
    assert (found.cases, found.unknown, found.most) == (1, 2, 1)


def test_the_room_it_takes_does_not_grow_with_the_cases():
    generator = np.random.default_rng(3)
    kept = Sketch(True)
    kept.add(range(5), np.tile(np.array([[1], [99_999]]), 5), None)

    def fill(times: int) -> int:
        for _ in range(times):
            kept.add(range(5), generator.integers(0, 100_000, (2_000, 5)), None)
        return sum(each.counts.nbytes for each in (kept.above, kept.below, kept.digits))

    assert fill(2) == fill(20)
