"""What can be wrong with a vote as it was recorded, or with the rule it is measured by.

Every error carries the voters or figures that a reader needs as fields, sorted; its text is for programmers only.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


class VotingError(Exception):
    """A vote or a majority that can't be counted."""


class _AboutVoters(VotingError):
    def __init__(self, who: Iterable[object]) -> None:
        self.who = tuple(sorted(who, key=str))
        super().__init__(", ".join(str(one) for one in self.who))


class NotAVoter(_AboutVoters):
    """A vote or a presence recorded of somebody who isn't a voter; `who` are those."""


class VotedTwice(_AboutVoters):
    """The same voter in two lists of votes, or twice in one; `who` are those."""


class SeatedTwice(_AboutVoters):
    """The same voter twice among the voters; `who` are those."""


class NoWeight(_AboutVoters):
    """Voters whose weight isn't given; `who` are those. An unknown weight is no weight of zero."""


class NegativeWeight(_AboutVoters):
    """Voters with a weight below zero; `who` are those."""


class NoWeightAtAll(VotingError):
    """Weights that sum to zero: no part of them can be told."""


class UnknownVote(VotingError):
    """A vote that is neither in favour nor against nor an abstention."""

    def __init__(self, voter: object, vote: object) -> None:
        self.voter = voter
        self.vote = vote
        super().__init__(f"{voter}: {vote!r}")


class BadThreshold(VotingError):
    """A number of heads below zero, or a ratio outside 0 to 1."""

    def __init__(self, threshold: Fraction) -> None:
        self.threshold = threshold
        super().__init__(str(threshold))


class NeverExceeded(VotingError):
    """A ratio that all the weights together don't exceed."""

    def __init__(self, ratio: Fraction) -> None:
        self.ratio = ratio
        super().__init__(str(ratio))
