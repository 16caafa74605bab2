"""Sweeps for the tests of summaries: cases around a base case, decided one by one by the exact engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from policy_dsl import pipeline
from policy_dsl.cases.case import Case
from policy_dsl.cases.declared import Declared
from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision
from policy_dsl.plan import Column, IndicatorAt, Output
from policy_dsl.plan.lowering import NotLowered
from policy_dsl.sweep import Batch, Results
from policy_dsl.sweep.run import Sweeper
from policy_dsl.values import Quantity

ROOT = Path(__file__).parents[2]
LAKE = ROOT / "docs" / "example" / "lake"


@dataclass
class Base:
    """A policy and the case around which others are made."""

    checked: Checked
    case: Case
    decision: Decision
    members: tuple[str, ...]


def base(policy: Path, case: Path) -> Base:
    checked = pipeline.check_policy(pipeline.open_file(str(policy))).checked
    assert checked is not None
    read = pipeline.read_case(checked, pipeline.open_file(str(case)))
    assert read.case is not None, [(each.code, dict(each.params)) for each in read.problems]
    decision = pipeline.decide(checked, read.case)
    members = tuple(sorted({each.state for each in decision.seats}))
    return Base(checked, read.case, decision, members)


def outputs(found: Base) -> tuple[Output, ...]:
    """All that apportionments, sets and guarantees give."""
    made: list[Output] = []
    for shared in found.decision.shares:
        entry, cohort = shared.entry, shared.cohort
        at = f"@{cohort}" if cohort else ""
        step = shared.rounding_step
        form = "figure" if step is None else "steps"
        unit = (step or Fraction(1)).as_integer_ratio()

        def output(aspect: str, form: str, each: bool, entry=entry, cohort=cohort, at=at, unit=unit, of=shared.unit):
            name = entry.name + ("" if aspect == "share" else f".{aspect}") + at
            return Output(name, entry, aspect, form, each, entry.title, of, unit, cohort)

        made.append(output("share", form, True))
        made += [output("outside", "truth", True), output("held", "count", True)]
        if shared.bands:
            made.append(output("band", "count", True))
        made += [output(each, "figure", False) for each in ("total", "unallocated", "residue")]
    program = found.checked.program
    for entry in program.of_kind("tier", "set"):
        if not entry.reach:
            made.append(Output(entry.name, entry, "inside", "truth", True, entry.title))
    made += [
        Output(e.name, e, "status", "truth", False, e.title) for e in program.of_kind("guarantee") if e.node.promise
    ]
    return tuple(made)


def drawn(found: Base, cases: int, seed: int = 1, by: float = 0.2, size: int = 8) -> Iterator[Batch]:
    """Cases in which each figure of a member or of the case is up to a part less or more, in batches of a size."""
    random = np.random.default_rng(seed)
    facts: dict[tuple[str, str, int | None], dict[str, Fraction]] = {}
    for fact in found.case.facts:
        if isinstance(fact.value, Quantity):
            facts.setdefault((fact.indicator, fact.cohort, fact.year), {})[fact.member] = fact.value.amount
    levels = {name: asked.levels for name, asked in Declared(found.checked.program).indicators.items()}
    columns = [
        Column("@".join([name, *([cohort] if cohort else []), *([str(year)] if year else [])]),
               IndicatorAt(name, cohort, year), "member" in levels[name])
        for name, cohort, year in facts
    ]  # fmt: skip
    values, absent = {}, {}
    for column, stated in zip(columns, facts.values(), strict=True):
        members = found.members if column.each_member else ("",)
        here = np.array([float(stated.get(each, 0)) for each in members])
        made = here * (1 + random.uniform(-by, by, (cases, len(members))))
        whole = all(each.denominator == 1 for each in stated.values())
        values[column.name] = np.rint(made).astype(np.int64) if whole else made
        lacking = np.array([each not in stated for each in members])
        if lacking.any():
            absent[column.name] = np.broadcast_to(lacking, made.shape)
    for first in range(0, cases, size):
        some = slice(first, first + size)
        names = [f"draw {number + 1}" for number in range(first, min(first + size, cases))]
        here = ({name: each[some] for name, each in of.items()} for of in (values, absent))
        yield Batch(found.case, found.members, tuple(columns), next(here), names, first, next(here))


def exactly(found: Base, wanted: Iterable[Output]) -> Callable[[Iterable[Batch]], Iterator[Results]]:
    """Decides batches, all cases by the exact engine."""

    def lower(frame: object, outputs: object) -> None:
        raise NotLowered("tests decide one by one")

    sweeper = Sweeper(found.checked, wanted, lowered=lower)
    return lambda batches: map(sweeper.run, batches)


def by_hand(
    found: Base,
    wanted: Iterable[Output],
    values: dict[str, list[Any]],
    *,
    unknown: dict[str, np.ndarray] | None = None,
    again: list[bool] | None = None,
    why: dict[str, int] | None = None,
    names: tuple[str, ...] = (),
) -> Results:
    """Results as they are given; what is not given of an output is nothing, or no."""
    kinds = {"figure": np.float64, "truth": np.bool_, "count": np.int64, "steps": np.int64}
    cases = len(next(iter(values.values())))
    names = names or tuple(f"case {number + 1}" for number in range(cases))
    made = {}
    for each in wanted:
        shape = (cases, len(found.members)) if each.each_member else (cases,)
        made[each.name] = np.array(values.get(each.name, np.zeros(shape)), kinds[each.form])
    batch = Batch(found.case, found.members, (), {}, names)
    flags = np.array(again or [False] * cases)
    return Results(batch, tuple(wanted), made, unknown or {}, flags, why or {})
