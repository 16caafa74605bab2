"""Bands by their definition, and the filling of bands."""

from fractions import Fraction

import pytest
from hypothesis import strategies as st
from sharing_laws import NAMES, Law, amounts, fails, holds, reversed_order

from policy_dsl.sharing import LimitsConflict, band_members, fill_bands

F = Fraction
tenths = st.builds(F, st.integers(0, 10), st.just(10))
CASES = st.tuples(
    st.lists(st.tuples(tenths, tenths), min_size=1, max_size=6), st.builds(F, st.integers(0, 4), st.just(10))
)


def criteria_of(case):
    rows, within = case
    return [dict(zip(NAMES, column, strict=False)) for column in zip(*rows, strict=True)], within


def sort_by_definition(members, criteria, within):
    """Walk down the sorted scores; a member opens a band if it is further than `within` from the last opener."""
    if not criteria:
        return [frozenset(members)]
    bands, opener = [], None
    for member in sorted(members, key=lambda m: (-criteria[0][m], m)):
        if opener is None or opener - criteria[0][member] > within:
            opener = criteria[0][member]
            bands.append(set())
        bands[-1].add(member)
    return [inner for band in bands for inner in sort_by_definition(band, criteria[1:], within)]


def agrees_with_definition(implementation, case):
    criteria, within = criteria_of(case)
    found = implementation(list(criteria[0]), criteria, within).bands
    assert list(found) == sort_by_definition(criteria[0], criteria, within)


def keeps_distances(implementation, case):
    """Nobody is banded with one that differs by more than `within`, and every member stands in one band."""
    criteria, within = criteria_of(case)
    bands = implementation(list(criteria[0]), criteria, within).bands
    assert sorted(m for band in bands for m in band) == sorted(criteria[0])
    for band in bands:
        for scores in criteria:
            assert max(scores[m] for m in band) - min(scores[m] for m in band) <= within


def ignores_order(implementation, case):
    criteria, within = criteria_of(case)
    one = implementation(list(criteria[0]), criteria, within)
    other = implementation(list(reversed(criteria[0])), list(map(reversed_order, criteria)), within)
    assert one.bands == other.bands
    assert one.tree == other.tree


def chains_small_steps(members, criteria, within):
    """Bands members that are near their neighbour, however far the chain leads."""
    found = band_members(members, [], within)
    bands, last = [], None
    for member in sorted(members, key=lambda m: -criteria[0][m]):
        if last is None or last - criteria[0][member] > within:
            bands.append(set())
        bands[-1].add(member)
        last = criteria[0][member]
    return type(found)(tuple(map(frozenset, bands)), found.tree, within)


def excludes_the_exact_distance(members, criteria, within):
    return band_members(members, criteria, max(F(0), within - F(1, 20)))


def opens_with_the_first(members, criteria, within):
    scores = {m: min(s, criteria[0][next(iter(members))]) for m, s in criteria[0].items()}
    return band_members(members, [scores, *criteria[1:]], within)


def skips_a_criterion(members, criteria, within):
    return band_members(members, criteria[:1], within)


LAWS = [
    pytest.param(Law(CASES, agrees_with_definition), chains_small_steps, id="definition-chain"),
    pytest.param(Law(CASES, agrees_with_definition), excludes_the_exact_distance, id="definition-exact"),
    pytest.param(Law(CASES, agrees_with_definition), skips_a_criterion, id="definition-criteria"),
    pytest.param(Law(CASES, keeps_distances), chains_small_steps, id="distances"),
    pytest.param(Law(CASES, ignores_order), opens_with_the_first, id="order"),
]


@pytest.mark.parametrize(("law", "fault"), LAWS)
def test_laws_hold_and_find_the_planted_fault(law, fault):
    holds(law, band_members, 200)
    fails(law, fault)


def test_bands_show_which_criterion_made_them():
    first = {"A": F(9, 10), "B": F(8, 10), "C": F(7, 10), "D": F(2, 10)}
    second = {"A": F(1, 10), "B": F(5, 10), "C": F(9, 10), "D": F(1)}
    banding = band_members(list("ABCD"), [first, second], F(1, 10))
    assert banding.bands == (frozenset("B"), frozenset("A"), frozenset("C"), frozenset("D"))
    top = banding.tree.parts[0]
    assert (top.members, top.criterion, top.best) == (frozenset("AB"), 0, F(9, 10))
    assert [(p.criterion, p.best) for p in top.parts] == [(1, F(1, 2)), (1, F(1, 10))]
    assert banding.tree.criterion is None
    assert band_members(list("ABCD"), [], F(0)).bands == (frozenset("ABCD"),)
    assert band_members([], [first], F(0)).bands == ()


@pytest.mark.parametrize("given", [(["A"], [{"A": F(1)}], F(-1)), (["A", "B"], [{"A": F(1)}], F(0))])
def test_banding_refusals(given):
    with pytest.raises(ValueError):
        band_members(*given)


# --- filling ----------------------------------------------------------------------------------------------------

FILLS = st.tuples(amounts, st.lists(st.tuples(amounts, amounts, st.integers(0, 2)), min_size=1, max_size=6))


def filling_of(case):
    total, rows = case
    weights = {m: w + 1 for m, (w, _, _) in zip(NAMES, rows, strict=False)}
    ceilings = {m: c for m, (_, c, _) in zip(NAMES, rows, strict=False)}
    bands = [[m for m, (_, _, b) in zip(NAMES, rows, strict=False) if b == n] for n in range(3)]
    return total, bands, weights, ceilings


def fills_in_order(implementation, case):
    total, bands, weights, ceilings = filling_of(case)
    result = implementation(total, bands, lambda band: {m: weights[m] for m in band}, ceilings=ceilings)
    assert sum(result.shares.values()) + result.uncovered == total
    assert result.check()
    rest = total
    for band, fill in zip(bands, result.fills, strict=True):
        room = sum(ceilings[m] for m in band)
        assert fill.offered == rest
        assert fill.taken == min(rest, room) == sum(result.shares[m] for m in band)
        rest -= fill.taken
        assert fill.passed_on == rest
    assert all(s <= ceilings[m] for m, s in result.shares.items())


def fills_from_the_last(total, bands, weights, **limits):
    return fill_bands(total, bands[::-1], weights, **limits)


def fills_all_at_once(total, bands, weights, **limits):
    return fill_bands(total, [[m for band in bands for m in band], [], []], weights, **limits)


@pytest.mark.parametrize("fault", [fills_from_the_last, fills_all_at_once])
def test_bands_fill_in_order(fault):
    holds(Law(FILLS, fills_in_order), fill_bands, 150)
    fails(Law(FILLS, fills_in_order), fault)


def equal(band):
    return dict.fromkeys(band, F(1))


def test_ceilings_of_a_full_band_are_whole_steps():
    ceilings = {"A": F(5, 2), "B": F(7, 2), "C": F(100)}
    result = fill_bands(F(10), [["A", "B"], ["C"]], equal, ceilings=ceilings, step=F(1))
    assert result.shares == {"A": 2, "B": 3, "C": 5}
    loose = fill_bands(F(10), [["A", "B"], ["C"]], equal, ceilings=ceilings)
    assert loose.shares == {"A": F(5, 2), "B": F(7, 2), "C": 4}


def test_floors_of_later_bands_are_kept_back():
    result = fill_bands(F(10), [["A"], ["B", "C"]], equal, floors={"B": F(3)})
    assert result.shares == {"A": 7, "B": 3, "C": 0}
    assert (result.fills[0].reserved, result.fills[0].offered, result.fills[0].passed_on) == (3, 7, 3)


def test_filling_refusals():
    with pytest.raises(ValueError):
        fill_bands(F(1), [["A"], ["A"]], equal)
    with pytest.raises(ValueError):
        fill_bands(F(1), [["A"]], equal, ceilings={"B": F(1)})
    with pytest.raises(LimitsConflict):
        fill_bands(F(1), [["A"], ["B"]], equal, floors={"B": F(2)})
