"""The digests of the rules: what changes them, which of them, and where; and what changes none."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from deciding_again import LAKE, POLICIES, checked, digests, laid_anew, program, shown
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policy_dsl.files import Loader
from policy_dsl.receipts.rules import _computed
from policy_dsl.resolve import resolve
from policy_dsl.resolve.program import Program
from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree

TEXTS = {path: path.read_text("utf-8") for path in POLICIES}
GROUP = next(path for path in POLICIES if path.stem == "lake_group")
MODEL = next(path for path in POLICIES if path.stem == "model_rules")
FIGURES = (tree.Number, tree.Quantity, tree.Percent, tree.Ratio, tree.DateLiteral)


def program_of(text: str) -> Program:
    """The program of a text in place of the first example, though something in it may not be used."""
    source = Source(str(LAKE), text)
    read = resolve(parse(source), Loader(source)).program
    assert read is not None
    return read


def figures(of: Program) -> list[tree.Node]:
    """The figures in a policy's own articles, without its examples."""
    return [
        node
        for law in of.law
        for line in law.node.lines
        if not isinstance(line, tree.Example) and line.span.source is of.source
        for node in tree.walk(line)
        if isinstance(node, FIGURES)
    ]


def with_another_figure(text: str, node: tree.Node) -> str:
    """A text with the first digit of a figure raised by one."""
    at = next(index for index in range(node.span.start, node.span.end) if text[index].isdigit())
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


@pytest.mark.parametrize("policy", POLICIES, ids=shown)
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_policy_laid_out_anew_has_the_same_digests(policy: Path, seed: int) -> None:
    anew = laid_anew(TEXTS[policy], Random(seed).randrange)
    assert anew != TEXTS[policy]
    read = program(anew, policy)
    assert read is not None
    assert digests(read) == digests(checked(policy).program)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_another_figure_gives_another_digest_of_the_rules_and_of_its_article(data: st.DataObject) -> None:
    policy = data.draw(st.sampled_from(POLICIES))
    was = checked(policy).program
    node = data.draw(st.sampled_from(figures(was)))
    now = program(with_another_figure(TEXTS[policy], node), policy)
    assume(now is not None)
    assert now is not None
    rules, words, articles = digests(now)
    old_rules, old_words, old_articles = digests(was)
    assert (rules != old_rules, words == old_words) == (True, True)
    changed = [each.article for each, old in zip(articles, old_articles, strict=True) if each != old]
    assert len(changed) == 1


def test_every_figure_of_the_first_example_counts() -> None:
    was = checked(LAKE).program
    found = figures(was)
    assert len(found) == 3
    texts = [with_another_figure(TEXTS[LAKE], node) for node in found]
    read = [program(text) for text in texts]
    assert all(each is not None for each in read)
    assert len({digests(each)[0] for each in (*read, was) if each is not None}) == len(found) + 1


KEY = ("    2/3 : share of population\n", "    1/3 : share of area\n")
RULES, WORDS, BOTH, NEITHER = (True, False), (False, True), (True, True), (False, False)


@pytest.mark.parametrize(
    ("old", "new", "changed", "article"),
    [
        # what is computed
        ("share of area", "share of population", RULES, "Art. 1"),
        ("<= 1%", "< 1%", RULES, "Art. 1"),
        ("largest_remainder", "webster", RULES, "Art. 1"),
        ("ties     by population", "ties     by area", RULES, "Art. 1"),
        ("    ties     by population\n", "", RULES, "Art. 1"),
        ("    1/3 : share of area", "    1/3 : rank of area ties by population", RULES, "Art. 1"),
        ("among    members", "among    core", RULES, "Art. 1"),
        ("area       : km2", "area       : persons", RULES, "Art. 1"),
        (KEY[0] + KEY[1], KEY[1] + KEY[0], RULES, "Art. 1"),
        ("calendar  weekdays", "calendar  every_day", RULES, ""),
        ("currency  USD", "currency  EUR", RULES, ""),
        ("2026-07-01", "2026-07-02", RULES, ""),
        ("policy lake ", "policy lakes ", RULES, ""),
        ("(2) > No", "(3) > No", BOTH, "Art. 1"),
        ("article 1 ", "article 2 ", BOTH, "Art. 1"),
        # what is said
        ("Sharing arrivals", "Sharing of arrivals", WORDS, "Art. 1"),
        ("shared among the members", "shared by the members", WORDS, "Art. 1"),
        ('"Land area"', '"Area of land"', WORDS, "Art. 1"),
        ("Rules of the Lake Group", "Rules of a Lake Group", WORDS, ""),
        ('"1.0"', '"1.1"', WORDS, ""),
        ("Adopted by", "Agreed by", WORDS, ""),
        ("<= 1%", '<= 1% because "so"', WORDS, "Art. 1"),
        ("    1/3 : share of area", '    1/3 : share of area cites "Annex"', WORDS, "Art. 1"),
        ("article 1 ", 'part I "General"\n\narticle 1 ', WORDS, "Art. 1"),
        # what is neither
        ("<= 1%", "<= (1%)", NEITHER, None),
        ("<= 1%", "<= 1.0%", NEITHER, None),
        ("2/3 :", "4/6 :", NEITHER, None),
        ("article 1 ", "# of arrivals\n\n\narticle 1 ", NEITHER, None),
    ],
)  # fmt: skip
def test_what_changes_which_digest(old: str, new: str, changed: tuple[bool, bool], article: str | None) -> None:
    assert old in TEXTS[LAKE]
    now = program_of(TEXTS[LAKE].replace(old, new, 1))
    rules, words, articles = digests(now)
    old_rules, old_words, old_articles = digests(checked(LAKE).program)
    assert (rules != old_rules, words != old_words) == changed
    kept = set(articles)
    differing = [each.article for each in old_articles if each not in kept]
    assert differing == ([] if article is None else [article])


@pytest.mark.parametrize("after", ["2/3 : share of population", "1/3 : share of area"])
def test_a_reason_counts_with_the_line_that_it_stands_at(after: str) -> None:
    texts = [TEXTS[LAKE].replace(line, f'{line} because "so"') for line in (after, "1/3 : share of area")]
    one, other = (digests(read) for read in map(program, texts) if read is not None)
    assert (one[1] == other[1]) == (texts[0] == texts[1])
    assert one[0] == other[0]


def test_the_order_of_articles_in_the_file_does_not_count() -> None:
    head, *articles = TEXTS[LAKE].split("\narticle 1 ")
    second = 'article 2 "Second"\n  (1) > So it is.\n  parameter places_each "Each" = 3 persons\n'
    one, other = f"{head}\narticle 1 {articles[0]}\n{second}", f"{head}\n{second}\narticle 1 {articles[0]}"
    made = [digests(read) for read in (program_of(one), program_of(other))]
    assert made[0] == made[1]
    assert [each.article for each in made[0][2]] == ["", "Art. 1", "Art. 2"]


def test_an_example_decides_nothing_and_does_not_count() -> None:
    example = """example "Nobody"
  given core = BDI, RWA
  given arrivals = 0 persons
  expect places of BDI = 0 persons
"""
    now = program_of(f"{TEXTS[LAKE]}\n{example}")
    assert now.examples
    assert digests(now) == digests(checked(LAKE).program)


def test_what_is_adopted_and_what_departs_is_inside() -> None:
    rules, words, articles = digests(checked(GROUP).program)
    by_article = {each.article: each for each in articles}
    model = {each.article: each for each in digests(checked(MODEL).program)[2]}
    assert by_article["Art. 9"] == model["Art. 9"]
    assert by_article["Art. 10"].rules != model["Art. 10"].rules
    # Article 6 stands no more; that it was deleted, and why, is said.
    reworded = program(TEXTS[GROUP].replace("The yearly summit of", "The summit of"), GROUP)
    assert reworded is not None
    anew = digests(reworded)
    assert (anew[0] == rules, anew[1] == words) == (True, False)
    assert [each.article for each in anew[2] if each != by_article[each.article]] == ["Art. 6"]


def test_used_files_are_inside(tmp_path: Path) -> None:
    head = TEXTS[LAKE].split("\narticle 1 ")[0].replace("policy lake ", "policy other ")
    used = f'{head}\narticle 1 "A"\n  (1) > Half.\n  parameter half "Half" = 50%\n'
    own = (
        TEXTS[LAKE].replace("  periods   plain", '  periods   plain\n  use "other.policy"').replace("<= 1%", "<= half")
    )
    (tmp_path / "other.policy").write_text(used, "utf-8")
    one = program(own, tmp_path / "lake.policy")
    (tmp_path / "other.policy").write_text(used.replace("50%", "51%"), "utf-8")
    other = program(own, tmp_path / "lake.policy")
    assert one is not None
    assert other is not None
    differing = [was.article for was, now in zip(digests(one)[2], digests(other)[2], strict=True) if was != now]
    assert differing == ["Art. 1 of other"]
    assert digests(one)[0] != digests(other)[0]


def test_a_field_that_came_later_changes_no_digest_where_it_holds_nothing() -> None:
    """Receipts of decisions made before a rank could settle its ties hold for the same rules."""
    rank = program_of('policy p "P"\n\narticle 1 "A"\n  > A.\n  define x = rank of a over members\n').law[0].node
    assert _computed(rank.lines[1].value) == [  # type: ignore[union-attr]
        "Aggregate", "rank", ["Name", "a"], ["Name", "members"]
    ]  # fmt: skip
