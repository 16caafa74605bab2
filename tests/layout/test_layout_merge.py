"""Merging by article: each row is what the one side and the other make of a text, and what both make of it together."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.layout import formatted, read
from policy_dsl.layout.merge import merged
from policy_dsl.source import Source
from policy_dsl.syntax import tree

BASE = """\
# A policy.
policy t "T"
  language  1
  version   "1"
  use       "a.policy"

# Of the members.
article 1 "Members"
  (1) > Three States are members.
  tier core "Members"
    AUT, BEL, DEU
  indicators for each member
    population : persons "Population"
    gnp        : USD per year "Gross national product"

article 2 "Sharing"
  (1) > Persons are shared.
  # The parameter.
  parameter rate "Rate" = 20%
  (2) > No member takes more than half.
  apportion places "Places"
    total    arrivals
    among    core
    by       population

article 3 "Reports"
  > Each member reports.

example "One"
  expect places of AUT = 1 person

# The end.
"""


def merge(ours: str, theirs: str, base: str = BASE) -> tuple[str, list[tuple[str, str]]]:
    made = merged(Source("base", base), Source("ours", ours), Source("theirs", theirs))
    return made.text, list(made.conflicts)


def changed(*changes: tuple[str, str]) -> str:
    text = BASE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def laid_out(text: str) -> str:
    return formatted(read(Source("x", text)))


def test_the_base_is_laid_out():
    # The column of the second fact is the one thing that is not: a merge lays out anew what it takes.
    assert laid_out(BASE) == BASE.replace("population : persons ", "population : persons      ")


CHANGES: dict[str, list[tuple[str, str]]] = {
    "a figure": [("20%", "30%")],
    "words": [("Three States", "Three neighbours")],
    "words beside": [("Persons are", "People are")],
    "a line of a sharing": [("by       population", "by       gnp")],
    "a title": [('"Reports"', '"Reporting"')],
    "a fact": [('persons "Population"', 'persons "People"')],
    "another fact": [('"Gross national product"', '"Product"')],
    "the version": [('"1"', '"2"')],
    "one more file": [('  use       "a.policy"\n', '  use       "a.policy"\n  use       "b.policy"\n')],
    "a comment": [("# The parameter.", "# The rate.")],
    "the first comment": [("# A policy.", "# The policy.")],
    "the last comment": [("# The end.", "# This is the end.")],
    "an article more": [('article 2 "Sh', 'article 1 bis "More"\n  # Why.\n  define x = 1\n\narticle 2 "Sh')],
    "an article at the end": [('example "One"', 'article 4 "Last"\n  > Words.\n\nexample "One"')],
    "a provision more": [("  (2) > No", "  define y = 1\n  (2) > No")],
    "an article less": [('article 3 "Reports"\n  > Each member reports.\n\n', "")],
    "a provision less": [('  # The parameter.\n  parameter rate "Rate" = 20%\n', "")],
    "an example": [("= 1 person", "= 2 persons")],
    "only blanks": [("  language  1", "  language 1"), ("(1) > Three", "(1) >   Three")],
}
TOUCHING = {
    frozenset(pair)
    for pair in [
        ("a figure", "a comment"),
        ("a figure", "a provision less"),
        ("a comment", "a provision less"),
        ("a title", "an article less"),
    ]
}
PAIRS = [(one, other) for one in CHANGES for other in CHANGES if one != other]


@pytest.mark.parametrize(("one", "other"), [pair for pair in PAIRS if frozenset(pair) not in TOUCHING])
def test_what_two_sides_change_in_different_places_is_taken(one: str, other: str):
    text, conflicts = merge(changed(*CHANGES[one]), changed(*CHANGES[other]))
    assert conflicts == []
    both = read(Source("x", changed(*CHANGES[one], *CHANGES[other])))
    made = read(Source("x", text))
    assert sorted(each.text for each in made.tree.comments) == sorted(each.text for each in both.tree.comments)
    assert laid_out(text) == text
    assert text == formatted(both)


@pytest.mark.parametrize("one", CHANGES)
def test_what_both_sides_change_alike_is_taken_once(one: str):
    text, conflicts = merge(changed(*CHANGES[one]), changed(*CHANGES[one]))
    assert (text, conflicts) == (laid_out(changed(*CHANGES[one])), [])
    assert merge(changed(*CHANGES[one]), BASE)[0] == merge(BASE, changed(*CHANGES[one]))[0] == text


@pytest.mark.parametrize("pair", sorted(map(sorted, TOUCHING)))
def test_what_two_sides_change_in_one_place_is_a_conflict(pair: list[str]):
    one, other = pair
    text, conflicts = merge(changed(*CHANGES[one]), changed(*CHANGES[other]))
    assert len(conflicts) == 1
    assert conflicts[0][0] in ("Art. 2", "Art. 3")
    assert text.count("<<<<<<< ours\n") == text.count("=======\n") == text.count(">>>>>>> theirs\n") == 1


def test_a_conflict_stands_in_its_article_alone():
    ours = changed(("20%", "30%"), ("Three States", "Three neighbours"))
    theirs = changed(("20%", "25%"), ("reports.", "reports yearly."))
    text, conflicts = merge(ours, theirs)
    assert conflicts == [("Art. 2", "`rate`")]
    assert text == laid_out(changed(("Three States", "Three neighbours"), ("reports.", "reports yearly."))).replace(
        '  # The parameter.\n  parameter rate "Rate" = 20%\n',
        '<<<<<<< ours\n  # The parameter.\n  parameter rate "Rate" = 30%\n=======\n  # The parameter.\n'
        '  parameter rate "Rate" = 25%\n>>>>>>> theirs\n',
    )


def test_articles_that_get_new_numbers_are_known_by_their_titles():
    theirs = changed(
        ('article 3 "Reports"', 'article 4 "Reports"'),
        ('article 2 "Sharing"', 'article 2 "Review"\n  > There is a review.\n\narticle 3 "Sharing"'),
    )
    text, conflicts = merge(changed(("20%", "30%"), ("reports.", "reports yearly.")), theirs)
    assert conflicts == []
    assert text == laid_out(theirs.replace("20%", "30%").replace("reports.", "reports yearly."))


def test_two_articles_of_one_number_are_a_conflict():
    one = changed(('example "One"', 'article 4 "A"\n  > Words of A.\n\nexample "One"'))
    other = changed(('example "One"', 'article 4 "B"\n  > Words of B.\n\nexample "One"'))
    assert merge(one, other)[1] == [("Art. 4", "")]
    same = other.replace('"B"', '"A"')
    text, conflicts = merge(one, same)
    assert conflicts == [("Art. 4", "words")]
    assert "  > Words of A.\n=======\n  > Words of B.\n" in text


def test_an_order_that_one_side_changes_is_taken():
    moved = BASE.replace('article 3 "Reports"\n  > Each member reports.\n\n', "").replace(
        "# Of the members.\n", 'article 3 "Reports"\n  > Each member reports.\n\n# Of the members.\n'
    )
    for ours, theirs in ((moved, changed(("20%", "30%"))), (changed(("20%", "30%")), moved)):
        text, conflicts = merge(ours, theirs)
        assert (text, conflicts) == (laid_out(moved.replace("20%", "30%")), [])


def test_a_text_that_both_sides_begin_and_ends_of_lines_of_windows():
    assert merge(BASE, BASE, "") == (laid_out(BASE), [])
    windows = changed(("20%", "30%")).replace("\n", "\r\n")
    text, conflicts = merge(windows, changed(("reports.", "reports yearly.")))
    assert conflicts == []
    assert text == laid_out(changed(("20%", "30%"), ("reports.", "reports yearly."))).replace("\n", "\r\n")


def test_what_can_not_be_read_is_taken_whole():
    torn = changed(("  parameter rate", "  parametre  rate"))
    text, conflicts = merge(torn, changed(("Three States", "Three neighbours")))
    assert conflicts == []
    assert "  parametre  rate" in text
    assert "Three neighbours" in text


POLICIES = sorted((Path(__file__).resolve().parents[2] / "policies").glob("*/*.policy"))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_a_policy_merged_with_itself_is_its_layout(path: Path):
    text = path.read_text("utf-8")
    assert merge(text, text, text) == (laid_out(text), [])
    assert merge(text, text, "") == (laid_out(text), [])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), unique=True, max_size=6), st.data())
def test_which_side_made_a_change_makes_no_difference(chosen: list[str], data: st.DataObject):
    if any(pair <= set(chosen) for pair in TOUCHING):
        return
    ours = data.draw(st.lists(st.sampled_from(chosen), unique=True)) if chosen else []
    theirs = [each for each in chosen if each not in ours]
    text, conflicts = merge(
        changed(*(row for each in ours for row in CHANGES[each])),
        changed(*(row for each in theirs for row in CHANGES[each])),
    )
    whole = changed(*(row for each in chosen for row in CHANGES[each]))
    assert conflicts == []
    assert tree.same(read(Source("x", text)).tree, read(Source("x", whole)).tree)
