"""Cases from a table: one row for each case and member, or one row for each case.

A table gives figures, and yes or no, in columns; all that it doesn't give stands in a base case. Rows come by the
record batch; of no table more is held than some thousand cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policy_dsl.cases.case import Case, Datum
from policy_dsl.cases.declared import Declared
from policy_dsl.cases.figures import DATE, MOMENT
from policy_dsl.plan import Column
from policy_dsl.resolve.program import Program
from policy_dsl.sweep import cells
from policy_dsl.sweep.batch import Array, Batch, amount
from policy_dsl.sweep.cells import Cells, NotDue
from policy_dsl.sweep.columns import KEYS, Known, bounds_of, column_named, due, names_of
from policy_dsl.sweep.faults import Table
from policy_dsl.sweep.filling import stated
from policy_dsl.sweep.frames import Bases, Other
from policy_dsl.sweep.rows import Rows, whole_cases
from policy_dsl.sweep.words import Words

CASES = 4096
"""About how many cases are read, and then decided, at a time."""

_DAYS = ("at", "opened")

Index = NDArray[np.int64]


class TableReader:
    """Reads batches of cases from a table whose columns have these names.

    A long table has the columns `case` and `member` and a row for each; a wide one has a row for each case, and columns
    such as `population.AUT`. Columns of indicators in `besides` are passed over. Raises BadTable.
    """

    def __init__(
        self, table: Table, names: Iterable[str], program: Program, base: Case, besides: frozenset[str] = frozenset()
    ) -> None:
        self.table = table
        self.declared = Declared(program)
        self.bases = Bases(base, self.declared)
        self.names = tuple(names)
        self.long = "member" in self.names
        self.known = self._known(besides)
        self._words = Words(program)
        self._place = {code: place for place, code in enumerate(self.bases.members)}

    @property
    def columns(self) -> list[str]:
        """The columns of the table that are read."""
        return [*(name for name in KEYS if name in self.names), *(each.name for each in self.known)]

    @property
    def texts(self) -> frozenset[str]:
        """The columns that hold words: of a table without types they are read as such."""
        words = (each.name for each in self.known if each.column is None or each.column.truth)
        return frozenset((*KEYS, *words))

    @property
    def rows(self) -> int:
        """How many rows hold about as many cases as are decided at a time."""
        return CASES * (max(len(self.bases.members), 1) if self.long else 1)

    def read(self, batches: Iterable[Rows], start: int = 0, stop: int | None = None) -> Iterator[tuple[Batch, ...]]:
        """The cases that begin from row `start` on and before row `stop`, some thousand at a time, by their frames.

        The places of the cases are the numbers of their first rows. Raises BadTable.
        """
        for first, rows in whole_cases(batches, self.rows, self.table, long=self.long, start=start, stop=stop):
            yield tuple(self._long(first, rows) if self.long else self._wide(first, rows))

    def _known(self, besides: frozenset[str]) -> tuple[Known, ...]:
        if self.long and "case" not in self.names:
            raise self.table.without("case")
        found = []
        for name in self.names:
            if name in KEYS or name.partition(".")[0].partition("@")[0] in besides:
                continue
            known = column_named(name, self.declared, self.bases.base.cohorts)
            if known is None:
                near = names_of(self.declared, self.bases.base, wide=not self.long)
                raise self.table.unknown_column(name, [*near, *KEYS])
            if known.each_member and self.long == bool(known.member):
                raise self.table.other_layout(name, long=self.long)
            if known.member and known.member not in self.bases.members:
                raise self.table.unknown_member(known.member, name)
            found.append(known)
        if not found:
            raise self.table.nothing()
        return tuple(found)

    # ---- cells -------------------------------------------------------------------------------------------------------

    def _cells(self, known: Known, first: int, column: pa.Array) -> Cells:
        """The cells of a column, each of which must be what the policy asks for and within its bounds."""
        assert known.column is not None
        try:
            if known.column.truth:
                return cells.truths(column)
            found = cells.figures(column, known.factor)
        except NotDue as fault:
            raise self.table.not_due(known.name, first + fault.cell + 1, fault.text, due(known.asked)) from None
        bounds = bounds_of(known.asked)
        wrong = np.zeros(len(column), bool)
        for bound, beyond in ((bounds.low, np.less), (bounds.high, np.greater)):
            if bound is not None:
                wrong |= beyond(found.values, float(bound))
        if found.absent is not None:
            wrong &= ~found.absent
        if wrong.any():
            cell, unit = int(np.argmax(wrong)), known.factor
            low, high = (each / unit if each is not None else None for each in (bounds.low, bounds.high))
            here = amount(found.values[cell], found.grain) / unit
            raise self.table.outside(known.name, first + cell + 1, here, low, high)
        return found

    def _said(self, known: Known, first: int, column: pa.Array) -> list[Datum | None]:
        try:
            return self._words.read(column, known.asked.wanted)
        except NotDue as fault:
            raise self.table.not_due(known.name, first + fault.cell + 1, fault.text, due(known.asked)) from None

    def _days(self, name: str, first: int, rows: pa.RecordBatch) -> list[Datum | None]:
        """The cells of the column `at` or `opened`."""
        wanted = DATE if name == "at" else MOMENT
        try:
            return self._words.read(rows.column(name), wanted)
        except NotDue as fault:
            raise self.table.not_due(name, first + fault.cell + 1, fault.text, wanted.due) from None

    # ---- one row for each case ---------------------------------------------------------------------------------------

    def _wide(self, first: int, rows: pa.RecordBatch) -> Iterator[Batch]:
        names = _names(rows.column("case")) if "case" in self.names else [str(first + n + 1) for n in range(len(rows))]
        days = {name: self._days(name, first, rows) for name in _DAYS if name in self.names}
        said = [(each, self._said(each, first, rows.column(each.name))) for each in self.known if each.column is None]
        taken = {each.name: self._cells(each, first, rows.column(each.name)) for each in self.known if each.column}
        for other, which in _grouped(len(rows), days, [(k, k.member, values) for k, values in said], None):
            base, members = self.bases.of(other)
            values: dict[str, Array] = {}
            absent: dict[str, NDArray[np.bool_]] = {}
            grains = {}
            for column in self._columns:
                parts = {
                    each.member: _some(taken[each.name], which)
                    for each in self.known
                    if each.column is not None and each.column.name == column.name
                }
                made = parts[""] if not column.each_member else stated(base, members, column, parts, len(which))
                values[column.name] = made.values.reshape(len(which), -1)
                if made.absent is not None:
                    absent[column.name] = made.absent.reshape(len(which), -1)
                if made.grain is not None:
                    grains[column.name] = made.grain
            here = [names[n] for n in which]
            yield Batch(
                base, members, self._columns, values, here, first, absent, grains, places=first + which, other=other
            )

    @property
    def _columns(self) -> tuple[Column, ...]:
        return tuple({each.column.name: each.column for each in self.known if each.column is not None}.values())

    # ---- one row for each case and member ----------------------------------------------------------------------------

    def _long(self, first: int, rows: pa.RecordBatch) -> Iterator[Batch]:
        column = rows.column("case")
        begins = np.concatenate(([0], np.flatnonzero(_changes(column)) + 1))
        names = _names(column.take(pa.array(begins)))
        self._say_apart(names, first, begins)
        lengths = np.diff(np.concatenate((begins, [len(rows)])))
        places = self._members(first, rows.column("member"))
        taken = {each.name: self._cells(each, first, rows.column(each.name)) for each in self.known if each.column}
        for length in np.unique(lengths).tolist():
            cases = np.flatnonzero(lengths == length)
            where = begins[cases][:, None] + np.arange(length)
            who = places[where]
            by_code = np.argsort(who, axis=1, kind="stable")
            where, who = np.take_along_axis(where, by_code, 1), np.take_along_axis(who, by_code, 1)
            double = who[:, 1:] == who[:, :-1]
            if double.any():
                case, at = (int(each[0]) for each in np.nonzero(double))
                row = first + int(where[case, at + 1]) + 1
                raise self.table.twice(names[cases[case]], self.bases.members[int(who[case, at])], row)
            for group in _alike(who):
                codes = tuple(self.bases.members[place] for place in who[group[0]].tolist())
                yield from self._frame(first, rows, codes, [names[n] for n in cases[group]], where[group], taken)

    def _frame(
        self, first: int, rows: pa.RecordBatch, codes: tuple[str, ...], names: Sequence[str], where: Index,
        taken: dict[str, Cells],
    ) -> Iterator[Batch]:  # fmt: skip
        """Cases of the same members: `where` are the rows of each, in the order of the members' codes."""
        lacking = self.bases.fixed() - set(codes)
        if lacking:
            raise self.table.lacking(names[0], sorted(lacking), first + int(where[0].min()) + 1)
        days: dict[str, list[Datum | None]] = {}
        for name in _DAYS:
            if name in self.names:
                self._say_at_odds(name, first, names, where, np.asarray(rows.column(name).to_pylist(), object), None)
                days[name] = self._days(name, first, rows.take(pa.array(where[:, 0])))
        said: list[tuple[Known, str, list[Datum | None]]] = []
        for known in self.known:
            if known.column is None:
                for place, code in enumerate(codes if known.each_member else ("",)):
                    column = rows.column(known.name).take(pa.array(where[:, place]))
                    said.append((known, code, self._said(known, first, column)))
        for other, which in _grouped(len(where), days, said, codes):
            base, members = self.bases.of(other)
            assert members == codes
            here = where[which]
            values, absent, grains = {}, {}, {}
            for known in self.known:
                if known.column is None:
                    continue
                found = taken[known.name]
                name = known.column.name
                if not known.each_member:
                    self._say_at_odds(known.name, first, names, here, found.values, found.absent)
                at = here if known.each_member else here[:, :1]
                values[name] = found.values[at]
                if found.absent is not None and found.absent[at].any():
                    absent[name] = found.absent[at]
                if found.grain is not None:
                    grains[name] = found.grain
            places = first + here.min(axis=1)
            titles = [names[n] for n in which]
            yield Batch(base, members, self._columns, values, titles, first, absent, grains, places=places, other=other)

    def _members(self, first: int, column: pa.Array) -> Index:
        """The place of each row's member among those who hold a seat."""
        coded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
        if coded.null_count:
            cell = int(np.argmax(coded.is_null().to_numpy(zero_copy_only=False)))
            raise self.table.not_due("member", first + cell + 1, "", "the code of a member")
        codes = [str(each) for each in coded.dictionary.to_pylist()]
        indices = coded.indices.to_numpy(zero_copy_only=False)
        places = np.array([self._place.get(code, -1) for code in codes], np.int64)
        found: Index = places[indices] if len(codes) else np.zeros(0, np.int64)
        if (found < 0).any():
            cell = int(np.argmax(found < 0))
            raise self.table.unknown_member(codes[int(indices[cell])], "member", first + cell + 1)
        return found

    def _say_apart(self, names: Sequence[str], first: int, begins: Index) -> None:
        if len(set(names)) == len(names):
            return
        seen: set[str] = set()
        for name, begin in zip(names, begins.tolist(), strict=True):
            if name in seen:
                raise self.table.apart(name, first + begin + 1)
            seen.add(name)

    def _say_at_odds(
        self, column: str, first: int, names: Sequence[str], where: Index, values: Array, absent: Array | None
    ) -> None:
        """The rows of a case must agree on what they state of the case as a whole."""
        where = np.sort(where, axis=1)
        found = values[where]
        other = found != found[:, :1]
        if absent is not None:
            gaps = absent[where]
            other = (other & ~gaps & ~gaps[:, :1]) | (gaps != gaps[:, :1])
        if other.any():
            case, row = (int(each[0]) for each in np.nonzero(other))
            raise self.table.at_odds(names[case], column, first + int(where[case, row]) + 1)


def _changes(column: pa.Array) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.not_equal(column.slice(1), column.slice(0, len(column) - 1)).to_numpy(
        zero_copy_only=False
    )
    return found


def _names(column: pa.Array) -> list[str]:
    return [str(each) for each in column.to_pylist()]


def _some(found: Cells, which: Index) -> Cells:
    return Cells(found.values[which], found.absent[which] if found.absent is not None else None, found.grain)


def _alike(who: Index) -> Iterator[Index]:
    """The cases of the same members, group by group."""
    if (who == who[0]).all():
        yield np.arange(len(who))
        return
    _, group = np.unique(who, axis=0, return_inverse=True)
    for number in range(int(group.max()) + 1):
        yield np.flatnonzero(group.reshape(-1) == number)


def _grouped(
    count: int, days: Mapping[str, list[Datum | None]], said: list[tuple[Known, str, list[Datum | None]]],
    codes: tuple[str, ...] | None,
) -> Iterator[tuple[Other, Index]]:  # fmt: skip
    """The cases by what they have other than the base, beside figures and truths."""
    if not days and not said:
        yield Other(codes), np.arange(count)
        return
    groups: defaultdict[Other, list[int]] = defaultdict(list)
    for n in range(count):
        at, opened = (days[name][n] if name in days else None for name in _DAYS)
        assert at is None or isinstance(at, date)
        assert opened is None or isinstance(opened, date | datetime)
        facts = tuple((known.at, member, values[n]) for known, member, values in said)
        groups[Other(codes, at, opened, facts)].append(n)
    for other, which in groups.items():
        yield other, np.array(which, np.int64)


__all__ = ["CASES", "TableReader"]
