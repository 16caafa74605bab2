"""Runs over made-up policies and over the workload of the benchmarks, for `tools/agree` and the tests."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from agreeing import Comparing, Difference, Tally
from made_cases import KINDS, batch_for, members_for
from made_policies import made
from workload import data

from policy_dsl.cases.case import Case, Fact, Origin
from policy_dsl.check import Checked, check
from policy_dsl.plan import Column, IndicatorAt
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.sweep.batch import Batch
from policy_dsl.syntax import parse
from policy_dsl.values import Quantity

WORKLOAD = Path(data.__file__).resolve().parent
BILLION = 10**9


def read(text: str) -> Checked | None:
    """A policy; None where the checker finds an error in it."""
    parsed = parse(Source("made.policy", text))
    resolved = resolve(parsed, lambda path, relative_to: None)
    found = check(resolved.program) if resolved.program is not None else None
    problems = (*parsed.problems, *resolved.problems, *(found.problems if found is not None else ()))
    return None if any(each.severity.value == "error" for each in problems) else found


def tried(
    seed: str, tally: Tally, *, native: bool = False, count: int = 40, engine: int = 3
) -> tuple[str, Batch, list[Difference]] | None:
    """One made-up policy with cases of each kind; what differs, with the text and the batch, or nothing."""
    text = made(seed)
    checked = read(text)
    if checked is None:
        tally.unsound += 1
        return None
    tally.policies += 1
    draw = np.random.default_rng([*seed.encode()])
    comparing = Comparing(checked, tally, native=native, engine=engine)
    members = members_for(draw)
    for kind in KINDS:
        batch = batch_for(checked, members, kind, count, draw, plain=0.2)
        found = comparing.differences(batch, kind)
        if found:
            return text, batch, found
    return None


def reduced(batch: Batch, case: int) -> str:
    """One case of a batch in words: each column with its figures, exact."""
    lines = [f"members: {', '.join(batch.members)}"]
    for column in batch.columns:
        width = len(batch.members) if column.each_member else 1
        if column.truth:
            row = ["yes" if batch.values[column.name][case, m] else "no" for m in range(width)]
        else:
            row = [str(batch.amount(column.name, case, m)) for m in range(width)]
        lines.append(f"{column.name}: {', '.join(row)}")
    return "\n".join([*lines, ""])


# ---- the workload ----------------------------------------------------------------------------------------------------


@cache
def _policy(name: str) -> Checked:
    found = read((WORKLOAD / f"{name}.policy").read_text("utf-8"))
    assert found is not None
    return found


def workload_block(name: str, kind: str, number: int, count: int, seed: int, tally: Tally) -> list[Difference]:
    """The differences on one block of the workload's cases, with thirty States (seven where ties are wanted)."""
    checked = _policy(name)
    draw = np.random.default_rng([seed, number, *name.encode()])
    if kind != "ordinary":
        members = _codes(7 if kind == "lattice" else 12)
        batch = batch_for(checked, members, kind, count, draw)
    else:
        members = _codes(30)
        made_ = data.block(number, len(members))
        columns = {each: made_[each] if each in made_ else _key(made_) for each in data.NEEDED[name]}
        batch = _batch(checked, members, {each: values[:count] for each, values in columns.items()})
    return Comparing(checked, tally, native=number % 50 == 0, engine=1).differences(batch, kind)


def _key(made_: dict[str, Any]) -> Any:
    """The key of the second part, to the ninth decimal, as a whole number."""
    pop, gdp = made_["pop"].astype(float), made_["gdp"].astype(float)
    past, work = pop / np.maximum(made_["apps"], 1), 1 / made_["unemp"]
    of = [each / each.sum(axis=1, keepdims=True) for each in (pop, gdp, past, work)]
    cap = 0.3 * (of[0] + of[1])
    raw = 0.4 * of[0] + 0.4 * of[1] + 0.1 * np.minimum(of[2], cap) + 0.1 * np.minimum(of[3], cap)
    return np.rint(raw / raw.sum(axis=1, keepdims=True) * BILLION).astype(np.int64)


def _codes(count: int) -> tuple[str, ...]:
    return tuple(f"{chr(65 + at // 26)}{chr(65 + at % 26)}A" for at in range(count))


def _batch(checked: Checked, members: tuple[str, ...], values: dict[str, Any]) -> Batch:
    columns = tuple(Column(name, IndicatorAt(name), True) for name in values)
    units = {name: checked.named[checked.program.entries[name]].unit for name in values}
    facts = tuple(
        Fact(name, Quantity(Fraction(int(array[0, m])), units[name]), Origin(), member)
        for name, array in values.items()
        for m, member in enumerate(members)
    )
    tiers = {tier.name: members for tier in checked.program.tiers}
    base = Case("C", date(2026, 6, 1), groups=tiers, facts=facts)
    return Batch(base, members, columns, values, [str(at) for at in range(len(next(iter(values.values()))))])
