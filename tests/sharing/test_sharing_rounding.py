"""Rounding against brute-force definitions, the laws of apportionment, and planted faults."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import pytest
from apportionment.methods import compute
from hypothesis import strategies as st
from sharing_laws import NAMES, Law, amounts, fails, holds, mapping, reversed_order

from policy_dsl.sharing import CONSERVING, METHODS, LimitsConflict, round_shares

F = Fraction
DIVISOR_METHODS = CONSERVING[1:]


small = st.builds(F, st.integers(0, 8), st.sampled_from([1, 2, 3]))


def rounding_cases(methods=METHODS, most=4, amounts=amounts):
    limit = st.none() | amounts
    return st.tuples(
        mapping(amounts, most=most),
        st.sampled_from(methods),
        st.sampled_from([F(1), F(1, 2), F(3)]),
        st.lists(st.none() | st.builds(F, st.integers(0, 6), st.just(2)), min_size=most, max_size=most),
        st.lists(limit, min_size=most, max_size=most),
    )


def arguments(case):
    shares, method, step, floors, ceilings = case
    return {
        "shares": shares,
        "method": method,
        "step": step,
        "floors": {m: f for m, f in zip(shares, floors, strict=False) if f is not None},
        "ceilings": {m: c for m, c in zip(shares, ceilings, strict=False) if c is not None},
    }


def run(implementation, case, **changes):
    """The rounding of a case, or None where its limits conflict."""
    given = {**arguments(case), **changes}
    try:
        return implementation(sum(given["shares"].values(), F(0)), **given)
    except LimitsConflict:
        return None


# --- definitions, independent of the library -------------------------------------------------------------------


def divisor_power(method, held):
    """The divisor of a member that holds `held` steps, as (numerator, denominator) of its square."""
    d = {
        "jefferson": F(held + 1) ** 2,
        "webster": F(2 * held + 1, 2) ** 2,
        "hill": F(held * (held + 1)),
        "adams": F(held) ** 2,
        "dean": F(2 * held * (held + 1), 2 * held + 1) ** 2,
    }[method]
    return d.numerator, d.denominator


def claims_at_least(method, a, had, b, has):
    """Whether quota `a` at `had` steps claims at least as much as quota `b` at `has` steps."""
    (an, ad), (bn, bd) = divisor_power(method, had), divisor_power(method, has)
    if an == 0 and bn == 0:
        return a >= b
    return a * a * ad * bn >= b * b * bd * an


def possible(quotas, steps, low, high):
    """All ways of handing out `steps` within the limits, a quota of zero getting its floor only."""
    ranges = [
        range(low.get(m, 0), min(high.get(m, steps), steps if q else low.get(m, 0)) + 1) for m, q in quotas.items()
    ]
    return [dict(zip(quotas, a, strict=True)) for a in product(*ranges) if sum(a) == steps]


def best_by_definition(method, quotas, steps, low, high):
    ways = possible(quotas, steps, low, high)
    if method == "largest_remainder":
        distance = [sum((a[m] - q) ** 2 for m, q in quotas.items()) for a in ways]
        return [a for a, d in zip(ways, distance, strict=True) if d == min(distance)]
    return [
        a
        for a in ways
        if all(
            claims_at_least(method, quotas[i], a[i] - 1, quotas[j], a[j])
            for i, j in product(quotas, quotas)
            if i != j and a[i] > low.get(i, 0) and quotas[j] > 0 and a[j] < high.get(j, steps + 1)
        )
    ]


def every_draw(result):
    """All outcomes that the draw of a standing tie can have, in steps."""
    sure = {m: int(v / result.step) for m, v in result.low.items()}
    return [
        {m: n + (m in drawn) for m, n in sure.items()}
        for drawn in combinations(sorted(result.undetermined), result.to_draw)
    ]


def agrees_with_definition(implementation, case):
    result = run(implementation, case)
    if result is None:
        return
    given = arguments(case)
    step = given["step"]
    quotas = {m: s / step for m, s in given["shares"].items()}
    low = {m: -(-f // step) for m, f in given["floors"].items()}
    high = {m: c // step for m, c in given["ceilings"].items()}
    steps = int((result.shared - result.residue - result.unplaced) / step)
    if steps > 20:
        return
    expected = best_by_definition(given["method"], quotas, steps, low, high)
    found = every_draw(result)
    assert len(found) == len(expected)
    assert all(a in expected for a in found)
    if result.unplaced:
        assert not [a for a in possible(quotas, steps + 1, low, high) if sum(a.values()) == steps + 1]


# --- planted faults ---------------------------------------------------------------------------------------------


def breaks_ties_by_name(total, shares, **rest):
    lot = sorted(shares)
    return round_shares(total, shares, lot=lot, **rest)


def breaks_ties_by_order(total, shares, **rest):
    return round_shares(total, shares, lot=list(shares), **rest)


def takes_another_method(total, shares, **rest):
    other = {"webster": "dean", "dean": "hill", "hill": "webster", "jefferson": "adams", "adams": "jefferson"}
    method = rest.pop("method")
    return round_shares(total, shares, method=other.get(method, "webster"), **rest)


def forgets_ceilings(total, shares, *, ceilings=None, **rest):
    return round_shares(total, shares, **rest)


def forgets_floors(total, shares, *, floors=None, **rest):
    return round_shares(total, shares, **rest)


def loses_the_residue(total, shares, **rest):
    return replace(round_shares(total, shares, **rest), residue=F(0))


def loses_what_ceilings_refuse(total, shares, **rest):
    return replace(round_shares(total, shares, **rest), unplaced=F(0))


def hides_the_difference(total, shares, **rest):
    return replace(round_shares(total, shares, **rest), difference=F(0))


def adds_a_bonus(total, shares, **rest):
    raised = {m: s + rest["step"] for m, s in shares.items()}
    return round_shares(sum(raised.values()), raised, **rest)


def feels_the_size(total, shares, **rest):
    if total > 40:
        rest["method"] = "down"
    return round_shares(total, shares, **rest)


# --- laws -------------------------------------------------------------------------------------------------------


def conserves(implementation, case):
    result = run(implementation, case)
    if result is None:
        return
    given = arguments(case)
    handed = sum(result.low.values()) + result.to_draw * result.step
    if given["method"] in CONSERVING:
        assert handed + result.residue + result.unplaced == sum(given["shares"].values())
        assert 0 <= result.residue < result.step
    else:
        assert handed - result.total == result.difference
    assert result.check()


def keeps_limits(implementation, case):
    result = run(implementation, case)
    if result is None:
        return
    given = arguments(case)
    for member, low in result.low.items():
        most = low + result.step * (member in result.undetermined)
        assert low % result.step == 0
        assert low >= given["floors"].get(member, 0)
        assert most <= given["ceilings"].get(member, most)


def zero_gets_its_floor_only(implementation, case):
    result = run(implementation, case)
    if result is None or case[1] not in CONSERVING:
        return
    for member, share in case[0].items():
        if share == 0 and member not in arguments(case)["floors"]:
            assert result.rounded[member] == 0


def ignores_order(implementation, case):
    one = run(implementation, case)
    given = arguments(case)
    other = run(implementation, case, shares=reversed_order(given["shares"]))
    assert (one is None) == (other is None)
    if one is not None:
        assert one.rounded == other.rounded
        assert one.low == other.low
        assert one.ties == other.ties
        assert one.rows == other.rows
        assert list(other.rounded) == list(reversed(given["shares"]))


def ignores_names(implementation, case):
    """Exchanging the names of members exchanges their results; this is what an alphabet would break."""
    given = arguments(case)
    new = dict(zip(given["shares"], reversed(list(given["shares"])), strict=True))
    changed = {k: {new[m]: v for m, v in given[k].items()} for k in ("shares", "floors", "ceilings")}
    one, other = run(implementation, case), run(implementation, case, **changed)
    assert (one is None) == (other is None)
    if one is not None:
        assert {new[m]: v for m, v in one.rounded.items()} == other.rounded


def ignores_the_unit(implementation, case):
    """Shares, limits and step in another unit give the same steps."""
    given = arguments(case)
    changed = {k: {m: v * 7 for m, v in given[k].items()} for k in ("shares", "floors", "ceilings")}
    one, other = run(implementation, case), run(implementation, case, step=given["step"] * 7, **changed)
    assert (one is None) == (other is None)
    if one is not None:
        assert {m: v * 7 for m, v in one.low.items()} == other.low
        assert one.to_draw == other.to_draw


def reports_ties_symmetrically(implementation, case):
    """Members with equal figures and limits are treated alike: equal amounts, or undetermined together."""
    result = run(implementation, case)
    if result is None:
        return
    given = arguments(case)
    for a, b in combinations(given["shares"], 2):
        if all(given[k].get(a) == given[k].get(b) for k in ("shares", "floors", "ceilings")):
            assert result.rounded[a] == result.rounded[b]
            assert result.low[a] == result.low[b]


def refunds_by_definition(implementation, case):
    """Largest remainder with refunds: nearest to the exact shares, no refund turned into a payment or the reverse."""
    shares, floors = case
    low = {m: -(-f // 1) for m, f in zip(shares, floors, strict=False) if f is not None}
    lifted = sum(max(0, n - shares[m] // 1) for m, n in low.items())
    ranges = []
    for member, share in shares.items():
        least = low.get(member, share // 1 - lifted - 1 if share < 0 else 0)
        ranges.append(range(least, max(least, 0 if share <= 0 else share // 1 + 8) + 1))
    whole = sum(shares.values(), F(0))
    ways = [a for a in product(*ranges) if sum(a) == whole // 1]
    try:
        result = implementation(whole, shares, method="largest_remainder", floors={m: F(n) for m, n in low.items()})
    except LimitsConflict:
        assert not ways
        return
    distance = [sum((a - q) ** 2 for a, q in zip(way, shares.values(), strict=True)) for way in ways]
    best = [dict(zip(shares, way, strict=True)) for way, d in zip(ways, distance, strict=True) if d == min(distance)]
    found = every_draw(result)
    assert len(found) == len(best)
    assert all(way in best for way in found)


def forgets_signs(total, shares, *, method, floors):
    """Rounds the amounts without their signs."""
    found = round_shares(sum(map(abs, shares.values())), {m: abs(s) for m, s in shares.items()}, method=method)
    signs = {m: -1 if s < 0 else 1 for m, s in shares.items()}
    return replace(found, low={m: signs[m] * v for m, v in found.low.items()})


def keeps_quota(implementation, case):
    """Largest remainder without limits gives the quota rounded down or up."""
    shares, _, step, _, _ = case
    result = implementation(sum(shares.values(), F(0)), shares, method="largest_remainder", step=step)
    for member, low in result.low.items():
        most = low + step * (member in result.undetermined)
        assert shares[member] // step * step <= low
        assert most <= -(-shares[member] // step) * step


def house_monotone(implementation, case):
    """Divisor methods: with more to share nobody gets less."""
    shares, method, _, _, _ = case
    whole = sum(shares.values(), F(0))
    if whole == 0:
        return
    few, more = (
        implementation(F(n), {m: s * n / whole for m, s in shares.items()}, method=method, step=F(1)) for n in (7, 8)
    )
    assert all(more.low[m] >= few.low[m] for m in shares)


ALL = rounding_cases()
WHOLE = rounding_cases(CONSERVING)
REFUNDS = st.tuples(
    mapping(st.builds(F, st.integers(-8, 8), st.sampled_from([1, 2, 3])), most=3),
    st.lists(st.none() | st.builds(F, st.integers(0, 3)), min_size=3, max_size=3),
)
SMALL = rounding_cases(CONSERVING, amounts=small)
EQUALS = st.tuples(
    mapping(st.sampled_from([F(1, 2), F(3, 2), F(5, 2)]), least=2, most=4),
    st.sampled_from(METHODS),
    st.just(F(1)),
    st.lists(st.none(), min_size=4, max_size=4),
    st.lists(st.none(), min_size=4, max_size=4),
)
LAWS = [
    pytest.param(Law(SMALL, agrees_with_definition), takes_another_method, 600, id="definition-other_method"),
    pytest.param(Law(SMALL, agrees_with_definition), breaks_ties_by_name, 10, id="definition-ties_by_name"),
    pytest.param(Law(SMALL, agrees_with_definition), forgets_ceilings, 10, id="definition-no_ceilings"),
    pytest.param(Law(ALL, conserves), loses_the_residue, 300, id="conserves-residue"),
    pytest.param(Law(ALL, conserves), loses_what_ceilings_refuse, 10, id="conserves-unplaced"),
    pytest.param(Law(ALL, conserves), hides_the_difference, 10, id="conserves-difference"),
    pytest.param(Law(ALL, keeps_limits), forgets_ceilings, 300, id="limits-ceilings"),
    pytest.param(Law(ALL, keeps_limits), forgets_floors, 10, id="limits-floors"),
    pytest.param(Law(WHOLE, zero_gets_its_floor_only), adds_a_bonus, 200, id="zero"),
    pytest.param(Law(EQUALS, ignores_order), breaks_ties_by_order, 150, id="order-ties"),
    pytest.param(Law(ALL, ignores_order), breaks_ties_by_order, 200, id="order"),
    pytest.param(Law(EQUALS, ignores_names), breaks_ties_by_name, 150, id="names"),
    pytest.param(Law(ALL, ignores_the_unit), feels_the_size, 200, id="unit"),
    pytest.param(Law(EQUALS, reports_ties_symmetrically), breaks_ties_by_order, 150, id="symmetric"),
    pytest.param(Law(REFUNDS, refunds_by_definition), forgets_signs, 300, id="refunds"),
    pytest.param(Law(rounding_cases(("largest_remainder",)), keeps_quota), adds_a_bonus, 200, id="quota"),
]


@pytest.mark.parametrize(("law", "fault", "examples"), LAWS)
def test_laws_hold(law, fault, examples):
    holds(law, round_shares, examples)


@pytest.mark.parametrize(("law", "fault", "examples"), LAWS)
def test_laws_find_the_planted_fault(law, fault, examples):
    fails(law, fault)


def test_divisor_methods_are_house_monotone_and_largest_remainder_is_not():
    holds(Law(rounding_cases(DIVISOR_METHODS), house_monotone), round_shares, 80)
    alabama = {"A": F(6), "B": F(6), "C": F(2)}
    few, more = (
        round_shares(F(n), {m: s * n / 14 for m, s in alabama.items()}, method="largest_remainder").rounded
        for n in (10, 11)
    )
    assert (few["C"], more["C"]) == (2, 1)

    def always_hamilton(total, shares, *, method, step):
        return round_shares(total, shares, method="largest_remainder", step=step)

    fails(Law(rounding_cases(DIVISOR_METHODS), house_monotone), always_hamilton, 2000)


# --- the package `apportionment` (M. Lackner) as a second opinion -----------------------------------------------


@pytest.mark.parametrize("method", CONSERVING)
def test_agrees_with_another_implementation(method):
    compared = 0
    for a, b, c, d in product((0, 7, 131), (3, 52, 997), (11, 400), (5, 64, 213)):
        for seats in (1, 3, 7, 26):
            votes = [a, b, c, d]
            shares = {m: F(v * seats, sum(votes)) for m, v in zip(NAMES, votes, strict=False)}
            ours = round_shares(F(seats), shares, method=method)
            if ours.ties:
                continue
            kept = [v for v in votes if v]
            exact = method != "hill"
            theirs = compute(method, kept, seats, fractions=exact, verbose=False)
            assert [ours.rounded[m] for m, v in zip(NAMES, votes, strict=False) if v] == theirs
            compared += 1
    assert compared > 120


# --- tables -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("half_up", [1, 2, 3, -1, 2]),
        ("half_even", [0, 2, 2, -2, 2]),
        ("up", [1, 2, 3, -1, 2]),
        ("down", [0, 1, 2, -2, 2]),
    ],
)
def test_rounding_one_by_one(method, expected):
    shares = dict(zip(NAMES, [F(1, 2), F(3, 2), F(5, 2), F(-3, 2), F(2)], strict=False))
    result = round_shares(sum(shares.values()), shares, method=method)
    assert list(result.rounded.values()) == expected
    assert result.difference == sum(expected) - 5
    assert result.check()


def test_refunds_are_rounded_by_largest_remainder_and_never_turn_into_payments():
    shares = {"A": F(-7, 4), "B": F(10, 4), "C": F(-3, 4), "D": F(3)}
    result = round_shares(F(3), shares, method="largest_remainder")
    assert result.rounded == {"A": -2, "B": 3, "C": -1, "D": 3}
    assert result.check()
    capped = round_shares(F(3), shares, method="largest_remainder", ceilings={"B": F(2), "D": F(3)})
    assert capped.rounded == {"A": None, "B": 2, "C": None, "D": 3}
    assert capped.low == {"A": -2, "B": 2, "C": -1, "D": 3}


def test_first_steps_go_by_weight_where_they_do_not_suffice():
    shares = {"A": F(1, 10), "B": F(1), "C": F(9, 10), "D": F(0)}
    for method in ("hill", "adams", "dean"):
        assert round_shares(F(2), shares, method=method).rounded == {"A": 0, "B": 1, "C": 1, "D": 0}
    even = dict.fromkeys("ABC", F(2, 3))
    tie = round_shares(F(2), even, method="hill").ties
    assert [(t.members, t.steps, t.settled_by) for t in tie] == [(frozenset("ABC"), 2, None)]


TIED = dict.fromkeys("ABCD", F(1, 2))


@pytest.mark.parametrize(
    ("keys", "lot", "rounded", "settled"),
    [
        ([], None, [None] * 4, [None]),
        ([{"A": 1, "B": 2, "C": 3, "D": 0}], None, [0, 1, 1, 0], [0]),
        ([{"A": 1, "B": 1, "C": 1, "D": 1}], None, [None] * 4, [None]),
        ([{"A": 1, "B": 1, "C": 3, "D": 0}], None, [None, None, 1, 0], [0, None]),
        ([{"A": 1, "B": 1, "C": 3, "D": 0}, {"A": 2, "B": 5, "C": 0, "D": 0}], None, [0, 1, 1, 0], [0, 1]),
        ([{"A": 1, "B": 1, "C": 3, "D": 0}], ["D", "B", "A"], [0, 1, 1, 0], [0, "lot"]),
        ([], ["D", "B", "A", "C"], [0, 1, 0, 1], ["lot"]),
        ([], ["D"], [None, None, None, 1], ["lot", None]),
        ([], [], [None] * 4, [None]),
    ],
)
def test_ties_are_settled_by_keys_then_by_lot(keys, lot, rounded, settled):
    keys = [{m: F(v) for m, v in key.items()} for key in keys]
    result = round_shares(F(2), TIED, method="largest_remainder", tie_keys=keys, lot=lot)
    assert list(result.rounded.values()) == rounded
    assert [t.settled_by for t in result.ties] == settled
    assert result.check()


def test_all_win_or_all_lose_is_no_tie():
    shares = {"A": F(1, 2), "B": F(1, 2), "C": F(1, 4), "D": F(1, 4), "E": F(1, 2)}
    result = round_shares(F(2), shares, method="largest_remainder")
    assert result.to_draw == 2
    alone = round_shares(F(1), {"A": F(1, 2), "B": F(1, 4), "C": F(1, 4)}, method="largest_remainder")
    assert alone.rounded == {"A": 1, "B": 0, "C": 0}
    assert not alone.ties
    both = round_shares(F(5, 2), {"A": F(1, 2), "B": F(1, 2), "C": F(3, 2)}, method="webster")
    assert both.residue == F(1, 2)


def test_certificate_of_largest_remainder():
    result = round_shares(F(6), {"A": F(27, 10), "B": F(27, 10), "C": F(6, 10)}, method="largest_remainder")
    a, c = result.rows["A"], result.rows["C"]
    assert (a.quota, a.whole, a.remainder, a.rank, a.extra) == (F(27, 10), 2, F(7, 10), 1, 1)
    assert (c.rank, c.extra) == (3, 0)
    assert result.last.value == F(7, 10)
    capped = round_shares(
        F(6), {"A": F(27, 10), "B": F(27, 10), "C": F(6, 10)}, method="webster", ceilings={"A": F(27, 10)}
    )
    assert capped.rows["A"].at_ceiling
    assert capped.rounded == {"A": 2, "B": 3, "C": 1}


@pytest.mark.parametrize(("method", "value"), [("webster", F(8, 7)), ("jefferson", F(1)), ("hill", F(4, 3))])
def test_where_all_stand_at_their_ceilings_the_last_claim_is_the_least_that_was_met(method, value):
    shares = {"A": F(3), "B": F(4)}
    result = round_shares(F(7), shares, method=method, ceilings={"A": F(2), "B": F(4)})
    assert result.rounded == {"A": 2, "B": 4}
    assert (result.unplaced, result.last.value) == (1, value)


def test_cents_of_a_billion_are_rounded_without_counting_them_one_by_one():
    shares = {m: F(10**9 * w, 10) for m, w in zip("ABC", (F(1, 3), F(14, 3), F(5)), strict=True)}
    for method in CONSERVING:
        assert round_shares(F(10**9), shares, method=method, step=F(1, 100)).check()
        capped = round_shares(F(10**9), shares, method=method, step=F(1, 100), ceilings={"C": F(10**8)})
        assert capped.rounded["C"] == 10**8
        assert capped.check()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"method": "sainte"}, ValueError),
        ({"step": F(0)}, ValueError),
        ({"shares": {"A": F(11)}}, ValueError),
        ({"shares": {"A": F(-1), "B": F(2)}, "method": "webster"}, ValueError),
        ({"ceilings": {"Z": F(1)}}, ValueError),
        ({"floors": {"A": F(-1)}}, ValueError),
        ({"lot": ["A", "A"]}, ValueError),
        ({"floors": {"A": F(5, 2)}, "ceilings": {"A": F(5, 2)}}, LimitsConflict),
        ({"floors": dict.fromkeys("AB", F(21, 4))}, LimitsConflict),
        ({"tie_keys": [{"A": F(1)}]}, ValueError),
    ],
)
def test_refusals(change, fault):
    given = {"shares": {"A": F(11, 2), "B": F(9, 2)}, "method": "largest_remainder", **change}
    with pytest.raises(fault):
        round_shares(F(10), **given)


def test_conflicts_after_rounding_carry_amounts_not_steps():
    with pytest.raises(LimitsConflict) as crossed:
        round_shares(F(10), {"A": F(10)}, method="up", step=F(2), floors={"A": F(5)}, ceilings={"A": F(5)})
    assert (crossed.value.figures, crossed.value.needed) == ({"A": (6, 4)}, 6)
    with pytest.raises(LimitsConflict) as exceeding:
        round_shares(F(4), {"A": F(2), "B": F(2)}, method="hill", step=F(2), floors={"A": F(3), "B": F(1)})
    assert (exceeding.value.figures, exceeding.value.needed) == ({"A": (4, None), "B": (2, None)}, 6)
