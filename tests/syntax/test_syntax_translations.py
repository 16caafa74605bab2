"""Translations are read as policies are: typed nodes with their places, one report for each fault, the rest served."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_dsl.source import Source
from policy_dsl.syntax import ParsedTranslation, language_of, parse, parse_translation, tree

MODEL = Path(__file__).resolve().parents[2] / "policies" / "model_rules"
TEXT = """# Words only.
translation fr "Règles du Groupe des lacs"
  of        "lake.policy"
  version   "1.0"
  authority "Adoptées à la première réunion"

part I "Le groupe"

article 1 bis "Membres"
  (1) > Les membres sont les États
      > de la région.
  name core "Noyau"
    because "C’est ainsi."
  name concerned of finding "Membre concerné" cites "Art. 35"
article 2 "Titre seul"

delete article 3 because "La réunion examine la charge."
"""


def read(text: str) -> ParsedTranslation:
    return parse_translation(Source("t", text))


def told(parsed: ParsedTranslation) -> list[tuple[str, str]]:
    return [(problem.code, problem.span.text if problem.span else "") for problem in parsed.problems]


def test_every_line_is_a_node_at_its_place():
    parsed = read(TEXT)
    assert parsed.problems == ()
    header = parsed.tree.header
    assert header is not None
    assert (header.language.text, header.title) == ("fr", "Règles du Groupe des lacs")
    assert [(line.word, line.value.value) for line in header.lines] == [
        ("of", "lake.policy"),
        ("version", "1.0"),
        ("authority", "Adoptées à la première réunion"),
    ]
    part, first, second, deletion = parsed.tree.items
    assert isinstance(part, tree.Part)
    assert (part.number, part.title) == ("I", "Le groupe")
    assert isinstance(first, tree.Translated)
    words, core, concerned = first.lines
    assert isinstance(words, tree.Prose)
    assert (str(first.number), words.paragraph, words.text) == ("1 bis", 1, "Les membres sont les États de la région.")
    assert isinstance(core, tree.Named)
    assert (core.name.text, core.of, core.title) == ("core", None, "Noyau")
    assert [(note.kind, note.text) for note in core.notes] == [("because", "C’est ainsi.")]
    assert isinstance(concerned, tree.Named)
    assert concerned.of is not None
    assert (concerned.of.text, concerned.span.begins.line) == ("finding", 14)
    assert [note.kind for note in concerned.notes] == ["cites"]
    assert isinstance(second, tree.Translated)
    assert (second.title, second.lines) == ("Titre seul", ())
    assert isinstance(deletion, tree.Untranslated)
    assert str(deletion.number) == "3"
    assert [comment.text for comment in parsed.tree.comments] == ["# Words only."]


FAULTS = [
    ('name core "Noyau"', 'tier core "Noyau"', [("PD281", 'tier core "Noyau"')]),
    ('name core "Noyau"', "name core Noyau", [("PD144", "Noyau")]),
    ('name core "Noyau"', 'names core "Noyau"', [("PD124", "names")]),
    ('name core "Noyau"', 'name Core "Noyau"', [("PD112", "Core")]),
    ("article 2", "example", [("PD281", 'example "Titre seul"')]),
    ("  version ", "  edition ", [("PD125", "edition")]),
    ("  version ", "  currency", [("PD125", "currency")]),
    ('"1.0"', "“1.0”", [("PD110", "“1.0”")]),
    ("delete article 3", "replace article 3", [("PD281", 'replace article 3 because "La réunion examine la charge."')]),
    ("part I ", "translation fr ", [("PD121", 'translation fr "Le groupe"')]),
]


@pytest.mark.parametrize(("old", "new", "faults"), FAULTS)
def test_a_fault_is_told_once_and_the_rest_is_served(old, new, faults):
    sound, parsed = read(TEXT), read(TEXT.replace(old, new, 1))
    assert told(parsed) == faults
    assert parsed.tree.header is not None
    nodes = [sum(isinstance(each, tree.Named | tree.Prose) for each in tree.walk(one.tree)) for one in (sound, parsed)]
    assert nodes[1] >= nodes[0] - 1


def test_a_provision_is_shown_as_the_title_that_it_should_be():
    assert [each.mend for each in read(TEXT.replace("name core", "tier core")).problems] == [
        'write `name core "Noyau"`'
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("translation fr x", "fr"),
        ("\ufeff# a\n\n  # b\ntranslation ar x", "ar"),
        ("policy p x", None),
        ("translations fr x", None),
        ("# translation fr\npolicy p", None),
        ("", None),
    ],
)
def test_a_text_says_in_its_first_line_that_it_is_a_translation(text, language):
    found = language_of(Source("t", text))
    assert (None if found is None else found.text) == language


def test_a_translation_in_the_place_of_a_policy_is_one_fault():
    parsed = parse(Source("t", TEXT))
    assert [problem.code for problem in parsed.problems] == ["PD280"]
    assert parsed.tree.header is None


def test_name_is_no_word_of_the_language_elsewhere():
    parsed = parse(Source("t", 'article 1 "A"\n  define name "N" = 1\n  define translation = name\n'))
    assert [problem.code for problem in parsed.problems] == ["PD120"]


@given(st.data())
def test_any_text_gives_a_tree(data):
    text = (MODEL / "model_rules.ar.policy").read_text("utf-8")[:1500]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    new = data.draw(st.text(alphabet='nameof()>" \n\tarticle1,=', max_size=8))
    parsed = read(text[:start] + new + text[end:])
    for node in tree.walk(parsed.tree):
        assert 0 <= node.span.start <= node.span.end <= len(parsed.tree.span.text)
