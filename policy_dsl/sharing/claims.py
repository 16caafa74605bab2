"""What each member claims: the order in which the conserving methods hand out whole steps.

Every conserving method hands out one step after the other, always to the member whose next step has the greatest
claim. A member that holds `a` steps and has the quota `q` (its exact share in steps) claims its next step with

    largest_remainder  q − a                     (Hamilton; Hare and Niemeyer)
    jefferson          q / (a + 1)               (greatest divisors; D'Hondt)
    webster            q / (a + 1/2)             (major fractions; Sainte-Laguë)
    hill               q / √(a (a + 1))          (equal proportions; Huntington), compared by its square
    dean               q / (2a (a + 1)/(2a + 1)) (harmonic mean)
    adams              q / a                     (smallest divisors)

With hill, dean and adams the claim of a first step is infinite: first steps go before any second, larger quotas
first. A quota of zero claims nothing.

Source: Balinski & Young, "Fair Representation", 1982 (quotas, divisor methods and their rank functions).
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Generic

from policy_dsl.sharing.limits import K, common_factor

HALF = Fraction(1, 2)
FREE_FIRST = frozenset({"hill", "adams", "dean"})
DIVISORS: Mapping[str, Callable[[int], Fraction]] = {
    "webster": lambda a: a + HALF,
    "jefferson": lambda a: Fraction(a + 1),
    "hill": lambda a: Fraction(a * (a + 1)),
    "adams": Fraction,
    "dean": lambda a: Fraction(2 * a * (a + 1), 2 * a + 1),
}
"""The divisor of a member that holds `a` steps; for hill its square."""


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """The claim of a member to one step; claims are ordered, the greater is served first.

    `free`: a first step of hill, adams or dean, which goes before every other; `value` is then the quota.  Otherwise
    `value` is the remainder (largest remainder), the square of quota by divisor (hill), or quota by divisor.
    """

    free: bool
    value: Fraction


@dataclass(frozen=True, slots=True)
class Handing(Generic[K]):
    """Who surely gets how many steps, and whose equal claims compete for the `left` last steps.

    `last` is the claim of the last step handed out, None if there was none beyond the floors.  `refused` are the
    steps that ceilings refuse.  If `left` equals the number of contenders, all of them win.
    """

    sure: Mapping[K, int]
    contenders: tuple[K, ...]
    left: int
    last: Claim | None
    refused: int


def claim(method: str, quota: Fraction, held: int) -> Claim | None:
    """The claim to a further step of a member that holds `held` steps; None if it has no claim at all."""
    if quota == 0:
        return None
    if method == "largest_remainder":
        return Claim(False, quota - held)
    if held == 0 and method in FREE_FIRST:
        return Claim(True, quota)
    return Claim(False, (quota * quota if method == "hill" else quota) / DIVISORS[method](held))


def steps_above(method: str, quota: Fraction, level: Fraction) -> int:
    """How many steps the member claims with more than `level` (> 0, except for largest remainder)."""
    if method == "largest_remainder":
        return _ceil(quota - level)
    reach = (quota * quota if method == "hill" else quota) / level
    held = max(0, _ceil(reach) - 1) if method != "hill" else _root_below(reach)
    while DIVISORS[method](held) < reach:
        held += 1
    return held


def hand_out(
    method: str, quotas: Mapping[K, Fraction], steps: int, low: Mapping[K, int], high: Mapping[K, int]
) -> Handing[K]:
    """Hand out `steps` whole steps, nobody getting fewer than `low` or more than `high` (missing: no bound).

    `low` names every member and sums to `steps` at most.  The outcome does not depend on the order of members.
    """
    sure = dict(low)
    spare = steps - sum(low.values())
    takers = {m: q for m, q in quotas.items() if q != 0 and (m not in high or high[m] > low[m])}
    if all(m in high for m in takers):
        room = sum(high[m] - low[m] for m in takers)
        if room <= spare:
            last = min((c for m, q in takers.items() if (c := claim(method, q, high[m] - 1))), default=None)
            return Handing({**sure, **{m: high[m] for m in takers}}, (), 0, last, spare - room)
    if spare == 0:
        return Handing(sure, (), 0, None, 0)
    if method in FREE_FIRST:
        opening = {m: Claim(True, q) for m, q in takers.items() if low[m] == 0}
        if spare <= len(opening):
            last = sorted(opening.values(), reverse=True)[spare - 1]
            sure |= {m: 1 for m, c in opening.items() if c > last}
            contenders = tuple(m for m, c in opening.items() if c == last)
            return Handing(sure, contenders, steps - sum(sure.values()), last, 0)
        sure |= dict.fromkeys(opening, 1)
    last = _last_claim(method, takers, steps, sure, high)
    sure |= {m: _within(steps_above(method, q, last.value), m, sure, high) for m, q in takers.items()}
    contenders = tuple(
        m for m, q in takers.items() if sure[m] < high.get(m, sure[m] + 1) and claim(method, q, sure[m]) == last
    )
    return Handing(sure, contenders, steps - sum(sure.values()), last, 0)


def _last_claim(
    method: str, takers: Mapping[K, Fraction], steps: int, low: Mapping[K, int], high: Mapping[K, int]
) -> Claim:
    """The claim of the last step: start near it, then hand out or take back the few steps that differ.

    Equal claims may be told apart by position on the way; the claim found is the same for every order.
    """
    level = _near_level(method, takers, steps, low, high)
    order = list(takers)
    got = {m: _within(steps_above(method, q, level), m, low, high) for m, q in takers.items()}
    missing = steps - sum(low[m] for m in low if m not in takers) - sum(got.values())

    def bid(i: int, sign: int) -> list[tuple[Fraction, int]]:
        m = order[i]
        if (sign > 0 and got[m] == high.get(m)) or (sign < 0 and got[m] == low[m]):
            return []
        found = claim(method, takers[m], got[m] - (sign < 0))
        return [(-sign * found.value, i)] if found else []

    sign = 1 if missing > 0 else -1
    heap = [entry for i in range(len(order)) for entry in bid(i, sign)]
    heapq.heapify(heap)
    for _ in range(abs(missing)):
        _, i = heapq.heappop(heap)
        got[order[i]] += sign
        for entry in bid(i, sign):
            heapq.heappush(heap, entry)
    given = (claim(method, q, got[m] - 1) for m, q in takers.items() if got[m] > low[m])
    return min(c for c in given if c is not None)


def _near_level(
    method: str, takers: Mapping[K, Fraction], steps: int, low: Mapping[K, int], high: Mapping[K, int]
) -> Fraction:
    """A level at which the claims above it are at most about as many as the members away from `steps`."""
    if method != "largest_remainder":
        room = Fraction(steps - sum(low[m] for m in low if m not in takers))
        floors = {m: Fraction(low[m]) for m in takers}
        ceilings = {m: Fraction(high[m]) for m in takers if m in high}
        factor, _ = common_factor(room, takers, floors, ceilings)
        return 1 / factor**2 if method == "hill" else 1 / factor

    def handed(level: int) -> int:
        fixed = sum(low[m] for m in low if m not in takers)
        return fixed + sum(_within(_ceil(q - level), m, low, high) for m, q in takers.items())

    top = max(_ceil(q - low[m]) for m, q in takers.items())
    reach = 1
    while handed(top - reach) <= steps:
        reach *= 2
    bottom = top - reach
    while top - bottom > 1:
        middle = (top + bottom) // 2
        top, bottom = (middle, bottom) if handed(middle) <= steps else (top, middle)
    return Fraction(top)


def _within(count: int, member: K, low: Mapping[K, int], high: Mapping[K, int]) -> int:
    count = max(count, low[member])
    return min(count, high.get(member, count))


def _ceil(x: Fraction) -> int:
    return -(-x.numerator // x.denominator)


def _root_below(x: Fraction) -> int:
    """A whole number a ≥ 0 with (a − 1) a < x that is at most 2 below the least with a (a + 1) ≥ x."""
    return max(0, isqrt(x.numerator // x.denominator) - 1)
