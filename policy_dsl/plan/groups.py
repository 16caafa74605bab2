"""Groups of members: for each whether it belongs to it."""

from __future__ import annotations

from dataclasses import replace

from policy_dsl.evaluate.derivation import Status
from policy_dsl.evaluate.engine import codes_of
from policy_dsl.evaluate.expressions import joins_groups
from policy_dsl.evaluate.groups import is_events, listed, members_of
from policy_dsl.plan.folded import env_of, folded_group, group_of
from policy_dsl.plan.lowering import Here, Lowering, NotLowered, Val, distinct, joined
from policy_dsl.plan.nodes import Node
from policy_dsl.resolve.program import Builtin, Entry, FieldOf
from policy_dsl.syntax import tree


def group(low: Lowering, expr: tree.Expr, here: Here) -> Val:
    """The mask of a group, and where it can be told."""
    if not low.touched(expr, here):
        return folded_group(low, expr, here)
    if is_events(low.engine, expr):
        raise NotLowered("record", expr, here.scope)
    match expr:
        case tree.Name():
            match low.program.ref(expr):
                case Entry(kind="tier" | "set") as entry:
                    return low.partial_value(entry, here)
                case Builtin.MEMBERS:
                    return Val(low.members())
        case tree.Binary(op="or"):
            left, right = group(low, expr.left, here), group(low, expr.right, here)
            return Val(low.build.either(left.node, right.node), joined(left, right), left.elsewhere or right.elsewhere)
        case tree.Group():
            return _filtered(low, expr, here)
        case tree.Choice():
            raise NotLowered("kind", expr, here.scope)
    raise NotLowered("record" if isinstance(low.program.ref(expr), FieldOf) else "kind", expr, here.scope)


def _filtered(low: Lowering, node: tree.Group, here: Here) -> Val:
    """`a except b where c`: first minus, then filter; the condition is asked of those alone who are left."""
    build = low.build
    base = group(low, node.base, here)
    mask, known = base.node, list(base.known)
    if node.minus is not None:
        minus = group(low, node.minus, here)
        mask = build.both(mask, build.negation(minus.node))
        known += minus.known
    if node.where is not None:
        if base.elsewhere:
            raise NotLowered("no member", node, here.scope)
        with build.under(mask):
            shown = low.condition(node.where, replace(here, each=True, whose=""))
        known += low.known_of_all(shown, mask)
        mask = build.both(mask, shown.node)
    return Val(mask, distinct(known), base.elsewhere)


def tier(low: Lowering, entry: Entry, here: Here) -> Val:
    """Who holds a seat in a tier: those listed who meet all conditions; what can't be told is not met."""
    build = low.build
    assert isinstance(entry.node, tree.SetOf)
    codes = listed(low.engine, entry)
    if not low.touched(entry):
        held = codes_of(members_of(low.engine, entry, env_of(low, here)).value)
        return Val(build.row(_in(low, held)))
    if not set(codes) <= set(low.frame.members):
        raise NotLowered("no member", entry.node, entry)
    return low.kept(("tier", entry.name), lambda: Val(_required(low, entry, build.row(_in(low, codes)))), entry)


def _in(low: Lowering, codes: tuple[str, ...]) -> list[bool]:
    return [each in codes for each in low.frame.members]


def _required(low: Lowering, entry: Entry, mask: Node) -> Node:
    """Of those listed who meets every condition. Where one can't be told the engine counts it as not met."""
    assert isinstance(entry.node, tree.SetOf)
    build = low.build
    if entry.name in low.engine.case.given_groups:
        return mask
    for line in entry.node.requires:
        with build.under(mask):
            shown = low.condition(line.expr, Here(each=True))
        mask = build.both(mask, shown.node)
        for part in shown.known:
            mask = build.both(mask, part)
    return mask


def set_of(low: Lowering, entry: Entry, here: Here) -> Val:
    """The members of a set: given, derived or listed."""
    node = entry.node
    assert isinstance(node, tree.SetOf)
    if not low.touched(entry):
        return group_of(low, members_of(low.engine, entry, env_of(low, here)))
    given = low.engine.case.groups.get(entry.name)
    if given is None and entry.name in low.program.suspensions:
        raise NotLowered("fund", node, entry)
    if given is None and node.value is not None:
        value = node.value
        place = replace(here, each=False, total=None, gap=here.gap, scope=entry.parent)
        key = ("set", entry.name, place)
        return low.kept(key, lambda: group(low, value, place), entry)
    codes = listed(low.engine, entry)
    if not set(codes) <= set(low.frame.members):
        raise NotLowered("no member", node, entry)
    return low.kept(("set", entry.name), lambda: Val(_required(low, entry, low.build.row(_in(low, codes)))), entry)


def contains(low: Lowering, left: tree.Expr, right: tree.Expr, here: Here) -> Val:
    """`member in s`, `AUT in s`: the group rests on a column."""
    if low.touched(left, here):
        raise NotLowered("kind", left, here.scope)
    found = group(low, right, here)
    if low.program.ref(left) is Builtin.MEMBER:
        return found
    value = low.engine.eval(left, env_of(low, here)).value
    one = value[0] if isinstance(value, tuple) and len(value) == 1 else value
    code = one.text if isinstance(one, Status) else one
    if not isinstance(code, str):
        raise NotLowered("kind", left, here.scope)
    place = low.place(code)
    return Val(low.build.at(found.node, place), found.known)


def is_group(low: Lowering, node: tree.Expr) -> bool:
    """Whether `or` stands between groups."""
    return low.engine.kept(("joins groups", node), lambda: joins_groups(low.engine, node))
