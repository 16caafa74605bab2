"""What decided, by itself: for a terminal the section of the document in plain text, for tools the analysis as data."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Paragraph, Section, Table
from policy_dsl.render.escape import visible
from policy_dsl.render.languages import current, telling
from policy_dsl.render.naming import by_codes, with_names
from policy_dsl.render.sections.decisive import decisive, figure_name, row_name
from policy_dsl.resolve.program import Program
from policy_dsl.sensitivity import Change, End, Figure, WhatDecided
from policy_dsl.values import NUMBER


@dataclass(frozen=True, slots=True)
class Decisive:
    """The analysis of a decision under a policy, ready to be said."""

    found: WhatDecided
    program: Program

    def text(self) -> str:
        """Plain tables, and below them what must be known to read them. Members go by their codes."""
        with telling(self.program, current().code):
            section = with_names(decisive(self.found), by_codes(self.program))
        return "\n".join(_text(each) for each in section.blocks)

    def data(self) -> dict[str, object]:
        """The analysis as data, as `decisive_data`."""
        return decisive_data(self.found, self.program)


# ---- text ------------------------------------------------------------------------------------------------------------


def _text(block: Block) -> str:
    """A block with a line end after its last line."""
    match block:
        case Table():
            return "".join(f"{line}\n" for line in _table(block))
        case Bullets(items=items):
            return "".join(f"- {_plain(each)}\n" for each in items)
        case Paragraph(line=line):
            return f"{_plain(line)}\n"
        case Section(blocks=blocks):
            return "\n".join(map(_text, blocks))
    raise TypeError(type(block).__name__)


def _table(table: Table) -> Iterator[str]:
    """Columns as wide as what stands in them, under the caption; notes below."""
    from wcwidth import wcswidth

    heads = [visible(column.title) for column in table.columns]
    rows = [heads, *([_plain(cell.line) for cell in row.cells] for row in table.rows)]
    widths = [max(wcswidth(row[at]) for row in rows) for at in range(len(heads))]
    lines = [
        "  ".join(cell + " " * (width - wcswidth(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    yield from (_plain(table.caption), "", lines[0], "  ".join("-" * width for width in widths), *lines[1:])
    if table.notes:
        yield from ("", *map(_plain, table.notes))


def _plain(line: Line) -> str:
    return visible(words.flat(line))


# ---- data ------------------------------------------------------------------------------------------------------------


def decisive_data(found: WhatDecided, program: Program) -> dict[str, object]:
    """An analysis as data, the same in every language. Figures are exact, as fractions in base units."""
    with telling(program, "en"):
        return _data(found)


def _data(found: WhatDecided) -> dict[str, object]:
    return {
        "shares": [entry.name for entry in found.shares],
        "stretches": [
            {**_figure(each.figure), "low": _end(each.low), "high": _end(each.high)} for each in found.stretches
        ],
        "disputed": [
            {
                **_figure(each.figure),
                "between": [str(each.low), str(each.high)],
                "same": each.same,
                "examined_to_the_end": each.whole,
                "turns": [_end(turn) for turn in each.turns],
            }
            for each in found.disputed
        ],
        "left_out": [
            {"of": each.entry.name, "row": words.flat(row_name(each.row)), "changes": list(map(_change, each.changes))}
            for each in found.left_out
        ],
        "not_examined": [_figure(each) for each in found.not_examined],
        "not_rounded": [entry.name for entry in found.unrounded],
    }


def _figure(figure: Figure) -> dict[str, object]:
    fact = figure.fact
    unit = figure.value.unit
    return {
        "kind": figure.kind,
        "of": figure.entry.name,
        "name": _plain(figure_name(figure)),
        "member": fact.member if fact is not None else "",
        "cohort": fact.cohort if fact is not None else "",
        "year": fact.year if fact is not None else None,
        "now": str(figure.value.amount),
        "unit": "" if unit == NUMBER else str(unit),
        "others_keep": "their ratios" if figure.keeps == "ratios" else "their figures",
        "searched": [str(figure.low), str(figure.high)],
    }


def _end(end: End) -> dict[str, object]:
    return {
        "at": str(end.at),
        "sort": end.sort,
        "holds": end.holds,
        "changed_at": str(end.beyond),
        "changes": list(map(_change, end.changes)),
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "of": change.entry.name,
        "cohort": change.cohort,
        "member": change.member,
        "unit": str(change.unit),
        "before": _known(change.before),
        "after": _known(change.after),
    }


def _known(amount: Fraction | None) -> str | None:
    return None if amount is None else str(amount)


__all__ = ["Decisive", "decisive_data"]
