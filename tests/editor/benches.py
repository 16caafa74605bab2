"""What the tests of this room share: texts on a bench, and places in them marked by `‸`."""

from pathlib import Path

from policy_dsl.editor.bench import Bench
from policy_dsl.editor.view import View

ROOT = Path(__file__).parents[2]
POLICIES = sorted((ROOT / "policies").glob("*/*.policy"))
HEADER = """policy t "T"
  language  1
  version   "1"
  authority "x"
  in force  from 2026-01-01
  currency  USD
  calendar  weekdays
  periods   plain
"""
ARTICLE = """
article 1 "Sharing"
  (1) > Places follow population.
  tier core "Members"
    BDI, RWA
  set big "Big members" = core where population > 10 persons
  indicators for each member
    population : persons "Population"
  indicators for the case
    arrivals : persons "Arrivals"
  parameter ceiling "Ceiling" = 40%
    from 2027-01-01 : 50% cites "Decision 2"
  key size "Size"
    100% : share of population
  (2) > Nobody takes more than the ceiling.
  apportion places "Places"
    total    arrivals
    among    big
    by       size
    at most  ceiling * arrivals
    rounding largest_remainder
    ties     by population
    remainder to none
  procedure exchange
    step request "Request"
      by members
      records wanted : persons
    step reply "Reply"
      by members
      not after 3 working days after request
      requires wanted of request > 0 persons

example "Two members"
  given population of BDI = 20 persons
  given population of RWA = 20 persons
  given arrivals = 10 persons
  expect places of BDI = 4 persons because Art. 1(2)
"""
WHOLE = HEADER + ARTICLE


def marked(text: str) -> tuple[str, int]:
    """A text without its mark, and where the mark stood."""
    at = text.index("‸")
    return text[:at] + text[at + 1 :], at


def viewed(text: str, name: str = "t.policy", bench: Bench | None = None, **others: str) -> tuple[Bench, View]:
    """A text on a bench with others beside it (`model="…"` is `model.policy`)."""
    bench = bench or Bench()
    for other, words in others.items():
        bench.put(f"{other}.policy", words)
    bench.put(name, text)
    view = bench.view(name)
    assert view is not None
    return bench, view


def codes(view: View) -> list[str]:
    """The codes of what is wrong."""
    return [problem.code for problem in view.problems]
