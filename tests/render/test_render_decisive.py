"""The section "What decided": the figures of the analysis and no others, in every form and language, if asked for."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import docx as library
import pytest
from deciding_policies import POLICIES
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision
from policy_dsl.pipeline import check_policy, decide, decision_schema, open_file, read_case, verify
from policy_dsl.receipts.shape import misfit
from policy_dsl.render import LANGUAGES, render, render_document, words
from policy_dsl.render.compose import compose
from policy_dsl.render.document import Bullets, Document, Row, Section, Table
from policy_dsl.render.languages import telling
from policy_dsl.render.sections.decisive import decisive, row_name
from policy_dsl.render.titles import title_of
from policy_dsl.sensitivity import Stretch, WhatDecided, what_decided
from policy_dsl.values import RATIO, Quantity, unit_named

# The first has two contested facts; the second a key and criteria, thirty members, and three sharings out; the third
# cohorts, and shares in per cent.
CASES = ("lake", "kosovo", "relocation")
FILES = {
    "lake": (POLICIES.parent / "docs" / "example" / "lake.policy", POLICIES.parent / "docs" / "example" / "lake.yaml"),
    "kosovo": (POLICIES / "model_rules/model_rules.policy", POLICIES / "model_rules/cases/kosovo_1999.yaml"),
    "relocation": (
        POLICIES / "eu_relocation_2015/eu_relocation_2015.policy",
        POLICIES / "eu_relocation_2015/cases/allocation_66000.yaml",
    ),
}
CONTESTED = (
    ("arrivals: 90_000 persons", "90_000 persons", "[90_000 persons, 90_002 persons]"),
    ("TZA: 63_000_000", "63_000_000 persons", "[62_999_000 persons, 63_000_100 persons]"),
)
FEW = 1_500
SCHEMA = json.loads(decision_schema())
FIGURE = re.compile(r"−?[\d\u202f]+(?:\.\d+)?")


@cache
def read(case: str) -> tuple[Checked, Decision]:
    law, facts = FILES[case]
    checked = check_policy(open_file(str(law))).checked
    text = facts.read_text("utf-8")
    for old, value, between in CONTESTED if case == "lake" else ():
        assert text.count(old) == 1
        text = text.replace(old, f"{old.split(':')[0]}: {{value: {value}, status: contested, between: {between}}}")
    assert checked is not None
    found = read_case(checked, open_file(str(facts), text.encode())).case
    assert found is not None
    return checked, decide(checked, found)


def decided(case: str) -> Decision:
    return read(case)[1]


@cache
def examined(case: str) -> WhatDecided:
    return what_decided(*read(case), FEW)


@cache
def composed(case: str, language: str = "en", *, folds: bool = True) -> Document:
    return compose(decided(case), language=language, folds=folds, examined=examined(case))


def section_of(document: Document) -> Section:
    (found,) = (each for each in document.sections if each.anchor == "what-decided")
    return found


def tables_of(document: Document) -> list[Table]:
    return [each for each in section_of(document).blocks if isinstance(each, Table)]


def called(document: Document, start: str) -> Table | None:
    return next((each for each in tables_of(document) if each.label.startswith(start)), None)


def scale(each: Stretch) -> int:
    return 100 if each.figure.value.unit == RATIO else 1


def printed(row: Row, at: int) -> Fraction:
    found = FIGURE.search(words.flat(row.cells[at].line))
    assert found is not None
    return Fraction(found[0].replace("\u202f", "").replace("−", "-"))


def signed(amount: Fraction) -> str:
    return f"{'+' if amount > 0 else '−'}{abs(amount)}"


def changes_of(found: WhatDecided) -> Iterator[tuple[str, str, str, str, Fraction | None, Fraction | None]]:
    for left in found.left_out:
        for each in left.changes:
            row = words.flat(row_name(left.row))
            yield title_of(each.entry), each.cohort, row, each.member, each.after, each.difference


@pytest.mark.parametrize("case", CASES)
def test_without_an_examination_there_is_no_section_and_all_else_is_the_same(case):
    bare, told = compose(decided(case)), composed(case)
    assert [each for each in told.sections if each.anchor != "what-decided"] == list(bare.sections)
    assert len(told.sections) == len(bare.sections) + 1
    after = {"readings", "open", "statements", "derivations"}
    anchors = [each.anchor for each in told.sections]
    before = anchors[anchors.index("what-decided") - 1]
    assert before in ("readings", "reasons") or before not in after
    assert section_of(compose(decided(case), "reasoned", examined=examined(case))) == section_of(told)
    assert all(s.anchor != "what-decided" for s in compose(decided(case), "brief", examined=examined(case)).sections)


@pytest.mark.parametrize("case", CASES)
def test_the_figures_are_those_of_the_analysis(case):
    found, document = examined(case), composed(case)
    for start, stretches in (
        ("Weights and agreed figures", [each for each in found.stretches if each.figure.fact is None]),
        ("Facts:", [each for each in found.stretches if each.figure.fact is not None]),
    ):
        table = called(document, start)
        rows = table.rows if table is not None else ()
        assert [[cell.amount for cell in row.cells[1:4]] for row in rows] == [
            [scale(each) * at for at in (each.figure.value.amount, each.low.at, each.high.at)] for each in stretches
        ]
        for row, each in zip(rows, stretches, strict=True):
            now = each.figure.value.amount * scale(each)
            # Rounded inwards: what is printed holds of the figures between the ends as printed.
            assert each.low.at * scale(each) <= printed(row, 2) or printed(row, 2) == printed(row, 1)
            assert printed(row, 3) <= each.high.at * scale(each) or printed(row, 3) == printed(row, 1)
            assert abs(printed(row, 1) - now) < Fraction(1, 10_000)
            for cell, end in zip(row.cells[5:], (each.low, each.high), strict=True):
                told = words.flat(cell.line)
                assert (told == "no change in the range") == (end.sort == "range")
                for change in (end.gains, end.loses):
                    if change is not None and change.difference is not None:
                        assert signed(change.difference) in told.replace("\u202f", "")
    assert any(each.high.sort == "exact" for each in found.stretches)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("exact", "exact", "exact"),
        ("numerical", "numerical", "numerical"),
        ("exact", "numerical", "lower exact, upper numerical"),
        ("numerical", "exact", "lower numerical, upper exact"),
        ("range", "exact", "exact"),
        ("numerical", "range", "numerical"),
        ("range", "range", "–"),
    ],
)
def test_what_is_exact_and_what_is_numerical_is_said(low, high, said):
    found = examined("lake")
    first = found.stretches[0]
    each = replace(first, low=replace(first.low, sort=low), high=replace(first.high, sort=high))
    with telling(decided("lake").program, "en"):
        section = decisive(replace(found, stretches=(each,), disputed=(), left_out=()))
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert words.flat(table.rows[0].cells[4].line) == said


@pytest.mark.parametrize(
    ("at", "holds", "low", "high"),
    [
        (Fraction(1, 4), True, "25%", "25%"),
        (Fraction(1, 4), False, "more than 25%", "less than 25%"),
        (Fraction(1, 3), True, "33.3334%", "33.3333%"),
        (Fraction(1, 3), False, "33.3334%", "33.3333%"),
    ],
)
def test_ends_are_rounded_inwards_and_one_that_does_not_hold_is_said(at, holds, low, high):
    found = examined("lake")
    first = found.stretches[0]
    for below, above, said in ((at, Fraction(1), low), (Fraction(0), at, high)):
        ends = {"low": replace(first.low, at=below, holds=holds), "high": replace(first.high, at=above, holds=holds)}
        now = replace(first.figure, value=Quantity(Fraction(1, 2) if above == 1 else Fraction(1, 10), RATIO))
        with telling(decided("lake").program, "en"):
            section = decisive(replace(found, stretches=(replace(first, figure=now, **ends),), disputed=()))
        (table, *_) = (block for block in section.blocks if isinstance(block, Table))
        cell = table.rows[0].cells[2 if above == 1 else 3]
        assert (words.flat(cell.line), cell.amount) == (said, at * 100)


@pytest.mark.parametrize(
    ("now", "low", "high", "said"),
    [
        (
            Fraction(2_586_000_000_000),
            "2585775784657.241",
            "2586035263081.48",
            ("2 585 775 800 000", "2 586 035 260 000"),
        ),
        (Fraction(1000), "999.12341", "1000.00009", ("999.1235", "1 000")),
        (Fraction(30_000), "29000.5", "39999.99", ("29 000.5", "39 999")),
    ],
)
def test_an_end_is_no_finer_than_its_distance_from_the_present_figure_asks(now, low, high, said):
    found = examined("lake")
    first = found.stretches[0]
    ends = {
        "low": replace(first.low, at=Fraction(low), holds=True),
        "high": replace(first.high, at=Fraction(high), holds=True),
    }
    figure = replace(first.figure, value=Quantity(now, unit_named("km2")[0]))
    with telling(decided("lake").program, "en"):
        section = decisive(replace(found, stretches=(replace(first, figure=figure, **ends),), disputed=()))
    (table, *_) = (block for block in section.blocks if isinstance(block, Table))
    shown = [words.flat(cell.line).replace("\u202f", " ").split("\u00a0")[0] for cell in table.rows[0].cells[2:4]]
    assert tuple(shown) == said


def test_contested_facts_stand_with_their_bounds_and_whether_they_matter():
    found, document = examined("lake"), composed("lake")
    table = called(document, "Contested facts")
    assert table is not None
    assert found.disputed
    for row, each in zip(table.rows, found.disputed, strict=True):
        between, said = (words.flat(cell.line) for cell in row.cells[2:])
        low, high = (Fraction(f.replace("\u202f", "")) for f in FIGURE.findall(between))
        assert (low, high) == (each.low, each.high)
        assert (said == "is the same throughout") == each.same
        assert said.count("(") >= len(each.turns)


@pytest.mark.parametrize("case", CASES)
def test_each_criterion_left_out_shows_what_the_analysis_found(case):
    found, document = examined(case), composed(case)
    wanted = list(changes_of(found))
    assert wanted
    tables = [each for each in tables_of(document) if "criterion left out" in each.label]
    moved = [cell for table in tables for row in table.rows for cell in row.cells if "(" in words.flat(cell.line[1:])]
    assert len(moved) == sum(1 for *_, difference in wanted if difference is not None)
    for title, cohort, name, member, after, difference in wanted:
        (row, at) = next(
            (row, at)
            for table in tables
            if table.label.startswith(title) and cohort.replace("_", " ") in table.label.lower()
            for at, column in enumerate(table.columns)
            if f"“{name}”" in column.title
            for row in table.rows
            if words.flat(row.cells[0].line).endswith((f"({member})", member))
        )
        cell = row.cells[at]
        assert cell.amount == (after * 100 if after is not None and "%" in words.flat(cell.line) else after)
        if difference is not None and after is not None and after.denominator == difference.denominator == 1:
            assert words.flat(cell.line).replace("\u202f", "") == f"{after} ({signed(difference)})"


def test_what_was_not_examined_is_said():
    found, document = examined("relocation"), composed("relocation")
    assert found.not_examined
    notes = section_of(document).blocks[-1]
    assert isinstance(notes, Bullets)
    told = "\n".join(map(words.flat, notes.items)).replace("\u202f", "")
    assert f"No more than {FEW} shares" in told
    for each in found.not_examined:
        assert title_of(each.entry) in told
    whole = what_decided(*read("lake"), None)
    assert (whole.not_examined, whole.most) == ((), None)
    assert "not examined:" not in str(decisive(whole))


# ---- forms and languages ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bare:
    """A text in which only letters and digits count, whatever a form puts between them."""

    text: str

    def __contains__(self, other: str) -> bool:
        return self._of(other) in self._of(self.text)

    @staticmethod
    def _of(text: str) -> str:
        return re.sub(r"[^\w]|_", "", text)


def text_of(document: Document, form: str) -> Bare:
    made = render_document(document, form)
    if isinstance(made, str):
        return Bare(re.sub(r"<[^>]*>", "", made.partition("<body")[2] or made))
    if form == "pdf":
        return Bare("".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages))
    file = library.Document(io.BytesIO(made))
    cells = (cell.text for table in file.tables for row in table.rows for cell in row.cells)
    return Bare("".join((*(each.text for each in file.paragraphs), *cells)))


# Letters of a PDF in Arabic come back in their shapes, from left to right.
@pytest.mark.parametrize(
    ("form", "language"), [(f, c) for f in ("md", "html", "docx") for c in LANGUAGES] + [("pdf", "fr")]
)
def test_every_form_shows_the_section_in_every_language(form, language):
    document = composed("lake", language, folds=form == "html")
    section, text = section_of(document), text_of(document, form)
    with telling(decided("lake").program, language):
        assert section.title == words.plain("section.decisive")
    assert section.title in text
    tables = tables_of(document)
    assert len(tables) > 2
    for table in tables:
        # On paper a head or a long caption may be cut by the end of a page; figures are not.
        assert all(words.flat(cell.line) in text for row in table.rows for cell in row.cells[1:4])
        if form != "pdf":
            assert table.label in text
            assert all(words.flat(cell.line) in text for row in table.rows for cell in row.cells)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_other_languages_have_the_same_figures_and_words_of_their_own(language):
    english, other = tables_of(composed("lake")), tables_of(composed("lake", language))
    for one, two in zip(english, other, strict=True):
        assert [[cell.amount for cell in row.cells] for row in one.rows] == [
            [cell.amount for cell in row.cells] for row in two.rows
        ]
        assert not {column.title for column in one.columns} & {column.title for column in two.columns}
    assert section_of(composed("lake")).title != section_of(composed("lake", language)).title


# ---- data ------------------------------------------------------------------------------------------------------------


@cache
def data_of(case: str, language: str = "en"):
    return json.loads(render(decided(case), "json", language=language, examined=examined(case)))


@pytest.mark.parametrize("case", CASES)
def test_the_data_fit_the_schema_and_hold_the_exact_figures(case):
    data, found = data_of(case), examined(case)
    assert misfit(data, SCHEMA) is None
    part = SCHEMA["properties"]["what_decided"]
    Draft202012Validator(part).validate(data["what_decided"])
    ends = [(each["now"], each["low"]["at"], each["high"]["at"]) for each in data["what_decided"]["stretches"]]
    assert [tuple(map(Fraction, each)) for each in ends] == [
        (each.figure.value.amount, each.low.at, each.high.at) for each in found.stretches
    ]
    for at in ("stretches", "left_out"):
        broken = json.loads(json.dumps(data))
        del broken["what_decided"][at]
        assert misfit(broken, SCHEMA) is not None


def test_the_rest_of_the_data_and_the_receipt_do_not_depend_on_it():
    data, bare = data_of("lake"), json.loads(render(decided("lake"), "json"))
    assert "what_decided" not in bare
    assert {name: value for name, value in data.items() if name != "what_decided"} == bare
    for language in LANGUAGES[1:]:
        assert data_of("lake", language)["what_decided"] == data["what_decided"]


def test_what_is_stated_of_it_is_verified():
    data = data_of("lake")
    assert verify(data, decided("lake"), examined("lake")) == []
    changed = json.loads(json.dumps(data))
    changed["what_decided"]["stretches"][0]["high"]["at"] = "2/7"
    (problem,) = verify(changed, decided("lake"), examined("lake"))
    assert (problem.code, problem.params["what"]) == ("PD938", "what_decided.stretches.0.high.at")
    # A decision that says nothing of it is not asked to.
    assert verify(json.loads(render(decided("lake"), "json")), decided("lake"), examined("lake")) == []
