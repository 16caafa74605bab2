"""A translation beside its policy: what goes where, what fits nothing, what is missing, and whose words are adopted."""

import pytest
from resolving import program, resolved, told

from policy_dsl.resolve.texts import check_translation, faults, texts
from policy_dsl.source import Source
from policy_dsl.syntax import parse_translation

LAKE = """policy lake "Rules of the Lake Group"
  language 1
  version "1.0"
  authority "Adopted at the first meeting"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain
  translation fr "lake.fr.policy"

part I "The group"

article 1 "Members"
  > The members are the States of the region.
  tier core "Core"
    requires pledge of member
      because "A seat is earned."
    grounds kinship
  procedure joining "Joining"
    step pledge "Pledge"
      by states
      cites "Art. 35"
      records starts : date
      define length "Length" = 1 year

article 2 bis "Size"
  (1) > Size is population.
  (2) > And nothing else.
  indicators for each member
    population : persons "Population"
  key size "Size"
    define half "Half" = 50%
    half : share of population
    rest by share of population
  criteria ranking "Ranking" by weight
    100% largeness : population from 0 persons to 10 persons
"""
FRENCH = """translation fr "Règles du Groupe des lacs"
  of "lake.policy"
  version "1.0"
  authority "Adoptées à la première réunion"

part I "Le groupe"

article 1 "Membres"
  > Les membres sont les États de la région.
  name core "Noyau"
    because "Un siège se mérite."
  name kinship "parenté"
  name joining "Adhésion"
  name pledge "Engagement"
    cites "art. 35"
  name starts of pledge "Début"
  name length "Durée"

article 2 bis "Taille"
  (1) > La taille est la population.
  (2) > Et rien d’autre.
  name population "Population"
  name size "Taille"
  name half "Moitié"
  name ranking "Ordre"
  name largeness "Grandeur"
"""
FILES = {"lake.policy": LAKE, "lake.fr.policy": FRENCH}


def checked(french: str, lake: str = LAKE) -> list[tuple[str, str]]:
    sources = {"lake.policy": Source("lake.policy", lake)}
    own = Source("lake.fr.policy", french)
    sources["lake.fr.policy"] = own
    return [told(each) for each in check_translation(parse_translation(own), lambda path, _: sources.get(path))]


def test_a_whole_translation_has_no_fault_and_lacks_nothing():
    assert checked(FRENCH) == []


def test_words_go_to_what_they_are_the_words_of():
    found = program(LAKE, FILES)
    french = texts(found, "fr")
    assert {name: french.of(entry.node.name) for name, entry in found.entries.items()} == {
        "core": "Noyau",
        "joining": "Adhésion",
        "pledge": "Engagement",
        "pledge.length": "Durée",
        "population": "Population",
        "size": "Taille",
        "size.half": "Moitié",
        "ranking": "Ordre",
    }
    assert french.of(found.entries["ranking"].node.rows[0].name) == "Grandeur"
    assert [french.of(each) for each in found.entries["size"].words] == [
        "La taille est la population.",
        "Et rien d’autre.",
    ]
    assert [french.of(law.node) for law in found.law] == ["Membres", "Taille"]
    assert french.titles == {"lake": "Règles du Groupe des lacs"}
    assert french.parts == {"I The group": "I Le groupe"}
    wanted = ("A seat is earned.", "Art. 35", "kinship", "starts", "Adopted at the first meeting")
    assert [french.words[each] for each in wanted] == [
        "Un siège se mérite.",
        "art. 35",
        "parenté",
        "Début",
        "Adoptées à la première réunion",
    ]
    (file,) = french.files
    assert file.matched is not None
    assert file.matched.lacking == []


FAULTS = [
    ("article 2 bis", "article 3", [("PD272", "3")]),
    ("part I ", "part II ", [("PD272", 'part II "Le groupe"')]),
    ("  (2) >", "  (3) >", [("PD273", "(3)")]),
    ("  > Les membres", "  (1) > Les membres", [("PD273", "(1)")]),
    ("name core", "name noyau", [("PD274", "noyau")]),
    ("name starts of pledge", "name starts of core", [("PD274", "starts")]),
    ("  name joining", '    because "b"\n  name joining', [("PD273", 'because "b"')]),
    ("  name joining", '    because "b" notwithstanding Art. 4\n  name joining', None),
    ('  name size "Taille"', '  name size "Taille"\n  name size "Étendue"', [("PD275", "size")]),
    ('version "1.0"', 'version "0.9"', [("PD283", '"0.9"')]),
    (
        '  version "1.0"\n',
        "",
        [
            ("PD220", "fr"),
        ],
    ),
    ("lake.policy", "sea.policy", [("PD230", '"sea.policy"')]),
    ("lake.policy", "lake.fr.policy", [("PD282", '"lake.fr.policy"')]),
    ("translation fr", "translation en", [("PD279", "en")]),
    ("translation fr", "translation french", [("PD278", "french")]),
    ("translation fr", "translation es", [("PD276", "es")]),
]


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS)
def test_what_fits_nothing_is_told_at_its_place(old, new, expected):
    assert old in FRENCH
    found = checked(FRENCH.replace(old, new, 1))
    if expected is None:
        assert {code for code, _ in found} == {"PD273", "PD281"}
    else:
        assert found == expected


MENDED = [
    ("name core", "name coer", "did you mean `core`?"),
    ("name core", "name size", "`size` is a name of article 2 bis: move the line there"),
    ("article 2 bis", "article 3", "the names are those of article 2 bis"),
    ("translation fr", "translation french", "write `fr`"),
]


@pytest.mark.parametrize(("old", "new", "mend"), MENDED)
def test_the_nearest_is_offered(old, new, mend):
    own = Source("lake.fr.policy", FRENCH.replace(old, new, 1))
    lake = Source("lake.policy", LAKE)
    found = check_translation(parse_translation(own), lambda path, _: lake if path == "lake.policy" else own)
    assert [each.mend for each in found] == [mend]


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ('part I "Le groupe"\n', "the heading of part I"),
        ("  (1) > La taille est la population.\n  (2) > Et rien d’autre.\n", "Art. 2 bis(1)-(2)"),
        ("  > Les membres sont les États de la région.\n", "Art. 1"),
        ('    because "Un siège se mérite."\n', "a reason of `core`"),
        ('  name largeness "Grandeur"\n', "`largeness`"),
        ('  authority "Adoptées à la première réunion"\n', "the authority"),
    ],
)
def test_what_is_missing_is_listed(line, texts):
    assert line in FRENCH
    own = Source("lake.fr.policy", FRENCH.replace(line, ""))
    lake = Source("lake.policy", LAKE)
    (found,) = check_translation(parse_translation(own), lambda path, _: lake if path == "lake.policy" else own)
    assert (found.code, found.params["texts"], found.params["language"]) == ("PD277", texts, "French")


def test_without_an_article_all_its_texts_are_missing():
    cut = FRENCH[: FRENCH.index("article 2 bis")]
    own, lake = Source("lake.fr.policy", cut), Source("lake.policy", LAKE)
    (found,) = check_translation(parse_translation(own), lambda path, _: lake if path == "lake.policy" else own)
    assert found.params["texts"] == (
        "the title of Art. 2 bis, Art. 2 bis(1)-(2), `population`, `size`, `half`, `ranking`, `largeness`"
    )


HEADS = [
    ('  translation ar "lake.fr.policy"\n', [("PD270", '"lake.fr.policy"')]),
    ('  translation ar "lake.policy"\n', [("PD271", '"lake.policy"')]),
    ('  translation ar "none.policy"\n', [("PD230", '"none.policy"')]),
    ('  translation gb "lake.fr.policy"\n', [("PD278", "gb")]),
    ('  translation en "lake.fr.policy"\n', [("PD279", "en")]),
    ("  authentic in fr\n", [("PD279", "fr")]),
    ("  authentic in es\n", []),
    ("  authentic in british\n", [("PD278", "british")]),
    ('  translation fr "lake.fr.policy"\n', [("PD221", 'translation fr "lake.fr.policy"')]),
]


@pytest.mark.parametrize(("line", "expected"), HEADS)
def test_the_header_names_its_translations(line, expected):
    found = resolved(LAKE.replace("  periods plain\n", "  periods plain\n" + line), FILES)
    assert [(code, words.strip()) for code, words in map(told, found.problems) if code != "PD256"] == expected


def test_a_text_is_read_only_when_its_language_is_asked_for(monkeypatch):
    found = program(LAKE, FILES)
    monkeypatch.setattr("policy_dsl.resolve.texts.parse_translation", lambda source: pytest.fail("was read"))
    assert texts(found, "en").files == ()
    assert [each.matched for each in texts(found, "ar").files] == [None]


MODEL = LAKE.replace("policy lake", "policy model").replace("lake.fr", "model.fr")
MODEL_FRENCH = FRENCH.replace("lake.policy", "model.policy").replace("Règles du Groupe des lacs", "Règles types")
ADOPTING = """policy lake "Rules of the Lake Group"
  language 1
  version "2.0"
  authority "Adopted at the second meeting"
  in force from 2026-01-01
  currency USD
  based on "model.policy"
  translation fr "lake.fr.policy"

part I "The group"

replace article 1 "Members and pledges"
  > The members are those that pledge.
  tier core "Members"
    requires pledge of member
  procedure joining "Joining"
    step pledge "Pledge"
      by states
"""
ADOPTING_FRENCH = """translation fr "Règles du Groupe des lacs"
  of "lake.policy"
  version "2.0"
  authority "Adoptées à la deuxième réunion"

part I "Le groupe"

article 1 "Membres et engagements"
  > Les membres sont ceux qui s’engagent.
  name core "Membres"
  name joining "Adhésion"
  name pledge "Promesse"
"""


def test_what_is_adopted_keeps_the_words_of_the_model():
    files = {
        "lake.policy": ADOPTING,
        "lake.fr.policy": ADOPTING_FRENCH,
        "model.policy": MODEL,
        "model.fr.policy": MODEL_FRENCH,
    }
    found = program(ADOPTING, files)
    french = texts(found, "fr")
    assert french.titles == {"lake": "Règles du Groupe des lacs", "model": "Règles types"}
    assert french.of(found.entries["pledge"].node.name) == "Promesse"
    assert french.of(found.entries["population"].node.name) == "Population"
    assert [file.matched.lacking for file in french.files if file.matched] == [[], []]
    own = Source("lake.fr.policy", ADOPTING_FRENCH)
    sources = {name: Source(name, text) for name, text in files.items()} | {"lake.fr.policy": own}
    assert check_translation(parse_translation(own), lambda path, _: sources.get(path)) == ()


def test_names_brought_in_by_use_keep_the_words_of_their_file():
    using = ADOPTING.replace("based on", "use").replace("replace article 1", "article 1 bis")
    using = using.replace("tier core", "tier own").replace("joining", "entering").replace("pledge", "promise")
    using = using.replace('  translation fr "lake.fr.policy"\n', "")
    found = program(using, {"lake.policy": using, "model.policy": MODEL, "model.fr.policy": MODEL_FRENCH})
    french = texts(found, "fr")
    assert french.of(found.entries["core"].node.name) == "Noyau"
    assert [(file.worded.name, file.matched is None) for file in french.files] == [("lake", True), ("model", False)]


def test_before_a_decision_what_can_not_be_read_and_what_is_of_another_version_is_told():
    for french, codes in (
        (FRENCH, []),
        (FRENCH.replace("  name core", "  tier core"), ["PD281"]),
        (FRENCH.replace('"1.0"', '"0.9"'), ["PD283"]),
        (FRENCH.replace("name core", "name noyau"), []),
    ):
        found = program(LAKE, FILES | {"lake.fr.policy": french})
        assert [each.code for each in faults(found, "fr")] == codes
        assert faults(found, "ar") == ()
