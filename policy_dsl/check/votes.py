"""Faults of votes: silence without an end, quorums and majorities that nobody can reach."""

from __future__ import annotations

from policy_dsl.check import constants
from policy_dsl.check.constants import Reading
from policy_dsl.check.desk import Desk, label, plural, text
from policy_dsl.check.entries import models
from policy_dsl.check.membership import count_of
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

# Up to how many voters every composition is tried; where nobody is listed, these numbers of voters are tried.
MOST_TRIED = 16
SOME_NUMBERS = (1, 2, 3, 5, 8, 1000)
_FOR_ONLY = frozenset({"favour", "voters"})
SETS = ("favour", "against", "abstaining", "absent", "present", "voting", "voters")


def votes(desk: Desk) -> None:
    """Check steps that are decided by a vote."""
    for entry in desk.program.of_kind("step"):
        node = entry.node
        assert isinstance(node, tree.Step)
        chain = models(desk, entry)
        _silence(desk, node, chain)
        if node.failing is not None and all(each.adopted is None for each in chain):
            desk.fault("PD526", node.failing, name=node.name.text)
        if node.adopted is None and node.quorum is None:
            continue
        voters = next((each.by for each in chain if each.by is not None), None)
        if node.adopted is not None and voters is None:
            desk.fault("PD528", node.name, name=node.name.text)
        if node.adopted is not None and all(each.quorum is None for each in chain):
            desk.fault("PD505", node.name, name=node.name.text)
        _reach(desk, entry, node, voters)


def _silence(desk: Desk, node: tree.Step, chain: list[tree.Step]) -> None:
    if node.silence is None:
        return
    if all(each.not_after is None for each in chain):
        desk.fault("PD503", node.silence, name=node.name.text)
    if all(each.adopted is None for each in chain):
        desk.fault("PD504", node.silence, name=node.name.text)


def _reach(desk: Desk, entry: Entry, node: tree.Step, voters: tree.Condition | None) -> None:
    lines = [line for line in (node.adopted, node.failing) if line is not None]
    quorum = node.quorum
    exprs = [line.expr for line in lines]
    if quorum is not None and not isinstance(quorum.expr, tree.Nothing):
        exprs.append(quorum.expr)
    for reading in constants.dates(desk, *exprs):
        counted = count_of(desk, voters.expr, reading.day) if voters is not None else None
        numbers = (counted[1],) if counted is not None else SOME_NUMBERS
        who = plural(numbers[0], "voter", "voters") if counted is not None else "any number of voters"
        if quorum is not None and not _quorum(desk, quorum, reading, numbers):
            params = {"name": entry.name, "quorum": text(quorum.expr), "voters": who}
            desk.found.append(desk.problem("PD506", quorum.expr, related=(), **params))
            return
        for line in lines:
            if not any(_can_be_met(desk, line.expr, reading, number) for number in numbers):
                related = label(voters.span, "these are the voters") if voters is not None else ()
                params = {"name": entry.name, "condition": text(line.expr), "voters": who}
                desk.found.append(desk.problem("PD507", line.expr, related=related, **params))
                return


def _quorum(desk: Desk, quorum: tree.Condition, reading: Reading, numbers: tuple[int, ...]) -> bool:
    if isinstance(quorum.expr, tree.Nothing):
        return True
    for number in numbers:
        needed = constants.figure(desk, quorum.expr, _counting(reading, number, number, 0, 0))
        if needed is None or needed.amount <= number:
            return True
    # Where nobody is listed, a fixed number of voters is not out of reach: there may be so many.
    return len(numbers) > 1 and constants.figure(desk, quorum.expr, reading) is not None


def _counting(reading: Reading, voters: int, favour: int, against: int, abstaining: int) -> Reading:
    absent = voters - favour - against - abstaining
    counts = dict(
        zip(SETS, (favour, against, abstaining, absent, voters - absent, favour + against, voters), strict=True)
    )
    return Reading(reading.day, reading.choices, reading.words, counts)


def _can_be_met(desk: Desk, condition: tree.Expr, reading: Reading, voters: int) -> bool:
    """Whether some vote meets a condition, as far as it is one on how many voted how."""
    if not desk.sound(condition) or not voters:
        return True
    counted = _counted(desk, condition, frozenset())

    def meets(favour: int, against: int, abstaining: int) -> bool:
        found = constants.truth(desk, condition, _counting(reading, voters, favour, against, abstaining))
        return found is not False

    if voters <= MOST_TRIED:
        from policy_dsl.voting import reachable

        return reachable(meets, voters) is not None
    return not counted <= _FOR_ONLY or meets(voters, 0, 0)


def _counted(desk: Desk, expr: tree.Node, seen: frozenset[str]) -> frozenset[str]:
    """The sets that a condition counts."""
    found: set[str] = set()
    for node in tree.walk(expr):
        if isinstance(node, tree.Aggregate) and node.op == "count" and isinstance(node.of, tree.Name):
            found.add(node.of.text)
        elif isinstance(node, tree.Name):
            ref = desk.program.ref(node)
            if isinstance(ref, Entry) and isinstance(ref.node, tree.Define) and ref.name not in seen:
                found |= _counted(desk, ref.node.value, seen | {ref.name})
    return frozenset(found)
