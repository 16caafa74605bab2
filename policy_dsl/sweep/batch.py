"""What goes into a sweep and what comes out: some thousand cases at a time, as columns."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.cases.case import Case
from policy_dsl.plan import Column, Output
from policy_dsl.records import dataclass

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Cases that differ from a base case in columns alone.

    `names` are the cases' own, in order; `first` is the place of the first among all cases of the sweep, and `places`
    those of all where they do not follow one another. `members` are all who hold a seat in the base case, in the order
    of codes. `values` holds by the column's name an array shaped (cases, members) for what each member has, (cases, 1)
    for what the case has: int32, int64 or float64 in the units of `Column` (base units), or bool. `absent` marks where
    a fact is lacking (what stands in `values` there has no meaning); a column without lacking facts is not in it.

    `grains` says of a column of what its true values are whole multiples: each value is the binary fraction nearest to
    one. The values of a column without a grain are what they are. `given` are the cases themselves, where they were
    read one by one. `sums` says of columns of the case what they sum to in every case (see `Frame`). `other` is what
    the base of this batch has other than the one from which a table's are made.
    """

    base: Case
    members: tuple[str, ...]
    columns: tuple[Column, ...]
    values: Mapping[str, Array]
    names: Sequence[str]
    first: int = 0
    absent: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    grains: Mapping[str, Fraction] = field(default_factory=dict)
    given: Sequence[Case] = ()
    places: NDArray[np.int64] | None = None
    other: Hashable = None
    sums: Mapping[frozenset[str], Fraction] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def order(self) -> NDArray[np.int64]:
        """The place of each case among all cases of the sweep."""
        return self.places if self.places is not None else np.arange(self.first, self.first + len(self))

    def amount(self, column: str, case: int, member: int) -> Fraction:
        """The true value of a figure, in base units."""
        return amount(self.values[column][case, member], self.grains.get(column))


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What a batch gave, one array for each output by its name: (cases, members) or (cases,).

    Figures are float64 in base units, truths bool, counts int64, steps int64 (multiples of the output's step).
    `unknown` marks where there is no value (undetermined, a gap, no such member in the case); an output without such
    places is not in it. `again` tells which cases the exact engine decided, `why` how often for which reason: "close",
    "no value", "open", "absent" (a fact is lacking), "few" (so few cases of their kind that a plan is not worth its
    making), "whole" (the policy or the case can't be vectorised, all of it; `hindrance` then says by what).
    """

    batch: Batch
    outputs: tuple[Output, ...]
    values: Mapping[str, Array]
    unknown: Mapping[str, NDArray[np.bool_]]
    again: NDArray[np.bool_]
    why: Mapping[str, int]
    hindrance: str = ""


def amount(value: Any, grain: Fraction | None) -> Fraction:
    """The whole multiple of the grain that is nearest to a value; without a grain the value itself."""
    exactly = Fraction(int(value)) if isinstance(value, np.integer) else Fraction(float(value))
    return exactly if grain is None else round(exactly / grain) * grain
