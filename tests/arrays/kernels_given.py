"""Cases for the kernels: exact figures, and what a plan might have computed of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from policy_dsl.arrays.kernels import KERNELS
from policy_dsl.plan.kernels import Compared, Off
from policy_dsl.plan.nodes import UNIT

Table = list[list[Fraction]]
"""Exact figures: one row for each case, one figure for each member."""

SLACK = 8
"""How many units of roundoff the computed figures may be off by, where they are not exact."""


def computed(exact: Sequence[Sequence[Fraction | None]], draw: Random | None, missing: float = np.inf) -> Any:
    """What might have been computed: the nearest binary fraction, then moved a little if there is a draw."""
    made = []
    for row in exact:
        line = []
        for each in row:
            if each is None:
                line.append(missing)
                continue
            near = float(each)
            if draw is not None and near:
                moved = near * (1 + draw.randint(-SLACK + 1, SLACK - 1) * UNIT)
                near = moved if abs(Fraction(moved) - each) <= SLACK * Fraction(UNIT) * abs(each) else near
            line.append(near)
        made.append(line)
    return np.array(made)


def off(inexact: bool, whole: bool = False) -> Off:
    """By how much `computed` may be off."""
    return Off(relative=float(SLACK)) if inexact else Off(whole=whole)


def compared(inexact: bool) -> Compared:
    """A figure with one leaf, see `leaf`; exact figures have none."""
    return Compared(off(True), 1) if inexact else Compared(Off(), 0)


def leaf(exact: Table) -> Any:
    """A leaf that is the same for the same figures: here the nearest binary fraction."""
    return np.array([[float(each) for each in row] for row in exact])


def called(kernel: str, data: object, *args: Any) -> dict[str, Any]:
    """The results of a kernel, without warnings."""
    with np.errstate(all="ignore"):
        return dict(KERNELS[kernel](data, *args))


def figures(draw: Random, cases: int, members: int, kind: str) -> Table:
    """Figures of a kind: "few" small whole numbers with many ties and nothings, "thirds" with ties, "many" ordinary."""

    def one() -> Fraction:
        match kind:
            case "few":
                return Fraction(draw.randint(0, 4))
            case "thirds":
                return Fraction(draw.randint(0, 9), draw.choice((1, 3, 7)))
            case "whole":
                return Fraction(draw.randint(0, 10**6))
            case _:
                return Fraction(draw.randint(1, 10**9), draw.randint(1, 10**6))

    return [[one() for _ in range(members)] for _ in range(cases)]


def masks(draw: Random, cases: int, members: int) -> list[list[bool]]:
    """Who counts; in every case somebody."""
    made = []
    for _ in range(cases):
        row = [draw.random() < 0.8 for _ in range(members)]
        row[draw.randrange(members)] = True
        made.append(row)
    return made
