"""Figures in English sentences, as drafters write them."""

from fractions import Fraction

import pytest

from policy_dsl.lint.figures_in_words import figures


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("within seventy-two hours of the request", [("hour", 72)]),
        ("within 72 hours, and decides within five working days", [("hour", 72), ("working day", 5)]),
        ("within five (5) business days", [("working day", 5)]),
        ("on the ninetieth day after the deposit", [("day", 90)]),
        ("on the twenty-first day", [("day", 21)]),
        ("on the 90th day", [("day", 90)]),
        ("within two weeks", [("day", 14)]),
        ("within a year of its end", [("month", 12)]),
        ("three years, unless the meeting chooses eighteen months", [("month", 36), ("month", 18)]),
        ("two thirds of those who vote", [("part", "2/3")]),
        ("between a twentieth and three twentieths", [("part", "1/20"), ("part", "3/20")]),
        ("half by population, a fifth by area", [("part", "1/2"), ("part", "1/5")]),
        ("no more than 40 per cent, or 12.5%", [("part", "2/5"), ("part", "1/8")]),
        ("at least thirty-five percent", [("part", "7/20")]),
        ("more than half", [("part", "1/2")]),
        ("a thousandth of a per cent", [("part", "1/100000")]),
        ("a ten-thousandth", [("part", "1/10000")]),
        ("the nearest ten-thousandth of a per cent", [("part", "1/1000000")]),
        ("a half per cent, above it one per cent", [("part", "1/200"), ("part", "1/100")]),
        ("half per cent", [("part", "1/200")]),
        ("by population and, half as much, by land", []),
        ("one person for every fifty inhabitants", [("part", "1/50"), ("person", 1)]),
        ("fifteen refugees for every thousand", [("part", "15/1000"), ("person", 15)]),
        ("one half and one-third", [("part", "1/2"), ("part", "1/3")]),
        ("1 250 dollars", [("money", 1250)]),
        ("1\u00a0250 US dollars", [("money", 1250)]),
        ("600 million euros for 30 000 persons", [("money", 600_000_000), ("person", 30_000)]),
        ("700 thousand million euros", [("money", 700_000_000_000)]),
        ("EUR 20,000 for each", [("money", 20_000)]),
        ("twenty-five thousand dollars", [("money", 25_000)]),
        ("a hundred persons", [("person", 100)]),
        ("up to 5 000 kilometres", [("km", 5000)]),
        # What is no figure of these sorts, or no part.
        ("the third instrument and a second meeting", []),
        ("many of the members, most of the time, every day", []),
        ("a dollar a day", []),
        ("Article 15 of the Convention of 28 July 1951", []),
        ("five of ten", []),
    ],
)
def test_the_figures_of_a_sentence(sentence: str, found: list[tuple[str, object]]):
    said = [(each.sort, each.value) for each in figures(sentence)]
    assert said == [(sort, Fraction(str(value))) for sort, value in found]


@pytest.mark.parametrize("number", [*range(1, 100), 100, 300, 1000, 3000])
def test_every_number_is_read_as_it_is_spelled(number: int):
    assert [(each.sort, each.value) for each in figures(f"within {spelled(number)} hours")] == [("hour", number)]


UNITS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def spelled(number: int) -> str:
    units, tens = UNITS.split(), TENS.split()
    if number >= 1000:
        return f"{spelled(number // 1000)} thousand"
    if number >= 100:
        return f"{spelled(number // 100)} hundred"
    if number < 20:
        return units[number - 1]
    return tens[number // 10 - 2] + (f"-{units[number % 10 - 1]}" if number % 10 else "")
