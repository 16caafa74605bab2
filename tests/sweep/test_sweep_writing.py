"""The tables of results: whole steps as whole numbers and decimals, gaps as gaps, rows in the order of the cases."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from sweeping import case, checked

from policy_dsl.plan import Output, outputs_of
from policy_dsl.sweep import Batch, Results
from policy_dsl.sweep.given import from_cases
from policy_dsl.sweep.run import Sweeper
from policy_dsl.sweep.writing import Layout

POLICY = checked()
BASE = case(POLICY)
ENTRY = POLICY.program.entries["costs"]


def output(form: str, step: tuple[int, int] = (1, 1), name: str = "x", *, each: bool = True) -> Output:
    return Output(name, ENTRY, "share", form, each, "Costs", step=step)  # type: ignore[arg-type]


def results(
    outputs: list[Output], values: dict, unknown: dict | None = None, order: list[int] | None = None
) -> Results:
    cases = len(next(iter(values.values())))
    places = np.array(order if order is not None else range(cases))
    batch = Batch(BASE, ("BDI", "RWA"), (), {}, [f"c{n}" for n in places.tolist()], places=places)
    return Results(batch, tuple(outputs), values, unknown or {}, np.zeros(cases, bool), {})


@pytest.mark.parametrize(
    ("step", "kind", "due"),
    [
        ((1, 1), pa.int64(), [3, -5, None, 7]),
        ((100, 1), pa.int64(), [300, -500, None, 700]),
        ((1, 100), pa.decimal128(38, 2), [Decimal("0.03"), Decimal("-0.05"), None, Decimal("0.07")]),
        ((1, 4), pa.decimal128(38, 2), [Decimal("0.75"), Decimal("-1.25"), None, Decimal("1.75")]),
        ((1, 1000), pa.decimal128(38, 3), [Decimal("0.003"), Decimal("-0.005"), None, Decimal("0.007")]),
        ((1, 3), pa.int64(), [3, -5, None, 7]),
    ],
)
def test_steps_are_never_binary_fractions(step: tuple[int, int], kind: pa.DataType, due: list):
    one = output("steps", step)
    made = Layout([one], {}).tables(
        [results([one], {"x": np.array([[3, -5], [0, 7]])}, {"x": np.array([[False, False], [True, False]])})]
    )["members"]
    assert made.schema.field("x").type == kind
    assert made.column("x").to_pylist() == due
    assert made.schema.field("x").metadata[b"step"] == str(Fraction(*step)).encode()
    made.validate(full=True)


@pytest.mark.parametrize(
    ("form", "given", "kind"),
    [
        ("figure", [[0.5, 1.5], [2.5, 3.5]], pa.float64()),
        ("truth", [[True, False], [False, True]], pa.bool_()),
        ("count", [[1, 2], [3, 4]], pa.int64()),
    ],
)
def test_other_forms_stand_as_such_and_gaps_as_gaps(form: str, given: list, kind: pa.DataType):
    one = output(form)
    gaps = np.array([[False, True], [False, False]])
    made = Layout([one], {}).tables([results([one], {"x": np.array(given)}, {"x": gaps})])["members"]
    assert made.schema.field("x").type == kind
    assert made.column("x").to_pylist() == [given[0][0], None, *given[1]]
    assert made.column("case").to_pylist() == ["c0", "c0", "c1", "c1"]
    assert made.column("member").to_pylist() == ["BDI", "RWA", "BDI", "RWA"]


def test_rows_stand_in_the_order_of_the_cases_whatever_their_frames():
    members, whole = output("count"), output("count", name="y", each=False)
    first = results([members, whole], {"x": np.array([[1, 2], [5, 6]]), "y": np.array([10, 30])}, order=[0, 2])
    second = results([members, whole], {"x": np.array([[3, 4]]), "y": np.array([20])}, order=[1])
    made = Layout([members, whole], {}).tables([first, second])
    assert made["cases"].to_pydict() == {"case": ["c0", "c1", "c2"], "again": [False] * 3, "y": [10, 20, 30]}
    assert made["members"].column("x").to_pylist() == [1, 2, 3, 4, 5, 6]
    assert made["members"].column("case").to_pylist() == ["c0", "c0", "c1", "c1", "c2", "c2"]


def test_what_the_columns_are_is_told_in_the_schema():
    outputs = outputs_of(POLICY, (), BASE)
    layout = Layout(outputs, {"policy": "lake", "policy_version": "1"})
    assert layout.members.metadata == {b"policy": b"lake", b"policy_version": b"1"}
    field = layout.members.field("costs")
    assert field.metadata == {
        b"title": b"Costs",
        b"aspect": b"share",
        b"unit": b"USD",
        b"step": b"1/100",
        b"article": b"Art. 3",
    }
    (batch,) = from_cases([POLICY.program], [("a", (BASE,))])[0]
    made = layout.tables([Sweeper(POLICY, outputs).run(batch)])
    assert sum(made["members"].column("costs").to_pylist()) == Decimal("1000000.50")
    assert made["cases"].column("bearable").to_pylist() == [True]
    for table in made.values():
        table.validate(full=True)
