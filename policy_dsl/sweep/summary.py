"""What a sweep comes to, gathered batch by batch: the memory it takes does not grow with the number of cases.

All that is kept are whole numbers and exact sums. So batches may be gathered in any order and in any parts, on this
machine or on several; the parts put together give the same to the byte as all in one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from policy_dsl.plan import Column, Output
from policy_dsl.plan.outputs import named
from policy_dsl.sweep.batch import Array, Batch, Results
from policy_dsl.sweep.summary_found import Counted, Found, Ranged, Spread, Tally
from policy_dsl.sweep.summary_sketch import Sketch, Window

FORM = 1
"""The version of what is kept between runs."""
_TALLIED = frozenset({"held", "band"})


def is_tallied(output: Output) -> bool:
    """Whether it is counted how often an output is what; all others are figures with a distribution."""
    return output.form == "truth" or output.aspect in _TALLIED


class Tallies:
    """How often which small whole number stands in a row: one for each member, or one of the case."""

    def __init__(self) -> None:
        self.counts = Window()
        self.unknown: list[int] = []

    def add(self, rows: Sequence[int], values: Array, known: Array | None) -> None:
        """Count whole numbers, or truths, shaped (cases, rows)."""
        self.hold(max(rows, default=-1) + 1)
        numbers, places = values.astype(np.int64), np.asarray(rows, np.int64)
        if known is None or known.all():
            self.counts.add(places, numbers, len(self.unknown))
            return
        left = np.add.reduce(~known, axis=0, dtype=np.int64).tolist()
        # What is not known goes to no, or nothing, and is taken off it again.
        self.counts.add(places, np.where(known, numbers, 0), len(self.unknown))
        for at, count in zip(rows, left, strict=True):
            self.unknown[at] += count
            self.counts.counts[at, -self.counts.low] -= count

    def merge(self, other: Tallies, rows: Sequence[int]) -> None:
        """Add others, whose rows have these numbers here."""
        self.hold(max(rows, default=-1) + 1)
        self.counts.merge(other.counts, rows[: other.counts.counts.shape[0]])
        for at, count in zip(rows, other.unknown, strict=False):
            self.unknown[at] += count

    def hold(self, rows: int) -> None:
        """Have room for so many rows."""
        self.unknown += [0] * (rows - len(self.unknown))

    def counted(self, row: int) -> Counted:
        """How often what stands in a row."""
        return Counted(dict(self.counts.pairs(row)), self.unknown[row])

    def state(self, row: int) -> dict[str, Any]:
        """All that is kept of a row, as data."""
        return {"unknown": self.unknown[row], "counts": self.counts.pairs(row)}

    def restore(self, row: int, state: Mapping[str, Any]) -> None:
        """Put what was kept of a row into new ones."""
        self.hold(row + 1)
        self.unknown[row] = state["unknown"]
        for number, count in state["counts"]:
            self.counts.hold(row + 1, number, number)
            self.counts.counts[row, number - self.counts.low] += count


class Rows:
    """The numbers of members, as they are met."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, members: Iterable[str]) -> list[int]:
        """The number of each member; one that was not met before has the next."""
        return [self.numbers.setdefault(member, len(self.numbers)) for member in members]


class Accumulator:
    """Gathers results. `outputs` are those that are summed up; results may hold others too."""

    def __init__(self, outputs: Iterable[Output]) -> None:
        self.outputs = named(outputs)
        self.cases = self.again = self.open = 0
        self.why: Counter[str] = Counter()
        self.hindrances: Counter[str] = Counter()
        self.rows = Rows()
        self.kept: dict[str, Sketch | Tallies] = {
            name: Tallies() if is_tallied(each) else Sketch(each.form != "figure")
            for name, each in self.outputs.items()
        }
        self.columns: dict[str, Ranged] = {}

    def add(self, results: Results) -> None:
        """Gather what a batch gave."""
        cases = len(results.batch)
        self.cases += cases
        self.again += int(np.count_nonzero(results.again))
        self.why.update({why: int(count) for why, count in results.why.items() if count})
        if results.hindrance:
            self.hindrances[results.hindrance] += cases
        for column in results.batch.columns:
            self._put_range(ranged(results.batch, column))
        rows, undetermined = self.rows.of(results.batch.members), np.zeros(cases, np.bool_)
        for each in results.outputs:
            kept = self.kept.get(each.name)
            if kept is None:
                continue
            values, unknown = results.values[each.name], results.unknown.get(each.name)
            if not each.each_member:
                values = values.reshape(cases, 1)
                unknown = None if unknown is None else unknown.reshape(cases, 1)
            if each.aspect == "share" and unknown is not None:
                undetermined |= unknown.any(axis=1)
            kept.add(rows if each.each_member else [0], values, None if unknown is None else ~unknown)
        self.open += int(np.count_nonzero(undetermined))

    def merge(self, other: Accumulator) -> None:
        """Add what was gathered elsewhere, of the same outputs."""
        if self.outputs.keys() != other.outputs.keys():
            raise ValueError("what is put together must be of the same outputs")
        self.cases, self.again, self.open = self.cases + other.cases, self.again + other.again, self.open + other.open
        self.why.update(other.why)
        self.hindrances.update(other.hindrances)
        for each in other.columns.values():
            self._put_range(each)
        rows = self.rows.of(other.rows.numbers)
        for name, theirs in other.kept.items():
            self.kept[name].merge(theirs, rows if self.outputs[name].each_member else [0])  # type: ignore[arg-type]

    def found(self) -> Found:
        """What the sweep comes to so far."""
        members = sorted(self.rows.numbers)
        spreads, tallies = [], []
        for name, each in self.outputs.items():
            kept, numbers = self.kept[name], self._numbers(each)
            if isinstance(kept, Sketch):
                step = Fraction(*each.step) if each.form == "steps" else Fraction(1)
                found = {member: kept.distribution(row, step) for member, row in numbers}
                spreads.append(Spread(each, found))
            else:
                tallies.append(Tally(each, {member: kept.counted(row) for member, row in numbers}))
        columns = tuple(self.columns[name] for name in sorted(self.columns))
        why, hindrances = (dict(sorted(each.items())) for each in (self.why, self.hindrances))
        return Found(
            self.cases, self.again, why, hindrances, self.open, tuple(members), columns, tuple(spreads), tuple(tallies)
        )

    def _numbers(self, output: Output) -> list[tuple[str, int]]:
        """Whose figures an output has, in the order of codes, each with the number of its row, as far as any came."""
        held = len(self.kept[output.name].unknown)
        if not output.each_member:
            return [("", 0)] if held else []
        return [(member, row) for member, row in sorted(self.rows.numbers.items()) if row < held]

    def _put_range(self, new: Ranged) -> None:
        had = self.columns.get(new.name)
        self.columns[new.name] = new if had is None else _joined(had, new)

    # ---- as data, to be kept between runs ------------------------------------------------------------------------

    def state(self) -> bytes:
        """All that was gathered, in one form only: the same cases give the same bytes, in whatever order they came."""
        data = {
            "form": FORM,
            "counts": [self.cases, self.again, self.open],
            "why": dict(self.why),
            "hindrances": dict(self.hindrances),
            "members": sorted(self.rows.numbers),
            "columns": {
                name: [_text(each.least), _text(each.most), each.lacking] for name, each in self.columns.items()
            },
            "kept": {
                name: {member: self.kept[name].state(row) for member, row in self._numbers(each)}
                for name, each in self.outputs.items()
            },
        }
        return json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii")

    @classmethod
    def restored(cls, outputs: Iterable[Output], columns: Iterable[Column], state: bytes) -> Accumulator:
        """What `state` kept of these outputs and columns. Raises ValueError for another form, or other outputs."""
        made, data = cls(outputs), json.loads(state)
        if data.get("form") != FORM or data["kept"].keys() != made.kept.keys():
            raise ValueError("kept in another form, or of other outputs")
        made.cases, made.again, made.open = data["counts"]
        made.why.update(data["why"])
        made.hindrances.update(data["hindrances"])
        made.rows.of(data["members"])
        for each in columns:
            if each.name in data["columns"]:
                least, most, lacking = data["columns"][each.name]
                made._put_range(_range(each, _fraction(least), _fraction(most), lacking))
        for name, rows in data["kept"].items():
            for member, kept in rows.items():
                made.kept[name].restore(made.rows.numbers[member] if member else 0, kept)
        return made


def summary_of(parts: Iterable[Accumulator]) -> Found:
    """What all parts of a sweep come to. Raises ValueError where there is no part."""
    whole: Accumulator | None = None
    for each in parts:
        if whole is None:
            whole = Accumulator(each.outputs.values())
        whole.merge(each)
    if whole is None:
        raise ValueError("nothing to sum up")
    return whole.found()


def ranged(batch: Batch, column: Column) -> Ranged:
    """Between which figures a column of a batch lies."""
    values, absent = batch.values[column.name], batch.absent.get(column.name)
    lacking = 0 if absent is None else int(np.count_nonzero(absent))
    stated = values.ravel() if absent is None else values[~np.broadcast_to(absent, values.shape)]
    if not stated.size:
        return _range(column, None, None, lacking)
    return _range(column, Fraction(stated.min().item()), Fraction(stated.max().item()), lacking)


def _range(column: Column, least: Fraction | None, most: Fraction | None, lacking: int) -> Ranged:
    return Ranged(column.name, column.spot, column.each_member, column.truth, least, most, lacking)


def _joined(one: Ranged, other: Ranged) -> Ranged:
    lows = [each for each in (one.least, other.least) if each is not None]
    highs = [each for each in (one.most, other.most) if each is not None]
    least, most = min(lows, default=None), max(highs, default=None)
    lacking = one.lacking + other.lacking
    return Ranged(one.name, one.spot, one.each_member, one.truth, least, most, lacking)


def _text(amount: Fraction | None) -> str | None:
    return None if amount is None else str(amount)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


__all__ = ["Accumulator", "Rows", "Tallies", "is_tallied", "ranged", "summary_of"]
