"""A sweep whose results a program takes as they come, in its own process and batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import pyarrow as pa

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused
from policy_dsl.files.tables import TableFile
from policy_dsl.pipeline.sweep_parts import Group, Job, Work
from policy_dsl.pipeline.sweeping import Swept, _fitting, _read
from policy_dsl.sweep.rows import Rows
from policy_dsl.sweep.summary import Accumulator
from policy_dsl.sweep.summary_against import Against
from policy_dsl.sweep.writing import Tables

NAME = "the table"
"""What a table that is no file is called in messages."""


class Here:
    """A sweep in this process. `stream` opens the rows of a table that is no file; it is asked once for each run."""

    def __init__(self, job: Job, stream: Callable[[], pa.RecordBatchReader] | None = None) -> None:
        with _fitting():
            self.work = Work(job)
        self.job = job
        self.swept: Swept | None = None
        self._stream = stream

    def tables(self) -> Iterator[Tables]:
        """The tables of results, some thousand cases at a time; `swept` is what they came to. Raises Refused."""
        work = self.work
        gathered = Accumulator(work.side.outputs)
        against = Against(work.old.outputs, work.side.outputs) if work.old is not None else None
        with _fitting():
            for group in self._groups():
                yield work.layout.tables(work.gathered(group, gathered, against))
        compared = against.found() if against is not None else None
        self.swept = Swept(self.job, gathered.found(), compared, tuple(_read(self.job, work)))

    def _groups(self) -> Iterator[Group]:
        if self._stream is None:
            for number in range(self.job.parts):
                yield from self.work.groups(number)
            return
        reader = self.work.reader
        yield from self.work.from_rows(_rows(self._stream(), reader.columns, reader.rows))


class Stream:
    """Rows of a table that is no file: whatever offers its columns in the form of Arrow, or gives record batches.

    That may be a table or a stream of Arrow, a data set, or a data frame. Raises Refused for what is no table.
    """

    def __init__(self, given: Any) -> None:
        self._given = given
        self._opened: pa.RecordBatchReader | None = _reader(given)
        names = tuple(filter(_is_column, self._opened.schema.names))
        doubled = next((name for name in names if names.count(name) > 1), None)
        if doubled is not None:
            raise Refused(Problem("PD956", params={"file": NAME, "reason": f"two columns are called `{doubled}`"}))
        self.table = TableFile(NAME, names, (), "")

    def __call__(self) -> pa.RecordBatchReader:
        """The rows from the first on. Raises Refused where they were a stream that is read by now."""
        reader, self._opened = self._opened, None
        if reader is None:
            if isinstance(self._given, pa.RecordBatchReader | Iterator):
                raise Refused(Problem("PD952"))
            reader = _reader(self._given)
        fields = [(place, field) for place, field in enumerate(reader.schema) if _is_column(field.name)]
        schema = pa.schema([(field.name, _plain_type(field.type)) for _, field in fields])
        columns = (
            [_plain(batch.column(place), _plain_type(field.type)) for place, field in fields] for batch in reader
        )
        return pa.RecordBatchReader.from_batches(
            schema, (pa.RecordBatch.from_arrays(each, schema=schema) for each in columns)
        )


def _is_column(name: str) -> bool:
    """Whether a column is one that somebody made: pandas gives the numbers of its rows along, once some are dropped."""
    return not name.startswith("__index_level_")


def _reader(given: Any) -> pa.RecordBatchReader:
    if hasattr(given, "scanner"):
        return given.scanner().to_reader()
    if hasattr(given, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(given)
    if isinstance(given, pa.RecordBatch):
        return pa.RecordBatchReader.from_batches(given.schema, [given])
    batches = iter(given) if isinstance(given, Iterable) and not isinstance(given, Mapping) else iter(())
    first = next(batches, None)
    if not isinstance(first, pa.RecordBatch):
        raise Refused(Problem("PD951", params={"kind": type(given).__name__}))
    return pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))


def _plain_type(kind: pa.DataType) -> pa.DataType:
    """The type in which the reader of tables takes a column: texts that others keep in other ways are plain texts."""
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    return pa.string() if pa.types.is_string_view(kind) or pa.types.is_large_string(kind) else kind


def _plain(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, _plain(column.dictionary, kind)).dictionary_decode()
    return column if column.type == kind else column.cast(kind)


def _rows(reader: pa.RecordBatchReader, columns: list[str], most: int) -> Iterator[Rows]:
    row = 0
    for batch in reader:
        wanted = batch.select(columns)
        for at in range(0, len(wanted), most):
            yield row + at, wanted.slice(at, most)
        row += len(wanted)
