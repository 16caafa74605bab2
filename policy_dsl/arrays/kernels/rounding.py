"""Whole steps out of exact shares, of many cases at once: `policy_dsl.sharing.rounding`.

What is handed out is found in binary fractions, whichever way is quick, and then proved: every claim that was met must
be greater than every claim that was not, by more than what both may be off by. Where that is not so, those whose claims
lie so near each other are looked at: equal claims are settled as the rules say, others leave the case in doubt.
"""

from __future__ import annotations

from dataclasses import field

import numpy as np

from policy_dsl.arrays.kernels.claims import (
    CONSERVING,
    FREE_FIRST,
    LARGEST,
    NEAR,
    SHIFT,
    Claims,
    Quotas,
    claims,
    equal_claims,
)
from policy_dsl.arrays.kernels.reading import Array, Settling
from policy_dsl.arrays.kernels.ties import alike, settle
from policy_dsl.records import dataclass


@dataclass(slots=True, eq=False)
class Handing:
    """Whole steps on their way. `low` and `high` bound what a member gets; `takers` may get more than `low`."""

    method: str
    quotas: Quotas
    low: Array
    high: Array
    takers: Array
    steps: Array
    by: Settling
    got: Array = field(default_factory=lambda: np.empty(0))
    unplaced: Array = field(default_factory=lambda: np.empty(0))
    open: Array = field(default_factory=lambda: np.empty(0))
    close: Array = field(default_factory=lambda: np.empty(0))
    conflict: Array = field(default_factory=lambda: np.empty(0))


def in_steps(method: str, quotas: Quotas, steps: Array, low: Array, high: Array, by: Settling) -> Handing:
    """Whole steps for each. `low` and `high` are whole; those outside have quota, low and high 0."""
    quotas, steps, low, high, lost = _figures(quotas, steps, low, high)
    unsure = _may_be_nothing(quotas) & (high > low)
    made = Handing(method, quotas, low, high, (quotas.value != 0) & (high > low), steps, by)
    shape = (len(quotas.value), 1)
    made.unplaced, made.open = np.zeros(shape), np.zeros(shape, bool)
    made.close = lost
    made.conflict = np.any(low > high, axis=1, keepdims=True)
    if method not in CONSERVING:
        _one_by_one(made)
        return made
    spare = steps - low.sum(axis=1, keepdims=True)
    made.conflict |= spare < 0
    if method == LARGEST:
        tied = _by_remainders(made, spare)
    else:
        made.conflict |= np.any(quotas.value < 0, axis=1, keepdims=True)
        tied = _by_divisors(made, spare)
    _fill_up(made, spare)
    made.close |= np.any(unsure, axis=1, keepdims=True)
    if tied.size:
        tied = tied[~(made.conflict | made.close | (made.unplaced > 0))[tied, 0]]
    if tied.size:
        _settle(made, tied)
    return made


def _may_be_nothing(quotas: Quotas) -> Array:
    """Whose quota is perhaps nothing and perhaps not: who has none claims no step."""
    if quotas.off is None:
        return np.zeros(quotas.value.shape, bool)
    return np.asarray((np.abs(quotas.value) <= quotas.off) & (quotas.off > 0))


def _figures(quotas: Quotas, steps: Array, low: Array, high: Array) -> tuple[Quotas, Array, Array, Array, Array]:
    """Figures alone: in a case that has no value elsewhere, something here may be no number. Which cases have such."""
    given = (quotas.value, steps, low, np.where(high == np.inf, 0.0, high))
    lost = np.zeros((len(quotas.value), 1), bool)
    for each in given:
        lost |= ~np.isfinite(each).all(axis=1, keepdims=True)
    if not lost.any():
        return quotas, steps, low, high, lost
    value, steps, low, high = (np.where(lost, 0.0, each) for each in (quotas.value, steps, low, high))
    off = None if quotas.off is None else np.where(lost, 0.0, quotas.off)
    tops = None if quotas.tops is None else np.where(lost, 0.0, quotas.tops)
    below = None if quotas.below is None else np.where(lost, 1.0, quotas.below)
    return Quotas(value, off, tops, below), steps, low, high, lost


def _fill_up(made: Handing, spare: Array) -> None:
    """Where ceilings refuse some of the steps all stand at them."""
    if not np.isfinite(made.high).any() and made.takers.any(axis=1).all():
        return
    room = np.where(made.takers, made.high - made.low, 0.0).sum(axis=1, keepdims=True)
    full = (room <= spare) & ~made.conflict
    if full.any():
        made.got = np.where(full, np.where(made.takers, made.high, made.low), made.got)
        made.unplaced = np.where(full, spare - room, 0.0)


# ---- largest remainder ----------------------------------------------------------------------------------------------


def _by_remainders(made: Handing, spare: Array) -> Array:
    """Hand out by remainders; tells the cases in which some claim met is not surely above one that was not."""
    quotas = made.quotas
    made.got = np.minimum(np.maximum(np.floor(quotas.value), made.low), made.high)
    left = made.steps - made.got.sum(axis=1, keepdims=True)
    claim = claims(LARGEST, quotas, made.got)
    waiting = np.where(made.takers & (made.got < made.high), claim.value, -np.inf)
    ready = (waiting >= 0).sum(axis=1, keepdims=True)
    far = np.flatnonzero((left < 0) | (left > ready))
    if far.size:
        # Where all get the most they may, or the limits can't be kept, there is nothing to hand out.
        room = np.where(made.takers[far], made.high[far] - made.low[far], 0.0).sum(axis=1, keepdims=True)
        far = far[((spare[far] >= 0) & (spare[far] < room))[:, 0]]
        made.got[far] = _at_level(made, far)
        left[far] = made.steps[far] - made.got[far].sum(axis=1, keepdims=True)
        again = claims(LARGEST, quotas.of(far), made.got[far]).value
        waiting[far] = np.where(made.takers[far] & (made.got[far] < made.high[far]), again, -np.inf)
    tied = _give(made.got, waiting, left)
    return tied if claim.off is None else np.union1d(tied, _unproved(made))


def _give(got: Array, waiting: Array, left: Array) -> Array:
    """One step more to each of the `left` greatest of those waiting; tells the cases where equals had to be parted."""
    members = got.shape[1]
    count = np.clip(left, 0, members).astype(np.int64)
    last = np.take_along_axis(np.sort(waiting, axis=1), np.minimum(members - count, members - 1), axis=1)
    given = (waiting >= last) & (count > 0) & np.isfinite(waiting)
    parted = np.flatnonzero(given.sum(axis=1) != count[:, 0])
    if parted.size:
        order = np.argsort(-waiting[parted], axis=1, kind="stable")
        chosen = np.zeros(order.shape, bool)
        np.put_along_axis(chosen, order, np.arange(members)[None, :] < count[parted], axis=1)
        given[parted] = chosen & np.isfinite(waiting[parted])
    got += given
    return parted


def _at_level(made: Handing, cases: Array) -> Array:
    """Steps handed out down to the least whole level of claims at which there are not too many of them."""
    quota, low, high, steps = made.quotas.value[cases], made.low[cases], made.high[cases], made.steps[cases]
    takers = made.takers[cases]

    def got(level: Array) -> Array:
        return np.where(takers, np.minimum(np.maximum(np.ceil(quota) - level, low), high), low)

    def handed(level: Array) -> Array:
        return np.asarray(got(level).sum(axis=1, keepdims=True))

    top = np.where(takers, np.ceil(quota - low), -np.inf).max(axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    reach = np.ones(top.shape)
    for _ in range(64):
        short = handed(top - reach) <= steps
        if not short.any():
            break
        reach = np.where(short, 2 * reach, reach)
    bottom = top - reach
    while np.any(top - bottom > 1):
        middle = np.floor((top + bottom) / 2)
        enough = handed(middle) <= steps
        top, bottom = np.where(enough, middle, top), np.where(enough, bottom, middle)
    return got(top)


# ---- divisors -------------------------------------------------------------------------------------------------------


def _by_divisors(made: Handing, spare: Array) -> Array:
    """Hand out by quotients; tells the cases in which some claim met is not surely above one that was not."""
    quotas = made.quotas
    opening = np.zeros(made.takers.shape, bool)
    if made.method in FREE_FIRST:
        opening = made.takers & (made.low == 0)
    first = opening.sum(axis=1, keepdims=True)
    low = made.low + opening
    room = np.where(made.takers, made.high - low, 0.0).sum(axis=1, keepdims=True)
    made.got = low.copy()
    # Those with few steps open with the largest quotas; those with enough for everybody go on.
    few = np.flatnonzero((spare <= first) & (first > 0))
    many = np.flatnonzero((spare > first) & (spare - first < room) & ~made.conflict)
    tied = np.empty(0, np.int64)
    if few.size:
        got = made.low[few].copy()
        waiting = np.where(opening[few], quotas.value[few], -np.inf)
        _give(got, waiting, np.maximum(spare[few], 0.0))
        made.got[few] = got
        tied = few[_few_near(made, few, opening[few])]
    if many.size:
        made.got[many] = _by_level(made, many, low[many])
        bound = Handing(
            made.method, quotas.of(many), low[many], made.high[many], made.takers[many], made.steps[many], made.by
        )
        bound.got = made.got[many]
        tied = np.union1d(tied, many[_unproved(bound)])
    return tied


def _few_near(made: Handing, few: Array, opening: Array) -> Array:
    """Of cases that have not a step for everybody: whether the least quota served is near the greatest unserved."""
    quotas = made.quotas.of(few)
    off = _quota_off(quotas)
    served = opening & (made.got[few] > made.low[few])
    least = np.where(served, quotas.value - off, np.inf).min(axis=1)
    most = np.where(opening & ~served, quotas.value + off, -np.inf).max(axis=1)
    return np.flatnonzero(least <= most)


def _quota_off(quotas: Quotas) -> Array:
    if quotas.tops is not None:
        return 2.0**-51 * np.abs(quotas.value)
    return np.zeros(quotas.value.shape) if quotas.off is None else quotas.off


def _by_level(made: Handing, cases: Array, low: Array) -> Array:
    """Steps handed out near a level of claims; then one by one until there are as many as there should be."""
    method, quotas, high, steps = made.method, made.quotas.of(cases), made.high[cases], made.steps[cases]
    takers = made.takers[cases]
    quota = np.where(takers, quotas.value, 0.0)

    def got(factor: Array) -> Array:
        near = np.minimum(np.maximum(NEAR[method](quota * factor), low), high)
        return np.where(takers, near, low)

    whole = quota.sum(axis=1, keepdims=True)
    factor = np.maximum(whole + SHIFT[method] * takers.sum(axis=1, keepdims=True), whole / 2) / whole
    found = got(factor)
    under, over = np.zeros(factor.shape), np.full(factor.shape, np.inf)
    for _ in range(128):
        missing = steps - found.sum(axis=1, keepdims=True)
        far = np.abs(missing) > takers.shape[1]
        if not far.any():
            break
        under = np.where(missing > 0, np.maximum(under, factor), under)
        over = np.where(missing < 0, np.minimum(over, factor), over)
        middle = np.where(np.isinf(over), 2 * factor, np.where(under == 0, factor / 2, (under + over) / 2))
        factor = np.where(far, middle, factor)
        found = np.where(far, got(factor), found)
    _one_at_a_time(method, quotas, found, low, high, takers, steps)
    return found


def _one_at_a_time(
    method: str, quotas: Quotas, got: Array, low: Array, high: Array, takers: Array, steps: Array
) -> None:
    for sign in (1.0, -1.0):
        live = np.flatnonzero(sign * (steps - got.sum(axis=1, keepdims=True)) > 0)
        while live.size:
            own, held = quotas.of(live), got[live]
            asking = takers[live] & ((held < high[live]) if sign > 0 else (held > low[live]))
            value = claims(method, own, held if sign > 0 else held - 1).value
            place = np.argmax(np.where(asking, sign * value, -np.inf), axis=1)
            got[live, place] += sign
            missing = sign * (steps[live] - got[live].sum(axis=1, keepdims=True))[:, 0]
            live = live[(missing > 0) & asking.any(axis=1)]


# ---- proof, and ties ------------------------------------------------------------------------------------------------


def _met_and_waiting(made: Handing) -> tuple[Array, Array, Claims, Claims]:
    """Who had a step beyond its floor, who could have one more, and the claims to either."""
    met = made.takers & (made.got > made.low)
    waiting = made.takers & (made.got < made.high)
    return met, waiting, claims(made.method, made.quotas, made.got - 1), claims(made.method, made.quotas, made.got)


def _border(made: Handing) -> tuple[Array, Array, Claims, Claims, Array, Array]:
    met, waiting, last, following = _met_and_waiting(made)
    met_off = 0.0 if last.off is None else np.where(np.isfinite(last.value), last.off, 0.0)
    waiting_off = 0.0 if following.off is None else following.off
    least = np.where(met, last.value - met_off, np.inf).min(axis=1, keepdims=True)
    most = np.where(waiting, following.value + waiting_off, -np.inf).max(axis=1, keepdims=True)
    return met, waiting, last, following, least, most


def _unproved(made: Handing) -> Array:
    *_, least, most = _border(made)
    return np.flatnonzero(least <= most)


def _settle(made: Handing, cases: Array) -> None:
    """Look at those whose claims lie about the last one met: equals are told apart, others are in doubt."""
    own = Handing(
        made.method,
        made.quotas.of(cases),
        made.low[cases],
        made.high[cases],
        made.takers[cases],
        made.steps[cases],
        made.by.of(cases, made.got.shape[1], len(made.got)),
    )
    own.got = made.got[cases]
    few = np.zeros((cases.size, 1), bool)
    if made.method in FREE_FIRST:
        opening = own.takers & (own.low == 0)
        few = (own.steps - own.low.sum(axis=1, keepdims=True) <= opening.sum(axis=1, keepdims=True)) & np.any(
            opening, axis=1, keepdims=True
        )
        off = _quota_off(own.quotas)
        served = opening & (own.got > own.low)
        least = np.where(served, own.quotas.value - off, np.inf).min(axis=1, keepdims=True)
        most = np.where(opening & ~served, own.quotas.value + off, -np.inf).max(axis=1, keepdims=True)
        early = served & (own.quotas.value - off <= most), opening & ~served & (own.quotas.value + off >= least)
        # From here on everybody has its first step.
        own.low = np.where(few, own.low, own.low + opening)
    met, waiting, last, following, least, most = _border(own)
    met_off = 0.0 if last.off is None else last.off
    waiting_off = 0.0 if following.off is None else following.off
    with np.errstate(invalid="ignore"):
        given = met & (last.value - met_off <= most)
        asking = waiting & (following.value + waiting_off >= least)
    if few.any():
        given, asking = np.where(few, early[0], given), np.where(few, early[1], asking)
    who = given | asking
    base = own.got - given
    first = np.argmax(who, axis=1)[:, None]
    same = alike(own.by.leaves, who, first)
    same &= np.all(~who | (base == np.take_along_axis(base, first, axis=1)), axis=1, keepdims=True)
    same |= ~few & equal_claims(own.method, own.quotas, base, who, first)
    same |= few & equal_claims(LARGEST, own.quotas, np.zeros(base.shape), who, first)
    same &= ~np.any(given & asking, axis=1, keepdims=True)
    winners, is_open, close = settle(who, given.sum(axis=1, keepdims=True).astype(float), own.by)
    made.got[cases] = base + winners
    made.open[cases] |= is_open & same & ~close
    made.close[cases] |= ~same | close


# ---- one by one -----------------------------------------------------------------------------------------------------


def _one_by_one(made: Handing) -> None:
    quotas, method = made.quotas, made.method
    got = np.floor(quotas.value)
    if quotas.tops is not None and quotas.below is not None:
        rest, half, one = 2 * (quotas.tops - got * quotas.below), quotas.below, 2 * quotas.below
    else:
        rest, half, one = 2 * (quotas.value - got), np.ones((1, 1)), np.full((1, 1), 2.0)
    match method:
        case "half_up":
            more, critical = rest >= half, half
        case "half_even":
            more, critical = (rest > half) | ((rest == half) & (np.mod(got, 2) == 1)), half
        case "up":
            more, critical = rest > 0, np.zeros((1, 1))
        case _:
            more, critical = np.zeros(rest.shape, bool), np.zeros((1, 1))
    if quotas.tops is None and quotas.off is not None:
        near = np.abs(rest - critical) <= 2 * quotas.off
        if method in ("up", "down"):
            near |= np.abs(rest - one) <= 2 * quotas.off
        made.close |= np.any(near & (quotas.off > 0), axis=1, keepdims=True)
    made.got = np.minimum(np.maximum(got + more, made.low), made.high)
