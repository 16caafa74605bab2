"""Each figure moved alone: the cases that are made of it, and what they come to."""

from fractions import Fraction

import pytest
from moving import Decided, decided
from summing import LAKE, Base, exactly, outputs

from policy_dsl.plan import Column
from policy_dsl.sweep.tornado import Moving, Tornado, movings, one_at_a_time, tornado
from policy_dsl.syntax import tree

AGAIN = decided(*(LAKE.with_suffix(each).read_text("utf-8") for each in (".policy", ".yaml")))
assert isinstance(AGAIN, Decided)
MEMBERS = tuple(sorted(each.state for each in AGAIN.decision.seats))
LAKE_BASE = Base(AGAIN.checked, AGAIN.decision.case, AGAIN.decision, MEMBERS)


def weighed(found: Base, moving: tuple[Moving, ...]) -> Tornado:
    wanted = outputs(found)
    return tornado(found.checked, found.decision, moving, wanted, exactly(found, wanted))


@pytest.fixture(scope="module")
def moving() -> tuple[Moving, ...]:
    found, fixed = movings(LAKE_BASE.checked, LAKE_BASE.decision)
    assert not fixed
    return found


@pytest.fixture(scope="module")
def lake(moving) -> Tornado:
    return weighed(LAKE_BASE, moving)


def test_every_figure_moves_by_a_fifth_as_far_as_it_may(moving):
    told = {(each.figure.kind, each.figure.value.amount, each.low, each.high) for each in moving}
    assert ("fact", 90_000, 72_000, 108_000) in told
    assert ("weight", Fraction(2, 3), Fraction(8, 15), Fraction(4, 5)) in told
    assert ("weight", Fraction(1, 3), Fraction(4, 15), Fraction(2, 5)) in told
    # Arrivals, population and area of three members, two weights.
    assert len(moving) == 1 + 2 * 3 + 2


def test_each_case_of_a_batch_has_one_figure_at_an_end(moving):
    batches = list(one_at_a_time(LAKE_BASE.checked, LAKE_BASE.decision, moving))
    assert sorted(name for batch in batches for name in batch.names) == sorted(
        f"{number} {end}" for number in range(len(moving)) for end in ("low", "high")
    )
    assert [batch.first for batch in batches] == [sum(len(b) for b in batches[:at]) for at in range(len(batches))]
    (weights,) = (batch for batch in batches if any(isinstance(each.spot, tree.Expr) for each in batch.columns))
    for case in range(len(weights)):
        # The weights are exactly what they are to be: together they are one.
        assert sum(weights.amount(each.name, case, 0) for each in weights.columns) == 1
    (areas,) = (batch for batch in batches if any(each.name == "area" for each in batch.columns))
    changed = [[areas.amount("area", case, at) for at in range(3)] for case in range(len(areas))]
    assert changed[0] == [Fraction(25_680 * 4, 5), 24_670, 885_800]
    assert changed[1] == [Fraction(25_680 * 6, 5), 24_670, 885_800]


def test_what_a_figure_does_is_what_the_rules_with_that_figure_give(lake):
    compared = 0
    for swing in lake.swings:
        for to, amounts in ((swing.moving.low, swing.low), (swing.moving.high, swing.high)):
            expected = AGAIN.moved(swing.moving.figure, to)
            if expected is not None:
                compared += 1
                given = dict(zip(lake.members, amounts["places"], strict=True))
                assert given == {member: amount for (_, member), amount in expected.items()}
    assert compared > len(lake.swings)


def test_the_base_is_the_decision(lake):
    (shared,) = LAKE_BASE.decision.shares
    assert lake.base["places"] == tuple(shared.row(member).final.value.amount for member in lake.members)


def test_swings_by_hand():
    made = weighed(LAKE_BASE, ())
    swing = lambda low, high: type("S", (), {"low": {"places": low}, "high": {"places": high}})()  # noqa: E731
    found = Tornado("", made.shares, ("A", "B"), {"places": (Fraction(10), Fraction(20))}, ())
    wide, narrow = swing((5, 25), (13, 17)), swing((9, 21), (11, 19))
    odd = swing((None, 20), (10, 20))
    assert found.moved(wide, "places") == (5, 3)
    assert found.moved(odd, "places") == (None, 0)
    assert found.of(wide, "places", "B") == (25, 17)
    whole = Tornado("", made.shares, ("A", "B"), found.base, (narrow, odd, wide))
    assert whole.sorted("places") == [wide, narrow]
    assert whole.sorted("places", "A") == [wide, narrow]


def test_the_ends_that_are_told_are_taken_and_rounded_to_whole_heads():
    def ends(figure):
        return (
            (Fraction(133, 2), Fraction(90_001, 1)) if figure.entry.name == "arrivals" else (figure.value.amount,) * 2
        )

    found, _ = movings(LAKE_BASE.checked, LAKE_BASE.decision, ends)
    assert [(each.figure.entry.name, each.low, each.high) for each in found] == [("arrivals", 66, 90_001)]


def test_columns_of_what_is_written_have_names_of_their_own(moving):
    columns: list[Column] = []
    for batch in one_at_a_time(LAKE_BASE.checked, LAKE_BASE.decision, moving):
        columns += batch.columns
    assert len({each.name for each in columns}) == len(columns)
