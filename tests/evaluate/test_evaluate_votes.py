"""Votes and what rests on them; duties and what the record shows of them; guarantees."""

from __future__ import annotations

import pytest
from deciding import codes, decided, judged, statuses, told
from recorded import events, policy

# ---- votes -----------------------------------------------------------------------------------------------------------


def vote(rule: str, record: str, *, more: str = "", case: str = "", at: str = "2026-06-01") -> str:
    text = policy(f"step decision\n  {rule}", more)
    found = decided(text, events(*([f"step: decision, {record}"] if record else []), at=at) + case)
    return statuses(found)["decision"]


SIMPLE = "by members\n  quorum none\n  adopted when count of favour > count of against"


@pytest.mark.parametrize(
    ("rule", "record", "expected"),
    [
        (SIMPLE, "at: 2026-03-01, favour: [ALB, BEL], against: [DEU], abstaining: [FRA, GRC]", "adopted"),
        (SIMPLE, "at: 2026-03-01, favour: [ALB], against: [DEU], abstaining: []", "rejected"),
        # 2.2 members needed is met by 3 and not by 2; heads are not rounded.
        (
            "by members\n  quorum none\n  adopted when count of favour >= 44% of count of voters",
            "at: 2026-03-01, favour: [ALB, BEL], against: [DEU]",
            "rejected",
        ),
        (
            "by members\n  quorum none\n  adopted when count of favour >= 44% of count of voters",
            "at: 2026-03-01, favour: [ALB, BEL, FRA], against: [DEU]",
            "adopted",
        ),
        (
            "by members\n  quorum none\n  adopted when count of favour >= 2/3 of count of voting",
            "at: 2026-03-01, favour: [ALB, BEL], against: [DEU]",
            "adopted",
        ),
        (
            "by members\n  quorum none\n  adopted when count of favour >= 2/3 of count of voting",
            "at: 2026-03-01, favour: [ALB, BEL, FRA], against: [DEU, GRC]",
            "rejected",
        ),
        # Consensus: nobody objects; who abstains or is away does not object.
        (
            "by members\n  quorum none\n  adopted when count of against = 0",
            "at: 2026-03-01, favour: [ALB], against: [], abstaining: [BEL]",
            "adopted",
        ),
        (
            "by members\n  quorum none\n  adopted when count of against = 0",
            "at: 2026-03-01, favour: [ALB, BEL, FRA, GRC], against: [DEU]",
            "rejected",
        ),
        (
            "by members\n  quorum none\n  adopted when count of absent = 2",
            "at: 2026-03-01, favour: [ALB, BEL], against: [DEU]",
            "adopted",
        ),
        # Quorum: present are those who voted or abstained, and those recorded as present.
        (
            "by members\n  quorum 3\n  adopted when count of favour > count of against",
            "at: 2026-03-01, favour: [ALB, BEL]",
            "refused",
        ),
        (
            "by members\n  quorum 3\n  adopted when count of favour > count of against",
            "at: 2026-03-01, favour: [ALB, BEL], abstaining: [DEU]",
            "adopted",
        ),
        (
            "by members\n  quorum 3\n  adopted when count of favour > count of against",
            "at: 2026-03-01, favour: [ALB, BEL], present: [DEU]",
            "adopted",
        ),
        (
            "by members\n  quorum 3\n  adopted when count of favour > count of against",
            "at: 2026-03-01, favour: [ALB, BEL], abstaining: [KEN]",
            "refused",
        ),
        # A State excepted enters no count.
        (
            "by members except DEU\n  quorum none\n  adopted when count of against = 0",
            "at: 2026-03-01, favour: [ALB], against: [DEU]",
            "adopted",
        ),
        (
            "by members except (DEU or FRA)\n  quorum none\n  adopted when count of voters = 3",
            "at: 2026-03-01, favour: [ALB]",
            "adopted",
        ),
        # Failing which is tried only if the first is not met.
        (
            (
                "by members\n  quorum none\n  adopted when count of against = 0\n"
                "  failing which count of favour >= 2/3 of count of voting"
            ),
            "at: 2026-03-01, favour: [ALB, BEL], against: [DEU]",
            "adopted",
        ),
        (
            (
                "by members\n  quorum none\n  adopted when count of against = 0\n"
                "  failing which count of favour >= 2/3 of count of voting"
            ),
            "at: 2026-03-01, favour: [ALB], against: [DEU]",
            "rejected",
        ),
        # An outcome stated without the votes.
        (SIMPLE, "at: 2026-03-01, outcome: adopted", "adopted"),
        (SIMPLE, "at: 2026-03-01, outcome: rejected", "rejected"),
        (SIMPLE + "\n  not after 2026-02-01", "at: 2026-03-01, favour: [ALB]", "refused"),
        (SIMPLE, "", "pending"),
        (SIMPLE + "\n  not after 2026-02-01", "", "missed"),
        # Silence counts at the last moment of the window.
        (SIMPLE + "\n  not after 2026-06-01\n  silence means adopted", "", "adopted"),
        (SIMPLE + "\n  not after 2026-06-02\n  silence means adopted", "", "pending"),
        (SIMPLE + "\n  not after 2026-05-01\n  silence means rejected", "", "rejected"),
        (
            SIMPLE + "\n  not after 2026-05-01\n  silence means adopted",
            "at: 2026-03-01, favour: [], against: [DEU]",
            "rejected",
        ),
        # A vote that is refused counts for nothing, so that there was silence.
        (
            SIMPLE + "\n  not after 2026-05-01\n  silence means adopted",
            "at: 2026-05-02, favour: [], against: [DEU]",
            "adopted",
        ),
        (
            (
                "by members\n  quorum 3\n  adopted when count of against = 0\n"
                "  not after 2026-05-01\n  silence means adopted"
            ),
            "at: 2026-04-02, favour: [ALB]",
            "adopted",
        ),
        (
            (
                "by members\n  quorum 3\n  adopted when count of against = 0\n"
                "  not after 2026-05-01\n  silence means rejected"
            ),
            "at: 2026-04-02, favour: [ALB]",
            "rejected",
        ),
    ],
)
def test_votes(rule: str, record: str, expected: str) -> None:
    assert vote(rule, record) == expected


DOWNSTREAM = (
    '  define n "N" = if decision then 1 else 0\n  define m "M" = if decision '
    'is adopted then 1 else 0\n  define when "When" = 10 days after decision\n'
)


@pytest.mark.parametrize(
    ("rule", "record", "expected"),
    [
        (SIMPLE, "at: 2026-03-01, favour: [ALB]", ["1", "1", "2026-03-11"]),
        (SIMPLE, "at: 2026-03-01, favour: [], against: [ALB]", ["0", "0", "? not yet"]),
        (SIMPLE + "\n  not after 2026-05-01\n  silence means adopted", "", ["1", "1", "2026-05-11"]),
        (
            SIMPLE + "\n  not after 2026-05-01\n  silence means adopted",
            "at: 2026-05-02, against: [DEU]",
            ["1", "1", "2026-05-11"],
        ),
        (SIMPLE + "\n  not after 2026-05-01\n  silence means rejected", "", ["0", "0", "? not yet"]),
        (SIMPLE + "\n  not after 2026-07-01\n  silence means adopted", "", ["0", "0", "? not yet"]),
    ],
)
def test_what_rests_on_a_vote(rule: str, record: str, expected: list[str]) -> None:
    text = policy(f"step decision\n  {rule}", DOWNSTREAM.replace("define when", "define start"))
    found = decided(text, events(*([f"step: decision, {record}"] if record else [])))
    assert [told(found, name) for name in ("n", "m", "start")] == expected


@pytest.mark.parametrize(("day", "expected"), [("2026-05-01", "refused"), ("2026-05-02", "met")])
def test_a_later_step_sees_what_silence_decided(day: str, expected: str) -> None:
    text = policy(
        f"step decision\n  {SIMPLE}\n  not after 2026-05-01\n  silence means adopted\n"
        "step act\n  by members\n  requires decision is adopted"
    )
    assert judged(decided(text, events(f"step: act, at: {day}, by: ALB")), "act") == [expected]


def test_a_stated_outcome_that_the_votes_contradict() -> None:
    found = decided(
        policy(f"step decision\n  {SIMPLE}"),
        events("step: decision, at: 2026-03-01, favour: [ALB], against: [BEL, DEU], outcome: adopted"),
    )
    assert statuses(found)["decision"] == "rejected"
    assert codes(found) == ["PD805"]
    assert found.timeline[0].events[0].vote.examined  # type: ignore[union-attr]


def test_an_outcome_without_votes_was_not_examined() -> None:
    found = decided(policy(f"step decision\n  {SIMPLE}"), events("step: decision, at: 2026-03-01, outcome: adopted"))
    assert not found.timeline[0].events[0].vote.examined  # type: ignore[union-attr]


def test_the_sets_of_a_vote_are_fields_of_it_even_if_it_rejected() -> None:
    more = (
        '  define heads "Heads" = count of favour of decision\n  define away "Away" = '
        'count of absent of decision\n  define least_needed "Least" = needed of decision\n'
    )
    text = policy(
        (
            "step decision\n  by members\n  quorum none\n  define needed = "
            "60% of count of voters\n  adopted when count of favour >= needed"
        ),
        more,
    )
    found = decided(text, events("step: decision, at: 2026-03-01, favour: [ALB, BEL], against: [DEU]"))
    assert statuses(found)["decision"] == "rejected"
    assert [told(found, name) for name in ("heads", "away", "least_needed")] == ["2", "2", "3"]


def test_a_step_decided_as_another() -> None:
    text = policy(f"step decision\n  {SIMPLE}\nstep repeal as decision\n  not before decision")
    found = decided(
        text,
        events(
            "step: decision, at: 2026-03-01, favour: [ALB]",
            "step: repeal, at: 2026-04-01, favour: [ALB], against: [BEL]",
        ),
    )
    assert statuses(found) == {"decision": "adopted", "repeal": "rejected"}


# ---- duties and guarantees -------------------------------------------------------------------------------------------

DUTY = policy(
    "step request\n  by members\nstep report\n  by members\n  once each",
    """  indicators for each member
    safe : yes or no "Safe"
  duty to_report "Report"
    binds members except FRA
    when request
    not after 30 days after request
    kept when report of member
  duty to_be_safe "Safety"
    binds members except FRA
    kept when safe
""",
)


@pytest.mark.parametrize(
    ("record", "at", "expected"),
    [
        ([], "2026-06-01", "not arisen"),
        (["step: request, at: 2026-05-20, by: FRA"], "2026-06-01", "pending"),
        (["step: request, at: 2026-05-02, by: FRA"], "2026-05-31", "pending"),
        (["step: request, at: 2026-05-02, by: FRA"], "2026-06-02", "breached"),
        (["step: request, at: 2026-05-02, by: FRA", "step: report, at: 2026-05-20, by: ALB"], "2026-06-10", "kept"),
        (["step: request, at: 2026-05-02, by: FRA", "step: report, at: 2026-06-01, by: ALB"], "2026-06-10", "kept"),
        (["step: request, at: 2026-05-02, by: FRA", "step: report, at: 2026-06-02, by: ALB"], "2026-06-10", "breached"),
        (["step: request, at: 2026-05-02, by: FRA", "step: report, at: 2026-05-20, by: BEL"], "2026-06-10", "breached"),
    ],
)
def test_duties(record: list[str], at: str, expected: str) -> None:
    found = decided(DUTY, events(*record, at=at))
    assert statuses(found)["to_report of ALB"] == expected
    assert "to_report of FRA" not in statuses(found)


def test_not_shown_is_not_breached() -> None:
    found = decided(DUTY, events() + "facts: {safe: {ALB: yes, BEL: no}}\n")
    found_status = statuses(found)
    assert [found_status[f"to_be_safe of {m}"] for m in ("ALB", "BEL", "DEU")] == ["kept", "breached", "not shown"]
    assert codes(found) == []


def test_a_reservation_keeps_a_member_from_being_bound() -> None:
    more = '  reservation albania "Albania"\n    by ALB\n    to to_be_safe\n  reservations permitted to to_be_safe\n'
    found = decided(DUTY + more, events() + "facts: {safe: {ALB: no, BEL: no}}\n")
    assert [statuses(found)[f"to_be_safe of {m}"] for m in ("ALB", "BEL")] == ["reserved", "breached"]
    assert [(clause.name, state, name) for clause, state, name in found.reservations] == [
        ("albania", "ALB", "to_be_safe")
    ]


GUARANTEES = policy(
    "step start\n  by members\n  records until_when : date\n  repeated",
    """  indicators for each member
    people : persons "People"
  define in_all "In all" = sum of people
  guarantee few "Few" : in_all <= 10 persons
  guarantee short "Short" : until_when of start <= 1 year after start
  guarantee begun "Begun" : start
  guarantee apart "Apart" : in_all independent of start
""",
)


@pytest.mark.parametrize(
    ("people", "record", "expected", "said"),
    [
        ("{ALB: 1, BEL: 1, DEU: 1, FRA: 1, GRC: 1}", ["until_when: 2026-12-31"], ["holds", "holds", "holds"], []),
        (
            "{ALB: 11, BEL: 1, DEU: 1, FRA: 1, GRC: 1}",
            ["until_when: 2027-12-31"],
            ["fails", "fails", "holds"],
            ["PD860", "PD860"],
        ),
        ("{ALB: 1, BEL: 1, DEU: 1, FRA: 1}", [], ["not shown", "not shown", "fails"], ["PD860"]),
    ],
)
def test_guarantees(people: str, record: list[str], expected: list[str], said: list[str]) -> None:
    lines = [f"step: start, at: 2026-03-01, by: ALB, {each}" for each in record]
    found = decided(GUARANTEES, events(*lines) + f"facts:\n  people: {{unit: persons, {people[1:]}\n")
    assert [statuses(found)[name] for name in ("few", "short", "begun")] == expected
    assert [each.proved for each in found.guarantees if each.entry.name == "apart"] == [True]
    assert sorted(codes(found)) == said
