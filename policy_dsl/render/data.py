"""A decision as canonical data: enough to rebuild every figure, byte for byte the same for the same decision.

Amounts are texts, exact ("4000", "1/3") and in decimals; a decimal that is cut carries `"rounded": true`. Derivations
stand in one list, each value once; everything else refers to them by number. `schema` names this shape and its version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_dsl.cases.case import ChoiceMade, Event, Fact
from policy_dsl.deadlines import Reckoning
from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.definitions import Slice
from policy_dsl.evaluate.derivation import Derived, InForce
from policy_dsl.receipts import receipt_of
from policy_dsl.receipts.canonical import canonical
from policy_dsl.receipts.outcome import outcome_data
from policy_dsl.receipts.plain import Plain, file_name, iso, place
from policy_dsl.render import words
from policy_dsl.render.document import Document, Operative

if TYPE_CHECKING:
    from policy_dsl.sensitivity import WhatDecided

SCHEMA = "policy-dsl/decision/1"
DETAILS = (Fact, InForce, ChoiceMade, Reckoning, Event, str)


def as_json(decision: Decision, document: Document, examined: WhatDecided | None = None) -> str:
    """The canonical text: sorted keys, UTF-8, one line end at the end."""
    return canonical(as_data(decision, document, examined)) + "\n"


def as_data(decision: Decision, document: Document, examined: WhatDecided | None = None) -> dict[str, Any]:
    """The decision as plain data, with what was examined of it. The receipt is the same with and without that."""
    writer = _Writer()
    data = outcome_data(decision, writer)
    data["case"] = writer.data(decision.case)
    data["policy"] |= _policy(decision, writer)
    data["text"] = _text(document)
    data["schema"] = SCHEMA
    if decision.case.as_at is not None:
        data["as_at"] = iso(decision.case.as_at)
    data["derivations"] = writer.written()
    data["receipt"] = Plain().data(receipt_of(decision, data))
    if examined is not None:
        from policy_dsl.render.decisive import decisive_data

        data["what_decided"] = decisive_data(examined, decision.program)
    return data


def _policy(decision: Decision, writer: Plain) -> dict[str, Any]:
    program = decision.program
    told: dict[str, Any] = {"taken": list(program.taken)} if program.taken else {}
    return told | {
        "file": file_name(program.source.name),
        "heading": writer.data(program.heading),
        "model": program.model,
        "departures": [
            {"kind": d.kind, "article": d.article, "title": d.title, "old_title": d.old_title, "reason": d.reason}
            for d in program.departures
        ],
        "articles": [{"article": str(law.address), "title": law.title, "part": law.part} for law in program.law],
    }


def _text(document: Document) -> dict[str, Any]:
    """What the document says in its title, its status and its operative paragraphs."""
    operative = [
        {"number": block.number, "text": words.flat(block.line)}
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Operative)
    ]
    return {
        "language": document.language,
        "title": document.title,
        "status": words.flat(document.status.line),
        "operative": operative,
    }


class _Writer(Plain):
    """Writes values as data, and each derivation once."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.kept: list[Derived] = []
        self.rows: list[dict[str, Any]] = []

    def written(self) -> list[dict[str, Any]]:
        """All derivations in the order of their numbers."""
        return self.rows

    def refer(self, derived: Derived) -> int:
        """The number of a derivation, which is written on first use after those that it was made from."""
        stack = [derived]
        while stack:
            here = stack[-1]
            missing = [each for each in here.of if id(each) not in self.numbers]
            if id(here) in self.numbers or not missing:
                stack.pop()
                self._write(here)
            else:
                stack.extend(reversed(missing))
        return self.numbers[id(derived)]

    def _write(self, here: Derived) -> None:
        if id(here) in self.numbers:
            return
        number = len(self.rows)
        self.numbers[id(here)] = number
        self.kept.append(here)
        row: dict[str, Any] = {"number": number, "op": here.op}
        self.rows.append(row)
        row["value"] = self.data(here.value)
        if here.of:
            row["of"] = [self.numbers[id(each)] for each in here.of]
        if here.entry is not None:
            row["name"] = here.entry.name
        if here.subject:
            row["subject"] = list(here.subject)
        if here.address is not None:
            row["article"] = str(here.address)
        if here.node is not None:
            row["place"] = place(here.node.span)
        if isinstance(here.detail, DETAILS) or _is_plain(here.detail):
            row["detail"] = self.data(here.detail)

    def derived(self, value: Derived) -> Any:
        """The number of a derivation, and its value."""
        return {"derivation": self.refer(value), "value": self.data(value.value)}


def _is_plain(detail: object) -> bool:
    """Whether a detail is the slices of a scale, years, or names."""
    return isinstance(detail, tuple) and all(isinstance(each, Slice | int | str) for each in detail)
