"""PD660: as many votes are needed as must be present, so that with the bare quorum one abstention decides."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.check import constants
from policy_dsl.check.constants import Reading
from policy_dsl.check.desk import label, text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree

# With so many voters each condition is tried; a rule on parts of the voters shows itself at all of them.
NUMBERS = (6, 12, 60)
_OF_MAJORITY = ("favour", "against", "abstaining", "absent", "present", "voting", "voters")


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("step"):
        node = entry.node
        assert isinstance(node, tree.Step)
        if node.quorum is None or isinstance(node.quorum.expr, tree.Nothing) or node.adopted is None:
            continue
        condition = (node.failing or node.adopted).expr
        if all(_abstention_decides(draft, node.quorum.expr, condition, number) for number in NUMBERS):
            related = label(node.quorum.span, "so many must be present")
            yield draft.problem(
                "PD660", condition, related=related, text=text(condition), quorum=text(node.quorum.expr)
            )


def _abstention_decides(draft: Draft, quorum: tree.Expr, condition: tree.Expr, voters: int) -> bool:
    """Whether the bare quorum, all in favour, carries, and with one of them abstaining no longer does."""
    needed = constants.figure(draft, quorum, _reading(draft, voters, 0, 0, 0))
    if needed is None or not 2 <= needed.amount <= voters or not needed.amount < voters:
        return False
    present = int(-(-needed.amount // Fraction(1)))
    full = constants.truth(draft, condition, _reading(draft, voters, present, 0, 0))
    less = constants.truth(draft, condition, _reading(draft, voters, present - 1, 0, 1))
    return full is True and less is False


def _reading(draft: Draft, voters: int, favour: int, against: int, abstaining: int) -> Reading:
    present = favour + against + abstaining
    counts = (favour, against, abstaining, voters - present, present, favour + against, voters)
    start = constants.start(draft)
    return Reading(start.day, start.choices, "", dict(zip(_OF_MAJORITY, counts, strict=True)))


QUORUM_EQUALS_MAJORITY = Rule("PD660", _look)
