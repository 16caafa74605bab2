"""Distributions of figures, kept as counts: their size does not grow with the figures, nor hangs on their order.

Figures are counted in buckets whose bounds are fixed beforehand, as in HdrHistogram and DDSketch (C. Masson, J. E. Rim,
H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", PVLDB 12, 2019): each
power of two is parted into 256 buckets of the same width, so that a figure that is told by the middle of its bucket is
off by at most 1/512 of itself. Whole numbers below 512 have buckets of their own. Counts, the least, the greatest and
the sums of whole numbers are exact; figures that are not whole are summed up to eight digits each. All that is kept are
whole numbers. So parts of a sweep may be counted apart and put together in any order: the outcome is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.records import dataclass

PLACES = 8
"""Binary digits by which buckets within a power of two are told apart."""
ACCURACY = Fraction(1, 2 ** (PLACES + 1))
"""By which part of itself a figure that is told by its bucket may be off."""
NEARLY = Fraction(1, 2**27)
"""By which part of the figures their mean may be off where they are not in whole steps."""
WHOLE_BELOW = 2 ** (PLACES + 1)
"""Whole numbers below it are told exactly."""
LEVELS = (5, 25, 50, 75, 95)
"""The percentiles that are told, by nearest rank: the least figure that so many per cent of the cases do not exceed."""

_SHIFT = 52 - PLACES
_SMALLEST, _LARGEST = 2.0**-64, 2.0**128
_PAD = 64
_AT_ONCE = 2048
# The digits of a binary fraction, the exponent of a whole number that has 27 of them, and that of the smallest figure.
_DIGITS, _WHOLE, _LEAST = (1 << 52) - 1, (1023 + 26) << 52, 1023 - 64

Array = NDArray[Any]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the figures of one member, or of the case, are distributed over the cases, in base units.

    `cases` is of how many cases there is a figure, `zero` in how many of them it is nothing, `unknown` of how many
    there is none. `least` and `most` are exact, and so is `mean` of whole steps (of other figures `NEARLY`). `levels`
    are the percentiles `LEVELS`; `near` tells of each whether it is told by its bucket. None where there is no figure.
    """

    cases: int
    unknown: int
    least: Fraction | None = None
    most: Fraction | None = None
    mean: Fraction | None = None
    total: Fraction = Fraction(0)
    levels: tuple[Fraction, ...] = ()
    near: tuple[bool, ...] = ()
    zero: int = 0

    @property
    def median(self) -> Fraction | None:
        """The figure that half of the cases do not exceed."""
        return self.levels[LEVELS.index(50)] if self.levels else None


class Window:
    """Counts by row and key, or sums of whole numbers; only the keys between the least and the greatest have room."""

    def __init__(self) -> None:
        self.low = 0
        self.counts: Counts = np.zeros((0, 0), np.int64)

    def add(self, at: Array, keys: Array, rows: int, weights: Array | None = None) -> None:
        """Count each key in the row of its column; or add its weight, a whole number below 2**27."""
        if not keys.size:
            return
        self.hold(rows, int(keys.min()), int(keys.max()))
        width = self.counts.shape[1]
        flat = (keys + (at * width - self.low)).ravel()
        weights = None if weights is None else weights.ravel()
        if 4 * flat.size >= self.counts.size:
            # Weighted sums are made in binary fractions, in which whole numbers of this size are exact.
            found = np.bincount(flat, weights, self.counts.size)
            self.counts += found.astype(np.int64).reshape(self.counts.shape)
        else:
            np.add.at(self.counts.reshape(-1), flat, 1 if weights is None else weights.astype(np.int64))

    def merge(self, other: Window, rows: Sequence[int]) -> None:
        """Add the counts of another window, whose rows have these numbers here."""
        if other.counts.size:
            self.hold(max(rows, default=-1) + 1, other.low, other.low + other.counts.shape[1] - 1)
            begin = other.low - self.low
            self.counts[np.asarray(rows, np.intp)[:, None], begin + np.arange(other.counts.shape[1])] += other.counts

    def hold(self, rows: int, low: int, high: int) -> None:
        """Have room for so many rows and for these keys."""
        had, width = self.counts.shape
        first = min(low, self.low) if width else low
        last = max(high, self.low + width - 1) if width else high
        if rows <= had and first == self.low and last < self.low + width:
            return
        if not width or first < self.low:
            first -= first % _PAD
        room = -(-(last - first + 1) // _PAD) * _PAD
        made = np.zeros((max(rows, had), max(room, width + self.low - first)), np.int64)
        if width:
            made[:had, self.low - first : self.low - first + width] = self.counts
        self.low, self.counts = first, made

    def pairs(self, row: int) -> list[tuple[int, int]]:
        """The keys of a row and what stands under each, rising, without those under which nothing stands."""
        if row >= self.counts.shape[0]:
            return []
        found = np.flatnonzero(self.counts[row])
        return [(self.low + int(each), int(self.counts[row, each])) for each in found]


class Sketch:
    """Distributions by row: one for each member, or one of the case. `whole` figures are int64, others float64."""

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self.above, self.below = Window(), Window()
        self.zero: list[int] = []
        self.unknown: list[int] = []
        self.least: list[Any] = []
        self.most: list[Any] = []
        self.sums: list[int] = []
        self.digits = Window()

    def add(self, rows: Sequence[int], values: Array, known: Array | None) -> None:
        """Count figures shaped (cases, rows): the first column stands for the row of the first number, and so on."""
        self.hold(max(rows, default=-1) + 1)
        # Some at a time, so that what is made of them stays near the processor.
        for first in range(0, values.shape[0] if values.size else 0, _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            self._add(rows, values[some], None if known is None else known[some])

    def _add(self, rows: Sequence[int], values: Array, known: Array | None) -> None:
        values, known = self._sound(values, known)
        if known is not None:
            for at, count in zip(rows, _counts(~known), strict=True):
                self.unknown[at] += count
            values = np.where(known, values, 0)
        self._ends(rows, values, known)
        self._sum(rows, values)
        figures = np.abs(values).astype(np.float64)
        nothing = figures < (0.5 if self.whole else _SMALLEST)
        for at, count in zip(rows, _counts(nothing if known is None else nothing & known), strict=True):
            self.zero[at] += count
        keys = np.minimum(figures, _LARGEST).view(np.int64) >> _SHIFT
        # What is not known has become nothing above, and is counted as neither.
        negative = values < 0
        if negative.any():
            self._count(self.below, rows, keys, ~negative | nothing)
            nothing = nothing | negative
        self._count(self.above, rows, keys, nothing)

    def _count(self, window: Window, rows: Sequence[int], keys: Array, without: Array) -> None:
        """Count the keys but for those without; they go to the least key, and are taken off it again."""
        left = _counts(without)
        if any(left):
            if sum(left) == keys.size:
                return
            least = keys.min(where=~without, initial=np.iinfo(np.int64).max)
            keys = np.where(without, least, keys)
        else:
            least = keys.min()
        window.add(np.asarray(rows, np.int64), keys, len(self.zero))
        for at, count in zip(rows, left, strict=True):
            window.counts[at, int(least) - window.low] -= count

    def _sound(self, values: Array, known: Array | None) -> tuple[Array, Array | None]:
        """The figures, and where there is one if not everywhere; what is no number counts as none."""
        if self.whole:
            values = values.astype(np.int64, copy=False)
        else:
            finite = np.isfinite(values)
            if not finite.all():
                known = finite if known is None else finite & known
            # Nothing has no sign.
            values = values + 0.0
        return values, None if known is None or known.all() else known

    def merge(self, other: Sketch, rows: Sequence[int]) -> None:
        """Add another sketch, whose rows have these numbers here."""
        self.hold(max(rows, default=-1) + 1)
        pairs = ((self.above, other.above), (self.below, other.below), (self.digits, other.digits))
        for mine, theirs in pairs:
            mine.merge(theirs, rows[: theirs.counts.shape[0]])
        for at, row in zip(rows, range(len(other.zero)), strict=False):
            self.zero[at] += other.zero[row]
            self.unknown[at] += other.unknown[row]
            self.sums[at] += other.sums[row]
            self._end(at, other.least[row], other.most[row])

    def hold(self, rows: int) -> None:
        """Have room for so many rows."""
        more = rows - len(self.zero)
        if more > 0:
            for counts in (self.zero, self.unknown, self.sums):
                counts += [0] * more
            for ends in (self.least, self.most):
                ends += [None] * more

    def _ends(self, rows: Sequence[int], values: Array, known: Array | None) -> None:
        if known is None:
            for at, low, high in zip(rows, values.min(axis=0), values.max(axis=0), strict=True):
                self._end(at, low.item(), high.item())
            return
        some = _counts(known)
        for place, at in enumerate(rows):
            if some[place]:
                found = values[known[:, place], place]
                self._end(at, found.min().item(), found.max().item())

    def _end(self, at: int, low: Any, high: Any) -> None:
        if low is not None:
            mine, most = self.least[at], self.most[at]
            self.least[at] = low if mine is None else min(mine, low)
            self.most[at] = high if most is None else max(most, high)

    def _sum(self, rows: Sequence[int], values: Array) -> None:
        """Sums that do not hang on the order: of whole numbers as such, of binary fractions by their exponents."""
        if self.whole:
            upper, lower = (values >> 32).sum(axis=0), (values & 0xFFFFFFFF).sum(axis=0)
            for at, high, low in zip(rows, upper.tolist(), lower.tolist(), strict=True):
                self.sums[at] += (high << 32) + low
            return
        bits = values.view(np.int64)
        exponents = (bits >> 52) & 0x7FF
        # The digits, rounded to 27, as a whole number in binary fractions: in these, sums of them are exact.
        digits = (bits & _DIGITS) + (1 << 25) & -(1 << 26)
        weights = np.copysign((digits + _WHOLE).view(np.float64), values)
        weights[exponents < _LEAST] = 0.0
        self.digits.add(np.asarray(rows, np.int64), np.maximum(exponents, _LEAST), len(self.zero), weights)

    # ---- what was found ------------------------------------------------------------------------------------------

    def total(self, row: int) -> Fraction:
        """The sum of the figures of a row: exact of whole numbers, of others each to 27 binary digits."""
        if self.whole:
            return Fraction(self.sums[row])
        parts = (digits * Fraction(2) ** (exponent - 1023 - 26) for exponent, digits in self.digits.pairs(row))
        return sum(parts, Fraction(0))

    def distribution(self, row: int, step: Fraction = Fraction(1)) -> Distribution:
        """The distribution of a row; figures are multiples of the step."""
        buckets = self._buckets(row)
        cases = sum(count for _, count in buckets)
        if not cases:
            return Distribution(0, self.unknown[row])
        least, most = Fraction(self.least[row]), Fraction(self.most[row])
        levels, near = [], []
        for level in LEVELS:
            rank = -(-level * cases // 100)
            low, high = (least,) * 2 if rank == 1 else (most,) * 2 if rank == cases else _at_rank(buckets, rank)
            middle = (low + high) // 2 if self.whole else (low + high) / 2
            found = min(max(middle, least), most)
            levels.append(found * step)
            near.append(low != high and least != most)
        total = self.total(row)
        return Distribution(
            cases, self.unknown[row], least * step, most * step, total * step / cases, total * step,
            tuple(levels), tuple(near), self.zero[row],
        )  # fmt: skip

    def _buckets(self, row: int) -> list[tuple[tuple[Fraction, Fraction], int]]:
        """The buckets of a row by their ends, rising, each with its count. Ends of whole numbers belong to it."""
        below = [((-high, -low), count) for (low, high), count in map(self._bounds, self.below.pairs(row))]
        zero = [((Fraction(0), Fraction(0)), self.zero[row])] if self.zero[row] else []
        return [*reversed(below), *zero, *map(self._bounds, self.above.pairs(row))]

    def _bounds(self, pair: tuple[int, int]) -> tuple[tuple[Fraction, Fraction], int]:
        key, count = pair
        low, high = (Fraction(np.int64(each << _SHIFT).view(np.float64).item()) for each in (key, key + 1))
        return ((Fraction(-(-low // 1)), Fraction(-(-high // 1) - 1)) if self.whole else (low, high)), count

    # ---- as data, to be kept between runs ------------------------------------------------------------------------

    def state(self, row: int) -> dict[str, Any]:
        """All that is kept of a row, as data; the same for the same figures in whatever order they came."""
        ends = [self.least[row], self.most[row]]
        return {
            "zero": self.zero[row],
            "unknown": self.unknown[row],
            "ends": ends if self.whole else [None if each is None else each.hex() for each in ends],
            "sum": self.sums[row] if self.whole else self.digits.pairs(row),
            "above": self.above.pairs(row),
            "below": self.below.pairs(row),
        }

    def restore(self, row: int, state: dict[str, Any]) -> None:
        """Put what was kept of a row into a new one."""
        self.hold(row + 1)
        self.zero[row], self.unknown[row] = state["zero"], state["unknown"]
        ends = (
            state["ends"] if self.whole else [None if each is None else float.fromhex(each) for each in state["ends"]]
        )
        self.least[row], self.most[row] = ends
        for window, pairs in ((self.above, state["above"]), (self.below, state["below"])):
            _put(window, row, pairs, len(self.zero))
        if self.whole:
            self.sums[row] = state["sum"]
        else:
            _put(self.digits, row, state["sum"], len(self.zero))


def _counts(truths: Array) -> list[int]:
    """In how many cases each column is so."""
    found: list[int] = np.add.reduce(truths, axis=0, dtype=np.int64).tolist()
    return found


def _at_rank(buckets: Iterable[tuple[tuple[Fraction, Fraction], int]], rank: int) -> tuple[Fraction, Fraction]:
    seen = 0
    for bounds, count in buckets:
        seen += count
        if seen >= rank:
            return bounds
    raise ValueError(rank)


def _put(window: Window, row: int, pairs: Iterable[Sequence[int]], rows: int) -> None:
    for key, count in pairs:
        window.hold(rows, key, key)
        window.counts[row, key - window.low] += count


__all__ = ["ACCURACY", "LEVELS", "NEARLY", "WHOLE_BELOW", "Distribution", "Sketch", "Window"]
