"""The forms of a document: Markdown, HTML and JSON.

Templates are sandboxed, see the document alone and never calculate; a filter makes all text mere text.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

from policy_dsl.evaluate.decision import Decision
from policy_dsl.render import document as document_module
from policy_dsl.render.compose import compose
from policy_dsl.render.data import as_json
from policy_dsl.render.document import Document, Span
from policy_dsl.render.escape import markdown, markdown_start, visible, visible_lines

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

FORMS = ("md", "html", "json")
_ELEMENTS = {"emphasised": "em", "strong": "strong", "given": "bdi"}
_FENCE = re.compile(r"`{3,}")


def render(decision: Decision, form: str, level: str = "full") -> str:
    """A decision as a document in one form. Raises ValueError for an unknown form or level."""
    if form not in FORMS:
        raise ValueError(f"unknown form: {form!r}")
    if form == "json":
        # The data need no more of the document than what it decides.
        return as_json(decision, compose(decision, "brief"))
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
        "md": markdown,
        "md_line": _md_line,
        "html_line": _html_line,
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


def _html_line(line: tuple[Span, ...], anchors: frozenset[str]) -> Markup:
    """A line of spans as HTML; a span leads only where there is something to lead to."""
    from markupsafe import Markup

    return Markup("").join(_html_span(span, linked=bool(span.to) and span.to in anchors) for span in line)


@lru_cache(maxsize=65536)
def _html_span(span: Span, *, linked: bool) -> Markup:
    from markupsafe import Markup

    text = visible(span.text)
    element = _ELEMENTS.get(span.kind)
    if element is not None:
        return Markup(f"<{element}>{{}}</{element}>").format(text)
    if linked:
        return Markup('<a class="{}" href="#{}">{}</a>').format(span.kind, span.to, text)
    if span.kind in ("figure", "citation"):
        return Markup('<span class="{}">{}</span>').format(span.kind, text)
    return Markup.escape(text)


def _md_line(line: tuple[Span, ...], start: bool = False) -> str:
    """A line of spans as Markdown."""
    text = "".join(_md_span(span) for span in line)
    return markdown_start(text) if start else text


@lru_cache(maxsize=65536)
def _md_span(span: Span) -> str:
    text = markdown(span.text)
    marks = {"emphasised": "*", "strong": "**"}.get(span.kind, "")
    bare = text.strip()
    if not marks or not bare:
        return text
    at = text.index(bare)
    return f"{text[:at]}{marks}{bare}{marks}{text[at + len(bare) :]}"


def _fenced(text: str) -> str:
    """Text as a code block whose fence is longer than any in the text."""
    safe = visible_lines(text)
    longest = max((len(found) for found in _FENCE.findall(safe)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{safe}\n{fence}"
