"""Colours: every sign has one, none is lost, and Pygments knows the language by its name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_dsl.resolve.binding import FUNCTIONS
from policy_dsl.resolve.program import Builtin
from policy_dsl.resolve.provisions import ROUNDINGS
from policy_dsl.syntax import highlight
from policy_dsl.syntax.highlight import coloured
from policy_dsl.values.units import WORDS

pygments = pytest.importorskip("pygments")

ROOT = Path(__file__).parents[2]
TEXTS = sorted([*ROOT.glob("policies/*/*.policy"), *ROOT.glob("docs/**/*.policy"), *ROOT.glob("tests/**/*.policy")])

LINES = [
    ('policy t "T"', 'opening:policy given:t string:"T"'),
    ("  in force  from 2026-01-01", "line:in operator:force operator:from date:2026-01-01"),
    ("  (1) > Words, 40% and all.", "words:(1)·>·Words,·40%·and·all."),
    ("  tier core  # note", "provision:tier given:core comment:#·note"),
    ("    at most  2/3 of total", "line:at operator:most figure:2/3 operator:of builtin:total"),
    ("    50% : share of size", "figure:50% sign:: gathering:share operator:of name:size"),
    ("  expect x of BDI = 1_000.5 USD", "line:expect name:x operator:of code:BDI sign:= figure:1_000.5 code:USD"),
    ("    notwithstanding Art. 4 bis(2)", "operator:notwithstanding citation:Art.·4·bis(2)"),
    ('replace article 5 "A"', 'opening:replace·article figure:5 string:"A"'),
    ('  define x "torn', 'provision:define given:x string:"torn'),
]


@pytest.mark.parametrize(("line", "signs"), LINES, ids=[line.strip() for line, _ in LINES])
def test_classes(line: str, signs: str):
    found = [f"{kind}:{each.replace(' ', '·')}" for kind, each in coloured(line) if kind != "plain"]
    assert " ".join(found) == signs


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_no_sign_is_lost_and_none_is_without_a_class(file: Path):
    text = file.read_text("utf-8")
    found = list(coloured(text))
    assert "".join(signs for _, signs in found) == text
    if "policies" in file.parts:
        assert [signs for kind, signs in found if kind == "plain" and signs.strip()] == []


@given(st.text())
def test_any_text_at_all(text: str):
    assert "".join(signs for _, signs in coloured(text)) == text


def test_the_lists_are_those_of_the_language():
    given = highlight.GIVEN.split()
    assert set(highlight.FUNCTIONS.split()) == set(FUNCTIONS)
    assert set(given) == {each.value for each in Builtin}
    assert set(ROUNDINGS) <= set(highlight.CHOICES.split())
    units = [unit.split()[0] for unit in WORDS]
    assert {kind for unit in units for kind, signs in coloured(unit) if signs.strip()} == {"unit"}


class TestPygments:
    def test_it_finds_the_lexer_by_name_and_by_file(self):
        from pygments.lexers import find_lexer_class_for_filename, get_lexer_by_name

        assert get_lexer_by_name("policy").name == "Policy"
        assert find_lexer_class_for_filename("x.policy").name == "Policy"

    @pytest.mark.parametrize("file", TEXTS[::3], ids=lambda file: file.name)
    def test_every_sign_has_a_token_and_none_is_an_error(self, file: Path):
        from pygments.token import Error

        from policy_dsl.syntax.colouring import PolicyLexer

        text = file.read_text("utf-8")
        found = list(PolicyLexer(stripnl=False, ensurenl=False).get_tokens(text))
        assert "".join(signs for _, signs in found) == text.replace("\r\n", "\n")
        assert not any(kind in Error for kind, _ in found)

    def test_a_page_of_it(self):
        from pygments.formatters import HtmlFormatter

        from policy_dsl.syntax.colouring import PolicyLexer

        page = pygments.highlight('policy t "T"\n', PolicyLexer(), HtmlFormatter())
        assert '<span class="kd">policy</span>' in page
