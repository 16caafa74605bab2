"""The forms of a document: Markdown, HTML and JSON.

Templates are sandboxed, see the document alone and never calculate; a filter makes all text mere text.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from policy_dsl.evaluate.decision import Decision
from policy_dsl.explain.trees import Level
from policy_dsl.render import document as document_module
from policy_dsl.render.compose import compose, gist
from policy_dsl.render.data import as_json
from policy_dsl.render.document import Document, Line, Twig
from policy_dsl.render.escape import visible, visible_lines
from policy_dsl.render.marks import html_line, html_tree, md_line, md_text, md_tree

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

FORMS = ("md", "html", "json")
_FENCE = re.compile(r"`{3,}")


def render(decision: Decision, form: str, level: str = "full") -> str:
    """A decision as a document in one form. Raises ValueError for an unknown form or level."""
    if form not in FORMS:
        raise ValueError(f"unknown form: {form!r}")
    if form == "json":
        # The data need no more of the document than what it decides.
        Level(level)
        return as_json(decision, gist(decision))
    return render_document(compose(decision, level, folds=form == "html" or level != "full"), form)


def render_document(document: Document, form: str) -> str:
    """A document in Markdown or HTML."""
    if form not in ("md", "html"):
        raise ValueError(f"unknown form: {form!r}")
    text = _environment().get_template(f"document.{form}.j2").render(doc=document)
    if form == "md":
        text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    return text


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import PackageLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """The sandbox, which remembers its answer for each field of the document's own classes."""

        def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
            if (type(obj), attr) in known:
                return True
            return super().is_safe_attribute(obj, attr, value)

    known = _fields()
    environment = Sandbox(
        loader=PackageLoader("policy_dsl.render"),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters = {
        "kind": _kind,
        "md": md_text,
        "md_line": md_line,
        "md_tree": md_tree,
        "html_line": _html_line,
        "html_tree": _html_tree,
        "visible": visible,
        "fenced": _fenced,
    }
    environment.filters.update(cast(dict[str, Any], filters | {"visible_lines": visible_lines}))
    return environment


def _fields() -> frozenset[tuple[type, str]]:
    """The public fields of the document's classes: all that a template has to look at."""
    kinds = [kind for kind in vars(document_module).values() if isinstance(kind, type) and is_dataclass(kind)]
    return frozenset((kind, field.name) for kind in kinds for field in fields(kind) if not field.name.startswith("_"))


def _kind(block: object) -> str:
    """The kind of a block, as the name of a macro."""
    return type(block).__name__.lower()


def _marked(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)


def _html_line(line: Line, anchors: frozenset[str]) -> Markup:
    return _marked(html_line(line, anchors))


def _html_tree(twigs: tuple[Twig, ...], anchors: frozenset[str]) -> Markup:
    return _marked(html_tree(twigs, anchors))


def _fenced(text: str) -> str:
    """Text as a code block whose fence is longer than any in the text."""
    safe = visible_lines(text)
    longest = max((len(found) for found in _FENCE.findall(safe)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{safe}\n{fence}"
