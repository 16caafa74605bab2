"""PD676: edges that are counted now to the one side, now to the other, or to neither."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check.desk import label, text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, form
from policy_dsl.syntax import tree


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("scale"):
        assert isinstance(entry.node, tree.Scale)
        rows = [row for row in entry.node.rows if row.kind in ("below", "up to")]
        other = next((row for row in rows if row.kind != rows[0].kind), None)
        if other is not None:
            related = label(rows[0].span, f"`{rows[0].kind}` stands here")
            what = (
                "some rows say `below` and others `up to`, so that the figure at the edge is counted now up, now down"
            )
            yield draft.problem("PD676", other, related=related, what=what)
    for entry in draft.own("define"):
        assert isinstance(entry.node, tree.Define)
        yield from _left_out(draft, entry.node)


def _left_out(draft: Draft, node: tree.Define) -> Iterator[Problem]:
    """`where x < 10` and `where x > 10`: nobody says what holds at ten, but the rule itself."""
    seen: dict[tuple[object, object], tuple[str, tree.Binary]] = {}
    for row in node.exceptions:
        when = row.when
        if not isinstance(when, tree.Binary) or when.op not in ("<", ">"):
            continue
        first, other = seen.setdefault((form(when.left), form(when.right)), (when.op, when))
        if first != when.op:
            related = label(other.span, "the other side stands here")
            what = f"of `{text(other)}` and `{text(when)}` neither holds at the figure itself"
            yield draft.problem("PD676", when, related=related, what=what)


EDGES_MIXED = Rule("PD676", _look)
