"""A document as PDF: paged, tagged for screen readers (PDF/UA-1), and the same to the byte on every machine.

The document goes to Typst as data; the template `document.typ` sets it. Types come with the tool, never from the
machine: Libertinus Serif, DejaVu Sans Mono and, for Arabic, Amiri. A sign that none of them holds is shown by its
number, since a box would hide what it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from policy_dsl.render.document import (
    Cell,
    Document,
    Figure,
    Fold,
    Line,
    Operative,
    Quotation,
    Section,
    Span,
    Table,
    Tree,
    Twig,
    Verbatim,
)
from policy_dsl.render.escape import HARMLESS, visible, visible_lines
from policy_dsl.render.forms.direction import begins_leftward, isolated, leftward
from policy_dsl.render.forms.paper import A4, Paper, fitted, short, turned
from policy_dsl.render.forms.setting import compiler, outlined, template

STANDARD: Final = "ua-1"
DEEPEST = 10
"""Below this many steps a derivation is not set in any further: a page has an edge."""

_UNSHOWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_MARKED = frozenset({"emphasised", "strong", "term"})
_ISOLATED = frozenset({"given", "citation"})


def pdf(document: Document, paper: Paper = A4) -> bytes:
    """A document as PDF. Raises FormMissing where the part of the tool that makes it is not installed."""
    setter = compiler("pdf")
    import typst

    unshown: dict[int, str] = {}
    while True:
        data = json.dumps(_Handing(document, unshown, paper).document(), ensure_ascii=False)
        try:
            made = setter.compile(
                template("document"), sys_inputs={"document": data}, format="pdf", pdf_standards=STANDARD, timestamp=0
            )
        except typst.TypstError as error:
            further = _unshown(error.diagnostic) - unshown.keys()
            if not further:
                raise
            unshown |= {sign: f"[U+{sign:04X}]" for sign in further}
        else:
            assert isinstance(made, bytes)
            return made


class _Handing:
    """Hands a document over to the template as plain data, its texts made safe to show."""

    def __init__(self, document: Document, unshown: Mapping[int, str], paper: Paper) -> None:
        self.whole = document
        self.unshown = unshown
        self.paper = paper

    def document(self) -> dict[str, Any]:
        """The document. Its labels stay as they are: they are ours."""
        names = [each.name for each in fields(Document) if each.name not in ("labels", "anchors")]
        made: dict[str, Any] = {name: self.part(getattr(self.whole, name)) for name in names}
        title = self.text(self.whole.title)
        return made | {"title": title, "labels": self.whole.labels, "paper": self.paper.called}

    def part(self, part: object, inside: bool = False) -> Any:
        """A part of the document. `inside` tells that it stands inside a block."""
        if isinstance(part, str):
            return self.text(part)
        if isinstance(part, tuple):
            return self.line(part) if part and isinstance(part[0], Span) else [self.part(each, inside) for each in part]
        if isinstance(part, Cell):
            return {"line": self.line(part.line)}
        if isinstance(part, Verbatim):
            lines = visible_lines(part.text).translate(self.unshown)
            return {"is": "verbatim", "text": lines, "language": part.language}
        if isinstance(part, Figure):
            shown = {"is": "figure", "picture": self.picture(part), "alternative": self.text(part.words)}
            size = {"width": part.width, "height": part.height}
            return shown | size | {"caption": self.line(part.caption), "notes": list(map(self.line, part.notes))}
        if isinstance(part, Tree):
            return {"is": "tree", "twigs": self.twigs(part.twigs)}
        if not is_dataclass(part):
            return part
        inside = inside or isinstance(part, Operative | Fold)
        made = {each.name: self.part(getattr(part, each.name), inside) for each in fields(part)}
        if isinstance(part, Table):
            fit = fitted(part, inside, self.paper)
            made |= {"size": fit.size, "widths": fit.widths, "short": short(part, fit)}
        if isinstance(part, Quotation):
            made["leftward"] = any(begins_leftward(words) for _, words in part.paragraphs)
        if isinstance(part, Section):
            # The contents lead to headings, so that nothing in a heading leads elsewhere.
            made["heading"] = self.line(part.heading, leading=False)
            made["turned"] = 0 if inside else turned(part, self.paper)
        return {"is": type(part).__name__.lower()} | made

    def text(self, text: str) -> str:
        """A text in one line."""
        return visible(text).translate(self.unshown)

    def picture(self, figure: Figure) -> str:
        """A picture. The marks of SVG are ASCII, for which there always is a type.

        Arabic letters in a picture become outlines: a PDF for screen readers must say which letters each sign of a type
        stands for, and for joined letters in pictures Typst can't. What the picture shows is told in words anyway.
        """
        signs = {sign: shown for sign, shown in self.unshown.items() if sign > 127}
        drawn = replace(figure, picture=figure.picture.translate(signs))
        return outlined(drawn) if leftward(drawn.picture) else drawn.picture

    def line(self, line: Line, *, leading: bool = True) -> list[Any]:
        """The stretches of a line; those without a mark and a link are mere texts, and those that follow are one."""
        made: list[Any] = []
        for span in line:
            text = self.text(span.text)
            if span.anchor:
                made.append(["place", "", span.anchor, ""])
            if span.language or span.kind in _ISOLATED:
                text = isolated(text, self.whole.direction)
            to = span.to if leading and span.to in self.whole.anchors else ""
            if to or span.language or span.kind in _MARKED:
                made.append([span.kind, text, to, span.language])
            elif made and isinstance(made[-1], str):
                made[-1] += text
            else:
                made.append(text)
        return made

    def twigs(self, twigs: Iterable[Twig], depth: int = 0) -> list[dict[str, Any]]:
        """The lines of a derivation. Those that lie too deep follow the one they carry instead of standing below it."""
        made: list[dict[str, Any]] = []
        for twig in twigs:
            below = self.twigs(twig.twigs, depth + 1)
            shown = {"line": self.line(twig.line), "anchor": self.text(twig.anchor), "twigs": below}
            if depth < DEEPEST:
                made.append(shown)
            else:
                made += [shown | {"twigs": []}, *below]
        return made


def _unshown(diagnostic: str) -> set[int]:
    """The signs that no type at hand holds, as Typst names them. A sign that only joins others is not to blame."""
    found: set[str] = set()
    for words in _UNSHOWN.findall(diagnostic):
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), words)
        found |= {sign for sign in text if not sign.isascii()} - HARMLESS or {sign for sign in text if sign != "\\"}
    return {ord(sign) for sign in found}
