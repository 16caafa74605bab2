"""From a checked program and a case to a decision.

Pure and total: the same program and case give the same decision, and what cannot be decided is stated as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from policy_dsl.cases.case import Case, Event
from policy_dsl.check import Checked
from policy_dsl.deadlines import (
    Regime,
    WorkingCalendar,
    begins,
    ends,
    every_day,
    listed,
    published,
    regime_named,
    weekdays,
)
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate import apportion, criteria, definitions, facts, funds, obligations, record
from policy_dsl.evaluate.decision import CriteriaResult, Decision, ExceptionSeen, Shared
from policy_dsl.evaluate.derivation import Derived, Gap, InForce, Unknown
from policy_dsl.evaluate.engine import Engine, Env, Provider, day_of
from policy_dsl.evaluate.expressions import HANDLERS
from policy_dsl.evaluate.groups import members, members_of, seats, set_value
from policy_dsl.evaluate.patterns import patterns
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity, Unit

PROVIDERS: dict[str, Provider] = {
    "set": set_value,
    "indicator": facts.indicator,
    "parameter": facts.parameter,
    "define": definitions.definition,
    "scale": definitions.scale,
    "key": definitions.key,
    "criteria": criteria.weighted_score,
    "criterion met": criteria.met,
    "apportion": apportion.share,
    "among": apportion.among_provider,
    "ledger": facts.ledger,
    "suspended": funds.suspended,
    "duty status": obligations.duty_status,
    "guarantee": obligations.guarantee,
}


def engine_for(checked: Checked, case: Case) -> Engine:
    """An engine ready for one case. Raises `DeadlineError` where a published calendar is not to be had."""
    program = checked.program
    clock = clock_of(program)
    regime = regime_named(program.heading.periods) if program.heading.periods else None
    order = tuple(
        sorted(
            ((begins(event.at, clock), index) for index, event in enumerate(case.events)),
            key=lambda each: (each[0], _event_key(case.events[each[1]])),
        )
    )
    last = max((moment for moment, _ in order), default=datetime.min.replace(tzinfo=UTC))
    types = checked.types

    def unit_of(node: tree.Node) -> Unit | None:
        found = types.get(node) if isinstance(node, tree.Expr) else None
        return found.unit if found is not None else None

    return Engine(
        program=program,
        case=case,
        units=unit_of,
        handlers=HANDLERS,
        providers=PROVIDERS,
        calendar=calendar_of(program),
        regime=regime if isinstance(regime, Regime) else None,
        clock=clock,
        now=max(ends(case.at, clock), last + timedelta.resolution),
        facts={(fact.indicator, fact.member, fact.cohort, fact.year): fact for fact in case.facts},
        order=order,
        record_bound=_bound(program, lambda entry: entry.kind in ("step", "fund")),
        run_bound=_bound(program, lambda entry: _ranges_over_run(program, entry)),
        reserved_bound=_reserved(program),
    )


def _event_key(event: Event) -> tuple[str, tuple[str, ...], str]:
    """Events of one moment in an order that does not depend on the file."""
    return event.step, event.by, repr(sorted((name, str(value)) for name, value in event.fields.items()))


def clock_of(program: Program) -> tzinfo:
    """The place whose calendar counts the days."""
    name = program.heading.clock
    if name in ("", "UTC"):
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def calendar_of(program: Program) -> WorkingCalendar:
    """The working days of the policy: every day, weekdays, or those that a calendar provision lists."""
    name = program.heading.calendar
    entry = program.entries.get(name)
    if entry is None or not isinstance(entry.node, tree.Calendar):
        return weekdays() if name == "weekdays" else every_day()
    node = entry.node
    made = every_day() if node.base is not None and node.base.text == "every_day" else weekdays()
    for country in node.countries:
        made = published(made, country.text)
    return listed(made, {each.day: "holiday listed in the policy" for each in node.days}, entry.title)


def _bound(program: Program, starts: Callable[[Entry], bool]) -> frozenset[str]:
    """The provisions whose value may differ with the record (or the run): those that reach one of the first kind."""
    found = {name for name, entry in program.entries.items() if starts(entry)}
    users: dict[str, set[str]] = {}
    for name, needed in program.depends.items():
        for each in needed:
            users.setdefault(each, set()).add(name)
    stack = list(found)
    while stack:
        for name in users.get(stack.pop(), ()):
            if name not in found:
                found.add(name)
                stack.append(name)
    return frozenset(found)


def _reserved(program: Program) -> dict[str, frozenset[str]]:
    """For each State that gives a figure another value by a reservation: all that rests on such a figure."""
    figures: dict[str, set[str]] = {}
    for clause in program.of_kind("reservation"):
        assert isinstance(clause.node, tree.Reservation)
        for seat in clause.node.by:
            changed = {row.name.text for row in clause.node.to if row.value is not None}
            figures.setdefault(seat.code.text, set()).update(changed)
    return {state: _bound(program, _among(names)) for state, names in figures.items() if names}


def _among(names: set[str]) -> Callable[[Entry], bool]:
    return lambda entry: entry.name in names


def _ranges_over_run(program: Program, entry: Entry) -> bool:
    return entry.kind in ("key", "criteria") or entry.name in program.runs or entry.parent is not None


def decide(checked: Checked, case: Case) -> Decision:
    """Apply the rules to a case."""
    engine = engine_for(checked, case)
    return _Assembly(engine, checked.proved).decision()


class _Assembly:
    """Asks the engine for everything that a decision holds, in the order of the articles."""

    def __init__(self, engine: Engine, proved: frozenset[str]) -> None:
        self.engine = engine
        self.program = engine.program
        self.proved = proved
        self.patterns = patterns(engine)

    def decision(self) -> Decision:
        engine, program = self.engine, self.program
        held = seats(engine)
        everybody = members(engine, Env())
        groups = {entry.name: members_of(engine, entry, Env()) for entry in program.of_kind("tier", "set")}
        shares = tuple(self._shares())
        found = tuple(self._criteria())
        values = dict(self._values())
        timeline = tuple(
            record.outcome(engine, step) for entry in program.of_kind("procedure") for step in self._steps(entry)
        )
        duties = tuple(d for entry in program.of_kind("duty") for d in obligations.duty_outcomes(engine, entry))
        promises = tuple(
            obligations.guarantee_outcome(engine, entry, self.proved) for entry in program.of_kind("guarantee")
        )
        outcomes = tuple(funds.fund_outcome(engine, entry) for entry in program.of_kind("fund"))
        choices = tuple(
            facts.choice(engine, entry)
            for entry in program.of_kind("parameter")
            if isinstance(entry.node, tree.Parameter) and isinstance(entry.node.value, tree.LeftTo)
        )
        for promise in promises:
            if promise.status == "fails":
                entry = promise.entry
                engine.report("PD860", entry.node, entry, name=entry.title, guarantee=entry.name)
        asked = [value for (name, _), value in values.items() if self._asked(name)]
        asked += [row.final for each in shares for row in each.rows]
        asked += [failed for step in timeline for event in step.events for failed in event.failed]
        self._report_gaps([*asked, *(seat.refused for seat in held if seat.refused is not None)])
        self._report_shares(shares)
        self._report_late(values)
        problems = _in_order(engine.problems, program)
        return Decision(
            program=program,
            case=engine.case,
            seats=held,
            members=everybody,
            groups=groups,
            values=values,
            shares=shares,
            criteria=found,
            timeline=timeline,
            duties=duties,
            guarantees=promises,
            funds=outcomes,
            choices=choices,
            exceptions=tuple(self._exceptions()),
            reservations=tuple(self._reservations()),
            statements=engine.case.statements,
            problems=problems,
            complete=not any(each.code not in _REMARKS for each in problems),
            left_out=facts.lacking(engine),
        )

    def _steps(self, procedure: Entry) -> Iterator[Entry]:
        assert isinstance(procedure.node, tree.Procedure)
        for step in procedure.node.steps:
            entry = self.program.entries.get(step.name.text)
            if entry is not None and entry.kind == "step" and entry.name not in self.patterns:
                yield entry

    def _subjects(self, entry: Entry) -> Iterator[tuple[str, ...]]:
        everybody, cohorts = members(self.engine, Env()), self.engine.case.cohorts
        match tuple(self.engine.reach(entry)):
            case ():
                yield ()
            case ("member",):
                yield from ((m,) for m in everybody)
            case ("cohort",):
                yield from ((c,) for c in cohorts)
            case _:
                yield from ((c, m) for c in cohorts for m in everybody)

    def _shares(self) -> Iterator[Shared]:
        for entry in self.program.of_kind("apportion"):
            assert isinstance(entry.node, tree.Apportion)
            cohorts = self.engine.case.cohorts if "cohort" in self.engine.reach(entry) else ("",)
            yield from (apportion.shared(self.engine, entry, cohort) for cohort in cohorts)

    def _criteria(self) -> Iterator[CriteriaResult]:
        for entry in self.program.of_kind("criteria"):
            run = definitions.run_of(self.engine, entry, Env())
            yield criteria.result(self.engine, entry, run)

    def _values(self) -> Iterator[tuple[tuple[str, tuple[str, ...]], Derived]]:
        """Every named value of the case outside runs and events."""
        for entry in self.program.entries.values():
            if entry.parent is not None or entry.kind not in ("parameter", "define", "apportion"):
                continue
            if entry.name in self.patterns:
                continue
            if entry.name in self.engine.run_bound and entry.kind == "define":
                yield from self._in_run(entry)
                continue
            for subject in self._subjects(entry):
                yield (entry.name, subject), self.engine.value_for(entry, subject, Env())

    def _asked(self, name: str) -> bool:
        """Whether a value is asked for by itself: a derived value that others use is missed by those who use it."""
        entry = self.program.entries[name]
        if entry.kind != "define":
            return True
        paid = any(
            line.what.text == name
            for fund in self.program.of_kind("fund")
            if isinstance(fund.node, tree.Fund)
            for line in fund.node.pays
        )
        return paid or not any(name in needed for needed in self.program.depends.values())

    def _in_run(self, entry: Entry) -> Iterator[tuple[tuple[str, tuple[str, ...]], Derived]]:
        run = definitions.run_of(self.engine, entry, Env())
        for subject in self._subjects(entry):
            if not subject or subject[-1] in run:
                yield (entry.name, subject), self.engine.value_for(entry, subject, Env(run=run))

    def _exceptions(self) -> Iterator[ExceptionSeen]:
        for entry in self.program.of_kind("define"):
            assert isinstance(entry.node, tree.Define)
            if entry.parent is None and entry.node.exceptions and entry.name not in self.patterns:
                for subject in self._subjects(entry):
                    env = Env().for_subject(self.engine.reach(entry), subject)
                    yield from definitions.exceptions(self.engine, entry, subject, env)

    def _reservations(self) -> Iterator[tuple[Entry, str, str]]:
        for clause in self.program.of_kind("reservation"):
            assert isinstance(clause.node, tree.Reservation)
            for seat in clause.node.by:
                for row in clause.node.to:
                    if definitions.reservation(self.engine, row.name.text, seat.code.text) is not None:
                        yield clause, seat.code.text, row.name.text

    # ---- what is said about the decision as a whole ----------------------------------------------------------------

    def _report_gaps(self, values: list[Derived]) -> None:
        """One problem for each cause that a value is not to be had; missing facts are listed by indicator."""
        missing: dict[str, set[str]] = {}
        seen: dict[Gap, Derived] = {}
        for value in values:
            if isinstance(value.value, Unknown):
                for gap in value.value.gaps:
                    if gap.kind not in ("not yet", "left out"):
                        seen.setdefault(gap, value)
        for gap, value in seen.items():
            if gap.code == "PD801":
                name, _, whose = gap.what.partition(" of ")
                missing.setdefault(name, set()).update([whose] if whose else [])
            else:
                params = {"what": gap.what, **dict(gap.detail)}
                params["for_subject"] = f" for {params['subject']}" if params.get("subject") else ""
                self.engine.report(gap.code, value.node, value.entry, **params)
        for name, lacking in missing.items():
            entry = self.program.entries.get(name)
            listed_members = f" for {', '.join(sorted(lacking))}" if lacking else ""
            self.engine.report("PD801", entry.node if entry else None, entry, what=name, for_members=listed_members)

    def _report_shares(self, shares: tuple[Shared, ...]) -> None:
        for each in shares:
            node = each.entry.node
            assert isinstance(node, tree.Apportion)
            params = {"name": each.entry.title, "for_cohort": f" ({each.cohort})" if each.cohort else ""}
            stated = node.remainder is not None
            if each.unallocated:
                code = "PD854" if stated and isinstance(node.remainder.group, tree.Nothing) else "PD851"  # type: ignore[union-attr]
                self.engine.report(code, node, each.entry, amount=str(Quantity(each.unallocated, each.unit)), **params)
            if each.residue:
                amount = str(Quantity(each.residue, each.unit))
                self.engine.report("PD853", node, each.entry, amount=amount, **params)
            if each.difference:
                amount = str(Quantity(each.difference, each.unit))
                self.engine.report("PD855", node, each.entry, amount=amount, **params)

    def _report_late(self, values: dict[tuple[str, tuple[str, ...]], Derived]) -> None:
        """Rules agreed in advance: what came into force after the request that opened the case is flagged."""
        opened = self.engine.case.opened
        if opened is None:
            return
        day = day_of(opened, self.engine.clock)
        in_force = self.program.heading.in_force
        if in_force is not None and in_force > day:
            self.engine.report(
                "PD870", None, None, since=str(in_force), opened=str(day), name=self.program.heading.title
            )
        for value in values.values():
            if isinstance(value.detail, InForce) and value.detail.after_opening and value.entry is not None:
                since = str(value.detail.since)
                name = value.entry.title
                self.engine.report("PD871", value.node, value.entry, name=name, since=since, opened=str(day))


# Remarks do not make a decision incomplete.
_REMARKS = frozenset({"PD805", "PD806", "PD854", "PD855", "PD870", "PD871"})


def _in_order(problems: list[Problem], program: Program) -> tuple[Problem, ...]:
    """Problems in the order of the text."""
    files = {source.name: index for index, source in enumerate(program.sources)}

    def place(each: Problem) -> tuple[int, int, str, str]:
        if each.span is None:
            return -1, 0, each.code, ""
        return (
            files.get(each.span.source.name, len(files)),
            each.span.start,
            each.code,
            repr(sorted(each.params.items())),
        )

    return tuple(sorted(problems, key=place))


__all__ = ["decide", "engine_for"]
