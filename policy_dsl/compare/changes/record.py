"""What changed, as data: statements without words, each with the thing that switches it on and off.

A statement names its message and carries figures, names and stretches of the rules as values: the words stand in
`render/changes`.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Union

from policy_dsl.records import dataclass
from policy_dsl.syntax import tree
from policy_dsl.values import Address

RULES, WORDS, ORDER, PLACE, EXAMPLES = "rules", "words", "order", "place", "examples"
"""What a change is of: what is computed; what is only said; the order of the lines of an article, or of the articles in

the text, which decide nothing; or tests.
"""

Switch = tuple[str, ...]
"""What can be taken from the old text or from the new one: a provision, one of its fields, a row of one of them."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch of the rules as it is written, in the canonical layout."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """Words that somebody wrote: a title, a paragraph, a reason."""

    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the text states it: its amount in the unit that is written."""

    amount: Fraction
    unit: str
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Titled:
    """A provision, a criterion or a field by its title, or where it has none by its name."""

    title: str
    name: str


@dataclass(frozen=True, slots=True)
class What:
    """What of a provision changed ("deadline", "weight of gnp"): the id of its message, and what fills it."""

    id: str
    terms: tuple[tuple[str, Term], ...] = ()


Term = Union[Quoted, Said, Figure, Titled, What, Address, date, str, int, tuple["Term", ...], None]  # noqa: UP007


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One thing that changed.

    `of` is the provision, none for what is of the article or of the header; `address` is where it stands now, or stood.
    `instrument` is the name of the policy whose words they are, where it is another than the one compared.
    `switch` is what makes the change alone; none for what decides nothing: names, numbers of articles, words, tests.
    """

    sort: str
    says: str
    terms: tuple[tuple[str, Term], ...]
    of: Titled | None = None
    address: Address | None = None
    switch: Switch | None = None

    def term(self, name: str) -> Term:
        """One of the terms. Raises KeyError."""
        return dict(self.terms)[name]


def titled(node: tree.Provision | tree.Criterion) -> Titled:
    """What a provision or a criterion goes by."""
    return Titled(node.title if isinstance(node, tree.Provision) else "", node.name.text)


def what(id: str, **terms: Term) -> What:  # noqa: A002
    """A part of a provision from the id of its message and what fills it."""
    return What(id, tuple(terms.items()))
