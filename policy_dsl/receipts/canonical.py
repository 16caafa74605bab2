"""Plain data as canonical JSON, laid out for readers or packed for a digest: sorted keys, every sign as itself.

Plain data are dictionaries with texts as keys, lists, texts, whole numbers, truths and nothing. Amounts are texts in
them, so that no reader rounds them. Keys are names of the language and codes of States, in which the order of code
points is that of RFC 8785.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any

ALGORITHM = "sha256"


def digest(data: Any) -> str:
    """The digest of plain data: SHA-256 over their packed form, as `sha256:` and 64 hexadecimal digits."""
    from hashlib import sha256

    # Half a surrogate pair is no sign; a text that was tampered with may hold one, and has a digest nonetheless.
    return f"{ALGORITHM}:{sha256(packed(data).encode('utf-8', 'surrogatepass')).hexdigest()}"


def packed(data: Any) -> str:
    """The text of plain data by RFC 8785: no blanks, no line ends. Raises TypeError for what is no plain data."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_refuse)


def canonical(data: Any) -> str:
    """The text of plain data with one blank of indentation for each depth. Raises TypeError for what is no plain data.

    The text is the one that `json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)` gives; a test compares
    them. That function hands out a hundred thousand little pieces; this one puts whole lines together.
    """
    return _text(data, "\n")


def _refuse(value: object) -> None:
    raise TypeError(type(value).__name__)


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
