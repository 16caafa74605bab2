"""Outcomes of sharing out, and in what two of them differ."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from policy_dsl.evaluate.decision import Shared
from policy_dsl.sensitivity.figures import HEADS
from policy_dsl.sensitivity.result import Change
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

Outcome = dict[tuple[str, str, str], Fraction | None]
ZERO = Fraction(0)


def outcome(shares: Iterable[Shared]) -> Outcome:
    """What each member has under each apportionment, by apportionment, cohort and member."""
    return {
        (each.entry.name, each.cohort, row.member): row.final.value.amount
        if isinstance(row.final.value, Quantity)
        else None
        for each in shares
        for row in each.rows
    }


def changes(before: Iterable[Shared], after: Iterable[Shared]) -> tuple[Change, ...]:
    """Whose share is another one, in the order of the sharings out, then of codes. No row is nothing."""
    earlier, later = tuple(before), tuple(after)
    one, other = outcome(earlier), outcome(later)
    found = []
    for old, new in zip(earlier, later, strict=True):
        for member in sorted({row.member for row in (*old.rows, *new.rows)}):
            key = (old.entry.name, old.cohort, member)
            had, has = one.get(key, ZERO), other.get(key, ZERO)
            if had != has:
                found.append(Change(old.entry, old.cohort, member, had, has, old.unit))
    return tuple(found)


def is_of_heads(shared: Shared) -> bool:
    """Whether an apportionment shares out persons, households or projects: neither money nor parts of a whole."""
    return shared.unit.terms in HEADS


def is_whole(shared: Shared) -> bool:
    """Whether its shares are whole steps, so that a small change of a figure may leave them as they are."""
    node = shared.entry.node
    assert isinstance(node, tree.Apportion)
    return node.rounding is not None or (node.how is not None and node.how.word == "minimising")


__all__ = ["Outcome", "changes", "is_of_heads", "is_whole", "outcome"]
