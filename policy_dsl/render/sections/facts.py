"""The facts: those of the case, those of the members in one table, and for all of them source, date and status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_dsl.cases.case import Fact
from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.derivation import Derived, walk_all
from policy_dsl.explain.argument import Who, cohort_title
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Section, Span, Table
from policy_dsl.render.sections.matter import Matter, known, origin_cells
from policy_dsl.render.tables import Numeric, Worded, table, worded
from policy_dsl.render.titles import title_line
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

Place = tuple[str, str]
Head = tuple[str, int | None]
COLUMNS = 6


def facts(matter: Matter) -> Section | None:
    """All facts of the case."""
    decision = matter.decision
    blocks: list[Block] = []
    general = [fact for fact in decision.case.facts if not fact.member and not fact.cohort]
    if general:
        rows = [(*_named(decision, fact), *origin_cells(fact.origin)) for fact in general]
        heads = ("col.fact", "col.figure", "col.source", "col.date", "col.status")
        blocks.append(worded(words.text("table.case_facts"), heads, rows))
    placed = [fact for fact in decision.case.facts if fact.member or fact.cohort]
    gaps = _gaps(decision)
    if placed:
        for each in _by_place(placed):
            blocks += _matrix(decision, each, gaps)
        blocks.append(_sources(decision, placed))
    notes = [*_contested(decision), *_gap_lines(gaps), *_left_out(decision), *_suppliers(decision)]
    if notes:
        blocks.append(Bullets(tuple(notes)))
    return Section(words.text("section.facts"), tuple(blocks), anchor="facts") if blocks else None


def called(decision: Decision, fact: Fact) -> Line:
    """What a fact is called."""
    entry = decision.program.entries.get(fact.indicator)
    if entry is not None:
        return title_line(entry, own=True, year=fact.year)
    name = fact.indicator.replace("_", " ")
    return (Span(f"{name}, {fact.year}" if fact.year is not None else name),)


def _named(decision: Decision, fact: Fact) -> tuple[Line, Line]:
    return called(decision, fact), words.value_of(fact.value)


def _by_place(placed: Sequence[Fact]) -> list[list[Fact]]:
    """Facts for members, for cohorts, and for both together, apart: no table has cells that can't be filled."""
    found: dict[tuple[bool, bool], list[Fact]] = {}
    for fact in placed:
        found.setdefault((bool(fact.cohort), bool(fact.member)), []).append(fact)
    return [found[key] for key in sorted(found)]


def _matrix(decision: Decision, placed: Sequence[Fact], gaps: Sequence[Derived]) -> Iterator[Table]:
    """Members down, facts across, so many columns to a table."""
    heads = list(dict.fromkeys((fact.indicator, fact.year) for fact in placed))
    places = sorted({(fact.cohort, fact.member) for fact in placed})
    found = {((fact.indicator, fact.year), (fact.cohort, fact.member)): fact for fact in placed}
    filled = {(gap.entry.name, gap.subject): gap for gap in gaps if gap.entry is not None}
    chunks = [heads[at : at + COLUMNS] for at in range(0, len(heads), COLUMNS)]
    kind = {(False, True): "member", (True, False): "cohort"}.get((bool(places[0][0]), bool(places[0][1])), "both")
    for number, chunk in enumerate(chunks, start=1):
        inside = [place for place in places if any((head, place) in found for head in chunk)]
        if len(chunks) == 1:
            caption = words.text(f"table.facts.{kind}")
        else:
            caption = words.text(f"table.facts.{kind}.part", number=number, of=len(chunks))
        names = tuple(_place(place) for place in inside)
        title = words.text("col.member" if all(not cohort for cohort, _ in inside) else "col.for")
        columns: list[Numeric | Worded] = [Worded(title, names, head=True)]
        columns += [_column(decision, head, inside, found, filled) for head in chunk]
        yield table(caption, columns, total=False)


def _column(
    decision: Decision,
    head: Head,
    places: Sequence[Place],
    found: dict[tuple[Head, Place], Fact],
    filled: dict[tuple[str, tuple[str, ...]], Derived],
) -> Numeric | Worded:
    facts_here = [found.get((head, place)) for place in places]
    sample = next(fact for fact in facts_here if fact is not None)
    title = called(decision, sample)
    if isinstance(sample.value, Quantity) and all(f is None or isinstance(f.value, Quantity) for f in facts_here):
        gapped = [filled.get((head[0], tuple(p for p in place if p))) for place in places]
        pairs = list(zip(facts_here, gapped, strict=True))
        amounts = tuple(f.value.amount if f and isinstance(f.value, Quantity) else known(gap) for f, gap in pairs)
        marked = tuple(f is None and known(gap) is not None for f, gap in pairs)
        return Numeric(title, sample.value.unit, amounts, marked=marked)
    return Worded(title, tuple(words.value_of(f.value) if f is not None else (Span("–"),) for f in facts_here))


def _place(place: Place) -> Line:
    cohort, member = place
    named: Line = (Span(member, "member"),) if member else ()
    if not cohort:
        return named
    return (Span(cohort_title(cohort) + (", " if member else "")), *named)


def _sources(decision: Decision, placed: Sequence[Fact]) -> Table:
    """One row for the facts of one kind that have one origin; for whom is said where kinds are mixed."""
    kinds: dict[Line, dict[tuple[str, str, str], list[Fact]]] = {}
    for fact in placed:
        origin = fact.origin
        key = (origin.source, origin.date.isoformat() if origin.date else "", origin.status)
        kinds.setdefault(called(decision, fact), {}).setdefault(key, []).append(fact)
    everybody = set(decision.members) | {seat.state for seat in decision.seats}
    rows = []
    for title, origins in kinds.items():
        for group in origins.values():
            codes = {f.member or cohort_title(f.cohort) for f in group}
            whom = words.text("for.all") if everybody <= codes else words.members(sorted(codes))
            rows.append((title, whom, *origin_cells(group[0].origin)))
    heads = ("col.fact", "col.for", "col.source", "col.date", "col.status")
    return worded(words.text("table.sources"), heads, rows)


def _gaps(decision: Decision) -> list[Derived]:
    """The values that stood in for facts not supplied, each once."""
    found: dict[tuple[str, tuple[str, ...]], Derived] = {}
    for here in walk_all(decision.values.values()):
        if here.op == "gap" and here.entry is not None:
            found.setdefault((here.entry.name, here.subject), here)
    return [found[key] for key in sorted(found)]


def _gap_lines(gaps: Sequence[Derived]) -> Iterator[Line]:
    """One line for all for whom the same figure stands in."""
    grouped: dict[tuple[str, object], list[Derived]] = {}
    for gap in gaps:
        grouped.setdefault((gap.entry.name if gap.entry is not None else "", gap.value), []).append(gap)
    for group in grouped.values():
        first = group[0]
        assert first.entry is not None
        name = title_line(first.entry)
        codes = [", ".join(each.subject) for each in group if each.subject]
        says = "fact.gap" if codes else "fact.gap.case"
        yield words.text(says, name=name, members=words.members(codes), value=first, at=first.address)


def _left_out(decision: Decision) -> Iterator[Line]:
    """One line for each fact that is lacking, where the rules leave out whom it lacks."""
    grouped: dict[tuple[Entry, int | None], list[str]] = {}
    for entry, subject, year in decision.left_out:
        grouped.setdefault((entry, year), []).append(", ".join(subject))
    for (entry, year), codes in grouped.items():
        name = title_line(entry, year=year)
        whose = words.members(codes) if all(codes) else None
        yield words.text("fact.left_out", name=name, members=whose, at=entry.address)


def _contested(decision: Decision) -> Iterator[Line]:
    for fact in decision.case.facts:
        if fact.low is not None and fact.high is not None:
            name = called(decision, fact)
            whose = [each for each in (cohort_title(fact.cohort), fact.member) if each]
            if whose:
                name = (*name, Span(f" ({', '.join(whose)})"))
            value = words.value_of(fact.value)
            yield words.text("fact.contested", name=name, low=fact.low, high=fact.high, value=value)


def _suppliers(decision: Decision) -> Iterator[Line]:
    """Who supplies which facts by the rules; the source of a figure is another matter."""
    found: dict[str, list[Entry]] = {}
    for entry in decision.program.of_kind("indicator"):
        if isinstance(entry.node, tree.Indicator) and entry.node.supplied_by is not None:
            found.setdefault(entry.node.supplied_by.text, []).append(entry)
    for body, entries in found.items():
        names = words.listed([title_line(each) for each in entries])
        places = tuple(dict.fromkeys(each.address for each in entries if each.address is not None))
        yield words.text("fact.supplier", by=Who(body), facts=names, at=places or None)
