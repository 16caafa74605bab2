"""A document as DOCX: real styles, tables and fields, to be read, signed, or gone on with in an office's program.

The styles, lists and settings are those in `templates/docx`; this module says which is used where. The file is the same
to the byte every time: it holds no moment, no author and no trace of the machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile, ZipInfo

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
    Span,
    Table,
    Tree,
    Twig,
    Verbatim,
)
from policy_dsl.render.escape import visible, visible_lines
from policy_dsl.render.forms.direction import begins_leftward
from policy_dsl.render.forms.missing import FormMissing
from policy_dsl.render.forms.paper import INDENT, TURNED, UPRIGHT, Fit, fitted, stretched, turned

if TYPE_CHECKING:
    from docx.document import Document as File

PAGE = (11906, 16838)
MARGIN = 1134
DEEPEST_HEADING = 9
STEP = 240
ROUND_FIGURE = 1600
"""What is left on a page for the caption and notes of a figure, in twentieths of a point."""
TWENTIETH = 635
"""A twentieth of a point, in the units of drawings."""
DEEPEST = 20
"""Below this many steps a derivation is not set in any further: a page has an edge."""

_STYLES = {"note": "Note", "warning": "Warning", "recital": "Recital"}
_ROWS = {"total": "Strong", "part": "Emphasis"}


def docx(document: Document) -> bytes:
    """A document as DOCX. Raises FormMissing where the part of the tool that makes it is not installed."""
    try:
        import docx as library
    except ImportError:
        raise FormMissing("docx") from None
    file = library.Document()
    _furnish(file, document)
    _Writer(file, document).write()
    return _packed(file)


class _Writer:
    """Writes the body of a document, from its first line to its last."""

    def __init__(self, file: File, document: Document) -> None:
        from docx.oxml.ns import qn

        from policy_dsl.render.forms.docx_marks import Marks, element

        self.file, self.document = file, document
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
        self.paragraph("Subtitle", self.marks.runs(self.document.above))
        self.paragraph("Title", self.marks.runs(self.document.title))
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
        """The contents as a field. The reader's program adds the pages when it brings the field up to date."""
        element, marks = self.element, self.marks
        begin = [
            element("r", element("fldChar", fldCharType="begin")),
            element("r", _text(element("instrText"), ' TOC \\o "1-1" \\h \\z ')),
            element("r", element("fldChar", fldCharType="separate")),
        ]
        self.paragraph("TOCHeading", marks.runs(self.document.labels["contents"]))
        for section in self.document.sections:
            if section.title:
                line = (Span(section.title, "", section.anchor),)
                self.paragraph("TOC1", [*begin, *marks.line(line)])
                begin = []
        if not begin:
            end = element("r", element("fldChar", fldCharType="end"))
            self.last.getprevious().append(end)
            self.add(marks.paragraph("Gap"))

    def _head_and_foot(self) -> None:
        """The title at the head of each page but the first, the number at the foot of each."""
        page = self.file.sections[0]
        page.different_first_page_header_footer = True
        marks = self.marks
        for area in (page.header, page.footer, page.first_page_header, page.first_page_footer):
            area.is_linked_to_previous = False
        _only(page.header, marks.paragraph("Header", *marks.runs(self.document.title)))
        _only(page.first_page_header, marks.paragraph("DocumentLine"))
        for foot in (page.footer, page.first_page_footer):
            number = [marks.field("PAGE", "1"), *marks.runs(" / "), marks.field("NUMPAGES", "1")]
            _only(foot, marks.paragraph("Footer", *number))

    # ---- blocks ---------------------------------------------------------------------------------------------------

    def section(self, section: Section, depth: int, wide: bool = False) -> None:
        """A section; all that leads up to a table too wide for the page stands on wide pages."""
        leading = 0 if wide else turned(section)
        if leading:
            self._end_pages(wide=False)
        if section.anchor:
            self.waiting.append(section.anchor)
        if section.title:
            self.paragraph(f"Heading{min(depth, DEEPEST_HEADING)}", self.marks.runs(section.title))
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
                self.table(block, inside, fitted(block, inside or (not wide and fitted(block).turned)))
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
            self.paragraph("Quote", self.marks.runs(f"{number} {text}" if number else text), **own)

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
            inside += self.marks.runs(line)
        # Rules begin with words of the language, which is written from left to right.
        self.add(self.marks.paragraph("RulesText", *inside, bidi=self.element("bidi", val=0)))

    def figure(self, figure: Figure, wide: bool) -> None:
        """A picture with its caption and notes; what it shows is told in words to those who hear the page."""
        from policy_dsl.render.forms.setting import pixels

        room, high = (TURNED if wide else UPRIGHT), (PAGE[0] if wide else PAGE[1]) - 2 * MARGIN - ROUND_FIGURE
        width = min(room, UPRIGHT, high * figure.width // figure.height)
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

    # ---- tables ---------------------------------------------------------------------------------------------------

    def table(self, table: Table, inside: bool, fit: Fit) -> None:
        """A table with its caption and its notes. Its head stands again on each page."""
        element, indent = self.element, INDENT if inside else 0
        if self.marks.rtl:
            # Programs do not agree on the side on which a narrow table then stands; of a wide one there is no doubt.
            fit = stretched(fit, TURNED if fit.turned else UPRIGHT - indent)
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
        cells = [
            self._cell(
                self.marks.paragraph(
                    "TableHeadFigure" if column.figures else "TableHead", *self.marks.runs(column.title, "", _size(fit))
                ),
                width,
                "bottom",
            )
            for column, width in zip(table.columns, fit.widths, strict=True)
        ]
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

        ended = deepcopy(self.body.sectPr)
        _shaped(ended, wide, self.qn)
        self.add(self.element("p", self.element("pPr", self.element("pStyle", val="Gap"), ended)))
        # Later pages take their heads and feet from the first ones.
        for tag in ("headerReference", "footerReference", "titlePg"):
            for each in self.body.sectPr.findall(self.qn(f"w:{tag}")):
                self.body.sectPr.remove(each)


def _size(fit: Fit) -> int:
    """The size of the type, where it is not that of the style."""
    return 0 if fit.size == 180 else fit.size


def _text(made: Any, text: str) -> Any:
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def _only(area: Any, paragraph: Any) -> None:
    """Let a head or a foot hold this paragraph and nothing else."""
    root = area._element
    for each in list(root):
        root.remove(each)
    root.append(paragraph)


def _counted_from(numbering: Any, first: int) -> int:
    """The number of a new list of operative paragraphs that begins with this one."""
    from policy_dsl.render.forms.docx_marks import element

    number = len(numbering.num_lst) + 1
    start = element("lvlOverride", element("startOverride", val=first), ilvl=0)
    numbering.append(element("num", element("abstractNumId", val=2), start, numId=number))
    return number


def _shaped(page: Any, wide: bool, qn: Any) -> None:
    """Give a page its size and margins."""
    size = page.find(qn("w:pgSz"))
    width, height = reversed(PAGE) if wide else PAGE
    size.set(qn("w:w"), str(width))
    size.set(qn("w:h"), str(height))
    if wide:
        size.set(qn("w:orient"), "landscape")


def _furnish(file: File, document: Document) -> None:
    """Our own styles, lists and settings in place of the library's, and what the file says of itself."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import parse_xml

    from policy_dsl.render.forms.docx_marks import element

    folder = files("policy_dsl.render") / "templates" / "docx"
    parts = {"styles": file.styles.element, "numbering": file.part.numbering_part.element}
    parts["settings"] = file.settings.element
    for name, root in parts.items():
        for each in list(root):
            root.remove(each)
        root.extend(list(parse_xml((folder / f"{name}.xml").read_bytes())))
    language = next(file.styles.element.iter(qn("w:lang")))
    language.set(qn("w:bidi" if document.direction == "rtl" else "w:val"), document.language)
    page: Any = file.element.body.sectPr
    _shaped(page, False, qn)
    for side in ("top", "right", "bottom", "left"):
        page.find(qn("w:pgMar")).set(qn(f"w:{side}"), str(MARGIN))
    page.remove(page.find(qn("w:docGrid")))
    if document.direction == "rtl":
        page.append(element("bidi"))
        for edge in list(file.styles.element.iter(qn("w:left"))):
            if edge.getparent().tag == qn("w:pBdr"):
                edge.tag = qn("w:right")
    kept = ("styles", "numbering", "settings")
    _drop(file.part.rels, lambda kind: kind not in kept)
    _drop(file.part.package.rels, lambda kind: kind not in ("officeDocument", "core-properties"))
    core = file.core_properties._element
    for each in list(core):
        core.remove(each)
    file.core_properties.title = visible(document.title)[:255]
    file.core_properties.language = document.language


def _drop(relations: Any, unwanted: Any) -> None:
    """Leave parts out of the file by the kind of their relation."""
    for key in [key for key, each in relations.items() if unwanted(each.reltype.rsplit("/", 1)[-1])]:
        del relations[key]


def _packed(file: File) -> bytes:
    """The file with the earliest moment that an archive can hold in place of the present.

    Nothing is compressed: what a compressor makes of the same bytes is not the same on every machine.
    """
    written, made = BytesIO(), BytesIO()
    file.save(written)
    with ZipFile(written) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            entry = ZipInfo(name)
            entry.create_system = 0
            new.writestr(entry, old.read(name))
    return made.getvalue()
