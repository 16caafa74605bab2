"""The results that a file expects of a case: what holds, what does not, and what is wrong with the file."""

from __future__ import annotations

import pytest
from trying import CASE, checked, no_file, policy, subject

from policy_dsl.cases.expected import policy_named, read_expected
from policy_dsl.diagnostics.rendered import render
from policy_dsl.source import Source
from policy_dsl.trial.running import Trial

DUTY = """
article 5 "Report"
  > A member with places reports within thirty days, and promises hold.
  procedure reporting
    step report "Report"
      by core
  duty to_report "To report"
    binds core
    when meeting is refused
    not after 30 days after request
    kept when report of member
  guarantee bearable : sum of places <= 1_000 persons
"""
VOTED = """  - {step: decision, at: 2026-03-04T08:00Z, favour: [AUT], against: [BEL]}
"""


def tried(expected: str, case: str = CASE, more: str = DUTY) -> Trial:
    """The case with these results expected of it, tried."""
    (found,) = subject(policy(more), f"case: Spring\n{expected}", case).trials
    return found


HOLDS = [
    "values: {places: {AUT: 350 persons}}",
    "values: {places: {unit: persons, AUT: 350, BEL: 650}}",
    "values: {places: {AUT: {value: 349 persons, within: 1 person}}}",
    "values: {places: {within: 2 persons, AUT: 348 persons, BEL: 652 persons}}",
    "values: {places: {AUT: {value: 350 persons, grounds: Art. 2(1)}}}",
    "values: {places: {AUT: {value: 350 persons, grounds: ['Art. 2(1)', Art. 1]}}}",
    "values: {places: {grounds: [Art. 2], AUT: 350 persons}}",
    "values: {sum of places: 1_000 persons}",
    "values: {size: {unit: percent, AUT: 35}}",
    "values: {size: {AUT: 7/20}}",
    "values: {rate: {AUT: 50%}}",
    "values: {exempt: {AUT: no}}",
    "values: {latest of meeting: 2026-03-05T08:00Z}",
    "steps: {request: met, meeting: refused}",
    "steps: {meeting: {is: refused, grounds: [Art. 4]}}",
    "steps: {request: {is: met, on: 2026-03-02T08:00Z}}",
    "findings: {to_report: {AUT: pending, BEL: pending}}",
    "findings: {to_report: {grounds: [Art. 5], AUT: {is: pending}}}",
    "findings: {bearable: holds}",
    "refusals: [{step: meeting}]",
    "refusals: [{step: meeting, at: 2026-03-05}]",
    "refusals: [{step: meeting, at: 2026-03-05T09:00Z, grounds: [Art. 4]}]",
]


@pytest.mark.parametrize("expected", HOLDS)
def test_what_holds(expected: str) -> None:
    found = tried(expected)
    assert [each.code for each in found.faults] == []
    assert [render(each.problem).text for each in found.failed if each.problem] == []
    assert found.tried


# What is expected, the code of what is wrong, and what the message must say.
MISSED = [
    ("values: {places: {AUT: 351 persons}}", "PD880", "350 persons"),
    ("values: {places: {AUT: {value: 348 persons, within: 1 person}}}", "PD880", "350 persons"),
    ("values: {places: {AUT: {value: 350 persons, grounds: Art. 4}}}", "PD882", "Art. 2(1)"),
    ("values: {places: {AUT: not determined}}", "PD975", "350 persons"),
    ("values: {exempt: {AUT: yes}}", "PD880", "no"),
    ("steps: {meeting: met}", "PD880", "refused"),
    ("findings: {to_report: {AUT: kept}}", "PD880", "pending"),
    ("findings: {bearable: fails}", "PD880", "yes"),
    ("refusals: [{step: request}]", "PD880", "counts"),
    ("refusals: [{step: decision}]", "PD880", "no such event"),
    ("refusals: [{step: meeting, by: AUT}]", "PD880", "no such event"),
    ("refusals: [{step: meeting, at: 2026-03-06}]", "PD880", "no such event"),
    ("refusals: [{step: meeting, grounds: [Art. 1]}]", "PD882", "Art. 4"),
    ("refusals: [{member: AUT}]", "PD880", "has a seat"),
    ("refusals: [{member: NOR}]", "PD880", "no tier"),
]


@pytest.mark.parametrize(("expected", "code", "said"), MISSED, ids=[row[0] for row in MISSED])
def test_what_does_not_hold(expected: str, code: str, said: str) -> None:
    found = tried(expected)
    assert [each.code for each in found.faults] == []
    problems = [each.problem for each in found.failed if each.problem is not None]
    assert [each.code for each in problems] == [code]
    assert said in str(render(problems[0]).data()["message"])
    assert problems[0].span is not None
    assert problems[0].span.source.name == "expected/spring.yaml"
    assert problems[0].span.begins.line == 2


def test_a_value_that_is_not_determined() -> None:
    case = CASE.replace("BEL: 3_000}", "}")
    expected = "values: {places: {AUT: not determined}}"
    unknown = tried(expected, case.replace("arrivals: 1_000 persons", "arrivals:"))
    # A case that lacks what surely is needed is not read at all.
    assert unknown.faults
    gap = policy(DUTY, ("by       size", "by       size per (income - income of AUT)"))
    (found,) = subject(gap, f"case: Spring\n{expected}").trials
    assert (found.passed, [each.problem for each in found.failed]) == (True, [])


# A file of expected results, the code of what is wrong with it, and the line.
FAULTY = [
    ("case: Spring\nvalue: {}\n", "PD720", 2),
    ("values: {places: {AUT: 350 persons}}\n", "PD721", 1),
    ("case: Spring\nvalues: 3\n", "PD724", 2),
    ("case: Spring\nrefusals: 3\n", "PD723", 2),
    ("case: Spring\nrefusals: [3]\n", "PD724", 2),
    ("case: Spring\nrefusals: [{at: 2026-03-02}]\n", "PD721", 2),
    ("case: Spring\nrefusals: [{step: meting}]\n", "PD752", 2),
    ("case: Spring\nrefusals: [{member: Norway}]\n", "PD751", 2),
    ("case: Spring\nrefusals: [{step: meeting, at: 5.3.2026}]\n", "PD745", 2),
    ("case: Spring\nvalues:\n  places: {AUT: [1, 2]}\n", "PD722", 3),
    ("case: Spring\nvalues:\n  places: {AUT: {value: 1 person, tolerance: 2}}\n", "PD720", 3),
    ("case: Spring\nvalues:\n  places: {AUT: {value: 1 person, grounds: Article 2}}\n", "PD972", 3),
    ("case: Spring\nvalues:\n  places: {AUT: 'about # 350'}\n", "PD973", 3),
    ("case: Spring\nvalues:\n  places: {AUT: 350 350}\n", "PD973", 3),
    ("case: Spring\nvalues:\n  places: {AUT: }\n", "PD721", 3),
    ("case: Spring\nsteps:\n  meeting: {grounds: Art. 4}\n", "PD721", 3),
    ("case: Spring\nfindings:\n  bearable: held\n", "PD973", 3),
    ("case: Spring\nvalues:\n  placs: {AUT: 350 persons}\n", "PD201", 3),
    ("case: Spring\nvalues:\n  places: {AUT: 350 USD}\n", "PD301", 3),
    ("case: Spring\nvalues:\n  places: {AUT: 350}\n", "PD304", 3),
    ("case: Spring\nvalues:\n  places: {AUT: {value: 350 persons, grounds: Art. 19}}\n", "PD216", 3),
    ("case: Summer\nvalues:\n  places: {AUT: 350 persons}\n", "PD974", 1),
    ("case: Spring\nvalues: [\n", "PD706", 3),
    ("", "PD708", 1),
]


@pytest.mark.parametrize(("text", "code", "line"), FAULTY, ids=[repr(row[0]) for row in FAULTY])
def test_what_is_wrong_with_a_file(text: str, code: str, line: int) -> None:
    if not text:
        assert [each.code for each in read_expected(Source("x", text), checked(policy()).program).problems] == [code]
        return
    (found,) = subject(policy(DUTY), text).trials
    assert not found.passed
    assert code in {each.code for each in found.faults}
    fault = next(each for each in found.faults if each.code == code)
    assert fault.span is not None
    assert (fault.span.source.name, fault.span.begins.line) == ("expected/spring.yaml", line)


def test_one_wrong_row_does_not_hide_another() -> None:
    text = "case: Spring\nvalues:\n  places: {AUT: 350 USD, BEL: 650}\n  rates: {AUT: 50%}\n"
    (found,) = subject(policy(DUTY), text).trials
    assert [each.span.begins.line for each in found.faults if each.span] == [3, 3, 4]


def test_a_case_that_can_not_be_read_is_no_test() -> None:
    found = tried("values: {places: {AUT: 350 persons}}", CASE.replace("1_000 persons", "1,000 persons"))
    assert not found.passed
    assert [each.code for each in found.faults] == ["PD731"]


def test_tolerances_are_never_inferred() -> None:
    """A planted fault: a value that is off by the least that can be written is off."""
    near = "values: {size: {AUT: 35.0000001%}}"
    assert [each.problem.code for each in tried(near).failed if each.problem] == ["PD880"]
    assert tried("values: {size: {AUT: {value: 35.0000001%, within: 0.0000001%}}}").passed


def test_of_which_policy_a_case_is() -> None:
    assert policy_named(Source("x", CASE)) == "shore"
    assert policy_named(Source("x", "policy: [")) == ""
    assert policy_named(Source("x", "case: a")) == ""


def test_the_examples_of_the_policy_are_run_before_its_cases() -> None:
    text = "case: Spring\nvalues:\n  places: {AUT: 350 persons}\n"
    assert [trial.kind for trial in subject(policy(), text).trials] == ["example", "example", "case"]
    assert no_file("x", Source("x", "")) is None
