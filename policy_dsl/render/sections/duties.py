"""Funds, duties and guarantees."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.evaluate.decision import Decision, FundOutcome, GuaranteeOutcome
from policy_dsl.evaluate.derivation import Status
from policy_dsl.explain.argument import Who
from policy_dsl.explain.whynot import failed, why_duty_not
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Section
from policy_dsl.render.sections.matter import Matter, known
from policy_dsl.render.tables import Numeric, Worded, table, worded
from policy_dsl.values import Quantity


def funds(matter: Matter) -> Section | None:
    """Each fund: its movements and balance."""
    parts = tuple(_fund(matter.decision, fund) for fund in matter.decision.funds)
    return Section(words.plain("section.funds"), parts, anchor="funds") if parts else None


def _fund(decision: Decision, fund: FundOutcome) -> Section:
    names: list[Line] = []
    amounts: list[Fraction | None] = []
    names.append(words.text("row.opening"))
    amounts.append(known(fund.balance))
    for name, member, size, when in fund.due:
        entry = decision.program.entries.get(name)
        of = entry if entry is not None else None
        says = "row.in.on" if when is not None else "row.in"
        terms = {"on": when} if when is not None else {}
        names.append(words.text(says, member=Who(member), of=of, **terms))
        amounts.append(size)
    for member, _, size in fund.paid_out:
        names.append(words.text("row.out", member=Who(member)) if member else words.text("row.out.bare"))
        amounts.append(-size)
    blocks: list[Block] = []
    if all(each is not None for each in amounts) and _adds_up(amounts, fund):
        movement = Worded(words.plain("col.movement"), tuple(names), head=True, total=words.text("row.closing"))
        figures = Numeric(words.plain("col.amount"), fund.unit, tuple(amounts), (), fund.closing)
        blocks.append(table(words.text("table.fund", fund=fund.entry), (movement, figures)))
    else:
        rows = [
            (n, words.spans(Quantity(a, fund.unit) if a is not None else None))
            for n, a in zip(names, amounts, strict=True)
        ]
        rows.append((words.text("row.closing"), words.spans(Quantity(fund.closing, fund.unit))))
        blocks.append(worded(words.text("table.fund", fund=fund.entry), ("col.movement", "col.amount"), rows))
    notes = _notes(fund)
    if notes:
        blocks.append(Bullets(tuple(notes)))
    return Section(fund.entry.title, tuple(blocks), anchor=f"fund-{fund.entry.name}")


def _adds_up(amounts: list[Fraction | None], fund: FundOutcome) -> bool:
    return sum((each for each in amounts if each is not None), Fraction(0)) == fund.closing


def _notes(fund: FundOutcome) -> list[Line]:
    found: list[Line] = []
    found += [
        words.text("fund.reserved", member=Who(holder), amount=Quantity(size, fund.unit))
        for holder, size in fund.reserved
    ]
    if fund.level is not None:
        found.append(words.text("fund.level", level=fund.level, at=fund.level.address))
    if fund.cut:
        found.append(words.text("fund.cut", amount=Quantity(fund.cut, fund.unit)))
    if fund.arrears:
        lines = [
            words.text("fund.arrear", member=Who(member), amount=Quantity(size, fund.unit))
            for member, size in fund.arrears
        ]
        found.append(words.text("fund.arrears", lines=words.listed(lines)))
    if fund.suspended:
        found.append(words.text("fund.suspended", members=words.members(fund.suspended)))
    return found


def duties(matter: Matter) -> Section | None:
    """What the record shows of each duty, and which guarantees hold."""
    blocks = (*_duties(matter.decision), *_guarantees(matter.decision))
    return Section(words.plain("section.duties"), blocks, anchor="duties") if blocks else None


def _duties(decision: Decision) -> Iterator[Block]:
    arisen = [duty for duty in decision.duties if duty.status != "not arisen"]
    grouped: dict[tuple[str, str, Line], list[str]] = {}
    for duty in arisen:
        deadline = words.derived(duty.deadline, "value") if duty.deadline is not None and duty.deadline.known else ()
        grouped.setdefault((duty.entry.name, duty.status, deadline), []).append(duty.holder)
    rows = []
    for (name, status, deadline), holders in grouped.items():
        entry = decision.program.entries[name]
        rows.append((entry, entry.address, words.members(holders), deadline, words.value_of(Status(status))))
    if rows:
        heads = ("col.duty", "col.article", "col.holder", "col.deadline", "col.status")
        yield worded(words.text("table.duties"), heads, rows)
    lacking = [
        words.text("colon", name=words.members((duty.holder,)), value=words.say(each))
        for duty in arisen
        if duty.status in ("breached", "not shown")
        for each in why_duty_not(duty)
    ]
    if lacking:
        yield Bullets(tuple(lacking))


def _guarantees(decision: Decision) -> Iterator[Block]:
    if not decision.guarantees:
        return
    rows = [
        (each.entry, each.entry.address, words.value_of(Status("proved" if _proved(each) else each.status)))
        for each in decision.guarantees
    ]
    yield worded(words.text("table.guarantees"), ("col.guarantee", "col.article", "col.status"), rows)
    broken = [
        words.text("colon", name=words.spans(each.entry), value=words.say(reason))
        for each in decision.guarantees
        if each.status in ("fails", "not shown") and each.shown is not None
        for reason in failed(each.shown)
    ]
    if broken:
        yield Bullets(tuple(broken))


def _proved(outcome: GuaranteeOutcome) -> bool:
    return outcome.proved and outcome.status == "holds"
