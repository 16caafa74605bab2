"""Funds, duties and guarantees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from policy_dsl.evaluate.decision import Decision, DutyOutcome, FundOutcome, GuaranteeOutcome
from policy_dsl.evaluate.derivation import Status, Unknown
from policy_dsl.explain.argument import Claim, Term, Who
from policy_dsl.explain.gaps import own_gaps
from policy_dsl.explain.whynot import failed, why_duty_not
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Section
from policy_dsl.render.figures.fund import movements
from policy_dsl.render.naming import alone
from policy_dsl.render.sections.matter import Matter, cited, known
from policy_dsl.render.tables import Numeric, Worded, table, worded
from policy_dsl.render.titles import english, title_line
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity


def funds(matter: Matter) -> Section | None:
    """Each fund: its movements and balance."""
    parts = tuple(_fund(matter.decision, fund) for fund in matter.decision.funds)
    return Section(words.text("section.funds"), parts, anchor="funds") if parts else None


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
    caption = cited(words.text("table.fund", fund=fund.entry), fund.entry)
    if all(each is not None for each in amounts) and _adds_up(amounts, fund):
        movement = Worded(words.text("col.movement"), tuple(names), head=True, total=words.text("row.closing"))
        figures = Numeric(words.text("col.amount"), fund.unit, tuple(amounts), (), fund.closing)
        blocks.append(table(caption, (movement, figures)))
        drawn = movements(fund, figures, alone(decision.program), decision.program)
        blocks += [drawn] if drawn is not None else []
    else:
        rows = [
            (n, words.spans(Quantity(a, fund.unit) if a is not None else None))
            for n, a in zip(names, amounts, strict=True)
        ]
        rows.append((words.text("row.closing"), words.spans(Quantity(fund.closing, fund.unit))))
        blocks.append(worded(caption, ("col.movement", "col.amount"), rows))
    notes = _notes(decision, fund)
    if notes:
        blocks.append(Bullets(tuple(notes)))
    return Section(title_line(fund.entry, own=True), tuple(blocks), anchor=f"fund-{fund.entry.name}")


def _adds_up(amounts: list[Fraction | None], fund: FundOutcome) -> bool:
    return sum((each for each in amounts if each is not None), Fraction(0)) == fund.closing


def _notes(decision: Decision, fund: FundOutcome) -> list[Line]:
    found: list[Line] = []
    found += _terms(decision, fund)
    if fund.reserved:
        found.append(words.text("fund.reserved", amounts=reserves(decision, fund, nothing=True)))
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


def _terms(decision: Decision, fund: FundOutcome) -> Iterator[Line]:
    """When what a fund receives falls due, and on which condition it pays, in the words of the rules."""
    node, at = fund.entry.node, fund.entry.address
    if not isinstance(node, tree.Fund):
        return
    for fed in node.fed:
        if fed.due is not None:
            of = decision.program.entries[fed.by.text]
            yield words.text("fund.due.when", of=of, words=words.quoted(fed.due), at=at)
    for pays in node.pays:
        if pays.when is not None:
            of = decision.program.entries[pays.what.text]
            yield words.text("fund.pays.when", of=of, words=words.quoted(pays.when), at=at)
    for suspends in node.suspends:
        yield words.text("fund.suspends", words=words.quoted(suspends.after), at=at)


def reserves(decision: Decision, fund: FundOutcome, *, nothing: bool = False) -> Line:
    """What is kept in reserve, for whom, and what for; with `nothing`, also the lines that keep nothing."""
    node = fund.entry.node
    lines = node.reserves if isinstance(node, tree.Fund) and len(node.reserves) == len(fund.reserved) else ()
    parts = []
    for number, (holder, size) in enumerate(fund.reserved):
        purpose = _purpose(decision, lines[number]) if lines else ()
        amount = Quantity(size, fund.unit)
        if size:
            parts.append(words.text("fund.reserve", member=Who(holder), amount=amount, purpose=purpose))
        elif nothing:
            parts.append(words.text("fund.reserve.none", member=Who(holder), purpose=purpose))
    return words.listed(parts) if parts else ()


def _purpose(decision: Decision, line: tree.Reserves) -> Line:
    """What a reserve is for: the title of the amount, or the words that give it."""
    ref = decision.program.ref(line.amount)
    if isinstance(ref, Entry):
        return words.spans(ref)
    said = english(line.amount.written)
    return words.text("fund.part", part=said) if isinstance(line.amount, tree.Percent | tree.Ratio) else said


def duties(matter: Matter) -> Section | None:
    """What the record shows of each duty, and which guarantees hold."""
    blocks = (*_duties(matter.decision), *_guarantees(matter.decision))
    return Section(words.text("section.duties"), blocks, anchor="duties") if blocks else None


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
    lacking = tuple(_lacking(arisen))
    if lacking:
        yield Bullets(lacking)


def _lacking(duties: Sequence[DutyOutcome]) -> Iterator[Line]:
    """What each duty that isn't kept, or isn't shown to be, lacks: once for all who lack the same."""
    unknown: dict[tuple[int, tuple[Claim, ...]], list[DutyOutcome]] = {}
    breached: dict[tuple[int, Line], list[DutyOutcome]] = {}
    for duty in duties:
        if duty.shown is not None and isinstance(duty.shown.value, Unknown):
            unknown.setdefault((id(duty.entry), own_gaps(duty.shown.value, duty.holder)), []).append(duty)
        elif duty.status in ("breached", "not shown"):
            reasons = words.sentences([words.say(each) for each in why_duty_not(duty)])
            if reasons:
                breached.setdefault((id(duty.entry), reasons), []).append(duty)
    for (_, reasons), group in breached.items():
        yield words.text("duty.lacks", **_whose(group), reasons=reasons)
    for (_, why), group in unknown.items():
        yield words.text("duty.unknown", **_whose(group), why=why)


def _whose(group: Sequence[DutyOutcome]) -> dict[str, Term | Line]:
    entry = group[0].entry
    return {"duty": entry, "at": entry.address, "members": words.members([each.holder for each in group])}


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
