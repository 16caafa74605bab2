"""Tables of cases as files: Parquet, Arrow, CSV, and folders of these; read piece by piece, from any row on."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused, _unreadable
from policy_dsl.records import dataclass
from policy_dsl.source import blake2b

ENDINGS = {
    ".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow",
    ".arrows": "arrow", ".csv": "csv",
}  # fmt: skip
READ = 2**24
LINES = 2**16
"""How many lines of a CSV file make a piece."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows that lie together in a file: row group or record batch `number`, or the bytes from `begin` to `end`."""

    file: str
    form: str
    rows: int
    number: int = 0
    begin: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table: the names of its columns, its pieces in order, and a digest of all its bytes."""

    path: str
    names: tuple[str, ...]
    pieces: tuple[Piece, ...]
    digest: str

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(piece.rows for piece in self.pieces)

    def read(
        self, columns: Sequence[str], texts: Collection[str], start: int, most: int
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The rows from a row on, at most so many at a time, each time with the number of the first.

        Of a CSV file `texts` are the columns that hold words. Raises Refused.
        """
        row = 0
        for piece in self.pieces:
            if row + piece.rows > start:
                try:
                    yield from _from(start, most, row, _read(piece, self.names, columns, texts, most))
                except (pa.ArrowException, OSError, ValueError) as fault:
                    raise _broken(piece.file, fault) from None
            row += piece.rows


def spooled(folder: str, rows: pa.RecordBatchReader) -> str:
    """Rows that come as a stream, written as a table into a folder, batch by batch. Raises Refused."""
    path = os.path.join(folder, "cases.arrow")
    try:
        with pa.OSFile(path, "wb") as sink, pyarrow.ipc.new_file(sink, rows.schema) as file:
            for batch in rows:
                file.write_batch(batch)
    except OSError as error:
        raise Refused(_unreadable(path, error)) from None
    return path


def is_table(path: str) -> bool:
    """Whether a file goes by the name of a table."""
    return os.path.splitext(path)[1].lower() in ENDINGS


def open_table(path: str) -> TableFile:
    """A table, or a folder of tables as one in the order of their names. Raises Refused."""
    files = tables_in(path) if os.path.isdir(path) else [path]
    digest = blake2b(digest_size=20)
    names: tuple[str, ...] | None = None
    pieces: list[Piece] = []
    for file in files:
        form = ENDINGS.get(os.path.splitext(file)[1].lower(), "")
        try:
            found, parts = _OPENED[form](file, digest)
        except (pa.ArrowException, UnicodeDecodeError) as fault:
            raise _broken(file, fault) from None
        except OSError as error:
            raise Refused(_unreadable(file, error)) from None
        if names is not None and found != names:
            reason = f"its columns are not those of {files[0]}, in the same order"
            raise Refused(Problem("PD956", params={"file": file, "reason": reason}))
        names = names or found
        pieces += parts
    if names is None:
        raise Refused(Problem("PD927", params={"file": path}))
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        reason = f"two columns are called `{doubled}`"
        raise Refused(Problem("PD956", params={"file": path, "reason": reason}))
    return TableFile(path, names, tuple(pieces), digest.hexdigest())


def tables_in(folder: str) -> list[str]:
    """The tables of a folder and of the folders in it, in order; what begins with a dot or `_` is none."""
    found = []
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if each[0] not in "._")
        found += [os.path.join(here, each) for each in files if each[0] not in "._" and is_table(each)]
    return sorted(found)


def _from(start: int, most: int, row: int, batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    for batch in batches:
        skip = max(start - row, 0)
        for at in range(skip, len(batch), most):
            yield row + at, batch.slice(at, most)
        row += len(batch)


def _read(
    piece: Piece, names: Sequence[str], columns: Sequence[str], texts: Collection[str], most: int
) -> Iterator[pa.RecordBatch]:
    wanted = list(columns)
    if piece.form == "parquet":
        with pyarrow.parquet.ParquetFile(piece.file, memory_map=True) as file:
            for batch in file.iter_batches(most, [piece.number], wanted, use_threads=False):
                yield batch.select(wanted)
    elif piece.form == "arrow":
        with pa.memory_map(piece.file) as source, pyarrow.ipc.open_file(source) as file:
            yield file.get_batch(piece.number).select(wanted)
    elif piece.form == "stream":
        with pa.memory_map(piece.file) as source, pyarrow.ipc.open_stream(source) as stream:
            for number, batch in enumerate(stream):
                if number == piece.number:
                    yield batch.select(wanted)
    else:
        with open(piece.file, "rb") as source:
            source.seek(piece.begin)
            data = source.read(piece.end - piece.begin)
        yield _csv(data, names, wanted, texts)


def _csv(data: bytes, names: Sequence[str], columns: Sequence[str], texts: Collection[str]) -> pa.RecordBatch:
    """The lines of a CSV file; where one can't be read as figures, all columns as words, so that it can be told."""

    def read(words: Collection[str]) -> pa.Table:
        types = {name: pa.string() if name in words else pa.float64() for name in columns}
        return pyarrow.csv.read_csv(
            pa.BufferReader(data),
            pyarrow.csv.ReadOptions(column_names=list(names), use_threads=False, block_size=max(len(data), 1) + 1),
            pyarrow.csv.ParseOptions(newlines_in_values=b'"' in data),
            pyarrow.csv.ConvertOptions(
                column_types=types, include_columns=list(columns), null_values=[""], strings_can_be_null=True
            ),
        )

    try:
        table = read(texts)
    except pa.ArrowInvalid:
        table = read(columns)
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)


# ---- what lies where -------------------------------------------------------------------------------------------------


def _parquet(path: str, digest: Any) -> tuple[tuple[str, ...], list[Piece]]:
    _take(path, digest)
    with pyarrow.parquet.ParquetFile(path) as file:
        groups = [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
        names = tuple(file.schema_arrow.names)
    return names, [Piece(path, "parquet", rows, number) for number, rows in enumerate(groups)]


def _arrow(path: str, digest: Any) -> tuple[tuple[str, ...], list[Piece]]:
    _take(path, digest)
    with pa.memory_map(path) as source:
        try:
            with pyarrow.ipc.open_file(source) as file:
                lengths = [len(file.get_batch(number)) for number in range(file.num_record_batches)]
                return tuple(file.schema.names), [Piece(path, "arrow", rows, n) for n, rows in enumerate(lengths)]
        except pa.ArrowInvalid:
            source.seek(0)
            with pyarrow.ipc.open_stream(source) as stream:
                names = tuple(stream.schema.names)
                return names, [Piece(path, "stream", len(batch), n) for n, batch in enumerate(stream)]


def _take(path: str, digest: Any) -> None:
    with open(path, "rb") as file:
        while block := file.read(READ):
            digest.update(block)


def _lines(path: str, digest: Any) -> tuple[tuple[str, ...], list[Piece]]:
    """The head of a CSV file, and where every so many lines begin; a line may go on within quotes."""
    with open(path, "rb") as file:
        head, begin = _head(path, file, digest)
        pieces: list[Piece] = []
        at, lines, quoted, first, ended = begin, 0, 0, begin, True
        while block := file.read(READ):
            digest.update(block)
            signs = np.frombuffer(block, np.uint8)
            ends = np.flatnonzero(signs == 10)
            if b'"' in block or quoted:
                quotes = np.cumsum(signs == 34)
                ends = ends[(quotes[ends] + quoted) % 2 == 0]
                quoted = (quoted + int(quotes[-1])) % 2
            done = 0
            while len(ends) - done >= LINES - lines:
                done += LINES - lines
                end = at + int(ends[done - 1]) + 1
                pieces.append(Piece(path, "csv", LINES, begin=first, end=end))
                first, lines = end, 0
            lines += len(ends) - done
            at += len(block)
            ended = block.endswith(b"\n")
    lines += 0 if ended else 1
    if lines:
        pieces.append(Piece(path, "csv", lines, begin=first, end=at))
    return head, _without_blanks(pieces)


def _head(path: str, file: BinaryIO, digest: Any) -> tuple[tuple[str, ...], int]:
    import csv

    line = file.readline(2**20)
    digest.update(line)
    text = line.decode("utf-8-sig").rstrip("\r\n")
    names = next(csv.reader([text]), [])
    if len(names) == 1 and ";" in text:
        reason = "its columns are parted by semicolons; save it with commas"
        raise Refused(Problem("PD956", params={"file": path, "reason": reason}))
    return tuple(name.strip() for name in names), len(line)


def _without_blanks(pieces: list[Piece]) -> list[Piece]:
    """The pieces with the rows that they really have: empty lines are none."""
    made = []
    for piece in pieces:
        with open(piece.file, "rb") as file:
            file.seek(piece.begin)
            data = file.read(piece.end - piece.begin)
        blank = data.startswith((b"\n", b"\r\n")) or b"\n\n" in data or b"\n\r\n" in data
        if blank:
            rows = len([line for line in data.split(b"\n") if line.strip()])
            piece = Piece(piece.file, "csv", rows, begin=piece.begin, end=piece.end)
        made.append(piece)
    return made


_OPENED = {"parquet": _parquet, "arrow": _arrow, "csv": _lines}


def _broken(file: str, fault: Exception) -> Refused:
    reason = str(fault).splitlines()[0] if str(fault) else "it is damaged"
    return Refused(Problem("PD956", params={"file": file, "reason": reason[:1].lower() + reason[1:]}))
