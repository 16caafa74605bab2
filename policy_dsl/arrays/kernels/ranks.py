"""Ranks, and bands of members similarly placed. Members are brought into order once; ties are looked at where there are

some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policy_dsl.arrays.kernels.reading import BOUND, Array, Figure, Reader, add, taken
from policy_dsl.plan.kernels import Banding, Ranking


def rank(data: Ranking, *args: Array) -> Mapping[str, Array]:
    """See `Ranking`."""
    reader = Reader(args, data.size)
    mask = reader.mask(data.masked)
    figures = [reader.compared(each) for each in data.by]
    first = figures[0].held(mask, -np.inf)
    order = np.argsort(-first.value, axis=1)
    near = _near(first, order)
    ranks = np.empty(order.shape)
    np.put_along_axis(ranks, order, np.arange(1.0, data.size + 1)[None, :], axis=1)
    close = np.zeros((reader.cases, 1), bool)
    tied = np.flatnonzero(near.any(axis=1))
    if tied.size:
        own = [first.of(tied), *(each.of(tied) for each in figures[1:])]
        ranks[tied], close[tied] = _settled(own, order[tied], near[tied])
    if mask is not None:
        ranks[~mask] = 0.0
    return {"rank": ranks, "close": close}


def _near(figure: Figure, order: Array) -> Array:
    """Whether each in order is no further from the one before than what both may be off by; the first is not."""
    inside = taken(figure.value, order)
    near = np.zeros(order.shape, bool)
    # Two outsiders are infinitely low: their difference is no number, and nothing holds of it.
    with np.errstate(invalid="ignore"):
        apart = inside[:, :-1] - inside[:, 1:]
        if figure.off is None:
            np.equal(apart, 0, out=near[:, 1:])
        else:
            off = taken(figure.off, order)
            np.less_equal(apart, off[:, :-1] + off[:, 1:], out=near[:, 1:])
            near[:, 1:] &= np.isfinite(apart)
    return near


def _alike(figure: Figure, order: Array) -> Array:
    """Of each in order, whether it truly equals the one before where the two are near."""
    alike = np.ones(order.shape, bool)
    if figure.off is None:
        return alike
    if figure.leaves is None:
        alike[:] = False
        return alike
    for each in figure.leaves:
        leaf = taken(each, order)
        alike[:, 1:] &= leaf[:, :-1] == leaf[:, 1:]
    return alike


def _settled(figures: list[Figure], order: Array, near: Array) -> tuple[Array, Array]:
    """Ranks of cases in which some are near each other, and in which of them that is all one can say."""
    close = np.any(near & ~_alike(figures[0], order), axis=1, keepdims=True)
    level = near
    for key in figures[1:]:
        groups = np.cumsum(~level, axis=1)
        within = np.lexsort((-taken(key.value, order), groups), axis=1)
        order = taken(order, within)
        near = _near(key, order) & level
        close |= np.any(near & ~_alike(key, order), axis=1, keepdims=True)
        level = near
    places = np.arange(order.shape[1])[None, :]
    first = np.maximum.accumulate(np.where(level, 0, places), axis=1)
    ranks = np.empty(order.shape)
    np.put_along_axis(ranks, order, first + 1.0, axis=1)
    return ranks, close


def bands(data: Banding, *args: Array) -> Mapping[str, Array]:
    """See `Banding`."""
    reader = Reader(args, data.size)
    mask = reader.mask(data.masked)
    within = reader.figure(data.within)
    criteria = [reader.compared(each).held(mask) for each in data.by]
    shape = (reader.cases, data.size)
    order = np.broadcast_to(np.arange(data.size), shape)
    group = np.zeros(shape, np.int64) if mask is None else (~mask).astype(np.int64)
    if mask is not None and not criteria:
        return {"band": mask.astype(float), "close": np.zeros((reader.cases, 1), bool)}
    close = np.broadcast_to(within.value < 0, (reader.cases, 1)).copy()
    for scores in criteria:
        inner = np.lexsort((-taken(scores.value, order), group), axis=1)
        order, group = taken(order, inner), taken(group, inner)
        group, uncertain = _parted(scores, within, order, group)
        close |= uncertain
    band = np.empty(shape)
    np.put_along_axis(band, order, group + 1.0, axis=1)
    if mask is not None:
        band[~mask] = 0.0
    return {"band": band, "close": close}


def _parted(scores: Figure, within: Figure, order: Array, group: Array) -> tuple[Array, Array]:
    """The groups in order, each parted: its best opens a part with all at most `within` below, and so on."""
    inside = taken(scores.value, order)
    places = np.broadcast_to(np.arange(order.shape[1]), order.shape)
    opens = np.ones(order.shape, bool)
    opens[:, 1:] = group[:, 1:] != group[:, :-1]
    bound = _bound(scores, within)
    close = np.zeros((len(order), 1), bool)
    while True:
        start = np.maximum.accumulate(np.where(opens, places, 0), axis=1)
        below = taken(inside, start) - inside
        beyond = below > within.value
        if bound is not None:
            near = (np.abs(below - within.value) <= bound) & ~opens
            if near.any():
                # Those truly equal to the best are in its part, however little is asked for.
                alike = _alike_start(scores, order, start)
                beyond &= ~(near & alike)
                close |= np.any(near & ~alike, axis=1, keepdims=True)
        beyond &= ~opens
        first = beyond.copy()
        first[:, 1:] &= ~beyond[:, :-1]
        if not first.any():
            return np.cumsum(opens, axis=1) - 1, close
        opens |= first


def _bound(scores: Figure, within: Figure) -> Array | None:
    """By how much the distance to the best may be off, for each case."""
    worst = None if scores.off is None else 2 * scores.off.max(axis=1, keepdims=True)
    if worst is None and within.off is None and scores.whole and within.whole:
        return None
    size = 2 * np.abs(scores.value).max(axis=1, keepdims=True)
    return add(worst, within.off, BOUND * size)


def _alike_start(scores: Figure, order: Array, start: Array) -> Array:
    if scores.off is None:
        values = taken(scores.value, order)
        return np.asarray(values == taken(values, start))
    if scores.leaves is None:
        return np.zeros(order.shape, bool)
    alike = np.ones(order.shape, bool)
    for each in scores.leaves:
        leaf = taken(each, order)
        alike &= leaf == taken(leaf, start)
    return alike


KERNELS: dict[str, Any] = {"rank": rank, "bands": bands}
