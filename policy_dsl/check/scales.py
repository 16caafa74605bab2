"""Faults of scales, at every date on which a figure in one changes: gaps, overlaps, an end that is missing."""

from __future__ import annotations

from itertools import pairwise

from policy_dsl.check import constants
from policy_dsl.check.constants import Reading
from policy_dsl.check.desk import Desk, label, text
from policy_dsl.syntax import tree


def scales(desk: Desk) -> None:
    """Check scales."""
    for entry in desk.program.of_kind("scale"):
        node = entry.node
        assert isinstance(node, tree.Scale)
        _ending(desk, node)
        _rising(desk, node)
        if node.kind == "marginal":
            _falling_rates(desk, node)


def _ending(desk: Desk, node: tree.Scale) -> None:
    last = [row for row in node.rows if row.kind == "otherwise"]
    if not last:
        desk.fault("PD431", node.name, name=node.name.text)
    for row in last:
        after = [other for other in node.rows if other.kind != "otherwise" and other.span.start > row.span.start]
        if after:
            desk.fault("PD432", row, name=node.name.text, row=text(after[0]).split(" :")[0])


def _rising(desk: Desk, node: tree.Scale) -> None:
    rows = [row for row in node.rows if row.threshold is not None]
    thresholds = [row.threshold for row in rows]
    if not desk.sound(*thresholds):
        return
    for reading in constants.dates(desk, *thresholds):
        for lower, upper in pairwise(rows):
            if not _above(desk, node, lower, upper, reading):
                assert lower.threshold is not None
                assert upper.threshold is not None
                when = f" {reading.words}" if reading.words else ""
                low, high = (
                    constants.figure(desk, lower.threshold, reading),
                    constants.figure(desk, upper.threshold, reading),
                )
                related = label(lower.threshold.span, "the row before it ends here")
                params = {"name": node.name.text, "threshold": str(high), "before": str(low), "when": when}
                desk.found.append(desk.problem("PD430", upper.threshold, related=related, **params))
                return


def _above(desk: Desk, node: tree.Scale, lower: tree.Bracket, upper: tree.Bracket, at: Reading) -> bool:
    low, high = constants.figure(desk, lower.threshold, at), constants.figure(desk, upper.threshold, at)
    if low is None or high is None or low.unit != high.unit:
        return True
    if low.amount == high.amount:
        # `below X` and then `up to X` leave exactly X to the second row.
        return node.kind == "whole" and (lower.kind, upper.kind) == ("below", "up to")
    return low.amount < high.amount


def _falling_rates(desk: Desk, node: tree.Scale) -> None:
    rates = [row.value for row in node.rows]
    if not desk.sound(*rates):
        return
    for reading in constants.dates(desk, *rates):
        for lower, upper in pairwise(node.rows):
            one, other = constants.figure(desk, lower.value, reading), constants.figure(desk, upper.value, reading)
            if one is not None and other is not None and other.amount < one.amount:
                when = f" {reading.words}" if reading.words else ""
                params = {"name": node.name.text, "rate": str(other), "before": str(one), "when": when}
                desk.found.append(desk.problem("PD433", upper.value, related=(), **params))
                return
