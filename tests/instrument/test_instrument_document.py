"""The document of an instrument: complete, linked, safe, and the same every time."""

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from telling import checked, flat, spans

from policy_dsl.check import Checked
from policy_dsl.instrument import instrument
from policy_dsl.instrument.compose import compose
from policy_dsl.instrument.names import anchor
from policy_dsl.instrument.uses import Uses
from policy_dsl.pipeline import check_policy, open_file
from policy_dsl.render.document import Document, Figure, Section, Table
from policy_dsl.syntax import tree

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
POLICIES = sorted(
    path for path in ROOT.glob("policies/*/*.policy") if path.name.removesuffix(".policy") == path.parent.name
)
SPACES = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")


@cache
def policy(path: Path) -> Checked:
    found = check_policy(open_file(str(path))).checked
    assert found is not None
    return found


def model() -> Checked:
    return policy(ROOT / "policies" / "model_rules" / "model_rules.policy")


class Page(HTMLParser):
    """The places of a page, the links in it, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.places: Counter[str] = Counter()
        self.links: list[str] = []
        self.elements: Counter[str] = Counter()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        for name, value in attrs:
            if name == "id":
                self.places[str(value)] += 1
            if name == "href":
                self.links.append(str(value))

    def handle_data(self, data: str) -> None:
        self.text += data


def sections(document: Document) -> dict[str, Section]:
    """All sections by their anchors."""
    found = {}
    waiting: list[object] = list(document.sections)
    while waiting:
        block = waiting.pop()
        if isinstance(block, Section):
            found[block.anchor] = block
        waiting += getattr(block, "blocks", ())
    return found


def test_the_document_of_the_first_example() -> None:
    """`policy docs docs/example/lake.policy` is kept in `data/lake.md`, to be read when it changes."""
    made = instrument(policy(ROOT / "docs" / "example" / "lake.policy"), "md")
    assert made == (DATA / "lake.md").read_text("utf-8")


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.parent.name)
def test_every_link_has_its_place_and_every_place_is_one(path: Path) -> None:
    page = Page(str(instrument(policy(path), "html")))
    assert page.links
    assert all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.places)
    assert not [place for place, times in page.places.items() if times > 1]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.parent.name)
def test_every_name_is_defined_once_and_leads_there(path: Path) -> None:
    """Each provision has its place; and what a provision names in the text is linked where it is told."""
    of = policy(path)
    document, uses = compose(of), Uses(of.program)
    places = {span.anchor for span in spans(document.sections) if span.anchor} | set(sections(document))
    assert {anchor(each.name) for each in uses.entries if each.kind != "reservable"} <= places
    told = sections(document)
    for entry in uses.entries:
        section = told.get(anchor(entry.name))
        if section is not None and entry.parent is None:
            leads = {span.to for span in spans(section)}
            assert {anchor(each.name) for each in uses.needs[entry.name]} <= leads, entry.name


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.parent.name)
def test_all_legal_words_stand_in_the_document_word_for_word(path: Path) -> None:
    page = Page(str(instrument(policy(path), "html")))
    for law in policy(path).program.law:
        for line in law.node.lines:
            if isinstance(line, tree.Prose):
                assert line.text in page.text


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.parent.name)
def test_no_formula_of_the_language_is_told_as_it_is_written(path: Path) -> None:
    """Names of the policy language hold low lines; none comes out, but in words that somebody wrote."""
    found = [span for span in spans(compose(policy(path)).sections) if span.kind not in ("given", "quoted")]
    assert not [span.text for span in found if re.search(r"[a-z0-9]_[a-z0-9]", span.text)]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.parent.name)
def test_the_index_tells_where_each_term_is_defined_and_used(path: Path) -> None:
    of = policy(path)
    uses = Uses(of.program)
    index = sections(compose(of))["terms"]
    rows = next(block for block in index.blocks if isinstance(block, Table)).rows
    by_place = {row.cells[0].line[0].to: row for row in rows}
    titles = [flat(row.cells[0].line).casefold() for row in rows]
    assert len(titles) == len(rows)
    for entry in uses.entries:
        if entry.kind in ("procedure", "reservable"):
            continue
        row = by_place[anchor(entry.name)]
        used = {span.to for span in row.cells[3].line if span.kind == "term"}
        assert used == {anchor(each.name) for each in uses.users[entry.name]}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.parent.name)
def test_what_a_case_must_supply_is_all_that_the_policy_declares(path: Path) -> None:
    of = policy(path)
    section = sections(compose(of)).get("case-data")
    leads = {span.to for span in spans(section)} if section is not None else set()
    assert {anchor(each.name) for each in of.program.of_kind("indicator")} <= leads


def test_weights_of_a_key_add_up_as_they_are_told() -> None:
    key = sections(compose(model()))[anchor("demographic")]
    table = next(block for block in key.blocks if isinstance(block, Table))
    assert [flat(row.cells[1].line) for row in table.rows] == ["50%", "20%", "30%"]


def test_a_scale_is_drawn_with_what_its_table_holds() -> None:
    scale = sections(compose(model()))[anchor("graduated")]
    table = next(block for block in scale.blocks if isinstance(block, Table))
    figure = next(block for block in scale.blocks if isinstance(block, Figure))
    assert [each.of for each in figure.drawn] == [flat_hard(row.cells[0].line) for row in table.rows]
    for row in table.rows:
        assert flat_hard(row.cells[1].line) in figure.picture
        assert flat_hard(row.cells[1].line) in figure.words


def flat_hard(line: tuple[object, ...]) -> str:
    """A line without its marks, its blanks as they are."""
    return "".join(str(getattr(span, "text", "")) for span in line)


def test_a_procedure_is_drawn_by_what_each_step_rests_on() -> None:
    of = checked("define n = 1\nguarantee g : n > 0")
    flow = next(each for each in figures(compose(of)) if each.kind == "flow") if figures(compose(of)) else None
    assert flow is None  # two steps, of which one rests on the other, are told by a sentence
    drawn = [each for each in figures(compose(model())) if each.kind == "flow"]
    pairs = {(each.of, each.what) for figure in drawn for each in figure.drawn}
    assert {("request", "meeting"), ("request", "attendance"), ("meeting", "decision")} <= pairs


def figures(document: Document) -> list[Figure]:
    """All figures of a document."""
    return [block for section in sections(document).values() for block in section.blocks if isinstance(block, Figure)]


def test_figures_through_time_and_worked_cases() -> None:
    of = policy(ROOT / "policies" / "peacekeeping_levels" / "peacekeeping_levels.policy")
    text = str(instrument(of, "md")).translate(SPACES)
    assert "| *Standard rate* | 1 July 2018 | USD 1 428 per person per month | A/RES/72/285 |" in text
    worked = str(instrument(model(), "md")).translate(SPACES)
    assert "Any member convenes, and no other need second it" in worked
    assert "- *Request to convene* on 4 March 2024, 08:00 UTC, by North Macedonia" in worked
    assert "- *Request to convene* is done, by reason of Art. 4(1)." in worked


def test_departures_from_the_model_are_listed(tmp_path: Path) -> None:
    (tmp_path / "model.policy").write_text((ROOT / "docs" / "example" / "lake.policy").read_text("utf-8"), "utf-8")
    (tmp_path / "own.policy").write_text(
        'policy own "Own rules"\n  language 1\n  version "1"\n  authority "Treaty"\n  in force from 2027-01-01\n'
        '  currency USD\n  based on "model.policy"\n\n'
        'add article 2 "Reports"\n  > Each member reports.\n  procedure reporting\n    step report "Report"\n'
        "      by members\n",
        "utf-8",
    )
    text = str(instrument(policy(tmp_path / "own.policy"), "md"))
    assert "These rules are those of Rules of the Lake Group, but for what is listed here." in text
    assert "| Article 2 added: Reports | – | – |" in text
    assert "Article 1: Sharing arrivals (from Rules of the Lake Group)" in text


HOSTILE = '<script>alert(1)</script> [a](http://x.y) **b** | c `d` & "#"'.replace('"', "'")


def test_marks_in_words_are_words() -> None:
    of = checked(f'> {HOSTILE}\ndefine n "{HOSTILE}" = 1\n  because "{HOSTILE}"\nguarantee g : n > 0')
    page = Page(str(instrument(of, "html")))
    assert not page.elements["script"]
    assert page.text.count(HOSTILE) >= 3
    text = str(instrument(of, "md"))
    assert "<script>" not in text
    assert "http:\\/\\/x.y" in text
    assert "\\*\\*b\\*\\* \\| c" in text
    assert pypdf.PdfReader(BytesIO(bytes(instrument(of, "pdf")))).pages  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["md", "html", "pdf", "docx"])
def test_a_form_is_the_same_to_the_byte(form: str) -> None:
    path = ROOT / "docs" / "example" / "lake.policy"
    one, other = (instrument(fresh, form) for fresh in (again(path), again(path)))
    assert one == other


def again(path: Path) -> Checked:
    """A policy read anew, so that nothing is remembered of it."""
    found = check_policy(open_file(str(path))).checked
    assert found is not None
    return found


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_paper_leads_to_the_same_places(form: str) -> None:
    """The forms on paper hold a link for every link of the page, and a place for it."""
    document = compose(model())
    wanted = {span.to for span in spans(document.sections) if span.to in document.anchors}
    made = bytes(instrument(model(), form))  # type: ignore[arg-type]
    if form == "docx":
        from zipfile import ZipFile

        text = ZipFile(BytesIO(made)).read("word/document.xml").decode()
        links, places = set(re.findall(r'w:anchor="(\w+)"', text)), set(re.findall(r'w:name="(_place\d+)"', text))
        assert len(links) >= len(wanted)
        assert links <= places
    else:
        reader = pypdf.PdfReader(BytesIO(made))
        marks = [mark.get_object() for page in reader.pages for mark in page.get("/Annots", ())]
        assert len([mark for mark in marks if mark["/Subtype"] == "/Link"]) >= len(wanted)


@pytest.mark.parametrize(("language", "says"), [("fr", "Ce qui est réparti : "), ("ar", "المتقاسم: ")])
def test_titles_and_words_in_the_language_of_the_document(language: str, says: str) -> None:
    page = Page(str(instrument(model(), "html", language)))
    assert says in page.text
    document = compose(model(), language)
    assert document.language == language
    titles = {flat(section.heading) for section in sections(document).values()}
    assert {"fr": "Clef démographique", "ar": "الأعضاء في حالة بعينها"}[language] in titles


def test_the_contents_lead_to_every_article() -> None:
    page = str(instrument(model(), "html"))
    contents = page[page.index("<nav") : page.index("</nav>")]
    for law in model().program.law:
        assert f'href="#art-{law.address.article}"' in contents


def test_what_a_gap_means_is_told_by_what_needs_the_fact() -> None:
    """What only a duty needs may be missing; what a result needs may not, unless the policy says what then counts."""
    text = str(instrument(model(), "md")).translate(SPACES)
    assert (
        "| *Refugees returned to danger* | persons | – | *UNHCR* | duties and guarantees that need it are not" in text
    )
    assert "| *Population* | persons | – | – | what needs it has no result |" in text
    assert "| *Refugees already hosted* | persons | – | – | 0 persons is counted |" in text
    assert "| *Gross national product* | persons" not in text


def test_a_draft_is_told_as_one_reading_of_it(tmp_path: Path) -> None:
    from policy_dsl.cli import main

    lake = (ROOT / "docs" / "example" / "lake.policy").read_text("utf-8")
    draft = lake.rstrip() + "\n  alternative A proposed by RWA\n    define n = 1\n  alternative B\n    none\n"
    (tmp_path / "draft.policy").write_text(draft, "utf-8")
    assert main(["docs", str(tmp_path / "draft.policy"), "--out", str(tmp_path / "draft.md"), "-q"]) != 0
    assert main(["docs", str(tmp_path / "draft.policy"), "--take", "A", "--out", str(tmp_path / "a.md"), "-q"]) == 0
    assert "These alternatives of the draft are read as adopted: A." in (tmp_path / "a.md").read_text("utf-8")
