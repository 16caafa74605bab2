"""What came of the trials of a policy: as lines for a terminal, as data for tools, and as JUnit XML for a pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.diagnostics.rendered import render
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.evaluate.examples import shown
from policy_dsl.explain.explanation import Explanation, Line
from policy_dsl.explain.trees import Branch, Level, tree
from policy_dsl.records import dataclass
from policy_dsl.render.derivations import visible as shown_branches
from policy_dsl.render.spoken import speak
from policy_dsl.resolve.program import Program
from policy_dsl.trial.difference import Difference, first_difference
from policy_dsl.trial.running import Trial, Tried

MOST_INPUTS = 12
INNER = "The first point of difference is {text}. It comes about so:"
RESULT = "Nothing on which it rests is expected by itself. Its last step:"
RESULT_AGREES = "What is expected of the values below it is met: {agreeing}. Its last step:"
MORE = "… and {count} more"


@dataclass(frozen=True, slots=True, eq=False)
class PolicyTried:
    """A policy and its trials; where the policy can't be tried, the errors that keep it from that."""

    name: str
    file: str
    program: Program | None
    trials: Sequence[Trial]
    errors: Sequence[Problem] = ()


# ---- text ------------------------------------------------------------------------------------------------------------


def difference_lines(trial: Trial, failed: Tried, program: Program) -> list[str]:
    """Where the derivation of a result first departs from what is expected; nothing where nothing was found."""
    found = first_difference(trial, failed)
    if found is None:
        return []
    return [_heading(found), *(f"  {line}" for line in step_lines(found.point, program))]


def _heading(found: Difference) -> str:
    if found.inner:
        return INNER.format(text=_said(found.tried))
    if found.agreeing:
        return RESULT_AGREES.format(agreeing="; ".join(each.text for each in found.agreeing))
    return RESULT


def _said(tried: Tried) -> str:
    """A missed expectation: what is expected, and what is found."""
    return f"{tried.text}, which is {actual(tried)}" if tried.made is not None else tried.text


def step_lines(value: Derived, program: Program) -> list[str]:
    """A value and what it was made from at once, in the words of an explanation."""
    branch = tree(value, Level.REASONED)
    below = [Line(1, Branch(each.derived, each.formula)) for each in shown_branches(branch)]
    told = Explanation("", Level.REASONED, False, True, (Line(0, branch), *below[:MOST_INPUTS]))
    lines = [f"{'- ' if line.depth else ''}{line.text}" for line in speak(told, program).lines]
    if len(below) > MOST_INPUTS:
        lines.append(MORE.format(count=len(below) - MOST_INPUTS))
    return lines


def actual(tried: Tried) -> str:
    """What was found where a result was expected, in plain words."""
    return shown(tried.value.value) if tried.value is not None else "nothing"


# ---- data ------------------------------------------------------------------------------------------------------------


def trials_data(tried: Sequence[PolicyTried]) -> list[dict[str, object]]:
    """The trials of several policies as data."""
    return [
        {
            "policy": each.name,
            "file": each.file,
            "errors": [render(problem).data() for problem in each.errors],
            "trials": [_trial_data(trial, each.program) for trial in each.trials if each.program is not None],
        }
        for each in tried
    ]


def _trial_data(trial: Trial, program: Program) -> dict[str, object]:
    return {
        "kind": trial.kind,
        "title": trial.title,
        "file": trial.span.source.name,
        "line": trial.span.begins.line,
        "passed": trial.passed,
        "faults": [render(problem).data() for problem in trial.faults],
        "expected": [_tried_data(trial, each, program) for each in trial.tried],
    }


def _tried_data(trial: Trial, tried: Tried, program: Program) -> dict[str, object]:
    found = first_difference(trial, tried) if tried.problem is not None else None
    return {
        "text": tried.text,
        "line": tried.span.begins.line,
        "passed": tried.problem is None,
        "actual": actual(tried),
        "problem": render(tried.problem).data() if tried.problem is not None else None,
        "first_difference": None if found is None else _difference_data(found, program),
    }


def _difference_data(found: Difference, program: Program) -> dict[str, object]:
    point = found.point
    at = point.address or (point.entry.address if point.entry is not None else None)
    return {
        "of": point.label,
        "article": str(at) if at is not None else "",
        "expected": found.tried.text,
        "actual": shown(point.value),
        "result_itself": not found.inner,
        "step": step_lines(point, program),
    }


# ---- JUnit -----------------------------------------------------------------------------------------------------------


def junit(tried: Sequence[PolicyTried]) -> str:
    """The trials as JUnit XML: a suite for each policy, a test case for each example and each case.

    Times are not measured and stand as 0: the same policy gives the same file, to the byte.
    """
    suites = [_suite(each) for each in tried]
    root = Xml.Element("testsuites", {key: str(sum(int(s.get(key, "0")) for s in suites)) for key in _COUNTS})
    root.set("name", "policy test")
    root.set("time", "0")
    root.extend(suites)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


_COUNTS = ("tests", "failures", "errors")


def _suite(tried: PolicyTried) -> Xml.Element:
    cases = [_case(tried, each) for each in tried.trials]
    if tried.program is None:
        case = Xml.Element("testcase", {"name": tried.file, "classname": tried.name, "time": "0"})
        _add(case, "error", tried.errors)
        cases = [case]
    suite = Xml.Element("testsuite", {"name": tried.name, "tests": str(len(cases))})
    suite.set("failures", str(sum(each.find("failure") is not None for each in cases)))
    suite.set("errors", str(sum(each.find("error") is not None for each in cases)))
    suite.set("skipped", "0")
    suite.set("time", "0")
    suite.extend(cases)
    return suite


def _case(tried: PolicyTried, trial: Trial) -> Xml.Element:
    case = Xml.Element("testcase", {"name": _xml(trial.title), "classname": tried.name, "time": "0"})
    if trial.faults:
        _add(case, "error", trial.faults)
    elif trial.failed:
        details = []
        for each in trial.failed:
            details += [render(each.problem).text] if each.problem is not None else []
            details += difference_lines(trial, each, tried.program) if tried.program is not None else []
        _add(case, "failure", [each.problem for each in trial.failed if each.problem is not None], details)
    return case


def _add(case: Xml.Element, word: str, problems: Sequence[Problem], details: Sequence[str] = ()) -> None:
    rendered = [render(each) for each in problems]
    first = rendered[0].data() if rendered else {"code": "", "message": ""}
    found = Xml.SubElement(case, word, {"message": _xml(str(first["message"])), "type": str(first["code"])})
    found.text = _xml("\n".join(details or [each.text for each in rendered]))


def _xml(text: str) -> str:
    """A text with the signs that XML 1.0 can't hold as their numbers."""
    return "".join(sign if _allowed(ord(sign)) else f"U+{ord(sign):04X}" for sign in text)


def _allowed(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
