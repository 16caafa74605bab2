"""Values of a case and a decision as plain data: what the JSON form and the digests are both made from.

Amounts are texts, exact ("4000", "1/3") and in decimals; a decimal that is cut carries `"rounded": true`. Moments are
texts after ISO 8601. A place in a text is a text, "file:line:column", the file without its folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, cast

from policy_dsl.diagnostics import Problem
from policy_dsl.diagnostics.rendered import render as render_problem
from policy_dsl.evaluate.derivation import Derived, Status, Unknown
from policy_dsl.resolve.program import Entry
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.values import Address, Quantity, Unit

UNTOLD = ("span", "as_at")
"""Fields that are not written: where in a text a value stands, and as at which date the law is read in a case.

The first is told otherwise, the second of the decision, since it is no part of the case.
"""

DIGITS = 20
"""How many digits a decimal has after its point at most."""


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


def iso(moment: date | datetime) -> str:
    """The form for machines, as ISO 8601."""
    return moment.isoformat().replace("+00:00", "Z")


def place(span: Span) -> str:
    """File, line and column; the file without its folder, which differs from machine to machine."""
    line, column = span.begins
    return f"{file_name(span.source.name)}:{line}:{column}"


def file_name(path: str) -> str:
    """The name of a file without its folder."""
    return path.replace("\\", "/").rpartition("/")[2]


class Plain:
    """Writes values as plain data; of a derived value it writes the value."""

    def derived(self, value: Derived) -> Any:
        """A derived value."""
        return {"value": self.data(value.value)}

    def data(self, value: object) -> Any:
        """Any value as plain data."""
        match value:
            case Derived():
                return self.derived(value)
            case Quantity():
                bound = {"bound": str(value.bound)} if value.bound else {}
                return amount(value.amount) | {"unit": str(value.unit)} | bound
            case Enum():
                return value.value
            case None | bool() | int():
                return value
            case str():
                # A word of a case knows where it stands; here it is no more than its text.
                return value if type(value) is str else str(value)
            case Fraction():
                return amount(value)
            case date():
                return iso(value)
            case Status():
                return {"status": value.text}
            case Unknown():
                return {"unknown": [self.data(each) for each in value.gaps]}
            case Unit() | Address():
                return str(value)
            case Span():
                return place(value)
            case Entry():
                return {
                    "name": value.name,
                    "kind": value.kind,
                    "title": value.title,
                    "article": str(value.address or ""),
                }
            case tree.Node():
                return place(value.span)
            case Problem():
                data = render_problem(value).data()
                return data | {
                    "file": file_name(str(data["file"])),
                    "related": [each | {"file": file_name(str(each["file"]))} for each in data["related"]],  # type: ignore[attr-defined]
                }
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
    """The fields of a class of values that are written; none for anything else."""
    return tuple(each.name for each in fields(kind) if each.name not in UNTOLD) if is_dataclass(kind) else ()


def _key(key: object) -> str:
    return " of ".join(str(each) for each in reversed(key)) if isinstance(key, tuple) else str(key)
