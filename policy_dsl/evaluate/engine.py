"""The engine's state: a checked program, a case, and every value found so far.

Evaluation is on demand and each value is found once. The rooms beside this module say how each kind of expression and
provision gets its value; `decide` hands their tables to the engine, so that no room needs to know all the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import date, datetime, tzinfo
from typing import TypeVar

from policy_dsl.cases.case import Case, Event, Fact
from policy_dsl.deadlines import Regime, WorkingCalendar, begins, ends
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate.arithmetic import impossible
from policy_dsl.evaluate.derivation import Derived, Gap, Members, Unknown, Value
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program, Ref
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, Address, Unit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class View:
    """What of the record can be seen: the events before `before` (with `inclusive` those of that moment too).

    The rest are places in the record: `also` are seen besides, `hidden` are not seen; `peers` are events of the step
    judged at the same moment, each seen as if it were alone. `until` is the end of the day of an event that is recorded
    by its day alone: what falls by itself within that day has come.
    """

    before: datetime
    peers: frozenset[int] = frozenset()
    inclusive: bool = False
    also: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()
    until: datetime | None = None

    def sees(self, moment: datetime, index: int) -> bool:
        """Whether the event at a place in the record, of that moment, is seen."""
        if index in self.hidden:
            return False
        return moment < self.before or (self.inclusive and moment == self.before) or index in self.also

    @property
    def last(self) -> datetime:
        """The last moment that can be seen."""
        return self.before if self.until is None else self.until


@dataclass(frozen=True, slots=True)
class VoteSets:
    """The sets of one vote, each sorted by code."""

    voters: Members
    favour: Members
    against: Members
    abstaining: Members
    absent: Members
    voting: Members
    present: Members


@dataclass(frozen=True, slots=True)
class Env:
    """Where an expression is evaluated.

    `member` and `cohort` are those at hand; `run` the members among whom the current run shares; `view` the part of the
    record that counts; `scope` the step or key whose locals are visible; `event` the event whose fields plain names
    mean and `judged` the one being judged; `votes` the sets of the vote; `total` the total of the apportionment; `year`
    the year of a series; `gap` the indicator whose gap is being filled. `reserving` is the member for whom a value of
    the case is read, where that member made a reservation to something on which the value rests; `without` the
    provision to which a reservation is being applied: by its name it is meant as it would be without.
    """

    member: str = ""
    cohort: str = ""
    run: Members | None = None
    view: View | None = None
    scope: Entry | None = None
    event: Event | None = None
    judged: Event | None = None
    votes: VoteSets | None = None
    total: Derived | None = None
    year: int | None = None
    gap: str = ""
    reserving: str = ""
    without: str = ""

    def for_subject(self, reach: tuple[str, ...], subject: tuple[str, ...]) -> Env:
        """The same place with the subject's member and cohort at hand."""
        named = dict(zip(reach, subject, strict=False))
        return replace(self, member=named.get("member", self.member), cohort=named.get("cohort", self.cohort))

    def subject(self, reach: tuple[str, ...]) -> tuple[str, ...] | None:
        """The subject that a value of this reach has here; None if one is needed and not at hand."""
        subject = tuple(self.cohort if each == "cohort" else self.member for each in reach)
        return subject if all(subject) else None


_FOR_THE_CASE = ("define", "parameter", "scale")

Handler = Callable[["Engine", tree.Expr, Env], Derived]
Provider = Callable[["Engine", Entry, tuple[str, ...], Env], Derived]


@dataclass(slots=True, eq=False, repr=False)
class Engine:
    """Everything that one decision needs while it is being made.

    `now` is the moment that the record of the case reaches, the end of its day or of its last event: what begins then
    has not come.
    """

    program: Program
    case: Case
    units: Callable[[tree.Node], Unit | None]
    handlers: Mapping[type[tree.Expr], Handler]
    providers: Mapping[str, Provider]
    calendar: WorkingCalendar
    regime: Regime | None
    clock: tzinfo
    now: datetime
    facts: Mapping[tuple[str, str, str, int | None], Fact]
    order: tuple[tuple[datetime, int], ...]
    problems: list[Problem] = field(default_factory=list)
    memo: dict[object, object] = field(default_factory=dict)
    running: set[object] = field(default_factory=set)
    record_bound: frozenset[str] = frozenset()
    run_bound: frozenset[str] = frozenset()
    reserved_bound: Mapping[str, frozenset[str]] = field(default_factory=dict)

    # ---- values ------------------------------------------------------------------------------------------------

    def eval(self, node: tree.Expr, env: Env) -> Derived:
        """The value of an expression, with its making."""
        return self.handlers[type(node)](self, node, env)

    def value(self, entry: Entry, env: Env) -> Derived:
        """The value of a provision for the member and cohort at hand."""
        subject = env.subject(self.reach(entry))
        if subject is None:
            return Derived(impossible("PD899", entry.name), "unknown", entry=entry, address=entry.address)
        return self.value_for(entry, subject, env)

    def value_for(self, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
        """The value of a provision for a subject: found once for each run and each view of the record."""
        run = env.run if entry.name in self.run_bound else None
        view = env.view if entry.name in self.record_bound else None
        event = env.event if entry.parent is not None else None
        # The same subjects in another run or before another event may have another value.
        key = (
            "value",
            entry.name,
            subject,
            run,
            view,
            self.token(event),
            self.token(env.judged if event else None),
            env.gap,
            env.year,
            reserving := self._reserving(entry, env),
            without := env.without if env.without == entry.name else "",
        )

        def find() -> Derived:
            here = Env(
                run=run,
                view=view,
                event=event,
                judged=env.judged if event else None,
                votes=env.votes if event else None,
                scope=entry.parent,
                gap=env.gap,
                year=env.year,
                reserving=reserving,
                without=without,
            )
            provider = self.providers.get(entry.kind)
            if provider is None:
                return Derived(impossible("PD899", entry.name), "unknown", entry=entry, address=entry.address)
            return provider(self, entry, subject, here.for_subject(self.reach(entry), subject))

        return self.once(key, find, entry)

    def _reserving(self, entry: Entry, env: Env) -> str:
        """For whom a value of the case is read, if a reservation of that member makes it another value."""
        whose = env.member or env.reserving
        bound = whose and not self.reach(entry) and entry.kind in _FOR_THE_CASE
        return whose if bound and entry.name in self.reserved_bound.get(whose, frozenset()) else ""

    def once(self, key: object, find: Callable[[], Derived], entry: Entry) -> Derived:
        """A value found once; a value that needs itself is none."""
        known = self.memo.get(key)
        if known is None:
            if key in self.running:
                return Derived(impossible("PD899", entry.name), "unknown", entry=entry, address=entry.address)
            self.running.add(key)
            try:
                known = find()
            finally:
                self.running.discard(key)
            self.memo[key] = known
        assert isinstance(known, Derived)
        return known

    def token(self, thing: object) -> int:
        """A key for something without a value of its own; it is kept, so that no other can take its place."""
        if thing is None:
            return 0
        self.memo[("token", id(thing))] = thing
        return id(thing)

    def kept(self, key: object, find: Callable[[], T]) -> T:
        """Any other result, found once."""
        if key not in self.memo:
            self.memo[key] = find()
        return self.memo[key]  # type: ignore[return-value]

    # ---- time ------------------------------------------------------------------------------------------------------

    def has_come(self, when: date | datetime, view: View | None) -> bool:
        """Whether a moment, or the first moment of a date, has come: at the event judged, or in the case."""
        first = begins(when, self.clock)
        return first <= view.last if view is not None else first < self.now

    def is_over(self, limit: date | datetime, view: View | None) -> bool:
        """Whether a time limit is over: its last day has passed whole, or its last moment."""
        seen = view.last if view is not None else self.now
        end = ends(limit, self.clock)
        return end < seen if isinstance(limit, datetime) else end <= seen

    @property
    def opening(self) -> date:
        """The day on which the case opened; if it states none, its own day."""
        return day_of(self.case.opened, self.clock) if self.case.opened is not None else self.case.at

    # ---- the text ------------------------------------------------------------------------------------------------

    def ref(self, node: tree.Node) -> Ref | None:
        """What a name refers to."""
        return self.program.refs.get(node)

    def address(self, node: tree.Node, entry: Entry | None = None) -> Address | None:
        """The address of a row or provision."""
        return self.program.address_of.get(node) or (entry.address if entry else None)

    def reach(self, entry: Entry) -> tuple[str, ...]:
        """What the provision has one value for."""
        return entry.reach

    def unit(self, node: tree.Node) -> Unit:
        """The unit that the checker found for an expression; a number where it found none."""
        return self.units(node) or NUMBER

    def report(self, code: str, node: tree.Node | None, entry: Entry | None, **params: str) -> None:
        """Add a problem of the decision, once."""
        place = node.span if node is not None else (entry.node.span if entry else None)
        address = self.address(node, entry) if node is not None else (entry.address if entry else None)
        problem = Problem(code, place, params, str(address) if address else "")
        if problem not in self.problems:
            self.problems.append(problem)


def unknown(gap: Gap, node: tree.Node | None = None, entry: Entry | None = None) -> Derived:
    """A value that is not to be had."""
    return Derived(Unknown((gap,)), "unknown", node=node, entry=entry, address=entry.address if entry else None)


def joined(*parts: Derived) -> Unknown | None:
    """The gaps of all parts that are not known, or None if all are."""
    found: Unknown | None = None
    for part in parts:
        if isinstance(part.value, Unknown):
            found = part.value if found is None else found.joined(part.value)
    return found


def of_two(op: str, value: Value, left: Derived, right: Derived, node: tree.Node) -> Derived:
    """A value made from two others."""
    return Derived(value, op, (left, right), node)


def codes_of(value: Value) -> Members:
    """The members that a value names: a group, or one state or body."""
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, tuple) else ()


def day_of(when: date | datetime, clock: tzinfo) -> date:
    """The calendar day of a moment."""
    return when.astimezone(clock).date() if isinstance(when, datetime) else when
