"""Members similarly placed by criteria in order: their bands, and weights that are found anew in each."""

from __future__ import annotations

from policy_dsl.plan import criteria, ranks
from policy_dsl.plan.kernels import Banding
from policy_dsl.plan.lowering import Here, NotLowered, ranges_over_run
from policy_dsl.plan.nodes import Node
from policy_dsl.plan.sharing_lines import Work, not_negative, proportional, weights
from policy_dsl.records import dataclass
from policy_dsl.syntax import tree

MOST_BANDS = 12
"""Weights that differ from band to band are made for so many of them; a case with more is left to the engine."""


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """The number of each member's band, from 1; 0 outside the run."""

    band: Node

    def weights(self, work: Work) -> Node:
        """The weights of all bands in one: a share is a share over the band, so that each has its own."""
        how, build, low = work.node.how, work.build, work.low
        if how is None or how.word != "by" or not ranges_over_run(low.engine, how.expr):
            return weights(work)
        found: Node | None = None
        last = min(build.size, MOST_BANDS)
        for number in range(last, 0, -1):
            run = build.both(work.run, build.equal(self.band, build.constant(number)))
            here = Here(cohort=work.here.cohort, each=True, run=run, total=work.here.total)
            with build.under(run):
                own = proportional(build, not_negative(low, how.expr, here))
            found = own if found is None else build.where(run, own, found)
        if last < build.size:
            build.doubt("open", build.any(build.less(build.constant(last), self.band), work.run))
        assert found is not None
        return found


def bands_of(work: Work) -> Bands:
    """The bands of a run, by the scores of its members."""
    low, build = work.low, work.build
    assert work.node.bands is not None
    entry = low.program.entries[work.node.bands.text]
    node = entry.node
    assert isinstance(node, tree.Criteria)
    if node.similar is None:
        raise NotLowered("kind", node, entry)
    within = low.figure(node.similar.expr, Here())
    scores = [low.sure(criteria.score(low, entry, row, work.run), work.run) for row in node.rows]
    within, *scores = ranks.together(build, (within, *scores))
    within_off, within_args = ranks.figure(build, within)
    by, args = zip(*(ranks.measured(build, each) for each in scores), strict=True)
    mask = work.mask(work.run)
    every = (mask, *within_args, *(node for own in args for node in own))
    made = build.kernel("bands", every, Banding(build.size, by, within_off, mask is not None))
    build.doubt("close", build.part(made, "close", membered=False, truth=True))
    return Bands(build.part(made, "band", membered=True, low=0.0, high=float(build.size), whole=True))
