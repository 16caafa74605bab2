"""In which language the words of the rules are given, which of them have no version in that of the document."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.explain.argument import Adopted, Given, Term
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Paragraph, Section
from policy_dsl.render.languages import adopted, current, in_words
from policy_dsl.render.sections.matter import Matter
from policy_dsl.render.titles import instrument_line
from policy_dsl.resolve.program import Program
from policy_dsl.resolve.texts import OfFile
from policy_dsl.resolve.translations import Lacking


def versions(matter: Matter) -> Section | None:
    """What is authentic and what is a translation; nothing where all words are in the document's own language."""
    items = lines(matter.decision.program)
    return Section(words.text("part.languages"), (Bullets(items),)) if items else None


def lines(program: Program) -> tuple[Line, ...]:
    """The sentences of `versions`, for each file of the policy."""
    return tuple(line for each in adopted().files for line in _of_file(program, each))


def alone(matter: Matter) -> Section | None:
    """As `versions`, for a document that tells no more of how the rules were applied."""
    part = versions(matter)
    return Section(words.text("section.readings"), (part,), anchor="readings") if part is not None else None


def authentic(program: Program) -> tuple[Block, ...]:
    """A note that the rules stand in another language than the document."""
    if not adopted().files:
        return ()
    codes = dict.fromkeys(each.worded.authentic for each in adopted().files)
    called = words.listed([words.spans(Given(current().language(code))) for code in codes])
    return (Paragraph(words.text("rules.authentic", language=called), "note"),)


def _of_file(program: Program, file: OfFile) -> Iterator[Line]:
    worded, matched = file.worded, file.matched
    terms: dict[str, Term | Line] = {
        "of": instrument_line(worded.name),
        "language": Given(current().language(current().code)),
        "original": Given(current().language(worded.authentic)),
    }
    if matched is None:
        yield words.text("language.none", **terms)
        return
    yield words.text("language.authentic", **terms)
    if matched.version != worded.version:
        stated = {"written": Given(matched.version), "version": Given(worded.version)}
        yield words.text("language.stale", **terms | stated)
    if matched.lacking:
        yield words.text("language.lacking", texts=words.listed([_lacking(each) for each in matched.lacking]), **terms)


def _lacking(each: Lacking) -> Line:
    if each.kind == "part":
        return words.text("lacking.part", at=each.address, name=Given(each.name.partition(" ")[0]))
    shown = in_words(each.name).replace("_", " ")
    return words.text(f"lacking.{each.kind}", at=each.address, name=Adopted(each.name, shown))
