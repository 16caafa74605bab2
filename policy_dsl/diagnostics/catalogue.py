"""The catalogue: for each code its name, its severity, its message and its help.

The words stand in `catalogue/*.toml`, one file for each room that reports; a message is filled in only when somebody
reads it, so that finding a problem costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from policy_dsl.diagnostics.problem import Severity
from policy_dsl.records import dataclass

_SLOT = re.compile(r"\{(\w+)\}")

FAMILIES = {
    "PD1": "Reading the text",
    "PD2": "Names, articles and other files",
    "PD3": "Units and kinds of value",
    "PD4": "Provisions that can't work",
    "PD5": "Steps, time and votes",
    "PD6": "Advice",
    "PD7": "Cases",
    "PD8": "Decisions",
    "PD9": "Commands and files",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `message` and `help` hold slots, as `{name}`, that the parameters of a problem fill."""

    code: str
    slug: str
    severity: Severity
    message: str
    help: str = ""


def entry(code: str) -> Entry:
    """The entry of a code. Raises KeyError for a code that the catalogue lacks."""
    return entries()[code]


def find(code: str, params: Mapping[str, str] | None = None) -> Entry:
    """The entry of a code, or a stand-in that shows the parameters: a gap in the catalogue must not stop a reader."""
    found = entries().get(code)
    if found is not None:
        return found
    said = "; ".join(f"{key}: {value}" for key, value in sorted((params or {}).items()))
    return Entry(code, "not-in-the-catalogue", Severity.ERROR, said.replace("{", "{{") or "a problem without words")


@cache
def entries() -> Mapping[str, Entry]:
    """All entries by code, in the order of the codes."""
    import tomllib
    from importlib import resources

    found: dict[str, Entry] = {}
    folder = resources.files("policy_dsl.diagnostics") / "catalogue"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".toml"):
            continue
        for code, row in tomllib.loads(file.read_text("utf-8")).items():
            if code in found:
                raise ValueError(f"{code} stands twice in the catalogue, the second time in {file.name}")
            found[code] = Entry(
                code, row["slug"], Severity(row["severity"]), row["message"].strip(), row.get("help", "").strip()
            )
    return dict(sorted(found.items()))


def filled(text: str, params: Mapping[str, str]) -> str:
    """A message with its slots filled. A slot without a parameter stays as it is written."""
    return _SLOT.sub(lambda slot: str(params.get(slot[1], slot[0])), text)
