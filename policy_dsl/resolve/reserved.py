"""Values that a reservation puts in the place of a figure's and that, in the end, rest on that same value.

Within the reservation the figure's own name means what holds without it (`to fee : 50% of fee`), which is no circle.
Other names mean what they mean for the member, and so with its reservations: `to rate : doubled` is one, if `doubled`
rests on `rate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from policy_dsl.resolve.bindable import Use
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.order import Graph, places, titled, way
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

Held = tuple[Entry, tree.Modified]
# A figure as it is without the reservation stands in the graph under a name that no provision can have.
WITHOUT = " without"


def check_reserved(entries: Mapping[str, Entry], uses: Iterable[Use], graph: Graph, findings: Findings) -> None:
    """One fault for each row of a reservation whose value rests on itself on some day."""
    named: dict[tuple[str, str], set[str]] = {}
    for use in uses:
        if use.line.startswith("to "):
            named.setdefault((use.owner, use.line[3:]), set()).add(use.target)
    clauses = [entry for entry in entries.values() if isinstance(entry.node, tree.Reservation)]
    said: set[Held] = set()
    for held in _held_together(clauses):
        bound = _for_the_member(held, named, graph)
        for clause, row in held:
            name = row.name.text
            if (clause, row) in said or row.value is None or name not in entries:
                continue
            chain = next((found for need in sorted(bound[name]) if (found := way(need, name, bound))), [])
            if chain:
                said.add((clause, row))
                between = [each for each in chain[:-1] if not each.endswith(WITHOUT)]
                words = " → ".join(titled(each, entries) for each in (name, *between, name))
                findings.add(
                    "PD247", row.name.span, clause.address, places(between, entries),
                    name=name, reservation=clause.title, chain=words,
                )  # fmt: skip


def _held_together(clauses: list[Entry]) -> Iterator[list[Held]]:
    """For each State the rows of its reservations that hold on one day: on those days on which one begins."""
    seats = [(seat, clause) for clause in clauses for seat in _reservation(clause).by]
    for state in dict.fromkeys(seat.code.text for seat, _ in seats):
        own = [(seat, clause) for seat, clause in seats if seat.code.text == state]
        for day in sorted({_since(seat) for seat, _ in own}):
            yield [(clause, row) for seat, clause in own if _holds(seat, day) for row in _reservation(clause).to]


def _for_the_member(held: list[Held], named: Mapping[tuple[str, str], set[str]], graph: Graph) -> Graph:
    """What rests on what for the member: the reserved values take the place of what holds without them."""
    bound = {name: set(needs) for name, needs in graph.items()}
    for clause, row in held:
        name = row.name.text
        if row.value is None or name not in bound:
            continue
        needs = named.get((clause.name, name), set())
        bound[name + WITHOUT] = set(graph.get(name, ()))
        bound[name] = (needs - {name}) | ({name + WITHOUT} if name in needs else set())
    return bound


def _reservation(entry: Entry) -> tree.Reservation:
    assert isinstance(entry.node, tree.Reservation)
    return entry.node


def _since(seat: tree.Seat) -> date:
    return seat.since.day if seat.since is not None else date.min


def _holds(seat: tree.Seat, day: date) -> bool:
    return _since(seat) <= day and (seat.until is None or day <= seat.until.day)
