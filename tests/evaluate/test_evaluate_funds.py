"""Standing funds: the ledger at the opening, who is in arrears and suspended, what is paid in and out, and cuts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from deciding import checked, codes, decided, group, told

from policy_dsl.evaluate import Decision, decide

POLICY = """article 1 "A"
  > Words.
  tier everybody "All"
  participant agency "Agency"
    as secretariat
    may assess
  indicators for each member
    income : USD "Income"
    cost : USD "Cost", missing means 0 USD
  procedure calls
    step request "Request"
      by members
    step decision "Decision"
      by members except suspended
      quorum none
      adopted when count of favour > count of against
  parameter wanted = 1_000 USD
  apportion dues "Dues"
    total max(wanted - balance of chest, 0 USD)
    among members
    by income
    rounding largest_remainder to 1 USD
    ties by income
    ties by lot
  define refund "Refund" for each member = cost
  fund chest "Chest"
    level wanted
    fed by dues, due 30 days after request
    pays refund when decision is adopted
    suspends suspended after 90 days
    reserves {reserves} for agency
  define open_balance "Balance" = balance of chest
  define desired "Level" = level of chest
  define owed "Arrears" for each member = arrears of chest
  define promised "Pledged" for each member = pledged of chest
  define given_so_far "Paid" for each member = paid of chest
"""
CASE = """members: {everybody: [ALB, BEL, DEU]}
opened: 2026-05-01
facts:
  income: {unit: USD, ALB: 10, BEL: 30, DEU: 60}
"""
EVENTS = """events:
  - {step: request, at: 2026-05-01, by: ALB}
  - {step: decision, at: 2026-05-10, favour: [ALB, BEL], against: [DEU]}
"""


def fund(ledger: str, *, costs: str = "", reserves: str = "0 USD", events: str = EVENTS, case: str = CASE) -> Decision:
    cost = f"  cost: {{unit: USD, {costs}}}\n" if costs else ""
    return decided(POLICY.format(reserves=reserves), case + cost + events + f"funds: {{chest: {{{ledger}}}}}\n")


def test_the_ledger_as_it_stood() -> None:
    found = fund(
        "balance: 400 USD, "
        "dues: [{member: ALB, amount: 50 USD, on: 2026-03-01}, {member: BEL, amount: 20 USD, on: 2026-03-01}], "
        "payments: [{member: ALB, amount: 30 USD, on: 2026-04-01}, {member: BEL, amount: 25 USD, on: 2026-04-01}], "
        "pledges: [{member: DEU, amount: 70 USD, on: 2026-04-01}]"
    )
    assert told(found, "open_balance") == "400 USD"
    assert told(found, "desired") == "1_000 USD"
    assert [told(found, f"owed of {m}") for m in ("ALB", "BEL", "DEU")] == ["20 USD", "0 USD", "0 USD"]
    assert told(found, "promised of DEU") == "70 USD"
    assert told(found, "given_so_far of BEL") == "25 USD"
    outcome = found.funds[0]
    assert outcome.arrears == (("ALB", 20),)
    assert [(m, amount) for _, m, amount, _ in outcome.due] == [("ALB", 60), ("BEL", 180), ("DEU", 360)]
    assert {str(when) for *_, when in outcome.due} == {"2026-05-31"}
    assert outcome.closing == 1_000


def test_what_is_dated_after_the_opening_is_not_in_the_ledger() -> None:
    """Who may vote can't depend on what is voted: the ledger is read as it stood when the case opened."""
    late = (
        "dues: [{member: ALB, amount: 50 USD, on: 2026-01-01}, {member: BEL, amount: 50 "
        "USD, on: 2026-05-02}], payments: [{member: ALB, amount: 50 USD, on: 2026-05-02}]"
    )
    found = fund(f"balance: 400 USD, {late}")
    assert [told(found, f"owed of {m}") for m in ("ALB", "BEL")] == ["50 USD", "0 USD"]
    assert group(found, "suspended") == "ALB"


@pytest.mark.parametrize(
    ("opened", "lines", "suspended"),
    [
        # Due on 1 January; ninety days after it is 1 April, which counts whole.
        ("2026-04-01", "dues: [{member: ALB, amount: 50 USD, on: 2026-01-01}]", ""),
        ("2026-04-02", "dues: [{member: ALB, amount: 50 USD, on: 2026-01-01}]", "ALB"),
        (
            "2026-05-01",
            (
                "dues: [{member: ALB, amount: 50 USD, on: 2026-01-01}], "
                "payments: [{member: ALB, amount: 49 USD, on: 2026-01-02}]"
            ),
            "ALB",
        ),
        (
            "2026-05-01",
            (
                "dues: [{member: ALB, amount: 50 USD, on: 2026-01-01}], "
                "payments: [{member: ALB, amount: 50 USD, on: 2026-01-02}]"
            ),
            "",
        ),
        # The oldest due is paid first: what is open is of March.
        (
            "2026-05-01",
            (
                "dues: [{member: ALB, amount: 50 USD, on: 2026-01-01}, {member: ALB, amount: 50 "
                "USD, on: 2026-03-01}], payments: [{member: ALB, amount: 50 USD, on: 2026-03-02}]"
            ),
            "",
        ),
        ("2026-05-01", "dues: []", ""),
    ],
)
def test_who_is_suspended(opened: str, lines: str, suspended: str) -> None:
    found = fund(f"balance: 1_000 USD, {lines}", case=CASE.replace("2026-05-01", opened))
    assert group(found, "suspended") == (suspended or "nobody")
    assert found.funds[0].suspended == tuple(suspended.split())


def test_who_is_suspended_does_not_vote() -> None:
    found = fund("balance: 1_000 USD, dues: [{member: ALB, amount: 50 USD, on: 2026-01-01}]")
    vote = next(each for each in found.timeline if each.entry.name == "decision").events[0].vote
    assert vote is not None
    assert vote.voters == ("BEL", "DEU")
    assert vote.excluded == ("ALB",)


@pytest.mark.parametrize(
    ("balance", "costs", "reserves", "paid", "cut"),
    [
        (1_000, "ALB: 300, BEL: 100", "0 USD", {"ALB": 300, "BEL": 100}, 0),
        (1_000, "ALB: 1_500, BEL: 500", "0 USD", {"ALB": 750, "BEL": 250}, 1_000),
        (1_000, "ALB: 1_500, BEL: 500", "10%", {"ALB": 675, "BEL": 225}, 1_100),
        (1_000, "ALB: 1_500, BEL: 500", "200 USD", {"ALB": 600, "BEL": 200}, 1_200),
        # What this decision has members pay in comes to the balance: 400 and 600.
        (400, "ALB: 1_500, BEL: 500", "0 USD", {"ALB": 750, "BEL": 250}, 1_000),
        (1_000, "ALB: 1_000, BEL: 1_000, DEU: 1_000", "0 USD", None, Fraction(200_001, 100)),
    ],
)
def test_payments_are_cut_in_proportion(
    balance: int, costs: str, reserves: str, paid: dict[str, int] | None, cut: Fraction
) -> None:
    outcome = fund(f"balance: {balance} USD", costs=costs, reserves=reserves).funds[0]
    amounts = {m: amount for m, _, amount in outcome.paid_out}
    if paid is not None:
        assert amounts == paid
    else:
        assert all(abs(each - Fraction(1_000, 3)) < Fraction(1, 100) for each in amounts.values())
        assert all((each * 100).denominator == 1 for each in amounts.values())
    assert outcome.cut == cut
    assert outcome.closing == balance + sum(amount for *_, amount, _ in outcome.due) - sum(amounts.values())
    assert outcome.closing >= 0


def test_nothing_is_paid_where_the_condition_is_not_met() -> None:
    rejected = EVENTS.replace("favour: [ALB, BEL], against: [DEU]", "favour: [], against: [DEU]")
    outcome = fund("balance: 1_000 USD", costs="ALB: 300", events=rejected).funds[0]
    assert outcome.paid_out == ()
    assert outcome.closing == 1_000


def test_a_fund_without_a_ledger_is_a_gap() -> None:
    whole = fund("balance: 1_000 USD")
    found = decide(checked(POLICY.format(reserves="0 USD")), replace(whole.case, ledgers=()))
    assert told(found, "open_balance") == "? PD801"
    assert "PD801" in codes(found)


def test_a_payment_that_is_not_known_is_said() -> None:
    text = POLICY.format(reserves="0 USD").replace(", missing means 0 USD", "")
    found = decided(text, CASE + "  cost: {unit: USD, ALB: 1}\n" + EVENTS + "funds: {chest: {balance: 1_000 USD}}\n")
    assert "PD801" in codes(found)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("payments: [{member: ALB, amount: 5 USD, on: 2026-02-01}]", []),
        ("payments: [{member: BGR, amount: 5 USD, on: 2026-02-01}]", [("BGR", "payment of 5 USD on 2026-02-01")]),
        (
            "payments: [{member: BGR, amount: 5 USD, on: 2026-02-02}, {member: AUT, amount: 2 USD, on: 2026-02-01}]\n"
            "    pledges: [{member: BGR, amount: 9 USD, on: 2026-01-02}]",
            [
                ("AUT", "payment of 2 USD on 2026-02-01"),
                ("BGR", "pledge of 9 USD on 2026-01-02, payment of 5 USD on 2026-02-02"),
            ],
        ),
    ],
)
def test_lines_of_a_state_without_a_seat_are_told(lines: str, said: list[tuple[str, str]]) -> None:
    found = decided(
        POLICY.format(reserves="0 USD") + '  define raised "Paid in all" = paid of chest\n',
        CASE + EVENTS + f"funds:\n  chest:\n    balance: 400 USD\n    {lines}\n",
    )
    assert [(e.params["member"], e.params["lines"]) for e in found.problems if e.code == "PD806"] == said
    assert found.complete
    assert told(found, "raised") == ("7 USD" if len(said) == 2 else "5 USD")
    assert told(found, "given_so_far of BEL") == "0 USD"
