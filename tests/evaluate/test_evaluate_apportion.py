"""The pipeline of `apportion` in whole policies: sums, limits, credits, bands, ties, remainders."""

from __future__ import annotations

from fractions import Fraction

import pytest
from deciding import amounts, codes, decided
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.sharing import METHODS
from policy_dsl.sharing.rounding import CONSERVING

ARTICLES = """article 1 "A"
  > Words.
  tier members_all "All"
  indicators for each member
    weight : persons "Weight"
    credit : persons "Borne", missing means 0 persons
    seniority : number "Seniority", missing means 0
  indicators for the case
    pot : persons "Pot"
  apportion shares "Shares"
    total pot
    among members
    by weight
"""
STATES = ("ALB", "BEL", "DEU", "FRA", "GRC", "HUN", "ITA")


def case(weights: dict[str, int], pot: int, more: str = "") -> str:
    rows = "".join(f"    {m}: {w}\n" for m, w in weights.items())
    return (
        f"members: {{members_all: [{', '.join(weights)}]}}\nfacts:\n"
        f"  pot: {pot} persons\n  weight:\n    unit: persons\n{rows}{more}"
    )


def lines(*more: str) -> str:
    used = "  define uses for each member = credit + seniority * 1 person\n"
    return ARTICLES + "".join(f"    {line}\n" for line in more) + used.replace("define uses", 'define uses "Uses"')


def test_largest_remainder() -> None:
    found = decided(lines("rounding largest_remainder"), case({"ALB": 5, "BEL": 3, "DEU": 1}, 10))
    assert amounts(found, "shares") == {"ALB": 6, "BEL": 3, "DEU": 1}
    assert found.complete


def test_a_tie_is_not_broken_by_order() -> None:
    found = decided(lines("rounding largest_remainder"), case({"ALB": 1, "BEL": 1}, 3))
    shared = found.shares[0]
    assert shared.undetermined == (("ALB", "BEL"),)
    assert "PD850" in codes(found)
    assert not found.complete
    assert shared.sum_check


@pytest.mark.parametrize(
    ("line", "more", "winner"),
    [
        ("ties by seniority", "  seniority: {ALB: 1, BEL: 2}\n", "BEL"),
        ("ties by lot", "lots: {shares: [ALB, BEL]}\n", "ALB"),
    ],
)
def test_a_tie_is_settled_by_the_rule(line: str, more: str, winner: str) -> None:
    found = decided(lines("rounding largest_remainder", line), case({"ALB": 1, "BEL": 1}, 3, more))
    assert amounts(found, "shares")[winner] == 2


def test_ceilings_leave_a_remainder_that_is_stated() -> None:
    found = decided(lines("at most 3 persons", "rounding largest_remainder"), case({"ALB": 1, "BEL": 1}, 10))
    assert amounts(found, "shares") == {"ALB": 3, "BEL": 3}
    assert found.shares[0].unallocated == 4
    assert "PD851" in codes(found)
    assert not found.complete


def test_a_remainder_to_none_may_stay_open() -> None:
    found = decided(
        lines("at most 3 persons", "rounding largest_remainder", "remainder to none"), case({"ALB": 1, "BEL": 1}, 10)
    )
    assert "PD854" in codes(found)
    assert found.complete


def test_floors_above_the_total_have_no_result() -> None:
    found = decided(lines("at least 6 persons"), case({"ALB": 1, "BEL": 1}, 10))
    assert "PD845" in codes(found)


def test_a_floor_above_a_ceiling_has_no_result() -> None:
    found = decided(lines("at least 6 persons", "at most 5 persons"), case({"ALB": 1, "BEL": 1}, 12))
    assert "PD844" in codes(found)


def test_credits_are_taken_off_and_no_due_is_negative() -> None:
    found = decided(
        lines("less credit", "rounding largest_remainder"),
        case({"ALB": 1, "BEL": 1, "DEU": 2}, 100, "  credit: {unit: persons, ALB: 60}\n"),
    )
    # 40 are to be raised; ALB has borne more than its 25.
    assert sum(amounts(found, "shares").values()) == 40
    assert amounts(found, "shares")["ALB"] == 0
    row = found.shares[0].row("ALB")
    assert row is not None
    assert row.excess == 35


def test_refunds_conserve_the_sum() -> None:
    found = decided(
        lines("less credit, excess refunded", "rounding largest_remainder"),
        case({"ALB": 1, "BEL": 1, "DEU": 2}, 100, "  credit: {unit: persons, ALB: 60}\n"),
    )
    assert amounts(found, "shares") == {"ALB": -35, "BEL": 25, "DEU": 50}


def test_a_residue_goes_where_its_line_says() -> None:
    given_case = case({"ALB": 1, "BEL": 2}, 10)
    without = decided(lines("rounding largest_remainder to 3 persons"), given_case)
    assert without.shares[0].residue == 1
    assert "PD853" in codes(without)
    stated = decided(lines("rounding largest_remainder to 3 persons, residue by weight"), given_case)
    assert sum(amounts(stated, "shares").values()) == 10


def test_levels_differ_from_limits_together() -> None:
    weights = {"ALB": 1, "BEL": 10, "DEU": 30, "FRA": 59}
    together = decided(lines("at most 40 persons", "at least 8 persons"), case(weights, 100))
    levels = decided(lines("at most 40 persons", "then at least 8 persons"), case(weights, 100))
    assert sum(amounts(together, "shares").values()) == 100
    assert sum(amounts(levels, "shares").values()) == 100
    assert amounts(together, "shares") != amounts(levels, "shares")


weights_of = st.dictionaries(st.sampled_from(STATES), st.integers(1, 1000), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(weights_of, st.integers(0, 5000), st.sampled_from(METHODS), st.integers(1, 400), st.randoms())
def test_sums_hold_and_order_changes_nothing(
    weights: dict[str, int], pot: int, method: str, ceiling: int, random: object
) -> None:
    rules = lines(f"at most {ceiling} persons", f"rounding {method}", "ties by seniority", "ties by lot")
    found = decided(rules, case(weights, pot))
    shared = found.shares[0]
    assert shared.sum_check
    low = {row.member: row.rounded for row in shared.rows}
    if method in CONSERVING and not shared.undetermined:
        assert sum(amounts(found, "shares").values()) + shared.unallocated == pot
    items = list(weights.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    again = decided(rules, case(dict(items), pot))
    assert {row.member: row.rounded for row in again.shares[0].rows} == low


@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(weights_of, st.integers(0, 500), st.integers(2, 50))
def test_scaling_the_weights_changes_nothing(weights: dict[str, int], pot: int, factor: int) -> None:
    rules = lines("rounding largest_remainder")
    one = decided(rules, case(weights, pot)).shares[0]
    other = decided(rules, case({m: w * factor for m, w in weights.items()}, pot)).shares[0]
    assert [row.rounded for row in one.rows] == [row.rounded for row in other.rows]


def test_exact_shares_without_a_rounding_line() -> None:
    found = decided(lines(), case({"ALB": 1, "BEL": 2}, 100))
    assert amounts(found, "shares") == {"ALB": Fraction(100, 3), "BEL": Fraction(200, 3)}
