"""A document as DOCX: real styles, tables and fields, to be read, signed, or gone on with in an office's program.

The styles, lists and settings are those in `templates/docx`; this module says which is used where. The file is the same
to the byte every time: it holds no moment, no author and no trace of the machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from policy_dsl.render.document import (
    Block,
    Bullets,
    Document,
    Figure,
    Fold,
    Operative,
    Paragraph,
    Quotation,
    Row,
    Section,
    Table,
    Tree,
    Twig,
    Verbatim,
)
from policy_dsl.render.escape import visible, visible_lines
from policy_dsl.render.forms.direction import begins_leftward
from policy_dsl.render.forms.missing import FormMissing
from policy_dsl.render.forms.paper import A4, INDENT, Fit, Paper, fitted, stretched, turned

if TYPE_CHECKING:
    from docx.document import Document as File

DEEPEST_HEADING = 9
DEEPEST_LISTED = 3
"""So many levels of contents have a style."""
STEP = 240
ROUND_FIGURE = 1600
"""What is left on a page for the caption and notes of a figure, in twentieths of a point."""
TWENTIETH = 635
"""A twentieth of a point, in the units of drawings."""
DEEPEST = 20
"""Below this many steps a derivation is not set in any further: a page has an edge."""

_STYLES = {"note": "Note", "warning": "Warning", "recital": "Recital"}
_ROWS = {"total": "Strong", "part": "Emphasis"}


def docx(document: Document, paper: Paper = A4) -> bytes:
    """A document as DOCX. Raises FormMissing where the part of the tool that makes it is not installed."""
    try:
        import docx as library
    except ImportError:
        raise FormMissing("docx") from None
    from policy_dsl.render.forms.docx_package import furnish, packed

    file = library.Document()
    furnish(file, document, paper)
    _Writer(file, document, paper).write()
    return packed(file)


class _Writer:
    """Writes the body of a document, from its first line to its last."""

    def __init__(self, file: File, document: Document, paper: Paper) -> None:
        from docx.oxml.ns import qn

        from policy_dsl.render.forms.docx_marks import Marks, element

        self.file, self.document, self.paper = file, document, paper
        self.body, self.numbering = file.element.body, file.part.numbering_part.element
        self.last: Any = self.body.sectPr
        self.element, self.qn = element, qn
        places = {anchor: f"_place{number}" for number, anchor in enumerate(sorted(document.anchors), 1)}
        self.marks = Marks(places, document.direction)
        self.waiting: list[str] = []
        self.expected = 0
        self.list = 2

    # ---- the whole ------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """All of the document."""
        self._head_and_foot()
        self.paragraph("Subtitle", self.marks.line(self.document.over))
        self.paragraph("Title", self.marks.line(self.document.heading))
        for line in self.document.below:
            self.paragraph("DocumentLine", self.marks.line(line))
        self.block(self.document.status, 1)
        self._contents()
        for section in self.document.sections:
            self.section(section, 1)

    def add(self, made: Any) -> Any:
        """Put something at the end of the body."""
        self.last.addprevious(made)
        return made

    def paragraph(self, style: str, inside: Iterable[Any], **more: Any) -> Any:
        """A paragraph; places that wait for something to stand at are here."""
        waiting, self.waiting = self.waiting, []
        return self.add(self.marks.paragraph(style, *self.marks.placed(waiting, *inside), **more))

    def _contents(self) -> None:
        """The contents: each section with a link to it and a field for its page.

        They are no field for contents as a whole, as office programs fill those in only when they are told to. A field
        for a page is filled in when a file is opened, or at the latest when it is printed.
        """
        self.paragraph("TOCHeading", self.marks.runs(self.document.labels["contents"]))
        self._listed(self.document.sections, 1)
        self.add(self.marks.paragraph("Gap"))

    def _listed(self, blocks: Iterable[Block], level: int) -> None:
        """Sections in the contents, down to the level that the document lists."""
        element, marks = self.element, self.marks
        for section in blocks:
            if not isinstance(section, Section) or not section.heading or section.anchor not in marks.places:
                continue
            place = marks.places[section.anchor]
            words = marks.line(section.heading, leading=False)
            page = [element("r", element("tab")), *marks.page_of(place)]
            self.paragraph(f"TOC{level}", [element("hyperlink", *words, *page, anchor=place, history=1)])
            if level < min(self.document.listed, DEEPEST_LISTED):
                self._listed(section.blocks, level + 1)

    def _head_and_foot(self) -> None:
        """The title at the head of each page but the first, the number at the foot of each."""
        page = self.file.sections[0]
        page.different_first_page_header_footer = True
        from policy_dsl.render.forms.docx_package import only

        marks = self.marks
        for area in (page.header, page.footer, page.first_page_header, page.first_page_footer):
            area.is_linked_to_previous = False
        only(page.header, marks.paragraph("Header", *marks.runs(self.document.title)))
        only(page.first_page_header, marks.paragraph("DocumentLine"))
        for foot in (page.footer, page.first_page_footer):
            number = [marks.field("PAGE", "1"), *marks.runs(" / "), marks.field("NUMPAGES", "1")]
            only(foot, marks.paragraph("Footer", *number))

    # ---- blocks ---------------------------------------------------------------------------------------------------

    def section(self, section: Section, depth: int, wide: bool = False) -> None:
        """A section; all that leads up to a table too wide for the page stands on wide pages."""
        leading = 0 if wide else turned(section, self.paper)
        if leading:
            self._end_pages(wide=False)
        if section.anchor:
            self.waiting.append(section.anchor)
        if section.heading:
            # The contents lead to headings, so that nothing in a heading leads elsewhere.
            heading = self.marks.line(section.heading, leading=False)
            self.paragraph(f"Heading{min(depth, DEEPEST_HEADING)}", heading)
            depth += 1
        for place, block in enumerate(section.blocks):
            self.block(block, depth, wide=wide or place < leading)
            if place + 1 == leading:
                self._end_pages(wide=True)

    def block(self, block: Block, depth: int, inside: bool = False, wide: bool = False) -> None:
        """Any block. `inside` tells that it stands in a numbered paragraph."""
        match block:
            case Paragraph():
                self.paragraph(
                    _STYLES.get(block.kind, "OperativeText" if inside else "Normal"), self.marks.line(block.line)
                )
            case Table():
                self.table(block, inside, self.fitted(block, inside or (not wide and self.fitted(block).turned)))
            case Figure():
                self.figure(block, wide)
            case Bullets():
                for item in block.items:
                    self.paragraph("ListBullet2" if inside else "ListBullet", self.marks.line(item))
            case Operative():
                self.operative(block, depth, wide)
            case Quotation():
                self.quotation(block)
            case Tree():
                self.tree(block.twigs, 0)
            case Fold():
                self.paragraph("DerivationSummary", self.marks.line(block.summary))
                for each in block.blocks:
                    self.block(each, depth, inside, wide)
            case Verbatim():
                self.verbatim(block)
            case Section():
                self.section(block, depth, wide)

    def operative(self, block: Operative, depth: int, wide: bool) -> None:
        """A numbered paragraph. Numbers are counted by the reader's program, from where the document says."""
        element = self.element
        if block.number != self.expected:
            self.list = _counted_from(self.numbering, block.number)
        self.expected = block.number + 1
        number = element("numPr", element("ilvl", val=0), element("numId", val=self.list))
        kept = {"keepNext": element("keepNext")} if block.blocks else {}
        self.paragraph("OperativeParagraph", self.marks.line(block.line), numPr=number, **kept)
        for each in block.blocks:
            self.block(each, depth, True, wide)

    def quotation(self, block: Quotation) -> None:
        """Legal words, each paragraph with its number."""
        self.paragraph("QuoteSource", self.marks.line(block.source))
        for number, words in block.paragraphs:
            text = f"{self.document.labels['quote.open']}{words}{self.document.labels['quote.close']}"
            own = {"bidi": self.element("bidi", val=int(begins_leftward(words)))} if block.language else {}
            runs = self.marks.runs(f"{number} {text}" if number else text, language=block.language)
            self.paragraph("Quote", runs, **own)

    def tree(self, twigs: Sequence[Twig], depth: int) -> None:
        """The lines of a derivation, each set in below the one that it carries."""
        for twig in twigs:
            if twig.anchor:
                self.waiting.append(twig.anchor)
            more = {"ind": self.element("ind", left=STEP * min(depth, DEEPEST))} if depth else {}
            if not depth:
                more["spacing"] = self.element("spacing", before=100, after=20)
            self.paragraph("Derivation", self.marks.line(twig.line), **more)
            self.tree(twig.twigs, depth + 1)

    def verbatim(self, block: Verbatim) -> None:
        """Lines as they were written."""
        inside: list[Any] = []
        for number, line in enumerate(visible_lines(block.text).split("\n")):
            inside += [self.element("r", self.element("br"))] if number else []
            inside += self.marks.runs(line, language=block.language)
        # Rules begin with words of the language, which is written from left to right.
        self.add(self.marks.paragraph("RulesText", *inside, bidi=self.element("bidi", val=0)))

    def figure(self, figure: Figure, wide: bool) -> None:
        """A picture with its caption and notes; what it shows is told in words to those who hear the page."""
        from policy_dsl.render.forms.setting import pixels

        high = (self.paper.upright if wide else self.paper.turned) - ROUND_FIGURE
        width = min(A4.upright, high * figure.width // figure.height)
        self.paragraph("Caption", self.marks.line(figure.caption))
        size = (width * TWENTIETH, width * TWENTIETH * figure.height // figure.width)
        inline = self.file.part.new_pic_inline(BytesIO(pixels(figure)), *size)
        inline.docPr.set("title", visible(figure.label))
        inline.docPr.set("descr", visible(figure.words))
        kept = {"keepNext": self.element("keepNext")} if figure.notes else {}
        drawing = self.element("r", self.element("drawing", inline))
        self.add(
            self.marks.paragraph("Gap", drawing, **kept, spacing=self.element("spacing", line=240, lineRule="auto"))
        )
        for number, note in enumerate(figure.notes, 1):
            self.paragraph("TableNote", self.marks.line(note), **(kept if number < len(figure.notes) else {}))

    def fitted(self, table: Table, inside: bool = False) -> Fit:
        """How a table fits on the paper."""
        return fitted(table, inside, self.paper)

    # ---- tables ---------------------------------------------------------------------------------------------------

    def table(self, table: Table, inside: bool, fit: Fit) -> None:
        """A table with its caption and its notes. Its head stands again on each page."""
        element, indent = self.element, INDENT if inside else 0
        if self.marks.rtl:
            # Programs do not agree on the side on which a narrow table then stands; of a wide one there is no doubt.
            fit = stretched(fit, self.paper.turned if fit.turned else self.paper.upright - indent)
        self.paragraph("Caption", self.marks.line(table.caption), **self._indented(indent))
        last = "1" if table.rows and table.rows[-1].kind == "total" else "0"
        properties = [element("tblStyle", val="DecisionTable")]
        properties += [element("bidiVisual")] if self.marks.rtl else []
        properties += [
            element("tblW", w=sum(fit.widths), type="dxa"),
            element("tblInd", w=indent, type="dxa"),
            element("tblLayout", type="fixed"),
            element("tblLook", val="0460" if last == "1" else "0420", firstRow=1, lastRow=last, noVBand=1),
            element("tblCaption", val=visible(table.label)),
        ]
        grid = element("tblGrid", *(element("gridCol", w=width) for width in fit.widths))
        rows = [self._head(table, fit)]
        # The last rows that are no member's are kept with the row before them.
        closing = next((n for n, row in enumerate(table.rows) if row.kind != "row"), len(table.rows)) - 1
        for number, row in enumerate(table.rows):
            rows.append(self._row(table, row, fit, kept=closing <= number < len(table.rows) - 1))
        self.add(element("tbl", element("tblPr", *properties), grid, *rows))
        for note in table.notes:
            self.paragraph("TableNote", self.marks.line(note), **self._indented(indent))
        if not table.notes:
            self.add(self.marks.paragraph("Gap"))

    def _indented(self, indent: int) -> dict[str, Any]:
        return {"ind": self.element("ind", left=indent)} if indent else {}

    def _head(self, table: Table, fit: Fit) -> Any:
        cells = []
        for column, width in zip(table.columns, fit.widths, strict=True):
            style = "TableHeadFigure" if column.figures else "TableHead"
            words = self.marks.line(column.heading, "", _size(fit))
            cells.append(self._cell(self.marks.paragraph(style, *words), width, "bottom"))
        return self.element("tr", self.element("trPr", self.element("cantSplit"), self.element("tblHeader")), *cells)

    def _row(self, table: Table, row: Row, fit: Fit, kept: bool) -> Any:
        style = _ROWS.get(row.kind, "")
        cells = []
        for column, cell, width in zip(table.columns, row.cells, fit.widths, strict=True):
            more = {"keepNext": self.element("keepNext")} if kept else {}
            runs = self.marks.line(cell.line, style, _size(fit))
            paragraph = self.marks.paragraph("TableFigure" if column.figures else "TableText", *runs, **more)
            cells.append(self._cell(paragraph, width, "top"))
        return self.element("tr", self.element("trPr", self.element("cantSplit")), *cells)

    def _cell(self, paragraph: Any, width: int, stands: str) -> Any:
        element = self.element
        properties = element("tcPr", element("tcW", w=width, type="dxa"), element("vAlign", val=stands))
        return element("tc", properties, paragraph)

    # ---- pages ----------------------------------------------------------------------------------------------------

    def _end_pages(self, wide: bool) -> None:
        """End the pages as they were so far; those that follow are of the other kind."""
        from copy import deepcopy

        from policy_dsl.render.forms.docx_package import shaped

        ended = deepcopy(self.body.sectPr)
        shaped(ended, self.paper, wide)
        self.add(self.element("p", self.element("pPr", self.element("pStyle", val="Gap"), ended)))
        # Later pages take their heads and feet from the first ones.
        for tag in ("headerReference", "footerReference", "titlePg"):
            for each in self.body.sectPr.findall(self.qn(f"w:{tag}")):
                self.body.sectPr.remove(each)


def _size(fit: Fit) -> int:
    """The size of the type, where it is not that of the style."""
    return 0 if fit.size == 180 else fit.size


def _counted_from(numbering: Any, first: int) -> int:
    """The number of a new list of operative paragraphs that begins with this one."""
    from policy_dsl.render.forms.docx_marks import element

    number = len(numbering.num_lst) + 1
    start = element("lvlOverride", element("startOverride", val=first), ilvl=0)
    numbering.append(element("num", element("abstractNumId", val=2), start, numId=number))
    return number
