"""What can be expected of an example: the values, statuses and findings on which an altered provision may tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction

from policy_dsl.evaluate.definitions import run_of
from policy_dsl.evaluate.derivation import Derived, Value
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.evaluate.groups import members, members_of
from policy_dsl.evaluate.obligations import duty_outcomes
from policy_dsl.evaluate.record import occurred, outcome
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.trial.steps import counted
from policy_dsl.trial.suggest.variants import written
from policy_dsl.values import RATIO, Quantity

MOST_NAMES = 5
MOST_MEMBERS = 12
_STATUSES = ("met", "missed", "pending", "refused", "adopted", "rejected", "kept", "breached")
_OBSERVED = ("define", "apportion", "key", "scale", "parameter", "step", "duty", "set", "tier")


def names_to_observe(program: Program, provision: str) -> tuple[str, ...]:
    """The provision itself, and those that rest on it, the nearest first."""
    users: dict[str, list[str]] = {}
    for name, needed in program.depends.items():
        for each in needed:
            users.setdefault(each.partition(".")[0], []).append(name.partition(".")[0])
    found, waiting = [provision], [provision]
    while waiting:
        for name in sorted(users.get(waiting.pop(0), ())):
            if name not in found:
                found.append(name)
                waiting.append(name)
    entries = program.entries
    observed = [name for name in found if name in entries and entries[name].kind in _OBSERVED]
    return tuple(observed[:MOST_NAMES])


def facts_needed(program: Program, provision: str) -> frozenset[str]:
    """The names on which a provision rests, at first, second or third hand."""
    found: set[str] = set()
    newest = {name for name in program.entries if name.partition(".")[0] == provision}
    for _ in range(3):
        newest = {each for name in newest for each in program.depends.get(name, ())} - found
        found |= newest
    return frozenset(found)


def observations(engine: Engine, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What can be expected, each as its left side and what the rules say: `room of ALB`, `= 15_000 persons`.

    What is not to be had, or can't be written exactly, is told with an empty right side.
    """
    for name in names:
        entry = engine.program.entries[name]
        for label, value in _values(engine, entry):
            yield label, _said(value)


def _values(engine: Engine, entry: Entry) -> Iterator[tuple[str, Value]]:
    match entry.kind:
        case "step":
            yield entry.name, outcome(engine, entry).status
            yield f"count of {entry.name}", Quantity(Fraction(len(occurred(engine, entry, Env()))))
        case "duty":
            for each in duty_outcomes(engine, entry)[:MOST_MEMBERS]:
                yield f"{entry.name} of {each.holder}", each.status
        case "set" | "tier":
            value = members_of(engine, entry, Env()).value
            if isinstance(value, tuple):
                yield f"count of {entry.name}", Quantity(Fraction(len(value)))
        case _:
            for subject, found in _subjects(engine, entry):
                yield " of ".join([entry.name, *subject]), found.value


def _subjects(engine: Engine, entry: Entry) -> Iterator[tuple[tuple[str, ...], Derived]]:
    everybody, cohorts = members(engine, Env())[:MOST_MEMBERS], engine.case.cohorts
    env = Env()
    if entry.name in engine.run_bound and entry.kind in ("define", "key"):
        run = run_of(engine, entry, env)
        env, everybody = Env(run=run), tuple(each for each in everybody if each in run)
    match engine.reach(entry):
        case ():
            subjects: list[tuple[str, ...]] = [()]
        case ("member",):
            subjects = [(member,) for member in everybody]
        case ("cohort",):
            subjects = [(cohort,) for cohort in cohorts]
        case _:
            subjects = [(cohort, member) for cohort in cohorts for member in everybody]
    for subject in subjects:
        yield subject, engine.value_for(entry, subject, env)


def _said(value: object) -> str:
    """What a value would be expected to be, with its sign; empty where it can't be written."""
    match value:
        case bool():
            return f"= {'yes' if value else 'no'}"
        case Quantity():
            return _figure(value)
        case datetime() | date():
            return f"= {written(value)}"
        case str():
            return f"is {value}" if value in _STATUSES else ""
    text = getattr(value, "text", "")
    return f"is {text}" if text in _STATUSES else ""


def _figure(value: Quantity) -> str:
    if value.bound:
        return ""
    text = str(value)
    if "…" not in text:
        return f"= {counted(text, one=value.amount == 1)}"
    return f"= {value.amount.numerator}/{value.amount.denominator}" if value.unit == RATIO and value.amount > 0 else ""
