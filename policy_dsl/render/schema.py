"""The JSON Schema of the JSON form of a decision, made from the records that the form writes.

It is strict: no object has a key that the schema does not name. What `policy_dsl.receipts.plain` writes of a value, by
its type, is said here once for each type; a test holds the two against each other with every document there is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, tzinfo
from enum import Enum
from fractions import Fraction
from functools import cache
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from policy_dsl.cases.case import Case, ChoiceMade, Event, Fact
from policy_dsl.deadlines import Reckoning
from policy_dsl.diagnostics import Problem
from policy_dsl.diagnostics.problem import Severity
from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.definitions import Slice
from policy_dsl.evaluate.derivation import Derived, Gap, InForce, Status, Unknown, Value
from policy_dsl.receipts import Receipt
from policy_dsl.receipts.outcome import PARTS
from policy_dsl.receipts.plain import UNTOLD
from policy_dsl.render.data import SCHEMA
from policy_dsl.resolve.program import Entry, Heading
from policy_dsl.sensitivity.figures import Kind
from policy_dsl.syntax import tree
from policy_dsl.values import Address, Quantity, Unit

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TRUTH: Schema = {"type": "boolean"}
MAYBE_COUNT: Schema = {"type": ["integer", "null"]}
ISO = r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d(:\d\d)?)?)?$"
EXACT = r"^-?\d+(/\d+)?$"
DECIMAL = r"^-?\d+(\.\d+)?$"
DIGEST = r"^sha256:[0-9a-f]{64}$"
DIGESTS = ("rules", "words", "case", "outcome")


@cache
def decision_schema() -> Schema:
    """The schema, in the 2020-12 draft."""
    made = _Made()
    hints = get_type_hints(Decision)
    top = {name: made.of(hints[name]) for name in PARTS}
    top |= {
        "schema": {"const": SCHEMA, "description": "The name of this form, with its version."},
        "case": made.of(Case),
        "derivations": {"type": "array", "items": _derivation(made)},
        "policy": _policy(made),
        "problems": _list(made.of(Problem)),
        "receipt": made.of(Receipt),
        "text": _text(),
        "values": _list(_object({"name": TEXT, "subject": _list(TEXT), "value": made.of(Derived)})),
        "what_decided": _what_decided(),
        "as_at": {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\d$",
            "description": "The date as at which the rules were read, where it was asked for.",
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A decision",
        "description": "What `policy decide --format json` writes. Amounts are texts, exact and in decimals.",
        **_object(top, ("as_at", "what_decided")),
        "$defs": dict(sorted(made.defs.items())),
    }


def _object(properties: Schema, optional: Collection[str] = (), description: str = "") -> Schema:
    said = {"description": description} if description else {}
    required = sorted(name for name in properties if name not in optional)
    return {
        **said,
        "type": "object",
        "properties": dict(sorted(properties.items())),
        "required": required,
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _text() -> Schema:
    """The words that the document has beside its tables."""
    operative = _list(_object({"number": COUNT, "text": TEXT}))
    return _object({"language": TEXT, "title": TEXT, "status": TEXT, "operative": operative})


def _policy(made: _Made) -> Schema:
    departure = {"kind": {"enum": ["add", "delete", "replace"]}} | dict.fromkeys(
        ("article", "title", "old_title", "reason"), TEXT
    )
    parts = {
        "file": TEXT,
        "heading": made.of(Heading),
        "model": TEXT,
        "departures": _list(_object(departure)),
        "articles": _list(_object(dict.fromkeys(("article", "title", "part"), TEXT))),
        "provisions": _list(made.of(Entry)),
        "taken": {**_list(TEXT), "description": "The alternatives of a draft that were read as adopted."},
    }
    return _object(parts, ("taken",))


def _derivation(made: _Made) -> Schema:
    details = (Fact, InForce, ChoiceMade, Reckoning, Event)
    detail = [*map(made.of, details), TEXT, _list({"anyOf": [made.of(Slice), {"type": "integer"}, TEXT]})]
    properties: Schema = {
        "number": COUNT,
        "op": TEXT,
        "value": made.of(Value),
        "of": _list(COUNT),
        "name": TEXT,
        "subject": _list(TEXT),
        "article": TEXT,
        "place": TEXT,
        "detail": {"anyOf": detail},
    }
    return _object(properties, ("of", "name", "subject", "article", "place", "detail"), _said(Derived))


def _what_decided() -> Schema:
    """What `policy_dsl.render.decisive` writes of an analysis: its figures are exact texts, each in the unit stated."""
    exact: Schema = {"type": "string", "pattern": EXACT}
    maybe: Schema = {"type": ["string", "null"], "pattern": EXACT}
    pair = {"type": "array", "items": exact, "minItems": 2, "maxItems": 2}
    names = dict.fromkeys(("of", "cohort", "member", "unit"), TEXT)
    changes = _list(_object(names | {"before": maybe, "after": maybe}))
    sorts = {"enum": ["exact", "numerical", "range"]}
    end = _object({"at": exact, "sort": sorts, "holds": TRUTH, "changed_at": exact, "changes": changes})
    kinds = {"enum": sorted(get_args(Kind))}
    keeps = {"enum": ["their figures", "their ratios"]}
    figure = names | {"kind": kinds, "name": TEXT, "year": MAYBE_COUNT, "now": exact}
    figure |= {"others_keep": keeps, "searched": pair}
    disputed = {"between": pair, "same": TRUTH, "examined_to_the_end": TRUTH, "turns": _list(end)}
    parts = {
        "shares": _list(TEXT),
        "stretches": _list(_object(figure | {"low": end, "high": end})),
        "disputed": _list(_object(figure | disputed)),
        "left_out": _list(_object({"of": TEXT, "row": TEXT, "changes": changes})),
        "not_examined": _list(_object(figure)),
        "not_rounded": _list(TEXT),
    }
    return _object(parts, (), "How far each figure may move; only with `--what-decided`, and no part of the receipt.")


class _Made:
    """Schemas of types, each record once under `$defs`."""

    def __init__(self) -> None:
        self.defs: Schema = {}

    def of(self, kind: Any) -> Schema:
        """The schema of what is written of a value of a type."""
        known = self._known(kind)
        if known is not None:
            return known
        origin, inner = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return self._any(inner)
        if origin is Literal:
            return {"enum": sorted(inner)}
        if origin is not None and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if origin is tuple and inner[-1:] != (...,):
            parts = [self.of(each) for each in inner]
            size = {"minItems": len(parts), "maxItems": len(parts)}
            return {"type": "array", "prefixItems": parts, "items": False, **size}
        if origin is not None and issubclass(origin, Iterable) and not is_dataclass(origin):
            return _list(self.of(inner[0]))
        return self._record(origin or kind)

    def _any(self, kinds: Sequence[Any]) -> Schema:
        # A moment is a date too, and both are written alike.
        chosen = [self.of(each) for each in kinds if not (each is datetime and date in kinds)]
        return {"anyOf": [each for index, each in enumerate(chosen) if each not in chosen[:index]]}

    def _known(self, kind: Any) -> Schema | None:
        if isinstance(kind, TypeVar):
            return TEXT
        if isinstance(kind, type):
            if issubclass(kind, Enum):
                return {"enum": [each.value for each in kind]}
            for match, schema in _KNOWN.items():
                if issubclass(kind, match):
                    return schema
            written = _WRITTEN.get(kind)
            if written is not None:
                name = _name(kind)
                if name not in self.defs:
                    self.defs[name] = {}
                    self.defs[name] = written(self)
                return {"$ref": f"#/$defs/{name}"}
        return None

    def _record(self, kind: Any) -> Schema:
        if not (isinstance(kind, type) and is_dataclass(kind)):
            raise TypeError(f"nothing is known of how {kind!r} is written")
        name = _name(kind)
        if name not in self.defs:
            self.defs[name] = {}
            hints = get_type_hints(kind)
            properties = {each.name: self.of(hints[each.name]) for each in fields(kind) if each.name not in UNTOLD}
            if kind is Receipt or name.endswith("_seal"):
                properties |= {each: {"type": "string", "pattern": DIGEST} for each in DIGESTS if each in properties}
            self.defs[name] = _object(properties, (), _said(kind))
        return {"$ref": f"#/$defs/{name}"}


def _name(kind: type) -> str:
    return "amount" if kind is Fraction else re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


def _said(kind: type) -> str:
    """The first sentence of what a record says of itself."""
    return re.sub(r"\s+", " ", (getdoc(kind) or "").split("\n\n")[0]).strip()


def _amount(made: _Made) -> Schema:
    return _object(_EXACTLY, ("rounded",), "An exact amount: as a fraction in lowest terms and in decimals.")


def _quantity(made: _Made) -> Schema:
    said = "An amount with its unit; `bound` tells how far the true value may lie from it."
    return _object(_EXACTLY | {"unit": TEXT, "bound": TEXT}, ("rounded", "bound"), said)


def _derived(made: _Made) -> Schema:
    said = "A value, with the number of its derivation."
    return _object({"derivation": COUNT, "value": made.of(Value)}, (), said)


def _entry(made: _Made) -> Schema:
    said = "A provision: its name, the word that opens it, its title, its address."
    return _object(dict.fromkeys(("name", "kind", "title", "article"), TEXT), (), said)


def _problem(made: _Made) -> Schema:
    place = {"file": TEXT} | dict.fromkeys(("line", "column", "end_line", "end_column"), MAYBE_COUNT)
    words = dict.fromkeys(("code", "slug", "article", "message", "help"), TEXT)
    severity = {"severity": {"enum": [each.value for each in Severity]}}
    related = {"related": _list(_object(place | {"label": TEXT}))}
    return _object(words | severity | place | related, (), "Something that is said of the decision.")


_EXACTLY: Schema = {
    "exact": {"type": "string", "pattern": EXACT},
    "decimal": {"type": "string", "pattern": DECIMAL},
    "rounded": {"const": True},
}
# A truth is a whole number to Python, and must be asked for first.
_KNOWN: dict[Any, Schema] = {
    bool: TRUTH,
    int: {"type": "integer"},
    str: TEXT,
    NoneType: {"type": "null"},
    tzinfo: TEXT,
    Unit: TEXT,
    Address: TEXT,
    date: {"type": "string", "pattern": ISO},
    tree.Node: {"type": "string", "description": "A place in a text: file:line:column."},
}
_WRITTEN: dict[Any, Any] = {
    Fraction: _amount,
    Quantity: _quantity,
    Derived: _derived,
    Entry: _entry,
    Problem: _problem,
    Status: lambda made: _object({"status": TEXT}, (), "A status as a value."),
    Unknown: lambda made: _object({"unknown": _list(made.of(Gap))}, (), _said(Unknown)),
}
