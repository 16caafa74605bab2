"""Cases at the edges of both texts, made from one case of the library.

A fact at a threshold, one step below and above it; the figures between which a promise begins to fail; an event at the
last moment and just after; two members whose facts are equal; a fact that is missing. The thresholds and moments are
those of the old text and of the new one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from policy_dsl.cases.case import Case, Event, Fact, Origin
from policy_dsl.cases.figures import quantity_of
from policy_dsl.check import Checked
from policy_dsl.compare.changes.sides import Pairs
from policy_dsl.compare.changes.written import alike
from policy_dsl.compare.effects.crossing import crossings
from policy_dsl.compare.effects.solving import Solver
from policy_dsl.evaluate.decision import Decision
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity
from policy_dsl.values.quantity import plain

MOST = 80
"""So many cases are made at most."""

BELOW, AT, ABOVE, LAST, LATE, FIRST, EARLY, TIED, MISSING = (
    "below", "at", "above", "last", "late", "first", "early", "tied", "missing",
)  # fmt: skip
_COMPARED = ("<", "<=", ">", ">=", "=", "<>")
_MADE = Origin("made for a comparison of two texts")


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """What a case is made for: `sort` as below, `name` the fact or the step, `member` whose, `value` where.

    `slug` names it in files; `make` makes it from the case of the library.
    """

    sort: str
    name: str
    member: str
    value: Quantity | date | None
    slug: str
    make: Callable[[Case], Case]


def edges(
    pairs: Pairs, both: tuple[Checked, Checked], case: Case, decisions: tuple[Decision, Decision]
) -> tuple[Edge, ...]:
    """Cases at the edges of both texts, those of provisions that changed first, each once."""
    found: dict[str, Edge] = {}
    changed = [
        new.name for old, new in pairs.items if old is not None and new is not None and not alike(old.node, new.node)
    ]
    changed += [item.name for old, new in pairs.items if old is None or new is None for item in (old or new,) if item]
    made = (
        *_promises(both, case, changed),
        *_times(decisions, case, changed),
        *_thresholds(decisions, case, changed),
        *_ties(decisions, case),
        *_gaps(decisions, case, changed),
    )
    for edge in made:
        if len(found) < MOST:
            found.setdefault(edge.slug, edge)
    return tuple(found.values())


# ---- promises ------------------------------------------------------------------------------------------------------


def _promises(both: tuple[Checked, Checked], case: Case, changed: list[str]) -> Iterator[Edge]:
    """The figures between which a promise begins to fail."""
    for checked in both:
        for found in crossings(checked, case, changed):
            for sort, value in ((BELOW, found.below), (ABOVE, found.above)):
                if value != found.fact.value:
                    yield _stated(sort, found.fact, value)


# ---- thresholds ----------------------------------------------------------------------------------------------------


def _thresholds(decisions: tuple[Decision, Decision], case: Case, changed: list[str]) -> Iterator[Edge]:
    for decision in decisions:
        program = decision.program
        solver = Solver(program, case)
        first = [entry for entry in program.entries.values() if entry.node.name.text in changed]
        rest = [entry for entry in program.entries.values() if entry.node.name.text not in changed]
        for entry in (*first, *rest):
            for about, figure in _compared(entry.node):
                yield from _around(solver, decision, about, figure)


def _compared(node: tree.Node) -> Iterator[tuple[tree.Expr, tree.Expr]]:
    """What is compared with a figure of the text, and the figure."""
    if isinstance(node, tree.Procedure):
        return
    for each in tree.walk(node):
        match each:
            case tree.Binary(op=op, left=left, right=right) if op in _COMPARED:
                if quantity_of(right) is not None:
                    yield left, right
                elif quantity_of(left) is not None:
                    yield right, left
            case tree.Scale(base=base, rows=rows):
                yield from ((base, row.threshold) for row in rows if row.threshold is not None)
            case tree.Criterion(measure=measure, least=least) if least is not None:
                yield measure, least


def _around(solver: Solver, decision: Decision, about: tree.Expr, figure: tree.Expr) -> Iterator[Edge]:
    threshold = quantity_of(figure)
    if threshold is None or threshold.unit.period:
        return
    step = _step(figure, threshold)
    for sort, away in ((BELOW, -step), (AT, Fraction(0)), (ABOVE, step)):
        target = Quantity(threshold.amount + away, threshold.unit)
        for member in (*decision.members, ""):
            solved = solver.solve(about, target, member)
            if solved is None:
                continue
            fact, value = solved
            if value.amount >= 0 and fact.value != value:
                yield _stated(sort, fact, value)
            break


def _stated(sort: str, fact: Fact, value: Quantity) -> Edge:
    words = re.sub(r"[^0-9a-z]+", "_", plain(value.amount).lower()).strip("_")
    slug = "_".join(part for part in (fact.indicator, fact.member, sort, words) if part)
    return Edge(sort, fact.indicator, fact.member, value, slug, _stating(fact, value))


def _step(figure: tree.Expr, meant: Quantity) -> Fraction:
    """One in the last place that is written, in base units."""
    found = re.match(r"[\d_]+(?:\.(\d+))?", figure.span.text)
    places = len(found[1]) if found and found[1] else 0
    written = getattr(figure, "value", None)
    factor = meant.amount / written if isinstance(written, Fraction) and written else Fraction(1)
    scale: Fraction = Fraction(1, 100) if isinstance(figure, tree.Percent | tree.Ratio) else factor
    return scale / Fraction(10**places)


def _stating(fact: Fact, value: Quantity) -> Callable[[Case], Case]:
    def make(case: Case) -> Case:
        key = (fact.indicator, fact.member, fact.cohort, fact.year)
        facts = [
            replace(each, value=value, low=None, high=None, origin=_MADE)
            if (each.indicator, each.member, each.cohort, each.year) == key
            else each
            for each in case.facts
        ]
        return replace(case, facts=tuple(facts))

    return make


# ---- time ----------------------------------------------------------------------------------------------------------


def _times(decisions: tuple[Decision, Decision], case: Case, changed: list[str]) -> Iterator[Edge]:
    """The ends of time limits, those of steps and duties that changed first; of a duty for its first holder."""
    found: list[tuple[bool, Iterator[Edge]]] = []
    for decision in decisions:
        for step in decision.timeline:
            if isinstance(step.entry.node, tree.Step) and step.entry.node.adopted is None:
                for end, last in ((step.latest, True), (step.earliest, False)):
                    if end is not None and isinstance(end.value, date):
                        moments = _moments(step.entry, "", end.value, last=last, case=case)
                        found.append((step.entry.name not in changed, moments))
        held: set[str] = set()
        for duty in decision.duties:
            deadline = duty.deadline.value if duty.deadline is not None else None
            if not isinstance(deadline, date) or duty.status in ("not arisen", "reserved") or duty.entry.name in held:
                continue
            held.add(duty.entry.name)
            for entry in _steps_in(decision.program, duty.entry):
                moments = _moments(entry, duty.holder, deadline, last=True, case=case)
                found.append((duty.entry.name not in changed, moments))
    for _, moments in sorted(found, key=lambda each: each[0]):
        yield from moments


def _steps_in(program: Program, duty: Entry) -> Iterator[Entry]:
    """The steps by which a duty is kept."""
    assert isinstance(duty.node, tree.Duty)
    if duty.node.kept is None:
        return
    for node in tree.walk(duty.node.kept.expr):
        ref = program.ref(node)
        if isinstance(ref, Entry) and ref.kind == "step":
            yield ref
            return


def _moments(step: Entry, member: str, end: date, *, last: bool, case: Case) -> Iterator[Edge]:
    little = timedelta(minutes=1) if isinstance(end, datetime) else timedelta(days=1)
    beyond = end + little if last else end - little
    for sort, moment in ((LAST if last else FIRST, end), (LATE if last else EARLY, beyond)):
        event = _event_of(case, step, member)
        if event is not None and event.at == moment:
            continue
        day = f"{moment:%Y%m%d_%H%M}" if isinstance(moment, datetime) else f"{moment:%Y%m%d}"
        slug = "_".join(part for part in (step.name, member, sort, day) if part)
        yield Edge(sort, step.name, member, moment, slug, _happening(step, member, moment))


def _event_of(case: Case, step: Entry, member: str) -> Event | None:
    fits = (each for each in case.events if each.step == step.name and (not member or member in each.by))
    return next(fits, None)


def _happening(step: Entry, member: str, moment: date) -> Callable[[Case], Case]:
    def make(case: Case) -> Case:
        old = _event_of(case, step, member)
        at = max(case.at, moment.date() if isinstance(moment, datetime) else moment)
        if old is None:
            events = (*case.events, Event(step.name, moment, (member,) if member else (), origin=_MADE))
        else:
            events = tuple(replace(each, at=moment, origin=_MADE) if each is old else each for each in case.events)
        return replace(case, at=at, events=events)

    return make


# ---- ties and gaps -------------------------------------------------------------------------------------------------


def _ties(decisions: tuple[Decision, Decision], case: Case) -> Iterator[Edge]:
    for decision in decisions:
        for shared in decision.shares:
            members = [row.member for row in shared.rows if row.outside is None and row.fixed is None]
            if len(members) > 1:
                one, other = sorted(members)[:2]
                slug = f"{shared.entry.name}_{other}_as_{one}"
                yield Edge(TIED, shared.entry.name, other, None, slug, _as_another(one, other))


def _as_another(one: str, other: str) -> Callable[[Case], Case]:
    def make(case: Case) -> Case:
        theirs = {(each.indicator, each.cohort, each.year): each for each in case.facts if each.member == one}
        facts = [
            replace(each, value=theirs[key].value, low=None, high=None, origin=_MADE)
            if each.member == other and (key := (each.indicator, each.cohort, each.year)) in theirs
            else each
            for each in case.facts
        ]
        return replace(case, facts=tuple(facts))

    return make


def _gaps(decisions: tuple[Decision, Decision], case: Case, changed: list[str]) -> Iterator[Edge]:
    """A fact of those that a changed provision needs and that may be missing, of the first member that has it."""
    wanted: dict[str, None] = {}
    for decision in decisions:
        program = decision.program
        for name in changed:
            near = [name, *sorted(program.depends.get(name, ()))]
            wanted |= dict.fromkeys(each for each in near if _is_fact(program, each))
    for name in wanted:
        fact = next((each for each in case.facts if each.indicator == name), None)
        if fact is not None:
            slug = "_".join(part for part in (name, fact.member, MISSING) if part)
            yield Edge(MISSING, name, fact.member, None, slug, _without(fact))


def _is_fact(program: Program, name: str) -> bool:
    """Whether a name is that of a fact for whose lack the rules provide; a case without any other is refused."""
    node = program.entries[name].node if name in program.entries else None
    return isinstance(node, tree.Indicator) and node.missing is not None


def _without(fact: Fact) -> Callable[[Case], Case]:
    def make(case: Case) -> Case:
        key = (fact.indicator, fact.member, fact.cohort)
        return replace(
            case, facts=tuple(each for each in case.facts if (each.indicator, each.member, each.cohort) != key)
        )

    return make
