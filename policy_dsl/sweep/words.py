"""Cells that hold neither figures nor truths: dates, moments, States, texts."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa

from policy_dsl.cases.case import Datum
from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.figures import MOMENT, Reader, Wanted
from policy_dsl.cases.nodes import Word
from policy_dsl.cases.states import States
from policy_dsl.resolve.program import Program
from policy_dsl.source import Source, Span
from policy_dsl.sweep.cells import NotDue


class Words:
    """Reads cells by the rules for words in case files, each text once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._known: dict[tuple[str, str], Datum | None] = {}

    def read(self, column: pa.Array, wanted: Wanted) -> list[Datum | None]:
        """What the cells say, none where a cell is empty. Raises NotDue."""
        found: list[Datum | None] = []
        for cell, value in enumerate(column.to_pylist()):
            if value is None or value == "":
                found.append(None)
                continue
            text = value.isoformat() if isinstance(value, date) else str(value)
            if isinstance(value, datetime) and wanted.kind == "date":
                text = value.date().isoformat()
            key = wanted.kind, text
            if key not in self._known:
                if len(self._known) > 4096:
                    self._known.clear()
                self._known[key] = self._datum(text, wanted)
            datum = self._known[key]
            if datum is None:
                raise NotDue(cell, text)
            found.append(datum)
        return found

    def _datum(self, text: str, wanted: Wanted) -> Datum | None:
        say = Complaints()
        reader = Reader(say, States(self.program, say))
        datum = reader.datum(Word(text, Span(Source("table", text), 0, len(text))), wanted)
        if datum is None and wanted.kind == MOMENT.kind and text.endswith("+00:00"):
            return self._datum(text.removesuffix("+00:00") + "Z", wanted)
        return datum
