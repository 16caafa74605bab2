"""Of whom a value is known: truths, simplified by what is asked."""

from __future__ import annotations

from collections.abc import Iterable

from policy_dsl.plan.build import Builder
from policy_dsl.plan.making import AWAITING
from policy_dsl.plan.nodes import Node


def given(build: Builder, part: Node, mask: Node) -> Node:
    """What is left of a condition where a mask is known to hold."""
    return _given(build, part, frozenset(each.number for each in _conjuncts(mask)), frozenset(_denied(mask)))


def _given(build: Builder, part: Node, true: frozenset[int], false: frozenset[int]) -> Node:
    if part.number in true:
        return build.constant(True)
    if part.number in false:
        return build.constant(False)
    match part.op:
        case "not":
            return build.negation(_given(build, part.args[0], true, false))
        case "and":
            return build.both(*(_given(build, each, true, false) for each in part.args))
        case "or":
            return build.either(*(_given(build, each, true, false) for each in part.args))
    return part


def _conjuncts(mask: Node) -> list[Node]:
    if mask.op == "and":
        return [mask, *(inner for each in mask.args for inner in _conjuncts(each))]
    return [mask]


def _denied(mask: Node) -> list[int]:
    found = []
    for each in _conjuncts(mask):
        if each.op == "not":
            found += [each.args[0].number]
            if each.args[0].op == "or":
                found += [inner.number for inner in each.args[0].args]
    return found


def all_of(build: Builder, part: Node, mask: Node | None) -> Node:
    """Whether a condition holds of all members of a mask (of all, if there is none)."""
    if mask is not None:
        part = given(build, part, mask)
    if part.op == "constant":
        return part
    if not part.membered:
        return part if mask is None else build.either(part, build.negation(build.any(mask)))
    if part.op == "or":
        apart = [each for each in part.args if not each.membered]
        within = [each for each in part.args if each.membered]
        if len(apart) == len(within) == 1:
            return build.either(apart[0], all_of(build, within[0], mask))
    if part.op == "and":
        return build.both(*(all_of(build, each, mask) for each in part.args))
    return build.all(part, mask)


def awaits(part: Node) -> bool:
    """Whether a value may be lacking only because an event has not occurred."""
    if part.op == "same" and part.data == AWAITING:
        return True
    return part.op in ("and", "or", "not", "any", "at", "same") and any(awaits(each) for each in part.args)


def merged(build: Builder, parts: Iterable[Node]) -> tuple[Node, ...]:
    """Conditions joined to one: first those of the case, which cost less, then those of members; none if all hold."""
    of_case, of_members = build.constant(True), build.constant(True)
    for each in parts:
        if each.membered:
            of_members = build.both(of_members, each)
        else:
            of_case = build.both(of_case, each)
    found = build.both(of_members, of_case)
    return () if found.op == "constant" and found.data is True else (found,)


__all__ = ["all_of", "awaits", "given", "merged"]
