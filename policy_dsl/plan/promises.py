"""Guarantees: whether what is promised holds in each case."""

from __future__ import annotations

from policy_dsl.evaluate.aggregates import reach_of
from policy_dsl.evaluate.derivation import Unknown
from policy_dsl.evaluate.engine import Env
from policy_dsl.evaluate.obligations import promised
from policy_dsl.plan.folded import of_case
from policy_dsl.plan.lowering import Here, Lowering, NotLowered, Val, distinct
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def guarantee(low: Lowering, entry: Entry, here: Here) -> Val:
    """The promise of a guarantee; one about a value for each member must hold for every one of them."""
    node, build = entry.node, low.build
    promise = node.promise if isinstance(node, tree.Guarantee) else None
    assert isinstance(node, tree.Guarantee)
    if promise is None:
        proved = entry.name in low.frame.checked.proved
        return Val(build.constant(True), () if proved else (build.constant(False),))
    if not low.touched(entry):
        return of_case(low, low.engine.value_for(entry, (), Env()), node)
    return low.kept(("guarantee", entry.name), lambda: _lowered(low, promise), entry)


def _lowered(low: Lowering, promise: tree.Expr) -> Val:
    build = low.build
    if _awaits(low, promise):
        # What compares figures or dates that have not come about is neither kept nor broken.
        raise NotLowered("record", promise)
    if "member" not in reach_of(low.engine, promise):
        return low.condition(promise, Here())
    members = low.members()
    with build.under(members):
        found = low.condition(promise, Here(each=True))
    broken = build.negation(found.node)
    for part in found.known:
        broken = build.both(broken, part)
    some = build.any(broken, members)
    known = (build.either(some, part) for part in low.known_of_all(found, members))
    return Val(build.negation(some), distinct(known))


def _awaits(low: Lowering, promise: tree.Expr) -> bool:
    """Whether a part of a promise that rests on no column waits for an event."""
    match promise:
        case tree.Binary(op="and" | "or"):
            return _awaits(low, promise.left) or _awaits(low, promise.right)
        case tree.Unary(op="not"):
            return _awaits(low, promise.of)
        case tree.Choice():
            return any(_awaits(low, each) for each in (promise.when, promise.then, promise.otherwise))
    if low.touched(promise):
        return False
    return any(isinstance(promised(low.engine, promise, Env(member=each)).value, Unknown) for each in low.frame.members)
