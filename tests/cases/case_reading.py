"""What the tests of cases share: policies and cases from text."""

from __future__ import annotations

import re
from pathlib import Path

from policy_dsl.cases.case import Case, Fact
from policy_dsl.cases.read import Read, read_case
from policy_dsl.diagnostics import Problem, Severity
from policy_dsl.resolve import resolve
from policy_dsl.resolve.program import Program
from policy_dsl.source import Source
from policy_dsl.syntax import parse

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

"""


def program(text: str, folder: Path | None = None) -> Program:
    """A policy; a text without a header gets a common one."""
    source = Source("t.policy", text if re.search(r"^policy ", text, re.M) else HEADER + text)

    def load(path: str, relative_to: Source) -> Source | None:
        name = Path(relative_to.name).parent / path
        file = folder / name if folder is not None else None
        return Source(str(name), file.read_text("utf-8")) if file is not None and file.exists() else None

    parsed = parse(source)
    resolved = resolve(parsed, load)
    assert resolved.program is not None
    problems = [*parsed.problems, *resolved.problems]
    faults = [(problem.code, dict(problem.params)) for problem in problems if problem.severity is Severity.ERROR]
    assert not faults, faults
    return resolved.program


def read(policy: Program, case: str, **tables: str) -> Read:
    """A case with the tables beside it: `facts="…"` is the file facts.csv."""
    files = {f"{name}.csv": text for name, text in tables.items()}

    def load(path: str, _: Source) -> Source | None:
        return Source(path, files[path]) if path in files else None

    return read_case(Source("case.yaml", case), policy, load)


def codes(found: Read) -> list[str]:
    """The codes of the problems, in order."""
    return [problem.code for problem in found.problems]


def errors(found: Read) -> list[str]:
    """The codes of the errors, in order."""
    return [problem.code for problem in found.problems if problem.severity is Severity.ERROR]


def the(found: Read, code: str) -> Problem:
    """The one problem of this code."""
    (problem,) = [problem for problem in found.problems if problem.code == code]
    return problem


def marked(found: Read, code: str) -> str:
    """What the one problem of this code underlines."""
    span = the(found, code).span
    assert span is not None
    return span.text


def case_of(found: Read) -> Case:
    """The case, which must be free of errors."""
    assert errors(found) == []
    assert found.case is not None
    return found.case


def fact(case: Case, indicator: str, member: str = "", cohort: str = "", year: int | None = None) -> Fact:
    """One fact of a case."""
    key = (indicator, member, cohort, year)
    (found,) = [each for each in case.facts if (each.indicator, each.member, each.cohort, each.year) == key]
    return found
