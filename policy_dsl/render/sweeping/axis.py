"""Scales with ticks for the plots of a sweep: exact places, whole steps of 1, 2 or 5, labels that do not touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from policy_dsl.records import dataclass
from policy_dsl.render import numbers
from policy_dsl.render.figures.canvas import FAINT, INK, QUIET, WIDTH, Canvas, measured

SMALL = Fraction(10)
APART = 8
"""So far apart are labels at least."""
LARGE = ((Fraction(10**12), "million millions"), (Fraction(10**9), "thousand millions"), (Fraction(10**6), "millions"))
"""By what amounts are divided before they are put beside a scale, from ten times as much upwards."""

Ticks = tuple[tuple[Fraction, str], ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """From amounts to places: `low` at `left`, `high` at `left + room`; ticks with their labels.

    Labels count so many as `counts` says: "millions"; empty where they say what it is.
    """

    low: Fraction
    high: Fraction
    left: Fraction
    room: Fraction
    ticks: Ticks = ()
    counts: str = ""

    def place(self, amount: Fraction) -> Fraction:
        """The place of an amount."""
        return self.left + (amount - self.low) * self.room / (self.high - self.low)

    def middle(self, at: Fraction, label: str) -> Fraction:
        """The middle of a label: that of its tick, unless it would leave the sheet."""
        half = measured(label, SMALL) / 2
        return min(max(self.place(at), half), WIDTH - half)

    def draw(self, canvas: Canvas, top: Fraction, bottom: Fraction, *, base: Fraction | None = None) -> None:
        """Faint lines at the ticks with their labels below; a stronger one at the base."""
        for at, label in self.ticks:
            x = self.place(at)
            canvas.line([(x, top), (x, bottom)], FAINT, "0.8")
            canvas.text(self.middle(at, label), bottom + 12, label, "middle", size=SMALL, colour=QUIET)
        if base is not None and self.low <= base <= self.high:
            canvas.line([(self.place(base), top), (self.place(base), bottom)], INK, "1")


def axis(
    amounts: Iterable[Fraction],
    left: Fraction,
    room: Fraction,
    *,
    percent: bool = False,
    signed: bool = False,
    mirror: bool = False,
    zero: bool = True,
) -> Axis:
    """A scale that holds all amounts, and nothing (0) where they are not close together far from it.

    `percent`: amounts are parts of one. `signed`: what is above nothing has a plus. `mirror`: labels do without signs,
    as both sides of nothing count the same. Without `zero` it holds no more than the amounts, unless all are the same.
    """
    found = [*amounts]
    low, high = min(found, default=Fraction(0)), max(found, default=Fraction(0))
    if low == high or (zero and low > 0 and low * 2 < high):
        low = min(low, Fraction(0))
    if low == high or (zero and high < 0 and high * 2 > low):
        high = max(high, Fraction(0))
    if low == high:
        high = low + 1
    if mirror:
        high = max(abs(low), abs(high))
        low = -high
    largest = max(abs(low), abs(high))
    scale, counts = Fraction(1), ""
    if percent:
        scale = Fraction(100)
    else:
        by, counts = next((each for each in LARGE if largest >= 10 * each[0]), (Fraction(1), ""))
        scale = 1 / by
    bare = Axis(low, high, left, room)
    ticks: Ticks = ()
    for wanted in (8, 6, 5, 4, 3, 2, 1):
        step = _step((high - low) * scale / wanted)
        ats = _ticks(low * scale, high * scale, step)
        ticks = tuple((at / scale, _label(at, step, percent, signed, mirror)) for at in ats)
        if len(ticks) <= 9 and _is_apart(bare, ticks):
            break
    else:
        ticks = ticks[:1]
    return Axis(low, high, left, room, ticks, counts)


def _is_apart(scale: Axis, ticks: Ticks) -> bool:
    ends: Sequence[tuple[Fraction, Fraction]] = [
        (scale.middle(at, label), measured(label, SMALL) / 2) for at, label in ticks
    ]
    return all(one + half + APART <= other - next_half for (one, half), (other, next_half) in pairwise(ends))


def _step(least: Fraction) -> Fraction:
    """The least of 1, 2 and 5 times a power of ten that is not below."""
    power = Fraction(1)
    while power < least:
        power *= 10
    while power / 10 >= least:
        power /= 10
    return next(power * part for part in (Fraction(1, 5), Fraction(1, 2), Fraction(1)) if power * part >= least)


def _ticks(low: Fraction, high: Fraction, step: Fraction) -> list[Fraction]:
    first = -(-low // step)
    return [each * step for each in range(first, high // step + 1)]


def _label(at: Fraction, step: Fraction, percent: bool, signed: bool, mirror: bool) -> str:
    text = numbers.decimal(abs(at), numbers.needed_places(step, 12))
    sign = "" if mirror or not at else numbers.MINUS if at < 0 else "+" if signed else ""
    return sign + (numbers.percent(text) if percent else text)
