"""One value or another, by a condition: doubts of each count only where it is taken."""

from __future__ import annotations

from collections.abc import Callable

from policy_dsl.plan.known import given, merged
from policy_dsl.plan.lowering import Lowering, NotLowered, Val, distinct
from policy_dsl.syntax import tree


def choose(
    low: Lowering, when: Val, then: Callable[[], Val], otherwise: Callable[[], Val], node: tree.Node | None = None
) -> Val:
    """What `then` gives where the condition holds, else what the other gives; known where the one taken is."""
    build = low.build
    if when.node.op == "constant" and not when.known:
        return then() if when.node.data else otherwise()
    denied = build.negation(when.node)
    with build.under(when.node):
        one = then()
    with build.under(denied):
        other = otherwise()
    if one.node.truth != other.node.truth:
        raise NotLowered("kind", node)
    known = [*when.known]
    known += [build.either(each, denied) for each in merged(build, (given(build, p, when.node) for p in one.known))]
    known += [build.either(each, when.node) for each in merged(build, (given(build, p, denied) for p in other.known))]
    return Val(build.where(when.node, one.node, other.node), distinct(known))
