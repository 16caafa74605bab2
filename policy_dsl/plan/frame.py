"""What many cases have in common, and what differs from one to the next.

A frame is one case, the base, together with the columns in which other cases differ from it. Cases that differ in more
(other members, another date, another record) stand in other frames: each frame is lowered by itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction

from policy_dsl.cases.case import Case
from policy_dsl.check import Checked
from policy_dsl.evaluate.anew import ParameterAt
from policy_dsl.records import dataclass
from policy_dsl.syntax import tree


@dataclass(frozen=True, slots=True)
class IndicatorAt:
    """The facts of one indicator: of all members where it has one for each, of a cohort, of a year of a series."""

    indicator: str
    cohort: str = ""
    year: int | None = None


Spot = IndicatorAt | ParameterAt | tree.Expr
"""What a column gives: facts, an agreed figure or a choice, a figure written in the text (such as a weight)."""


@dataclass(frozen=True, slots=True)
class Column:
    """What differs from case to case.

    `name` is its name in tables: that of the indicator or parameter, with `@` and the cohort or year where it has one
    for each (`applications@2024`). `each_member`: one value for each member and case, shaped (cases, members); else one
    for each case, shaped (cases, 1). `truth`: yes or no. Figures are in base units (persons, EUR, ratios as fractions
    of one); a figure that is not whole is the binary fraction nearest to the decimal that a table states.
    """

    name: str
    spot: Spot
    each_member: bool
    truth: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """What all values of a column keep to: the least, the greatest, and whether all are whole, in base units.

    A plan relies on it; cases outside it need a plan of their own. `decimal`: each value is the binary fraction nearest
    to a decimal of at most fifteen digits, so that two of them are equal exactly where the decimals are. `parts`: each
    is a whole number of 1/parts (10 for decimals with one place), 0 if that is not known; with it thresholds and
    roundings are sure that else hang on the last binary digit.
    """

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    decimal: bool = True
    parts: int = 0

    def covers(self, other: Profile) -> bool:
        """Whether what keeps to the other keeps to this one."""
        return (
            self.low <= other.low
            and other.high <= self.high
            and (other.whole or not self.whole)
            and (other.decimal or not self.decimal)
            and (not self.parts or other.whole or (other.parts > 0 and self.parts % other.parts == 0))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A base case and its columns. `members` are all who hold a seat, in the order of codes: the second axis.

    `sums` says of columns of the case, none of them negative, what they sum to in every case: the weights of a key.
    """

    checked: Checked
    base: Case
    members: tuple[str, ...]
    columns: tuple[Column, ...]
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    sums: Mapping[frozenset[str], Fraction] = field(default_factory=dict)

    def profile(self, column: Column) -> Profile:
        """What the values of a column keep to."""
        return self.profiles.get(column.name, Profile())
