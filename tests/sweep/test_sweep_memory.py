"""However many cases there are, no more than a few batches of them are held at a time."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from sweeping import write

from policy_dsl.pipeline import sweep_parts, sweeping
from policy_dsl.plan import NotLowered
from policy_dsl.sweep import drawing, reading
from policy_dsl.sweep.batch import Batch, Results
from policy_dsl.sweep.run import Sweeper

FEW = 4


@pytest.fixture(name="alive")
def _alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Counts the batches that are alive when each is decided; what is decided is nothing, so that many can be."""
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    met: list[weakref.ref[np.ndarray]] = []
    counts: list[int] = []

    def run(self: Sweeper, batch: Batch) -> Results:
        met.append(weakref.ref(next(iter(batch.values.values()))))
        counts.append(sum(each() is not None for each in met))
        values = {
            each.name: np.zeros((len(batch), len(batch.members)) if each.each_member else len(batch), np.int64)
            for each in self.outputs
        }
        return Results(batch, self.outputs, values, {}, np.zeros(len(batch), bool), {})

    monkeypatch.setattr(Sweeper, "run", run)
    monkeypatch.setattr(sweeping, "CASES_AT_ONCE", 1000)
    gc.collect()
    yield counts
    sweep_parts.forget()


def test_cases_that_are_drawn(alive: list[int], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "BLOCK", 20)
    monkeypatch.setattr(drawing, "AT_ONCE", 40)
    job = sweeping.sweep_job(
        sweeping.Asked("lake.policy", "spring.yaml", vary=("gdp=±20%",), draws=8000, values=("costs",), out="swept")
    )
    assert sweeping.sweep(job).found.cases == 8000
    assert len(alive) == 200
    assert max(alive) <= FEW


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_cases_of_a_table(form: str, alive: list[int], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "CASES", 40)
    table = pa.table(
        {"case": [f"c{n // 2}" for n in range(8000)], "member": ["RWA", "KEN"] * 4000, "gdp": np.arange(8000) % 700 + 1}
    )
    if form == "parquet":
        pa.parquet.write_table(table, "cases.parquet", row_group_size=999)
    else:
        pa.csv.write_csv(table, "cases.csv")
    job = sweeping.sweep_job(
        sweeping.Asked("lake.policy", f"cases.{form}", base="spring.yaml", values=("costs",), out="swept")
    )
    assert sweeping.sweep(job).found.cases == 4000
    assert len(alive) >= 40
    assert max(alive) <= FEW


def test_bases_and_plans_are_forgotten_where_each_case_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    days = [f"2026-{1 + n % 12:02}-{1 + n // 12 % 28:02}" for n in range(300)]
    lines = [f"c{n},{day},{n}" for n, day in enumerate(days)]
    Path("cases.csv").write_text("\n".join(["case,at,budget", *lines]), "utf-8")
    job = sweeping.sweep_job(
        sweeping.Asked("lake.policy", "cases.csv", base="spring.yaml", values=("costs.total",), out="swept")
    )
    work = sweep_parts.work_of(job)

    def refusing(frame: object, outputs: object) -> object:
        raise NotLowered("a test")

    monkeypatch.setattr(work.side.sweeper, "_lower", refusing)
    assert sweeping.sweep(job).found.cases == 300
    assert len(work.reader.bases._kept) <= 64
    assert len(work.side.sweeper._engines) <= 8
    assert len(work.side.sweeper._plans) <= 8
    sweep_parts.forget()
