"""Assignments of least cost against enumeration of all assignments."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import strategies as st
from sharing_laws import Law, fails, holds, reversed_order

from policy_dsl.sharing import OptimiserMissing, assign, assign_least_cost

F = Fraction
costs = st.builds(F, st.integers(-1, 4), st.sampled_from([1, 2]))
CASES = st.tuples(
    st.lists(st.integers(0, 3), min_size=1, max_size=2),
    st.lists(st.none() | st.integers(0, 3), min_size=1, max_size=3),
    st.lists(st.none() | costs, min_size=6, max_size=6),
    st.none() | st.lists(st.integers(0, 2), min_size=3, max_size=3),
)


def arguments(case):
    sizes, room, prices, prefer = case
    supplies = {f"c{i}": F(s) for i, s in enumerate(sizes)}
    capacities = {f"m{i}": None if r is None else F(r) for i, r in enumerate(room)}
    pairs = zip(product(supplies, capacities), prices, strict=False)
    preferred = None if prefer is None else {m: F(p, 2) for m, p in zip(capacities, prefer, strict=False)}
    return supplies, capacities, {pair: c for pair, c in pairs if c is not None}, preferred


def every_assignment(supplies, capacities, costs):
    """All assignments of whole units, each a mapping of pairs to amounts."""
    pairs = list(costs)
    for amounts in product(*(range(int(supplies[c]) + 1) for c, _ in pairs)):
        flow = dict(zip(pairs, amounts, strict=True))
        fits = all(sum(v for (c, _), v in flow.items() if c == x) <= s for x, s in supplies.items())
        if fits and all(
            r is None or sum(v for (_, k), v in flow.items() if k == m) <= r for m, r in capacities.items()
        ):
            yield flow


def optimal(supplies, capacities, costs, prefer):
    def worth(flow):
        cost = sum(costs[pair] * v for pair, v in flow.items())
        liked = sum((prefer or {}).get(k, 0) * v for (_, k), v in flow.items())
        return -sum(flow.values()), cost, -liked

    flows = [(worth(f), f) for f in every_assignment(supplies, capacities, costs)]
    least = min(w for w, _ in flows)
    return least, [f for w, f in flows if w == least]


def agrees_with_enumeration(implementation, case):
    supplies, capacities, costs, prefer = arguments(case)
    result = implementation(supplies, capacities, costs, prefer)
    (placed, cost, _), best = optimal(supplies, capacities, costs, prefer)
    assert result.total_cost == cost
    assert result.total_unplaced == sum(supplies.values()) + placed
    for pair in costs:
        found = {f[pair] for f in best}
        assert result.placed[pair] == (found.pop() if len(found) == 1 else None)
    assert result.undetermined == {p for p, v in result.placed.items() if v is None}
    for member in capacities:
        found = {sum(v for (_, k), v in f.items() if k == member) for f in best}
        assert result.received[member] == (found.pop() if len(found) == 1 else None)
    for cohort, supply in supplies.items():
        found = {supply - sum(v for (c, _), v in f.items() if c == cohort) for f in best}
        assert result.unplaced[cohort] == (found.pop() if len(found) == 1 else None)
    assert result.check()


def prices_are_what_room_is_worth(implementation, case):
    supplies, capacities, costs, prefer = arguments(case)
    result = implementation(supplies, capacities, costs, prefer)
    (placed, cost, _), _ = optimal(supplies, capacities, costs, prefer)
    for member, room in capacities.items():
        if room is None:
            assert member not in result.prices
            continue
        (more, other, _), _ = optimal(supplies, {**capacities, member: room + 1}, costs, prefer)
        if (more, other) < (placed, cost):
            assert result.prices[member].places == (more < placed)
            assert result.prices[member].saves == cost - other
        else:
            assert member not in result.prices


def ignores_order(implementation, case):
    supplies, capacities, costs, prefer = arguments(case)
    one = implementation(supplies, capacities, costs, prefer)
    other = implementation(
        reversed_order(supplies), reversed_order(capacities), reversed_order(costs), prefer and reversed_order(prefer)
    )
    assert one == other


def serves_in_the_order_given(supplies, capacities, costs, prefer):
    """Greedy: the first cohort takes its cheapest places, and so on."""
    found = assign_least_cost(supplies, capacities, costs, prefer)
    room, placed = dict(capacities), dict.fromkeys(costs, F(0))
    for cohort, left in supplies.items():
        for _, member in sorted((p for p in costs if p[0] == cohort), key=lambda p: costs[p]):
            taken = left if room[member] is None else min(left, room[member])
            placed[cohort, member] += taken
            left -= taken
            room[member] = None if room[member] is None else room[member] - taken
    cost = sum((costs[p] * v for p, v in placed.items()), F(0))
    return replace(found, placed=placed, total_cost=cost)


def chooses_among_equals(supplies, capacities, costs, prefer):
    found = assign_least_cost(supplies, capacities, costs, prefer)
    return replace(found, placed={p: F(0) if v is None else v for p, v in found.placed.items()})


def forgets_preferences(supplies, capacities, costs, prefer):
    return assign_least_cost(supplies, capacities, costs, None)


def sells_room_dear(supplies, capacities, costs, prefer):
    found = assign_least_cost(supplies, capacities, costs, prefer)
    return replace(found, prices={m: replace(p, saves=p.saves + 1) for m, p in found.prices.items()})


LAWS = [
    pytest.param(Law(CASES, agrees_with_enumeration), serves_in_the_order_given, 150, id="enumeration-greedy"),
    pytest.param(Law(CASES, agrees_with_enumeration), chooses_among_equals, 10, id="enumeration-ties"),
    pytest.param(Law(CASES, agrees_with_enumeration), forgets_preferences, 10, id="enumeration-prefer"),
    pytest.param(Law(CASES, prices_are_what_room_is_worth), sells_room_dear, 60, id="prices"),
    pytest.param(Law(CASES, ignores_order), serves_in_the_order_given, 80, id="order"),
]


@pytest.mark.parametrize(("law", "fault", "examples"), LAWS)
def test_laws_hold_and_find_the_planted_fault(law, fault, examples):
    holds(law, assign_least_cost, examples)
    fails(law, fault, 300)


def test_equal_assignments_are_undetermined_until_a_preference_parts_them():
    supplies, rooms = {"x": F(5), "y": F(4)}, {"a": F(4), "b": F(9)}
    flat = dict.fromkeys(product(supplies, rooms), F(1, 3))
    assert assign_least_cost(supplies, rooms, flat).undetermined == set(flat)
    assert assign_least_cost(supplies, rooms, flat).received == {"a": None, "b": None}
    liked = assign_least_cost(supplies, rooms, flat, {"a": F(1, 7)})
    assert liked.received == {"a": 4, "b": 5}
    assert liked.placed["x", "a"] is None
    assert liked.total_cost == 3


def test_steps_and_short_capacity():
    result = assign_least_cost(
        {"x": F(100)}, {"a": F(37), "b": F(25)}, {("x", "a"): F(2), ("x", "b"): F(3)}, step=F(10)
    )
    assert result.placed == {("x", "a"): 30, ("x", "b"): 20}
    assert (result.unplaced, result.total_unplaced) == ({"x": 50}, 50)
    assert result.total_cost == 120
    assert result.prices["a"].places
    assert result.prices["a"].saves == -20


@pytest.mark.parametrize(
    "given",
    [
        ({"x": F(-1)}, {"a": None}, {}),
        ({"x": F(1, 2)}, {"a": None}, {}),
        ({"x": F(1)}, {"a": F(-1)}, {}),
        ({"x": F(1)}, {"a": None}, {("y", "a"): F(1)}),
        ({"x": F(1)}, {"a": None}, {("x", "b"): F(1)}),
        ({"x": F(1)}, {"a": None}, {}, {"b": F(1)}),
    ],
)
def test_refusals(given):
    with pytest.raises(ValueError):
        assign_least_cost(*given)


def test_as_much_as_possible_is_placed_whatever_a_chain_of_moves_costs():
    costs = {("x", "a"): 0, ("x", "b"): 1000, ("y", "b"): 0, ("y", "c"): 1000, ("z", "a"): 0}
    rooms = {"a": F(1), "b": F(1), "c": F(1)}
    result = assign_least_cost(dict.fromkeys("xyz", F(1)), rooms, {p: F(c) for p, c in costs.items()})
    assert result.total_unplaced == 0
    assert result.total_cost == 2000
    assert result.placed["z", "a"] == 1


def test_a_step_must_be_positive():
    with pytest.raises(ValueError, match="step"):
        assign_least_cost({"x": F(1)}, {"a": None}, {}, step=F(0))


def test_nothing_to_place_and_nobody_to_take():
    assert assign_least_cost({"x": F(0)}, {"a": F(1)}, {("x", "a"): F(1)}).placed == {("x", "a"): 0}
    assert assign_least_cost({"x": F(2)}, {}, {}).unplaced == {"x": 2}


def test_without_the_optimiser(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(assign, "import_module", missing)
    with pytest.raises(OptimiserMissing):
        assign_least_cost({"x": F(1)}, {"a": None}, {("x", "a"): F(1)})


def test_a_false_optimum_does_not_pass_the_proof(monkeypatch):
    worse = [0, 1, 0, 1, 0, 0]
    monkeypatch.setattr(assign, "_simplex", lambda arcs, amounts: worse)
    with pytest.raises(assign.OptimalityError):
        assign_least_cost({"x": F(1)}, {"a": None, "b": None}, {("x", "a"): F(1), ("x", "b"): F(2)})
