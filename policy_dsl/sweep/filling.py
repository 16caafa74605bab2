"""Columns of which a part stands in the base case: whom a table or a draw says nothing of has what the case states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

from policy_dsl.cases.case import Case
from policy_dsl.plan import Column, IndicatorAt
from policy_dsl.sweep.cells import Cells
from policy_dsl.values import Quantity

FINEST = 2**51
"""A whole multiple of a grain is told again from its binary fraction up to here."""


def in_case(base: Case, members: tuple[str, ...], column: Column) -> list[Fraction | bool | None]:
    """What a case states in the place of a column: of each member, or of the case; none where it states nothing."""
    at = column.spot
    assert isinstance(at, IndicatorAt)
    found = {
        fact.member: fact.value
        for fact in base.facts
        if (fact.indicator, fact.cohort, fact.year) == (at.indicator, at.cohort, at.year)
    }
    amounts: list[Fraction | bool | None] = []
    for member in members if column.each_member else ("",):
        value = found.get(member)
        amounts.append(value.amount if isinstance(value, Quantity) else value if isinstance(value, bool) else None)
    return amounts


def cells_of(amounts: Iterable[Fraction | bool | None], *, truth: bool) -> Cells:
    """Exact amounts as cells."""
    given = list(amounts)
    gaps = np.array([each is None for each in given], bool)
    absent: NDArray[np.bool_] | None = gaps if gaps.any() else None
    if truth:
        return Cells(np.array([bool(each) for each in given], bool), absent)
    figures = [Fraction(each or 0) for each in given]
    grain = common_grain(figures)
    if grain is not None and grain.denominator == 1 and all(abs(each) < 2**62 for each in figures):
        return Cells(np.array([int(each) for each in figures], np.int64), absent, grain)
    return Cells(np.array([float(each) for each in figures]), absent, grain)


def common_grain(figures: Iterable[Fraction | None]) -> Fraction | None:
    """The greatest figure of which all are whole multiples that can be told again; none where there is none."""
    given = [each for each in figures if each]
    grain = Fraction(0)
    for each in given:
        below = grain.denominator * each.denominator
        grain = Fraction(gcd(grain.numerator * each.denominator, each.numerator * grain.denominator), below)
    if not grain:
        return Fraction(1)
    return grain if all(abs(each / grain) < FINEST for each in given) else None


def joint_grain(grains: Iterable[Fraction | None], most: float) -> Fraction | None:
    """The grain of columns put together, of which the greatest value is `most`; none where one has none."""
    given = list(grains)
    found = common_grain(each for each in given if each is not None)
    if found is None or any(each is None for each in given) or most / float(found) >= FINEST:
        return None
    return found


def stated(base: Case, members: tuple[str, ...], column: Column, parts: Mapping[str, Cells], count: int) -> Cells:
    """A column of all members: of some a part is given for each of so many cases, of the others the base has it."""
    rest = cells_of(in_case(base, members, column), truth=column.truth)
    every = [parts[member].values for member in members if member in parts]
    kind = np.result_type(rest.values, *every) if every else rest.values.dtype
    values = np.empty((count, len(members)), kind)
    absent = np.zeros((count, len(members)), bool)
    for place, member in enumerate(members):
        if member in parts:
            values[:, place] = parts[member].values
            gaps = parts[member].absent
            absent[:, place] = False if gaps is None else gaps
        else:
            values[:, place] = rest.values[place]
            absent[:, place] = False if rest.absent is None else rest.absent[place]
    grain = None
    if not column.truth:
        most = float(np.abs(values).max(initial=0))
        of = [parts[member].grain for member in members if member in parts]
        grain = joint_grain([*of, rest.grain] if len(parts) < len(members) else of, most)
    return Cells(values, absent if absent.any() else None, grain)
