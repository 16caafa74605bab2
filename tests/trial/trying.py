"""A small policy with one of each thing that can be altered, and ways to try it."""

from __future__ import annotations

from dataclasses import dataclass

from policy_dsl.cases.expected import read_expected
from policy_dsl.check import Checked
from policy_dsl.source import Source
from policy_dsl.syntax import parse
from policy_dsl.trial.alterations import Alteration, alterations
from policy_dsl.trial.altering import examined
from policy_dsl.trial.coverage import Coverage, covered
from policy_dsl.trial.mutation import Subject
from policy_dsl.trial.running import StatedCase

HEAD = """policy shore "Rules of the shore"
  language  1
  version   "1"
  authority "Meeting of 3 May 2025"
  in force  from 2025-07-01
  currency  USD
  calendar  weekdays
  periods   plain

"""
ARTICLES = """article 1 "Members and facts"
  > The States of the shore are members.
  tier core "Members"
  indicators for each member
    population : persons "Population"
    income     : USD "Income for each inhabitant"
    exempt     : yes or no "Whether it is exempt", missing means no
  indicators for the case
    arrivals : persons "Arrivals"

article 2 "Places"
  (1) > Places follow population, and half as much income.
  key size
    60% : share of population
    40% : share of income
  (2) > Nobody takes more than the ceiling; who is exempt takes none.
  define ceiling "Ceiling" for each member = 10_000 persons
    except where exempt = yes : 0 persons
  apportion places "Places"
    total    arrivals
    among    core
    by       size
    at most  ceiling
    rounding largest_remainder
    ties     by population

article 3 "Reduction"
  > Who has less than 1,000 dollars for each inhabitant pays nothing, who has less than 5,000 pays half.
  scale rate "Rate" on income, whole
    below 1_000 USD : 0%
    below 5_000 USD : 50%
    otherwise       : 100%

article 4 "Meeting"
  > The members meet within 72 hours of a request, and decide by two thirds.
  procedure meeting_rules
    step request "Request"
      by core
    step meeting "Meeting"
      requires request
      not after 72 hours after request
    step decision "Decision"
      by core
      requires meeting
      adopted when count of favour >= 2/3 of count of voting
"""
EXAMPLES = """
example "Shared by population and income"
  given core = AUT, BEL
  given arrivals = 1_000 persons
  given population : persons, income : USD
    AUT : 1_000, 4_000
    BEL : 3_000, 4_000
  expect places of AUT = 350 persons because Art. 2(1)
  expect rate of AUT = 50%

example "An hour too late"
  given core = AUT, BEL
  given request at 2026-03-02T08:00Z by AUT
  given meeting at 2026-03-05T09:00Z
  expect meeting is refused because Art. 4
"""
CASE = """case: Spring
policy: shore
at: 2026-03-10
default: {source: Register, date: 2026-01-01}
members:
  core: [AUT, BEL]
facts:
  arrivals: 1_000 persons
  population: {unit: persons, AUT: 1_000, BEL: 3_000}
  income: {unit: USD, AUT: 4_000, BEL: 4_000}
  exempt: {AUT: no, BEL: no}
events:
  - {step: request, at: 2026-03-02T08:00Z, by: AUT}
  - {step: meeting, at: 2026-03-05T09:00Z}
"""


def no_file(_path: str, _relative_to: Source) -> Source | None:
    """No file stands beside these texts."""
    return None


def policy(examples: str = EXAMPLES, *changes: tuple[str, str]) -> str:
    """The policy with other examples, and with changes of its text, each of which must find its place once."""
    text = HEAD + ARTICLES + examples
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def checked(text: str) -> Checked:
    """A policy that must be sound."""
    found, errors = examined(parse(Source("shore.policy", text)), no_file)
    assert found is not None, errors
    return found


def subject(text: str, expected: str = "", case: str = CASE) -> Subject:
    """A policy with its examples, and with the case where something is expected of it."""
    source = Source("shore.policy", text)
    cases = []
    if expected:
        results = read_expected(Source("expected/spring.yaml", expected), checked(text).program)
        cases = [StatedCase(Source("spring.yaml", case), no_file, results)]
    return Subject(parse(source), no_file, cases)


def cover(tried: Subject) -> Coverage:
    """What is exercised."""
    return covered(tried.checked, tried.trials)


@dataclass(frozen=True)
class Said:
    """An alteration in words."""

    kind: str
    old: str
    new: str


def altered_of(text: str, provision: str) -> list[Said]:
    """What is altered in one provision of a policy."""
    return [Said(a.kind, a.old, a.new) for a in alterations(checked(text).program) if a.provision == provision]


def alteration(tried: Subject, old: str, new: str) -> Alteration:
    """The alteration of these words."""
    found = [a for a in alterations(tried.checked.program) if (a.old, a.new) == (old, new)]
    assert len(found) == 1, f"{old} → {new}: {len(found)}"
    return found[0]
