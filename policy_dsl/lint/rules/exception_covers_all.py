"""PD656: an exception that covers everything, so that the rule itself is idle; or nothing."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.check import constants
from policy_dsl.check.desk import text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, form
from policy_dsl.lint.ranges import holds
from policy_dsl.resolve.program import Builtin
from policy_dsl.syntax import tree

_CONTRARY = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in", "=": "<>", "<>": "="}
_CONTRARY |= {"is": "is not", "is not": "is"}


def _look(draft: Draft) -> Iterator[Problem]:
    for entry in draft.own("define"):
        assert isinstance(entry.node, tree.Define)
        before: dict[object, tree.Excepted] = {}
        for row in entry.node.exceptions:
            always = _always(draft, row.when)
            if always is not None:
                what = "covers every case, so that the rule above it is idle" if always else "covers no case"
                yield draft.problem("PD656", row, text=text(row.when), what=what)
            elif _contrary(row.when) in before:
                what = "and the one before it cover every case between them, so that the rule above them is idle"
                yield draft.problem("PD656", row, text=text(row.when), what=what)
            before[form(row.when)] = row


def _always(draft: Draft, when: tree.Expr) -> bool | None:
    known = constants.truth(draft, when, constants.start(draft))
    if known is not None:
        return known
    if isinstance(when, tree.Binary) and when.op in ("in", "not in"):
        left, right = draft.program.ref(when.left), draft.program.ref(when.right)
        if left is Builtin.MEMBER and right in (Builtin.MEMBERS, Builtin.STATES):
            return when.op == "in"
    return holds(draft, when)[0]


def _contrary(when: tree.Expr) -> object:
    """The form of the condition that holds exactly where this one does not."""
    match when:
        case tree.Unary(op="not"):
            return form(when.of)
        case tree.Binary() if when.op in _CONTRARY:
            return "Binary", form(_CONTRARY[when.op]), form(when.left), form(when.right)
    return "Unary", form("not"), form(when)


EXCEPTION_COVERS_ALL = Rule("PD656", _look)
