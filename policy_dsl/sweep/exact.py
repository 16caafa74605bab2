"""One case of a batch by the exact engine: what the outputs ask for, and no whole decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from policy_dsl.cases.case import Fact, Origin
from policy_dsl.cases.declared import Declared
from policy_dsl.check import Checked
from policy_dsl.evaluate import apportion, criteria
from policy_dsl.evaluate.anew import FactAt, Noting, ParameterAt, Spot, noting, replace_figures
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.decision import Shared, ShareRow
from policy_dsl.evaluate.definitions import run_of
from policy_dsl.evaluate.derivation import Unknown
from policy_dsl.evaluate.engine import Engine, Env, codes_of
from policy_dsl.evaluate.groups import members as seated_in
from policy_dsl.evaluate.groups import members_of
from policy_dsl.plan import Column, IndicatorAt, Output
from policy_dsl.sweep.batch import Batch
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, Quantity, Unit

Found = Fraction | bool | int | None
"""A value: a figure in base units, a truth, a count; none where there is no value."""

_HELD = {"": 0, "floor": 1, "ceiling": 2}


class Exact:
    """The exact engine for the cases of one frame. What rests on no column is found once, with the base case.

    Raises `DeadlineError` where a published calendar is not to be had.
    """

    def __init__(self, checked: Checked, batch: Batch, outputs: Iterable[Output]) -> None:
        self.base = batch.base
        self.members = batch.members
        self.columns = batch.columns
        self.outputs = tuple(outputs)
        self._plain = engine_for(checked, batch.base)
        noted = noting(self._plain)
        noted.memo = {}
        for output in self.outputs:
            found(noted, output, self.members)
        self._standing = noted.standing_without(self._spots(noted), noted.used_by())
        self._units = dict(self._units_of(Declared(checked.program)))

    def case(self, batch: Batch, number: int) -> tuple[list[Found], ...]:
        """The values of each output in a case of a batch of this frame: of each member, or one of the case."""
        engine = replace(self._plain, memo=dict(self._standing), problems=[], running=set())
        engine.facts = {**engine.facts}
        figures: dict[Spot, Quantity] = {}
        for column in self.columns:
            if isinstance(column.spot, IndicatorAt):
                self._state(engine.facts, batch, number, column, column.spot)
            else:
                figures[column.spot] = Quantity(batch.amount(column.name, number, 0), self._units[column.name])
        replace_figures(engine, figures)
        if batch.given:
            engine.case = batch.given[number]
            engine.facts = {(f.indicator, f.member, f.cohort, f.year): f for f in engine.case.facts}
        return tuple(found(engine, output, self.members) for output in self.outputs)

    def _state(self, facts: object, batch: Batch, number: int, column: Column, at: IndicatorAt) -> None:
        """Put what the batch states into the facts of the engine."""
        assert isinstance(facts, dict)
        gaps = batch.absent.get(column.name)
        values = batch.values[column.name]
        for place, member in enumerate(self.members if column.each_member else ("",)):
            key = (at.indicator, member, at.cohort, at.year)
            if gaps is not None and gaps[number, place]:
                facts.pop(key, None)
                continue
            value: Quantity | bool
            if column.truth:
                value = bool(values[number, place])
            else:
                value = Quantity(batch.amount(column.name, number, place), self._units[column.name])
            old = facts.get(key)
            facts[key] = replace(old, value=value) if old is not None else _fact(at, member, value)

    def _spots(self, noted: Noting) -> list[Spot]:
        """The figures that columns replace, as far as the base case read them."""
        columns = {column.spot for column in self.columns}
        return [
            spot
            for spot in dict.fromkeys(noted.spots())
            if (IndicatorAt(spot.indicator, spot.cohort, spot.year) if isinstance(spot, FactAt) else spot) in columns
        ]

    def _units_of(self, declared: Declared) -> Iterable[tuple[str, Unit]]:
        for column in self.columns:
            if isinstance(column.spot, IndicatorAt):
                yield column.name, declared.indicators[column.spot.indicator].wanted.unit
                continue
            if isinstance(column.spot, ParameterAt):
                stated = self._plain.value_for(declared.program.entries[column.spot.name], (), Env()).value
            else:
                stated = self._plain.eval(column.spot, Env()).value
            yield column.name, stated.unit if isinstance(stated, Quantity) else NUMBER


def _fact(at: IndicatorAt, member: str, value: Quantity | bool) -> Fact:
    return Fact(at.indicator, value, Origin(), member, at.cohort, at.year)


def found(engine: Engine, output: Output, members: Sequence[str]) -> list[Found]:
    """The values of one output: of each of the members, or one of the case."""
    made = _found(engine, output, members)
    if not output.each_member:
        return made
    # Who does not meet the conditions of membership has no seat, and no value.
    seated = seated_in(engine, Env())
    return [each if member in seated else None for member, each in zip(members, made, strict=True)]


def _found(engine: Engine, output: Output, members: Sequence[str]) -> list[Found]:
    entry, cohort = output.entry, output.cohort
    if output.aspect == "status":
        return [_plain(engine.value_for(entry, (), Env()).value)]
    if output.aspect == "inside":
        group = members_of(engine, entry, Env(cohort=cohort)).value
        unknown = isinstance(group, Unknown)
        codes = codes_of(group)
        return [None if unknown else member in codes for member in members]
    if output.aspect == "score":
        run = run_of(engine, entry, Env())
        scores = {each.member: each for each in criteria.result(engine, entry, run).scores if _row(each.row, output)}
        return [_plain(scores[m].score.value) if m in scores else None for m in members]
    if output.aspect == "value":
        return _values(engine, output, members)
    return _shared(engine, output, members)


def _row(row: tree.Criterion, output: Output) -> bool:
    return row.name.text == output.row


def _values(engine: Engine, output: Output, members: Sequence[str]) -> list[Found]:
    entry, env = output.entry, Env()
    reach = engine.reach(entry)
    run = None
    if entry.name in engine.run_bound and entry.kind in ("define", "key", "criteria"):
        # Outside any run a key is read among those who share by it; that is found once, not for each member.
        run = run_of(engine, entry, Env(cohort=output.cohort) if entry.kind != "define" else env)
        env = Env(run=run)
    made: list[Found] = []
    for member in members if output.each_member else ("",):
        if run is not None and member and member not in run:
            made.append(None)
            continue
        subject = tuple(output.cohort if each == "cohort" else member for each in reach)
        made.append(_plain(engine.value_for(entry, subject, env).value))
    return made


def _shared(engine: Engine, output: Output, members: Sequence[str]) -> list[Found]:
    shared = apportion.shared(engine, output.entry, output.cohort)
    if not output.each_member:
        return [_of_all(shared, output.aspect)]
    rows = {row.member: row for row in shared.rows}
    return [_of_one(shared, rows.get(member), output.aspect) for member in members]


def _of_all(shared: Shared, aspect: str) -> Found:
    if aspect == "total":
        return _plain(shared.total.value)
    if _stopped(shared):
        return None
    return shared.unallocated if aspect == "unallocated" else shared.residue


def _of_one(shared: Shared, row: ShareRow | None, aspect: str) -> Found:
    if row is None or _stopped(shared):
        return None
    match aspect:
        case "share":
            return _plain(row.final.value)
        case "exact":
            return row.exact or Fraction(0)
        case "held":
            return _HELD[row.held]
        case "band":
            return row.band or 0
    return row.outside is not None


def _stopped(shared: Shared) -> bool:
    """Whether there is no result at all: then no member has a place in the work."""
    return all(
        row.exact is None and row.fixed is None and row.outside is None and isinstance(row.final.value, Unknown)
        for row in shared.rows
    ) and bool(shared.rows)


def _plain(value: object) -> Found:
    if isinstance(value, Quantity):
        return value.amount
    return value if isinstance(value, bool) else None


__all__ = ["Exact", "Found", "found"]
