"""PD652: one line reckons so much that nobody can follow it aloud."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, outermost
from policy_dsl.syntax import tree

MOST_OPERATIONS = 12
_OPERATIONS = tree.Binary | tree.Call | tree.Choice | tree.PartOf | tree.Aggregate


def _look(draft: Draft) -> Iterator[Problem]:
    for line in draft.lines():
        for expr in outermost(line):
            number = sum(isinstance(node, _OPERATIONS) for node in tree.walk(expr))
            if number > MOST_OPERATIONS:
                yield draft.problem("PD652", expr, number=str(number))


LONG_FORMULA = Rule("PD652", _look)
