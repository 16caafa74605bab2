"""Effects in words: tables of persons and money before and after, and sentences for all else; each with its cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from policy_dsl.compare.changes import Changes
from policy_dsl.compare.effects import Effect, Studied, Study
from policy_dsl.compare.effects.outcome import (
    CLOSING,
    DUTY,
    EVENT,
    FOUND,
    LATEST,
    LEFT,
    RECEIVED,
    SEAT,
    SHARE,
    Finding,
    entry_of,
)
from policy_dsl.diagnostics.rendered import render
from policy_dsl.explain.argument import Term, cohort_title
from policy_dsl.receipts.plain import file_name
from policy_dsl.render import numbers, words
from policy_dsl.render.changes.effect_texts import EFFECTS
from policy_dsl.render.changes.say import address
from policy_dsl.render.document import Block, Bullets, Cell, Column, Line, Paragraph, Row, Section, Span, Table
from policy_dsl.render.pieces import joined
from policy_dsl.render.titles import status_word, title_line
from policy_dsl.values import Address, Quantity, Unit

TABLED = (SHARE, RECEIVED, FOUND)
Members = tuple[str, ...]


def effect_sections(study: Study, changes: Changes) -> Iterator[Section]:
    """The cases that come out otherwise, after what must be known to read them."""
    if not study.groups:
        yield Section(told("effect"), (Paragraph(told("nothing decided")),), "effect")
        return
    yield Section(told("effect"), tuple(_opening(study)), "effect")
    for number, (cases, blocks) in enumerate(_alike_edges(study, changes), 1):
        names = joined([given(file_name(case.name)) for case in cases], given(", "))
        yield Section(told("case", title=given(cases[0].title), name=names), blocks, f"case-{number}")


def _alike_edges(study: Study, changes: Changes) -> Iterator[tuple[list[Studied], tuple[Block, ...]]]:
    """The cases that are told, with what is told of them; cases made for edges with the same effects together."""
    found: list[tuple[list[Studied], tuple[Block, ...]]] = []
    for case in _shown(study):
        effects = tuple(_Told(case, changes).blocks())
        same = next((cases for cases, blocks in found if cases[0].edge is not None and blocks == effects), None)
        if case.edge is not None and same is not None:
            same.append(case)
        else:
            found.append(([case], effects))
    for cases, blocks in found:
        edges = [_Told(case, changes).edge() for case in cases if case.edge is not None]
        opening: tuple[Block, ...] = (Bullets(tuple(edges)),) if len(edges) > 1 else tuple(map(Paragraph, edges))
        yield cases, (*opening, *blocks)


def _opening(study: Study) -> Iterator[Block]:
    decided = [each for each in study.cases if not each.unread]
    differ = [each for each in decided if each.effects]
    made = [each for each in decided if each.edge is not None]
    if not decided:
        yield Paragraph(told("no cases"))
    else:
        lines = [_count("cases", len(decided), differ=len(differ))]
        if made:
            lines.append(_count("made", len(made)))
        yield Paragraph(words.sentences(lines))
    yield Paragraph(told("no proof"), "warning")
    for key, count in (("left", study.left), ("loose", study.loose)):
        if count:
            yield Paragraph(_count(key, count), "warning")
    if differ:
        yield Paragraph(told("numbers"), "note")
    same = [each for each in decided if not each.effects]
    library = [each for each in same if each.edge is None]
    lines = []
    if library:
        lines.append(told("same", cases=words.listed([given(file_name(each.name)) for each in library])))
    if len(same) > len(library):
        lines.append(_count("same.made" if library else "same.only", len(same) - len(library)))
    alike = len(differ) - len([*_shown(study)])
    if alike:
        lines.append(_count("alike", alike))
    if lines:
        yield Paragraph(words.sentences(lines))
    unread = [each for each in study.cases if each.unread]
    if unread:
        yield Bullets(tuple(_unread(each) for each in unread))


def _shown(study: Study) -> Iterator[Studied]:
    """The cases whose effects are told: of those made for edges, the ones that show what the first case does not."""
    base: set[object] = set()
    for case in study.cases:
        marks = _marks(case)
        if case.effects and (case.edge is None or not marks <= base):
            yield case
        if case.edge is None and not base:
            base = marks


def _marks(case: Studied) -> set[object]:
    """What comes out otherwise, and in which way; not by how much."""
    return {(each.key, each.kind, each.due) for each in case.effects}


def _unread(case: Studied) -> Line:
    problem = case.unread[0]
    said = f"{problem.code} {render(problem).message}"
    return told(f"unread.{case.wrong}", case=given(file_name(case.name)), problem=given(said))


class _Told:
    """The effects on one case."""

    def __init__(self, case: Studied, changes: Changes) -> None:
        self.case = case
        # Names are those of the old text in both.
        decisions = case.decisions
        self.programs = tuple(each.program for each in reversed(decisions)) if decisions else ()

    def blocks(self) -> Iterator[Block]:
        """What is lost; the tables; the rest."""
        effects = self.case.effects
        for kind in ("lost", "gained"):
            count = sum(1 for each in effects if each.kind == kind)
            if count:
                yield Paragraph(_count(f"{kind}.count", count), "warning" if kind == "lost" else "note")
        tables: dict[tuple[str, ...], list[Effect]] = {}
        for each in effects:
            if self._tabled(each) and each.kind != "grounds":
                group = each.key[:3] if each.key[0] == SHARE else each.key[:2]
                tables.setdefault(group, []).append(each)
        for key, those in tables.items():
            yield self._table(key, those)
        rest = [each for each in effects if not self._tabled(each) and each.kind != "grounds"]
        # What is lost comes first.
        rest.sort(key=lambda each: each.kind != "lost")
        lines = [self._because(self._sentence(those), those[0]) for those in _alike(rest)]
        lines += list(self._grounds([each for each in effects if each.kind == "grounds"]))
        if lines:
            yield Bullets(tuple(lines))

    def edge(self) -> Line:
        """What it was made for."""
        edge = self.case.edge
        assert edge is not None
        value = edge.value
        return told(
            f"edge.{edge.sort}",
            of=self._of(("", edge.name)),
            member=_member(edge.member),
            value=() if value is None else words.value_of(value),
        )

    def _of(self, key: tuple[str, ...]) -> Line:
        entry = entry_of(key, *self.programs)
        return title_line(entry, kind="emphasised") if entry is not None else given(key[1].replace("_", " "))

    # ---- tables ------------------------------------------------------------------------------------------------------

    def _tabled(self, effect: Effect) -> bool:
        if effect.key[0] not in TABLED or not _subject(effect):
            return False
        values = [each.value for each in (effect.before, effect.after) if each is not None]
        return any(isinstance(each, Quantity) for each in values)

    def _table(self, key: tuple[str, ...], effects: Sequence[Effect]) -> Table:
        unit = _one_unit(effects)
        head = numbers.unit_head(unit) if unit is not None else ""
        terms: dict[str, Term | Line] = {"of": self._of(key), "unit": given(head)}
        if key[0] == SHARE:
            terms["cohort"] = given(cohort_title(key[2]) if key[2] else "")
        columns = [Column(told("col.member"), head=True)]
        columns += [Column(told(f"col.{each}"), figures=True) for each in ("before", "after", "change")]
        columns.append(Column(told("col.because")))
        rows = [
            Row((
                Cell(_members(_subject(each))),
                _figure(each.before, unit),
                _figure(each.after, unit),
                Cell(told(f"cell.{each.kind}")) if each.kind in ("lost", "gained") else _change(each.difference, unit),
                Cell(self._due(each)),
            ))
            for each in sorted(effects, key=lambda each: _subject(each))
        ]  # fmt: skip
        return Table(words.fill(EFFECTS[f"table.{key[0]}"], terms), tuple(columns), tuple(rows))

    # ---- sentences ---------------------------------------------------------------------------------------------------

    def _sentence(self, effects: Sequence[Effect]) -> Line:
        """Findings of one provision that come out otherwise in the same way."""
        effect = effects[0]
        kind = effect.key[0]
        before, after = self._value(effect, effect.before), self._value(effect, effect.after)
        terms: dict[str, Term | Line] = {"of": self._of(effect.key), "before": before, "after": after}
        subjects = [_members(subject) for subject in sorted({_subject(each) for each in effects}) if subject]
        terms["member"] = words.listed(subjects) if subjects else ()
        if kind == EVENT:
            numbers_ = [given(number) for number in sorted({each.key[2] for each in effects}, key=int)]
            terms |= {"number": words.listed(numbers_), "count": len(numbers_)}
            return words.fill(EFFECTS.form("event", Fraction(len(numbers_))), terms)
        if effect.kind in ("lost", "gained", "new", "gone") and kind != LEFT:
            return told(f"latest.{effect.kind}" if kind == LATEST else effect.kind, **terms)
        return told(
            {SEAT: "seat", LATEST: "latest", LEFT: "left over", CLOSING: "closing"}.get(kind, "changed"), **terms
        )

    def _value(self, effect: Effect, finding: Finding | None) -> Line:
        if finding is None:
            return told("nothing")
        value = finding.value
        if isinstance(value, str):
            if effect.key[0] == SEAT:
                return told(value)
            return told(f"event.{value}") if effect.key[0] == EVENT else (Span(status_word(value)),)
        if value is None:
            return told("cell.open")
        if isinstance(value, tuple):
            return words.members(value)
        if isinstance(value, date | Quantity | bool):
            return words.value_of(value)
        raise TypeError(type(value).__name__)

    def _grounds(self, effects: Iterable[Effect]) -> Iterator[Line]:
        """Findings that are the same on other grounds, those with the same difference together."""
        found: dict[tuple[object, ...], list[Effect]] = {}
        for each in effects:
            came, went = _grounds_of(each)
            found.setdefault((each.key[:2], came, went, each.due, each.how), []).append(each)
        for those in found.values():
            came, went = _grounds_of(those[0])
            key = "grounds.other" if came and went else "grounds" if came else "grounds.less"
            subjects = sorted({_subject(each) for each in those})
            members = words.listed([_members(each) for each in subjects]) if all(subjects) else ()
            line = told(
                key,
                of=self._of(those[0].key),
                members=members,
                came=words.listed([address(each) for each in came]) if came else (),
                went=words.listed([address(each) for each in went]) if went else (),
            )
            yield self._because(line, those[0])

    def _because(self, said: Line, effect: Effect) -> Line:
        return told("because", said=_without_stop(said), due=self._due(effect))

    def _due(self, effect: Effect) -> Line:
        if not self.case.attributed:
            return told("due.unknown")
        if not effect.due:
            return told("due.none")
        listed = words.listed([(Span(str(each + 1), "strong"),) for each in effect.due])
        return told(f"due.{effect.how or 'together'}", numbers=listed)


def _alike(effects: Sequence[Effect]) -> list[list[Effect]]:
    """Effects of one provision that differ only in whom they are of, together."""
    found: dict[tuple[object, ...], list[Effect]] = {}
    for each in effects:
        was, now = (None if one is None else one.value for one in (each.before, each.after))
        found.setdefault((each.key[:2], each.kind, repr(was), repr(now), each.due, each.how), []).append(each)
    return list(found.values())


def _grounds_of(effect: Effect) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    was, now = (frozenset() if each is None else each.grounds for each in (effect.before, effect.after))
    came, went = (tuple(sorted(each, key=lambda at: (at.instrument, at.sort_key))) for each in (now - was, was - now))
    return came, went


def _subject(effect: Effect) -> Members:
    """Whom a finding is of: a member, and the cohort before it where there is one."""
    key = effect.key
    if key[0] == SHARE:
        return (key[3],)
    if key[0] in (SEAT, DUTY, RECEIVED):
        return (key[2],)
    return key[2:] if key[0] == FOUND else ()


def _one_unit(effects: Sequence[Effect]) -> Unit | None:
    units = {
        finding.value.unit
        for each in effects
        for finding in (each.before, each.after)
        if finding is not None and isinstance(finding.value, Quantity)
    }
    return units.pop() if len(units) == 1 else None


def _figure(finding: Finding | None, unit: Unit | None) -> Cell:
    if finding is None:
        return Cell(told("cell.none"))
    if isinstance(finding.value, Quantity):
        shown = numbers.figure(finding.value, unit=unit is None)
        return Cell((Span(shown, "figure"),), finding.value.amount)
    return Cell(told("cell.open"))


def _change(by: Quantity | None, unit: Unit | None) -> Cell:
    if by is None:
        return Cell(told("cell.none"))
    shown: Line = (Span(numbers.figure(by, unit=unit is None), "figure"),)
    return Cell(told("more", amount=shown) if by.amount > 0 else shown, by.amount)


def _members(subject: Members) -> Line:
    """A member, or a cohort and a member, as they are called; nothing for the case."""
    return joined([_member(each) for each in subject], (Span(", "),)) if subject else ()


def _member(code: str) -> Line:
    return (Span(code, "member"),) if code else ()


def given(called: str) -> Line:
    """What others have written, such as a name of a file; nothing for nothing."""
    return (Span(called, "given"),) if called else ()


def _without_stop(line: Line) -> Line:
    if line and line[-1].kind == "text" and line[-1].text.endswith("."):
        return (*line[:-1], Span(line[-1].text[:-1]))
    return line


def told(key: str, **terms: Term | Line) -> Line:
    """A text of a comparison, with its slots filled."""
    return words.fill(EFFECTS[key], terms)


def _count(key: str, count: int, **terms: Term | Line) -> Line:
    return words.fill(EFFECTS.form(key, Fraction(count)), {"count": count, **terms})
