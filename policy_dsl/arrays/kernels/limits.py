"""Sharing in proportion to weights within limits, of many cases at once: `policy_dsl.sharing.limits` and `levels`.

Whoever passes a limit is pinned there and the rest is shared out again, on the side on which the limits move more than
on the other, until nobody passes a limit. In exact figures that ends at the one factor at which the shares, each held
between its limits, sum to the total. Here the end is what is proved: if with the factor found everyone pinned at a
floor would stand below it, everyone at a ceiling above it, and everyone free between, each by more than what the
figures may be off by, then this is that factor, and the way to it does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

import numpy as np

from policy_dsl.arrays.kernels.reading import BOUND, Array, Figure, add
from policy_dsl.records import dataclass

Limit = Figure | None


@dataclass(slots=True, eq=False)
class Holding:
    """Shares within limits, on their way. Weights are those of members not pinned, 0 of all others.

    `rest` is what the free share, `scale` the sum of their weights: a free member's share is weight · rest / scale.
    """

    rest: Figure
    scale: Array
    weights: Array
    pinned: Array
    pinned_off: Array | None
    at_floor: Array
    at_ceiling: Array
    close: Array
    conflict: Array
    uncovered: Array
    uncovered_off: Array | None = None
    share: Array = field(default_factory=lambda: np.empty(0))
    share_off: Array = field(default_factory=lambda: np.empty(0))

    @property
    def free(self) -> Array:
        """Whether anybody is free who has a weight, in each case."""
        return self.scale > 0


def hold(
    total: Figure, weight: Figure, levels: Sequence[tuple[Limit, Limit]], *, whole: bool, mask: Array | None
) -> Holding:
    """The shares of those in the mask. With `whole` every comparison is one of whole numbers, exact."""
    weight = weight.held(mask)
    cases = len(weight.value)
    made = Holding(
        rest=total,
        scale=weight.value.sum(axis=1, keepdims=True),
        weights=weight.value,
        pinned=np.zeros(weight.value.shape),
        pinned_off=None,
        at_floor=np.zeros(weight.value.shape, bool),
        at_ceiling=np.zeros(weight.value.shape, bool),
        close=np.zeros((cases, 1), bool),
        conflict=np.zeros((cases, 1), bool),
        uncovered=np.zeros((cases, 1)),
    )
    for number, (floor, ceiling) in enumerate(levels):
        floor = None if floor is None else floor.held(mask)
        ceiling = None if ceiling is None else ceiling.held(mask, np.inf)
        _level(made, weight, floor, ceiling, whole=whole, first=number == 0)
    _leave(made)
    _shares(made, weight, whole=whole)
    return made


def _level(made: Holding, weight: Figure, floor: Limit, ceiling: Limit, *, whole: bool, first: bool) -> None:
    if floor is None and ceiling is None:
        return
    before = made.at_floor | made.at_ceiling if not first else None
    if before is not None:
        _leave(made)
        _stay(made, before, floor, ceiling)
        floor = None if floor is None else floor.held(~before)
        ceiling = None if ceiling is None else ceiling.held(~before, np.inf)
    _conflicts(made, floor, ceiling)
    start = made.rest
    _iterate(made, floor, ceiling)
    if whole:
        made.rest = Figure(made.rest.value, None, whole=True)
        return
    _pin(made, start, floor, ceiling, before)
    _prove(made, weight, floor, ceiling, before)


def _leave(made: Holding) -> None:
    """Where nobody is free, what is left is covered by nobody; no later level has it to share."""
    left = ~made.free
    made.uncovered = made.uncovered + np.where(left, made.rest.value, 0.0)
    off = made.rest.off
    if off is not None:
        made.uncovered_off = add(made.uncovered_off, np.where(left, off, 0.0))
        off = np.where(left, 0.0, off)
    made.rest = Figure(np.where(left, 0.0, made.rest.value), off, made.rest.whole)


def _stay(made: Holding, before: Array, floor: Limit, ceiling: Limit) -> None:
    """Who is held in an earlier level stays; a limit of a later one that this does not keep makes a conflict."""
    for limit, sign in ((floor, 1.0), (ceiling, -1.0)):
        if limit is not None:
            short = np.where(before, sign * (limit.value - made.pinned), -np.inf)
            _exceeds(made, short, add(limit.off, made.pinned_off))


def _conflicts(made: Holding, floor: Limit, ceiling: Limit) -> None:
    if floor is None:
        return
    if ceiling is not None:
        _exceeds(made, floor.value - ceiling.value, add(floor.off, ceiling.off))
    needed = floor.value.sum(axis=1, keepdims=True)
    off = add(made.rest.off, None if floor.off is None else floor.off.sum(axis=1, keepdims=True))
    if not (floor.whole and made.rest.whole):
        off = add(off, (floor.value.shape[1] + 1) * BOUND * (needed + np.abs(made.rest.value)))
    _exceeds(made, needed - made.rest.value, off)


def _exceeds(made: Holding, above: Array, off: Array | None) -> None:
    """A conflict where something is above nothing, and a doubt where it is near it."""
    made.conflict |= np.any(above > 0, axis=1, keepdims=True)
    if off is not None:
        made.close |= np.any((np.abs(above) <= off) & (off > 0), axis=1, keepdims=True)


def _iterate(made: Holding, floor: Limit, ceiling: Limit) -> None:
    """Pin until nobody passes a limit.

    In whole numbers this is the exact way: what is passed on either side sums to no more than total · sum of weights,
    if the floors keep to the total.
    """
    members = made.weights.shape[1]
    weights, rest, scale = made.weights, made.rest.value, made.scale
    low = None if floor is None else floor.value
    high = None if ceiling is None else ceiling.value
    at_floor, at_ceiling = made.at_floor, made.at_ceiling
    if low is not None:
        # A member of no weight gets its floor.
        idle = (weights == 0) & (low > 0)
        if idle.any():
            at_floor = at_floor | idle
            rest = rest - np.where(idle, low, 0.0).sum(axis=1, keepdims=True)
            low = np.where(idle, 0.0, low)
    rest = np.broadcast_to(rest, scale.shape)
    to_floor, to_ceiling = _passing(weights, rest, scale, low, high)
    pinning = _any_of(to_floor, to_ceiling)
    live = np.flatnonzero(pinning)
    if live.size or at_floor is not made.at_floor:
        rest = rest.copy()
        at_floor, at_ceiling = at_floor.copy(), at_ceiling.copy()
        weights, scale = weights.copy(), scale.copy()
        w, r = weights[live], rest[live]
        lo, hi = (None if each is None else each[live] for each in (low, high))
        to_floor, to_ceiling = (None if each is None else each[live] for each in (to_floor, to_ceiling))
        for _ in range(members + 1):
            if not live.size:
                break
            for to, side, limit in ((to_floor, at_floor, lo), (to_ceiling, at_ceiling, hi)):
                if to is not None and limit is not None:
                    side[live] |= to
                    r = r - np.where(to, limit, 0.0).sum(axis=1, keepdims=True)
                    w = np.where(to, 0.0, w)
                    if lo is not None:
                        lo = np.where(to, 0.0, lo)
            s = w.sum(axis=1, keepdims=True)
            rest[live], weights[live], scale[live] = r, w, s
            to_floor, to_ceiling = _passing(w, r, s, lo, hi)
            again = _any_of(to_floor, to_ceiling)
            live, w, r = live[again], w[again], r[again]
            lo, hi, to_floor, to_ceiling = (
                None if each is None else each[again] for each in (lo, hi, to_floor, to_ceiling)
            )
    made.at_floor, made.at_ceiling, made.weights, made.scale = at_floor, at_ceiling, weights, scale
    made.rest = Figure(rest, made.rest.off, made.rest.whole)
    for side, bound in ((at_floor, floor), (at_ceiling, ceiling)):
        if bound is not None:
            limit = bound.value
            made.pinned = np.where(side & (limit > 0) & np.isfinite(limit), limit, made.pinned)


def _passing(
    weights: Array, rest: Array, scale: Array, low: Array | None, high: Array | None
) -> tuple[Array | None, Array | None]:
    """Who is to be pinned at a floor and at a ceiling: those who pass it, on the side on which more is passed."""
    due = weights * rest
    there = np.asarray(scale > 0)
    below = None if low is None else low * scale - due
    with np.errstate(invalid="ignore"):
        above = None if high is None else due - high * scale
    if below is None:
        return None, None if above is None else np.asarray(above > 0) & there
    if above is None:
        return np.asarray(below > 0) & there, None
    under, over = (below > 0) & there, (above > 0) & there
    violation = np.where(under, below, 0.0).sum(axis=1, keepdims=True)
    violation -= np.where(over, above, 0.0).sum(axis=1, keepdims=True)
    return under & (violation >= 0), over & (violation <= 0)


def _any_of(one: Array | None, other: Array | None) -> Array:
    there = [each for each in (one, other) if each is not None]
    return np.asarray(np.any(there[0] if len(there) == 1 else there[0] | there[1], axis=1))


def _pin(made: Holding, start: Figure, floor: Limit, ceiling: Limit, before: Array | None) -> None:
    """What the rest of the free may be off by when those pinned have been given theirs."""
    off = start.off
    for side, limit in ((made.at_floor, floor), (made.at_ceiling, ceiling)):
        if limit is not None and limit.off is not None:
            new = side if before is None else side & ~before
            own = np.where(new & np.isfinite(limit.value), limit.off, 0.0)
            off = add(off, own.sum(axis=1, keepdims=True))
            made.pinned_off = add(made.pinned_off, own)
    limits_whole = all(limit is None or limit.whole for limit in (floor, ceiling))
    if not (start.whole and limits_whole):
        size = np.abs(start.value) + made.pinned.sum(axis=1, keepdims=True)
        off = add(off, (made.weights.shape[1] + 2) * BOUND * size)
    made.rest = Figure(made.rest.value, off, made.rest.whole and limits_whole)


def _factor(made: Holding, weight: Figure) -> tuple[Array, Array]:
    """The factor of the free, and a bound on what it is off by; nothing where nobody is free."""
    members = made.weights.shape[1]
    off = np.zeros(made.scale.shape) if weight.off is None else _sum_where(made.weights > 0, weight.off)
    if not weight.whole:
        off = off + members * BOUND * made.scale
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(made.free, made.rest.value / made.scale, 0.0)
        spread = (0.0 if made.rest.off is None else made.rest.off) + np.abs(factor) * off
        factor_off = spread / (made.scale - off) + BOUND * np.abs(factor)
    factor_off = np.where(made.free & (off < made.scale), factor_off, np.inf)
    return factor, factor_off


def _sum_where(where: Array, values: Array) -> Array:
    return np.asarray(np.where(where, values, 0.0).sum(axis=1, keepdims=True))


def _prove(made: Holding, weight: Figure, floor: Limit, ceiling: Limit, before: Array | None) -> None:
    """Whether the end found is the end in exact figures."""
    factor, factor_off = _factor(made, weight)
    due = weight.value * factor
    with np.errstate(invalid="ignore"):
        due_off = weight.value * factor_off + 2 * BOUND * np.abs(due)
        if weight.off is not None:
            due_off = due_off + weight.off * (np.abs(factor) + factor_off)
    wrong = np.zeros(due.shape, bool)
    weighty = weight.value > 0 if weight.off is None else weight.value + weight.off > 0
    for side, limit, sign in ((made.at_floor, floor, 1.0), (made.at_ceiling, ceiling, -1.0)):
        if limit is None:
            continue
        off = due_off if limit.off is None else due_off + limit.off
        past = sign * (limit.value - due)
        there = (limit.value > 0) | (limit.off is not None and limit.off > 0) if sign > 0 else np.isfinite(limit.value)
        if before is not None:
            there = there & ~before
        # Who has a weight and stands exactly at a limit is held there or not as the rounds went.
        wrong |= there & (((np.abs(past) <= off) & weighty) | ((past > 0) != side))
    made.close |= np.any(wrong, axis=1, keepdims=True) & made.free
    # Nobody is free: all stand at their ceilings, or it takes the exact rounds to say who stands where.
    low = made.at_floor if before is None else made.at_floor & ~before
    unsure = np.any(low & (weight.value > 0), axis=1, keepdims=True)
    if weight.off is not None:
        nothing = np.any((weight.value <= weight.off) & (weight.off > 0), axis=1, keepdims=True)
        unsure |= nothing
    if ceiling is not None:
        full = made.rest.value - (0.0 if made.rest.off is None else made.rest.off)
        unsure |= (full <= 0) & np.any(made.at_ceiling, axis=1, keepdims=True)
    made.close |= unsure & ~made.free


def _shares(made: Holding, weight: Figure, *, whole: bool) -> None:
    """What each gets: its limit, or its part of the rest."""
    held = made.at_floor | made.at_ceiling
    with np.errstate(divide="ignore", invalid="ignore"):
        part = made.weights * made.rest.value / made.scale
    part = np.where(made.free, part, 0.0)
    made.share = np.where(held, made.pinned, part)
    if whole:
        made.share_off = np.where(held, 0.0, 2 * BOUND * part)
        return
    factor, factor_off = _factor(made, weight)
    with np.errstate(invalid="ignore"):
        off = made.weights * np.where(made.free, factor_off, 0.0) + 2 * BOUND * part
        if weight.off is not None:
            off = off + weight.off * (np.abs(factor) + np.where(made.free, factor_off, 0.0))
    own = 0.0 if made.pinned_off is None else made.pinned_off
    made.share_off = np.where(held, own, off)
