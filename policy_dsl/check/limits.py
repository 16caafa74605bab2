"""Faults of floors and ceilings: a first `then`, ceilings that leave a part uncovered, floors that cross them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from policy_dsl.check import constants, entries
from policy_dsl.check.constants import Reading
from policy_dsl.check.desk import Desk, label, plural, text
from policy_dsl.check.membership import count_of, days_of_change, listed
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def limits(desk: Desk) -> None:
    """Check the limits of apportionments."""
    for entry in desk.program.of_kind("apportion"):
        node = entry.node
        assert isinstance(node, tree.Apportion)
        if node.limits and node.limits[0].then:
            desk.fault("PD461", node.limits[0], kind=node.limits[0].kind)
        _signs(desk, node)
        _crossing(desk, entry, node)
        _ceilings(desk, entry, node)
        _floors(desk, entry, node)
        _lifted(desk, node)


def part_of_total(desk: Desk, entry: Entry, bound: tree.Expr, at: Reading) -> Fraction | None:
    """A limit as a part of the total, where the text alone decides it."""
    node = entry.node
    assert isinstance(node, tree.Apportion)
    if isinstance(bound, tree.PartOf) and isinstance(bound.of, tree.Name) and bound.of.text == "total":
        part = constants.figure(desk, bound.part, at)
        return part.amount if part is not None else None
    if isinstance(bound, tree.Binary) and bound.op == "*":
        for factor, total in ((bound.left, bound.right), (bound.right, bound.left)):
            if isinstance(total, tree.Name) and total.text == "total":
                part = constants.figure(desk, factor, at)
                return part.amount if part is not None else None
    found = constants.figure(desk, bound, at)
    total_figure = constants.figure(desk, node.total.expr, at) if node.total is not None else None
    if found is None or total_figure is None or found.unit != total_figure.unit or not total_figure.amount:
        return None
    return found.amount / total_figure.amount


def _days(desk: Desk, entry: Entry, *bounds: tree.Expr) -> list[Reading]:
    """The days on which a limit or the lists of those who share may change."""
    readings = list(constants.dates(desk, *bounds))
    days = {reading.day for reading in readings}
    for other in desk.program.of_kind("tier", "set"):
        if isinstance(other.node, tree.SetOf) and other.node.seats:
            days.update(days_of_change(desk, other.node))
    known: dict[date, Reading] = {reading.day: reading for reading in readings if not reading.words.startswith("if")}
    for day in sorted(days - set(known)):
        before = max((each for each in known if each <= day), default=None)
        if before is not None:
            readings.append(Reading(day, known[before].choices, f"from {day.isoformat()}"))
    return readings


def _signs(desk: Desk, node: tree.Apportion) -> None:
    for limit in node.limits:
        for reading in constants.dates(desk, limit.bound):
            found = constants.figure(desk, limit.bound, reading)
            if found is not None and (
                found.amount < 0 or (found.amount == 0 and limit.kind == "at most" and not limit.group)
            ):
                desk.fault("PD465", limit.bound, what="a limit", value=str(found))
                break


def _crossing(desk: Desk, entry: Entry, node: tree.Apportion) -> None:
    """A floor above a ceiling for the same members, on the same level."""
    levels = {limit: sum(other.then for other in node.limits[: at + 1]) for at, limit in enumerate(node.limits)}
    for floor in node.limits:
        for ceiling in node.limits:
            if levels[floor] != levels[ceiling]:
                continue
            if floor.kind != "at least" or ceiling.kind != "at most" or not _same_group(desk, floor, ceiling):
                continue
            for reading in constants.dates(desk, floor.bound, ceiling.bound):
                low = part_of_total(desk, entry, floor.bound, reading)
                high = part_of_total(desk, entry, ceiling.bound, reading)
                if low is not None and high is not None and low > high:
                    related = label(ceiling.bound.span, "the ceiling stands here")
                    params = {"floor": text(floor.bound), "ceiling": text(ceiling.bound)}
                    desk.found.append(desk.problem("PD469", floor.bound, related=related, **params))
                    return


def _same_group(desk: Desk, one: tree.Limit, other: tree.Limit) -> bool:
    if one.group is None or other.group is None:
        return True
    return entries.set_text(desk, one.group) == entries.set_text(desk, other.group)


def _ceilings(desk: Desk, entry: Entry, node: tree.Apportion) -> None:
    """A ceiling for everybody times the least possible number of members must cover the total."""
    if node.remainder is not None or node.among is None:
        return
    for limit in node.limits:
        if limit.kind != "at most" or limit.group is not None:
            continue
        for reading in _days(desk, entry, limit.bound):
            part = part_of_total(desk, entry, limit.bound, reading)
            if part is None or part <= 0:
                continue
            needed = -(-1 // part)
            counted = count_of(desk, node.among.expr, reading.day)
            if counted is not None and counted[0] >= needed:
                continue
            least = plural(counted[0], "member", "members") if counted is not None else "any number of members"
            params = {"ceiling": text(limit.bound), "needed": plural(int(needed), "member", "members"), "least": least}
            desk.found.append(desk.problem("PD458", limit.bound, related=(), **params))
            return


def _floors(desk: Desk, entry: Entry, node: tree.Apportion) -> None:
    """A floor for everybody times the greatest possible number of members must not exceed the total."""
    if node.among is None:
        return
    for limit in node.limits:
        if limit.kind != "at least" or limit.group is not None:
            continue
        for reading in _days(desk, entry, limit.bound):
            part = part_of_total(desk, entry, limit.bound, reading)
            counted = count_of(desk, node.among.expr, reading.day)
            if part is None or counted is None or part * counted[0] <= 1:
                continue
            params = {"floor": text(limit.bound), "members": plural(counted[0], "member", "members")}
            desk.found.append(desk.problem("PD470", limit.bound, related=(), **params))
            return


def _lifted(desk: Desk, node: tree.Apportion) -> None:
    """A limit that a later one of its kind may lift, since that one moves the shares of those outside its group.

    What a ceiling takes off its group goes to the others, who may pass a ceiling of an earlier level; what a floor
    gives to its group comes from the others, who may fall below an earlier floor. Nothing is said where the limit is
    stated again, nor where the later one is for all: scales of assessment are drafted in that order.
    """
    levels = [sum(other.then for other in node.limits[: at + 1]) for at in range(len(node.limits))]
    for at, early in enumerate(node.limits):
        for number, late in enumerate(node.limits):
            if late.kind != early.kind or levels[number] <= levels[at] or not _leaves_out(desk, node, early, late):
                continue
            again = (other for other, level in zip(node.limits, levels, strict=True) if level >= levels[number])
            if any(other.kind == early.kind and _covers(desk, node, other, early) for other in again):
                continue
            line = text(early).removeprefix("then").strip()
            moves = (
                "spread over the others, who may pass"
                if early.kind == "at most"
                else "taken from the others, who may fall below"
            )
            related = label(late.span, "the later limit stands here")
            mend = f"if it is to hold in the end, write `{line}` below the later limit too"
            desk.fault("PD474", early, related=related, mend=mend, limit=line, later=text(late), moves=moves)
            break


def _leaves_out(desk: Desk, node: tree.Apportion, early: tree.Limit, late: tree.Limit) -> bool:
    """Whether the earlier limit is certain to concern members whom the later one does not."""
    if late.group is None or _everybody(desk, node, late):
        return False
    if early.group is None:
        return True
    day = constants.start(desk).day
    one, other = listed(desk, early.group, day), listed(desk, late.group, day)
    return one is not None and other is not None and bool(one[0] - other[1])


def _covers(desk: Desk, node: tree.Apportion, again: tree.Limit, early: tree.Limit) -> bool:
    """Whether a later limit holds for all whom an earlier one holds for."""
    return (
        again.group is None
        or _everybody(desk, node, again)
        or (early.group is not None and entries.set_text(desk, again.group) == entries.set_text(desk, early.group))
    )


def _everybody(desk: Desk, node: tree.Apportion, limit: tree.Limit) -> bool:
    """Whether a limit names the group among whom the total is shared."""
    among = node.among.expr if node.among is not None else None
    return (
        among is not None
        and limit.group is not None
        and entries.set_text(desk, limit.group) == entries.set_text(desk, among)
    )
