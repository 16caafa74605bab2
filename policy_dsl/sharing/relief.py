"""Relief: some members bear only a part of their share, and stated members bear what the others are spared.

Source: the low per capita income adjustment of the United Nations scale of assessments (A/RES/76/238), where the
relief of States below the threshold is borne by the States above it; the levels of the peacekeeping scale
(A/RES/55/235).
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Generic, Literal

from policy_dsl.records import dataclass
from policy_dsl.sharing.limits import ZERO, K


@dataclass(eq=False)
class ReliefConflict(ValueError):
    """Relief that nobody can bear ("no_bearer"), or a bearer that is itself relieved ("bearer_relieved").

    `members`: the bearers concerned; `freed`: the amount that would have to be borne.
    """

    kind: Literal["bearer_relieved", "no_bearer"]
    members: frozenset[Any]
    freed: Fraction

    def __str__(self) -> str:
        if self.kind == "bearer_relieved":
            return f"{len(self.members)} member(s) would be relieved and bear relief at once"
        return f"nobody bears the {self.freed} of which others are relieved"


@dataclass(frozen=True, slots=True)
class Relieved(Generic[K]):
    """Shares after relief: `shares` = before − `fell` + `borne`, per member; `freed` is the sum of either."""

    before: Mapping[K, Fraction]
    shares: Mapping[K, Fraction]
    fell: Mapping[K, Fraction]
    borne: Mapping[K, Fraction]
    freed: Fraction

    def check(self) -> bool:
        """Whether the shares sum to what they were before."""
        return sum(self.shares.values(), ZERO) == sum(self.before.values(), ZERO)


def relieve(shares: Mapping[K, Fraction], relief: Mapping[K, Fraction], bearers: Mapping[K, Fraction]) -> Relieved[K]:
    """Let each share fall by its part `relief` (0 to 1; missing: 0) and add the sum to `bearers` by their weights.

    The sum of the shares is conserved.  Raises ValueError for negative shares or weights, a relief outside 0 to 1, or
    members without a share; `ReliefConflict` if a bearer is relieved, or something is freed that nobody has a weight
    for.
    """
    if any(v < 0 for v in (*shares.values(), *bearers.values())):
        raise ValueError("shares and the weights of bearers cannot be negative")
    if any(not 0 <= part <= 1 for part in relief.values()):
        raise ValueError("a relief is a part between 0 and 1")
    if strangers := [m for m in (*relief, *bearers) if m not in shares]:
        raise ValueError(f"relief or bearers without a share: {strangers!r}")
    fell = {m: share * relief.get(m, ZERO) for m, share in shares.items()}
    freed = sum(fell.values(), ZERO)
    if both := frozenset(m for m in bearers if relief.get(m, ZERO) > 0):
        raise ReliefConflict("bearer_relieved", both, freed)
    scale = sum(bearers.values(), ZERO)
    if freed > 0 and scale == 0:
        raise ReliefConflict("no_bearer", frozenset(bearers), freed)
    borne = {m: freed * bearers.get(m, ZERO) / scale if freed else ZERO for m in shares}
    after = {m: share - fell[m] + borne[m] for m, share in shares.items()}
    return Relieved(dict(shares), after, fell, borne, freed)
