"""PD664: a duty to do something, without a time: it stays pending and is never breached."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.types import Kind
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("duty"):
        node = entry.node
        assert isinstance(node, tree.Duty)
        if node.not_after is not None or node.kept is None:
            continue
        step = _awaited(draft, node.kept.expr)
        if step is not None and not _ends(draft, step):
            yield draft.problem("PD664", node.name, name=entry.title, step=step.name.text)


def _awaited(draft: Draft, kept: tree.Expr) -> tree.Step | None:
    """The step that must be taken for the duty to be kept, if it is that and nothing else."""
    if draft.typed(kept).kind is not Kind.EVENT:
        return None
    entry = draft.entry_of(kept)
    return entry.node if entry is not None and isinstance(entry.node, tree.Step) else None


def _ends(draft: Draft, step: tree.Step) -> bool:
    """Whether the time for the step is over at some point: then the duty is breached by itself."""
    model = draft.entry_of(step.model)
    if step.not_after is not None or step.on is not None:
        return True
    return (
        model is not None and isinstance(model.node, tree.Step) and model.node is not step and _ends(draft, model.node)
    )


DUTY_NEVER_BREACHED = Rule("PD664", _look)
