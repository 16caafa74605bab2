"""Criteria by weight, and whether a member meets a threshold."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from policy_dsl.evaluate.criteria import no_share
from policy_dsl.evaluate.engine import Env
from policy_dsl.plan.folded import codes_in
from policy_dsl.plan.keys import run_of
from policy_dsl.plan.lowering import Here, Lowering, NotLowered, Val, distinct, joined
from policy_dsl.plan.nodes import Node
from policy_dsl.resolve.program import CriterionOf, Entry
from policy_dsl.syntax import tree


def met(low: Lowering, criterion: CriterionOf, here: Here) -> Val:
    """Whether a member meets the threshold of one criterion; the raw measure is tested, in its direction."""
    row, build = criterion.row, low.build
    if here.whose:
        return low.one_of(lambda: met(low, criterion, replace(here, whose="")), here.whose)
    there = Here(each=True)

    def find() -> Val:
        if row.least is None:
            return Val(build.constant(True))
        measure, least, worst, best = (
            low.partial(each, there) for each in (row.measure, row.least, row.worst, row.best)
        )
        rising = build.less(worst.node, best.node)
        reached, below = build.at_most(least.node, measure.node), build.at_most(measure.node, least.node)
        return Val(build.where(rising, reached, below), joined(measure, least, worst, best))

    return low.kept(("met", criterion.criteria.name, row.name.text), find, criterion.criteria)


def weighted(low: Lowering, entry: Entry, here: Here) -> Val:
    """The weighted score of a member."""
    node, build = entry.node, low.build
    assert isinstance(node, tree.Criteria)
    if node.kind != "by weight":
        raise NotLowered("kind", node, entry)
    run = here.run if here.run is not None else run_of(low, entry)
    scores = [score(low, entry, row, run) for row in node.rows]
    weights = [low.partial(row.weight, Here()) if row.weight else Val(build.constant(0)) for row in node.rows]
    total = reduce(build.add, [build.mul(w.node, each.node) for w, each in zip(weights, scores, strict=True)])
    return Val(total, distinct((*joined(*scores, *weights), run)))


def score(low: Lowering, entry: Entry, row: tree.Criterion, run: Node) -> Val:
    """The score of each member of a run under one criterion, between 0 and 1."""
    return low.kept(("score", entry.name, row.name.text, run.number), lambda: _score(low, entry, row, run), entry)


def _score(low: Lowering, entry: Entry, row: tree.Criterion, run: Node) -> Val:
    build, node = low.build, entry.node
    assert isinstance(node, tree.Criteria)
    there = Here(each=True, run=run)
    with build.under(run):
        measure, worst, best = (low.partial(each, there) for each in (row.measure, row.worst, row.best))
        made, known = build.quotient(build.sub(measure.node, worst.node), build.sub(best.node, worst.node))
        found = build.min(build.max(made, build.constant(0)), build.constant(1))
        value = Val(found, distinct((*joined(measure, worst, best), known)))
        return value if node.informed is None else _informed(low, node.informed, value, run)


def _nobody_has_a_share(low: Lowering, by: tree.Expr, run: Node) -> bool:
    """Whether the data are shares of nothing, for everybody in a run that is the same in all cases."""
    codes = codes_in(low, run)
    found = [low.engine.eval(by, Env(member=each, run=codes)) for each in codes or ()]
    return all(no_share(each) for each in found)


def _informed(low: Lowering, line: tree.Informed, of: Val, run: Node) -> Val:
    """A score mixed with data, each member's relative to the largest; without any data the score stands alone."""
    build = low.build
    place = Here(each=True, run=run)
    if not low.touched(line.by, place) and _nobody_has_a_share(low, line.by, run):
        return of
    data = low.partial(line.by, place)
    weight = low.partial(line.weight, Here(run=run))
    known = low.known_of_all(data, run)
    shared = build.constant(True)
    if isinstance(line.by, tree.Aggregate) and line.by.op == "share":
        # Where nobody has a share, since all is nothing, the data are left out.
        shared, known = reduce(build.both, known, shared), ()
    figures = low.sure(Val(data.node, known))
    most = build.greatest(figures, run)
    part, there = build.quotient(figures, most)
    there = build.both(there, shared)
    mixed = build.add(build.mul(build.sub(build.constant(1), weight.node), of.node), build.mul(weight.node, part))
    return Val(build.where(there, mixed, of.node), distinct((*of.known, *weight.known)))
