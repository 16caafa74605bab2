"""The instrument as a document: its words article by article, and with them in plain sentences what they compute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import groupby

from policy_dsl.check import Checked
from policy_dsl.explain.argument import Adopted, Given
from policy_dsl.instrument import names
from policy_dsl.instrument.case_data import case_data
from policy_dsl.instrument.examples import examples
from policy_dsl.instrument.index import terms, through_time
from policy_dsl.instrument.told import Desk, provision
from policy_dsl.instrument.told.desk import head, table
from policy_dsl.instrument.told.figures import REACHES, indicators
from policy_dsl.instrument.uses import Uses
from policy_dsl.render import words
from policy_dsl.render.document import (
    Block,
    Bullets,
    Document,
    Line,
    Paragraph,
    Quotation,
    Section,
    Span,
)
from policy_dsl.render.languages import adopted, current, original, telling
from policy_dsl.render.naming import by_names, with_names
from policy_dsl.render.sections.readings import departures
from policy_dsl.render.sections.wording import lines as versions
from policy_dsl.render.titles import article_anchor, cite, given, instrument_line
from policy_dsl.resolve.program import Entry, Law
from policy_dsl.syntax import tree
from policy_dsl.values import Address

LABELS = ("contents", "page", "quote.open", "quote.close")


def compose(checked: Checked, language: str = "en") -> Document:
    """The document of an instrument. Raises ValueError for an unknown language, NoLocales as `telling`."""
    with telling(checked.program, language):
        desk, uses = Desk(checked), Uses(checked.program)
        sections = tuple(_sections(desk, uses))
        document = Document(
            heading=instrument_line(desk.program.heading.name),
            over=head("above"),
            below=tuple(_below(desk)),
            status=Paragraph(head("status"), "note"),
            sections=sections,
            level="instrument",
            language=current().code,
            direction=current().direction,
            labels={name: words.plain(name) for name in LABELS},
            anchors=frozenset(_places(sections)),
            listed=2,
        )
        return with_names(document, by_names(desk.program))


def _places(part: object) -> Iterator[str]:
    """All places in a document that a link may lead to: sections, and names where they are defined."""
    if isinstance(part, tuple):
        for each in part:
            yield from _places(each)
    elif is_dataclass(part):
        at = getattr(part, "anchor", "")
        if at:
            yield at
        for each in fields(part):
            if each.name != "anchor":
                yield from _places(getattr(part, each.name))


# ---- the frame -------------------------------------------------------------------------------------------------------


def _below(desk: Desk) -> Iterator[Line]:
    heading = desk.program.heading
    yield head("version", version=Given(heading.version), since=heading.in_force, authority=given(heading.authority))
    counted = desk.program.entries.get(heading.calendar)
    if counted is not None:
        calendar = head("calendar.named", calendar=names.name(counted))
    else:
        calendar = head(f"calendar.{heading.calendar}") if heading.calendar else ()
    periods = head(f"periods.{heading.periods}") if heading.periods else ()
    yield head(
        "counting", currency=Given(heading.currency), calendar=calendar, periods=periods, clock=Given(heading.clock)
    )
    if desk.program.taken:
        yield head("status.alternatives", names=words.listed([words.spans(Given(each)) for each in desk.program.taken]))


def _sections(desk: Desk, uses: Uses) -> Iterator[Section]:
    made = (
        _parties(desk),
        *_articles(desk, uses),
        case_data(desk),
        _departures(desk),
        through_time(desk),
        examples(desk),
        terms(desk, uses),
        _languages(desk),
    )
    yield from (each for each in made if each is not None)


def _parties(desk: Desk) -> Section | None:
    """The tiers with their members, and the bodies that are no members."""
    blocks: list[Block] = []
    if desk.program.tiers:
        rows = [(names.name(each), _members(desk, each), words.spans(each.address)) for each in desk.program.tiers]
        heads = (("col.tier", False), ("col.members", False), ("col.article", False))
        blocks += [Paragraph(head("parties.lead")), table(head("table.parties"), heads, rows)]
    bodies = desk.program.of_kind("participant")
    if bodies:
        items = [words.text("cited", line=names.name(each), at=each.address) for each in bodies]
        blocks += [Paragraph(head("parties.others")), Bullets(tuple(items))]
    return Section(head("section.parties"), tuple(blocks), anchor="parties") if blocks else None


def _members(desk: Desk, tier: Entry) -> Line:
    node = tier.node
    assert isinstance(node, tree.SetOf)
    if node.value is not None:
        return desk.value(node.value)
    codes = tuple(dict.fromkeys(seat.code.text for seat in node.seats))
    return words.members(codes) if codes else head("parties.case")


def _departures(desk: Desk) -> Section | None:
    program = desk.program
    if not program.model:
        return None
    found = departures(program)
    model = instrument_line(program.model)
    lead = Paragraph(head("departures.lead" if found is not None else "departures.none", model=model))
    return Section(head("section.departures"), (lead, *([found] if found is not None else [])), anchor="departures")


def _languages(desk: Desk) -> Section | None:
    found = versions(desk.program)
    return Section(head("section.languages"), (Bullets(found),), anchor="languages") if found else None


# ---- the articles ----------------------------------------------------------------------------------------------------


def _articles(desk: Desk, uses: Uses) -> Iterator[Section]:
    """The articles under the headings of their parts; those without a part under one of their own."""
    for part, laws in groupby(desk.program.law, lambda law: law.part):
        found = tuple(_article(desk, uses, law) for law in laws)
        if part:
            number = "".join(each if each.isascii() and each.isalnum() else "-" for each in part.lower())
            yield Section(_part(part), found, anchor=f"part-{number.strip('-')}")
        else:
            yield Section(head("section.articles"), found, anchor=f"articles-{found[0].anchor}")


def _part(part: str) -> Line:
    said = adopted().parts.get(part)
    number, _, title = (said or part).partition(" ")
    language = "" if said else _foreign()
    return head("part", number=Given(number), title=(Span(title, "given", language=language),) if title else ())


def _foreign() -> str:
    codes = {each.worded.authentic for each in adopted().files}
    return codes.pop() if len(codes) == 1 else ""


def _article(desk: Desk, uses: Uses, law: Law) -> Section:
    own = desk.program.heading.name
    number = str(Address(law.address.article, law.address.suffix)).removeprefix("Art. ")
    origin = instrument_line(law.origin) if desk.program.model and law.origin != own else ()
    title = words.spans(Adopted(law.title)) if not adopted().of(law.node) else (Span(adopted().of(law.node), "given"),)
    heading = words.text("law.head", number=Given(number), title=title, origin=origin)
    return Section(heading, tuple(_lines(desk, uses, law)), anchor=article_anchor(law.address), kind="article")


def _lines(desk: Desk, uses: Uses, law: Law) -> Iterator[Block]:
    """The words and the provisions in their order; words that follow each other are quoted together."""
    for quoted, group in groupby(law.node.lines, lambda line: isinstance(line, tree.Prose)):
        if quoted:
            yield from _quoted(law.address, [line for line in group if isinstance(line, tree.Prose)])
            continue
        for line in group:
            if isinstance(line, tree.Indicators):
                yield _facts(desk, uses, line)
            elif isinstance(line, tree.Provision):
                yield provision(desk, _entry(desk, uses, line, law.address))


def _entry(desk: Desk, uses: Uses, node: tree.Provision, at: Address) -> Entry:
    """The provision that a line is; one to which nothing could refer has no entry of its own."""
    found = uses.entry(node)
    return found if found is not None else Entry(node.name.text, node, desk.program.address_of.get(node, at))


def _facts(desk: Desk, uses: Uses, block: tree.Indicators) -> Section:
    entries = [entry for row in block.rows if (entry := uses.entry(row)) is not None]
    first = entries[0]
    heading = desk.say(f"facts{REACHES.get(first.reach, '')}")
    what = (cite(first.address),) if first.address is not None else ()
    return Section(heading, (Paragraph(what, "kind"), *indicators(desk, entries, first.reach)), kind="provision")


def _quoted(at: Address, prose: list[tree.Prose]) -> Iterator[Block]:
    for language, group in groupby(prose, original):
        held = list(group)
        paragraphs = tuple(
            (
                words.plain("paragraph", number=each.paragraph) if each.paragraph is not None else "",
                adopted().of(each) or each.text,
            )
            for each in held
        )
        numbers = tuple(each.paragraph for each in held if each.paragraph is not None)
        place = cite(Address(at.article, at.suffix, numbers, at.instrument))
        if language:
            called = Given(current().language(language))
            yield Quotation(
                words.text("quote.of.original", at=(place,), title=(), language=called), paragraphs, language
            )
        else:
            yield Quotation((place,), paragraphs)
