"""Changes switched one at a time: which can be made alone, and which only together with others.

A change whose half makes no sound policy (one weight raised, and not yet the other lowered) goes together with what it
needs. The groups are the smallest that are found by adding what stands nearest.
"""

from __future__ import annotations

from policy_dsl.compare.changes.record import Switch
from policy_dsl.compare.effects.mixing import Mixing

Group = tuple[Switch, ...]
MOST_TRIALS = 600
"""So many mixed policies are checked at most; what is not told apart by then goes together."""


def groups(mixing: Mixing) -> tuple[Group, ...]:
    """All switches in groups that can be made, and taken back, by themselves."""
    return _Grouping(mixing).all()


class _Grouping:
    def __init__(self, mixing: Mixing) -> None:
        self.mixing = mixing
        self.trials = 0
        self.order = {switch: at for at, switch in enumerate(mixing.switches)}
        self.every = frozenset(mixing.switches)

    def all(self) -> tuple[Group, ...]:
        found: list[frozenset[Switch]] = []
        left = list(self.mixing.switches)
        while left:
            group = self._smallest(left[0], found)
            # Whatever the group overlaps with is one with it.
            joined = [each for each in found if each & group]
            for each in joined:
                found.remove(each)
                group |= each
            if not self._stands(group) and joined:
                group = self._grown(group, found)
                found = [each for each in found if not each & group]
            found.append(group)
            left = [switch for switch in left if switch not in group]
        told = [tuple(sorted(group, key=self.order.__getitem__)) for group in found]
        return tuple(sorted(told, key=lambda group: self.order[group[0]]))

    def _smallest(self, switch: Switch, found: list[frozenset[Switch]]) -> frozenset[Switch]:
        alone = frozenset((switch,))
        return alone if self._stands(alone) else self._grown(alone, found)

    def _grown(self, group: frozenset[Switch], found: list[frozenset[Switch]]) -> frozenset[Switch]:
        """The group with what it needs: first what stands nearest, then without what it does not need."""
        start = group
        for other in sorted(self.every - group, key=lambda each: (self._far(start, each), self.order[each])):
            group |= next((each for each in found if other in each), frozenset((other,)))
            if self._stands(group):
                break
        for other in sorted(group - start, key=self.order.__getitem__):
            smaller = group - {other}
            if not any(other in each and len(each) > 1 for each in found) and self._stands(smaller):
                group = smaller
        return group

    def _far(self, group: frozenset[Switch], other: Switch) -> int:
        """How far a change stands from a group: in the same field, in the same provision, next to it, anywhere."""
        if any(each[:3] == other[:3] for each in group):
            return 0
        names = {each[1] for each in group}
        if other[1] in names:
            return 1
        for pairs in (self.mixing.pairs.old, self.mixing.pairs.new):
            depends = pairs.program.depends
            if any(other[1] in depends.get(name, ()) or name in depends.get(other[1], ()) for name in names):
                return 2
        return 3

    def _stands(self, group: frozenset[Switch]) -> bool:
        """Whether the old policy with the group, and the new one without it, pass the checker."""
        if group == self.every:
            return True
        self.trials += 1
        if self.trials > MOST_TRIALS:
            return False
        return self.mixing.mixed(group) is not None and self.mixing.mixed(self.every - group) is not None
