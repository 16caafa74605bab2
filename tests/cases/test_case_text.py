"""The text of a case: nothing is guessed, every fault is told at its place, and no text can exhaust the reader."""

import pytest
from case_reading import codes, marked, program, read, the

from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.nodes import Fields, Word, read_nodes
from policy_dsl.source import Source

POLICY = program("""article 1 "Facts"
  tier participating "States that take part"
  indicators for each member
    population : persons "Population"
  apportion places "Places"
    total    100 persons
    among    members
    by       population
    rounding largest_remainder
    ties     by lot
""")
CASE = """case: Test
policy: t
at: 2026-03-01
default: {source: Register}
members: {participating: [AUT, NOR]}
facts:
  population: {unit: persons, AUT: 2, NOR: 1}
"""


def nodes(text: str) -> Fields:
    say = Complaints()
    found = read_nodes(Source("case.yaml", text), say)
    assert found is not None, [problem.code for problem in say.problems]
    return found


@pytest.mark.parametrize(
    "text", ["NO", "no", "yes", "012", "1_000", "1e6", "null", "~", "0x1F", "1994-07-20", "on", ".nan", "12:30:45"]
)
def test_every_value_stays_as_typed(text: str):
    assert nodes(f"a: {text}\n").part("a") == text
    assert nodes(f'a: "{text}"\n').part("a") == text
    assert nodes(f"{text}: a\n").part(text) == "a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("é: 'añ€𝄞b'\nb: x\n", ["é", "'añ€𝄞b'", "b", "x"]),
        ("a: x\r\nb: [y, z]\r\n", ["a", "x", "b", "y", "z"]),
        ("\ufeffa: x\n", ["a", "x"]),
        ('a: "y\\u0041"  # é\nb: z', ["a", '"y\\u0041"', "b", "z"]),
    ],
)
def test_each_word_knows_its_place(text: str, expected: list[str]):
    source = Source("case.yaml", text)
    found = read_nodes(source, Complaints())
    words: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, Word):
            words.append(node.span.text)
        elif isinstance(node, Fields):
            for key, value in node.items():
                walk(key)
                walk(value)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(found)
    assert words == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "PD708"),
        ("# nothing\n", "PD708"),
        ("~", "PD709"),
        ("- a\n", "PD709"),
        ("a: b: c\n", "PD703"),
        ("a:\n\tb: c\n", "PD702"),
        ("a: 1\nb\nc: 2\n", "PD704"),
        ("a: [1, 2\nb: 3\n", "PD706"),
        ("a: {b: 1\n", "PD706"),
        ("a: 'x\n", "PD706"),
        ("a:\n   b: 1\n  c: 2\n", "PD705"),
        ("a: \x01\n", "PD707"),
        ("a: \x85\x00\n", "PD707"),
        ("a: \ud800\n", "PD707"),
        ('a: "\\0"\n', "PD707"),
        ("a: 1\n---\nb: 2\n", "PD710"),
        ("a: &x 1\nb: *x\n", "PD711"),
        ("a: *x\n", "PD711"),
        ("a: {<<: {b: 1}}\n", "PD711"),
        ("a: !!python/object/apply:os.system [ls]\n", "PD712"),
        ("a: !x 1\n", "PD712"),
        ("? [a]\n: b\n", "PD716"),
        ("? {a: b}\n: b\n", "PD716"),
        ("a: @b\n", "PD701"),
        ("a: `b`\n", "PD701"),
        ("a: " + "[" * 100_000, "PD714"),
        ("a: " + "{b: " * 5000, "PD714"),
        ("a: " + "x" * 20_001, "PD715"),
    ],
)
def test_a_text_that_is_no_case(text: str, code: str):
    found = read(POLICY, text)
    assert found.case is None
    assert codes(found) == [code]
    span = found.problems[0].span
    assert span is not None
    assert 0 <= span.start <= span.end <= len(text)


def test_billions_of_laughs_are_refused_at_the_first():
    text = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert marked(read(POLICY, text), "PD711").startswith("&a")


def test_a_key_that_stands_twice_is_told_with_the_first_place():
    found = read(POLICY, CASE.replace("NOR: 1}", "NOR: 1, AUT: 3}"))
    (related,) = the(found, "PD713").related
    assert codes(found) == ["PD713"]
    assert (related.span.text, marked(found, "PD713")) == ("AUT", "AUT")
    assert related.span.start < the(found, "PD713").span.start  # type: ignore[union-attr]


def test_a_key_thrice_is_told_twice():
    assert codes(read(POLICY, CASE + "case: a\ncase: b\n")) == ["PD713", "PD713"]


@pytest.mark.parametrize(
    ("old", "new", "code", "mark"),
    [
        ("facts:", "fact:", "PD720", "fact"),
        ("case: Test", "title: Test", "PD720", "title"),
        ("at: 2026-03-01", "at: {a: b}", "PD722", "{a: b}"),
        ("at: 2026-03-01", "at:", "PD721", "at"),
        ("case: Test", "case: [a]", "PD722", "[a]"),
        ("default: {source: Register}", "default: Register", "PD724", "Register"),
        ("default: {source: Register}", "default: {sauce: Register}", "PD720", "sauce"),
        ("default: {source: Register}", "default: {source: [Register]}", "PD722", "[Register]"),
        ("members: {participating: [AUT, NOR]}", "members: [AUT, NOR]", "PD724", "[AUT, NOR]"),
        ("facts:", "events: {a: b}\nfacts:", "PD723", "{a: b}"),
        ("facts:", "events: [a]\nfacts:", "PD724", "a"),
        ("facts:", "events:\n  - at: 2026-01-01\nfacts:", "PD721", "at"),
        ("facts:", "lots: {places: {a: b}}\nfacts:", "PD723", "{a: b}"),
        ("facts:", "lots: {places: [[a]]}\nfacts:", "PD722", "[a]"),
        ("facts:", "funds: {reserve: 3}\nfacts:", "PD724", "3"),
        ("facts:", "tables: [{file: a.csv, columns: {a: b}}]\nfacts:", "PD724", "b"),
        ("facts:", "choices: [{parameter: [a], value: b, by: c}]\nfacts:", "PD722", "[a]"),
        ("facts:", "cohorts: [[a]]\nfacts:", "PD722", "[a]"),
        ("facts:", "sources: {a: {b: c}}\nfacts:", "PD722", "{b: c}"),
    ],
)
def test_what_does_not_fit_the_shape_is_told_at_its_place(old: str, new: str, code: str, mark: str):
    found = read(POLICY, CASE.replace(old, new))
    assert found.case is None
    assert code in codes(found)
    assert mark in [problem.span.text for problem in found.problems if problem.code == code and problem.span]


def test_a_misspelt_field_is_told_its_nearest_spelling():
    assert the(read(POLICY, CASE.replace("facts:", "fact:")), "PD720").mend == "did you mean `facts`?"


def test_the_rest_is_read_for_faults_where_one_part_has_no_shape():
    text = CASE.replace("AUT: 2", "AUT: two").replace("at: 2026-03-01", "at: [a]") + "events: a\n"
    assert {"PD722", "PD723", "PD736"} <= set(codes(read(POLICY, text)))


def test_empty_fields_count_as_left_out():
    empty = "opened:\nsituation:\nsources:\ntables:\nevents:\nchoices:\nadjustments:\nfunds:\nlots:\nstatements:\n"
    assert codes(read(POLICY, CASE + empty)) == []


def test_no_words_of_the_libraries_reach_anybody():
    found = read(POLICY, CASE.replace("case: Test", "case: [a]") + "x: y\nevents: 3\n")
    said = " ".join(f"{problem.params} {problem.mend}" for problem in found.problems)
    for word in ("pydantic", "Input should", "extra", "Fields", "Word", "str", "dict"):
        assert word not in said
