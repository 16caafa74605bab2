"""The catalogue: each code once, each with words, each with a page, none that nobody uses."""

import re
from importlib import resources
from pathlib import Path

import pytest

import policy_dsl
from policy_dsl.diagnostics.catalogue import FAMILIES, entries, entry, filled
from policy_dsl.diagnostics.pages import page, title_of
from policy_dsl.diagnostics.snippet import clean

PACKAGE = Path(policy_dsl.__file__).parent
USED = {
    code
    for file in PACKAGE.rglob("*.py")
    for code in re.findall(r"\bPD\d{3}\b", re.sub(r"#.*", "", file.read_text("utf-8")))
}


def test_every_code_in_the_source_is_in_the_catalogue():
    assert sorted(USED - set(entries())) == []


def test_every_code_in_the_catalogue_is_in_the_source():
    assert sorted(set(entries()) - USED) == []


def test_names_are_unique():
    slugs = [one.slug for one in entries().values()]
    assert sorted(slug for slug in set(slugs) if slugs.count(slug) > 1) == []


def test_every_page_belongs_to_a_code():
    folder = resources.files("policy_dsl.diagnostics") / "pages"
    assert sorted({file.name.removesuffix(".md") for file in folder.iterdir()} - set(entries())) == []


@pytest.mark.parametrize("code", entries())
def test_every_code_has_words_and_a_page(code: str):
    found = entry(code)
    assert re.fullmatch(r"PD\d{3}", code)
    assert code[:3] in FAMILIES
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found.slug)
    assert clean(found.message) == found.message
    assert clean(found.help) == found.help
    text = page(code)
    assert text is not None, f"pages/{code}.md is missing"
    assert title_of(text).startswith(code)


def test_an_unknown_code_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        entry("PD000")


@pytest.mark.parametrize("code", ["PD000", "PDxyz", "../pages/PD901", ""])
def test_there_is_no_page_for_what_is_no_code(code: str):
    assert page(code) is None


def test_a_slot_without_a_parameter_stays():
    assert filled("{a} and {b} and {a.b}", {"a": "{b}"}) == "{b} and {b} and {a.b}"


@pytest.mark.parametrize("code", entries())
def test_messages_are_written_alike(code: str):
    """Without a capital and a full stop, as they stand beside a mark."""
    found = entry(code)
    for text in (found.message, found.help):
        assert not text.endswith(".")
        assert not re.match(r"[A-Z][a-z]", text) or text.startswith(("State", "Art"))
        assert "\n" not in text
