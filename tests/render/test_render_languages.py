"""Documents in other languages: whole catalogues, figures and dates as the language writes them, the same decision."""

import json
import re
import runpy
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from policy_dsl.render import numbers, render, words
from policy_dsl.render.compose import compose
from policy_dsl.render.document import Span, Table
from policy_dsl.render.languages import LANGUAGES, NoLocales, current, each_language, speaking
from policy_dsl.render.languages import tongue as tongue_module
from policy_dsl.render.languages.catalogue import TABLES
from policy_dsl.render.languages.french import articles, in_form
from policy_dsl.render.naming import country
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit
from policy_dsl.values.countries import COUNTRIES

TOOL = Path(__file__).resolve().parents[2] / "tools" / "catalogues"
OTHERS = LANGUAGES[1:]
PERSONS, USD = Unit((("person", 1),)), Unit((("USD", 1),))


@pytest.fixture(scope="module")
def catalogues():
    """What the tool for catalogues knows."""
    return runpy.run_path(str(TOOL), run_name="catalogues")


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_with_the_slots_of_the_english(catalogues, code):
    assert catalogues["faults"](catalogues["merged"](code)) == []


def test_the_files_of_the_catalogues_are_current(catalogues):
    assert [path.name for path, data in catalogues["files"]().items() if path.read_bytes() != data] == []


@pytest.mark.parametrize(
    ("english", "translated", "fault"),
    [
        ("{a} of {b}", "{a} de {b}", ""),
        ("{a} of {b}", "", "not translated"),
        ("{a} of {b}", "{a}", "the slots are"),
        ("{a} of {b}", "{a} de {b} et {c}", "the slots are"),
        ("{a}[ of {b}]", "{a} de {b}", "the brackets"),
        ("*Notes* that {a}", "*Note que {a}", "an asterisk"),
    ],
)
def test_a_faulty_translation_is_found(catalogues, english, translated, fault):
    from babel.messages import Catalog

    catalogue = Catalog(locale="fr")
    catalogue.add(english, translated, context="TEXTS x")
    found = catalogues["faults"](catalogue)
    assert (fault in found[0]) if fault else not found


def test_a_text_that_was_changed_loses_its_translation(catalogues, monkeypatch):
    table = TABLES["TEXTS"]
    monkeypatch.setitem(table.english, "page", "Sheet")
    found = catalogues["faults"](catalogues["merged"]("fr"))
    assert found == ["TEXTS page: not translated"]


SHOWN = [
    ("en", Quantity(Fraction(1234567), PERSONS), "1 234 567 persons"),
    ("fr", Quantity(Fraction(1234567), PERSONS), "1 234 567 personnes"),
    ("ar", Quantity(Fraction(1234567), PERSONS), "1,234,567 شخصًا"),
    ("en", Quantity(Fraction(1), PERSONS), "1 person"),
    ("fr", Quantity(Fraction(0), PERSONS), "0 personne"),
    ("fr", Quantity(Fraction(3, 2), PERSONS), "1,5 personne"),
    ("en", Quantity(Fraction(3, 2), PERSONS), "1.5 persons"),
    ("ar", Quantity(Fraction(2), PERSONS), "2 شخصان"),
    ("ar", Quantity(Fraction(5), PERSONS), "5 أشخاص"),
    ("fr", Quantity(Fraction(12345, 10), USD), "1 234,50 USD"),
    ("en", Quantity(Fraction(12345, 10), USD), "USD 1 234.50"),
    ("fr", Quantity(Fraction(1, 8), RATIO), "12,5 %"),
    ("fr", Quantity(Fraction(1, 3), NUMBER), "≈ 0,3333"),
    ("ar", Quantity(Fraction(1, 8), RATIO), "12.5%"),
]


@pytest.mark.parametrize(("code", "quantity", "shown"), SHOWN)
def test_figures_are_written_as_the_language_writes_them(code, quantity, shown):
    with speaking(code):
        assert re.sub(r"[\u00a0\u202f]", " ", numbers.figure(quantity)) == shown


@pytest.mark.parametrize(
    ("code", "day", "shown"),
    [
        ("en", date(1994, 7, 14), "14 July 1994"),
        ("fr", date(1994, 7, 14), "14 juillet 1994"),
        ("fr", date(1994, 8, 1), "1er août 1994"),
        ("fr", date(1994, 8, 11), "11 août 1994"),
        ("ar", date(1994, 7, 14), "14 يوليو 1994"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(code, day, shown):
    with speaking(code):
        assert numbers.day(day).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("code", "name", "form", "said"),
    [
        ("ALB", "Albanie", "le", "l’Albanie"),
        ("ALB", "Albanie", "Le", "L’Albanie"),
        ("ALB", "Albanie", "de", "de l’Albanie"),
        ("MAR", "Maroc", "de", "du Maroc"),
        ("MAR", "Maroc", "à", "au Maroc"),
        ("USA", "États-Unis", "de", "des États-Unis"),
        ("USA", "États-Unis", "à", "aux États-Unis"),
        ("TUR", "Turquie", "le", "la Turquie"),
        ("MLT", "Malte", "de", "de Malte"),
        ("ISR", "Israël", "de", "d’Israël"),
        ("unhcr", "HCR", "à", "à HCR"),
    ],
)
def test_french_names_take_their_article(code, name, form, said):
    assert in_form(code, name, form) == said


def test_every_article_is_that_of_a_known_state():
    assert set(articles()) - set(COUNTRIES) <= {"EU", "XKX"}
    assert set(articles().values()) == {"le", "la", "les", "l’"}


def test_names_in_a_list_take_their_form_and_the_first_its_capital():
    line = words.fill("{who:Le}", {"who": words.members(("ALB", "MAR"))})
    assert [(span.text, span.form) for span in line if span.kind == "member"] == [("ALB", "Le"), ("MAR", "le")]


def test_states_are_called_as_the_language_calls_them():
    assert [country("DEU"), country("COD")] == ["Germany", "Democratic Republic of the Congo"]
    with speaking("fr"):
        assert country("DEU") == "Allemagne"
    with speaking("ar"):
        assert country("DEU") == "ألمانيا"


@pytest.mark.parametrize("code", OTHERS)
def test_a_document_in_another_language_decides_the_same(spring, code):
    english, other = compose(spring), compose(spring, language=code)
    assert (other.language, other.direction) == (code, "rtl" if code == "ar" else "ltr")
    assert _amounts(english) == _amounts(other)
    assert english.anchors == other.anchors
    data, same = json.loads(render(spring, "json")), json.loads(render(spring, "json", language=code))
    assert same["text"]["language"] == code
    assert data | {"text": None} == same | {"text": None}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("form", ["md", "html"])
def test_no_english_of_the_tool_stands_in_another_language(spring, code, form):
    text = render(spring, form, language=code)
    for word in ("Decides", "exact share", "Operative part", "Annex:", "Derivation"):
        assert word not in text, word


def test_the_language_of_one_document_leaves_no_trace(spring):
    before = render(spring, "md")
    render(spring, "md", language="fr")
    assert render(spring, "md") == before
    assert current().code == "en"


def test_what_is_remembered_is_remembered_for_each_language():
    asked = []

    @each_language(10)
    def name(_: int) -> str:
        asked.append(current().code)
        return current().code

    assert name(1) == name(1) == "en"
    with speaking("fr"):
        assert name(1) == name(1) == "fr"
    assert asked == ["en", "fr"]


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="unknown language"), speaking("xx"):
        pass


def test_without_the_locales_a_language_is_refused_and_english_is_not(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "babel", None)
    tongue_module.tongue.cache_clear()
    try:
        with pytest.raises(NoLocales), speaking("fr"):
            pass
        with speaking("en"):
            assert numbers.number(Fraction(1, 2), 2) == "0.5"
    finally:
        tongue_module.tongue.cache_clear()


def _amounts(part) -> list:
    """The exact figures of all tables, in their order."""
    found = []
    if isinstance(part, Table):
        found = [cell.amount for row in part.rows for cell in row.cells]
    elif isinstance(part, tuple):
        found = [each for one in part for each in _amounts(one)]
    elif hasattr(part, "__match_args__") and not isinstance(part, Span):
        found = [each for name in part.__match_args__ for each in _amounts(getattr(part, name))]
    return found
