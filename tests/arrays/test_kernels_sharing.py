"""Sharing out of many cases at once gives what the library of exact fractions gives, or says that it can't be sure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.plan.kernels import Compared, Crediting, Level, Off, Rounding, Sharing, Ties
from policy_dsl.sharing import (
    CONSERVING,
    METHODS,
    HeldInLevels,
    LimitsConflict,
    hold_in_levels,
    less_credits,
    round_shares,
)
from policy_dsl.sharing import Level as ExactLevel
from policy_dsl.sharing import Rounding as ExactRounding
from tests.arrays.kernels_given import called, computed, figures, leaf, masks, off

CASES = 30
Limits = list[list[Fraction | None]]


def limits(draw: Random, members: int, top: int, chance: float) -> Limits:
    """Whole limits, of some members."""
    return [
        [Fraction(draw.randint(0, top)) if draw.random() < chance else None for _ in range(members)]
        for _ in range(CASES)
    ]


class Given:
    """Drawn cases of sharing out: totals, weights, limits on levels, keys that settle ties, a draw by lot."""

    def __init__(self, seed: int, members: int, kind: str, levels: int, keys: int, *, lot: bool, cents: bool) -> None:
        self.draw = draw = Random(seed)
        self.members = members
        self.who = masks(draw, CASES, members)
        self.weights = figures(draw, CASES, members, kind)
        below = 4 if cents else 1
        self.totals = [[Fraction(draw.choice((0, 3, 10, 25, draw.randint(0, 200))), below)] for _ in range(CASES)]
        self.floors = [limits(draw, members, 3, 0.4) for _ in range(levels)]
        self.ceilings = [limits(draw, members, 12, 0.6) for _ in range(levels)]
        self.keys = [figures(draw, CASES, members, "few") for _ in range(keys)]
        self.lot = draw.sample(range(members), draw.randint(0, members)) if lot else None

    def inside(self, case: int) -> list[int]:
        return [m for m in range(self.members) if self.who[case][m]]

    def only(self, row: list[Any], case: int) -> dict[int, Fraction]:
        return {m: row[m] for m in self.inside(case) if row[m] is not None}

    def levels(self, case: int) -> list[ExactLevel[int]]:
        return [
            ExactLevel(self.only(low[case], case), self.only(high[case], case))
            for low, high in zip(self.floors, self.ceilings, strict=True)
        ]

    def held(self, case: int) -> HeldInLevels[int] | None:
        """What the limits give exactly; None if they can't all be kept."""
        try:
            return hold_in_levels(self.totals[case][0], self.only(self.weights[case], case), self.levels(case))
        except LimitsConflict:
            return None

    def rounded(self, case: int, held: HeldInLevels[int], method: str) -> ExactRounding[int] | None:
        """The whole steps; None if the limits refuse them."""
        ceilings: dict[int, Fraction] = {}
        for level in self.levels(case):
            ceilings |= level.ceilings
        shares = held.shares
        try:
            return round_shares(
                sum(shares.values(), Fraction(0)),
                shares,
                method=method,
                floors={m: shares[m] for m in held.at_floor},
                ceilings={m: max(v, shares[m]) for m, v in ceilings.items()},
                tie_keys=[self.only(key[case], case) for key in self.keys],
                lot=None if self.lot is None else [m for m in self.lot if m in self.inside(case)],
            )
        except LimitsConflict:
            return None

    def leaves(self) -> list[Any]:
        """On what the claims of a member rest."""
        made = [leaf(self.weights)]
        for low, high in zip(self.floors, self.ceilings, strict=True):
            made += [computed(low, None, 0.0), computed(high, None)]
        return made

    def args(self, *, inexact: bool, method: str) -> Iterator[Any]:
        yield np.array(self.who)
        yield computed(self.totals, None)
        yield computed(self.weights, self.draw if inexact else None)
        for low, high in zip(self.floors, self.ceilings, strict=True):
            yield computed(low, None, 0.0)
            yield computed(high, None)
        if not method:
            return
        yield from self.leaves()
        for key in self.keys:
            yield computed(key, None)
        if self.lot is not None:
            yield self.places()

    def places(self) -> Any:
        assert self.lot is not None
        return np.array([[float(self.lot.index(m) + 1) if m in self.lot else 0.0 for m in range(self.members)]])

    def run(self, method: str, *, inexact: bool, whole: bool, cents: bool = False) -> dict[str, Any]:
        limit = Off(whole=True)
        data = Sharing(
            self.members,
            off(False, whole=not cents),
            off(inexact, whole=whole),
            tuple(Level(limit, limit) for _ in self.floors),
            masked=True,
            whole=whole,
            method=method,
            ties=Ties(1 + 2 * len(self.floors), tuple(Compared() for _ in self.keys), self.lot is not None)
            if method
            else Ties(),
        )
        return called("share_out", data, *self.args(inexact=inexact, method=method))


def assert_held(given: Given, found: dict[str, Any], case: int, exact: HeldInLevels[int]) -> None:
    assert not found["conflict"][case, 0]
    for m in range(given.members):
        apart = abs(Fraction(found["share"][case, m]) - exact.shares.get(m, Fraction(0)))
        assert apart <= Fraction(found["share_off"][case, m])
        assert found["at_floor"][case, m] == (m in exact.at_floor)
        assert found["at_ceiling"][case, m] == (m in exact.at_ceiling)
    apart = abs(Fraction(found["uncovered"][case, 0]) - exact.uncovered)
    assert apart <= Fraction(found["uncovered_off"][case, 0])


def assert_rounded(given: Given, found: dict[str, Any], case: int, exact: ExactRounding[int]) -> None:
    assert bool(found["open"][case, 0]) == bool(exact.undetermined)
    if exact.undetermined:
        return
    assert [found["steps"][case, m] for m in range(given.members)] == [
        exact.rounded.get(m, 0) for m in range(given.members)
    ]
    assert found["unplaced"][case, 0] == exact.unplaced
    assert abs(Fraction(found["residue"][case, 0]) - exact.residue) <= Fraction(found["residue_off"][case, 0])


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    members=st.integers(1, 6),
    kind=st.sampled_from(["few", "thirds", "many", "whole"]),
    levels=st.integers(0, 3),
    method=st.sampled_from(["", *METHODS]),
    keys=st.integers(0, 2),
    lot=st.booleans(),
    cents=st.booleans(),
    exactly=st.booleans(),
)
def test_shares_and_steps_are_those_of_exact_fractions(
    seed: int,
    members: int,
    kind: str,
    levels: int,
    method: str,
    keys: int,
    lot: bool,
    cents: bool,
    exactly: bool,
) -> None:
    cases = Given(seed, members, kind, levels, keys, lot=lot, cents=cents)
    whole = exactly and kind in ("few", "whole") and not cents
    found = cases.run(method, inexact=not whole, whole=whole, cents=cents)
    for case in range(CASES):
        if found["close"][case, 0]:
            continue
        exact = cases.held(case)
        if exact is None:
            assert found["conflict"][case, 0]
            continue
        rounded = cases.rounded(case, exact, method) if method else None
        if method and rounded is None:
            assert found["conflict"][case, 0]
            continue
        assert_held(cases, found, case, exact)
        if rounded is not None:
            assert_rounded(cases, found, case, rounded)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("levels", [0, 1])
def test_whole_figures_are_decided_without_doubt(method: str, levels: int) -> None:
    doubtful = counted = 0
    for seed in range(40):
        cases = Given(seed, 5, "few", levels, 1, lot=True, cents=False)
        found = cases.run(method, inexact=False, whole=True)
        for case in range(CASES):
            if not found["conflict"][case, 0]:
                counted += 1
                doubtful += bool(found["close"][case, 0])
    assert counted > 200
    # What is left are claims whose equality only long numbers tell.
    assert doubtful <= counted * (0.12 if method in ("hill", "dean") else 0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("levels", [0, 1, 2])
def test_ordinary_figures_are_seldom_in_doubt(method: str, levels: int) -> None:
    numbers = np.random.default_rng(7)
    n, m = 1500, 30
    weights, ceilings = numbers.lognormal(0, 1.3, (n, m)), np.floor(numbers.lognormal(8.5, 0.5, (n, m)))
    # Some resemble the member before them in everything.
    twins = numbers.random((n, m)) < 0.03
    for place in range(1, m):
        for each in (weights, ceilings):
            each[:, place] = np.where(twins[:, place], each[:, place - 1], each[:, place])
    floors = np.full((1, 1), 40.0)
    whole = Off(whole=True)
    shapes = [Level(None, whole), Level(whole, whole)][:levels]
    limited = [ceilings, floors, ceilings][: (0, 1, 3)[levels]]
    key = np.arange(float(m))[None, :]
    data = Sharing(
        m,
        whole,
        Off(relative=20.0),
        tuple(shapes),
        method=method,
        ties=Ties(2, (Compared(),)),
    )
    found = called("share_out", data, np.array([[120_000.0]]), weights, *limited, weights, ceilings, key)
    sure = ~found["conflict"][:, 0]
    assert sure.sum() > n / 2
    assert found["close"][sure].sum() == 0
    assert not found["open"].any()
    if method in CONSERVING:
        handed = found["steps"].sum(axis=1) + found["unplaced"][:, 0] + found["uncovered"][:, 0]
        assert (handed[sure] == 120_000).all()


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    members=st.integers(1, 6),
    kind=st.sampled_from(["few", "thirds", "halves", "many"]),
    method=st.sampled_from(METHODS),
    keys=st.integers(0, 2),
    negative=st.booleans(),
    limited=st.booleans(),
    lifted=st.booleans(),
    summed=st.booleans(),
)
def test_steps_of_given_quotas_are_those_of_exact_fractions(
    seed: int,
    members: int,
    kind: str,
    method: str,
    keys: int,
    negative: bool,
    limited: bool,
    lifted: bool,
    summed: bool,
) -> None:
    draw = Random(seed)
    inexact = kind != "halves"
    who = masks(draw, CASES, members)
    quotas = figures(draw, CASES, members, "few" if kind == "halves" else kind)
    if kind == "halves":
        quotas = [[each / 2 for each in row] for row in quotas]
    if negative:
        quotas = [[each - draw.randint(0, 2) for each in row] for row in quotas]
    highs = limits(draw, members, 5, 0.5 if limited else 0.0)
    lows = limits(draw, members, 3, 0.3 if limited and not negative else 0.0)
    tables = [figures(draw, CASES, members, "few") for _ in range(keys)]
    sums = [
        [sum((q for q, w in zip(row, mask, strict=True) if w), Fraction(0))]
        for row, mask in zip(quotas, who, strict=True)
    ]
    data = Rounding(
        members,
        method,
        off(inexact),
        None if summed else off(inexact),
        low=True,
        high=Off(),
        lifted=lifted,
        masked=True,
        ties=Ties(3, tuple(Compared() for _ in tables)),
    )
    args = [np.array(who), computed(quotas, draw if inexact else None)]
    args += [] if summed else [computed(sums, draw if inexact else None)]
    args += [computed(lows, None, 0.0), computed(highs, None)]
    args += [leaf(quotas), computed(lows, None, 0.0), computed(highs, None), *(computed(each, None) for each in tables)]
    found = called("round", data, *args)
    for case in range(CASES):
        if found["close"][case, 0]:
            continue
        inside = [m for m in range(members) if who[case][m]]
        shares = {m: quotas[case][m] for m in inside}
        high = {m: v for m in inside if (v := highs[case][m]) is not None}
        try:
            exact = round_shares(
                sums[case][0],
                shares,
                method=method,
                floors={m: v for m in inside if (v := lows[case][m])},
                ceilings={m: max(v, shares[m]) if lifted else v for m, v in high.items()},
                tie_keys=[{m: table[case][m] for m in inside} for table in tables],
            )
        except ValueError:
            assert found["conflict"][case, 0]
            continue
        assert not found["conflict"][case, 0]
        assert bool(found["open"][case, 0]) == bool(exact.undetermined)
        if not exact.undetermined:
            assert [found["steps"][case, m] for m in range(members)] == [
                exact.rounded.get(m, 0) for m in range(members)
            ]
            assert found["unplaced"][case, 0] == exact.unplaced


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), members=st.integers(1, 6), kind=st.sampled_from(["few", "thirds", "many"]))
def test_dues_are_those_of_exact_fractions(seed: int, members: int, kind: str) -> None:
    draw = Random(seed)
    who = masks(draw, CASES, members)
    shares, borne = figures(draw, CASES, members, kind), figures(draw, CASES, members, kind)
    raised = []
    for case in range(CASES):
        inside = [m for m in range(members) if who[case][m]]
        raised.append([sum((shares[case][m] - borne[case][m] for m in inside), Fraction(0))])
    data = Crediting(members, off(True), off(True), off(True), masked=True)
    args = (np.array(who), computed(shares, draw), computed(borne, draw), computed(raised, draw))
    found = called("credit", data, *args)
    for case in range(CASES):
        inside = [m for m in range(members) if who[case][m]]
        exact = less_credits({m: shares[case][m] for m in inside}, {m: borne[case][m] for m in inside}, refunded=False)
        for m in range(members):
            apart = abs(Fraction(found["due"][case, m]) - exact.dues.get(m, Fraction(0)))
            assert apart <= Fraction(found["due_off"][case, m])
            assert found["due_off"][case, m] <= 1e-6 * max(1.0, float(sum(shares[case])))
