"""A decision at a glance: who receives what, under which article, for whoever knows the rest."""

from __future__ import annotations

from dataclasses import replace

from policy_dsl.evaluate.decision import Decision
from policy_dsl.explain.trees import Level
from policy_dsl.render import words
from policy_dsl.render.document import Document, Paragraph, Section, Table
from policy_dsl.render.forms.markup import fragment
from policy_dsl.render.languages import current, telling
from policy_dsl.render.naming import by_names, with_names
from policy_dsl.render.sections import opening
from policy_dsl.render.sections.defined import single
from policy_dsl.render.sections.matter import cited, ends, known, standing, values_of
from policy_dsl.render.sections.operative import amounts, paid

FORMS = ("html", "md")


def glance(decision: Decision, form: str = "html", language: str = "en") -> str:
    """The tables of what a decision gives to whom, as a part of a page. Raises ValueError for another form.

    Where nothing is shared out, the definitions for each member that the rules end in stand in their place.
    """
    if form not in FORMS:
        raise ValueError(f"unknown form: {form!r}")
    with telling(decision.program, language):
        stands = standing(decision)
        document = Document(
            heading=opening.title(decision),
            over=opening.policy_title(decision),
            below=(),
            status=opening.status(decision, stands),
            sections=(Section((), tuple(_tables(decision)) or (Paragraph(words.text("op.nothing_found")),)),),
            level=Level.BRIEF.value,
            language=current().code,
            direction=current().direction,
        )
        return fragment(with_names(document, by_names(decision.program)), form)


def _tables(decision: Decision) -> list[Table]:
    found: list[Table] = []
    for shared in decision.shares:
        if any(known(row.final) is not None for row in shared.rows):
            table = amounts(shared, {})
            found.append(replace(table, caption=cited(table.caption, shared.entry)))
    found += [single(entry, values_of(decision, entry)) for entry in ends(decision)]
    for fund in decision.funds:
        if fund.paid_out:
            table = paid(fund)
            found.append(replace(table, caption=cited(table.caption, fund.entry)))
    return found
