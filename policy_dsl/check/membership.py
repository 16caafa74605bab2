"""Faults of tiers and sets: a State twice, seats that end before they begin, codes of nobody, groups of nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from policy_dsl.check.constants import EARLIEST
from policy_dsl.check.desk import Desk, label
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import countries

LATEST = date(9999, 12, 31)


def membership(desk: Desk) -> None:
    """Check tiers and sets."""
    tiers = desk.program.tiers
    if not tiers and not _tier_unread(desk):
        desk.found.append(_no_tier(desk))
    for entry in desk.program.of_kind("tier", "set"):
        assert isinstance(entry.node, tree.SetOf)
        _seats(desk, entry, entry.node)
    for one, other in combinations(tiers, 2):
        _in_two_tiers(desk, one, other)
    for example in desk.program.examples:
        _given_twice(desk, example)
    _codes(desk)


def _tier_unread(desk: Desk) -> bool:
    """Whether a tier seems to be meant, in a line or a file that could not be read: that fault has been reported."""
    program = desk.program
    lost = len(program.sources) == 1 and desk.header_opens("use", "based")
    return lost or re.search(r"^[ \t]*tier\b", program.source.text, re.MULTILINE) is not None


def _no_tier(desk: Desk) -> Problem:
    source = desk.program.source
    found = re.search(r"^policy[ \t]+[a-z][a-z0-9_]*", source.text, re.MULTILINE)
    span = source.span(*found.span()) if found else source.span(0, len(source.line(1)))
    return Problem("PD405", span)


def held(seat: tree.Seat) -> tuple[date, date]:
    """The first day of a seat and the day on which it ends (that day is the last)."""
    first = seat.since.day if seat.since is not None else EARLIEST
    last = seat.until.day if seat.until is not None else LATEST
    return first, last


def overlap(one: tree.Seat, other: tree.Seat) -> date | None:
    """The first day on which both seats are held, or none."""
    first = max(held(one)[0], held(other)[0])
    return first if first <= min(held(one)[1], held(other)[1]) else None


def seated(node: tree.SetOf, day: date) -> int:
    """How many seats a list has on a day."""
    return sum(1 for seat in node.seats if held(seat)[0] <= day <= held(seat)[1])


def days_of_change(desk: Desk, node: tree.SetOf) -> tuple[date, ...]:
    """The day of entry into force and each later day on which a list changes."""
    start = desk.program.heading.in_force or EARLIEST
    days = {start}
    for seat in node.seats:
        first, last = held(seat)
        days.update(day for day in (first, _next(last)) if day > start)
    return tuple(sorted(days))


def _next(day: date) -> date:
    return day if day == LATEST else date.fromordinal(day.toordinal() + 1)


def _seats(desk: Desk, entry: Entry, node: tree.SetOf) -> None:
    by_code: dict[str, list[tree.Seat]] = {}
    for seat in node.seats:
        if seat.since is not None and seat.until is not None and seat.until.day < seat.since.day:
            since, until = str(seat.since.day), str(seat.until.day)
            desk.fault("PD403", seat.until, code=seat.code.text, since=since, until=until)
        for earlier in by_code.get(seat.code.text, ()):
            if overlap(earlier, seat) is not None:
                related = label(earlier.span, "the first one stands here")
                desk.fault("PD402", seat.code, code=seat.code.text, group=entry.name, related=related)
                break
        by_code.setdefault(seat.code.text, []).append(seat)
    if node.seats:
        empty = next((day for day in days_of_change(desk, node) if not seated(node, day)), None)
        if empty is not None:
            desk.fault("PD404", node.name, name=entry.name, kind=node.kind, day=empty.isoformat())


def _in_two_tiers(desk: Desk, one: Entry, other: Entry) -> None:
    assert isinstance(one.node, tree.SetOf)
    assert isinstance(other.node, tree.SetOf)
    first: dict[str, list[tree.Seat]] = {}
    for seat in one.node.seats:
        first.setdefault(seat.code.text, []).append(seat)
    for seat in other.node.seats:
        for earlier in first.get(seat.code.text, ()):
            day = overlap(earlier, seat)
            if day is None:
                continue
            since = "" if day == EARLIEST else f" from {day.isoformat()}"
            related = label(earlier.span, f"in `{one.name}` it stands here")
            params = {"one": one.name, "other": other.name, "since": since}
            name = countries.name_of(seat.code.text)
            desk.fault("PD401", seat.code, related=related, code=seat.code.text, state=name, **params)
            break


def _given_twice(desk: Desk, example: tree.Example) -> None:
    """A worked example must not seat a State in two tiers either."""
    tiers = {entry.name for entry in desk.program.tiers}
    seen: dict[str, tuple[str, tree.Code]] = {}
    for given in example.given:
        if not isinstance(given, tree.Given) or not isinstance(given.what, tree.Name) or given.what.text not in tiers:
            continue
        for value in given.values:
            if not isinstance(value, tree.Code):
                continue
            first = seen.setdefault(value.text, (given.what.text, value))
            if first[1] is value:
                continue
            related = label(first[1].span, "the first one stands here")
            name = countries.name_of(value.text)
            if first[0] == given.what.text:
                desk.fault("PD402", value, related=related, code=value.text, group=first[0])
            else:
                params = {"one": first[0], "other": given.what.text, "since": ""}
                desk.fault("PD401", value, related=related, code=value.text, state=name, **params)


def _codes(desk: Desk) -> None:
    for node in _all_codes(desk):
        code = node.text
        if countries.usable(code) or code == desk.program.heading.currency:
            continue
        three = countries.three_letters(code)
        mend = f"write `{three}`, which stands for {countries.name_of(three)}" if three else ""
        desk.fault("PD406", node, code=code, mend=mend)


def _all_codes(desk: Desk) -> Iterator[tree.Code | tree.Ident]:
    for entry in desk.program.entries.values():
        match entry.node:
            case tree.SetOf(seats=seats) | tree.Reservation(by=seats):
                yield from (seat.code for seat in seats)
    for expr, found in desk.types.items():
        if isinstance(expr, tree.Code) and found.kind.name == "STATE":
            yield expr
    for example in desk.program.examples:
        for given in example.given:
            if isinstance(given, tree.GivenTable):
                yield from (row.code for row in given.rows if row.code.text.isupper())


def count_of(desk: Desk, expr: tree.Expr, day: date) -> tuple[int, int] | None:
    """The least and the greatest number of members that a group can have on a day, as far as its lists tell."""
    found = listed(desk, expr, day)
    return None if found is None else (len(found[0]), len(found[1]))


Codes = frozenset[str]


def listed(desk: Desk, expr: tree.Expr, day: date) -> tuple[Codes, Codes] | None:
    """Who is certain to belong to a group on a day, and who may; none where a case says so."""
    match expr:
        case tree.Code():
            return frozenset({expr.text}), frozenset({expr.text})
        case tree.Name():
            ref = desk.program.ref(expr)
            if isinstance(ref, Entry) and isinstance(ref.node, tree.SetOf):
                return _of_list(desk, ref.node, day)
            if expr.text == "members" and ref is not None:
                tiers = [_of_list(desk, entry.node, day) for entry in desk.program.tiers]
                return _joined(tiers) if tiers else None
        case tree.Binary(op="or"):
            return _joined([listed(desk, expr.left, day), listed(desk, expr.right, day)])
        case tree.Group():
            base = listed(desk, expr.base, day)
            if base is None:
                return None
            sure, possible = base
            if expr.minus is not None:
                minus = listed(desk, expr.minus, day)
                sure, possible = (sure - minus[1], possible - minus[0]) if minus is not None else (_NOBODY, possible)
            return (_NOBODY if expr.where is not None else sure), possible
    return None


_NOBODY: Codes = frozenset()


def _of_list(desk: Desk, node: tree.Provision, day: date) -> tuple[Codes, Codes] | None:
    if not isinstance(node, tree.SetOf):
        return None
    if node.value is not None:
        return listed(desk, node.value, day)
    if not node.seats:
        return None
    seats = frozenset(seat.code.text for seat in node.seats if held(seat)[0] <= day <= held(seat)[1])
    return (_NOBODY if node.requires else seats), seats


def _joined(parts: list[tuple[Codes, Codes] | None]) -> tuple[Codes, Codes] | None:
    known = [part for part in parts if part is not None]
    if len(known) != len(parts):
        return None
    return _NOBODY.union(*(sure for sure, _ in known)), _NOBODY.union(*(possible for _, possible in known))
