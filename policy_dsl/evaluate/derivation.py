"""A value together with what made it: the derivation is what evaluation returns.

Nothing restates a rule beside the rule: reasons are read off these objects alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from policy_dsl.cases.case import Event
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Address, Quantity


@dataclass(frozen=True, slots=True)
class Status:
    """A status as a value: adopted, rejected, met, missed, pending, refused, kept, breached, not shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a value is not to be had.

    `kind` is "missing" (a fact was not supplied), "undetermined" (a tie that no rule settles), "awaiting" (a choice
    left to a body), "not yet" (an event that has not occurred) or "impossible" (a fault of the figures, as a division
    by zero). `code` is the problem that reports it; `what` names the fact, the tied members, the choice or the event.
    """

    kind: str
    code: str
    what: str
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not to be had, with every root cause."""

    gaps: tuple[Gap, ...]

    def joined(self, other: Unknown) -> Unknown:
        """Both sets of causes, each once."""
        return Unknown(self.gaps + tuple(gap for gap in other.gaps if gap not in self.gaps))


Members = tuple[str, ...]
Value = Quantity | bool | str | date | datetime | Status | Members | tuple[Event, ...] | Event | None | Unknown


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Derived:
    """A value and its making.

    `op` says how: "written" (a figure in the text), "fact", "gap" (what the policy says a missing fact means), "figure"
    (a parameter), "choice" (left to a body), "defined", "except" (an exception that applied), "group", "event", "date",
    "vote", "key", "scale", "score", "bands", "share" (of an apportionment), "level", "ledger", or the sign or word of
    the operation (+ - * / per ^ < … and or not if, "sum of", "share of" …, or a function's name).
    `of` are the values it was made from; `node` its place in the text; `entry` the provision that gives it a name;
    `subject` whom it is for: () or a member, a cohort, or a cohort and a member. `detail` holds what else was seen: a
    Fact, an InForce, a ChoiceMade, a Reckoning, the certificate of a sharing out.
    """

    value: Value
    op: str
    of: tuple[Derived, ...] = ()
    node: tree.Node | None = None
    entry: Entry | None = None
    subject: tuple[str, ...] = ()
    address: Address | None = None
    detail: object = None

    def __repr__(self) -> str:
        return f"<{self.op} {self.label}: {self.value}>"

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return not isinstance(self.value, Unknown)

    @property
    def label(self) -> str:
        """The name with its subject as rules write it: "protection of TZA", "placement of families of AUT".

        Empty for an unnamed value.
        """
        if self.entry is None:
            return ""
        return " of ".join([self.entry.node.name.text, *self.subject])

    def walk(self) -> Iterator[Derived]:
        """This value and everything below it, each object once."""
        return walk_all((self,))

    def grounds(self) -> frozenset[Address]:
        """The addresses of all provisions that took part."""
        return frozenset(here.address for here in self.walk() if here.address is not None)


def walk_all(tops: Iterable[Derived]) -> Iterator[Derived]:
    """Several values, one after the other, and everything below them, each object once."""
    seen: set[int] = set()
    for top in tops:
        stack = [top]
        while stack:
            here = stack.pop()
            if id(here) not in seen:
                seen.add(id(here))
                yield here
                stack.extend(reversed(here.of))


@dataclass(frozen=True, slots=True)
class InForce:
    """Which figure of a parameter was in force: since when, by which instrument, whether agreed after the opening."""

    since: date | None
    cites: str
    after_opening: bool
    kept_by: str = ""
