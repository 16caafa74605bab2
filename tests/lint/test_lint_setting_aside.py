"""Advice that is set aside: where the comment may stand, what it must say, and that it must be needed."""

import pytest
from linting import FACTS, FRAGMENT, HEADER, advised, read, told

from policy_dsl.lint import advise

SECOND = "guarantee all_are_placed : sum of places = arrivals"
TWICE = f"""article 3 "Promises"
  > Nobody is left out.
  guarantee nobody_left_out : sum of places = arrivals
{{before}}  {SECOND}{{beside}}
{{below}}"""


def twice(before: str = "", beside: str = "", below: str = "") -> str:
    return TWICE.format(before=before, beside=beside, below=below)


WHY = "because the two come from two instruments"


@pytest.mark.parametrize(
    "article",
    [
        twice(before=f"  # set aside PD667 {WHY}\n"),
        twice(before=f"  # set aside PD667 {WHY}\n\n  # Another remark.\n"),
        twice(beside=f"  # set aside PD667 {WHY}"),
        twice(below=f"    # set aside PD667 {WHY}\n"),
        twice(before=f"  #set aside: pd667, {WHY}\n"),
        twice(before=f"  # Set aside PD667 and PD651 {WHY}\n").replace(" and PD651", ""),
        f"# set aside PD667 {WHY}\n" + twice(),
        twice().replace('"Promises"', f'"Promises"  # set aside PD667 {WHY}'),
    ],
)
def test_what_is_set_aside_with_a_reason_is_not_said(article: str):
    assert [each.code for each in advised(article)] == []


@pytest.mark.parametrize(
    "header",
    [
        f"# set aside PD667 {WHY}\n{HEADER}",
        HEADER.replace("  periods plain\n", f"  periods plain  # set aside PD667 {WHY}\n"),
    ],
)
def test_above_the_header_and_in_it_a_comment_holds_for_the_whole_policy(header: str):
    assert advise(read(header + FACTS + twice())[0], ignore=FRAGMENT) == ()


@pytest.mark.parametrize(
    ("article", "codes"),
    [
        # In another provision, in another article, for other advice: it sets nothing aside, and that is told.
        (f"# set aside PD667 {WHY}\n" + 'article 4 "Other"\n  > Nothing more.\n  define d "D" = arrivals\n', ["PD689"]),
        (twice().replace("  guarantee nobody", f"  # set aside PD667 {WHY}\n  guarantee nobody"), ["PD689", "PD667"]),
        (twice(before=f"  # set aside PD651 {WHY}\n"), ["PD689", "PD667"]),
        # Without a reason it does not count.
        (twice(before="  # set aside PD667\n"), ["PD687", "PD667"]),
        (twice(before="  # set aside PD667 because\n"), ["PD687", "PD667"]),
        (twice(before="  # set aside PD667 because -\n"), ["PD687", "PD667"]),
        (twice(before="  # set aside PD667 it is meant\n"), ["PD687", "PD667"]),
        # What is no advice of lint can't be set aside.
        (twice(before=f"  # set aside PD468 {WHY}\n"), ["PD688", "PD667"]),
        (twice(before=f"  # set aside PD301 {WHY}\n"), ["PD688", "PD667"]),
        (twice(before=f"  # set aside {WHY}\n"), ["PD688", "PD667"]),
        (twice(before=f"  # set aside PD667 and PD651 {WHY}\n"), ["PD689"]),
        # A comment that says something else is a comment.
        (twice(before="  # This was set aside in 2019, see PD667.\n"), ["PD667"]),
    ],
)
def test_a_comment_that_sets_nothing_aside_or_not_properly_is_told(article: str, codes: list[str]):
    assert [each.code for each in advised(article)] == codes


def test_what_was_not_looked_for_is_not_called_idle():
    article = twice(before=f"  # set aside PD651 {WHY}\n")
    assert [each.code for each in advised(article, ignore=("PD651", "PD667"))] == []
    assert [each.code for each in advised(article, select=("PD667",))] == ["PD667"]


def test_one_comment_in_a_step_or_a_row_holds_for_it_alone():
    steps = """article 3 "Votes"
  > They vote.
  procedure voting_on_it
    step first_vote "First"
      by members
      # set aside PD661 because the first vote is a trial
      quorum none
      adopted when count of favour > count of against
    step second_vote "Second"
      by members
      quorum none
      adopted when count of favour > count of against
"""
    assert [each.code for each in advised(steps)] == ["PD661"]
    assert told(advised(steps))[0][1] == "quorum none"
