"""Sharing in proportion to weights, with every share held between a floor and a ceiling.

Limits on one level act together: there is one factor, common to all members, at which the shares `weight × factor`,
each held between its own floor and ceiling, sum to the total.  The factor is found exactly by going through the
points at which a member meets a limit, so that neither a tolerance nor an order of members enters.  The classical
iteration (share out, pin whoever passes a limit, share out again) is shown beside it as the rounds that a reader can
follow; it pins, in each round, only the side on which the limits move more than the other, which is what makes it end
at the same shares (the rule of the total violation; compare Ibaraki & Katoh, "Resource Allocation Problems", 1988,
ch. 2).

Amounts are in the unit of the total.  Weights may be in any unit: only their proportions count.
"""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any, Generic, Literal, TypeVar

from policy_dsl.records import dataclass

K = TypeVar("K", bound=Hashable)
ZERO = Fraction(0)


@dataclass(eq=False)
class LimitsConflict(ValueError):
    """The limits cannot all be kept: there is no result.

    `kind` is "floor_above_ceiling" (figures: member -> (floor, ceiling)) or "floors_exceed_total" (figures: member ->
    (floor, None)).  `members` are those concerned.  `total` is what there was to share, `needed` what the floors sum
    to.
    """

    kind: Literal["floor_above_ceiling", "floors_exceed_total"]
    members: frozenset[Any]
    figures: Mapping[Any, tuple[Fraction, Fraction | None]]
    total: Fraction
    needed: Fraction

    def __str__(self) -> str:
        if self.kind == "floor_above_ceiling":
            return f"a floor stands above a ceiling for {len(self.members)} member(s)"
        return f"the floors sum to {self.needed}, more than the total {self.total}"


@dataclass(frozen=True, slots=True)
class Round(Generic[K]):
    """One round of the iteration: the factor for those still free, and who was then pinned at which limit.

    `factor` is None if nobody with a weight was free any more.
    """

    number: int
    factor: Fraction | None
    to_floor: frozenset[K]
    to_ceiling: frozenset[K]


@dataclass(frozen=True, slots=True)
class Held(Generic[K]):
    """The shares and their certificate.

    `shares`: amount of each member, in the caller's order.  `factor`: amount per unit of weight for members held at
    no limit, None if every member with a weight is held.  `at_floor`, `at_ceiling`: those whom a limit moved (a
    member that would stand exactly on its limit anyway is not held).  `uncovered`: the part of `total` that the
    ceilings refuse, or that nobody can take because all weights are zero.  `rounds`: the iteration, for the reader.
    """

    total: Fraction
    shares: Mapping[K, Fraction]
    factor: Fraction | None
    at_floor: frozenset[K]
    at_ceiling: frozenset[K]
    uncovered: Fraction
    rounds: tuple[Round[K], ...]

    def check(self) -> bool:
        """Whether the shares and the uncovered part sum to the total."""
        return sum(self.shares.values(), ZERO) + self.uncovered == self.total


def hold_between(
    total: Fraction, weights: Mapping[K, Fraction], floors: Mapping[K, Fraction], ceilings: Mapping[K, Fraction]
) -> Held[K]:
    """Share `total` by `weights`, each share held between its floor and its ceiling (missing: no limit).

    Limits are amounts in the unit of `total`.  A member of weight zero gets its floor, or nothing.  If several
    factors give the same shares, `factor` is the one at which the iteration ends.

    Raises `LimitsConflict` if a floor is above a ceiling or the floors exceed the total; ValueError for a negative
    total, weight or limit, and for a limit of somebody who has no weight stated.

    Source: the limits of the United Nations scale of assessments, A/RES/76/238 (floor 0.001 %, ceiling of the
    least developed countries 0.01 %, ceiling 22 %), here on one level.
    """
    refuse_bad_figures(total, weights, floors, ceilings)
    refuse_conflicts(total, floors, ceilings)
    low, high = common_factor(total, weights, floors, ceilings)
    rounds, at_floor, at_ceiling = _iterate(total, weights, floors, ceilings)
    met = rounds[-1].factor
    free = any(w > 0 and m not in at_floor and m not in at_ceiling for m, w in weights.items())
    factor = (low if low == high else met) if free else None
    shares = {m: w * factor if factor is not None else ZERO for m, w in weights.items()}
    shares |= {m: floors[m] for m in weights if m in at_floor}
    shares |= {m: ceilings[m] for m in weights if m in at_ceiling}
    return Held(total, shares, factor, at_floor, at_ceiling, total - sum(shares.values(), ZERO), rounds)


def common_factor(
    total: Fraction, weights: Mapping[K, Fraction], floors: Mapping[K, Fraction], ceilings: Mapping[K, Fraction]
) -> tuple[Fraction, Fraction | None]:
    """The least and the greatest factor at which the held shares come as near to `total` as the limits allow.

    The two are equal wherever some member is free; None as the greatest means that it has no bound.  Takes for
    granted what `hold_between` examines.
    """
    bends: dict[Fraction, Fraction] = {ZERO: ZERO}
    for member, weight in weights.items():
        if weight > 0:
            start = floors.get(member, ZERO) / weight
            bends[start] = bends.get(start, ZERO) + weight
            if member in ceilings:
                end = ceilings[member] / weight
                bends[end] = bends.get(end, ZERO) - weight
    points = sorted(bends)
    reached = sum((floors.get(m, ZERO) for m in weights), ZERO)
    least = ZERO if reached >= total else None
    slope = ZERO
    for lower, upper in zip(points, [*points[1:], None], strict=True):
        slope += bends[lower]
        if slope == 0:
            if least is not None:
                return least, upper
            if upper is None:
                return lower, None
            continue
        if least is not None:
            return least, least
        meets = lower + (total - reached) / slope
        if upper is None or meets < upper:
            return meets, meets
        reached += slope * (upper - lower)
        least = upper if reached == total else None
    raise AssertionError("unreachable: the last stretch has no upper end")


def refuse_bad_limits(members: Mapping[K, Fraction], *limits: Mapping[K, Fraction]) -> None:
    """Raise ValueError for negative limits and for limits of anybody who is not among `members`."""
    for limit in limits:
        if any(v < 0 for v in limit.values()):
            raise ValueError("a limit cannot be negative")
        if strangers := [m for m in limit if m not in members]:
            raise ValueError(f"limits for members that do not share: {strangers!r}")


def refuse_bad_figures(total: Fraction, weights: Mapping[K, Fraction], *limits: Mapping[K, Fraction]) -> None:
    """Raise ValueError for a negative total, weight or limit, and for limits of members that are not there."""
    if total < 0:
        raise ValueError(f"a total to be shared cannot be negative: {total}")
    if any(w < 0 for w in weights.values()):
        raise ValueError("a weight cannot be negative")
    refuse_bad_limits(weights, *limits)


def refuse_conflicts(total: Fraction, floors: Mapping[K, Fraction], ceilings: Mapping[K, Fraction]) -> None:
    """Raise `LimitsConflict` if a floor is above a ceiling, or if the floors sum to more than the total."""
    needed = sum(floors.values(), ZERO)
    crossed = {m: (f, ceilings[m]) for m, f in floors.items() if m in ceilings and f > ceilings[m]}
    if crossed:
        raise LimitsConflict("floor_above_ceiling", frozenset(crossed), crossed, total, needed)
    if needed > total:
        asked = {m: (f, None) for m, f in floors.items() if f > 0}
        raise LimitsConflict("floors_exceed_total", frozenset(asked), asked, total, needed)


def _iterate(
    total: Fraction, weights: Mapping[K, Fraction], floors: Mapping[K, Fraction], ceilings: Mapping[K, Fraction]
) -> tuple[tuple[Round[K], ...], frozenset[K], frozenset[K]]:
    """The rounds of the classical iteration, and who was pinned at a floor and at a ceiling."""
    at_floor = frozenset(m for m, w in weights.items() if w == 0 and floors.get(m, ZERO) > 0)
    at_ceiling: frozenset[K] = frozenset()
    free = {m: w for m, w in weights.items() if w > 0}
    rest = total - sum((floors[m] for m in at_floor), ZERO)
    rounds: list[Round[K]] = []
    newly_low = at_floor
    while True:
        scale = sum(free.values(), ZERO)
        factor = rest / scale if scale > 0 else None
        low = {m: floors[m] - w * factor for m, w in free.items() if factor is not None and m in floors}
        high = {m: w * factor - ceilings[m] for m, w in free.items() if factor is not None and m in ceilings}
        low, high = ({m: v for m, v in side.items() if v > 0} for side in (low, high))
        violation = sum(low.values(), ZERO) - sum(high.values(), ZERO)
        to_floor = frozenset(low) if violation >= 0 else frozenset[K]()
        to_ceiling = frozenset(high) if violation <= 0 else frozenset[K]()
        rounds.append(Round(len(rounds) + 1, factor, to_floor | newly_low, to_ceiling))
        newly_low = frozenset()
        if not to_floor and not to_ceiling:
            return tuple(rounds), at_floor, at_ceiling
        at_floor |= to_floor
        at_ceiling |= to_ceiling
        rest -= sum((floors[m] for m in to_floor), ZERO) + sum((ceilings[m] for m in to_ceiling), ZERO)
        free = {m: w for m, w in free.items() if m not in to_floor and m not in to_ceiling}
