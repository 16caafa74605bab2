"""Ranks, quick: members are brought into order once, and only those near each other are looked at again.

The meaning is that of `kernels.ranks`, to which tests compare it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from policy_dsl.arrays.clear.reading import BOUND, Array, Figure, Reader, at
from policy_dsl.plan.build import SAFE
from policy_dsl.plan.kernels import Ranking

Compared = tuple[Figure, tuple[Array, ...] | None]


def rank(_: Collection[str], data: Ranking, *args: Array) -> Mapping[str, Array]:
    """See `plan.kernels.Ranking`.

    Members are brought into order by the figure itself. Where some that follow each other are nearer than what both may
    be off by, they have one figure if all that the figures rest on is the same, and then the figures that tell equals
    apart decide; otherwise the case is in doubt.
    """
    reader = Reader(args, data.size)
    m, n = data.size, reader.cases
    mask = reader.full(reader.next()) if data.masked else None
    figures = [_compared(reader, each.leaves, reader.figure(each.off)) for each in data.by]
    first = figures[0][0]
    # Those outside come last. (Not as NaN, with which numpy sorts seven times as long.)
    key = np.empty((n, m))
    held = reader.full(first.value) if mask is None else np.where(mask, first.value, -np.inf)
    np.negative(held.T, out=key)
    order = np.ascontiguousarray(np.argsort(key, axis=1).T)
    cases = np.arange(n)
    places = order * n + cases
    near = _near(np.take(key, order + cases * m), first, places)
    ranks = np.empty((m, n))
    ranks.reshape(-1)[places.reshape(-1)] = np.repeat(np.arange(1.0, m + 1), n)
    close = np.zeros(n, bool)
    if near.any():
        _tell_apart(figures, order, near, ranks, close)
    if mask is not None:
        ranks *= mask
    return {"rank": ranks.T, "close": close[:, None]}


def _compared(reader: Reader, leaves: int | None, figure: Figure) -> Compared:
    return figure, None if leaves is None else tuple(reader.next() for _ in range(leaves))


def _near(ordered: Array, figure: Figure, places: Array) -> Array:
    """Whether each in order is no further from the next than what both may be off by; nobody is near those outside."""
    apart = ordered[1:] - ordered[:-1]
    near: Array
    if figure.exact:
        near = apart == 0
    elif figure.absolute is not None and len(figure.absolute) == 1:
        near = apart <= figure.absolute * (2 * SAFE)
    else:
        if figure.absolute is None:
            sizes = np.abs(ordered) * (figure.relative * BOUND)
        else:
            sizes = np.take(np.broadcast_to(figure.absolute, places.shape), places) * SAFE
        near = apart <= sizes[1:] + sizes[:-1]
        near &= apart < np.inf
    return near


def _tell_apart(figures: list[Compared], order: Array, near: Array, ranks: Array, close: Array) -> None:
    """Ranks of those near each other; `near` says of each in order whether it is near the next.

    They are put into one line, case after case in their order; `level` says who is still on one level with the one
    before in the line, after the figures so far.
    """
    before = np.zeros(order.shape, bool)
    before[1:] = near
    either = before.copy()
    either[:-1] |= near
    case, place = np.divmod(np.flatnonzero(either.T), len(order))
    member, level = order[place, case], before[place, case]
    _judge(figures[0], member, case, level, close)
    for figure, leaves in figures[1:]:
        if not level.any():
            break
        group = np.cumsum(~level)
        values = at(figure.value, member, case)
        within = np.lexsort((-values, group))
        member, values = member[within], values[within]
        level[1:] &= _close_by(figure, values, member, case)
        _judge((figure, leaves), member, case, level, close)
    opens = np.maximum.accumulate(np.where(level, 0, np.arange(level.size)))
    ranks[member, case] = place[opens] + 1.0


def _close_by(figure: Figure, values: Array, member: Array, case: Array) -> Array:
    """Whether each is no further from the one before than what both may be off by."""
    off = figure.off()
    apart = values[:-1] - values[1:]
    if off is None:
        return np.asarray(apart == 0)
    offs = at(off, member, case)
    return np.asarray(np.abs(apart) <= offs[:-1] + offs[1:])


def _judge(compared: Compared, member: Array, case: Array, level: Array, close: Array) -> None:
    """A case is in doubt where two are on one level and nothing says that they are truly equal."""
    figure, leaves = compared
    if figure.exact:
        return
    true = np.full(level.shape, leaves is not None)
    for leaf in leaves or ():
        values = at(leaf, member, case)
        true[1:] &= values[1:] == values[:-1]
    close[case[level & ~true]] = True
