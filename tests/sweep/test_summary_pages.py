"""The summary as a document: what it says, that it can be read by all, and that it is the same to the byte."""

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from summary_pages import DATA, FORMS, kept, shore
from summing import by_hand

from policy_dsl.pipeline.sweeping import sweep_schema as printed
from policy_dsl.render.document import Figure, Section, Table
from policy_dsl.render.figures.canvas import SIZE, WIDTH, measured, tenths
from policy_dsl.render.sweeping import SweepSummary, plots
from policy_dsl.render.sweeping.axis import axis
from policy_dsl.render.sweeping.plots import Box, Pair
from policy_dsl.render.sweeping.say import figure_text, part_text
from policy_dsl.render.sweeping.schema import sweep_schema
from policy_dsl.render.sweeping.texts import SENTENCES
from policy_dsl.sweep.summary import Accumulator
from policy_dsl.values import NUMBER, RATIO

DOCS = Path(__file__).parents[2] / "docs" / "reference"
SVG = "{http://www.w3.org/2000/svg}"
AMOUNTS = st.integers(-(10**15), 10**15) | st.integers(-20, 20) | st.just(0)
NAME = "Democratic Republic of the Very Long Name Indeed (COD)"


def texts(picture: str) -> list[tuple[Fraction, Fraction, Fraction, Fraction, str]]:
    """Where each text of a picture stands: left, top, right, bottom."""
    found = []
    for each in ElementTree.fromstring(picture).iter(f"{SVG}text"):
        size = Fraction(each.get("font-size", tenths(SIZE)))
        wide = measured(each.text or "", size, each.get("font-weight") == "600")
        x, base = Fraction(each.attrib["x"]), Fraction(each.attrib["y"])
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[each.get("text-anchor", "start")]
        found.append((left, base - size * Fraction(95, 100), left + wide, base + size / 4, each.text or ""))
    return found


def assert_readable(picture: str, height: int) -> None:
    """No text leaves the picture, no two stand on each other, and nothing is drawn outside it."""
    found, slack = texts(picture), Fraction(1, 5)
    for left, top, right, bottom, text in found:
        assert -slack <= left, text
        assert right <= WIDTH + slack, text
        assert -slack <= top, text
        assert bottom <= height + slack, text
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            beside = one[2] <= other[0] + slack or other[2] <= one[0] + slack
            assert beside or one[3] <= other[1] + slack or other[3] <= one[1] + slack, (one, other)
    for each in ElementTree.fromstring(picture).iter(f"{SVG}rect"):
        assert Fraction(each.attrib["x"]) >= 0
        assert Fraction(each.attrib["x"]) + Fraction(each.attrib["width"]) <= WIDTH
        assert Fraction(each.attrib["width"]) >= 0


def walked(blocks):
    for each in blocks:
        yield each
        if isinstance(each, Section):
            yield from walked(each.blocks)


# ---- what it says ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_the_summary_of_a_sweep_is_as_it_was(form):
    assert kept(form) == (DATA / FORMS[form]).read_text("utf-8"), (
        "run tests/sweep/summary_pages.py and read what changed"
    )


@pytest.mark.parametrize("form", FORMS)
def test_in_whatever_batches_cases_come_the_document_is_the_same(form):
    # Of batches this small none is decided another way.
    assert shore(60, 10).rendered(form) == shore(60, 16).rendered(form)


def test_data_keep_to_their_schema():
    for summary in (shore(), shore(1), shore(0), SweepSummary(shore().program, Accumulator([]).found())):
        jsonschema.validate(summary.data(), sweep_schema())
    jsonschema.Draft202012Validator.check_schema(sweep_schema())
    assert (DOCS / "sweep.schema.json").read_text("utf-8") == printed()


def test_every_figure_has_words_and_a_table_and_names_its_article():
    for section in shore().document().sections:
        blocks = list(walked(section.blocks))
        figures = [each for each in blocks if isinstance(each, Figure)]
        assert not figures or any(isinstance(each, Table) for each in blocks)
        for each in figures:
            assert "Art. " in each.label.replace("\N{NO-BREAK SPACE}", " ")
            assert len(each.words) > 40
    page = shore().rendered("html")
    assert page.count('role="img"') == page.count("<svg ") == page.count("<desc ") > 5
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert not re.search(r"<(script|link|img|iframe)", page)


def test_no_texts_touch_in_the_pictures_of_a_summary():
    for summary in (shore(), shore(1)):
        for each in walked(summary.document().sections):
            if isinstance(each, Figure):
                assert_readable(each.picture, each.height)


def test_what_is_said_of_no_cases_and_of_one():
    assert shore(0).document().title.endswith("no cases")
    text = shore(1).text()
    assert "what the rules do in one case" in text
    assert "One case was decided, with 4 members." in text
    assert shore(0).compared.cases == 0
    assert "No case was decided under both." in shore(0).text()


def test_members_go_by_codes_where_that_is_asked():
    named, coded = shore().document(), shore().document(codes=True)
    assert "Greece (GRC)" in str(named)
    assert "Greece" not in str(coded)


def test_why_cases_were_decided_one_by_one_is_said():
    from test_summary import LAKE_BASE, WANTED

    gathered = Accumulator(WANTED)
    why = {"close": 1, "absent": 1, "some new reason": 1}
    gathered.add(by_hand(LAKE_BASE, WANTED, {"places": [[1, 2, 3]] * 4}, again=[True, True, True, False], why=why))
    text = SweepSummary(LAKE_BASE.checked.program, gathered.found()).text()
    assert "3 of them were decided one by one with exact figures: 1 since a fact was lacking, 1 since a choice" in text
    assert "1 (some new reason)" in text
    assert "The guarantee “Bearable” fails in 4 cases (100%)." in text


def test_what_is_outside_in_bands_and_at_limits_is_counted_for_each_member():
    blocks = list(walked(shore().document().sections))
    (often,) = (
        each for each in blocks if isinstance(each, Table) and each.label.startswith("Cases in which each member is")
    )
    heads = [each.title for each in often.columns]
    assert heads == ["Member", "Outside", "At a floor", "At a ceiling"]
    found = {tally.output.aspect: tally.rows for tally in shore().found.tallies if tally.output.entry.name == "places"}
    for row in often.rows:
        member = re.search(r"\(([A-Z]{3})\)", row.cells[0].line[0].text)[1]
        counts = [found["outside"][member].counts.get(1, 0), *(found["held"][member].counts.get(n, 0) for n in (1, 2))]
        assert [cell.amount for cell in row.cells[1:]] == counts


def test_every_sentence_is_a_sentence():
    for key, text in SENTENCES.items():
        assert text == text.strip() or key in ("comma", "semicolon"), key
        assert "  " not in text, key


# ---- figures and parts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "unit", "near", "shown"),
    [
        (1_234_567, NUMBER, False, "1 234 567"),
        (1_234_567, NUMBER, True, "≈ 1 235 000"),
        (511, NUMBER, True, "≈ 511"),
        (Fraction(5, 2), NUMBER, False, "2.5"),
        (Fraction(10, 3), NUMBER, False, "≈ 3.333"),
        (Fraction(-20_000, 3), NUMBER, False, "≈ −6 667"),
        (Fraction(1, 8), RATIO, False, "12.5%"),
        (Fraction(1, 3), RATIO, False, "≈ 33.33%"),
        (Fraction(1, 10**9), NUMBER, False, "0.000000001"),
        (0, NUMBER, False, "0"),
    ],
)
def test_figures_are_whole_or_to_four_digits(amount, unit, near, shown):
    text = figure_text(Fraction(amount), unit, near)
    assert re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", text) == shown


@pytest.mark.parametrize(
    ("number", "whole", "shown"),
    [(0, 7, "0%"), (7, 7, "100%"), (1, 8, "12.5%"), (1, 3, "33.3%"), (1, 10**6, "<0.1%"), (10**6 - 1, 10**6, ">99.9%"),
     (1, 2000, "<0.1%"), (1999, 2000, ">99.9%"), (3, 1000, "0.3%"), (0, 0, "–")],
)  # fmt: skip
def test_what_is_not_nothing_is_never_shown_as_nothing(number, whole, shown):
    assert part_text(number, whole) == shown


# ---- plots -----------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(st.lists(AMOUNTS, max_size=8), st.booleans(), st.booleans(), st.integers(60, 500))
def test_ticks_of_any_scale_are_apart_and_within(amounts, percent, signed, room):
    exact = [Fraction(each, 7) for each in amounts]
    made = axis(exact, Fraction(100), Fraction(room), percent=percent, signed=signed)
    assert all(made.low <= each <= made.high for each in (*exact, *(at for at, _ in made.ticks)))
    assert made.low < made.high
    places = [(made.middle(at, label), measured(label, Fraction(10))) for at, label in made.ticks]
    for (one, wide), (other, next_wide) in pairwise(places):
        assert one + wide / 2 < other - next_wide / 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(AMOUNTS, min_size=8, max_size=8).map(sorted), min_size=1, max_size=6), st.booleans())
def test_boxes_of_any_figures_can_be_read(rows, signed):
    drawn = [
        Box(*(Fraction(each) for each in (row[0], row[1], row[2], row[3], row[4], row[5], row[7], row[6])))
        for row in rows
    ]
    picture, height = plots.boxes([NAME] * len(rows), drawn, "Persons", LEGEND, signed=signed)
    assert_readable(picture, height)


@pytest.mark.parametrize("count", [1, 2, 30, 31, 41, 60])
def test_plots_of_any_number_of_rows_can_be_read(count):
    names = [f"{number} {NAME}" if number % 2 else "Chad (TCD)" for number in range(count)]
    rows = [Box(*map(Fraction, (0, 1, 2, 3, 4, 5, 6 * 10 ** (number % 9), 4))) for number in range(count)]
    assert_readable(*plots.boxes(names, rows, "USD per person per year", LEGEND))
    for columns in (1, 2, 4, 6):
        parts = [("In band 12 or a later one", [(Fraction(each, count), "99.9%") for each in range(count)])] * columns
        assert_readable(*plots.often(names, parts, "Part of the cases"))
    pairs = [
        Pair(
            name,
            "−20% to +20%",
            None if number % 7 == 6 else Fraction(number),
            None if number % 5 == 4 else Fraction(number * 3, 7),
        )
        for number, name in enumerate(names)
    ]
    assert_readable(*plots.to_both_sides(pairs, "Persons", LEGEND))
    assert_readable(*plots.from_base(pairs, Fraction(3), "Persons", LEGEND, percent=True))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=5), AMOUNTS)
def test_bars_from_any_base_can_be_read(rows, base):
    pairs = [Pair(NAME, "40% to 60%", Fraction(low), Fraction(high)) for low, high in rows]
    assert_readable(*plots.from_base(pairs, Fraction(base), "Persons", LEGEND))
    sides = [Pair(NAME, "40% to 60%", abs(each.low), abs(each.high)) for each in pairs]
    assert_readable(*plots.to_both_sides(sides, "Persons", LEGEND))


LEGEND = [(style, f"what {style} means, in words") for style in ("all", "wide", "half", "median", "mean", "solid")]
