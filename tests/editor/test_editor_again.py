"""A text that is read again after each edit reads as it would afresh: the same tree, places and faults."""

import pytest
from benches import POLICIES, WHOLE
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Loader
from policy_dsl.pipeline import Opened, check_text, edited
from policy_dsl.source import Source, Span
from policy_dsl.source.afloat import Afloat, Anchor
from policy_dsl.syntax import parse, tree
from policy_dsl.syntax.again import Again

SPLINTERS = [
    *' ()":=>#,%7x\t', "\n", "\n\n", "  ", "\n  ", "\n)", "and ", 'article 3 "X"\n', "tier ", "define ", "# note\n",
    "alternative A\n", "  > words\n", "population", 'policy y "Y"\n', "\r\n", "\ufeff", "é", "\n+ 1",
]  # fmt: skip
SMALL = sorted((file for file in POLICIES if file.stat().st_size < 9_000), key=lambda file: file.name)
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["put", "put", "drop", "cut", "move", "twice"]),
        st.integers(1, 300),
        st.sampled_from(SPLINTERS),
    ),
    min_size=1,
    max_size=6,
)


def edit(text: str, place: float, kind: str, length: int, splinter: str) -> str:
    at = int(place * len(text))
    piece = text[at : at + length]
    match kind:
        case "put":
            return text[:at] + splinter + text[at:]
        case "drop":
            return text[:at] + text[at + min(length, 5) :]
        case "cut":
            return text[:at] + text[at + length :]
        case "twice":
            return text[:at] + piece + text[at:]
    rest = text[:at] + text[at + length :]
    to = (at * 7 + length) % (len(rest) + 1)
    return rest[:to] + piece + rest[to:]


def said(problems: tuple[Problem, ...]) -> list[tuple[object, ...]]:
    def place(span: Span | None) -> tuple[object, ...] | None:
        return None if span is None else (span.source.name, span.start, span.end)

    return [
        (
            each.code,
            place(each.span),
            sorted(each.params.items()),
            each.article,
            each.mend,
            [(place(one.span), one.label) for one in each.related],
        )
        for each in problems
    ]


def shape(root: tree.Node) -> list[tuple[str, int, int]]:
    return [(type(node).__name__, node.span.start, node.span.end) for node in tree.walk(root)]


def check(again: Again, name: str, text: str) -> None:
    source, other = Source(name, text), Source(name, text)
    got = edited(Opened(source, Loader(source)), again)
    fresh = parse(other)
    assert shape(got.tree) == shape(fresh.tree)
    assert tree.same(got.tree, fresh.tree)
    assert all(node.span.source is source for node in tree.walk(got.tree))
    assert said(got.problems) == said(check_text(Opened(other, Loader(other))))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([file.name for file in SMALL]), EDITS)
def test_edits_of_whole_policies(name: str, edits: list[tuple[float, str, int, str]]):
    file = next(file for file in SMALL if file.name == name)
    text = file.read_text("utf-8")
    again = Again()
    check(again, str(file), text)
    for each in edits:
        text = edit(text, *each)
        check(again, str(file), text)


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_edits_of_a_small_policy(edits: list[tuple[float, str, int, str]]):
    again, text = Again(), WHOLE
    check(again, "t.policy", text)
    for each in edits:
        text = edit(text, *each)
        check(again, "t.policy", text)


def test_a_text_typed_sign_by_sign_reads_as_afresh_at_each_of_them():
    again = Again()
    for end in range(0, len(WHOLE), 7):
        check(again, "t.policy", WHOLE[:end])


def test_what_nobody_touched_keeps_its_nodes():
    again = Again()
    before = again.read(Source("t", WHOLE)).tree
    after = again.read(Source("t", WHOLE.replace("Two members", "Two of them"))).tree
    assert after.header is before.header
    assert after.items[0] is before.items[0]
    assert after.items[1] is not before.items[1]


def test_two_blocks_of_the_same_words_are_two_trees():
    text = WHOLE + '\nexample "E"\n  expect 1 = 1\n\nexample "E"\n  expect 1 = 1\n'
    again = Again()
    again.read(Source("t", text))
    items = again.read(Source("t", text + "\n")).tree.items
    assert items[-1] is not items[-2]
    assert items[-1].span.start > items[-2].span.start


class TestAfloat:
    def test_it_moves_with_its_anchor(self):
        source = Source("t", "one two")
        anchor = Anchor(source, 4)
        span = Afloat(anchor, 0, 3)
        assert (span.text, span.start, span.end, str(span)) == ("two", 4, 7, "t:1:5")
        later = Source("t", "nought\none two")
        anchor.source, anchor.base = later, 11
        assert (span.text, span.source, str(span)) == ("two", later, "t:2:5")

    def test_it_is_as_the_span_of_the_text_as_it_stands(self):
        source = Source("t", "one two")
        span = Afloat(Anchor(source, 4), 0, 3)
        plain = Span(source, 4, 7)
        assert span == plain
        assert plain == span
        assert hash(span) == hash(plain)
        assert tuple(span) == tuple(plain)
        assert (span[1], span[2]) == (4, 7)
        assert span._replace(end=5) == Span(source, 4, 5)
        assert span.to(Span(source, 6, 7)) == plain

    def test_what_is_made_of_it_stays(self):
        anchor = Anchor(Source("t", "one two"), 4)
        made = Afloat(anchor, 0, 3)._replace(end=5)
        anchor.base = 0
        assert made.start == 4


@pytest.mark.parametrize("text", ["", "\n", "#", "\ufeff", 'policy x "X"', "  policy"])
def test_the_smallest_texts(text: str):
    check(Again(), "t.policy", text)
