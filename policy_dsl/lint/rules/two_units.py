"""PD675: one kind of figure in two units: days and weeks, months and years, hectares and square kilometres."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import label
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, outermost
from policy_dsl.syntax import tree

_ALIKE = {
    "day": ("days", "days"),
    "days": ("days", "days"),
    "week": ("days", "weeks"),
    "weeks": ("days", "weeks"),
    "month": ("months", "months"),
    "months": ("months", "months"),
    "year": ("months", "years"),
    "years": ("months", "years"),
    "km2": ("area", "km2"),
    "hectare": ("area", "hectares"),
    "hectares": ("area", "hectares"),
}


def _look(draft: Draft) -> Iterator[Problem]:
    for article in draft.articles():
        seen: dict[str, tuple[str, tree.Node]] = {}
        for line in article.lines:
            if isinstance(line, tree.Prose | tree.Example | tree.Broken):
                continue
            for unit, node in _units(draft, line):
                kind, word = _ALIKE[unit]
                first, place = seen.setdefault(kind, (word, node))
                if first != word:
                    related = label(place.span, f"{first} stand here")
                    yield draft.problem("PD675", node, related=related, one=first, other=word)
                    seen[kind] = (word, node)


def _units(draft: Draft, line: tree.Node) -> Iterator[tuple[str, tree.Node]]:
    if isinstance(line, tree.Indicators):
        for row in line.rows:
            if isinstance(row.type, tree.UnitTerm):
                yield from (
                    (word.text, row.type) for word in row.type.over if word.text in ("km2", "hectare", "hectares")
                )
        return
    for expr in outermost(line):
        for node in tree.walk(expr):
            if (
                isinstance(node, tree.Binary)
                and node.op in ("after", "before")
                and isinstance(node.left, tree.Quantity)
            ):
                unit = node.left.unit.text
                if unit in _ALIKE and not _no_slip(node.left):
                    yield unit, node.left


def _no_slip(node: tree.Quantity) -> bool:
    """What the other unit would say badly: `18 months`, and `5 years` beside a few months."""
    months = {"month": 1, "months": 1, "year": 12, "years": 12}.get(node.unit.text, 0) * node.value
    return bool(months % 12) or months > 24


TWO_UNITS = Rule("PD675", _look)
