"""Properties of votes, each shown to fail on an implementation with a planted fault."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import accumulate, combinations, product

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from policy_dsl.voting import (
    Composition,
    Majority,
    Reach,
    Vote,
    absolute,
    compose,
    double,
    fewest,
    of_members,
    reachable,
    simple,
    tally,
    two_thirds_of_members,
    weighted,
)

COUNTING = settings(
    max_examples=120,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate],
)
VOTERS = range(7)
WORDS: tuple[Vote, ...] = ("favour", "against", "abstaining")
VOTES = st.dictionaries(st.sampled_from(VOTERS), st.sampled_from(WORDS))
WEIGHTS = st.fixed_dictionaries({voter: st.integers(1, 20) for voter in VOTERS})
RATIOS = st.fractions(0, 1, max_denominator=12)


def fault(implementation: object, name: str) -> object:
    return pytest.param(
        implementation,
        id=name,
        marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=f"planted fault: {name}"),
    )


def casting_vote_of_the_first(votes: Mapping[int, Vote]) -> bool:
    vote = compose(VOTERS, votes)
    tied = len(vote.favour) == len(vote.against) > 0
    return next(iter(votes.values())) == "favour" if tied else simple(vote).met


@pytest.mark.parametrize(
    "decide",
    [lambda votes: simple(compose(VOTERS, votes)).met, fault(casting_vote_of_the_first, "first vote decides")],
)
def test_the_order_of_votes_changes_nothing(decide: Callable[[Mapping[int, Vote]], bool]) -> None:
    @COUNTING
    @given(VOTES)
    def holds(votes: dict[int, Vote]) -> None:
        backwards = dict(reversed(votes.items()))
        assert decide(votes) == decide(backwards)
        assert compose(VOTERS, votes) == compose(reversed(VOTERS), backwards)

    holds()


@pytest.mark.parametrize(
    "absent",
    [
        lambda vote: vote.absent,
        fault(lambda vote: vote.absent | vote.abstaining, "abstaining is absence"),
    ],
)
def test_every_voter_stands_in_one_set(absent: Callable[[Composition[int]], frozenset[int]]) -> None:
    @COUNTING
    @given(VOTES, st.sets(st.sampled_from(VOTERS)))
    def holds(votes: dict[int, Vote], present: set[int]) -> None:
        vote = compose(VOTERS, votes, present)
        silent = vote.present - vote.voting - vote.abstaining
        parts = [vote.favour, vote.against, vote.abstaining, silent, absent(vote)]
        assert sum(len(part) for part in parts) == len(VOTERS)
        assert frozenset().union(*parts) == vote.voters
        assert silent == present - votes.keys()

    holds()


def rounded(vote: Composition[int], ratio: Fraction) -> bool:
    return len(vote.favour) >= max(1, round(ratio * len(vote.voters)))


@pytest.mark.parametrize("met", [lambda vote, ratio: of_members(vote, ratio).met, fault(rounded, "rounds the heads")])
def test_fractions_of_heads_are_not_rounded(met: Callable[[Composition[int], Fraction], bool]) -> None:
    @COUNTING
    @given(st.integers(1, 30), RATIOS)
    def holds(voters: int, ratio: Fraction) -> None:
        for favour in range(1, voters + 1):
            exact = favour * ratio.denominator >= ratio.numerator * voters
            assert met(tally(voters, favour), ratio) is exact

    holds()


def of_those_present(vote: Composition[int]) -> Majority:
    return absolute(compose(vote.present, dict.fromkeys(vote.favour, "favour"), vote.present))


@pytest.mark.parametrize("majority", [absolute, fault(of_those_present, "counts those present only")])
def test_an_absent_voter_counts_among_the_members(majority: Callable[[Composition[int]], Majority]) -> None:
    @COUNTING
    @given(VOTES)
    def holds(votes: dict[int, Vote]) -> None:
        without = {voter: vote for voter, vote in votes.items() if vote == "favour"}
        assert majority(compose(VOTERS, votes)).met == majority(compose(VOTERS, without, VOTERS)).met

    holds()


def most_weighted(vote: Composition[int], weights: Mapping[int, int]) -> bool:
    return weighted(vote, weights, Fraction(1, 2)).met and len(vote.favour) < 5


@pytest.mark.parametrize(
    "met",
    [
        lambda vote, weights: double(vote, Fraction(1, 2), weights, Fraction(2, 3), blocking=3).met,
        fault(most_weighted, "too much support"),
    ],
)
def test_one_more_in_favour_never_loses_a_majority(
    met: Callable[[Composition[int], Mapping[int, int]], bool],
) -> None:
    @COUNTING
    @given(VOTES, WEIGHTS, st.sampled_from(VOTERS))
    def holds(votes: dict[int, Vote], weights: dict[int, int], convert: int) -> None:
        more: dict[int, Vote] = {**votes, convert: "favour"}
        assert met(compose(VOTERS, more), weights) or not met(compose(VOTERS, votes), weights)

    holds()


def fewest_that_reach(weights: Mapping[int, int], ratio: Fraction) -> int:
    sums = accumulate(sorted(weights.values(), reverse=True))
    return next(number for number, together in enumerate(sums, 1) if together >= ratio * sum(weights.values()))


@pytest.mark.parametrize("count", [fewest, fault(fewest_that_reach, "reaches, not exceeds")])
def test_fewest_agrees_with_every_group_tried(count: Callable[[Mapping[int, int], Fraction], int]) -> None:
    @COUNTING
    @given(WEIGHTS, st.fractions(0, Fraction(11, 12), max_denominator=12))
    def holds(weights: dict[int, int], ratio: Fraction) -> None:
        total = sum(weights.values())
        tried = (
            size
            for size in range(len(weights) + 1)
            if any(sum(group) > ratio * total for group in combinations(weights.values(), size))
        )
        assert count(weights, ratio) == next(tried)

    holds()


def everybody_votes(condition: Callable[[int, int, int], bool], voters: int) -> Reach | None:
    splits = (Reach(favour, voters - favour, 0, 0) for favour in range(voters + 1))
    return next((one for one in splits if condition(one.favour, one.against, one.abstaining)), None)


@pytest.mark.parametrize("search", [reachable, fault(everybody_votes, "everybody votes")])
def test_reach_agrees_with_every_composition_tried(
    search: Callable[[Callable[[int, int, int], bool], int], Reach | None],
) -> None:
    @COUNTING
    @given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
    def holds(voters: int, favour: int, against: int, abstaining: int) -> None:
        def condition(*counts: int) -> bool:
            return counts == (favour, against, abstaining)

        tried = any(
            condition(*(record.count(word) for word in WORDS)) for record in product((*WORDS, "absent"), repeat=voters)
        )
        assert (search(condition, voters) is not None) is tried

    holds()


def test_two_thirds_of_members_needs_two_thirds_of_them() -> None:
    for voters in range(1, 20):
        for favour in range(voters + 1):
            assert two_thirds_of_members(tally(voters, favour)).met is (3 * favour >= 2 * voters)
