"""Faults of criteria: a worst that is the best, weights where none belong, thresholds that nobody can reach."""

from __future__ import annotations

from policy_dsl.check import constants
from policy_dsl.check.constants import Reading
from policy_dsl.check.desk import Desk, text
from policy_dsl.check.keys import weights
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity


def criteria(desk: Desk) -> None:
    """Check criteria."""
    for entry in desk.program.of_kind("criteria"):
        node = entry.node
        assert isinstance(node, tree.Criteria)
        _weights(desk, node)
        if node.kind == "in order" and node.similar is None:
            desk.fault("PD441", node.name, name=node.name.text)
        _similar(desk, node)
        for row in node.rows:
            for reading in constants.dates(desk, row.worst, row.best, row.least):
                if not _row(desk, row, reading):
                    break


def _weights(desk: Desk, node: tree.Criteria) -> None:
    if node.kind == "in order":
        for row in node.rows:
            if row.weight is not None:
                desk.fault("PD443", row.weight, name=node.name.text, weight=text(row.weight))
        return
    missing = [row for row in node.rows if row.weight is None]
    for row in missing:
        desk.fault("PD444", row.name, name=node.name.text, row=row.name.text)
    if not missing:
        weights(desk, node.name, tuple(row.weight for row in node.rows if row.weight is not None), "PD442")


def _similar(desk: Desk, node: tree.Criteria) -> None:
    if node.similar is None:
        return
    for reading in constants.dates(desk, node.similar.expr):
        found = constants.figure(desk, node.similar.expr, reading)
        if found is not None and found.unit.ratio and not 0 <= found.amount < 1:
            desk.fault("PD446", node.similar.expr, name=node.name.text, value=str(found))
            return


def _row(desk: Desk, row: tree.Criterion, at: Reading) -> bool:
    worst, best = constants.figure(desk, row.worst, at), constants.figure(desk, row.best, at)
    if worst is None or best is None or worst.unit != best.unit:
        return True
    if worst.amount == best.amount:
        desk.fault("PD440", row.best, name=row.name.text, value=str(best))
        return False
    least = constants.figure(desk, row.least, at)
    if least is None or row.least is None or least.unit != worst.unit:
        return True
    bounds = _bounds(desk, row.measure, at)
    if bounds is not None and not bounds[0].amount <= least.amount <= bounds[1].amount:
        params = {"low": str(bounds[0]), "high": str(bounds[1]), "measure": text(row.measure)}
        desk.found.append(desk.problem("PD445", row.least, related=(), row=row.name.text, value=str(least), **params))
        return False
    low, high = sorted((worst.amount, best.amount))
    if bounds is None and not low <= least.amount <= high:
        params = {"low": str(worst), "high": str(best), "measure": text(row.measure)}
        desk.found.append(desk.problem("PD447", row.least, related=(), row=row.name.text, value=str(least), **params))
        return False
    return True


def _bounds(desk: Desk, measure: tree.Expr, at: Reading) -> tuple[Quantity, Quantity] | None:
    ref = desk.program.ref(measure)
    if not isinstance(ref, Entry) or not isinstance(ref.node, tree.Indicator):
        return None
    low, high = constants.figure(desk, ref.node.low, at), constants.figure(desk, ref.node.high, at)
    return None if low is None or high is None else (low, high)
