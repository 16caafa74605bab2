"""How every peer is timed: from columns of whole numbers in memory to columns of results in memory.

A peer's program calls `main` with what it does to a chunk of columns. `python PEER PART DATA SECONDS` prints one line
of JSON: cases per second (the median of several passes over as many cases as fit the time), and the results of the
first cases, by which the caller sees that the peer did the same work.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

SAMPLE = 20

Chunk = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def main(ready: Callable[[str], Chunk], *, chunk: int, by_row: bool = False) -> None:
    """Time a peer. `ready` gives, for a part of the workload, what turns the columns of a chunk into its results."""
    part, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    with np.load(path) as stored:
        columns = {name: stored[name] for name in stored.files}
    count = len(next(iter(columns.values())))
    work = ready(part)
    sample = work({name: values[:SAMPLE] for name, values in columns.items()})
    if by_row:
        few = {name: values[:SAMPLE] for name, values in columns.items()}
        start = time.perf_counter()
        work(few)
        count = max(SAMPLE, min(count, int(SAMPLE * seconds / 4 / (time.perf_counter() - start))))
    else:
        _pass(work, columns, min(count, 20 * chunk), chunk)
    passes: list[float] = []
    until = time.perf_counter() + seconds
    while len(passes) < 3 or (time.perf_counter() < until and len(passes) < 15):
        start = time.perf_counter()
        _pass(work, columns, count, chunk)
        passes.append(time.perf_counter() - start)
    shown = {name: np.asarray(values, dtype=float)[:SAMPLE].tolist() for name, values in sample.items()}
    print(json.dumps({"cases_per_s": count / statistics.median(passes), "cases": count, "sample": shown}))


def _pass(work: Chunk, columns: Mapping[str, Any], count: int, chunk: int) -> list[Mapping[str, Any]]:
    return [
        work({name: values[first : min(first + chunk, count)] for name, values in columns.items()})
        for first in range(0, count, chunk)
    ]
