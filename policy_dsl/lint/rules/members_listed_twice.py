"""PD669: the same States are listed in two places."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import label
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, outermost
from policy_dsl.syntax import tree

LEAST = 3


def _look(draft: Draft) -> Iterator[Problem]:
    seen: dict[frozenset[str], tree.Node] = {}
    for line in draft.lines():
        for node, states in _lists(line):
            if len(states) < LEAST:
                continue
            first = seen.setdefault(states, node)
            if first is not node:
                related = label(first.span, "the first list stands here")
                yield draft.problem("PD669", node, related=related, number=str(len(states)))


def _lists(line: tree.Node) -> Iterator[tuple[tree.Node, frozenset[str]]]:
    if isinstance(line, tree.SetOf) and line.seats:
        yield line, frozenset(seat.code.text for seat in line.seats)
    if isinstance(line, tree.Reservation):
        yield line, frozenset(seat.code.text for seat in line.by)
    for expr in outermost(line):
        yield from _in(expr)


def _in(expr: tree.Node) -> Iterator[tuple[tree.Node, frozenset[str]]]:
    codes = _codes(expr) if isinstance(expr, tree.Binary) else None
    if codes:
        yield expr, codes
        return
    for child in tree.children(expr):
        yield from _in(child)


def _codes(expr: tree.Expr) -> frozenset[str] | None:
    """The States that are joined by `or`, if it is States and nothing else."""
    match expr:
        case tree.Code(text=text):
            return frozenset({text})
        case tree.Binary(op="or"):
            left, right = _codes(expr.left), _codes(expr.right)
            return left | right if left and right else None
    return None


MEMBERS_LISTED_TWICE = Rule("PD669", _look)
