"""Cases drawn from one: each case is the same whatever their number, and on whatever machine it is drawn.

Cases are drawn by blocks of a thousand. Each block, and in it each column, has a generator of its own, seeded with the
seed, the number of the block and the name of the column (PCG64: M. E. O'Neill, "PCG: A Family of Simple Fast
Space-Efficient Statistically Good Algorithms for Random Number Generation", 2014).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from hashlib import blake2b
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from policy_dsl.cases.case import Case
from policy_dsl.cases.declared import Declared
from policy_dsl.check import Checked
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.engine import Env
from policy_dsl.plan import Column
from policy_dsl.records import dataclass
from policy_dsl.sweep.batch import Array, Batch
from policy_dsl.sweep.cells import Cells
from policy_dsl.sweep.columns import seats_of
from policy_dsl.sweep.filling import FINEST, stated
from policy_dsl.sweep.varying import Range, Varied, weights_of
from policy_dsl.values import Quantity

BLOCK = 1000
"""How many cases are drawn together."""
AT_ONCE = 4 * BLOCK
"""How many cases make a batch."""
STEPS = 10**6
"""A figure that isn't counted is drawn to the first decimal that parts its range into so many steps."""
WEIGHT = Fraction(1, 10**9)
"""Weights are drawn to nine decimals."""


class Drawer:
    """Draws cases that differ from a base case in some columns."""

    def __init__(self, checked: Checked, base: Case, varied: Sequence[Varied], seed: int) -> None:
        self.base = base
        self.seed = seed
        self.members = seats_of(Declared(checked.program), base)
        self.varied = tuple(varied)
        self._multiples = {
            each.column.name: {member: multiples(each, of) for member, of in each.ranges} for each in self.varied
        }
        self._others = dict(_other_weights(checked, base, self.varied))
        self.columns = (*(each.column for each in self.varied), *(each[0] for each in self._others.values()))

    def batches(self, start: int, stop: int) -> Iterator[Batch]:
        """The cases from one number to another; the first case of all is number 0, and is called 1."""
        at = start
        while at < stop:
            end = min(at - at % BLOCK + AT_ONCE, stop)
            yield self._batch(at, end)
            at = end

    def _batch(self, start: int, stop: int) -> Batch:
        blocks = range(start // BLOCK, (stop - 1) // BLOCK + 1)
        cut = slice(start - blocks[0] * BLOCK, stop - blocks[0] * BLOCK)
        values: dict[str, Array] = {}
        absent: dict[str, NDArray[np.bool_]] = {}
        grains: dict[str, Fraction] = {}
        for each in self.varied:
            of = self._multiples[each.column.name]
            drawn = [_drawn(each, of, self.seed, block) for block in blocks]
            parts = {
                member: Cells(
                    np.concatenate([found[member].values for found in drawn])[cut], None, drawn[0][member].grain
                )
                for member, _ in each.ranges
            }
            name = each.column.name
            if each.column.each_member:
                made = stated(self.base, self.members, each.column, parts, stop - start)
                values[name] = made.values
                if made.absent is not None:
                    absent[name] = made.absent
            else:
                made = parts[""]
                values[name] = made.values[:, None]
            if made.grain is not None:
                grains[name] = made.grain
        sums = dict(self._keep_sums(values, grains))
        names = [str(number + 1) for number in range(start, stop)]
        return Batch(self.base, self.members, self.columns, values, names, start, absent, grains, sums=sums)

    def _keep_sums(
        self, values: dict[str, Array], grains: dict[str, Fraction]
    ) -> Iterator[tuple[frozenset[str], Fraction]]:
        """Weights of one key or set of criteria keep their sum: those that are not drawn give way, in proportion.

        Where all are drawn, all are brought to the sum in proportion. What nine decimals can't part goes to the first.
        """
        for together in dict.fromkeys(each.together for each in self.varied if each.together):
            mine = [each.column.name for each in self.varied if each.together == together]
            others = [(c.name, amount) for name, (c, amount) in self._others.items() if name.startswith(f"{together}.")]
            whole = sum((r.stated for v in self.varied if v.together == together for _, r in v.ranges), Fraction(0))
            whole += sum((amount for _, amount in others), Fraction(0))
            total = round(whole / WEIGHT)
            drawn = np.column_stack([np.rint(values[name][:, 0] * 10**9).astype(np.int64) for name in mine])
            if others:
                rest = np.maximum(total - drawn.sum(axis=1), 0)
                parts = np.array([float(amount) for _, amount in others])
                found = np.rint(rest[:, None] * (parts / parts.sum())).astype(np.int64)
            else:
                found = np.zeros((len(drawn), 0), np.int64)
            over = drawn.sum(axis=1) + found.sum(axis=1)
            if not others:
                drawn = np.rint(drawn * (total / np.maximum(over, 1))[:, None]).astype(np.int64)
            else:
                # What is drawn may be more than the whole: then all of it gives way.
                much = drawn.sum(axis=1) > total
                drawn[much] = np.rint(drawn[much] * (total / drawn[much].sum(axis=1))[:, None]).astype(np.int64)
            made = np.column_stack([drawn, found])
            made[np.arange(len(made)), np.argmax(made, axis=1)] += total - made.sum(axis=1)
            for place, name in enumerate([*mine, *(name for name, _ in others)]):
                values[name] = made[:, place : place + 1] / 1e9
                grains[name] = WEIGHT
            yield frozenset((*mine, *(name for name, _ in others))), total * WEIGHT


def _other_weights(
    checked: Checked, base: Case, varied: Sequence[Varied]
) -> Iterator[tuple[str, tuple[Column, Fraction]]]:
    """The weights beside those that are drawn, of the same keys and criteria: they give way to keep the sum."""
    mine = {each.column.name for each in varied}
    engine = engine_for(checked, base) if any(each.together for each in varied) else None
    for together in dict.fromkeys(each.together for each in varied if each.together):
        assert engine is not None
        for row, node in weights_of(checked.program.entries[together]):
            name = f"{together}.{row}"
            value = engine.eval(node, Env()).value
            if name not in mine and isinstance(value, Quantity):
                yield name, (Column(name, node, False), value.amount)


@dataclass(frozen=True, slots=True)
class Multiples:
    """The whole multiples of a grain from which a figure is drawn: the least, the greatest, and what is stated."""

    grain: Fraction
    low: int
    high: int
    stated: float


def multiples(varied: Varied, each: Range) -> Multiples:
    """From which multiples a figure is drawn: where none lies between the bounds, the one nearest to the stated."""
    grain = WEIGHT if varied.together else grain_of(each, whole=varied.whole)
    low, high = ceil(each.low / grain), floor(each.high / grain)
    if low > high:
        low = high = round(each.stated / grain)
    return Multiples(grain, low, high, float(each.stated / grain))


def _drawn(varied: Varied, of: Mapping[str, Multiples], seed: int, block: int) -> dict[str, Cells]:
    """A block of one column: what each member has in a thousand cases."""
    chance = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, block, *_words(varied.column.name)])))
    found = {}
    for member, each in of.items():
        if varied.chance is not None:
            found[member] = Cells(chance.random(BLOCK) < float(varied.chance), None)
            continue
        number = _numbers(chance, varied.shape, each) * each.grain.numerator
        below = each.grain.denominator
        found[member] = Cells(number if below == 1 else number / float(below), None, each.grain)
    return found


def _numbers(chance: np.random.Generator, shape: str, of: Multiples) -> NDArray[np.int64]:
    """Whole numbers between two others, both included."""
    if of.low == of.high:
        return np.full(BLOCK, of.low, np.int64)
    if shape == "uniform":
        return chance.integers(of.low, of.high, BLOCK, endpoint=True)
    mode = min(max(of.stated, of.low), of.high)
    if shape == "triangular":
        figures = chance.triangular(of.low, mode, of.high, BLOCK)
    else:
        figures = _normal(chance, of.low, of.high, mode)
    return np.clip(np.rint(figures), of.low, of.high).astype(np.int64)


def _normal(chance: np.random.Generator, low: int, high: int, mode: float) -> NDArray[np.float64]:
    """The normal distribution about the stated figure, cut to the bounds; four deviations lie between these."""
    deviation = (high - low) / 4
    figures = chance.normal(mode, deviation, BLOCK)
    while (outside := (figures < low) | (figures > high)).any():
        figures[outside] = chance.normal(mode, deviation, int(outside.sum()))
    return figures


def grain_of(each: Range, *, whole: bool) -> Fraction:
    """Of what a figure is drawn as a whole multiple: one, or the decimal that makes steps enough of the range."""
    if whole or each.high - each.low >= STEPS:
        return Fraction(1)
    grain = Fraction(1)
    most = max(abs(each.low), abs(each.high))
    while each.high - each.low < STEPS * grain and most / grain < FINEST / 10 and grain > Fraction(1, 10**12):
        grain /= 10
    return grain


def _words(name: str) -> list[int]:
    """The name of a column as numbers."""
    digest = blake2b(name.encode(), digest_size=16).digest()
    return [int.from_bytes(digest[at : at + 4], "little") for at in range(0, 16, 4)]


__all__ = ["AT_ONCE", "BLOCK", "Drawer"]
