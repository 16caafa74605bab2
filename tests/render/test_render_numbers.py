"""Figures and dates as people read them."""

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

import pytest

from policy_dsl.render import numbers
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit

PERSONS = Unit((("person", 1),))
USD = Unit((("USD", 1),))
PER_HEAD = Unit((("USD", 1), ("person", -1), ("year", -1)))
YEARS = Unit((("year", 1),))
AREA = Unit((("km", 2),))


def plain(text: str) -> str:
    return text.replace(numbers.THIN, " ").replace(numbers.HARD, " ")


@pytest.mark.parametrize(
    ("exact", "rounded", "unit", "shown"),
    [
        (Fraction(77048492369, 100000), Fraction(77048492, 100), USD, "≈ USD 770 484.9237"),
        (Fraction(100001, 1000), Fraction(100), USD, "USD 100.001"),
        (Fraction(4000, 3), Fraction(1333), PERSONS, "≈ 1 333.3333 persons"),
        (Fraction(276268, 10000000), Fraction(276270, 10000000), RATIO, "2.76268%"),
        (Fraction(5, 2), Fraction(3), PERSONS, "2.5 persons"),
        (Fraction(3), Fraction(3), PERSONS, "3 persons"),
    ],
)
def test_an_exact_amount_is_told_from_what_it_was_rounded_to(exact, rounded, unit, shown):
    assert plain(numbers.apart(Quantity(exact, unit), Quantity(rounded, unit))) == shown


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (Quantity(Fraction(1234567), PERSONS), "1 234 567 persons"),
        (Quantity(Fraction(1), PERSONS), "1 person"),
        (Quantity(Fraction(0), PERSONS), "0 persons"),
        (Quantity(Fraction(4000, 3), PERSONS), "≈ 1 333.3333 persons"),
        (Quantity(Fraction(2469, 2), USD), "USD 1 234.50"),
        (Quantity(Fraction(1300), PER_HEAD), "USD 1 300 per person per year"),
        (Quantity(Fraction(1, 3), USD), "≈ USD 0.33"),
        (Quantity(Fraction(-5, 2), USD), "USD −2.50"),
        (Quantity(Fraction(1, 4), RATIO), "25%"),
        (Quantity(Fraction(1, 3), RATIO), "≈ 33.3333%"),
        (Quantity(Fraction(22001, 100000), RATIO), "22.001%"),
        (Quantity(Fraction(1, 2), YEARS), "6 months"),
        (Quantity(Fraction(1, 12), YEARS), "1 month"),
        (Quantity(Fraction(3), YEARS), "3 years"),
        (Quantity(Fraction(357000), AREA), "357 000 km²"),
        (Quantity(Fraction(3), NUMBER), "3"),
        (Quantity(Fraction(2), NUMBER, Fraction(1, 10**30)), "≈ 2"),
        (Quantity(Fraction(1, 3 * 10**9), USD), "≈ USD 0.00000000033"),
    ],
)
def test_a_figure_has_its_unit_and_says_when_it_is_rounded(quantity, shown):
    assert plain(numbers.figure(quantity)) == shown


def test_halves_go_away_from_zero():
    assert [numbers.decimal(Fraction(n, 200), 2) for n in (1, -1, 3)] == ["0.01", "−0.01", "0.02"]


def test_the_exact_fraction_is_given_only_where_the_figure_is_rounded():
    assert numbers.exact_fraction(Quantity(Fraction(1, 3), RATIO)) == "1/3"
    assert numbers.exact_fraction(Quantity(Fraction(1, 4), RATIO)) == ""


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (date(1994, 7, 14), "14 July 1994"),
        (datetime(1994, 7, 14, 9, tzinfo=UTC), "14 July 1994, 09:00 UTC"),
        (datetime(1994, 7, 14, 9, 0, 5, tzinfo=UTC), "14 July 1994, 09:00:05 UTC"),
        (datetime(1994, 7, 14, 9, tzinfo=timezone(timedelta(hours=5, minutes=30))), "14 July 1994, 09:00 UTC+5:30"),
        (datetime(1994, 7, 14, 9, tzinfo=timezone(timedelta(hours=-3))), "14 July 1994, 09:00 UTC−3"),
    ],
)
def test_dates_and_moments(moment, shown):
    assert plain(numbers.day(moment)) == shown
