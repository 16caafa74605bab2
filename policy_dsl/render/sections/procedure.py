"""Procedure and timeline: each step with its window and status, how time limits were counted, and the votes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from policy_dsl.cases.case import Origin
from policy_dsl.evaluate.decision import EventJudged, StepOutcome, VoteResult
from policy_dsl.evaluate.derivation import Derived, Status
from policy_dsl.explain.argument import Claim, Term, Who
from policy_dsl.explain.steps import moved_claims, vote_claims
from policy_dsl.explain.whynot import why_refused
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Section
from policy_dsl.render.figures.timeline import timeline
from policy_dsl.render.sections.matter import Matter, cited, origin_cells
from policy_dsl.render.tables import worded
from policy_dsl.render.titles import title_line

SHOWN = 6


def procedure(matter: Matter) -> Section | None:
    """All steps."""
    steps = matter.decision.timeline
    if not steps:
        return None
    rows = [
        (step.entry, step.entry.address, _window(step), _recorded(step.events), _by(step.events), _status(step))
        for step in steps
    ]
    heads = ("col.step", "col.article", "col.window", "col.done", "col.by", "col.status")
    blocks: list[Block] = [worded(words.text("table.timeline"), heads, rows)]
    if any(step.events for step in steps):
        blocks.append(_sources(steps))
    drawn = timeline(steps, matter.decision.case.at)
    if drawn is not None:
        blocks.append(drawn)
    for step in steps:
        blocks += _details(step)
    return Section(words.text("section.procedure"), tuple(blocks), anchor="procedure")


def _window(step: StepOutcome) -> Line:
    falls = _when(step.falls)
    if falls is not None:
        return words.text("window.on", on=falls)
    if step.dues:
        return words.listed([words.text("window.on", on=due) for due in step.dues[-2:]])
    earliest, latest = _when(step.earliest), _when(step.latest)
    if earliest is not None and latest is not None:
        return words.text("window.both", earliest=earliest, latest=latest)
    if earliest is not None:
        return words.text("window.from", earliest=earliest)
    return words.text("window.to", latest=latest) if latest is not None else ()


def _sources(steps: Sequence[StepOutcome]) -> Block:
    """Where each step's events are recorded: one row for those of one origin."""
    rows: list[tuple[Term | Line, ...]] = []
    for step in steps:
        origins: dict[Origin, list[EventJudged]] = {}
        for judged in step.events:
            origins.setdefault(judged.event.origin, []).append(judged)
        for origin, events in origins.items():
            rows.append((step.entry, _recorded(events), _by(events), *origin_cells(origin)))
    heads = ("col.step", "col.done", "col.by", "col.source", "col.date", "col.status")
    return worded(words.text("table.event_sources"), heads, rows)


def _recorded(events: Sequence[EventJudged]) -> Line:
    shown: list[Line] = []
    valid = [each.event.at for each in events if each.valid]
    if len(valid) > 1 and valid[0] == valid[-1]:
        shown.append(words.text("events.more.on", first=valid[0], count=len(valid)))
    elif len(valid) > 2:
        shown.append(words.text("events.more", first=valid[0], last=valid[-1], count=len(valid)))
    else:
        shown += [words.spans(each) for each in valid]
    shown += [words.text("refused.mark", on=each.event.at) for each in events if not each.valid]
    return words.listed(shown) if shown else ()


def _by(events: Sequence[EventJudged]) -> Line:
    codes = list(dict.fromkeys(each for judged in events for each in judged.event.by))
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
            items.append(_refused(step, judged))
    votes = [each.vote for each in step.events if each.vote is not None]
    if not items and not votes and not step.silent:
        return
    blocks: list[Block] = []
    for vote in votes:
        items += [words.argued(each) for each in vote_claims(step, vote)]
    if step.silent:
        items.append(words.text("status.silence", step=step.entry, at=step.entry.address))
    blocks.append(Bullets(tuple(items)))
    blocks += [_vote_table(step, vote) for vote in votes if vote.examined]
    title = cited(title_line(step.entry, own=True), step.entry)
    yield Section(title, tuple(blocks), anchor=f"step-{step.entry.name}")


def _moved(moved: Claim) -> Line:
    return words.say(moved)


def _refused(step: StepOutcome, judged: EventJudged) -> Line:
    by = tuple(Who(each) for each in judged.event.by)
    says = "event.refused.by" if by else "event.refused"
    head = Claim(says, (("step", step.entry), ("on", judged.event.at), ("by", by)))
    return words.sentences([words.say(each) for each in (head, *why_refused(judged))])


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
