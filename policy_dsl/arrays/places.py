"""Where values stand: as few arrays as will do, so that those of a chunk stay in the nearest memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policy_dsl.arrays.steps import Seen, Step, Value
from policy_dsl.records import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One array that is used again and again, for values of one size and shape."""

    wide: bool
    membered: bool
    number: int


def places_of(steps: Sequence[Step]) -> Mapping[Value, Place]:
    """A place for each value. Two values share one only where the first is last used before the second is made.

    Steps that go element by element may give their result in the place of an arg that nobody needs afterwards: element
    i is read before element i is written. All others need places of their own beside their args.
    """
    last: dict[Value, int] = {}
    for number, step in enumerate(steps):
        for arg in step.args:
            if isinstance(arg, Seen):
                last[arg.value] = number
        for _, seen in step.gives:
            last.setdefault(seen.value, number)
    found: dict[Value, Place] = {}
    free: dict[tuple[bool, bool], list[Place]] = {}
    made = 0
    for number, step in enumerate(steps):
        args = dict.fromkeys(arg.value for arg in step.args if isinstance(arg, Seen))
        over = [value for value in args if last[value] == number]
        if step.form == "each":
            _release(over, found, free)
        for _, seen in step.gives:
            value = seen.value
            kind = (value.wide, value.membered)
            if free.get(kind):
                found[value] = free[kind].pop()
            else:
                found[value] = Place(*kind, made)
                made += 1
        if step.form != "each":
            _release(over, found, free)
        _release([seen.value for _, seen in step.gives if last[seen.value] == number], found, free)
    return found


def _release(values: Sequence[Value], found: Mapping[Value, Place], free: dict[tuple[bool, bool], list[Place]]) -> None:
    for value in values:
        place = found[value]
        free.setdefault((place.wide, place.membered), []).append(place)
