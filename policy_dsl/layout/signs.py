"""The signs of a line: words, figures, words in quotes, operators; and how much room stands between two of them.

The grammar reads a text far more closely. Here it is enough to know where one sign ends and the next begins: every
sign is kept as the drafter wrote it, and what changes is only the room between them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from policy_dsl.syntax.words import LINES, RESERVED

_SIGN = re.compile(
    r"""(?P<blank>[ \t\r]+)
    |(?P<comment>\#[^\n]*)
    |(?P<text>"[^"\n]*")
    |(?P<figure>
        [0-9]{4}-[0-9][0-9]-[0-9][0-9](?:T[0-9][0-9]:[0-9][0-9](?::[0-9][0-9])?(?:Z|[+\-][0-9][0-9]:[0-9][0-9]))?
        |[0-9]{4}-[0-9]{4}
        |[0-9]+(?:st|nd|rd|th)
        |[0-9][0-9_]*(?:\.[0-9]+)?%
        |[0-9]+/[0-9]+
        |[0-9][0-9_]*(?:\.[0-9]+)?)
    |(?P<reference>Art\.[ ]?[0-9]+
        (?:[ ](?:bis|ter|quater|quinquies|sexies|septies|octies))?(?:\([0-9]+\))?(?:\([a-z]\))?)
    |(?P<word>[a-z][a-z0-9_]*|[A-Z]+)
    |(?P<mark>>=|<=|<>|[<>=+\-*/^(),:])""",
    re.VERBOSE,
)

# Words of the language before an opening parenthesis; any other word there is the name of a function, and so is `up`.
_BEFORE_A_GROUP = (RESERVED | frozenset(LINES) | {"most", "means", "which", "when"}) - {"up"}
_OPERATORS = frozenset((*[">=", "<=", "<>", "<", ">", "=", "+", "-", "*", "/", "^"], "(", ",", ":"))


class Sign(NamedTuple):
    """One sign: its kind (text, figure, reference, word, mark) and how it is written."""

    kind: str
    text: str


class Unknown(Exception):
    """A line holds something that is no sign of the language."""


def signs(line: str) -> tuple[list[Sign], str]:
    """The signs of a line and the comment at its end, empty where there is none. Raises Unknown."""
    found: list[Sign] = []
    at = 0
    while at < len(line):
        sign = _SIGN.match(line, at)
        if sign is None:
            raise Unknown(line[at])
        at = sign.end()
        kind = str(sign.lastgroup)
        if kind == "comment":
            return found, sign.group().rstrip()
        if kind != "blank":
            found.append(Sign(kind, sign.group()))
    return found, ""


def spaced(line: list[Sign]) -> str:
    """Signs on one line: a blank between any two, but for parentheses, commas, and a minus before a single value."""
    written: list[str] = []
    for index, sign in enumerate(line):
        if index and not _close(line, index):
            written.append(" ")
        written.append(sign.text)
    return "".join(written)


def is_figure(cell: list[Sign]) -> bool:
    """Whether a cell of a table is set as figures are: to the right."""
    return bool(cell) and (cell[0].kind == "figure" or cell[0].text == "-" or cell == [Sign("word", "missing")])


def negative(line: list[Sign], index: int) -> bool:
    """Whether the minus at a place belongs to the one value after it."""
    if line[index].text != "-":
        return False
    before = line[index - 1] if index else None
    return before is None or before.text in _OPERATORS or (before.kind == "word" and before.text in _BEFORE_A_GROUP)


def opens_a_call(line: list[Sign], index: int) -> bool:
    """Whether the parenthesis at a place holds what a function is asked about."""
    before = line[index - 1] if index else None
    return before is not None and before.kind == "word" and before.text not in _BEFORE_A_GROUP


def _close(line: list[Sign], index: int) -> bool:
    before, sign = line[index - 1], line[index]
    if (before.kind == "mark" and before.text == "(") or (sign.kind == "mark" and sign.text in (")", ",")):
        return True
    if negative(line, index - 1):
        return True
    return sign.kind == "mark" and sign.text == "(" and opens_a_call(line, index)
