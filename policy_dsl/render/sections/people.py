"""Who belongs: seats by tier, who has none and why, the other groups; and the statements that members annexed."""

from __future__ import annotations

from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.argument import Given, Who
from policy_dsl.explain.whynot import why_no_seat
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Quotation, Section
from policy_dsl.render.sections.matter import Matter
from policy_dsl.render.tables import worded


def seats(matter: Matter) -> Section | None:
    """The members by tier and the groups that the case or the rules name."""
    decision = matter.decision
    if not decision.seats:
        return None
    grounds = any(seat.ground for seat in decision.seats)
    heads = ["col.member", "col.tier", *(["col.ground"] if grounds else []), "col.seat"]
    rows: list[list[Line]] = []
    for seat in decision.seats:
        row: list[Line] = [words.members((seat.state,)), words.spans(seat.tier)]
        if grounds:
            row.append(words.spans(Given(seat.ground.replace("_", " "))))
        row.append(words.text("cell.no_seat" if seat.refused is not None else "cell.seat"))
        rows.append(row)
    blocks: list[Block] = [worded(words.text("table.seats"), heads, rows)]
    refusals = [reason for seat in decision.seats for reason in why_no_seat(seat)]
    items = [
        words.text("refused.because", claim=words.say(refusal), because=words.say(each))
        for refusal in refusals
        for each in refusal.because
    ]
    items += [_group(matter, name, group) for name, group in decision.groups.items() if _is_set(matter, name)]
    if items:
        blocks.append(Bullets(tuple(items)))
    return Section(words.plain("section.seats"), tuple(blocks), anchor="seats")


def _is_set(matter: Matter, name: str) -> bool:
    entry = matter.decision.program.entries.get(name)
    return entry is not None and entry.kind == "set"


def _group(matter: Matter, name: str, group: Derived) -> Line:
    entry = matter.decision.program.entries[name]
    origin = matter.decision.case.group_origins.get(name)
    source = Given(origin.source if origin is not None else "")
    return words.text("seats.group", name=entry, members=words.derived(group, "value"), source=source, at=entry.address)


def statements(matter: Matter) -> Section | None:
    """Statements and dissents, as their authors wrote them."""
    found = matter.decision.statements
    if not found:
        return None
    blocks: list[Block] = []
    for each in found:
        paragraphs = tuple(("", part.strip()) for part in each.text.split("\n\n") if part.strip())
        blocks.append(Quotation(words.text("statement.by", by=Who(each.by)), paragraphs))
    return Section(words.plain("section.statements"), tuple(blocks), anchor="statements")
