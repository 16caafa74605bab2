"""Ranks and bands of many cases at once give what the library of exact fractions gives, or say that they can't."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.plan.kernels import Banding, Off, Ranking
from policy_dsl.sharing import band_members, rank_of
from tests.arrays.kernels_given import called, compared, computed, figures, leaf, masks

CASES = 40


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    members=st.integers(1, 6),
    kinds=st.lists(st.sampled_from(["few", "thirds", "many"]), min_size=1, max_size=3),
    inexact=st.booleans(),
)
def test_ranks_are_those_of_exact_fractions(seed: int, members: int, kinds: list[str], inexact: bool) -> None:
    draw = Random(seed)
    tables = [figures(draw, CASES, members, kind) for kind in kinds]
    if not inexact:
        # Exact figures are binary fractions.
        tables = [[[Fraction(float(each)) for each in row] for row in table] for table in tables]
    who = masks(draw, CASES, members)
    args = [np.array(who)]
    for table in tables:
        args.append(computed(table, draw if inexact else None))
        args += [leaf(table)] if inexact else []
    found = called("rank", Ranking(members, tuple(compared(inexact) for _ in tables), masked=True), *args)
    for case in range(CASES):
        inside = [m for m in range(members) if who[case][m]]
        keys = [{m: table[case][m] for m in inside} for table in tables]
        exact = rank_of(keys[0], keys[1:])
        # The leaf tells equals, so that no case is in doubt.
        assert not found["close"][case, 0]
        assert [found["rank"][case, m] for m in range(members)] == [exact.get(m, 0) for m in range(members)]


def test_near_figures_are_in_doubt_where_nothing_tells_that_they_are_equal() -> None:
    third = 1 / 3
    values = np.array([[third, third, 0.2], [0.5, third, 0.2], [third, np.nextafter(third, 1), 0.2]])
    leaves = np.array([[1.0, 1.0, 2.0], [1.0, 1.0, 2.0], [1.0, 3.0, 2.0]])
    found = called("rank", Ranking(3, (compared(True),)), values, leaves)
    assert found["close"][:, 0].tolist() == [False, False, True]
    assert found["rank"][:2].tolist() == [[1, 1, 3], [1, 2, 3]]


def test_a_figure_known_by_a_bound_is_in_doubt_within_it() -> None:
    values, bounds = np.array([[1.0, 1.5, 4.0], [1.0, 3.0, 4.0]]), np.array([[0.3, 0.3, 0.1], [0.3, 0.3, 0.1]])
    leaves = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    how = compared(True)
    found = called("rank", Ranking(3, (type(how)(Off(absolute=True), 1),)), values, bounds, leaves)
    assert found["close"][:, 0].tolist() == [True, False]


def test_ordinary_figures_are_ranked_without_doubt() -> None:
    draw = Random(1)
    table = figures(draw, 2000, 30, "many")
    args = computed(table, draw), np.arange(30.0)[None, :]
    found = called("rank", Ranking(30, (compared(True),)), *args)
    assert found["close"].sum() == 0


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    members=st.integers(1, 7),
    kinds=st.lists(st.sampled_from(["few", "thirds"]), min_size=0, max_size=3),
    within=st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 3), Fraction(1, 10), Fraction(5, 2)]),
    inexact=st.booleans(),
)
def test_bands_are_those_of_exact_fractions(
    seed: int, members: int, kinds: list[str], within: Fraction, inexact: bool
) -> None:
    draw = Random(seed)
    tables = [figures(draw, CASES, members, kind) for kind in kinds]
    if not inexact:
        tables = [[[Fraction(float(each)) for each in row] for row in table] for table in tables]
        within = Fraction(float(within))
    who = masks(draw, CASES, members)
    args = [np.array(who), computed([[within]], draw if inexact else None)]
    for table in tables:
        args.append(computed(table, draw if inexact else None))
        args += [leaf(table)] if inexact else []
    how = compared(inexact)
    found = called("bands", Banding(members, tuple(how for _ in tables), how.off, masked=True), *args)
    sure = 0
    for case in range(CASES):
        inside = [m for m in range(members) if who[case][m]]
        exact = band_members(inside, [{m: table[case][m] for m in inside} for table in tables], within)
        number = {m: n for n, band in enumerate(exact.bands, 1) for m in band}
        if found["close"][case, 0]:
            continue
        sure += 1
        assert [found["band"][case, m] for m in range(members)] == [number.get(m, 0) for m in range(members)]
    assert sure > 0 or kinds


@pytest.mark.parametrize("within", [0.1, 0.05])
def test_ordinary_scores_are_banded_without_doubt(within: float) -> None:
    numbers = np.random.default_rng(3)
    scores = [numbers.random((500, 20)) for _ in range(2)]
    how = compared(True)
    leaves = np.arange(20.0)[None, :]
    found = called(
        "bands", Banding(20, (how, how), how.off), np.array([[within]]), scores[0], leaves, scores[1], leaves
    )
    assert found["close"].sum() == 0
    assert found["band"].min() == 1
