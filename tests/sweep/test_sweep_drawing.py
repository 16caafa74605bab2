"""Cases that are drawn: between the bounds, whole where whole, the same for every number, part and machine."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from sweeping import CASE, POLICY, case, checked

from policy_dsl.plan import outputs_of
from policy_dsl.sweep.drawing import AT_ONCE, BLOCK, Drawer
from policy_dsl.sweep.faults import Unfit
from policy_dsl.sweep.run import Sweeper
from policy_dsl.sweep.varying import read_varied

LAKE = checked()
BASE = case(LAKE)

# A policy with weights of both kinds, an agreed figure, and a choice.
WEIGHED = checked(
    POLICY.replace(
        "article 3",
        """article 9 "More"
  > More.
  criteria standing "Standing" by weight
    50% wealth : gdp per population from 0 USD per person per year to 5_000 USD per person per year
    30% work : unemployment from 20% to 0%
    20% room : population from 0 persons to 100_000_000 persons
  procedure p "Procedure"
    step session
      by members
  parameter rate "Rate" = left to session between 10% and 20%, otherwise 15%
article 3""",
    )
)


def drawer(*items: str, seed: int = 7, shape: str = "uniform", policy: object = LAKE) -> Drawer:
    base = case(policy)  # type: ignore[arg-type]
    return Drawer(policy, base, read_varied(items, policy, base, shape), seed)  # type: ignore[arg-type]


def one(made: Drawer, cases: int = 2000) -> dict[str, np.ndarray]:
    """The values of so many cases by column."""
    batches = list(made.batches(0, cases))
    return {column.name: np.concatenate([batch.values[column.name] for batch in batches]) for column in made.columns}


@pytest.mark.parametrize(
    ("item", "column", "low", "high"),
    [
        ("budget=±10%", "budget", 900_000.45, 1_100_000.55),
        ("budget=+-500", "budget", 999_500.5, 1_000_500.5),
        ("budget=10..50", "budget", 10, 50),
        ("budget=contested", "budget", 900_000, 1_200_000),
        ("arrivals of sick=±10%", "arrivals@sick", 289, 353),
        ("arrivals of sick = 300 .. 310 triangular", "arrivals@sick", 300, 310),
        ("arrivals of sick=±50 normal", "arrivals@sick", 271, 371),
        ("floor=±2", "floor", 3, 7),
        ("unemployment of RWA=10%..15%", "unemployment", 0.10, 0.15),
        ("unemployment of RWA=10..15", "unemployment", 0.10, 0.15),
    ],
)
def test_what_is_drawn_lies_between_the_bounds_and_fills_them(item: str, column: str, low: float, high: float):
    drawn = one(drawer(item))[column]
    found = drawn[:, 2] if column == "unemployment" else drawn[:, 0]
    assert low <= found.min() < low + (high - low) / 10 or "normal" in item
    assert high >= found.max() > high - (high - low) / 10 or "normal" in item
    assert found.min() >= low
    assert found.max() <= high
    if "arrivals" in item:
        assert (found == np.rint(found)).all()


def test_whom_nobody_varies_has_what_the_case_states():
    drawn = one(drawer("gdp of KEN=±20%"))["gdp"]
    assert (drawn[:, [0, 2, 3]] == [3_000_000_000, 13_000_000_000, 79_000_000_000]).all()
    assert len(np.unique(drawn[:, 1])) > 1900


def test_a_later_item_holds_for_those_whom_it_names():
    drawn = one(drawer("gdp=±1%", "gdp of KEN=5..9"))["gdp"]
    assert drawn[:, 1].max() <= 9
    assert drawn[:, 0].min() >= 3_000_000_000 * 0.99


def test_draws_keep_to_the_bounds_that_the_policy_states():
    drawn = one(drawer("unemployment=±99", "population=±14_000_000"))
    assert drawn["unemployment"].min() >= 0
    assert drawn["unemployment"].max() <= 1
    assert drawn["population"].min() >= 0


def test_how_often_yes():
    drawn = one(drawer("in_danger=yes 30%"), 20_000)["in_danger"]
    assert drawn.dtype == bool
    assert abs(drawn.mean() - 0.3) < 0.01


@pytest.mark.parametrize("item", ["budget=contested", "gdp=±20%", "in_danger=yes 50%", "budget=±9% normal"])
def test_a_case_is_the_same_for_every_number_of_cases_and_every_part(item: str):
    made = drawer(item, "population=±5% triangular")
    whole = one(made, 2 * AT_ONCE + 300)
    for start, stop in ((0, 1), (0, 1500), (999, 1001), (BLOCK, 2 * BLOCK), (1234, 9 * BLOCK - 700)):
        batches = list(made.batches(start, stop))
        for name, due in whole.items():
            found = np.concatenate([batch.values[name] for batch in batches])
            assert np.array_equal(found, due[start:stop])
        assert [name for batch in batches for name in batch.names] == [str(n + 1) for n in range(start, stop)]
        assert [place for batch in batches for place in batch.order] == list(range(start, stop))


def test_what_one_column_draws_hangs_on_no_other_column_and_on_the_seed():
    alone = one(drawer("budget=contested"))["budget"]
    assert np.array_equal(alone, one(drawer("gdp=±20%", "budget=contested"))["budget"])
    assert not np.array_equal(alone, one(drawer("budget=contested", seed=8))["budget"])


def test_contested_facts_vary_where_nothing_is_asked_for():
    assert [column.name for column in drawer().columns] == ["budget"]
    text = CASE.replace("status: contested", "status: official").replace(", between: [900_000 USD, 1_200_000 USD]", "")
    plain = case(LAKE, text)
    with pytest.raises(Unfit) as raised:
        read_varied((), LAKE, plain)
    assert raised.value.problem.code == "PD997"


def test_what_is_drawn_is_a_decimal_that_is_told_again():
    (batch, *_) = drawer("budget=10..50", "unemployment=±20%").batches(0, 1000)
    for name in ("budget", "unemployment"):
        for row in range(50):
            exact = batch.amount(name, row, 0)
            assert float(exact) == batch.values[name][row, 0]
            assert (exact * 10**12).denominator == 1


def test_a_choice_varies_within_its_bounds():
    drawn = one(drawer("rate=choice", policy=WEIGHED))["rate"]
    assert 0.10 <= drawn.min() < 0.11
    assert 0.19 < drawn.max() <= 0.20


@pytest.mark.parametrize(
    "items",
    [
        ["standing.wealth=±20%"],
        ["standing.wealth=±20%", "standing.work=±10%"],
        ["standing.wealth=±20%", "standing.work=±20%", "standing.room=±20%"],
        ["standing.wealth=90%..100%", "standing.work=30%..40%"],
        ["size.1=±20%"],
        ["size.1=±20%", "size.2=±20%", "size.3=±20% normal"],
    ],
)
def test_weights_keep_their_sum_and_the_others_their_proportion(items: list[str]):
    made = drawer(*items, policy=WEIGHED)
    (batch, *_) = made.batches(0, 1000)
    names = [column.name for column in made.columns]
    assert len(names) == 3
    for row in range(100):
        assert sum(batch.amount(name, row, 0) for name in names) == 1
        assert min(batch.amount(name, row, 0) for name in names) >= 0
    if len(items) == 1:
        first, *others = (batch.values[name][:, 0] for name in names)
        assert len(np.unique(first)) > 900
        ratio = others[0] / others[1]
        assert np.allclose(ratio, ratio[0], rtol=1e-7)


def test_drawn_figures_weights_and_parameters_are_decided_as_by_the_exact_engine():
    from policy_dsl.evaluate import apportion, criteria
    from policy_dsl.evaluate.anew import ParameterAt, replace_figures
    from policy_dsl.evaluate.decide import engine_for
    from policy_dsl.plan import IndicatorAt
    from policy_dsl.values import RATIO, Quantity

    made = drawer("size.1=±20%", "standing.work=±50%", "floor=±3", "budget=contested", policy=WEIGHED)
    (batch, *_) = made.batches(0, 12)
    base = case(WEIGHED)
    names = ["costs", "places@sick", "standing"]
    found = Sweeper(WEIGHED, outputs_of(WEIGHED, names, base)).run(batch)
    entries = WEIGHED.program.entries
    for row in range(len(batch)):
        engine = engine_for(WEIGHED, base)
        facts = dict(engine.facts)
        figures = {}
        for column in batch.columns:
            exact = batch.amount(column.name, row, 0)
            if isinstance(column.spot, IndicatorAt):
                key = (column.spot.indicator, "", "", None)
                facts[key] = type(facts[key])(
                    column.spot.indicator, Quantity(exact, facts[key].value.unit), facts[key].origin
                )  # type: ignore[union-attr]
            else:
                unit = Quantity(exact, RATIO)
                if isinstance(column.spot, ParameterAt):
                    unit = Quantity(exact, engine.eval(entries["floor"].node.value, _env()).value.unit)  # type: ignore[union-attr,attr-defined]
                figures[column.spot] = unit
        engine.facts = facts
        replace_figures(engine, figures)  # type: ignore[arg-type]
        for place, member in enumerate(batch.members):
            cost = apportion.shared(engine, entries["costs"]).row(member).final.value.amount  # type: ignore[union-attr]
            assert found.values["costs"][row, place] * Fraction(1, 100) == cost
            sick = apportion.shared(engine, entries["places"], "sick").row(member).final.value.amount  # type: ignore[union-attr]
            assert found.values["places@sick"][row, place] == sick
            totals = criteria.result(engine, entries["standing"], batch.members).totals
            assert found.values["standing"][row, place] == pytest.approx(float(totals[member].value.amount), rel=1e-12)  # type: ignore[union-attr]


def _env() -> object:
    from policy_dsl.evaluate.engine import Env

    return Env()


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("budget", "PD995"),
        ("budget=10%", "PD995"),
        ("budget=50..10", "PD995"),
        ("budget=±x", "PD995"),
        ("budget=10%..20%", "PD995"),
        ("budget of AUT=±5", "PD996"),
        ("budget in 2024=±5", "PD995"),
        ("applications in 1999=±5%", "PD996"),
        ("gdp of UGA=±5%", "PD996"),
        ("gdp=contested", "PD996"),
        ("gdpp=±5%", "PD996"),
        ("places=±5%", "PD996"),
        ("size.4=±5%", "PD996"),
        ("size.one=±5%", "PD996"),
        ("floor=choice", "PD996"),
        ("in_danger=±5%", "PD995"),
        ("in_danger=yes 130%", "PD995"),
        ("unemployment=120..130", "PD995"),
    ],
)
def test_what_can_not_vary_is_told(item: str, code: str):
    with pytest.raises(Unfit) as raised:
        drawer(item)
    assert raised.value.problem.code == code


def test_batches_end_where_blocks_do():
    assert [len(batch) for batch in drawer().batches(500, 2 * AT_ONCE + 1)] == [AT_ONCE - 500, AT_ONCE, 1]
