"""Cells and columns: the figures of one column with the same decimals, units in the head, totals that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from policy_dsl.explain.argument import Term
from policy_dsl.records import dataclass
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Cell, Column, Line, Row, Span, Table
from policy_dsl.render.pieces import joined_spans
from policy_dsl.values import RATIO, Quantity, Unit

Figure = Quantity | Fraction | None
DASH = Cell((Span("–"),))
BLANK = Cell(())


@dataclass(frozen=True, slots=True)
class Numeric:
    """A column of figures: its head, the figures of the members, those of the part rows, and whether it has a total."""

    title: Line
    unit: Unit
    figures: tuple[Fraction | None, ...]
    parts: tuple[Fraction | None, ...] = ()
    total: Fraction | None = None
    marked: tuple[bool, ...] = ()

    def cells(self) -> tuple[Cell, ...]:
        """The cells from top to bottom, with as many decimals as the column needs."""
        shown = [each for each in (*self.figures, *self.parts, self.total) if each is not None]
        places = _places(shown, self.unit)
        rows = [cell(each, self.unit, places) for each in self.figures]
        for number, marked in enumerate(self.marked):
            if marked:
                rows[number] = replace(rows[number], line=words.text("cell.gap", figure=rows[number].line))
        return (*rows, *(cell(each, self.unit, places, BLANK) for each in (*self.parts, self.total)))

    def column(self) -> Column:
        """The head with its unit."""
        return Column(head(self.title, self.unit), figures=True)


@dataclass(frozen=True, slots=True)
class Worded:
    """A column of words; `parts` and `total` are blank unless given."""

    title: Line
    lines: tuple[Line, ...]
    head: bool = False
    parts: tuple[Line, ...] = ()
    total: Line = ()

    def column(self) -> Column:
        """The head."""
        return Column(self.title, head=self.head)


def head(title: Line, unit: Unit) -> Line:
    """The head of a column with its unit; per cent stands in each cell."""
    word = numbers.unit_head(unit)
    return title if not word or unit == RATIO else words.text("cell.head", title=title, unit=_plain(word))


def cell(amount: Fraction | None, unit: Unit, places: int, nothing: Cell = DASH) -> Cell:
    """A figure in a column whose head states the unit."""
    if amount is None:
        return nothing
    scaled = amount * 100 if unit == RATIO else amount
    text = numbers.number(scaled, places, places)
    text = numbers.percent(text) if unit == RATIO else text
    return Cell((Span(text, "figure"),), scaled, text.startswith(numbers.ABOUT))


def table(
    caption: Line,
    columns: Sequence[Numeric | Worded],
    parts: int = 0,
    *,
    total: bool = True,
    notes: Sequence[Line] = (),
) -> Table:
    """A table from its columns; the last row is the total."""
    size = len(columns[0].lines if isinstance(columns[0], Worded) else columns[0].figures)
    made = [_cells(each, size, parts) for each in columns]
    kinds = ["row"] * size + ["part"] * parts + ["total"]
    rows = [Row(tuple(column[n] for column in made), kind) for n, kind in enumerate(kinds)]
    if not total:
        rows = rows[:-1]
    about = any(each.about for row in rows for each in row.cells)
    notes = (*notes, words.text("rounded")) if about and total else tuple(notes)
    return Table(upright(caption), tuple(each.column() for each in columns), tuple(rows), tuple(notes))


def worded(caption: Line, heads: Sequence[str], rows: Sequence[Sequence[Term | Line]], *, first: bool = True) -> Table:
    """A table of words; the first column names the row."""
    columns = tuple(Column(words.text(each), head=first and not n) for n, each in enumerate(heads))
    made = tuple(Row(tuple(word_cell(each) for each in row)) for row in rows)
    return Table(upright(caption), columns, made)


def word_cell(term: Term | Line) -> Cell:
    """A cell of words; a dash where there is nothing."""
    line = upright(words.spans(term))
    return Cell(line) if line else DASH


def upright(line: Line) -> Line:
    """The line without emphasis: titles in tables stand upright."""
    return joined_spans([replace(each, kind="text") if each.kind == "emphasised" else each for each in line])


def _cells(column: Numeric | Worded, size: int, parts: int) -> tuple[Cell, ...]:
    if isinstance(column, Numeric):
        return column.cells()
    blank: tuple[Line, ...] = ((),) * (parts - len(column.parts))
    lines = (*column.lines, *column.parts, *blank, column.total)
    last = size + len(column.parts)
    return tuple(Cell(upright(line)) if line or n >= last else DASH for n, line in enumerate(lines))


def _places(shown: Sequence[Fraction], unit: Unit) -> int:
    most = numbers.places_for(unit)
    if unit == RATIO:
        return max((numbers.needed_places(each * 100, most) for each in shown), default=0)
    needed = max((numbers.needed_places(each, most) for each in shown), default=0)
    return most if needed and numbers.currency_of(unit) else needed


def _plain(text: str) -> Line:
    return (Span(text),)
