"""The lake group's drafts and cases, for the tests of comparisons."""

from __future__ import annotations

from pathlib import Path

DRAFT = """policy lake "Rules of the Lake Group"
  language  1
  version   "draft 2"
  authority "Before the Ministers of the Lake Group"
  in force  from 2026-07-01
  currency  USD

article 1 "Members and facts"
  > The members are Burundi, Rwanda and Tanzania.
  tier core "Members"
    BDI, RWA, TZA
  indicators for each member
    population : persons      "Population"
    gnp        : USD per year "Gross national product"
  indicators for the case
    arrivals : persons "Arrivals"
    cost     : USD     "Cost"

article 2 "Places"
  (1) > Persons who arrive are shared among the members.
  alternative A "By population" proposed by TZA
    (2) > They are shared by population.
    apportion places "Places"
      total    arrivals
      among    members
      by       population
      rounding largest_remainder
      ties     by population
  alternative B "By area" proposed by BDI, "the Chair"
    (2) > They are shared by area.
    indicators for each member
      area : km2 "Land area"
    apportion room "Room"
      total    arrivals
      among    members
      by       area
      rounding largest_remainder
      ties     by population

article 3 "Cost"
  > The cost is shared.
  alternative C
    apportion contribution "Contribution"
      total    cost
      among    members
      by       gnp
      rounding largest_remainder to 1 USD
      ties     by gnp
  alternative D proposed by RWA
    apportion contribution "Contribution"
      total    cost
      among    members
      equally
      rounding largest_remainder to 1 USD
      ties     by gnp
"""
CASE = """case: Arrivals
policy: lake
at: 2026-08-01
default: {source: Secretariat, date: 2026-07-01}
facts:
  arrivals: 900 persons
  cost: 6_000 USD
  population: {unit: persons, BDI: 1_000, RWA: 2_000, TZA: 6_000}
  gnp: {unit: USD per year, BDI: 1_000, RWA: 1_000, TZA: 4_000}
  area: {unit: km2, BDI: 100, RWA: 100, TZA: 700}
"""


def write(folder: Path, **texts: str) -> None:
    """Files by their names without their endings: a policy begins with `policy`."""
    for name, text in texts.items():
        (folder / f"{name}.{'policy' if text.startswith('policy') else 'yaml'}").write_text(text, "utf-8")
