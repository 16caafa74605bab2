"""The forms of a document: Markdown, HTML, PDF, DOCX and JSON. All but JSON are made from the document model alone.

Forms that need more than the tool itself are imported when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_dsl.evaluate.decision import Decision
from policy_dsl.explain.trees import Level
from policy_dsl.render.compose import compose, gist
from policy_dsl.render.data import as_json
from policy_dsl.render.document import Document
from policy_dsl.render.forms.markup import TEMPLATES, Folder, TemplateFault, html, markdown
from policy_dsl.render.forms.missing import FormMissing

if TYPE_CHECKING:
    from policy_dsl.sensitivity import WhatDecided

__all__ = [
    "BINARY",
    "FORMS",
    "PAPERS",
    "TEMPLATES",
    "Folder",
    "FormMissing",
    "TemplateFault",
    "render",
    "render_document",
]

FORMS = ("md", "html", "json", "pdf", "docx")
BINARY = ("pdf", "docx")
"""The forms that are not text: these are bytes, and have pages."""
PAPERS = ("a4", "letter")
"""The sizes of paper. A page in HTML has none until it is printed."""


def render(
    decision: Decision,
    form: str,
    level: str = "full",
    language: str = "en",
    own: Folder | None = None,
    examined: WhatDecided | None = None,
    paper: str = "a4",
) -> str | bytes:
    """A decision as a document in one form: a text, or bytes where the form is no text.

    `own` are a group's templates, for the forms that templates make; what was `examined` of the decision is told with
    it; `paper` is the size of what has pages. Raises ValueError for an unknown form, level, language or size of paper,
    FormMissing for a form whose part of the tool is not installed, NoLocales for a language whose part is not,
    TemplateFault for a fault in a group's template.
    """
    if form not in FORMS:
        raise ValueError(f"unknown form: {form!r}")
    if form == "json":
        # The data need no more of the document than what it decides.
        Level(level)
        return as_json(decision, gist(decision, language), examined)
    # A page on a screen folds derivations away where they are asked for; paper has them once, in the annex.
    folds = form == "html" or level != "full"
    composed = compose(decision, level, folds=folds, language=language, examined=examined)
    return render_document(composed, form, own, paper)


def render_document(document: Document, form: str, own: Folder | None = None, paper: str = "a4") -> str | bytes:
    """A document in any form but JSON, which holds more than the document. Raises as `render`."""
    if paper not in PAPERS:
        raise ValueError(f"unknown size of paper: {paper!r}")
    match form:
        case "md":
            return markdown(document, own)
        case "html":
            return html(document, own)
        case "pdf":
            from policy_dsl.render.forms.paper import SIZES
            from policy_dsl.render.forms.pdf import pdf

            return pdf(document, SIZES[paper])
        case "docx":
            from policy_dsl.render.forms.docx import docx
            from policy_dsl.render.forms.paper import SIZES

            return docx(document, SIZES[paper])
    raise ValueError(f"unknown form: {form!r}")
