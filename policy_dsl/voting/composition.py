"""Who voted how.

Sets, not lists: the order in which votes are recorded never means anything. Sort them to show them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import Generic, Literal, TypeVar, get_args

from policy_dsl.records import dataclass
from policy_dsl.voting.errors import BadThreshold, NotAVoter, SeatedTwice, UnknownVote, VotedTwice

Voter = TypeVar("Voter", bound=Hashable)
Vote = Literal["favour", "against", "abstaining"]


@dataclass(frozen=True, slots=True)
class Composition(Generic[Voter]):
    """The voters by what they did. The four sets are disjoint, and are made by `compose` alone.

    A voter who is present without voting stands in none of the four, and in `present`.
    """

    voters: frozenset[Voter]
    favour: frozenset[Voter]
    against: frozenset[Voter]
    abstaining: frozenset[Voter]
    absent: frozenset[Voter]

    @property
    def voting(self) -> frozenset[Voter]:
        """Those in favour or against. UN General Assembly, Rules of Procedure, rule 86: who abstains isn't voting."""
        return self.favour | self.against

    @property
    def present(self) -> frozenset[Voter]:
        """All who aren't absent, whether or not they voted."""
        return self.voters - self.absent

    @property
    def opposing(self) -> frozenset[Voter]:
        """All who aren't in favour: against, abstaining, silent or absent."""
        return self.voters - self.favour


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a quorum is there: how many are needed, how many of the voters are present."""

    needed: Fraction
    present: int
    of: int
    met: bool


def compose(
    voters: Iterable[Voter], votes: Mapping[Voter, Vote], present: Iterable[Voter] | None = None
) -> Composition[Voter]:
    """The composition of a vote from one entry per voter.

    A voter with no entry is absent, unless listed in `present`. Who has an entry is present, listed or not.

    Raises `SeatedTwice`, `NotAVoter` for an entry or a presence of anybody else, `UnknownVote` for another word.
    """
    seated = list(voters)
    everybody = frozenset(seated)
    if repeated := _repeated(seated):
        raise SeatedTwice(repeated)
    there = frozenset(present or ()) | votes.keys()
    if strangers := there - everybody:
        raise NotAVoter(strangers)
    for voter, vote in votes.items():
        if vote not in get_args(Vote):
            raise UnknownVote(voter, vote)

    def who(word: Vote) -> frozenset[Voter]:
        return frozenset(voter for voter, vote in votes.items() if vote == word)

    return Composition(everybody, who("favour"), who("against"), who("abstaining"), everybody - there)


def compose_lists(
    voters: Iterable[Voter],
    favour: Iterable[Voter] = (),
    against: Iterable[Voter] = (),
    abstaining: Iterable[Voter] = (),
    present: Iterable[Voter] | None = None,
) -> Composition[Voter]:
    """The composition of a vote from its lists, as minutes give them.

    Raises `VotedTwice` for a voter in two lists or twice in one, and as `compose` does.
    """
    entries: list[tuple[Voter, Vote]] = [(voter, "favour") for voter in favour]
    entries += [(voter, "against") for voter in against]
    entries += [(voter, "abstaining") for voter in abstaining]
    if twice := _repeated([voter for voter, _ in entries]):
        raise VotedTwice(twice)
    return compose(voters, dict(entries), present)


def tally(voters: int, favour: int = 0, against: int = 0, abstaining: int = 0) -> Composition[int]:
    """A composition of nameless voters, numbered from 0, by counts; the rest are absent.

    Raises `BadThreshold` if the counts are negative or exceed the voters.
    """
    cast = favour + against + abstaining
    if min(voters, favour, against, abstaining, voters - cast) < 0:
        raise BadThreshold(Fraction(min(favour, against, abstaining, voters - cast)))
    return compose_lists(range(voters), range(favour), range(favour, favour + against), range(favour + against, cast))


def quorum(composition: Composition[Voter], needed: int | Fraction) -> Finding:
    """Whether as many voters are present as are needed. Fractions of heads aren't rounded: 2.2 is met by 3.

    Raises `BadThreshold` for a number below zero.
    """
    number = Fraction(needed)
    if number < 0:
        raise BadThreshold(number)
    there = len(composition.present)
    return Finding(number, there, len(composition.voters), there >= number)


def _repeated(voters: Iterable[Voter]) -> list[Voter]:
    return [voter for voter, times in Counter(voters).items() if times > 1]
