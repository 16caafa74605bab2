"""A document as Markdown and HTML.

Both are made by templates in a sandbox: the tool's own, or those of a group. The tool's stand for every group under
names that begin with `policy/`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.render.document import Document
from policy_dsl.source import Source

if TYPE_CHECKING:
    from policy_dsl.render.forms.sandbox import Sandbox

TEMPLATES = ("html", "md")
"""The forms that templates make."""


class TemplateFault(Exception):
    """A group's template can't be filled; the problem says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Folder(Protocol):
    """A group's folder. A call gives the text of a file, none where there is no such file, or why it can't be had."""

    @property
    def name(self) -> str:
        """The folder as it was named."""

    def names(self) -> Sequence[str]:
        """The names of all files, with `/` between folder and file."""

    def __call__(self, name: str) -> Source | Problem | None:
        """The text of a file, or why it is not to be had."""


def markdown(document: Document, own: Folder | None = None) -> str:
    """A document as Markdown. Raises TemplateFault for a fault in a group's own template."""
    return re.sub(r"\n{3,}", "\n\n", _filled("md", document, own)).strip() + "\n"


def html(document: Document, own: Folder | None = None) -> str:
    """A document as one page that needs nothing beside it. Raises TemplateFault for a fault in a group's template."""
    return _filled("html", document, own)


def fragment(document: Document, form: str) -> str:
    """A short document as a part of a page: its heading, its status and its sections, without the page around them."""
    made = _packaged(form).get_template(f"policy/fragment.{form}.j2").render(doc=document)
    return re.sub(r"\n{2,}" if form == "html" else r"\n{3,}", "\n" if form == "html" else "\n\n", made).strip() + "\n"


def _filled(form: str, document: Document, own: Folder | None) -> str:
    if own is not None:
        from policy_dsl.render.forms.own import filled

        made = filled(form, document, own)
        if made is not None:
            return made
    return _packaged(form).get_template(f"policy/document.{form}.j2").render(doc=document)


@cache
def _packaged(form: str) -> Sandbox:
    from jinja2 import PackageLoader, PrefixLoader

    from policy_dsl.render.forms.sandbox import Sandbox

    return Sandbox(form, PrefixLoader({"policy": PackageLoader("policy_dsl.render")}))
