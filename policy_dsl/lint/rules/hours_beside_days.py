"""PD659: hours and days counted from one event: the hour of the event decides the one and not the other."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import label, text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, form, outermost
from policy_dsl.syntax import tree

MOST_DAYS = 7
MOST_HOURS = 240


def _look(draft: Draft) -> Iterator[Problem]:
    hours: dict[object, tree.Binary] = {}
    days: dict[object, tree.Binary] = {}
    for line in draft.lines():
        for expr in outermost(line):
            for node in tree.walk(expr):
                if not isinstance(node, tree.Binary) or node.op not in ("after", "before"):
                    continue
                length = draft.fixed(node.left)
                if length is None:
                    continue
                if length.unit.period == "hour":
                    hours.setdefault(form(node.right), node)
                    if length.amount >= MOST_HOURS:
                        yield draft.problem("PD659", node, text=text(node), other="a limit of so many hours")
                elif length.unit.period == "day" and length.amount <= MOST_DAYS:
                    days.setdefault(form(node.right), node)
    for start, node in days.items():
        if start in hours:
            related = label(hours[start].span, "hours are counted here")
            yield draft.problem("PD659", node, related=related, text=text(node), other=f"`{text(hours[start])}`")


HOURS_BESIDE_DAYS = Rule("PD659", _look)
