"""A group's own templates: what they may see and do, what comes out, and what is said when they are wrong."""

import html
import html.parser
import os
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from whole_document import everything, texts

from policy_dsl.diagnostics.rendered import render as rendered
from policy_dsl.files import Folder, Refused
from policy_dsl.pipeline import templates
from policy_dsl.render import TemplateFault, render, render_document
from policy_dsl.render.compose import LABELS, compose
from policy_dsl.render.document import CONTRACT, Document
from policy_dsl.render.escape import visible, visible_lines
from policy_dsl.render.forms import own as bounds
from policy_dsl.render.forms.markup import _packaged
from policy_dsl.render.forms.sandbox import OPEN, attributes, classes, filters

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "reference" / "templates.md").read_text("utf-8")
TEMPLATES = ROOT / "policy_dsl" / "render" / "templates"
EXAMPLE = ROOT / "docs" / "example" / "template"
HOSTILE = "<script>alert(1)</script> {{7*7}} {% raw %} *b* `c` [d](http://e) & &lt; \u202e\x07 \"'"

Make = Callable[..., Folder]


@pytest.fixture
def folder(tmp_path: Path) -> Make:
    """Make a folder of templates from their texts; `page` is document.html.j2, `text` is document.md.j2."""

    def make(page: str = "", text: str = "", **others: str) -> Folder:
        (tmp_path / "t" / "in").mkdir(parents=True, exist_ok=True)
        files = {"document.html.j2": page, "document.md.j2": text}
        for name, body in (files | {f"{name}.j2": body for name, body in others.items()}).items():
            if body:
                (tmp_path / "t" / name).write_text(body, "utf-8")
        return Folder(str(tmp_path / "t"))

    return make


def made(own: Folder, form: str = "html", document: Document | None = None) -> str:
    text = render_document(document or everything(), form, own)
    assert isinstance(text, str)
    return text


# ---- the contract ----------------------------------------------------------------------------------------------------


def rows(title: str) -> list[list[str]]:
    """The rows of the table below a heading of the reference, its head left out."""
    part = re.split(rf"^#+ {re.escape(title)}$", REFERENCE, flags=re.M)[1]
    part = re.split(r"^#", part, flags=re.M)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


KINDS = {
    "str": "text", "int": "whole number", "bool": "yes or no", "Line": "line", "Paragraph": "`Paragraph`",
    "Fraction | None": "amount or nothing", "date | datetime | None": "date or nothing",
    "dict[str, str]": "table of names", "tuple[Line, ...]": "lines", "tuple[Block, ...]": "list of blocks",
    "frozenset[str]": "list of text",
    "tuple[tuple[str, str], ...]": "list of pairs",
}  # fmt: skip


@pytest.mark.parametrize("name", classes())
def test_the_reference_lists_every_field_of_the_document_with_its_kind(name: str):
    stated = {row[0].strip("`"): row[1] for row in rows(name)}
    kind = classes()[name]
    assert is_dataclass(kind)
    assert set(stated) == set(attributes(kind))
    for field in fields(kind):
        listed = re.fullmatch(r"tuple\[(\w+), \.\.\.\]", str(field.type))
        expected = KINDS.get(str(field.type)) or (f"list of `{listed[1]}`" if listed else "")
        assert stated[field.name] == expected, field.name


def test_the_reference_lists_labels_filters_blocks_and_macros():
    assert [row[0].strip("`") for row in rows("Labels")] == list(LABELS)
    forms = {"both": ("html", "md"), "html": ("html",), "md": ("md",)}
    for form in ("html", "md"):
        mine = {row[0].strip("`") for row in rows("Filters") if form in forms[row[1]]}
        assert mine | set(OPEN) | {"e", "escape", "join"} == set(_packaged(form).filters)
        text = (TEMPLATES / f"document.{form}.j2").read_text("utf-8")
        blocks = {row[0].strip("`") for row in rows("Blocks of the tool's own templates") if form in forms[row[1]]}
        assert blocks == set(re.findall(r"{% block (\w+)", text))
        macros = {row[0].strip("`") for row in rows("Macros") if form in forms[row[1]]}
        parts = (TEMPLATES / f"parts.{form}.j2").read_text("utf-8")
        assert macros == {found.strip() for found in re.findall(r"{% macro ([^%]*?) ?-?%}", parts)}
    named = re.search(r"^Of jinja2, with its meaning there: (.*?)\. All", REFERENCE, flags=re.M | re.S)
    assert named is not None
    assert set(re.findall(r"`(\w+)`", named[1])) == set(OPEN) | {"e", "escape", "join"}


def test_the_reference_is_of_the_version_that_holds():
    assert f"in version {CONTRACT}." in REFERENCE
    assert everything().contract == CONTRACT


def test_the_reference_lists_the_anchors_of_sections(spring, emergency, turned):
    stated = re.search(r"have these anchors; one that would be empty is absent: (.*?)\.\n", REFERENCE, flags=re.S)
    assert stated is not None
    known = re.findall(r"`([\w-]+)`", stated[1])
    for decision in (spring, emergency, turned):
        anchors = [section.anchor for section in compose(decision).sections if section.anchor]
        assert anchors == [anchor for anchor in known if anchor in anchors]


# ---- what comes out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["spring", "hostile", "turned", "emergency"])
def test_a_template_that_changes_nothing_gives_what_the_tool_gives(case, request, folder):
    decision = request.getfixturevalue(case)
    own = folder('{% extends "policy/document.html.j2" %}', '{% extends "policy/document.md.j2" %}')
    for form in ("html", "md"):
        assert render(decision, form, own=own) == render(decision, form)


def test_where_a_template_is_absent_the_form_is_made_by_the_tool(folder):
    assert made(folder("{{ doc.title }}"), "md") == render_document(everything(), "md")


class Reader(html.parser.HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_example_is_a_whole_page_with_its_letterhead_and_no_dead_link(language, spring):
    own = Folder(str(EXAMPLE))
    page = Reader(str(render(spring, "html", language=language, own=own)))
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert "rules" not in page.ids
    assert "The Lake Group" in page.text
    assert "For the Presidency" in page.text
    plain = Reader(str(render(spring, "html", language=language)))
    assert {each for each in plain.ids if not each.startswith(("rules", "art-"))} <= set(page.ids)
    text = str(render(spring, "md", language=language, own=own))
    assert text.startswith("The Lake Group")
    assert text.rstrip().endswith("For the Secretariat: ________________")


# Everything by which a text of the document can come out, each way between dashes or on lines of its own.
WAYS = (
    "{{ doc.above }}",
    "{{ doc.above ~ '' }}",
    "{{ doc['above'] }}",
    "{% set x %}{{ doc.above }}{% endset %}{{ x }}",
    "{% macro m(t) %}{{ t }}{% endmacro %}{{ m(doc.above) }}",
    "{% macro n() %}{{ caller() }}{% endmacro %}{% call n() %}{{ doc.above }}{% endcall %}",
    "{% include 'plain.j2' %}",
    "{% from 'plain.j2' import p with context %}{{ p() }}",
    "{% filter trim %}{{ doc.above }}{% endfilter %}",
    "{{ [doc.above, m('-')]|join('<') }}",
    "{{ '-' ~ m(doc.above) ~ doc.above }}",
    "{{ doc.above|trim|default('-') }}",
    "{{ doc.above|e }}",
    "{{ [doc.above]|first }}",
    "{{ [doc]|map(attribute='above')|join }}",
)
PLAIN = "{{ doc.above }}{% macro p() %}{{ doc.above }}{% endmacro %}"


def test_hostile_text_stays_text_on_a_page_of_ones_own(folder):
    page = Reader(
        made(
            folder("<u>" + "</u><u>".join(WAYS) + '</u><i title="{{ doc.above }}">-</i>', plain=PLAIN),
            document=everything(given=HOSTILE),
        )
    )
    assert page.elements == [*["u"] * len(WAYS), "i"]
    assert page.text.count(visible(HOSTILE)) == len(WAYS) + 1
    assert "\u202e" not in page.text
    assert "\x07" not in page.text


def test_hostile_text_stays_text_in_markdown_of_ones_own(folder):
    text = made(folder(text="\n\n".join(WAYS), plain=PLAIN), "md", everything(given=HOSTILE))
    tokens = MarkdownIt().parse(text)
    assert {token.type for token in tokens} == {"paragraph_open", "inline", "paragraph_close"}
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} == {"text", "softbreak"} - (
        {"softbreak"} if "\n" not in text.strip() else set()
    ) or ({child.type for child in inline} <= {"text", "softbreak", "text_special"})
    assert "".join(child.content for child in inline).count(visible(HOSTILE)) == len(WAYS) + 1


@pytest.mark.parametrize(
    "start", ["# x", "- x", "1. x", "> x", "    x", "```", "| a |\n| - |", "===", "<b>", "+ x", "2) x"]
)
def test_text_that_opens_a_line_of_markdown_is_no_mark(folder, start):
    tokens = (
        MarkdownIt("commonmark")
        .enable("table")
        .parse(made(folder(text="{{ doc.above }}"), "md", everything(given=start)))
    )
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]


def test_every_text_of_the_document_can_be_printed_by_the_macros(folder):
    own = folder(
        '{% import "policy/parts.html.j2" as parts with context %}<p>{{ doc.above }}</p><h1>{{ doc.title }}</h1>'
        "{% for line in doc.below %}<p>{{ line|html_line(doc.anchors) }}</p>{% endfor %}"
        "{{ parts.block(doc.status, 2) }}"
        "<p>{{ doc.labels.contents }}</p>{% for s in doc.sections %}{{ parts.section(s, 2) }}{% endfor %}"
    )
    page = Reader(made(own))
    squeezed = re.sub(r"\s+", " ", page.text)
    assert [text for text in texts(everything()) if " ".join(text.split()) not in squeezed] == []


def test_macros_can_be_imported_without_their_context(folder):
    assert "<table>" in made(
        folder(
            '{% from "policy/parts.html.j2" import block %}'
            "{% for s in doc.sections %}{% for b in s.blocks %}{{ block(b, 2) }}{% endfor %}{% endfor %}"
        )
    )


def test_a_document_comes_out_the_same_every_time(folder):
    own = folder("{% for anchor in doc.anchors %}{{ anchor }} {% endfor %}{{ doc.anchors|list|length }}")
    assert made(own).split()[:-1] == sorted(everything().anchors)


@pytest.mark.parametrize(
    ("template", "out"),
    [
        ("{{ 7 // 2 + 1 }}", "4"),
        ("{{ doc.contract }}", "1"),
        ("{{ doc.labels['quote.open'] }}{{ doc.labels.get('page') }}", "“Page"),
        ("{{ '<' ~ 1 }}", "&lt;1"),
        ("{{ nothing|default('none') }}", "none"),
        ("{% for n in range(3) %}{{ loop.index }}{% endfor %}", "123"),
        ("{% set n = namespace(x=1) %}{% set n.x = 2 %}{{ n.x }}", "2"),
        ("{{ doc.sections[1].title|upper }}", "PLACE: 1"),
        ("{{ doc.title|e|e }}", "Decision in the case “Everything”"),
    ],
)
def test_what_a_template_can_do(folder, template, out):
    assert made(folder(template)) == out


def test_exact_amounts_can_be_printed(folder):
    own = folder(
        "{% for b in doc.sections[1].blocks[0].blocks if b|kind == 'table' %}"
        "{{ b.rows[0].cells[1].amount }}{% endfor %}"
    )
    assert made(own) == str(Fraction(1_000_000))


# ---- faults ----------------------------------------------------------------------------------------------------------

DOUBLED = "{% set n = namespace(x='xxxxxxxx') %}{% for a in range(99) %}{% set n.x = WHAT %}{% endfor %}"
PILED = "{% set x %}xxxxxxxx{% endset %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 40


@pytest.mark.parametrize(
    ("template", "code", "marked"),
    [
        ("a\n{{ doc.titel }}", "PD941", "titel"),
        ("{{ dok }}", "PD941", "dok"),
        ("{{ lipsum() }}", "PD941", "lipsum"),
        ("{% from 'policy/parts.html.j2' import tabel %}{{ tabel(1) }}", "PD941", ""),
        ("{{ doc.labels.page.x }}", "PD941", "x"),
        ("{% for x in doc.sections %}", "PD940", ""),
        ("{{ doc.title", "PD940", ""),
        ("{% do x %}", "PD940", ""),
        ("{{ " + "(" * 5000, "PD940", ""),
        ("{{ 1" + "0" * 5000 + " }}", "PD947", ""),
        ("{% for a in [1] %}" * 30 + "{% endfor %}" * 30, "PD947", ""),
        ("{{ doc.title|nope }}", "PD942", "nope"),
        ("{{ 1 if doc is nope }}", "PD942", "nope"),
        ("{{ [doc.title]|map('nope')|list }}", "PD942", "nope"),
        ("{{ doc.title|safe }}", "PD943", "safe"),
        ("{{ [doc.title]|map('safe')|join }}", "PD943", "safe"),
        ("{{ doc.title|striptags }}", "PD943", "striptags"),
        ("{{ doc.title|urlize }}", "PD943", "urlize"),
        ("{{ doc|attr('title') }}", "PD943", "attr"),
        ("{% autoescape false %}{{ doc.title }}{% endautoescape %}", "PD943", "autoescape"),
        ("{{ doc.__class__ }}", "PD943", "__class__"),
        ("{{ doc['__class__'] }}", "PD943", "__class__"),
        ("{{ doc.title.format(1) }}", "PD943", "format"),
        ("{{ (doc.status.line|html_line).unescape() }}", "PD943", "unescape"),
        ("{{ (doc.status.line|html_line).striptags() }}", "PD943", "striptags"),
        ("{{ doc.labels.clear() }}", "PD943", "clear"),
        ("{{ [doc]|map(attribute='__init__')|first }}", "PD943", "__init__"),
        ("{{ self.__init__ }}", "PD943", "__init__"),
        ("{{ 'a' * 9 }}", "PD943", "*"),
        ("{{ 2 ** 9 }}", "PD943", "**"),
        ("{{ 1 / 3 }}", "PD943", "/"),
        ("{{ 'a' + 'b' }}", "PD943", "+"),
        ("{{ '%s' % 'b' }}", "PD943", ""),
        ("{% include 'nope.j2' %}", "PD944", "nope.j2"),
        ("{% extends 'policy/nope.j2' %}", "PD944", "policy/nope.j2"),
        ("{% include '../out.j2' %}", "PD945", "../out.j2"),
        ("{% include 'in/../../out.j2' %}", "PD945", "in/../../out.j2"),
        ("{% include '/etc/hostname' %}", "PD945", "/etc/hostname"),
        ("{% include 'link.j2' %}", "PD945", "link.j2"),
        ("{% include 'policy/../markup.py' %}", "PD944", ""),
        ("{% include 'in' %}", "PD902", ""),
        ("{% include 'pipe' %}", "PD903", ""),
        ("{% include 'latin1' %}", "PD904", ""),
        ("{% include 'a\0b' %}", "PD944", ""),
        ("{% extends 'document.html.j2' %}", "PD946", ""),
        ("{% include 'document.html.j2' %}", "PD946", ""),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "PD946", ""),
        ("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "PD946", ""),
        (PILED, "PD946", ""),
        (DOUBLED.replace("WHAT", "n.x ~ n.x"), "PD946", ""),
        (DOUBLED.replace("WHAT", "[n.x, n.x]|join"), "PD946", ""),
        ("{{ doc.title|html_line }}", "PD947", ""),
        ("{{ namespace(picture=doc.title, label='', words='', anchor='')|picture }}", "PD947", ""),
        ("{{ doc.title() }}", "PD947", ""),
        ("{{ 1 // 0 }}", "PD947", ""),
        ("{{ [1, 'a']|sort }}", "PD947", ""),
        ("{% for a in range(999999) %}{% endfor %}", "PD947", ""),
        ("{{ doc.status.line }}", "PD948", ""),
        ("{{ doc }}", "PD948", ""),
        ("{{ doc.labels.get('x') }}", "PD948", ""),
        ("{{ doc.anchors }}", "PD948", ""),
        ("{{ doc.status.line ~ '' }}", "PD948", ""),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place(folder, template, code, marked, tmp_path, monkeypatch):
    own = folder(template)
    monkeypatch.setattr(bounds, "STEPS", 100_000)
    monkeypatch.setattr(bounds, "LONGEST", 1_000_000)
    (tmp_path / "out.j2").write_text("outside", "utf-8")
    (tmp_path / "t" / "link.j2").symlink_to(tmp_path / "out.j2")
    (tmp_path / "t" / "latin1").write_bytes("é".encode("latin-1"))
    os.mkfifo(tmp_path / "t" / "pipe")
    with pytest.raises(TemplateFault) as caught:
        made(own)
    problem = caught.value.problem
    assert problem.code == code, rendered(problem).text
    assert problem.span is not None
    assert problem.span.source.name.endswith("document.html.j2")
    if marked:
        assert problem.span.text == marked
    assert "jinja" not in rendered(problem).text


def test_a_fault_in_a_file_that_is_included_is_told_there(folder):
    with pytest.raises(TemplateFault) as caught:
        made(folder("{% include 'foot.j2' %}", foot="one\ntwo {{ doc.nope }}\n"))
    span = caught.value.problem.span
    assert span is not None
    assert span.source.name.endswith("foot.j2")
    assert (span.begins.line, span.text) == (2, "nope")


def test_what_is_wrong_with_what_a_macro_was_given_is_told_where_it_was_given(folder):
    with pytest.raises(TemplateFault) as caught:
        made(folder('{% import "policy/parts.html.j2" as parts %}\n{{ parts.table(doc) }}'))
    span = caught.value.problem.span
    assert span is not None
    assert (span.source.name.endswith("document.html.j2"), span.begins.line) == (True, 2)
    assert not span.source.name.startswith("policy/")


def test_a_link_inside_the_folder_is_followed(folder, tmp_path):
    own = folder("{% include 'in/link.j2' %}", foot="here")
    (tmp_path / "t" / "in" / "link.j2").symlink_to("../foot.j2")
    assert made(own) == "here"


@pytest.mark.parametrize(("form", "code"), [("pdf", "PD917"), ("docx", "PD917"), ("json", "PD917"), ("md", "PD918")])
def test_what_can_not_be_made_by_templates_is_refused(form, code, tmp_path):
    with pytest.raises(Refused) as caught:
        templates(str(tmp_path / "none"), form)
    assert caught.value.problem.code == code


def test_a_folder_without_templates_is_refused(tmp_path):
    with pytest.raises(Refused) as caught:
        templates(str(tmp_path), "md")
    assert caught.value.problem.code == "PD919"


TEXTS = [
    "",
    "a\n",
    "\n\na",
    "  x\r\n y\tz",
    "\u202e<b>&</b>",
    "> a\n\n\n  b # c\n",
    '\x85a\u2028b "q\n"<script>',
    *(path.read_text("utf-8") for path in sorted((ROOT / "policies").glob("*/*.policy"))),
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_the_text_of_rules_is_marked_and_stays_what_it_is(text):
    marked = str(filters("html")["policy_text"](text))
    assert html.unescape(re.sub(r"</?span[^>]*>", "", marked)) == visible_lines(text)
    assert ('<span class="word">' in marked) == (len(text) > 100)
