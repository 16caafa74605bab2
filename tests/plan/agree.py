"""A plan against the exact engine: the same cases, decided by both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from policy_dsl.arrays.plain import value_of
from policy_dsl.cases.case import Case, Fact, Origin
from policy_dsl.check import Checked, check
from policy_dsl.evaluate import apportion, criteria, definitions
from policy_dsl.evaluate.anew import ParameterAt, replace_figures
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.evaluate.groups import listed, members, members_of
from policy_dsl.evaluate.obligations import guarantee_outcome
from policy_dsl.plan import Column, Frame, IndicatorAt, Output, Plan, Profile, lower, outputs_of
from policy_dsl.plan.nodes import UNIT, Node
from policy_dsl.resolve import resolve
from policy_dsl.resolve.program import Entry
from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree
from policy_dsl.values import NUMBER, Quantity

MEMBERS = ("ALB", "BEL", "CYP", "DNK", "EST", "FIN")

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2020-01-01
  currency USD
  calendar every_day
  periods plain

article 1 "A"
  > Words.
  tier core "Members"
"""


def policy(lines: str, header: str = HEADER) -> Checked:
    """A policy of one article, from its lines; any error in it fails the test."""
    source = Source("t.policy", header + lines)
    parsed = parse(source)
    resolved = resolve(parsed, lambda path, relative_to: None)
    assert resolved.program is not None, [each.code for each in resolved.problems]
    found = check(resolved.program)
    problems = (*parsed.problems, *resolved.problems, *found.problems)
    errors = [(each.code, str(each.span), dict(each.params)) for each in problems if each.severity.value == "error"]
    # A fact that no rule uses does no harm here.
    errors = [each for each in errors if each[0] != "PD255"]
    assert not errors, errors
    return found


Values = Mapping[str, Sequence[Any]]
"""By the name of a column, for each case: one figure for each member, or one figure."""


def case(
    checked: Checked,
    facts: Mapping[str, Any],
    cohorts: tuple[str, ...] = (),
    members: Sequence[str] = MEMBERS,
    **more: Any,
) -> Case:
    """A case: `facts` by indicator (with `@` and the cohort or year): one figure, or one for each member."""
    groups = {tier.name: tuple(members) for tier in checked.program.tiers}
    made = tuple(fact for name, values in facts.items() for fact in _facts(checked, name, values, members))
    return Case("C", date(2026, 6, 1), groups={**groups, **more.pop("groups", {})}, cohorts=cohorts, facts=made, **more)


def _facts(checked: Checked, name: str, values: Any, members: Sequence[str]) -> Iterable[Fact]:
    indicator, _, rest = name.partition("@")
    entry = checked.program.entries[indicator]
    year = int(rest) if rest.isdigit() else None
    cohort = rest if year is None else ""
    unit = checked.named[entry].unit
    each = zip(members, values, strict=True) if isinstance(values, list | tuple) else (("", values),)
    for member, value in each:
        if value is not None:
            datum = value if isinstance(value, bool) else Quantity(Fraction(value), unit)
            yield Fact(indicator, datum, Origin(), member, cohort, year)


def column(checked: Checked, name: str, *, each_member: bool = True, truth: bool = False) -> Column:
    """The column of an indicator (with `@` and the cohort or year) or a parameter."""
    text, _, rest = name.partition("@")
    entry = checked.program.entries[text]
    if entry.kind == "parameter":
        return Column(name, ParameterAt(text), False, truth)
    year = int(rest) if rest.isdigit() else None
    return Column(name, IndicatorAt(text, rest if year is None else "", year), each_member, truth)


@dataclass(frozen=True)
class Agreement:
    """What came of a comparison: how many cases, how many in doubt and why, and where the two differ otherwise."""

    cases: int
    doubtful: int
    why: Mapping[str, int]
    differ: tuple[str, ...]
    plan: Plan
    unknown: int = 0
    arrays: Mapping[int, Any] = field(default_factory=dict)


def agree(
    checked: Checked,
    base: Case,
    columns: Sequence[Column],
    values: Values,
    outputs: Sequence[Output] | None = None,
    profiles: Mapping[str, Profile] | None = None,
) -> Agreement:
    """Decide cases by a plan and by the engine. Figures are Fractions, whole numbers or truths."""
    seated = seats(checked, base)
    found = profiles if profiles is not None else {each.name: profile(values[each.name]) for each in columns}
    frame = Frame(checked, base, seated, tuple(columns), found)
    asked = outputs if outputs is not None else outputs_of(checked, base=base)
    plan = lower(frame, asked, bounds=True)
    count = len(next(iter(values.values())))
    arrays = computed(plan, {each.name: _array(each, values[each.name]) for each in columns})
    doubtful = np.zeros(count, bool)
    why = {}
    for doubt in plan.doubts:
        of = np.broadcast_to(arrays[doubt.node.number], (count, 1))[:, 0]
        why[doubt.why] = int(of.sum())
        doubtful |= of
    differ: list[str] = []
    unknown = 0
    for at in range(count):
        if doubtful[at]:
            continue
        exactly = engine_of(checked, base, columns, {name: each[at] for name, each in values.items()})
        for output, node, known in plan.outputs:
            wanted = exact(exactly, output, seated)
            unknown += sum(each is None for each in wanted)
            differ += [
                f"case {at}, {output.name}{f' of {seated[m]}' if output.each_member else ''}: {said}"
                for m, want in enumerate(wanted)
                if (said := _difference(arrays, output, node, known, (at, m), want))
            ]
    return Agreement(count, int(doubtful.sum()), why, tuple(differ), plan, unknown, arrays)


def seats(checked: Checked, base: Case) -> tuple[str, ...]:
    """All who are listed in a tier, whether they meet its conditions or not."""
    engine = engine_for(checked, base)
    return tuple(sorted({each for tier in checked.program.tiers for each in listed(engine, tier)}))


def computed(plan: Plan, columns: Mapping[str, Any]) -> dict[int, Any]:
    """The arrays of all nodes of a plan, by their numbers."""
    arrays: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in plan.nodes:
            arrays[node.number] = value_of(node, [arrays[each.number] for each in node.args], columns)
    return arrays


def profile(values: Sequence[Any]) -> Profile:
    """What values of a column keep to."""
    flat = [v for each in values for v in (each if isinstance(each, list | tuple) else (each,))]
    if isinstance(flat[0], bool):
        return Profile()
    parts = lcm(*(Fraction(v).denominator for v in flat))
    return Profile(float(min(flat)), float(max(flat)), parts == 1, _decimal(flat), parts if parts <= 10**9 else 0)


def _decimal(flat: Sequence[Any]) -> bool:
    return all(10**9 % Fraction(v).denominator == 0 and abs(v) < 10**5 for v in flat)


def _array(given: Column, values: Sequence[Any]) -> Any:
    kind = bool if given.truth else np.float64
    rows = [each if isinstance(each, list | tuple) else [each] for each in values]
    return np.array([[v if given.truth else float(v) for v in row] for row in rows], kind)


def _difference(
    arrays: Mapping[int, Any], output: Output, node: Node, known: Node | None, place: tuple[int, int], want: Any
) -> str:
    told = True if known is None else bool(_picked(arrays[known.number], place))
    if told != (want is not None):
        return f"known {told}, engine {want}"
    if want is None:
        return ""
    got = _picked(arrays[node.number], place)
    if output.form == "truth" or output.form == "count":
        return "" if got == want else f"{got}, engine {want}"
    if output.form == "steps":
        want /= Fraction(*output.step)
        return "" if Fraction(float(got)) == want else f"{got} steps, engine {want}"
    if isinstance(node.error, Node):
        off = float(_picked(arrays[node.error.number], place))
        if not np.isfinite(off):
            # Nothing is promised; but what is given for a member outside must be what is meant.
            return "" if Fraction(float(got)) == want else f"{got}, engine {float(want)}, without a bound"
        bound = Fraction(off)
    else:
        bound = Fraction(node.error * UNIT) * abs(want)
    return "" if abs(Fraction(float(got)) - want) <= bound * Fraction(10001, 10000) else f"{got}, engine {float(want)}"


def _picked(array: Any, place: tuple[int, int]) -> Any:
    at, m = place
    return array[at if array.shape[0] > 1 else 0, m if array.shape[1] > 1 else 0]


# ---- the exact engine ------------------------------------------------------------------------------------------------


def engine_of(checked: Checked, base: Case, columns: Sequence[Column], values: Mapping[str, Any]) -> Engine:
    """An engine for the base case with the figures of some columns in their places."""
    seated = seats(checked, base)
    facts = {(f.indicator, f.member, f.cohort, f.year): f for f in base.facts}
    figures, written = {}, {}
    for each in columns:
        value = values[each.name]
        match each.spot:
            case IndicatorAt(indicator=name, cohort=cohort, year=year):
                unit = checked.named[checked.program.entries[name]].unit
                pairs = zip(seated, value, strict=True) if each.each_member else (("", value),)
                for member, one in pairs:
                    datum = one if isinstance(one, bool) else Quantity(Fraction(one), unit)
                    facts[name, member, cohort, year] = Fact(name, datum, Origin(), member, cohort, year)
            case ParameterAt(name=name):
                unit = checked.named[checked.program.entries[name]].unit
                figures[name] = Quantity(Fraction(value), unit)
            case tree.Expr() as spot:
                unit = checked.types[spot].unit if spot in checked.types else NUMBER
                written[spot] = Quantity(Fraction(value), unit)
    engine = engine_for(checked, replace(base, facts=tuple(facts.values())))
    replace_figures(engine, {**{ParameterAt(name): value for name, value in figures.items()}, **written})
    return engine


def exact(engine: Engine, output: Output, seated: Sequence[str]) -> list[Any]:
    """What the engine gives of an output: one value for each member, or one; None where there is none."""
    entry, cohort = output.entry, output.cohort
    everybody = members(engine, Env())
    if output.each_member:
        return [_of_member(engine, output, each) if each in everybody else None for each in seated]
    if output.aspect in ("total", "unallocated", "residue"):
        shared = apportion.shared(engine, entry, cohort)
        if output.aspect == "total":
            return [_plain(shared.total)]
        stopped = not any(row.exact is not None or row.fixed is not None for row in shared.rows)
        return [None if stopped and not shared.sum_check else getattr(shared, output.aspect)]
    if output.aspect == "status":
        found = guarantee_outcome(engine, entry, output_proved(engine, entry))
        return [{"holds": True, "fails": False}.get(found.status)]
    subject = (cohort,) if cohort else ()
    if output.aspect == "value" and entry.kind == "define" and entry.name in engine.run_bound:
        run = definitions.run_of(engine, entry, Env())
        return [_plain(engine.value_for(entry, subject, Env(run=run, cohort=cohort)))]
    return [_plain(engine.value_for(entry, subject, Env(cohort=cohort)))]


def output_proved(engine: Engine, entry: Entry) -> frozenset[str]:
    """The guarantees that are proved from the text."""
    return (
        check(engine.program).proved
        if isinstance(entry.node, tree.Guarantee) and not entry.node.promise
        else frozenset()
    )


def _of_member(engine: Engine, output: Output, member: str) -> Any:
    entry, cohort = output.entry, output.cohort
    match output.aspect:
        case "inside":
            found = members_of(engine, entry, Env()).value
            return member in found if isinstance(found, tuple) else None
        case "score":
            run = definitions.run_of(engine, entry, Env())
            scores = criteria.result(engine, entry, run).scores
            return next((_plain(s.score) for s in scores if s.member == member and s.row.name.text == output.row), None)
        case "exact" | "held" | "band" | "outside":
            row = apportion.shared(engine, entry, cohort).row(member)
            assert row is not None
            if row.final.value is None or (isinstance(row.final.value, Unknown) and row.exact is None):
                return None
            return {
                "exact": row.exact or Fraction(0),
                "held": {"": 0, "floor": 1, "ceiling": 2}[row.held],
                "band": row.band or 0,
                "outside": row.outside is not None,
            }[output.aspect]
    subject = tuple(each for each in (cohort, member) if each)
    if entry.kind == "define" and entry.name in engine.run_bound:
        run = definitions.run_of(engine, entry, Env())
        return _plain(engine.value_for(entry, subject, Env(run=run))) if member in run else None
    return _plain(engine.value_for(entry, subject, Env()))


def _plain(found: Derived) -> Any:
    if isinstance(found.value, Unknown):
        return None
    return found.value.amount if isinstance(found.value, Quantity) else found.value
