"""What the tests of this room share: texts in, problems out."""

import re
from pathlib import Path

from policy_dsl.check import Checked, check
from policy_dsl.diagnostics import Problem
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

EXAMPLES = Path(__file__).parent.parent / "resolve" / "data"
HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

"""
FACTS = {
    "population": ("for each member", 'persons "Population"'),
    "gdp": ("for each member", 'USD per year "Gross domestic product"'),
    "area": ("for each member", 'km2 "Land area"'),
    "arrivals": ("for each member", 'persons "Arrivals", each year'),
    "unemployment": ("for each member", 'percent "Unemployment rate"'),
    "safe": ("for each member", 'yes or no "Found to be safe"'),
    "size": ("for each cohort", 'persons "Persons of the cohort"'),
    "cost": ("for each cohort and member", 'USD per person "Cost of admission"'),
    "refugees": ("for the case", 'persons "Refugees to be placed"'),
    "budget": ("for the case", 'USD "Budget of the year"'),
    "starts": ("for the case", 'date "Day on which it starts"'),
    "origin": ("for the case", 'state "Country of origin"'),
    "kind": ("for the case", 'text "Kind of the situation"'),
}


def article(body: str, seats: str = "") -> str:
    """One article with words, a tier, the facts that its lines name, and these lines."""
    lines = ['article 1 "Figures"', "  > What follows is agreed.", '  tier participating "Members"']
    if seats:
        lines.append(f"    {seats}")
    outside = re.sub(r'"[^"]*"', "", body)
    for reach in dict.fromkeys(reach for reach, _ in FACTS.values()):
        rows = [
            f"    {name} : {says}" for name, (each, says) in FACTS.items() if each == reach and named(name, outside)
        ]
        lines += [f"  indicators {reach}", *rows] if rows else []
    return "\n".join([*lines, *(f"  {line}" if line else "" for line in body.strip("\n").split("\n"))]) + "\n"


def named(name: str, text: str) -> bool:
    return re.search(rf"\b{name}\b", text) is not None


def checked(text: str, files: dict[str, str] | None = None) -> Checked:
    """A policy, its header supplied unless it has one; what was found before the check must not be an error."""
    source = Source("t.policy", text if text.startswith("policy ") else HEADER + text)
    sources = {name: Source(name, words) for name, words in (files or {}).items()} | {"t.policy": source}
    parsed = parse(source)
    resolved = resolve(parsed, lambda path, _: sources.get(path))
    assert resolved.program is not None
    before = [problem for problem in (*parsed.problems, *resolved.problems) if problem.severity.value == "error"]
    assert [told(problem) for problem in before] == []
    return check(resolved.program)


def found(body: str, seats: str = "") -> list[Problem]:
    """What the check finds in lines of an article."""
    return list(checked(article(body, seats)).problems)


def told(problem: Problem) -> tuple[str, str]:
    """The code, and the words that are underlined."""
    return problem.code, problem.span.text if problem.span else ""


def errors(problems: list[Problem]) -> list[Problem]:
    """Those that stop the work."""
    return [problem for problem in problems if problem.severity.value == "error"]
