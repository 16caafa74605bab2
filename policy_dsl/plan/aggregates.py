"""Aggregates: sums, means, counts, shares, indices and ranks over members, cohorts or years.

Cohorts and years are few: what ranges over them is written out, one operation after the other.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from policy_dsl.evaluate.aggregates import reach_of
from policy_dsl.evaluate.groups import is_events
from policy_dsl.plan.folded import env_of
from policy_dsl.plan.groups import group
from policy_dsl.plan.lowering import Here, Lowering, NotLowered, Val, distinct, joined
from policy_dsl.plan.nodes import Node
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Builtin, Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """What an aggregate ranges over: the members of a mask (None: what is listed is for the case), in several parts.

    There is one part for the members, one for each cohort or year.
    """

    values: tuple[Val, ...]
    mask: Node | None


def aggregate(low: Lowering, node: tree.Aggregate, here: Here) -> Val:
    """`sum of x over s` and its kin."""
    over = node.over
    events = node.of if node.op == "count" and over is None else over
    if isinstance(events, tree.Expr) and is_events(low.engine, events):
        raise NotLowered("record", node, here.scope)
    if node.op == "count" and over is None:
        found = _members(low, node.of, here)
        return Val(low.build.count(found.node), found.known)
    if isinstance(over, tree.Years | tree.LastYears):
        years = _years(low, over, here)
        return _whole(low, node, Range(tuple(low.partial(node.of, replace(here, year=y)) for y in years), None))
    by = _axis(low, node, here)
    if by == "cohorts":
        return _by_cohort(low, node, here)
    if by == "both":
        mask, known = low.members(), tuple[Node, ...]()
        places = [replace(here, cohort=each, each=True, whose="") for each in low.engine.case.cohorts]
    else:
        mask, known = _mask(low, node, here)
        places = [replace(here, each=True, whose="")]
    if by == "members" and (given := _all_given(low, node, here, mask)) is not None:
        return given
    with low.build.under(mask):
        values = tuple(low.partial(node.of, place) for place in places)
    if any(each.node.truth for each in values):
        raise NotLowered("kind", node, here.scope)
    if node.op in ("share", "index", "rank"):
        return _of_member(low, node, here, values[0], mask, known)
    made = _whole(low, node, Range(values, mask))
    return Val(made.node, distinct((*made.known, *known)))


def _all_given(low: Lowering, node: tree.Aggregate, here: Here, mask: Node) -> Val | None:
    """The sum over all members of what an apportionment gives without rounding: its total, less what nobody is given.

    Found one by one it would be off by a little, and a guarantee that all is shared out would hang on that.
    """
    ref = low.program.ref(node.of)
    if node.op != "sum" or not isinstance(ref, Entry) or not isinstance(ref.node, tree.Apportion):
        return None
    adjusted = any(each.apportionment == ref.name for each in low.engine.case.adjustments)
    if mask is not low.members() or ref.node.rounding is not None or ref.node.less or adjusted:
        return None
    shared = low.share_out(ref, here.cohort if "cohort" in ref.reach else "")
    share, left = shared.aspects["share"], shared.aspects["unallocated"]
    known = (shared.known["share"],) if "share" in shared.known else ()
    return Val(low.build.sub(shared.aspects["total"], left), low.known_of_all(Val(share, known), mask))


def _axis(low: Lowering, node: tree.Aggregate, here: Here) -> str:
    """Over what an aggregate ranges: "members", "cohorts", or "both"."""
    if isinstance(node.over, tree.Expr):
        return "cohorts" if low.program.ref(node.over) is Builtin.COHORTS else "members"
    reach = reach_of(low.engine, node.of)
    cohort = "cohort" in reach and not here.cohort
    if cohort and "member" in reach and here.run is None:
        return "both"
    return "cohorts" if cohort and "member" not in reach else "members"


def _mask(low: Lowering, node: tree.Aggregate, here: Here) -> tuple[Node, tuple[Node, ...]]:
    if isinstance(node.over, tree.Expr):
        found = _members(low, node.over, here)
        return found.node, found.known
    return (here.run if here.run is not None else low.members()), ()


def _members(low: Lowering, expr: tree.Expr, here: Here) -> Val:
    found = group(low, expr, here)
    if found.elsewhere:
        raise NotLowered("no member", expr, here.scope)
    return found


def _years(low: Lowering, over: tree.Years | tree.LastYears, here: Here) -> range:
    if isinstance(over, tree.Years):
        return range(over.first, over.last + 1)
    length = low.engine.eval(over.count, env_of(low, here)).value
    if (
        low.touched(over.count)
        or not isinstance(length, Quantity)
        or length.unit.period != "year"
        or length.amount.denominator != 1
    ):
        raise NotLowered("time", over, here.scope)
    at = low.engine.case.at.year
    return range(at - int(length.amount), at)


def _whole(low: Lowering, node: tree.Aggregate, of: Range) -> Val:
    """`sum of`, `mean of`, `least of`, `greatest of`, `count of … over`."""
    build, mask = low.build, of.mask
    sizes = [build.constant(1) if mask is None else build.count(mask) for _ in of.values]
    count = reduce(build.add, sizes, build.constant(0))
    nodes = [each.node for each in of.values]
    known = joined(*of.values)
    if mask is not None:
        known = distinct(part for each in of.values for part in low.known_of_all(each, mask))
    if node.op == "count":
        return Val(count, known)
    if node.op in ("least", "greatest"):
        over = build.least if node.op == "least" else build.greatest
        pick = build.min if node.op == "least" else build.max
        found = reduce(pick, [each if mask is None else over(each, mask) for each in nodes])
        return Val(found, distinct((*known, build.less(build.constant(0), count))))
    total = reduce(build.add, [each if mask is None else build.sum(each, mask) for each in nodes], build.constant(0))
    if node.op == "sum":
        return Val(total, known)
    made, there = build.quotient(total, count)
    return Val(made, distinct((*known, there)))


def _of_member(low: Lowering, node: tree.Aggregate, here: Here, of: Val, mask: Node, known: tuple[Node, ...]) -> Val:
    """`share of`, `index of`, `rank of`: the place of the member at hand among all; who is not among them has none."""
    build = low.build
    everybody = (mask, *low.known_of_all(of, mask), *known)
    inside = None if mask.op == "constant" and mask.data is True else mask
    with build.under(mask):
        match node.op:
            case "share":
                made, there = build.share(of.node, inside)
            case "index":
                made, there = build.index(of.node, inside)
            case _:
                place = replace(here, each=True, whose="")
                ties = [low.figure(tie, place, mask) for tie in node.ties]
                return Val(low.tables.rank(build, of.node, inside, ties), distinct(everybody))
    return Val(made, distinct((*everybody, there)))


# ---- over cohorts ----------------------------------------------------------------------------------------------------


def _by_cohort(low: Lowering, node: tree.Aggregate, here: Here) -> Val:
    build = low.build
    values = tuple(low.partial(node.of, replace(here, cohort=each)) for each in low.engine.case.cohorts)
    if not values or any(each.node.truth for each in values):
        raise NotLowered("kind", node, here.scope)
    if node.op not in ("share", "index", "rank"):
        return _whole(low, node, Range(values, None))
    if here.cohort not in low.engine.case.cohorts or node.ties:
        raise NotLowered("kind", node, here.scope)
    mine = values[low.engine.case.cohorts.index(here.cohort)].node
    known = joined(*values)
    nodes = [each.node for each in values]
    if node.op == "rank":
        ahead = [build.where(build.less(mine, each), build.constant(1), build.constant(0)) for each in nodes]
        return Val(reduce(build.add, ahead, build.constant(1)), known)
    if node.op == "share":
        for each in nodes:
            if each.low < 0:
                build.doubt("no value", build.less(each, build.constant(0)))
        made, there = build.quotient(mine, reduce(build.add, nodes))
        return Val(build.between(made, 0.0, 1.0), distinct((*known, there)))
    least, greatest = reduce(build.min, nodes), reduce(build.max, nodes)
    made, there = build.quotient(build.sub(mine, least), build.sub(greatest, least))
    return Val(build.between(made, 0.0, 1.0), distinct((*known, there)))
