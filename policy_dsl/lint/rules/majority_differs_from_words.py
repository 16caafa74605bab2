"""PD679: the words count those present and voting, and the rule counts others too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_dsl.check.desk import text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, words_of
from policy_dsl.syntax import tree

_VOTING = re.compile(r"\bpresent and voting\b|\bof those (that|who) vote\b|\bof the votes cast\b|\bvotes cast\b", re.I)
_ABSOLUTE = re.compile(r"\bmajority of (all )?(the|its) members\b(?! present| that vote| who vote| voting)", re.I)


def _look(draft: Draft) -> Iterator[Problem]:
    if not draft.english:
        return
    for entry in draft.own("step"):
        node = entry.node
        assert isinstance(node, tree.Step)
        words = words_of(entry)
        for line in (node.adopted, node.failing):
            counted = _counted(line.expr) if line is not None else set()
            if line is None or not counted:
                continue
            voting = _VOTING.search(words)
            absolute = _ABSOLUTE.search(words)
            if voting and not absolute and counted & {"present", "voters"} and not counted & {"voting", "against"}:
                yield draft.problem("PD679", line.expr, said=voting[0], text=text(line.expr))
            elif absolute and not voting and counted & {"voting", "present"} and "voters" not in counted:
                yield draft.problem("PD679", line.expr, said=absolute[0], text=text(line.expr))


def _counted(expr: tree.Node) -> set[str]:
    """The groups of the vote that a condition counts."""
    return {
        node.of.text
        for node in tree.walk(expr)
        if isinstance(node, tree.Aggregate) and node.op == "count" and isinstance(node.of, tree.Name)
    }


MAJORITY_DIFFERS_FROM_WORDS = Rule("PD679", _look)
