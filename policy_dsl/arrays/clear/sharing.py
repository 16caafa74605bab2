"""Sharing out where the outcome is clear, quick: one level of limits, largest remainder. Other cases are left unclear.

A case is clear where the factor found proves itself (see `kernels.limits`): with it everyone at a floor would stand
below it, everyone at a ceiling above it, everyone else between, by more than what the figures may be off by; and where
the last step handed out was claimed by more than the first that was not. The factor is sought with Newton's method: the
sum of the shares held between their limits grows with the factor, in straight pieces whose slope is the sum of the
weights of those who are free. `native/share_out.c` does the same in C, operation by operation: mend both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from policy_dsl.arrays.clear.alike import Alike
from policy_dsl.arrays.clear.reading import BOUND, MOST, ROUNDS, Array, Figure, Reader, count, every, of, total_of
from policy_dsl.arrays.kernels import sharing
from policy_dsl.plan.kernels import Sharing
from policy_dsl.records import dataclass


def share_out(wanted: Collection[str], data: Sharing, *args: Array) -> Mapping[str, Array]:
    """See `plan.kernels.Sharing`."""
    if data.banded or len(data.levels) > 1 or data.method not in ("", "largest_remainder"):
        return sharing.share_out(data, *args)
    reader = Reader(args, data.size)
    mask = reader.full(reader.next()) if data.masked else None
    total = reader.figure(data.total)
    weight = _held(reader, reader.figure(data.weight), mask, 0.0)
    limits: list[Figure | None] = [None, None]
    if data.levels:
        stated = (data.levels[0].floor, data.levels[0].ceiling)
        limits = [None if each is None else reader.figure(each) for each in stated]
        if not data.method and not data.whole and weight.absolute is None and all(map(_one_for_all, limits)):
            return {
                name: values.T for name, values in _alike(data, total, weight, limits, mask).results(wanted).items()
            }
    low, high = (
        each if each is None or mask is None else _held(reader, each, mask, outside)
        for each, outside in zip(limits, (0.0, np.inf), strict=True)
    )
    made = _Sharing(data, total, weight, low, high, mask, (data.size, reader.cases))
    made.hold()
    made.prove()
    found = made.results(wanted)
    if data.method:
        _in_steps(made, found)
    return {name: values.T for name, values in found.items()} | {"unclear": ~made.clear.T}


def _held(reader: Reader, figure: Figure, mask: Array | None, outside: float) -> Figure:
    """A figure of each, with another in the place of those outside; a bound there is nothing."""
    if mask is None:
        return Figure(reader.full(figure.value), figure.relative, figure.absolute)
    absolute = None if figure.absolute is None else np.where(mask, figure.absolute, 0.0)
    return Figure(np.where(mask, figure.value, outside), figure.relative, absolute)


def _one_for_all(limit: Figure | None) -> bool:
    return limit is None or (limit.value.size == 1 and limit.absolute is None)


def _alike(data: Sharing, total: Figure, weight: Figure, limits: list[Figure | None], mask: Array | None) -> Alike:
    low, low_off, high, high_off = 0.0, 0.0, np.inf, 0.0
    if limits[0] is not None:
        low, low_off = limits[0].value.item(), _single(limits[0].off())
    if limits[1] is not None:
        high, high_off = limits[1].value.item(), _single(limits[1].off())
    level = data.levels[0]
    whole = data.total.whole and all(each is None or each.whole for each in (level.floor, level.ceiling))
    return Alike(total, weight, max(low, 0.0), low_off, high, high_off, mask, whole)


def _single(off: Array | None) -> float:
    return 0.0 if off is None else float(off.item())


def _between(due: Array, low: Array | None, high: Array | None) -> tuple[Array, Array]:
    """Shares between their limits, and who is at none."""
    shares = due if low is None else np.maximum(due, low)
    if high is not None:
        shares = np.minimum(shares, high)
    return shares, shares == due


@dataclass(slots=True, eq=False)
class _Sharing:
    """A sharing on its way, members first. `clear`: the cases whose outcome is certain so far.
    `full`: the cases in which all stand at their ceilings and something is left over, of which `off` is a bound."""

    data: Sharing
    total: Figure
    weight: Figure
    low: Figure | None
    high: Figure | None
    mask: Array | None
    shape: tuple[int, int]
    clear: Any = None
    at_floor: Any = None
    at_ceiling: Any = None
    held: Any = None
    pinned: Any = None
    rest: Any = None
    scale: Any = None
    factor: Any = None
    due: Any = None
    due_off: Any = None
    full: Any = None
    off: Any = 0.0

    def hold(self) -> None:
        """Find the factor, and who is held by a limit at it."""
        weight, total = self.weight.value, self.total.value
        self.scale = total_of(weight)
        self.rest = np.broadcast_to(total, self.scale.shape)
        self.factor = self.rest / self.scale
        self.at_floor = self.at_ceiling = self.held = np.zeros((1, 1), bool)
        self.pinned = np.zeros((1, 1))
        if self.low is None and self.high is None:
            self.due = weight * self.factor
            return
        self._better()
        self.due = weight * self.factor
        shares, free = self._between(self.due)
        self.held = ~free
        if self.low is not None:
            self.at_floor = self.due < self.low.value
        if self.high is not None:
            self.at_ceiling = self.due > self.high.value
        self.pinned = shares * self.held
        self.scale = total_of(weight * free)
        self.rest = total - total_of(self.pinned)
        self.factor = np.minimum(self.rest / self.scale, MOST)
        self.due = weight * self.factor

    def _better(self) -> None:
        """Newton's method, on the cases alone that have not come to their end."""
        live: Array | None = None
        weight, total, factor = self.weight.value, self.total.value, self.factor
        low = None if self.low is None else self.low.value
        high = None if self.high is None else self.high.value
        for _ in range(ROUNDS):
            due = weight * factor
            shares, free = _between(due, low, high)
            # Where nobody is free the factor is beyond all bounds: all stand at ceilings, or it is not clear.
            step = (total - total_of(shares)) / total_of(weight * free)
            moved = (np.abs(step) > 64 * BOUND * factor) & (factor < MOST)
            factor = np.where(moved, np.minimum(factor + step, MOST), factor)
            if live is None:
                self.factor = factor
            else:
                self.factor[0, live] = factor[0]
            again = np.flatnonzero(moved)
            if not again.size:
                return
            if 4 * again.size < 3 * factor.size:
                live = again if live is None else live[again]
                weight, total, factor = weight[:, again], of(total, again), factor[:, again]
                low, high = of(low, again), of(high, again)

    def _between(self, due: Array) -> tuple[Array, Array]:
        return _between(
            due, None if self.low is None else self.low.value, None if self.high is None else self.high.value
        )

    def prove(self) -> None:
        """Tell the cases in which the factor proves itself."""
        self.clear = (self.scale > 0) & (self.rest > 0)
        self.full = np.zeros((1, 1), bool)
        if self.low is None and self.high is not None:
            self.full = (self.scale == 0) & (self.rest > 0) & (total_of(self.pinned) > 0)
            self.clear |= self.full
        self._no_conflict()
        if self.data.whole:
            self._prove_whole()
        else:
            self._prove()

    def _no_conflict(self) -> None:
        """All floors surely below the total, and each surely not above its ceiling."""
        if self.low is None:
            return
        off = self.low.off()
        floors, room = self.low.value, self.total.value
        above = floors if off is None else floors + off
        if self.high is not None:
            below, of = self.high.value, self.high.off()
            self.clear = self.clear & every(above <= (below if of is None else below - of))
        if above.shape[0] == 1:
            needed = above * self.shape[0]
        else:
            needed = total_of(above)
        if not self.data.whole:
            off = self.total.off()
            room = room - (0.0 if off is None else off) - (self.shape[0] + 2) * BOUND * (needed + np.abs(room))
        self.clear = self.clear & (needed <= room)

    def _prove_whole(self) -> None:
        """All products are whole and exact."""
        due = self.weight.value * self.rest
        if self.low is not None:
            edge = self.low.value * self.scale
            self.clear = self.clear & every(((due < edge) == self.at_floor) & ((due != edge) | (edge <= 0)))
        if self.high is not None:
            edge = self.high.value * self.scale
            self.clear = self.clear & every(((due > edge) == self.at_ceiling) & (due != edge))
        self.due_off = self.due * (2 * BOUND)

    def _prove(self) -> None:
        members = self.shape[0]
        total_off = self.total.off()
        off = np.zeros((1, 1)) if total_off is None else total_off
        for side, limit in ((self.at_floor, self.low), (self.at_ceiling, self.high)):
            limit_off = None if limit is None else limit.off()
            if limit_off is not None:
                if limit_off.size == 1:
                    off = off + count(side) * limit_off
                else:
                    off = off + total_of(np.where(side, limit_off, 0.0))
        limits = [each for level in self.data.levels for each in (level.floor, level.ceiling) if each is not None]
        if not (self.data.total.whole and all(each.whole for each in limits)):
            off = off + (members + 2) * BOUND * (np.abs(self.total.value) + total_of(self.pinned))
        self.off = off
        scale_off = members * BOUND * self.scale
        weight_off = None
        if self.weight.absolute is not None:
            weight_off = self.weight.off()
            assert weight_off is not None
            scale_off = scale_off + total_of(np.where(self.held, 0.0, weight_off))
            if self.full.any():
                self.clear = self.clear & (~self.full | every((weight_off < self.weight.value) | (weight_off <= 0)))
        else:
            scale_off = scale_off + self.weight.relative * BOUND * self.scale
        factor = np.abs(self.factor)
        factor_off = (off + factor * scale_off) / (self.scale - scale_off) + BOUND * factor
        self.clear = self.clear & ((scale_off < self.scale) | self.full) & (off < self.rest)
        if weight_off is None:
            # Bounds in parts of the figure: |due| (factor_off / factor + 2 BOUND + relative (1 + factor_off / factor)).
            part = factor_off / factor
            self.due_off = self.due * (part + 2 * BOUND + self.weight.relative * BOUND * (1 + part))
        else:
            self.due_off = self.weight.value * factor_off + 2 * BOUND * self.due + weight_off * (factor + factor_off)
        if self.low is not None:
            apart = np.abs(self.low.value - self.due)
            none = self.low.value <= 0
            if self.low.absolute is not None:
                none = none & (self.low.absolute <= 0)
            sure = (apart > self._either_off(self.low)) | none
            sure &= (self.due < self.low.value) == self.at_floor
            self.clear = self.clear & every(sure)
        if self.high is not None:
            apart = np.abs(self.high.value - self.due)
            sure = (apart > self._either_off(self.high)) | (self.high.value == np.inf) | self.full
            sure &= (self.due > self.high.value) == self.at_ceiling
            self.clear = self.clear & every(sure)

    def _either_off(self, limit: Figure) -> Array:
        off = limit.off()
        return np.asarray(self.due_off if off is None else self.due_off + off)

    def results(self, wanted: Collection[str]) -> dict[str, Array]:
        """The results but those of rounding."""
        nothing = np.zeros((1, self.shape[1]))
        never = np.zeros(nothing.shape, bool)
        found = {
            "uncovered": nothing + np.where(self.full, self.rest, 0.0),
            "uncovered_off": nothing + np.where(self.full, self.off, 0.0),
            "close": never,
            "conflict": never,
            "at_floor": self.at_floor,
            "at_ceiling": self.at_ceiling,
            "share": self.due,
        }
        if self.held.size > 1:
            found["share"] = np.where(self.held, self.pinned, self.due)
        if "share_off" in wanted or self.data.method:
            found["share_off"] = self._share_off()
        return found

    def _share_off(self) -> Array:
        off: Any = 0.0
        for side, limit in ((self.at_floor, self.low), (self.at_ceiling, self.high)):
            limit_off = None if limit is None else limit.off()
            if limit_off is not None:
                off = np.where(side, limit_off, off)
        free: Any = np.where(self.full, 0.0, self.due_off) if self.full.any() else self.due_off
        return np.where(self.held, off, free) if self.held.size > 1 else np.asarray(free)


def _in_steps(made: _Sharing, found: dict[str, Array]) -> None:
    """Whole steps by largest remainder: each its whole part, the rest one each to the greatest remainders."""
    n = made.shape[1]
    total, share = made.total.value, found["share"]
    total_off = None if made.data.whole else made.total.off()
    if made.full.any():
        total = np.where(made.full, total_of(made.pinned), total)
        total_off = None if total_off is None else np.where(made.full, 0.0, total_off)
    steps = np.floor(total)
    if total_off is not None:
        made.clear = made.clear & ((np.abs(total - np.rint(total)) > total_off) | (total_off <= 0))
    low = np.where(made.at_floor, made.pinned, 0.0)
    high: Any = np.inf if made.high is None else made.high.value
    if made.mask is not None:
        high = np.where(made.mask, high, 0.0)
    takers = (share != 0) & (high > low)
    got = np.floor(share)
    np.maximum(got, low, out=got)
    np.minimum(got, high, out=got)
    left = steps - total_of(got)
    off = None
    if made.data.whole:
        tops = np.where(made.held, made.pinned * made.scale, made.weight.value * made.rest)
        claim = tops - got * made.scale
    else:
        claim = share - got
        off = found["share_off"] + BOUND * np.abs(share)
        made.clear = made.clear & every((share > off) | (off <= 0))
    waiting = np.where(takers & (got < high), claim, -np.inf)
    ready = count(waiting >= 0)
    made.clear = made.clear & (left >= 0) & (left <= ready)
    given = _greatest(waiting, left, made)
    got += given
    if off is not None:
        _prove_steps(made, share, off, got, low, high, takers)
    if made.high is not None:
        room = total_of(np.where(takers, high - low, 0.0))
        made.clear = made.clear & ((room > steps - total_of(low)) | made.full)
    else:
        made.clear = made.clear & np.logical_or.reduce(takers, axis=0, keepdims=True)
    nothing = np.zeros((1, n))
    found["steps"] = got
    found["residue"] = nothing + (total - steps)
    found["residue_off"] = nothing + (0.0 if total_off is None else total_off)
    found["unplaced"] = np.zeros((1, n))
    found["open"] = np.zeros((1, n), bool)


def _greatest(waiting: Array, left: Array, made: _Sharing) -> Array:
    """The `left` greatest of those waiting; a case in which equals would have to be parted is not clear."""
    members, n = made.shape
    more = np.clip(np.where(made.clear, left, 0.0), 0, members).astype(np.int64)
    ordered = np.empty((n, members))
    np.copyto(ordered, waiting.T)
    ordered.sort(axis=1)
    last = ordered[np.arange(n), np.minimum(members - more[0], members - 1)]
    given = (waiting >= last) & (more > 0)
    made.clear = made.clear & (count(given) == more)
    return np.asarray(given)


def _prove_steps(made: _Sharing, share: Array, off: Array, got: Array, low: Array, high: Array, takers: Array) -> None:
    """Every claim met is surely greater than every claim that was not."""
    claim = share - got
    most = np.where(takers & (got < high), claim + off, -np.inf)
    claim += 1
    claim -= off
    least = np.where(takers & (got > low), claim, np.inf)
    made.clear = made.clear & (np.minimum.reduce(least, axis=0) > np.maximum.reduce(most, axis=0))
