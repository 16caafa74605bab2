"""Which columns of a table a policy knows, and what they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction

from policy_dsl.cases.case import Case
from policy_dsl.cases.declared import Asked, Declared
from policy_dsl.cases.figures import counted, quantity_of
from policy_dsl.plan import Column, IndicatorAt
from policy_dsl.records import dataclass
from policy_dsl.values import RATIO

KEYS = ("case", "member", "at", "opened")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A column of facts: of which indicator; `column` is none for what is neither a figure nor yes or no.

    `member` is the one whose facts it holds, where a table has one row for each case.
    """

    name: str
    asked: Asked
    at: IndicatorAt
    column: Column | None
    member: str = ""

    @property
    def factor(self) -> Fraction:
        """What one in the unit of the table is in base units."""
        return self.asked.wanted.factor

    @property
    def each_member(self) -> bool:
        """Whether there is one value for each member."""
        return "member" in self.asked.levels


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """What the values of an indicator keep to, in base units; none where the policy states no bound."""

    low: Fraction | None
    high: Fraction | None


def bounds_of(asked: Asked) -> Bounds:
    """The bounds that the indicator states; what is counted is never less than nothing."""
    low, high = (
        each.amount if each is not None and each.unit == asked.wanted.unit else None
        for each in (quantity_of(asked.node.low), quantity_of(asked.node.high))
    )
    if counted(asked.wanted.unit):
        low = max(low or Fraction(0), Fraction(0))
    return Bounds(low, high)


def whole(asked: Asked) -> bool:
    """Whether the figures of an indicator are whole numbers of something that is counted: persons, households."""
    unit = asked.wanted.unit
    return counted(unit) and unit.terms[0][0] in ("person", "household", "project") and unit.terms[0][1] == 1


def column_named(name: str, declared: Declared, cohorts: Collection[str] | None) -> Known | None:
    """What a column of this name holds: `population`, `persons@sick`, `applications@2024`, `population.AUT`.

    `cohorts` are those of the case; none where any may be named.
    """
    head, dot, member = name.partition(".")
    indicator, *places = head.split("@")
    asked = declared.indicators.get(indicator)
    if asked is None or bool(dot) != bool(member) or (member and "member" not in asked.levels):
        return None
    cohort, year = "", None
    for level in asked.levels:
        if level == "member":
            continue
        if not places:
            return None
        place = places.pop(0)
        if level == "cohort" and (cohorts is None or place in cohorts):
            cohort = place
        elif level == "year" and len(place) == 4 and place.isascii() and place.isdigit():
            year = int(place)
        else:
            return None
    if places:
        return None
    at = IndicatorAt(indicator, cohort, year)
    column = None
    if asked.wanted.kind in ("figure", "truth"):
        column = Column(head, at, "member" in asked.levels, asked.wanted.kind == "truth")
    return Known(name, asked, at, column, member)


def names_of(declared: Declared, case: Case, *, wide: bool = False) -> Iterator[str]:
    """The columns that a table may have, a series by an example of a year."""
    members = seats_of(declared, case) if wide else ()
    for asked in declared.indicators.values():
        name = asked.name
        cohorts = case.cohorts if "cohort" in asked.levels else ("",)
        for cohort in cohorts:
            column = name + (f"@{cohort}" if cohort else "")
            column += f"@{case.law.year}" if "year" in asked.levels else ""
            if wide and "member" in asked.levels:
                yield from (f"{column}.{member}" for member in members)
            else:
                yield column


def seats_of(declared: Declared, case: Case) -> tuple[str, ...]:
    """All who hold a seat in a case, in the order of codes; whether they meet the conditions is another question."""
    codes: set[str] = set()
    for tier in declared.tiers:
        given = case.groups.get(tier.name)
        codes.update(given if given is not None else declared.seats(tier, case.law))
    return tuple(sorted(codes))


def due(asked: Asked) -> str:
    """What a cell of the column must hold, in words."""
    wanted = asked.wanted
    if wanted.kind == "figure" and wanted.unit == RATIO:
        return f"a number of {wanted.words}"
    return wanted.due
