"""Faults of duties, funds, reservations and transitional clauses."""

from __future__ import annotations

from policy_dsl.check.desk import Desk, label
from policy_dsl.check.membership import overlap
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def obligations(desk: Desk) -> None:
    """Check duties, funds, reservations and transitional clauses."""
    permitted = _permitted(desk)
    for entry in desk.program.entries.values():
        match entry.node:
            case tree.Duty() as node:
                _duty(desk, node)
            case tree.Fund() as node:
                _fund(desk, node)
            case tree.Reservation() as node:
                _reservation(desk, node, permitted)
            case tree.Transitional() as node:
                _transitional(desk, node)
    _reserved_twice(desk)


def _reserved_twice(desk: Desk) -> None:
    """Two reservations of one member to one provision, held on one day: nobody could tell which value holds."""
    first: dict[tuple[str, str], list[tuple[tree.Seat, tree.Modified]]] = {}
    for entry in desk.program.of_kind("reservation"):
        assert isinstance(entry.node, tree.Reservation)
        for row in entry.node.to:
            for seat in entry.node.by:
                before = first.setdefault((seat.code.text, row.name.text), [])
                for earlier, other in before:
                    day = overlap(earlier, seat)
                    if day is not None and (other is not row or earlier is not seat):
                        related = label(other.name.span, f"{seat.code.text} reserves it here")
                        params = {"code": seat.code.text, "to": row.name.text}
                        desk.fault("PD527", row.name if other is not row else seat.code, related=related, **params)
                        break
                before.append((seat, row))


def _duty(desk: Desk, node: tree.Duty) -> None:
    if node.kept is None:
        desk.fault("PD513", node.name, name=node.name.text)
    if node.binds is None:
        desk.fault("PD514", node.name, name=node.name.text)


def _fund(desk: Desk, node: tree.Fund) -> None:
    if node.level is None and not node.fed:
        desk.fault("PD515", node.name, name=node.name.text)
    for fed in node.fed:
        if fed.due is None and node.suspends:
            desk.fault("PD516", fed, name=node.name.text, by=fed.by.text)


def _permitted(desk: Desk) -> frozenset[str] | None:
    """The provisions to which reservations are permitted; none where no clause says so."""
    clauses = desk.program.of_kind("reservable")
    if not clauses:
        return None
    return frozenset(name.text for clause in clauses for name in _names(clause))


def _names(entry: Entry) -> tuple[tree.Ident, ...]:
    return entry.node.to if isinstance(entry.node, tree.Reservable) else ()


def _reservation(desk: Desk, node: tree.Reservation, permitted: frozenset[str] | None) -> None:
    if not node.by:
        desk.fault("PD525", node.name, name=node.name.text, missing="by", what="who makes it")
    if not node.to:
        desk.fault("PD525", node.name, name=node.name.text, missing="to", what="what it leaves out or changes")
    for row in node.to:
        if permitted is not None and row.name.text not in permitted:
            allowed = ", ".join(f"`{name}`" for name in sorted(permitted)) or "nothing"
            desk.fault("PD522", row.name, to=row.name.text, allowed=allowed)
        _effect(desk, row)
    for seat in node.by:
        if seat.since is not None and seat.until is not None and seat.until.day < seat.since.day:
            since, until = str(seat.since.day), str(seat.until.day)
            desk.fault("PD403", seat.until, code=seat.code.text, since=since, until=until)
        elif not _a_member(desk, seat):
            desk.fault("PD523", seat.code, code=seat.code.text)


def _effect(desk: Desk, row: tree.Modified) -> None:
    """A reservation puts another value in the place of a figure's, or lets its member stand outside the rest."""
    name, entry = row.name.text, desk.program.ref(row.name)
    if not isinstance(entry, Entry):
        return
    if entry.kind in ("define", "parameter") and row.value is None:
        mend = f"write `to {name} : …` with the value that holds for the member instead"
        desk.fault("PD524", row.name, name=name, why="says no other value", mend=mend)
    elif entry.kind in ("apportion", "duty") and row.value is not None:
        mend = f"write `to {name}` alone: the member then stands outside it"
        desk.fault("PD524", row.value, name=name, why="cannot give a member another value", mend=mend)


def _a_member(desk: Desk, seat: tree.Seat) -> bool:
    """Whether a tier seats the State at some time of its reservation; where a case says who is a member, it may."""
    for tier in desk.program.tiers:
        assert isinstance(tier.node, tree.SetOf)
        if not tier.node.seats:
            return True
        for other in tier.node.seats:
            if other.code.text == seat.code.text and overlap(other, seat) is not None:
                return True
    return not desk.program.tiers


def _transitional(desk: Desk, node: tree.Transitional) -> None:
    if node.before is None:
        desk.fault("PD520", node.name, name=node.name.text)
    if not node.keeps:
        desk.fault("PD521", node.name, name=node.name.text)
