"""From a decision to documents and explanations in words: Markdown, HTML, JSON, PDF and DOCX.

`render` is the door for documents, `explain` that for a single value or outcome.
"""

from policy_dsl.render.forms import (
    BINARY,
    FORMS,
    PAPERS,
    TEMPLATES,
    FormMissing,
    TemplateFault,
    render,
    render_document,
)
from policy_dsl.render.languages import LANGUAGES, NoLocales
from policy_dsl.render.spoken import Explained, explain

__all__ = [
    "BINARY",
    "FORMS",
    "LANGUAGES",
    "PAPERS",
    "TEMPLATES",
    "Explained",
    "FormMissing",
    "NoLocales",
    "TemplateFault",
    "explain",
    "render",
    "render_document",
]
