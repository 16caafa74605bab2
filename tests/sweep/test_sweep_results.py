"""What a sweep gives equals what the same cases give when each is decided by itself."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sweeping import case, checked, compare, values

from policy_dsl import arrays
from policy_dsl.arrays import Ran
from policy_dsl.cases.case import Case, Fact
from policy_dsl.plan import NotLowered, Plan, outputs_of
from policy_dsl.sweep import planning
from policy_dsl.sweep.given import from_cases
from policy_dsl.sweep.run import Sweeper
from policy_dsl.values import Quantity

POLICY = checked()
BASE = case(POLICY)


def refusing(frame: object, outputs: object) -> object:
    raise NotLowered("a test")


def other(changes: dict[tuple[str, str, str, int | None], Fraction | bool | None]) -> Case:
    """The base case with other facts; what is none is left out."""
    facts = {(f.indicator, f.member, f.cohort, f.year): f for f in BASE.facts}
    for key, value in changes.items():
        if value is None:
            del facts[key]
        elif isinstance(value, bool):
            facts[key] = replace(facts[key], value=value)
        else:
            stated = facts[key].value
            assert isinstance(stated, Quantity)
            facts[key] = replace(facts[key], value=replace(stated, amount=Fraction(value)))
    return replace(BASE, facts=tuple(facts.values()))


def swept(cases: dict[str, Case], **options: object) -> None:
    batches = [each for (each,) in from_cases([POLICY.program], [(name, (one,)) for name, one in cases.items()])]
    sweeper = Sweeper(POLICY, outputs_of(POLICY, (), BASE), **options)  # type: ignore[arg-type]
    compare(POLICY, [sweeper.run(batch) for batch in batches], cases)


FIGURES = [(f.indicator, f.member, f.cohort, f.year) for f in BASE.facts if isinstance(f.value, Quantity)]
TRUTHS = [(f.indicator, f.member, f.cohort, f.year) for f in BASE.facts if isinstance(f.value, bool)]


def amount(fact: Fact) -> st.SearchStrategy[Fraction | None]:
    assert isinstance(fact.value, Quantity)
    whole = st.integers(0, 200_000_000).map(Fraction)
    if fact.indicator == "unemployment":
        return st.decimals(0, 100, places=2).map(lambda each: Fraction(each) / 100)
    if fact.indicator == "budget":
        return st.decimals(0, 10**7, places=2).map(Fraction)
    near = st.sampled_from([fact.value.amount, fact.value.amount + 1])
    return whole | near | (st.none() if fact.indicator in ("gdp", "applications") else st.nothing())


changed = st.fixed_dictionaries(
    {},
    optional={
        key: amount(next(f for f in BASE.facts if (f.indicator, f.member, f.cohort, f.year) == key)) for key in FIGURES
    }
    | {key: st.booleans() for key in TRUTHS},
)


@settings(max_examples=25, deadline=None)
@given(st.lists(changed, min_size=1, max_size=10), st.booleans())
def test_random_cases_give_what_each_gives_by_itself(changes: list[dict], exactly: bool):
    cases = {f"c{number}": other(each) for number, each in enumerate(changes)}
    swept(cases, **({"lowered": refusing} if exactly else {}))


def test_facts_that_lack_and_members_that_are_left_out():
    cases = {"as it is": BASE}
    cases["no product"] = other({("gdp", "TZA", "", None): None})
    cases["nobody applied"] = other({("applications", "TZA", "", 2024): None, ("applications", "BDI", "", 2023): None})
    cases["in danger"] = other({("in_danger", "KEN", "", None): True, ("in_danger", "RWA", "", None): True})
    swept(cases, lowered=refusing)
    swept({f"{name} {number}": each for number in range(4) for name, each in cases.items()})


@pytest.mark.parametrize("lowered", [None, refusing])
def test_how_many_were_decided_again_is_told_by_reason(lowered: object):
    cases = {f"c{n}": other({("budget", "", "", None): Fraction(1000 + n)}) for n in range(20)}
    cases["lacking"] = other({("gdp", "TZA", "", None): None})
    (batch,) = (each for (each,) in from_cases([POLICY.program], [(name, (one,)) for name, one in cases.items()]))
    found = Sweeper(POLICY, outputs_of(POLICY, ["costs"], BASE), lowered=lowered).run(batch)  # type: ignore[arg-type]
    assert found.why["absent"] == 1
    assert found.again[-1]
    if lowered is not None:
        assert found.why == {"absent": 1, "whole": 20}
        assert found.hindrance == "a test"
        assert found.again.all()
    given = [values([found], "costs")["c7", member] for member in batch.members]
    assert sum(given) == 1007  # type: ignore[arg-type]


def test_a_plan_that_holds_for_a_range_is_made_once_and_again_for_a_wider_one():
    made = []

    def counting(frame: object, outputs: object) -> object:
        made.append(frame)
        raise NotLowered("counted")

    def batch(*budgets: int) -> object:
        cases = [(str(n), (other({("budget", "", "", None): Fraction(each)}),)) for n, each in enumerate(budgets)]
        return from_cases([POLICY.program], cases)[0][0]

    sweeper = Sweeper(POLICY, outputs_of(POLICY, ["costs"], BASE), lowered=counting)  # type: ignore[arg-type]
    first = batch(*range(200, 220))
    sweeper.run(first)  # type: ignore[arg-type]
    sweeper.run(replace(first, names=[str(n) for n in range(20)]))  # type: ignore[type-var]
    assert len(made) == 1
    frame = made[0]
    assert frame.profiles["budget"].low == 100
    assert frame.profiles["budget"].high == 1000
    assert frame.profiles["budget"].whole


def test_batches_of_one_kind_share_a_frame_and_others_do_not():
    later = replace(BASE, at=BASE.at.replace(day=9))
    fewer = replace(BASE, groups={"core": ("BDI", "RWA", "TZA")})
    cases = [("a", (BASE,)), ("b", (later,)), ("c", (other({("gdp", "TZA", "", None): None}),)), ("d", (fewer,))]
    groups = [list(each.names) for (each,) in from_cases([POLICY.program], cases)]
    assert groups == [["a", "c"], ["b"], ["d"]]
    (first,) = from_cases([POLICY.program], cases)[0]
    assert first.order.tolist() == [0, 2]
    assert first.absent["gdp"].tolist() == [[False] * 4, [False, False, False, True]]
    assert first.amount("unemployment", 0, 2) == Fraction(125, 1000)
    assert first.values["unemployment"].dtype == np.float64
    assert first.values["population"].dtype == np.int64


class InDoubt:
    """Runs a plan and is sure of nothing."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def run(self, columns: dict[str, np.ndarray]) -> Ran:
        ran = arrays.run(self.plan, columns)
        every = np.ones(len(next(iter(columns.values()))), bool)
        return Ran(
            {name: np.zeros_like(each) for name, each in ran.outputs.items()}, ran.known, every, {"close": len(every)}
        )


def test_what_a_plan_is_not_sure_of_it_decides_in_whole_numbers_without_the_engine(monkeypatch: pytest.MonkeyPatch):
    cases = {
        f"c{n}": other(
            {("budget", "", "", None): Fraction(999_000 + 7 * n), ("gdp", "RWA", "", None): Fraction(3 * n + 1)}
        )
        for n in range(20)
    }
    ((batch,),) = from_cases([POLICY.program], [(name, (one,)) for name, one in cases.items()])
    outputs = outputs_of(POLICY, ["costs", "costs.total", "places", "all_places", "bearable", "core"], BASE)
    monkeypatch.setattr(planning.arrays, "compiled", InDoubt)
    sweeper = Sweeper(POLICY, outputs)
    found = sweeper.run(batch)
    assert found.again.all()
    assert not sweeper._engines
    compare(POLICY, [found], cases)
