"""A case that a program states as fields and lists: its text, as the same case file would have it.

A case has one reader, which knows no other form than the text; what is wrong is told at a place of this text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from numbers import Integral

from policy_dsl.cases.nodes import DEEPEST
from policy_dsl.cases.written import Tree, figure, lines_of, moment, quoted
from policy_dsl.values import Quantity


class Unstatable(Exception):
    """A value of a kind that no case file can state; `key` is where it stands, `kind` what it is."""

    def __init__(self, key: str, kind: str) -> None:
        super().__init__(f"{key}: {kind}")
        self.key, self.kind = key, kind


def stated(fields: Mapping[str, object]) -> str:
    """The text of a case. Raises Unstatable.

    Figures are whole numbers, decimals, fractions or quantities; a binary fraction stands for the shortest decimal that
    it is nearest to, as it would be printed. Texts are what a case file would say ("90_000 persons").
    """
    tree = _tree(fields, "", 0)
    assert isinstance(tree, dict)
    return "\n".join(lines_of(tree, 0)) + "\n"


def _tree(value: object, key: str, depth: int) -> Tree:
    match value:
        case None:
            return '""'
        case bool():
            return "yes" if value else "no"
        case str():
            return quoted(value)
        case Quantity():
            return figure(value)
        case Fraction() if value.denominator != 1:
            return str(value)
        case Integral() | Fraction():
            return str(int(value))
        case float() | Decimal():
            return _decimal(value, key)
        case datetime() if value.tzinfo is None:
            return value.isoformat(timespec="seconds")
        case date():
            return moment(value)
        case Mapping():
            # What lies deeper than any case may is not followed; its reader refuses the case for its depth.
            below = value.items() if depth <= DEEPEST else ()
            return {_key(name, key): _tree(each, f"{key}.{name}".strip("."), depth + 1) for name, each in below}
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray | set | frozenset):
        return [_tree(each, key, depth + 1) for each in (value if depth <= DEEPEST else ())]
    raise Unstatable(key, type(value).__name__)


def _decimal(value: float | Decimal, key: str) -> str:
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise Unstatable(key, str(value))
    return format(exact, "f")


def _key(name: object, at: str) -> str:
    if isinstance(name, bool) or not isinstance(name, str | Integral):
        raise Unstatable(at or str(name), type(name).__name__)
    return quoted(str(name))
