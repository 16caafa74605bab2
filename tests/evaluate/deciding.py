"""Short ways from texts to decisions, for the tests of the engine."""

from __future__ import annotations

from fractions import Fraction

from policy_dsl.cases.read import read_case
from policy_dsl.check import Checked, check
from policy_dsl.evaluate import Decision, decide
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.evaluate.examples import Ran, run_examples, shown
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse
from policy_dsl.values import Quantity

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

"""


def checked(articles: str, header: str = HEADER) -> Checked:
    """A policy from its articles; any error in it fails the test."""
    source = Source("t.policy", header + articles)
    parsed = parse(source)
    resolved = resolve(parsed, lambda path, relative_to: None)
    assert resolved.program is not None
    found = check(resolved.program)
    problems = (*parsed.problems, *resolved.problems, *found.problems)
    errors = [(each.code, str(each.span), dict(each.params)) for each in problems if each.severity.value == "error"]
    assert not errors, errors
    return found


def decided(articles: str, case: str, header: str = HEADER) -> Decision:
    """The decision of a case (YAML without its first lines) under a policy."""
    policy = checked(articles, header)
    text = 'case: "C"\npolicy: t\ndefault: {source: test}\n' + case
    if "\nat:" not in text:
        text += "\nat: 2026-06-01\n"
    read = read_case(Source("c.yaml", text), policy.program, lambda path, relative_to: None)
    assert read.case is not None, [(each.code, dict(each.params)) for each in read.problems]
    return decide(policy, read.case)


def ran(articles: str, header: str = HEADER) -> dict[str, Ran]:
    """The examples of a policy by title."""
    return {each.title: each for each in run_examples(checked(articles, header))}


def amounts(decision: Decision, name: str) -> dict[str, Fraction]:
    """What an apportionment gives each member (nothing left out, everything known)."""
    shared = next(each for each in decision.shares if each.entry.name == name)
    found = {}
    for row in shared.rows:
        assert isinstance(row.final.value, Quantity), (row.member, row.final.value)
        found[row.member] = row.final.value.amount
    return found


def codes(decision: Decision) -> list[str]:
    """The codes of what is said about a decision."""
    return [each.code for each in decision.problems]


def told(decision: Decision, what: str) -> str:
    """A value in plain words, of "room of ALB" or "cost of ALB of families"; "? PD801" where there is none, and why."""
    name, *whose = what.split(" of ")
    found = decision.values[name, tuple(reversed(whose))]
    return _told(found)


def _told(found: Derived) -> str:
    if isinstance(found.value, Unknown):
        return "? " + ", ".join(sorted({gap.code or gap.kind for gap in found.value.gaps}))
    return shown(found.value)


def group(decision: Decision, name: str) -> str:
    """The members of a set or tier, as "ALB, BEL"."""
    return _told(decision.groups[name])


def statuses(decision: Decision) -> dict[str, str]:
    """What became of each step, guarantee and duty ("duty of ALB")."""
    found = {each.entry.name: each.status for each in (*decision.timeline, *decision.guarantees)}
    return found | {f"{each.entry.name} of {each.holder}": each.status for each in decision.duties}


def judged(decision: Decision, step: str) -> list[str]:
    """The status of each event of a step, in time."""
    return [each.status for each in next(one for one in decision.timeline if one.entry.name == step).events]
