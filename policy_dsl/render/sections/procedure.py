"""Procedure and timeline: each step with its window and status, how time limits were counted, and the votes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from policy_dsl.evaluate.decision import EventJudged, StepOutcome, VoteResult
from policy_dsl.evaluate.derivation import Derived, Status
from policy_dsl.explain.argument import Claim, Who
from policy_dsl.explain.steps import moved_claims, vote_claims
from policy_dsl.explain.whynot import why_refused
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Section
from policy_dsl.render.sections.matter import Matter
from policy_dsl.render.tables import worded

SHOWN = 6


def procedure(matter: Matter) -> Section | None:
    """All steps."""
    steps = matter.decision.timeline
    if not steps:
        return None
    rows = [
        (step.entry, step.entry.address, _window(step), _recorded(step), _by(step), _status(step)) for step in steps
    ]
    heads = ("col.step", "col.article", "col.window", "col.done", "col.by", "col.status")
    blocks: list[Block] = [worded(words.text("table.timeline"), heads, rows)]
    for step in steps:
        blocks += _details(step)
    return Section(words.plain("section.procedure"), tuple(blocks), anchor="procedure")


def _window(step: StepOutcome) -> Line:
    if step.falls is not None:
        when = _when(step.falls)
        return words.text("window.on", on=when) if when is not None else ()
    if step.dues:
        return words.listed([words.text("window.on", on=due) for due in step.dues[-2:]])
    earliest, latest = _when(step.earliest), _when(step.latest)
    if earliest is not None and latest is not None:
        return words.text("window.both", earliest=earliest, latest=latest)
    if earliest is not None:
        return words.text("window.from", earliest=earliest)
    return words.text("window.to", latest=latest) if latest is not None else ()


def _recorded(step: StepOutcome) -> Line:
    shown: list[Line] = []
    valid = [each.event.at for each in step.events if each.valid]
    if len(valid) > 1 and valid[0] == valid[-1]:
        shown.append(words.text("events.more.on", first=valid[0], count=len(valid)))
    elif len(valid) > 2:
        shown.append(words.text("events.more", first=valid[0], last=valid[-1], count=len(valid)))
    else:
        shown += [words.spans(each) for each in valid]
    shown += [words.text("refused.mark", on=each.event.at) for each in step.events if not each.valid]
    return words.listed(shown) if shown else ()


def _by(step: StepOutcome) -> Line:
    codes = list(dict.fromkeys(each for judged in step.events for each in judged.event.by))
    return words.spans(tuple(Who(each) for each in codes)) if codes else ()


def _status(step: StepOutcome) -> Line:
    return words.value_of(Status(step.status))


def _details(step: StepOutcome) -> Iterator[Block]:
    """What a table can't say of a step: shifts, refusals, votes."""
    items: list[Line] = []
    for end in (step.earliest, step.latest, step.falls):
        items += [_moved(each) for each in moved_claims(end)]
    for judged in step.events:
        if not judged.valid:
            items += _refused(step, judged)
    votes = [each.vote for each in step.events if each.vote is not None]
    if not items and not votes and not step.silent:
        return
    blocks: list[Block] = []
    for vote in votes:
        items += [line for each in vote_claims(step, vote) for line in _with_grounds(each)]
    if step.silent:
        items.append(words.text("status.silence", step=step.entry, at=step.entry.address))
    blocks.append(Bullets(tuple(items)))
    blocks += [_vote_table(step, vote) for vote in votes if vote.examined]
    yield Section(step.entry.title, tuple(blocks), anchor=f"step-{step.entry.name}")


def _moved(moved: Claim) -> Line:
    return words.say(moved)


def _refused(step: StepOutcome, judged: EventJudged) -> list[Line]:
    by = tuple(Who(each) for each in judged.event.by)
    says = "event.refused.by" if by else "event.refused"
    head = words.say(Claim(says, (("step", step.entry), ("on", judged.event.at), ("by", by))))
    return [words.text("refused.because", claim=head, because=words.say(each)) for each in why_refused(judged)] or [
        head
    ]


def _with_grounds(found: Claim) -> list[Line]:
    if not found.because:
        return [words.say(found)]
    return [words.text("refused.because", claim=words.say(found), because=words.say(each)) for each in found.because]


def _vote_table(step: StepOutcome, vote: VoteResult) -> Block:
    groups = (
        ("vote.favour", vote.favour),
        ("vote.against", vote.against),
        ("vote.abstaining", vote.abstaining),
        ("vote.absent", vote.absent),
        ("vote.voters", vote.voters),
    )
    rows = [(words.text(name), len(who), words.members(sorted(who)) if who else ()) for name, who in groups]
    return worded(words.text("table.vote", step=step.entry), ("col.vote", "col.count", "col.members"), rows)


def _when(derived: Derived | None) -> date | datetime | None:
    value = derived.value if derived is not None else None
    return value if isinstance(value, date) else None
