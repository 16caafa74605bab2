"""Tables of texts: English in the source, the other languages in catalogues.

A text is looked up by its id. In a catalogue its context is the name of the table and the id, so that no two texts are
taken for one; its English is the key, so that a text that was changed has no translation until somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from policy_dsl.render.languages.speaking import current
from policy_dsl.render.languages.tongue import Tongue

Text = str | tuple[str, str]
ONE = Fraction(1)
TABLES: dict[str, Table] = {}


class Table(Mapping[str, str]):
    """Texts by their ids, in the language that is spoken; a pair is the singular and the plural."""

    def __init__(self, name: str, english: Mapping[str, Text]) -> None:
        self.name, self.english = name, english
        self._known: dict[str, dict[str, str]] = {}
        TABLES[name] = self

    def __getitem__(self, key: str) -> str:
        tongue = current()
        if tongue.catalogue is not None:
            if tongue.code not in self._known:
                self._known[tongue.code] = _translated(self, tongue)
            return self._known[tongue.code][key]
        text = self.english[key]
        return text if isinstance(text, str) else text[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)

    def form(self, key: str, amount: Fraction) -> str:
        """The form of a text that goes with a number of things. Raises KeyError where there is no such text."""
        text, tongue = self.english[key], current()
        if isinstance(text, str):
            return self[key]
        if tongue.catalogue is None:
            return text[amount != ONE]
        return tongue.catalogue.npgettext(self.context(key), *text, tongue.whole(amount))

    def context(self, key: str) -> str:
        """Where a text stands, as catalogues say it."""
        return f"{self.name} {key}"


def _translated(table: Table, tongue: Tongue) -> dict[str, str]:
    """The texts of a table in a language; English where a text has no translation."""
    catalogue = tongue.catalogue
    assert catalogue is not None
    found = {}
    for key, text in table.english.items():
        if isinstance(text, str):
            found[key] = catalogue.pgettext(table.context(key), text)
        else:
            found[key] = catalogue.npgettext(table.context(key), *text, 1)
    return found
