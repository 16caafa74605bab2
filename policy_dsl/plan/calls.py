"""The library of named functions, as operations."""

from __future__ import annotations

from fractions import Fraction

from policy_dsl.evaluate.derivation import Unknown
from policy_dsl.evaluate.engine import Env
from policy_dsl.plan.lowering import Here, Lowering, NotLowered, Val, joined
from policy_dsl.plan.nodes import Node
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

_ROUNDINGS = ("half_up", "half_even", "round", "up", "down")


def call(low: Lowering, node: tree.Call, here: Here) -> Val:
    """`name(arguments)`."""
    name, build = node.name.text, low.build
    if name in ("fewest", "first_of_next_month"):
        raise NotLowered("function", node, here.scope)
    parts = [low.partial(each, here) for each in node.args]
    if any(each.node.truth for each in parts):
        raise NotLowered("kind", node, here.scope)
    nodes, known = [each.node for each in parts], joined(*parts)
    match name:
        case "min" | "max":
            made = nodes[0]
            for each in nodes[1:]:
                if inexact(made) or inexact(each):
                    # The engine knows a root to forty digits, and says so where two are closer than that.
                    build.less(made, each)
                made = build.min(made, each) if name == "min" else build.max(made, each)
            return Val(made, known)
        case "average":
            made = nodes[0]
            for each in nodes[1:]:
                made = build.add(made, each)
            return Val(build.div(made, build.constant(len(nodes))), known)
        case "log":
            refuse_inexact(nodes[0], node)
            return Val(build.log(nodes[0]), known)
        case "root":
            degree = exponent(low, node.args[1], here) if len(node.args) > 1 else Fraction(2)
            if degree.denominator != 1 or degree < 1:
                raise NotLowered("function", node, here.scope)
            refuse_inexact(nodes[0], node)
            return Val(build.power(nodes[0], 1 / degree), known)
    if name in _ROUNDINGS:
        return Val(_stepped(low, name, nodes), known)
    raise NotLowered("function", node, here.scope)


def _stepped(low: Lowering, name: str, nodes: list[Node]) -> Node:
    """A figure rounded to a step: `up` and `half_up` go towards plus infinity, `half_even` to the even step."""
    build = low.build
    step = nodes[1] if len(nodes) > 1 else build.constant(1)
    build.doubt("no value", build.at_most(step, build.constant(0)))
    steps = build.div(nodes[0], step)
    match name:
        case "half_up":
            found = build.half_up(steps)
        case "up":
            found = build.ceil(steps)
        case "down":
            found = build.floor(steps)
        case _:
            found = build.half_even(steps)
    return build.mul(found, step)


def exponent(low: Lowering, expr: tree.Expr, here: Here) -> Fraction:
    """A power or the degree of a root: the same in all cases."""
    if low.touched(expr, here):
        raise NotLowered("power", expr, here.scope)
    found = low.engine.eval(expr, Env(cohort=here.cohort, year=here.year, scope=here.scope)).value
    if isinstance(found, Unknown) or not isinstance(found, Quantity) or found.bound:
        raise NotLowered("power", expr, here.scope)
    return found.amount


def refuse_inexact(of: Node, node: tree.Node) -> None:
    """The engine takes no root and no logarithm of what it knows to forty digits alone: such cases are its own."""
    if inexact(of):
        raise NotLowered("power", node)


def inexact(of: Node) -> bool:
    """Whether a figure is made of a root, a power or a logarithm, which the engine knows to forty digits."""
    seen: set[int] = set()
    stack = [of]
    while stack:
        node = stack.pop()
        if node.number in seen or node.truth:
            continue
        seen.add(node.number)
        if node.op in ("sqrt", "pow", "log") or _known_to_forty_digits(node):
            return True
        if node.op not in ("floor", "ceil", "rint"):
            stack.extend(node.args)
    return False


def _known_to_forty_digits(node: Node) -> bool:
    return node.op == "same" and node.args[0].op in ("constant", "row") and node.error == 2.0
