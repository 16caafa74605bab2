"""The args of a kernel, read in the order in which its record states them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.plan.bounds import SAFE
from policy_dsl.plan.kernels import Compared, Off, Ties
from policy_dsl.plan.nodes import UNIT
from policy_dsl.records import dataclass

Array = NDArray[Any]
BOUND = UNIT * SAFE


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure of each member (or one for the case), a bound on what it is off by (None: it is exact), and its leaves.

    `whole`: it is exact and whole, and its sums are. `leaves`: None where there is no telling who equals whom.
    """

    value: Array
    off: Array | None = None
    whole: bool = False
    leaves: tuple[Array, ...] | None = ()

    def over(self, cases: int, members: int) -> Figure:
        """The same for so many cases and members."""
        shape = (cases, members)
        off = None if self.off is None else np.broadcast_to(self.off, shape)
        return Figure(np.broadcast_to(self.value, shape), off, self.whole, _spread(self.leaves, shape))

    def of(self, cases: Array) -> Figure:
        """The same of some cases (by number), which are all there are in full arrays."""
        leaves = None if self.leaves is None else tuple(each[cases] for each in self.leaves)
        return Figure(self.value[cases], None if self.off is None else self.off[cases], self.whole, leaves)

    def held(self, mask: Array | None, outside: float = 0.0) -> Figure:
        """The same with a figure, exact, in the place of those outside a mask."""
        if mask is None:
            return self
        off = None if self.off is None else np.where(mask, self.off, 0.0)
        return Figure(np.where(mask, self.value, outside), off, self.whole, self.leaves)


@dataclass(frozen=True, slots=True, eq=False)
class Settling:
    """By what ties are settled: on what members rest, the tie keys in turn, the places in a draw by lot."""

    leaves: tuple[Array, ...] | None
    keys: tuple[Figure, ...]
    lot: Array | None

    def of(self, cases: Array, members: int, count: int) -> Settling:
        """The same of some cases (by number), for each of so many members."""
        shape = (count, members)
        leaves = None if self.leaves is None else tuple(np.broadcast_to(each, shape)[cases] for each in self.leaves)
        keys = tuple(each.over(count, members).of(cases) for each in self.keys)
        return Settling(leaves, keys, None if self.lot is None else np.broadcast_to(self.lot, shape)[cases])


class Reader:
    """Takes one arg after the other."""

    def __init__(self, args: tuple[Array, ...], size: int) -> None:
        self.cases = max((len(each) for each in args), default=1)
        self.size = size
        self._args: Iterator[Array] = iter(args)

    def mask(self, there: bool) -> Array | None:
        """A truth for each case and member; None where it holds everywhere."""
        return self.full() if there else None

    def plain(self) -> Array:
        """An arg as it is."""
        return next(self._args)

    def full(self) -> Array:
        """An arg for each case and member."""
        return np.broadcast_to(next(self._args), (self.cases, self.size))

    def figure(self, off: Off) -> Figure:
        """A figure with its bound, shaped as it comes."""
        value = np.asarray(next(self._args))
        if off.absolute:
            return Figure(value, next(self._args) * SAFE)
        if off.relative:
            return Figure(value, np.abs(value) * (off.relative * BOUND))
        return Figure(value, None, off.whole)

    def compared(self, how: Compared) -> Figure:
        """A figure with its bound and its leaves, for each case and member."""
        made = self.figure(how.off)
        leaves = None if how.leaves is None else tuple(next(self._args) for _ in range(how.leaves))
        return Figure(made.value, made.off, made.whole, leaves).over(self.cases, self.size)

    def settling(self, ties: Ties) -> Settling:
        """All by which ties are settled."""
        leaves = None if ties.leaves is None else tuple(next(self._args) for _ in range(ties.leaves))
        keys = tuple(self.compared(each) for each in ties.by)
        return Settling(leaves, keys, next(self._args) if ties.lot else None)


def _spread(leaves: tuple[Array, ...] | None, shape: tuple[int, int]) -> tuple[Array, ...] | None:
    return None if leaves is None else tuple(np.broadcast_to(each, shape) for each in leaves)


def add(*offs: Array | float | None) -> Array | None:
    """The sum of bounds; None where there is none."""
    total: Any = None
    for each in offs:
        if each is not None:
            total = each if total is None else total + each
    return None if total is None else np.asarray(total)


def taken(values: Array, places: Array) -> Array:
    """The values of each case in the order of places."""
    return np.asarray(np.take_along_axis(np.broadcast_to(values, places.shape), places, axis=1))
