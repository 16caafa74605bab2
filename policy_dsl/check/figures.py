"""Faults of facts and agreed figures: bounds reversed, values outside their bounds, two figures for one day."""

from __future__ import annotations

from datetime import date

from policy_dsl.check import constants
from policy_dsl.check.desk import Desk, label, text
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity


def figures(desk: Desk) -> None:
    """Check indicators and parameters."""
    for entry in desk.program.entries.values():
        match entry.node:
            case tree.Indicator() as node:
                _indicator(desk, node)
            case tree.Parameter() as node:
                _parameter(desk, entry, node)


def _indicator(desk: Desk, node: tree.Indicator) -> None:
    if node.low is None or node.high is None:
        return
    for at in constants.dates(desk, node.low, node.high):
        low, high = constants.figure(desk, node.low, at), constants.figure(desk, node.high, at)
        if low is None or high is None or low.unit != high.unit:
            continue
        if low.amount > high.amount:
            _reversed(desk, node.low, node.high, node.name.text)
            return
        if isinstance(node.missing, tree.Expr):
            value = constants.figure(desk, node.missing, at)
            if value is not None and value.unit == low.unit and not low.amount <= value.amount <= high.amount:
                bounds = f"{low} and {high}"
                desk.fault("PD411", node.missing, name=node.name.text, value=text(node.missing), bounds=bounds)
                return


def _reversed(desk: Desk, low: tree.Expr, high: tree.Expr, name: str) -> None:
    mend = f"write `between {text(high)} and {text(low)}`"
    desk.fault("PD410", low, name=name, low=text(low), high=text(high), mend=mend)


def _parameter(desk: Desk, entry: Entry, node: tree.Parameter) -> None:
    own = node.span.source is desk.program.source
    start = desk.program.heading.in_force
    seen: dict[date, tree.Dated] = {}
    for row in node.amendments:
        day = row.since.day
        first = seen.setdefault(day, row)
        if first is not row:
            related = label(first.since.span, "the first one stands here")
            desk.fault("PD412", row.since, name=entry.name, day=day.isoformat(), related=related)
        elif own and start is not None and day <= start:
            desk.fault("PD413", row.since, name=entry.name, day=day.isoformat(), start=start.isoformat())
    if isinstance(node.value, tree.LeftTo):
        _left_to(desk, node, node.value)


def _left_to(desk: Desk, node: tree.Parameter, left: tree.LeftTo) -> None:
    at = constants.start(desk)
    low, high = constants.figure(desk, left.low, at), constants.figure(desk, left.high, at)
    if low is None or high is None or low.unit != high.unit:
        return
    if low.amount > high.amount:
        _reversed(desk, left.low, left.high, node.name.text)
        return
    if left.otherwise is not None:
        value = constants.figure(desk, left.otherwise, at)
        if value is not None and _outside(low, value, high):
            desk.fault(
                "PD415", left.otherwise, name=node.name.text, value=text(left.otherwise), bounds=f"{low} and {high}"
            )
    for row in node.amendments:
        value = constants.figure(desk, row.value, at)
        if value is not None and _outside(low, value, high):
            desk.fault("PD416", row.value, name=node.name.text, value=text(row.value), bounds=f"{low} and {high}")


def _outside(low: Quantity, value: Quantity, high: Quantity) -> bool:
    return value.unit == low.unit and not low.amount <= value.amount <= high.amount
