"""Operations with several results: what each is called with, and what it gives.

A node of a kernel has as `op` the name of the kernel, as `data` one of the records below, and as `args` the arrays in
the order stated. Its results are picked by `part` nodes. Arrays are shaped as those of all nodes: cases, then members,
either axis of length one where nothing differs along it. What stands at members outside the mask has no meaning, it
may be inf or NaN; results there are 0 or false.

Bounds are laid on by `SAFE` where a kernel decides by them, as everywhere. Each kernel gives `close`, a truth for each
case: some choice hangs on less than what the figures may be off by. What else stands in the results of such a case has
no meaning. The same holds of `conflict` (the exact engine finds no result) and of `open` (a tie that nothing settles).

| kernel | data | args | results |
| --- | --- | --- | --- |
| rank | Ranking | [mask], each of `by` | rank, close |
| bands | Banding | [mask], within, each of `by` | band, close |
| share_out | Sharing | [mask], [band], total, weight, the levels, the ties, [lot] | see `Sharing` |
| round | Rounding | [mask], [band], quota, [shared], [low], [high], the ties, [lot] | see `Rounding` |
| credit | Crediting | [mask], share, credit, raised | due, due_off |
"""

from __future__ import annotations

from policy_dsl.records import dataclass


@dataclass(frozen=True, slots=True)
class Off:
    """By how much a figure may be off.

    The computed value c of the true value t keeps |c − t| ≤ relative · UNIT · |t|; or, where `absolute`, the arg after
    the figure is a bound on |c − t|, and `relative` is 0. `whole`: c is the true value, a whole number, and all sums
    of it over members stay within 2^53.
    """

    relative: float = 0.0
    absolute: bool = False
    whole: bool = False

    @property
    def exact(self) -> bool:
        """Whether the computed value is the true one."""
        return self.relative == 0.0 and not self.absolute


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of each member by which members are compared. Args: the figure, its bound if `off.absolute`, the leaves.

    `leaves`: how many arrays follow on which the figure rests at a member's own place. Two members of a case whose
    leaves are all equal (as computed) have the same true figure. None: there is no telling. Exact figures have none,
    they are themselves equal or not.
    """

    off: Off = Off()
    leaves: int | None = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranks from 1 for the greatest figure; equals share a rank, and the next rank counts all before (1, 1, 3).

    `by`: the figure, then the figures that tell equals apart in turn, the larger first; whom none tells apart share a
    rank. Results: rank (cases, members), 0 outside the mask; close (cases, 1).
    """

    size: int
    by: tuple[Compared, ...]
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Banding:
    """Members similarly placed by criteria in order: `policy_dsl.sharing.band_members`.

    Args after the mask: `within`, one for each case, with its bound; then the scores of each criterion. Results: band
    (cases, members), counted from 1, the best first, 0 outside the mask; close (cases, 1), which holds too where
    `within` is below zero.
    """

    size: int
    by: tuple[Compared, ...]
    within: Off = Off()
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """Limits that act together; None where no member has such a limit. A member without one has floor 0, ceiling inf.

    Args: the floor and its bound, the ceiling and its bound.
    """

    floor: Off | None = None
    ceiling: Off | None = None


@dataclass(frozen=True, slots=True)
class Ties:
    """By what equal claims to a step are told apart.

    `leaves`: arrays on which weights, limits and all else of a member rest, as in `Compared`; `by`: the tie keys in
    turn, the larger first. `lot`: the last arg gives each member its place among those drawn (1 for the first), 0 for
    whom was not drawn. Args: the leaves, each of `by`, the lot.
    """

    leaves: int | None = 0
    by: tuple[Compared, ...] = ()
    lot: bool = False


@dataclass(frozen=True, slots=True)
class Sharing:
    """A total shared by weights within limits, and in whole steps: `hold_in_levels`, then `round_shares`.

    With a `method` the total and the limits are counted in steps and the limits are whole. `whole`: total, weights and
    limits are whole and exact, and the total, and each limit, times the sum of all weights stays below 2^53:
    everything is decided exactly. `banded`: the arg `band` numbers the bands from 1 (0: outside); the first band
    is filled first, floors of later bands are kept back, and each is brought to whole steps by itself.

    Results, (cases, members): `share`, after limits; `share_off`, a bound on what it is off by; `at_floor`,
    `at_ceiling`, truths: moved by a limit. (cases, 1): `uncovered`, what limits or weights of nothing leave over, and
    `uncovered_off`; `close`; `conflict`: the limits can't all be kept. With a method also `steps` (cases, members), the
    whole steps of each; `residue` (cases, 1), less than a step for each band, with `residue_off`; `unplaced`, steps
    that ceilings refuse; `open`.

    In rounding nobody at a floor gets less than it (`round_shares`: floors), and nobody more than its ceiling of the
    last level that has one, or its share where that is greater.
    """

    size: int
    total: Off
    weight: Off
    levels: tuple[Level, ...] = ()
    masked: bool = False
    banded: bool = False
    whole: bool = False
    method: str = ""
    ties: Ties = Ties()


@dataclass(frozen=True, slots=True)
class Rounding:
    """Exact shares in whole steps, counted in steps: `round_shares`.

    `shared`: the sum of the shares of each member's group (all, or its band), the same for all of a group; None: it is
    summed up here. `low`: a floor, whole (0: none). `high`: a ceiling, not yet rounded down (inf: none); it is lifted
    to the quota where that is greater if `lifted`. Ties as in `Sharing`.

    Results: `steps` (cases, members), `residue`, `residue_off`, `unplaced`, `open`, `close`, `conflict` (cases, 1).
    """

    size: int
    method: str
    quota: Off
    shared: Off | None = None
    low: bool = False
    high: Off | None = None
    lifted: bool = False
    masked: bool = False
    banded: bool = False
    ties: Ties = Ties()


@dataclass(frozen=True, slots=True)
class Crediting:
    """What each owes beyond what it bears already: `less_credits`, not refunded.

    `raised`: the sum of the shares less that of the credits, one for each case. Results (cases, members): `due` and
    `due_off`, a bound on what it is off by; close (cases, 1).
    """

    size: int
    share: Off
    credit: Off
    raised: Off
    masked: bool = False
