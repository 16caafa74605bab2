"""What the tests of this room share: texts in, programs and problems out."""

from pathlib import Path

from policy_dsl.diagnostics import Problem
from policy_dsl.resolve import Program, Resolved, resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

DATA = Path(__file__).parent / "data"
HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain
{more}
"""
FACTS = """
article 1 "Facts"
  tier participating "Members"
  indicators for each member
    population : persons "Population"
  define crowd "Crowd" for each member = population
"""


def resolved(text: str, files: dict[str, str] | None = None, more: str = "") -> Resolved:
    """A policy, its header supplied unless it has one, with the other files that it may ask for by name."""
    whole = text if text.lstrip().startswith("policy ") else HEADER.format(more=more) + text
    sources = {name: Source(name, words) for name, words in (files or {}).items()}
    own = Source("t.policy", whole)
    sources["t.policy"] = own
    parsed = parse(own)
    assert [problem.code for problem in parsed.problems] == []
    return resolve(parsed, lambda path, _: sources.get(path))


def program(text: str, files: dict[str, str] | None = None, more: str = "") -> Program:
    """A policy that resolves without an error."""
    found = resolved(text, files, more)
    assert [told(problem) for problem in found.problems if problem.severity.value == "error"] == []
    assert found.program is not None
    return found.program


def told(problem: Problem) -> tuple[str, str]:
    """The code, and the words that are underlined."""
    return problem.code, problem.span.text if problem.span else ""


def example(name: str) -> Resolved:
    """One of the policies in the data."""
    source = Source(f"{name}.policy", (DATA / f"{name}.policy").read_text("utf-8"))
    return resolve(parse(source), from_data)


def from_data(path: str, _relative_to: Source) -> Source | None:
    """A file beside the policies in the data."""
    file = DATA / path
    return Source(path, file.read_text("utf-8")) if file.exists() else None
