"""Limits on one level and in levels: against a search by halving, by their definition, and with planted faults."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import strategies as st
from sharing_laws import NAMES, Law, amounts, fails, holds, mapping, reversed_order

from policy_dsl.sharing import Held, Level, LimitsConflict, hold_between, hold_in_levels

F = Fraction
CASES = st.tuples(
    amounts,
    mapping(amounts, most=5),
    st.lists(st.none() | st.builds(F, st.integers(0, 5), st.just(2)), min_size=5, max_size=5),
    st.lists(st.none() | amounts, min_size=5, max_size=5),
)


def limits_of(case):
    total, weights, floors, ceilings = case
    return (
        total,
        weights,
        {m: v for m, v in zip(weights, floors, strict=False) if v is not None},
        {m: v for m, v in zip(weights, ceilings, strict=False) if v is not None},
    )


def run(implementation, case):
    try:
        return implementation(*limits_of(case))
    except LimitsConflict:
        return None


def clamped(weights, factor, floors, ceilings):
    held = {m: max(w * factor, floors.get(m, F(0))) for m, w in weights.items()}
    return {m: min(v, ceilings.get(m, v)) for m, v in held.items()}


def is_conflict(total, weights, floors, ceilings):
    return sum(floors.values()) > total or any(f > ceilings.get(m, f) for m, f in floors.items())


def agrees_with_halving(implementation, case):
    """The factor found by halving an interval in fractions, to within a millionth."""
    total, weights, floors, ceilings = limits_of(case)
    held = run(implementation, case)
    assert (held is None) == is_conflict(total, weights, floors, ceilings)
    if held is None:
        return
    low, high = F(0), F(10**6)
    for _ in range(60):
        middle = (low + high) / 2
        if sum(clamped(weights, middle, floors, ceilings).values()) < total:
            low = middle
        else:
            high = middle
    near = clamped(weights, high, floors, ceilings)
    assert all(abs(near[m] - held.shares[m]) < F(1, 10**6) for m in weights)


def meets_its_definition(implementation, case):
    """One factor; who is off it stands at a limit; the uncovered part is there only if nobody has room."""
    total, weights, floors, ceilings = limits_of(case)
    held = run(implementation, case)
    if held is None:
        return
    assert sum(held.shares.values()) + held.uncovered == total
    assert held.check()
    assert held.uncovered >= 0
    for member, weight in weights.items():
        share = held.shares[member]
        assert floors.get(member, 0) <= share <= ceilings.get(member, share)
        pinned = (member in held.at_floor) + (member in held.at_ceiling)
        assert pinned <= 1
        if not pinned and weight > 0:
            assert share == weight * held.factor
        if member in held.at_floor:
            assert share == floors[member]
            assert held.factor is None or weight * held.factor < share
        if member in held.at_ceiling:
            assert share == ceilings[member]
            assert held.factor is None or weight * held.factor > share
    if held.uncovered:
        assert all(w == 0 or held.shares[m] == ceilings.get(m) for m, w in weights.items())


def rounds_end_at_the_answer(implementation, case):
    _, weights, floors, ceilings = limits_of(case)
    held = run(implementation, case)
    if held is None:
        return
    assert frozenset().union(*(r.to_floor for r in held.rounds)) == held.at_floor
    assert frozenset().union(*(r.to_ceiling for r in held.rounds)) == held.at_ceiling
    assert held.rounds[-1].factor == held.factor
    assert [r.number for r in held.rounds] == list(range(1, len(held.rounds) + 1))
    if held.factor is not None:
        assert clamped(weights, held.factor, floors, ceilings) == held.shares


def ignores_order(implementation, case):
    total, weights, floors, ceilings = limits_of(case)
    one = run(implementation, case)
    if one is None:
        return
    other = implementation(total, reversed_order(weights), reversed_order(floors), reversed_order(ceilings))
    assert replace(one, shares={}) == replace(other, shares={})
    assert one.shares == other.shares
    assert list(other.shares) == list(reversed(weights))


def ignores_the_unit_of_weights(implementation, case):
    total, weights, floors, ceilings = limits_of(case)
    one = run(implementation, case)
    if one is None:
        return
    other = implementation(total, {m: w * 7 for m, w in weights.items()}, floors, ceilings)
    assert one.shares == other.shares
    assert (one.at_floor, one.at_ceiling) == (other.at_floor, other.at_ceiling)


def pins_both_sides_at_once(total, weights, floors, ceilings):
    """The naive iteration: pin whoever passes a limit, on whichever side, and never look back."""
    hold_between(total, weights, floors, ceilings)
    shares, free = {}, dict(weights)
    while True:
        scale = sum(free.values())
        factor = (total - sum(shares.values())) / scale if scale else F(0)
        now = clamped(free, factor, floors, ceilings)
        moved = {m: v for m, v in now.items() if v != free[m] * factor}
        shares.update(moved)
        free = {m: w for m, w in free.items() if m not in moved}
        if not moved:
            shares = {m: shares.get(m, w * factor) for m, w in weights.items()}
            rest = total - sum(shares.values())
            return Held(total, shares, factor, frozenset(), frozenset(), rest, ())


def cuts_without_sharing_again(total, weights, floors, ceilings):
    held = hold_between(total, weights, {}, {})
    shares = clamped(held.shares, F(1), floors, ceilings)
    return replace(hold_between(total, weights, floors, ceilings), shares=shares)


def loses_the_uncovered(total, weights, floors, ceilings):
    return replace(hold_between(total, weights, floors, ceilings), uncovered=F(0))


def stops_after_one_round(total, weights, floors, ceilings):
    held = hold_between(total, weights, floors, ceilings)
    return replace(held, rounds=held.rounds[:1])


def prefers_the_first(total, weights, floors, ceilings):
    first = next(iter(weights))
    return hold_between(total, {**weights, first: weights[first] * 2}, floors, ceilings)


def feels_the_unit(total, weights, floors, ceilings):
    return hold_between(total, {m: w + 1 for m, w in weights.items()}, floors, ceilings)


LAWS = [
    pytest.param(Law(CASES, agrees_with_halving), pins_both_sides_at_once, 150, id="halving"),
    pytest.param(Law(CASES, agrees_with_halving), cuts_without_sharing_again, 10, id="halving-cut"),
    pytest.param(Law(CASES, meets_its_definition), loses_the_uncovered, 400, id="definition-uncovered"),
    pytest.param(Law(CASES, meets_its_definition), cuts_without_sharing_again, 10, id="definition-cut"),
    pytest.param(Law(CASES, rounds_end_at_the_answer), stops_after_one_round, 400, id="rounds"),
    pytest.param(Law(CASES, ignores_order), prefers_the_first, 150, id="order"),
    pytest.param(Law(CASES, ignores_the_unit_of_weights), feels_the_unit, 150, id="unit"),
]


@pytest.mark.parametrize(("law", "fault", "examples"), LAWS)
def test_laws_hold(law, fault, examples):
    holds(law, hold_between, examples)


@pytest.mark.parametrize(("law", "fault", "examples"), LAWS)
def test_laws_find_the_planted_fault(law, fault, examples):
    fails(law, fault)


def figures(*values):
    return {m: F(v) for m, v in zip(NAMES, values, strict=False) if v is not None}


@pytest.mark.parametrize(
    ("total", "weights", "floors", "ceilings", "shares", "factor", "uncovered"),
    [
        (100, (5, 3, 1), (), (), (F(500, 9), F(300, 9), F(100, 9)), F(100, 9), 0),
        (100, (5, 3, 1), (None, None, 20), (40,), (40, 40, 20), F(40, 3), 0),
        (100, (1, 1), (), (30, 40), (30, 40), None, 30),
        (100, (0, 0), (10,), (), (10, 0), None, 90),
        (100, (0, 1), (10,), (), (10, 90), 90, 0),
        (4, (1, 1), (1, 3), (), (1, 3), 1, 0),
        (3, (1, 1), (None, 2), (1,), (1, 2), None, 0),
        (0, (1, 2), (), (), (0, 0), 0, 0),
        (0, (), (), (), (), None, 0),
    ],
)
def test_limits_on_one_level(total, weights, floors, ceilings, shares, factor, uncovered):
    held = hold_between(F(total), figures(*weights), figures(*floors), figures(*ceilings))
    assert held.shares == figures(*shares)
    assert held.factor == factor
    assert held.uncovered == uncovered


@pytest.mark.parametrize(
    ("total", "floors", "ceilings", "kind", "members"),
    [
        (10, (6,), (5,), "floor_above_ceiling", {"A"}),
        (10, (6, 5), (), "floors_exceed_total", {"A", "B"}),
    ],
)
def test_conflicts_carry_their_figures(total, floors, ceilings, kind, members):
    with pytest.raises(LimitsConflict) as caught:
        hold_between(F(total), figures(1, 1), figures(*floors), figures(*ceilings))
    assert (caught.value.kind, caught.value.members) == (kind, members)
    assert caught.value.figures["A"][0] == floors[0]
    assert caught.value.total == total
    assert str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        (F(-1), figures(1), {}, {}),
        (F(1), figures(-1), {}, {}),
        (F(1), figures(1), figures(-1), {}),
        (F(1), figures(1), {}, {"Z": F(1)}),
    ],
)
def test_refusals(given):
    with pytest.raises(ValueError):
        hold_between(*given)


def test_a_written_order_gives_another_result_than_one_level():
    weights, floor, ceiling = figures(70, 20, 7, 3), figures(None, None, None, 5), figures(40)
    ordered = hold_in_levels(F(100), weights, [Level(floor, {}), Level({}, ceiling)])
    assert ordered.shares == figures(40, F(1100, 27), F(385, 27), 5)
    assert ordered.held_in == {"A": 1, "D": 0}
    assert [h.uncovered for h in ordered.levels] == [0, 0]
    together = hold_between(F(100), weights, floor, ceiling)
    assert together.shares == figures(40, 40, 14, 6)
    assert not together.at_floor


def test_levels_report_what_a_later_level_breaks():
    weights = figures(10, 10, 80)
    result = hold_in_levels(F(100), weights, [Level({}, figures(12, 12)), Level({}, figures(None, None, 50))])
    assert result.shares == figures(25, 25, 50)
    assert result.broken == {"A", "B"}
    assert result.check()


def test_levels_conflict_over_a_member_that_stays_where_it_was_held():
    with pytest.raises(LimitsConflict) as caught:
        hold_in_levels(F(10), figures(1, 9), [Level(figures(4), {}), Level({}, figures(3))])
    assert caught.value.figures == {"A": (4, 3)}


def levels_conserve(implementation, case):
    total, weights, floors, ceilings = limits_of(case)
    try:
        result = implementation(total, weights, [Level(floors, {}), Level({}, ceilings)])
    except LimitsConflict:
        return
    assert sum(result.shares.values()) + result.uncovered == total
    assert all(result.shares[m] == result.levels[n].shares[m] for m, n in result.held_in.items())
    assert all(m in result.held_in or s <= ceilings.get(m, s) for m, s in result.shares.items())


def forgets_the_held(total, weights, levels):
    """Starts every level anew from the weights, with nobody held."""
    first, last = (hold_between(total, weights, level.floors, level.ceilings) for level in levels)
    found = hold_in_levels(total, weights, levels)
    return replace(found, shares={m: max(first.shares[m], s) for m, s in last.shares.items()})


def test_levels_conserve_the_total():
    holds(Law(CASES, levels_conserve), hold_in_levels, 200)
    fails(Law(CASES, levels_conserve), forgets_the_held)
