"""Lines and derivations in the marks of a form: Markdown and HTML.

All text in them is mere text: what could be read as a mark is escaped. What stands in a document thousands of times is
written here and not by a template, and each stretch of text is escaped once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from policy_dsl.render.document import Line, Span, Twig
from policy_dsl.render.escape import markdown, markdown_start, visible

_ELEMENTS = {"emphasised": "em", "strong": "strong", "given": "bdi"}
_SPANS = frozenset({"figure", "citation"})
_MARKS = {"emphasised": "*", "term": "*", "strong": "**"}
_ENTITIES = str.maketrans({"&": "&amp;", ">": "&gt;", "<": "&lt;", "'": "&#39;", '"': "&#34;"})


@lru_cache(maxsize=16384)
def html_text(text: str) -> str:
    """Text as HTML that reads as that text, also inside an attribute."""
    return visible(text).translate(_ENTITIES)


def html_line(line: Line, anchors: frozenset[str]) -> str:
    """A line of spans as HTML; a span leads only where there is something to lead to."""
    found = []
    for span in line:
        kind, text = span.kind, html_text(span.text)
        if kind == "term":
            found.append(_html_term(span, text, anchors))
            continue
        element = _ELEMENTS.get(kind)
        if span.language:
            # Words of another language have their own direction too.
            element = element or "bdi"
            text = f'<{element} lang="{html_text(span.language)}">{text}</{element}>'
        elif element is not None:
            text = f"<{element}>{text}</{element}>"
        elif span.to and span.to in anchors:
            text = f'<a class="{html_text(kind)}" href="#{html_text(span.to)}">{text}</a>'
        elif kind in _SPANS:
            text = f'<span class="{kind}">{text}</span>'
        found.append(text)
    return "".join(found)


def _html_term(span: Span, text: str, anchors: frozenset[str]) -> str:
    """The name of a provision: a link to where it is defined, or the place itself."""
    if span.language:
        text = f'<bdi lang="{html_text(span.language)}">{text}</bdi>'
    if span.to and span.to in anchors:
        return f'<a class="term" href="#{html_text(span.to)}">{text}</a>'
    place = f' id="{html_text(span.anchor)}"' if span.anchor and span.anchor in anchors else ""
    return f'<span class="term"{place}>{text}</span>'


def html_tree(twigs: Sequence[Twig], anchors: frozenset[str]) -> str:
    """A derivation as lists inside lists."""
    return f'<ul class="tree">{_html_twigs(twigs, anchors)}</ul>'


def _html_twigs(twigs: Sequence[Twig], anchors: frozenset[str]) -> str:
    found = ["\n"]
    for twig in twigs:
        mark = f' id="{html_text(twig.anchor)}"' if twig.anchor else ""
        below = f"<ul>{_html_twigs(twig.twigs, anchors)}</ul>" if twig.twigs else ""
        found.append(f"<li{mark}>{html_line(twig.line, anchors)}{below}</li>\n")
    return "".join(found)


def md_line(line: Line, start: bool = False) -> str:
    """A line of spans as Markdown; at the start of a block nothing in it may be read as the mark of one."""
    text = "".join([_emphasised(span.text, span.kind) if span.kind in _MARKS else md_text(span.text) for span in line])
    return markdown_start(text) if start else text


@lru_cache(maxsize=16384)
def md_text(text: str) -> str:
    """Text as Markdown that reads as that text."""
    return markdown(text)


def _emphasised(text: str, kind: str) -> str:
    """Emphasis begins and ends with a sign, never with a blank."""
    text = md_text(text)
    bare = text.strip()
    if not bare:
        return text
    at = text.index(bare)
    return f"{text[:at]}{_MARKS[kind]}{bare}{_MARKS[kind]}{text[at + len(bare) :]}"


def md_tree(twigs: Sequence[Twig]) -> str:
    """A derivation as items, those below another set in."""
    return "".join(_md_twigs(twigs, "- "))


def _md_twigs(twigs: Sequence[Twig], mark: str) -> Iterator[str]:
    for twig in twigs:
        yield f"{mark}{md_line(twig.line, start=True)}\n"
        yield from _md_twigs(twig.twigs, f"  {mark}")
