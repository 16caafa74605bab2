"""Bands: members similarly placed by criteria in order, and a total that fills one band after the other.

Similarity is not transitive.  Bands are therefore counted from the best score: everybody within a stated distance of
that best stands in its band, so that no chain of small steps joins the best to the worst.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Generic

from policy_dsl.records import dataclass
from policy_dsl.sharing.limits import ZERO, Held, K, hold_between, refuse_bad_limits, refuse_conflicts


@dataclass(frozen=True, slots=True)
class Band(Generic[K]):
    """A group of members and how it came about.

    `criterion`: index of the criterion that set the group apart (None: all members).  `best`: the score that opened
    it. `parts`: what the next criterion made of it, best first; empty for a last band.
    """

    members: frozenset[K]
    criterion: int | None
    best: Fraction | None
    parts: tuple["Band[K]", ...]

    def last(self) -> tuple["Band[K]", ...]:
        """The last bands inside this one, best first; the band itself if it has no parts."""
        if not self.parts:
            return (self,)
        return tuple(band for part in self.parts for band in part.last())


@dataclass(frozen=True, slots=True)
class Banding(Generic[K]):
    """The bands in order, best first, and the tree that shows which criterion made them."""

    bands: tuple[frozenset[K], ...]
    tree: Band[K]
    within: Fraction


@dataclass(frozen=True, slots=True)
class BandFill(Generic[K]):
    """What one band was offered, took and passed on (amounts); `reserved` was kept back for floors of later bands.

    `passed_on` is what is left for the later bands, or uncovered after the last one; it includes what was reserved.
    """

    members: frozenset[K]
    offered: Fraction
    reserved: Fraction
    taken: Fraction
    passed_on: Fraction
    held: Held[K]


@dataclass(frozen=True, slots=True)
class Filled(Generic[K]):
    """The shares over all bands, band by band; `uncovered` is what no band could take."""

    total: Fraction
    shares: Mapping[K, Fraction]
    fills: tuple[BandFill[K], ...]
    uncovered: Fraction

    def check(self) -> bool:
        """Whether the shares and the uncovered part sum to the total."""
        return sum(self.shares.values(), ZERO) + self.uncovered == self.total


def band_members(members: Collection[K], criteria: Sequence[Mapping[K, Fraction]], within: Fraction) -> Banding[K]:
    """Band `members` by scores (greater is better), first criterion first.

    The best score opens a band with everybody at most `within` below that best; the best of those left opens the
    next. Inside each band the next criterion does the same.  Without criteria all members are one band.

    Raises ValueError for a negative distance or a member without a score.
    """
    if within < 0:
        raise ValueError(f"a distance cannot be negative: {within}")
    for index, scores in enumerate(criteria):
        if missing := [m for m in members if m not in scores]:
            raise ValueError(f"criterion {index} has no score for {missing!r}")
    tree = Band(frozenset(members), None, None, _split(frozenset(members), 0, criteria, within))
    return Banding(tuple(band.members for band in tree.last() if band.members), tree, within)


def fill_bands(
    total: Fraction,
    bands: Sequence[Collection[K]],
    weights: Callable[[frozenset[K]], Mapping[K, Fraction]],
    *,
    floors: Mapping[K, Fraction] | None = None,
    ceilings: Mapping[K, Fraction] | None = None,
    step: Fraction | None = None,
) -> Filled[K]:
    """Share `total` in the first band up to its members' ceilings, pass the rest to the next band, and so on.

    `weights` gives the weights of the members of one band (a share is a share over that band).  Floors of later bands
    are kept back from the earlier ones, so that every floor is met.  With `step` ceilings are first rounded down to
    it and floors up, so that what a full band takes is whole.

    Raises ValueError if a member stands in two bands or a limit is negative or of no member; `LimitsConflict` as
    `hold_between`.
    """
    members = [m for band in bands for m in band]
    if len(set(members)) != len(members):
        raise ValueError("a member stands in two bands")
    floors, ceilings = dict(floors or {}), dict(ceilings or {})
    refuse_bad_limits(dict.fromkeys(members, ZERO), floors, ceilings)
    if step is not None:
        floors = {m: (v / step).__ceil__() * step for m, v in floors.items()}
        ceilings = {m: (v / step).__floor__() * step for m, v in ceilings.items()}
    refuse_conflicts(total, floors, ceilings)
    shares: dict[K, Fraction] = {}
    fills = []
    rest = total
    kept = sum(floors.values(), ZERO)
    for band in bands:
        inside = frozenset(band)
        kept -= sum((floors.get(m, ZERO) for m in inside), ZERO)
        held = hold_between(
            rest - kept,
            weights(inside),
            {m: v for m, v in floors.items() if m in inside},
            {m: v for m, v in ceilings.items() if m in inside},
        )
        taken = held.total - held.uncovered
        fills.append(BandFill(inside, rest - kept, kept, taken, rest - taken, held))
        shares.update((m, held.shares[m]) for m in band)
        rest -= taken
    return Filled(total, shares, tuple(fills), rest)


def _split(
    members: frozenset[K], index: int, criteria: Sequence[Mapping[K, Fraction]], within: Fraction
) -> tuple[Band[K], ...]:
    if index == len(criteria):
        return ()
    scores = criteria[index]
    bands: list[Band[K]] = []
    left = members
    while left:
        best = max(scores[m] for m in left)
        inside = frozenset(m for m in left if best - scores[m] <= within)
        bands.append(Band(inside, index, best, _split(inside, index + 1, criteria, within)))
        left -= inside
    return tuple(bands)
