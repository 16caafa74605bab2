"""A comparison of two policies as a document: what changed by article, and what comes out otherwise in cases."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.cases.written import written
from policy_dsl.compare.changes import EXAMPLES, RULES, Change, Changes
from policy_dsl.compare.effects import Study
from policy_dsl.receipts.plain import file_name
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.changes.data import comparison_data
from policy_dsl.render.changes.effect_texts import EFFECTS
from policy_dsl.render.changes.effects import effect_sections, given, told
from policy_dsl.render.changes.say import address, statement
from policy_dsl.render.document import Bullets, Document, Line, Paragraph, Section, Span, anchors_in
from policy_dsl.render.headings import TEXTS
from policy_dsl.render.languages import current, in_words, telling
from policy_dsl.render.naming import by_codes, by_names, with_names
from policy_dsl.render.plainly import Readable
from policy_dsl.resolve.program import Program
from policy_dsl.values import Address

LABELS = ("contents", "page", "quote.open", "quote.close")


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Readable):
    """Two policies compared, ready to be told. `files` are the names of the two texts; `study` the effect on cases."""

    files: tuple[str, str]
    changes: Changes
    study: Study | None
    language: str = "en"

    @property
    def differs(self) -> bool:
        """Whether anything changed."""
        return bool(self.changes.found)

    def document(self, *, codes: bool = False) -> Document:
        """The comparison as a document; members go by their names, or by their codes."""
        program = self.changes.pairs.new.program
        with telling(program, self.language):
            made = self._document(program)
            return with_names(made, by_codes(program) if codes else by_names(program))

    def data(self) -> dict[str, object]:
        """The comparison as data, by the schema that `policy diff --schema` prints; its sentences are English."""
        with telling(self.changes.pairs.new.program, "en"):
            return comparison_data(self.files, self.changes, self.study)

    def cases(self) -> dict[str, str]:
        """The cases that were made for edges, as case files of the new policy, by their names."""
        if self.study is None:
            return {}
        program = self.changes.pairs.new.program
        return {name: written(case, program) for name, case in self.study.made}

    def _document(self, program: Program) -> Document:
        numbers = numbers_of(self.study)
        sections = [*_by_article(self.changes, numbers)]
        examples = self.changes.of(EXAMPLES)
        if examples:
            note = Paragraph(told("examples.note"), "note")
            bullets = Bullets(tuple(_sentence(statement(each)) for each in examples))
            sections.append(Section(told("examples"), (bullets, note), "examples"))
        if self.study is not None and self.changes.of(RULES):
            sections += effect_sections(self.study, self.changes)
        old = self.changes.pairs.old.program.heading
        new = program.heading
        tongue = current()
        return Document(
            heading=told("title", policy=(Span(in_words(new.title) or new.name, "given"),)),
            over=(),
            below=(
                told("before", file=given(file_name(self.files[0])), version=given(old.version)),
                told("after", file=given(file_name(self.files[1])), version=given(new.version)),
            ),
            status=Paragraph(_summary(self.changes), "note"),
            sections=tuple(sections),
            level="",
            language=tongue.code,
            direction=tongue.direction,
            labels={each: TEXTS[each] for each in LABELS},
            anchors=frozenset(anchors_in(sections)),
        )


def numbers_of(study: Study | None) -> dict[tuple[str, ...], int]:
    """The number of each change that can be switched: that of the group in which it is made."""
    if study is None:
        return {}
    return {switch: at for at, group in enumerate(study.groups, 1) for switch in group}


def _summary(changes: Changes) -> Line:
    if not changes.found:
        return told("none")
    rules = changes.of(RULES)
    if not rules:
        return told("rules.none")
    return words.fill(EFFECTS.form("rules", Fraction(len(rules))), {"count": len(rules)})


def _by_article(changes: Changes, numbers: dict[tuple[str, ...], int]) -> Iterator[Section]:
    grouped: dict[tuple[str, int, str] | None, list[Change]] = {}
    for change in changes.found:
        if change.sort != EXAMPLES:
            at = change.address
            grouped.setdefault(None if at is None else (at.instrument, at.article, at.suffix), []).append(change)
    titles = _titles(changes)
    for number, those in grouped.items():
        heading = told("whole") if number is None else _heading(number, titles)
        anchor = "whole" if number is None else f"art-{number[1]}{number[2]}-{number[0]}".rstrip("-").replace(" ", "-")
        bullets = Bullets(tuple(_numbered(each, numbers) for each in those))
        yield Section(heading, (bullets,), anchor)
    if len(set(numbers.values())) < len(numbers):
        yield Section((), (Paragraph(told("together"), "note"),))


def _titles(changes: Changes) -> dict[tuple[str, int, str], str]:
    found: dict[tuple[str, int, str], str] = {}
    for side in (changes.pairs.old, changes.pairs.new):
        for number, law in side.articles.items():
            found[number] = law.title
    return found


def _heading(number: tuple[str, int, str], titles: dict[tuple[str, int, str], str]) -> Line:
    at = address(Address(number[1], number[2], (), number[0]))
    return told("article", at=at, title=given(in_words(titles.get(number, ""))))


def _numbered(change: Change, numbers: dict[tuple[str, ...], int]) -> Line:
    said = _sentence(statement(change))
    if change.switch is None or change.switch not in numbers:
        return said
    return told("numbered", number=(Span(str(numbers[change.switch]), "strong"),), said=said)


def _sentence(line: Line) -> Line:
    return words.opened(line)
