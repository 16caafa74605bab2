"""PD678: a burden is shared by a figure, and silence about it counts as nothing: who does not report pays less."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import label
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("indicator"):
        node = entry.node
        assert isinstance(node, tree.Indicator)
        if entry.reach != ("member",) or not isinstance(node.missing, tree.Expr) or node.supplied_by is not None:
            continue
        gap = draft.constant(node.missing)
        place = _shared_by(draft, entry) if gap is not None and gap.amount == 0 else None
        if place is not None:
            related = label(place.span, "it is shared by that here")
            yield draft.problem("PD678", node.missing, related=related, name=entry.name)


def _shared_by(draft: Draft, entry: Entry) -> tree.Node | None:
    """Where a burden is shared in proportion to the figure itself."""
    for line in draft.own("apportion", "key"):
        match line.node:
            case tree.Apportion(how=tree.Condition(word="by", expr=expr)) if draft.entry_of(expr) is entry:
                return expr
            case tree.Key(parts=parts):
                for part in parts:
                    term = part.term
                    if isinstance(term, tree.Aggregate) and term.op == "share" and draft.entry_of(term.of) is entry:
                        return term
    return None


GAP_REWARDED = Rule("PD678", _look)
