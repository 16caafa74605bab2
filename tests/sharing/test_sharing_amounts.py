"""Relief, credits, measures: tables, laws and planted faults."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sharing_laws import NAMES, Law, amounts, fails, holds, mapping, reversed_order

from policy_dsl.sharing import (
    NeverExceeded,
    NoRange,
    NoShare,
    ReliefConflict,
    fewest,
    index_of,
    less_credits,
    rank_of,
    relieve,
    score,
    share_of,
)

F = Fraction
parts = st.builds(F, st.integers(0, 4), st.just(4))


def figures(*values):
    return {m: F(v) for m, v in zip(NAMES, values, strict=False) if v is not None}


# --- relief -----------------------------------------------------------------------------------------------------

RELIEFS = st.tuples(mapping(amounts, most=5), st.lists(parts, min_size=5, max_size=5), st.lists(amounts, min_size=5))


def relief_of(case):
    shares, reliefs, weights = case
    relief = dict(zip(shares, reliefs, strict=False))
    bearers = {m: w for m, w in zip(shares, weights, strict=False) if relief[m] == 0}
    return shares, relief, bearers


def relief_moves_what_fell(implementation, case):
    shares, relief, bearers = relief_of(case)
    try:
        result = implementation(shares, relief, bearers)
    except ReliefConflict:
        result = None
    nobody = not any(bearers.values()) and any(share * relief[m] for m, share in shares.items())
    assert (result is None) == nobody
    if result is None:
        return
    assert sum(result.shares.values()) == sum(shares.values())
    assert result.check()
    scale = sum(bearers.values())
    for member, share in shares.items():
        assert result.fell[member] == share * relief[member]
        assert result.shares[member] == share - result.fell[member] + result.borne[member]
        assert result.borne[member] * scale == result.freed * bearers.get(member, 0)


def relief_ignores_order(implementation, case):
    try:
        one = implementation(*relief_of(case))
    except ReliefConflict:
        return
    other = implementation(*map(reversed_order, relief_of(case)))
    assert (one.shares, one.borne) == (other.shares, other.borne)


def nobody_bears(shares, relief, bearers):
    found = relieve(shares, relief, bearers)
    return replace(found, shares={m: s - found.fell[m] for m, s in shares.items()})


def all_bear_alike(shares, relief, bearers):
    return relieve(shares, relief, dict.fromkeys(bearers, F(1)) if any(bearers.values()) else bearers)


def the_first_bears(shares, relief, bearers):
    first = next((m for m, w in bearers.items() if w > 0), None)
    return relieve(shares, relief, {m: w if m == first else F(0) for m, w in bearers.items()})


# --- credits ----------------------------------------------------------------------------------------------------

CREDITS = st.tuples(mapping(amounts, most=5), st.lists(amounts, min_size=5, max_size=5), st.booleans())


def credits_of(case):
    shares, given, _ = case
    return shares, dict(zip(shares, given, strict=False))


def dues_are_what_is_open(implementation, case):
    shares, given = credits_of(case)
    refunded = case[2]
    result = implementation(shares, given, refunded=refunded)
    open_part = sum(shares.values()) - sum(given.values())
    assert sum(result.dues.values()) == (open_part if refunded else max(0, open_part)) == result.to_raise
    assert result.check()
    for member, share in shares.items():
        assert result.bears[member] == result.dues[member] + given[member]
        assert result.excess[member] == max(0, given[member] - share)
        if refunded:
            assert result.bears[member] == share
        elif result.factor is None:
            assert open_part <= 0
        else:
            assert 0 < result.factor <= 1
            assert result.dues[member] == max(0, result.factor * share - given[member])
            assert result.dues[member] <= max(0, share - given[member])


def credits_ignore_order(implementation, case):
    shares, given = credits_of(case)
    one = implementation(shares, given, refunded=case[2])
    other = implementation(reversed_order(shares), reversed_order(given), refunded=case[2])
    assert (one.dues, one.factor) == (other.dues, other.factor)


def raises_more_than_is_open(shares, borne, *, refunded):
    found = less_credits(shares, borne, refunded=refunded)
    if refunded:
        return found
    return replace(found, dues={m: max(F(0), s - borne[m]) for m, s in shares.items()})


def always_refunds(shares, borne, *, refunded):
    return less_credits(shares, borne, refunded=True)


def credits_the_first_only(shares, borne, *, refunded):
    first = next(iter(shares))
    return less_credits(shares, {first: borne[first]}, refunded=refunded)


LAWS = [
    pytest.param(Law(RELIEFS, relief_moves_what_fell), relieve, nobody_bears, id="relief-sum"),
    pytest.param(Law(RELIEFS, relief_moves_what_fell), relieve, all_bear_alike, id="relief-weights"),
    pytest.param(Law(RELIEFS, relief_ignores_order), relieve, the_first_bears, id="relief-order"),
    pytest.param(Law(CREDITS, dues_are_what_is_open), less_credits, raises_more_than_is_open, id="credits-sum"),
    pytest.param(Law(CREDITS, dues_are_what_is_open), less_credits, always_refunds, id="credits-refund"),
    pytest.param(Law(CREDITS, credits_ignore_order), less_credits, credits_the_first_only, id="credits-order"),
]


@pytest.mark.parametrize(("law", "real", "fault"), LAWS)
def test_laws_hold_and_find_the_planted_fault(law, real, fault):
    holds(law, real, 200)
    fails(law, fault)


def test_relief_of_the_low_income_kind():
    result = relieve(figures(60, 30, 10), figures(0, 0, F(4, 5)), figures(60, 30))
    assert result.shares == figures(60 + F(16, 3), 30 + F(8, 3), 2)
    assert result.freed == 8


@pytest.mark.parametrize(
    ("relief", "bearers", "kind"),
    [
        (figures(F(1, 2)), figures(1, 1), "bearer_relieved"),
        (figures(F(1, 2)), figures(None, 0), "no_bearer"),
        (figures(F(1, 2)), {}, "no_bearer"),
    ],
)
def test_relief_conflicts(relief, bearers, kind):
    with pytest.raises(ReliefConflict) as caught:
        relieve(figures(10, 20), relief, bearers)
    assert caught.value.kind == kind
    assert caught.value.freed == 5
    assert str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        (figures(-1), {}, {}),
        (figures(1), figures(2), {}),
        (figures(1), {}, {"Z": F(1)}),
        (figures(1), {"Z": F(1)}, {}),
        (figures(1, 1), {}, figures(-1)),
    ],
)
def test_relief_refusals(given):
    with pytest.raises(ValueError):
        relieve(*given)


@pytest.mark.parametrize(
    ("shares", "given", "refunded", "dues", "factor"),
    [
        ((60, 40), (10, 0), False, (50, 40), 1),
        ((60, 40), (0, 50), False, (50, 0), F(5, 6)),
        ((60, 40), (0, 50), True, (60, -10), 1),
        ((60, 40), (0, 120), False, (0, 0), None),
        ((60, 40), (0, 120), True, (60, -80), 1),
        ((50, 30, 20), (0, 27, 30), False, (43, 0, 0), F(43, 50)),
        ((0, 40), (5, 0), False, (0, 35), F(7, 8)),
        ((), (), False, (), None),
    ],
)
def test_credits(shares, given, refunded, dues, factor):
    result = less_credits(figures(*shares), figures(*given), refunded=refunded)
    assert result.dues == figures(*dues)
    assert result.factor == factor


@pytest.mark.parametrize("given", [(figures(-1), {}), (figures(1), figures(-1)), (figures(1), {"Z": F(1)})])
def test_credit_refusals(given):
    with pytest.raises(ValueError):
        less_credits(*given, refunded=False)


# --- measures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "worst", "best", "expected"),
    [(5, 0, 10, F(1, 2)), (12, 0, 10, 1), (-1, 0, 10, 0), (3, 10, 0, F(7, 10)), (11, 10, 0, 0), (-2, 10, 0, 1)],
)
def test_score(measure, worst, best, expected):
    assert score(F(measure), F(worst), F(best)) == expected


def test_index_share_and_rank():
    assert index_of(figures(2, 6, 4)) == figures(0, 1, F(1, 2))
    assert share_of(figures(1, 0, 3)) == figures(F(1, 4), 0, F(3, 4))
    assert rank_of(figures(5, 9, 5, 1, 9)) == {"A": 3, "B": 1, "C": 3, "D": 5, "E": 1}
    assert list(rank_of({"B": F(1), "A": F(2)})) == ["B", "A"]


@pytest.mark.parametrize(
    ("keys", "ranks"),
    [
        ([], [3, 1, 3, 5, 1]),
        ([(1, 1, 2, 9, 5)], [4, 2, 3, 5, 1]),
        ([(1, 5, 1, 0, 5)], [3, 1, 3, 5, 1]),
        ([(1, 5, 1, 0, 5), (7, 7, 8, 0, 9)], [4, 2, 3, 5, 1]),
        # Who is equal to nobody is asked for nothing.
        ([(1, 1, 2, None, 5), (None, None, None, None, None)], [4, 2, 3, 5, 1]),
    ],
)
def test_ties_of_a_rank_are_settled_in_turn(keys, ranks):
    assert list(rank_of(figures(5, 9, 5, 1, 9), [figures(*key) for key in keys]).values()) == ranks


def test_a_tie_key_must_tell_equals_apart():
    with pytest.raises(ValueError, match="no figure for"):
        rank_of(figures(5, 5, 1), [figures(1, None, 1)])


small = st.lists(st.integers(0, 2).map(F), min_size=5, max_size=5)


@given(small, st.lists(small, max_size=3))
def test_rank_of_is_one_more_than_all_who_stand_before(own, keys):
    """By definition: who stands before has the greater figure, or an equal one and the greater first unequal key."""
    order = {m: (own[i], *(key[i] for key in keys)) for i, m in enumerate(NAMES[:5])}
    found = rank_of(figures(*own), [figures(*key) for key in keys])
    assert found == {m: 1 + sum(other > mine for other in order.values()) for m, mine in order.items()}


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda: score(F(1), F(2), F(2)), NoRange),
        (lambda: index_of(figures(3, 3)), NoRange),
        (lambda: index_of({}), NoRange),
        (lambda: share_of(figures(0, 0)), NoShare),
        (lambda: share_of({}), NoShare),
        (lambda: share_of(figures(-1, 2)), ValueError),
        (lambda: fewest(figures(1, 2), F(1)), NeverExceeded),
        (lambda: fewest(figures(0), F(0)), NeverExceeded),
        (lambda: fewest(figures(1), F(-1)), ValueError),
        (lambda: fewest(figures(-1), F(1, 2)), ValueError),
    ],
)
def test_measures_refuse_what_has_no_answer(call, fault):
    with pytest.raises(fault):
        call()


def fewest_by_enumeration(implementation, case):
    values, ratio = case
    needed = ratio * sum(values.values())
    sizes = [
        bin(chosen).count("1")
        for chosen in range(1, 2 ** len(values))
        if sum(v for i, v in enumerate(values.values()) if chosen >> i & 1) > needed
    ]
    try:
        found = implementation(values, ratio)
    except NeverExceeded:
        found = None
    assert found == min(sizes, default=None)


def fewest_that_reach(values, ratio):
    together, needed = F(0), ratio * sum(values.values())
    for count, value in enumerate(sorted(values.values(), reverse=True), start=1):
        together += value
        if together >= needed and together > 0:
            return count
    raise NeverExceeded


def test_fewest_is_the_least_number_that_exceeds():
    cases = st.tuples(mapping(amounts, most=5), st.builds(F, st.integers(0, 8), st.just(8)))
    holds(Law(cases, fewest_by_enumeration), fewest, 150)
    fails(Law(cases, fewest_by_enumeration), fewest_that_reach, 800)
