"""What is said of a step: its status, its window and how each end was counted, its events and votes."""

from __future__ import annotations

from datetime import date

from policy_dsl.deadlines import UNCITED, WEEKDAYS, Reckoning, StepKind
from policy_dsl.evaluate.decision import EventJudged, StepOutcome, VoteResult
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.argument import Claim, Given, Key, Who, claim
from policy_dsl.explain.whynot import failed, held, why_refused
from policy_dsl.syntax import tree

PLAIN = (StepKind.EVENT_DAY_NOT_COUNTED, StepKind.HOURS_RUN, StepKind.DAYS_RUN, StepKind.WEEKS_RUN, StepKind.MONTHS_RUN)


def step_claims(step: StepOutcome, counted: bool = True) -> tuple[Claim, ...]:
    """The status first; with `counted`, also the windows, how they were counted, and the events."""
    claims = [claim(f"step.{step.status.replace(' ', '_')}", step=step.entry, at=step.entry.address)]
    if not counted:
        return tuple(claims)
    claims += window_claims(step)
    for judged in step.events:
        claims += event_claims(step, judged)
    if step.silent:
        claims.append(claim("vote.silence", step=step.entry))
    return tuple(claims)


def window_claims(step: StepOutcome) -> list[Claim]:
    """The ends of the window, each with the steps of its count."""
    found = []
    for says, end in (("window.earliest", step.earliest), ("window.latest", step.latest), ("window.falls", step.falls)):
        if end is not None:
            if isinstance(end.value, date):
                found.append(claim(says, when=end.value, because=count_claims(end)))
            else:
                found.append(claim(f"{says}.open", why=end))
    if isinstance(step.entry.node, tree.Step) and step.entry.node.every is not None:
        found.append(claim("window.every", words=Given(step.entry.node.every.written)))
    return found


def count_claims(end: Derived) -> tuple[Claim, ...]:
    """How an end was counted, from the reckonings in its derivation."""
    found: list[Claim] = []
    for here in end.walk():
        if not isinstance(here.detail, Reckoning):
            continue
        for step in here.detail.steps:
            skipped = tuple(claim("skipped", day=each.day, name=_day_name(each.name)) for each in step.skipped)
            found.append(
                claim(
                    f"count.{step.kind.value}" + (".skipping" if step.skipped else ""),
                    before=step.before,
                    after=step.after,
                    rule=_rule(step.rule),
                    days=skipped,
                )
            )
    return tuple(found)


def _day_name(name: str) -> Given | Key:
    """Why a day was skipped: a day of the week, which has a name in every language, or a holiday as it is published."""
    return Key(f"weekday.{name}") if name in WEEKDAYS else Given(name)


def _rule(rule: str) -> Given | Key:
    """By what a step was counted: a way of counting that the language names, or a provision as it is cited."""
    return Key(f"periods.{rule}") if rule in UNCITED else Given(rule)


def moved_claims(end: Derived | None) -> tuple[Claim, ...]:
    """Only the steps of a count that a reader would not expect: holidays, short months, extensions, days skipped."""
    if end is None:
        return ()
    usual = {f"count.{kind.value}" for kind in PLAIN}
    return tuple(each for each in count_claims(end) if each.says not in usual)


def event_claims(step: StepOutcome, judged: EventJudged) -> list[Claim]:
    """An event: that it counts, or on which grounds it counts for nothing; and the vote."""
    event = judged.event
    by = tuple(Who(each) for each in event.by)
    if not judged.valid:
        return [claim("event.refused.by" if by else "event.refused", step=step.entry, on=event.at, by=by,
                      because=why_refused(judged))]  # fmt: skip
    found = [claim("event.valid.by" if by else "event.valid", step=step.entry, on=event.at, by=by)]
    if judged.vote is not None:
        found += vote_claims(step, judged.vote)
    return found


def vote_claims(step: StepOutcome, vote: VoteResult) -> list[Claim]:
    """The count of a vote, its quorum, and by which majority it was carried or lost."""
    if not vote.examined:
        return [claim("vote.unexamined", step=step.entry)]
    found = [
        claim(
            "vote.count",
            favour=len(vote.favour),
            against=len(vote.against),
            abstaining=len(vote.abstaining),
            absent=len(vote.absent),
            voters=len(vote.voters),
        )
    ]
    if vote.excluded:
        found.append(claim("vote.excluded", members=tuple(Who(each) for each in vote.excluded)))
    if vote.quorum is not None and isinstance(vote.quorum.value, bool):
        quorum = Claim("fails.quorum", failed(vote.quorum, not vote.quorum.value)[0].terms)
        found.append(claim("vote.quorum" if vote.quorum.value else "vote.no_quorum", because=(quorum,)))
    if vote.majority is not None:
        found.append(_majority(vote.majority, "majority"))
        if vote.majority.value is not True and vote.failing is not None:
            found.append(_majority(vote.failing, "failing"))
    if vote.adopted is False:
        found.append(claim("vote.rejected", step=step.entry))
    return found


def _majority(condition: Derived, which: str) -> Claim:
    """A majority that was reached, with the figures that reached it, or not, with those that lack."""
    if condition.value is True:
        return claim(f"vote.{which}", because=held(condition))
    return claim(f"vote.no_{which}", because=failed(condition))
