"""PD671: a limit that can never bind: beyond the total, or looser than another beside it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.check import constants
from policy_dsl.check.desk import label, text
from policy_dsl.check.limits import part_of_total
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, form
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("apportion"):
        node = entry.node
        assert isinstance(node, tree.Apportion)
        level = 0
        seen: list[tuple[int, tree.Limit, Fraction]] = []
        for limit in node.limits:
            level += limit.then
            part = _part(draft, entry, limit)
            if part is None:
                continue
            idle = part >= 1 if limit.kind == "at most" else part <= 0
            if idle:
                why = (
                    "nobody can take more than the whole"
                    if limit.kind == "at most"
                    else "no share is less than nothing"
                )
                yield draft.problem("PD671", limit, text=text(limit), why=why)
                continue
            for at, other, its in seen:
                if at != level or other.kind != limit.kind or not _within(limit, other):
                    continue
                loose, strict = (limit, other) if _looser(limit.kind, part, its) else (other, limit)
                if loose is other and not _within(other, limit):
                    continue
                related = label(strict.span, "the stricter one stands here")
                yield draft.problem(
                    "PD671",
                    loose,
                    related=related,
                    text=text(loose),
                    why=f"`{text(strict)}` holds for the same members",
                )
            seen.append((level, limit, part))


def _part(draft: Draft, entry: Entry, limit: tree.Limit) -> Fraction | None:
    """The limit as a part of the total, where it is the same on every day."""
    found = {part_of_total(draft, entry, limit.bound, at) for at in constants.dates(draft, limit.bound)}
    return found.pop() if len(found) == 1 else None


def _within(limit: tree.Limit, other: tree.Limit) -> bool:
    """Whether all whom the one limit concerns are among those whom the other concerns."""
    return other.group is None or (limit.group is not None and form(limit.group) == form(other.group))


def _looser(kind: str, part: Fraction, other: Fraction) -> bool:
    return part >= other if kind == "at most" else part <= other


LIMIT_NEVER_BINDS = Rule("PD671", _look)
