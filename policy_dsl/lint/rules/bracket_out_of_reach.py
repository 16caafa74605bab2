"""PD655: a bracket of a scale that nobody can be in."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.check.desk import text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.lint.ranges import range_of
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("scale"):
        assert isinstance(entry.node, tree.Scale)
        bounds = range_of(draft, entry.node.base)
        if not bounds.whose:
            continue
        begins: Fraction | None = None
        for row in entry.node.rows:
            ends = draft.fixed(row.threshold)
            below = ends is not None and bounds.low is not None and _short_of(ends.amount, bounds.low, row.kind)
            over = (
                begins is not None and bounds.high is not None and begins >= bounds.high and entry.node.kind == "whole"
            )
            if below or over:
                yield draft.problem("PD655", row, text=text(row), name=entry.name, why=bounds.whose)
            begins = ends.amount if ends is not None else begins
            if ends is not None and bounds.high is not None and row.kind == "below" and ends.amount == bounds.high:
                begins = None  # `below 100%` leaves the bound itself to the next row


def _short_of(ends: Fraction, low: Fraction, kind: str) -> bool:
    """Whether a bracket ends before the least figure that there may be."""
    return ends < low or (ends == low and kind == "below")


BRACKET_OUT_OF_REACH = Rule("PD655", _look)
