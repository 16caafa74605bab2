"""Mutation of the rules: what an example notices, what none does, and what the checker refuses."""

from __future__ import annotations

import pytest
from trying import EXAMPLES, alteration, policy, subject

from policy_dsl.trial import mutation
from policy_dsl.trial.mutation import NOTICED, REFUSED, UNNOTICED, mutate

IN_TIME = """
example "At the last moment"
  given core = AUT, BEL
  given request at 2026-03-02T08:00Z by AUT
  given meeting at 2026-03-05T08:00Z
  expect meeting is met
"""
# What is altered, the examples beside those of the policy, what comes of it, and by whom it is noticed.
TRIED = [
    ("72 hours", "71 hours", "", UNNOTICED, ""),
    ("72 hours", "71 hours", IN_TIME, NOTICED, "At the last moment"),
    ("72 hours", "73 hours", "", NOTICED, "An hour too late"),
    ("60% and 40%", "61% and 39%", "", NOTICED, "Shared by population and income"),
    ("50%", "51%", "", NOTICED, "Shared by population and income"),
    ("1_000 USD", "999 USD", "", UNNOTICED, ""),
    # Without its exception a fact would be asked for in vain.
    ("except where exempt = yes : 0 persons", "", "", REFUSED, ""),
    ("count of favour >= 2/3 of count of voting", "count of favour > 2/3 of count of voting", "", UNNOTICED, ""),
]


@pytest.mark.parametrize(("old", "new", "more", "status", "by"), TRIED, ids=[f"{t[0]} {t[1]} {t[3]}" for t in TRIED])
def test_what_comes_of_an_alteration(old: str, new: str, more: str, status: str, by: str) -> None:
    tried = subject(policy(EXAMPLES + more))
    outcome = tried.tried(alteration(tried, old, new))
    assert (outcome.status, outcome.by) == (status, by)


def test_what_the_checker_refuses_is_counted_apart() -> None:
    text = policy(EXAMPLES, ("rounding largest_remainder", "rounding largest_remainder to 1 person"))
    tried = subject(text)
    outcome = tried.tried(alteration(tried, "1 person", "0 persons"))
    assert (outcome.status, outcome.refusal and outcome.refusal.code) == (REFUSED, "PD456")


def test_all_alterations_in_the_order_of_the_text() -> None:
    found = mutate(subject(policy()))
    lines = [each.alteration.line for each in found.outcomes]
    assert lines == sorted(lines)
    assert len(found.outcomes) == found.possible
    assert sum(len(found.of(status)) for status in (NOTICED, UNNOTICED, REFUSED)) == found.possible
    assert found.failing == ()


def test_the_same_policy_gives_the_same_outcomes() -> None:
    one, other = (mutate(subject(policy())) for _ in range(2))
    told = [[(e.alteration.line, e.alteration.new, e.status, e.by) for e in each.outcomes] for each in (one, other)]
    assert told[0] == told[1]


def test_so_many_at_most_and_each_is_told_of() -> None:
    heard: list[tuple[int, int]] = []
    found = mutate(subject(policy()), 5, lambda done, of: heard.append((done, of)))
    assert heard == [(n, 5) for n in range(1, 6)]
    assert len(found.outcomes) == 5
    assert found.possible > 5


def test_what_does_not_hold_as_it_is_notices_nothing() -> None:
    tried = subject(policy(EXAMPLES.replace("350 persons", "351 persons")))
    found = mutate(tried)
    assert found.failing == ("Shared by population and income",)
    assert "Shared by population and income" not in {each.by for each in found.outcomes}


def test_a_case_with_expected_results_notices_too() -> None:
    expected = "case: Spring\nvalues:\n  places: {AUT: 350 persons}\nrefusals:\n  - {step: meeting}\n"
    tried = subject(policy(""), expected)
    assert [trial.passed for trial in tried.trials] == [True]
    outcome = tried.tried(alteration(tried, "60% and 40%", "61% and 39%"))
    assert (outcome.status, outcome.by) == (NOTICED, "Spring")
    outcome = tried.tried(alteration(tried, "72 hours", "73 hours"))
    assert (outcome.status, outcome.by) == (NOTICED, "Spring")
    assert tried.tried(alteration(tried, "50%", "51%")).status == UNNOTICED


def test_without_examples_nothing_is_noticed() -> None:
    found = mutate(subject(policy("")))
    assert found.of(NOTICED) == ()


def test_a_tool_that_alters_nothing_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: with rules that stay as they are nothing can be noticed, and the table above would fail."""
    monkeypatch.setattr(mutation, "altered", lambda parsed, _edits: parsed)
    tried = subject(policy())
    assert {tried.tried(alteration(tried, old, new)).status for old, new, *_ in TRIED if new != ""} == {UNNOTICED}
