"""The usual majorities, each a plain function of a composition.

Thresholds are exact and never rounded: of 28 members 55 per cent are 15.4, which 16 reach and 15 don't. Nobody's vote
adopts nothing: a majority counted in favour isn't met by an empty side, however low its threshold.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from policy_dsl.records import dataclass
from policy_dsl.voting.composition import Composition
from policy_dsl.voting.errors import BadThreshold, NegativeWeight, NeverExceeded, NoWeight, NoWeightAtAll

Voter = TypeVar("Voter", bound=Hashable)


class Standard(StrEnum):
    """How `reached` must stand to `needed`."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Majority:
    """What a majority needed, what was reached, and of how much, in heads or in weight.

    `reached` counts those in favour, except under `Standard.AT_MOST`, where it counts those against.
    """

    needed: Fraction
    reached: Fraction
    of: Fraction
    test: Standard
    met: bool


@dataclass(frozen=True, slots=True)
class Blocking:
    """Whether those who aren't in favour are enough to block: `least` are needed, `opposing` there are."""

    least: int
    opposing: int
    stands: bool


@dataclass(frozen=True, slots=True)
class DoubleMajority:
    """A majority of heads and one of weight, the latter deemed attained where no blocking minority stands."""

    heads: Majority
    weight: Majority
    blocking: Blocking | None
    met: bool


def simple(composition: Composition[Voter]) -> Majority:
    """More in favour than against. UN General Assembly, Rules of Procedure, rules 85 and 86."""
    return _measured(len(composition.against), len(composition.favour), len(composition.voting), Standard.MORE_THAN)


def absolute(composition: Composition[Voter]) -> Majority:
    """More than half of all voters in favour. TFEU, Art. 238(1)."""
    heads = len(composition.voters)
    return _measured(Fraction(heads, 2), len(composition.favour), heads, Standard.MORE_THAN)


def of_members(composition: Composition[Voter], ratio: Fraction) -> Majority:
    """At least `ratio` of all voters in favour. Raises `BadThreshold` for a ratio outside 0 to 1."""
    heads = len(composition.voters)
    return _measured(_ratio(ratio) * heads, len(composition.favour), heads, Standard.AT_LEAST)


def of_voting(composition: Composition[Voter], ratio: Fraction) -> Majority:
    """At least `ratio` of those in favour or against. Raises `BadThreshold` for a ratio outside 0 to 1."""
    heads = len(composition.voting)
    return _measured(_ratio(ratio) * heads, len(composition.favour), heads, Standard.AT_LEAST)


def two_thirds_of_members(composition: Composition[Voter]) -> Majority:
    """Two thirds of all voters in favour. UN Charter, Art. 108 (adoption of amendments)."""
    return of_members(composition, Fraction(2, 3))


def two_thirds_of_voting(composition: Composition[Voter]) -> Majority:
    """Two thirds of those present and voting. UN Charter, Art. 18(2); General Assembly, Rules of Procedure, rule 86."""
    return of_voting(composition, Fraction(2, 3))


def consensus(composition: Composition[Voter]) -> Majority:
    """Nobody against: the absence of any objection.

    Final Recommendations of the Helsinki Consultations (CSCE, 1973), para. 69.
    """
    return consensus_minus(composition, 0)


def consensus_minus(composition: Composition[Voter], objections: int) -> Majority:
    """No more than so many against.

    Consensus minus one: Prague Document on Further Development of CSCE Institutions and Structures (1992), para. 16.
    Raises `BadThreshold` for a number below zero.
    """
    if objections < 0:
        raise BadThreshold(Fraction(objections))
    return _measured(objections, len(composition.against), len(composition.voters), Standard.AT_MOST)


def weighted(
    composition: Composition[Voter],
    weights: Mapping[Voter, int | Fraction],
    ratio: Fraction,
    test: Standard = Standard.AT_LEAST,
) -> Majority:
    """At least (or more than) `ratio` of the weight of all voters in favour.

    Weights of others than the voters are left aside: who is excepted enters no sum. Raises `NoWeight` for a voter
    without one, `NegativeWeight`, `NoWeightAtAll`, and `BadThreshold` for a ratio outside 0 to 1.
    """
    total = weight_of(composition.voters, weights)
    if total == 0:
        raise NoWeightAtAll
    return _measured(_ratio(ratio) * total, weight_of(composition.favour, weights), total, test)


def blocking_minority(composition: Composition[Voter], least: int) -> Blocking:
    """Whether at least so many voters aren't in favour, an abstention counting as not in favour. TEU, Art. 16(4)."""
    opposing = len(composition.opposing)
    return Blocking(least, opposing, opposing >= least)


def double(
    composition: Composition[Voter],
    heads: Fraction,
    weights: Mapping[Voter, int | Fraction],
    weight: Fraction,
    blocking: int | None = None,
) -> DoubleMajority:
    """At least `heads` of the voters, and at least `weight` of their weight.

    With `blocking`, the majority of weight is deemed attained if fewer voters than that aren't in favour; the majority
    of heads is needed all the same. TEU, Art. 16(4); TFEU, Art. 238(2) and (3). Raises as `weighted` does.
    """
    by_heads = of_members(composition, heads)
    by_weight = weighted(composition, weights, weight)
    minority = None if blocking is None else blocking_minority(composition, blocking)
    deemed = minority is not None and not minority.stands
    return DoubleMajority(by_heads, by_weight, minority, by_heads.met and (by_weight.met or deemed))


def fewest(weights: Mapping[Voter, int | Fraction], ratio: Fraction) -> int:
    """The least number of members whose weight together exceeds `ratio` of the whole.

    One more than that must be in a blocking minority where not all members take part: TFEU, Art. 238(3)(a), second
    subparagraph. Raises `NeverExceeded` if all together don't exceed it, `NegativeWeight`, `BadThreshold` below zero.
    """
    if ratio < 0:
        raise BadThreshold(Fraction(ratio))
    total = weight_of(weights, weights)
    together = Fraction(0)
    for number, weight in enumerate(sorted(weights.values(), reverse=True), start=1):
        together += weight
        if together > ratio * total:
            return number
    raise NeverExceeded(Fraction(ratio))


def weight_of(group: Iterable[Voter], weights: Mapping[Voter, int | Fraction]) -> Fraction:
    """The weight of a group together. Raises `NoWeight` and `NegativeWeight`."""
    members = list(group)
    if missing := [one for one in members if one not in weights]:
        raise NoWeight(missing)
    if negative := [one for one in members if weights[one] < 0]:
        raise NegativeWeight(negative)
    return sum((Fraction(weights[one]) for one in members), Fraction(0))


def _ratio(ratio: Fraction) -> Fraction:
    if not 0 <= ratio <= 1:
        raise BadThreshold(Fraction(ratio))
    return Fraction(ratio)


def _measured(needed: int | Fraction, reached: int | Fraction, of: int | Fraction, test: Standard) -> Majority:
    if test is Standard.AT_LEAST:
        met = reached >= needed and reached > 0
    elif test is Standard.MORE_THAN:
        met = reached > needed
    else:
        met = reached <= needed
    return Majority(Fraction(needed), Fraction(reached), Fraction(of), test, met)
