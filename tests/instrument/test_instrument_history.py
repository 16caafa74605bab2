"""Figures through time: values by date with the instrument, who joined and left, reservations, clauses."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_dsl.check import check
from policy_dsl.evaluate.examples import run_examples, shown
from policy_dsl.files import Refused
from policy_dsl.instrument.chronicle import Chronicle
from policy_dsl.instrument.history import History, history
from policy_dsl.pipeline import check_policy, open_file, through_time
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

LAW = """policy lake "Rules of the Lake Group"
  language  1
  version   "3"
  authority "First meeting"
  in force  from 2026-01-01
  currency  USD

article 1 "Members"
  > The members.
  tier core "Members"
    BDI, RWA until 2026-09-30
    KEN from 2026-07-01 cites "Accession of Kenya"
    UGA from 2026-03-01 until 2026-05-31, UGA from 2026-08-01
      cites "Second accession of Uganda"
  set poor "Poorest members"
    BDI from 2027-01-01

article 2 "Figures"
  (1) > The rate.
  parameter rate "Rate" = 10 USD cites "Annex I"
    from 2027-01-01 : 30 USD cites "Protocol 3"
    from 2026-07-01 : 20 USD cites "Protocol 2" because "Costs rose."
  (2) > The part.
  parameter portion "Part" = left to meeting between 10% and 30%, otherwise 20%
    from 2027-01-01 : 25%
  parameter steady = 3 persons
  procedure meetings
    step meeting "Meeting"
      by members
  define due "Due" for each member = rate * portion * steady / 1 person
  define few "Few" = count of poor
  transitional pending "Pending requests"
    keeps rate, portion
    for cases opened before 2026-06-01
  reservation of_rwanda "Declaration of Rwanda"
    by RWA from 2026-04-01 until 2026-06-30
      cites "Note of 3 March"
    to due : 5 USD
"""


def told(text: str = LAW) -> History:
    parsed = parse(Source("t.policy", text))
    found = resolve(parsed, lambda path, _: None)
    assert found.program is not None
    problems = (*parsed.problems, *found.problems, *check(found.program).problems)
    assert [each.code for each in problems if each.severity.value == "error"] == []
    return history(found.program)


def test_each_figure_has_its_values_by_date_with_the_instrument():
    rows = [
        (line.entry.name, line.article, str(each.since), str(each.until), each.value, each.instrument, each.cited)
        for line in told().figures
        for each in line.stretches
    ]
    assert rows == [
        ("rate", "Art. 2(1)", "2026-01-01", "2026-06-30", "10 USD", "Annex I", True),
        ("rate", "Art. 2(1)", "2026-07-01", "2026-12-31", "20 USD", "Protocol 2", True),
        ("rate", "Art. 2(1)", "2027-01-01", "None", "30 USD", "Protocol 3", True),
        ("portion", "Art. 2(2)", "2026-01-01", "2026-12-31", "left to meeting between 10% and 30%, otherwise 20%",
         "First meeting", False),
        ("portion", "Art. 2(2)", "2027-01-01", "None", "25%", "First meeting", False),
        ("steady", "Art. 2(2)", "2026-01-01", "None", "3 persons", "First meeting", False),
    ]  # fmt: skip


def test_members_and_reservations_have_their_dates_with_the_instrument():
    found = told()
    seats = [
        (line.entry.name, line.member, str(each.since), str(each.until), each.instrument)
        for line in found.seats
        for each in line.stretches
    ]
    assert seats == [
        ("core", "BDI", "None", "None", "First meeting"),
        ("core", "RWA", "None", "2026-09-30", "First meeting"),
        ("core", "KEN", "2026-07-01", "None", "Accession of Kenya"),
        ("core", "UGA", "2026-03-01", "2026-05-31", "Second accession of Uganda"),
        ("core", "UGA", "2026-08-01", "None", "Second accession of Uganda"),
        ("poor", "BDI", "2027-01-01", "None", "First meeting"),
    ]
    (reservation,) = found.reservations
    assert [(str(each.since), str(each.until), each.instrument) for each in reservation.stretches] == [
        ("2026-04-01", "2026-06-30", "Note of 3 March")
    ]
    assert [(each.entry.name, [one.name for one in each.figures], str(each.before)) for each in found.kept] == [
        ("pending", ["rate", "portion"], "2026-06-01")
    ]


def test_what_changed_is_listed_in_the_order_of_time():
    turns = [
        (str(each.on), each.kind, each.line.member or each.line.entry.name, each.after is not None, each.instrument)
        for each in told().turns
    ]
    assert turns == [
        ("2026-03-01", "seat", "UGA", True, "Second accession of Uganda"),
        ("2026-04-01", "reservation", "RWA", True, "Note of 3 March"),
        ("2026-06-01", "seat", "UGA", False, "Second accession of Uganda"),
        ("2026-07-01", "figure", "rate", True, "Protocol 2"),
        ("2026-07-01", "seat", "KEN", True, "Accession of Kenya"),
        ("2026-07-01", "reservation", "RWA", False, "Note of 3 March"),
        ("2026-08-01", "seat", "UGA", True, "Second accession of Uganda"),
        ("2026-10-01", "seat", "RWA", False, ""),
        ("2027-01-01", "figure", "rate", True, "Protocol 3"),
        ("2027-01-01", "figure", "portion", True, ""),
        ("2027-01-01", "seat", "BDI", True, ""),
    ]


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(DAYS)
def test_on_every_day_a_figure_has_the_value_with_which_a_case_of_that_day_is_decided(day: date):
    found = told()
    (line,) = (each for each in found.figures if each.entry.name == "rate")
    held = [each for each in line.stretches if each.holds(day)]
    assert len(held) == 1
    assert line.on(day) is held[0]
    example = f'{LAW}\nexample "That day"\n  at {day}\n  expect rate = {held[0].value}\n'
    parsed = parse(Source("t.policy", example))
    program = resolve(parsed, lambda path, _: None).program
    assert program is not None
    assert [each.passed for each in run_examples(check(program))] == [True]


@given(DAYS)
def test_on_every_day_those_are_members_who_are_so_in_a_case_of_that_day(day: date):
    found = told()
    seated = {line.member for line in found.seats if line.entry.name == "core" and line.on(day) is not None}
    example = f'{LAW}\nexample "That day"\n  at {day}\n  expect (count of members) = {len(seated)}\n'
    parsed = parse(Source("t.policy", example))
    program = resolve(parsed, lambda path, _: None).program
    assert program is not None
    assert [each.passed for each in run_examples(check(program))] == [True], shown(tuple(sorted(seated)))


@given(DAYS)
def test_a_turn_is_there_where_two_days_differ_and_nowhere_else(day: date):
    found = told()
    before = day - timedelta(days=1)
    changed = {
        (kind, line.entry.name, line.member)
        for kind, lines in (("figure", found.figures), ("seat", found.seats), ("reservation", found.reservations))
        for line in lines
        if line.on(before) is not line.on(day) and day > date(2026, 1, 1)
    }
    assert {(each.kind, each.line.entry.name, each.line.member) for each in found.turns if each.on == day} == changed


def test_the_text_lists_them_in_tables():
    text = Chronicle(told()).text()
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "Rate 1 July 2026 31 December 2026 20 USD Protocol 2 Art. 2(1)" in rows
    assert "KEN Members 1 July 2026 – Accession of Kenya Art. 1" in rows
    assert "Rate becomes 20 USD in place of 10 USD" in text
    assert "UGA leaves Members" in text
    assert "RWA no longer holds Declaration of Rwanda" in text
    day = Chronicle(told(), date(2026, 7, 2)).text().replace("\u00a0", " ")
    assert day.startswith("Rules of the Lake Group on 2 July 2026\n")
    assert "20 USD" in day
    assert "30 USD" not in day
    assert "UGA" not in day


def test_the_data_hold_the_same_and_a_day_only_what_held_then():
    data = Chronicle(told()).data()
    assert json.loads(json.dumps(data)) == data
    assert [each["value"] for each in data["figures"][0]["values"]] == ["10 USD", "20 USD", "30 USD"]
    assert data["changes"][3]["before"]["instrument"] == "Annex I"
    assert {each["article"]: each["in_force"] for each in data["articles"]} == {
        "Art. 1": "2026-01-01", "Art. 2": "2026-01-01",
    }  # fmt: skip
    day = Chronicle(told(), date(2026, 12, 31)).data()
    assert [(each["name"], [one["value"] for one in each["values"]]) for each in day["figures"]][:1] == [
        ("rate", ["20 USD"])
    ]
    assert [each["member"] for each in day["members"]] == ["BDI", "KEN", "UGA"]
    assert "changes" not in day


def test_a_used_file_states_its_own_authority(tmp_path: Path):
    other = LAW.replace("policy lake", "policy other").replace("First meeting", "Another meeting")
    own = LAW[: LAW.index("article 1")].replace("  currency", '  use "other.policy"\n  currency')
    (tmp_path / "other.policy").write_text(other, "utf-8")
    (tmp_path / "lake.policy").write_text(own + 'article 1 "Use"\n  > Words.\n  define x "X" = rate\n', "utf-8")
    checked = check_policy(open_file(str(tmp_path / "lake.policy"))).checked
    assert checked is not None
    found = through_time(checked).history
    assert found.figures[1].stretches[0].instrument == "Another meeting"
    with pytest.raises(Refused) as refused:
        through_time(checked, date(2025, 12, 31))
    assert refused.value.problem.code == "PD967"


def test_a_policy_without_figures_says_so():
    text = Chronicle(told(LAW[: LAW.index("article 2")])).text()
    assert "The policy has no agreed figures." in text
    bare = 'article 1 "Members"\n  > The members.\n  tier core "Members"\n    BDI, RWA\n'
    assert (
        "Nothing has changed since the entry into force."
        in Chronicle(told(LAW[: LAW.index("article 1")] + bare)).text()
    )
