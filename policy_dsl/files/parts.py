"""The parts of a sweep as files in one folder: each is written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused, _reason, write_bytes

MANIFEST = "sweep.json"
FOLDERS = ("members", "cases", "parts")


def part_file(folder: str, kind: str, number: int) -> str:
    """The file of a part: of the `members`, of the `cases`, or what is noted of it (`parts`)."""
    return os.path.join(folder, kind, f"part-{number:05}.{'json' if kind == 'parts' else 'parquet'}")


def begin(folder: str, manifest: Mapping[str, Any], *, resume: bool) -> None:
    """Make the folder ready: a new one, or the same sweep that was broken off. Raises Refused.

    What a broken run left half-written is taken away.
    """
    found = None
    path = os.path.join(folder, MANIFEST)
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except FileNotFoundError:
        pass
    except (OSError, ValueError):
        found = {}
    if not resume and (found is not None or (os.path.isdir(folder) and os.listdir(folder))):
        raise Refused(Problem("PD998", params={"folder": folder}))
    if found is not None:
        for key, value in manifest.items():
            if found.get(key) != value:
                raise Refused(Problem("PD966", params={"folder": folder, "what": _WHAT.get(key, "options")}))
    try:
        for each in FOLDERS:
            os.makedirs(os.path.join(folder, each), exist_ok=True)
            _sweep_up(os.path.join(folder, each))
    except OSError as error:
        raise Refused(Problem("PD907", params={"file": folder, "reason": _reason(error)})) from None
    if found is None:
        note(path, manifest)


_WHAT = {"policy": "policy", "cases": "cases", "against": "policy it is compared with", "engine": "version of the tool"}


def note(path: str, data: Mapping[str, Any]) -> None:
    """Write data whole or not at all."""
    write_bytes(path, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())


def noted(folder: str, number: int) -> dict[str, Any] | None:
    """What is noted of a part that is done, with both its tables; none where it isn't."""
    try:
        with open(part_file(folder, "parts", number), encoding="utf-8") as file:
            data = json.load(file)
    except (OSError, ValueError):
        return None
    there = all(os.path.isfile(part_file(folder, kind, number)) for kind in ("members", "cases"))
    return data if there and isinstance(data, dict) else None


def tables_of(folder: str, number: int) -> tuple[Any, Any]:
    """Both tables of a part that is done: of members, and of cases. Raises Refused."""
    from pyarrow import ArrowException, parquet

    files = [part_file(folder, kind, number) for kind in ("members", "cases")]
    try:
        members, cases = (parquet.ParquetFile(file).read(use_threads=False) for file in files)
    except (ArrowException, OSError) as error:
        reason = _reason(error) if isinstance(error, OSError) else "it is damaged"
        raise Refused(Problem("PD903", params={"file": files[0], "reason": reason})) from None
    return members, cases


def unfinished(path: str) -> str:
    """Where a file is written before it takes its place: no two processes, on whatever machines, write the same."""
    from platform import node

    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.{node()}.{os.getpid()}.part")


def finish(path: str) -> None:
    """Let what was written take its place."""
    os.replace(unfinished(path), path)


def tidy(folder: str) -> None:
    """Take away what was begun by who was lost over it."""
    for each in FOLDERS:
        _sweep_up(os.path.join(folder, each))


def _sweep_up(folder: str) -> None:
    for name in os.listdir(folder):
        if name.startswith(".part-") and name.endswith(".part"):
            os.unlink(os.path.join(folder, name))


class PartWriter:
    """Writes the tables of one part; they take their places together when the part is done."""

    def __init__(self, folder: str, number: int, schemas: Mapping[str, Any]) -> None:
        from pyarrow import parquet

        self.folder = folder
        self.number = number
        self._files = {kind: part_file(folder, kind, number) for kind in schemas}
        try:
            self._writers = {
                kind: parquet.ParquetWriter(unfinished(file), schemas[kind], compression="zstd", compression_level=1)
                for kind, file in self._files.items()
            }
        except OSError as error:
            raise Refused(Problem("PD907", params={"file": folder, "reason": _reason(error)})) from None

    def write(self, tables: Mapping[str, Any]) -> None:
        """Write some rows of each table."""
        try:
            for kind, table in tables.items():
                self._writers[kind].write_table(table, row_group_size=max(len(table), 1))
        except OSError as error:
            raise self._stopped(error) from None

    def done(self, data: Mapping[str, Any]) -> None:
        """Let the tables take their places, and then note what there is to note of the part."""
        try:
            for kind, writer in self._writers.items():
                writer.close()
                finish(self._files[kind])
        except OSError as error:
            raise self._stopped(error) from None
        note(part_file(self.folder, "parts", self.number), data)

    def give_up(self) -> None:
        """Leave nothing half-written."""
        for kind, writer in self._writers.items():
            try:
                writer.close()
                os.unlink(unfinished(self._files[kind]))
            except OSError:
                continue

    def _stopped(self, error: OSError) -> Refused:
        return Refused(Problem("PD907", params={"file": self.folder, "reason": _reason(error)}))
