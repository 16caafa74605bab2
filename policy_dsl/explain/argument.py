"""The argument of a decision: typed sentences without words.

A claim names what it says and carries its figures, members, dates and addresses as values, never as text: the words
stand in `render/messages.py`, so that one argument can be said in several languages. All claims are read off the
derivations of a decision; nothing here knows a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Union

from policy_dsl.evaluate.derivation import Derived, Status, Unknown
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.values import Address, Quantity, Unit


@dataclass(frozen=True, slots=True)
class Who:
    """A member, a participant or a body, by code or name."""

    code: str


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a value: the provision and whom the value is for."""

    entry: Entry
    subject: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """Text that somebody supplied: a source, a ground, a title. It is shown as it stands and never interpreted."""

    text: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """Words of the rules as adopted: a title, a name, a reason. They are shown in the language of the document.

    `shown` is what stands for a mere name where it has no title in that language; `year` is of a figure of one year.
    """

    text: str
    shown: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A member and a cohort of persons, for whom together a value is."""

    member: Who
    cohort: Given


@dataclass(frozen=True, slots=True)
class Unrounded:
    """An exact amount beside what it was rounded to: it is shown finely enough to tell the two apart."""

    exact: Quantity
    rounded: Quantity


@dataclass(frozen=True, slots=True)
class Key:
    """A word of the documents themselves, by its message id."""

    id: str


Simple = (
    Who
    | Label
    | Given
    | Adopted
    | Pair
    | Unrounded
    | Key
    | Derived
    | Quantity
    | Status
    | Unknown
    | Address
    | Entry
    | date
    | datetime
    | bool
    | int
)
Term = Union[Simple, "Claim", tuple["Term", ...], None]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence: `says` is the id of its message, `terms` fill it, `because` are the claims that carry it."""

    says: str
    terms: tuple[tuple[str, Term], ...] = ()
    because: tuple[Claim, ...] = ()

    def term(self, name: str) -> Term:
        """One of the terms. Raises KeyError."""
        return dict(self.terms)[name]


def claim(says: str, /, *, because: tuple[Claim, ...] = (), **terms: Term) -> Claim:
    """A claim from its message id and its terms."""
    return Claim(says, tuple(terms.items()), because)


def stated(says: str, terms: Mapping[str, Term], because: tuple[Claim, ...] = ()) -> Claim:
    """A claim from its message id and a table of terms."""
    return Claim(says, tuple(terms.items()), because)


def cohort_title(cohort: str) -> str:
    """A cohort's name, which the case writes in small letters, as a title: `from_the_north` as "From the north"."""
    words = cohort.replace("_", " ")
    return words[:1].upper() + words[1:]


def amount(value: Fraction | None, unit: Unit) -> Quantity | None:
    """An amount of a certificate as a figure with its unit."""
    return None if value is None else Quantity(value, unit)


@dataclass(frozen=True, slots=True, eq=False)
class ShareReasons:
    """Why a member has what it has of one sharing out: the value and the claims for it, in the order of the work."""

    entry: Entry
    cohort: str
    value: Derived
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MemberReasons:
    """All that is said of one member: its seat, its shares, the exceptions that applied to it, its duties."""

    member: str
    seat: tuple[Claim, ...]
    shares: tuple[ShareReasons, ...]
    duties: tuple[Claim, ...]
    exceptions: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """The reasons for a decision, member by member in the order of their codes, and what is said of the whole."""

    members: tuple[MemberReasons, ...]
    open_points: tuple[Claim, ...]
