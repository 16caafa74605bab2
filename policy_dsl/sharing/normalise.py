"""Figures of different kinds brought to one measure: scores, indices, shares, ranks.

All results are pure numbers; the units of the figures cancel.  Mappings keep the caller's order.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from policy_dsl.sharing.limits import ZERO, K


class NoRange(ValueError):
    """All figures are equal (or the worst equals the best): there is nothing to measure against."""


class NoShare(ValueError):
    """The figures sum to zero: nobody has a share of them."""


class NeverExceeded(ValueError):
    """Not even all members together exceed the ratio asked for."""


def score(measure: Fraction, worst: Fraction, best: Fraction) -> Fraction:
    """Where `measure` stands between `worst` (0) and `best` (1), held to 0 … 1; the best may be the lower figure.

    Raises `NoRange` if worst equals best.
    """
    if worst == best:
        raise NoRange(f"the worst and the best measure are both {worst}")
    return min(Fraction(1), max(ZERO, (measure - worst) / (best - worst)))


def index_of(figures: Mapping[K, Fraction]) -> dict[K, Fraction]:
    """The min-max index: 0 for the least figure, 1 for the greatest.

    Raises `NoRange` if all figures are equal or there are none.  Source: OECD/JRC, "Handbook on Constructing
    Composite Indicators", 2008, step 5 (min-max normalisation).
    """
    least, greatest = min(figures.values(), default=ZERO), max(figures.values(), default=ZERO)
    if least == greatest:
        raise NoRange("all figures are equal")
    return {m: (x - least) / (greatest - least) for m, x in figures.items()}


def share_of(figures: Mapping[K, Fraction]) -> dict[K, Fraction]:
    """Each figure by the sum of all; the shares sum to 1.

    Raises ValueError for a negative figure, `NoShare` if the sum is zero.
    """
    if any(x < 0 for x in figures.values()):
        raise ValueError("a negative figure has no share")
    whole = sum(figures.values(), ZERO)
    if whole == 0:
        raise NoShare("the figures sum to zero")
    return {m: x / whole for m, x in figures.items()}


def rank_of(figures: Mapping[K, Fraction], tie_keys: Sequence[Mapping[K, Fraction]] = ()) -> dict[K, int]:
    """1 for the greatest figure; equals share a rank, and the next rank counts all who stand before (1, 1, 3).

    The tie keys are asked in turn, the larger figure first, of those alone who are still equal; whom they do not tell
    apart share a rank.

    Raises ValueError if a tie key has no figure for a member it must tell apart.
    """
    equals: dict[Fraction, list[K]] = {}
    for m, x in figures.items():
        equals.setdefault(x, []).append(m)
    ranks: dict[K, int] = {}
    ahead = 0
    for x in sorted(equals, reverse=True):
        level = equals[x]
        if len(level) > 1 and tie_keys:
            if missing := [m for m in level if m not in tie_keys[0]]:
                raise ValueError(f"a tie key has no figure for {missing!r}")
            among = rank_of({m: tie_keys[0][m] for m in level}, tie_keys[1:])
        else:
            among = dict.fromkeys(level, 1)
        ranks |= {m: ahead + place for m, place in among.items()}
        ahead += len(level)
    return {m: ranks[m] for m in figures}


def fewest(figures: Mapping[K, Fraction], ratio: Fraction) -> int:
    """The least number of members whose figures together exceed `ratio` of the sum (exactly `ratio` does not do).

    Raises ValueError for a negative figure or ratio, `NeverExceeded` if all of them do not exceed it.

    Source: the least size of a blocking group, Treaty on the Functioning of the European Union, Art. 238(3)(a).
    """
    if ratio < 0 or any(x < 0 for x in figures.values()):
        raise ValueError("figures and ratio cannot be negative")
    needed = ratio * sum(figures.values(), ZERO)
    together = ZERO
    for count, x in enumerate(sorted(figures.values(), reverse=True), start=1):
        together += x
        if together > needed:
            return count
    raise NeverExceeded(f"all members together do not exceed {ratio} of the sum")
