"""What a value is: its kind, its unit, whom it has one value for, and what a share remembers.

A type is found from the text alone. It follows the same rules for units as the evaluation of a case (`values.units`),
so that what passes here can't fail there. `UNKNOWN` fits everywhere: the fault that made it has been reported already.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from policy_dsl.records import dataclass
from policy_dsl.values import NUMBER, RATIO, Unit


class Kind(Enum):
    """What sort of value; the text is how a drafter is told, with its article."""

    UNKNOWN = "something that is not known"
    QUANTITY = "a figure"
    TRUTH = "yes or no"
    TIME = "a date"
    STATE = "a State"
    BODY = "a body that is no member"
    GROUP = "a group of States"
    BODIES = "a group with bodies that are no members"
    EVENT = "a step"
    EVENTS = "a group of recorded events"
    TEXT = "words in quotes"
    STATUS = "a status"
    GROUND = "a ground of membership"
    COHORT = "a cohort"
    COHORTS = "the cohorts"
    DUTY = "a duty"
    FUND = "a fund"
    CRITERIA = "criteria in order"
    LOT = "a draw by lot"
    NOTHING = "none"
    NO_VALUE = "a provision without a value"


NOBODY: frozenset[str] = frozenset()
MEMBER = frozenset({"member"})
COHORT = frozenset({"cohort"})
EVENT = frozenset({"event"})
# Pledges, payments and arrears are a member's where one is at hand, and otherwise those of all together.
LEDGER = frozenset({"ledger"})


@dataclass(frozen=True, slots=True)
class Type:
    """The type of an expression.

    `reach` says what there is one value for: nothing (the case), each member, each cohort, the event at hand. `series`
    marks a fact with one figure for each year. `share_of` is the set over which a share sums to 100% ("" for none, "?"
    for the members of a run that the text does not fix). `step` is the name of the step of an event, for its fields.
    """

    kind: Kind
    unit: Unit = NUMBER
    reach: frozenset[str] = NOBODY
    series: bool = False
    share_of: str = ""
    step: str = ""

    @property
    def unknown(self) -> bool:
        """Whether a fault made this type unknown."""
        return self.kind is Kind.UNKNOWN

    @property
    def figure(self) -> bool:
        """Whether this is a figure."""
        return self.kind is Kind.QUANTITY

    @property
    def ratio(self) -> bool:
        """Whether this is a ratio."""
        return self.figure and self.unit == RATIO

    @property
    def number(self) -> bool:
        """Whether this is a number without a unit."""
        return self.figure and self.unit == NUMBER

    @property
    def timely(self) -> bool:
        """Whether this stands for a point in time: a date, a moment, or a step (the moment of its event)."""
        return self.kind in (Kind.TIME, Kind.EVENT)

    @property
    def conditional(self) -> bool:
        """Whether this may stand as a condition: yes or no, or a step that has occurred."""
        return self.kind in (Kind.TRUTH, Kind.EVENT, Kind.UNKNOWN)

    @property
    def grouped(self) -> bool:
        """Whether this may stand where a group of members or bodies is due: a single one is a group of one."""
        return self.kind in (Kind.GROUP, Kind.BODIES, Kind.STATE, Kind.BODY)

    def of(self, kind: Kind, reach: frozenset[str] | None = None) -> Type:
        """Another kind of value with this reach (or the reach given)."""
        return Type(kind, reach=self.reach if reach is None else reach)

    def reaching(self, reach: frozenset[str]) -> Type:
        """The same with another reach."""
        return replace(self, reach=reach)

    def plain(self) -> Type:
        """The same without the memory of a share."""
        return replace(self, share_of="") if self.share_of else self


UNKNOWN = Type(Kind.UNKNOWN)
TRUTH = Type(Kind.TRUTH)
TIME = Type(Kind.TIME)
A_NUMBER = Type(Kind.QUANTITY, NUMBER)
A_RATIO = Type(Kind.QUANTITY, RATIO)


def quantity(unit: Unit, *reaches: frozenset[str], series: bool = False) -> Type:
    """A figure with a unit."""
    return Type(Kind.QUANTITY, unit, joined(*reaches), series)


def joined(*reaches: frozenset[str]) -> frozenset[str]:
    """One reach made of several."""
    return frozenset().union(*reaches)


def said(of: Type) -> str:
    """A type in words, as part of a sentence: "persons", "a ratio such as 40%", "yes or no"."""
    if not of.figure:
        return of.kind.value
    if of.unit == RATIO:
        return "a ratio (such as 40%)"
    if of.unit == NUMBER:
        return "a number without unit"
    return f"a figure in {unit_said(of.unit)}"


_MONEY = {
    "USD": "US dollars",
    "EUR": "euros",
    "GBP": "pounds sterling",
    "CHF": "Swiss francs",
    "XDR": "special drawing rights",
}


def unit_said(unit: Unit) -> str:
    """A unit in words: "US dollars per year"."""
    if unit.bare:
        return "per cent" if unit.ratio else "plain numbers"
    text = str(unit)
    for code, name in _MONEY.items():
        if text.startswith(code) and (len(text) == 3 or not text[3].isalpha()):
            return name + text[3:]
    return text


def unit_written(unit: Unit, one: bool = False) -> str:
    """A unit as it is written in a policy: "USD per year", "percent"; after the figure 1 as "person"."""
    if unit == RATIO:
        return "percent"
    if unit == NUMBER:
        return "number"
    words = str(unit)
    first, _, rest = words.partition(" ")
    return " ".join([first[:-1], rest]).strip() if one and first in _PLURALS else words


_PLURALS = ("persons", "households", "projects", "tonnes", "hours", "days", "years")
