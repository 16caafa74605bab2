"""Compositions, quorums and majorities, case by case."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from policy_dsl.voting import (
    BadThreshold,
    Composition,
    Majority,
    NegativeWeight,
    NeverExceeded,
    NotAVoter,
    NoWeight,
    NoWeightAtAll,
    Reach,
    SeatedTwice,
    Standard,
    UnknownVote,
    VotedTwice,
    absolute,
    blocking_minority,
    compose,
    compose_lists,
    consensus,
    consensus_minus,
    double,
    fewest,
    of_members,
    quorum,
    reachable,
    simple,
    tally,
    two_thirds_of_members,
    two_thirds_of_voting,
    weighted,
)


def test_the_sets_of_a_vote() -> None:
    vote = compose("ABCDEF", {"A": "favour", "B": "favour", "C": "against", "D": "abstaining"}, present="AE")
    assert vote.favour == {"A", "B"}
    assert vote.against == {"C"}
    assert vote.abstaining == {"D"}
    assert vote.voting == {"A", "B", "C"}
    assert vote.present == {"A", "B", "C", "D", "E"}, "E is present and silent"
    assert vote.absent == {"F"}
    assert vote.opposing == {"C", "D", "E", "F"}


def test_records_that_cannot_be() -> None:
    with pytest.raises(NotAVoter) as stranger:
        compose("AB", {"Z": "favour", "Y": "against"})
    assert stranger.value.who == ("Y", "Z")
    with pytest.raises(NotAVoter):
        compose("AB", {}, present="C")
    with pytest.raises(SeatedTwice):
        compose("AAB", {})
    with pytest.raises(UnknownVote):
        compose("AB", {"A": "yes"})  # type: ignore[dict-item]
    with pytest.raises(VotedTwice) as twice:
        compose_lists("ABC", "AB", "BC")
    assert twice.value.who == ("B",)
    with pytest.raises(VotedTwice):
        compose_lists("ABC", "AA")
    with pytest.raises(NotAVoter):
        compose_lists("ABC", "AZ")
    with pytest.raises(BadThreshold):
        tally(3, 2, 2)


@pytest.mark.parametrize(
    ("needed", "present", "met"),
    [(3, 3, True), (3, 2, False), (Fraction(22, 10), 2, False), (Fraction(22, 10), 3, True), (0, 0, True)],
)
def test_quorum(needed: int | Fraction, present: int, met: bool) -> None:
    found = quorum(tally(5, abstaining=present), needed)
    assert (found.needed, found.present, found.of, found.met) == (needed, present, 5, met)
    with pytest.raises(BadThreshold):
        quorum(tally(5), -1)


@pytest.mark.parametrize(
    ("majority", "voters", "favour", "against", "abstaining", "met"),
    [
        (simple, 10, 2, 1, 7, True),
        (simple, 10, 2, 2, 0, False),
        (simple, 10, 0, 0, 10, False),
        (absolute, 10, 5, 0, 0, False),
        (absolute, 10, 6, 4, 0, True),
        (absolute, 11, 6, 5, 0, True),
        (absolute, 11, 5, 0, 0, False),
        (two_thirds_of_members, 10, 7, 3, 0, True),
        (two_thirds_of_members, 10, 6, 0, 4, False),
        (two_thirds_of_members, 9, 6, 3, 0, True),
        (two_thirds_of_voting, 10, 2, 1, 7, True),
        (two_thirds_of_voting, 10, 6, 4, 0, False),
        (two_thirds_of_voting, 10, 0, 0, 0, False),
        (consensus, 10, 0, 0, 10, True),
        (consensus, 10, 9, 1, 0, False),
        (lambda vote: consensus_minus(vote, 1), 10, 9, 1, 0, True),
        (lambda vote: consensus_minus(vote, 1), 10, 8, 2, 0, False),
    ],
)
def test_majorities(
    majority: Callable[[Composition[int]], Majority],
    voters: int,
    favour: int,
    against: int,
    abstaining: int,
    met: bool,
) -> None:
    assert majority(tally(voters, favour, against, abstaining)).met is met


def test_what_a_majority_says_of_itself() -> None:
    assert two_thirds_of_members(tally(10, 7)) == Majority(
        Fraction(20, 3), Fraction(7), Fraction(10), Standard.AT_LEAST, True
    )
    assert absolute(tally(11, 5, 6)) == Majority(Fraction(11, 2), Fraction(5), Fraction(11), Standard.MORE_THAN, False)


def test_weights() -> None:
    weights: dict[str, int | Fraction] = {"A": 50, "B": Fraction(61, 2), "C": Fraction(39, 2), "Z": 900}
    vote = compose_lists("ABC", "A", "BC")
    half = weighted(vote, weights, Fraction(1, 2))
    assert half == Majority(Fraction(50), Fraction(50), Fraction(100), Standard.AT_LEAST, True)
    assert not weighted(vote, weights, Fraction(1, 2), Standard.MORE_THAN).met
    with pytest.raises(NoWeight) as missing:
        weighted(vote, {"A": 1}, Fraction(1, 2))
    assert missing.value.who == ("B", "C")
    with pytest.raises(NegativeWeight):
        weighted(vote, {**weights, "C": -1}, Fraction(1, 2))
    with pytest.raises(NoWeightAtAll):
        weighted(vote, {"A": 0, "B": 0, "C": 0}, Fraction(1, 2))
    for ratio in (Fraction(-1, 2), Fraction(3, 2)):
        with pytest.raises(BadThreshold):
            weighted(vote, weights, ratio)
        with pytest.raises(BadThreshold):
            of_members(vote, ratio)
    with pytest.raises(BadThreshold):
        consensus_minus(vote, -1)


def test_a_majority_deemed_attained_still_needs_its_heads() -> None:
    weights = {"A": 97, "B": 1, "C": 1, "D": 1}
    without_a = compose_lists("ABCD", "BCD", "A")
    found = double(without_a, Fraction(1, 2), weights, Fraction(65, 100), blocking=2)
    assert (found.heads.met, found.weight.met, found.met) == (True, False, True)
    alone = compose_lists("ABCD", "A", "BCD")
    assert not double(alone, Fraction(1, 2), weights, Fraction(65, 100), blocking=4).met
    assert blocking_minority(alone, 3).stands
    assert not blocking_minority(alone, 4).stands


@pytest.mark.parametrize(
    ("ratio", "number"), [(Fraction(0), 1), (Fraction(49, 100), 1), (Fraction(1, 2), 2), (Fraction(99, 100), 3)]
)
def test_fewest(ratio: Fraction, number: int) -> None:
    assert fewest({"A": 50, "B": 30, "C": 20}, ratio) == number


def test_a_whole_is_never_exceeded() -> None:
    weights: dict[str, Any] = {"A": 1, "B": 1}
    with pytest.raises(NeverExceeded):
        fewest(weights, Fraction(1))
    with pytest.raises(NeverExceeded):
        fewest({}, Fraction(0))
    with pytest.raises(BadThreshold):
        fewest(weights, Fraction(-1, 3))


def test_reach() -> None:
    assert reachable(lambda favour, against, abstaining: favour > against, 3) == Reach(3, 0, 0, 0)
    assert reachable(lambda favour, against, abstaining: against == 2 and abstaining == 1, 4) == Reach(1, 2, 1, 0)
    assert reachable(lambda favour, against, abstaining: favour > against, 0) is None
    assert reachable(lambda favour, against, abstaining: True, 3, quorum=4) is None
    assert reachable(lambda favour, against, abstaining: favour == 0, 3, quorum=Fraction(22, 10)) == Reach(0, 0, 3, 0)
    assert reachable(lambda f, a, s: two_thirds_of_members(tally(28, f, a, s)).met, 28) == Reach(28, 0, 0, 0)
    with pytest.raises(BadThreshold):
        reachable(lambda favour, against, abstaining: True, 3, quorum=-1)
