"""The record of a generated case: who took which step when, and who voted how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from policy_dsl.cases.case import Datum, Event, Origin
from policy_dsl.cases.declared import Declared, Rule
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.trial.attack.draws import Draws, now_and_then, one_of
from policy_dsl.trial.attack.figures import Sought, datum

MOST_ACTORS = 6
_VOTES = ("favour", "against", "abstaining", "present", "")


class Recorder:
    """Draws the record of a case, step after step in the order in which steps rest on each other."""

    def __init__(
        self,
        declared: Declared,
        names: frozenset[str],
        hours: Sequence[int],
        fields: Mapping[str, Mapping[str, Sought]],
    ) -> None:
        self.declared = declared
        self.program = declared.program
        self.rules = [declared.steps[name] for name in in_order(self.program, names & declared.steps.keys())]
        self.rules = [rule for rule in self.rules if not _by_itself(rule) and not _pattern(self.program, rule)]
        self.hours = (1, *(hour + more for hour in hours for more in (0, 1, -1) if hour + more > 1))
        self.fields = fields
        self.seating = _seating(self.program)

    def draw(self, draws: Draws, states: Sequence[str], day: date, origin: Origin) -> tuple[Event, ...]:
        """The events of a case with these States, from a day on."""
        now = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        found: list[Event] = []
        for rule in self.rules:
            for by in self._actors(draws, rule, states):
                now += timedelta(hours=one_of(draws, self.hours))
                fields = self._recorded(draws, rule, states, now.date())
                found.append(Event(rule.entry.name, now, by, fields, origin))
        return tuple(found)

    def again(self, draws: Draws, events: Iterable[Event], states: Sequence[str]) -> tuple[Event, ...]:
        """The record of a given case, from which some is left out, or in which others voted."""
        found = []
        for event in events:
            rule = self.declared.steps.get(event.step)
            if rule is None or rule not in self.rules:
                found.append(event)
                continue
            if now_and_then(draws, 6):
                continue
            if rule.vote and now_and_then(draws, 3):
                event = replace(event, fields={**event.fields, **_votes(draws, states)}, span=None)
            found.append(event)
        return tuple(found)

    def _actors(self, draws: Draws, rule: Rule, states: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """For each event of a step, who takes it."""
        if rule.vote or not rule.actors:
            most = 2 if rule.node.repeated else 1
            yield from (() for _ in range(draws.integer(0, most)))
            return
        able = (*states[:MOST_ACTORS], *_named(self.declared, rule.node))
        if rule.entry.name in self.seating:
            yield from ((each,) for each in states if not now_and_then(draws, 6))
        elif rule.node.once_each:
            yield from ((each,) for each in able if draws.integer(0, 1))
        elif able:
            yield from ((one_of(draws, able),) for _ in range(draws.integer(0, 2)))

    def _recorded(
        self, draws: Draws, rule: Rule, states: Sequence[str], day: date
    ) -> dict[str, Datum | tuple[str, ...]]:
        fields: dict[str, Datum | tuple[str, ...]] = {}
        for name, wanted in rule.fields.items():
            fields[name] = datum(draws, wanted, self.fields[rule.entry.name][name], states, day)
        return fields | (_votes(draws, states) if rule.vote else {})


def _votes(draws: Draws, states: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Who voted how: in the simplest case all in favour."""
    voted: dict[str, list[str]] = {"favour": [], "against": []}
    for state in states:
        group = one_of(draws, _VOTES)
        if group:
            voted.setdefault(group, []).append(state)
    return {group: tuple(members) for group, members in voted.items()}


def in_order(program: Program, names: Iterable[str]) -> tuple[str, ...]:
    """Steps, each after those on which it rests."""
    wanted, done = list(dict.fromkeys(name for name in program.entries if name in set(names))), []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        for need in sorted(program.depends.get(name, ())):
            visit(need)
        if name in wanted:
            done.append(name)

    for name in wanted:
        visit(name)
    return tuple(done)


def _by_itself(rule: Rule) -> bool:
    return rule.node.on is not None or rule.node.once is not None


def _pattern(program: Program, rule: Rule) -> bool:
    """Whether a step is in another file and serves as a pattern alone."""
    return rule.node.span.source is not program.source and any(
        program.ref(entry.node.model) is rule.entry
        for entry in program.of_kind("step")
        if isinstance(entry.node, tree.Step) and entry.node.model is not None
    )


def _seating(program: Program) -> frozenset[str]:
    """The steps without which nobody takes a seat: a case in which nobody has taken them shows nothing."""
    return frozenset(
        need
        for tier in program.tiers
        for need in program.depends.get(tier.name, ())
        if program.entries[need].kind == "step"
    )


def _named(declared: Declared, node: tree.Step) -> tuple[str, ...]:
    """The bodies and the single States that a step names as those who may take it."""
    if node.by is None:
        return ()
    found: list[str] = []
    for each in tree.walk(node.by.expr):
        match each:
            case tree.Code(text=text):
                found.append(text)
            case tree.Name():
                entry = declared.program.ref(each)
                if isinstance(entry, Entry) and entry.kind == "participant":
                    found.append(entry.name)
    return tuple(dict.fromkeys(found))
