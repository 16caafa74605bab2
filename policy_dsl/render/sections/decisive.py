"""What decided: how far each figure may move, contested facts between their bounds, each criterion left out.

The analysis is only told here. The ends of a stretch are rounded inwards, so that what is said of the figures between
them holds of the figures as they are printed; the exact ends stand behind the cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from policy_dsl.explain.argument import Given, Pair, Term, Who, cohort_title
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Block, Bullets, Cell, Column, Line, Paragraph, Row, Section, Span, Table
from policy_dsl.render.messages import VALUES
from policy_dsl.render.sections.matter import cited
from policy_dsl.render.tables import Numeric, head, upright, word_cell
from policy_dsl.render.titles import criterion_line, english, title_line
from policy_dsl.resolve.program import Entry
from policy_dsl.sensitivity import FAR, Change, Disputed, End, Figure, LeftOut, Stretch, WhatDecided
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity

LONGEST = 60
"""So many signs of a line of the rules are quoted."""
COARSEST = 10**4
"""An end is printed in steps of which so many would reach beyond it from the present figure."""
COLUMNS = 5
"""So many criteria stand beside each other in a table."""


def decisive(found: WhatDecided) -> Section:
    """The section. Where nothing is shared out in whole persons it says so."""
    blocks: list[Block] = []
    if not found.shares:
        blocks.append(Paragraph(words.text("decisive.none")))
    if found.stretches:
        blocks.append(Paragraph(words.text("decisive.lead")))
    facts = [each for each in found.stretches if each.figure.fact is not None]
    agreed = [each for each in found.stretches if each.figure.fact is None]
    if agreed:
        blocks.append(_stretches(found, "set", agreed))
    if facts:
        blocks.append(_stretches(found, "facts", facts))
    if found.disputed:
        blocks.append(_contested(found))
    blocks += _left_out(found)
    notes = tuple(_notes(found))
    if notes:
        blocks.append(Bullets(notes))
    return Section(words.text("section.decisive"), tuple(blocks), anchor="what-decided")


# ---- stretches -------------------------------------------------------------------------------------------------------


def _stretches(found: WhatDecided, name: str, stretches: Iterable[Stretch]) -> Table:
    """One row for each figure: where it is, between which ends nothing changes, and what changes beyond them."""
    first = Column(words.text("col.fact" if name == "facts" else "col.figure"), head=True)
    figures = [Column(words.text(f"col.{each}"), figures=True) for each in ("now", "same_from", "same_to")]
    rest = [Column(words.text(f"col.{each}")) for each in ("ends", "below", "above")]
    rows = tuple(Row(tuple(_stretch(found, each))) for each in stretches)
    return Table(words.text(f"table.decisive.{name}"), (first, *figures, *rest), rows)


def _stretch(found: WhatDecided, each: Stretch) -> Iterator[Cell]:
    figure, low, high = each.figure, each.low, each.high
    yield word_cell(figure_name(figure))
    yield _cell(words.value_of(figure.value), figure.value.amount, figure)
    yield _end_cell(figure, low, -1)
    yield _end_cell(figure, high, 1)
    yield word_cell(_ends(low, high))
    yield word_cell(_beyond(found, low))
    yield word_cell(_beyond(found, high))


def _cell(line: Line, exact: Fraction, figure: Figure, shown: Fraction | None = None) -> Cell:
    scale = 100 if figure.value.unit == RATIO else 1
    about = any(span.text.startswith(numbers.ABOUT) for span in line) or (shown is not None and shown != exact)
    return Cell(line, exact * scale, about)


def _end_cell(figure: Figure, end: End, side: int) -> Cell:
    shown = _inwards(figure, end, side)
    line = words.value_of(Quantity(shown, figure.value.unit))
    if end.sort == "exact" and not end.holds and shown == end.at:
        line = words.text("decisive.less_than" if side > 0 else "decisive.more_than", figure=line)
    return _cell(line, end.at, figure, shown)


def _inwards(figure: Figure, end: End, side: int) -> Fraction:
    """An end as it is printed: rounded towards the present figure, and no farther than it."""
    at, now, unit = end.at, figure.value.amount, figure.value.unit
    if figure.whole:
        return at
    step = Fraction(1, 10 ** (numbers.places_for(unit) + (2 if unit == RATIO else 0)))
    # How far the end is from the present figure is told by four digits: of a national product nobody needs the cents.
    while unit != RATIO and step * COARSEST < abs(at - now):
        step *= 10
    steps = at / step
    rounded = (steps.__floor__() if side > 0 else steps.__ceil__()) * step
    return max(rounded, now) if side > 0 else min(rounded, now)


def _ends(low: End, high: End) -> Line:
    """How the ends are known; of a side on which nothing changes there is nothing to be said."""
    sorts = [end.sort for end in (low, high) if end.sort != "range"]
    if not sorts:
        return ()
    if len(set(sorts)) == 1:
        return words.text(f"decisive.{sorts[0]}")
    return words.text("decisive.low_exact" if sorts[0] == "exact" else "decisive.high_exact")


def _beyond(found: WhatDecided, end: End) -> Line:
    """Who gains first and who loses first beyond an end, and of how many others the number changes."""
    if end.sort == "range":
        return words.text("decisive.nothing")
    shown = [each for each in (end.gains, end.loses) if each is not None] or list(end.changes[:1])
    said: list[Span] = []
    for each in shown:
        said += [*((Span(VALUES["comma"]),) if said else ()), *_change(found, each)]
    more = len(end.changes) - len(shown)
    return words.text("decisive.others", changes=tuple(said), count=more) if more else tuple(said)


def _change(found: WhatDecided, change: Change) -> Line:
    """What happens to one member; the sharing out is named where it is not the first."""
    whose: Term = Who(change.member)
    if change.cohort:
        whose = Pair(Who(change.member), Given(change.cohort))
    of = change.entry if change.entry is not found.shares[0] else None
    if change.difference is None:
        return words.text("decisive.undetermined", member=whose, of=of)
    (said,) = _signed(Numeric((), change.unit, (change.difference,)))
    return words.text("decisive.change", member=whose, of=of, difference=said)


def _signed(column: Numeric) -> tuple[Line, ...]:
    """The figures of a column with their signs."""
    made = []
    for amount, cell in zip(column.figures, column.cells(), strict=False):
        text = words.flat(cell.line)
        mark = numbers.ABOUT if text.startswith(numbers.ABOUT) else ""
        plus = "+" if amount is not None and amount > 0 else ""
        made.append((Span(mark + plus + text.removeprefix(mark), "figure"),))
    return tuple(made)


# ---- contested facts -------------------------------------------------------------------------------------------------


def _contested(found: WhatDecided) -> Table:
    heads = [Column(words.text("col.fact"), head=True), Column(words.text("col.now"), figures=True)]
    heads += [Column(words.text(f"col.{each}")) for each in ("contested", "outcome")]
    rows = []
    for each in found.disputed:
        figure, unit = each.figure, each.figure.value.unit
        between = words.text("decisive.between", low=Quantity(each.low, unit), high=Quantity(each.high, unit))
        now = _cell(words.value_of(figure.value), figure.value.amount, figure)
        said = word_cell(_outcome(found, each))
        rows.append(Row((word_cell(figure_name(figure)), now, word_cell(between), said)))
    return Table(words.text("table.decisive.contested"), tuple(heads), tuple(rows))


def _outcome(found: WhatDecided, each: Disputed) -> Line:
    """Whether the allocation is the same between the bounds of a fact, and where it changes."""
    if each.same:
        return words.text("decisive.same")
    if not each.turns:
        return words.text("decisive.not_through")
    turns = []
    for turn in each.turns:
        # Of heads the first whole figure that is above a turn.
        at = max(turn.at, turn.beyond) if each.figure.whole else turn.at
        says = "decisive.turn.about" if turn.sort == "numerical" else "decisive.turn"
        figure = Quantity(at, each.figure.value.unit)
        turns.append(words.text(says, figure=figure, changes=_beyond(found, turn)))
    return words.text("decisive.turns" if each.whole else "decisive.turns.some", turns=words.listed(turns))


# ---- criteria left out -----------------------------------------------------------------------------------------------


def _left_out(found: WhatDecided) -> Iterator[Block]:
    """For each sharing out the results without each criterion that changes it; then the criteria that change none."""
    sharings = dict.fromkeys((change.entry, change.cohort) for each in found.left_out for change in each.changes)
    for entry, cohort in sharings:
        changed = [(each, _changes_of(each, entry, cohort)) for each in found.left_out]
        columns = [(each, changes) for each, changes in changed if changes]
        parts = [columns[at : at + COLUMNS] for at in range(0, len(columns), COLUMNS)]
        for number, part in enumerate(parts, 1):
            terms: dict[str, Term | Line] = {"of": entry, "cohort": Given(cohort_title(cohort)), "number": number}
            says = "table.decisive.left" if len(parts) == 1 else "table.decisive.left.part"
            yield _results(cited(words.text(says, **terms, parts=len(parts)), entry), part)
    idle = [each for each in found.left_out if not each.changes]
    if idle:
        names = [(row_name(each.row), _bare(each.entry)) for each in idle]
        yield Bullets(tuple(words.text("decisive.left.same", row=row, of=of) for row, of in names))


def _changes_of(left: LeftOut, entry: Entry, cohort: str) -> dict[str, Change]:
    return {each.member: each for each in left.changes if each.entry is entry and each.cohort == cohort}


def _results(caption: Line, columns: Sequence[tuple[LeftOut, dict[str, Change]]]) -> Table:
    """Members down, criteria across: what each has now, and without each of them, with the difference."""
    known: dict[str, Change] = {}
    for _, changes in columns:
        known = {**changes, **known}
    people = sorted(known)
    unit = known[people[0]].unit
    several = len({each.entry for each, _ in columns}) > 1
    now = Numeric(words.text("col.now"), unit, tuple(known[member].before for member in people))
    heads, cells = [Column(words.text("col.member"), head=True), now.column()], [_results_of(now, {}, people)]
    for each, changes in columns:
        title = words.text("col.without", row=row_name(each.row), of=_bare(each.entry) if several else None)
        after = tuple(changes[m].after if m in changes else known[m].before for m in people)
        heads.append(Column(head(title, unit), figures=True))
        cells.append(_results_of(Numeric(title, unit, after), changes, people))
    rows = [Row((Cell((Span(m, "member"),)), *(column[at] for column in cells))) for at, m in enumerate(people)]
    about = any(cell.about for row in rows for cell in row.cells)
    notes = (words.text("decisive.left.others"), *((words.text("rounded"),) if about else ()))
    return Table(upright(caption), tuple(heads), tuple(rows), notes)


def _results_of(column: Numeric, changes: dict[str, Change], people: Sequence[str]) -> list[Cell]:
    differences = [changes[member].difference if member in changes else None for member in people]
    signed = _signed(Numeric((), column.unit, tuple(differences)))
    made = []
    for amount, cell, difference, said in zip(column.figures, column.cells(), differences, signed, strict=False):
        if amount is None:
            made.append(Cell(words.text("decisive.unknown")))
        elif difference is None:
            made.append(cell)
        else:
            made.append(replace(cell, line=words.text("decisive.moved", figure=cell.line, difference=said)))
    return made


# ---- notes and names -------------------------------------------------------------------------------------------------


def _notes(found: WhatDecided) -> Iterator[Line]:
    """What must be known to read the tables, and what was not examined."""
    if found.stretches and len(found.shares) > 1:
        yield words.text("decisive.note.first", of=_bare(found.shares[0]))
    if any(each.figure.keeps == "ratios" for each in found.stretches):
        yield words.text("decisive.note.ratios")
    if found.stretches:
        none, whole = Quantity(Fraction(0), RATIO), Quantity(Fraction(1), RATIO)
        yield words.text("decisive.note.range", far=FAR, low=none, high=whole)
        yield words.text("decisive.note.ends")
    if any(each.figure.whole for each in found.stretches):
        yield words.text("decisive.note.whole")
    for entry in found.unrounded:
        yield words.text("decisive.note.unrounded", of=_bare(entry))
    raised = [each for each in found.not_examined if each.exponent]
    if raised:
        yield words.text("decisive.note.exponent", figures=_named(raised))
    left = [each for each in found.not_examined if not each.exponent]
    if left:
        yield words.text("decisive.note.unexamined", most=found.most, figures=_named(left))


def _named(figures: Iterable[Figure]) -> Line:
    """Figures by their names; facts of one kind, and figures of one line, are counted."""
    kinds: dict[tuple[str, str, tree.Node | None], list[Figure]] = {}
    for each in figures:
        kinds.setdefault((each.kind, each.entry.name, each.row), []).append(each)
    said = []
    for group in kinds.values():
        if len(group) == 1 or group[0].fact is None:
            said += [figure_name(each) for each in group]
        else:
            said.append(words.text("decisive.figures_of", name=_bare(group[0].entry), count=len(group)))
    return words.listed(said)


def figure_name(figure: Figure) -> Line:
    """What a figure is called: a fact by its title and whom it is of, a written one by the line in which it stands."""
    fact, row = figure.fact, figure.row
    if fact is not None:
        name = words.name_of(figure.entry, tuple(each for each in (fact.cohort, fact.member) if each))
        year: Line = (Span(str(fact.year), "figure"),)
        return words.fill(VALUES["in year"], {"name": name, "year": year}) if fact.year is not None else name
    if figure.kind == "parameter":
        return _bare(figure.entry)
    if figure.kind == "weight" and isinstance(row, tree.KeyPart | tree.Criterion):
        return words.text("decisive.weight", row=row_name(row), of=_bare(figure.entry))
    line = as_written(row.value if isinstance(row, tree.Define) else row) if row is not None else ""
    if len(line) > LONGEST:
        line = line[:LONGEST].rstrip() + "…"
    node = as_written(figure.node) if figure.node is not None else ""
    terms: dict[str, Term | Line] = {"figure": english(node), "row": english(line), "of": _bare(figure.entry)}
    return words.text(f"decisive.{figure.kind}", **terms)


def row_name(row: tree.KeyPart | tree.Criterion) -> Line:
    """A row by its name, or by what it weighs."""
    return criterion_line(row, "given") if isinstance(row, tree.Criterion) else english(as_written(row.term))


def as_written(node: tree.Node) -> str:
    """A line of the rules as it is written, without the grounds below it."""
    text = node.written
    return text.split(' because "')[0].split(' cites "')[0]


def _bare(entry: Entry) -> Line:
    """A provision by its title, without emphasis."""
    return title_line(entry)


__all__ = ["decisive", "figure_name", "row_name"]
