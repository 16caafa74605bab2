"""Cases that were read one by one, put together by what they have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from policy_dsl.cases.case import Case, Fact
from policy_dsl.cases.declared import Declared
from policy_dsl.plan import Column, IndicatorAt
from policy_dsl.resolve.program import Program
from policy_dsl.sweep.batch import Batch
from policy_dsl.sweep.columns import seats_of
from policy_dsl.sweep.filling import cells_of
from policy_dsl.sweep.frames import in_common
from policy_dsl.values import Quantity


def from_cases(
    programs: Sequence[Program], cases: Sequence[tuple[str, Sequence[Case]]], first: int = 0
) -> tuple[tuple[Batch, ...], ...]:
    """Batches of cases, each with its name: those that agree in all but figures, and yes or no, stand in one.

    Each case is given as each of the programs reads it, and each batch is given for each program.
    """
    declared = [Declared(program) for program in programs]
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number, (_, readings) in enumerate(cases):
        keys = []
        for each, case in zip(declared, readings, strict=True):
            seats = frozenset(seats_of(each, case))
            keys.append(in_common(case, partial(_varies, each, seats)))
        groups[tuple(keys)].append(number)
    return tuple(
        tuple(
            _batch(each, [(name, readings[side]) for name, readings in cases], which, first)
            for side, each in enumerate(declared)
        )
        for which in groups.values()
    )


def _varies(declared: Declared, seats: frozenset[str], fact: Fact) -> bool:
    """Whether a fact stands in a column: a figure, or yes or no, of the case or of one who holds a seat."""
    kind = declared.indicators[fact.indicator].wanted.kind
    return kind in ("figure", "truth") and (not fact.member or fact.member in seats)


def _batch(declared: Declared, cases: Sequence[tuple[str, Case]], which: list[int], first: int) -> Batch:
    given = [cases[number][1] for number in which]
    members = seats_of(declared, given[0])
    columns = tuple(_columns(declared, given, frozenset(members)))
    values: dict[str, Any] = {}
    absent: dict[str, Any] = {}
    grains: dict[str, Fraction] = {}
    stated = [{(f.indicator, f.cohort, f.year, f.member): f.value for f in case.facts} for case in given]
    for column in columns:
        at = column.spot
        assert isinstance(at, IndicatorAt)
        width = len(members) if column.each_member else 1
        amounts = [
            value.amount if isinstance(value, Quantity) else value if isinstance(value, bool) else None
            for facts in stated
            for member in (members if column.each_member else ("",))
            for value in [facts.get((at.indicator, at.cohort, at.year, member))]
        ]
        made = cells_of(amounts, truth=column.truth)
        values[column.name] = made.values.reshape(len(which), width)
        if made.absent is not None:
            absent[column.name] = made.absent.reshape(len(which), width)
        if made.grain is not None:
            grains[column.name] = made.grain
    names = [cases[number][0] for number in which]
    places = np.array(which, np.int64) + first
    return Batch(given[0], members, columns, values, names, first, absent, grains, given, places)


def _columns(declared: Declared, cases: Sequence[Case], seats: frozenset[str]) -> Iterator[Column]:
    """The columns of all facts that one of the cases states, in the order of the policy."""
    spots = {
        IndicatorAt(fact.indicator, fact.cohort, fact.year): None
        for case in cases
        for fact in case.facts
        if _varies(declared, seats, fact)
    }
    order = list(declared.indicators)
    for spot in sorted(spots, key=lambda each: (order.index(each.indicator), each.cohort, each.year or 0)):
        asked = declared.indicators[spot.indicator]
        places = [spot.cohort] if spot.cohort else []
        places += [str(spot.year)] if spot.year is not None else []
        name = "@".join([spot.indicator, *places])
        yield Column(name, spot, "member" in asked.levels, asked.wanted.kind == "truth")
