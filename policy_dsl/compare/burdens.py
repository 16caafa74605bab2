"""One case decided under several readings of the rules: how many persons, and how much money, each member bears.

What is counted are the results of a decision: apportionments of persons and of money on which no other of the same unit
rests, what funds pay out to members, and titled findings for each member in such a unit. Apportionments of one unit are
added up; findings stand by themselves, since they may be anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.derivation import Value
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity, Unit

HEADS = ("person", "household", "project")
Amounts = Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The rules in one reading, applied to a case: `decision` is none where they, or the case under them, have faults.

    `name` is what the reading is called, `problems` what is wrong.
    """

    name: str
    decision: Decision | None
    problems: tuple[Problem, ...] = ()

    @property
    def failing(self) -> tuple[Entry, ...]:
        """The guarantees that do not hold."""
        promises = self.decision.guarantees if self.decision is not None else ()
        return tuple(each.entry for each in promises if each.status == "fails")

    @property
    def open(self) -> bool:
        """Whether something is undetermined, awaits a choice, or was left unallocated."""
        if self.decision is None or self.decision.complete:
            return False
        return any(each.code != "PD860" for each in self.problems) or not self.failing


@dataclass(frozen=True, slots=True, eq=False)
class Burden:
    """What members bear of one kind under each reading, in base units of `unit`.

    `kind` is "shared" (allotted by apportionments), "received" (paid out by funds) or "found" (a finding, by its
    title). `provisions` are, for each reading, those that are added up. Of `amounts` one is none for a reading without
    a decision; in it a member is lacking that bears nothing there, and has none where that is undetermined.
    """

    kind: str
    unit: Unit
    provisions: tuple[tuple[Entry, ...], ...]
    amounts: tuple[Amounts | None, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """All who bear something under some reading, by their codes."""
        return tuple(sorted({member for each in self.amounts if each is not None for member in each}))

    def amount(self, member: str, at: int) -> Fraction | None:
        """What a member bears under a reading: nothing where it has no part in it, none where that is not known."""
        amounts = self.amounts[at]
        return None if amounts is None else amounts.get(member, Fraction(0))

    def has_part(self, member: str, at: int) -> bool:
        """Whether a member has a part under a reading, be it nothing."""
        amounts = self.amounts[at]
        return amounts is not None and member in amounts

    def difference(self, member: str, at: int, against: int) -> Fraction | None:
        """By how much a member bears more under one reading than under another; none where one is not known."""
        here, there = self.amount(member, at), self.amount(member, against)
        return None if here is None or there is None else here - there

    def total(self, at: int) -> Fraction | None:
        """What all members bear together under a reading."""
        amounts = self.amounts[at]
        if amounts is None or any(each is None for each in amounts.values()):
            return None
        return sum((each for each in amounts.values() if each is not None), Fraction(0))

    @property
    def differs(self) -> bool:
        """Whether two readings differ for somebody, as far as is known."""
        known = [at for at, each in enumerate(self.amounts) if each is not None]
        return any(self.amount(member, at) != self.amount(member, known[0]) for member in self.members for at in known)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A case under several readings. `against` is the place of the one with which the others are compared."""

    case: str
    file: str
    readings: tuple[Reading, ...]
    burdens: tuple[Burden, ...]
    against: int = 0


def compared(case: str, file: str, readings: Sequence[Reading], against: int = 0) -> Compared:
    """A case under several readings, with what each member bears under each."""
    return Compared(case, file, tuple(readings), tuple(_burdens(readings)), against)


def _burdens(readings: Sequence[Reading]) -> Iterator[Burden]:
    found = [_of_decision(each.decision) if each.decision is not None else None for each in readings]
    keys = {key: unit for each in found if each is not None for key, (unit, _, _) in each.items()}
    for key in sorted(keys, key=_order):
        there = [None if each is None else each.get(key, (keys[key], (), {})) for each in found]
        provisions = tuple(() if each is None else each[1] for each in there)
        burden = Burden(key[0], keys[key], provisions, tuple(None if each is None else each[2] for each in there))
        if key[0] != "found" or burden.differs:
            yield burden


Key = tuple[str, str, str]
"""The kind, the unit, and of a finding its name."""
Found = dict[Key, tuple[Unit, tuple[Entry, ...], dict[str, Fraction | None]]]
_KINDS = ("shared", "received", "found")


def _order(key: Key) -> tuple[int, bool, str, str]:
    """Persons before money, what is shared before what is received."""
    kind, unit, name = key
    return _KINDS.index(kind), unit.isupper(), unit, name


def _of_decision(decision: Decision) -> Found:
    found: Found = {}
    results = list(_results(decision))
    paid = _paid_out(decision)
    for entry in results:
        amounts = list(_amounts(decision, entry))
        units = [value.unit for _, value in amounts if isinstance(value, Quantity)]
        unit = units[0] if units else _unit_of(decision, entry)
        if unit is None or not is_counted(unit) or entry.name in paid:
            continue
        key = ("found", str(unit), entry.name) if entry.kind == "define" else ("shared", str(unit), "")
        _add(found, key, unit, entry, amounts)
    for fund in decision.funds:
        if fund.paid_out:
            outgoing = [(member, Quantity(amount, fund.unit)) for member, _, amount in fund.paid_out]
            _add(found, ("received", str(fund.unit), ""), fund.unit, fund.entry, outgoing)
    return found


def _amounts(decision: Decision, entry: Entry) -> Iterator[tuple[str, Value]]:
    """What a result gives each of those who have a part in it, be they members or not."""
    if entry.kind == "apportion":
        for shared in decision.shares:
            if shared.entry is entry:
                yield from ((row.member, row.final.value) for row in shared.rows)
        return
    for (name, subject), value in decision.values.items():
        if name == entry.name and subject:
            yield subject[-1], value.value


def _add(found: Found, key: Key, unit: Unit, entry: Entry, amounts: Iterable[tuple[str, object]]) -> None:
    _, entries, sums = found.get(key, (unit, (), {}))
    for member, value in amounts:
        before = sums.get(member, Fraction(0))
        sums[member] = before + value.amount if isinstance(value, Quantity) and before is not None else None
    found[key] = (unit, (*entries, entry), sums)


def is_counted(unit: Unit) -> bool:
    """Whether a unit is one of persons (or households, or projects) or of money, be it for a time."""
    over = [base for base, power in unit.terms if power == 1]
    rest = [base for base, power in unit.terms if power != 1]
    counted = len(over) == 1 and (over[0] in HEADS or (over[0].isupper() and len(over[0]) == 3))
    return counted and all(base == "year" for base in rest)


def _results(decision: Decision) -> Iterator[Entry]:
    """Apportionments and titled findings for each member on which no other result of their unit rests."""
    program = decision.program
    shared = [each.entry for each in decision.shares]
    ends = [
        entry
        for entry in program.of_kind("define")
        if entry.parent is None and entry.node.title and "member" in entry.reach and not _used(decision, entry)
    ]
    units = {entry.name: _unit_of(decision, entry) for entry in (*shared, *ends)}
    for entry in dict.fromkeys((*shared, *ends)):
        above = (other for other in units if other != entry.name and units[other] == units[entry.name])
        if not any(entry.name in _rests_on(decision, other) for other in above):
            yield entry


def _used(decision: Decision, entry: Entry) -> bool:
    return any(
        entry.name in needed and decision.program.entries[name].kind != "guarantee"
        for name, needed in decision.program.depends.items()
    )


def _unit_of(decision: Decision, entry: Entry) -> Unit | None:
    if isinstance(entry.node, tree.Apportion):
        return next((each.unit for each in decision.shares if each.entry is entry), None)
    values = (value.value for (name, _), value in decision.values.items() if name == entry.name)
    return next((value.unit for value in values if isinstance(value, Quantity)), None)


def _rests_on(decision: Decision, name: str) -> set[str]:
    found: set[str] = set()
    stack = [name]
    while stack:
        for each in decision.program.depends.get(stack.pop(), ()):
            if each not in found:
                found.add(each)
                stack.append(each)
    return found


def _paid_out(decision: Decision) -> frozenset[str]:
    """The provisions whose amounts funds pay to members: they are received, not borne."""
    return frozenset(
        line.what.text
        for entry in decision.program.of_kind("fund")
        if isinstance(entry.node, tree.Fund)
        for line in entry.node.pays
    )
