"""A draft is checked under each combination; a problem is told once, with the alternatives that make it so."""

import pytest

from policy_dsl.check.draft import MOST, check_draft, note, still_open
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.source import Source
from policy_dsl.syntax import parse

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

article 1 "Members"
  > The members.
  tier core "Members"
    BDI, RWA
  participant agency "Agency"
    as secretariat
    may attend
  indicators for each member
    people : persons "People"

"""


def drafted(text: str, held: tuple[str, ...] = (), files: dict[str, str] | None = None, most: int = MOST):
    sources = {name: Source(name, words) for name, words in (files or {}).items()}
    parsed = parse(Source("t.policy", text if text.startswith("policy ") else HEADER + text))
    return check_draft(parsed, lambda path, _: sources.get(path), held, most)


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    """The code, what is underlined, and what is said beside the last place that belongs to it."""
    return [
        (each.code, each.span.text if each.span else "", each.related[-1].label if each.related else "")
        for each in problems
    ]


TWO = """article 2 "Rate"
  > There is a rate.
  alternative A{a}
    define rate "Rate" for each member = {first}
  alternative B
    define rate "Rate" for each member = {second}
  alternative C
    none
"""
LAST = """article 3 "Amount"
  > There is an amount.
  {last}
"""

FAULTS = [
    # A fault of one alternative, of the text around it under one, under two, and under all.
    ("people + 1", "people", "", [("PD304", "1", "this is so where `A` is taken")]),
    ("people", "people", 'define more "More" for each member = 2 * rate', [
        ("PD201", "rate", "this is so where `C` is taken"),
    ]),
    ("people", "people / 1 person", 'define more "More" for each member = rate + 1 person', [
        ("PD301", "rate + 1 person", "this is so where `B` is taken"),
        ("PD201", "rate", "this is so where `C` is taken"),
    ]),
    ("people", "people", 'define more "More" = peple', [("PD201", "peple", "")]),
    # A fact that one alternative needs is not said to be unused under the others; one that none needs is.
    ("people", "1 person", "", []),
    ("2 persons", "1 person", "", [("PD255", "people", "")]),
    # What nothing uses in its own alternative.
    ("people", "people", "parameter unused = 3", [("PD256", "unused", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "last", "said"), FAULTS)
def test_what_is_wrong_and_with_which_alternative(first: str, second: str, last: str, said: list[tuple[str, str, str]]):
    text = TWO.format(a="", first=first, second=second) + (LAST.format(last=last) if last else "")
    found = drafted(text).problems
    assert [each for each in told(found) if each[0] != "PD601"] == said


def test_a_fault_that_comes_with_no_single_alternative_names_the_combinations():
    text = """article 2 "X"
  > Words.
  alternative A
    parameter one = 10%
  alternative B
    parameter one = 10
  alternative C
    none
article 3 "Y"
  > Words.
  alternative D
    define all "All" for each member = people * one
  alternative E
    define all "All" for each member = people + one
"""
    found = told(drafted(text).problems)
    assert ("PD301", "people + one", "this is so under `A + E`") in found
    assert [each for each in found if each[0] == "PD201"] == [
        ("PD201", "one", "this is so under `C + D`"), ("PD201", "one", "this is so under `C + E`"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("BDI, FRA, EU", []),
        ("agency, core", []),
        ('"the Chair"', []),
        ("agenci", ["agenci"]),
        ("XXY, QQZ", []),
        ("BD", ["BD"]),
        ("QAB", ["QAB"]),
        ("people", ["people"]),
    ],
)
def test_who_may_propose(who: str, said: list[str]):
    found = drafted(TWO.format(a=f" proposed by {who}", first="people", second="people")).problems
    assert [each.span.text for each in found if each.span and each.code == "PD186"] == said


def test_what_is_said_of_a_draft_as_a_whole():
    draft = drafted(TWO.format(a="", first="people", second="people"))
    assert (note(draft).code, dict(note(draft).params)) == (
        "PD188",
        {"places": "1 place", "checked": "3", "count": "3"},
    )
    many = "".join(
        f'article {n} "X"\n  > W.\n  alternative a{n}\n    define x{n} "X" = 1\n  alternative b{n}\n    none\n'
        for n in range(2, 9)
    )
    text = HEADER.replace("    people", '    people : persons "People"\n    pupils') + many
    draft = drafted(text)
    assert (note(draft).code, note(draft).params["checked"], note(draft).params["count"]) == ("PD189", "32", "128")
    assert len(drafted(text, most=5).variants) == 5


def test_the_places_that_are_still_open_are_listed():
    text = TWO.format(a="", first="people", second="people") + (
        'alternative D with A\n  article 3 "Y"\n    > W.\n    define y "Y" = 1\nalternative E\n  none\n'
    )
    draft = drafted(text)
    found = still_open(draft.places)
    assert found.code == "PD180"
    assert [each.label for each in found.related] == ["Art. 2: `A`, `B` or `C`", "`D` or `E`"]
    assert (found.params["count"], found.params["places"]) == ("2 places", "Art. 2, line 22; line 28")
    assert [each.label for each in still_open(draft.places, ("A",)).related] == ["`D` or `E`"]
    assert [each.combination.name for each in drafted(text, ("D",)).variants] == ["A + D"]


@pytest.mark.parametrize("line", ["based on", "use"])
def test_a_draft_is_no_model_and_gives_no_names(line: str):
    own = HEADER.replace("  currency USD", f'  {line} "open.policy"\n  currency USD')
    own = own[: own.index("article 1")] if line == "based on" else own.replace("core", "inner").replace("agency", "un")
    model = HEADER.replace("policy t", "policy m") + TWO.format(a="", first="people", second="people")
    from policy_dsl.resolve import resolve

    found = resolve(parse(Source("t.policy", own)), lambda path, _: Source(path, model))
    assert ("PD187", '"open.policy"') in [(each.code, each.span.text) for each in found.problems if each.span]
