"""PD667: two provisions that say the same."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import label
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, form
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

KINDS = ("define", "key", "scale", "criteria", "apportion", "duty", "guarantee", "set", "fund")
# How a provision is called and why it is so do not change what it says.
_ASIDE = ("span", "name", "title", "notes")


def _look(draft: Draft) -> Iterator[Problem]:
    seen: dict[object, Entry] = {}
    for entry in draft.own(*KINDS):
        if entry.parent is not None or not _substantial(entry.node):
            continue
        says = (
            entry.kind,
            *(form(getattr(entry.node, each)) for each in type(entry.node)._fields if each not in _ASIDE),
        )
        first = seen.setdefault(says, entry)
        if first is not entry:
            related = label(first.node.name.span, "the first one stands here")
            yield draft.problem("PD667", entry.node.name, related=related, one=first.name, other=entry.name)


def _substantial(node: tree.Provision) -> bool:
    """Whether there is enough in it that the same is hardly chance: two members may well pay the same flat rate."""
    if isinstance(node, tree.SetOf):
        return node.value is not None
    if isinstance(node, tree.Define):
        return any(isinstance(each, tree.Binary | tree.Call | tree.Choice | tree.Aggregate) for each in tree.walk(node))
    return True


SAID_TWICE = Rule("PD667", _look)
