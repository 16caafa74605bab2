"""What was evaluated, read off the derivations that an engine holds when it has answered.

No instrument stands beside the engine: which branch a value took, which bracket a figure fell into, which condition
refused an event is part of the derivation, because the reasons are told from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy_dsl.evaluate.decision import (
    DutyOutcome,
    EventJudged,
    Score,
    SeatHeld,
    Shared,
    ShareRow,
    StepOutcome,
    VoteResult,
)
from policy_dsl.evaluate.definitions import Slice
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.evaluate.engine import Engine
from policy_dsl.evaluate.groups import Removed
from policy_dsl.evaluate.ranks import TieAsked
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

Mark = tuple[tree.Node, str]


def seen(engine: Engine) -> frozenset[Mark]:
    """What an engine evaluated: nodes of the tree, each with the way it went (empty: it was evaluated)."""
    found: set[Mark] = set()
    for thing in findings(engine):
        found.update(_marks(engine, thing))
    return frozenset(found)


def findings(engine: Engine) -> Iterator[object]:
    """Everything that an engine found: derivations, and the findings that hold some, each object once."""
    stack: list[object] = list(engine.memo.values())
    known: set[int] = set()
    while stack:
        here = stack.pop()
        if isinstance(here, tuple | list):
            stack.extend(here)
            continue
        if isinstance(here, Mapping):
            stack.extend(here.values())
            continue
        if id(here) in known or not _ours(here):
            continue
        known.add(id(here))
        yield here
        stack.extend(getattr(here, name) for name in type(here).__match_args__)  # type: ignore[attr-defined]


def _ours(thing: object) -> bool:
    """Whether a thing is a finding of the engine, which may hold derivations."""
    kind = type(thing)
    return kind.__module__.startswith("policy_dsl.evaluate.") and hasattr(kind, "__match_args__")


def _marks(engine: Engine, thing: object) -> Iterator[Mark]:
    match thing:
        case Derived():
            yield from _of_value(thing)
        case Slice():
            yield thing.row, "reached"
        case ShareRow():
            if thing.held_by is not None:
                yield thing.held_by, "holds"
        case Shared():
            yield thing.entry.node, ""
            yield from _of_sharing(thing)
        case EventJudged() | StepOutcome() | VoteResult() | SeatHeld() | DutyOutcome():
            yield from _of_record(engine, thing)
        case Score() if thing.met.value is False:
            yield thing.row, "not met"


def _of_value(here: Derived) -> Iterator[Mark]:
    if here.entry is not None:
        yield here.entry.node, ""
    if here.node is not None:
        yield here.node, ""
    match here.op, here.node, here.detail:
        case "if", tree.Choice() as node, _ if here.of and isinstance(here.of[0].value, bool):
            yield node, "then" if here.of[0].value else "else"
        case "except", _, tuple() as rows:
            yield from ((row, "applies") for row in rows if isinstance(row, tree.Excepted))
        case "reservation", tree.Modified() as row, _:
            yield row, "reserved"
        case "scale", _, tree.Bracket() as row:
            yield row, "reached"
        case "figure", tree.Dated() as row, _:
            yield row, "in force"
        case "choice", tree.LeftTo() as node, made:
            yield node, "chosen" if made is not None else "not chosen"
        case "gap", tree.Indicator() as node, _:
            yield node, "gap"
        case "remainder", tree.Remainder() as line, _:
            yield line, "taken"
        case "rank of", tree.Aggregate() as node, TieAsked(asked=asked):
            yield from ((tie, "tie") for tie in node.ties[:asked])
        case "at least", tree.Criterion() as row, _ if here.value is False:
            yield row, "not met"
        case _, _, Removed() as removed if isinstance(here.node, tree.Group):
            yield from _of_group(here, here.node, removed)
    lacking = isinstance(here.value, Unknown) and any(gap.kind == "left out" for gap in here.value.gaps)
    if lacking and here.op == "unknown" and isinstance(here.node, tree.Indicator):
        yield here.node, "gap"


def _of_group(here: Derived, node: tree.Group, removed: Removed) -> Iterator[Mark]:
    """Who was kept out of a group, by `except` or by `where`."""
    minus = here.of[1] if node.minus is not None and len(here.of) > 1 else None
    tests = {id(each) for each in here.of[1 if minus is None else 2 :]}
    if any(each is minus for each in removed.by.values()):
        yield node, "kept out"
    if any(id(each) in tests for each in removed.by.values()):
        yield node, "filtered out"


def _of_sharing(found: Shared) -> Iterator[Mark]:
    node = found.entry.node
    assert isinstance(node, tree.Apportion)
    for rounding in found.roundings:
        for tie in rounding.ties:
            by = tie.settled_by
            for at, line in enumerate(_ties_in_order(node)):
                lot = isinstance(line.expr, tree.Name) and line.expr.text == "lot"
                # A line that did not tell the tied apart was asked all the same.
                if by is None or (lot and by == "lot") or (not lot and (by == "lot" or at <= int(by))):
                    yield line, "tie"


def _ties_in_order(node: tree.Apportion) -> list[tree.Condition]:
    """The lines that settle ties, those by lot last, as the engine asks them."""
    return sorted(node.ties, key=lambda line: isinstance(line.expr, tree.Name) and line.expr.text == "lot")


def _of_record(engine: Engine, thing: object) -> Iterator[Mark]:
    match thing:
        case EventJudged():
            step = engine.program.entries.get(thing.event.step)
            if step is not None:
                yield step.node, ""
            for failed in thing.failed:
                if failed.value is False and failed.node is not None:
                    yield failed.node, "once each" if failed.op == "once each" else "refused"
        case StepOutcome():
            yield thing.entry.node, ""
        case VoteResult():
            yield from _of_vote(thing)
        case SeatHeld() if thing.refused is not None and thing.refused.value is False:
            yield from ((line, "no seat") for line in _refusing(engine, thing.tier, thing.refused))
        case DutyOutcome():
            yield from _of_duty(thing)


def _of_vote(vote: VoteResult) -> Iterator[Mark]:
    for line in (vote.majority, vote.failing):
        if line is not None and line.node is not None and line.value is True:
            yield line.node, "adopted"
    if vote.examined and vote.adopted is False and vote.majority is not None and vote.majority.node is not None:
        yield vote.majority.node, "rejected"


def _of_duty(duty: DutyOutcome) -> Iterator[Mark]:
    node = duty.entry.node
    assert isinstance(node, tree.Duty)
    yield node, ""
    if node.when is not None and duty.status == "not arisen":
        yield node.when, "not arisen"
    if node.kept is not None and duty.status in ("kept", "breached"):
        yield node.kept, duty.status


def _refusing(engine: Engine, tier: Entry, refused: Derived) -> Iterator[tree.Condition]:
    """The line of a tier that refuses a State its seat."""
    assert isinstance(tier.node, tree.SetOf)
    for line in tier.node.requires:
        ref = engine.ref(line.expr)
        if refused.node is line.expr or (isinstance(ref, Entry) and refused.entry is ref):
            yield line
            return
    if len(tier.node.requires) == 1:
        yield tier.node.requires[0]
