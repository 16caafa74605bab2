"""Nodes know their place: what is underlined is exactly what is meant; layout does not change the tree."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree

DATA = Path(__file__).parent / "data"
FILES = sorted(DATA.glob("*.policy"))
EMPTY = ["", "  ", "# c", "        # c"]
TEXTS = [file.read_text("utf-8") for file in FILES]


@pytest.mark.parametrize("text", TEXTS, ids=[file.stem for file in FILES])
def test_every_node_stands_inside_its_parent_and_has_no_blank_ends(text: str):
    def look(node: tree.Node) -> None:
        words = node.span.text
        if not isinstance(node, tree.PolicyFile):
            assert words == words.strip()
            assert words
        for child in tree.children(node):
            assert node.span.start <= child.span.start <= child.span.end <= node.span.end
            look(child)

    look(parse(Source("t", text)).tree)


@pytest.mark.parametrize("text", TEXTS, ids=[file.stem for file in FILES])
def test_names_stand_where_they_are_written(text: str):
    for node in tree.walk(parse(Source("t", text)).tree):
        if isinstance(node, tree.Name | tree.Code):
            assert node.span.text == node.text
        if isinstance(node, tree.Ident) and " " not in node.text:
            assert node.span.text == node.text


def test_places_count_code_points_and_lines_from_one():
    source = Source("t", 'policy t "Zażółć 𝒳"\n  language 1\n\narticle 1 "A"\n  tier members_of "M"  # who\n')
    policy = parse(source).tree
    article = policy.items[0]
    assert isinstance(article, tree.Article)
    assert article.span.text == 'article 1 "A"\n  tier members_of "M"'
    assert article.lines[0].span.begins == (5, 3)
    assert policy.comments[0].text == "# who"
    assert policy.comments[0].span.text == "# who"


def test_comments_are_collected_outside_quotes_and_words():
    text = '# one\npolicy t "T # no"\n  language 1 # two\narticle 1 "A"\n  > words # no\n  # three\n  tier a "A"\n#four'
    parsed = parse(Source("t", text))
    assert [comment.text for comment in parsed.tree.comments] == ["# one", "# two", "# three", "#four"]


@pytest.mark.parametrize("text", TEXTS, ids=[file.stem for file in FILES])
def test_other_line_ends_give_the_same_tree(text: str):
    plain = parse(Source("t", text)).tree
    for other in (text.replace("\n", "\r\n"), "\ufeff" + text, text.rstrip("\n"), text + "\n\n  \n# end"):
        parsed = parse(Source("t", other))
        assert parsed.problems == ()
        assert tree.same(plain, parsed.tree)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(TEXTS) - 1), st.lists(st.tuples(st.integers(0, 300), st.sampled_from(EMPTY)), max_size=8))
def test_blank_lines_and_comments_between_lines_change_nothing(which: int, extra: list[tuple[int, str]]):
    lines = TEXTS[which].split("\n")
    for at, line in extra:
        place = at % len(lines)
        if not lines[place].lstrip().startswith(">"):
            lines.insert(place, line)
    parsed = parse(Source("t", "\n".join(lines)))
    assert parsed.problems == ()
    assert tree.same(parse(Source("t", TEXTS[which])).tree, parsed.tree)


def test_the_deepest_expression_that_is_read_can_be_walked():
    text = 'policy t "T"\n  language 1\narticle 1 "A"\n  define x = ' + "(" * 90 + "a" + ")" * 90 + " " + "+ a " * 5
    parsed = parse(Source("t", text))
    assert parsed.problems == ()
    assert tree.same(parsed.tree, parse(Source("u", text)).tree)
