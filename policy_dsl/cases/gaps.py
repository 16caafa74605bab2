"""What a case leaves out: facts that nothing replaces, funds without a balance, and facts that nobody can use."""

from __future__ import annotations

from datetime import date

from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.declared import Asked, Declared
from policy_dsl.cases.facts import Facts
from policy_dsl.cases.groups import Groups
from policy_dsl.cases.model import CaseFile
from policy_dsl.cases.needs import Demand, Needs, funds_read
from policy_dsl.cases.nodes import Fields
from policy_dsl.source import Span

SHOWN = 12


def needs_of(declared: Declared, groups: Groups, facts: Facts, mentioned: frozenset[str], at: date) -> Needs:
    """Who is asked for what in this case."""
    listed = {
        name: frozenset(groups.members[name]) if name in groups.members else frozenset(declared.seats(entry, at))
        for name, entry in declared.groups.items()
        if entry in declared.supplied or declared.seats(entry, at)
    }
    for asked in declared.indicators.values():
        if asked.wanted.kind == "state" and not asked.levels:
            listed[asked.name] = frozenset(str(fact.value) for fact in facts.of(asked.name))
    members = frozenset().union(*(listed.get(tier.name, frozenset()) for tier in declared.tiers))
    states = mentioned | {fact.member for fact in facts.read if fact.member}
    return Needs(declared, listed, members, states)


def say_unseated(facts: Facts, needs: Needs, declared: Declared, say: Complaints, mentioned: frozenset[str]) -> None:
    """Facts of States that hold no seat and appear nowhere else: one warning for each indicator."""
    for asked in declared.indicators.values():
        demand = needs.demands[asked.name]
        useful = needs.members | mentioned | demand.of | demand.shown
        lost = [fact for fact in facts.of(asked.name) if fact.member and fact.member not in useful]
        if lost:
            states = _few(sorted({fact.member for fact in lost}))
            say("PD786", lost[0].span, about=asked.entry, name=asked.name, states=states)


def say_gaps(
    root: Fields,
    file: CaseFile,
    declared: Declared,
    say: Complaints,
    facts: Facts,
    needs: Needs,
    cohorts: tuple[str, ...],
) -> None:
    """Facts that are missing: an error where the policy can't do without and there is none at all."""
    head = head_of(root, "facts")
    if declared.cohorts and not cohorts and not file.cohorts:
        say("PD721", head_of(root, "cohorts"), key="cohorts", where="the case")
    for asked in declared.indicators.values():
        if not (asked.gap_allowed or facts.partial or asked.name in facts.doubtful):
            span = facts.heads.get(asked.name, head)
            _say_gap(asked, needs.demands[asked.name], facts, cohorts, say, span)
    for name in funds_read(declared):
        balance = file.funds[name].balance if name in file.funds else None
        if balance is None:
            say("PD769", head_of(root, "funds"), about=declared.funds[name], name=name)


def _say_gap(asked: Asked, demand: Demand, facts: Facts, cohorts: tuple[str, ...], say: Complaints, span: Span) -> None:
    given = {key[1:3] for key in facts.tried if key[0] == asked.name}
    wanted = asked.wanted.due
    title = asked.entry.title
    if "member" not in asked.levels and "cohort" not in asked.levels:
        if not given:
            code = "PD770" if demand.certain else "PD771" if demand.computed else "PD787"
            say(code, span, about=asked.entry, name=asked.name, whose="", due=wanted, title=title)
        return
    asked_of = demand.of if demand.computed else demand.shown
    pairs = [
        (cohort, member)
        for cohort in (cohorts if "cohort" in asked.levels else ("",))
        for member in (sorted(asked_of) if "member" in asked.levels else ("",))
    ]
    lacking = [pair for pair in pairs if pair not in given]
    if not lacking:
        return
    whose = " of " + _few([" in ".join(part for part in reversed(pair) if part) for pair in lacking])
    code = "PD771" if demand.computed else "PD787"
    if demand.certain and not given:
        code = "PD770"
    say(code, span, about=asked.entry, name=asked.name, whose=whose, due=wanted, title=title)


def _few(names: list[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown


def head_of(root: Fields, name: str) -> Span:
    """Where a section of a case stands, or would stand."""
    key = root.key(name)
    return key.span if key is not None else next(iter(root)).span
