"""Refusals that are expected of a case: an event that must not count, a State that must get no seat."""

from __future__ import annotations

from datetime import date, datetime

from policy_dsl.cases.case import Event
from policy_dsl.cases.expected import ExpectedRefusal
from policy_dsl.diagnostics import Problem
from policy_dsl.evaluate.decision import EventJudged
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.evaluate.engine import Engine, day_of
from policy_dsl.evaluate.examples import shown
from policy_dsl.evaluate.groups import seats
from policy_dsl.evaluate.record import outcome
from policy_dsl.values import Address, Reference


def tried_refusal(engine: Engine, refusal: ExpectedRefusal) -> tuple[str, Derived | None, Problem | None]:
    """What is expected, in words; the condition that refused; and what is wrong, if anything is."""
    return _seat(engine, refusal) if refusal.member else _event(engine, refusal)


def _event(engine: Engine, refusal: ExpectedRefusal) -> tuple[str, Derived | None, Problem | None]:
    by = f" by {refusal.by}" if refusal.by else ""
    at = f" at {shown(refusal.at)}" if refusal.at is not None else ""
    text = f"{refusal.step}{by}{at} is refused"
    step = engine.program.entries[refusal.step]
    found = [each for each in outcome(engine, step).events if _is_meant(engine, each.event, refusal)]
    if not found:
        return text, None, _wrong(refusal, text, "the record has no such event")
    refused = [each for each in found if not each.valid]
    if len(refused) < len(found):
        counted = next(each for each in found if each.valid)
        return text, None, _wrong(refusal, text, f"{shown(counted.event)} counts")
    made = _failed(refused[0])
    return text, made, _ground_missing(refusal, refused[0].failed, step.address)


def _seat(engine: Engine, refusal: ExpectedRefusal) -> tuple[str, Derived | None, Problem | None]:
    text = f"{refusal.member} is refused a seat"
    held = [seat for seat in seats(engine) if seat.state == refusal.member]
    if not held:
        return text, None, _wrong(refusal, text, "the case names it for no tier")
    standing = next((seat for seat in held if seat.refused is None), None)
    if standing is not None:
        return text, None, _wrong(refusal, text, f"it has a seat in {standing.tier.name}")
    refused = held[0]
    assert refused.refused is not None
    return text, refused.refused, _ground_missing(refusal, (refused.refused,), refused.tier.address)


def _is_meant(engine: Engine, event: Event, refusal: ExpectedRefusal) -> bool:
    if refusal.by and refusal.by not in event.by:
        return False
    at: date | datetime | None = refusal.at
    if at is None:
        return True
    return event.at == at or (not isinstance(at, datetime) and day_of(event.at, engine.clock) == at)


def _failed(judged: EventJudged) -> Derived | None:
    return next(iter(judged.failed), None)


def _wrong(refusal: ExpectedRefusal, text: str, actual: str) -> Problem:
    return Problem("PD880", refusal.span, {"expected": text, "actual": actual})


def _ground_missing(refusal: ExpectedRefusal, failed: tuple[Derived, ...], own: Address | None) -> Problem | None:
    grounds = {address for each in failed for address in each.grounds()} | ({own} if own is not None else set())
    for wanted in refusal.grounds:
        reference = Reference.read(wanted)
        if not any(reference.names(address) for address in grounds):
            said = ", ".join(str(each) for each in sorted(grounds, key=lambda each: each.sort_key)) or "none"
            return Problem("PD882", refusal.span, {"wanted": wanted, "grounds": said})
    return None
