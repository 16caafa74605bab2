"""What holds for every policy and case: nothing is lost, no order matters, no unit matters, no hash matters.

Each property is tried with the engine as it is, and with a fault planted in it that the property must find.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from whole_policies import SAMPLE, STATES, Drawn, decision, dump

from policy_dsl.cases import figures
from policy_dsl.evaluate import apportion
from policy_dsl.sharing import METHODS, Rounding, rounding
from policy_dsl.sharing.rounding import CONSERVING
from policy_dsl.sharing.ties import Settlement
from policy_dsl.values import units

Fault = Callable[[pytest.MonkeyPatch], None]
TRIED = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
LINES = (
    "at most 40 persons",
    "at least 1 person",
    "fixed 2 persons for outer",
    "less borne",
    "relief relieved, borne by (members except benched) where relieved = 0% by people",
    "remainder to outer by area",
)


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    members = ["HUN", "ITA", *draw(st.lists(st.sampled_from(STATES[:5]), min_size=2, max_size=5, unique=True))]
    people = {m: draw(st.integers(1, 12)) for m in members}
    if all(figure < 3 for figure in people.values()):
        people["ITA"] = 5
    in_bands = draw(st.booleans())
    lines = draw(st.lists(st.sampled_from(LINES), unique=True))
    # A floor may ask for more than there is, and a band without a ceiling takes all: both are for other tests.
    lines = ["at most 40 persons", *(each for each in lines if each != "at most 40 persons")] if in_bands else lines
    return Drawn(
        people=people,
        area={m: draw(st.integers(1, 100)) for m in members},
        borne={m: draw(st.integers(0, 9)) for m in members},
        relieved={members[2]: draw(st.integers(0, 100))},
        pot=draw(st.integers(30, 200)),
        method=draw(st.sampled_from(METHODS)),
        lines=tuple(lines),
        in_bands=in_bands,
        by_lot=tuple(draw(st.permutations(STATES))),
    )


def fails(fault: Fault | None, monkeypatch: pytest.MonkeyPatch, holds: Callable[[], None]) -> None:
    """Run a property: as it is it holds, and with the fault planted it does not."""
    if fault is None:
        holds()
        return
    with monkeypatch.context() as planted:
        fault(planted)
        with pytest.raises(AssertionError):
            holds()


# ---- nothing is lost -------------------------------------------------------------------------------------------------


def _a_person_lost(planted: pytest.MonkeyPatch) -> None:
    true = apportion.round_shares

    def lossy(*args: Any, **more: Any) -> Rounding[str]:
        made = true(*args, **more)
        most = max(made.low, key=lambda m: (made.low[m], m))
        return replace(made, rounded={m: v - 1 if m == most and v else v for m, v in made.rounded.items()})

    planted.setattr(apportion, "round_shares", lossy)


def _half_a_credit(planted: pytest.MonkeyPatch) -> None:
    true = apportion.less_credits

    def lossy(shares: Any, borne: Any, *, refunded: bool) -> Any:
        made = true(shares, borne, refunded=refunded)
        return replace(made, dues={m: due / 2 for m, due in made.dues.items()})

    planted.setattr(apportion, "less_credits", lossy)


@pytest.mark.parametrize(
    "fault", [None, _a_person_lost, _half_a_credit], ids=lambda each: each.__name__ if each else "as it is"
)
def test_sums_are_conserved(fault: Fault | None, monkeypatch: pytest.MonkeyPatch) -> None:
    @TRIED
    @given(drawn())
    def holds(made: Drawn) -> None:
        found = decision(made)
        for shared in found.shares:
            finals = [row.final.value for row in shared.rows]
            if not all(row.final.known for row in shared.rows):
                continue
            given_out = sum((each.amount for each in finals), Fraction(0))  # type: ignore[union-attr]
            whole = shared.total.value.amount  # type: ignore[union-attr]
            left = shared.unallocated + shared.residue + shared.credits
            assert given_out + left == whole + shared.difference
            assert shared.sum_check
            if shared.rounding is not None and shared.rounding.method in CONSERVING:
                assert shared.difference == 0

    fails(fault, monkeypatch, holds)


@pytest.mark.parametrize("method", METHODS)
def test_sums_are_conserved_by_each_method_under_all_lines(method: str) -> None:
    shared = decision(replace(SAMPLE, method=method, lines=LINES, borne={"BEL": 2, "ITA": 0})).shares[0]
    given_out = sum(row.final.value.amount for row in shared.rows)  # type: ignore[union-attr]
    assert given_out + shared.unallocated + shared.residue + shared.credits == SAMPLE.pot + shared.difference
    assert (shared.difference == 0) == (method in CONSERVING) or method not in CONSERVING


# ---- no order matters ------------------------------------------------------------------------------------------------


def _ties_by_the_order_of_the_file(planted: pytest.MonkeyPatch) -> None:
    def first(contenders: frozenset[str], steps: int, at: Fraction, keys: object, lot: object) -> Settlement[str]:
        seen = [m for m in ORDER if m in contenders]
        return Settlement(frozenset(seen[:steps]), frozenset(), 0, ())

    planted.setattr(rounding, "settle", first)


def _limits_one_after_another(planted: pytest.MonkeyPatch) -> None:
    """Pins the first member over its limit in the order of the file, and gives what it frees to the next alone."""
    true = apportion.hold_in_levels

    def greedy(total: Fraction, weights: dict[str, Fraction], levels: Any) -> Any:
        made = true(total, weights, levels)
        first = next((m for m in ORDER if m in made.shares), None)
        if first is None:
            return made
        return replace(made, shares={m: v + (1 if m == first else 0) for m, v in made.shares.items()})

    planted.setattr(apportion, "hold_in_levels", greedy)


ORDER: list[str] = list(STATES)


@pytest.mark.parametrize(
    "fault",
    [None, _ties_by_the_order_of_the_file, _limits_one_after_another],
    ids=lambda each: each.__name__ if each else "as it is",
)
def test_the_order_of_members_articles_and_facts_changes_nothing(
    fault: Fault | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    @TRIED
    @given(drawn(), st.permutations(STATES), st.permutations(range(7)))
    def holds(made: Drawn, order: list[str], shuffled: list[int]) -> None:
        # The planted faults look at the order in which the case names its members.
        ORDER[:] = STATES
        one = dump(decision(made))
        ORDER[:] = order
        assert dump(decision(made, order=order, shuffled=shuffled)) == one

    fails(fault, monkeypatch, holds)


# ---- no unit matters -------------------------------------------------------------------------------------------------


def _a_wrong_factor(planted: pytest.MonkeyPatch) -> None:
    planted.setitem(units._WORDS, "hectares", ("km", 2, Fraction(1, 99)))
    # What was remembered of units is of the true factor.
    planted.setattr(figures, "unit_of_words", figures.unit_of_words.__wrapped__)


def _weeks_of_six_days(planted: pytest.MonkeyPatch) -> None:
    planted.setitem(units._WORDS, "weeks", ("day", 1, Fraction(6)))


def _short_months(planted: pytest.MonkeyPatch) -> None:
    planted.setitem(units._WORDS, "months", ("year", 1, Fraction(30, 365)))


@pytest.mark.parametrize(
    "fault",
    [None, _a_wrong_factor, _weeks_of_six_days, _short_months],
    ids=lambda each: each.__name__ if each else "as it is",
)
def test_the_unit_in_which_a_figure_is_written_changes_nothing(
    fault: Fault | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    @TRIED
    @given(drawn())
    def holds(made: Drawn) -> None:
        other = replace(made, area_unit="hectares", months="1.5 years", days="2 weeks")
        assert dump(decision(other)) == dump(decision(made))

    fails(fault, monkeypatch, holds)


@pytest.mark.parametrize("factor", [2, 7, 1_000])
def test_the_scale_of_weights_changes_nothing(factor: int) -> None:
    larger = replace(
        SAMPLE,
        people={m: v * factor for m, v in SAMPLE.people.items() if v > 2},
        area={m: v for m, v in SAMPLE.area.items() if m != "HUN"},
    )
    smaller = replace(larger, people={m: v for m, v in SAMPLE.people.items() if v > 2})
    one, other = (decision(each).shares[0] for each in (larger, smaller))
    assert [row.rounded for row in one.rows] == [row.rounded for row in other.rows]


# ---- no hash matters -------------------------------------------------------------------------------------------------

RUN = "import whole_policies as w\n{plant}\nprint(w.dump(w.decision(w.SAMPLE)))\n"
PLANTED = """
from policy_dsl.cases import figures
from policy_dsl.evaluate import apportion
true = apportion.hold_in_levels
from dataclasses import replace
def by_hash(total, weights, levels):
    made = true(total, weights, levels)
    first = next(iter(set(made.shares)), None)
    return replace(made, shares={m: v + (m == first) for m, v in made.shares.items()})
apportion.hold_in_levels = by_hash
"""


def run_with_seed(seed: int, plant: str) -> str:
    env = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(Path(__file__).parent)}
    made = subprocess.run(
        [sys.executable, "-c", RUN.format(plant=plant)],
        env=env,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return made.stdout


@pytest.mark.parametrize("plant", ["", PLANTED], ids=["as it is", "an order of hashes"])
def test_the_seed_of_hashes_changes_nothing(plant: str) -> None:
    seeds = (1, 2) if not plant else (1, 2, 3, 4)
    texts = {run_with_seed(seed, plant) for seed in seeds}
    assert (len(texts) == 1) == (not plant)
    assert all('"row places ALB"' in each for each in texts)
