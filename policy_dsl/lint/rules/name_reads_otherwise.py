"""PD672: a name that reads as something else: a unit, a status, a way of rounding, a word of the law."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.resolve.program import Entry
from policy_dsl.values.units import WORDS

_STATUSES = ("met", "missed", "pending", "refused", "adopted", "rejected", "kept", "breached", "reserved")
_METHODS = ("half_up", "half_even", "up", "down", "round", "min", "max", "average", "root", "log", "fewest")
_RULES = ("largest_remainder", "webster", "jefferson", "adams", "hill", "dean")
_LEGAL = ("may", "shall", "must", "article", "paragraph", "party", "state", "policy", "law", "rule")


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own():
        what = _reads_as(entry.node.name.text)
        if what and not _set_apart(entry):
            yield draft.problem("PD672", entry.node.name, name=entry.node.name.text, what=what)


def _reads_as(name: str) -> str:
    if name in WORDS or name in ("percent", "ratio", "rating", "number"):
        return "a unit"
    if name in _STATUSES:
        return "a status"
    if name in _METHODS:
        return "a function"
    if name in _RULES:
        return "a way of rounding"
    return "a word of every law" if name in _LEGAL else ""


def _set_apart(entry: Entry) -> bool:
    """Whether no formula names it."""
    return entry.kind in ("procedure", "calendar", "transitional", "reservation", "reservable")


NAME_READS_OTHERWISE = Rule("PD672", _look)
