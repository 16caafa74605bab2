"""Steps that `use` brings in: patterns of other steps, and steps that somebody still has to take."""

from __future__ import annotations

import pytest
from deciding import HEADER

from policy_dsl.cases.read import read_case
from policy_dsl.check import check
from policy_dsl.evaluate import Decision, decide
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

COUNCIL = (
    HEADER.replace("policy t", "policy council")
    + """article 1 "Vote"
  > The members decide by simple majority.
  tier everybody "All"
  procedure act
    step adoption "Vote"
      by members
      quorum none
      adopted when count of favour > count of against
  define in_favour "In favour" = count of favour of adoption
"""
)
OWN = (
    HEADER.replace("  currency", '  use "council.policy"\n  currency')
    + """article 1 "Ending"
  > The members end it by the same majority.
  procedure closing
    step ending "Decision to end" as adoption
"""
)
VOTE = "events: [{step: adoption, at: 2026-02-01, favour: [ALB], against: []}]\n"


def decision(articles: str, events: str = "") -> Decision:
    parsed = parse(Source("t.policy", OWN + articles))
    program = resolve(parsed, lambda path, relative_to: Source("council.policy", COUNCIL)).program
    assert program is not None
    text = 'case: "C"\npolicy: t\nat: 2026-06-01\ndefault: {source: test}\nmembers: {everybody: [ALB]}\n' + events
    read = read_case(Source("c.yaml", text), program, lambda path, relative_to: None)
    assert read.case is not None, [(each.code, dict(each.params)) for each in read.problems]
    return decide(check(program), read.case)


@pytest.mark.parametrize(
    ("articles", "events", "steps", "values"),
    [
        ("", "", ["ending"], []),
        # The record has it, or the policy's own text asks after it: then it is a step like any other.
        ("", VOTE, ["ending", "adoption"], ["in_favour"]),
        ('  define a "A" = count of adoption\n', "", ["ending", "adoption"], ["a", "in_favour"]),
        ('  define a "A" = in_favour + 1\n', "", ["ending", "adoption"], ["a", "in_favour"]),
        ('  duty d "D"\n    binds members\n    kept when adoption\n', "", ["ending", "adoption"], ["in_favour"]),
    ],
)
def test_a_step_brought_in_as_a_pattern_is_not_awaited(
    articles: str, events: str, steps: list[str], values: list[str]
) -> None:
    found = decision(articles, events)
    assert sorted(each.entry.name for each in found.timeline) == sorted(steps)
    assert sorted(name for name, _ in found.values) == values


def test_a_pattern_in_the_own_text_is_a_step_too() -> None:
    found = decision("    step other as ending\n")
    assert [each.entry.name for each in found.timeline] == ["ending", "other"]
