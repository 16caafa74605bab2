"""What the words of the language mean, each in one sentence: read from `meanings.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from policy_dsl.records import dataclass

REFERENCE = "docs/reference/"
LINES_OF = {"set": "tier", "calendar": "calendar"}

ANYWHERE = ("expression", "function", "status", "name", "value", "unit", "type")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means, the page and the heading of the reference where that is told, and a form to begin from.

    In a form, `${1:word}` is a place to fill in, and `${1|a,b|}` a choice.
    """

    word: str
    says: str
    see: str
    form: str = ""


@cache
def meanings() -> Mapping[str, Mapping[str, Meaning]]:
    """The words of each place: `file`, `header`, `provision`, `notes`, `expression` …, and `lines of X`."""
    import tomllib
    from importlib import resources

    text = (resources.files("policy_dsl.editor") / "meanings.toml").read_text("utf-8")
    found: dict[str, Mapping[str, Meaning]] = {}
    for place, words in tomllib.loads(text).items():
        if place == "lines":
            found |= {f"lines of {owner}": _read(rows) for owner, rows in words.items()}
        else:
            found[place] = _read(words)
    return found


def _read(rows: Mapping[str, Mapping[str, str]]) -> Mapping[str, Meaning]:
    return {word: Meaning(word, row["says"], row["see"], row.get("form", "").strip("\n")) for word, row in rows.items()}


def places(owner: str) -> tuple[str, ...]:
    """The places whose words may stand at the beginning of a line below a provision, or below nothing."""
    if not owner:
        return ("file",)
    if owner == "policy" or owner == "translation":
        return ("header",)
    if owner == "article":
        return ("provision",)
    return (f"lines of {LINES_OF.get(owner, owner)}", "notes")


def words_at(owner: str) -> Iterator[Meaning]:
    """What may open a line below a provision: its lines and the grounds of a line."""
    for place in places(owner):
        yield from meanings().get(place, {}).values()


def meaning(word: str, owner: str, line: str) -> Meaning | None:
    """What a word means in a line below a provision: as the opening of the line, in a phrase of it, or by itself."""
    table = meanings()
    words = line.split()
    for place in places(owner):
        for length in range(min(4, len(words)), 0, -1):
            found = table.get(place, {}).get(" ".join(words[:length]))
            if found is not None and word in words[:length]:
                return found
    plain = f" {' '.join(words)} ".replace(",", " ")
    opening = words[0] if words else ""
    if opening == "rounding" and word in table["rounding"]:
        return table["rounding"][word]
    for place in (*places(owner), f"lines of {LINES_OF.get(opening, opening)}"):
        for phrase in sorted(table.get(place, {}), key=len, reverse=True):
            if word in phrase.split() and f" {phrase} " in plain:
                return table[place][phrase]
    return next((table[place][word] for place in ANYWHERE if word in table[place]), None)
