"""A total shared by weights within limits and in whole steps, band after band; credits; rounding by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policy_dsl.arrays.kernels.claims import CONSERVING, Quotas
from policy_dsl.arrays.kernels.limits import Holding, Limit, hold
from policy_dsl.arrays.kernels.reading import BOUND, Array, Figure, Reader, Settling, add
from policy_dsl.arrays.kernels.rounding import in_steps
from policy_dsl.plan.bounds import SAFE
from policy_dsl.plan.kernels import Crediting, Rounding, Sharing
from policy_dsl.records import dataclass

Results = dict[str, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The args of sharing out: of all cases, or of some."""

    total: Figure
    weight: Figure
    levels: tuple[tuple[Limit, Limit], ...]
    by: Settling
    cases: int
    members: int

    def of(self, cases: Array) -> Given:
        """Those of some cases."""
        levels = tuple(
            (None if low is None else low.of(cases), None if high is None else high.of(cases))
            for low, high in self.levels
        )
        by = self.by.of(cases, self.members, self.cases)
        return Given(self.total.of(cases), self.weight.of(cases), levels, by, cases.size, self.members)


def share_out(data: Sharing, *args: Array) -> Mapping[str, Array]:
    """See `Sharing`."""
    reader = Reader(args, data.size)
    n, m = reader.cases, data.size
    mask = reader.mask(data.masked)
    band = reader.full() if data.banded else None
    total = reader.figure(data.total).over(n, 1)
    weight = reader.figure(data.weight).over(n, m)
    levels = []
    for level in data.levels:
        low = None if level.floor is None else reader.figure(level.floor).over(n, m)
        high = None if level.ceiling is None else reader.figure(level.ceiling).over(n, m)
        levels.append((low, high))
    given = Given(total, weight, tuple(levels), reader.settling(data.ties), n, m)
    if band is None:
        return _shared(data, given, mask)
    return _banded(data, given, band if mask is None else np.where(mask, band, 0.0))


def _banded(data: Sharing, given: Given, band: Array) -> Results:
    """The first band is filled up to its ceilings, what it can't take passes to the next; floors are kept back."""
    n, m = band.shape
    kept = _floors(given, band > 0)
    rest = given.total
    short = Figure(kept.value - rest.value, add(kept.off, rest.off))
    made = _nothing(data, n, m)
    made["conflict"] |= short.value > 0
    if short.off is not None:
        made["close"] |= (np.abs(short.value) <= short.off) & (short.off > 0)
    whole = rest.whole and kept.whole
    left, left_off = rest.value.copy(), np.zeros((n, 1)) if rest.off is None else rest.off.copy()
    keep, keep_off = kept.value.copy(), np.zeros((n, 1)) if kept.off is None else kept.off.copy()
    last = int(band.max(initial=0.0))
    for number in range(1, last + 1):
        live = np.flatnonzero((band >= number).any(axis=1))
        inside = band[live] == number
        part = given.of(live)
        own = _floors(part, inside)
        keep[live] -= own.value
        if own.off is not None:
            # What is subtracted may be off as much as what it is taken from: bounds add up.
            keep_off[live] += own.off
        if not whole:
            keep_off[live] += 4 * BOUND * (np.abs(keep[live]) + own.value)
        offered = left[live] - keep[live]
        offered_off = left_off[live] + keep_off[live]
        if not whole:
            offered_off = offered_off + BOUND * np.abs(offered)
        off = None if whole or not offered_off.any() else offered_off
        total = Figure(np.maximum(offered, 0.0), off, whole)
        found = _shared(data, Given(total, part.weight, part.levels, part.by, live.size, m), inside)
        for name in _EACH & found.keys():
            made[name][live] = np.where(inside, found[name], made[name][live])
        for name in _SUMS & found.keys():
            made[name][live] = (
                made[name][live] | found[name] if made[name].dtype == bool else made[name][live] + found[name]
            )
        left[live] = keep[live] + found["uncovered"]
        left_off[live] = keep_off[live] + found["uncovered_off"]
    made["uncovered"], made["uncovered_off"] = left, left_off
    return made


_EACH = frozenset({"share", "share_off", "at_floor", "at_ceiling", "steps"})
_SUMS = frozenset({"close", "conflict", "open", "residue", "residue_off", "unplaced"})


def _nothing(data: Sharing, n: int, m: int) -> Results:
    made: Results = {name: np.zeros((n, m)) for name in ("share", "share_off")}
    made |= {name: np.zeros((n, m), bool) for name in ("at_floor", "at_ceiling")}
    made |= {name: np.zeros((n, 1), bool) for name in ("close", "conflict")}
    if data.method:
        made["steps"] = np.zeros((n, m))
        made |= {name: np.zeros((n, 1)) for name in ("residue", "residue_off", "unplaced")}
        made["open"] = np.zeros((n, 1), bool)
    return made


def _floors(given: Given, inside: Array) -> Figure:
    """The sum of the floors of some."""
    value: Any = np.zeros(inside.shape)
    off: Any = None
    whole = True
    for low, _ in given.levels:
        if low is not None:
            value = np.where(low.value > 0, low.value, value)
            whole = whole and low.whole
            off = add(off, low.off)
    summed = np.where(inside, value, 0.0).sum(axis=1, keepdims=True)
    summed_off = None if off is None else np.where(inside, off, 0.0).sum(axis=1, keepdims=True)
    if not whole:
        summed_off = add(summed_off, inside.shape[1] * BOUND * summed)
    return Figure(summed, summed_off, whole)


def _shared(data: Sharing, given: Given, mask: Array | None) -> Results:
    held = hold(given.total, given.weight, given.levels, whole=data.whole, mask=mask)
    found: Results = {
        "share": held.share,
        "share_off": held.share_off,
        "at_floor": held.at_floor,
        "at_ceiling": held.at_ceiling,
        "uncovered": held.uncovered,
        "uncovered_off": np.zeros(held.uncovered.shape) if held.uncovered_off is None else held.uncovered_off,
        # A bound that is no number proves nothing.
        "close": held.close | np.any(np.isnan(held.share_off), axis=1, keepdims=True),
        "conflict": held.conflict,
    }
    if data.method:
        _in_steps(data, given, held, found, mask)
    return found


def _in_steps(data: Sharing, given: Given, held: Holding, found: Results, mask: Array | None) -> None:
    total, close = given.total, held.close
    at_limit = held.at_floor | held.at_ceiling
    pinned = held.pinned.sum(axis=1, keepdims=True)
    # Where somebody is free all is shared; else there is what stands at limits, in whole steps.
    shared = np.where(held.free, total.value, pinned)
    off = None if total.off is None or data.whole else np.where(held.free, total.off, 0.0)
    if data.whole:
        below = np.where(held.free, held.scale, 1.0)
        tops = np.where(at_limit, held.pinned * below, held.weights * held.rest.value)
        quotas = Quotas(held.share, None, tops, below)
    else:
        quotas = Quotas(held.share, held.share_off)
    low = np.where(held.at_floor, held.pinned, 0.0)
    high, uncertain = _high(given, held)
    if mask is not None:
        high = np.where(mask, high, 0.0)
    close = close | uncertain
    _rounded(data.method, quotas, Figure(shared, off, total.whole), low, high, given.by, found)
    found["close"] = found["close"] | close
    found["conflict"] = found["conflict"] | held.conflict


def _high(given: Given, held: Holding) -> tuple[Array, Array]:
    """The ceiling of each in the last level in which it has one, or its share where that is greater, in whole steps."""
    uncertain = np.zeros(held.scale.shape, bool)
    ceilings = [high for _, high in given.levels if high is not None]
    if not ceilings:
        return np.full(held.share.shape, np.inf), uncertain
    high = ceilings[0].value
    for each in ceilings[1:]:
        high = np.where(np.isfinite(each.value), each.value, high)
    if len(given.levels) > 1:
        above = held.share > high
        if above.any():
            free = ~(held.at_floor | held.at_ceiling)
            near = np.abs(held.share - np.rint(held.share)) <= held.share_off
            uncertain = np.any(above & free & near & (held.share_off > 0), axis=1, keepdims=True)
            high = np.where(above, np.floor(held.share), high)
    return high, uncertain


def _rounded(
    method: str, quotas: Quotas, shared: Figure, low: Array, high: Array, by: Settling, found: Results
) -> None:
    steps = shared.value if shared.whole else np.floor(shared.value)
    made = in_steps(method, quotas, steps, low, high, by)
    close = made.close
    conserving = method in CONSERVING
    if conserving and shared.off is not None:
        near = np.abs(shared.value - np.rint(shared.value)) <= shared.off
        close = close | (near & (shared.off > 0))
    found["steps"] = made.got
    found["residue"] = shared.value - steps if conserving else np.zeros(steps.shape)
    found["residue_off"] = np.zeros(steps.shape) if shared.off is None or not conserving else shared.off
    found["unplaced"] = made.unplaced
    found["open"] = made.open
    found["close"], found["conflict"] = close, made.conflict


def round_(data: Rounding, *args: Array) -> Mapping[str, Array]:
    """See `Rounding`."""
    reader = Reader(args, data.size)
    n, m = reader.cases, data.size
    mask = reader.mask(data.masked)
    band = reader.full() if data.banded else None
    quota = reader.figure(data.quota).over(n, m).held(mask)
    shared = None if data.shared is None else reader.figure(data.shared).over(n, m)
    low = reader.full() if data.low else np.zeros((n, m))
    high = None if data.high is None else reader.figure(data.high).over(n, m)
    by = reader.settling(data.ties)
    inside = np.ones((n, m), bool) if mask is None else mask
    if band is None:
        return _group(data, quota, shared, low, high, by, inside)
    band = np.where(inside, band, 0.0)
    made: Results = {"steps": np.zeros((n, m))}
    made |= {name: np.zeros((n, 1)) for name in ("residue", "residue_off", "unplaced")}
    made |= {name: np.zeros((n, 1), bool) for name in ("open", "close", "conflict")}
    for number in range(1, int(band.max(initial=0.0)) + 1):
        live = np.flatnonzero((band >= number).any(axis=1))
        own = band[live] == number
        found = _group(
            data,
            quota.of(live).held(own),
            None if shared is None else shared.of(live),
            low[live],
            None if high is None else high.of(live),
            by.of(live, m, n),
            own,
        )
        made["steps"][live] = np.where(own, found["steps"], made["steps"][live])
        for name in _SUMS:
            made[name][live] = made[name][live] + found[name]
    return made


def _group(
    data: Rounding,
    quota: Figure,
    shared: Figure | None,
    low: Array,
    high: Figure | None,
    by: Settling,
    inside: Array,
) -> Results:
    value, off = quota.value, quota.off
    uncertain = np.zeros((len(value), 1), bool)
    top = np.full(value.shape, np.inf)
    whole = np.floor(value)
    # Whether the whole part of a quota is uncertain; it matters for what limits are made of it.
    edge = np.zeros(value.shape, bool) if off is None else (np.abs(value - np.rint(value)) <= off) & (off > 0)
    if high is not None:
        top = np.floor(high.value)
        if high.off is not None:
            near = (np.abs(high.value - np.rint(high.value)) <= high.off) & (high.off > 0) & np.isfinite(high.value)
            uncertain |= np.any(near & inside, axis=1, keepdims=True)
        if data.lifted:
            # Near the ceiling, or above it, the whole part of the quota itself is the bound.
            reach = value + (0.0 if off is None else off)
            uncertain |= np.any(edge & inside & (np.rint(reach) > top), axis=1, keepdims=True)
            top = np.maximum(top, whole)
    low = np.where(inside, low, 0.0)
    least, most = _implied(value, whole, low, top, inside)
    negative = value < 0
    if negative.any():
        uncertain |= np.any(edge & negative, axis=1, keepdims=True)
    at = _sum_of_group(quota, shared, inside)
    found: Results = {}
    if data.method not in CONSERVING:
        least = np.where(low > 0, low, -np.inf)
        most = np.where(inside, top, 0.0)
        least = np.where(inside, least, 0.0)
    _rounded(data.method, Quotas(value, off), at, least, most, by, found)
    found["close"] = found["close"] | uncertain
    return found


def _implied(value: Array, whole: Array, low: Array, high: Array, inside: Array) -> tuple[Array, Array]:
    """Bounds for everybody: no payment below nothing, no refund above it (`round_shares`)."""
    lifted = np.where(low > 0, np.maximum(low - whole, 0.0), 0.0).sum(axis=1, keepdims=True)
    least = np.where((value >= 0) | (low > 0), low, whole - lifted)
    most = np.where(value < 0, np.maximum(least, 0.0), high)
    return least, np.where(inside, most, 0.0)


def _sum_of_group(quota: Figure, shared: Figure | None, inside: Array) -> Figure:
    if shared is None:
        value = quota.value.sum(axis=1, keepdims=True)
        if quota.off is None and quota.whole:
            return Figure(value, None, whole=True)
        off = quota.value.shape[1] * BOUND * np.abs(quota.value).sum(axis=1, keepdims=True)
        return Figure(value, add(off, None if quota.off is None else quota.off.sum(axis=1, keepdims=True)))
    first = np.argmax(inside, axis=1)[:, None]
    there = inside.any(axis=1, keepdims=True)
    value = np.where(there, np.take_along_axis(shared.value, first, axis=1), 0.0)
    off = None if shared.off is None else np.where(there, np.take_along_axis(shared.off, first, axis=1), 0.0)
    return Figure(value, off, shared.whole)


def credit(data: Crediting, *args: Array) -> Mapping[str, Array]:
    """See `Crediting`.

    The dues at a factor k sum to a convex function of k that is nothing at nothing; where it comes to what is to be
    raised, a part e of that moves k by no more than the same part of itself.
    """
    reader = Reader(args, data.size)
    n, m = reader.cases, data.size
    mask = reader.mask(data.masked)
    share = reader.figure(data.share).over(n, m).held(mask)
    borne = reader.figure(data.credit).over(n, m).held(mask)
    raised = reader.figure(data.raised).over(n, 1)
    to_raise = np.maximum(raised.value, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        start = np.where(share.value > 0, borne.value / share.value, np.inf)
        order = np.argsort(start, axis=1)
        paying = np.cumsum(np.take_along_axis(share.value, order, axis=1), axis=1)
        covered = np.cumsum(np.take_along_axis(borne.value, order, axis=1), axis=1)
        following = np.concatenate([np.take_along_axis(start, order, axis=1)[:, 1:], np.full((n, 1), np.inf)], axis=1)
        factors = (to_raise + covered) / paying
        first = np.argmax(factors <= following, axis=1)[:, None]
        factor = np.where(paying[:, -1:] > 0, np.take_along_axis(factors, first, axis=1), 0.0)
    owed = factor * share.value - borne.value
    size = factor * share.value + borne.value
    own = 4 * BOUND * size
    for each, times in ((share, factor), (borne, 1.0)):
        if each.off is not None:
            own = own + times * each.off
    raised_off = np.zeros((n, 1)) if raised.off is None else raised.off
    error = raised_off + own.sum(axis=1, keepdims=True) + m * BOUND * size.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where(to_raise > 2 * error, factor * 2 * error / to_raise, np.inf)
        off = np.where(share.value > 0, share.value * moved, 0.0) + own
    # Nobody owes more than all is to be raised, and whoever is surely covered owes exactly nothing.
    off = np.minimum(off, to_raise + raised_off)
    nothing = raised.value + raised_off <= 0
    due = np.where(nothing, 0.0, np.maximum(owed, 0.0))
    return {
        "due": due,
        "due_off": np.where(nothing | (owed < -off), 0.0, off * SAFE),
        "close": np.zeros((n, 1), bool),
    }


KERNELS: dict[str, Any] = {"share_out": share_out, "round": round_, "credit": credit}
