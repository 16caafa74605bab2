"""Any text at all gives a tree and problems, and never an error of the program."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.diagnostics.catalogue import entries
from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree

TEXTS = [file.read_text("utf-8") for file in sorted((Path(__file__).parent / "data").glob("*.policy"))]
SPLINTERS = [
    *'()"\n\t >#%,.:=/;{^-\0\r\ufeff\u00a0\u2028\x0b\x0c\x85é٣½²“',
    'policy x "T"\n', 'article 3 "x"\n', "  key k\n", "not ", "sum of ", "2026-02-30", "9" * 80, "2/0", "> x\n",
    "(1) > x", "0,5", "1st", "1 July 2026", "\n and ", "example", "\n  example \"e\"\n",
]  # fmt: skip


def check(text: str) -> None:
    parsed = parse(Source("t", text))
    for node in tree.walk(parsed.tree):
        assert 0 <= node.span.start <= node.span.end <= len(text)
    for problem in parsed.problems:
        assert problem.code in entries()
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
    broken = [node for node in tree.walk(parsed.tree) if isinstance(node, tree.Broken)]
    assert parsed.problems or not broken


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_bytes(data: bytes):
    check(data.decode("utf-8", errors="replace"))
    check(data.decode("latin-1"))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*SPLINTERS, "a", "1", "\n  ", "\n    "]), max_size=60))
def test_splinters(splinters: list[str]):
    text = "".join(splinters)
    check(text)
    check('policy t "T"\n  language 1\narticle 1 "A"\n' + text)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(TEXTS),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.one_of(st.just(""), st.sampled_from(SPLINTERS))),
        min_size=1,
        max_size=4,
    ),
)
def test_edits_of_the_examples(text: str, edits: list[tuple[float, int, str]]):
    for place, length, new in edits:
        at = int(place * len(text))
        text = text[:at] + new + text[at + (0 if new else length) :]
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "(" * 1_000_000,
        "\n" * 100_000,
        "\t" * 100_000 + "x",
        "> " + "w" * 1_000_000,
        'policy t "T"\n  language ' + "1" * 1_000_000,
        'article 1 "A"\n  define x = ' + "(" * 9_000 + "\n",
        'article 1 "A"\n  define x = ' + "-" * 9_000 + "a\n",
        'article 1 "A"\n  define x = ' + "a of " * 1_500 + "a\n",
        'article 1 "A"\n  define x = ' + "if a then b else " * 500 + "a\n",
        'article 1 "A"\n  define x = (' + "a +\n" * 3_000 + "a)\n",
        'article 1 "A"\n  > words\n' * 500,
        '  article 1 "A"\n' * 500,
        '"' * 5_000,
        "article " + "9" * 5_000 + ' "A"\n  > w\n',
        'article 1 "A"\n  (' + "9" * 5_000 + ") > w\n",
    ],
    ids=range(16),
)
def test_long_and_deep_texts(text: str):
    check(text)
    check('policy t "T"\n  language 1\n\n' + text)
