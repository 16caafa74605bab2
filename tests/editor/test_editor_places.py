"""Places as an editor counts them, in each encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_dsl.editor.positions import Positions
from policy_dsl.source import Source

TEXT = 'a "é"\r\n𝄞b\nل x\n'
PLACES = [
    # encoding, offset, line, character
    ("utf-16", 0, 0, 0),
    ("utf-16", 4, 0, 4),
    ("utf-16", 7, 1, 0),
    ("utf-16", 8, 1, 2),
    ("utf-16", 9, 1, 3),
    ("utf-8", 4, 0, 5),
    ("utf-8", 8, 1, 4),
    ("utf-8", 11, 2, 2),
    ("utf-32", 8, 1, 1),
    ("utf-16", 14, 3, 0),
]


@pytest.mark.parametrize(("encoding", "offset", "line", "character"), PLACES)
def test_places(encoding: str, offset: int, line: int, character: int):
    positions, source = Positions(encoding), Source("t", TEXT)
    assert positions.position(source, offset) == (line, character)
    assert positions.offset(source, line, character) == offset


@pytest.mark.parametrize(
    ("line", "character", "offset"),
    [(0, 99, 5), (1, 1, 8), (9, 0, len(TEXT)), (0, -1, 0)],
    ids=["beyond the line", "inside a sign", "beyond the text", "before the line"],
)
def test_places_that_are_none(line: int, character: int, offset: int):
    assert Positions().offset(Source("t", TEXT), line, character) == offset


@given(st.text(st.sampled_from("a\n é𝄞\u0644\t")), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_there_and_back(text: str, encoding: str):
    positions, source = Positions(encoding), Source("t", text)
    for offset in range(len(text) + 1):
        place = positions.position(source, offset)
        assert positions.offset(source, *place) == offset
        before = text[:offset].rpartition("\n")[2]
        written = before.encode(encoding.replace("utf-16", "utf-16-le").replace("utf-32", "utf-32-le"))
        assert place == (text[:offset].count("\n"), len(written) * 8 // int(encoding[4:]))
