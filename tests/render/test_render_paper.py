"""PDF and DOCX: all of the document and nothing else, as real headings, tables and lists, the same on every machine."""

import hashlib
import itertools
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import docx as library
import pytest
from docx.oxml.ns import qn
from docx.table import Table as DocxTable
from pypdf import PdfReader
from whole_document import (
    ARABIC,
    ENGLISH,
    deep,
    everything,
    figure,
    headings_of,
    line,
    rows_of,
    table,
    tables_of,
    texts,
    walked,
)

from policy_dsl.render import numbers, render_document
from policy_dsl.render.compose import compose
from policy_dsl.render.document import Cell, Document, Operative, Section, Tree, Twig, anchors_in
from policy_dsl.render.escape import visible
from policy_dsl.render.forms import FormMissing
from policy_dsl.render.forms.direction import isolated, leftward, stretches
from policy_dsl.render.forms.paper import A4, INDENT, SIZES, fitted, turned

HOSTILE = (
    "#emph[x] $1$ @a <b>&amp;</b> \\u{41} `r` *s* _u_ = h // c /* d */ \"q\" 'r' {{7*7}} {% raw %} ]]> "
    "\u202e\x07\x00\u200b"
)
ARABIC_TEXT = "نص قدمه Rwanda 12"
DOCUMENTS = {
    "english": everything(),
    "arabic": everything(ARABIC, "ar", "rtl", given=ARABIC_TEXT),
    "mixed": everything(given="السلام عليكم 12"),
    "hostile": everything(ENGLISH | {"title": HOSTILE}, given=HOSTILE),
}
CASES = [*DOCUMENTS, "spring case", "hostile case"]
FORMS = ["pdf", "docx"]
poppler = pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="the tools of poppler are not installed")


@pytest.fixture(params=CASES)
def document(request) -> Document:
    if request.param in DOCUMENTS:
        return DOCUMENTS[request.param]
    return composed(request.getfixturevalue(request.param.split()[0]))


COMPOSED: dict[int, Document] = {}
MADE: dict[tuple[int, str], tuple[Document, bytes]] = {}


def composed(decision) -> Document:
    return COMPOSED.setdefault(id(decision), compose(decision, folds=False))


def made(document: Document, form: str) -> bytes:
    """The document in a form, made once."""
    if (id(document), form) not in MADE:
        found = render_document(document, form)
        assert isinstance(found, bytes)
        MADE[id(document), form] = (document, found)
    return MADE[id(document), form][1]


def pdf(document: Document) -> PdfReader:
    return PdfReader(BytesIO(made(document, "pdf")))


def docx(document: Document):
    return library.Document(BytesIO(made(document, "docx")))


def unmarked(text: str) -> str:
    """A text without the mark that ends Latin words in a document from right to left."""
    return text.replace("\N{RIGHT-TO-LEFT MARK}", "")


def bare(text: str) -> str:
    """A text without blanks and without the signs that only keep directions apart."""
    return re.sub(r"[\s\u200f\u2066-\u2069\u202a-\u202e\xad]", "", text)


def pages(reader: PdfReader, title: str) -> str:
    """The text of all pages without what stands at their head and foot."""
    kept = []
    for number, page in enumerate(reader.pages, 1):
        lines = page.extract_text().split("\n")
        assert lines.pop() == f"{number} / {len(reader.pages)}"
        if number > 1:
            assert bare(visible(title)).startswith(bare(lines.pop(0)).rstrip("…"))
        kept += lines
    return bare("".join(kept))


def body(file) -> list[str]:
    """The paragraphs of a file in their order, those in tables among them."""
    found = []
    for part in file.iter_inner_content():
        if isinstance(part, DocxTable):
            found += [cell.text for row in part.rows for cell in row.cells]
        else:
            found.append(part.text)
    return found


def number(text: str) -> Fraction | None:
    digits = re.sub(rf"[\s≈%{numbers.THIN}{numbers.HARD}]", "", text).replace("−", "-")
    return Fraction(digits) if re.fullmatch(r"-?\d+(\.\d+)?", digits) else None


def add_up(rows: list[list[str]], kinds: list[str]) -> int:
    """Check the totals of a printed table against its printed rows; gives how many there were."""
    checked = 0
    for column in range(1, len(rows[0])):
        total = number(rows[-1][column])
        if kinds[-1] != "total" or total is None:
            continue
        cells = [row[column] for row in rows[1:-1]]
        shown = [found for cell in cells if (found := number(cell)) is not None]
        slack = Fraction(sum("≈" in cell for cell in cells), 2 * 10**2)
        assert abs(sum(shown, Fraction(0)) - total) <= slack, (rows[0][column], cells, total)
        checked += 1
    return checked


# ---- all of it -------------------------------------------------------------------------------------------------------


def test_all_texts_are_in_the_pdf_in_their_order(document):
    if leftward("".join(texts(document))):
        pytest.skip("a reader of PDF gives Arabic in the order in which it is drawn")
    text, place = pages(pdf(document), document.title), 0
    for each in texts(document):
        wanted = bare(visible(each))
        found = text.find(wanted, place)
        assert found >= 0, (each, text[place : place + 200])
        place = found + len(wanted)


def test_all_texts_are_in_the_docx_in_their_order(document):
    found = iter(itertools.chain.from_iterable(each.split("\n") for each in body(docx(document))))
    for text in texts(document):
        wanted = visible(text)
        assert any(unmarked(each).rstrip() == wanted.rstrip() for each in found), text


def test_the_headings_of_the_pdf_are_those_of_the_document(document):
    def flat(outline, depth=1):
        for each in outline:
            if isinstance(each, list):
                yield from flat(each, depth + 1)
            else:
                # Words of the other direction are set apart in an outline as well.
                yield each.title.translate(dict.fromkeys(map(ord, "\u2068\u2069"))), depth

    wanted = [(visible(title), depth) for title, depth in headings_of(document)]
    assert [
        (each, depth) for each, depth in flat(pdf(document).outline) if each != document.labels["contents"]
    ] == wanted


def test_the_headings_of_the_docx_are_those_of_the_document(document):
    found = [
        (unmarked(each.text), int(each.style.name.split()[1]))
        for each in docx(document).paragraphs
        if each.style.name.startswith("Heading")
    ]
    assert found == [(visible(title), depth) for title, depth in headings_of(document)]


@pytest.mark.parametrize("levels", [40, 150])
@pytest.mark.parametrize("form", FORMS)
def test_a_derivation_may_be_deeper_than_a_page_is_wide(form, levels):
    sections = (Section(line("Deep"), (Operative(1, line("x"), (Tree((deep(levels),)),)),), "deep"),)
    document = Document(
        line("T"),
        line("A"),
        (),
        everything().status,
        sections,
        labels={"contents": "Contents", "quote.open": "“", "quote.close": "”"},
    )
    text = pages(pdf(document), "T") if form == "pdf" else bare("".join(body(docx(document))))
    assert "".join(f"step{level}" for level in range(1, levels + 1)) in text


# ---- tables ----------------------------------------------------------------------------------------------------------


def test_the_tables_of_the_docx_hold_every_cell_and_add_up(document):
    tables, wanted = docx(document).tables, tables_of(document)
    assert len(tables) == len(wanted)
    checked = 0
    for found, each in zip(tables, wanted, strict=True):
        rows = [[unmarked(cell.text) for cell in row.cells] for row in found.rows]
        assert rows == [[visible(cell) for cell in row] for row in rows_of(each)]
        checked += add_up(rows, [row.kind for row in each.rows])
    assert checked


@poppler
def test_the_tables_of_the_pdf_hold_every_cell_and_add_up(document, tmp_path):
    (tmp_path / "a.pdf").write_bytes(made(document, "pdf"))
    # What poppler says of a heading's title is not in UTF-8; what it says of cells is.
    ran = subprocess.run(["pdfinfo", "-struct-text", tmp_path / "a.pdf"], capture_output=True, check=True)
    tables: list[list[list[str]]] = []
    inside = 0
    for row in ran.stdout.decode(errors="replace").split("\n"):
        depth, said = len(row) - len(row.lstrip()), row.strip()
        inside = inside if depth > inside else 0
        if said.startswith("Table"):
            tables.append([])
        elif said == "TR":
            tables[-1].append([])
        elif re.match(r"T[HD]\b", said):
            tables[-1][-1].append("")
            inside = depth
        elif inside and said.startswith('"'):
            tables[-1][-1][-1] += said[1:-1]
    wanted = tables_of(document)
    assert len(tables) == len(wanted)
    checked = 0
    for rows, each in zip(tables, wanted, strict=True):
        assert [len(row) for row in rows] == [len(each.columns)] * (len(each.rows) + 1)
        if not leftward("".join(itertools.chain(*rows_of(each)))):
            assert [[bare(c) for c in row] for row in rows] == [
                [bare(visible(c)) for c in row] for row in rows_of(each)
            ]
            checked += add_up(rows, [row.kind for row in each.rows])
    # What poppler gives of a line that runs from right to left is not what stands in it.
    assert checked or document.direction == "rtl"


def test_the_head_of_a_table_stands_again_on_each_page_and_figures_stand_to_the_right(document):
    for found, each in zip(docx(document).tables, tables_of(document), strict=True):
        properties = [row._tr.trPr for row in found.rows]
        assert [each.find(qn("w:tblHeader")) is not None for each in properties] == [True] + [False] * len(each.rows)
        for row in found.rows[1:]:
            for cell, column in zip(row.cells, each.columns, strict=True):
                assert (cell.paragraphs[0].style.name == "Table Figure") == column.figures
    styles = docx(document).styles
    assert all(styles[name].paragraph_format.alignment == 2 for name in ("Table Figure", "Table Head Figure"))
    reader = pdf(document)
    if document is DOCUMENTS["english"]:
        heads = [page for page in reader.pages if "Member Place 0 lex Place 1 lex\n" in page.extract_text()]
        assert len(heads) == 3


@pytest.mark.parametrize(
    ("columns", "inside"), [(1, False), (6, False), (9, False), (14, False), (14, True), (40, True)]
)
@pytest.mark.parametrize("size", SIZES)
def test_a_table_fits_its_page(columns, inside, size):
    paper = SIZES[size]
    fit = fitted(table("T", ENGLISH, columns), inside, paper)
    room = paper.turned if fit.turned else paper.upright - INDENT * inside
    assert sum(fit.widths) <= room
    assert len(fit.widths) == columns + 1
    assert not (fit.turned and inside)
    assert fit.turned == (columns > 9 and not inside)


@pytest.mark.parametrize("inside", [False, True])
def test_a_word_longer_than_the_page_is_no_obstacle(inside):
    given = table("T", ENGLISH | {"head": "x" * 5000, "word": "y" * 900}, 3)
    assert sum(fitted(given, inside).widths) <= (A4.upright - INDENT if inside else A4.turned)


def test_a_total_never_begins_a_page_alone():
    # So many tables, of so many lengths, that in some of them a page ends just before the total.
    tables = [table(f"T{rows}", ENGLISH, rows=rows) for rows in range(2, 60)]
    sections = (Section(line("S"), tuple(tables), "s"),)
    document = replace(DOCUMENTS["english"], sections=sections, anchors=frozenset({"s"}))
    texts = [page.extract_text().split("\n") for page in pdf(document).pages]
    begun = [text[at + 1] for text in texts for at, said in enumerate(text[:4]) if said == "Member Place 0 lex"]
    assert len(begun) > 20
    assert [each for each in begun if not each.startswith("Place ")] == []


def test_a_short_table_is_on_one_page_and_a_long_text_in_it_is_not_lost():
    tables = [table(f"T{number}", ENGLISH, rows=4) for number in range(40)]
    sections = (Section(line("S"), tuple(tables), "s"),)
    document = replace(DOCUMENTS["english"], sections=sections, anchors=frozenset({"s"}))
    for page in pdf(document).pages:
        lines = page.extract_text().split("\n")
        assert lines.count("Member Place 0 lex") == sum(each.startswith("Total T") for each in lines)
    words = " ".join(f"word{number}" for number in range(3000))
    wordy = replace(tables[0], rows=(replace(tables[0].rows[0], cells=(Cell(line(words)), Cell(()))),))
    long = replace(document, sections=(Section(line("S"), (wordy,), "s"),))
    assert len(pdf(long).pages) > 1
    assert bare(words) in pages(pdf(long), ENGLISH["title"]).replace("MemberPlace0lex", "")


def test_what_leads_up_to_a_wide_table_is_on_its_page():
    narrow, wide = table("Narrow", ENGLISH), table("Wide", ENGLISH, 14)
    assert [turned(Section((), blocks)) for blocks in [(narrow,), (wide,), (narrow, wide, narrow), ()]] == [0, 1, 2, 0]
    sizes = [(page.mediabox.width > page.mediabox.height) for page in pdf(DOCUMENTS["english"]).pages]
    assert sizes.count(True) == 1
    shapes = [each.page_width > each.page_height for each in docx(DOCUMENTS["english"]).sections]
    assert shapes == [False, True, False]


@pytest.mark.parametrize("name", ["english", "arabic"])
def test_words_of_another_language_are_marked_as_such_on_paper(name):
    document = DOCUMENTS[name]
    marked = set()
    for run in docx(document).element.body.iter(qn("w:r")):
        language = run.rPr.find(qn("w:lang")) if run.rPr is not None else None
        if language is not None:
            assert "la" in language.attrib.values()
            marked.add("".join(text.text or "" for text in run.iter(qn("w:t"))))
    assert {"lex", " Lex (I)", "Lex (II)"} <= marked
    streams = b"".join(page.get_contents().get_data() for page in pdf(document).pages)
    own = f"/Lang({document.language})".encode()
    assert set(re.findall(rb"/Lang\([^)]*\)", streams)) | {own} == {b"/Lang(la)", own}


# ---- the frame -------------------------------------------------------------------------------------------------------


def test_a_pdf_tells_what_it_is_to_a_screen_reader(document):
    reader = pdf(document)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == document.language
    assert reader.metadata is not None
    assert reader.metadata.title == visible(document.title)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert root.get("/ViewerPreferences", {}).get("/Direction", "/L2R") == (
        "/R2L" if document.direction == "rtl" else "/L2R"
    )


def test_every_page_but_the_first_has_the_title_at_its_head_and_all_have_their_number():
    reader = pdf(DOCUMENTS["english"])
    for number, page in enumerate(reader.pages, 1):
        lines = [each.strip() for each in page.extract_text().split("\n")]
        assert lines.count(f"{number} / {len(reader.pages)}") == 1
        assert lines.count(ENGLISH["title"]) == 1


def test_a_link_in_the_pdf_leads_to_a_place_in_it_and_nowhere_else(document):
    reader = pdf(document)
    actions = [
        each.get_object() for page in reader.pages for each in page.get("/Annots", ()) if each["/Subtype"] == "/Link"
    ]
    assert actions
    known = set(reader.named_destinations)
    for each in actions:
        target = each.get("/Dest") or each["/A"]["/D"]
        assert "/URI" not in each.get("/A", {})
        assert not isinstance(target, str) or target in known
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(reader.trailer["/Root"])


def test_a_link_in_the_docx_leads_to_a_place_in_it_and_nowhere_else(document):
    file = docx(document)
    names = [each.get(qn("w:name")) for each in file.element.iter(qn("w:bookmarkStart"))]
    assert len(names) == len(set(names)) == len(document.anchors)
    links = list(file.element.iter(qn("w:hyperlink")))
    assert links
    assert {each.get(qn("w:anchor")) for each in links} <= set(names)
    assert not [each for each in file.part.rels.values() if each.is_external]


def test_operative_paragraphs_are_numbered_by_the_program_as_in_the_document(document):
    file = docx(document)
    lists = {each.numId: each for each in file.part.numbering_part.element.num_lst}
    counted: dict[int, int] = {}
    found = []
    for each in file.paragraphs:
        if each.style.name == "Operative Paragraph":
            number = each._p.pPr.numPr.numId.val
            start = [int(each.get(qn("w:val"))) for each in lists[number].iter(qn("w:startOverride"))]
            counted[number] = counted[number] + 1 if number in counted else (start or [1])[0]
            found.append(counted[number])
    assert found == [block.number for block, _ in walked(document.sections) if isinstance(block, Operative)]


def test_a_docx_tells_its_title_and_language_and_nothing_of_its_making(document):
    data = made(document, "docx")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert not [name for name in names if "thumbnail" in name or "app.xml" in name or "customXml" in name]
    assert not re.search("created|modified|creator|python", core)
    file = docx(document)
    assert file.core_properties.title == visible(document.title)[:255]
    assert file.core_properties.language == document.language
    own = next(file.styles.element.iter(qn("w:lang")))
    assert own.get(qn("w:bidi" if document.direction == "rtl" else "w:val")) == document.language


def test_pages_are_numbered_by_fields():
    file = docx(DOCUMENTS["english"])
    first = file.sections[0]
    for foot in (first.footer, first.first_page_footer):
        assert [each.get(qn("w:instr")).strip() for each in foot._element.iter(qn("w:fldSimple"))] == [
            "PAGE",
            "NUMPAGES",
        ]
    assert first.header.paragraphs[0].text == ENGLISH["title"]
    assert first.first_page_header.paragraphs[0].text == ""
    assert (first.page_width.mm, first.page_height.mm) == (pytest.approx(210, abs=0.1), pytest.approx(297, abs=0.1))


@pytest.mark.parametrize(("listed", "deepest"), [(1, 1), (2, 2), (9, 3)])
def test_the_contents_lead_to_each_section_and_have_a_field_for_its_page(listed, deepest):
    document = replace(DOCUMENTS["english"], listed=listed)
    wanted = [(b.title, f"toc {depth}") for b, depth in walked(document.sections)
              if isinstance(b, Section) and b.title and b.anchor and depth <= deepest]  # fmt: skip
    body = docx(document).element.body
    entries = [p for p in docx(document).paragraphs if p.style.name.startswith("toc ")]
    assert [(each.text.rstrip("\t"), each.style.name) for each in entries] == wanted
    places = {each.get(qn("w:name")): each.getparent() for each in body.iter(qn("w:bookmarkStart"))}
    for entry, (title, _) in zip(entries, wanted, strict=True):
        (link,) = entry._p.iter(qn("w:hyperlink"))
        place = link.get(qn("w:anchor"))
        assert [each.text.split()[:2] for each in entry._p.iter(qn("w:instrText"))] == [["PAGEREF", place]]
        kinds = [each.get(qn("w:fldCharType")) for each in entry._p.iter(qn("w:fldChar"))]
        assert kinds == ["begin", "separate", "end"]
        assert "".join(each.text or "" for each in places[place].iter(qn("w:t"))) == title


@pytest.mark.parametrize("name", [
    "Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4", "List Bullet", "Quote", "Caption", "Recital",
    "Operative Paragraph", "Derivation", "Rules Text",
])  # fmt: skip
def test_an_office_finds_the_styles_it_knows(name):
    assert name in {each.style.name for each in docx(DOCUMENTS["english"]).paragraphs}


# ---- from right to left ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["المملكة المتحدة", "الكويت", "الكونغو - كينشاسا", "عُمان", "خُمسها على الأقل", "Oman عُمان"]
)
def test_arabic_words_of_every_shape_may_stand_in_a_picture(words):
    drawing = figure("F", words)
    picture = drawing.picture.replace(words[:12], words)
    sections = (Section(line("S"), (replace(drawing, picture=picture),), "s"),)
    document = replace(DOCUMENTS["arabic"], sections=sections, anchors=frozenset({"s"}))
    assert words in picture
    assert len(pdf(document).pages) == 1


def test_an_arabic_docx_runs_from_right_to_left():
    file = docx(DOCUMENTS["arabic"])
    for each in file.element.iter(qn("w:pPr")):
        if each.find(qn("w:sectPr")) is None:
            assert each.find(qn("w:bidi")) is not None
    assert all(each.find(qn("w:bidiVisual")) is not None for each in file.element.iter(qn("w:tblPr")))
    for run in file.element.iter(qn("w:r")):
        text = "".join(each.text or "" for each in run.iter(qn("w:t")))
        marked = run.rPr is not None and run.rPr.find(qn("w:rtl")) is not None
        assert not re.search("[ء-ي]", text) or marked
        assert not re.search("[A-Za-z]", text) or not marked


def test_arabic_in_an_english_docx_is_marked_where_it_stands():
    file = docx(DOCUMENTS["mixed"])
    marked = [
        "".join(t.text for t in run.iter(qn("w:t"))) for run in file.element.iter(qn("w:r")) if run.xpath("w:rPr/w:rtl")
    ]
    assert set(marked) >= {"السلام عليكم 12"}
    assert not file.element.xpath("//w:pPr/w:bidi[not(@w:val)]")


@pytest.mark.parametrize(
    ("text", "direction", "apart"),
    [
        ("abc", "ltr", False),
        ("abc", "rtl", True),
        ("سلام", "ltr", True),
        ("سلام", "rtl", False),
        ("12", "rtl", False),
    ],
)
def test_a_given_text_that_runs_against_the_document_is_kept_apart(text, direction, apart):
    assert isolated(text, direction) == (f"\u2068{text}\u2069" if apart else text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("12 - 3", [("12 - 3", False)]),
        ("(سلام) 12", [("(سلام) 12", True)]),
        ("نص Rwanda 12 نص", [("نص ", True), ("Rwanda 12 ", False), ("نص", True)]),
    ],
)
def test_a_text_is_cut_where_its_direction_turns(text, parts):
    assert stretches(text) == parts


# ---- hostile and strange text ----------------------------------------------------------------------------------------


def test_hostile_text_comes_out_as_text():
    document = DOCUMENTS["hostile"]
    shown = visible(HOSTILE)
    assert "[U+202E][U+0007][U+0000][U+200B]" in shown
    wanted = sum(text.count(HOSTILE) for text in texts(document))
    assert pages(pdf(document), HOSTILE).count(bare(shown)) == wanted
    assert "\n".join(body(docx(document))).count(shown) == wanted
    for paragraph in docx(document).paragraphs:
        assert not set(paragraph.text) & set("\u202e\x07\x00\u200b")


def test_a_sign_that_no_type_holds_is_shown_by_its_number_in_the_pdf():
    document = everything(given="中文 e\u0301 👩\u200d👧 סלאם Ω")
    text = pages(pdf(document), document.title)
    assert "[U+4E2D][U+6587]e\u0301[U+1F469]" in text.replace("é", "e\u0301")
    assert "Ω" in text
    assert "中文" in "".join(body(docx(document)))


def test_a_long_word_stays_on_the_page():
    document = everything(given="0123456789abcdef" * 40)
    for page in pdf(document).pages:
        edges: list[float] = []
        page.extract_text(
            visitor_text=lambda text, _cm, tm, _font, _size, edges=edges: edges.append(tm[4]) if text.strip() else None
        )
        assert max(edges) < float(page.mediabox.width) - 50
    assert "0123456789abcdef" * 40 in pages(pdf(document), document.title)


# ---- the same everywhere ---------------------------------------------------------------------------------------------


def test_two_processes_make_the_same_bytes():
    script = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "from whole_document import everything\n"
        "from policy_dsl.render import render_document\n"
        "print(*(hashlib.sha256(render_document(everything(), form)).hexdigest() for form in ('pdf', 'docx')))"
    )
    said = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu")):
        more = {"PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": seed}
        command = [sys.executable, "-c", script, str(Path(__file__).parent)]
        said.append(subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | more).stdout)
    here = [hashlib.sha256(made(DOCUMENTS["english"], form)).hexdigest() for form in FORMS]
    assert said[0].split() == said[1].split() == here


def test_only_types_that_come_with_the_tool_are_used():
    for document in DOCUMENTS.values():
        fonts = set()
        for page in pdf(document).pages:
            fonts |= {each.get_object()["/BaseFont"] for each in page["/Resources"].get("/Font", {}).values()}
        names = {re.sub(r"^/[A-Z]{6}\+|-.*$", "", font) for font in fonts}
        assert names <= {"LibertinusSerif", "Amiri", "DejaVuSansMono"}


@pytest.mark.parametrize(
    ("form", "module"), [("pdf", "typst"), ("pdf", "fontpkg_amiri"), ("docx", "docx"), ("docx", "typst")]
)
def test_a_form_whose_part_is_not_installed_says_so(form, module, monkeypatch):
    from policy_dsl.render.forms import setting

    setting.compiler.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(FormMissing) as missing:
        render_document(DOCUMENTS["english"], form)
    assert missing.value.form == form


def test_the_document_model_is_told_whole():
    """A kind of block that the walk does not know would be left out of these tests."""
    assert {type(block).__name__ for block, _ in walked(DOCUMENTS["english"].sections)} == {
        "Section", "Paragraph", "Table", "Figure", "Bullets", "Operative", "Quotation", "Tree", "Fold", "Verbatim",
    }  # fmt: skip
    assert all(
        isinstance(each, Twig)
        for b, _ in walked(DOCUMENTS["english"].sections)
        if isinstance(b, Tree)
        for each in b.twigs
    )
    assert set(anchors_in(DOCUMENTS["english"].sections)) == DOCUMENTS["english"].anchors
