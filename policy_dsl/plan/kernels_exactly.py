"""The kernels of a plan on one case, in whole numbers (`kernels` says what each is called with and gives).

Figures come as numerators over one denominator, so that comparing them is comparing whole numbers. Whole steps are
given by the library of sharing out itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from policy_dsl.plan.kernels import Banding, Compared, Crediting, Off, Ranking, Rounding, Sharing, Ties
from policy_dsl.records import dataclass
from policy_dsl.sharing import LimitsConflict, band_members, less_credits, round_shares

Values = tuple[list[int] | int, int]
Truths = list[bool] | bool


class NotExact(Exception):
    """An operation whose result is no fraction: what the engine knows of it, with its bound, only the engine tells."""


class Undecided(Exception):
    """An outcome that only the engine tells: there is no value, or it must say which."""


# ---- what a kernel is given ------------------------------------------------------------------------------------------


def used(data: Any) -> tuple[bool, ...]:
    """Which of its args a kernel needs here: no bounds, and no leaves, since equal figures are seen to be equal."""
    match data:
        case Ranking():
            return (*_mask(data.masked), *_each(data.by))
        case Banding():
            return (*_mask(data.masked), *_figure(data.within), *_each(data.by))
        case Sharing():
            limits = [limit for level in data.levels for limit in (level.floor, level.ceiling) if limit is not None]
            given = [data.total, data.weight, *limits]
            groups = (*_mask(data.masked), *_mask(data.banded))
            return (*groups, *(part for off in given for part in _figure(off)), *_ties(data.ties))
        case Rounding():
            groups = (*_mask(data.masked), *_mask(data.banded))
            shared = () if data.shared is None else (False,) * len(_figure(data.shared))
            high = () if data.high is None else _figure(data.high)
            return (*groups, *_figure(data.quota), *shared, *_mask(data.low), *high, *_ties(data.ties))
        case Crediting():
            raised = (False,) * len(_figure(data.raised))
            return (*_mask(data.masked), *_figure(data.share), *_figure(data.credit), *raised)
    raise AssertionError(data)


def _mask(there: bool) -> tuple[bool, ...]:
    return (True,) if there else ()


def _figure(off: Off) -> tuple[bool, ...]:
    return (True, False) if off.absolute else (True,)


def _each(by: Sequence[Compared]) -> tuple[bool, ...]:
    return tuple(part for each in by for part in (*_figure(each.off), *(False,) * (each.leaves or 0)))


def _ties(ties: Ties) -> tuple[bool, ...]:
    return (*(False,) * (ties.leaves or 0), *_each(ties.by), *_mask(ties.lot))


class _Args:
    """The args of a kernel that are used, taken in their order."""

    def __init__(self, args: Sequence[Any], size: int) -> None:
        self._args, self.size = iter(args), size

    def mask(self, given: bool) -> list[bool]:
        """Who counts."""
        found: Truths = next(self._args) if given else True
        return found if isinstance(found, list) else [found] * self.size

    def figures(self) -> tuple[list[int], int]:
        """One figure for each member."""
        tops, below = next(self._args)
        return (tops if isinstance(tops, list) else [tops] * self.size), below

    def tops(self) -> list[int]:
        """The numerators alone, where figures are only compared, or are whole numbers."""
        return self.figures()[0]

    def figure(self) -> Fraction:
        """One figure for the case."""
        tops, below = next(self._args)
        return Fraction(tops[0] if isinstance(tops, list) else tops, below)

    def settling(self, ties: Ties) -> tuple[list[list[int]], list[int] | None]:
        """What tells equal claims apart, and the places in a draw by lot."""
        return [self.tops() for _ in ties.by], self.tops() if ties.lot else None


def rank(data: Ranking, size: int, *args: Any) -> Mapping[str, Any]:
    """Ranks; equals share one."""
    given = _Args(args, size)
    mask = given.mask(data.masked)
    keys = list(zip(*(given.tops() for _ in data.by), strict=True))
    places: dict[Any, int] = {}
    for place, key in enumerate(sorted((k for k, m in zip(keys, mask, strict=True) if m), reverse=True), start=1):
        places.setdefault(key, place)
    return {"rank": ([places[k] if m else 0 for k, m in zip(keys, mask, strict=True)], 1), "close": False}


def bands(data: Banding, size: int, *args: Any) -> Mapping[str, Any]:
    """Members similarly placed."""
    given = _Args(args, size)
    mask = given.mask(data.masked)
    run = [m for m in range(size) if mask[m]]
    within = given.figure()
    if within < 0:
        raise Undecided
    tables = []
    for _ in data.by:
        tops, below = given.figures()
        tables.append({m: Fraction(tops[m], below) for m in run})
    made = band_members(run, tables, within).bands if run else ()
    number = {m: at for at, band in enumerate(made, start=1) for m in band}
    return {"band": ([number.get(m, 0) for m in range(size)], 1), "close": False}


@dataclass(slots=True, eq=False)
class _Held:
    """Shares as numerators over `below`, and who was moved by a limit."""

    shares: dict[int, int]
    below: int
    at_floor: set[int]
    at_ceiling: set[int]
    uncovered: Fraction


Limits = tuple[Mapping[int, Fraction], Mapping[int, Fraction]]


def _hold(total: Fraction, weights: Mapping[int, int], levels: Sequence[Limits]) -> _Held | None:
    """A total by weights within limits, level after level (`hold_in_levels`); None where the limits conflict.

    Those who are free at the end of a level stand to each other as their weights do, so that only what is left for them
    passes to the next level.
    """
    figures = [total, *(limit for level in levels for side in level for limit in side.values())]
    unit = lcm(*(each.denominator for each in figures))
    rest = total.numerator * (unit // total.denominator)
    held: dict[int, int] = {}
    at_floor: set[int] = set()
    at_ceiling: set[int] = set()
    free = dict(weights)
    for number, (floors, ceilings) in enumerate(levels or [({}, {})]):
        if number and not any(free.values()):
            # Nobody is free: what is left is covered by nobody, and no later level has it to share.
            rest = 0
        low = {m: int(v * unit) for m, v in floors.items() if m in weights}
        high = {m: int(v * unit) for m, v in ceilings.items() if m in weights}
        if any(m in high and v > high[m] for m, v in low.items() if m in free):
            return None
        if any(share < low.get(m, 0) or share > high.get(m, share) for m, share in held.items()):
            return None
        if sum(v for m, v in low.items() if m in free) > rest:
            return None
        moved = {m: low[m] for m, w in free.items() if not w and low.get(m, 0) > 0}
        at_floor.update(moved)
        while True:
            held |= moved
            rest -= sum(moved.values())
            free = {m: w for m, w in free.items() if m not in moved}
            whole = sum(free.values())
            # Each share is w · rest / whole, so that both sides are compared times the sum of weights.
            due = {m: w * rest for m, w in free.items() if w}
            under = {m: low[m] * whole - v for m, v in due.items() if m in low and v < low[m] * whole}
            over = {m: v - high[m] * whole for m, v in due.items() if m in high and v > high[m] * whole}
            pull = sum(under.values()) - sum(over.values())
            to_floor = under.keys() if pull >= 0 else set[int]()
            to_ceiling = over.keys() if pull <= 0 else set[int]()
            at_floor.update(to_floor)
            at_ceiling.update(to_ceiling)
            moved = {m: low[m] for m in to_floor} | {m: high[m] for m in to_ceiling}
            if not moved:
                break
    whole = sum(free.values())
    shares = {m: w * rest for m, w in free.items()} if whole else dict.fromkeys(free, 0)
    shares |= {m: share * (whole or 1) for m, share in held.items()}
    below = (whole or 1) * unit
    return _Held(shares, below, at_floor, at_ceiling, total - Fraction(sum(shares.values()), below))


def share_out(data: Sharing, size: int, *args: Any) -> Mapping[str, Any]:
    """A total shared by weights within limits, and in whole steps."""
    given = _Args(args, size)
    mask = given.mask(data.masked)
    band = given.tops() if data.banded else [1] * size
    total = given.figure()
    weights = given.tops()
    levels = [(_limits(given, each.floor, mask), _limits(given, each.ceiling, mask)) for each in data.levels]
    keys, lot = given.settling(data.ties)
    members = [m for m in range(size) if mask[m] and band[m]]
    groups = [[m for m in members if band[m] == number] for number in sorted({band[m] for m in members})]
    if not data.banded:
        groups = [members]
    floors = {m: v for level in levels for m, v in level[0].items() if m in members and v > 0}
    kept = sum(floors.values(), Fraction(0)) if data.banded else Fraction(0)
    rest, uncovered, found = total, total, list[_Held]()
    if kept > rest:
        return _conflict(size)
    for group in groups:
        if data.banded:
            kept -= sum(_of(floors, group).values(), Fraction(0))
        offered = rest - kept
        inside = [(_of(low, group), _of(high, group)) for low, high in levels]
        made = _hold(offered, {m: weights[m] for m in group}, inside)
        if made is None:
            return _conflict(size)
        rest -= offered - made.uncovered
        uncovered = rest if data.banded else made.uncovered
        found.append(made)
    one = lcm(*(each.below for each in found)) if found else 1
    shares = {m: top * (one // each.below) for each in found for m, top in each.shares.items()}
    results: dict[str, Any] = {
        "share": ([shares.get(m, 0) for m in range(size)], one),
        "share_off": (0, 1),
        "at_floor": [any(m in each.at_floor for each in found) for m in range(size)],
        "at_ceiling": [any(m in each.at_ceiling for each in found) for m in range(size)],
        "uncovered": (uncovered.numerator, uncovered.denominator),
        "uncovered_off": (0, 1),
        "close": False,
        "conflict": False,
    }
    if data.method:
        ceilings = {m: v for level in levels for m, v in level[1].items()}
        parts = []
        for group, each in zip(groups, found, strict=True):
            quotas = {m: Fraction(each.shares[m], each.below) for m in group}
            low = {m: quotas[m] for m in each.at_floor}
            high = {m: max(ceilings[m], quotas[m]) for m in group if m in ceilings}
            parts.append((quotas, low, high))
        results |= _rounded(data.method, size, parts, keys, lot)
    return results


def _of(limits: Mapping[int, Fraction], group: Sequence[int]) -> dict[int, Fraction]:
    return {m: limits[m] for m in group if m in limits}


def _limits(given: _Args, off: Off | None, mask: Sequence[bool]) -> dict[int, Fraction]:
    """A limit of each member who has one: a floor of nothing is none, nor is an infinite ceiling."""
    if off is None:
        return {}
    tops, below = given.figures()
    return {m: Fraction(top, below) for m, top in enumerate(tops) if mask[m] and top is not None}


def _conflict(size: int) -> Mapping[str, Any]:
    nothing = ([0] * size, 1)
    none = [False] * size
    return {
        **dict.fromkeys(("share", "steps", "due"), nothing),
        **dict.fromkeys(("share_off", "uncovered", "uncovered_off", "residue", "residue_off", "unplaced"), (0, 1)),
        "at_floor": none,
        "at_ceiling": none,
        "close": False,
        "open": False,
        "conflict": True,
    }


Part = tuple[Mapping[int, Fraction], Mapping[int, Fraction], Mapping[int, Fraction]]


def _rounded(
    method: str, size: int, parts: Sequence[Part], keys: Sequence[Sequence[int]], lot: Sequence[int] | None
) -> dict[str, Any]:
    """Quotas in whole steps, group by group: each with its floors and ceilings."""
    steps = [0] * size
    residue = unplaced = Fraction(0)
    undetermined = False
    drawn = None if lot is None else sorted((m for m in range(size) if lot[m] > 0), key=lambda m: lot[m])
    tables = [{m: Fraction(each[m]) for m in range(size)} for each in keys]
    for quotas, low, high in parts:
        total = sum(quotas.values(), Fraction(0))
        if method == "largest_remainder" and (plainly := _by_remainders(quotas, total, low, high)) is not None:
            for m, count in plainly.items():
                steps[m] = count
            residue += total - total.__floor__()
            continue
        try:
            made = round_shares(
                total,
                quotas,
                method=method,
                floors=low,
                ceilings=high,
                tie_keys=tables,
                lot=drawn,
            )
        except (LimitsConflict, ValueError):
            return dict(_conflict(size))
        for m, amount in made.rounded.items():
            steps[m] = int(amount) if amount is not None else 0
        undetermined |= bool(made.undetermined)
        residue += made.residue
        unplaced += made.unplaced
    return {
        "steps": (steps, 1),
        "residue": (residue.numerator, residue.denominator),
        "residue_off": (0, 1),
        "unplaced": (unplaced.numerator, unplaced.denominator),
        "open": undetermined,
        "close": False,
        "conflict": False,
    }


def _by_remainders(
    quotas: Mapping[int, Fraction], total: Fraction, low: Mapping[int, Fraction], high: Mapping[int, Fraction]
) -> dict[int, int] | None:
    """Largest remainders where they are plain: each gets its whole part within limits and at most one step more, and no

    tie stands at the border. None where the library must say.
    """
    below = lcm(*(each.denominator for each in quotas.values()))
    got: dict[int, int] = {}
    claims = []
    for m, quota in quotas.items():
        top = quota.numerator * (below // quota.denominator)
        if top < 0:
            return None
        whole = top // below
        least = low[m].__ceil__() if m in low else 0
        most = high[m].__floor__() if m in high else whole + 1
        if least > most:
            return None
        got[m] = min(max(whole, least), most)
        claim = top - got[m] * below
        if top and got[m] < most and claim >= 0:
            claims.append((claim, m))
    left = total.__floor__() - sum(got.values())
    if not 0 <= left <= len(claims):
        return None
    claims.sort(reverse=True)
    if 0 < left < len(claims) and claims[left - 1][0] == claims[left][0]:
        return None
    for _, m in claims[:left]:
        got[m] += 1
    return got


def rounding(data: Rounding, size: int, *args: Any) -> Mapping[str, Any]:
    """Exact shares in whole steps."""
    given = _Args(args, size)
    mask = given.mask(data.masked)
    band = given.tops() if data.banded else [1] * size
    tops, below = given.figures()
    low = given.tops() if data.low else [0] * size
    high = _limits(given, data.high, mask)
    keys, lot = given.settling(data.ties)
    members = [m for m in range(size) if mask[m] and band[m]]
    parts = []
    for number in sorted({band[m] for m in members}):
        quotas = {m: Fraction(tops[m], below) for m in members if band[m] == number}
        least = {m: Fraction(low[m]) for m in quotas if low[m] > 0}
        most = {m: max(high[m], q) if data.lifted else high[m] for m, q in quotas.items() if m in high}
        parts.append((quotas, least, most))
    return _rounded(data.method, size, parts, keys, lot)


def credit(data: Crediting, size: int, *args: Any) -> Mapping[str, Any]:
    """What each owes beyond what it bears already."""
    given = _Args(args, size)
    mask = given.mask(data.masked)
    tops, below = given.figures()
    shares = {m: Fraction(tops[m], below) for m in range(size) if mask[m]}
    tops, below = given.figures()
    borne = {m: Fraction(tops[m], below) for m in shares}
    if any(each < 0 for each in (*shares.values(), *borne.values())):
        raise Undecided
    dues = less_credits(shares, borne, refunded=False).dues
    one = lcm(*(each.denominator for each in dues.values())) if dues else 1
    made = [int(dues[m] * one) if m in dues else 0 for m in range(size)]
    return {"due": (made, one), "due_off": (0, 1), "close": False}


KERNELS: dict[str, Callable[..., Mapping[str, Any]]] = {
    "rank": rank,
    "bands": bands,
    "share_out": share_out,
    "round": rounding,
    "credit": credit,
}
"""By the name of the operation; see `kernels` for what each gives."""
