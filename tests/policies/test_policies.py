"""The policies that come with the tool: each is sound, does what its examples say, and decides its cases.

What is said of a case, if anything, is listed beside it in `expected/<case>.codes`, one code on a line. The literal
figures below were worked out apart from the engine.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from policy_dsl.cases.case import Case
from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision, Shared, ShareRow
from policy_dsl.pipeline import check_policy, decide, document, open_file, read_case, run_examples
from policy_dsl.values import Quantity

ROOT = Path(__file__).resolve().parents[2] / "policies"
POLICIES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.policy") if "." not in path.stem)
CASES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("*/cases/*.yaml"))
MODEL_CASES = [case for case in CASES if case.startswith(("model_rules/", "lake_group/"))]


def policy_of(case: str) -> str:
    """The policy of a case: that of the folder in which it stands."""
    folder = Path(case).parts[0]
    return f"{folder}/{folder}.policy"


@cache
def checked(policy: str) -> Checked:
    """A policy that can be read."""
    found = check_policy(open_file(str(ROOT / policy))).checked
    assert found is not None
    return found


@cache
def decided(case: str) -> tuple[Decision, tuple[str, ...]]:
    """A case as it is decided, and the codes of all that is said on the way."""
    law = checked(policy_of(case))
    read = read_case(law, open_file(str(ROOT / case)))
    assert read.case is not None, [(problem.code, dict(problem.params)) for problem in read.problems]
    decision = decide(law, read.case)
    return decision, tuple(sorted({problem.code for problem in (*read.problems, *decision.problems)}))


def expected_codes(case: str) -> tuple[str, ...]:
    path = ROOT / case
    listed = path.parent / "expected" / f"{path.stem}.codes"
    return tuple(sorted(listed.read_text(encoding="utf-8").split())) if listed.exists() else ()


LISTED = ("environmental_fund", "peacekeeping_levels", "un_scale", "un_scale_limits")


@pytest.mark.parametrize(
    ("state", "day", "listed"),
    [
        ("STP", "2024-12-12", True),
        ("STP", "2024-12-13", False),
        ("MDV", "2010-12-31", True),
        ("MDV", "2011-01-01", False),
        ("SSD", "2012-12-17", False),
        ("SSD", "2012-12-18", True),
    ],
)
@pytest.mark.parametrize("policy", LISTED)
def test_a_state_is_no_longer_least_developed_on_the_day_on_which_it_leaves_the_list(policy, state, day, listed):
    law = checked(f"{policy}/{policy}.policy")
    found = decide(law, Case("Day", date.fromisoformat(day), partial=True)).groups["least_developed"]
    assert isinstance(found.value, tuple)
    assert (state in found.value) is listed


def shared(case: str, name: str) -> Shared:
    return next(each for each in decided(case)[0].shares if each.entry.name == name)


def row(case: str, name: str, member: str) -> ShareRow:
    return next(each for each in shared(case, name).rows if each.member == member)


def whole(row: ShareRow) -> Fraction:
    assert isinstance(row.final.value, Quantity)
    return row.final.value.amount


def amounts(case: str, name: str) -> dict[str, int]:
    """What each member has of a sharing out, without those who have nothing."""
    found = {each.member: whole(each) for each in shared(case, name).rows}
    assert all(amount.denominator == 1 for amount in found.values())
    return {member: int(amount) for member, amount in found.items() if amount}


def bands(case: str) -> list[tuple[str, ...]]:
    return [each.members for each in shared(case, "protection").bands]


def duties(case: str, name: str, status: str) -> set[str]:
    return {each.holder for each in decided(case)[0].duties if each.entry.name == name and each.status == status}


def test_there_are_policies_and_cases() -> None:
    assert "model_rules/model_rules.policy" in POLICIES
    assert "lake_group/lake_group.policy" in POLICIES
    assert {Path(policy_of(case)).as_posix() for case in CASES} <= set(POLICIES)
    lists = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.codes")}
    assert lists <= {f"{Path(case).parent.as_posix()}/expected/{Path(case).stem}.codes" for case in CASES}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_is_without_fault_warning_or_advice(policy: str) -> None:
    found = check_policy(open_file(str(ROOT / policy)))
    assert [(problem.code, problem.article, dict(problem.params)) for problem in found.problems] == []


@pytest.mark.parametrize("policy", POLICIES)
def test_every_example_holds(policy: str) -> None:
    ran = run_examples(checked(policy))
    assert ran
    assert [(each.title, [dict(problem.params) for problem in each.problems]) for each in ran if not each.passed] == []


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_said_of_a_case_but_what_is_listed_beside_it(case: str) -> None:
    assert decided(case)[1] == expected_codes(case)


@pytest.mark.parametrize("case", CASES)
def test_every_case_is_decided(case: str) -> None:
    decision, _ = decided(case)
    assert decision.complete
    assert decision.shares or decision.timeline
    assert all(each.sum_check for each in decision.shares)
    assert all(not each.unallocated and not each.residue and not each.undetermined for each in decision.shares)
    assert {each.status for each in decision.guarantees} <= {"holds"}


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_its_document(case: str) -> None:
    text = document(decided(case)[0], "md")
    assert all(word not in text for word in ("Traceback", "Unknown(", "Fraction("))


@pytest.mark.parametrize("case", MODEL_CASES)
def test_everybody_has_a_place_and_nobody_twice(case: str) -> None:
    decision, _ = decided(case)
    arrivals = next(fact.value for fact in decision.case.facts if fact.indicator == "arrivals")
    assert isinstance(arrivals, Quantity)
    placed = sum(amounts(case, "protection").values()) + sum(amounts(case, "resettlement").values())
    assert placed == arrivals.amount


@pytest.mark.parametrize("case", MODEL_CASES)
def test_contributions_are_what_hosts_are_paid_and_what_is_set_aside(case: str) -> None:
    decision, _ = decided(case)
    paid = sum(
        each.value.amount
        for (name, _), each in decision.values.items()
        if name in ("reimbursement", "set_aside") and isinstance(each.value, Quantity)
    )
    assert sum(amounts(case, "contributions").values()) == paid


# ---- Rwanda 1994 -----------------------------------------------------------------------------------------------------

RWANDA = "model_rules/cases/rwanda_1994.yaml"


def test_rwanda_everybody_is_placed() -> None:
    assert sum(amounts(RWANDA, "protection").values()) + sum(amounts(RWANDA, "resettlement").values()) == 1_807_143


def test_rwanda_burundi_is_not_safe() -> None:
    excluded = row(RWANDA, "protection", "BDI")
    assert whole(excluded) == 0
    assert excluded.outside is not None
    assert "Art. 9(1)-(4)" in {str(each) for each in excluded.outside.grounds()}
    scores = {each.member for each in decided(RWANDA)[0].criteria[0].scores}
    assert scores == {"COD", "TZA", "UGA"}


def test_rwanda_the_choice_of_the_meeting_puts_two_hosts_in_one_band() -> None:
    assert bands(RWANDA) == [("TZA", "UGA"), ("COD",)]
    made = next(each for each in decided(RWANDA)[0].choices if each.entry.name == "similarity").made
    assert made is not None
    assert made.value.amount == Fraction(15, 100)


def test_rwanda_the_region_is_full_and_the_outer_core_receives() -> None:
    held = {each.member for each in shared(RWANDA, "protection").rows if each.held == "ceiling"}
    assert held == {"COD", "TZA", "UGA"}
    assert amounts(RWANDA, "protection") == {
        "BEL": 2_924,
        "CAN": 6_924,
        "COD": 799_047 - 2_500,
        "DEU": 26_326 + 2_500,
        "FRA": 16_643,
        "GBR": 13_616,
        "ITA": 13_124,
        "JPN": 59_680,
        "NLD": 4_526,
        "NOR": 1_518,
        "SWE": 2_734,
        "TZA": 536_905,
        "UGA": 305_176,
    }


def test_rwanda_two_payers_stand_at_a_quarter() -> None:
    held = {each.member for each in shared(RWANDA, "contributions").rows if each.held == "ceiling"}
    assert held == {"JPN", "USA"}
    total = shared(RWANDA, "contributions").total.value
    assert isinstance(total, Quantity)
    assert total.amount == 2_393_385_900
    found = amounts(RWANDA, "contributions")
    assert found["JPN"] == 506_736_475
    assert found["USA"] == 573_551_475
    assert found["NOR"] == 21_592_369
    assert sum(found.values()) == 2_140_867_150 - 2_500 * 1_250


def test_rwanda_who_is_in_arrears_has_no_vote() -> None:
    fund = decided(RWANDA)[0].funds[0]
    assert dict(fund.arrears) == {"GBR": 4_000_000, "SWE": 1_000_000}
    assert fund.suspended == ("GBR",)
    response = next(each for each in decided(RWANDA)[0].timeline if each.entry.name == "decision")
    assert response.status == "adopted"
    vote = response.events[0].vote
    assert vote is not None
    assert vote.excluded == ("GBR",)
    assert len(vote.voters) == 15
    assert vote.against == ("NOR",)


def test_rwanda_duties() -> None:
    assert duties(RWANDA, "to_attend", "breached") == {"ITA"}
    # A pledge without a day on which it falls due is followed until it is paid.
    assert duties(RWANDA, "to_keep_pledges", "pending") == {"NLD"}
    assert duties(RWANDA, "non_refoulement", "not shown") == set(decided(RWANDA)[0].members)


def test_rwanda_statements_are_annexed() -> None:
    assert {each.by for each in decided(RWANDA)[0].statements} == {"NOR", "lead_ngos"}


# ---- Kosovo 1999 -----------------------------------------------------------------------------------------------------

KOSOVO = "model_rules/cases/kosovo_1999.yaml"


def test_kosovo_has_thirty_members() -> None:
    assert len(decided(KOSOVO)[0].members) == 30


def test_kosovo_places() -> None:
    assert bands(KOSOVO) == [("ALB",), ("MKD",), ("TUR",), ("HRV", "HUN"), ("BGR", "ROU"), ("BIH",)]
    assert amounts(KOSOVO, "protection") == {
        "ALB": 62_175,
        "BGR": 80_271,
        "HRV": 90_251,
        "HUN": 204_750,
        "MKD": 40_342 - 4_000,
        "ROU": 206_671 + 4_000,
        "TUR": 8_340,
    }
    assert sum(amounts(KOSOVO, "protection").values()) + sum(amounts(KOSOVO, "resettlement").values()) == 712_800
    assert sum(amounts(KOSOVO, "residual").values()) == 30_000


def test_kosovo_contributions() -> None:
    held = {each.member for each in shared(KOSOVO, "contributions").rows if each.held == "ceiling"}
    assert held == {"USA"}
    found = amounts(KOSOVO, "contributions")
    assert found["USA"] == 184_641_250
    assert found["DEU"] == 151_518_453
    assert found["ISL"] == 694_110
    assert sum(found.values()) == 1_086_640_000 - 187_500_000


def test_kosovo_unpaid_for_less_than_ninety_days_is_not_suspended() -> None:
    fund = decided(KOSOVO)[0].funds[0]
    assert dict(fund.arrears) == {"ESP": 3_000_000}
    assert fund.suspended == ()


# ---- Togo 1993 -------------------------------------------------------------------------------------------------------

TOGO = "model_rules/cases/togo_1993.yaml"


def test_togo_the_country_of_origin_stands_aside() -> None:
    response = next(each for each in decided(TOGO)[0].timeline if each.entry.name == "decision")
    assert response.status == "adopted"
    assert response.events[0].vote is not None
    assert response.events[0].vote.excluded == ("TGO",)
    assert whole(row(TOGO, "protection", "TGO")) == 0


def test_togo_without_a_pledge_there_is_no_seat() -> None:
    assert "NER" not in decided(TOGO)[0].members


def test_togo_kin_host_what_they_offer() -> None:
    assert amounts(TOGO, "protection") == {"BEN": 155_908, "GHA": 133_147}
    assert sum(amounts(TOGO, "resettlement").values()) == 2_000


# ---- a quiet year, and the Lake Group --------------------------------------------------------------------------------


def test_in_a_quiet_year_the_fund_is_filled_and_nothing_else_is_asked() -> None:
    quiet = "model_rules/cases/quiet_1999.yaml"
    assert sum(amounts(quiet, "quiet_contributions").values()) == 15_000_000
    for name in ("protection", "resettlement", "residual", "contributions"):
        assert amounts(quiet, name) == {}


def test_the_lake_group_departs_in_three_articles() -> None:
    made = [(each.kind, each.article) for each in checked("lake_group/lake_group.policy").program.departures]
    assert sorted(made) == [("add", "Art. 4 bis"), ("delete", "Art. 6"), ("replace", "Art. 10")]


def test_the_lake_group_adopts_by_silence_and_draws_lots() -> None:
    case = "lake_group/cases/two_shores_2026.yaml"
    assert amounts(case, "protection") == {"XLA": 29_501, "XLB": 29_502}
    response = next(each for each in decided(case)[0].timeline if each.entry.name == "decision")
    assert response.status == "adopted"
    assert response.silent
    assert duties(case, "to_notify", "breached") == {"XLB"}
    assert duties(case, "non_refoulement", "breached") == {"XLC"}
