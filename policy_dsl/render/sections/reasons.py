"""The reasons for each member: short paragraphs that cite, the legal words once, the derivation folded away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.argument import Claim, Given, MemberReasons, ShareReasons, Term, cohort_title
from policy_dsl.explain.trees import Level, tree
from policy_dsl.render import words
from policy_dsl.render.derivations import twig
from policy_dsl.render.document import Block, Bullets, Fold, Line, Paragraph, Quotation, Section, Span, Tree
from policy_dsl.render.languages import adopted, current, original
from policy_dsl.render.naming import with_code
from policy_dsl.render.sections.matter import Matter
from policy_dsl.render.titles import given
from policy_dsl.resolve.program import Entry
from policy_dsl.values import Address


def reasons(matter: Matter) -> Section | None:
    """Member by member, in the order of their codes."""
    quoted: set[Address] = set()
    parts = [part for each in matter.argument.members if (part := _member(matter, each, quoted)) is not None]
    if not parts or not matter.decision.shares:
        return None
    return Section(words.text("section.reasons"), tuple(parts), anchor="reasons")


def _member(matter: Matter, member: MemberReasons, quoted: set[Address]) -> Section | None:
    blocks: list[Block] = []
    seat = [line for each in member.seat for line in _lines(each)]
    if seat:
        blocks.append(Paragraph(words.sentences(seat)))
    for share in member.shares:
        if not _says_something(share):
            continue
        blocks += _share(matter, share, quoted)
    # Where there is nothing to share out, the operative part has said so.
    blocks += _outside(member)
    told = [words.argued(each) for each in (*member.exceptions, *member.duties)]
    if told:
        blocks.append(Bullets(tuple(told)))
    if not blocks:
        return None
    return Section((Span(with_code(member.member)),), tuple(blocks), anchor=f"member-{member.member}")


def _outside(member: MemberReasons) -> Iterator[Block]:
    """Why the member is not among those who share: told once where it is so, and alike, for all cohorts."""
    rest = [share for share in member.shares if share.claims[0].says.startswith("share.outside.")]
    told: dict[tuple[str, str], list[ShareReasons]] = {}
    for share in rest:
        said = words.flat(words.sentences(_lines(share.claims[0])))
        told.setdefault((share.entry.name, said), []).append(share)
    for alike in told.values():
        every = [share for share in member.shares if share.entry.name == alike[0].entry.name]
        for share in alike[:1] if len(alike) == len(every) else alike:
            lines = _lines(share.claims[0])
            if share.cohort and len(alike) < len(every):
                lines[0] = words.text("cohort", cohort=Given(cohort_title(share.cohort)), sentence=lines[0])
            yield Paragraph(words.sentences(lines))


def _says_something(share: ShareReasons) -> bool:
    """Whether there is more to say than that the member isn't among those who share, or that there is nothing."""
    return not share.claims[0].says.startswith(("share.outside.", "share.empty"))


def _share(matter: Matter, share: ShareReasons, quoted: set[Address]) -> Iterator[Block]:
    lines = [line for each in share.claims for line in _lines(each)]
    if share.cohort:
        lines[0] = words.text("cohort", cohort=Given(cohort_title(share.cohort)), sentence=lines[0])
    yield Paragraph(words.sentences(lines))
    for entry in _cited(share):
        if entry.words and entry.address is not None and entry.address not in quoted:
            quoted.add(entry.address)
            yield from quotations(entry)
    if matter.level is not Level.BRIEF and matter.folds:
        grown = tree(share.value, Level.REASONED, wide=False, stop=_is_share)
        if grown.branches:
            yield Fold(words.text("derivation"), (Tree((twig(grown, matter.anchor),)),))


def _is_share(here: Derived) -> bool:
    """Other shares of the member have their own paragraphs."""
    return here.op == "share" and bool(here.of)


def quotations(entry: Entry) -> Iterator[Quotation]:
    """The legal words that a provision carries out; those without words in the document's language by themselves."""
    for language, group in groupby(entry.words, original):
        paragraphs = tuple(
            (
                words.plain("paragraph", number=each.paragraph) if each.paragraph is not None else "",
                adopted().of(each) or each.text,
            )
            for each in group
        )
        terms: dict[str, Term | Line] = {"at": entry.address, "title": given(entry.article_title)}
        if language:
            called = Given(current().language(language))
            yield Quotation(words.text("quote.of.original", language=called, **terms), paragraphs, language)
        else:
            yield Quotation(words.text("quote.of", **terms), paragraphs)


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
