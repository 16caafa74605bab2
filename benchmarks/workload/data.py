"""Made-up cases for measuring: as many as are asked for, the same on every machine.

Each case has some thirty States with nine figures: a security index, area, population, products, applications,
unemployment, persons already hosted, and a vote. Now and then a State has the figures of the one before it, so that
true ties occur. Case i is the same however many cases are made: they come in blocks of a thousand, each with a seed of
its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

SEED = 20150909
BLOCK = 1000
COLUMNS = ("security", "area", "pop", "gdp", "gnp", "apps", "unemp", "hosted", "vote")
COPIED = ("security", "gdp", "pop", "unemp", "hosted")

NEEDED = {
    "w1": ("security", "area", "pop", "gdp", "unemp", "hosted"),
    "w2": ("pop", "gdp", "apps", "unemp"),
    "w3": ("gnp",),
    "w4": ("pop", "k"),
}
"""Which columns each part of the workload reads."""


def block(number: int, states: int) -> dict[str, Any]:
    """A thousand cases, each column an int32 array of (1000, states)."""
    draw = np.random.default_rng([SEED, states, number])
    shape = (BLOCK, states)

    def spread(centre: float, width: float, least: float, most: float) -> Any:
        return np.clip(draw.lognormal(np.log(centre), width, shape), least, most)

    security = draw.integers(200, 1001, shape)
    area = spread(90_000, 1.4, 300, 17_000_000)
    pop = spread(8e6, 1.3, 30_000, 340_000_000)
    gdp = np.clip(pop * draw.lognormal(np.log(25_000), 0.6, shape) / 1e6, 100, 50_000_000)
    gnp = gdp * draw.uniform(0.9, 1.1, shape)
    apps = pop * draw.lognormal(0.0, 1.0, shape) / 1000
    unemp = np.clip(draw.gamma(4.0, 18.0, shape), 15, 300)
    hosted = pop * draw.lognormal(1.0, 1.0, shape) / 1000
    drawn = (security, area, pop, gdp, gnp, apps, unemp, hosted)
    made = {name: np.rint(values).astype(np.int32) for name, values in zip(COLUMNS, drawn, strict=False)}
    twin = draw.random(shape) < 0.03
    twin[:, 0] = False
    for state in range(1, states):
        same = twin[:, state]
        for name in COPIED:
            made[name][same, state] = made[name][same, state - 1]
    made["vote"] = draw.choice(4, p=[0.1, 0.7, 0.12, 0.08], size=shape).astype(np.int32)
    return made


def cases(count: int, states: int = 30) -> dict[str, Any]:
    """So many cases: each column an int32 array of (count, states)."""
    blocks = [block(number, states) for number in range(-(-count // BLOCK))]
    return {name: np.ascontiguousarray(np.concatenate([b[name] for b in blocks])[:count]) for name in COLUMNS}
