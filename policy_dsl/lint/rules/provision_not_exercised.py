"""PD653: a provision that no example of the file exercises: nobody would notice if it said something else."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.deadlines import CalendarMissing, DeadlineError, UnknownCalendar
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate.examples import run_examples
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.trial import covered

# What decides something. Facts and agreed figures show themselves in what uses them, who belongs in nearly everything;
# a guarantee is watched over in every case that is decided; and what a fund pays, no example can ask for.
DECIDING = ("define", "key", "scale", "criteria", "apportion", "step", "duty")


def _look(draft: Draft) -> Iterator[Problem]:
    own = draft.own(*DECIDING)
    if not own:
        return
    if not draft.program.examples:
        yield draft.problem("PD653", own[0].node.name, what="any provision of this policy")
        return
    try:
        ran = run_examples(draft.checked)
    except (CalendarMissing, UnknownCalendar, DeadlineError):
        return  # the holidays of a State that are not at hand
    idle = set(covered(draft.checked, ran).unexercised())
    for entry in own:
        if entry in idle and entry.parent is None and not _same_in_every_case(draft, entry):
            yield draft.problem("PD653", entry.node.name, what=f"`{entry.name}`")


def _same_in_every_case(draft: Draft, entry: Entry) -> bool:
    """Whether the text alone decides it: an example would say the same of every case."""
    return isinstance(entry.node, tree.Define) and draft.constant(entry.node.value) is not None


PROVISION_NOT_EXERCISED = Rule("PD653", _look)
