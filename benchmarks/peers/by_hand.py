"""The workload written by hand in numpy: what a good analyst writes who knows the rules and the data.

Cases lead, States come second; called on some 512 cases at a time, so that what is at work stays in the cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

BRACKETS = (0, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000)
RATES = (2e-4, 4e-4, 6e-4, 8e-4, 1e-3, 1.2e-3, 1.5e-3)
CEILING, FLOOR = 0.25, 0.0001
PERSONS = 120_000


def w1(d: Mapping[str, Any]) -> dict[str, Any]:
    """Who is eligible, the score by four criteria, the share, the rank (ties by area)."""
    eligible = (d["security"] >= 500) & (d["area"] > 20_000)
    score = np.zeros(eligible.shape)
    burden = d["hosted"] / d["pop"]
    for figures, weight, rising in ((d["gdp"], 0.35, 1), (d["pop"], 0.25, 1), (d["unemp"], 0.15, 0), (burden, 0.25, 0)):
        x = figures.astype(np.float64, copy=False)
        least = np.where(eligible, x, np.inf).min(1, keepdims=True)
        most = np.where(eligible, x, -np.inf).max(1, keepdims=True)
        width = most - least
        usable = (width > 0) & np.isfinite(width)
        part = ((x - least) if rising else (most - x)) / np.where(usable, width, 1.0)
        score += np.where(eligible & usable, weight * part, 0.0)
    whole = score.sum(1, keepdims=True)
    share = np.divide(score, whole, out=np.zeros_like(score), where=whole > 0)
    order = np.lexsort((-d["area"], np.where(eligible, -score, np.inf)), axis=1)
    rank = np.empty(order.shape, np.int32)
    places = np.arange(1, order.shape[1] + 1, dtype=np.int32)
    np.put_along_axis(rank, order, np.broadcast_to(places, order.shape), 1)
    rank[~eligible] = 0
    return {"eligible": eligible, "score": score, "portion": share, "place": rank}


def w2(d: Mapping[str, Any]) -> dict[str, Any]:
    """A key of four parts, two of them capped."""
    pop, gdp, apps, unemp = (d[name].astype(np.float64) for name in ("pop", "gdp", "apps", "unemp"))
    by_pop, by_gdp = pop / pop.sum(1, keepdims=True), gdp / gdp.sum(1, keepdims=True)
    cap = 0.30 * (by_pop + by_gdp)
    past, work = pop / np.maximum(apps, 1.0), 1.0 / unemp
    past = np.minimum(past / past.sum(1, keepdims=True), cap)
    work = np.minimum(work / work.sum(1, keepdims=True), cap)
    raw = 0.40 * by_pop + 0.40 * by_gdp + 0.10 * past + 0.10 * work
    return {"part_of_each": raw / raw.sum(1, keepdims=True)}


def capacity(gnp: Any) -> Any:
    """What a State can bear, by marginal brackets."""
    x = gnp.astype(np.float64)
    made = np.zeros(x.shape)
    for low, high, rate in zip(BRACKETS, (*BRACKETS[1:], None), RATES, strict=True):
        made += np.maximum((x if high is None else np.minimum(x, high)) - low, 0.0) * rate
    return made


def w3(d: Mapping[str, Any]) -> dict[str, Any]:
    """Shares held between a floor and a ceiling by one common factor (the rule of the language: limits on one level).

    In each round those beyond a limit are held on the side on which the limits move more; only unfinished cases go on.
    """
    weights = capacity(d["gnp"])
    count = len(weights)
    share = np.zeros(weights.shape)
    free = np.ones(weights.shape, bool)
    live = np.arange(count)
    rest = np.ones(count)
    while len(live):
        w, f, r = weights[live], free[live], rest[live]
        whole = np.where(f, w, 0.0).sum(1)
        factor = np.divide(r, whole, out=np.zeros_like(r), where=whole > 0)[:, None]
        found = w * factor
        over, under = f & (found > CEILING), f & (found < FLOOR)
        pull = np.where(under, FLOOR - found, 0.0).sum(1) - np.where(over, found - CEILING, 0.0).sum(1)
        under &= (pull >= 0)[:, None]
        over &= (pull <= 0)[:, None]
        share[live] = np.where(over, CEILING, np.where(under, FLOOR, np.where(f, found, share[live])))
        held = over | under
        free[live] = f & ~held
        rest[live] = r - over.sum(1) * CEILING - under.sum(1) * FLOOR
        live = live[held.any(1) & (f & ~held).any(1)]
    return {"burden": share}


def w3_at_once(d: Mapping[str, Any]) -> dict[str, Any]:
    """The same with both limits laid on at once in each of at most ten rounds, as the workload's text has it."""
    weights = capacity(d["gnp"])
    fixed = np.zeros(weights.shape, bool)
    share = np.zeros(weights.shape)
    live = np.arange(len(weights))
    for _ in range(10):
        f, w, s = fixed[live], weights[live], share[live]
        rest = 1.0 - np.where(f, s, 0.0).sum(1)
        whole = np.where(f, 0.0, w).sum(1)
        factor = np.divide(rest, whole, out=np.zeros_like(rest), where=whole > 0)[:, None]
        s = np.where(f, s, w * factor)
        over, under = ~f & (s > CEILING), ~f & (s < FLOOR)
        s[over] = CEILING
        s[under] = FLOOR
        share[live] = s
        f |= over | under
        fixed[live] = f
        live = live[(over | under).any(1) & ~f.all(1)]
        if not len(live):
            break
    return {"burden": share}


def w4(d: Mapping[str, Any]) -> dict[str, Any]:
    """Whole persons by a key of whole numbers under ceilings, in whole-number arithmetic."""
    key, ceiling = d["k"], d["pop"].astype(np.int64) * 3 // 10_000
    active = np.ones(key.shape, bool)
    places = np.zeros(key.shape, np.int64)
    left = np.full((len(key), 1), PERSONS, np.int64)
    while True:
        whole = np.where(active, key, 0).sum(1, keepdims=True)
        full = active & (left * key > ceiling * whole)
        if not full.any():
            break
        places[full] = ceiling[full]
        left = left - np.where(full, ceiling, 0).sum(1, keepdims=True)
        active &= ~full
    each, beyond = np.divmod(left * key, np.maximum(whole, 1))
    each, beyond = np.where(active, each, 0), np.where(active, beyond, -1)
    over = left - each.sum(1, keepdims=True)
    order = np.lexsort((-key, -beyond), axis=1)
    turn = np.empty_like(order)
    np.put_along_axis(turn, order, np.broadcast_to(np.arange(key.shape[1]), order.shape), 1)
    return {"places": np.where(active, each + (turn < over), places)}


RULE_COLUMNS = ("security", "area", "pop", "gdp", "gnp", "apps", "unemp", "hosted")
THRESHOLDS = (500, 60_000, 4_000_000, 90_000, 90_000, 4_000, 70, 12_000)


def rule(i: int) -> tuple[str, int, str, int, bool]:
    """Rule i of a chain: of which column, how many 1024ths, if which other one reaches what, and on the last rule."""
    return RULE_COLUMNS[i % 8], 1 + i % 7, RULE_COLUMNS[(i + 3) % 8], THRESHOLDS[(i + 3) % 8], i % 10 != 0


def rules(d: Mapping[str, Any], count: int) -> Any:
    """The sum of so many rules, each one line."""
    columns = {name: d[name].astype(np.float64) for name in RULE_COLUMNS}
    total = np.zeros(columns["pop"].shape)
    last = total
    for i in range(count):
        of, parts, when, reaches, chained = rule(i)
        made = columns[of] * (parts / 1024.0)
        if chained:
            made += last * 0.5
        last = np.where(columns[when] >= reaches, made, 0.0)
        total += last
    return total


PARTS = {"w1": w1, "w2": w2, "w3": w3, "w4": w4}
