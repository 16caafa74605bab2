"""Words as adopted, before and after: the stretches that changed, each with a word on either side."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from policy_dsl.compare.changes.record import Said

AROUND = 2
MOST = 3


def word_changes(old: str, new: str) -> Iterator[tuple[Said, Said]]:
    """The stretches in which two texts differ, with two words on either side; both where they differ throughout."""
    before, after = old.split(), new.split()
    compared = SequenceMatcher(None, before, after, autojunk=False)
    changed = _together([code[1:] for code in compared.get_opcodes() if code[0] != "equal"])
    if len(changed) > MOST or compared.ratio() < 0.4:
        yield Said(_short(before)), Said(_short(after))
        return
    for start, end, begin, stop in changed:
        yield _stretch(before, start, end), _stretch(after, begin, stop)


def _together(places: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Stretches between which fewer words stand than are shown around each are one."""
    found: list[tuple[int, int, int, int]] = []
    for place in places:
        if found and place[0] - found[-1][1] <= AROUND:
            found[-1] = (found[-1][0], place[1], found[-1][2], place[3])
        else:
            found.append(place)
    return found


def _stretch(words: list[str], start: int, end: int) -> Said:
    first, last = max(0, start - AROUND), min(len(words), end + AROUND)
    text = _short(words[first:last])
    return Said(f"{'… ' if first else ''}{text}{' …' if last < len(words) else ''}")


def _short(words: list[str], most: int = 24) -> str:
    """The words, or of many the first and the last."""
    if len(words) <= most:
        return " ".join(words)
    return " ".join([*words[: most - 6], "…", *words[-5:]])
