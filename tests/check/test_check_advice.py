"""Advice, and worked examples."""

import pytest
from checking import HEADER, article, checked, errors, told

from policy_dsl.check import check
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

RESULT = 'define r "R" = sum of population'
GIVEN = 'example "Two members"\n  given participating = ALB, MKD\n  given population of ALB = 1 person\n'
GIVEN += "  given population of MKD = 2 persons\n"


def example(*lines: str, body: str = RESULT) -> list[tuple[str, str]]:
    text = article(body) + "\n" + GIVEN + "\n".join(f"  {line}" for line in lines) + "\n"
    return [told(problem) for problem in checked(text).problems]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["expect r = 3 persons"], []),
        (["expect r = 3 persons within 1 person"], []),
        (["expect r = 3"], [("PD304", "3")]),
        (["expect r"], [("PD307", "r")]),
        (["expect population = 3 persons"], [("PD311", "population = 3 persons")]),
        (["expect r = 3 persons within 1"], [("PD304", "1")]),
        (["expect r > 3 persons within 1 person"], [("PD339", "1 person")]),
        (["expect r = 3 persons within 5 persons"], [("PD603", "5 persons")]),
        (["expect r = r"], [("PD604", "r = r")]),
        (["expect 1 = 1"], [("PD604", "1 = 1")]),
        (["given refugees = 5", "expect r = 3 persons"], [("PD304", "5")]),
        (["given refugees = 5 USD", "expect r = 3 persons"], [("PD329", "5 USD")]),
        (["given safe of ALB = 1", "expect r = 3 persons"], [("PD306", "1")]),
        (["given population = 5 persons", "expect r = 3 persons"], [("PD331", "population")]),
        (["given arrivals of ALB = 5 persons", "expect r = 3 persons"], [("PD308", "arrivals of ALB")]),
        (
            ["given population of ALB in 2024 = 5 persons", "expect r = 3 persons"],
            [("PD309", "population of ALB in 2024")],
        ),
        (["given arrivals of ALB in 2024 = 5 persons", "expect r = 3 persons"], []),
        (["given population of GB = 5 persons", "expect r = 3 persons"], [("PD406", "GB")]),
        (["given gdp : EUR per year", "  ALB : 5", "expect r = 3 persons"], [("PD337", "EUR per year")]),
        (["given gdp : USD per year, safe : yes or no", "  ALB : 5", "expect r = 3 persons"], [("PD338", "ALB")]),
        (["given gdp : USD per year, safe : yes or no", "  ALB : 5, 6", "expect r = 3 persons"], [("PD306", "6")]),
        (["given unemployment : percent", "  ALB : 0.05", "expect r = 3 persons"], [("PD608", "0.05")]),
        (["given unemployment : percent", "  ALB : 5%", "  MKD : 6", "expect r = 3 persons"], []),
        (["given unemployment : percent", "  ALB : missing", "expect r = 3 persons"], []),
    ],
)
def test_what_an_example_gives_and_expects(lines: list[str], expected: list[tuple[str, str]]):
    use = '\ndefine u "U" = if safe of ALB and unemployment of ALB > 5% then refugees else arrivals of ALB in 2020'
    use += '\ndefine g "G" = sum of gdp'
    assert example(*lines, body=RESULT + use) == expected


def test_an_example_expects_something():
    assert example() == [("PD602", 'example "Two members"')]


def test_the_fields_of_an_event_fit_what_the_step_records():
    body = 'procedure m\n  step move "Move"\n    by members\n'
    body += '    records taker : state, places : persons, ready : yes or no\ndefine r "R" = places of move'
    text = (
        article(body)
        + '\nexample "E"\n  given move at 2027-01-01 by ALB\n    taker = 3\n    places = 3\n    ready = 5%\n'
    )
    text += "  expect r = 3 persons\n"
    assert [told(problem) for problem in checked(text).problems] == [("PD306", "3"), ("PD304", "3"), ("PD306", "5%")]


def test_words_are_asked_of_an_article_that_computes_and_cites_nothing():
    bare = article(RESULT).replace("  > What follows is agreed.\n", "")
    assert [told(problem) for problem in checked(bare).problems] == [("PD601", "1")]
    assert checked(bare.replace('"R" = sum of population', '"R" = sum of population cites "Decision 1"')).problems == ()
    facts = 'article 1 "Facts"\n  tier participating "M"\n  indicators for each member\n    population : persons "P"\n'
    assert checked(facts + 'article 2 "R"\n  > Words.\n  define r "R" = sum of population\n').problems == ()


def test_copied_words_are_told():
    words = "  > The total is the sum of the populations of all members.\n"
    text = (
        article(RESULT)
        + f'article 2 "A"\n{words}  define a "A" = r / 2\narticle 3 "B"\n{words}  define b "B" = r / 3\n'
    )
    (problem,) = checked(text).problems
    assert problem.code == "PD607"
    assert problem.article == "Art. 3"
    assert problem.params == {"first": "Art. 2"}


def test_advice_on_a_model_is_not_repeated_to_those_who_adopt_it():
    model = HEADER + article(
        'define r "R" = count of members\nprocedure m\n  step v "V"\n    by members\n'
        "    adopted when count of against = 0"
    )
    assert [problem.code for problem in checked(model).problems] == ["PD505"]
    text = HEADER.replace('policy t "T"', 'policy u "U"').rstrip("\n") + '\n  based on "model.policy"\n\n'
    text += 'add article 2 "More"\n  > More words.\n  define s "S" = r * 2\n'
    assert checked(text, {"model.policy": model}).problems == ()


def test_an_equality_of_roots_cannot_be_decided():
    body = 'define rooted "S" for each member = (population / sum of population over members) ^ 0.5\n'
    text = article(body + 'define alone "A" = count of (members where rooted = 100%)')
    assert [told(problem) for problem in checked(text).problems] == [("PD606", "rooted = 100%")]
    rounded = article(body + 'define alone "A" = count of (members where half_up(rooted, 1%) = 100%)')
    assert errors(list(checked(rounded).problems)) == []
    assert checked(rounded).problems == ()


COHORTS = """define bill "E" for each cohort and member = size * cost
define borne "B" for each member = sum of bill over cohorts
define whole "W" for each cohort = sum of bill over members
define r "R" = refugees
"""
OF_COHORTS = """
example "Families"
  given participating = ALB, MKD
  given size of families = 10 persons
  given cost of families of ALB = 3 USD per person
"""


@pytest.mark.parametrize(
    ("expected", "told_of", "mend"),
    [
        ("bill of families of ALB = 30 USD", None, ""),
        ("cost of families of ALB = 3 USD per person", None, ""),
        ("size of families = 10 persons", None, ""),
        ("sum of bill of families = 30 USD", None, ""),
        ("bill of families of ALB = 30 persons", ("PD301", "bill of families of ALB = 30 persons"), ""),
        ("bill of familes of ALB = 30 USD", ("PD201", "familes"), "did you mean `families`?"),
        ("bill of families of members = 30 USD", ("PD322", "families of members"), ""),
        ("bill of families = 30 USD", ("PD311", "bill of families = 30 USD"), "name the member that is meant"),
        ("bill of ALB = 30 USD", ("PD311", "bill of ALB = 30 USD"), "name the cohort that is meant"),
        ("whole of families of ALB = 30 USD", ("PD323", "whole of families of ALB"), "write `whole of families`"),
        ("borne of families of ALB = 30 USD", ("PD323", "borne of families of ALB"), "write `borne of ALB`"),
        ("r of families of ALB = 3 persons", ("PD323", "r of families of ALB"), "write `r` without"),
        ("families of ALB = 3 persons", ("PD325", "families of ALB = 3 persons"), ""),
    ],
)
def test_what_a_cohort_and_a_member_have_together_is_expected_of_both(
    expected: str, told_of: tuple[str, str] | None, mend: str
):
    source = Source("t.policy", HEADER + article(COHORTS) + OF_COHORTS + f"  expect {expected}\n")
    parsed = parse(source)
    assert parsed.problems == ()
    resolved = resolve(parsed, lambda *_: None)
    assert resolved.program is not None
    problems = errors([*resolved.problems, *check(resolved.program).problems])
    assert [told(problem) for problem in problems] == ([told_of] if told_of else [])
    assert all(problem.mend.startswith(mend) for problem in problems)


@pytest.mark.parametrize(
    ("value", "expected", "mend"),
    [
        ("count of (members where gdp > gdp of member)", "gdp > gdp of member", "`rank of gdp over members - 1`"),
        ("count of (members where 2 * gdp of member <= gdp)", "2 * gdp of member <= gdp", "`rank of gdp over members"),
        ("count of (states where safe and gdp = gdp of member)", "gdp = gdp of member", "`rank of gdp over states"),
        ("count of (members where gdp of member > 3 USD per year)", None, ""),
        ("count of (members where gdp > gdp of ALB)", None, ""),
        ("count of (members where gdp > mean of gdp over members)", None, ""),
        ("count of (members where gdp > gdp of member)", "gdp > gdp of member", ""),
        ("rank of gdp over members - 1", None, ""),
    ],
)
def test_a_member_is_not_compared_with_itself(value: str, expected: str | None, mend: str):
    problems = checked(article(f'define r "R" for each member = {value}')).problems
    assert [told(problem) for problem in problems] == ([("PD609", expected)] if expected else [])
    assert all(mend in problem.mend for problem in problems)


@pytest.mark.parametrize(
    ("figure", "mend"),
    [
        ("1.000 persons", "write `1_000 persons`, or, if 1 is meant, `1 persons`"),
        ("12.500 persons", "write `12_500 persons`, or, if 12.5 is meant, `12.5 persons`"),
        ("12.505 persons", None),
        ("0.250 persons", None),
        ("12.50 persons", None),
        ("1_000.500 persons", None),
    ],
)
def test_a_point_that_may_part_thousands_is_told(figure: str, mend: str | None):
    problems = checked(article(f'define r "R" = refugees / {figure}')).problems
    assert [(told(problem), problem.mend) for problem in problems] == ([(("PD610", figure), mend)] if mend else [])
