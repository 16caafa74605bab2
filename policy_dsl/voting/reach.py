"""Whether a majority can be reached at all, for the check of a rule before any vote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from policy_dsl.records import dataclass
from policy_dsl.voting.errors import BadThreshold

Condition = Callable[[int, int, int], bool]


@dataclass(frozen=True, slots=True)
class Reach:
    """A composition by which a majority is reached."""

    favour: int
    against: int
    abstaining: int
    absent: int


def reachable(condition: Condition, voters: int, quorum: int | Fraction = 0) -> Reach | None:
    """A composition of `voters` that satisfies `condition` with the quorum present, or None if there is none.

    `condition` is asked of how many are in favour, against and abstaining, the rest being absent; it must depend on
    nothing else. The first found is returned: most in favour, then fewest against, then fewest abstaining. A search
    that finds nothing asks n³/6 questions: some 1.3 million for 193 voters. Raises `BadThreshold` below zero.
    """
    if voters < 0 or quorum < 0:
        raise BadThreshold(Fraction(min(voters, quorum)))
    for found in _compositions(voters):
        if voters - found.absent >= quorum and condition(found.favour, found.against, found.abstaining):
            return found
    return None


def _compositions(voters: int) -> Iterator[Reach]:
    for favour in range(voters, -1, -1):
        for against in range(voters - favour + 1):
            for abstaining in range(voters - favour - against + 1):
                yield Reach(favour, against, abstaining, voters - favour - against - abstaining)
