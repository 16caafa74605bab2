"""What rests on no column: found once by the exact engine on the base case, and made a constant or a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from policy_dsl.check.types import Kind
from policy_dsl.evaluate.aggregates import reach_of
from policy_dsl.evaluate.conditions import condition, not_yet
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.evaluate.engine import Engine, Env, codes_of
from policy_dsl.plan.lowering import Here, Lowering, NotLowered, Val, distinct
from policy_dsl.plan.nodes import Node
from policy_dsl.resolve.program import Builtin, Entry
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, Quantity

_WRITTEN = (tree.Number, tree.Quantity, tree.Percent, tree.Ratio, tree.Truth)


def folded(low: Lowering, expr: tree.Expr, here: Here) -> Val:
    """The value of an expression that rests on no column."""
    return _folded(low, expr, here, Engine.eval)


def folded_condition(low: Lowering, expr: tree.Expr, here: Here) -> Val:
    """The truth of a condition that rests on no column."""
    return _folded(low, expr, here, condition)


def folded_value(low: Lowering, entry: Entry, here: Here) -> Val:
    """The value of a provision that rests on no column."""
    env = env_of(low, here)
    if "member" not in low.engine.reach(entry) and not (here.each and low.engine.reserved_bound):
        return of_case(low, low.engine.value(entry, replace(env, member="")), entry.node)
    if not here.each:
        return of_case(low, low.engine.value(entry, env), entry.node)
    found = [low.engine.value(entry, replace(env, member=each)) for each in low.frame.members]
    return of_members(low, found, entry.node)


def folded_group(low: Lowering, expr: tree.Expr, here: Here) -> Val:
    """A group that rests on no column."""
    return group_of(low, low.engine.eval(expr, env_of(low, here)))


def group_of(low: Lowering, found: Derived) -> Val:
    """The mask of a group that the engine found."""
    if isinstance(found.value, Unknown):
        return Val(low.build.constant(False), (low.build.constant(False),))
    codes = codes_of(found.value)
    elsewhere = not set(codes) <= set(low.frame.members)
    return Val(low.build.row(each in codes for each in low.frame.members), elsewhere=elsewhere)


def env_of(low: Lowering, here: Here) -> Env:
    """The engine's place for what rests on no column."""
    total = None
    if here.total is not None and here.total.op == "constant":
        assert isinstance(here.total.data, Fraction)
        total = Derived(Quantity(here.total.data, NUMBER), "total")
    return Env(
        cohort=here.cohort,
        run=None if here.run is None else codes_in(low, here.run),
        view=here.view,
        scope=here.scope,
        event=here.event,
        total=total,
        year=here.year,
        gap=here.gap,
        reserving=here.reserving,
        without=here.without,
    )


def codes_in(low: Lowering, mask: Node) -> tuple[str, ...] | None:
    """The members of a mask that is the same in all cases, None for one that isn't: nothing rests on it then."""
    if mask.cased:
        return None
    if mask.op == "constant":
        return low.frame.members if mask.data else ()
    assert isinstance(mask.data, tuple)
    return tuple(code for code, inside in zip(low.frame.members, mask.data, strict=True) if inside)


def _folded(low: Lowering, expr: tree.Expr, here: Here, ask: Callable[[Engine, tree.Expr, Env], Derived]) -> Val:
    env = env_of(low, here)
    if not here.each or isinstance(expr, _WRITTEN) or _of_case(low, expr):
        return of_case(low, ask(low.engine, expr, env), expr)
    return of_members(low, [ask(low.engine, expr, replace(env, member=m)) for m in low.frame.members], expr)


def _of_case(low: Lowering, expr: tree.Expr) -> bool:
    """Whether an expression is surely the same for all members."""
    if low.engine.reserved_bound or "member" in reach_of(low.engine, expr):
        return False
    return not any(
        isinstance(low.engine.ref(node), Builtin) or isinstance(node, tree.ValueOf | tree.Aggregate | tree.Group)
        for node in tree.walk(expr)
    )


def of_case(low: Lowering, found: Derived, node: tree.Node) -> Val:
    """A value of the case as a constant."""
    amount, known = _plain(found, node)
    if not known and _is_truth(low, found, node):
        amount = False
    made = low.build.approximate(Fraction(amount)) if _inexact(found) else low.build.constant(amount)
    return Val(made, () if known else (_known(low, [found]),))


def of_members(low: Lowering, found: list[Derived], node: tree.Node) -> Val:
    """One value for each member as a row."""
    plain = [_plain(each, node) for each in found]
    truths = [isinstance(value, bool) for value, known in plain if known]
    if truths and any(truths) != all(truths):
        raise NotLowered("kind", node)
    truth = truths[0] if truths else _is_truth(low, found[0], node) if found else False
    empty = False if truth else Fraction(0)
    values = [value if known else empty for value, known in plain]
    known = _known(low, found)
    if any(_inexact(each) for each in found):
        return Val(low.build.approximate_row([Fraction(each) for each in values]), distinct((known,)))
    return Val(low.build.row(values), distinct((known,)))


def _known(low: Lowering, found: list[Derived]) -> Node:
    """Of whom there is a value. Where there is none because an event has not occurred, a condition is not met."""
    known = low.build.row(each.known for each in found)
    return low.build.awaiting(known) if any(not_yet(each) for each in found) else known


def _is_truth(low: Lowering, found: Derived, node: tree.Node) -> bool:
    """Whether a value that is not to be had would be yes or no."""
    checked = low.frame.checked
    if isinstance(node, tree.Expr):
        kind = checked.types.get(node)
    else:
        kind = checked.named.get(found.entry) if found.entry is not None else None
    return kind is not None and kind.kind in (Kind.TRUTH, Kind.EVENT)


def _inexact(found: Derived) -> bool:
    return isinstance(found.value, Quantity) and bool(found.value.bound)


def _plain(found: Derived, node: tree.Node) -> tuple[Fraction | bool, bool]:
    """A figure or a truth, and whether there is one."""
    match found.value:
        case Unknown():
            return Fraction(0), False
        case bool() as truth:
            return truth, True
        case Quantity() as quantity:
            return quantity.amount, True
    raise NotLowered("kind", node)
