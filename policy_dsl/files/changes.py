"""Waiting for files to change: whoever drafts sees at once what a change does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator

PAUSE = 0.4
"""So many seconds lie between two looks."""

Stamp = tuple[tuple[str, int, int], ...]


def _rest() -> None:
    time.sleep(PAUSE)


def changes(paths: Callable[[], Iterable[str]], rest: Callable[[], None] = _rest) -> Iterator[Stamp]:
    """The state of some files each time it has changed; never ends. `paths` is asked anew for each look.

    A file that is not there counts as one: its coming is a change. `rest` passes the time between two looks.
    """
    known = stamp(paths())
    while True:
        rest()
        now = stamp(paths())
        if now != known:
            known = now
            yield now


def stamp(paths: Iterable[str]) -> Stamp:
    """When each file was last written, and its length; -1 for one that can't be looked at."""
    return tuple((path, *_written(path)) for path in sorted(set(paths)))


def _written(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return -1, -1
    return found.st_mtime_ns, found.st_size
