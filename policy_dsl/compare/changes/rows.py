"""Rows of two tables in pairs: those that say the same, those with the same key, and what is left of one form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from policy_dsl.compare.changes.forms import Rows
from policy_dsl.compare.changes.written import alike
from policy_dsl.syntax import tree

Pair = tuple[tree.Node | None, tree.Node | None]


def paired_rows(form: Rows, old: Sequence[tree.Node], new: Sequence[tree.Node]) -> list[Pair]:
    """Rows in pairs, in the order of the new table; one that fell away stands after the row that was before it."""
    found: dict[int, int] = {}
    _match(found, old, new, tree.same)
    _match(found, old, new, alike)
    _match(found, old, new, lambda one, other: all(alike(getattr(one, k), getattr(other, k)) for k in form.key))
    if not _told_apart(form) or any(isinstance(row, tree.Define) for row in old):
        _match(found, old, new, lambda one, other: _common(form, one, other))
    left = [at for at in range(len(old)) if at not in found], [at for at in range(len(new)) if at not in found.values()]
    if len(left[0]) == len(left[1]) == 1 and len(form.key) + len(form.fields) > 1 and not _told_apart(form):
        found[left[0][0]] = left[1][0]
    back = {now: was for was, now in found.items()}
    pairs: list[Pair] = [(old[back[at]] if at in back else None, row) for at, row in enumerate(new)]
    for at, row in enumerate(old):
        if at not in found:
            before = next((one for one in reversed(range(at)) if one in found), None)
            place = 0 if before is None else next(n for n, pair in enumerate(pairs) if pair[0] is old[before]) + 1
            pairs.insert(place, (row, None))
    return pairs


def longest_kept(pairs: Sequence[Pair], old: Sequence[tree.Node], new: Sequence[tree.Node]) -> bool:
    """Whether the rows that stand in both tables stand in the same order."""
    places = {id(row): at for at, row in enumerate(old)}
    kept = [places[id(was)] for was, now in pairs if was is not None and now is not None]
    return kept == sorted(kept)


def _told_apart(form: Rows) -> bool:
    """Whether rows go by a name: then another name is another row."""
    return form.key in (("name",), ("code",), ("by",), ("what",), ("holder",))


def _common(form: Rows, one: tree.Node, other: tree.Node) -> bool:
    """Whether all but the key is the same: then the key changed."""
    rest = [name for name in type(one)._inner if name not in (*form.key, "notes")]
    if form.key == ("kind", "threshold"):
        rest.append("kind")
    return bool(rest) and all(alike(getattr(one, name), getattr(other, name)) for name in rest)


def _match(
    found: dict[int, int],
    old: Sequence[tree.Node],
    new: Sequence[tree.Node],
    fits: Callable[[tree.Node, tree.Node], bool],
) -> None:
    taken = set(found.values())
    for at, one in enumerate(old):
        if at in found:
            continue
        place = next((n for n, other in enumerate(new) if n not in taken and fits(one, other)), None)
        if place is not None:
            found[at] = place
            taken.add(place)
