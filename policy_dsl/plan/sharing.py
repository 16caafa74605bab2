"""The lowering of `apportion`: the pipeline of the exact engine (`evaluate.apportion`), stage by stage.

Its order is that of the engine: who, fixed amounts, weights, relief, limits, credits, rounding and ties, remainder.
With a `rounding` line everything from the limits on is counted in steps, so that limits are whole numbers; where totals
and weights are whole too, all is decided in whole numbers (`kernels.Sharing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from policy_dsl.evaluate.definitions import reservation
from policy_dsl.evaluate.shares import drawn
from policy_dsl.plan import ranks, sharing_lines
from policy_dsl.plan.kernels import Crediting, Off, Rounding, Sharing, Ties
from policy_dsl.plan.keys import among
from policy_dsl.plan.lowering import Here, Lowering, NotLowered, SharedOut
from policy_dsl.plan.nodes import WHOLE, Node
from policy_dsl.plan.sharing_bands import Bands, bands_of
from policy_dsl.plan.sharing_lines import Limits, Work
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """What limits and rounding gave: `share` after limits, `got` in the end, both counted in the unit of the work.

    `left` is what limits and ceilings refuse, `residue` what is less than a step.
    """

    share: Node
    got: Node
    held: Node
    left: Node
    residue: Node


def share_out(low: Lowering, entry: Entry, cohort: str) -> SharedOut:
    """An apportionment that rests on a column. Raises `NotLowered`."""
    node = entry.node
    assert isinstance(node, tree.Apportion)
    if node.total is None or (node.how is not None and node.how.word == "minimising"):
        raise NotLowered("minimising", node, entry)
    if any(each.apportionment == entry.name for each in low.engine.case.adjustments) and node.adjusted is not None:
        raise NotLowered("adjusted", node.adjusted, entry)
    build = low.build
    total = low.figure(node.total.expr, Here(cohort=cohort))
    if total.low < 0:
        build.doubt("no value", build.less(total, build.constant(0)))
        total = build.between(total, 0.0, max(total.high, 0.0))
    inside = build.both(among(low, entry, cohort), _unreserved(low, entry, outside_only=True))
    here = Here(cohort=cohort, each=True, total=total)
    fixed_mask, fixed, rest = sharing_lines.fixed(low, node, here, inside, total)
    run = build.both(inside, build.negation(fixed_mask))
    here = Here(cohort=cohort, each=True, run=run, total=total)
    work = Work(low, entry, node, here, run, sharing_lines.step_of(low, entry, here), rest)
    bands = bands_of(work) if node.bands is not None else None
    weight = sharing_lines.weights(work) if bands is None else bands.weights(work)
    if node.relief:
        if bands is not None:
            raise NotLowered("kind", node.relief[0], entry)
        weight = sharing_lines.relieved(work, weight)
    limits = sharing_lines.limits(work)
    if bands is not None and sum(each.floor is not None for each in limits.levels) > 1:
        raise NotLowered("kind", node.limits[0], entry)
    dealt = _deal(work, weight, limits, bands)
    extra, left, residue = _remainder(work, dealt)
    return _aspects(work, dealt, (fixed_mask, fixed), inside, extra, left, residue, bands, total)


def _unreserved(low: Lowering, entry: Entry, *, outside_only: bool) -> Node:
    """Who made no reservation to the apportionment; or none that says nothing else, which means to stay outside."""

    def free(member: str) -> bool:
        found = reservation(low.engine, entry.name, member)
        return found is None or (outside_only and found[1].value is not None)

    return low.build.row(free(each) for each in low.frame.members)


# ---- limits, credits, rounding ---------------------------------------------------------------------------------------


def _deal(work: Work, weight: Node, limits: Limits, bands: Bands | None) -> Dealt:
    """Share by weights within limits, take off credits, and round."""
    build, node = work.build, work.node
    method = node.rounding.method.text if node.rounding is not None else ""
    ties, tie_args = _ties(work, work.here, (weight, *limits.figures))
    # The ceiling in rounding is that of the last level in which a member has one; with one level that is its ceiling.
    fused = bool(method) and not node.less and limits.one_ceiling
    band = None if bands is None else bands.band
    made = _sharing(work, work.rest, weight, limits, (work.run, band), method if fused else "", ties, tie_args)
    uncovered = made.left
    held = build.where(
        made.at_floor, build.constant(1), build.where(made.at_ceiling, build.constant(2), build.constant(0))
    )
    if fused:
        return Dealt(made.share, made.steps, held, build.add(uncovered, made.unplaced), made.residue)
    due, raised, borne, refunded = _credited(work, made.share, build.sub(work.rest, uncovered))
    if not method:
        return Dealt(made.share, due, held, uncovered, build.constant(0))
    if borne:
        ties, tie_args = _ties(work, work.here, (weight, *limits.figures, *borne))
    # Whoever stands at a floor keeps it: a whole number of steps, exact though the shares of others may be off.
    floor = None if node.less else build.where(made.at_floor, build.nearest(made.share), build.constant(0))
    rounded = _rounding(
        work,
        method,
        due,
        (work.run, band),
        shared=raised if bands is None else None,
        low=floor,
        high=None if refunded else limits.last_ceiling,
        ties=ties,
        tie_args=tie_args,
    )
    return Dealt(made.share, rounded.steps, held, build.add(uncovered, rounded.unplaced), rounded.residue)


def _credited(work: Work, share: Node, shared: Node) -> tuple[Node, Node, list[Node], bool]:
    """What each owes, what all owe together, the credits, and whether an excess is paid out."""
    build, low = work.build, work.low
    due, raised, borne, refunded = share, shared, list[Node](), False
    for line in work.node.less:
        if refunded:
            raise NotLowered("kind", line, work.entry)
        credit = work.counted(low.figure(line.credit, work.here, work.run))
        if credit.low < 0:
            build.doubt("no value", build.both(build.less(credit, build.constant(0)), work.run))
            credit = build.between(credit, 0.0, max(credit.high, 0.0))
        borne.append(credit)
        refunded = line.refunded
        raised = build.sub(raised, build.sum(credit, work.run))
        if refunded:
            due = build.sub(due, credit)
            continue
        (share_off, share_args), (credit_off, credit_args) = (ranks.figure(build, each) for each in (due, credit))
        raised_off, raised_args = ranks.figure(build, raised)
        mask = work.mask(work.run)
        made = build.kernel(
            "credit",
            (mask, *share_args, *credit_args, *raised_args),
            Crediting(build.size, share_off, credit_off, raised_off, mask is not None),
        )
        bound = build.part(made, "due_off", membered=True, low=0.0)
        due = build.part(made, "due", membered=True, low=0.0, high=max(due.high, 0.0), error=bound)
        raised = build.max(raised, build.constant(0))
    return due, raised, borne, refunded


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """The results of a kernel as nodes."""

    share: Node
    at_floor: Node
    at_ceiling: Node
    left: Node
    steps: Node
    residue: Node
    unplaced: Node


def _sharing(
    work: Work,
    total: Node,
    weight: Node,
    limits: Limits,
    who: tuple[Node, Node | None],
    method: str,
    ties: Ties,
    tie_args: Sequence[Node],
) -> _Shared:
    build = work.build
    run, band = who
    whole = _all_whole(work, total, weight, limits)
    total_off, total_args = ranks.figure(build, total)
    weight_off, weight_args = ranks.figure(build, weight)
    levels, limit_args = limits.args(build)
    mask = work.mask(run)
    data = Sharing(
        build.size,
        total_off,
        weight_off,
        levels,
        mask is not None,
        band is not None,
        whole,
        method,
        ties if method else Ties(),
    )
    args = (mask, band, *total_args, *weight_args, *limit_args, *(tie_args if method else ()))
    made = build.kernel("share_out", args, data)
    build.doubt("close", build.part(made, "close", membered=False, truth=True))
    if limits.floors:
        build.doubt("no value", build.part(made, "conflict", membered=False, truth=True))
    if method:
        build.doubt("open", build.part(made, "open", membered=False, truth=True))
    top = max(total.high, 0.0)
    # In whole numbers a share is a limit, or one product and one quotient.
    off: float | Node = 3.0 if whole and method else build.part(made, "share_off", membered=True, low=0.0)
    # What is left over is what whole limits leave of a whole total.
    sure = total_off.whole and all(each.whole for level in levels for each in (level.floor, level.ceiling) if each)
    left_off: float | Node = 0.0 if sure else build.part(made, "uncovered_off", membered=False, low=0.0)
    nothing = build.constant(0)
    return _Shared(
        build.part(made, "share", membered=True, low=0.0, high=top, error=off),
        build.part(made, "at_floor", membered=True, truth=True),
        build.part(made, "at_ceiling", membered=True, truth=True),
        build.part(made, "uncovered", membered=False, low=0.0, high=top, whole=sure, error=left_off),
        build.part(made, "steps", membered=True, low=0.0, high=top, whole=True) if method else nothing,
        _residue(work, made, total, method) if method else nothing,
        build.part(made, "unplaced", membered=False, low=0.0, high=top, whole=True) if method else nothing,
    )


def _residue(work: Work, made: Node, total: Node, method: str) -> Node:
    build = work.build
    if method not in sharing_lines.CONSERVING or (total.whole and total.exact and not work.node.less):
        return build.constant(0)
    off = build.part(made, "residue_off", membered=False, low=0.0)
    return build.part(made, "residue", membered=False, low=0.0, high=float(build.size), error=off)


def _all_whole(work: Work, total: Node, weight: Node, limits: Limits) -> bool:
    """Whether all can be decided in whole numbers: see `kernels.Sharing`."""
    figures = (total, weight, *limits.figures)
    if not all(each.whole and each.exact for each in figures):
        return False
    most = max(total.high, 0.0, *(each.high for each in limits.figures)) + 1
    return most * work.build.size * (weight.high + 1) < WHOLE


@dataclass(frozen=True, slots=True, eq=False)
class _Rounded:
    steps: Node
    residue: Node
    unplaced: Node


def _rounding(
    work: Work,
    method: str,
    quota: Node,
    who: tuple[Node, Node | None],
    *,
    shared: Node | None,
    low: Node | None,
    high: Node | None,
    ties: Ties,
    tie_args: Sequence[Node],
) -> _Rounded:
    build = work.build
    run, band = who
    quota_off, quota_args = ranks.figure(build, quota)
    shared_off, shared_args = ranks.figure(build, shared) if shared is not None else (None, ())
    high_off, high_args = ranks.figure(build, high) if high is not None else (None, ())
    mask = work.mask(run)
    data = Rounding(
        build.size,
        method,
        quota_off,
        shared_off,
        low is not None,
        high_off,
        lifted=True,
        masked=mask is not None,
        banded=band is not None,
        ties=ties,
    )
    args = (mask, band, *quota_args, *shared_args, low, *high_args, *tie_args)
    made = build.kernel("round", args, data)
    for why, name in (("close", "close"), ("no value", "conflict"), ("open", "open")):
        build.doubt(why, build.part(made, name, membered=False, truth=True))
    bottom = min(quota.low, 0.0)
    return _Rounded(
        build.part(made, "steps", membered=True, low=bottom - 1, high=max(quota.high, 0.0) + 1, whole=True),
        _residue(work, made, shared if shared is not None else quota, method),
        build.part(made, "unplaced", membered=False, low=0.0, whole=True),
    )


def _ties(work: Work, here: Here, rests: Sequence[Node]) -> tuple[Ties, tuple[Node, ...]]:
    """By what ties are settled, as a record and as args."""
    build, low = work.build, work.low
    own = ranks.leaves(build, rests)
    nodes = []
    by_lot = False
    for line in work.node.ties:
        if isinstance(line.expr, tree.Name) and line.expr.text == "lot":
            by_lot = True
        else:
            nodes.append(low.figure(line.expr, here, here.run))
    by, args = ranks.all_compared(build, nodes)
    draw = drawn(low.engine, work.entry) if by_lot else None
    lot: tuple[Node, ...] = ()
    if draw:
        place = {member: number for number, member in enumerate(draw, start=1)}
        lot = (build.row(Fraction(place.get(each, 0)) for each in low.frame.members),)
    return Ties(None if own is None else len(own), by, bool(lot)), (*(own or ()), *args, *lot)


# ---- remainder -------------------------------------------------------------------------------------------------------


def _remainder(work: Work, dealt: Dealt) -> tuple[Node | None, Node, Node]:
    """What takers get of what was left over, what is left then, and the residue."""
    low, build, node = work.low, work.build, work.node
    line, left = node.remainder, dealt.left
    if line is None or isinstance(line.group, tree.Nothing) or (left.op == "constant" and left.data == 0):
        return None, left, dealt.residue
    there = build.less(build.constant(0), left)
    with build.under(there):
        group = low.group(line.group, Here(cohort=work.here.cohort, total=work.here.total))
        takers = build.both(group, _unreserved(low, work.entry, outside_only=False))
        here = Here(cohort=work.here.cohort, each=True, run=takers, total=work.here.total)
        weight = build.constant(1)
        if line.weight is not None:
            weight = sharing_lines.proportional(build, sharing_lines.not_negative(low, line.weight, here))
        limits = sharing_lines.most(work, line.most, here, left)
        method = node.rounding.method.text if node.rounding is not None else ""
        ties, tie_args = _ties(work, here, (weight, *limits.figures)) if method else (Ties(), ())
        made = _sharing(work, left, weight, limits, (takers, None), method, ties, tie_args)
    if not method:
        return made.share, made.left, dealt.residue
    return made.steps, build.add(made.left, made.unplaced), build.add(dealt.residue, made.residue)


# ---- results ---------------------------------------------------------------------------------------------------------


def _aspects(
    work: Work,
    dealt: Dealt,
    fixed: tuple[Node, Node],
    inside: Node,
    extra: Node | None,
    left: Node,
    residue: Node,
    bands: Bands | None,
    total: Node,
) -> SharedOut:
    build, nothing = work.build, work.build.constant(0)
    # What a kernel gives of those outside its mask is nothing.
    got = dealt.got if dealt.got.op == "part" else build.where(work.run, dealt.got, nothing)
    if extra is not None:
        got = build.add(got, extra)
    amount = work.amount(got)
    if not (fixed[0].op == "constant" and fixed[0].data is False):
        amount = build.add(amount, build.where(fixed[0], fixed[1], nothing))
    aspects = {
        "share": amount,
        "exact": work.amount(dealt.share),
        "held": dealt.held,
        "band": bands.band if bands is not None else nothing,
        "outside": build.negation(inside),
        "total": total,
        "unallocated": work.amount(left),
        "residue": work.amount(residue),
    }
    if work.node.rounding is not None:
        if work.node.rounding.residue is not None and not (residue.op == "constant" and residue.data == 0):
            # The residue goes to one member, whose share is then no whole number of steps.
            build.doubt("open", build.less(nothing, residue))
        steps = got
        if amount is not work.amount(got):
            whole = ranks.whole(build, work.counted(amount))
            if whole is None:
                return SharedOut(aspects)
            steps = whole
        aspects["steps"] = steps
    return SharedOut(aspects)


__all__ = ["Off", "share_out"]
