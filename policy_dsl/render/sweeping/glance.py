"""A sweep at a glance, for somebody else's page: how many cases, one drawing, the first rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from policy_dsl.explain.argument import Given
from policy_dsl.plan import Output
from policy_dsl.render import words
from policy_dsl.render.document import Block, Cell, Column, Document, Figure, Paragraph, Row, Section, Span, Table
from policy_dsl.render.forms.markup import fragment
from policy_dsl.render.languages import telling
from policy_dsl.render.naming import alone, by_codes, with_names
from policy_dsl.render.sweeping import others
from policy_dsl.render.sweeping.say import DASH, cell, count, say, unit_head
from policy_dsl.render.sweeping.sharing import sharing
from policy_dsl.render.sweeping.texts import LABELS
from policy_dsl.render.tables import upright
from policy_dsl.resolve.program import Program
from policy_dsl.sweep.summary_found import Found

COLUMNS = 6
"""So many results are shown of each row."""


def glance(program: Program, found: Found, outputs: Iterable[Output], rows: Sequence[Mapping[str, Any]]) -> str:
    """A part of a page in HTML. `rows` are the first of the table with a row for each case and member."""
    with telling(program, "en"):
        sections = [Section((), tuple(b for b in others.the_cases(found, program).blocks if not isinstance(b, Table)))]
        share = next((each for each in found.spreads if each.output.aspect == "share"), None)
        if share is not None and found.cases:
            blocks = sharing(found, share, alone(program)).blocks
            sections.append(Section((), tuple(each for each in blocks if isinstance(each, Figure))))
        if rows:
            shown: tuple[Block, ...] = (_rows([each for each in outputs if each.each_member][:COLUMNS], rows),)
            sections.append(Section((), shown))
        key = "title" if found.cases > 1 else "title.one" if found.cases else "title.none"
        document = Document(
            heading=say(key, policy=Given(others.policy_name(program)), count=count(found.cases)),
            over=(),
            below=(),
            status=Paragraph(say("status"), "note"),
            sections=tuple(sections),
            labels={name: words.plain(name) for name in LABELS},
        )
        return fragment(with_names(document, by_codes(program)), "html")


def _rows(outputs: Sequence[Output], rows: Sequence[Mapping[str, Any]]) -> Table:
    heads = [Column(say("col.case"), head=True), Column(say("col.member"))]
    for each in outputs:
        unit = unit_head(each.unit)
        name = (Span(each.name, "given"),)
        heads.append(Column(say("unit", name=name, unit=unit) if unit else name, figures=True))
    made = []
    for row in rows:
        cells = [Cell((Span(str(row["case"]), "given"),)), Cell((Span(str(row["member"]), "given"),))]
        made.append(Row((*cells, *(_cell(row[each.name], each) for each in outputs))))
    return Table(upright(say("rows")), tuple(heads), tuple(made))


def _cell(value: Any, output: Output) -> Cell:
    match value:
        case bool():
            return Cell(say("yes" if value else "no"))
        case int() | float() | Decimal():
            return cell(Fraction(value), output.unit)
    return Cell((Span(DASH),))
