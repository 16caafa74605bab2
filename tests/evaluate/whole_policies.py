"""Whole policies for the tests of properties: articles that may stand in any order, cases in any order, and a canonical
dump of what is decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from deciding import checked

from policy_dsl.cases.read import read_case
from policy_dsl.evaluate import Decision, decide
from policy_dsl.evaluate.examples import shown
from policy_dsl.source import Source

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

"""
STATES = ("ALB", "BEL", "DEU", "FRA", "GRC", "HUN", "ITA")


class Unsound(Exception):
    """A policy or case that is not one: a fault of the test."""


@dataclass(frozen=True)
class Drawn:
    """What differs from one policy and case to the next."""

    people: dict[str, int]
    area: dict[str, int]
    borne: dict[str, int]
    relieved: dict[str, int]
    pot: int = 100
    method: str = "largest_remainder"
    lines: tuple[str, ...] = ()
    in_bands: bool = False
    area_unit: str = "km2"
    months: str = "18 months"
    days: str = "14 days"
    by_lot: tuple[str, ...] = field(default=STATES)


def articles(drawn: Drawn) -> list[str]:
    """The articles of the policy; no reference joins them but by name."""
    how = ["in bands of hosting", "by people"] if drawn.in_bands else ["by mixed"]
    lines = [
        *how,
        "total pot",
        "among members except benched",
        # Relief has no meaning in bands: the checker refuses it.
        *(line for line in drawn.lines if not (drawn.in_bands and line.startswith("relief"))),
        f"rounding {drawn.method}",
        "ties by people",
        "ties by lot",
    ]
    return [
        """article 1 "Members"
  > Words.
  tier inner "Inner"
  tier outer "Outer"
    HUN, ITA
  set benched "Benched" = members where people < 3 persons
""",
        """article 2 "Facts"
  > Words.
  indicators for each member
    people : persons "People"
    area : km2 "Area"
    borne : persons "Borne", missing means 0 persons
    relieved : percent "Relief", missing means 0%
  indicators for the case
    pot : persons "Pot"
""",
        """article 3 "Measures"
  > Words.
  define density "Density" for each member = people / area
  define rank_of_all "Rank" for each member = rank of people over members
  define level "Level" for each member = 1
    except where area > 50 km2 : 2
    except where member in outer and area <= 50 km2 : 3
  scale tax on people / 1 person, marginal
    up to 1_000% : 0%
    up to 10_000% : 10%
    otherwise : 20%
  define counted "Counted" for each member = borne + relieved * 1 person
  define taxed "Taxed" for each member = tax
""",
        """article 4 "Key"
  > Words.
  key mixed "Key"
    define size = share of people + share of area
    60% : share of people
    40% : min(share of area, 30% of size)
    rest by size
  criteria hosting in order
    room : area from 0 km2 to 100 km2
    small : people from 1_000 persons to 0 persons
    similar within 10%
""",
        'article 5 "Places"\n  > Words.\n  apportion places "Places"\n' + "".join(f"    {each}\n" for each in lines),
        """article 6 "Cost"
  > Words.
  parameter term = """
        + drawn.months
        + """
  apportion cost "Cost"
    total sum of places * 12 USD per person per year * term
    among members
    by area
    rounding largest_remainder
    ties by lot
  guarantee all_places : sum of places <= pot
""",
        """article 7 "Record"
  > Words.
  procedure all_steps
    step request "Request"
      by members
    step answer "Answer"
      by members
      once each
      not after """
        + drawn.days
        + """ after request
    step meeting "Meeting"
      by members except benched
      quorum none
      adopted when count of favour >= 2/3 of count of voting
  duty to_answer "Answer"
    binds members
    when request
    not after """
        + drawn.days
        + """ after request
    kept when answer of member
""",
    ]


def case(drawn: Drawn, order: Sequence[str] = STATES) -> str:
    """The case; members and facts in the order given."""
    members = [m for m in order if m in drawn.people]
    factor = {"km2": 1, "hectares": 100}[drawn.area_unit]

    def table(name: str, unit: str, figures: dict[str, int], by: int = 1, sign: str = "") -> str:
        rows = ", ".join(f"{m}: {figures[m] * by}{sign}" for m in members if m in figures)
        return f"  {name}: {{{unit}{rows}}}\n" if rows else ""

    blocks = {
        "people": table("people", "unit: persons, ", drawn.people),
        "area": table("area", f"unit: {drawn.area_unit}, ", drawn.area, factor),
        "borne": table("borne", "unit: persons, ", drawn.borne),
        "relieved": table("relieved", "", drawn.relieved, sign="%"),
        "pot": f"  pot: {drawn.pot} persons\n",
    }
    names = [m for m in members if m not in ("HUN", "ITA")]
    turned = list(blocks) if tuple(order) == STATES else list(blocks)[::-1]
    events = [f"  - {{step: answer, at: 2026-02-{10 + n:02d}, by: {m}}}\n" for n, m in enumerate(sorted(drawn.people))]
    events.append("  - {step: request, at: 2026-02-01, by: " + min(drawn.people) + "}\n")
    events.append(
        (
            f"  - {{step: meeting, at: 2026-03-01, favour: "
            f"[{', '.join(members[::2])}], against: [{', '.join(members[1::2])}]}}\n"
        )
        if tuple(order) == STATES
        else ""
    )
    if tuple(order) != STATES:
        given = [m for m in STATES if m in drawn.people]
        events[-1] = (
            f"  - {{step: meeting, at: 2026-03-01, against: "
            f"[{', '.join(given[1::2][::-1])}], favour: [{', '.join(given[::2][::-1])}]}}\n"
        )
        events.reverse()
    lots = ", ".join(m for m in drawn.by_lot if m in drawn.people)
    parts = [
        f"members: {{inner: [{', '.join(names)}]}}\n",
        "facts:\n" + "".join(blocks[name] for name in turned),
        "events:\n" + "".join(events),
        f"lots: {{places: [{lots}], cost: [{lots}]}}\n",
    ]
    if tuple(order) != STATES:
        parts.reverse()
    return 'case: "C"\npolicy: t\nat: 2026-06-01\ndefault: {source: test, date: 2026-01-01}\n' + "".join(parts)


def decision(drawn: Drawn, *, order: Sequence[str] = STATES, shuffled: Sequence[int] = range(7)) -> Decision:
    """The decision; articles in the order given."""
    texts = articles(drawn)
    try:
        policy = checked("".join(texts[n] for n in shuffled), HEADER)
    except AssertionError as unsound:
        raise Unsound from unsound
    read = read_case(Source("c.yaml", case(drawn, order)), policy.program, lambda path, relative_to: None)
    if read.case is None:
        raise Unsound([(each.code, dict(each.params)) for each in read.problems])
    return decide(policy, read.case)


def dump(found: Decision) -> str:
    """All that was decided, as one text: values, shares with each stage, groups, bands, statuses, what is said."""
    told: dict[str, object] = {}
    for (name, subject), value in found.values.items():
        told[" of ".join([name, *reversed(subject)])] = shown(value.value)
    for name, group in found.groups.items():
        told[f"group {name}"] = shown(group.value)
    for shared in found.shares:
        for row in shared.rows:
            stages = (row.quota, row.exact, row.due, row.rounded, row.extra, row.held, row.band)
            told[f"row {shared.entry.name} {row.member}"] = [str(each) for each in stages]
        told[f"left {shared.entry.name}"] = [
            str(each)
            for each in (shared.unallocated, shared.residue, shared.credits, shared.factor, shared.undetermined)
        ]
    for result in found.criteria:
        told[f"bands {result.entry.name}"] = [list(band) for band in result.bands]
    for step in found.timeline:
        told[f"step {step.entry.name}"] = [
            step.status,
            sorted((str(e.event.at), e.event.by, e.status) for e in step.events),
        ]
    for duty in found.duties:
        told[f"duty {duty.entry.name} {duty.holder}"] = duty.status
    for promise in found.guarantees:
        told[f"guarantee {promise.entry.name}"] = promise.status
    told["said"] = sorted((each.code, sorted(each.params.items())) for each in found.problems)
    return json.dumps(told, sort_keys=True, indent=0)


SAMPLE = Drawn(
    people={"ALB": 10, "BEL": 10, "DEU": 80, "FRA": 67, "GRC": 10, "HUN": 2, "ITA": 59},
    area={"ALB": 28, "BEL": 31, "DEU": 357, "FRA": 551, "GRC": 132, "HUN": 93, "ITA": 301},
    borne={"BEL": 2, "ITA": 9},
    relieved={"ALB": 50},
    pot=103,
    lines=(
        "at most 40 persons",
        "relief relieved, borne by (members except benched) where relieved = 0% by people",
        "less borne",
        "remainder to outer by area",
    ),
)
