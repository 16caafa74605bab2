"""Procedures of other bodies: emergency meetings of the CSCE and the OAS, weighted votes, entry into force.

What is published, or was worked out apart from the engine, stands in `cases/expected/*.csv` beside the cases. Clocks
and majorities are reckoned again here with the standard library alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision, StepOutcome, VoteResult
from policy_dsl.pipeline import check_policy, decide, open_file, read_case
from policy_dsl.values import Quantity

ROOT = Path(__file__).resolve().parents[2] / "policies"


@cache
def law(folder: str) -> Checked:
    found = check_policy(open_file(str(ROOT / folder / f"{folder}.policy"))).checked
    assert found is not None
    return found


def decided_from(folder: str, text: str) -> Decision:
    read = read_case(law(folder), open_file(str(ROOT / folder / "cases" / "made.yaml"), text.encode()))
    assert read.case is not None, [(problem.code, dict(problem.params)) for problem in read.problems]
    return decide(law(folder), read.case)


@cache
def decided(folder: str, case: str) -> Decision:
    return decided_from(folder, (ROOT / folder / "cases" / f"{case}.yaml").read_text(encoding="utf-8"))


def table(path: str) -> Iterator[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def step(decision: Decision, name: str) -> StepOutcome:
    return next(each for each in decision.timeline if each.entry.name == name)


def vote(decision: Decision, name: str) -> VoteResult:
    judged = step(decision, name).events[0]
    assert judged.vote is not None
    return judged.vote


def duties(decision: Decision, name: str) -> dict[str, str]:
    return {each.holder: each.status for each in decision.duties if each.entry.name == name}


def amount(value: object) -> Fraction:
    assert isinstance(value, Quantity)
    return value.amount


# ---- emergency mechanism ---------------------------------------------------------------------------------------------

EMERGENCY = "osce_emergency"
TIMELINES = list(table(f"{EMERGENCY}/cases/expected/timelines.csv"))


@pytest.mark.parametrize("row", TIMELINES, ids=lambda row: f"{row['case']}: {row['what']}")
def test_instants_and_statuses_of_the_mechanism(row: dict[str, str]) -> None:
    which, name = row["what"].rsplit(" ", 1)
    found = step(decided(EMERGENCY, row["case"]), name)
    end = {"earliest of": found.earliest, "latest of": found.latest, "falls on": found.falls}[which]
    assert end is not None
    if row["instant"]:
        assert end.value == datetime.fromisoformat(row["instant"])
    else:
        assert not isinstance(end.value, datetime)
    assert found.status == row["status"]


def test_the_twelfth_second_an_hour_late_counts_for_nothing() -> None:
    decision = decided(EMERGENCY, "too_few_1992")
    judged = step(decision, "seconding").events
    assert sum(each.valid for each in judged) == 11
    assert [each.event.by for each in judged if not each.valid] == [("NOR",)]
    assert step(decision, "supported").status == "missed"
    assert not step(decision, "meeting").events


@pytest.mark.parametrize(
    ("case", "answer", "information"),
    [
        ("yugoslavia_1991", "breached", "kept"),
        ("too_few_1992", "breached", "kept"),
        ("notice_given_1992", "kept", "kept"),
    ],
)
def test_duties_in_the_mechanism(case: str, answer: str, information: str) -> None:
    decision = decided(EMERGENCY, case)
    assert list(duties(decision, "to_answer").values()) == [answer]
    assert list(duties(decision, "to_inform").values()) == [information]


OTHERS = ["AUT", "BEL", "DEU", "DNK", "ESP", "FIN", "FRA", "GBR", "GRC", "IRL", "ITA", "NOR", "PRT"]
START = datetime.fromisoformat("1992-03-02T08:00Z")


def _instant(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%MZ")


@pytest.mark.parametrize(
    ("asked", "spread", "seconders", "held"),
    [
        (48 * 60, 10, 12, True),
        (48 * 60 - 1, 10, 12, False),
        (48 * 60, 261, 12, True),
        (48 * 60, 262, 12, False),
        (50 * 60, 0, 12, True),
        (50 * 60, 0, 11, False),
        (90 * 60, 60, 13, True),
    ],
)
def test_the_window_of_the_meeting_follows_the_twelfth_second(
    asked: int, spread: int, seconders: int, held: bool
) -> None:
    """Minutes after the first question: the request; a minute later the first second; the gap between seconders."""
    seconds = [asked + 1 + spread * n for n in range(seconders)]
    events = [
        f"  - {{step: clarification, at: {_instant(0)}, by: HUN, addressee: ROU}}",
        f"  - {{step: request, at: {_instant(asked)}, by: HUN}}",
        *(
            f"  - {{step: seconding, at: {_instant(at)}, by: {who}}}"
            for at, who in zip(seconds, OTHERS[:seconders], strict=True)
        ),
    ]
    decision = decided_from(
        EMERGENCY,
        f"case: Made\npolicy: {EMERGENCY}\nat: 1992-03-20\ndefault: {{source: made, date: 1992-03-02}}\n"
        f"members:\n  participating: [HUN, ROU, {', '.join(OTHERS)}]\nevents:\n" + "\n".join(events) + "\n",
    )
    meeting = step(decision, "meeting")
    in_time = [at for at in seconds if asked >= 48 * 60 and asked <= at <= asked + 48 * 60]
    assert held == (len(in_time) >= 12)
    assert meeting.earliest is not None
    assert meeting.latest is not None
    if held:
        assert meeting.earliest.value == START + timedelta(minutes=in_time[11], hours=48)
        assert meeting.latest.value == START + timedelta(minutes=in_time[11], hours=72)
        assert meeting.status == "missed"
    else:
        assert not isinstance(meeting.earliest.value, datetime)
        assert meeting.status == "not due"


# ---- Meeting of Consultation -----------------------------------------------------------------------------------------

OAS = "oas_consultation"


@pytest.mark.parametrize("row", list(table(f"{OAS}/cases/expected/roll_calls.csv")), ids=lambda row: row["step"])
def test_roll_calls_of_2017(row: dict[str, str]) -> None:
    decision = decided(OAS, "venezuela_2017")
    found = vote(decision, row["step"])
    counted = [len(group) for group in (found.favour, found.against, found.abstaining, found.absent, found.voters)]
    assert counted == [int(row[name]) for name in ("in favour", "against", "abstaining", "absent", "entitled")]
    assert step(decision, row["step"]).status == row["status"]
    assert (len(found.favour) >= int(row["needed"])) == (row["status"] == "adopted")


@pytest.mark.parametrize(
    ("name", "favour", "adopted"),
    [("convocation", 17, False), ("convocation", 18, True), ("resolution", 22, False), ("resolution", 23, True)],
)
def test_one_vote_more_or_less(name: str, favour: int, adopted: bool) -> None:
    members = [each for each in decided(OAS, "venezuela_2017").members if each != "CUB"]
    assert len(members) == 34
    votes = {"convocation": 18, "setting": 18, name: favour}
    days = {"convocation": "2010-03-03", "setting": "2010-03-04, held_on: 2010-03-20", "resolution": "2010-03-20"}
    events = "\n".join(
        f"  - {{step: {each}, at: {days[each]}, favour: [{', '.join(members[:number])}]}}"
        for each, number in votes.items()
    )
    decision = decided_from(
        OAS,
        f"case: Made\npolicy: {OAS}\nat: 2010-04-01\ndefault: {{source: made, date: 2010-03-01}}\n"
        f"facts:\n  urgent: yes\nevents:\n  - {{step: request, at: 2010-03-01, by: CRI}}\n{events}\n",
    )
    assert (step(decision, name).status == "adopted") == adopted


def test_thirty_five_members_of_whom_one_takes_no_part() -> None:
    decision = decided(OAS, "venezuela_2017")
    assert len(decision.members) == 35
    assert "CUB" not in vote(decision, "convocation").voters


# ---- weighted votes --------------------------------------------------------------------------------------------------

WEIGHTS = "eu_council_weights"


@pytest.mark.parametrize("row", list(table(f"{WEIGHTS}/cases/expected/worked_votes.csv")), ids=lambda row: row["case"])
def test_weighted_votes(row: dict[str, str]) -> None:
    decision = decided(WEIGHTS, row["case"])
    values = decision.values
    assert amount(values["weight_in_favour", ()].value) == int(row["votes in favour"])
    assert amount(values["weight_needed", ()].value) == int(row["votes needed"])
    assert round(amount(values["people", ()].value), 6) == Fraction(row["population in favour (ratio)"])
    assert step(decision, "adoption").status == ("adopted" if row["adopted"] == "yes" else "rejected")


def test_the_table_of_votes_adds_up() -> None:
    decision = decided(WEIGHTS, "four_members_2014")
    votes = sorted(amount(each.value) for (name, who), each in decision.values.items() if name == "votes" and who)
    assert votes == [3, *[4] * 5, *[7] * 6, *[10] * 3, *[12] * 5, 13, 14, 27, 27, *[29] * 4]
    assert sum(votes) == 352


# ---- entry into force ------------------------------------------------------------------------------------------------

TREATY = "convention_entry_into_force"


@pytest.mark.parametrize(
    "row", list(table(f"{TREATY}/cases/expected/convention_of_1951.csv")), ids=lambda row: row["member"]
)
def test_the_convention_comes_into_force(row: dict[str, str]) -> None:
    decision = decided(TREATY, "convention_of_1951")
    assert decision.values["in_force_for", (row["member"],)].value == date.fromisoformat(row["in force"])


def test_nobody_is_bound_before_the_ninetieth_day_after_the_sixth() -> None:
    decision = decided(TREATY, "convention_of_1951")
    deposits = {each.event.by[0]: each.event.at for each in step(decision, "deposit").events}
    sixth = sorted(deposits.values())[5]
    assert isinstance(sixth, date)
    for member, day in deposits.items():
        assert isinstance(day, date)
        assert decision.values["in_force_for", (member,)].value == max(day, sixth) + timedelta(days=90)
