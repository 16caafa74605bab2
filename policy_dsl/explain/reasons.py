"""Reasons for each member, in the order of the work: why it shares or not, its weight, limits, credit, rounding."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from policy_dsl.evaluate.decision import Decision, DutyOutcome, ExceptionSeen, Shared, ShareRow
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.explain.argument import (
    Adopted,
    Argument,
    Claim,
    Key,
    MemberReasons,
    ShareReasons,
    Term,
    Unrounded,
    Who,
    amount,
    claim,
    stated,
)
from policy_dsl.explain.assigned import assigned
from policy_dsl.explain.gaps import open_points
from policy_dsl.explain.grounds import drafters_reason, elsewhere, limit_at
from policy_dsl.explain.whynot import (
    adjusted,
    band_order,
    credit_claims,
    failed,
    held,
    outside,
    why_duty_not,
    why_no_seat,
)
from policy_dsl.sharing import CONSERVING
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity, Unit


def argue(decision: Decision) -> Argument:
    """The reasons for the whole decision."""
    everybody = sorted({*decision.members, *(seat.state for seat in decision.seats)})
    return Argument(tuple(member_reasons(decision, each) for each in everybody), open_points(decision))


def member_reasons(decision: Decision, member: str) -> MemberReasons:
    """The reasons for one member."""
    seats: list[Claim] = []
    for seat in decision.seats:
        if seat.state == member:
            refusal = why_no_seat(seat)
            seats += refusal or (
                claim(
                    "seat.held.ground" if seat.ground else "seat.held",
                    member=Who(member),
                    tier=seat.tier,
                    ground=Adopted(seat.ground, seat.ground.replace("_", " ")),
                ),
            )
    shares = []
    for shared in decision.shares:
        row = shared.row(member)
        if row is not None:
            claims = share_reasons(decision, shared, row)
            shares.append(ShareReasons(shared.entry, shared.cohort, row.final, claims))
    duties = tuple(
        duty_claim(duty) for duty in decision.duties if duty.holder == member and duty.status != "not arisen"
    )
    applied = tuple(
        exception_claim(seen) for seen in decision.exceptions if seen.applied and seen.subject[-1:] == (member,)
    )
    return MemberReasons(member, tuple(seats), tuple(shares), duties, applied)


def exception_claim(seen: ExceptionSeen) -> Claim:
    """That an exception to a definition applied, or not, to those whom a value is for, and what that turned on."""
    says = "exception.applied" if seen.applied else "exception.not"
    because = held(seen.condition) if seen.applied else failed(seen.condition)
    whom = Who(seen.subject[-1]) if seen.subject else None
    return claim(says, of=seen.entry, at=seen.entry.address, member=whom, because=because)


def duty_claim(duty: DutyOutcome) -> Claim:
    """What the record shows of a duty; of one whose time is still running, no more than that."""
    return claim(
        f"duty.{duty.status.replace(' ', '_')}",
        member=Who(duty.holder),
        duty=duty.entry,
        deadline=duty.deadline.value if duty.deadline is not None and isinstance(duty.deadline.value, date) else None,
        at=duty.entry.address,
        because=why_duty_not(duty) if duty.status != "pending" else (),
    )


def share_reasons(decision: Decision, shared: Shared, row: ShareRow) -> tuple[Claim, ...]:
    """Why a member has what it has of one sharing out; the first claim states the result."""
    who = Who(row.member)
    claims = [_result(decision, shared, row)]
    if is_nothing(shared.total.value) and is_nothing(row.final.value):
        return (claim("share.empty", of=shared.entry, at=shared.entry.address),)
    if row.outside is not None:
        if not row.extra and not row.adjusted:
            return (stated(f"share.outside.{verb(decision, shared)}", dict(claims[0].terms), outside(row)),)
        return (*claims, claim("share.outside"), *_taken(shared, row), *_agreed(row))
    if shared.assignment is not None:
        return (*claims, *assigned(decision, shared, row), *_agreed(row))
    if row.fixed is not None:
        claims.append(claim("share.fixed", member=who, amount=row.fixed))
    else:
        claims += _weight(shared, row)
        claims += _relief(shared, row)
        claims += _band(decision, shared, row)
        claims += _limits(shared, row)
        claims += credit_claims(shared, row)
    rounded = _rounding(shared, row)
    claims += rounded or _of_total(shared, row)
    claims += _taken(shared, row)
    return (*claims, *_agreed(row))


def _agreed(row: ShareRow) -> tuple[Claim, ...]:
    return (adjusted(row),) if row.adjusted is not None else ()


def brief_reasons(decision: Decision, shared: Shared, row: ShareRow) -> tuple[Claim, ...]:
    """The result, and what alone decided it: a fixed amount, a limit, full places, a change agreed upon."""
    result, *others = share_reasons(decision, shared, row)
    told = ("share.fixed", "share.held.", "share.full", "share.remainder", "share.adjusted.")
    return (result, *(each for each in others if each.says.startswith(told)))


def is_nothing(value: object) -> bool:
    """Whether a value is an amount of nothing."""
    return isinstance(value, Quantity) and value.amount == 0


def verb(decision: Decision, shared: Shared) -> str:
    """What a member does with its share.

    It pays money that a fund takes in or that may be paid back to it, and receives money that a fund pays.
    """
    kind = unit_kind(shared.unit)
    if kind != "money":
        return kind
    if isinstance(shared.entry.node, tree.Apportion) and any(line.refunded for line in shared.entry.node.less):
        return "paid"
    for fund in decision.funds:
        node = fund.entry.node
        if isinstance(node, tree.Fund) and shared.entry.name in {each.by.text for each in node.fed}:
            return "paid"
        if isinstance(node, tree.Fund) and shared.entry.name in {each.what.text for each in node.pays}:
            return "received"
    return "money"


def unit_kind(unit: Unit) -> str:
    """What is shared out: persons, money, a ratio, or anything else."""
    if unit.terms == (("person", 1),):
        return "persons"
    if unit.currency:
        return "money"
    return "ratio" if unit == RATIO else "other"


def _result(decision: Decision, shared: Shared, row: ShareRow) -> Claim:
    value = row.final.value
    terms: dict[str, Term] = {"member": Who(row.member), "of": shared.entry, "at": shared.entry.address}
    if isinstance(value, Unknown):
        return stated("share.undetermined", terms | {"why": value})
    if isinstance(value, Quantity) and value.amount == 0:
        return stated(f"share.nothing.{verb(decision, shared)}", terms)
    if isinstance(value, Quantity) and value.amount < 0:
        return stated("share.refunded", terms | {"amount": Quantity(-value.amount, value.unit)})
    return stated(f"share.result.{verb(decision, shared)}", terms | {"amount": row.final})


def _weight(shared: Shared, row: ShareRow) -> list[Claim]:
    if row.weight is None or not isinstance(row.weight.value, Quantity):
        return []
    peers = [each for each in shared.rows if each.outside is None and each.fixed is None and each.band == row.band]
    known = [each.weight.value.amount for each in peers if each.weight and isinstance(each.weight.value, Quantity)]
    together = sum(known, Fraction(0))
    if not together or len(known) != len(peers):
        at = elsewhere(shared, row.weight)
        return [claim("share.weight", member=Who(row.member), weight=row.weight, at=at)]
    part = Quantity(row.weight.value.amount / together, RATIO)
    if len(peers) == 1:
        return [] if shared.bands else [claim("share.alone", member=Who(row.member), of=shared.entry)]
    among = "share.weight.band" if row.band is not None else "share.weight.part"
    at = elsewhere(shared, row.weight)
    return [claim(among, member=Who(row.member), weight=row.weight, part=part, count=len(peers), at=at)]


def _relief(shared: Shared, row: ShareRow) -> list[Claim]:
    found = []
    if row.relieved:
        found.append(
            claim(
                "share.relieved",
                member=Who(row.member),
                amount=amount(row.relieved, shared.unit),
                relief=row.relief,
                at=elsewhere(shared, row.relief),
            )
        )
    if row.borne:
        found.append(claim("share.borne", member=Who(row.member), amount=amount(row.borne, shared.unit)))
    return found


def _band(decision: Decision, shared: Shared, row: ShareRow) -> list[Claim]:
    if row.band is None or not shared.bands:
        return []
    behind = band_order(decision, shared, row)
    if behind:
        return list(behind)
    band = shared.bands[row.band - 1]
    says = "share.band.only" if len(shared.bands) == 1 else "share.band.first"
    if len(shared.bands) > 1 and len(band.members) == 1:
        says = "share.band.first.alone"
    return [claim(says, member=Who(row.member), offered=amount(band.offered, shared.unit), of=len(shared.bands))]


def _limits(shared: Shared, row: ShareRow) -> list[Claim]:
    """The share by the weight alone, and what the limits, on the member or on others, make of it."""
    who, moved = Who(row.member), row.band is None and row.quota is not None and row.quota != row.exact
    says = "share.by_weight" if row.relieved is None else "share.after_relief"
    by_weight = claim(says, member=who, quota=amount(row.quota, shared.unit))
    limit = {"ceiling": row.ceiling, "floor": row.floor}.get(row.held)
    if limit is not None:
        says, at = f"share.held.{row.held}", limit_at(shared, limit)
        whole = _in_whole_steps(shared, row, limit)
        bound = claim(says, member=who, limit=limit, at=at, because=(*whole, *drafters_reason(row)))
        return [by_weight, *_fallen(row, limit), bound] if moved else [bound]
    if not moved or row.exact is None:
        return []
    exact = amount(row.exact, shared.unit)
    says = "share.shifted" if row.relieved is None else "share.shifted.relief"
    return [claim(says, member=who, quota=amount(row.quota, shared.unit), exact=exact)]


def _of_total(shared: Shared, row: ShareRow) -> list[Claim]:
    """What a weight alone gives of the total, where neither limits nor credits nor rounding tell of the exact share."""
    if row.quota is None or row.quota != row.exact or row.held or row.credit is not None or row.fixed is not None:
        return []
    return [claim("share.of_total", total=shared.total, exact=amount(row.exact, shared.unit))]


def _fallen(row: ShareRow, limit: Derived) -> tuple[Claim, ...]:
    """That a member meets its limit only on account of others, whose limits leave more or less to it."""
    bound = limit.value.amount if isinstance(limit.value, Quantity) else None
    if bound is None or row.quota is None:
        return ()
    if row.held == "ceiling" and row.quota < bound:
        return (claim("share.more_falls", member=Who(row.member)),)
    return (claim("share.less_falls", member=Who(row.member)),) if row.held == "floor" and row.quota > bound else ()


def _in_whole_steps(shared: Shared, row: ShareRow, limit: Derived) -> tuple[Claim, ...]:
    """That a limit is met in whole steps only, where each band is rounded by itself."""
    if not shared.bands or shared.rounding_step is None or not isinstance(limit.value, Quantity):
        return ()
    if row.exact is None or row.exact == limit.value.amount:
        return ()
    step = Quantity(shared.rounding_step, shared.unit)
    return (claim("share.held.whole", step=step, exact=amount(row.exact, shared.unit)),)


def _rounding(shared: Shared, row: ShareRow) -> list[Claim]:
    exact = row.due if row.due is not None else row.exact
    rounding = next((each for each in shared.roundings if row.member in each.rows), None)
    if row.rounded is None or exact is None or exact == row.rounded or rounding is None:
        return []
    terms: dict[str, Term] = {
        "member": Who(row.member),
        "exact": Unrounded(Quantity(exact, shared.unit), Quantity(row.rounded, shared.unit)),
        "rounded": amount(row.rounded, shared.unit),
        "method": Key(f"method.{rounding.method}"),
    }
    own = rounding.rows[row.member]
    if rounding.method == "largest_remainder" and own.rank is not None:
        up = row.rounded > exact
        terms |= {"rank": own.rank, "of": len(rounding.rows)}
        return [stated("share.rounded.up" if up else "share.rounded.down", terms)]
    says = "share.rounded" if rounding.method in CONSERVING else "share.rounded.alone"
    return [stated(says, terms)]


def _taken(shared: Shared, row: ShareRow) -> list[Claim]:
    if not row.extra:
        return []
    return [claim("share.remainder", member=Who(row.member), amount=amount(row.extra, shared.unit))]
