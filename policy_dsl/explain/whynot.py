"""Why not: the conditions that failed, each with its two sides, and what kept a share below its part of the key."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from policy_dsl.cases.case import Event
from policy_dsl.evaluate.decision import (
    CriteriaResult,
    Decision,
    DutyOutcome,
    EventJudged,
    SeatHeld,
    Shared,
    ShareRow,
    StepOutcome,
    VoteResult,
)
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.explain.argument import Adopted, Claim, Given, Term, Who, amount, claim
from policy_dsl.explain.assigned import assigned
from policy_dsl.explain.grounds import elsewhere, limit_at
from policy_dsl.explain.reading import COMPARISONS, alternatives, failing, is_recorded, says_nothing, settled
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity

FLIPPED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "in": "not in", "not in": "in"}
FLIPPED |= {"is": "is not", "is not": "is"}


def failed(condition: Derived, wanted: bool = True) -> tuple[Claim, ...]:
    """What failed in a condition: one claim for each comparison or fact, with what would have to be different.

    Where any one of several would be enough, a claim before them says so.
    """
    found = tuple(_failed_leaf(leaf) for leaf in failing(condition, wanted))
    return (claim("fails.either"), *found) if len(found) > 1 and alternatives(condition, wanted) else found


def _failed_leaf(leaf: Derived) -> Claim:
    address: Term = leaf.address
    if isinstance(leaf.value, Unknown):
        return claim("fails.unknown", of=leaf, why=leaf.value, at=address)
    op = leaf.detail if leaf.op == "at least" and isinstance(leaf.detail, str) else leaf.op
    if op == "in" and len(leaf.of) == 1 and leaf.subject:
        says = (
            "fails.no_member" if leaf.value is True else "fails.member" if leaf.of[0].value else "fails.member.nobody"
        )
        return claim(says, member=Who(leaf.subject[-1]), group=leaf.of[0], at=address)
    if op == "except" and leaf.of and leaf.subject and leaf.entry is None:
        return claim("fails.except", member=Who(leaf.subject[-1]), group=leaf.of[0], at=address)
    if op == "reservation":
        return claim("fails.reservation", member=Who(leaf.subject[-1] if leaf.subject else ""), at=address)
    if op in COMPARISONS and len(leaf.of) == 2:
        left, right = leaf.of
        if isinstance(left.value, bool) and isinstance(right.value, bool):
            return _failed_truth(settled(left), address)
        needed = FLIPPED[op] if leaf.value is True else op
        if needed == "in" and right.value == ():
            return claim("fails.in.nobody", left=left, group=right, at=address)
        return claim(f"fails.{_of_times(needed, left)}", left=left, right=right, at=address)
    if leaf.op == "occurred":
        step = next((each.entry for each in leaf.walk() if each.entry is not None), None)
        says = "fails.not_occurred" if leaf.value is False else "fails.occurred"
        if step is not None:
            return claim(says, step=step, at=address)
    if leaf.op in ("by", "not before", "not after", "once each", "quorum"):
        return _failed_line(leaf)
    return _failed_truth(leaf, address)


def _failed_truth(leaf: Derived, address: Term) -> Claim:
    """A yes or no that would have to be the other one."""
    which = "no" if leaf.value is False else "yes"
    if leaf.entry is not None and len(leaf.subject) == 1:
        return claim(f"fails.{which}.for", of=leaf.entry, member=Who(leaf.subject[-1]), at=leaf.address or address)
    if leaf.entry is not None or is_recorded(leaf):
        return claim(f"fails.{which}", of=leaf, at=leaf.address or address)
    return claim("fails.other" if leaf.value is False else "fails.other.not", words=Given(_words(leaf)), at=address)


def held(condition: Derived) -> tuple[Claim, ...]:
    """What a condition holds on account of: comparisons with their figures, memberships, facts."""
    return tuple(made for leaf in failing(condition, wanted=False) if (made := _held_leaf(leaf)) is not None)


def _held_leaf(leaf: Derived) -> Claim | None:
    if says_nothing(leaf) or (leaf.op == "in" and leaf.of and leaf.of[-1].value == ()):
        return None
    if len(leaf.of) == 2 and (op := _test_of(leaf)):
        return claim(f"test.{_of_times(op, leaf.of[0])}", left=leaf.of[0], right=leaf.of[1], at=leaf.address)
    if leaf.op == "in" and len(leaf.of) == 1 and leaf.subject:
        says = "test.member" if leaf.value is True else "test.no_member"
        return claim(says, member=Who(leaf.subject[-1]), group=leaf.of[0])
    if leaf.entry is not None and isinstance(leaf.value, bool) and len(leaf.subject) == 1:
        which = "yes" if leaf.value else "no"
        return claim(f"test.{which}.for", of=leaf.entry, member=Who(leaf.subject[-1]), at=leaf.address)
    return None


def _of_times(op: str, left: Derived) -> str:
    """Times are earlier and later, not less and more."""
    return f"date {op}" if op in ("<", "<=", ">", ">=") and isinstance(left.value, date | Event) else op


def _test_of(leaf: Derived) -> str:
    op = leaf.detail if leaf.op == "at least" and isinstance(leaf.detail, str) else leaf.op
    if op not in COMPARISONS or not isinstance(leaf.value, bool):
        return ""
    return op if leaf.value else FLIPPED[op]


def _failed_line(leaf: Derived) -> Claim:
    """What failed in a line on who may act, when, how often, and before how many."""
    at: Term = leaf.address
    match leaf.op, leaf.of:
        case "by", (group, *_):
            actors = leaf.detail.by if isinstance(leaf.detail, Event) else ()
            says = "fails.by" if group.value else "fails.by.nobody"
            return claim(says, actors=tuple(Who(each) for each in actors), group=group, at=at)
        case ("not before" | "not after") as op, (bound, *_):
            return claim(f"fails.{op.replace(' ', '_')}", bound=bound, at=at)
        case "quorum", (present, needed, *_):
            return claim("fails.quorum", present=present, needed=needed, at=at)
    return claim("fails.once_each", at=at)


def outside(row: ShareRow) -> tuple[Claim, ...]:
    """Why a member doesn't share: the line on who shares, and which of its conditions the member fails."""
    ground = row.outside
    if ground is None:
        return ()
    if ground.value is False or isinstance(ground.value, Unknown):
        found = failed(ground)
        if found:
            return found
    if ground.value is True:
        return failed(ground, wanted=False)
    if isinstance(ground.value, tuple) and row.member in ground.value:
        return (claim("outside.except", member=Who(row.member), group=ground, at=ground.address),)
    words = _words(ground)
    return (claim("outside.group", member=Who(row.member), group=Given(words), at=ground.address),) if words else ()


def why_less(decision: Decision, shared: Shared, row: ShareRow) -> tuple[Claim, ...]:
    """Why a member has nothing, or less than its part by the key alone."""
    who = Who(row.member)
    if row.outside is not None:
        return outside(row)
    if shared.assignment is not None and not isinstance(row.final.value, Unknown):
        return (*_no_total(shared), *assigned(decision, shared, row))
    found: list[Claim] = []
    if isinstance(row.final.value, Unknown):
        found.append(
            claim("share.undetermined", member=who, of=shared.entry, why=row.final.value, at=shared.entry.address)
        )
    found += _no_total(shared)
    found += band_order(decision, shared, row)
    if row.held == "ceiling" and row.ceiling is not None:
        found.append(claim("share.held.ceiling", member=who, limit=row.ceiling, at=limit_at(shared, row.ceiling)))
    if row.relieved:
        at = elsewhere(shared, row.relief)
        found.append(
            claim("share.relieved", member=who, amount=amount(row.relieved, shared.unit), relief=row.relief, at=at)
        )
    found += credit_claims(shared, row)
    if row.weight is not None and isinstance(row.weight.value, Quantity) and row.weight.value.amount == 0:
        found.append(claim("share.no_weight", member=who, weight=row.weight))
    if row.adjusted is not None and row.adjusted.change.amount < 0:
        found.append(adjusted(row))
    return tuple(found)


def credit_claims(shared: Shared, row: ShareRow) -> list[Claim]:
    """What a member already bears, what is left of its due, and what becomes of anything beyond it."""
    if row.credit is None or not isinstance(row.credit.value, Quantity) or row.credit.value.amount == 0:
        return []
    who, due = Who(row.member), row.due or Fraction(0)
    says = "share.credited" if due > 0 else "share.credited.beyond" if row.excess else "share.credited.whole"
    left, at = amount(due, shared.unit), elsewhere(shared, row.credit)
    found = [claim(says, member=who, credit=row.credit, due=left, at=at)]
    if row.excess:
        node = shared.entry.node
        refunded = isinstance(node, tree.Apportion) and any(line.refunded for line in node.less)
        says = "share.excess.refunded" if refunded else "share.excess.kept"
        found.append(claim(says, member=who, amount=amount(row.excess, shared.unit)))
    return found


def _no_total(shared: Shared) -> list[Claim]:
    total = shared.total.value
    if isinstance(total, Quantity) and total.amount == 0:
        return [claim("share.no_total", of=shared.entry, total=shared.total)]
    return []


def adjusted(row: ShareRow) -> Claim:
    """What the meeting changed."""
    change = row.adjusted
    assert change is not None
    says = "share.adjusted.more" if change.change.amount > 0 else "share.adjusted.less"
    size = Quantity(abs(change.change.amount), change.change.unit)
    return claim(says, member=Who(row.member), amount=size, by=Who(change.by), because_=Given(change.because))


def band_order(decision: Decision, shared: Shared, row: ShareRow) -> tuple[Claim, ...]:
    """In which band a member stands, what the bands before it took, and the criterion that put it behind them."""
    if row.band is None or not shared.bands:
        return ()
    place = row.band - 1
    if place <= 0 or place >= len(shared.bands):
        return ()
    taken = sum((band.taken for band in shared.bands[:place]), shared.bands[0].taken * 0)
    before = tuple(Who(each) for band in shared.bands[:place] for each in sorted(band.members))
    because = _behind(decision, shared, row.member, shared.bands[place - 1].members)
    return (
        claim(
            "share.band.behind",
            member=Who(row.member),
            number=row.band,
            of=len(shared.bands),
            count=place,
            before=before,
            taken=amount(taken, shared.unit),
            left=amount(shared.bands[place].offered, shared.unit),
            because=because,
        ),
    )


def _behind(decision: Decision, shared: Shared, member: str, ahead: tuple[str, ...]) -> tuple[Claim, ...]:
    """The first criterion on which everybody in the band ahead has a better score.

    The distance within which scores count as similar is no part of the result; the bands are.
    """
    criteria = criteria_of(decision, shared)
    if criteria is None or not ahead:
        return ()
    for row in dict.fromkeys(score.row for score in criteria.scores):
        scores = {each.member: each.score for each in criteria.scores if each.row is row}
        own = _ratio(scores.get(member))
        others = [_ratio(scores.get(each)) for each in ahead]
        known = [each for each in others if each is not None]
        if own is None or len(known) != len(others):
            return ()
        best = max(known)
        if own < min(known):
            return (
                claim(
                    "band.criterion",
                    criterion=Adopted(row.name.text, criterion_title(row)),
                    member=Who(member),
                    score=Quantity(own, RATIO),
                    best=Quantity(best, RATIO),
                    at=criteria.entry.address,
                ),
            )
    return ()


def criteria_of(decision: Decision, shared: Shared) -> CriteriaResult | None:
    """The criteria by which the members of a sharing out were banded."""
    node = shared.entry.node
    name = node.bands.text if isinstance(node, tree.Apportion) and node.bands is not None else ""
    return next((each for each in decision.criteria if each.entry.name == name), None)


def criterion_title(row: tree.Criterion) -> str:
    """A criterion as a title."""
    title = row.name.text.replace("_", " ")
    return title[:1].upper() + title[1:]


def _ratio(derived: Derived | None) -> Fraction | None:
    value = derived.value if derived is not None else None
    return value.amount if isinstance(value, Quantity) else None


def why_no_seat(seat: SeatHeld) -> tuple[Claim, ...]:
    """Why a state has no seat."""
    if seat.refused is None:
        return ()
    says = claim(
        "seat.refused", member=Who(seat.state), tier=seat.tier, at=seat.tier.address, because=failed(seat.refused)
    )
    return (says,)


def why_not_listed(decision: Decision, state: str) -> tuple[Claim, ...]:
    """Why a State belongs to no tier: it fails a condition, its seat begins later or has ended, or nobody lists it."""
    refused = [each for seat in decision.seats if seat.state == state for each in why_no_seat(seat)]
    found: list[Claim] = [*refused]
    for tier in decision.program.tiers:
        assert isinstance(tier.node, tree.SetOf)
        for seat in tier.node.seats:
            if seat.code.text != state:
                continue
            if seat.since is not None and (since := seat.since.day) > decision.case.law:
                found.append(claim("seat.later", member=Who(state), tier=tier, on=since, at=tier.address))
            elif seat.until is not None and (until := seat.until.day) < decision.case.law:
                found.append(claim("seat.ended", member=Who(state), tier=tier, on=until, at=tier.address))
    return tuple(found) or (claim("seat.unlisted", member=Who(state), tiers=decision.program.tiers),)


def why_refused(event: EventJudged) -> tuple[Claim, ...]:
    """The grounds on which an event counts for nothing."""
    return tuple(each for condition in event.failed for each in failed(condition))


def why_not_adopted(vote: VoteResult) -> tuple[Claim, ...]:
    """What a vote lacked."""
    found: list[Claim] = []
    if vote.quorum is not None and vote.quorum.value is False:
        found += failed(vote.quorum)
    for condition in (vote.majority, vote.failing):
        if condition is not None and condition.value is not True:
            found += failed(condition)
    return tuple(found)


def why_step_not(step: StepOutcome) -> tuple[Claim, ...]:
    """Why a step has not come about: refused events, a lost vote, a time limit that passed."""
    found: list[Claim] = []
    for judged in step.events:
        if not judged.valid:
            found.append(claim("event.refused", step=step.entry, on=judged.event.at, because=why_refused(judged)))
        elif judged.vote is not None and judged.vote.adopted is False:
            found.append(claim("vote.lost", step=step.entry, on=judged.event.at, because=why_not_adopted(judged.vote)))
    if step.status == "missed" and step.latest is not None and isinstance(step.latest.value, date):
        found.append(claim("step.late", step=step.entry, latest=step.latest.value))
    if step.status == "pending":
        found.append(claim("step.awaited", step=step.entry))
    return tuple(found)


def why_duty_not(duty: DutyOutcome) -> tuple[Claim, ...]:
    """Why a duty isn't kept."""
    if duty.status in ("kept", "not arisen") or duty.shown is None:
        return ()
    return failed(duty.shown)


def _words(derived: Derived) -> str:
    node = derived.node
    return node.written if node is not None else ""
