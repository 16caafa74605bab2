"""A decision as canonical data: enough to rebuild every figure, byte for byte the same for the same decision.

Amounts are texts, exact ("4000", "1/3") and in decimals; a decimal that is cut carries `"rounded": true`. Derivations
stand in one list, each value once; everything else refers to them by number. `schema` names this shape and its version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, cast

from policy_dsl.cases.case import ChoiceMade, Event, Fact
from policy_dsl.deadlines import Reckoning
from policy_dsl.diagnostics import Problem
from policy_dsl.diagnostics.rendered import in_order
from policy_dsl.diagnostics.rendered import render as render_problem
from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.definitions import Slice
from policy_dsl.evaluate.derivation import Derived, InForce, Status, Unknown
from policy_dsl.render import numbers, words
from policy_dsl.render.canonical import canonical
from policy_dsl.render.document import Document, Operative
from policy_dsl.resolve.program import Entry
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.values import Address, Quantity, Unit

SCHEMA = "policy-dsl/decision/1"
DIGITS = 20
DETAILS = (Fact, InForce, ChoiceMade, Reckoning, Event, str)
PARTS = (
    "seats", "members", "groups", "shares", "criteria", "timeline", "duties", "guarantees", "funds", "choices",
    "exceptions", "reservations", "complete",
)  # fmt: skip


def as_json(decision: Decision, document: Document) -> str:
    """The canonical text: sorted keys, UTF-8, one line end at the end."""
    return canonical(as_data(decision, document)) + "\n"


def as_data(decision: Decision, document: Document) -> dict[str, Any]:
    """The decision as plain data."""
    writer = _Writer()
    data: dict[str, Any] = {name: writer.data(getattr(decision, name)) for name in PARTS}
    data["values"] = [
        {"name": name, "subject": list(subject), "value": writer.data(value)}
        for (name, subject), value in sorted(decision.values.items(), key=lambda each: each[0])
    ]
    data["problems"] = [writer.data(each) for each in in_order(decision.problems)]
    data["case"] = writer.data(decision.case)
    data["policy"] = _policy(decision, writer)
    data["text"] = _text(document)
    data["schema"] = SCHEMA
    data["derivations"] = writer.written()
    return data


def _policy(decision: Decision, writer: _Writer) -> dict[str, Any]:
    program = decision.program
    return {
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
        "title": document.title,
        "status": words.flat(document.status.line),
        "operative": operative,
    }


def amount(value: Fraction) -> dict[str, Any]:
    """An exact amount: as a fraction in lowest terms and in decimals."""
    above, below = value.numerator, value.denominator
    if below == 1:
        return {"exact": str(above), "decimal": str(above)}
    cut, left = divmod(abs(above) * 10**DIGITS, below)
    whole, rest = divmod(cut, 10**DIGITS)
    digits = str(rest).rjust(DIGITS, "0").rstrip("0")
    text = f"{'-' if above < 0 else ''}{whole}" + (f".{digits}" if digits else "")
    return {"exact": f"{above}/{below}", "decimal": text} | ({"rounded": True} if left else {})


class _Writer:
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
            row["place"] = _place(here.node.span)
        if isinstance(here.detail, DETAILS) or _is_plain(here.detail):
            row["detail"] = self.data(here.detail)

    def data(self, value: object) -> Any:
        """Any value as plain data."""
        match value:
            case Derived():
                return {"derivation": self.refer(value), "value": self.data(value.value)}
            case Quantity():
                bound = {"bound": str(value.bound)} if value.bound else {}
                return amount(value.amount) | {"unit": str(value.unit)} | bound
            case None | bool() | int() | str() if not isinstance(value, Enum):
                return value
            case Enum():
                return value.value
            case Fraction():
                return amount(value)
            case date():
                return numbers.iso(value)
            case Status():
                return {"status": value.text}
            case Unknown():
                return {"unknown": [self.data(each) for each in value.gaps]}
            case Unit() | Address():
                return str(value)
            case Span():
                return _place(value)
            case Entry():
                return {
                    "name": value.name,
                    "kind": value.kind,
                    "title": value.title,
                    "article": str(value.address or ""),
                }
            case tree.Node():
                return _place(value.span)
            case Problem():
                data = render_problem(value).data()
                return data | {"file": _file(str(data["file"])), "related": [_related(r) for r in data["related"]]}  # type: ignore[attr-defined]
        return self._many(value)

    def _many(self, value: object) -> Any:
        if isinstance(value, tuple | list):
            return [self.data(each) for each in value]
        if isinstance(value, Mapping):
            return {_key(key): self.data(each) for key, each in value.items()}
        if isinstance(value, frozenset | set):
            return [self.data(each) for each in sorted(value)]
        if isinstance(value, Iterable):
            return [self.data(each) for each in value]
        names = _fields(cast(Any, type(value)))
        return {name: self.data(getattr(value, name)) for name in names} if names else str(value)


@cache
def _fields(kind: type[object]) -> tuple[str, ...]:
    """The fields of a class of values; none for anything else. Where in a text a value stands is told otherwise."""
    return tuple(each.name for each in fields(kind) if each.name != "span") if is_dataclass(kind) else ()


def _place(span: Span) -> str:
    """File, line and column; the file without its folder, which differs from machine to machine."""
    line, column = span.begins
    return f"{_file(span.source.name)}:{line}:{column}"


def _file(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _related(place: dict[str, object]) -> dict[str, object]:
    return place | {"file": _file(str(place["file"]))}


def _is_plain(detail: object) -> bool:
    """Whether a detail is the slices of a scale, years, or names."""
    return isinstance(detail, tuple) and all(isinstance(each, Slice | int | str) for each in detail)


def _key(key: object) -> str:
    return " of ".join(str(each) for each in reversed(key)) if isinstance(key, tuple) else str(key)
