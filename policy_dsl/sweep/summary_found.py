"""What a sweep comes to, as data without words: distributions, how often what was so, what differed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from policy_dsl.plan import Output
from policy_dsl.plan.frame import Spot
from policy_dsl.records import dataclass
from policy_dsl.sweep.summary_sketch import Distribution


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How the figures of one output are distributed: of each member, or of the case (then the only name is empty)."""

    output: Output
    rows: Mapping[str, Distribution]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """How many cases have which whole number (of a truth: 1 yes, 0 no), and how many none."""

    counts: Mapping[int, int]
    unknown: int = 0

    @property
    def cases(self) -> int:
        """Of how many cases there is a number."""
        return sum(self.counts.values())

    def part(self, number: int) -> Fraction | None:
        """In which part of these cases it is this number; None where there is no case."""
        return Fraction(self.counts.get(number, 0), self.cases) if self.cases else None


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How often an output was what: of each member, or of the case (then the only name is empty)."""

    output: Output
    rows: Mapping[str, Counted]


@dataclass(frozen=True, slots=True, eq=False)
class Ranged:
    """A column in which cases differed: its name, what it gives, and between which figures, in base units.

    Of a truth `least` and `most` are 0 and 1. `lacking` counts the places at which no fact was stated.
    """

    name: str
    spot: Spot
    each_member: bool
    truth: bool
    least: Fraction | None
    most: Fraction | None
    lacking: int


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A sweep as a whole.

    `cases` is how many there were, `again` how many of them the exact engine decided, `why` how often for which reason
    (see `Results`), `hindrances` how many because of which part of the policy. `open` counts the cases in which the
    share of somebody is not determined. `members` are all who held a seat in any case, in the order of codes.
    """

    cases: int
    again: int
    why: Mapping[str, int]
    hindrances: Mapping[str, int]
    open: int
    members: tuple[str, ...]
    columns: tuple[Ranged, ...]
    spreads: tuple[Spread, ...]
    tallies: tuple[Tally, ...]

    def spread(self, name: str) -> Spread | None:
        """The distribution of an output by its name."""
        return next((each for each in self.spreads if each.output.name == name), None)

    def tally(self, name: str) -> Tally | None:
        """How often an output was what, by its name."""
        return next((each for each in self.tallies if each.output.name == name), None)


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """What one member has more under one policy than under another, over the cases of both, in base units.

    `more`, `less` and `same` count cases. `by` is the distribution of the difference: above zero, the second gives it
    more.
    """

    by: Distribution
    more: int
    less: int
    same: int


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """One apportionment under two policies.

    `moved` is the distribution over cases of half the sum of all differences: what falls on others than before.
    """

    old: Output
    new: Output
    rows: Mapping[str, Gap]
    moved: Distribution


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """In how many cases a member belongs to a set, stands in a band, is outside or held under one policy otherwise than

    under the other; and the names of the first of these cases.
    """

    old: Output
    new: Output
    rows: Mapping[str, int]
    cases: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two policies against each other, over the same cases.

    `differ` counts the cases in which any share differs; `farthest` names those in which most moved, farthest first,
    with how much. `alone` are the names of outputs that only one of the two has, or that are of different units.
    """

    cases: int
    differ: int
    shares: tuple[Apart, ...]
    turned: tuple[Turned, ...]
    farthest: tuple[tuple[str, Fraction], ...]
    alone: tuple[str, ...]


__all__ = ["Apart", "Compared", "Counted", "Found", "Gap", "Ranged", "Spread", "Tally", "Turned"]
