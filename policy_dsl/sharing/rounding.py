"""Whole steps out of exact shares: persons, cents, thousandths of a per cent.

Two families.  The conserving methods hand out exactly as many steps as the shares make up together: largest
remainder, and the five divisor methods.  The others round each share by itself and may miss the total; the difference
is reported.

Source: Balinski & Young, "Fair Representation", 1982; Balinski & Young, "The quota method of apportionment", American
Mathematical Monthly 82(7), 1975.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Generic

from policy_dsl.records import dataclass
from policy_dsl.sharing.claims import HALF, Claim, claim, hand_out
from policy_dsl.sharing.limits import ZERO, K, LimitsConflict, refuse_bad_limits
from policy_dsl.sharing.ties import Tie, settle

CONSERVING = ("largest_remainder", "webster", "jefferson", "hill", "adams", "dean")
ONE_BY_ONE: Mapping[str, Callable[[Fraction], int]] = {
    "half_up": lambda q: (q + HALF).__floor__(),
    "half_even": round,
    "up": lambda q: q.__ceil__(),
    "down": lambda q: q.__floor__(),
}
METHODS = (*CONSERVING, *ONE_BY_ONE)
"""Names of all methods.  Downwards is towards minus infinity, also for negative shares; half_up: halves upwards."""


@dataclass(frozen=True, slots=True)
class RoundingRow:
    """How one member was rounded; all figures in steps.

    `quota`: the exact share.  `whole`: the quota rounded down.  `remainder`: quota less whole.  `claim`: the claim to
    the step after `whole` (None where the method knows none).  `rank`: 1 for the greatest such claim, equals share a
    rank. `extra`: steps received beyond `whole` (0 or 1 in largest remainder without limits), None while
    undetermined. `at_floor`, `at_ceiling`: the member stands at its floor rounded up, at its ceiling rounded down.
    """

    quota: Fraction
    whole: int
    remainder: Fraction
    claim: Claim | None
    rank: int | None
    extra: int | None
    at_floor: bool
    at_ceiling: bool


@dataclass(frozen=True, slots=True)
class Rounding(Generic[K]):
    """The rounded shares and their certificate; amounts in the unit of `total`, mappings in the caller's order.

    `shared`: the sum of the exact shares (`total` less what the limits left uncovered).  `rounded`: None where a tie
    leaves the member undetermined; `low` is what each gets at least (an undetermined member gets that or one step
    more). `residue`: what is less than one step and is left over.  `unplaced`: whole steps that ceilings refuse.
    `difference`: sum of the rounded less `total`, for methods that do not conserve (else 0).  `last`: the claim of
    the last step handed out; everybody's claims above it are met, none below.
    """

    method: str
    step: Fraction
    total: Fraction
    shared: Fraction
    rounded: Mapping[K, Fraction | None]
    low: Mapping[K, Fraction]
    rows: Mapping[K, RoundingRow]
    ties: tuple[Tie[K], ...]
    residue: Fraction
    unplaced: Fraction
    difference: Fraction
    last: Claim | None

    @property
    def undetermined(self) -> frozenset[K]:
        """The members whose share a tie leaves open."""
        return frozenset(m for m, amount in self.rounded.items() if amount is None)

    @property
    def to_draw(self) -> int:
        """How many steps are to be handed among the undetermined members."""
        return sum(tie.steps for tie in self.ties if tie.settled_by is None)

    def check(self) -> bool:
        """Whether nothing was lost or invented: rounded + steps to draw + residue + unplaced = the exact shares.

        For methods that do not conserve: whether rounded less total is the difference stated.
        """
        handed = sum(self.low.values(), ZERO) + self.to_draw * self.step
        agrees = all(self.low[m] == amount for m, amount in self.rounded.items() if amount is not None)
        if self.method in CONSERVING:
            return agrees and handed + self.residue + self.unplaced == self.shared
        return agrees and handed - self.total == self.difference


def round_shares(
    total: Fraction,
    shares: Mapping[K, Fraction],
    *,
    method: str,
    step: Fraction = Fraction(1),
    floors: Mapping[K, Fraction] | None = None,
    ceilings: Mapping[K, Fraction] | None = None,
    tie_keys: Sequence[Mapping[K, Fraction]] = (),
    lot: Sequence[K] | None = None,
) -> Rounding[K]:
    """Round exact shares to multiples of `step`.

    The shares sum to `total` or less.  The conserving methods hand out as many steps as fit into the sum of the
    shares; the rest, below one step, is the residue.  The divisor methods take the shares as weights.  Nobody passes
    its ceiling rounded down to the step, nobody stays below its floor rounded up.  With largest remainder a refund
    (negative share) never turns into a payment, and a share of zero stays zero unless a floor lifts it.  Ties: see
    `settle`.

    Raises ValueError for an unknown method, a step that is not positive, shares above the total, negative shares with
    a divisor method, or limits that are negative or of members without a share; `LimitsConflict` if the limits, once
    rounded to the step, cross or ask for more steps than there are.
    """
    floors, ceilings = floors or {}, ceilings or {}
    shared = sum(shares.values(), ZERO)
    _refuse_bad_figures(total, shares, shared, method, step)
    refuse_bad_limits(shares, floors, ceilings)
    quotas = {m: share / step for m, share in shares.items()}
    low = {m: (v / step).__ceil__() for m, v in floors.items()}
    high = {m: (v / step).__floor__() for m, v in ceilings.items()}
    if crossed := {m: (low[m] * step, high[m] * step) for m in low if m in high and low[m] > high[m]}:
        needed = sum(low.values()) * step
        raise LimitsConflict("floor_above_ceiling", frozenset(crossed), crossed, total, needed)
    if method not in CONSERVING:
        return _one_by_one(total, quotas, method, step, low, high)
    steps = (shared / step).__floor__()
    least, most = _implied_limits(quotas, low, high)
    if sum(least.values()) > steps:
        asked = {m: (v * step, None) for m, v in low.items() if v > 0}
        raise LimitsConflict("floors_exceed_total", frozenset(asked), asked, total, sum(low.values()) * step)
    handing = hand_out(method, quotas, steps, least, most)
    at = handing.last.value if handing.last else ZERO
    end = settle(frozenset(handing.contenders), handing.left, at, tie_keys, lot)
    got = {m: n + (m in end.winners) for m, n in handing.sure.items()}
    return Rounding(
        method=method,
        step=step,
        total=total,
        shared=shared,
        rounded={m: None if m in end.open else n * step for m, n in got.items()},
        low={m: n * step for m, n in got.items()},
        rows=_rows(method, quotas, got, end.open, low, high),
        ties=end.ties,
        residue=shared - steps * step,
        unplaced=handing.refused * step,
        difference=ZERO,
        last=handing.last,
    )


def _refuse_bad_figures(
    total: Fraction, shares: Mapping[K, Fraction], shared: Fraction, method: str, step: Fraction
) -> None:
    if method not in METHODS:
        raise ValueError(f"unknown method of rounding: {method!r}")
    if step <= 0:
        raise ValueError(f"a step of rounding must be positive: {step}")
    if shared > total:
        raise ValueError(f"the shares sum to {shared}, more than the total {total}")
    if method in CONSERVING[1:] and any(share < 0 for share in shares.values()):
        raise ValueError(f"{method} cannot round negative shares")


def _implied_limits(
    quotas: Mapping[K, Fraction], low: Mapping[K, int], high: Mapping[K, int]
) -> tuple[dict[K, int], dict[K, int]]:
    """Bounds for everybody: no payment below zero, no refund above it.

    Floors that round up take steps from others; a refund can grow by all of these and by no more.
    """
    lifted = sum(max(0, n - quotas[m].__floor__()) for m, n in low.items())
    least = {m: low.get(m, 0 if q >= 0 else q.__floor__() - lifted) for m, q in quotas.items()}
    most = dict(high)
    for member, quota in quotas.items():
        if quota < 0:
            most[member] = max(least[member], 0)
    return least, most


def _one_by_one(
    total: Fraction,
    quotas: Mapping[K, Fraction],
    method: str,
    step: Fraction,
    low: Mapping[K, int],
    high: Mapping[K, int],
) -> Rounding[K]:
    got = {}
    for member, quota in quotas.items():
        count = ONE_BY_ONE[method](quota)
        count = max(count, low.get(member, count))
        got[member] = min(count, high.get(member, count))
    return Rounding(
        method=method,
        step=step,
        total=total,
        shared=sum(quotas.values(), ZERO) * step,
        rounded={m: n * step for m, n in got.items()},
        low={m: n * step for m, n in got.items()},
        rows=_rows(method, quotas, got, frozenset(), low, high),
        ties=(),
        residue=ZERO,
        unplaced=ZERO,
        difference=sum(got.values()) * step - total,
        last=None,
    )


def _rows(
    method: str,
    quotas: Mapping[K, Fraction],
    got: Mapping[K, int],
    undetermined: frozenset[K],
    low: Mapping[K, int],
    high: Mapping[K, int],
) -> dict[K, RoundingRow]:
    claims: dict[K, Claim | None] = dict.fromkeys(quotas)
    if method in CONSERVING:
        claims = {m: claim(method, q, q.__floor__()) for m, q in quotas.items()}
    ordered = sorted((c for c in claims.values() if c is not None), reverse=True)
    places: dict[Claim, int] = {}
    for place, found in enumerate(ordered, start=1):
        places.setdefault(found, place)
    rows = {}
    for member, quota in quotas.items():
        whole, own, is_open = quota.__floor__(), claims[member], member in undetermined
        rows[member] = RoundingRow(
            quota=quota,
            whole=whole,
            remainder=quota - whole,
            claim=own,
            rank=None if own is None else places[own],
            extra=None if is_open else got[member] - whole,
            at_floor=not is_open and got[member] == low.get(member),
            at_ceiling=not is_open and got[member] == high.get(member),
        )
    return rows
