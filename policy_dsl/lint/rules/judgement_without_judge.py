"""PD677: a rating, or a finding, on which much rests, and nobody is named to make it."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("indicator"):
        node = entry.node
        assert isinstance(node, tree.Indicator)
        if node.supplied_by is None and not node.notes and _judged(node):
            yield draft.problem("PD677", node.name, name=entry.name, title=entry.title)


def _judged(node: tree.Indicator) -> bool:
    return isinstance(node.type, tree.UnitTerm) and [word.text for word in node.type.over] == ["rating"]


JUDGEMENT_WITHOUT_JUDGE = Rule("PD677", _look)
