"""Keys: parts of terms that add up to one, and the runs in which keys and criteria are read."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import reduce

from policy_dsl.plan.lowering import Here, Lowering, Val, distinct, joined
from policy_dsl.plan.nodes import Node
from policy_dsl.resolve.program import Builtin, Entry
from policy_dsl.syntax import tree

DEEPEST = 20


def run_of(low: Lowering, entry: Entry) -> Node:
    """Among whom a key is read outside any run: those of the one apportionment that uses it, else all members."""
    sharing = low.program.run_of(entry.name)
    return among(low, sharing) if sharing is not None else low.members()


def among(low: Lowering, entry: Entry, cohort: str = "") -> Node:
    """The group among whom an apportionment shares, as its line says it."""
    assert isinstance(entry.node, tree.Apportion)
    line = entry.node.among
    return low.members() if line is None else low.group(line.expr, Here(cohort=cohort))


def key(low: Lowering, entry: Entry, here: Here) -> Val:
    """A member's part under a distribution key."""
    node, build = entry.node, low.build
    assert isinstance(node, tree.Key)
    run = here.run if here.run is not None else run_of(low, entry)
    inside = replace(here, run=run, scope=entry, each=True)
    with build.under(run):
        weights = [low.partial(part.weight, replace(inside, each=False)) for part in node.parts]
        terms = [low.partial(part.term, inside) for part in node.parts]
        parts = [build.mul(w.node, term.node) for w, term in zip(weights, terms, strict=True)]
        total = reduce(build.add, parts)
        known = [part for each in terms for part in low.known_of_all(each, run)] + list(joined(*weights))
        if node.rest is not None:
            rest_by = low.partial(node.rest.expr, inside)
            known += low.known_of_all(rest_by, run)
    sums = _sums(low, node, [each.node for each in weights], inside)
    if node.rest is None:
        if sums is None or sums.low != 1 or sums.high != 1:
            build.doubt("no value", build.negation(build.equal(build.sum(total, run), build.constant(1))))
        return Val(build.between(total, 0.0, 1.0) if total.low >= 0 else total, distinct((*known, run)))
    rest = build.sub(build.constant(1), build.sum(total, run))
    if sums is None or sums.high > 1:
        build.doubt("no value", build.less(rest, build.constant(0)))
    if total.low >= 0:
        rest = build.between(rest, 0.0, 1.0)
    share, there = build.quotient(build.mul(rest, rest_by.node), build.sum(rest_by.node, run))
    # Without anything left over it does not matter by what it would be shared.
    build.doubt("no value", build.both(build.negation(there), build.less(build.constant(0), rest)))
    share = build.where(there, share, build.constant(0))
    return Val(build.add(total, share), distinct((*known, run)))


class Sums:
    """Between what the sum of a term over a run lies, whatever the figures."""

    def __init__(self, low: Fraction | None, high: Fraction) -> None:
        self.low, self.high = low, high


def _sums(low: Lowering, node: tree.Key, weights: list[Node], here: Here) -> Sums | None:
    """What all terms of a key sum to, if the text tells."""
    least: Fraction | None = Fraction(0)
    most = Fraction(0)
    varied: dict[str, Sums] = {}
    for part, weight in zip(node.parts, weights, strict=True):
        of = whole(low, part.term, here, 0)
        if of is not None and weight.op == "input":
            varied[str(weight.data)] = of
            continue
        if of is None or weight.op != "constant" or not isinstance(weight.data, Fraction) or weight.data < 0:
            return None
        least = None if least is None or of.low is None else least + weight.data * of.low
        most += weight.data * of.high
    if varied:
        # Weights that differ from case to case, and sum to the same in all.
        total = low.frame.sums.get(frozenset(varied))
        if total is None:
            return None
        lows = [each.low for each in varied.values() if each.low is not None]
        least = None if least is None or len(lows) < len(varied) else least + total * min(lows)
        most += total * max(each.high for each in varied.values())
    return Sums(least, most)


def whole(low: Lowering, expr: tree.Expr, here: Here, depth: int) -> Sums | None:
    """What an expression of figures that are not negative sums to over the run: of shares, one; of the lesser of two,

    at most the lesser sum.
    """
    if depth > DEEPEST:
        return None
    match expr:
        case tree.Aggregate(op="share"):
            return _share(low, expr, here)
        case tree.PartOf():
            return _scaled(low, expr.part, expr.of, here, depth)
        case tree.Binary(op="*"):
            return _scaled(low, expr.left, expr.right, here, depth) or _scaled(low, expr.right, expr.left, here, depth)
        case tree.Binary(op="+"):
            left, right = whole(low, expr.left, here, depth + 1), whole(low, expr.right, here, depth + 1)
            if left is None or right is None:
                return None
            least = None if left.low is None or right.low is None else left.low + right.low
            return Sums(least, left.high + right.high)
        case tree.Call(name=tree.Ident(text="min")):
            found = [whole(low, each, here, depth + 1) for each in expr.args]
            known = [each.high for each in found if each is not None]
            return Sums(None, min(known)) if known else None
        case tree.Call(name=tree.Ident(text="average")):
            found = [whole(low, each, here, depth + 1) for each in expr.args]
            sums = [each for each in found if each is not None]
            if len(sums) != len(found):
                return None
            lows = [each.low for each in sums if each.low is not None]
            least = sum(lows, Fraction(0)) / len(sums) if len(lows) == len(sums) else None
            return Sums(least, sum((each.high for each in sums), Fraction(0)) / len(sums))
        case tree.Name():
            return _named(low, expr, here, depth)
    return None


def _share(low: Lowering, expr: tree.Aggregate, here: Here) -> Sums | None:
    """A share sums to one over those among whom it is found: over the run, if that is the run."""
    if expr.over is None:
        return Sums(Fraction(1), Fraction(1))
    if not isinstance(expr.over, tree.Expr) or low.program.ref(expr.over) is Builtin.COHORTS:
        return None
    with low.build.collecting():
        group = low.group(expr.over, here)
    if group is here.run:
        return Sums(Fraction(1), Fraction(1))
    return None


def _named(low: Lowering, expr: tree.Name, here: Here, depth: int) -> Sums | None:
    ref = low.program.ref(expr)
    if not isinstance(ref, Entry):
        return None
    match ref.node:
        case tree.Define() as node if not node.exceptions and ref.name not in low.program.prevails:
            if low.engine.reserved_bound:
                return None
            return whole(low, node.value, here, depth + 1)
        case tree.Key():
            return Sums(Fraction(1), Fraction(1))
    return None


def _scaled(low: Lowering, factor: tree.Expr, of: tree.Expr, here: Here, depth: int) -> Sums | None:
    if low.touched(factor, here):
        return None
    sums = whole(low, of, here, depth + 1)
    if sums is None:
        return None
    with low.build.collecting():
        by = low.partial(factor, replace(here, each=False)).node
    if by.op != "constant" or not isinstance(by.data, Fraction) or by.data < 0:
        return None
    return Sums(None if sums.low is None else sums.low * by.data, sums.high * by.data)
