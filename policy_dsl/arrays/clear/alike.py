"""Sharing within limits that are the same for all members, quick: who is at a limit is seen without any share.

A member is at the floor where its weight is less than the floor over the factor, at the ceiling where it is more than
the ceiling over the factor. So one comparison of weights with a figure of the case does for each, and the sum of what
stands at limits is a count. Otherwise as in `sharing`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from policy_dsl.arrays.clear.reading import BOUND, MOST, ROUNDS, Array, Figure, count, every, of, total_of
from policy_dsl.records import dataclass


@dataclass(slots=True, eq=False)
class Alike:
    """A sharing of `total`, members first. Without a floor `low` is 0, without a ceiling `high` is infinite; each has a
    bound on what it is off by. `weight` is nothing of those outside the mask."""

    total: Figure
    weight: Figure
    low: float
    low_off: float
    high: float
    high_off: float
    mask: Array | None
    whole: bool

    def results(self, wanted: Collection[str]) -> dict[str, Array]:
        """All results but those of whole steps; and `unclear`."""
        weight, total = self.weight.value, self.total.value
        members = len(weight)
        factor = self._factor()
        at_floor, at_ceiling, low_count, high_count, scale = self._held(weight, factor, self.mask)
        pinned = self.low * low_count + (self.high * high_count if np.isfinite(self.high) else 0.0)
        rest = total - pinned
        factor = np.minimum(rest / scale, MOST)
        total_off = self.total.off()
        off = np.zeros((1, 1)) if total_off is None else total_off
        off = off + self.low_off * low_count + (self.high_off * high_count if np.isfinite(self.high) else 0.0)
        if not self.whole:
            off = off + (members + 2) * BOUND * (np.abs(total) + pinned)
        scale_off = (members + self.weight.relative) * BOUND * scale
        part = (off + factor * scale_off) / ((scale - scale_off) * factor) + BOUND
        due_part = part + 2 * BOUND + self.weight.relative * BOUND * (1 + part)
        clear = (scale > 0) & (rest > off) & self._no_conflict(members)
        # Twice what a share may be off by, in parts of it, covers the roundings of these bounds too.
        reach = 2 * due_part + 8 * BOUND
        clear &= reach < 0.5
        least, most = factor * (1 + reach), factor * (1 - reach)
        if self.low > 0:
            surely = weight < (self.low - self.low_off) / least
            if self.mask is not None:
                surely &= self.mask
            surely_not = weight > (self.low + self.low_off) / most
            if self.mask is not None:
                surely_not |= ~self.mask
            clear &= every((surely == at_floor) & (surely_not != at_floor))
        if np.isfinite(self.high):
            surely = weight > (self.high + self.high_off) / most
            surely_not = weight < (self.high - self.high_off) / least
            clear &= every((surely == at_ceiling) & (surely_not != at_ceiling))
        full = np.zeros((1, 1), bool)
        if self.low == 0:
            # All stand at their ceilings, and something is left over.
            full = (scale == 0) & (rest > off) & (high_count > 0) & every(at_ceiling == (weight > 0))
            clear |= full
        due = weight * factor
        share = np.minimum(due, self.high)
        if self.low > 0:
            share = np.maximum(share, self.low) if self.mask is None else np.where(at_floor, self.low, share)
        nothing = np.zeros(scale.shape)
        never = np.zeros(scale.shape, bool)
        found = {
            "share": share,
            "at_floor": at_floor,
            "at_ceiling": at_ceiling,
            "uncovered": nothing + np.where(full, rest, 0.0),
            "uncovered_off": nothing + np.where(full, off, 0.0),
            "close": never,
            "conflict": never,
            "unclear": ~(never | clear),
        }
        if "share_off" in wanted:
            free: Any = np.where(full, 0.0, due_part) * np.where(full, 0.0, due)
            found["share_off"] = np.where(at_floor, self.low_off, np.where(at_ceiling, self.high_off, free))
        return found

    def _held(self, weight: Array, factor: Array, mask: Array | None) -> tuple[Array, Array, Array, Array, Array]:
        """Who stands at the floor and at the ceiling, how many, and the weights of all others."""
        nobody = np.zeros((1, 1), bool)
        at_floor = at_ceiling = nobody
        if self.low > 0:
            at_floor = weight < self.low / factor
            if mask is not None:
                at_floor &= mask
        if np.isfinite(self.high):
            at_ceiling = weight > self.high / factor
        free = ~(at_floor | at_ceiling)
        scale = total_of(weight * free if free.size > 1 else weight)
        return at_floor, at_ceiling, count(at_floor), count(at_ceiling), scale

    def _factor(self) -> Array:
        """Newton's method, on the cases alone that have not come to their end."""
        weight, total, mask = self.weight.value, self.total.value, self.mask
        found = factor = total / total_of(weight)
        live: Array | None = None
        for _ in range(ROUNDS):
            _, _, low_count, high_count, scale = self._held(weight, factor, mask)
            rest = total - self.low * low_count
            if np.isfinite(self.high):
                rest = rest - self.high * high_count
            better = np.minimum(rest / scale, MOST)
            moved = np.abs(better - factor) > 64 * BOUND * factor
            factor = np.where(moved, better, factor)
            if live is None:
                found = factor
            else:
                found[0, live] = factor[0]
            again = np.flatnonzero(moved)
            if not again.size:
                break
            if 4 * again.size < 3 * factor.size:
                live = again if live is None else live[again]
                weight, total, factor, mask = weight[:, again], of(total, again), factor[:, again], of(mask, again)
        return found

    def _no_conflict(self, members: int) -> Array:
        """All floors surely below the total, and not above the ceiling."""
        if self.low == 0:
            return np.ones((1, 1), bool)
        above = self.low + self.low_off
        off = self.total.off()
        room = self.total.value - (0.0 if off is None else off)
        needed = above * (members if self.mask is None else count(self.mask))
        room = room - (members + 2) * BOUND * (needed + np.abs(room))
        high = self.high - (self.high_off if np.isfinite(self.high) else 0.0)
        return np.asarray((needed <= room) & (above <= high))
