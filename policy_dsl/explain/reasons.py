"""Reasons for each member, in the order of the work: why it shares or not, its weight, limits, credit, rounding."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from policy_dsl.evaluate.decision import Decision, DutyOutcome, Shared, ShareRow
from policy_dsl.evaluate.derivation import Unknown
from policy_dsl.explain.argument import (
    Argument,
    Claim,
    Given,
    Key,
    MemberReasons,
    ShareReasons,
    Term,
    Who,
    amount,
    claim,
    stated,
)
from policy_dsl.explain.gaps import open_points
from policy_dsl.explain.whynot import adjusted, band_order, outside, why_duty_not, why_no_seat
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
                    ground=Given(seat.ground.replace("_", " ")),
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
    return MemberReasons(member, tuple(seats), tuple(shares), duties)


def duty_claim(duty: DutyOutcome) -> Claim:
    """What the record shows of a duty."""
    return claim(
        f"duty.{duty.status.replace(' ', '_')}",
        member=Who(duty.holder),
        duty=duty.entry,
        deadline=duty.deadline.value if duty.deadline is not None and isinstance(duty.deadline.value, date) else None,
        at=duty.entry.address,
        because=why_duty_not(duty),
    )


def share_reasons(decision: Decision, shared: Shared, row: ShareRow) -> tuple[Claim, ...]:
    """Why a member has what it has of one sharing out; the first claim states the result."""
    who = Who(row.member)
    claims = [_result(shared, row)]
    if row.outside is not None:
        if not row.extra and not row.adjusted:
            return (stated(f"share.outside.{unit_kind(shared.unit)}", dict(claims[0].terms), outside(row)),)
        return (*claims, claim("share.outside"), *_taken(shared, row), *_agreed(row))
    if row.fixed is not None:
        claims.append(claim("share.fixed", member=who, amount=row.fixed))
    else:
        claims += _weight(shared, row)
        claims += _relief(shared, row)
        claims += _band(decision, shared, row)
        claims += _limits(shared, row)
        claims += _credit(shared, row)
    claims += _rounding(shared, row)
    claims += _taken(shared, row)
    return (*claims, *_agreed(row))


def _agreed(row: ShareRow) -> tuple[Claim, ...]:
    return (adjusted(row),) if row.adjusted is not None else ()


def unit_kind(unit: Unit) -> str:
    """Which verb fits: persons are received, money is paid, a ratio is borne."""
    if unit.terms == (("person", 1),):
        return "persons"
    if unit.currency:
        return "money"
    return "ratio" if unit == RATIO else "other"


def _result(shared: Shared, row: ShareRow) -> Claim:
    value = row.final.value
    terms: dict[str, Term] = {"member": Who(row.member), "of": shared.entry, "at": shared.entry.address}
    if isinstance(value, Unknown):
        return stated("share.undetermined", terms | {"why": value})
    if isinstance(value, Quantity) and value.amount == 0:
        return stated(f"share.nothing.{unit_kind(shared.unit)}", terms)
    if isinstance(value, Quantity) and value.amount < 0:
        return stated("share.refunded", terms | {"amount": Quantity(-value.amount, value.unit)})
    return stated(f"share.result.{unit_kind(shared.unit)}", terms | {"amount": row.final})


def _weight(shared: Shared, row: ShareRow) -> list[Claim]:
    if row.weight is None or not isinstance(row.weight.value, Quantity):
        return []
    peers = [each for each in shared.rows if each.outside is None and each.fixed is None and each.band == row.band]
    known = [each.weight.value.amount for each in peers if each.weight and isinstance(each.weight.value, Quantity)]
    together = sum(known, Fraction(0))
    if not together or len(known) != len(peers):
        return [claim("share.weight", member=Who(row.member), weight=row.weight)]
    part = Quantity(row.weight.value.amount / together, RATIO)
    if len(peers) == 1:
        return [] if shared.bands else [claim("share.alone", member=Who(row.member), of=shared.entry)]
    among = "share.weight.band" if row.band is not None else "share.weight.part"
    return [claim(among, member=Who(row.member), weight=row.weight, part=part, count=len(peers))]


def _relief(shared: Shared, row: ShareRow) -> list[Claim]:
    found = []
    if row.relieved:
        found.append(
            claim("share.relieved", member=Who(row.member), amount=amount(row.relieved, shared.unit), relief=row.relief)
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
    if row.held == "ceiling" and row.ceiling is not None:
        at: Term = row.ceiling.address or shared.entry.address
        return [claim("share.held.ceiling", member=Who(row.member), limit=row.ceiling, at=at, because=_reason(row))]
    if row.held == "floor" and row.floor is not None:
        at = row.floor.address or shared.entry.address
        return [claim("share.held.floor", member=Who(row.member), limit=row.floor, at=at, because=_reason(row))]
    return []


def _reason(row: ShareRow) -> tuple[Claim, ...]:
    notes = row.held_by.notes if isinstance(row.held_by, tree.Limit) else ()
    return tuple(claim("drafters.words", words=Given(note.text)) for note in notes if note.kind == "because")


def _credit(shared: Shared, row: ShareRow) -> list[Claim]:
    if row.credit is None or not isinstance(row.credit.value, Quantity) or row.credit.value.amount == 0:
        return []
    who = Who(row.member)
    found = [claim("share.credited", member=who, credit=row.credit, due=amount(row.due, shared.unit))]
    if row.excess:
        refunded = isinstance(shared.entry.node, tree.Apportion) and any(
            line.refunded for line in shared.entry.node.less
        )
        says = "share.excess.refunded" if refunded else "share.excess.kept"
        found.append(claim(says, member=who, amount=amount(row.excess, shared.unit)))
    return found


def _rounding(shared: Shared, row: ShareRow) -> list[Claim]:
    exact = row.due if row.due is not None else row.exact
    rounding = next((each for each in shared.roundings if row.member in each.rows), None)
    if row.rounded is None or exact is None or exact == row.rounded or rounding is None:
        return []
    terms: dict[str, Term] = {
        "member": Who(row.member),
        "exact": amount(exact, shared.unit),
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
