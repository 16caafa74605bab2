"""The policy itself as a readable document, what depends on what in it, and how its figures changed through time.

`instrument` is the door for the document, `graph` that for what depends on what.
"""

from __future__ import annotations

from policy_dsl.check import Checked

__all__ = ["DRAWINGS", "FORMS", "Unnamed", "graph", "instrument"]

FORMS = ("md", "html", "pdf", "docx")
"""The forms of the document."""
DRAWINGS = ("svg", "dot", "mermaid", "text")
"""The forms of what depends on what."""


class Unnamed(Exception):
    """Nothing in a policy is called so; `near` are names that look like it."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.near = name, near


def instrument(checked: Checked, form: str, language: str = "en", paper: str = "a4") -> str | bytes:
    """A policy as a document in one form: a text, or bytes for pdf and docx, on paper of a size.

    Raises ValueError for an unknown form or language, FormMissing and NoLocales where a part of the tool that the form
    or the language needs is not installed.
    """
    from policy_dsl.instrument.compose import compose
    from policy_dsl.render import render_document

    return render_document(compose(checked, language), form, paper=paper)


def graph(checked: Checked, form: str, of: str = "", language: str = "en", page: str = "") -> str:
    """What depends on what in a policy: of all, or only of what is called `of`; titles in a language.

    In an SVG each box leads into the document of the instrument, where `page` says at which address that is. Raises
    ValueError for an unknown form or language, NoLocales as `instrument`, Unnamed where nothing is called `of`.
    """
    from policy_dsl.instrument.drawn.graph import graph as drawn

    return drawn(checked, form, of, language, page)
