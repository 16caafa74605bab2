"""Limits in a written order: a floor, then the ceiling of a group, then the ceiling of all.

The result differs from that of the same limits on one level, so that the order is part of the rule.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Generic

from policy_dsl.records import dataclass
from policy_dsl.sharing.limits import ZERO, Held, K, LimitsConflict, hold_between, refuse_bad_figures


@dataclass(frozen=True, slots=True)
class Level(Generic[K]):
    """Limits that act together; members that are missing from a mapping have no such limit."""

    floors: Mapping[K, Fraction]
    ceilings: Mapping[K, Fraction]


@dataclass(frozen=True, slots=True)
class HeldInLevels(Generic[K]):
    """The shares after every level, and the certificate of each level.

    `levels[n]` covers only the members that were free when level n began.  `held_in`: member -> index of the level at
    which it was held.  `broken`: members whose final share no longer keeps a limit of some earlier level, since later
    levels moved it; the levels are a written order, so this is a finding and not a fault.
    """

    total: Fraction
    shares: Mapping[K, Fraction]
    at_floor: frozenset[K]
    at_ceiling: frozenset[K]
    held_in: Mapping[K, int]
    broken: frozenset[K]
    uncovered: Fraction
    levels: tuple[Held[K], ...]

    def check(self) -> bool:
        """Whether the shares and the uncovered part sum to the total."""
        return sum(self.shares.values(), ZERO) + self.uncovered == self.total


def hold_in_levels(total: Fraction, weights: Mapping[K, Fraction], levels: Sequence[Level[K]]) -> HeldInLevels[K]:
    """Limits in a written order: who is held at a limit in one level stays there, the rest start from their shares.

    The first level shares `total` by `weights`; each later level shares what the free members hold between them in
    proportion to what each of them holds.  Without levels the total is shared by weights alone.

    Raises as `hold_between`; also `LimitsConflict` (floor_above_ceiling) if a later level asks of a member held
    earlier what the place where it stays does not keep.

    Source: the steps of the United Nations scale of assessments, A/RES/79/249 para. 7: floor, then the ceiling of the
    least developed countries, then the overall ceiling; each step shares among the States that are not yet held.
    """
    current, shares, rest = dict(weights), dict.fromkeys(weights, ZERO), total
    held_in: dict[K, int] = {}
    certificates: list[Held[K]] = []
    at_floor: frozenset[K] = frozenset()
    at_ceiling: frozenset[K] = frozenset()
    for number, level in enumerate(levels or [Level({}, {})]):
        refuse_bad_figures(total, weights, level.floors, level.ceilings)
        _refuse_moving_the_held({m: shares[m] for m in held_in}, level, total)
        floors = {m: level.floors[m] for m in current if m in level.floors}
        ceilings = {m: level.ceilings[m] for m in current if m in level.ceilings}
        held = hold_between(rest, current, floors, ceilings)
        certificates.append(held)
        shares.update(held.shares)
        at_floor |= held.at_floor
        at_ceiling |= held.at_ceiling
        held_in.update({m: number for m in current if m in held.at_floor or m in held.at_ceiling})
        current = {m: shares[m] for m in weights if m not in held_in}
        rest = sum(current.values(), ZERO)
    broken = frozenset(m for level in levels for m in weights if not _keeps(shares[m], level, m))
    uncovered = sum((h.uncovered for h in certificates), ZERO)
    return HeldInLevels(total, shares, at_floor, at_ceiling, held_in, broken, uncovered, tuple(certificates))


def _refuse_moving_the_held(held: Mapping[K, Fraction], level: Level[K], total: Fraction) -> None:
    crossed = {}
    for member, share in held.items():
        floor, ceiling = level.floors.get(member, share), level.ceilings.get(member, share)
        if not floor <= share <= ceiling:
            crossed[member] = (max(share, floor), min(share, ceiling))
    if crossed:
        needed = sum((f for f, _ in crossed.values()), ZERO)
        raise LimitsConflict("floor_above_ceiling", frozenset(crossed), crossed, total, needed)


def _keeps(share: Fraction, level: Level[K], member: K) -> bool:
    return level.floors.get(member, share) <= share <= level.ceilings.get(member, share)
