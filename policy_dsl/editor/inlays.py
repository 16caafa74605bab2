"""What comes of the examples, beside the lines that expect it: that it holds, or what came out instead."""

from __future__ import annotations

from policy_dsl.diagnostics.catalogue import filled
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.diagnostics.rendered import render
from policy_dsl.diagnostics.snippet import clean
from policy_dsl.editor.view import View
from policy_dsl.files import Refused
from policy_dsl.pipeline import run_examples
from policy_dsl.records import dataclass

LONGEST = 80


@dataclass(frozen=True, slots=True)
class Result:
    """What stands beside a line: `offset` is its end, `says` a few words, `more` the message where it does not hold."""

    offset: int
    says: str
    more: str = ""
    problem: Problem | None = None


def results(view: View) -> list[Result]:
    """What comes of each `expect` line; nothing where the policy has an error, or is a draft that is still open."""
    checked = view.checked
    if checked is None or len(view.ways) != 1 or any(each.is_error for each in view.problems):
        return []
    if checked.program.source is not view.source:
        return []
    try:
        ran = run_examples(checked)
    except Refused:
        return []
    found = []
    for each in ran:
        for expected in each.found:
            span = expected.expect.span
            if span.source is not view.source:
                continue
            first = span.text.split("\n", 1)[0].rstrip()
            problem = expected.problem
            says, more = ("holds", "") if problem is None else _said(problem)
            found.append(Result(span.start + len(first), says, more, problem))
    return found


def _said(problem: Problem) -> tuple[str, str]:
    told = render(problem)
    forms = {
        "PD880": "does not hold: {actual}",
        "PD881": "is not determined: {causes}",
        "PD882": "does not rest on {wanted}, but on {grounds}",
    }
    words = clean(filled(forms.get(problem.code, "does not hold"), problem.params))
    short = words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
    return short, f"{told.message}\n\n{told.help}".strip()
