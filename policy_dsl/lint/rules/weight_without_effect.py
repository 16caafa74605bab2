"""PD680: a weight, a relief, a bound of nothing: a line that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("criteria", "apportion", "fund"):
        for expr, what in _weights(entry.node):
            found = draft.fixed(expr)
            if found is not None and found.amount == 0:
                yield draft.problem("PD680", expr, text=text(expr), what=what)


def _weights(node: tree.Provision) -> Iterator[tuple[tree.Expr, str]]:
    match node:
        case tree.Criteria():
            yield from (
                (row.weight, "this criterion counts for nothing") for row in node.rows if row.weight is not None
            )
            if node.informed is not None:
                yield node.informed.weight, "what informs the criteria moves no score"
        case tree.Apportion():
            yield from ((line.relief, "nobody is relieved of anything") for line in node.relief)
            yield from ((line.credit, "nothing is credited") for line in node.less)
            if node.adjusted is not None:
                yield node.adjusted.within, "nothing can be adjusted"
        case tree.Fund():
            yield from ((line.amount, "nothing is reserved") for line in node.reserves)


WEIGHT_WITHOUT_EFFECT = Rule("PD680", _look)
