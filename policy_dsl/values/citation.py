"""Addresses in an instrument: "Art. 5(2)"."""

from __future__ import annotations

import re

from policy_dsl.records import dataclass

_REFERENCE = re.compile(r"Art\. (\d+)(?: (bis|ter|quater|quinquies|sexies))?((?:\(\d+\))?)((?:\([a-z]\))?)$")
_SUFFIXES = ("", "bis", "ter", "quater", "quinquies", "sexies")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a provision stands: its article and the paragraphs that it carries out.

    `instrument` is empty in the policy itself and the name of the other policy for what `use` brought in.
    """

    article: int
    suffix: str = ""
    paragraphs: tuple[int, ...] = ()
    instrument: str = ""

    @property
    def sort_key(self) -> tuple[int, int, tuple[int, ...]]:
        """Articles in their order: 4, 4 bis, 5."""
        return self.article, _SUFFIXES.index(self.suffix) if self.suffix in _SUFFIXES else 99, self.paragraphs

    def __str__(self) -> str:
        text = f"Art. {self.article}" + (f" {self.suffix}" if self.suffix else "")
        if self.paragraphs:
            first, last = self.paragraphs[0], self.paragraphs[-1]
            text += f"({first})" if first == last else f"({first})-({last})"
        return f"{text} of {self.instrument}" if self.instrument else text


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as drafters write it.

    It names an address if the article is the same and the paragraph, where it has one, is among the address's.
    """

    article: int
    suffix: str = ""
    paragraph: int | None = None
    letter: str = ""

    @classmethod
    def read(cls, text: str) -> Reference:
        """Read "Art. 4 bis(2)". Raises ValueError for anything else."""
        found = _REFERENCE.match(text)
        if not found:
            raise ValueError(text)
        number, suffix, paragraph, letter = found.groups()
        return cls(
            int(number), suffix or "", int(paragraph[1:-1]) if paragraph else None, letter[1:-1] if letter else ""
        )

    def names(self, address: Address) -> bool:
        """Whether the reference reaches a provision at this address."""
        if (self.article, self.suffix) != (address.article, address.suffix):
            return False
        return self.paragraph is None or self.paragraph in address.paragraphs

    def __str__(self) -> str:
        text = f"Art. {self.article}" + (f" {self.suffix}" if self.suffix else "")
        if self.paragraph is not None:
            text += f"({self.paragraph})"
        return text + (f"({self.letter})" if self.letter else "")
