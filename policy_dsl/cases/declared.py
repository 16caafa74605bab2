"""What a policy declares, as far as a case must fit it: indicators, groups, steps, bodies, funds and choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from policy_dsl.cases.figures import Wanted, wanted_of
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity, UnitFault, unit_named


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """An indicator and what it asks for. `levels` are the keys that lead to one figure: cohort, member, year."""

    entry: Entry
    node: tree.Indicator
    wanted: Wanted
    levels: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the indicator."""
        return self.entry.name

    @property
    def gap_allowed(self) -> bool:
        """Whether the policy says what a gap means."""
        return self.node.missing is not None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A step as far as a record must fit it: the fields it records, and whether it is a vote."""

    entry: Entry
    node: tree.Step
    fields: Mapping[str, Wanted]
    vote: bool
    actors: bool


class Declared:
    """The declarations of one policy."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.indicators: dict[str, Asked] = {}
        for entry in program.of_kind("indicator"):
            if isinstance(entry.node, tree.Indicator):
                levels = entry.reach + (("year",) if entry.node.series else ())
                self.indicators[entry.name] = Asked(entry, entry.node, wanted_of(entry.node.type), levels)
        self.groups = {entry.name: entry for entry in program.of_kind("tier", "set")}
        self.tiers = tuple(entry for entry in self.groups.values() if entry.kind == "tier")
        self.participants = {entry.name: entry for entry in program.of_kind("participant")}
        self.funds = {entry.name: entry for entry in program.of_kind("fund")}
        self.apportionments = {entry.name: entry for entry in program.of_kind("apportion")}
        self.parameters = {entry.name: entry for entry in program.of_kind("parameter")}
        self.steps = {entry.name: rule for entry in program.of_kind("step") if (rule := self._rule(entry))}
        suspending = program.suspensions
        self.supplied = tuple(
            entry for entry in self.groups.values() if entry.name not in suspending and not _in_policy(entry)
        )

    @property
    def cohorts(self) -> bool:
        """Whether the policy speaks of cohorts."""
        return any("cohort" in asked.levels for asked in self.indicators.values()) or any(
            "cohort" in entry.reach for entry in self.program.entries.values()
        )

    def left(self, entry: Entry) -> tree.LeftTo | None:
        """The discretion that a parameter leaves, if any."""
        value = entry.node.value if isinstance(entry.node, tree.Parameter) else None
        return value if isinstance(value, tree.LeftTo) else None

    def seats(self, entry: Entry, at: date) -> tuple[str, ...]:
        """The States listed in a tier or set on a date."""
        return tuple(dict.fromkeys(seat.code.text for seat in _seats(entry) if _in_force(seat, at)))

    def _rule(self, entry: Entry) -> Rule | None:
        node = entry.node
        if not isinstance(node, tree.Step):
            return None
        chain = list(self._chain(node))
        fields: dict[str, Wanted] = {}
        for each in chain:
            for field in each.records:
                fields.setdefault(field.name.text, wanted_of(field.type))
        vote = any(each.adopted is not None for each in chain)
        return Rule(entry, node, fields, vote, any(each.by is not None for each in chain))

    def _chain(self, node: tree.Step) -> Iterator[tree.Step]:
        """A step, the step it is decided as, and so on."""
        seen: set[tree.Step] = set()
        step: tree.Step | None = node
        while step is not None and step not in seen:
            seen.add(step)
            yield step
            if step.model is None:
                return
            found = self.program.ref(step.model)
            entry = found if isinstance(found, Entry) else self.program.entries.get(step.model.text)
            step = entry.node if entry is not None and isinstance(entry.node, tree.Step) else None


def later(day: date, period: tree.Expr | None) -> date | None:
    """The last day of a period that begins on a date; none where the period is no plain length of days or months."""
    if not isinstance(period, tree.Quantity):
        return None
    try:
        unit, factor = unit_named(period.unit.text)
    except UnitFault:
        return None
    length = period.value * factor
    try:
        if unit.period == "day" and length.denominator == 1:
            return day + timedelta(days=int(length))
        months = length * 12
        if unit.period != "year" or months.denominator != 1:
            return None
        years, month = divmod(day.month - 1 + int(months), 12)
        first = date(day.year + years, month + 1, 1)
        following = (first + timedelta(days=31)).replace(day=1)
        return first.replace(day=min(day.day, (following - timedelta(days=1)).day))
    except (OverflowError, ValueError):
        return date.max


def within(value: Quantity, low: Quantity | None, high: Quantity | None) -> bool:
    """Whether a figure lies within bounds; a bound of another unit binds nothing."""
    above = low is None or low.unit != value.unit or value.amount >= low.amount
    return above and (high is None or high.unit != value.unit or value.amount <= high.amount)


def _in_policy(entry: Entry) -> bool:
    """Whether the policy itself says who belongs to a group."""
    return isinstance(entry.node, tree.SetOf) and (entry.node.value is not None or bool(entry.node.seats))


def _seats(entry: Entry) -> tuple[tree.Seat, ...]:
    return entry.node.seats if isinstance(entry.node, tree.SetOf) else ()


def _in_force(seat: tree.Seat, at: date) -> bool:
    """Whether a seat is held on a date, the first and the last day included."""
    since = seat.since.value if seat.since is not None else None
    until = seat.until.value if seat.until is not None else None
    return (since is None or _day(since) <= at) and (until is None or at <= _day(until))


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)
