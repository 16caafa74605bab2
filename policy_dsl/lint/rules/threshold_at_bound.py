"""PD654: a threshold at, or beyond, the bound of what it tests: it tests nothing, or lets one figure through."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check import constants
from policy_dsl.check.desk import text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, outermost
from policy_dsl.lint.ranges import holds, only_at_the_bound, range_of
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for line in draft.lines():
        # That an exception covers all, or nothing, is told of the exception.
        told = {row.when for row in line.exceptions} if isinstance(line, tree.Define) else set()
        told = {when for when in told if holds(draft, when)[0] is not None}
        for expr in outermost(line):
            for node in tree.walk(expr):
                if isinstance(node, tree.Binary) and node not in told:
                    yield from _comparison(draft, node)
    for entry in draft.own("criteria"):
        assert isinstance(entry.node, tree.Criteria)
        for row in entry.node.rows:
            yield from _criterion(draft, row)


def _comparison(draft: Draft, node: tree.Binary) -> Iterator[Problem]:
    if constants.truth(draft, node, constants.start(draft)) is not None:
        return
    found, why = holds(draft, node)
    if found is not None and why:
        what = "holds in every case" if found else "holds in no case"
        yield draft.problem("PD654", node, text=text(node), what=what, why=why)
    elif why := only_at_the_bound(draft, node):
        yield draft.problem("PD654", node, text=text(node), what="holds at the bound itself and nowhere else", why=why)


def _criterion(draft: Draft, row: tree.Criterion) -> Iterator[Problem]:
    least, bounds = draft.fixed(row.least), range_of(draft, row.measure)
    worst, best = draft.fixed(row.worst), draft.fixed(row.best)
    if row.least is None or least is None or worst is None or best is None or not bounds.whose:
        return
    end = bounds.high if best.amount > worst.amount else bounds.low
    if least.amount == end:
        what = "is met at the bound itself and nowhere else"
        said = f"{row.name.text} … at least {text(row.least)}"
        yield draft.problem("PD654", row.least, text=said, what=what, why=bounds.whose)


THRESHOLD_AT_BOUND = Rule("PD654", _look)
