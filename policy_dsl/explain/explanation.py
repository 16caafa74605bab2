"""The answer to "why is this so?" and "why not more?", still without words."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.evaluate.decision import (
    Decision,
    DutyOutcome,
    FundOutcome,
    GuaranteeOutcome,
    SeatHeld,
    Shared,
    ShareRow,
    StepOutcome,
)
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.argument import Claim, Given, Who, claim
from policy_dsl.explain.lookup import Found, Outcome, find, without_seat
from policy_dsl.explain.reasons import brief_reasons, duty_claim, exception_claim, share_reasons
from policy_dsl.explain.steps import step_claims
from policy_dsl.explain.trees import Branch, Level, tree
from policy_dsl.explain.whynot import failed, held, why_less, why_no_seat, why_not_listed, why_step_not
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.values import Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line of an explanation: how deep it stands, and a claim or a value of a derivation."""

    depth: int
    says: Claim | Branch


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """What was asked, at which level, and the lines of the answer. `found` is false where nothing goes by that name."""

    what: str
    level: Level
    why_not: bool
    found: bool
    lines: tuple[Line, ...]
    nearest: tuple[str, ...] = ()


def explain(decision: Decision, what: str, level: str = "reasoned", why_not: bool = False) -> Explanation:
    """Explain a value or an outcome. Raises ValueError for an unknown level."""
    measure = Level(level)
    found = find(decision, what)
    seatless = without_seat(decision, what) if not found.known else None
    if seatless is not None:
        lines = tuple(_seatless(decision, *seatless))
        return Explanation(found.what, measure, why_not, True, lines)
    if not found.known:
        missing = claim("lookup.unknown", what=Given(found.what), nearest=tuple(map(Given, found.nearest)))
        return Explanation(found.what, measure, why_not, False, (Line(0, missing),), found.nearest)
    teller = _Teller(decision, measure, why_not)
    return Explanation(found.what, measure, why_not, True, tuple(teller.tell(found)))


def _seatless(decision: Decision, entry: Entry | None, state: str) -> Iterator[Line]:
    """That nothing is to be had for a State without a seat, and why it has none."""
    reasons = why_not_listed(decision, state)
    if entry is not None:
        reasons = (claim("seat.nothing", of=entry, member=Who(state), at=entry.address, because=reasons),)
    yield from _claims(reasons, 0)


class _Teller:
    """Tells what was found, line by line."""

    def __init__(self, decision: Decision, level: Level, why_not: bool) -> None:
        self.decision = decision
        self.level = level
        self.why_not = why_not

    def tell(self, found: Found) -> Iterator[Line]:
        for shared in found.shares:
            yield from self._sharing(shared)
        for value in found.values:
            yield from self._value(value)
        for outcome in found.outcomes:
            yield from self._outcome(outcome)

    def _value(self, value: Derived) -> Iterator[Line]:
        shared, row = self._row(value)
        if self.why_not:
            yield from self._why_not(value, shared, row)
            return
        branch = tree(value, self.level)
        if shared is not None and row is not None and self.level is Level.BRIEF:
            yield from _claims(brief_reasons(self.decision, shared, row), 0)
            yield from (line for each in branch.branches for line in _branches(each, 1))
            return
        if shared is not None and row is not None and self.level is not Level.BRIEF:
            yield from _claims(share_reasons(self.decision, shared, row), 0)
            if self.level is Level.REASONED:
                yield from (line for each in branch.branches for line in _branches(each, 1))
                return
        yield from _branches(branch, 0)
        if self.level is not Level.BRIEF:
            yield from _claims(exceptions_to(self.decision, value), 1)

    def _why_not(self, value: Derived, shared: Shared | None, row: ShareRow | None) -> Iterator[Line]:
        yield from _branches(tree(value, Level.BRIEF), 0, deep=False)
        if shared is not None and row is not None:
            reasons = why_less(self.decision, shared, row)
            yield from _claims(reasons or (claim("whynot.whole", member=Who(row.member), of=shared.entry),), 1)
        elif isinstance(value.value, bool):
            tests = failed(value) if not value.value else held(value)
            # That a value is what it is says nothing where the exceptions to it say more.
            telling = tuple(each for each in tests if dict(each.terms).get("of") is not value.entry)
            yield from _claims((*telling, *exceptions_to(self.decision, value)) or tests, 1)
        elif isinstance(value.value, Quantity):
            yield from (line for each in tree(value, Level.FULL).branches for line in _branches(each, 1))

    def _sharing(self, shared: Shared) -> Iterator[Line]:
        yield Line(0, claim("sharing.total", of=shared.entry, total=shared.total, at=shared.entry.address))
        if self.level is not Level.BRIEF and not self.why_not:
            yield from (line for each in tree(shared.total, self.level).branches for line in _branches(each, 2))
        for row in shared.rows:
            if self.why_not:
                yield from self._why_not(row.final, shared, row)
            elif self.level is Level.BRIEF:
                reasons = brief_reasons(self.decision, shared, row)
                yield from _claims(reasons[:1], 1)
                yield from _claims(reasons[1:], 2)
            else:
                reasons = share_reasons(self.decision, shared, row)
                yield from _claims(reasons[:1], 1)
                yield from _claims(reasons[1:], 2)

    def _outcome(self, outcome: Outcome) -> Iterator[Line]:
        match outcome:
            case StepOutcome():
                claims = why_step_not(outcome) if self.why_not else step_claims(outcome, self.level is not Level.BRIEF)
                yield from _claims(step_claims(outcome, False)[:1] if self.why_not else (), 0)
                yield from _claims(claims, 1 if self.why_not else 0)
            case DutyOutcome():
                yield from _claims((duty_claim(outcome),), 0)
                if self.why_not:
                    return
                if outcome.shown is not None and self.level is not Level.BRIEF:
                    yield from _branches(tree(outcome.shown, self.level), 1)
            case GuaranteeOutcome():
                yield Line(0, guarantee_claim(outcome))
                if self.why_not and outcome.shown is not None:
                    yield from _claims(failed(outcome.shown), 1)
                elif outcome.shown is not None and self.level is not Level.BRIEF:
                    yield from _branches(tree(outcome.shown, self.level), 1)
            case FundOutcome():
                yield Line(
                    0, claim("fund.stood", fund=outcome.entry, balance=outcome.balance, at=outcome.entry.address)
                )
                yield Line(0, claim("fund.closes", closing=Quantity(outcome.closing, outcome.unit)))
            case SeatHeld():
                refusal = why_no_seat(outcome)
                held = claim("seat.held", member=Who(outcome.state), tier=outcome.tier)
                yield from _claims(refusal or (held,), 0)

    def _row(self, value: Derived) -> tuple[Shared | None, ShareRow | None]:
        """The sharing out that gave a value, and the member's row in it."""
        for shared in self.decision.shares:
            if value.entry is shared.entry and value.subject:
                member = value.subject[-1]
                row = shared.row(member)
                if row is not None and shared.cohort in ("", value.subject[0]):
                    return shared, row
        return None, None


def guarantee_claim(outcome: GuaranteeOutcome) -> Claim:
    """Whether a guarantee holds."""
    says = "guarantee.proved" if outcome.proved and outcome.status == "holds" else f"guarantee.{outcome.status}"
    return claim(says.replace(" ", "_"), of=outcome.entry, at=outcome.entry.address)


def exceptions_to(decision: Decision, value: Derived) -> tuple[Claim, ...]:
    """Of each exception to the definition of a value: that it applied, or why it did not."""
    seen = (each for each in decision.exceptions if each.entry is value.entry and each.subject == value.subject)
    return tuple(exception_claim(each) for each in seen)


def _claims(claims: tuple[Claim, ...], depth: int) -> Iterator[Line]:
    for each in claims:
        yield Line(depth, each)
        yield from _claims(each.because, depth + 1)


def _branches(branch: Branch, depth: int, deep: bool = True) -> Iterator[Line]:
    yield Line(depth, branch)
    if deep:
        for each in branch.branches:
            yield from _branches(each, depth + 1)
