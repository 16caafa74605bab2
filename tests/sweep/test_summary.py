"""What a sweep comes to, by hand and in parts."""

import random
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from summing import LAKE, base, by_hand, drawn, exactly, outputs

from policy_dsl.sweep.summary import Accumulator, summary_of
from policy_dsl.sweep.summary_against import Against

LAKE_BASE = base(LAKE.with_suffix(".policy"), LAKE.with_suffix(".yaml"))
WANTED = outputs(LAKE_BASE)


def gathered(*results) -> Accumulator:
    made = Accumulator(WANTED)
    for each in results:
        made.add(each)
    return made


def test_a_sweep_of_four_cases_by_hand():
    # BDI, RWA, TZA in four cases; in the last one nothing is determined.
    places = [[10, 20, 70], [0, 30, 70], [0, 0, 50], [0, 0, 0]]
    held = [[0, 1, 2], [0, 0, 2], [0, 0, 0], [0, 0, 0]]
    outside = [[False, False, False], [True, False, False], [True, True, False], [False, False, False]]
    unknown = np.array([[False] * 3] * 3 + [[True] * 3])
    results = by_hand(
        LAKE_BASE,
        WANTED,
        {
            "places": places,
            "places.held": held,
            "places.outside": outside,
            "places.total": [100.0, 100.0, 100.0, 0.0],
            "places.unallocated": [0.0, 0.0, 50.0, 0.0],
            "bearable": [True, False, True, False],
        },
        unknown={
            **dict.fromkeys(("places", "places.held", "places.outside"), unknown),
            **dict.fromkeys(("places.total", "places.unallocated", "bearable"), unknown[:, 0]),
        },
        again=[False, True, False, True],
        why={"close": 1, "no value": 1},
    )
    found = gathered(results).found()
    assert (found.cases, found.again, found.open, found.why) == (4, 2, 1, {"close": 1, "no value": 1})
    rows = found.spread("places").rows
    assert [(each.cases, each.unknown, each.zero) for each in rows.values()] == [(3, 1, 2), (3, 1, 1), (3, 1, 0)]
    assert [(each.least, each.most, each.mean) for each in rows.values()] == [
        (0, 10, Fraction(10, 3)),
        (0, 30, Fraction(50, 3)),
        (50, 70, Fraction(190, 3)),
    ]
    # Of three cases the fifth percentile is the first, the median the second, the 75th the third.
    assert rows["RWA"].levels == (0, 0, 20, 30, 30)
    assert rows["TZA"].levels == (50, 50, 70, 70, 70)
    counts = {member: row.counts for member, row in found.tally("places.held").rows.items()}
    assert counts == {"BDI": {0: 3}, "RWA": {0: 2, 1: 1}, "TZA": {0: 1, 2: 2}}
    assert found.tally("places.outside").rows["BDI"].part(1) == Fraction(2, 3)
    assert (found.tally("bearable").rows[""].counts, found.tally("bearable").rows[""].unknown) == ({0: 1, 1: 2}, 1)
    left = found.spread("places.unallocated").rows[""]
    assert (left.cases, left.zero, left.most) == (3, 2, 50)


def test_nobody_has_figures_where_there_are_no_cases():
    found = gathered().found()
    assert (found.cases, found.members, found.columns) == (0, (), ())
    assert all(not each.rows for each in (*found.spreads, *found.tallies))


BATCHES = tuple(drawn(LAKE_BASE, 20, size=3))
RESULTS = tuple(exactly(LAKE_BASE, WANTED)(BATCHES))
WHOLE = gathered(*RESULTS)
OTHERS = tuple(exactly(LAKE_BASE, WANTED)(drawn(LAKE_BASE, 20, seed=2, size=3)))


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(range(len(RESULTS))), cuts=st.lists(st.integers(0, len(RESULTS)), max_size=3))
def test_parts_in_any_order_come_to_the_same_to_the_byte(order, cuts):
    ends = [0, *sorted(cuts), len(order)]
    parts = [gathered(*(RESULTS[at] for at in order[a:b])) for a, b in pairwise(ends)]
    whole = Accumulator(WANTED)
    for each in parts:
        whole.merge(Accumulator.restored(WANTED, BATCHES[0].columns, each.state()))
    assert whole.state() == WHOLE.state()
    assert told(summary_of(parts)) == told(WHOLE.found())


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), cut=st.integers(0, len(RESULTS)))
def test_parts_of_a_comparison_in_any_order_come_to_the_same(seed, cut):
    pairs = [(old, again(new, old)) for old, new in zip(RESULTS, OTHERS, strict=True)]
    whole = compared(pairs)
    random.Random(seed).shuffle(pairs)
    parts = compared(pairs[cut:])
    parts.merge(compared(pairs[:cut]))
    assert told(parts.found()) == told(whole.found())
    kept = Against(WANTED, WANTED)
    kept.merge(Against.restored(WANTED, WANTED, parts.state()))
    assert kept.state() == whole.state()


def test_what_is_kept_of_other_outputs_is_refused():
    with pytest.raises(ValueError, match="other outputs"):
        Accumulator.restored(WANTED[:2], (), WHOLE.state())
    with pytest.raises(ValueError, match="same outputs"):
        WHOLE.merge(Accumulator(WANTED[:2]))
    with pytest.raises(ValueError, match="same outputs"):
        Against(WANTED, WANTED).merge(Against(WANTED[1:], WANTED[1:]))
    with pytest.raises(ValueError, match="nothing to sum up"):
        summary_of([])


def test_the_columns_of_cases_are_told_with_their_ends():
    columns = {each.name: each for each in WHOLE.found().columns}
    arrivals = np.concatenate([each.values["arrivals"] for each in BATCHES])
    assert (columns["arrivals"].least, columns["arrivals"].most) == (arrivals.min(), arrivals.max())
    assert columns["population"].each_member
    assert columns["population"].lacking == 0


def test_figures_of_a_sweep_are_those_of_its_cases():
    shares = np.concatenate([each.values["places"] for each in RESULTS])
    for place, row in enumerate(WHOLE.found().spread("places").rows.values()):
        assert (row.least, row.most) == (shares[:, place].min(), shares[:, place].max())
        assert row.mean == Fraction(int(shares[:, place].sum()), 20)


def test_two_policies_by_hand():
    old = by_hand(
        LAKE_BASE,
        WANTED,
        {"places": [[10, 20, 70], [10, 20, 70], [0, 30, 70]], "places.held": [[0, 0, 0], [0, 0, 2], [0, 0, 2]]},
        names=("a", "b", "c"),
    )
    new = by_hand(
        LAKE_BASE,
        WANTED,
        {"places": [[10, 20, 70], [15, 20, 65], [20, 20, 60]], "places.held": [[0, 0, 0], [0, 0, 0], [0, 0, 2]]},
        names=("a", "b", "c"),
    )
    made = Against(WANTED, WANTED)
    made.add(old, new)
    found = made.found()
    assert (found.cases, found.differ, found.alone) == (3, 2, ())
    (share,) = found.shares
    assert {member: (gap.more, gap.less, gap.same) for member, gap in share.rows.items()} == {
        "BDI": (2, 0, 1),
        "RWA": (0, 1, 2),
        "TZA": (0, 2, 1),
    }
    assert share.rows["BDI"].by.mean == Fraction(25, 3)
    assert (share.moved.least, share.moved.median, share.moved.most) == (0, 5, 20)
    assert found.farthest == (("c", 20), ("b", 5))
    turned = {each.new.name: each for each in found.turned}
    assert (turned["places.held"].cases, turned["places.held"].first, turned["places.held"].rows) == (
        1,
        ("b",),
        {"TZA": 1},
    )
    assert turned["places.outside"].cases == 0


def test_results_of_other_cases_are_not_compared():
    made = Against(WANTED, WANTED)
    with pytest.raises(ValueError, match="same cases"):
        made.add(RESULTS[0], RESULTS[1])


def again(new, old):
    """Results as if they were of the cases of others."""
    return replace(new, batch=old.batch)


def compared(pairs) -> Against:
    made = Against(WANTED, WANTED)
    for old, new in pairs:
        made.add(old, new)
    return made


def told(found: object) -> str:
    """What was found, as text; outputs and spots by their identity, as they are the same."""
    kind = type(found)
    if is_dataclass(found) and kind.__module__.startswith("policy_dsl.sweep"):
        return f"{kind.__name__}({told(tuple(getattr(found, each.name) for each in fields(found)))})"
    if isinstance(found, dict):
        return told(tuple(found.items()))
    if isinstance(found, tuple):
        return f"({', '.join(map(told, found))})"
    return repr(found) if isinstance(found, int | str | Fraction | None) else str(id(found))
