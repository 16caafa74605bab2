"""Whether plain data fit a JSON Schema, as far as ours go: the part of the standard that `render.schema` uses.

The tool itself needs to know no more than that a file has the form of a decision and where it has not; the tests hold
this against a full library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from policy_dsl.records import dataclass

Schema = Mapping[str, Any]
_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda data: isinstance(data, dict),
    "array": lambda data: isinstance(data, list),
    "string": lambda data: isinstance(data, str),
    "integer": lambda data: isinstance(data, int) and not isinstance(data, bool),
    "boolean": lambda data: isinstance(data, bool),
    "null": lambda data: data is None,
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """Where data do not fit: `place` as "shares.0.rows.3.final", empty for the whole.

    `what` is "lacks" or "unknown" with the `key` in question, or "value" with the `value` that may not stand there.
    """

    place: str
    what: str
    key: str = ""
    value: Any = None


def misfit(data: Any, schema: Schema) -> Misfit | None:
    """The first place where data do not fit a schema, or none."""
    return _misfit(data, schema, schema.get("$defs", {}), ())


def _misfit(data: Any, schema: Schema, defs: Schema, at: tuple[str, ...]) -> Misfit | None:
    if "$ref" in schema:
        return _misfit(data, defs[schema["$ref"].rpartition("/")[2]], defs, at)
    if "anyOf" in schema:
        return _any(data, schema["anyOf"], defs, at)
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if kinds and not any(_TYPES[kind](data) for kind in kinds):
        return Misfit(".".join(at), "value", value=data)
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if allowed is not None and not any(data == each and type(data) is type(each) for each in allowed):
        return Misfit(".".join(at), "value", value=data)
    if isinstance(data, str) and "pattern" in schema and not re.search(schema["pattern"], data):
        return Misfit(".".join(at), "value", value=data)
    if isinstance(data, int) and data < schema.get("minimum", data):
        return Misfit(".".join(at), "value", value=data)
    if isinstance(data, dict):
        return _keys(data, schema, defs, at)
    return _items(data, schema, defs, at) if isinstance(data, list) else None


def _any(data: Any, schemas: list[Schema], defs: Schema, at: tuple[str, ...]) -> Misfit | None:
    """None if one of the schemas fits; otherwise what is wrong by the one that came furthest."""
    deepest: Misfit | None = None
    for each in schemas:
        found = _misfit(data, each, defs, at)
        if found is None:
            return None
        if deepest is None or found.place.count(".") > deepest.place.count("."):
            deepest = found
    return (
        deepest if deepest is not None and deepest.place != ".".join(at) else Misfit(".".join(at), "value", value=data)
    )


def _keys(data: dict[str, Any], schema: Schema, defs: Schema, at: tuple[str, ...]) -> Misfit | None:
    lacking = next((name for name in schema.get("required", ()) if name not in data), None)
    if lacking is not None:
        return Misfit(".".join(at), "lacks", lacking)
    properties, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, value in data.items():
        below = properties.get(name, more)
        if below is False:
            return Misfit(".".join(at), "unknown", name)
        found = None if below is True else _misfit(value, below, defs, (*at, name))
        if found is not None:
            return found
    return None


def _items(data: list[Any], schema: Schema, defs: Schema, at: tuple[str, ...]) -> Misfit | None:
    if not schema.get("minItems", 0) <= len(data) <= schema.get("maxItems", len(data)):
        return Misfit(".".join(at), "value", value=data)
    parts = schema.get("prefixItems")
    for index, value in enumerate(data):
        below = parts[index] if parts is not None else schema.get("items", {})
        found = _misfit(value, below, defs, (*at, str(index)))
        if found is not None:
            return found
    return None
