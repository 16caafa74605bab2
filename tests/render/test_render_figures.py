"""Figures: what they draw is what the tables and derivations hold, and what is drawn can be read."""

import os
import re
import subprocess
import sys
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_document import walked, words_of

from policy_dsl import pipeline
from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.derivation import walk_all
from policy_dsl.render import words
from policy_dsl.render.compose import compose
from policy_dsl.render.document import Bullets, Figure, Paragraph, Section, Table
from policy_dsl.render.figures import canvas, locator, timeline
from policy_dsl.render.figures.bars import MOST, Bar, Key, Mark, Panel, draw
from policy_dsl.render.figures.canvas import SIZE, WIDTH, Box, Canvas, in_lines, measured, shortened, tenths, wrapped
from policy_dsl.render.forms import FORMS, render_document
from policy_dsl.values import Quantity

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "data" / "figures"
SVG = "{http://www.w3.org/2000/svg}"
# A policy and a case of each size, and the kinds of figures that its document has.
CASES = {
    "few": ("policies/lake_group/lake_group.policy", "policies/lake_group/cases/two_shores_2026.yaml"),
    "some": ("policies/model_rules/model_rules.policy", "policies/model_rules/cases/togo_1993.yaml"),
    "thirty": ("policies/model_rules/model_rules.policy", "policies/model_rules/cases/kosovo_1999.yaml"),
    "many": ("policies/un_scale_limits/un_scale_limits.policy", "policies/un_scale_limits/cases/scale_1992.yaml"),
    "places": ("policies/dublin_iv_reference_key/dublin_iv_reference_key.policy",
               "policies/dublin_iv_reference_key/cases/year_2015.yaml"),
}  # fmt: skip
KINDS = {
    "few": {"timeline", "shares", "credits", "ways", "fund"},
    "some": {"timeline", "shares", "credits", "ways", "fund", "map"},
    "thirty": {"timeline", "shares", "credits", "ways", "fund", "map"},
    "many": {"shares"},
    "places": {"shares", "map"},
}


def decided(policy: str, case: str) -> Decision:
    checked = pipeline.check_policy(pipeline.open_file(str(ROOT / policy))).checked
    assert checked is not None
    read = pipeline.read_case(checked, pipeline.open_file(str(ROOT / case)))
    assert read.case is not None
    return pipeline.decide(checked, read.case)


@pytest.fixture(scope="module")
def decisions() -> dict[str, Decision]:
    return {name: decided(*files) for name, files in CASES.items()}


@pytest.fixture(scope="module", params=CASES)
def named(request, decisions) -> tuple[str, Decision]:
    return request.param, decisions[request.param]


@pytest.fixture(scope="module")
def documents(decisions):
    return {name: compose(each, folds=False) for name, each in decisions.items()}


def figures_of(document) -> list[Figure]:
    return [block for block, _ in walked(document.sections) if isinstance(block, Figure)]


def beside(document) -> list[tuple[Figure, list[Table]]]:
    """Each figure with the tables of its section."""
    return [
        (block, [each for each in section.blocks if isinstance(each, Table)])
        for section, _ in walked(document.sections)
        if isinstance(section, Section)
        for block in section.blocks
        if isinstance(block, Figure)
    ]


def column(table: Table, title: str) -> dict[str, Fraction]:
    """The figures of a column by the name of the row, as the table has them."""
    place = next(n for n, each in enumerate(table.columns) if each.title.split(" (")[0] == title)
    rows = [row for row in table.rows if row.kind == "row"]
    return {words_of(row.cells[0].line): row.cells[place].amount for row in rows}


def boxes(picture: str) -> list[Box]:
    """Where the texts of a picture stand, by the widths that the canvas counts with."""
    found = []
    for each in ElementTree.fromstring(picture).iter(f"{SVG}text"):
        size = Fraction(each.get("font-size", tenths(SIZE)))
        text = re.sub("[\u2067\u2069]", "", each.text or "")
        wide = measured(text, size, each.get("font-weight") == "600")
        x, base = Fraction(each.attrib["x"]), Fraction(each.attrib["y"])
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[each.get("text-anchor", "start")]
        found.append(Box(left, base - size * Fraction(95, 100), left + wide, base + size / 4, text))
    return found


def assert_readable(picture: str, height: int) -> None:
    """No text leaves the picture, and no two stand on each other."""
    found = boxes(picture)
    slack = Fraction(1, 5)  # places are rounded to tenths
    for box in found:
        assert -slack <= box.left <= box.right <= WIDTH + slack, box
        assert -slack <= box.top <= box.bottom <= height + slack, box
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            apart = one.right <= other.left + slack or other.right <= one.left + slack
            assert apart or one.bottom <= other.top + slack or other.bottom <= one.top + slack, (one, other)


# ---- what is drawn ---------------------------------------------------------------------------------------------------


def test_each_case_has_the_kinds_of_figures_for_which_it_has_data(documents):
    assert {name: {each.kind for each in figures_of(document)} for name, document in documents.items()} == KINDS


@pytest.mark.parametrize("name", CASES)
def test_bars_are_as_long_as_the_table_says(documents, decisions, name):
    """Results, limits, credits and exact shares are those of the table beside the figure."""
    columns = {"final": "Result", "ceiling": "Ceiling", "floor": "Floor", "credit": "Credit", "exact": "Exact share"}
    called = {code: words.flat(words.members((code,))) for code in decisions[name].members}
    from policy_dsl.render.naming import alone

    label = alone(decisions[name].program)
    seen = 0
    for figure, tables in beside(documents[name]):
        if figure.kind not in ("shares", "credits", "map"):
            continue
        for drawn in figure.drawn:
            if drawn.what in columns:
                found = column(tables[0], columns[drawn.what])[label(drawn.of)]
                ratio = "%" in words_of(next(r for r in tables[0].rows if r.kind == "row").cells[-1].line)
                assert found == drawn.amount * (100 if ratio else 1) or (found is None and not drawn.amount)
                seen += 1
    assert seen >= len(called) // 2


def test_everything_drawn_is_in_the_derivations(named, documents):
    name, decision = named
    amounts = {each.value.amount for each in walk_all(decision.values.values()) if isinstance(each.value, Quantity)}
    for shared in decision.shares:
        for row in shared.rows:
            told = (row.quota, row.exact, row.due, row.rounded, row.extra)
            amounts |= {each for each in told if each is not None}
            bounds = (row.final, row.weight, row.floor, row.ceiling, row.credit)
            amounts |= {each.value.amount for each in bounds if each and isinstance(each.value, Quantity)}
    for fund in decision.funds:
        amounts |= {size for _, _, size, _ in fund.due} | {-size for _, _, size in fund.paid_out} | {fund.closing}
        amounts |= {
            each.value.amount for each in (fund.balance, fund.level) if each and isinstance(each.value, Quantity)
        }
    for figure in figures_of(documents[name]):
        for drawn in figure.drawn:
            moves = figure.kind == "ways" and drawn.what not in ("col.exact", "col.net", "col.final")
            if drawn.amount and not moves:
                assert drawn.amount in amounts, drawn


def test_the_steps_of_a_way_lead_from_its_beginning_to_its_end(documents):
    """A level is where the movement before it led to, but for what rounding did: less than one."""
    levels = ("figure.by_weight", "figure.by_relief", "col.exact", "col.net", "col.final")
    seen = 0
    for figure in (each for document in documents.values() for each in figures_of(document) if each.kind == "ways"):
        here: dict[str, Fraction] = {}
        for drawn in figure.drawn:
            if drawn.what in levels:
                assert abs(here.get(drawn.of, drawn.amount) - drawn.amount) <= 1, drawn
                here[drawn.of] = drawn.amount
            else:
                here[drawn.of] += drawn.amount
            seen += 1
    assert seen > 20


def test_a_fund_runs_from_its_balance_before_to_that_after(documents, decisions):
    for name in ("few", "some", "thirty"):
        (fund,) = decisions[name].funds
        (figure,) = (each for each in figures_of(documents[name]) if each.kind == "fund")
        moves = [each.amount for each in figure.drawn if each.what == "movement"]
        assert sum(moves) == fund.closing == figure.drawn[len(moves)].amount
        level = [each.amount for each in figure.drawn if each.what == "level"]
        assert level == ([fund.level.value.amount] if fund.level else [])


def test_the_timeline_has_the_windows_and_events_of_each_step(documents, decisions):
    for name in ("few", "some", "thirty"):
        (figure,) = (each for each in figures_of(documents[name]) if each.kind == "timeline")
        steps = {step.entry.name: step for step in decisions[name].timeline}
        assert {drawn.of for drawn in figure.drawn} == {
            key for key, step in steps.items() if step.events or step.earliest or step.latest or step.falls or step.dues
        }
        for drawn in figure.drawn:
            step = steps[drawn.of]
            assert drawn.status == step.status
            valid = [each.event.at for each in step.events if each.valid]
            if drawn.what == "recorded":
                assert drawn.when in (valid[0], valid[-1])
            if drawn.what in ("earliest", "latest"):
                assert drawn.when == getattr(step, drawn.what).value


def test_no_number_is_in_a_picture_that_the_document_does_not_hold(documents):
    """The steps of a way are in the reasons; days of a timeline are dates of the table without the hour."""
    for document in documents.values():
        told = " ".join([*_told(document.sections), *map(words_of, document.below)])
        for figure in figures_of(document):
            for box in boxes(figure.picture):
                if any(char.isdigit() for char in box.text):
                    assert box.text.lstrip("+≈\N{NO-BREAK SPACE}") in told, (figure.kind, box.text)


def _told(blocks) -> list[str]:
    found = []
    for block, _ in walked(blocks):
        match block:
            case Table():
                found += [words_of(cell.line) for row in block.rows for cell in row.cells]
                found += [each.title for each in block.columns]
            case Paragraph():
                found.append(words_of(block.line))
            case Bullets():
                found += map(words_of, block.items)
    return found


# ---- what can be read ------------------------------------------------------------------------------------------------


def test_no_text_leaves_its_picture_or_stands_on_another(documents):
    for document in documents.values():
        for figure in figures_of(document):
            assert_readable(figure.picture, figure.height)


@pytest.mark.parametrize("count", [2, 5, 30, 31, 40, 41, MOST])
@pytest.mark.parametrize("mirrored", [False, True])
def test_rows_of_any_number_can_be_read_and_fit_a_page(count, mirrored):
    names = [f"{'Democratic Republic of the Very Long Name' if n % 3 else 'Chad'} (A{n % 26 + 65:c}{n // 26 + 65:c})"
             for n in range(count)]  # fmt: skip
    amounts = [Fraction(10**9 - n * 12_345_678) for n in range(count)]
    solid = tuple((Bar(Fraction(0), each),) for each in amounts)
    marks = tuple(
        (Mark(each * (2 if n % 2 else 50), "ceiling"), Mark(Fraction(0), "floor")) for n, each in enumerate(amounts)
    )
    values = tuple(f"USD {each}" for each in amounts)
    panels = [Panel("Result (USD per person per year)", solid, marks, values, part=2)]
    panels += [Panel("A title of several long words (km²)", solid)] * 3
    legend = [
        Key(style, f"What {style} bars mean, in words") for style in ("solid", "light", "hatched", "ceiling", "line")
    ]
    picture, height, beyond = draw(names, panels, legend, mirrored)
    assert beyond
    assert_readable(picture, height)
    assert height * 170 / WIDTH <= 225  # millimetres on A4


@given(st.lists(st.tuples(st.text(max_size=60), st.integers(-(10**9), 10**12)), min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_names_and_amounts_can_be_read(rows):
    amounts = [Fraction(amount, 7) for _, amount in rows]
    panel = Panel("Result", tuple((Bar(Fraction(0), each),) for each in amounts), (), tuple(map(str, amounts)))
    picture, height, _ = draw([name for name, _ in rows], [panel], [Key("solid", rows[0][0])], False)
    assert_readable(picture, height)
    left = [Fraction(each.attrib["x"]) for each in ElementTree.fromstring(picture).iter(f"{SVG}rect")]
    assert all(0 <= each <= WIDTH for each in left)


def test_pictures_in_arabic_are_the_mirror_of_those_in_english(decisions):
    """The bars of the one begin where those of the other end."""
    english, arabic = (
        {each.anchor: each for each in figures_of(compose(decisions["thirty"], language=code)) if each.kind == "fund"}
        for code in ("en", "ar")
    )
    for anchor, figure in english.items():
        there = [each.attrib for each in ElementTree.fromstring(arabic[anchor].picture).iter(f"{SVG}rect")]
        here = [each.attrib for each in ElementTree.fromstring(figure.picture).iter(f"{SVG}rect")]
        assert len(here) == len(there)
        assert_readable(arabic[anchor].picture, arabic[anchor].height)
        first = (Fraction(here[0]["x"]), Fraction(there[0]["x"]) + Fraction(there[0]["width"]))
        assert first[0] < WIDTH / 2 < first[1]
    sides = [Canvas(mirrored) for mirrored in (False, True)]
    for each in sides:
        each.text(10, 20, "Name")
        each.text(300, 20, "Figure", "end")
    for one, other in zip(sides[0].boxes, sides[1].boxes, strict=True):
        assert (one.left, one.right) == (WIDTH - other.right, WIDTH - other.left)


def test_maps_are_not_mirrored(decisions):
    def outlines(code: str) -> list[str]:
        (figure,) = (each for each in figures_of(compose(decisions["thirty"], language=code)) if each.kind == "map")
        return [each.attrib["d"] for each in ElementTree.fromstring(figure.picture).iter(f"{SVG}path")]

    assert outlines("en") == outlines("ar")


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_can_be_told_apart():
    assert min(contrast(each, canvas.PAPER) for each in (canvas.INK, canvas.QUIET)) >= 4.5
    assert min(contrast(each, canvas.PAPER) for each in (canvas.INK, canvas.SOLID)) >= 3
    assert all(contrast(fill, ink) >= 4.5 for _, _, fill, ink in locator.CLASSES)
    # In grey the classes of the map get lighter and lighter.
    shades = [luminance(fill) for _, _, fill, _ in locator.CLASSES]
    assert all(later > 1.5 * sooner + 0.05 for sooner, later in pairwise(shades))


# ---- what a picture is made of ---------------------------------------------------------------------------------------


def test_hostile_text_is_mere_text_in_every_picture(hostile, documents):
    pictures = [each.picture for each in figures_of(compose(hostile))]
    evil = "<script>alert(1)</script>&\u202e\"'\x00{{x}}"
    pictures.append(draw([evil, evil], [Panel(evil, ((), ()), (), (evil, evil))], [Key("solid", evil)], True)[0])
    pictures += [each.picture for document in documents.values() for each in figures_of(document)]
    allowed = {"svg", "rect", "polyline", "polygon", "circle", "text", "path"}
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        assert {each.tag.removeprefix(SVG) for each in root.iter()} <= allowed
        assert not any(
            key.startswith("on") or "href" in key or key == "id" for each in root.iter() for key in each.attrib
        )
    assert "<script" not in "".join(pictures)
    assert "[U+202E]" in "".join(pictures)


def test_a_page_names_each_of_its_pictures_once(documents):
    page = render_document(documents["thirty"], "html")
    found = re.findall(r'<svg [^>]*role="img" aria-labelledby="([^"]+)" aria-describedby="([^"]+)">', page)
    assert len(found) == len(figures_of(documents["thirty"])) == page.count("<svg ")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for title, told in found:
        assert f'<title id="{title}">' in page
        assert f'<desc id="{told}">' in page


@pytest.mark.parametrize("form", [form for form in FORMS if form != "json"])
def test_each_form_tells_what_a_figure_shows(documents, form):
    figures = figures_of(documents["few"])
    made = render_document(documents["few"], form)
    if form in ("md", "html"):
        text = re.sub(r"\\", "", made)
        assert all(each.label in re.sub(r"<[^>]+>|\*", "", text) for each in figures)
        assert form == "html" or "<svg" not in made
    elif form == "docx":
        from io import BytesIO

        import docx

        body = docx.Document(BytesIO(made)).element.body
        told = [each.get("descr") for each in body.iter("{*}docPr")]
        assert told == [each.words for each in figures]
    else:
        from io import BytesIO

        from pypdf import PdfReader

        alternatives = _alternatives(PdfReader(BytesIO(made)).trailer["/Root"]["/StructTreeRoot"])
        assert alternatives == [each.words for each in figures]


def _alternatives(node) -> list[str]:
    found = [str(node["/Alt"])] if "/Alt" in node else []
    inside = node.get("/K", [])
    for each in inside if isinstance(inside, list) else [inside]:
        each = each.get_object()
        if hasattr(each, "keys"):
            found += _alternatives(each)
    return found


def test_pictures_are_the_same_in_every_process():
    script = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "from test_render_figures import *\n"
        "found = figures_of(compose(decided(*CASES['some'])))\n"
        "print(hashlib.sha256(''.join(each.picture for each in found).encode()).hexdigest())"
    )
    said = []
    for seed in ("1", "2"):
        command = [sys.executable, "-c", script, str(Path(__file__).parent)]
        more = {"PYTHONHASHSEED": seed, "LC_ALL": "C"}
        said.append(subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | more).stdout)
    assert said[0] == said[1] != ""


@pytest.mark.parametrize("kind", sorted(KINDS["thirty"]))
def test_one_picture_of_each_kind_is_as_it_was(documents, kind):
    """To accept a change, look at the new picture and put it in the place of the old."""
    picture = next(each.picture for each in figures_of(documents["some"]) if each.kind == kind)
    assert picture.replace("><", ">\n<") + "\n" == (GOLDEN / f"{kind}.svg").read_text("utf-8")


# ---- the parts of the drawing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (3, "3"), (Fraction(1, 3), "0.3"), (Fraction(1, 20), "0.1"), (Fraction(-7, 4), "-1.7"),
     (Fraction(-1, 4), "-0.2"), (Fraction(29_96, 100), "30"), (-5, "-5")],
)  # fmt: skip
def test_places_have_at_most_one_decimal(number, text):
    assert tenths(number) == text


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("Chad (TCD)", 200, "Chad (TCD)"),
        ("Democratic Republic of the Congo (COD)", 150, "Democratic Rep… (COD)"),
        ("A participant of a long name", 60, "A partic…"),
        ("Name", 1, "…"),
    ],
)
def test_a_text_is_cut_to_its_room_but_keeps_its_code(text, room, shown):
    assert shortened(text, room) == shown


def test_a_text_is_laid_on_as_many_lines_as_it_may_take():
    assert wrapped("one two", 200) == ["one two"]
    assert wrapped("one two three four", 50) == ["one two", "three…"]
    assert wrapped("one two three four", 50, most=3) == ["one two", "three", "four"]
    assert wrapped("", 60) == []


def test_items_go_to_the_next_line_where_the_room_ends():
    assert list(in_lines([(50, "a"), (40, "b"), (30, "c")], 100, 10)) == [(0, 0, "a"), (0, 60, "b"), (1, 0, "c")]


def test_only_the_largest_are_drawn_where_a_page_cannot_hold_all(documents):
    for figure in figures_of(documents["many"]):
        if figure.kind == "shares":
            assert len({each.of for each in figure.drawn}) == MOST
            drawn = [each.amount for each in figure.drawn if each.what == "final"]
            assert drawn == sorted(drawn, reverse=True)
            assert any(str(MOST) in words_of(note) for note in figure.notes)


def test_time_runs_one_way(documents, decisions):
    """Of two moments the later stands further on, by however little."""
    rows = [timeline._row(step, 0) for step in decisions["thirty"].timeline]
    rows = [row for row in rows if row.moments]
    scale = timeline._Scale(rows, {}, Fraction(100), Fraction(500))
    moments = sorted(scale.places)
    places = [scale(each) for each in moments]
    assert places == sorted(set(places))
    assert (places[0], places[-1]) == (100, 500)


def test_a_day_as_a_time_limit_ends_with_its_last_minute():
    assert timeline.minute(date(2026, 3, 2)) == timeline.minute(date(2026, 3, 1), end=True) + 1


def test_the_map_holds_every_member_within_its_frame():
    for members in (["ALB", "MKD"], ["FJI", "NZL", "WSM", "USA"], ["RUS", "NOR"], ["MLT", "LUX"], ["CHL", "JPN"]):
        view = locator._view(members)
        for member in members:
            ring = locator.world()[member][0]
            turns = [[view.place((x + turn, y)) for x, y in ring] for turn in (0, locator.ROUND, -locator.ROUND)]
            inside = [all(0 <= x <= WIDTH * 10 and 0 <= y <= view.height * 10 for x, y in points) for points in turns]
            assert any(inside), (members, member)
        assert 160 <= view.height <= locator.TALLEST


def test_the_map_is_cut_where_the_widest_gap_is():
    """Fiji and Samoa lie on both sides of the line of 180 degrees: the map is of the Pacific, not of the world."""
    view = locator._view(["NZL", "WSM"])
    left, right = (view.x.place(degree) for degree in (17_000, 19_000))
    assert right - left > WIDTH * 10 // 4


def test_land_beyond_the_frame_is_cut_off():
    square = [(-50, -50), (50, -50), (50, 50), (-50, 50)]
    cut = locator._cut(locator._cut(square, 0, 0, 100), 1, 0, 100)
    assert sorted(cut) == [(0, 0), (0, 50), (50, 0), (50, 50)]
    assert locator._cut([(-5, 0), (-5, 5), (-1, 3)], 0, 0, 100) == []


def test_a_code_stands_inside_its_outline_or_not_at_all():
    square = [(0, 0), (100, 0), (100, 100), (0, 100)]
    assert locator._room(square, 30, 10) == (50, 50)
    assert locator._room(square, 60, 10) is None
    assert locator._inside(square, (99, 1))
    assert not locator._inside(square, (101, 50))


def test_the_outlines_say_where_they_come_from():
    told = (Path(locator.__file__).parent / "world.md").read_text("utf-8")
    assert "public domain" in told
    assert "ISC" in told
    lines = (Path(locator.__file__).parent / "world.txt").read_text("utf-8").splitlines()
    assert {len(line.split(" ", 1)[0]) for line in lines} == {1, 3}
    assert len({line.split(" ", 1)[0] for line in lines}) > 200


def test_a_figure_stands_where_no_page_is_turned(documents):
    """A picture that is as high as a page would not fit on one that is turned."""
    from policy_dsl.render.forms.paper import turned

    for document in documents.values():
        for section, _ in walked(document.sections):
            if isinstance(section, Section):
                places = [n for n, block in enumerate(section.blocks) if isinstance(block, Figure)]
                assert all(place >= turned(section) for place in places)
