"""Cases drawn at random for a policy: wide figures, small ones full of ties, figures that differ in last digits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.cases.case import Case, Fact, Lot, Origin
from policy_dsl.check import Checked
from policy_dsl.evaluate.anew import ParameterAt
from policy_dsl.plan import Column, IndicatorAt
from policy_dsl.resolve.program import Entry
from policy_dsl.sweep.batch import Batch, amount
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

Array = NDArray[Any]

KINDS = ("ordinary", "lattice", "near")
CODES = ("ALB", "BEL", "CYP", "DNK", "EST", "FIN", "GRC", "HRV", "IRL")
COHORTS = ("sick", "young")

GRAINS = {
    "persons": {"ordinary": Fraction(1), "lattice": Fraction(1), "near": Fraction(1)},
    "EUR": {"ordinary": Fraction(1, 100), "lattice": Fraction(1, 2), "near": Fraction(1, 100)},
    "number": {"ordinary": Fraction(1, 10), "lattice": Fraction(1, 2), "near": Fraction(1, 1000)},
    "percent": {"ordinary": Fraction(1, 1000), "lattice": Fraction(1, 20), "near": Fraction(1, 10**6)},
    "km2": {"ordinary": Fraction(1, 10), "lattice": Fraction(1), "near": Fraction(1, 10)},
}
"""Of what the figures of a unit are whole multiples, by the kind of the cases."""

SIZES = {"persons": (8e5, 2.0), "EUR": (4e7, 2.0), "number": (500, 1.0), "percent": (200, 1.0), "km2": (8e5, 1.5)}
"""Of ordinary figures: the median in grains, and the spread of their logarithm."""

MOST = {"persons": 3e8, "EUR": 1e12, "number": 1e4, "percent": 1e3, "km2": 2e8}


def members_for(draw: np.random.Generator) -> tuple[str, ...]:
    """Between one and nine members, most often some five."""
    return CODES[: int(draw.choice((1, 2, 3, 4, 5, 5, 6, 6, 7, 9)))]


def batch_for(
    checked: Checked, members: tuple[str, ...], kind: str, count: int, draw: np.random.Generator, *, plain: float = 0.0
) -> Batch:
    """So many cases of a kind. `plain`: which part of the columns that are not whole holds binary fractions."""
    columns, values, grains = [], {}, {}
    twins = draw.random((count, len(members))) < (0.3 if kind == "lattice" else 0.03)
    common = draw.integers(1, 10**4, (count, 1)) * 10 ** draw.integers(0, 3, (count, 1))
    factors = draw.integers(1, 5, (count, len(members)))
    for column, unit in _columns(checked):
        width = len(members) if column.each_member else 1
        columns.append(column)
        if column.truth:
            made: Array = draw.random((count, width)) < draw.choice((0.2, 0.5, 0.8))
        else:
            grain = GRAINS[unit][kind]
            made = _figures(kind, unit, (count, width), draw, common, factors)
            if grain.denominator == 1:
                made = made.astype(draw.choice((np.int32, np.int64)) if made.max(initial=0) < 2**31 else np.int64)
            else:
                made = made / grain.denominator * grain.numerator
                if draw.random() < plain:
                    made = made * (1 + draw.integers(-3, 4, made.shape) * 2.0**-50)
                else:
                    grains[column.name] = grain
        if column.each_member:
            for place in range(1, width):
                made[twins[:, place], place] = made[twins[:, place], place - 1]
        values[column.name] = made
    base = _base(checked, members, columns, values, grains)
    return Batch(base, members, tuple(columns), values, [f"C{at}" for at in range(count)], grains=grains)


def _figures(
    kind: str, unit: str, shape: tuple[int, int], draw: np.random.Generator, common: Array, factors: Array
) -> Array:
    """Figures in grains."""
    if kind == "lattice":
        return draw.integers(0, draw.choice((2, 4, 7)), shape, endpoint=True) * draw.choice((1, 1, 5))
    if kind == "near":
        of = factors if shape[1] > 1 else np.ones((shape[0], 1), np.int64)
        size = draw.choice((1, 100, 10**4)) * common
        size = np.minimum(size, int(MOST[unit]) // 5)
        return np.maximum(size * of + draw.choice((-1, 0, 0, 0, 1), shape), 0)
    centre, spread = SIZES[unit]
    wide = np.clip(draw.lognormal(np.log(centre), spread, shape), 0, MOST[unit])
    few = draw.random(shape) < 0.02
    return np.where(few, 0, np.rint(wide)).astype(np.int64)


def _columns(checked: Checked) -> list[tuple[Column, str]]:
    """A column for each fact and each agreed figure, with the name of its unit."""
    found = []
    for entry in checked.program.entries.values():
        if isinstance(entry.node, tree.Indicator):
            each = "member" in entry.reach
            truth = _unit(checked, entry) == "yes or no"
            for cohort in COHORTS if "cohort" in entry.reach else ("",):
                name = entry.name + (f"@{cohort}" if cohort else "")
                found.append((Column(name, IndicatorAt(entry.name, cohort), each, truth), _unit(checked, entry)))
        elif isinstance(entry.node, tree.Parameter):
            found.append((Column(entry.name, ParameterAt(entry.name), False), _unit(checked, entry)))
    return found


def _unit(checked: Checked, entry: Entry) -> str:
    found = checked.named[entry]
    if found.unit is None or found.kind.name == "TRUTH":
        return "yes or no"
    text = str(found.unit)
    for unit, words in _WORDS.items():
        if text in words:
            return unit
    raise AssertionError(text)


_WORDS = {
    "persons": ("persons", "person"), "EUR": ("EUR",), "number": ("number", ""), "percent": ("ratio", "percent", "%"),
    "km2": ("km2",),
}  # fmt: skip


def _base(
    checked: Checked, members: tuple[str, ...], columns: list[Column], values: Mapping[str, Array],
    grains: Mapping[str, Fraction],
) -> Case:  # fmt: skip
    """The first case."""
    facts = []
    for column in columns:
        if not isinstance(column.spot, IndicatorAt):
            continue
        unit = checked.named[checked.program.entries[column.spot.indicator]].unit
        for place, member in enumerate(members if column.each_member else ("",)):
            one = values[column.name][0, place]
            datum = bool(one) if column.truth else Quantity(amount(one, grains.get(column.name)), unit)
            facts.append(Fact(column.spot.indicator, datum, Origin(), member, column.spot.cohort))
    tiers = {tier.name: members for tier in checked.program.tiers}
    lots = [
        Lot(each.name, members[::-1]) for each in checked.program.of_kind("apportion") if "cohort" not in each.reach
    ]
    cohorts = COHORTS if any("cohort" in each.reach for each in checked.program.entries.values()) else ()
    return Case("C", date(2026, 6, 1), groups=tiers, cohorts=cohorts, facts=tuple(facts), lots=tuple(lots))
