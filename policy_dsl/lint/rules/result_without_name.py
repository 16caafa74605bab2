"""PD651: the same reckoning stands in several places and has no name."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import label, text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, form, outermost
from policy_dsl.syntax import tree

LEAST_OPERATIONS = 2
LEAST_NAMES = 2
_RECKONED = tree.Binary | tree.Call | tree.Choice | tree.PartOf | tree.Aggregate
# What these range over turns on where they stand, so that the same words may be two results.
_BY_PLACE = ("share", "index", "rank")


def _look(draft: Draft) -> Iterator[Problem]:
    places: dict[object, list[tree.Expr]] = {}
    for line in draft.lines():
        # A guarantee that reckons again what a provision reckons watches over it.
        if isinstance(line, tree.Guarantee):
            continue
        for expr in outermost(line):
            for node in tree.walk(expr):
                if isinstance(node, _RECKONED) and draft.typed(node).figure and _worth_a_name(draft, node):
                    places.setdefault(form(node), []).append(node)
    told: set[tree.Node] = set()
    for found in sorted(places.values(), key=lambda each: -_operations(each[0])):
        fresh = [node for node in found if node not in told]
        if len(fresh) < 2:
            continue
        for node in found:
            told.update(tree.walk(node))
        again, first = fresh[1], fresh[0]
        times = {2: "twice", 3: "three times"}.get(len(fresh), f"{len(fresh)} times")
        related = label(first.span, "it stands here first")
        yield draft.problem("PD651", again, related=related, text=text(again), times=times)


def _worth_a_name(draft: Draft, node: tree.Expr) -> bool:
    if draft.constant(node) is not None:
        return False  # a written figure, such as `1_250 USD per person per year`
    names = {each.text for each in tree.walk(node) if isinstance(each, tree.Name)}
    by_place = any(
        isinstance(each, tree.Aggregate) and (each.op in _BY_PLACE or each.over is None) for each in tree.walk(node)
    )
    return _operations(node) >= LEAST_OPERATIONS and len(names) >= LEAST_NAMES and not by_place


def _operations(node: tree.Node) -> int:
    return sum(isinstance(each, _RECKONED) for each in tree.walk(node))


RESULT_WITHOUT_NAME = Rule("PD651", _look)
