"""What each member claims: the next step, and the last one that it was given (`policy_dsl.sharing.claims`).

Every conserving method hands out one step after the other, always to the greatest claim. A handing out is the right one
where every claim that was met is greater than every claim that was not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from policy_dsl.arrays.kernels.reading import BOUND, Array
from policy_dsl.plan.nodes import WHOLE
from policy_dsl.records import dataclass

FREE_FIRST = frozenset({"hill", "adams", "dean"})
LARGEST = "largest_remainder"
CONSERVING = frozenset({LARGEST, "webster", "jefferson", "hill", "adams", "dean"})

DIVISORS: Mapping[str, Callable[[Array], Array]] = {
    "webster": lambda a: a + 0.5,
    "jefferson": lambda a: a + 1,
    "hill": lambda a: a * (a + 1),
    "adams": lambda a: a,
    "dean": lambda a: 2 * a * (a + 1) / (2 * a + 1),
}
"""The divisor of a member that holds `a` steps; for hill its square."""

WHOLE_DIVISORS: Mapping[str, Callable[[Array], Array]] = {
    "webster": lambda a: 2 * a + 1,
    "jefferson": lambda a: a + 1,
    "adams": lambda a: a,
}
"""Divisors in proportion to those above, as whole numbers."""

NEAR: Mapping[str, Callable[[Array], Array]] = {
    "webster": lambda q: np.ceil(q - 0.5),
    "jefferson": lambda q: np.ceil(q - 1),
    "hill": lambda q: np.ceil((np.sqrt(1 + 4 * q * q) - 1) / 2),
    "adams": np.ceil,
    "dean": lambda q: np.ceil((q - 1 + np.sqrt(q * q + 1)) / 2),
}
"""How many steps claim more than one, about."""

SHIFT: Mapping[str, float] = {"webster": 0.0, "jefferson": 0.5, "hill": 0.0, "adams": -0.5, "dean": 0.0}
"""What the method rounds away of each quota on average."""


@dataclass(frozen=True, slots=True, eq=False)
class Quotas:
    """Exact shares in steps. `off`: what they may be off by (None: exact).

    `tops` over `below`: the same in whole numbers, if those are at hand; then the quota is exact in spite of `value`.
    """

    value: Array
    off: Array | None = None
    tops: Array | None = None
    below: Array | None = None

    def of(self, cases: Array) -> Quotas:
        """Those of some cases."""
        return Quotas(*(None if each is None else each[cases] for each in self._parts()))  # type: ignore[arg-type]

    def _parts(self) -> tuple[Array | None, ...]:
        return self.value, self.off, self.tops, self.below


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """Claims to a step each, with what they may be off by (None: they are exact)."""

    value: Array
    off: Array | None


def claims(method: str, quotas: Quotas, held: Array) -> Claims:
    """The claims to a further step of members that hold `held` steps.

    Of largest remainder with quotas in whole numbers: times the common denominator, so that they are exact.
    """
    if method == LARGEST:
        if quotas.tops is not None:
            return Claims(quotas.tops - held * quotas.below, None)
        value = quotas.value - held
        return Claims(value, None if quotas.off is None else quotas.off + BOUND * np.abs(value))
    with np.errstate(divide="ignore", invalid="ignore"):
        divisor = DIVISORS[method](held)
        if method == "hill":
            value = quotas.value * quotas.value / divisor
            off = 0.0 if quotas.off is None else quotas.off * (2 * np.abs(quotas.value) + quotas.off) / divisor
        else:
            value = quotas.value / divisor
            off = 0.0 if quotas.off is None else quotas.off / divisor
        if quotas.tops is not None:
            off = 0.0
        # The quota was found with two roundings where it is known by whole numbers, the divisor with up to four.
        return Claims(value, off + 10 * BOUND * np.abs(value))


def equal_claims(method: str, quotas: Quotas, held: Array, who: Array, first: Array) -> Array:
    """Whether the claims of those named are truly equal, as far as whole numbers tell. `first`: the place of one."""
    exact = quotas.tops if quotas.tops is not None else None
    if exact is None:
        if quotas.off is not None and method == LARGEST:
            own = np.where(who, quotas.off, 0.0)
            value = quotas.value - held
            return np.asarray((own == 0).all(axis=1, keepdims=True) & _all_same(value, who, first))
        if quotas.off is not None:
            return np.zeros((len(held), 1), bool)
        exact = quotas.value
    if method == LARGEST:
        below = 1.0 if quotas.below is None else quotas.below
        return _all_same(exact - held * below, who, first)
    if method not in WHOLE_DIVISORS:
        return np.zeros((len(held), 1), bool)
    divisor = WHOLE_DIVISORS[method](held)
    one = exact * np.take_along_axis(divisor, first, axis=1)
    other = np.take_along_axis(exact, first, axis=1) * divisor
    small = (np.maximum(np.abs(one), np.abs(other)) < WHOLE) & (exact == np.floor(exact))
    return np.asarray(np.all(~who | ((one == other) & small), axis=1, keepdims=True))


def _all_same(value: Array, who: Array, first: Array) -> Array:
    return np.asarray(np.all(~who | (value == np.take_along_axis(value, first, axis=1)), axis=1, keepdims=True))
