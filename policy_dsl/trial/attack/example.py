"""A case as an `example` of the policy: the lines that give it, and the guarantee as what is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from policy_dsl.cases.case import Case, Datum, Event, Fact
from policy_dsl.cases.declared import Asked, Declared
from policy_dsl.cases.figures import Wanted
from policy_dsl.cases.written import datum, figure, moment
from policy_dsl.check import Checked, check
from policy_dsl.evaluate.examples import run_examples
from policy_dsl.resolve import resolve
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.source import Source
from policy_dsl.syntax import parse
from policy_dsl.trial.attack.resting import resting


def as_example(program: Program, case: Case, expected: Entry, member: str = "") -> str:
    """The example that gives a case and expects a guarantee to hold in it, for a member where it is one for each.

    It gives what the guarantee rests on, and stands at the left margin. Lines of a ledger, lots and adjustments can't
    stand in an example and are left out.
    """
    declared, names = Declared(program), resting(program, (expected.name,))
    title = case.title.replace('"', "”")
    whose = f" of {member}" if member else ""
    lines = [
        f'example "{title}"',
        f"  at {case.at.isoformat()}",
        *_groups(case, names),
        *_facts(case, declared, names),
        *_money_and_choices(case, names),
        *(line for event in case.events for line in _event(event, declared)),
        f"  expect {expected.name}{whose}",
    ]
    return "\n".join(lines) + "\n"


def example_of(checked: Checked, load: Callable[[str, Source], Source | None], expected: Entry, case: Case) -> str:
    """The example that gives a case in which a guarantee fails; empty where none gives it.

    The policy with the example at its end must say itself that the example does not hold. `load` gives the files that
    the policy names.
    """
    source = checked.program.source
    for member in ("", *dict.fromkeys(state for states in case.groups.values() for state in states)):
        text = as_example(checked.program, case, expected, member)
        parsed = parse(Source(source.name, f"{source.text.rstrip()}\n\n{text}"))
        resolved = resolve(parsed, load)
        longer = check(resolved.program) if resolved.program is not None else None
        found = [*parsed.problems, *resolved.problems, *(longer.problems if longer is not None else ())]
        if longer is None or any(each.is_error for each in found):
            continue
        if any(each.code == "PD880" for each in run_examples(longer)[-1].problems):
            return text
    return ""


def _groups(case: Case, names: frozenset[str]) -> Iterator[str]:
    for name, states in case.groups.items():
        if states and name in names:
            yield f"  given {name} = {', '.join(states)}"
    for grounds in case.grounds.values():
        yield from (f"  given ground of {state} = {ground}" for state, ground in grounds.items())
    if case.cohorts:
        yield f"  given cohorts = {', '.join(case.cohorts)}"


def _facts(case: Case, declared: Declared, names: frozenset[str]) -> Iterator[str]:
    columns: list[tuple[Asked, dict[str, Fact]]] = []
    for name, asked in declared.indicators.items():
        facts = [fact for fact in case.facts if fact.indicator == name and name in names]
        if asked.levels == ("member",):
            columns.append((asked, {fact.member: fact for fact in facts}))
            continue
        for fact in facts:
            of = "".join(f" of {each}" for each in (fact.cohort, fact.member) if each)
            year = f" in {fact.year}" if fact.year is not None else ""
            yield f"  given {name}{of}{year} = {_datum(fact.value, asked.wanted)}"
    yield from _table([(asked, facts) for asked, facts in columns if facts])


def _table(columns: Sequence[tuple[Asked, dict[str, Fact]]]) -> Iterator[str]:
    """The facts of the members, a row for each."""
    if not columns:
        return
    heads = ", ".join(f"{asked.name} : {asked.wanted.words or _KINDS[asked.wanted.kind]}" for asked, _ in columns)
    yield f"  given {heads}"
    for member in dict.fromkeys(member for _, facts in columns for member in facts):
        cells = (
            _datum(facts[member].value, asked.wanted, with_unit=False) if member in facts else "missing"
            for asked, facts in columns
        )
        yield f"    {member} : {', '.join(cells)}"


_KINDS = {
    "truth": "yes or no",
    "state": "state",
    "date": "date",
    "moment": "moment",
    "text": "text",
    "figure": "number",
}


def _money_and_choices(case: Case, names: frozenset[str]) -> Iterator[str]:
    for ledger in case.ledgers:
        if ledger.fund in names:
            yield f"  given balance of {ledger.fund} = {figure(ledger.balance)}"
    for choice in case.choices:
        yield f"  given {choice.parameter} = {figure(choice.value)}"


def _event(event: Event, declared: Declared) -> Iterator[str]:
    by = f" by {', '.join(event.by)}" if event.by else ""
    yield f"  given {event.step} at {moment(event.at)}{by}"
    rule = declared.steps.get(event.step)
    for name, value in event.fields.items():
        if isinstance(value, tuple):
            if value:
                yield f"    {name} = {', '.join(value)}"
        else:
            wanted = rule.fields.get(name) if rule is not None else None
            yield f"    {name} = {_datum(value, wanted or Wanted('text'))}"


def _datum(value: Datum, wanted: Wanted, *, with_unit: bool = True) -> str:
    return datum(value, wanted, '"{}"'.format if wanted.kind == "text" else str, with_unit=with_unit)
