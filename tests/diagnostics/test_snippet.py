"""What is underlined, and how it is shown."""

import pytest

from policy_dsl.diagnostics import Problem, Related
from policy_dsl.diagnostics.rendered import in_order, render
from policy_dsl.diagnostics.snippet import WIDTH, clean, snippet, width_of
from policy_dsl.source import Source, Span


def under(text: str, words: str) -> Span:
    source = Source("lake.policy", text)
    start = text.index(words)
    return source.span(start, start + len(words))


def shown(text: str, words: str, said: str = "") -> str:
    return "\n".join(snippet(under(text, words), said))


def test_a_word_is_underlined_and_the_message_stands_beside_it():
    assert shown("a\nby populaton\nb", "populaton", "no such name") == (
        "   2 | by populaton\n"
        "     |    ^^^^^^^^^ no such name"
    )  # fmt: skip


def test_a_long_message_goes_below():
    lines = snippet(under("by x", "x"), "word " * 40)
    assert lines[1] == "     |    ^"
    assert all(len(line) <= WIDTH for line in lines)
    assert all(line.startswith("     | word") for line in lines[2:])
    assert " ".join(lines[2:]).replace(" |", "").split() == ["word"] * 40


@pytest.mark.parametrize(
    ("line", "words", "before", "marks"),
    [
        ("人口 数x", "数", 5, 2),
        ("e\u0301te\u0301 x", "x", 4, 1),
        ("\tx", "x", 4, 1),
        ("ab\tx", "x", 4, 1),
        ("👩‍👩‍👧 x", "x", 3, 1),
        ("\x1b[31mx", "x", 10, 1),
        ("a\u202eb x", "x", 11, 1),
    ],
)
def test_the_mark_stands_under_the_word_in_any_script(line: str, words: str, before: int, marks: int):
    assert snippet(under(line, words))[1] == "     | " + " " * before + "^" * marks


def test_words_from_right_to_left_are_quoted_as_well():
    assert shown("by السكان", "السكان").split("\n")[-1] == "     | marked: «السكان»"


def test_nothing_in_a_text_can_steer_the_terminal():
    hostile = "by \x1b]0;title\x07x \u202eevil\u2066 \x9b31m \u200b"
    text = render(Problem("PD901", under(hostile, "x"), {"file": hostile}, hostile, mend=hostile)).text
    assert all(sign == "\n" or sign.isprintable() for sign in text)
    assert r"\u{1b}]0;title\u{7}x \u{202e}evil\u{2066} \u{9b}31m \u{200b}" in text


def test_a_hostile_file_name_is_shown_by_its_numbers():
    source = Source("a\x1b[2J.policy", "x")
    assert render(Problem("PD901", source.span(0, 1), {"file": "x"})).where == r"a\u{1b}[2J.policy:1:1"


@pytest.mark.parametrize("at", [0, 50, 300, 600, 999])
def test_a_long_line_is_cut_around_the_mark(at: int):
    line = "".join(chr(97 + i % 26) for i in range(1000))
    first, second = snippet(Source("x", line).span(at, at + 1))
    assert max(width_of(first), width_of(second)) <= WIDTH
    assert first[second.index("^")] == line[at]


def test_a_mark_over_a_long_stretch_ends_with_what_is_shown():
    first, second = snippet(Source("x", "人" * 500).span(200, 480))
    assert max(width_of(first), width_of(second)) <= WIDTH


def test_a_span_of_several_lines_shows_its_first_and_its_last():
    assert shown("define x =\n    a\n    b\n    c\n", "define x =\n    a\n    b\n    c\n", "too much").split("\n") == [
        "   1 | define x =",
        "     | ^^^^^^^^^^",
        "   …",
        "   4 |     c",
        "     |     ^ too much",
    ]


def test_a_span_of_a_line_with_its_end_is_one_line():
    assert shown("ab\ncd", "ab\n").split("\n") == ["   1 | ab", "     | ^^"]


@pytest.mark.parametrize("text", ["", "\n", "a", "a\n", "a\n\n\n", "a\r\nb\r\n", "\u2028", "\t"])
def test_any_place_in_any_text_can_be_shown(text: str):
    source = Source("x", text)
    for start in range(len(text) + 2):
        for end in range(start, len(text) + 3):
            lines = snippet(source.span(start, end), "said")
            assert lines[-1].endswith("^ said")


def test_the_end_of_a_text_is_shown_behind_its_last_word():
    assert snippet(Source("x", "by a\n").span(5, 5)) == ["   1 | by a", "     |     ^"]


def test_related_places_follow_with_their_own_mark():
    text = "define a = 1\ndefine b = 2\ndefine a = 3\n"
    source, other = Source("x", text), Source("y", "a = 9\n")
    problem = Problem(
        "PD901",
        source.span(33, 34),
        {"file": "a"},
        "Art. 2",
        (Related(source.span(7, 8), "the first"), Related(other.span(0, 1), "and here")),
        mend="give it another name",
    )
    assert render(problem).text.split("\n") == [
        "PD901 error · Art. 2 · x:3:8",
        "   3 | define a = 3",
        "     |        ^ there is no file `a`",
        "   1 | define a = 1",
        "     |        - the first",
        "   in y:1:1:",
        "   1 | a = 9",
        "     | - and here",
        "   give it another name   (policy help PD901)",
    ]


def test_the_data_of_a_message_has_its_keys_in_the_documented_order():
    data = render(Problem("PD901", under("a\nbc", "bc"), {"file": "f"}, "Art. 1")).data()
    assert list(data) == [
        "code", "slug", "severity", "article", "file", "line", "column", "end_line", "end_column",
        "message", "help", "related",
    ]  # fmt: skip
    assert (data["line"], data["column"], data["end_line"], data["end_column"]) == (2, 1, 2, 3)


def test_a_code_that_the_catalogue_lacks_still_says_something():
    said = render(Problem("PD000", None, {"name": "x"}))
    assert (said.message, said.severity.value) == ("name: x", "error")


def test_problems_are_told_once_each_and_in_the_order_of_the_text():
    source = Source("x", "abc")
    later, sooner = Problem("PD901", source.span(2, 3)), Problem("PD902", source.span(0, 1))
    assert in_order([later, sooner, later]) == [sooner, later]


def test_clean_leaves_honest_words_alone():
    for words in ("Côte d’Ivoire", "می‌خواهم", "人口", "👩‍👧", "a b"):
        assert clean(words) == words
