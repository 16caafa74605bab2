"""The fast way to run a plan gives what the plan's definition gives, to the last bit."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.arrays import compiled, plain, run
from policy_dsl.arrays.kernels import KERNELS
from policy_dsl.arrays.places import places_of
from policy_dsl.arrays.plain import Ran
from policy_dsl.arrays.steps import Seen, steps_of
from policy_dsl.plan import Plan
from policy_dsl.plan.build import Builder
from tests.arrays.arrays_plans import Columns, columns_for, figure, output, plan, random_plans, truth


def measured(made: Plan, columns: Columns) -> Ran:
    """What the definition gives."""
    wide = {name: values if values.dtype == bool else values.astype(float) for name, values in columns.items()}
    return plain.run(made, wide)


def assert_same(found: Ran, expected: Ran) -> None:
    """The same in every bit, of all cases that are not in doubt, and the same cases in doubt."""
    np.testing.assert_array_equal(found.doubtful, expected.doubtful)
    sure = ~expected.doubtful
    assert found.outputs.keys() == expected.outputs.keys()
    for name, values in expected.outputs.items():
        assert found.outputs[name].dtype == values.dtype
        assert found.outputs[name].shape == values.shape
        np.testing.assert_array_equal(found.outputs[name][sure], values[sure], err_msg=name)
    assert found.known.keys() == expected.known.keys()
    for name, values in expected.known.items():
        np.testing.assert_array_equal(found.known[name][sure], values[sure], err_msg=name)


@settings(max_examples=150, deadline=None)
@given(random_plans(), st.sampled_from((1, 2, 7, 504)), st.sampled_from((1, 2, 3, 8, 15, 40)), st.integers(0, 9))
def test_random_plans_give_what_their_definition_gives(made: Plan, chunk: int, cases: int, seed: int) -> None:
    columns = columns_for(made, cases, seed)
    assert_same(compiled(made, chunk=chunk).run(columns), measured(made, columns))


@settings(max_examples=100, deadline=None)
@given(random_plans(most=60))
def test_no_value_is_overwritten_before_its_last_use(made: Plan) -> None:
    kept = frozenset(each.name for each, _, _ in made.outputs)
    steps = steps_of(made, certify=True, keep=kept)
    places = places_of(steps)
    standing: dict[object, object] = {}
    for step in steps:
        for arg in step.args:
            if isinstance(arg, Seen):
                assert standing[places[arg.value]] is arg.value
        given = [places[seen.value] for _, seen in step.gives]
        assert len(set(given)) == len(given)
        if step.form != "each":
            assert not set(given) & {places[arg.value] for arg in step.args if isinstance(arg, Seen)}
        standing.update({places[seen.value]: seen.value for _, seen in step.gives})


@pytest.mark.parametrize("cases", [1, 2, 3, 503, 504, 505, 506, 1008, 1009])
def test_results_do_not_depend_on_the_chunk(cases: int) -> None:
    b = Builder(30)
    a = figure(b, "a")
    third = b.mul(a, b.constant(Fraction(1, 3)))
    made = plan(b, {"sum": b.sum(third), "share": b.div(third, b.sum(b.add(third, b.constant(1))))})
    columns = columns_for(made, cases, 3)
    expected = measured(made, columns)
    for chunk in (2, 7, 504):
        found = compiled(made, chunk=chunk).run(columns)
        for name, values in expected.outputs.items():
            assert found.outputs[name].tobytes() == values.tobytes()


def test_a_sum_goes_in_the_order_of_members() -> None:
    b = Builder(4)
    made = plan(
        b, {"sum": b.sum(b.input("a", membered=True, truth=False, low=0, high=1e17, whole=False, decimal=False))}
    )
    # One after the other, each 1 is lost beside 2**53; in pairs, they would not be.
    found = run(made, {"a": np.array([[2.0**53, 1.0, 1.0, 1.0]] * 3)})
    assert found.outputs["sum"].tolist() == [2.0**53] * 3


@pytest.mark.parametrize("kind", [bool, np.int8, np.int32, np.int64, np.float32, np.float64])
def test_columns_of_all_types_are_read(kind: Any) -> None:
    b = Builder(3)
    made = plan(b, {"double": b.mul(figure(b, "a"), b.constant(2)), "not": b.negation(truth(b, "p"))})
    values = np.array([[0, 1, 1], [1, 0, 1]])
    found = run(made, {"a": values.astype(kind), "p": values.astype(kind)})
    assert found.outputs["double"].tolist() == [[0, 2, 2], [2, 0, 2]]
    assert found.outputs["not"].tolist() == [[True, False, False], [False, True, False]]


def test_columns_are_not_written_to() -> None:
    b = Builder(3)
    made = plan(b, {"half": b.div(figure(b, "a"), b.constant(2))})
    column = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    column.flags.writeable = False
    assert run(made, {"a": column}).outputs["half"].tolist() == [[0.5, 1, 1.5], [2, 2.5, 3]]


def test_what_is_the_same_in_all_cases_needs_no_columns() -> None:
    b = Builder(3)
    row = b.row([Fraction(1), Fraction(2), Fraction(4)])
    made = plan(b, {"row": b.mul(row, b.constant(2)), "sum": b.sum(row), "one": b.constant(5)})
    found = run(made, {})
    assert found.outputs["row"].tolist() == [[2, 4, 8]]
    assert (found.outputs["sum"].tolist(), found.outputs["one"].tolist()) == ([7], [5])
    assert_same(found, measured(made, {}))


def test_results_can_be_written_to() -> None:
    """A case in doubt is decided anew, and its results are put in the place of these."""
    b = Builder(2)
    made = plan(b, {"a": figure(b, "a"), "row": b.row([Fraction(1), Fraction(2)]), "one": b.constant(1)})
    found = run(made, {"a": np.zeros((3, 2))})
    for values in found.outputs.values():
        values[1] = 9
        assert values[1].tolist() in ([9, 9], 9)


def test_no_cases_give_no_results() -> None:
    b = Builder(2)
    a = figure(b, "a")
    made = plan(b, {"a": a, "sum": b.sum(a)})
    found = run(made, {"a": np.zeros((0, 2))})
    assert (found.outputs["a"].shape, found.outputs["sum"].shape, found.doubtful.shape) == ((0, 2), (0,), (0,))


def test_a_plan_without_members_runs() -> None:
    b = Builder(0)
    a = figure(b, "a", membered=False)
    made = plan(b, {"more": b.add(a, b.constant(1))})
    assert run(made, {"a": np.array([[1], [2], [3]])}).outputs["more"].tolist() == [2, 3, 4]


@pytest.fixture
def doubtful() -> Plan:
    """1 / a, which has no value where a is 0, and whether a is at most b / c · c, which hangs on a hair at a = b."""
    b = Builder(2)
    a, c = figure(b, "a"), figure(b, "c", low=1)
    about = b.mul(b.div(figure(b, "b"), c), c)
    return plan(b, {"inverse": b.div(b.constant(1), a), "at most": b.at_most(a, about)})


CASES: Mapping[str, Any] = {
    "a": np.array([[1, 2], [0, 4], [5, 6], [0, 5]]),
    "b": np.array([[9, 9], [9, 9], [5, 9], [9, 5]]),
    "c": np.array([[3, 3], [3, 3], [3, 3], [3, 3]]),
}


def test_cases_in_doubt_are_told_and_counted(doubtful: Plan) -> None:
    found = run(doubtful, CASES)
    assert found.doubtful.tolist() == [False, True, True, True]
    assert found.why == {"no value": 2, "close": 2}
    # A lone case is told by itself.
    alone = run(doubtful, {name: values[3:] for name, values in CASES.items()})
    assert (alone.doubtful.tolist(), alone.why) == ([True], {"no value": 1, "close": 1})


def test_without_certainty_nothing_is_in_doubt(doubtful: Plan) -> None:
    found = compiled(doubtful).run(CASES, certify=False)
    assert not found.doubtful.any()
    assert not any(found.why.values())
    np.testing.assert_array_equal(found.outputs["inverse"], measured(doubtful, CASES).outputs["inverse"])


def test_only_what_is_kept_is_given_and_made(doubtful: Plan) -> None:
    found = compiled(doubtful).run(CASES, keep=["at most"])
    assert list(found.outputs) == ["at most"]
    fewer = steps_of(doubtful, certify=False, keep=frozenset(["at most"]))
    assert len(fewer) < len(steps_of(doubtful, certify=False, keep=frozenset(["at most", "inverse"])))


def test_whole_results_are_whole_numbers() -> None:
    b = Builder(2)
    third = b.mul(figure(b, "a"), b.constant(Fraction(1, 3)))
    made = plan(b, {"near": third})
    made = Plan(made.frame, made.nodes, ((output("near", "steps"), third, None),), made.doubts)
    found = run(made, {"a": np.array([[2, 4], [9, 8], [-2, -4]])}).outputs["near"]
    assert found.dtype == np.int64
    assert found.tolist() == [[1, 1], [3, 3], [-1, -1]]


def test_kernels_get_arrays_of_cases_and_members(monkeypatch: pytest.MonkeyPatch) -> None:
    def sorted_out(data: object, mask: Any, value: Any) -> Mapping[str, Any]:
        held = np.where(mask, value, 0.0)
        return {"sorted": np.sort(held, axis=1), "most": held.max(axis=1, keepdims=True), "odd": held % 2 == 1}

    monkeypatch.setitem(KERNELS, "sorted out", sorted_out)
    b = Builder(4)
    mask, a = truth(b, "p"), figure(b, "a")
    kernel = b.kernel("sorted out", (mask, a), None)
    made = plan(
        b,
        {
            "sorted": b.part(kernel, "sorted", membered=True, whole=True),
            "odd": b.part(kernel, "odd", membered=True, truth=True),
            "less": b.sub(a, b.part(kernel, "most", membered=False, low=0, high=1000, whole=True)),
            "a": a,
        },
    )
    columns = columns_for(made, 23, 1)
    assert_same(compiled(made, chunk=5).run(columns), measured(made, columns))


def test_several_threads_run_one_plan_at_once() -> None:
    b = Builder(30)
    a = figure(b, "a")
    value = a
    for _ in range(20):
        value = b.add(b.mul(value, b.constant(Fraction(1, 2))), a)
    made = compiled(plan(b, {"value": value}), chunk=16)
    inputs = [columns_for(made.plan, 400, seed) for seed in range(4)]
    expected = [measured(made.plan, columns).outputs["value"] for columns in inputs]
    wrong: list[int] = []

    def work(place: int) -> None:
        for _ in range(5):
            if not np.array_equal(made.run(inputs[place]).outputs["value"], expected[place]):
                wrong.append(place)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
