"""What a reservation does to the others: the case decided with it and without it, all else being equal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policy_dsl.cases.case import Case
from policy_dsl.check import Checked
from policy_dsl.compare.burdens import Compared, Reading, compared
from policy_dsl.evaluate import decide
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


@dataclass(frozen=True, slots=True, eq=False)
class Reserved:
    """One member's reservation: the clause, who holds it, and to what. `held` tells whether it was on the day.

    `compared` has the case without it and with it, in this order; it is none where it was not held.
    """

    clause: Entry
    member: str
    to: tuple[Entry, ...]
    compared: Compared | None

    @property
    def held(self) -> bool:
        """Whether it was held on the day whose law was applied."""
        return self.compared is not None


def reserved(checked: Checked, case: Case) -> tuple[Reserved, ...]:
    """Every reservation of a policy, by clause and member, with its effect in a case.

    Raises `DeadlineError` where a published calendar is not to be had.
    """
    as_it_stands = decide(checked, case)
    held = dict.fromkeys((clause.name, member) for clause, member, _ in as_it_stands.reservations)
    found = []
    for clause, member in _made(checked):
        outcome = None
        if (clause.name, member) in held:
            other = decide(without(checked, clause, member), case)
            readings = (Reading("without", other, other.problems), Reading("with", as_it_stands, as_it_stands.problems))
            outcome = compared(case.title, case.file, readings)
        found.append(Reserved(clause, member, tuple(_named(checked, clause)), outcome))
    return tuple(found)


def without(checked: Checked, clause: Entry, member: str) -> Checked:
    """The policy as it would be if a member did not hold a reservation."""
    node = _node(clause)
    seats = tuple(seat for seat in node.by if seat.code.text != member)
    entries = dict(checked.program.entries)
    if seats:
        named = {each: getattr(node, each) for each in type(node)._fields}
        entries[clause.name] = replace(clause, node=tree.Reservation(**{**named, "by": seats}))
    else:
        del entries[clause.name]
    return replace(checked, program=replace(checked.program, entries=entries))


def _made(checked: Checked) -> Iterator[tuple[Entry, str]]:
    for clause in checked.program.of_kind("reservation"):
        for member in dict.fromkeys(seat.code.text for seat in _node(clause).by):
            yield clause, member


def _named(checked: Checked, clause: Entry) -> Iterator[Entry]:
    for row in _node(clause).to:
        entry = checked.program.entries.get(row.name.text)
        if entry is not None:
            yield entry


def _node(clause: Entry) -> tree.Reservation:
    assert isinstance(clause.node, tree.Reservation)
    return clause.node
