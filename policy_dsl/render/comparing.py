"""Readings of rules side by side, ready to be said: alternatives of a draft, and what reservations do to the others.

For a terminal it is plain tables, with members by their codes; as a page the document model makes it; for tools it is
data (`comparing_data`). It is told in English, as drafts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from policy_dsl.check.draft import Draft
from policy_dsl.compare.burdens import Burden, Compared, Reading
from policy_dsl.compare.reservations import Reserved
from policy_dsl.explain.argument import Given, Term, Who
from policy_dsl.receipts.plain import file_name
from policy_dsl.records import dataclass
from policy_dsl.render import numbers, words
from policy_dsl.render.comparing_data import alternatives_data, reservations_data
from policy_dsl.render.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Line,
    Paragraph,
    Row,
    Section,
    Span,
    Table,
)
from policy_dsl.render.languages import telling
from policy_dsl.render.naming import by_codes, by_names, with_names
from policy_dsl.render.plainly import Readable
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

# Whole sentences, in the form of `messages`: what stands in square brackets falls away if a slot in it is empty.
SENTENCES = {
    "title.alternatives": "The alternatives of {policy}",
    "title.reservations": "Reservations to {policy}, and what they do to the others",
    "status": "This compares outcomes. It decides nothing.",
    "rules": "Text: {policy}, version {version}[; {authority}].",
    "as_at": "The rules are read as at {law}.",
    "open": "What is open",
    "alternative": "{name}[ ({title})][, with {ties}][, proposed by {proposers}][: {at}]",
    "none": "{name}[ ({title})][, with {ties}][, proposed by {proposers}][: {at}]; no text",
    "shown.all": "All {count} combinations that fit together are shown.",
    "shown.some": "{shown} of {count} combinations that fit together are shown. Take some alternatives to see others.",
    "case": "{case}[ ({file})]",
    "shared": "{unit}: {of}",
    "received": "{unit}, paid out: {of}",
    "found": "{of} ({unit})",
    "with": "with it",
    "without": "without it",
    "member": "Member",
    "total": "Total",
    "changed": "{amount} ({by})",
    "unknown": "not determined",
    "none.decided": "not decided",
    "more.bear": "Under {reading} more than under {against} falls on {more}.",
    "less.bear": "Under {reading} less than under {against} falls on {less}.",
    "both.bear": "Under {reading} more than under {against} falls on {more}, and less on {less}.",
    "more.get": "Under {reading} more than under {against} goes to {more}.",
    "less.get": "Under {reading} less than under {against} goes to {less}.",
    "both.get": "Under {reading} more than under {against} goes to {more}, and less to {less}.",
    "same": "Under {reading} the figures are those under {against}.",
    "effect.more": "Because of the reservation more falls on {more}.",
    "effect.less": "Because of the reservation less falls on {less}.",
    "effect.both": "Because of the reservation more falls on {more}, and less on {less}.",
    "effect.none": "The reservation changes nobody's persons or money in this case.",
    "by": "{member} ({amount})",
    "faults": "Under {reading} the case is not decided: the text or the case has a fault.",
    "fails": "Under {reading} a guarantee does not hold: {promises}.",
    "incomplete": "Under {reading} something is undetermined, awaits a choice, or was left unallocated.",
    "fails.with": "With the reservation a guarantee does not hold: {promises}.",
    "fails.without": "Without the reservation a guarantee does not hold: {promises}.",
    "incomplete.with": "With the reservation something is undetermined, awaits a choice, or was left unallocated.",
    "incomplete.without": "Without it something is undetermined, awaits a choice, or was left unallocated.",
    "no figures": "No persons and no money are shared in this case.",
    "reservation": "{clause}, by {member} ({at}), to {to}",
    "not held": "It was not held on the day whose law was applied.",
    "no reservations": "No member holds a reservation.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives(Readable):
    """Cases under the combinations of a draft, ready to be said. `program` is the draft under the first of them."""

    draft: Draft
    program: Program
    cases: tuple[Compared, ...]

    def document(self, *, codes: bool = False) -> Document:
        """The comparison as a document; members go by their names, or by their codes."""
        with telling(self.program, "en"):
            sections = [_open(self.draft), *(_case(each) for each in self.cases)]
            return _document("title.alternatives", self.program, sections, self.cases, codes=codes)

    def data(self) -> dict[str, object]:
        """The comparison as data."""
        return alternatives_data(self.draft, self.program, self.cases)


@dataclass(frozen=True, slots=True, eq=False)
class Reservations(Readable):
    """Cases with and without each reservation, ready to be said: title and file of each case, and what was found."""

    program: Program
    cases: tuple[tuple[str, str, tuple[Reserved, ...]], ...]

    def document(self, *, codes: bool = False) -> Document:
        """The comparison as a document; members go by their names, or by their codes."""
        with telling(self.program, "en"):
            sections = [
                Section(_say("case", case=Given(case), file=Given(file_name(file))), tuple(_reservations(found)))
                for case, file, found in self.cases
            ]
            compared = [each.compared for _, _, found in self.cases for each in found if each.compared is not None]
            return _document("title.reservations", self.program, sections, compared, codes=codes)

    def data(self) -> dict[str, object]:
        """The comparison as data."""
        return reservations_data(self.program, self.cases)


def _say(key: str, /, **terms: Term | Line) -> Line:
    return words.fill(SENTENCES[key], terms)


def _document(
    title: str, program: Program, sections: Sequence[Section], cases: Sequence[Compared], *, codes: bool
) -> Document:
    heading = program.heading
    policy = Given(heading.title or heading.name.replace("_", " "))
    below = [_say("rules", policy=policy, version=Given(heading.version), authority=Given(heading.authority))]
    law = next((each.decision.case.as_at for one in cases for each in one.readings if each.decision is not None), None)
    if law is not None:
        below.append(_say("as_at", law=law))
    made = Document(
        heading=_say(title, policy=policy),
        over=(),
        below=tuple(below),
        status=Paragraph(_say("status"), "note"),
        sections=tuple(sections),
        labels={name: words.plain(name) for name in ("contents", "page", "quote.open", "quote.close")},
    )
    return with_names(made, by_codes(program) if codes else by_names(program))


# ---- what is open ----------------------------------------------------------------------------------------------------


def _open(draft: Draft) -> Section:
    items = tuple(
        _say(
            "alternative" if each.lines else "none",
            name=Given(each.name.text),
            title=Given(each.title),
            ties=tuple(Given(tie.text) for tie in each.ties) or None,
            proposers=tuple(_who(who) for who in each.proposers) or None,
            at=Given(place.where),
        )
        for place in draft.places
        for each in place.alternatives
    )
    count, shown = draft.count, len(draft.variants)
    told = _say("shown.all" if shown == count else "shown.some", count=_number(count), shown=_number(shown))
    return Section(_say("open"), (Bullets(items), Paragraph(told)))


def _who(who: tree.Ident | tree.Text) -> Term:
    return Given(who.value) if isinstance(who, tree.Text) else Who(who.text)


def _number(count: int) -> Line:
    return (Span(str(count), "figure"),)


# ---- a case ----------------------------------------------------------------------------------------------------------


def _case(case: Compared) -> Section:
    blocks: list[Block] = []
    for each in case.readings:
        blocks += map(Paragraph, _notes(each))
    for burden in case.burdens:
        blocks.append(_table(case, burden, [each.name for each in case.readings]))
        blocks.append(Bullets(tuple(_gains(case, burden))))
    if not case.burdens:
        blocks.append(Paragraph(_say("no figures")))
    return Section(_say("case", case=Given(case.case), file=Given(file_name(case.file))), tuple(blocks))


def _notes(reading: Reading) -> Iterator[Line]:
    name = Given(reading.name)
    if reading.decision is None:
        yield _say("faults", reading=name)
    if reading.failing:
        yield _say("fails", reading=name, promises=words.listed([_cited(each) for each in reading.failing]))
    if reading.open:
        yield _say("incomplete", reading=name)


def _cited(entry: Entry) -> Line:
    return words.fill("{title}[ ({at})]", {"title": entry, "at": entry.address})


def _table(case: Compared, burden: Burden, heads: Sequence[str]) -> Table:
    unit = numbers.unit_head(burden.unit)
    of = tuple(dict.fromkeys(entry.title for each in burden.provisions for entry in each))
    caption = _say(burden.kind, unit=Given(unit[:1].upper() + unit[1:]), of=tuple(map(Given, of)))
    columns = (Column(_say("member"), head=True), *(Column((Span(head, "given"),), figures=True) for head in heads))
    rows = [
        Row((Cell((Span(member, "member"),)), *(_cell(case, burden, member, at) for at in range(len(heads)))))
        for member in burden.members
    ]
    totals = tuple(_amount_cell(burden, burden.total(at), None, case.readings[at]) for at in range(len(heads)))
    total = Row((Cell((Span(SENTENCES["total"]),)), *totals), "total")
    return Table(caption, columns, (*rows, total) if burden.kind != "found" else tuple(rows))


def _cell(case: Compared, burden: Burden, member: str, at: int) -> Cell:
    amount = burden.amount(member, at)
    by = None if at == case.against else burden.difference(member, at, case.against)
    if amount is not None and not burden.has_part(member, at) and not by:
        return Cell((Span("–"),), amount)
    return _amount_cell(burden, amount, by, case.readings[at])


def _amount_cell(burden: Burden, amount: Fraction | None, by: Fraction | None, reading: Reading) -> Cell:
    if reading.decision is None:
        return Cell((Span(SENTENCES["none.decided"]),))
    if amount is None:
        return Cell((Span(SENTENCES["unknown"]),))
    shown: Line = (Span(_figure(burden, amount), "figure"),)
    if by:
        shown = _say("changed", amount=shown, by=(Span(_signed(burden, by), "figure"),))
    return Cell(shown, amount)


def _figure(burden: Burden, amount: Fraction) -> str:
    return numbers.figure(Quantity(amount, burden.unit), unit=False)


def _signed(burden: Burden, by: Fraction) -> str:
    text = _figure(burden, abs(by))
    sign = "+" if by > 0 else numbers.MINUS
    return numbers.ABOUT + sign + text.removeprefix(numbers.ABOUT) if text.startswith(numbers.ABOUT) else sign + text


def _gains(case: Compared, burden: Burden) -> Iterator[Line]:
    """For each reading who bears more and who bears less than under the one compared with."""
    does = "get" if burden.kind == "received" else "bear"
    against = Given(case.readings[case.against].name)
    for at, reading in enumerate(case.readings):
        if at == case.against or reading.decision is None or case.readings[case.against].decision is None:
            continue
        more, less = _changed(case, burden, at)
        which = "both" if more and less else "more" if more else "less" if less else ""
        key = f"{which}.{does}" if which else "same"
        yield _say(key, reading=Given(reading.name), against=against, **_sides(more, less, which))


def _sides(more: tuple[Line, ...], less: tuple[Line, ...], which: str) -> dict[str, Term | Line]:
    sides: dict[str, Term | Line] = {}
    if which in ("both", "more"):
        sides["more"] = words.listed(more)
    if which in ("both", "less"):
        sides["less"] = words.listed(less)
    return sides


def _changed(case: Compared, burden: Burden, at: int) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    more: list[Line] = []
    less: list[Line] = []
    for member in burden.members:
        by = burden.difference(member, at, case.against)
        if by:
            line = _say("by", member=Who(member), amount=(Span(_signed(burden, by), "figure"),))
            (more if by > 0 else less).append(line)
    return tuple(more), tuple(less)


# ---- reservations ----------------------------------------------------------------------------------------------------


def _reservations(found: Sequence[Reserved]) -> Iterator[Block]:
    if not found:
        yield Paragraph(_say("no reservations"))
    for each in found:
        title = _say(
            "reservation", clause=each.clause, member=Who(each.member), at=each.clause.address, to=tuple(each.to)
        )
        yield Section(title, tuple(_effect(each)))


def _effect(reserved: Reserved) -> Iterator[Block]:
    case = reserved.compared
    if case is None:
        yield Paragraph(_say("not held"))
        return
    touched = [burden for burden in case.burdens if burden.differs]
    if not touched:
        yield Paragraph(_say("effect.none"))
    for burden in touched:
        yield _table(case, burden, [SENTENCES[each.name] for each in case.readings])
        more, less = _changed(case, burden, 1)
        which = "both" if more and less else "more" if more else "less"
        if more or less:
            yield Paragraph(_say(f"effect.{which}", **_sides(more, less, which)))
    for reading in case.readings:
        if reading.failing:
            promises = words.listed([_cited(each) for each in reading.failing])
            yield Paragraph(_say(f"fails.{reading.name}", promises=promises))
        if reading.open:
            yield Paragraph(_say(f"incomplete.{reading.name}"))


__all__ = ["Alternatives", "Reservations"]
