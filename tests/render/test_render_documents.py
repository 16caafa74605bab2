"""Documents: complete, adding up, the same every time, and safe against the text that they are given."""

import html.parser
import itertools
import json
import re
from fractions import Fraction

import pytest
from markdown_it import MarkdownIt

from policy_dsl.explain import argue
from policy_dsl.render import numbers, render
from policy_dsl.render.compose import compose
from policy_dsl.render.document import Section, Table, anchors_in
from policy_dsl.values import Quantity

MARKDOWN = MarkdownIt("commonmark").enable("table")


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a Markdown text as a reader sees them, row by row."""
    found: list[list[list[str]]] = []
    inside = False
    for token in MARKDOWN.parse(text):
        if token.type in ("table_open", "table_close"):
            inside = token.type == "table_open"
            found.extend([[]] if inside else [])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and inside:
            found[-1][-1].append("".join(c.content for c in token.children or () if c.type in ("text", "code_inline")))
    return found


def number(cell: str) -> Fraction | None:
    bare = cell.replace(numbers.THIN, "").replace(numbers.HARD, "").replace("−", "-").replace("≈", "").rstrip("%†")
    return Fraction(bare) if re.fullmatch(r"-?\d+(\.\d+)?", bare.strip()) else None


def sections(found, depth=2):
    for each in found:
        if isinstance(each, Section):
            yield depth, each
            yield from sections(each.blocks, depth + 1)


@pytest.mark.parametrize("form", ["md", "html", "json", "pdf", "docx"])
@pytest.mark.parametrize("case", ["spring", "emergency", "hostile"])
def test_two_renders_are_equal(form, case, request):
    decision = request.getfixturevalue(case)
    assert render(decision, form) == render(decision, form)


def test_an_unknown_form_is_refused(spring):
    with pytest.raises(ValueError, match="unknown form"):
        render(spring, "odt")


@pytest.mark.parametrize("case", ["spring", "hostile"])
def test_totals_are_the_sums_of_the_rows_as_printed(case, request):
    checked = 0
    for table in tables(render(request.getfixturevalue(case), "md")):
        if table[-1][0] not in ("Total", "Balance after"):
            continue
        for column in range(1, len(table[0])):
            total = number(table[-1][column])
            cells = [row[column] for row in table[1:-1]]
            if total is None:
                continue
            shown = [amount for cell in cells if (amount := number(cell)) is not None]
            # Figures marked ≈ are rounded for display: each may be half a last digit off.
            slack = Fraction(sum("≈" in cell for cell in cells), 2 * 10**2)
            assert abs(sum(shown, Fraction(0)) - total) <= slack
            checked += 1
    assert checked


def test_every_figure_of_the_operative_part_is_in_the_decision(spring):
    known = {value.value for value in spring.values.values() if isinstance(value.value, Quantity)}
    known |= {shared.total.value for shared in spring.shares}
    known |= {Quantity(each, shared.unit) for shared in spring.shares for each in (shared.credits, shared.residue)}
    amounts = {quantity.amount for quantity in known}
    amounts |= {size for fund in spring.funds for _, _, size in fund.paid_out}
    amounts |= {sum(size for _, _, size in fund.paid_out) for fund in spring.funds}
    part = next(section for section in compose(spring).sections if section.kind == "operative")
    figures = [
        cell.amount
        for item in part.blocks
        for block in item.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
        if cell.amount is not None
    ]
    assert len(figures) > 20
    assert set(figures) <= amounts


def test_the_operative_part_says_who_receives_who_pays_by_when_and_what_remains(spring):
    text = render(spring, "md").replace(numbers.THIN, " ").replace(numbers.HARD, " ")
    for said in (
        "*Decides* that members receive 11 000 persons as follows under *Responsibility to protect* (Art. 7):",
        "| Albania (ALB) | 5 000 |",
        "| Germany (DEU) | 4 052 471 | 12 April 2026 |",
        "*Notes with concern* that Serbia did not keep the duty: *Attend the meeting* (Art. 3).",
        "*Asks* Italy to show that this duty is kept: *No return to danger* (Art. 9).",
        "*Recalls* that *Review by States and other participants* falls due next on 1 January 2027 (Art. 4).",
        "USD 0.50, less than one step of the rounding, is left over (Art. 11).",
        "The result of the vote: 4 in favour, 1 against, 0 abstaining and 0 absent, of 5 entitled to vote.",
        "The number against (1) would have to be equal to 0.",
        "Physical security of Bosnia and Herzegovina (4) would have to be at least 5 (Art. 6).",
        "12% chosen by Response",
        "*Recalling* *Recommendation of UNHCR* of 11 March 2026, 12:00 UTC, by UNHCR,",
    ):
        assert said in text


def test_a_procedure_that_shares_nothing_reads_as_a_procedure(emergency):
    text = render(emergency, "md").replace(numbers.HARD, " ")
    assert "the rules share nothing out" in text
    assert "*Notes* that *Request for an emergency meeting* counts for nothing (Art. 2(1))." in text
    assert "It would have to be not earlier than 4 March 1992, 08:00 UTC" in text
    titles = [section.title for section in compose(emergency).sections]
    assert "Allocation" not in titles
    assert "Funds" not in titles


def test_what_the_rules_end_in_stands_in_the_operative_part_and_what_leads_to_it_in_the_body(turned):
    text = render(turned, "md").replace(numbers.THIN, " ").replace(numbers.HARD, " ")
    operative, body = text.split("## Members", 1)
    assert "*Finds* that *Allowance* is as follows (Art. 2(1)):" in operative
    assert "| Netherlands (NLD) | 90 |" in operative
    assert "*Trusted*" not in operative
    assert "| Member | Trusted | Allowance (USD) |" in body
    assert "| Belgium (BEL) | yes | 180 |" in body


@pytest.mark.parametrize(
    "said",
    [
        "keeps in reserve USD 100 for The agency (10% of the balance) and USD 270 for The agency (*Allowances in all*)",
        "- Kept in reserve: USD 100 for The agency (10% of the balance) and USD 270 for The agency",
        "- *To be inspected* (Art. 3(1)), Germany and the Netherlands: it is not determined whether the duty was kept, "
        "as the fact “Inspected” was not supplied.",
        "- *To be inspected* (Art. 3(1)), Belgium: *Inspected* would have to be “yes” for Belgium, and is “no”",
        "The Netherlands receives 30 persons under *Places* (Art. 2(1)).",
        "Population of the Netherlands (1 000 persons)",
        "- The United Kingdom has no seat (*Members*, Art. 1(1)): a condition of membership is not met. The United "
        "Kingdom would have to be none of these: Barred States (the United Kingdom).",
        "- The exception to *Trusted* (Art. 1(2)), “in\\_default”, applied to Austria.",
        "- The exception to *Trusted* (Art. 1(2)), “population &lt; 100 persons”, applied to nobody.",
        "- The exception to *Trusted* (Art. 1(2)) applied to Austria. *In default* is “yes” for Austria (Art. 1(1)).",
    ],
)
def test_sentences_of_a_decision(turned, said):
    assert said in render(turned, "md").replace(numbers.THIN, " ").replace(numbers.HARD, " ")


def test_where_nothing_is_shared_out_members_are_not_told_of_weights(turned):
    shares = [
        share for member in argue(turned).members for share in member.shares if share.entry.name == "later_places"
    ]
    assert {each.says for share in shares for each in share.claims} == {"share.empty"}
    text = render(turned, "md")
    assert "*Notes* that there is nothing to share out under *Later places*" in text
    assert "under *Later places*" not in text.split("## Reasons for each member", 1)[1].split("## Annex", 1)[0]


@pytest.mark.parametrize("case", ["spring", "emergency", "hostile", "turned"])
def test_no_section_is_empty(case, request):
    for _, section in sections(compose(request.getfixturevalue(case)).sections):
        assert section.blocks


def test_levels_tell_less(spring):
    full, reasoned, brief = (compose(spring, level).sections for level in ("full", "reasoned", "brief"))
    assert len(full) > len(reasoned) > len(brief)


# ---- hostile text ----------------------------------------------------------------------------------------------------


class Reader(html.parser.HTMLParser):
    """What a browser would make of a page: its elements and its text."""

    def __init__(self):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def page(hostile) -> Reader:
    reader = Reader()
    reader.feed(render(hostile, "html"))
    reader.close()
    return reader


def test_the_page_is_well_formed_and_loads_nothing(page):
    assert page.open == []
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "link", "object", "embed", "form", "i", "b"}
    attributes = {name for _, attrs in page.elements for name in attrs}
    assert not {name for name in attributes if name.startswith("on")} | attributes & {"src", "style"}
    assert all((attrs.get("href") or "#").startswith("#") for _, attrs in page.elements)


def test_every_link_leads_somewhere_and_every_anchor_is_one(page):
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"][1:] for tag, attrs in page.elements if tag == "a"} <= set(ids)


@pytest.mark.parametrize("case", ["spring", "emergency", "sixty", "protection"])
def test_links_and_headings_of_real_pages(case, request):
    reader = Reader()
    reader.feed(render(request.getfixturevalue(case), "html"))
    ids = [attrs["id"] for _, attrs in reader.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"][1:] for tag, attrs in reader.elements if tag == "a"} <= set(ids)
    levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
    heads = [attrs for tag, attrs in reader.elements if tag == "th"]
    assert heads
    assert all(attrs.get("scope") in ("col", "row") for attrs in heads)
    assert sum(tag == "table" for tag, _ in reader.elements) == sum(tag == "caption" for tag, _ in reader.elements)


def test_articles_of_another_instrument_go_by_its_title_and_stand_apart(protection):
    document = compose(protection)
    places = [place for place in anchors_in(document.sections) if place.startswith("art-1")]
    assert places == ["art-1", "art-1-eu-council-majority"]
    page = render(protection, "html")
    cited = '<a class="citation" href="#art-1-eu-council-majority">Art.\N{NO-BREAK SPACE}1(2)</a>'
    assert f"{cited} of <em>Qualified majority in the Council of the European Union</em>" in page
    heads = [each.title for _, each in sections(document.sections) if each.anchor in places]
    assert heads == [
        "Article 1: Beginning",
        "Article 1: Members (from Qualified majority in the Council of the European Union)",
    ]
    assert "eu_council_majority" not in page.replace("eu_council_majority.", "")


@pytest.mark.parametrize("said", ["<script>alert(1)</script> {{7*7}} | `x` *y* _z_", "{% raw %}", "<img src=x"])
def test_the_page_shows_hostile_text_as_text(page, said):
    assert said in "".join(page.text)


def test_nothing_is_calculated_from_hostile_text(hostile):
    for form in ("md", "html"):
        text = render(hostile, form)
        assert not re.findall(r"(?<![\d\u202f])49(?![\d\u202f])", text)
        assert "\u202e" not in text
        assert "\x07" not in text
        assert "[U+202E]" in text.replace("\\", "")


def test_markdown_shows_hostile_text_as_text(hostile):
    text = render(hostile, "md")
    tokens = MARKDOWN.parse(text)
    assert not [token for token in tokens if token.type == "html_block"]
    inline = [child for token in tokens for child in token.children or ()]
    assert not {child.type for child in inline} & {"html_inline", "link_open", "image", "code_inline"}
    headings = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open"]
    assert not [each for each in headings if "dissent" in each or each.startswith("not a heading")]
    for table in tables(text):
        assert {len(row) for row in table} == {len(table[0])}
    shown = "".join(child.content for child in inline)
    assert "Rules <script>alert(1)</script> {{7*7}} | `x` *y* _z_" in shown
    assert "# Persons {{7*7}} are shared | <img src=x onerror=alert(1)> among `members`." in shown


# ---- data ------------------------------------------------------------------------------------------------------------


def test_json_is_canonical_and_rebuilds_every_share(spring):
    text = render(spring, "json")
    data = json.loads(text)
    assert data["schema"] == "policy-dsl/decision/1"
    assert text == json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    for shared, written in zip(spring.shares, data["shares"], strict=True):
        for row, cells in zip(shared.rows, written["rows"], strict=True):
            value = data["derivations"][cells["final"]["derivation"]]["value"]
            assert Fraction(value["exact"]) == row.final.value.amount
            assert value["unit"] == str(row.final.value.unit)


def test_a_derivation_refers_only_to_earlier_ones(spring):
    rows = json.loads(render(spring, "json"))["derivations"]
    assert [row["number"] for row in rows] == list(range(len(rows)))
    assert all(below < row["number"] for row in rows for below in row.get("of", ()))


def test_json_tells_exact_from_cut_decimals(spring):
    def amounts(part):
        if isinstance(part, dict):
            if "decimal" in part:
                yield part
            for each in part.values():
                yield from amounts(each)
        elif isinstance(part, list):
            for each in part:
                yield from amounts(each)

    found = list(amounts(json.loads(render(spring, "json"))))
    assert len(found) > 500
    for each in found:
        exact = Fraction(each["exact"]) == Fraction(each["decimal"])
        assert exact != each.get("rounded", False)
