"""Equal claims to steps, told apart by agreed figures or by lot: `policy_dsl.sharing.ties`, for many cases at once."""

from __future__ import annotations

import numpy as np

from policy_dsl.arrays.kernels.reading import Array, Figure, Settling


def alike(leaves: tuple[Array, ...] | None, who: Array, first: Array) -> Array:
    """Whether all of those named rest on the same figures, in each case. `first`: one of them, by its place."""
    if leaves is None:
        return np.zeros((len(who), 1), bool)
    same = np.ones((len(who), 1), bool)
    for each in leaves:
        same &= np.all(~who | (each == np.take_along_axis(each, first, axis=1)), axis=1, keepdims=True)
    return same


def settle(who: Array, left: Array, by: Settling) -> tuple[Array, Array, Array]:
    """The winners of `left` steps among those named, at most one each; whether it is open, and whether uncertain."""
    rest, left = who.copy(), left.copy()
    winners = np.zeros(who.shape, bool)
    close = np.zeros((len(who), 1), bool)
    for key in by.keys:
        asked = (left > 0) & (left < rest.sum(axis=1, keepdims=True))
        if not asked.any():
            break
        ahead, level, uncertain = _asked(key, rest, left)
        ahead &= asked
        winners |= ahead
        close |= uncertain & asked
        rest = np.where(asked, level, rest)
        left = left - ahead.sum(axis=1, keepdims=True)
    if by.lot is not None:
        asked = (left > 0) & (left < rest.sum(axis=1, keepdims=True))
        place = np.where(rest & (by.lot > 0), by.lot, np.inf)
        last = np.take_along_axis(np.sort(place, axis=1), np.maximum(left, 1).astype(np.int64) - 1, axis=1)
        drawn = asked & (place <= last) & np.isfinite(place)
        winners |= drawn
        rest &= ~drawn
        left = left - drawn.sum(axis=1, keepdims=True)
    everybody = left == rest.sum(axis=1, keepdims=True)
    winners |= rest & everybody
    return winners, ~everybody & (left > 0), close


def _asked(key: Figure, rest: Array, left: Array) -> tuple[Array, Array, Array]:
    """Who is ahead by this key, who stands where the last of `left` stands, and whether that is uncertain."""
    order = np.argsort(np.where(rest, -key.value, np.inf), axis=1, kind="stable")
    last = np.clip(left.astype(np.int64) - 1, 0, rest.shape[1] - 1)
    at = np.take_along_axis(order, last, axis=1)
    level = np.take_along_axis(key.value, at, axis=1)
    if key.off is None:
        return rest & (key.value > level), rest & (key.value == level), np.zeros(left.shape, bool)
    near = rest & (np.abs(key.value - level) <= key.off + np.take_along_axis(key.off, at, axis=1))
    return rest & ~near & (key.value > level), near, ~alike(key.leaves, near, at)
