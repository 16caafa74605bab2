"""Tables of facts in CSV files: a row for each member, cohort or year, a column for each indicator.

The first row names the columns, each with its unit: `member,population (persons),gnp (USD per year)`. Figures are read
by the same rules as in the case; an empty cell is a gap.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace

from policy_dsl.cases.declared import Asked
from policy_dsl.cases.facts import FactReader, Where
from policy_dsl.cases.model import TableFile
from policy_dsl.cases.nodes import LARGEST, Word
from policy_dsl.cases.origins import Named
from policy_dsl.records import dataclass
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.source import Source, Span

KEYS = ("cohort", "member", "year")
_HEAD = re.compile(r"([A-Za-z_]\w*)(?: +(\d{4}))? *(?:\((.*)\))?$", re.A | re.S)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: its indicator, the place that its head fixes, and the part of the case that speaks of it."""

    asked: Asked
    where: Where


def read_table(source: Source, file: TableFile, facts: FactReader, default: Named) -> None:
    """The facts of one table."""
    if len(source.text) > LARGEST:
        facts.say("PD715", Span(source, 0, 0), length=f"{len(source.text):_}", most=f"{LARGEST:_}")
        return
    rows = _rows(source, facts)
    head = next(rows, None)
    if head is None:
        facts.say("PD718", Span(source, 0, 0), keys="`member`")
        return
    if len(head) == 1 and ";" in head[0]:
        facts.say("PD728", head[0].span)
        return
    named = facts.origins.of(file).over(default)
    columns = _columns(head, file, facts, named)
    if columns is not None:
        _say_unused_columns(file, columns, facts)
        for row in rows:
            _read_row(row, columns, facts)


def _rows(source: Source, facts: FactReader) -> Iterator[list[Word]]:
    """The rows that are not empty, each cell with its place."""
    text = source.text
    start = 1 if text.startswith("\ufeff") else 0
    ends = [start]

    def lines() -> Iterator[str]:
        for line in io.StringIO(text[start:], newline=""):
            ends[0] += len(line)
            yield line

    reader = csv.reader(lines(), strict=True)
    begin = start
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            facts.say("PD719", _line(source, begin, ends[0]), fault="a quotation mark is not closed")
            return
        if any(cell.strip() for cell in cells):
            yield _placed(source, cells, begin, ends[0])
        begin = ends[0]


def _placed(source: Source, cells: list[str], begin: int, end: int) -> list[Word]:
    """The cells of a row with their places; one whose quotes hide its text stands for the whole line."""
    row, at = [], begin
    for cell in cells:
        found = source.text.find(cell, at, end)
        if found < 0:
            row.append(Word(cell.strip(), _line(source, begin, end)))
            continue
        at = found + len(cell)
        row.append(Word(cell.strip(), Span(source, found, at)))
    return row


def _line(source: Source, begin: int, end: int) -> Span:
    text = source.text[begin:end]
    return Span(source, begin, begin + len(text.rstrip("\r\n")))


def _columns(
    head: list[Word], file: TableFile, facts: FactReader, named: Named
) -> tuple[tuple[str, ...], list[Column | str | None]] | None:
    """What each column holds: a key, figures, or nothing that could be read; none where the keys do not fit."""
    columns: list[Column | str | None] = []
    seen: dict[str, Word] = {}
    for word in head:
        label = re.sub(r"\s+", " ", word.partition("(")[0]).strip()
        if label in seen:
            facts.say("PD729", word.span, first=seen[label].span, name=label)
            columns.append(None)
            continue
        seen[label] = word
        columns.append(word if word in KEYS else _column(word, file, facts, named))
    keys = tuple(str(word) for word in head if word in KEYS)
    fitting = True
    for column in columns:
        if isinstance(column, Column):
            fitting &= _keys_fit(column, keys, facts, head[columns.index(column)])
    if not fitting:
        return None
    return keys, columns


def _keys_fit(column: Column, keys: tuple[str, ...], facts: FactReader, head: Word) -> bool:
    """Whether the key columns lead to one figure of the indicator in each row."""
    due = [level for level in column.asked.levels if not (level == "year" and column.where.year is not None)]
    if not due and not keys:
        return True
    lacking = [level for level in due if level not in keys]
    extra = [key for key in keys if key not in due]
    if not lacking and not extra:
        return True
    words = " and ".join(f"`{level}`" for level in due) or "none"
    facts.say("PD718", head.span, about=column.asked.entry, keys=words, name=column.asked.name)
    return False


def _column(word: Word, file: TableFile, facts: FactReader, named: Named) -> Column | None:
    found = _HEAD.match(word)
    name = found[1] if found else str(word)
    asked = facts.declared.indicators.get(name)
    if asked is None and name in facts.besides:
        return None
    if found is None or asked is None:
        mend = did_you_mean(name, [*facts.declared.indicators, *KEYS])
        facts.say("PD727", word.span, mend=mend, name=word)
        return None
    facts.facts.heads.setdefault(asked.name, word.span)
    own = file.columns.get(name)
    where = Where(named=facts.origins.of(own).over(named) if own is not None else named)
    if found[2]:
        if "year" not in asked.levels:
            facts.say("PD775", word.span, about=asked.entry, name=asked.name)
            return None
        year = facts.year(Word(found[2], word.span), asked)
        if year is None:
            return None
        where = replace(where, year=year)
    if found[3] is not None:
        unit = facts.reader.unit(Word(found[3], word.span), asked.wanted, asked.entry)
        if unit is None:
            return None
        where = replace(where, unit=unit)
    return Column(asked, where)


def _say_unused_columns(
    file: TableFile, columns: tuple[tuple[str, ...], list[Column | str | None]], facts: FactReader
) -> None:
    """Sources stated for columns that the table lacks."""
    present = {column.asked.name for column in columns[1] if isinstance(column, Column)}
    for name, column in file.columns.items():
        if name not in present and name not in facts.besides:
            word = column.source or column.date or column.status or file.file
            mend = did_you_mean(name, present)
            facts.say("PD727", word.span, mend=mend, name=name)


def _read_row(row: list[Word], columns: tuple[tuple[str, ...], list[Column | str | None]], facts: FactReader) -> None:
    kinds = columns[1]
    if len(row) != len(kinds):
        facts.say("PD719", row[0].span, fault=f"{len(row)} cells, and {len(kinds)} columns")
        return
    keys = {str(kind): cell for kind, cell in zip(kinds, row, strict=True) if isinstance(kind, str)}
    unread: set[str] = set()
    placed = Where()
    first = next((kind.asked for kind in kinds if isinstance(kind, Column)), None)
    if first is None:
        return
    for level, cell in keys.items():
        found = facts.place(first, cell, level, placed) if cell else None
        if not cell:
            facts.say("PD721", row[0].span, key=level, where="the row")
        if found is None:
            unread.add(level)
        else:
            placed = found
    if unread:
        return
    for kind, cell in zip(kinds, row, strict=True):
        if isinstance(kind, Column):
            year = kind.where.year if kind.where.year is not None else placed.year
            where = replace(kind.where, cohort=placed.cohort, member=placed.member, year=year)
            facts.take(kind.asked, cell, where)
