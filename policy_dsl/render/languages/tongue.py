"""A language: how it writes figures, dates and money, its forms of the plural, its names of States, its catalogue.

English needs nothing but itself. For the others the locales of CLDR come from babel (the extra `languages`), and the
texts from the catalogues beside this file, which gettext reads.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

from policy_dsl.records import dataclass
from policy_dsl.render.languages.french import day_of, in_form
from policy_dsl.values.languages import language_name

LANGUAGES = ("en", "fr", "ar")
FOLDER = Path(__file__).parent
THIN = "\N{NARROW NO-BREAK SPACE}"
HARD = "\N{NO-BREAK SPACE}"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
# A whole number of each of CLDR's kinds of number, by which gettext finds the form for a number that is not whole.
WHOLE = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


class NoLocales(Exception):
    """The package with the locales is not installed."""


@dataclass(frozen=True, slots=True, eq=False)
class Tongue:
    """A language. `percent` and `money` have slots for `figure` and `code`; `catalogue` is None for English.

    `territory` gives the name of a State by its code of two letters, `named` puts a name in a form that messages ask
    for (of the code, the name and the form), `whole` a whole number with the same form of the plural as an amount,
    `language` the name of a language by its code.
    """

    code: str
    direction: str = "ltr"
    group: str = THIN
    point: str = "."
    percent: str = "{figure}%"
    money: str = "{code}" + HARD + "{figure}"
    day: Callable[[date], str] = lambda day: f"{day.day}{HARD}{MONTHS[day.month - 1]} {day.year}"
    catalogue: GNUTranslations | None = None
    territory: Callable[[str], str] = lambda code: ""
    named: Callable[[str, str, str], str] = lambda code, name, form: name
    whole: Callable[[Fraction], int] = int
    language: Callable[[str], str] = language_name


@cache
def tongue(code: str) -> Tongue:
    """A language by its code. Raises ValueError for one that is not known, `NoLocales` where babel is missing."""
    if code == "en":
        return Tongue("en")
    if code not in LANGUAGES:
        raise ValueError(f"unknown language: {code!r}")
    try:
        from babel import Locale
        from babel.dates import format_date
    except ImportError as error:
        raise NoLocales(code) from error
    locale = Locale.parse(code)
    symbols = locale.number_symbols["latn"]
    with (FOLDER / code / "LC_MESSAGES" / "policy_dsl.mo").open("rb") as file:
        catalogue = GNUTranslations(file)

    def said(moment: date) -> str:
        return str(format_date(moment, "long", locale=locale))

    money = locale.currency_formats["standard"].pattern.split(";")[0]
    return Tongue(
        code,
        direction=locale.text_direction,
        group=symbols["group"],
        point=symbols["decimal"],
        percent=_pattern(locale.percent_formats[None].pattern).replace("%", _unmarked(symbols["percentSign"])),
        money=_pattern(money).replace("¤", "{code}"),
        day=day_of(said) if code == "fr" else said,
        catalogue=catalogue,
        territory=lambda letters: locale.territories.get(letters, ""),
        named=in_form if code == "fr" else Tongue("en").named,
        whole=lambda amount: _whole(locale, amount),
        language=lambda code: locale.languages.get(code, code),
    )


def _pattern(pattern: str) -> str:
    """A pattern of CLDR with a slot in the place of its figure."""
    first = min(at for sign in "#0" if (at := pattern.find(sign)) >= 0)
    last = max(pattern.rfind("#"), pattern.rfind("0"))
    return _unmarked(pattern[:first] + "{figure}" + pattern[last + 1 :])


def _unmarked(text: str) -> str:
    """Without marks of direction: each form sets figures apart from what stands beside them."""
    return text.translate(dict.fromkeys(map(ord, "\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}")))


def _whole(locale: Any, amount: Fraction) -> int:
    """A whole number that takes the same form of the plural; gettext knows no others."""
    if amount.denominator == 1:
        return abs(amount.numerator)
    return WHOLE[locale.plural_form(Decimal(amount.numerator) / Decimal(amount.denominator))]
