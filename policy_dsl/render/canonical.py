"""Plain data as canonical JSON: sorted keys, one blank of indentation for each depth, every sign as itself.

The text is the one that `json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)` gives; a test compares them.
That function hands out a hundred thousand little pieces; this one puts whole lines together.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import Any


def canonical(data: Any) -> str:
    """The text of plain data: dictionaries with texts as keys, lists, texts, whole numbers, truths, nothing."""
    return _text(data, "\n")


def _text(data: Any, line: str) -> str:
    """A value; `line` is the end of a line with the indentation of what stands around the value."""
    if isinstance(data, str):
        return encode_basestring(data)
    if isinstance(data, dict):
        if not data:
            return "{}"
        inner = f"{line} "
        parts = [f"{encode_basestring(key)}: {_text(data[key], inner)}" for key in sorted(data)]
        return "{" + inner + f",{inner}".join(parts) + line + "}"
    if isinstance(data, list):
        if not data:
            return "[]"
        inner = f"{line} "
        return "[" + inner + f",{inner}".join([_text(each, inner) for each in data]) + line + "]"
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int):
        return int.__repr__(data)
    raise TypeError(type(data).__name__)
