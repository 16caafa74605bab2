"""What each kind of expression becomes: one small function for each node of the language of expressions."""

from __future__ import annotations

from dataclasses import replace

from policy_dsl.evaluate.derivation import Status
from policy_dsl.evaluate.engine import Env
from policy_dsl.plan.aggregates import aggregate
from policy_dsl.plan.calls import call, exponent, refuse_inexact
from policy_dsl.plan.choices import choose
from policy_dsl.plan.groups import contains, is_group
from policy_dsl.plan.known import given
from policy_dsl.plan.lowering import Handler, Here, Lowering, NotLowered, Val, distinct, joined
from policy_dsl.plan.nodes import Node
from policy_dsl.plan.provisions import written
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, Word
from policy_dsl.syntax import tree
from policy_dsl.values import unit_named


def _written(low: Lowering, node: tree.Expr, here: Here) -> Val:
    return written(low, node)


def _name(low: Lowering, node: tree.Expr, here: Here) -> Val:
    match low.program.ref(node):
        case Entry() as entry:
            return low.partial_value(entry, here)
        case CriterionOf(criteria=criteria):
            return low.partial_value(criteria, replace(here, gap=""))
        case Builtin.TOTAL if here.total is not None:
            return Val(here.total)
    raise NotLowered("kind", node, here.scope)


def _value_of(low: Lowering, node: tree.Expr, here: Here) -> Val:
    """`x of AUT`, `cost of sick`, `cost of sick of AUT`: whose value is asked rests on no column."""
    assert isinstance(node, tree.ValueOf)
    ref = low.program.ref(node)
    if ref in (Builtin.BALANCE, Builtin.ARREARS, Builtin.PLEDGED, Builtin.PAID):
        # What stands in a ledger rests on no column, though what is due to the fund may.
        return low.tables.folded(low, node, here)
    if ref is Builtin.LEVEL:
        fund = low.program.ref(node.of)
        if isinstance(fund, Entry) and isinstance(fund.node, tree.Fund) and fund.node.level is not None:
            return low.partial(fund.node.level.expr, Here())
    if not isinstance(ref, Entry | CriterionOf) or low.touched(node.of, here):
        raise NotLowered("record", node, here.scope)
    cohorts = low.engine.case.cohorts
    if isinstance(node.of, tree.ValueOf) and node.of.name.text in cohorts:
        whose, there = node.of.of, replace(here, cohort=node.of.name.text)
    else:
        whose, there = node.of, here
    if low.program.ref(whose) is Builtin.MEMBER:
        pass
    else:
        found = low.engine.eval(whose, Env(cohort=here.cohort)).value
        one = found[0] if isinstance(found, tuple) and len(found) == 1 else found
        subject = one.text if isinstance(one, Status) else one
        if not isinstance(subject, str):
            raise NotLowered("kind", node, here.scope)
        there = replace(there, cohort=subject) if subject in cohorts else replace(there, each=True, whose=subject)
    if isinstance(ref, CriterionOf):
        return low.partial_value(ref.criteria, there)
    return low.partial_value(ref, there)


def _aggregate(low: Lowering, node: tree.Expr, here: Here) -> Val:
    assert isinstance(node, tree.Aggregate)
    return aggregate(low, node, here)


def _call(low: Lowering, node: tree.Expr, here: Here) -> Val:
    assert isinstance(node, tree.Call)
    return call(low, node, here)


def _part_of(low: Lowering, node: tree.Expr, here: Here) -> Val:
    assert isinstance(node, tree.PartOf)
    part, whole = low.partial(node.part, here), low.partial(node.of, here)
    return Val(low.build.mul(part.node, whole.node), joined(part, whole))


_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_EQUAL = {"=": True, "is": True, "<>": False, "is not": False}


def _binary(low: Lowering, node: tree.Expr, here: Here) -> Val:
    assert isinstance(node, tree.Binary)
    if node.op in _EQUAL and (isinstance(node.left, tree.Truth) or isinstance(node.right, tree.Truth)):
        left, right = low.condition(node.left, here), low.condition(node.right, here)
        return _negated(low, low.build.equal(left.node, right.node), not _EQUAL[node.op], left, right)
    match node.op:
        case "and" | "or":
            return _both(low, node, here)
        case "per" if isinstance(node.right, tree.Name) and isinstance(low.program.ref(node.right), Word):
            figure = low.partial(node.left, here)
            return Val(low.build.div(figure.node, low.build.constant(unit_named(node.right.text)[1])), figure.known)
        case "+" | "-" | "*" | "/" | "per":
            return _arithmetic(low, node, low.partial(node.left, here), low.partial(node.right, here))
        case "^":
            base = low.partial(node.left, here)
            power = exponent(low, node.right, here)
            refuse_inexact(base.node, node)
            return Val(low.build.power(base.node, power), base.known)
        case "is" | "is not":
            return _is(low, node, here)
        case "in" | "not in":
            return _in(low, node, here)
    if node.op not in _COMPARISONS:
        raise NotLowered("time", node, here.scope)
    return _compared(low, node, low.partial(node.left, here), low.partial(node.right, here))


def _arithmetic(low: Lowering, node: tree.Binary, left: Val, right: Val) -> Val:
    build, known = low.build, joined(left, right)
    match node.op:
        case "+":
            return Val(build.add(left.node, right.node), known)
        case "-":
            return Val(build.sub(left.node, right.node), known)
        case "*":
            return Val(build.mul(left.node, right.node), known)
    made, there = build.quotient(left.node, right.node)
    return Val(made, distinct((*known, there)))


def _compared(low: Lowering, node: tree.Binary, left: Val, right: Val) -> Val:
    build = low.build
    a, b = left.node, right.node
    if a.truth != b.truth or (a.truth and node.op not in ("=", "<>")):
        raise NotLowered("kind", node)
    made: Node
    match node.op:
        case "=" | "<>":
            return _negated(low, build.equal(a, b), node.op == "<>", left, right)
        case "<":
            made = build.less(a, b)
        case "<=":
            made = build.at_most(a, b)
        case ">":
            made = build.less(b, a)
        case _:
            made = build.at_most(b, a)
    return Val(made, joined(left, right))


def _negated(low: Lowering, truth: Node, denied: bool, *of: Val) -> Val:
    return Val(low.build.negation(truth) if denied else truth, joined(*of))


def _both(low: Lowering, node: tree.Binary, here: Here) -> Val:
    """`and`, `or`: decided as soon as one side decides; what the right lacks counts only where the left does not."""
    if node.op == "or" and is_group(low, node):
        raise NotLowered("kind", node, here.scope)
    build = low.build
    left = low.condition(node.left, here)
    decided = left.node if node.op == "or" else build.negation(left.node)
    with build.under(build.negation(decided)):
        right = low.condition(node.right, here)
    made = build.either(left.node, right.node) if node.op == "or" else build.both(left.node, right.node)
    if not left.known and not right.known:
        return Val(made)
    by_right = right.node if node.op == "or" else build.negation(right.node)
    return Val(made, distinct((*_unless(low, left, by_right, right), *_unless(low, right, decided, left))))


def _unless(low: Lowering, of: Val, decided: Node, by: Val) -> tuple[Node, ...]:
    """Where one side is known, or the other decides alone."""
    build = low.build
    for part in by.known:
        decided = build.both(decided, part)
    return tuple(build.either(given(build, part, build.negation(decided)), decided) for part in of.known)


def _is(low: Lowering, node: tree.Binary, here: Here) -> Val:
    """`density is met`, of a criterion, and of a guarantee."""
    if low.touched(node.right, here):
        raise NotLowered("record", node, here.scope)
    wanted = low.engine.eval(node.right, Env()).value
    if not isinstance(wanted, Status) or wanted.text not in ("met", "missed"):
        raise NotLowered("record", node, here.scope)
    ref = low.program.ref(node.left)
    there = here
    if isinstance(node.left, tree.ValueOf):
        whose = (
            low.engine.eval(node.left.of, Env()).value if low.program.ref(node.left.of) is not Builtin.MEMBER else ""
        )
        there = replace(here, each=True, whose=str(whose))
    match ref:
        case CriterionOf() as criterion:
            found = low.tables.met(low, criterion, there)
        case Entry(kind="guarantee" | "define" | "indicator") as entry:
            found = low.partial_value(entry, there)
        case _:
            raise NotLowered("record", node, here.scope)
    if not found.node.truth:
        raise NotLowered("kind", node, here.scope)
    return _negated(low, found.node, (wanted.text == "met") != (node.op == "is"), found)


def _in(low: Lowering, node: tree.Binary, here: Here) -> Val:
    if isinstance(node.right, tree.Number):
        return low.partial(node.left, replace(here, year=int(node.right.value)))
    found = contains(low, node.left, node.right, here)
    return _negated(low, found.node, node.op == "not in", found)


def _unary(low: Lowering, node: tree.Expr, here: Here) -> Val:
    assert isinstance(node, tree.Unary)
    if node.op == "not":
        of = low.condition(node.of, here)
        return Val(low.build.negation(of.node), of.known)
    of = low.partial(node.of, here)
    return Val(low.build.neg(of.node), of.known)


def _choice(low: Lowering, node: tree.Expr, here: Here) -> Val:
    assert isinstance(node, tree.Choice)
    truth = isinstance(node.then, tree.Truth) or isinstance(node.otherwise, tree.Truth)
    ask = low.condition if truth else low.partial
    when = low.condition(node.when, here)
    return choose(low, when, lambda: ask(node.then, here), lambda: ask(node.otherwise, here), node)


def _group(low: Lowering, node: tree.Expr, here: Here) -> Val:
    raise NotLowered("kind", node, here.scope)


EXPRESSIONS: dict[type[tree.Expr], Handler] = {
    tree.Number: _written,
    tree.Quantity: _written,
    tree.Percent: _written,
    tree.Ratio: _written,
    tree.Name: _name,
    tree.ValueOf: _value_of,
    tree.Call: _call,
    tree.Aggregate: _aggregate,
    tree.PartOf: _part_of,
    tree.Binary: _binary,
    tree.Unary: _unary,
    tree.Choice: _choice,
    tree.Group: _group,
}

__all__ = ["EXPRESSIONS"]
