"""Merging two versions of a text with the one that both come from: article by article, provision by provision.

What one side changed is taken. What both changed in the same way is taken once. What both changed otherwise stays for
people to settle: both forms stand in the text between marks, in that article alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_dsl.layout.promise import Unkept, difference, read
from policy_dsl.layout.units import Unit, units_of
from policy_dsl.layout.whole import laid_out
from policy_dsl.records import dataclass
from policy_dsl.source import Source

MARKS = 7


@dataclass(frozen=True, slots=True)
class Merged:
    """The text, and what both sides changed: each the article or block, and the provision or words in it."""

    text: str
    conflicts: tuple[tuple[str, str], ...]


def merged(base: Source, ours: Source, theirs: Source, marks: int = MARKS) -> Merged:
    """Merge two versions of a policy. `marks` is how many signs a mark of a conflict has."""
    merge = _Merge(marks)
    lines = merge.file(*(units_of(_canonical(each)) for each in (base, ours, theirs)))
    text = "\n".join([*lines, ""]) if lines else ""
    if not merge.conflicts:
        text = _settled(Source(ours.name, text))
    if "\r\n" in ours.text:
        text = text.replace("\n", "\r\n")
    return Merged(text, tuple(merge.conflicts))


def _canonical(source: Source) -> Source:
    text = laid_out(read(source))
    return Source(source.name, text.replace("\r\n", "\n"))


def _settled(source: Source) -> str:
    """The merged text laid out once more: columns may have become wider."""
    before = read(source)
    text = laid_out(before)
    changed = difference(before, read(Source(source.name, text)))
    if changed:
        raise Unkept(changed)
    return text


class _Merge:
    """One merge, and the conflicts that it met."""

    def __init__(self, marks: int) -> None:
        self.marks = marks
        self.conflicts: list[tuple[str, str]] = []

    def file(self, base: Sequence[Unit], ours: Sequence[Unit], theirs: Sequence[Unit]) -> list[str]:
        """The blocks of the file, with the empty lines between them."""
        written: list[str] = []
        for unit, lines in self._units(base, ours, theirs, ()):
            if lines and written:
                written += ["", ""] if unit.key[0] == "part" else [""]
            written += lines
        return written

    def _units(
        self, base: Sequence[Unit], ours: Sequence[Unit], theirs: Sequence[Unit], within: tuple[str, ...]
    ) -> Iterable[tuple[Unit, list[str]]]:
        """Every unit of the merged text with its lines."""
        in_ours, in_theirs = _matched(base, ours), _matched(base, theirs)
        before = {str(index): unit for index, unit in enumerate(base)}
        for name in _order(list(before), list(in_ours), list(in_theirs)):
            sides = before.get(name), in_ours.get(name), in_theirs.get(name)
            unit = next(each for each in (sides[1], sides[2], sides[0]) if each is not None)
            yield unit, self._unit(*sides, within)

    def _unit(self, base: Unit | None, ours: Unit | None, theirs: Unit | None, within: tuple[str, ...]) -> list[str]:
        was, one, other = (unit.lines if unit is not None else None for unit in (base, ours, theirs))
        if one == other or other == was:
            return list(one or ())
        if one == was:
            return list(other or ())
        called = (*within, _called(next(unit for unit in (ours, theirs) if unit is not None)))
        if ours is not None and theirs is not None and _are_one(base, ours, theirs):
            return self._inside(base, ours, theirs, called)
        return self._conflict(one or (), other or (), called)

    def _inside(self, base: Unit | None, ours: Unit, theirs: Unit, within: tuple[str, ...]) -> list[str]:
        """An article that both sides changed: its head, and its members one by one."""
        was = base.head if base is not None else None
        if ours.head == theirs.head or theirs.head == was:
            written = list(ours.head)
        elif ours.head == was:
            written = list(theirs.head)
        else:
            written = self._conflict(ours.head, theirs.head, within)
        members = base.members if base is not None else ()
        for unit, lines in self._units(members, ours.members, theirs.members, within):
            # Words without a number would run into words right above them.
            runs = unit.key[0] == "words" and lines[:1] and lines[0].lstrip().startswith(">")
            if lines and len(written) > len(ours.head) and (unit.apart or (runs and _are_words(written[-1]))):
                written.append("")
            written += lines
        return written

    def _conflict(self, ours: Sequence[str], theirs: Sequence[str], within: tuple[str, ...]) -> list[str]:
        self.conflicts.append((within[0], within[-1] if len(within) > 1 else ""))
        count = self.marks
        return ["<" * count + " ours", *ours, "=" * count, *theirs, ">" * count + " theirs"]


def _are_one(base: Unit | None, ours: Unit, theirs: Unit) -> bool:
    """Whether two forms of a unit can be merged member by member: two new articles only under one title."""
    one = bool(base.members) if base is not None else ours.title == theirs.title
    return one and bool(ours.members and theirs.members)


def _are_words(line: str) -> bool:
    return line.lstrip().startswith(("> ", "(")) or line.strip() == ">"


def _called(unit: Unit) -> str:
    """What a unit is called in a message."""
    kind, name = unit.key
    if kind == "article":
        return f"Art. {name}"
    if kind == "words":
        return f"paragraph ({name})" if name else "words"
    if kind in ("header", "other", "indicators"):
        return {"header": "the header", "other": "what can't be read", "indicators": "facts"}[kind]
    return f"`{name}`" if kind in ("provision", "line", "name") else f"{kind} “{name}”"


def _matched(base: Sequence[Unit], side: Sequence[Unit]) -> dict[str, Unit]:
    """The units of a side, in their order, by the place of the unit of the base that each of them continues.

    What has the same key and title continues it; else what has the same title, an article with a new number; else what
    has the same key, an article with a new title. Other units are new, and have a name of their own.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()
    for alike in (_same_name, _same_title, _same_key):
        for index, unit in enumerate(side):
            if index in found:
                continue
            places = [place for place, was in enumerate(base) if place not in taken and alike(was, unit)]
            if len(places) == 1 or (places and alike is not _same_title):
                found[index] = places[0]
                taken.add(places[0])
    return {
        str(found[index]) if index in found else f"+{unit.key[0]} {unit.key[1]}": unit
        for index, unit in enumerate(side)
    }


def _same_name(one: Unit, other: Unit) -> bool:
    return one.key == other.key and one.title == other.title


def _same_title(one: Unit, other: Unit) -> bool:
    return one.key[0] == other.key[0] == "article" and one.title == other.title != ""


def _same_key(one: Unit, other: Unit) -> bool:
    return one.key == other.key


def _order(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """The order of the merged text: that of the side that changed it; what the other side added is put in its place."""
    common = set(base) & set(ours) & set(theirs)
    moved = [name for name in ours if name in common] != [name for name in base if name in common]
    first, second = (ours, theirs) if moved else (theirs, ours)
    merged_order = list(first)
    for index, name in enumerate(second):
        if name in merged_order:
            continue
        before = next((each for each in reversed(second[:index]) if each in merged_order), None)
        merged_order.insert(0 if before is None else merged_order.index(before) + 1, name)
    return merged_order
