"""Ties: told apart by agreed figures or by lot, and otherwise left open; never by an order of names or of a file."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Generic, Literal

from policy_dsl.records import dataclass
from policy_dsl.sharing.limits import K


@dataclass(frozen=True, slots=True)
class Tie(Generic[K]):
    """Members with equal claims of whom only `steps` can have one more step.

    `at`: the equal value of the claim (see `Claim`; for hill its square).  `settled_by`: the index of the tie key, or
    "lot", that told them apart; if it did so only in part, those still equal are the next tie.  None: the tie stands,
    and all its members are undetermined.
    """

    members: frozenset[K]
    steps: int
    at: Fraction
    settled_by: int | Literal["lot"] | None


@dataclass(frozen=True, slots=True)
class Settlement(Generic[K]):
    """Who wins a step, who is left open, how many steps the open members still have to draw for, and the stages."""

    winners: frozenset[K]
    open: frozenset[K]
    to_draw: int
    ties: tuple[Tie[K], ...]


def settle(
    contenders: frozenset[K],
    steps: int,
    at: Fraction,
    tie_keys: Sequence[Mapping[K, Fraction]] = (),
    lot: Sequence[K] | None = None,
) -> Settlement[K]:
    """Give `steps` (at most one each) to contenders whose claims are equal.

    The tie keys are asked in turn, the larger figure first.  Those still equal go by the lot: `lot` names the members
    drawn, the first drawn first.  Members that the lot does not name win nothing while the drawn ones suffice; if
    steps are left after the last one drawn, those not named are still undetermined.  If all win or all lose there is
    no tie.

    Raises ValueError if a tie key has no figure for a member it must tell apart, or the lot names a member twice.
    """
    if lot is not None and len(set(lot)) != len(lot):
        raise ValueError("the lot names a member twice")
    ties: list[Tie[K]] = []
    winners: frozenset[K] = frozenset()
    rest, left = contenders, steps
    for index, figures in enumerate(tie_keys):
        if left in (0, len(rest)):
            break
        if missing := [m for m in rest if m not in figures]:
            raise ValueError(f"tie key {index} has no figure for {missing!r}")
        if len({figures[m] for m in rest}) == 1:
            continue
        ties.append(Tie(rest, left, at, index))
        level = sorted((figures[m] for m in rest), reverse=True)[left - 1]
        ahead = frozenset(m for m in rest if figures[m] > level)
        winners |= ahead
        rest, left = frozenset(m for m in rest if figures[m] == level), left - len(ahead)
    if lot is not None and 0 < left < len(rest) and (drawn := [m for m in lot if m in rest][:left]):
        ties.append(Tie(rest, left, at, "lot"))
        winners |= frozenset(drawn)
        rest, left = rest - frozenset(drawn), left - len(drawn)
    if left == len(rest):
        return Settlement(winners | rest, frozenset(), 0, tuple(ties))
    if left == 0:
        return Settlement(winners, frozenset(), 0, tuple(ties))
    return Settlement(winners, rest, left, (*ties, Tie(rest, left, at, None)))
