"""The opening: title, by whom, under which rules, and the recitals."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.derivation import walk_all
from policy_dsl.explain.argument import Given, Who
from policy_dsl.render import words
from policy_dsl.render.document import Line, Paragraph, Section
from policy_dsl.render.pieces import joined_spans
from policy_dsl.render.sections.matter import Matter, Standing, ends, values_of
from policy_dsl.render.titles import given, instrument_line
from policy_dsl.values import Address


def title(decision: Decision) -> Line:
    """The title of the document."""
    if decision.case.title:
        return words.text("title", case=Given(decision.case.title))
    return words.text("title.untitled")


def policy_title(decision: Decision) -> Line:
    """The title of the policy."""
    return instrument_line(decision.program.heading.name)


def below(decision: Decision) -> tuple[Line, ...]:
    """The lines under the title."""
    heading, case = decision.program.heading, decision.case
    policy, authority = policy_title(decision), given(heading.authority)
    if heading.version:
        rules = words.text("version", policy=policy, version=Given(heading.version), authority=authority)
    else:
        rules = words.text("version.none", policy=policy, authority=authority)
    if case.as_at is not None:
        return rules, words.text("case.as_at", law=case.as_at, at=case.at, opened=case.opened)
    return rules, words.text("case.at", at=case.at, opened=case.opened)


def status(decision: Decision, stands: Standing) -> Paragraph:
    """Whether what follows was adopted, and whether it is complete."""
    line = _status_line(stands)
    if decision.complete:
        return Paragraph(line, "note" if stands.status in ("adopted", "silence", "found", "steps") else "warning")
    more = words.text("status.incomplete", open=words.text("section.open"))
    return Paragraph(joined_spans((*line, *words.spans(Given(" ")), *more)), "warning")


def _status_line(stands: Standing) -> Line:
    if stands.step is None:
        return words.text(f"status.{stands.status}")
    on = stands.event.event.at if stands.event is not None else None
    terms = {"step": stands.step.entry, "at": stands.step.entry.address}
    if stands.status == "adopted":
        return words.text("status.adopted", on=on, **terms)
    return words.text(f"status.{stands.status}", **terms)


def recitals(matter: Matter) -> Section:
    """The recitals, in the order of instruments, situation, events, provisions applied."""
    return Section((), tuple(Paragraph(line, "recital") for line in _recitals(matter)), kind="recitals")


def _recitals(matter: Matter) -> Iterator[Line]:
    decision = matter.decision
    heading, case = decision.program.heading, decision.case
    policy, authority = policy_title(decision), given(heading.authority)
    yield words.text("recital.regard", policy=policy, authority=authority, since=heading.in_force)
    if decision.program.model:
        yield words.text("recital.model", model=instrument_line(decision.program.model))
    if decision.program.taken:
        yield words.text("recital.taken", taken=tuple(Given(name) for name in decision.program.taken))
    if case.as_at is not None:
        yield words.text("recital.as_at", law=case.as_at)
    if case.situation:
        situation = " ".join(case.situation.split())
        yield words.text(
            "recital.situation", situation=Given(situation if situation.endswith((",", ".")) else f"{situation},")
        )
    yield from _events(decision)
    articles = _articles(decision)
    if articles:
        yield words.text("recital.applying", articles=articles)


def _events(decision: Decision) -> Iterator[Line]:
    timed: list[tuple[str, int, Line]] = []
    for step in decision.timeline:
        valid = [each.event for each in step.events if each.valid]
        if not valid:
            continue
        first, last = valid[0], valid[-1]
        by = tuple(Who(each) for each in first.by) or None
        if len(valid) == 1:
            line = words.text("recital.event", step=step.entry, on=first.at, by=by)
        elif first.at == last.at:
            line = words.text("recital.events.on", step=step.entry, count=len(valid), first=first.at)
        else:
            line = words.text("recital.events", step=step.entry, count=len(valid), first=first.at, last=last.at)
        timed.append((str(first.at), len(timed), line))
    for _, _, line in sorted(timed, key=lambda each: each[:2]):
        yield line


def _articles(decision: Decision) -> tuple[Address, ...]:
    """The provisions on which the operative part rests: its shares, definitions, payments of funds, and duties."""
    found: set[Address] = set()
    for shared in decision.shares:
        if shared.entry.address is not None:
            found.add(shared.entry.address)
    results = [row.final for shared in decision.shares for row in shared.rows]
    results += [value for entry in ends(decision) for value in values_of(decision, entry).values()]
    results += [value for fund in decision.funds for _, value, _ in fund.paid_out]
    duties = [duty for duty in decision.duties if duty.status in ("pending", "breached", "not shown")]
    found |= {duty.entry.address for duty in duties if duty.entry.address is not None}
    results += [part for duty in duties for part in (duty.deadline, duty.shown) if part is not None]
    found |= {here.address for here in walk_all(results) if here.address is not None}
    return tuple(sorted(found, key=lambda each: (each.instrument, each.sort_key)))
