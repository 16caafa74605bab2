"""What the examples exercise, read off the derivations of what they expect."""

from __future__ import annotations

import pytest
from trying import EXAMPLES, cover, policy, subject

from policy_dsl.evaluate.examples import run_examples
from policy_dsl.trial import covered
from policy_dsl.trial.coverage import percent
from policy_dsl.trial.points import points

GIVEN = """
example "One more"
  given core = AUT, BEL
  given arrivals = {arrivals} persons
  given population : persons, income : USD
    AUT : {population}, {income}
    BEL : 3_000, 4_000
"""


def one_more(expect: str, more: str = "", **figures: str) -> str:
    """An example with one more expectation."""
    values = {"arrivals": "1_000", "population": "1_000", "income": "4_000"} | figures
    return GIVEN.format(**values) + more + f"  expect {expect}\n"


VOTE = """
example "A vote"
  given core = AUT, BEL, CZE
  given request at 2026-03-02T08:00Z by {by}
  given meeting at 2026-03-03T08:00Z
  given decision at 2026-03-04T08:00Z
    favour  = AUT{favour}
    against = {against}
  expect {expect}
"""
# What is expected, and the points that it exercises and that the examples of the policy do not: name and way.
EXERCISED = [
    (one_more("rate of AUT = 0%", income="999"), {("rate", "reached", "below 1_000 USD : 0%")}),
    (one_more("rate of AUT = 100%", income="5_000"), {("rate", "reached", "otherwise : 100%")}),
    (
        one_more("ceiling of AUT = 0 persons", "  given exempt of AUT = yes\n"),
        {("ceiling", "applies", "except where exempt = yes : 0 persons")},
    ),
    (one_more("places of AUT = 350 persons", arrivals="1_000"), set()),
    (one_more("sum of places = 20_000 persons", arrivals="30_000"), {("places", "holds", "at most ceiling")}),
    (
        one_more("places of BEL = 1 person", arrivals="1", population="3_000"),
        {("places", "tie", "ties by population")},
    ),
    (
        VOTE.format(by="AUT", favour=", BEL", against="CZE", expect="decision is adopted"),
        {
            ("decision", "", 'step decision "Decision"'),
            ("decision", "adopted", "adopted when count of favour >= 2/3 of count of voting"),
        },
    ),
    (
        VOTE.format(by="AUT", favour="", against="BEL, CZE", expect="decision is rejected"),
        {
            ("decision", "", 'step decision "Decision"'),
            ("decision", "rejected", "adopted when count of favour >= 2/3 of count of voting"),
        },
    ),
    (
        VOTE.format(by="DNK", favour=", BEL", against="CZE", expect="request is refused"),
        {("request", "refused", "by core")},
    ),
]


def exercised(examples: str) -> set[tuple[str, str, str]]:
    found = cover(subject(policy(examples)))
    return {(e.point.entry.name, e.point.way, e.point.text) for e in found.points if e.by}


def test_a_point_knows_its_line() -> None:
    tried = subject(policy())
    lines = tried.checked.program.source.text.splitlines()
    for point in points(tried.checked.program):
        assert point.text.split()[0] in lines[point.line - 1]


@pytest.mark.parametrize(("example", "more"), EXERCISED, ids=[e.split("expect ")[1].strip() for e, _ in EXERCISED])
def test_what_an_example_exercises_besides(example: str, more: set[tuple[str, str, str]]) -> None:
    assert exercised(EXAMPLES + example) - exercised(EXAMPLES) == more


def test_what_no_example_exercises() -> None:
    found = cover(subject(policy()))
    assert {(p.entry.name, p.way) for p in found.missed if p.kind == "exception"} == {("ceiling", "applies")}
    assert [each.name for each in found.unexercised()] == ["decision"]
    assert found.counts == (sum(bool(e.by) for e in found.points), len(found.points))
    assert sum(done for done, _ in found.by_kind().values()) == found.counts[0]


def test_without_examples_nothing_is_exercised() -> None:
    found = cover(subject(policy("")))
    assert found.counts[0] == 0
    assert found.ran == ()
    assert {"core", "size", "places", "rate", "request"} <= {each.name for each in found.unexercised()}


def test_the_points_of_the_policy_are_all_there_once() -> None:
    found = list(points(subject(policy()).checked.program))
    keys = [(p.entry.name, p.way, p.span.start) for p in found]
    assert len(keys) == len(set(keys))
    assert {p.kind for p in found} == {"provision", "branch", "bracket", "exception", "refusal"}


def test_each_point_names_the_examples_that_exercise_it() -> None:
    found = {(e.point.entry.name, e.point.way): e.by for e in cover(subject(policy())).points}
    assert found["places", ""] == ("Shared by population and income",)
    assert found["meeting", ""] == ("An hour too late",)


def test_the_examples_of_the_engine_can_be_asked_directly() -> None:
    tried = subject(policy())
    assert covered(tried.checked, run_examples(tried.checked)).counts == cover(tried).counts


def test_a_point_is_not_exercised_where_the_engine_goes_another_way() -> None:
    """What is seen is what was evaluated: with a lower income the other bracket is."""
    low = exercised(one_more("rate of AUT = 0%", income="999"))
    high = exercised(one_more("rate of AUT = 100%", income="9_000"))
    assert ("rate", "reached", "below 1_000 USD : 0%") in low - high
    assert ("rate", "reached", "otherwise : 100%") in high - low


@pytest.mark.parametrize(("done", "of", "expected"), [(0, 0, 100), (0, 3, 0), (1, 3, 33), (999, 1000, 99), (3, 3, 100)])
def test_only_what_is_whole_is_called_a_hundred_per_cent(done: int, of: int, expected: int) -> None:
    assert percent(done, of) == expected
