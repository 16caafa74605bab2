"""The lexer gives what lark's contextual lexer gives: the same trees, and the same complaint at the same place."""

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from policy_dsl.syntax import blocks, grammar
from policy_dsl.syntax.indent import Misaligned
from policy_dsl.syntax.words import RESERVED

ROOT = Path(__file__).resolve().parents[2]
POLICIES = sorted(ROOT.glob("policies/**/*.policy"))
KINDS = {"policy": "header", "part": "part", "article": "article", "example": "example"}


def refused(token: Token) -> Token:
    if token in RESERVED:
        token.type = "RESERVED"
    return token


@lru_cache(maxsize=1)
def reference() -> Lark:
    """A parser with lark's own lexer."""
    return Lark(grammar.text(), **grammar.options() | {"lexer": "contextual", "lexer_callbacks": {"NAME": refused}})


def outcome(parser, piece: str, kind: str):
    try:
        tree = parser.parse(piece, start=kind)
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        told = (type(error), error.pos_in_stream, token and token.type, token and str(token))
        return (*told, frozenset(error.interactive_parser.accepts()))
    except Misaligned as error:
        return Misaligned, error.position
    return [
        (part.type, str(part), part.start_pos, part.end_pos) for part in tree.scan_values(lambda part: part is not None)
    ], tree.pretty()


def pieces():
    for path in POLICIES:
        text = path.read_text("utf-8")
        for block in blocks.cut(text):
            if block.word in KINDS:
                yield pytest.param(
                    "\n" + text[block.start : block.end], KINDS[block.word], id=f"{path.stem} {block.start}"
                )


EVERY = list(pieces())


@pytest.mark.parametrize(("piece", "kind"), EVERY)
def test_every_block_of_every_policy_gives_the_same_tree(piece, kind):
    assert outcome(grammar.parser(), piece, kind) == outcome(reference(), piece, kind)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_spoilt_block_gives_the_same_complaint(data):
    piece, kind = data.draw(st.sampled_from(EVERY)).values
    at = data.draw(st.integers(0, len(piece)))
    until = min(len(piece), at + data.draw(st.integers(0, 6)))
    put = data.draw(
        st.sampled_from(
            ["", " ", "\n", "(1)", "II", "AUT", "1/2", "40%", "then", "share", "é", "#", "=", "1,000", '"', ">"]
        )
        | st.text(max_size=4)
    )
    spoilt = piece[:at] + put + piece[until:]
    assert outcome(grammar.parser(), spoilt, kind) == outcome(reference(), spoilt, kind)


@pytest.mark.parametrize(
    ("piece", "kind", "error"),
    [
        ('\npart 2 "x"', "part", UnexpectedToken),
        ("\npart é", "part", UnexpectedCharacters),
        ("\nreserves", "step", UnexpectedToken),
    ],
)
def test_what_does_not_fit_is_told_apart_from_what_is_no_sign(piece, kind, error):
    with pytest.raises(error):
        grammar.parser().parse(piece, start=kind)
