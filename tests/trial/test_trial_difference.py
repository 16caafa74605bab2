"""The first point at which a derivation departs from what is expected."""

from __future__ import annotations

import pytest
from trying import policy, subject

from policy_dsl.render.trials import difference_lines
from policy_dsl.trial.difference import Difference, first_difference, inside_out

BASE = """
example "One"
  given core = AUT, BEL
  given arrivals = 1_000 persons
  given population : persons, income : USD
    AUT : 1_000, 4_000
    BEL : 3_000, 4_000
"""


def difference(*expected: str) -> Difference:
    """Where the first of several expectations departs."""
    text = policy(BASE + "".join(f"  expect {each}\n" for each in expected))
    (trial,) = subject(text).trials
    found = first_difference(trial, trial.failed[0])
    assert found is not None
    return found


# What is expected; the value at which the first missed one departs; whether that lies below it; what agrees below it.
DIFFERENCES = [
    (["places of AUT = 351 persons"], "places of AUT", False, []),
    (["places of AUT = 351 persons", "size of AUT = 36%"], "size of AUT", True, []),
    (["places of AUT = 351 persons", "size of AUT = 35%"], "places of AUT", False, ["size of AUT = 35%"]),
    (["places of AUT = 351 persons", "size of AUT = 36%", "population of AUT = 1_001 persons"],
     "population of AUT", True, []),
    (["places of AUT = 351 persons", "size of BEL = 66%"], "size of BEL", True, []),
    (["places of AUT = 351 persons", "rate of AUT = 51%"], "places of AUT", False, []),
    (["places of AUT = 351 persons within 0.5 persons"], "places of AUT", False, []),
    (["ceiling of AUT = 1 person"], "ceiling of AUT", False, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "point", "inner", "agreeing"), DIFFERENCES, ids=["; ".join(row[0]) for row in DIFFERENCES]
)
def test_the_first_point_of_difference(expected: list[str], point: str, inner: bool, agreeing: list[str]) -> None:
    found = difference(*expected)
    assert (found.point.label, found.inner) == (point, inner)
    assert [each.text for each in found.agreeing] == agreeing


def test_a_missed_ground_is_no_departure_of_a_value() -> None:
    found = difference("places of AUT = 351 persons", "size of AUT = 35% because Art. 4")
    assert (found.point.label, found.inner) == ("places of AUT", False)


def test_what_is_said_names_article_inputs_and_value() -> None:
    text = policy(BASE + "  expect places of AUT = 351 persons\n  expect size of AUT = 36%\n")
    tried = subject(text)
    (trial,) = tried.trials
    lines = [line.replace("\xa0", " ") for line in difference_lines(trial, trial.failed[0], tried.checked.program)]
    assert lines[0] == "The first point of difference is size of AUT = 36%, which is 35%. It comes about so:"
    assert lines[1].startswith("  Size of AUT")
    assert "35%" in lines[1]
    assert "Art. 2(1)" in lines[1]
    assert any(line.startswith("  - ") and "persons" in line for line in lines[2:])
    last = difference_lines(trial, trial.failed[1], tried.checked.program)
    assert last[0] == "Nothing on which it rests is expected by itself. Its last step:"


def test_a_value_comes_after_all_that_it_rests_on() -> None:
    (trial,) = subject(policy(BASE + "  expect places of AUT = 350 persons\n")).trials
    value = trial.tried[0].value
    assert value is not None
    order = [id(each) for each in inside_out(value)]
    assert len(order) == len(set(order))
    place = {each: at for at, each in enumerate(order)}
    for here in inside_out(value):
        assert all(place[id(below)] < place[id(here)] for below in here.of)
