"""The operative part: who receives how many, who pays what by when, requests, review dates, what remains open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction

from policy_dsl.evaluate.decision import Decision, DutyOutcome, FundOutcome, Shared, StepOutcome
from policy_dsl.evaluate.derivation import Unknown
from policy_dsl.explain.argument import Given, cohort_title
from policy_dsl.explain.gaps import open_amount
from policy_dsl.explain.reasons import unit_kind
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Operative, Section, Table
from policy_dsl.render.sections.defined import single
from policy_dsl.render.sections.duties import reserves
from policy_dsl.render.sections.matter import Matter, Standing, ends, is_vote, known, total_of, values_of
from policy_dsl.render.tables import Numeric, Worded, table

Item = tuple[Line, tuple[Block, ...]]


def operative(matter: Matter, stands: Standing) -> Section:
    """The numbered operative paragraphs."""
    lead = words.text("lead.decides" if stands.adopted else "lead.finds")
    items = [*_shares(matter.decision, lead)]
    items += _defined(matter.decision, lead)
    items += _funds(matter.decision, lead)
    items += _requests(matter.decision)
    items += _steps(matter.decision, stands)
    items += _reviews(matter.decision)
    items += _open(matter)
    items = items or [(words.text("op.nothing_found"), ())]
    made = tuple(Operative(n, line, blocks) for n, (line, blocks) in enumerate(items, start=1))
    return Section(words.text("operative"), made, anchor="operative", kind="operative")


def _shares(decision: Decision, lead: Line) -> Iterator[Item]:
    dues = _dues(decision)
    for shared in decision.shares:
        of, at = shared.entry, shared.entry.address
        cohort = Given(cohort_title(shared.cohort))
        total = total_of(shared)
        if isinstance(shared.total.value, Unknown):
            yield words.text("op.open", of=of, cohort=cohort, at=at, why=shared.total.value), ()
        elif total == 0:
            yield words.text("op.nothing", of=of, at=at), ()
        elif not shared.rows:
            yield words.text("op.open", of=of, cohort=cohort, at=at, why=words.text("cert.no_one")), ()
        else:
            line = words.text(
                f"op.{unit_kind(shared.unit)}", lead=lead, total=shared.total, of=of, cohort=cohort, at=at
            )
            yield line, (amounts(shared, dues.get(shared.entry.name, {})),)


def _defined(decision: Decision, lead: Line) -> Iterator[Item]:
    """What is defined for each member and goes into nothing else: the rules end in it."""
    for entry in ends(decision):
        values = values_of(decision, entry)
        yield words.text("op.defined", lead=lead, of=entry, at=entry.address), (single(entry, values),)


def amounts(shared: Shared, due: dict[str, date | datetime]) -> Table:
    """Who has how much, with what nobody has, adding up to the total."""
    rows = [row for row in shared.rows if known(row.final) != 0]
    parts, part_names = remainder_rows(shared)
    names = Worded(
        words.text("col.member"),
        tuple(words.members((row.member,)) for row in rows),
        head=True,
        parts=part_names,
        total=words.text("row.total"),
    )
    figures = Numeric(
        words.text("col.amount"), shared.unit, tuple(known(row.final) for row in rows), parts, total_of(shared)
    )
    columns: list[Numeric | Worded] = [names, figures]
    if due:
        columns.append(Worded(words.text("col.due"), tuple(words.spans(due.get(row.member)) for row in rows)))
    caption = words.text("table.amounts", of=shared.entry, cohort=Given(cohort_title(shared.cohort)))
    return table(caption, columns, len(parts))


def remainder_rows(shared: Shared) -> tuple[tuple[Fraction | None, ...], tuple[Line, ...]]:
    """The rows between members and total: credits, what nobody has, what a tie leaves open, what rounding did."""
    found: list[tuple[Fraction, Line]] = []
    if shared.credits:
        found.append((shared.credits, words.text("row.credits")))
    if shared.unallocated:
        found.append((shared.unallocated, words.text("row.unallocated")))
    if shared.residue:
        found.append((shared.residue, words.text("row.residue")))
    drawn = open_amount(shared) if shared.undetermined else None
    if drawn is not None:
        who = sorted({each for group in shared.undetermined for each in group})
        found.append((drawn.amount, words.text("row.open", members=words.members(who))))
    if shared.difference:
        found.append((-shared.difference, words.text("row.over" if shared.difference > 0 else "row.under")))
    return tuple(each for each, _ in found), tuple(line for _, line in found)


def _dues(decision: Decision) -> dict[str, dict[str, date | datetime]]:
    found: dict[str, dict[str, date | datetime]] = {}
    for fund in decision.funds:
        for name, member, _, when in fund.due:
            if when is not None:
                found.setdefault(name, {})[member] = when
    return found


def _funds(decision: Decision, lead: Line) -> Iterator[Item]:
    for fund in decision.funds:
        if fund.paid_out:
            yield words.text("op.fund.pays", lead=lead, fund=fund.entry, at=fund.entry.address), (paid(fund),)
        line, at = reserves(decision, fund), fund.entry.address
        if line:
            yield words.text("op.fund.reserved", lead=lead, fund=fund.entry, amounts=line, at=at), ()


def paid(fund: FundOutcome) -> Table:
    """What a fund pays, member by member."""
    names = tuple(words.members((member,)) if member else words.text("row.out.bare") for member, _, _ in fund.paid_out)
    figures = tuple(size for _, _, size in fund.paid_out)
    columns = (
        Worded(words.text("col.member"), names, head=True, total=words.text("row.total")),
        Numeric(words.text("col.amount"), fund.unit, figures, (), sum(figures, Fraction(0))),
    )
    return table(words.text("table.amounts", of=fund.entry, cohort=None), columns)


def _requests(decision: Decision) -> Iterator[Item]:
    for status in ("pending", "breached", "not shown"):
        grouped: dict[tuple[str, date | datetime | None], list[DutyOutcome]] = {}
        for duty in decision.duties:
            if duty.status == status:
                end = duty.deadline.value if duty.deadline is not None else None
                when = end if isinstance(end, date) else None
                grouped.setdefault((duty.entry.name, when), []).append(duty)
        for (_, when), duties in grouped.items():
            yield (
                words.text(
                    f"op.duty.{status.replace(' ', '_')}",
                    members=words.members([each.holder for each in duties]),
                    duty=duties[0].entry,
                    at=duties[0].entry.address,
                    deadline=when,
                ),
                (),
            )


def _steps(decision: Decision, stands: Standing) -> Iterator[Item]:
    """Steps to come or missed; where nothing is shared out, also those that took place."""
    for step in decision.timeline:
        if stands.step is not None and step is stands.step and decision.shares:
            continue
        if step.status == "pending" and (step.earliest is not None or step.latest is not None):
            yield _pending(step), ()
        elif step.status == "missed" and not step.dues:
            latest = _when(step.latest.value) if step.latest is not None else None
            yield words.text("op.step.missed", step=step.entry, at=step.entry.address, latest=latest), ()
        elif not decision.shares and step.events:
            yield _taken_place(step), ()


def _pending(step: StepOutcome) -> Line:
    earliest = _when(step.earliest.value) if step.earliest is not None else None
    latest = _when(step.latest.value) if step.latest is not None else None
    return words.text("op.step.pending", step=step.entry, at=step.entry.address, earliest=earliest, latest=latest)


def _taken_place(step: StepOutcome) -> Line:
    valid = [each.event.at for each in step.events if each.valid]
    terms = {"step": step.entry, "at": step.entry.address}
    if not valid:
        return words.text("op.step.refused", **terms)
    if is_vote(step) and step.status in ("adopted", "rejected"):
        return words.text(f"op.step.{step.status}", on=valid[-1], **terms)
    if len(valid) == 1:
        return words.text("op.step.done", on=valid[0], **terms)
    says = "op.step.done.often.on" if valid[0] == valid[-1] else "op.step.done.often"
    return words.text(says, count=len(valid), first=valid[0], last=valid[-1], **terms)


def _reviews(decision: Decision) -> Iterator[Item]:
    now = decision.case.at
    for step in decision.timeline:
        coming = [due for due in step.dues if _day(due) > now]
        if coming:
            yield words.text("op.review", step=step.entry, on=coming[0], at=step.entry.address), ()
        falls = _when(step.falls.value) if step.falls is not None else None
        if falls is not None and (not decision.shares or _day(falls) >= now):
            says = "op.falls" if _day(falls) >= now else "op.fell"
            yield words.text(says, step=step.entry, on=falls, at=step.entry.address), ()


def _open(matter: Matter) -> Iterator[Item]:
    points = matter.argument.open_points
    if points:
        yield words.text("op.remains"), (Bullets(tuple(words.say(each) for each in points)),)


def _when(value: object) -> date | datetime | None:
    return value if isinstance(value, date) else None


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when


__all__ = ["amounts", "operative", "paid", "remainder_rows"]
