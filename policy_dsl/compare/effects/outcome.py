"""What a decision finds, finding by finding, each with its value and the provisions that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.derivation import Derived, Status, Unknown
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.values import Address, Quantity

Key = tuple[str, ...]
"""The kind of a finding, the provision, and whom it is for."""

OPEN = frozenset({"not shown"})
"""Statuses that say that nothing could be found."""

SHARE, RECEIVED, CLOSING, FOUND, LEFT = "share", "received", "closing", "found", "left"
SEAT, STEP, EVENT, LATEST, DUTY, PROMISE = "seat", "step", "event", "latest", "duty", "promise"


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure, a date, or a status; none where it is not determined. `grounds` are the addresses that it rests on."""

    value: Quantity | date | bool | str | tuple[str, ...] | None
    grounds: frozenset[Address] = frozenset()

    @property
    def open(self) -> bool:
        """Whether nothing could be found."""
        return self.value is None or (isinstance(self.value, str) and self.value in OPEN)


Outcome = Mapping[Key, Finding]


def outcome(decision: Decision) -> Outcome:
    """Everything that a decision finds and that is no mere step on the way to another finding."""
    return dict(_findings(decision))


def _findings(decision: Decision) -> Iterator[tuple[Key, Finding]]:
    for seat in decision.seats:
        yield (SEAT, seat.tier.name, seat.state), Finding("holds" if seat.refused is None else "refused")
    for shared in decision.shares:
        for row in shared.rows:
            yield (SHARE, shared.entry.name, shared.cohort, row.member), _finding(row.final)
        if shared.unallocated:
            yield (LEFT, shared.entry.name, shared.cohort), Finding(Quantity(shared.unallocated, shared.unit))
    for fund in decision.funds:
        sums: dict[str, Quantity] = {}
        grounds: dict[str, frozenset[Address]] = {}
        for member, value, amount in fund.paid_out:
            before = sums.get(member)
            sums[member] = Quantity(amount + (before.amount if before is not None else 0), fund.unit)
            grounds[member] = grounds.get(member, frozenset()) | value.grounds()
        for member, quantity in sums.items():
            yield (RECEIVED, fund.entry.name, member), Finding(quantity, grounds[member])
        yield (CLOSING, fund.entry.name), Finding(Quantity(fund.closing, fund.unit))
    ends = _ends(decision.program)
    for (name, subject), value in decision.values.items():
        if name in ends:
            yield (FOUND, name, *subject), _finding(value)
    yield from _record(decision)


def _record(decision: Decision) -> Iterator[tuple[Key, Finding]]:
    for step in decision.timeline:
        yield (STEP, step.entry.name), Finding(step.status)
        if step.latest is not None:
            yield (LATEST, step.entry.name), _finding(step.latest)
        for number, judged in enumerate(step.events, 1):
            grounds = frozenset(address for each in judged.failed for address in each.grounds())
            yield (EVENT, step.entry.name, str(number)), Finding("valid" if judged.valid else "refused", grounds)
    for duty in decision.duties:
        yield (DUTY, duty.entry.name, duty.holder), Finding(duty.status)
    for promise in decision.guarantees:
        yield (PROMISE, promise.entry.name), Finding(promise.status)


def _finding(found: Derived) -> Finding:
    value = found.value
    match value:
        case Unknown():
            return Finding(None, found.grounds())
        case Status(text=text):
            return Finding(text, found.grounds())
        case Quantity() | bool() | date() | str():
            return Finding(value, found.grounds())
        case tuple():
            return Finding(tuple(str(each) for each in value), found.grounds())
    return Finding("none", found.grounds())


def _ends(program: Program) -> frozenset[str]:
    """Definitions on which nothing rests but promises: results of the rules, not steps on the way to one."""
    used = {
        needed
        for name, needs in program.depends.items()
        if name in program.entries and program.entries[name].kind != "guarantee"
        for needed in needs
    }
    return frozenset(each.name for each in program.of_kind("define") if each.parent is None and each.name not in used)


def entry_of(key: Key, *programs: Program) -> Entry | None:
    """The provision that a finding is of, in the first of the programs that has it."""
    return next((program.entries[key[1]] for program in programs if key[1] in program.entries), None)
