"""PD657: an exception that gives what the rule gives."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import label, text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("define"):
        assert isinstance(entry.node, tree.Define)
        value = entry.node.value
        fixed = draft.fixed(value)
        for row in entry.node.exceptions:
            # A row that prevails over another is there for that, whatever the rule gives.
            alone = len(entry.node.exceptions) == 1 and not row.notes
            known = draft.fixed(row.value)
            if alone and (tree.same(row.value, value) or (fixed is not None and fixed == known)):
                related = label(value.span, "the rule gives this")
                yield draft.problem("PD657", row, related=related, text=text(row.value), name=entry.name)


EXCEPTION_WITHOUT_EFFECT = Rule("PD657", _look)
