"""Args of kernels with members first, as they lie in memory in a chunk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.plan.build import SAFE
from policy_dsl.plan.kernels import Off
from policy_dsl.plan.nodes import UNIT
from policy_dsl.records import dataclass

Array = NDArray[Any]
Clear = Callable[..., Mapping[str, Array]]
BOUND = UNIT * SAFE


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure, members first, and what it may be off by (None: it is exact): in parts of itself, or absolutely."""

    value: Array
    relative: float = 0.0
    absolute: Array | None = None

    @property
    def exact(self) -> bool:
        """Whether it is the true one."""
        return self.relative == 0.0 and self.absolute is None

    def off(self) -> Array | None:
        """The bound itself, with `SAFE` laid on."""
        if self.absolute is not None:
            return self.absolute * SAFE
        return np.abs(self.value) * (self.relative * BOUND) if self.relative else None


class Reader:
    """Takes one arg after the other; each is shaped (members, cases), either of length one where nothing differs."""

    def __init__(self, args: tuple[Array, ...], members: int) -> None:
        self.cases = max((len(each) for each in args), default=1)
        self.members = members
        self._args = iter(args)

    def next(self) -> Array:
        """An arg as it is."""
        return next(self._args).T

    def figure(self, off: Off) -> Figure:
        """A figure and its bound."""
        value = self.next()
        if off.absolute:
            return Figure(value, 0.0, self.next())
        return Figure(value, off.relative)

    def full(self, values: Array) -> Array:
        """The same for every member and case."""
        return np.broadcast_to(values, (self.members, self.cases))


ROUNDS = 12
"""How often a factor is bettered before its case is left unclear; more than five are rarely needed."""

MOST = 1e290
"""A factor at which whoever has a weight passes any ceiling; nothing times it is still nothing."""


def total_of(values: Array) -> Array:
    """The sum over members, in their order."""
    found: Array = np.add.reduce(values, axis=0, keepdims=True)
    return found


def count(truths: Array) -> Array:
    """How many members it holds of."""
    return total_of(truths.view(np.int8) if len(truths) <= 127 else truths).astype(np.float64)


def every(truths: Array) -> Array:
    """Whether it holds of all members."""
    found: Array = np.logical_and.reduce(truths, axis=0, keepdims=True)
    return found


def of(values: Any, cases: Array) -> Any:
    """The values of some cases, where there are any and they differ."""
    return values if values is None or values.shape[1] == 1 else values[:, cases]


def at(values: Array, members: Array, cases: Array) -> Array:
    """Single values, by member and case."""
    found: Array = values[members if len(values) > 1 else 0, cases if values.shape[1] > 1 else 0]
    return found
