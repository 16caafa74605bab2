"""Groups: tiers, seats with dates, conditions of membership, grounds, sets listed, derived and given, filters."""

from __future__ import annotations

import pytest
from deciding import codes, decided, group, told

SEATS = """article 1 "A"
  > Words.
  tier inner "Inner core"
    ALB, BEL from 2026-03-01, DEU until 2026-06-30
  tier outer "Outer core"
    FRA, GRC from 2026-02-01 until 2026-02-28
  set poor "Least developed"
    ALB, KEN until 2026-03-31
    cites "a list"
  set rest "The rest" = members except poor
  define size "Size" = count of members
  define poor_members "Poor" = count of poor
"""


@pytest.mark.parametrize(
    ("at", "inner", "outer", "poor", "rest"),
    [
        ("2026-01-01", "ALB, DEU", "FRA", "ALB, KEN", "DEU, FRA"),
        ("2026-02-01", "ALB, DEU", "FRA, GRC", "ALB, KEN", "DEU, FRA, GRC"),
        ("2026-02-28", "ALB, DEU", "FRA, GRC", "ALB, KEN", "DEU, FRA, GRC"),
        ("2026-03-01", "ALB, BEL, DEU", "FRA", "ALB, KEN", "BEL, DEU, FRA"),
        ("2026-04-01", "ALB, BEL, DEU", "FRA", "ALB", "BEL, DEU, FRA"),
        ("2026-06-30", "ALB, BEL, DEU", "FRA", "ALB", "BEL, DEU, FRA"),
        ("2026-07-01", "ALB, BEL", "FRA", "ALB", "BEL, FRA"),
    ],
)
def test_seats_have_dates(at: str, inner: str, outer: str, poor: str, rest: str) -> None:
    found = decided(SEATS, f"at: {at}\n")
    assert [group(found, name) for name in ("inner", "outer", "poor", "rest")] == [inner, outer, poor, rest]
    assert told(found, "size") == str(len(inner.split()) + len(outer.split()))
    assert ", ".join(found.members) == ", ".join(sorted([*inner.split(", "), *outer.split(", ")]))


PLEDGED = """article 1 "A"
  > Words.
  tier core "Core"
    requires pledge of member
  tier other "Other"
    grounds kinship, restitution
  procedure joining
    step pledge "Pledge"
      by states
      once each
  indicators for each member
    people : persons "People"
  define all_people "All" = sum of people
  define by_kinship "By kinship" = count of (members where ground of member is kinship)
"""
PLEDGES = """members: {core: [ALB, BEL], other: {DEU: kinship, FRA: restitution}}
facts: {people: {unit: persons, ALB: 1, BEL: 10, DEU: 100, FRA: 1_000}}
"""


def test_who_does_not_meet_the_conditions_has_no_seat_and_enters_no_sum() -> None:
    found = decided(PLEDGED, PLEDGES + "events: [{step: pledge, at: 2026-02-01, by: ALB}]\n")
    assert found.members == ("ALB", "DEU", "FRA")
    assert told(found, "all_people") == "1_101 persons"
    refused = {seat.state: seat.refused is not None for seat in found.seats}
    assert refused == {"ALB": False, "BEL": True, "DEU": False, "FRA": False}
    assert told(found, "by_kinship") == "1"
    assert {seat.state: seat.ground for seat in found.seats if seat.ground} == {"DEU": "kinship", "FRA": "restitution"}


def test_a_refused_pledge_gives_no_seat() -> None:
    """The second pledge of the same State counts for nothing, and that of a body that is no State was never one."""
    twice = "events: [{step: pledge, at: 2026-02-01, by: BEL}, {step: pledge, at: 2026-02-02, by: BEL}]\n"
    found = decided(PLEDGED, PLEDGES + twice)
    assert found.members == ("BEL", "DEU", "FRA")


DERIVED = """article 1 "A"
  > Words.
  tier everybody "All"
    ALB, BEL, DEU, FRA
  set opted_out "Opted out"
  indicators for each member
    people : persons "People"
  indicators for the case
    origin : state "Origin"
  set one "One" = {one}
  define x "X" = sum of people over one
  define y "Y" = count of opted_out
  define z "Z" = count of (members except origin)
"""
GIVEN = (
    "members: {opted_out: [DEU]}\nfacts: {origin: ALB, people: "
    "{unit: persons, ALB: 1, BEL: 20, DEU: 300, FRA: 4_000}}\n"
)


@pytest.mark.parametrize(
    ("written", "members"),
    [
        ("members except opted_out", "ALB, BEL, FRA"),
        ("members except (opted_out or origin)", "BEL, FRA"),
        ("members except opted_out where people > 10 persons", "BEL, FRA"),
        ("members where people > 10 persons", "BEL, DEU, FRA"),
        ("(members where people > 10 persons) except opted_out", "BEL, FRA"),
        ("(opted_out or origin) where people > 1 person", "DEU"),
        ("opted_out or ALB", "ALB, DEU"),
        ("members where member is not origin", "BEL, DEU, FRA"),
        ("members where member in opted_out", "DEU"),
        ("members where people > mean of people", "FRA"),
        ("origin or origin", "ALB"),
    ],
)
def test_derived_groups(written: str, members: str) -> None:
    found = decided(DERIVED.format(one=written), GIVEN)
    assert group(found, "one") == members
    assert codes(found) == []
    assert told(found, "z") == "3"


def test_a_gap_in_a_filter_is_no_answer() -> None:
    found = decided(DERIVED.format(one="members where people > 10 persons"), GIVEN.replace("BEL: 20, ", ""))
    assert told(found, "x") == "? PD801"
    assert "PD801" in codes(found)


def test_states_are_all_that_the_case_mentions() -> None:
    text = DERIVED.format(one="states except members")
    assert (
        group(
            decided(
                text, GIVEN.replace("opted_out: [DEU]", "opted_out: [DEU, KEN]").replace("origin: ALB", "origin: SRB")
            ),
            "one",
        )
        == "KEN, SRB"
    )
