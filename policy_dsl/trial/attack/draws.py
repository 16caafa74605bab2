"""Where a generated case takes its turns from: whole numbers, drawn one after the other.

The lowest number of a draw is its simplest: a search for a small case lowers the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")

_WORD = (1 << 64) - 1


class Draws(Protocol):
    """A source of whole numbers."""

    def integer(self, low: int, high: int) -> int:
        """A number between two others, both included."""


class Seeded:
    """Draws that depend on a seed alone, the same on every machine (SplitMix64, G. L. Steele and others, 2014)."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _WORD

    def integer(self, low: int, high: int) -> int:
        """A number between two others, both included; each is equally likely, but for a part in 2^64 of the range."""
        span = high - low + 1
        drawn = 0
        for _ in range(span.bit_length() // 64 + 1):
            drawn = drawn << 64 | self._next()
        return low + drawn % span

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _WORD
        mixed = self._state
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & _WORD
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & _WORD
        return mixed ^ mixed >> 31


def one_of(draws: Draws, options: Sequence[T]) -> T:
    """One of several; the first is the simplest."""
    return options[draws.integer(0, len(options) - 1)]


def now_and_then(draws: Draws, often: int) -> bool:
    """Yes in one case of so many; no is the simplest."""
    return draws.integer(0, often - 1) == often - 1
