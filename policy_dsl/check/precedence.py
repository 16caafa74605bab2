"""Exceptions of one definition that contradict each other wherever both apply."""

from __future__ import annotations

from policy_dsl.check import constants
from policy_dsl.check.desk import Desk, label, text
from policy_dsl.syntax import tree


def exceptions(desk: Desk) -> None:
    """Check the exceptions of definitions."""
    for entry in desk.program.of_kind("define"):
        node = entry.node
        assert isinstance(node, tree.Define)
        for at, row in enumerate(node.exceptions):
            for earlier in node.exceptions[:at]:
                if _yields(desk, row, earlier) or not _together(earlier.when, row.when):
                    continue
                one, other = _value(desk, earlier.value), _value(desk, row.value)
                if one is not None and other is not None and one != other:
                    related = label(earlier.when.span, "the other exception stands here")
                    params = {"name": node.name.text, "value": text(row.value), "other": text(earlier.value)}
                    desk.found.append(desk.problem("PD480", row.when, related=related, **params))
                    break


def _yields(desk: Desk, one: tree.Excepted, other: tree.Excepted) -> bool:
    prevails = desk.program.row_prevails
    return other in prevails.get(one, ()) or one in prevails.get(other, ())


def _value(desk: Desk, expr: tree.Expr) -> object:
    found = constants.figure(desk, expr, constants.start(desk))
    return found if found is not None else constants.truth(desk, expr, constants.start(desk))


def _together(one: tree.Expr, other: tree.Expr) -> bool:
    """Whether one condition is certain to hold wherever the other does: the same parts, or fewer of them."""
    parts, others = _parts(one), _parts(other)
    return all(any(tree.same(part, each) for each in others) for part in parts) or all(
        any(tree.same(part, each) for each in parts) for part in others
    )


def _parts(expr: tree.Expr) -> list[tree.Expr]:
    if isinstance(expr, tree.Binary) and expr.op == "and":
        return [*_parts(expr.left), *_parts(expr.right)]
    return [expr]
