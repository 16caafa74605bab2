"""What a guarantee rests on: provisions, and the figures of the text at which something may change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from policy_dsl.cases.figures import quantity_of
from policy_dsl.resolve.program import Program
from policy_dsl.syntax import tree
from policy_dsl.values import Unit

MOST_DAYS = 8
_HOURS = {"hour": 1, "day": 24, "working day": 24, "year": 365 * 24}


def resting(program: Program, about: Iterable[str]) -> frozenset[str]:
    """The names of all provisions on which those named rest, themselves and the tiers included."""
    found: set[str] = set()
    stack = [*about, *(tier.name for tier in program.tiers)]
    while stack:
        name = stack.pop()
        if name in found or name not in program.entries:
            continue
        found.add(name)
        entry = program.entries[name]
        stack.extend(program.depends.get(name, ()))
        stack.extend(program.prevails.get(name, ()))
        stack.extend(program.suspensions.get(name, ()))
        if entry.parent is not None:
            stack.append(entry.parent.name)
    reserved = [each.name for each in program.of_kind("reservation") if set(program.depends.get(each.name, ())) & found]
    return frozenset(found | set(reserved))


def telling_figures(program: Program, names: Iterable[str]) -> dict[Unit, tuple[Fraction, ...]]:
    """The figures that stand in these provisions, by their units, in rising order."""
    found: dict[Unit, set[Fraction]] = {}
    for node in _nodes(program, names):
        quantity = quantity_of(node)
        if quantity is not None and not quantity.unit.period:
            found.setdefault(quantity.unit, set()).add(quantity.amount)
    return {unit: tuple(sorted(amounts)) for unit, amounts in found.items()}


def telling_hours(program: Program, names: Iterable[str]) -> tuple[int, ...]:
    """The lengths of time that stand in these provisions, in hours, in rising order; a year is 365 days."""
    found: set[int] = set()
    for node in _nodes(program, names):
        quantity = quantity_of(node)
        if quantity is not None and quantity.unit.period:
            found.add(int(quantity.amount * _HOURS[quantity.unit.period]))
    return tuple(sorted(each for each in found if each > 0))


def telling_days(program: Program, names: Iterable[str]) -> tuple[date, ...]:
    """The days on which figures and seats change, and the days before; the entry into force first."""
    start = program.heading.in_force or date(2026, 1, 1)
    found: set[date] = set()
    for name in names:
        for node in tree.walk(program.entries[name].node):
            match node:
                case tree.Dated(since=since):
                    found.add(since.day)
                case tree.Seat():
                    found.update(each.day for each in (node.since, node.until) if each is not None)
    later = sorted(
        each for day in found for each in (day, day - timedelta(days=1), day + timedelta(days=1)) if each > start
    )
    return (start, *dict.fromkeys(later[:MOST_DAYS]))


def years_read(program: Program, day: date) -> tuple[int, ...]:
    """The years of which a series is read in a case of this day."""
    found: set[int] = set()
    for entry in program.entries.values():
        for node in tree.walk(entry.node):
            match node:
                case tree.Years(first=first, last=last):
                    found.update(range(first, last + 1))
                case tree.Binary(op="in", right=tree.Number(value=value)) if value.denominator == 1:
                    found.add(int(value))
                case tree.LastYears(count=count):
                    length = quantity_of(count)
                    years = int(length.amount) if length is not None else 1
                    found.update(range(day.year - years, day.year))
    return tuple(sorted(found)) or (day.year - 1,)


def _nodes(program: Program, names: Iterable[str]) -> Iterator[tree.Expr]:
    for name in names:
        for node in tree.walk(program.entries[name].node):
            if isinstance(node, tree.Expr):
                yield node


__all__ = ["resting", "telling_days", "telling_figures", "telling_hours", "years_read"]
