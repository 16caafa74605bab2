"""The record of a case: events and votes, choices, adjustments, funds, draws by lot, statements, tiers with grounds."""

from datetime import UTC, date, datetime

import pytest
from case_reading import case_of, codes, errors, marked, program, read, the

from policy_dsl.cases.case import Statement

POLICY = program("""article 1 "Members"
  tier core "Core"
    AUT, NOR
    BEL from 2026-02-01
    LUX until 2025-12-31
  tier others "Others"
    grounds kinship, restitution
  participant unhcr "UNHCR"
    may convene

article 2 "Steps"
  parameter part "Part" = left to decision between 5% and 15%, otherwise 10%
  parameter fee = 10 USD
  procedure convening
    step request "Request"
      by members or unhcr
      records reason : text, persons_concerned : persons
    step meeting "Meeting"
      quorum none
      not after 72 hours after request
    step decision "Response"
      by members
      quorum none
      adopted when count of against = 0
    step second_decision "Second response" as decision

article 3 "Sharing"
  apportion dues "Dues"
    total    max(part * 1_000 USD - balance of reserve, fee)
    among    members
    equally
    rounding largest_remainder to 1 USD
    ties     by lot
    adjusted by decision within 20%
  apportion rest_of_dues "Dues that nobody may change"
    total    100 USD
    among    members
    equally
    rounding largest_remainder to 1 USD
    ties     by lot
  fund reserve "Reserve"
    level    1_000 USD
    fed by   dues, due 30 days after decision
    suspends suspended after 90 days
  define paid_in for each member = if member in suspended then 0 USD else rest_of_dues
  guarantee well_paid : sum of paid_in >= 0 USD
""")
CASE = """case: Test
policy: t
at: 2026-03-01
default: {source: Record}
members:
  others: {FRA: kinship}
events:
  - step: request
    at: 2026-02-14T09:00Z
    by: [AUT, unhcr]
    reason: "An influx"
    persons_concerned: 9_000 persons
  - step: meeting
    at: 2026-02-16
  - step: decision
    at: 2026-02-17T10:00+01:00
    favour: [AUT, NOR]
    against: []
    present: BEL
choices:
  - {parameter: part, value: 12%, by: decision, because: "Little was asked."}
adjustments:
  - {of: dues, member: AUT, change: -5 USD, by: decision, because: "A flood."}
  - {of: dues, member: NOR, change: +5 USD, by: decision, because: "Offered."}
funds:
  reserve:
    balance: 400 USD
    dues: [{member: AUT, amount: 50 USD, on: 2025-01-31}]
    pledges: [{member: NOR, amount: 10 USD, on: 2025-02-01}]
    payments: [{member: AUT, amount: 20 USD, on: 2025-03-01}]
lots: {dues: [NOR, AUT]}
statements:
  - {by: FRA, text: "We regret the delay."}
"""


def test_a_record_without_a_fault():
    found = read(POLICY, CASE)
    case = case_of(found)
    assert codes(found) == []
    request, meeting, decision = case.events
    assert (request.by, request.at) == (("AUT", "unhcr"), datetime(2026, 2, 14, 9, tzinfo=UTC))
    assert request.fields["reason"] == "An influx"
    assert meeting.at == date(2026, 2, 16)
    assert decision.fields == {"favour": ("AUT", "NOR"), "against": (), "present": ("BEL",)}
    assert case.opened == request.at
    assert case.grounds == {"others": {"FRA": "kinship"}}
    assert [(each.kind, each.member, each.amount.amount) for each in case.ledgers[0].movements] == [
        ("due", "AUT", 50),
        ("pledge", "NOR", 10),
        ("payment", "AUT", 20),
    ]
    assert [each.change.amount for each in case.adjustments] == [-5, 5]
    assert case.choices[0].value.amount * 100 == 12
    assert case.lots[0].drawn == ("NOR", "AUT")
    assert case.statements == (Statement("FRA", "We regret the delay."),)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("step: request", "step: reqest", ["PD752"]),
        ("by: [AUT, unhcr]", "by: [AUT, unhrc]", ["PD753"]),
        ("by: [AUT, unhcr]", "by: [AT, unhcr]", ["PD751"]),
        ("    by: [AUT, unhcr]\n", "", ["PD788"]),
        ("reason:", "raeson:", ["PD720"]),
        ('reason: "An influx"', "reason: [a]", ["PD722"]),
        ("9_000 persons", "9_000", ["PD737"]),
        ("at: 2026-02-16", "at: 2026-02-16\n    favour: [AUT]", ["PD720"]),
        ("at: 2026-02-16", "at: 2026-02-16\n    outcome: adopted", ["PD720"]),
        ("present: BEL", "present: NOR", ["PD790"]),
        ("present: BEL", "outcome: passed", ["PD791"]),
        ("present: BEL", "absent: BEL", ["PD720"]),
        ("2026-02-17T10:00+01:00", "2026-02-17T10:00", ["PD747"]),
        ("parameter: part", "parameter: prat", ["PD758"]),
        ("parameter: part", "parameter: fee", ["PD749"]),
        ("value: 12%", "value: 16%", ["PD792"]),
        ("value: 12%", "value: 0.12", ["PD740"]),
        ("value: 12%, by: decision", "value: 12%, by: meeting", ["PD793"]),
        (', because: "Little was asked."', "", ["PD794"]),
        (', because: "Little was asked."', ', because: " "', ["PD794"]),
        ("change: +5 USD", "change: +4 USD", ["PD795"]),
        ("change: +5 USD", "change: +5 persons", ["PD738"]),
        ("{of: dues, member: NOR", "{of: dus, member: NOR", ["PD761"]),
        ("{of: dues, member: NOR", "{of: rest_of_dues, member: NOR", ["PD749"]),
        ('by: decision, because: "Offered."', 'by: meeting, because: "Offered."', ["PD793"]),
        ("  reserve:\n", "  reserves:\n", ["PD769", "PD759"]),
        ("    balance: 400 USD\n", "", ["PD769"]),
        ("balance: 400 USD", "balance: 400 EUR", ["PD738"]),
        ("amount: 50 USD", "amount: -50 USD", ["PD743"]),
        ("on: 2025-01-31", "on: 31 January 2025", ["PD745"]),
        ("lots: {dues: [NOR, AUT]}", "lots: {dues: [NOR, NOR]}", ["PD765"]),
        ("lots: {dues: [NOR, AUT]}", "lots: {dues: [NOR, LUX]}", ["PD796"]),
        ("lots: {dues: [NOR, AUT]}", "lots: {due: [NOR]}", ["PD761"]),
        ("{by: FRA, text:", "{by: nobody, text:", ["PD753"]),
        ("{FRA: kinship}", "[FRA]", ["PD766"]),
        ("{FRA: kinship}", "{FRA: kinsip}", ["PD767"]),
        ("{FRA: kinship}", "{AUT: kinship}", ["PD764"]),
        ("others: {FRA: kinship}", "others: {FRA: kinship}\n  core: [AUT]", ["PD762"]),
        ("others: {FRA: kinship}", "others: {FRA: kinship}\n  suspended: [AUT]", ["PD762"]),
        ("events:\n", "opened: second_decision\nevents:\n", ["PD798"]),
        ("events:\n", "opened: reqest\nevents:\n", ["PD752"]),
        ("events:\n", "opened: 14.2.2026\nevents:\n", ["PD745"]),
    ],
)
def test_what_does_not_fit_the_record(old: str, new: str, expected: list[str]):
    assert old in CASE
    found = read(POLICY, CASE.replace(old, new))
    assert sorted(errors(found)) == sorted(expected)
    assert found.case is None


def test_a_seat_that_has_ended_is_free():
    assert errors(read(POLICY, CASE.replace("{FRA: kinship}", "{LUX: kinship}"))) == []


def test_one_who_may_not_act_is_for_the_engine_to_refuse():
    assert errors(read(POLICY, CASE.replace("by: [AUT, unhcr]", "by: LUX"))) == []


def test_a_choice_that_is_made_twice_is_told_with_the_first_place():
    twice = '  - {parameter: part, value: 12%, by: decision, because: "x"}\n'
    found = read(POLICY, CASE.replace("adjustments:", f"{twice}adjustments:"))
    assert errors(found) == ["PD797"]
    assert len(the(found, "PD797").related) == 1


def test_a_field_that_is_not_recorded_is_a_warning():
    found = read(POLICY, CASE.replace('    reason: "An influx"\n', ""))
    assert (codes(found), marked(found, "PD789")) == (["PD789"], "request")


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("opened: decision", "2026-02-17T10:00:00+01:00"),
        ("opened: meeting", "2026-02-16"),
        ("opened: 2026-02-01", "2026-02-01"),
        ("opened: 2026-02-01T00:00Z", "2026-02-01T00:00:00+00:00"),
        ("opened:", "2026-02-14T09:00:00+00:00"),
    ],
)
def test_when_a_case_opened(opened: str, expected: str):
    found = case_of(read(POLICY, CASE.replace("events:\n", f"{opened}\nevents:\n"))).opened
    assert found is not None
    assert found.isoformat() == expected


def test_the_first_event_opens_the_case_whatever_its_line():
    head, rest = CASE.split("events:\n")
    events, tail = rest.split("choices:\n")
    parts = ["  - step" + part for part in events.split("  - step")[1:]]
    turned = head + "events:\n" + "".join(reversed(parts)) + "choices:\n" + tail
    assert case_of(read(POLICY, turned)).opened == datetime(2026, 2, 14, 9, tzinfo=UTC)


def test_a_step_decided_as_another_is_a_vote_too():
    found = read(POLICY, CASE.replace("step: decision", "step: second_decision"))
    assert case_of(found).events[2].fields["favour"] == ("AUT", "NOR")
