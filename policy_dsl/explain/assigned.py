"""Why a member has what it has of a sharing at least cost: what placing somebody there counts, and full places.

The certificate of the assignment says which members are full and what one more place would change; it is told of each
member once, in the first cohort of which the member takes anybody.
"""

from __future__ import annotations

from policy_dsl.evaluate.decision import Decision, Shared, ShareRow
from policy_dsl.explain.argument import Claim, Who, claim
from policy_dsl.explain.grounds import drafters_reason, elsewhere, limit_at
from policy_dsl.values import Quantity, Unit
from policy_dsl.values.units import times


def assigned(decision: Decision, shared: Shared, row: ShareRow) -> tuple[Claim, ...]:
    """The claims for one member and cohort."""
    found: list[Claim] = []
    who = Who(row.member)
    if row.weight is not None:
        says = "share.cost" if row.exact else "share.cost.elsewhere"
        found.append(claim(says, member=who, cost=row.weight, at=elsewhere(shared, row.weight)))
    if row.held and row.ceiling is not None and shared is _told_in(decision, shared, row.member):
        at = limit_at(shared, row.ceiling)
        found.append(claim("share.full", member=who, limit=row.ceiling, at=at, because=drafters_reason(row)))
        found.append(price_claim(shared, row.member))
    return tuple(found)


def price_claim(shared: Shared, member: str) -> Claim:
    """What one more place with a member whose places are all taken would change."""
    assert shared.assignment is not None
    price = shared.assignment.prices.get(member)
    who, unit = Who(member), cost_unit(shared)
    if price is None:
        return claim("share.place.nothing", member=who)
    change = Quantity(abs(price.saves), unit)
    if not price.places:
        return claim("share.place.saves", member=who, cost=change)
    if price.saves < 0:
        return claim("share.place.more", member=who, cost=change)
    return claim("share.place.both", member=who, cost=change)


def full_members(shared: Shared) -> tuple[str, ...]:
    """The members whose places are all taken."""
    return tuple(row.member for row in shared.rows if row.held)


def cost_unit(shared: Shared) -> Unit:
    """The unit of the cost of all placements: that of one placement times what is placed."""
    for row in shared.rows:
        if row.weight is not None and isinstance(row.weight.value, Quantity):
            return times(row.weight.value.unit, shared.unit)
    return shared.unit


def _told_in(decision: Decision, shared: Shared, member: str) -> Shared:
    """The cohort in which full places are told of: the first of which the member takes anybody, or else the first."""
    cohorts = [each for each in decision.shares if each.entry is shared.entry]
    taking = (each for each in cohorts if (row := each.row(member)) is not None and row.exact)
    return next(taking, cohorts[0])
