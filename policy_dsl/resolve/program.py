"""The resolved policy: every name bound, every provision at its address, models adopted, precedence drawn.

A `Program` is what the checker examines and the engine executes. Tables are keyed by tree node (nodes compare by
identity).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import Enum
from functools import lru_cache

from policy_dsl.records import dataclass
from policy_dsl.source import Source
from policy_dsl.syntax import tree
from policy_dsl.values import Address


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A provision under its name.

    `reach` says what it has one value for: () the case, ("member",), ("cohort",) or ("cohort", "member").
    `parent` is the step or key in which a local definition stands. `words` are the legal words that the provision
    carries out. `title` falls back on the name.
    """

    name: str
    node: tree.Provision
    address: Address | None
    words: tuple[tree.Prose, ...] = ()
    article_title: str = ""
    reach: tuple[str, ...] = ()
    parent: Entry | None = None

    @property
    def kind(self) -> str:
        """The word that opens the provision: "define", "apportion", "step", "tier", "set", "indicator" …"""
        node = self.node
        return node.kind if isinstance(node, tree.SetOf) else type(node).called

    @property
    def title(self) -> str:
        """The title in quotes, or the name with blanks."""
        return self.node.title or self.node.name.text.replace("_", " ")

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name} at {self.address}>"


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A recorded field of a step, as `places` of `transfer`.

    The groups of a vote (favour, against, abstaining …) and its `outcome` are fields too where asked of a step.
    """

    step: Entry
    name: str


@dataclass(frozen=True, slots=True)
class CriterionOf:
    """One row of a `criteria` provision, as `physical_security`."""

    criteria: Entry
    row: tree.Criterion


class Builtin(Enum):
    """Names that the language gives."""

    MEMBERS = "members"
    STATES = "states"
    COHORTS = "cohorts"
    MEMBER = "member"
    COHORT = "cohort"
    ACTOR = "actor"
    FAVOUR = "favour"
    AGAINST = "against"
    ABSTAINING = "abstaining"
    ABSENT = "absent"
    VOTING = "voting"
    VOTERS = "voters"
    PRESENT = "present"
    TOTAL = "total"
    LOT = "lot"
    EARLIEST = "earliest"
    LATEST = "latest"
    BALANCE = "balance"
    LEVEL = "level"
    ARREARS = "arrears"
    PLEDGED = "pledged"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is a value by itself: a ground (kinship), a status (adopted, met), a function name, a unit.

    `cohort` marks the label of a cohort, which an example brings in.
    """

    text: str
    cohort: bool = False


Ref = Entry | FieldOf | CriterionOf | Builtin | Word


@dataclass(frozen=True, slots=True)
class Heading:
    """What the header says. `calendar` is "every_day", "weekdays", or the name of a calendar provision."""

    name: str = ""
    title: str = ""
    language: int = 1
    version: str = ""
    authority: str = ""
    in_force: date | None = None
    currency: str = ""
    calendar: str = "every_day"
    periods: str = ""
    clock: str = "UTC"


@dataclass(frozen=True, slots=True, eq=False)
class Translation:
    """The file with the words of a policy in another language, as the policy's header names it: not yet read."""

    language: str
    source: Source


@dataclass(frozen=True, slots=True, eq=False)
class Worded:
    """What one file says of itself, and in which languages: `file` is the name of its source.

    `authentic` is the code of the language of its own words; `translations` give them in others.
    """

    file: str
    name: str
    title: str
    version: str
    authority: str
    authentic: str = "en"
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DepartureMade:
    """A departure from the model: `kind` is replace, add or delete."""

    kind: str
    article: str
    title: str
    old_title: str
    reason: str
    node: tree.Departure


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """One article as it stands after adoption, for reports: its part, number, title, words and provisions in order."""

    part: str
    address: Address
    title: str
    node: tree.Article
    origin: str


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A policy with its names bound.

    `entries` holds the provisions by name in the order of the articles; locals are under "step.name" (or "key.name").
    `refs` binds each Name, Nth, ValueOf, Call and Ident that refers to something; `tiers` are in order.

    Precedence: where several definitions have one name, the prevailing one keeps it, the others stand under
    "name@Art. n", and `prevails` lists for each those below it, in falling order. Where none of its exceptions applies
    and its own value is `none`, the next one is asked. `over` gives, for each provision or row with `notwithstanding`,
    the addresses that it prevails over; `row_prevails`, for an `except where` row notwithstanding its own article, the
    rows beside it that yield to it.

    `taken` names the alternatives that are read as adopted, where the text is that of a draft.

    `worded` gives, for each file of the policy, its own first, in which languages there are words of it.

    `depends` lists what each entry depends on (names of entries, direct, itself left out). `runs` gives, for a
    definition, key, scale or criteria whose bare shares depend on it, the single apportionment among whose members they
    range. `suspensions` gives, for a set of members in arrears, the funds that suspend them.
    """

    heading: Heading
    source: Source
    sources: tuple[Source, ...]
    law: tuple[Law, ...]
    entries: Mapping[str, Entry]
    refs: Mapping[tree.Node, Ref]
    address_of: Mapping[tree.Node, Address]
    tiers: tuple[Entry, ...]
    examples: tuple[tree.Example, ...]
    prevails: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    depends: Mapping[str, frozenset[str]] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)
    model: str = ""
    departures: tuple[DepartureMade, ...] = ()
    notices: tuple[str, ...] = ()
    over: Mapping[tree.Node, tuple[Address, ...]] = field(default_factory=dict)
    row_prevails: Mapping[tree.Node, tuple[tree.Node, ...]] = field(default_factory=dict)
    suspensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    worded: tuple[Worded, ...] = ()
    taken: tuple[str, ...] = ()

    def of_kind(self, *kinds: str) -> tuple[Entry, ...]:
        """The entries of these kinds, in the order of the articles."""
        return _of_kind(self, kinds)

    def ref(self, node: tree.Node) -> Ref | None:
        """What a node refers to."""
        return self.refs.get(node)

    def run_of(self, name: str) -> Entry | None:
        """The apportionment among whose members a key is read outside any run: the only one that uses it, if any."""
        known = self.runs.get(name)
        if known is not None:
            return self.entries[known]
        using = [each for each in self.of_kind("apportion") if name in self.depends.get(each.name, frozenset())]
        return using[0] if len(using) == 1 else None


@lru_cache(maxsize=64)
def _of_kind(program: Program, kinds: tuple[str, ...]) -> tuple[Entry, ...]:
    return tuple(entry for entry in program.entries.values() if entry.kind in kinds)
