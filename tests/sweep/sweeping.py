"""A policy with much in it, cases for it, and short ways to sweep them, for the tests of sweeps."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np

from policy_dsl.cases.case import Case
from policy_dsl.cases.read import read_case
from policy_dsl.check import Checked, check
from policy_dsl.evaluate import Decision, decide
from policy_dsl.plan import Output, outputs_of
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.sweep import Batch, Results, sweep
from policy_dsl.syntax import parse
from policy_dsl.values import Quantity

POLICY = """policy lake "Rules of the Lake Group"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD

article 1 "Facts"
  > The facts.
  tier core "Members"
  indicators for each member
    population   : persons      "Population"
    gdp          : USD per year "Product", missing means left out
    unemployment : percent      "Unemployment", between 0% and 100%
    in_danger    : yes or no    "In danger"
    applications : persons      "Applications", each year, missing means 0 persons
  indicators for each cohort
    arrivals : persons "Persons to be placed"
  indicators for the case
    budget : USD "Budget"
  parameter floor "Floor" = 5 persons
article 2 "Key"
  > The key.
  define burden "Burden" for each member = mean of applications over 2023-2024 per population
  key size "Size"
    60% : share of population
    30% : share of gdp
    10% : share of (1 / unemployment)
article 3 "Places"
  > The places.
  apportion places "Places" for each cohort
    total    arrivals
    among    members where not in_danger
    by       size
    at least floor
    at most  0.2% of population
    rounding largest_remainder
    ties     by population
    remainder to none
  define all_places "Places, of all cohorts" for each member = sum of places over cohorts
  apportion costs "Costs"
    total    budget
    among    members
    by       gdp
    rounding largest_remainder
    ties     by population
  guarantee bearable "Bearable" : all_places <= 1% of population
"""

CASE = """case: Spring
policy: lake
at: 2026-05-01
default: {source: Secretariat}
members: {core: [BDI, RWA, TZA, KEN]}
cohorts: [families, sick]
facts:
  population: {unit: persons, BDI: 13_000_000, RWA: 14_000_000, TZA: 63_000_000, KEN: 55_000_000}
  gdp: {unit: USD per year, BDI: 3_000_000_000, RWA: 13_000_000_000, TZA: 79_000_000_000, KEN: 112_000_000_000}
  unemployment: {unit: percent, BDI: 1, RWA: 12.5, TZA: 2.7, KEN: 5.6}
  in_danger: {BDI: no, RWA: no, TZA: no, KEN: no}
  applications: {unit: persons, BDI: {2023: 100, 2024: 250}, TZA: {2024: 4_000}}
  arrivals: {unit: persons, families: 4_000, sick: 321}
  budget: {value: 1_000_000.50 USD, between: [900_000 USD, 1_200_000 USD], status: contested}
"""


def checked(text: str = POLICY) -> Checked:
    """A policy without errors."""
    parsed = parse(Source("lake.policy", text))
    resolved = resolve(parsed, lambda path, relative_to: None)
    assert resolved.program is not None
    found = check(resolved.program)
    problems = (*parsed.problems, *resolved.problems, *found.problems)
    assert not [each for each in problems if each.is_error], [(p.code, dict(p.params)) for p in problems if p.is_error]
    return found


def case(policy: Checked, text: str = CASE) -> Case:
    """A case without errors."""
    read = read_case(Source("case.yaml", text), policy.program, lambda path, relative_to: None)
    assert read.case is not None, [(each.code, dict(each.params)) for each in read.problems if each.is_error]
    return read.case


def swept(policy: Checked, batches: Iterable[Batch], *names: str) -> list[Results]:
    """The results of batches."""
    return list(sweep(policy, batches, outputs_of(policy, names)))


def values(results: Iterable[Results], name: str) -> dict[tuple[str, str], object]:
    """The values of an output by case and member ("" for the case); none where there is none; steps in base units."""
    made: dict[tuple[str, str], object] = {}
    for each in results:
        output = next(output for output in each.outputs if output.name == name)
        members = each.batch.members if output.each_member else ("",)
        found = np.reshape(each.values[name], (len(each.batch), len(members)))
        gaps = each.unknown.get(name)
        holes = np.zeros_like(found, bool) if gaps is None else np.reshape(gaps, found.shape)
        for row, title in enumerate(each.batch.names):
            for column, member in enumerate(members):
                value = found[row, column].item()
                if output.form == "steps":
                    value = value * Fraction(*output.step)
                made[title, member] = None if holes[row, column] else value
    return made


def stated(decision: Decision, output: Output, member: str) -> object:
    """What a decision says in the place of an output: a figure as a fraction, a truth, a count; none if nothing."""
    entry, cohort = output.entry, output.cohort
    if output.aspect == "value":
        if output.entry.kind == "key":
            return None
        subject = tuple(cohort if each == "cohort" else member for each in entry.reach)
        found = decision.values.get((entry.name, subject))
        value = found.value if found is not None else None
        return value.amount if isinstance(value, Quantity) else value if isinstance(value, bool) else None
    if output.aspect == "status":
        status = next(each.status for each in decision.guarantees if each.entry.name == entry.name)
        return {"holds": True, "fails": False}.get(status)
    if output.aspect == "inside":
        return member in decision.groups[entry.name].value  # type: ignore[operator]
    shared = next(each for each in decision.shares if each.entry.name == entry.name and each.cohort == cohort)
    begun = any(row.exact is not None or row.outside is not None for row in shared.rows)
    if not begun and output.aspect not in ("share", "total"):
        return None
    if output.aspect in ("total", "unallocated", "residue"):
        total = shared.total.value
        amounts = {"unallocated": shared.unallocated, "residue": shared.residue}
        return amounts.get(output.aspect, total.amount if isinstance(total, Quantity) else None)
    row = shared.row(member)
    assert row is not None
    if output.aspect == "share":
        return row.final.value.amount if isinstance(row.final.value, Quantity) else None
    if output.aspect == "held":
        return {"": 0, "floor": 1, "ceiling": 2}[row.held]
    if output.aspect == "outside":
        return row.outside is not None
    return row.exact if row.exact is not None else Fraction(0)


def same(found: object, due: object, output: Output) -> bool:
    """Whether a result is what it must be: exactly, or a figure that is no whole step to within its rounding."""
    if output.form == "figure" and found is not None and due is not None:
        return abs(Fraction(found) - Fraction(due)) <= abs(Fraction(due)) * Fraction(1, 2**40)  # type: ignore[arg-type]
    return found == due


def compare(policy: Checked, results: Iterable[Results], cases: dict[str, Case]) -> None:
    """Compare all results with the decisions of the same cases."""
    for each in results:
        for title in each.batch.names:
            decision = decide(policy, cases[title])
            for output in each.outputs:
                if output.aspect in ("score", "band") or output.entry.kind == "key":
                    continue
                for member in each.batch.members if output.each_member else ("",):
                    found = values([each], output.name)[title, member]
                    due = stated(decision, output, member)
                    assert same(found, due, output), (title, output.name, member, found, due)


def write(folder: Path, **files: str) -> None:
    """Write the policy, the case and other files into a folder."""
    (folder / "lake.policy").write_text(POLICY, "utf-8")
    (folder / "spring.yaml").write_text(CASE, "utf-8")
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")
