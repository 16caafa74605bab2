"""PD670: a figure that is written in several provisions and should be agreed once."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.check.desk import label, text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree

# A round per cent may well be meant twice for two reasons; these are the parts that are hardly chance.
ROUND = Fraction(5, 100)
# Their second value is a step, and steps are alike for good reason.
ROUNDING = ("half_up", "half_even", "up", "down", "round")


def _look(draft: Draft) -> Iterator[Problem]:
    places: dict[tuple[object, ...], list[tree.Expr]] = {}
    for line in draft.lines():
        # A guarantee that states the figure again watches over it.
        if isinstance(line, tree.Parameter | tree.Indicators | tree.Scale | tree.Criteria | tree.Guarantee):
            continue
        here: dict[tuple[object, ...], tree.Expr] = {}
        _figures(draft, line, here)
        for key, expr in here.items():
            places.setdefault(key, []).append(expr)
    for found in places.values():
        if len(found) > 1:
            related = label(found[0].span, "it stands here first")
            number = {2: "two", 3: "three"}.get(len(found), str(len(found)))
            yield draft.problem("PD670", found[1], related=related, text=text(found[1]), number=number)


def _figures(draft: Draft, node: tree.Node, here: dict[tuple[object, ...], tree.Expr]) -> None:
    if isinstance(node, tree.Percent | tree.Quantity) or (isinstance(node, tree.Binary) and node.op == "per"):
        figure = draft.constant(node)
        if figure is not None:
            if _telling(node, figure.amount, figure.unit.period):
                here.setdefault((figure.amount, figure.unit), node)
            return
    if isinstance(node, tree.Rounding):
        return
    if isinstance(node, tree.Call) and node.name.text in ROUNDING:
        _figures(draft, node.args[0], here)
        return
    for child in tree.children(node):
        _figures(draft, child, here)


def _telling(node: tree.Expr, amount: Fraction, period: str) -> bool:
    """Whether the figure stands for something agreed on: money, persons, a rate, an odd per cent."""
    match node:
        case tree.Percent():
            return amount % ROUND != 0
        case tree.Quantity():
            return not period and amount > 1
        case tree.Binary(op="per"):
            return amount != 0
    return False


FIGURE_REPEATED = Rule("PD670", _look)
