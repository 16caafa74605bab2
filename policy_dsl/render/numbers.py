"""How figures and dates look: one style everywhere.

Persons and all other counts in groups of three (1 234 567), money with the currency first (USD 1 234.50), ratios in per
cent, dates as 14 July 1994, 09:00 UTC. Figures are exact; what is rounded for display carries ≈. A figure is never
shown without its unit.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

from policy_dsl.render.languages import current, each_language
from policy_dsl.render.languages.tongue import HARD as HARD
from policy_dsl.render.languages.tongue import THIN as THIN
from policy_dsl.render.messages import UNITS
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit

ABOUT = f"≈{HARD}"
MINUS = "\N{MINUS SIGN}"
PERCENT_PLACES = 4
MONEY_PLACES = 2
PLACES = 4
ONE = Fraction(1)
SEVERAL = Fraction(5)
"""A number for several things of no stated number; of two, some languages speak in a form of its own."""


def places_for(unit: Unit) -> int:
    """How many decimals are shown at most of a figure in this unit (of a ratio: decimals of per cent)."""
    return MONEY_PLACES if currency_of(unit) else PERCENT_PLACES if unit == RATIO else PLACES


def needed_places(amount: Fraction, most: int) -> int:
    """How many decimals show the amount exactly, at most `most`."""
    below = amount.denominator
    return 0 if below == 1 else next((places for places in range(1, most) if not 10**places % below), most)


def decimal(amount: Fraction, places: int) -> str:
    """Digits in groups of three with so many decimals, halves away from zero."""
    above, below = abs(amount.numerator) * 10**places, amount.denominator
    whole, rest = divmod((2 * above + below) // (2 * below), 10**places)
    sign = MINUS if amount < 0 and (whole or rest) else ""
    tongue = current()
    text = sign + f"{whole:,}".replace(",", tongue.group)
    return f"{text}{tongue.point}{str(rest).rjust(places, '0')}" if places else text


@each_language(65536)
def number(amount: Fraction, most: int, least: int = 0) -> str:
    """A figure with between `least` and `most` decimals, marked if that isn't exact.

    An amount too small to show with `most` decimals is shown to its second significant digit.
    """
    if amount and abs(amount.numerator) * 10**most * 2 < amount.denominator:
        most = _significant(amount)
    places = max(least, needed_places(amount, most))
    mark = "" if is_exact(amount, places) else ABOUT
    return mark + decimal(amount, places)


def is_exact(amount: Fraction, places: int) -> bool:
    """Whether so many decimals show the whole amount."""
    return not 10**places % amount.denominator


@each_language(65536)
def figure(quantity: Quantity, *, least: int = 0, unit: bool = True) -> str:
    """A figure with its unit. `unit=False` is for table columns whose head states the unit."""
    amount, of = quantity.amount, quantity.unit
    if quantity.bound:
        bare = number(amount, places_for(of), least)
        return figure(Quantity(amount, of), least=least, unit=unit) if bare.startswith(ABOUT) else (
            ABOUT + figure(Quantity(amount, of), least=least, unit=unit)
        )  # fmt: skip
    if of == RATIO:
        return percent(number(amount * 100, PERCENT_PLACES, least))
    if of == NUMBER:
        return number(amount, PLACES, least)
    money = currency_of(of)
    if money:
        most = MONEY_PLACES
        text = number(amount, most, least or (0 if amount.denominator == 1 else most))
        if not unit:
            return text
        rest = unit_words(of, amount, skip=money)
        mark = ABOUT if text.startswith(ABOUT) else ""
        said = current().money.format(code=money, figure=text.removeprefix(ABOUT))
        return mark + said + (f" {rest}" if rest else "")
    if of.period == "year" and amount.denominator != 1 and (amount * 12).denominator == 1:
        months = amount * 12
        return decimal(months, 0) + (HARD + UNITS.form("month", months) if unit else "")
    text = number(amount, PLACES, least)
    return f"{text}{HARD}{unit_words(of, amount)}" if unit else text


def apart(exact: Quantity, rounded: Quantity) -> str:
    """An exact amount with its unit, with as many decimals as tell it from what it was rounded to."""
    places = most = places_for(exact.unit)
    scale = 100 if exact.unit == RATIO else 1
    ours, theirs = exact.amount * scale, rounded.amount * scale
    while ours != theirs and decimal(ours, places) == decimal(theirs, places):
        places += 1
    return figure(exact) if places == most else figure(exact, least=needed_places(ours, places + 1))


def percent(text: str) -> str:
    """A figure that counts hundredths, with the sign for it."""
    mark = ABOUT if text.startswith(ABOUT) else ""
    return mark + current().percent.format(figure=text.removeprefix(ABOUT))


def exact_fraction(quantity: Quantity) -> str:
    """The exact fraction behind a figure that can't be shown whole, as "1/3"; empty if the figure shown is exact."""
    amount = quantity.amount * 100 if quantity.unit == RATIO else quantity.amount
    if quantity.bound or is_exact(amount, places_for(quantity.unit)):
        return ""
    return f"{MINUS if amount < 0 else ''}{abs(quantity.amount.numerator)}/{quantity.amount.denominator}"


def currency_of(unit: Unit) -> str:
    """The currency of an amount of money or of a rate in money; empty for anything else."""
    return next((base for base, power in unit.terms if power == 1 and base.isupper() and len(base) == 3), "")


def unit_words(unit: Unit, amount: Fraction = SEVERAL, skip: str = "") -> str:
    """The unit in words: "persons", "per person per year", "km²"."""
    over = [_word(base, power, amount) for base, power in unit.terms if power > 0 and base != skip]
    under = [_word(base, -power, ONE) for base, power in unit.terms if power < 0]
    head = "·".join(over)
    tail = " ".join(f"{UNITS['per']} {word}" for word in under)
    if not head and tail and not skip:
        head = "1"
    return " ".join(part for part in (head, tail) if part)


def unit_head(unit: Unit) -> str:
    """The unit as the head of a column states it: "persons", "USD per person per year", "%"; empty for a number."""
    if unit == RATIO:
        return "%"
    money = currency_of(unit)
    words = unit_words(unit, skip=money)
    return " ".join(part for part in (money, words) if part)


def day(moment: date | datetime) -> str:
    """A date, "14 July 1994", or a moment, "14 July 1994, 09:00 UTC"."""
    text = current().day(moment)
    if not isinstance(moment, datetime):
        return text
    clock = moment.strftime("%H:%M:%S" if moment.second else "%H:%M")
    return f"{text}, {clock}{_zone(moment)}"


def _zone(moment: datetime) -> str:
    offset = moment.utcoffset()
    if offset is None:
        return ""
    if offset == timedelta(0):
        return f"{HARD}UTC"
    minutes = round(offset.total_seconds() / 60)
    sign = "+" if minutes > 0 else MINUS
    hours, rest = divmod(abs(minutes), 60)
    return f"{HARD}UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def _word(base: str, power: int, amount: Fraction) -> str:
    if base == "km" and power == 2:
        return "km²"
    word = UNITS.form(base, amount) if base in UNITS.english else base
    return word if power == 1 else f"{word}{_raised(power)}"


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _significant(amount: Fraction) -> int:
    places = 0
    while abs(amount) * 10**places < 10 and not is_exact(amount, places):
        places += 1
    return places
