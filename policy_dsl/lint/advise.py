"""All rules over one policy."""

from __future__ import annotations

from collections.abc import Collection

from policy_dsl.check import Checked
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft
from policy_dsl.lint.rules import RULES
from policy_dsl.lint.setting_aside import OF_COMMENTS, asides, sifted
from policy_dsl.syntax import parse


def advise(checked: Checked, select: Collection[str] = (), ignore: Collection[str] = ()) -> tuple[Problem, ...]:
    """The advice on a sound policy, in the order of its text.

    Of all rules, or of those that `select` names, without those that `ignore` names. What a comment of the text sets
    aside with a reason is left out; a comment without a reason, or without effect, is advised on itself.
    """
    known = {rule.code for rule in RULES}
    wanted = {code for code in (*known, *OF_COMMENTS) if (not select or code in select) and code not in ignore}
    draft = Draft(checked)
    found = [problem for rule in RULES if rule.code in wanted for problem in rule.look(draft)]
    source = checked.program.source
    told = sifted(found, asides(parse(source).tree, source), known, wanted)
    kept = [problem for problem in told if problem.code in wanted]
    return tuple(sorted(kept, key=lambda each: (each.span.start if each.span is not None else -1, each.code)))
