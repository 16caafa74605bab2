"""A figure of the text moved by one step, up and down: by one unit, or by one in the last place that is written."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import lcm

from policy_dsl.syntax import tree

LITERALS = (tree.Number, tree.Quantity, tree.Percent, tree.Ratio, tree.DateLiteral)
_DIGITS = re.compile(r"[\d_]+(?:\.\d+)?")
UP, DOWN = 1, -1


def moved(node: tree.Node, way: int) -> str | None:
    """The literal one step up or down, as it would be written; none where there is no such figure."""
    text = node.span.text
    match node:
        case tree.Number() | tree.Quantity() | tree.Percent():
            found = _DIGITS.match(text)
            if found is None:
                return None
            new = _plus(found[0], way)
            return None if new is None else new + counted(text[found.end() :], one=new == "1")
        case tree.Ratio():
            above, below = (int(each) for each in text.split("/"))
            # Two of three becomes three of four, or two of four: a majority moves to the next one that is usual.
            ratio = Fraction(above + 1 if way > 0 else above, below + 1)
            return None if ratio == node.value else _ratio(ratio)
        case tree.DateLiteral(value=datetime() as value):
            return _moment(value + timedelta(minutes=way), text)
        case tree.DateLiteral(value=date() as value):
            return (value + timedelta(days=way)).isoformat()
    return None


def paired(first: tree.Node, second: tree.Node, way: int) -> tuple[str, str] | None:
    """Two weights of which one rises by what the other falls; none where one would fall to nothing."""
    if isinstance(first, tree.Percent) and isinstance(second, tree.Percent):
        places = max(_places(first.span.text), _places(second.span.text))
        step = Fraction(way, 100 * 10**places)
        one, other = first.value + step, second.value - step
        return None if min(one, other) <= 0 else (_percent(one, places), _percent(other, places))
    if isinstance(first, tree.Ratio) and isinstance(second, tree.Ratio):
        step = Fraction(way, 2 * lcm(first.value.denominator, second.value.denominator))
        one, other = first.value + step, second.value - step
        return None if min(one, other) <= 0 else (_ratio(one), _ratio(other))
    return None


def _plus(digits: str, way: int) -> str | None:
    places = _places(digits)
    value = Fraction(digits.replace("_", "")) + Fraction(way, 10**places)
    if value < 0:
        return None
    return _written(value, places, grouped="_" in digits)


def _written(value: Fraction, places: int, *, grouped: bool) -> str:
    whole, part = divmod(int(value * 10**places), 10**places)
    digits = f"{whole:_}" if grouped or whole >= 10_000 else str(whole)
    return f"{digits}.{part:0{places}d}" if places else digits


def counted(unit: str, *, one: bool) -> str:
    """A unit as it stands after one, or after any other number."""
    words = r"\b(person|hour|day|month|year|week|household|project)"
    return re.sub(rf"{words}s$", r"\1", unit) if one else re.sub(rf"{words}$", r"\1s", unit)


def _percent(value: Fraction, places: int) -> str:
    return _written(value * 100, places, grouped=False) + "%"


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _places(text: str) -> int:
    found = re.search(r"\.(\d+)", text)
    return len(found[1]) if found else 0


def _moment(value: datetime, text: str) -> str:
    """A moment in the form of the one that is written."""
    seconds = text.count(":") - (1 if re.search(r"[+-]\d\d:\d\d$", text) else 0) > 1
    written = value.isoformat(timespec="seconds" if seconds else "minutes")
    return re.sub(r"\+00:00$", "Z", written) if text.endswith("Z") else written
