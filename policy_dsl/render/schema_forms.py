"""What the schemas of reports as data are made of."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def list_of(of: Schema) -> Schema:
    """A list of one kind of thing."""
    return {"type": "array", "items": of}


def closed(optional: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """A record with these fields and no others; those that are not optional must stand in it."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }
