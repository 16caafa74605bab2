"""Rows of a table by whole cases, some thousand at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policy_dsl.sweep.faults import Table

Rows = tuple[int, pa.RecordBatch]
"""A record batch, and the number of its first row in the table, from 0."""


def whole_cases(
    batches: Iterable[Rows], rows: int, table: Table, *, long: bool, start: int = 0, stop: int | None = None
) -> Iterator[Rows]:
    """Rows in batches of about so many, none of which ends within a case.

    Given are the cases whose first row stands from row `start` on and before row `stop`. The batches begin one row
    before `start`, so that it can be told whether a case begins there; in a wide table every row is a case.
    """
    held: list[pa.RecordBatch] = []
    size, first, last, begun = 0, start, None, start == 0
    for row, batch in batches:
        begins = _begins(batch, last, row, table) if long else np.arange(len(batch))
        last = batch.column("case")[-1] if long and len(batch) else last
        if row < start:
            begins = begins[row + begins >= start]
        ended = False
        if stop is not None and len(beyond := begins[row + begins >= stop]):
            batch, begins, ended = batch.slice(0, int(beyond[0])), begins[begins < beyond[0]], True
        if not begun and len(begins):
            cut = int(begins[0])
            batch, row, begins, begun = batch.slice(cut), row + cut, begins - cut, True
        if begun and len(batch):
            first = row if not held else first
            held.append(batch)
            size += len(batch)
            if size >= rows and len(begins) and (cut := int(begins[-1]) + size - len(batch)):
                whole = _joined(held)
                yield first, whole.slice(0, cut)
                held, first, size = [whole.slice(cut)], first + cut, size - cut
        if ended:
            break
    if size:
        yield first, _joined(held)


def _joined(held: list[pa.RecordBatch]) -> pa.RecordBatch:
    return held[0] if len(held) == 1 else pa.concat_batches(held)


def _begins(batch: pa.RecordBatch, last: pa.Scalar | None, row: int, table: Table) -> NDArray[np.int64]:
    """Where cases begin; `last` is the case of the row before."""
    column = batch.column("case")
    if column.null_count:
        cell = int(np.argmax(column.is_null().to_numpy(zero_copy_only=False)))
        raise table.not_due("case", row + cell + 1, "", "the name of the case")
    if not len(column):
        return np.zeros(0, np.int64)
    others = pc.not_equal(column.slice(1), column.slice(0, len(column) - 1)).to_numpy(zero_copy_only=False)
    begins = np.flatnonzero(others) + 1
    return begins if last is not None and last.equals(column[0]) else np.concatenate(([0], begins))
