"""Units and their products.

A unit is a product of base units with whole exponents. Three kinds of figure have no unit: a *ratio* (`40%`, `2/3`, a
quotient of like units), a *number* (`3`, a count, a rating). They are kept apart, because 0.4 written for 40 % is the
commonest slip of drafters.

Months are kept in years and weeks in days, which is exact; days are never turned into months, hours into days, or
working days into days: each is counted by its own rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from policy_dsl.records import dataclass


class UnitFault(ValueError):
    """An operation on units that has no meaning."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of base units, as sorted (base, exponent) pairs; `ratio` tells a ratio from a number."""

    terms: tuple[tuple[str, int], ...] = ()
    ratio: bool = False

    @property
    def bare(self) -> bool:
        """Whether this is a ratio or a number."""
        return not self.terms

    @property
    def currency(self) -> str:
        """The currency if this is an amount of money and nothing else, otherwise an empty text."""
        if len(self.terms) == 1 and self.terms[0][1] == 1 and self.terms[0][0].isupper():
            return self.terms[0][0]
        return ""

    @property
    def period(self) -> str:
        """ "year", "day", "hour" or "working day" if this is a length of time and nothing else."""
        if len(self.terms) == 1 and self.terms[0][1] == 1 and self.terms[0][0] in PERIODS:
            return self.terms[0][0]
        return ""

    def __str__(self) -> str:
        if not self.terms:
            return "ratio" if self.ratio else "number"
        over = [_raised(base, exponent, plural=True) for base, exponent in self.terms if exponent > 0]
        under = [_raised(base, -exponent, plural=False) for base, exponent in self.terms if exponent < 0]
        return " per ".join(["·".join(over) or "1", *under])


NUMBER = Unit()
RATIO = Unit(ratio=True)
PERIODS = ("year", "day", "hour", "working day")

# What a drafter may write: the base unit it stands for, its exponent, and the factor to the base unit.
_WORDS: dict[str, tuple[str, int, Fraction]] = {
    "person": ("person", 1, Fraction(1)),
    "persons": ("person", 1, Fraction(1)),
    "household": ("household", 1, Fraction(1)),
    "households": ("household", 1, Fraction(1)),
    "project": ("project", 1, Fraction(1)),
    "projects": ("project", 1, Fraction(1)),
    "tonne": ("tonne", 1, Fraction(1)),
    "tonnes": ("tonne", 1, Fraction(1)),
    "km": ("km", 1, Fraction(1)),
    "km2": ("km", 2, Fraction(1)),
    "hectare": ("km", 2, Fraction(1, 100)),
    "hectares": ("km", 2, Fraction(1, 100)),
    "hour": ("hour", 1, Fraction(1)),
    "hours": ("hour", 1, Fraction(1)),
    "day": ("day", 1, Fraction(1)),
    "days": ("day", 1, Fraction(1)),
    "week": ("day", 1, Fraction(7)),
    "weeks": ("day", 1, Fraction(7)),
    "month": ("year", 1, Fraction(1, 12)),
    "months": ("year", 1, Fraction(1, 12)),
    "year": ("year", 1, Fraction(1)),
    "years": ("year", 1, Fraction(1)),
    "working days": ("working day", 1, Fraction(1)),
    "working day": ("working day", 1, Fraction(1)),
}
_PLURALS = {
    "person": "persons",
    "household": "households",
    "project": "projects",
    "tonne": "tonnes",
    "hour": "hours",
    "day": "days",
    "year": "years",
    "working day": "working days",
}
WORDS = tuple(_WORDS)


def unit_named(word: str) -> tuple[Unit, Fraction]:
    """The unit that one word stands for, and the factor to its base unit: months are (year, 1/12).

    `percent` is the ratio with factor 1/100, `rating` and `number` are numbers, and three capitals are a currency.
    Raises UnitFault for a word that is no unit.
    """
    if word == "percent":
        return RATIO, Fraction(1, 100)
    if word == "ratio":
        return RATIO, Fraction(1)
    if word in ("rating", "number"):
        return NUMBER, Fraction(1)
    if len(word) == 3 and word.isascii() and word.isupper():
        return Unit(((word, 1),)), Fraction(1)
    if word not in _WORDS:
        raise UnitFault(word)
    base, exponent, factor = _WORDS[word]
    return Unit(((base, exponent),)), factor


@lru_cache(256)
def unit_of_words(words: str) -> tuple[Unit, Fraction]:
    """The unit of "USD per person per year", and its factor to base units. Raises UnitFault for a word that is none."""
    first, *rest = words.split(" per ")
    unit, factor = unit_named(first.strip())
    for word in rest:
        under, part = unit_named(word.strip())
        unit, factor = divide(unit, under), factor / part
    return unit, factor


def times(left: Unit, right: Unit) -> Unit:
    """The unit of a product. A number times a ratio is a ratio."""
    return _product(left, right, 1)


def divide(left: Unit, right: Unit) -> Unit:
    """The unit of a quotient: of like units a ratio; of a number over a ratio a number; over a number what it was."""
    if left.terms and left.terms == right.terms:
        return RATIO
    if not left.terms and not right.terms:
        return RATIO if left.ratio or not right.ratio else NUMBER
    return _product(left, right, -1)


def power_of(unit: Unit, exponent: Fraction) -> Unit:
    """The unit of a power. Raises UnitFault where an exponent would not be whole."""
    terms = []
    for base, old in unit.terms:
        new = old * exponent
        if new.denominator != 1:
            raise UnitFault(str(unit))
        if new:
            terms.append((base, int(new)))
    return Unit(tuple(terms), unit.ratio)


def _product(left: Unit, right: Unit, sign: int) -> Unit:
    exponents = dict(left.terms)
    for base, exponent in right.terms:
        exponents[base] = exponents.get(base, 0) + sign * exponent
    terms = _sorted(exponents.items())
    if terms:
        return Unit(terms)
    return Unit((), left.ratio or right.ratio or bool(left.terms or right.terms))


def _sorted(terms: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((base, exponent) for base, exponent in terms if exponent))


def _raised(base: str, exponent: int, *, plural: bool) -> str:
    if base == "km" and exponent == 2:
        return "km2"
    word = _PLURALS.get(base, base) if plural else base
    return word if exponent == 1 else f"{word}^{exponent}"
