"""Figures that are written out in words, as statutes write them."""

from __future__ import annotations

import re
from fractions import Fraction

from policy_dsl.values.quantity import plain

_ONES = "one two three four five six seven eight nine ten eleven twelve"
_TENS = "ten twenty thirty forty fifty sixty seventy eighty ninety"
COUNTS = {
    **{word: str(number) for number, word in enumerate(_ONES.split(), 1)},
    "fifteen": "15",
    **{word: str(10 * number) for number, word in enumerate(_TENS.split(), 1)},
}
PARTS = {
    "halves": 2,
    "half": 2,
    "thirds": 3,
    "third": 3,
    "quarters": 4,
    "quarter": 4,
    "fourths": 4,
    "fifths": 5,
    "fifth": 5,
    "sixths": 6,
    "eighths": 8,
    "tenths": 10,
    "tenth": 10,
}
MAGNITUDES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
SIGNS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5"}


def fraction(found: re.Match[str]) -> str:
    """`two thirds` as `2/3`: a number of parts, and their name."""
    return f"{COUNTS.get(found.group(1), found.group(1))}/{PARTS[found.group(2)]}"


def many(found: re.Match[str]) -> str:
    """`1.5 million` as `1_500_000`: a figure, and the name of its magnitude."""
    figure = Fraction(COUNTS.get(found.group(1), found.group(1)).replace("_", "")) * MAGNITUDES[found.group(2)]
    return f"{figure.numerator:_}" if figure.denominator == 1 else plain(figure)
