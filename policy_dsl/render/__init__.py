"""From a decision to documents and explanations in words: Markdown, HTML and JSON.

`render` is the door for documents, `explain` that for a single value or outcome.
"""

from policy_dsl.render.forms import FORMS, render, render_document
from policy_dsl.render.spoken import Explained, explain

__all__ = ["FORMS", "Explained", "explain", "render", "render_document"]
