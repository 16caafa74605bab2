"""Reservations: their scope is enforced, and what each does to the others is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drafts import write

from policy_dsl.compare.reservations import Reserved, without
from policy_dsl.pipeline import check_policy, compare_reservations, decide, open_file, read_case

LAW = """policy lake "Rules of the Lake Group"
  language  1
  version   "1"
  authority "Adopted by the Ministers of the Lake Group"
  in force  from 2026-01-01
  currency  USD

article 1 "Members and facts"
  > The members are Burundi, Rwanda and Tanzania; Kenya from July.
  tier core "Members"
    BDI, RWA, TZA
    KEN from 2026-07-01
  indicators for each member
    population : persons "Population"
  indicators for the case
    arrivals : persons "Arrivals"

article 2 "Places and fees"
  > Places follow population; each pays a fee; each reports.
  apportion places "Places"
    total    arrivals
    among    members
    by       population
    rounding largest_remainder
    ties     by population
  define fee "Fee" for each member = 100 USD
  apportion dues "Dues"
    total    sum of fee
    among    members
    by       population
    rounding largest_remainder to 1 USD
    ties     by population
  procedure reports
    step report "Report"
      by members
  duty to_report "Duty to report"
    binds members
    kept when report of member

{law}
"""
CASE = """case: Arrivals
policy: lake
at: 2026-10-01
default: {source: Secretariat, date: 2026-07-01}
facts:
  arrivals: 1_000 persons
  population: {unit: persons, BDI: 110, KEN: 390, RWA: 90, TZA: 410}
"""


def reserved(folder: Path, law: str, case: str = CASE) -> list[Reserved]:
    write(folder, lake=LAW.format(law=law), case=case)
    policy = check_policy(open_file(str(folder / "lake.policy")))
    assert [each.code for each in policy.problems if each.severity.value == "error"] == []
    assert policy.checked is not None
    read = read_case(policy.checked, open_file(str(folder / "case.yaml")))
    assert read.case is not None, [each.code for each in read.problems]
    made = compare_reservations(policy.checked, [("case.yaml", read.case)])
    return list(made.cases[0][2])


def effects(found: Reserved) -> dict[str, dict[str, int]]:
    """By how much more each bears with the reservation than without it, where that is not nothing."""
    assert found.compared is not None
    return {
        f"{burden.kind} {burden.unit}": {
            member: int(by) for member in burden.members if (by := burden.difference(member, 1, 0))
        }
        for burden in found.compared.burdens
        if burden.differs
    }


ARTICLE = 'article 3 "Declarations"\n  > Words.\n'
EFFECTS = [
    # An opt-out: the others take what it would have taken, each by its weight.
    ("by TZA\n    to places", {"shared persons": {"BDI": 76, "KEN": 271, "RWA": 63, "TZA": -410}}),
    ("by BDI, RWA\n    to places", {"shared persons": {"BDI": -121, "KEN": 58, "TZA": 63}}),
    # Another figure for one member: what is shared among all falls too.
    ("by TZA\n    to fee : 40 USD", {
        "shared USD": {"BDI": -7, "KEN": -23, "RWA": -5, "TZA": -25},
    }),
    # Out of the sum that is owed, but not out of the sharing.
    ("by TZA\n    to dues", {"shared USD": {"BDI": 31, "KEN": 108, "RWA": 25, "TZA": -164}}),
    # A duty moves nobody's figures.
    ("by TZA\n    to to_report", {}),
    ("by TZA\n    to places\n    to fee : 50% of fee", {
        "shared persons": {"BDI": 76, "KEN": 271, "RWA": 63, "TZA": -410},
        "shared USD": {"BDI": -6, "KEN": -19, "RWA": -5, "TZA": -20},
    }),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "expected"), EFFECTS, ids=[" ".join(each.split()) for each, _ in EFFECTS])
def test_the_effect_on_the_others(tmp_path: Path, clause: str, expected: dict[str, dict[str, int]]):
    found = reserved(tmp_path, f'{ARTICLE}  reservation declared "Declaration"\n    {clause}\n')
    assert effects(found[0]) == expected


def test_what_a_member_does_not_take_others_take_and_nothing_is_lost(tmp_path: Path):
    found = reserved(tmp_path, ARTICLE + "  reservation declared\n    by TZA\n    to places\n")[0]
    assert found.compared is not None
    persons = found.compared.burdens[0]
    assert [persons.total(at) for at in (0, 1)] == [1000, 1000]
    assert sum(persons.difference(member, 1, 0) or 0 for member in persons.members) == 0


def test_each_members_reservation_is_looked_at_by_itself(tmp_path: Path):
    law = (
        ARTICLE
        + """  reservation first "First"
    by BDI, TZA until 2026-06-30
    to places
  reservation second "Second"
    by RWA from 2026-09-01
    to places
"""
    )
    found = reserved(tmp_path, law)
    assert [(each.clause.name, each.member, each.held) for each in found] == [
        ("first", "BDI", True), ("first", "TZA", False), ("second", "RWA", True),
    ]  # fmt: skip
    # With the other one held: RWA would take part again, BDI not.
    assert effects(found[2])["shared persons"]["RWA"] < 0
    assert "BDI" not in effects(found[2])["shared persons"]


@pytest.mark.parametrize(
    ("day", "held"), [("2026-08-31", False), ("2026-09-01", True), ("2026-12-31", True), ("2027-01-01", False)]
)
def test_it_is_held_from_its_first_to_its_last_day(tmp_path: Path, day: str, held: bool):
    law = ARTICLE + "  reservation one\n    by RWA from 2026-09-01 until 2026-12-31\n    to places\n"
    assert reserved(tmp_path, law, CASE.replace("2026-10-01", day))[0].held is held


def test_without_a_reservation_the_case_is_as_if_it_had_never_been_made(tmp_path: Path):
    law = ARTICLE + "  reservation one\n    by RWA\n    to places\n"
    write(tmp_path, lake=LAW.format(law=law), plain=LAW.format(law=""), case=CASE)
    policy = check_policy(open_file(str(tmp_path / "lake.policy"))).checked
    plain = check_policy(open_file(str(tmp_path / "plain.policy"))).checked
    assert policy is not None
    assert plain is not None
    case = read_case(policy, open_file(str(tmp_path / "case.yaml"))).case
    assert case is not None
    clause = policy.program.entries["one"]
    one, other = decide(without(policy, clause, "RWA"), case), decide(plain, case)
    assert [(key, value.value) for key, value in one.values.items()] == [
        (key, value.value) for key, value in other.values.items()
    ]
    assert one.reservations == ()


SCOPE = [
    ("reservations permitted to fee\n", "by TZA\n    to places", "PD522"),
    ("reservations permitted to none\n", "by TZA\n    to fee : 3 USD", "PD522"),
    ("reservations permitted to fee\n", "by TZA\n    to fee : 3 USD", ""),
    ("", "by FRA\n    to places", "PD523"),
    ("", "by KEN until 2026-06-30\n    to places", "PD523"),
    ("", "by TZA from 2026-03-01 until 2026-02-01\n    to places", "PD403"),
    ("", "by TZA\n    to fee", "PD524"),
    ("", "by TZA\n    to places : 3 persons", "PD524"),
    ("", "by TZA\n    to arrivals", "PD204"),
    ("", "by TZA\n    to fee : 3 persons", "PD329"),
    ("", "by TZA", "PD525"),
    ("", "to places", "PD525"),
    ("", "by TZA, TZA\n    to places", "PD527"),
    ("", "by TZA until 2026-06-30, TZA from 2026-07-01\n    to places", ""),
    ("reservation other\n    by TZA\n    to fee : 3 USD\n", "by TZA from 2026-09-01\n    to fee : 4 USD", "PD527"),
    (
        "reservation other\n    by TZA until 2026-08-31\n    to fee : 3 USD\n",
        "by TZA from 2026-09-01\n    to fee : 4 USD", "",
    ),
    ("reservation other\n    by RWA\n    to fee : 3 USD\n", "by TZA\n    to fee : 4 USD", ""),
]  # fmt: skip


@pytest.mark.parametrize(("before", "clause", "code"), SCOPE)
def test_its_scope_is_checked(tmp_path: Path, before: str, clause: str, code: str):
    law = f"{ARTICLE}{'  ' * bool(before)}{before}  reservation declared\n    {clause}\n"
    write(tmp_path, lake=LAW.format(law=law))
    policy = check_policy(open_file(str(tmp_path / "lake.policy")))
    assert [each.code for each in policy.problems if each.severity.value == "error"] == ([code] if code else [])


def test_the_text_and_the_data_tell_the_effect(tmp_path: Path):
    law = ARTICLE + '  reservation one "Declaration of Rwanda"\n    by RWA\n    to places\n'
    write(tmp_path, lake=LAW.format(law=law), case=CASE)
    policy = check_policy(open_file(str(tmp_path / "lake.policy"))).checked
    assert policy is not None
    case = read_case(policy, open_file(str(tmp_path / "case.yaml"))).case
    assert case is not None
    made = compare_reservations(policy, [(str(tmp_path / "case.yaml"), case)])
    text = made.text()
    assert "Declaration of Rwanda, by RWA (Art. 3), to Places" in text.replace("\u00a0", " ")
    assert "Because of the reservation more falls on BDI (+11), KEN (+39) and TZA (+40), and less on RWA (−90)." in text
    data = made.data()
    assert json.loads(json.dumps(data)) == data
    told = data["cases"][0]["reservations"][0]
    assert (told["member"], told["to"], told["held"]) == ("RWA", ["places"], True)
    assert {each["member"]: each["differences"]["with"]["exact"] for each in told["burdens"][0]["members"]} == {
        "BDI": "11", "KEN": "39", "RWA": "-90", "TZA": "40",
    }  # fmt: skip
    assert str(tmp_path) not in text + made.html() + json.dumps(data)
