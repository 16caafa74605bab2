"""The reasons for each member: short paragraphs that cite, the legal words once, the derivation folded away."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.argument import Claim, MemberReasons, ShareReasons, Who
from policy_dsl.explain.trees import Level, tree
from policy_dsl.render import words
from policy_dsl.render.derivations import twig
from policy_dsl.render.document import Block, Bullets, Fold, Line, Paragraph, Quotation, Section, Span, Tree
from policy_dsl.render.naming import with_code
from policy_dsl.render.sections.matter import Matter
from policy_dsl.resolve.program import Entry
from policy_dsl.values import Address


def reasons(matter: Matter) -> Section | None:
    """Member by member, in the order of their codes."""
    quoted: set[Address] = set()
    parts = [part for each in matter.argument.members if (part := _member(matter, each, quoted)) is not None]
    if not parts or not matter.decision.shares:
        return None
    return Section(words.plain("section.reasons"), tuple(parts), anchor="reasons")


def _member(matter: Matter, member: MemberReasons, quoted: set[Address]) -> Section | None:
    blocks: list[Block] = []
    seat = [line for each in member.seat for line in _lines(each)]
    if seat:
        blocks.append(Paragraph(_run_on(seat)))
    for share in member.shares:
        if not _says_something(share):
            continue
        blocks += _share(matter, share, quoted)
    rest = [share for share in member.shares if not _says_something(share)]
    blocks += [Paragraph(_run_on(_lines(each.claims[0]))) for each in rest]
    if member.duties:
        items = [_run_on(_lines(each)) for each in member.duties]
        blocks.append(Bullets(tuple(items)))
    if not blocks:
        return None
    return Section(with_code(member.member), tuple(blocks), anchor=f"member-{member.member}")


def _says_something(share: ShareReasons) -> bool:
    """Whether there is more to say than that the member isn't among those who share."""
    return not share.claims[0].says.startswith("share.outside.")


def _share(matter: Matter, share: ShareReasons, quoted: set[Address]) -> Iterator[Block]:
    lines = [line for each in share.claims for line in _lines(each)]
    if share.cohort:
        lines[0] = words.text("colon", name=words.spans(Who(share.cohort)), value=lines[0])
    yield Paragraph(_run_on(lines))
    for entry in _cited(share):
        if entry.words and entry.address is not None and entry.address not in quoted:
            quoted.add(entry.address)
            yield quotation(entry)
    if matter.level is not Level.BRIEF and matter.folds:
        grown = tree(share.value, Level.REASONED, wide=False, stop=_is_share)
        if grown.branches:
            yield Fold(words.text("derivation"), (Tree((twig(grown, matter.anchor),)),))


def _is_share(here: Derived) -> bool:
    """Other shares of the member have their own paragraphs."""
    return here.op == "share" and bool(here.of)


def quotation(entry: Entry) -> Quotation:
    """The legal words that a provision carries out."""
    paragraphs = tuple(
        (words.plain("paragraph", number=each.paragraph) if each.paragraph is not None else "", each.text)
        for each in entry.words
    )
    title: Line = (Span(entry.article_title),) if entry.article_title else ()
    return Quotation(words.text("quote.of", at=entry.address, title=title), paragraphs)


def _cited(share: ShareReasons) -> list[Entry]:
    """The provisions whose words may be quoted: the sharing out itself, and those named in its reasons."""
    found: dict[int, Entry] = {id(share.entry): share.entry}
    for each in share.claims:
        for inner in (each, *each.because):
            for _, term in inner.terms:
                entry = getattr(term, "entry", None)
                if isinstance(entry, Entry) and entry.kind != "indicator":
                    found.setdefault(id(entry), entry)
    return list(found.values())


def _lines(found: Claim) -> list[Line]:
    return [words.say(found), *(line for each in found.because for line in _lines(each))]


def _run_on(lines: list[Line]) -> Line:
    blank: Line = (Span(" "),)
    found: list[Span] = []
    for number, line in enumerate(lines):
        found += (*blank, *line) if number else line
    return words.joined_spans(found)
