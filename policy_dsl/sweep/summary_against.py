"""Two policies over the same cases, gathered batch by batch as a summary is: parts in any order come to the same."""

from __future__ import annotations

import heapq
import json
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from policy_dsl.plan import Output
from policy_dsl.records import dataclass
from policy_dsl.sweep.batch import Array, Results
from policy_dsl.sweep.summary import FORM, Rows
from policy_dsl.sweep.summary_found import Apart, Compared, Gap, Turned
from policy_dsl.sweep.summary_sketch import Sketch

FIRST = 10
"""So many cases are named: the first in which a set or band differs, and those in which most moved."""
_NOISE = 2.0**-40
_SIGNS = frozenset({"outside", "held", "band", "inside"})


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """An output of the old policy and the one of the new with which it is compared, and the step of the difference."""

    old: Output
    new: Output

    @property
    def whole(self) -> bool:
        """Whether both are whole steps."""
        return self.old.form == self.new.form == "steps"

    @property
    def step(self) -> Fraction:
        """The largest step of which the steps of both are multiples; of figures one base unit."""
        if not self.whole:
            return Fraction(1)
        one, other = Fraction(*self.old.step), Fraction(*self.new.step)
        below = math.lcm(one.denominator, other.denominator)
        return Fraction(math.gcd(int(one * below), int(other * below)), below)

    def amounts(self, output: Output, results: Results) -> Array:
        """What results give for one of the two, in steps of the pair."""
        values = results.values[output.name]
        own = Fraction(*output.step) / self.step
        if self.whole:
            return values.astype(np.int64) * int(own)
        if output.form == "steps":
            return values.astype(np.float64) * (own.numerator / own.denominator)
        return values.astype(np.float64)


class Against:
    """Gathers what differs between the results of an old and of a new policy for the same cases.

    Apportionments and sets are compared that go by the same name, or whose names `called` pairs, old to new.
    """

    def __init__(self, old: Iterable[Output], new: Iterable[Output], called: Iterable[tuple[str, str]] = ()) -> None:
        self.shares: list[Pair] = []
        self.signs: list[Pair] = []
        self.alone: list[str] = []
        self._pair(list(old), {each.name: each for each in new}, dict(called))
        self.rows = Rows()
        self.cases = self.differ = 0
        self.by = [Sketch(each.whole) for each in self.shares]
        self.moved = [Sketch(each.whole) for each in self.shares]
        self.changes: list[dict[int, list[int]]] = [{} for _ in self.shares]
        self.turned: list[dict[int, int]] = [{} for _ in self.signs]
        self.turned_cases = [0] * len(self.signs)
        self.turned_first: list[list[tuple[int, str]]] = [[] for _ in self.signs]
        self.farthest: list[tuple[Fraction, int, str]] = []

    def _pair(self, old: Sequence[Output], new: dict[str, Output], called: dict[str, str]) -> None:
        met = set()
        for each in old:
            other = new.get(called.get(each.name, each.name))
            if each.aspect != "share" and each.aspect not in _SIGNS:
                continue
            if other is None or other.aspect != each.aspect or (each.aspect == "share" and other.unit != each.unit):
                self.alone.append(each.name)
                continue
            met.add(other.name)
            (self.shares if each.aspect == "share" else self.signs).append(Pair(each, other))
        rest = (each for each in new.values() if each.aspect == "share" or each.aspect in _SIGNS)
        self.alone += [each.name for each in rest if each.name not in met and each.name not in self.alone]

    def add(self, old: Results, new: Results) -> None:
        """Gather two results for the same cases. Raises ValueError where the cases are not the same."""
        if list(old.batch.names) != list(new.batch.names):
            raise ValueError("the results are not of the same cases")
        cases = len(old.batch)
        self.cases += cases
        members = tuple(sorted({*old.batch.members, *new.batch.members}))
        rows = self.rows.of(members)
        differs = np.zeros(cases, np.bool_)
        moved: list[tuple[Pair, Array, Array]] = []
        for at, pair in enumerate(self.shares):
            sides = [_side(pair, each, results, members) for each, results in ((pair.old, old), (pair.new, new))]
            known = ~(sides[0][1] | sides[1][1])
            by = np.where(known, _difference(sides[0][0], sides[1][0]), 0)
            self.by[at].add(rows, by, known)
            differs |= (by != 0).any(axis=1)
            for column, row in enumerate(rows):
                counts = self.changes[at].setdefault(row, [0, 0])
                counts[0] += int(np.count_nonzero(by[:, column] > 0))
                counts[1] += int(np.count_nonzero(by[:, column] < 0))
            all_known: Array = np.logical_and.reduce(known, axis=1)
            sums = np.abs(by).sum(axis=1)
            self.moved[at].add([0], sums.reshape(cases, 1), all_known.reshape(cases, 1))
            moved.append((pair, sums, all_known))
        for at, pair in enumerate(self.signs):
            self._turn(at, pair, old, new, members, rows)
        self.differ += int(np.count_nonzero(differs))
        self._far(moved, old)

    def _turn(
        self, at: int, pair: Pair, old: Results, new: Results, members: Sequence[str], rows: Sequence[int]
    ) -> None:
        one, other = (
            _placed(results.values[each.name], results, members) for each, results in ((pair.old, old), (pair.new, new))
        )
        unknown = _unknown(pair.old, old, members) | _unknown(pair.new, new, members)
        other_way = (one != other) & ~unknown
        for row, count in zip(rows, np.count_nonzero(other_way, axis=0), strict=True):
            self.turned[at][row] = self.turned[at].get(row, 0) + int(count)
        places = np.flatnonzero(other_way.any(axis=1))
        self.turned_cases[at] += len(places)
        order, names = old.batch.order, old.batch.names
        here = heapq.nsmallest(FIRST, places.tolist(), key=order.__getitem__)
        named = [(int(order[each]), names[each]) for each in here]
        self.turned_first[at] = heapq.nsmallest(FIRST, [*self.turned_first[at], *named])

    def _far(self, moved: Sequence[tuple[Pair, Array, Array]], results: Results) -> None:
        """The cases in which most moved, by the first apportionment; equal ones in the order of cases."""
        for pair, sums, known in moved[:1]:
            amounts = np.where(known, sums, 0)
            order, names = results.batch.order, results.batch.names
            best = [each for each in np.lexsort((order, -amounts))[:FIRST].tolist() if amounts[each] > 0]
            here = [(Fraction(amounts[each].item()) * pair.step / 2, int(order[each]), names[each]) for each in best]
            self.farthest = _farthest([*self.farthest, *here])

    def merge(self, other: Against) -> None:
        """Add what was gathered elsewhere, of the same policies."""
        if self._names() != other._names():
            raise ValueError("what is put together must be of the same outputs")
        rows = self.rows.of(other.rows.numbers)
        self.cases, self.differ = self.cases + other.cases, self.differ + other.differ
        for at in range(len(self.shares)):
            self.by[at].merge(other.by[at], rows)
            self.moved[at].merge(other.moved[at], [0])
            for row, (more, less) in other.changes[at].items():
                counts = self.changes[at].setdefault(rows[row], [0, 0])
                counts[0], counts[1] = counts[0] + more, counts[1] + less
        for at in range(len(self.signs)):
            for row, count in other.turned[at].items():
                self.turned[at][rows[row]] = self.turned[at].get(rows[row], 0) + count
            self.turned_cases[at] += other.turned_cases[at]
            self.turned_first[at] = heapq.nsmallest(FIRST, [*self.turned_first[at], *other.turned_first[at]])
        self.farthest = _farthest([*self.farthest, *other.farthest])

    # ---- as data, to be kept between runs ----------------------------------------------------------------------------

    def state(self) -> bytes:
        """All that was gathered, in one form only: the same cases give the same bytes, in whatever order they came."""
        members = sorted(self.rows.numbers.items())
        data = {
            "form": FORM,
            "pairs": self._names(),
            "counts": [self.cases, self.differ],
            "members": [member for member, _ in members],
            "shares": [
                {
                    "by": [self.by[at].state(row) for _, row in members],
                    "changes": [self.changes[at][row] for _, row in members],
                    "moved": self.moved[at].state(0) if self.cases else None,
                }
                for at in range(len(self.shares))
            ],
            "signs": [
                {
                    "turned": [self.turned[at].get(row, 0) for _, row in members],
                    "cases": self.turned_cases[at],
                    "first": self.turned_first[at],
                }
                for at in range(len(self.signs))
            ],
            "farthest": [[str(amount), place, name] for amount, place, name in self.farthest],
        }
        return json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii")

    @classmethod
    def restored(
        cls, old: Iterable[Output], new: Iterable[Output], state: bytes, called: Iterable[tuple[str, str]] = ()
    ) -> Against:
        """What `state` kept of these outputs. Raises ValueError for another form, or other outputs."""
        made, data = cls(old, new, called), json.loads(state)
        if data.get("form") != FORM or data["pairs"] != made._names():
            raise ValueError("kept in another form, or of other outputs")
        made.cases, made.differ = data["counts"]
        rows = made.rows.of(data["members"])
        for at, each in enumerate(data["shares"]):
            for row, by, changes in zip(rows, each["by"], each["changes"], strict=True):
                made.by[at].restore(row, by)
                made.changes[at][row] = list(changes)
            if each["moved"] is not None:
                made.moved[at].restore(0, each["moved"])
        for at, each in enumerate(data["signs"]):
            made.turned[at] = dict(zip(rows, each["turned"], strict=True))
            made.turned_cases[at] = each["cases"]
            made.turned_first[at] = [(place, name) for place, name in each["first"]]
        made.farthest = [(Fraction(amount), place, name) for amount, place, name in data["farthest"]]
        return made

    def _names(self) -> list[list[str]]:
        return [[each.old.name, each.new.name] for each in (*self.shares, *self.signs)]

    def found(self) -> Compared:
        """What differs so far."""
        members = sorted(self.rows.numbers.items())
        shares = []
        for at, pair in enumerate(self.shares):
            gaps = {}
            for member, row in members if self.cases else ():
                by = self.by[at].distribution(row, pair.step)
                more, less = self.changes[at][row]
                gaps[member] = Gap(by, more, less, by.cases - more - less)
            self.moved[at].hold(1)
            shares.append(Apart(pair.old, pair.new, gaps, self.moved[at].distribution(0, pair.step / 2)))
        turned = [
            Turned(
                pair.old,
                pair.new,
                {member: self.turned[at][row] for member, row in members if self.turned[at].get(row)},
                self.turned_cases[at],
                tuple(name for _, name in self.turned_first[at]),
            )
            for at, pair in enumerate(self.signs)
        ]
        farthest = tuple((name, amount) for amount, _, name in self.farthest)
        return Compared(self.cases, self.differ, tuple(shares), tuple(turned), farthest, tuple(self.alone))


def _farthest(found: list[tuple[Fraction, int, str]]) -> list[tuple[Fraction, int, str]]:
    return sorted(found, key=lambda each: (-each[0], each[1]))[:FIRST]


def _side(pair: Pair, output: Output, results: Results, members: Sequence[str]) -> tuple[Array, Array]:
    """The amounts of all members under one policy, and where there is none. Who holds no seat there has nothing."""
    return _placed(pair.amounts(output, results), results, members), _unknown(output, results, members)


def _difference(one: Array, other: Array) -> Array:
    """How much the other is more. Figures no farther apart than reckoning in binary fractions leaves them are equal."""
    by = other - one
    if by.dtype == np.float64:
        by[np.abs(by) <= np.maximum(np.abs(one), np.abs(other)) * _NOISE] = 0.0
    return by


def _placed(values: Array, results: Results, members: Sequence[str]) -> Array:
    """Columns by these members; of one that the results do not know, nothing."""
    if tuple(members) == results.batch.members:
        return values
    made = np.zeros((len(results.batch), len(members)), values.dtype)
    places = {member: at for at, member in enumerate(members)}
    made[:, [places[each] for each in results.batch.members]] = values
    return made


def _unknown(output: Output, results: Results, members: Sequence[str]) -> Array:
    unknown = results.unknown.get(output.name)
    if unknown is None:
        return np.zeros((len(results.batch), len(members)), np.bool_)
    return _placed(unknown, results, members)


__all__ = ["FIRST", "Against", "Pair"]
