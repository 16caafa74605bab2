"""Credits: what a member already bears is taken off what it is due.

The shares are shares of the whole, kind and cash together; only the part that credits have not covered is raised.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Generic

from policy_dsl.records import dataclass
from policy_dsl.sharing.limits import ZERO, K


@dataclass(frozen=True, slots=True)
class Credited(Generic[K]):
    """What each member still owes, and the certificate.

    `dues`: `max(0, factor × share − credit)`; with `refunded`, `share − credit`, which is negative for a refund.
    `factor`: the common factor k ≤ 1, None if nothing is to be raised.  `excess`: what a credit is above the whole
    share. `bears`: due and credit together.  `to_raise`: the sum of the dues, which is the total less all credits
    (and, unless refunded, not below zero).
    """

    shares: Mapping[K, Fraction]
    credits: Mapping[K, Fraction]
    refunded: bool
    dues: Mapping[K, Fraction]
    factor: Fraction | None
    excess: Mapping[K, Fraction]
    bears: Mapping[K, Fraction]
    to_raise: Fraction

    def check(self) -> bool:
        """Whether the dues sum to what is to be raised."""
        return sum(self.dues.values(), ZERO) == self.to_raise


def less_credits(shares: Mapping[K, Fraction], borne: Mapping[K, Fraction], *, refunded: bool) -> Credited[K]:
    """Take off `shares` the credits for what is already `borne` (missing: nothing); both in one unit.

    Not refunded: an excess is not paid out and makes nobody else pay less than nothing; the dues are `max(0, k ×
    share − credit)` with the one k ≤ 1 at which they sum to total − credits, found exactly.  If the credits cover the
    total, nobody owes anything.  Refunded: each owes share − credit, below zero for an excess.

    Raises ValueError for negative shares or credits, and for credits of members without a share.
    """
    if any(v < 0 for v in (*shares.values(), *borne.values())):
        raise ValueError("shares and credits cannot be negative")
    if strangers := [m for m in borne if m not in shares]:
        raise ValueError(f"credits of members without a share: {strangers!r}")
    given = {m: borne.get(m, ZERO) for m in shares}
    open_part = sum(shares.values(), ZERO) - sum(given.values(), ZERO)
    factor: Fraction | None
    if refunded:
        factor = Fraction(1)
        dues = {m: share - given[m] for m, share in shares.items()}
    elif open_part <= 0:
        open_part, factor = ZERO, None
        dues = dict.fromkeys(shares, ZERO)
    else:
        factor = _common_factor(open_part, shares, given)
        dues = {m: max(ZERO, factor * share - given[m]) for m, share in shares.items()}
    excess = {m: max(ZERO, given[m] - share) for m, share in shares.items()}
    bears = {m: dues[m] + given[m] for m in shares}
    return Credited(dict(shares), given, refunded, dues, factor, excess, bears, open_part)


def _common_factor(to_raise: Fraction, shares: Mapping[K, Fraction], borne: Mapping[K, Fraction]) -> Fraction:
    """The k at which the dues sum to `to_raise`: members begin to pay in order of credit by share."""
    starts = sorted((borne[m] / share, share, borne[m]) for m, share in shares.items() if share > 0)
    paying, covered = ZERO, ZERO
    for position, (_, share, credit) in enumerate(starts):
        paying, covered = paying + share, covered + credit
        factor = (to_raise + covered) / paying
        if position + 1 == len(starts) or factor <= starts[position + 1][0]:
            return factor
    raise ValueError("there is something to raise but no share above zero")
