"""Suggested examples: each can be read, holds once it is filled in, and would notice what it says it would."""

from __future__ import annotations

from functools import cache

import pytest
from trying import EXAMPLES, alteration, checked, policy, subject

from policy_dsl.evaluate.examples import run_examples
from policy_dsl.render.suggestions import suggestions_data, suggestions_text
from policy_dsl.trial.coverage import covered
from policy_dsl.trial.mutation import NOTICED, UNNOTICED, Mutation, Subject, mutate
from policy_dsl.trial.suggest import Suggested, Suggestion, suggest

VOTE = """
example "Two of three"
  given core = AUT, BEL, CZE
  given request at 2026-03-02T08:00Z by AUT
  given meeting at 2026-03-03T08:00Z
  given decision at 2026-03-04T08:00Z
    favour  = AUT, BEL, CZE
  expect decision is adopted
"""
GAP = """
example "Who is exempt"
  given core = AUT, BEL
  given exempt of AUT = yes
  expect ceiling of AUT = 0 persons
"""


def suggested(text: str, old: str, new: str) -> tuple[Subject, Suggested]:
    """What is suggested for one alteration that nothing notices."""
    tried = subject(text)
    outcome = tried.tried(alteration(tried, old, new))
    assert outcome.status == UNNOTICED
    return tried, suggest(tried, Mutation((outcome,), 1, ()))


def filled(text: str, suggestion: Suggestion) -> str:
    """A policy with a suggested example that the drafter has confirmed."""
    return f'{text}\nexample "{suggestion.title}"\n{suggestion.lines}  {suggestion.expectation}\n'


# What is altered, and what the suggested example must give: at the edge, one unit beside it, at a tie.
SUGGESTED = [
    ("72 hours", "71 hours", "given meeting at 2026-03-05T08:00Z"),
    ("1_000 USD", "999 USD", " 999"),
    ("1_000 USD", "1_001 USD", " 1_000"),
    ("5_000 USD", "4_999 USD", " 4_999"),
    ("5_000 USD", "5_001 USD", " 5_000"),
    ("0%", "1%", " 999"),
    ("100%", "99%", " 5_000"),
    ("10_000 persons", "9_999 persons", ""),
    ("at most ceiling", "", ""),
    ("largest_remainder", "down", ""),
    ("2/3", "3/4", "against"),
    ("2/3", "1/2", "against"),
    ("count of favour >= 2/3 of count of voting", "count of favour > 2/3 of count of voting", "against"),
    ("requires meeting", "", "decision"),
    ("population", "lot", "given arrivals"),
]


@pytest.mark.parametrize(("old", "new", "given"), SUGGESTED, ids=[f"{row[0]} {row[1]}" for row in SUGGESTED])
def test_what_is_suggested_notices_the_alteration(old: str, new: str, given: str) -> None:
    text = policy(EXAMPLES + VOTE)
    _, found = suggested(text, old, new)
    (only,) = found.suggestions
    assert given in only.lines
    assert [(each.alteration.old, each.alteration.new) for each in only.notices] == [(old, new)]
    again = subject(filled(text, only))
    assert all(trial.passed for trial in again.trials)
    outcome = again.tried(alteration(again, old, new))
    assert (outcome.status, outcome.by) == (NOTICED, only.title)


@cache
def everything() -> tuple[Subject, Mutation, Suggested]:
    """All that is suggested for the policy."""
    tried = subject(policy(EXAMPLES + VOTE))
    found = mutate(tried)
    return tried, found, suggest(tried, found, covered(tried.checked, tried.trials).missed)


def test_every_suggestion_can_be_read_as_it_is_printed() -> None:
    tried, _, found = everything()
    text = tried.checked.program.source.text + "\n" + suggestions_text(found)
    program = checked(text).program
    titles = [each.title for each in program.examples]
    assert titles[-len(found.suggestions) :] == [each.title for each in found.suggestions]
    assert len(titles) == len(set(titles))
    assert all(not example.expect for example in program.examples[-len(found.suggestions) :])


def test_every_suggestion_that_is_confirmed_holds() -> None:
    tried, _, found = everything()
    text = tried.checked.program.source.text + "\n" + suggestions_text(found).replace("  # expect ", "  expect ")
    ran = run_examples(checked(text))
    assert [each.title for each in ran if not each.passed] == []
    assert all(each.example.expect for each in ran)


def test_confirmed_suggestions_notice_all_but_those_without_an_example() -> None:
    tried, before, found = everything()
    text = tried.checked.program.source.text + "\n" + suggestions_text(found).replace("  # expect ", "  expect ")
    after = mutate(subject(text))
    left = [(each.alteration.old, each.alteration.new) for each in after.of(UNNOTICED)]
    assert left == [(each.alteration.old, each.alteration.new) for each in found.without]
    assert len(left) < len(before.of(UNNOTICED))


def test_nothing_is_suggested_that_the_examples_notice_already() -> None:
    tried, before, found = everything()
    noticed = {id(each) for each in before.of(NOTICED)}
    assert all(id(outcome) not in noticed for each in found.suggestions for outcome in each.notices)
    assert suggest(tried, Mutation(before.of(NOTICED), 1, ())).suggestions == ()


def test_a_missing_fact_and_a_tie_are_suggested_where_no_example_has_one() -> None:
    tried = subject(policy(EXAMPLES + GAP.replace("AUT = yes", "AUT = yes\n  given exempt of BEL = no")))
    missed = covered(tried.checked, tried.trials).missed
    assert {"tie"} <= {point.way for point in missed}
    found = suggest(tried, Mutation((), 0, ()), missed)
    ways = {each.exercises.way for each in found.suggestions if each.exercises is not None}
    assert {"tie", "reached"} <= ways
    for each in found.suggestions:
        again = subject(filled(tried.checked.program.source.text, each))
        point = each.exercises
        assert point is not None
        exercised = {
            (c.point.entry.name, c.point.way, c.point.text)
            for c in covered(again.checked, again.trials).points
            if each.title in c.by
        }
        assert (point.entry.name, point.way, point.text) in exercised


def test_a_gap_is_suggested() -> None:
    text = policy(EXAMPLES + GAP, ("missing means no", "missing means yes"))
    text = text.replace(
        "  expect places of AUT", "  given exempt of AUT = no\n  given exempt of BEL = no\n  expect places of AUT"
    )
    tried = subject(text)
    missed = [point for point in covered(tried.checked, tried.trials).missed if point.way == "gap"]
    assert [point.entry.name for point in missed] == ["exempt"]
    (only,) = suggest(tried, Mutation((), 0, ()), missed).suggestions
    assert only.exercises is missed[0]
    assert all(trial.passed for trial in subject(filled(text, only)).trials)


def test_where_no_example_can_be_found_it_is_said() -> None:
    """The greater of two limits never counts: no example could tell it from one that is greater still."""
    most = '  define most "Most" = min(arrivals, 5 persons, 7 persons)\n  apportion places'
    tried = subject(policy("", ("  apportion places", most), ("    total    arrivals", "    total    most")))
    outcome = tried.tried(alteration(tried, "7 persons", "8 persons"))
    found = suggest(tried, Mutation((outcome,), 1, ()))
    assert (found.suggestions, found.without) == ((), (outcome,))
    text = suggestions_text(found)
    assert "Art. 2(2), line" in text
    assert all(line.startswith("#") for line in text.splitlines())


def test_a_tie_by_a_single_weight_is_found() -> None:
    """Among two members by population alone: one has half a share, the other one and a half."""
    alone = policy("", ("by       size", "by       population"))
    tried = subject(alone[: alone.index("  key size")] + alone[alone.index("  (2)") :])
    found = suggest(tried, Mutation((tried.tried(alteration(tried, "population", "lot")),), 1, ()))
    assert len(found.suggestions) == 1


def test_a_policy_without_examples_is_given_some_that_notice_everything() -> None:
    tried = subject(policy(""))
    before = mutate(tried)
    found = suggest(tried, before)
    assert {each.begun_from for each in found.suggestions} == {""}
    assert found.without == ()
    text = tried.checked.program.source.text + "\n" + suggestions_text(found).replace("  # expect ", "  expect ")
    after = mutate(subject(text))
    assert after.failing == ()
    assert after.of(UNNOTICED) == ()
    assert len(after.of(NOTICED)) == len(before.of(UNNOTICED)) > 20


def test_the_data_of_the_suggestions() -> None:
    _, _, found = everything()
    data = suggestions_data(found)
    rows = data["suggestions"]
    assert isinstance(rows, list)
    assert [row["title"] for row in rows] == [each.title for each in found.suggestions]
    assert all(row["expectation"].startswith("expect ") for row in rows)


@pytest.mark.parametrize(("old", "new"), [("5_000 USD", "4_999 USD"), ("2/3", "3/4"), ("population", "lot")])
def test_the_same_policy_gives_the_same_suggestions(old: str, new: str) -> None:
    one, other = (suggestions_text(suggested(policy(EXAMPLES + VOTE), old, new)[1]) for _ in range(2))
    assert one == other
