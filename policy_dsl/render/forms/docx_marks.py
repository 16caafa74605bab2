"""The marks of WordprocessingML: elements, runs of text, links, places, fields. Text in them is mere text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from policy_dsl.render.document import Line, Span
from policy_dsl.render.escape import visible
from policy_dsl.render.forms.direction import leftward, rightward, stretches

_ORDER = ("keepNext", "numPr", "bidi", "spacing", "ind")
"""The order of a paragraph's properties that the schema asks for."""
MARK = "\N{RIGHT-TO-LEFT MARK}"
_PUNCTUATION = re.compile(r"[()\[\]«»“”]")
STYLES = {"emphasised": "Emphasis", "term": "Emphasis", "strong": "Strong"}


def element(tag: str, *inside: Any, **attributes: str | int) -> Any:
    """An element of the main namespace; `val` and the like are its attributes."""
    made: Any = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(inside)
    return made


class Marks:
    """Writes the lines of one document. `places` gives the name of each place that links may lead to."""

    def __init__(self, places: Mapping[str, str], direction: str) -> None:
        self.places = places
        self.rtl = direction == "rtl"
        self._numbers = count(1)

    def line(self, line: Line, style: str = "", size: int = 0, *, leading: bool = True) -> Iterable[Any]:
        """The runs of a line. `style` is for what has none of its own; `size` is that of the type, if not the usual.

        Without `leading` nothing in it is a link.
        """
        places = self.places if leading else {}
        for span, text in _joined(line, places):
            own = STYLES.get(span.kind, style)
            place = places.get(span.to, "")
            if place:
                if span.kind == "citation":
                    own = "Hyperlink"
                yield element("hyperlink", *self.runs(text, own, size), anchor=place, history=1)
            elif span.anchor in self.places:
                yield from self.placed([span.anchor], *self.runs(text, own, size, span.language))
            else:
                yield from self.runs(text, own, size, span.language)
            if self.rtl and len(line) > 1 and (own or span.language) and rightward(text):
                # What follows Latin words, a number above all, is no part of them.
                yield self._run(MARK, True, own, size, "")

    def runs(self, text: str, style: str = "", size: int = 0, language: str = "") -> Iterable[Any]:
        """A text as runs: one for each direction of writing. `language` is its own, where it is another one."""
        safe = visible(text)
        if not leftward(safe):
            neutral = self.rtl and not rightward(safe)
            # Not every program heeds the direction of a run without letters, such as a bracket between two words.
            shown = MARK + safe if neutral and _PUNCTUATION.search(safe) else safe
            yield self._run(shown, neutral, style, size, language)
            return
        for stretch, turned in stretches(safe):
            yield self._run(stretch, turned, style, size, language)

    def paragraph(self, style: str, *inside: Any, **more: Any) -> Any:
        """A paragraph in a style, with further properties."""
        if self.rtl:
            more = {"bidi": element("bidi")} | more
        given = [more[name] for name in _ORDER if name in more]
        return element("p", element("pPr", element("pStyle", val=style), *given), *inside)

    def placed(self, anchors: Iterable[str], *inside: Any) -> list[Any]:
        """What stands at places that links lead to."""
        made = list(inside)
        for anchor in anchors:
            if anchor not in self.places:
                continue
            number = next(self._numbers)
            made.insert(0, element("bookmarkStart", id=number, name=self.places[anchor]))
            made.append(element("bookmarkEnd", id=number))
        return made

    def field(self, instruction: str, shown: str) -> Any:
        """A field that the reader's program fills in, with what is shown until then."""
        return element("fldSimple", *self.runs(shown), instr=f" {instruction} ")

    def page_of(self, place: str) -> Iterable[Any]:
        """The number of the page on which a place is; nothing until the reader's program has laid out the pages."""
        yield element("r", element("fldChar", fldCharType="begin"))
        instruction = element("instrText")
        instruction.text = f" PAGEREF {place} \\h "
        instruction.set(qn("xml:space"), "preserve")
        yield element("r", instruction)
        for mark in ("separate", "end"):
            yield element("r", element("fldChar", fldCharType=mark))

    def _run(self, text: str, turned: bool, style: str, size: int, language: str) -> Any:
        # A size in half points; paper counts in twentieths.
        given = [element("rStyle", val=style)] if style else []
        given += [element(tag, val=size // 10) for tag in ("sz", "szCs") if size]
        given += [element("rtl")] if turned else []
        given += [element("lang", **{"bidi" if turned else "val": language})] if language else []
        words = element("t")
        words.text = text
        words.set(qn("xml:space"), "preserve")
        return element("r", *([element("rPr", *given)] if given else []), words)


def _joined(line: Line, places: Mapping[str, str]) -> Iterable[tuple[Span, str]]:
    """Spans with their text; those that look alike and lead nowhere are one."""
    held: list[Span] = []
    for span in line:
        plain = span.kind not in STYLES and span.to not in places and not span.language
        if held and not plain:
            yield held[0], "".join(each.text for each in held)
            held = []
        if plain:
            held.append(span)
        else:
            yield span, span.text
    if held:
        yield held[0], "".join(each.text for each in held)
