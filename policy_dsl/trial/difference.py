"""Where a derivation first departs from what is expected.

A value rests on others, and some of these may be expected too. The first point of difference is the deepest value that
departs: all that it rests on is as expected, as far as anything is expected of it. Where only the result is expected,
that is the result itself, and its last step is where to begin reading.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.evaluate.derivation import Derived
from policy_dsl.records import dataclass
from policy_dsl.trial.running import Trial, Tried


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """The first point at which a derivation departs.

    `tried` is the expectation that is missed there; `inner` tells that it is not the result itself but something on
    which it rests; `agreeing` are expectations below it that are met.
    """

    point: Derived
    tried: Tried
    inner: bool
    agreeing: tuple[Tried, ...]


def first_difference(trial: Trial, failed: Tried) -> Difference | None:
    """The first point of difference of a result that is not as expected; none where nothing was found at all."""
    if failed.value is None:
        return None
    expected = {key: each for each in reversed(trial.tried) if (key := _key(each.value)) is not None}
    agreeing: list[Tried] = []
    own = _key(failed.value)
    for value in inside_out(failed.value):
        key = _key(value)
        found = expected.get(key) if key is not None and key != own else None
        if found is None:
            continue
        if found.problem is not None and found.problem.code != "PD882":
            return Difference(value, found, True, tuple(agreeing))
        if found not in agreeing:
            agreeing.append(found)
    return Difference(failed.value, failed, False, tuple(agreeing))


def inside_out(top: Derived) -> Iterator[Derived]:
    """A value after all that it rests on, each object once: what was found first comes first."""
    stack: list[tuple[Derived, bool]] = [(top, False)]
    seen: set[int] = set()
    while stack:
        here, opened = stack.pop()
        if opened:
            yield here
        elif id(here) not in seen:
            seen.add(id(here))
            stack.append((here, True))
            stack.extend((each, False) for each in reversed(here.of))


def _key(value: Derived | None) -> tuple[str, tuple[str, ...]] | None:
    if value is None or value.entry is None:
        return None
    return value.entry.name, value.subject
