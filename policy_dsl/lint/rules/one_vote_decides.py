"""PD661: without a quorum, and by a majority of those that vote, one vote may decide for all."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check import constants
from policy_dsl.check.constants import Reading
from policy_dsl.check.desk import text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree

VOTERS = 60
_ONE = {"favour": 1, "against": 0, "abstaining": 0, "absent": VOTERS - 1, "present": 1, "voting": 1, "voters": VOTERS}
# A rule that one vote against stops is consensus, and no majority.
_MOST = {"favour": 6, "against": 1, "abstaining": 0, "absent": VOTERS - 7, "present": 7, "voting": 7, "voters": VOTERS}


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("step"):
        node = entry.node
        assert isinstance(node, tree.Step)
        if node.quorum is None or not isinstance(node.quorum.expr, tree.Nothing) or node.adopted is None:
            continue
        # The drafter who gives a reason for doing without a quorum, or lets silence adopt, has seen it.
        if node.quorum.notes or node.silence is not None:
            continue
        start = constants.start(draft)
        readings = [Reading(start.day, start.choices, "", counts) for counts in (_ONE, _MOST)]
        if all(constants.truth(draft, node.adopted.expr, each) is True for each in readings):
            yield draft.problem("PD661", node.quorum, text=text(node.adopted.expr), name=entry.name)


ONE_VOTE_DECIDES = Rule("PD661", _look)
