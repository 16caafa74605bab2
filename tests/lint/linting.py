"""What the tests of lint share: texts in, advice out."""

import re

from policy_dsl.check import Checked, check
from policy_dsl.diagnostics.pages import page
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint import advise
from policy_dsl.resolve import resolve
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
FACTS = """article 1 "Members and facts"
  > The members are those which the case names. The Secretariat supplies the facts.
  tier participating "Members"
  participant secretariat "Secretariat"
    as secretariat
  indicators for the case
    arrivals : persons "Persons who have arrived"
  indicators for each member
    population : persons "Population"
    security   : rating  "Physical security", between 0 and 10, supplied by secretariat

article 2 "Places"
  > Persons who arrive are shared by population where security is assured.
  apportion places "Places"
    total    arrivals
    among    members where security >= 5
    by       population
    rounding largest_remainder
    ties     by population

"""
# A fragment has no examples.
FRAGMENT = ("PD653",)
BLOCK = re.compile(r"^```policy\n(.*?)^```", re.MULTILINE | re.DOTALL)


def read(text: str) -> tuple[Checked, list[Problem]]:
    """A policy, its header supplied unless it has one, and what the check says of it."""
    parsed = parse(Source("t.policy", text if re.search(r"^policy ", text, re.MULTILINE) else HEADER + text))
    resolved = resolve(parsed, lambda *_: None)
    assert resolved.program is not None
    checked = check(resolved.program)
    return checked, [*parsed.problems, *resolved.problems, *checked.problems]


def sound(text: str) -> Checked:
    """A policy of which the check says nothing that stops the work."""
    checked, problems = read(text)
    assert [(each.code, each.params) for each in problems if each.severity.value == "error"] == []
    return checked


def advised(article: str, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> list[Problem]:
    """The advice on an article beside facts and places that draw none, but for the examples that a fragment lacks."""
    return list(advise(sound(FACTS + article), select, (*ignore, *FRAGMENT)))


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    """The codes, with the words that are underlined, on one line."""
    return [(each.code, " ".join(each.span.text.split()) if each.span else "") for each in problems]


def examples(code: str) -> tuple[str, str]:
    """The wrong and the mended example of a page."""
    text = page(code)
    assert text is not None
    assert text.startswith(f"# {code}: ")
    wrong, mended = BLOCK.findall(text)
    assert text.index("## Wrong") < text.index(wrong) < text.index("## Mended") < text.rindex(mended)
    return wrong, mended
