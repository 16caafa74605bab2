"""Documents take the titles and legal words of their language, and say where there are none."""

import json
import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from whole_document import texts as texts_of
from whole_document import walked, words_of

from policy_dsl import pipeline
from policy_dsl.evaluate.decision import Decision
from policy_dsl.explain.whynot import criterion_title
from policy_dsl.render import explain, render
from policy_dsl.render.compose import compose
from policy_dsl.render.document import Block, Document, Paragraph, Quotation, Section, Verbatim
from policy_dsl.render.languages import telling
from policy_dsl.render.languages.french import in_form
from policy_dsl.resolve.texts import texts
from policy_dsl.resolve.titled import titled

MODEL = Path(__file__).resolve().parents[2] / "policies" / "model_rules"
CASES = sorted(path.stem for path in (MODEL / "cases").glob("*.yaml"))

LAKE = """policy lake "{title}"
  language 1
  version "{version}"
  authority "{authority}"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain
{more}
article 1 "{members}"
  > {words}
  tier core "{core}"
  indicators for each member
    population : persons "{population}"
  indicators for the case
    arrivals : persons "{arrivals}"

article 2 "{sharing}"
  (1) > {first}
  (2) > {second}
  apportion quota "{quota}"
    total arrivals
    among core
    by population
    rounding largest_remainder
    ties by population
"""
ENGLISH = {
    "title": "Rules of the Lake",
    "authority": "Adopted at the first meeting",
    "members": "Membership",
    "words": "The members are the States of the region.",
    "core": "Inner circle",
    "population": "Inhabitants",
    "arrivals": "Newcomers",
    "sharing": "Distribution",
    "first": "Newcomers are shared by number of inhabitants.",
    "second": "Nobody is left out.",
    "quota": "Allotment",
}
FRENCH = """translation fr "Règles du Lac"
  of "lake.policy"
  version "1.0"
  authority "Adoptées à la première réunion"

article 1 "Composition"
  > Les membres sont les États de la région.
  name core "Cercle intérieur"
  name population "Habitants"
  name arrivals "Nouveaux venus"

article 2 "Répartition"
  (1) > Les nouveaux venus sont répartis selon le nombre d’habitants.
  (2) > Nul n’est oublié.
  name quota "Lot"
"""
CASE = """case: Un
policy: lake
at: 2026-03-01
default: {source: Inner circle of officials, date: 2026-01-01}
members:
  core: [BDI, RWA]
facts:
  arrivals: 100 persons
  population:
    BDI: 10 persons
    RWA: 30 persons
"""


def decided(folder: Path, more: str = "", version: str = "1.0", **others: str) -> Decision:
    """The case of the lake, with the files beside the policy, each under its name before `.policy`."""
    (folder / "lake.policy").write_text(LAKE.format(**ENGLISH, more=more, version=version), "utf-8")
    for name, text in others.items():
        (folder / f"{name}.policy").write_text(text, "utf-8")
    (folder / "lake.yaml").write_text(CASE, "utf-8")
    return of_files(str(folder / "lake.policy"), str(folder / "lake.yaml"))


def of_files(policy: str, case: str) -> Decision:
    found = pipeline.check_policy(pipeline.open_file(policy))
    assert found.checked is not None, found.problems
    assert [each.code for each in found.problems if each.severity.value == "error"] == []
    read = pipeline.read_case(found.checked, pipeline.open_file(case))
    assert read.case is not None, read.problems
    return pipeline.decide(found.checked, read.case)


@cache
def model(case: str) -> Decision:
    return of_files(str(MODEL / "model_rules.policy"), str(MODEL / "cases" / f"{case}.yaml"))


def without_rules(document: Document) -> Document:
    """A document without the verbatim text of the rules, which is the authentic one in every language."""

    def kept(block: Block) -> Block:
        if not isinstance(block, Section):
            return block
        return replace(block, blocks=tuple(kept(each) for each in block.blocks if not isinstance(each, Verbatim)))

    return replace(document, sections=tuple(kept(each) for each in document.sections))


def said(document: Document, decision: Decision) -> str:
    """All that a document says but for the rules themselves and the texts of the case."""
    case = decision.case
    given = {each.origin.source for each in case.facts} | {each.source for each in case.group_origins.values()}
    given |= {" ".join(case.situation.split())} | {each.because for each in case.choices}
    given |= {part.strip() for each in decision.statements for part in each.text.split("\n\n")}
    text = "\n".join(texts_of(without_rules(document)))
    for each in sorted(given, key=len, reverse=True):
        text = text.replace(each, "") if each else text
    return text


def quotations(document: Document) -> list[Quotation]:
    return [block for block, _ in walked(document.sections) if isinstance(block, Quotation)]


def english(decision: Decision) -> set[str]:
    """The titles, articles, reasons and words of a policy."""
    program = decision.program
    found = {entry.node.title for entry in program.entries.values()} | {law.title for law in program.law}
    found |= {criterion_title(row) for entry in program.of_kind("criteria") for row in entry.node.rows}
    found |= {note.text for law in program.law for each in titled(law.node) for note in each.notes}
    found |= {each.text for entry in program.entries.values() for each in entry.words}
    return found | {program.heading.title, program.heading.authority}


@pytest.mark.parametrize("case", CASES)
def test_no_english_title_is_left_in_a_french_document(case):
    decision = model(case)
    french = texts(decision.program, "fr")
    assert [file.matched.lacking for file in french.files if file.matched] == [[]]
    document = compose(decision, folds=False, language="fr")
    text = said(document, decision)
    left = {each for each in english(decision) if each and french.words.get(each, "") != each and each in text}
    assert left <= {"Return"}, left  # a part of a word, and begins a reason of the case
    for entry in decision.program.of_kind("apportion", "fund"):
        assert french.of(entry.node.name) in text
    assert all(each.language == "" for each in quotations(document))


def test_the_annex_stands_in_the_authentic_language_under_headings_of_the_document():
    decision = model("togo_1993")
    document = compose(decision, language="fr")
    (rules,) = [each for each in document.sections if each.anchor == "rules"]
    assert rules.blocks[0] == Paragraph(rules.blocks[0].line, "note")
    assert "texte authentique" in words_of(rules.blocks[0].line)
    assert "anglais" in words_of(rules.blocks[0].line)
    first = rules.blocks[1]
    assert isinstance(first, Section)
    assert re.sub(r"\s", " ", first.title) == "I Le groupe · Article 1 : Membres"
    assert isinstance(first.blocks[0], Verbatim)
    assert "The States of the region are the inner core." in first.blocks[0].text
    (english,) = [each for each in compose(decision).sections if each.anchor == "rules"]
    assert isinstance(english.blocks[0], Section)
    for here, there in zip(rules.blocks[1:], english.blocks, strict=True):
        ((shown,), (adopted,)) = here.blocks, there.blocks
        assert (shown.text, shown.language, adopted.language) == (adopted.text, "en", "")


def test_arabic_words_that_are_missing_are_listed_and_quotations_say_so():
    decision = model("togo_1993")
    document = compose(decision, folds=False, language="ar")
    arabic = texts(decision.program, "ar")
    quoted = quotations(document)
    marked = [each for each in quoted if each.language]
    assert marked
    assert all(each.language == "en" and "(الأصل: الإنجليزية)" in words_of(each.source) for each in marked)
    (file,) = arabic.files
    assert file.matched is not None
    lacking = {str(each.address) for each in file.matched.lacking}
    assert {"Art. 4(1)-(5)", "Art. 17(1)-(2)"} <= lacking
    assert not {"Art. 1(1)-(2)", "Art. 2(1)-(3)", "Art. 3(1)-(2)"} & lacking
    text = said(document, decision)
    assert "Art. 17(1)-(2)" in text.replace("\u00a0", " ")
    assert arabic.titles["model_rules"] in text
    html = render(decision, "html", language="ar")
    assert '<p lang="en" dir="auto">' in html


def test_what_a_translation_lacks_is_given_in_the_original_and_said(tmp_path):
    cut = FRENCH.replace('  name quota "Lot"\n', "").replace("  (2) > Nul n’est oublié.\n", "")
    cut = cut.replace('article 1 "Composition"', 'article 1 ""')
    decision = decided(tmp_path, '  translation fr "lake.fr.policy"\n', **{"lake.fr": cut})
    document = compose(decision, language="fr")
    first, second = quotations(document)
    assert (first.language, [text for _, text in first.paragraphs]) == (
        "",
        ["Les nouveaux venus sont répartis selon le nombre d’habitants."],
    )
    assert (second.language, [text for _, text in second.paragraphs]) == ("en", [ENGLISH["second"]])
    assert words_of(second.source).endswith("Répartition (original\u00a0: anglais)")
    text = said(document, decision).replace("\u00a0", " ")
    assert (
        "Règles du Lac : textes sans version en français, donnés en anglais : le titre (Art. 1), le texte (Art. 2(2)) "
        "et le nom de « quota » (Art. 2)." in text
    )
    assert "Allotment" in text
    assert not any(each in text for each in ("Inhabitants", "Newcomers", "Distribution", "Rules of the Lake"))


def test_a_title_without_a_translation_says_in_the_page_which_language_it_is_in(tmp_path):
    cut = FRENCH.replace('  name quota "Lot"\n', "").replace('  name population "Habitants"\n', "")
    decision = decided(tmp_path, '  translation fr "lake.fr.policy"\n', **{"lake.fr": cut})
    page = render(decision, "html", language="fr")
    assert '<em lang="en">Allotment</em>' in page  # in a sentence
    assert '<h3><bdi lang="en">Allotment</bdi></h3>' in page
    assert '<th scope="col" class="figures"><bdi lang="en">Inhabitants</bdi>' in page
    assert 'Son poids, <bdi lang="en">Inhabitants</bdi> – Burundi' in page
    assert not re.search(r"lang=.en.>(Lot|Habitants|Nouveaux venus)", page)
    assert 'lang="en"' not in render(decision, "html").replace('<html lang="en"', "")


def test_all_that_is_left_in_english_is_marked_as_english(tmp_path):
    decision = decided(tmp_path)
    page = render(decision, "html", language="ar")
    body = page[page.index("<body>") :]
    for element in ("bdi", "em", "strong", "pre", "p"):
        body = re.sub(rf'<{element}( dir="ltr")? lang="en"[^>]*>.*?</{element}>', "", body, flags=re.DOTALL)
    # A picture, and the label of a table for those who hear the page, can't hold parts in several languages.
    body = re.sub(r"<svg.*?</svg>|aria-label=\"[^\"]*\"", "", body, flags=re.DOTALL)
    given = CASE.split("source: ")[1].split(",")[0]
    body = body.replace(given, "")
    assert [each for each in ENGLISH.values() if each in body] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["standing: secretariat; what it may do: convene, attend, speak", "(plain periods)", "1993 (Saturday)"]),
        ("fr", ["qualité : secrétariat ; facultés : convoquer, assister", "(délais simples)", "1993 (samedi)"]),
        ("ar", ["الصفة: أمانة؛ ما يجوز لها: الدعوة إلى الاجتماع", "(مدد بسيطة)", "1993 (السبت)"]),
    ],
)
def test_usual_words_for_bodies_days_and_periods_are_those_of_the_language(language, words):
    text = re.sub(r"\s", " ", render(model("togo_1993"), "md", language=language))
    assert [each for each in words if each not in text] == []


def test_a_drafters_own_word_for_a_body_stands_as_it_is(tmp_path):
    wise = '  participant wise "The Wise"\n    as elders\n    may ponder, speak\n'
    law = LAKE.format(**ENGLISH, more="", version="1").replace("  indicators for each", f"{wise}  indicators for each")
    (tmp_path / "own.policy").write_text(law, "utf-8")
    (tmp_path / "lake.yaml").write_text(CASE, "utf-8")
    page = render(of_files(str(tmp_path / "own.policy"), str(tmp_path / "lake.yaml")), "html", language="fr")
    assert '<bdi lang="en">elders</bdi>' in page
    assert '<bdi lang="en">ponder</bdi> et prendre la parole' in page


def test_without_a_translation_the_document_says_that_all_is_in_the_original(tmp_path):
    decision = decided(tmp_path)
    text = said(compose(decision, language="fr"), decision).replace("\u00a0", " ")
    assert "Rules of the Lake : il n’existe pas de version en français ; les titres" in text
    brief = said(compose(decision, "brief", language="fr"), decision).replace("\u00a0", " ")
    assert "Rules of the Lake : il n’existe pas de version en français" in brief


def test_a_translation_of_another_version_is_said_to_be_one(tmp_path):
    decision = decided(tmp_path, '  translation fr "lake.fr.policy"\n', "1.1", **{"lake.fr": FRENCH})
    text = said(compose(decision, language="fr"), decision).replace("\u00a0", " ")
    assert "la traduction est celle de la version 1.0 ; les règles appliquées sont celles de la version 1.1." in text


def test_an_english_document_of_english_rules_says_nothing_of_languages(tmp_path):
    decision = decided(tmp_path, '  translation fr "lake.fr.policy"\n', **{"lake.fr": FRENCH})
    plain = decided(tmp_path)
    assert without_rules(compose(decision)) == without_rules(compose(plain))
    assert "original" not in render(decision, "md")


def test_texts_of_the_case_stay_as_supplied(tmp_path):
    decision = decided(tmp_path, '  translation fr "lake.fr.policy"\n', **{"lake.fr": FRENCH})
    assert "Inner circle of officials" in render(decision, "md", language="fr")


def test_rules_in_another_language_are_translated_into_english(tmp_path):
    english_words = FRENCH.replace("translation fr", "translation en").replace(
        'name quota "Lot"', 'name quota "Portion"'
    )
    decision = decided(tmp_path, '  authentic in ar\n  translation en "lake.en.policy"\n', **{"lake.en": english_words})
    document = compose(decision)
    text = said(document, decision)
    assert "the authentic text is in Arabic" in text
    assert "Portion" in text
    assert "Portion" in explain(decision, "quota of BDI").text()
    other = said(compose(decision, language="ar"), decision)
    assert "Allotment" in other
    assert "النص ذو الحجية" not in other


def test_arabic_words_stand_from_right_to_left_in_an_english_document(tmp_path):
    arabic = ENGLISH | {"first": "يتقاسم الأعضاء القادمين.", "second": "لا يُستثنى أحد."}
    (tmp_path / "lake.yaml").write_text(CASE, "utf-8")
    path = tmp_path / "lake.policy"
    path.write_text(LAKE.format(**arabic, more="  authentic in ar\n", version="1"), "utf-8")
    decision = of_files(str(path), str(tmp_path / "lake.yaml"))
    assert {each.language for each in quotations(compose(decision))} == {"ar"}
    assert '<p lang="ar" dir="auto">(1) <q>“يتقاسم الأعضاء القادمين.”</q></p>' in render(decision, "html")


def test_data_and_receipt_are_those_of_the_authentic_text(tmp_path):
    decision = decided(tmp_path, '  translation fr "lake.fr.policy"\n', **{"lake.fr": FRENCH})
    data, french = (json.loads(render(decision, "json", language=code)) for code in ("en", "fr"))
    assert data | {"text": None} == french | {"text": None}
    assert "Lot" in json.dumps(french["text"], ensure_ascii=False)


@pytest.mark.parametrize(
    ("form", "said"),
    [("le", "le HCR"), ("Le", "Le HCR"), ("de", "du HCR"), ("à", "au HCR"), ("", "HCR")],
)
def test_a_body_may_be_named_with_its_article(form, said):
    assert in_form("unhcr", "le HCR", form) == said
    assert in_form("agencies", "les autres organismes", "") == "Autres organismes"
    assert in_form("ALB", "Albanie", "") == "Albanie"


def test_the_words_of_one_document_leave_no_trace():
    decision = model("togo_1993")
    with telling(decision.program, "fr") as told:
        assert told.language == "fr"
    before = render(decision, "md")
    render(decision, "md", language="fr")
    assert render(decision, "md") == before


def test_a_quotation_in_the_original_has_its_own_direction_in_a_file_for_word_processors():
    import docx
    from docx.oxml.ns import qn

    made = render(model("togo_1993"), "docx", language="ar")
    assert isinstance(made, bytes)
    quoted = [each for each in docx.Document(BytesIO(made)).paragraphs if "gross national product" in each.text]
    ways = {each._p.pPr.find(qn("w:bidi")).get(qn("w:val")) for each in quoted if each.style.name == "Quote"}
    assert ways == {"0"}
