"""A unit can't be given another meaning."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import Desk
from policy_dsl.syntax import tree
from policy_dsl.values.units import WORDS

_UNITS = frozenset(WORDS) | {"percent", "ratio", "rating", "number"}


def unit_names(desk: Desk) -> None:
    """Check that no provision, field or criterion has the name of a unit."""
    for entry in desk.program.entries.values():
        for name in _names(entry.node):
            if name.text in _UNITS:
                desk.fault("PD321", name, name=name.text)


def _names(node: tree.Provision) -> Iterator[tree.Ident]:
    yield node.name
    match node:
        case tree.Step():
            yield from (row.name for row in node.records)
        case tree.Criteria():
            yield from (row.name for row in node.rows)
