"""The languages of documents: the texts of each, its figures and dates, and which one is spoken now."""

from policy_dsl.render.languages.adopted import (
    adopted,
    authentic_language,
    in_words,
    instrument,
    original,
    original_of,
    telling,
)
from policy_dsl.render.languages.catalogue import Table
from policy_dsl.render.languages.speaking import current, each_language, speaking
from policy_dsl.render.languages.tongue import LANGUAGES, NoLocales, Tongue

__all__ = [
    "LANGUAGES",
    "NoLocales",
    "Table",
    "Tongue",
    "adopted",
    "authentic_language",
    "current",
    "each_language",
    "in_words",
    "instrument",
    "original",
    "original_of",
    "speaking",
    "telling",
]
