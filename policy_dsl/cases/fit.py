"""A case file fitted to its policy: every name bound to what the policy declares, every value typed by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from policy_dsl.cases.case import Case, Event
from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.declared import Declared
from policy_dsl.cases.facts import FactReader, say_stale, say_unsourced
from policy_dsl.cases.figures import Reader
from policy_dsl.cases.gaps import head_of, needs_of, say_gaps, say_unseated
from policy_dsl.cases.groups import Groups, read_groups
from policy_dsl.cases.model import CaseFile
from policy_dsl.cases.nodes import Fields, Word
from policy_dsl.cases.origins import Origins
from policy_dsl.cases.record import RecordReader
from policy_dsl.cases.states import States
from policy_dsl.cases.tables import read_table
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Program
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.source import Source

Load = Callable[[str, Source], Source | None]


@dataclass(frozen=True, slots=True)
class Laid:
    """A case file in its shape, with the fields that it was read from."""

    file: CaseFile
    root: Fields
    source: Source
    whole: bool


def fit(
    laid: Laid,
    program: Program,
    load: Load,
    say: Complaints,
    as_at: date | None = None,
    besides: frozenset[str] = frozenset(),
) -> Case | None:
    """The case, or none where something in it is wrong. Seats are those of the law as at its date, or `as_at`.

    What it states under the names `besides`, which the program does not have, is passed over.
    """
    besides -= program.entries.keys()
    file = _without(laid.file, besides) if besides else laid.file
    declared = Declared(program)
    reader = Reader(say, States(program, say))
    origins = Origins(reader, file.sources)
    default = origins.of(file.default)
    at = reader.day(file.at) if file.at.strip() else None
    _say_misplaced(file, program, at if as_at is None else None, say)
    law = as_at or at
    named = say.errors
    groups = read_groups(file.members, head_of(laid.root, "members"), declared, reader, origins, law)
    seats_known = say.errors == named
    facts = FactReader(declared, reader, origins, _cohorts(file, say), besides)
    if file.facts is not None:
        facts.read(file.facts, default)
    unseen = say.errors
    for table in file.tables:
        source = load(str(table.file), laid.source)
        if source is None:
            say("PD717", table.file.span, file=table.file)
        else:
            read_table(source, table, facts, default)
    facts.facts.partial = say.errors > unseen
    record = RecordReader(declared, reader, origins, default)
    seated = _seated(declared, groups, law)
    events = record.events(file.events)
    choices, adjustments = record.choices(file.choices), record.adjustments(file.adjustments)
    ledgers = record.ledgers(file.funds, _keys(laid.root, "funds"))
    lots = record.lots(file.lots, _keys(laid.root, "lots"), seated)
    statements = record.statements(file.statements)
    opened = record.opened(file.opened, events)
    if at is not None:
        say_stale(facts.facts, declared, reader, at)
    say_unsourced(facts.facts, reader, declared)
    if laid.whole and law is not None:
        mentioned = _mentioned(groups, facts, events)
        needs = needs_of(declared, groups, facts.facts, mentioned, law)
        if seats_known:
            say_unseated(facts.facts, needs, declared, say, mentioned)
        say_gaps(laid.root, file, declared, say, facts.facts, needs, facts.cohorts)
    if say.failed or at is None:
        return None
    return Case(
        str(file.case).strip(), at, opened, str(file.situation or ""), groups.members, groups.origins, groups.grounds,
        frozenset(), tuple(str(each) for each in file.cohorts), tuple(facts.facts.read), events, choices, adjustments,
        ledgers, lots, statements, file=laid.source.name.replace("\\", "/").rpartition("/")[2],
        as_at=as_at,
    )  # fmt: skip


def _without(file: CaseFile, besides: frozenset[str]) -> CaseFile:
    """The file without what it states under some names; facts are left to their reader, which reads tables too."""
    groups = Fields()
    if file.members is not None:
        groups.update((name, node) for name, node in file.members.items() if name.strip() not in besides)
        groups.span = file.members.span
    kept = {
        "members": groups if file.members is not None else None,
        "events": [each for each in file.events if each.step.strip() not in besides],
        "choices": [each for each in file.choices if each.parameter.strip() not in besides],
        "adjustments": [each for each in file.adjustments if each.of.strip() not in besides],
        "funds": {name: each for name, each in file.funds.items() if name.strip() not in besides},
        "lots": {name: each for name, each in file.lots.items() if name.strip() not in besides},
    }
    return file.model_copy(update=kept)


def _say_misplaced(file: CaseFile, program: Program, at: date | None, say: Complaints) -> None:
    """A case of another policy, or of a day on which the policy was not yet in force."""
    heading = program.heading
    if file.policy.strip() and file.policy.strip() != heading.name:
        mend = did_you_mean(file.policy, [heading.name])
        say("PD725", file.policy.span, mend=mend, name=file.policy, policy=heading.name)
    if at is not None and heading.in_force is not None and at < heading.in_force:
        say("PD726", file.at.span, at=str(at), in_force=str(heading.in_force))


def _cohorts(file: CaseFile, say: Complaints) -> tuple[str, ...]:
    """The cohorts of the case: names in small letters, each once, and none that a field of a fact has."""
    seen: dict[str, Word] = {}
    for word in file.cohorts:
        name = word.strip()
        if not name.isascii() or not name.isidentifier() or not name.islower() or name in _TAKEN:
            say("PD799", word.span, name=word)
        elif name in seen:
            say("PD765", word.span, first=seen[name].span, state=name, group="cohorts")
        seen.setdefault(name, word)
    return tuple(seen)


_TAKEN = ("value", "unit", "source", "date", "status", "between")


def _keys(root: Fields, section: str) -> dict[str, Word]:
    node = root.part(section)
    return {str(key): key for key in node} if isinstance(node, Fields) else {}


def _seated(declared: Declared, groups: Groups, at: date | None) -> frozenset[str]:
    """The States that hold a seat, as far as the list of seats goes."""
    codes: set[str] = set()
    for tier in declared.tiers:
        codes.update(groups.members.get(tier.name, ()))
        if at is not None:
            codes.update(declared.seats(tier, at))
    return frozenset(codes)


def _mentioned(groups: Groups, facts: FactReader, events: tuple[Event, ...]) -> frozenset[str]:
    """States that the case names without giving them a seat."""
    codes = {code for members in groups.members.values() for code in members}
    codes |= {fact.value for fact in facts.facts.read if isinstance(fact.value, str)}
    for event in events:
        codes.update(event.by)
        codes |= {value for value in event.fields.values() if isinstance(value, str)}
    return frozenset(codes)
