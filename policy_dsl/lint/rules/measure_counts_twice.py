"""PD668: one measure that counts twice: in two parts of a key, or in two criteria."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import label, text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, form
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("key"):
        assert isinstance(entry.node, tree.Key)
        yield from _twice(draft, [(form(part.term), part.term) for part in entry.node.parts], entry.name)
    for entry in draft.own("criteria"):
        assert isinstance(entry.node, tree.Criteria)
        rows = [(_direction(draft, row), row.measure) for row in entry.node.rows]
        yield from _twice(draft, rows, entry.name)


def _direction(draft: Draft, row: tree.Criterion) -> object:
    worst, best = draft.fixed(row.worst), draft.fixed(row.best)
    rising = worst is not None and best is not None and worst.amount < best.amount
    return form(row.measure), rising


def _twice(draft: Draft, rows: list[tuple[object, tree.Expr]], name: str) -> Iterator[Problem]:
    seen: dict[object, tree.Expr] = {}
    for says, expr in rows:
        first = seen.setdefault(says, expr)
        if first is not expr:
            related = label(first.span, "it counts here first")
            yield draft.problem("PD668", expr, related=related, text=text(expr), name=name)


MEASURE_COUNTS_TWICE = Rule("PD668", _look)
