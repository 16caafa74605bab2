"""Names of States in French sentences: with their article, and with what the article becomes after "de" and "à"."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

# By the article: the name as a subject, after "de", after "à".
FORMS = {
    "le": ("le ", "du ", "au "),
    "la": ("la ", "de la ", "à la "),
    "l’": ("l’", "de l’", "à l’"),
    "les": ("les ", "des ", "aux "),
}
_OWN = re.compile("(le |la |les |l’)")
PLACES = {"le": 0, "de": 1, "à": 2}


def in_form(code: str, name: str, form: str) -> str:
    """A name in a form: `le`, `de`, `à`, with a capital (`Le`) at the beginning of a sentence; without one, alone.

    The article of a State is known; that of a body stands before its name in the rules: "le HCR".
    """
    article = articles().get(code, "")
    own = _OWN.match(name)
    if own is not None:
        article, name = own.group(1).strip(), name[own.end() :]
    if not form:
        return name[:1].upper() + name[1:] if own is not None else name
    place = PLACES[form.lower()]
    if article:
        put = FORMS[article][place] + name
    else:
        put = ("", "d’" if _vowel(name) else "de ", "à ")[place] + name
    return put[:1].upper() + put[1:] if form[:1].isupper() else put


def day_of(said: Callable[[date], str]) -> Callable[[date], str]:
    """Dates in which the first of a month is "1er"."""

    def day(moment: date) -> str:
        text = said(moment)
        return f"1er{text[1:]}" if moment.day == 1 and text.startswith("1 ") else text

    return day


@cache
def articles() -> dict[str, str]:
    """The article of each State that has one, by its code of three letters."""
    text = (Path(__file__).parent / "fr" / "articles.toml").read_text("utf-8")
    return {code: article for article, codes in tomllib.loads(text).items() for code in codes.split()}


def _vowel(name: str) -> bool:
    return unicodedata.normalize("NFD", name)[:1].lower() in "aeiouy"
