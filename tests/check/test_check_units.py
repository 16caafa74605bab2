"""Units and kinds of value: the code, the words that are underlined, and what would mend them."""

import pytest
from checking import HEADER, article, checked, errors, found, told

from policy_dsl.check import Kind
from policy_dsl.values import NUMBER, RATIO, Unit, unit_named

EACH = 'define r "R" for each member = '
CASE = 'define r "R" = '
STEPS = """procedure m
  step a "A"
    by members
  step v "V"
    by members
    quorum none
    adopted when count of against = 0
"""

FAULTS = [
    (CASE + "refugees + budget", "PD301", "refugees + budget", ""),
    (CASE + "min(refugees, budget)", "PD301", "budget", ""),
    (CASE + "if starts > 2026-01-01 then budget else refugees", "PD301", "refugees", ""),
    (CASE + "sum of area > budget", "PD301", "sum of area > budget", ""),
    (EACH + "population > 40%", "PD301", "population > 40%", "`40% of …`"),
    (EACH + "unemployment > 0.4", "PD302", "0.4", "`40%`"),
    (EACH + "unemployment > 40", "PD302", "40", "`40%`"),
    (EACH + "40 > unemployment", "PD302", "40", "`40%`"),
    (EACH + "average(unemployment, -0.05)", "PD302", "-0.05", "`-5%`"),
    (CASE + "count of members >= 2/3", "PD303", "2/3", "`2/3 of count of members`"),
    (CASE + "count of members + 40%", "PD303", "40%", "`40% of count of members`"),
    (EACH + "population > 5_000", "PD304", "5_000", "`5_000 persons`"),
    (CASE + "refugees - 1", "PD304", "1", "`1 person`"),
    (EACH + "gdp per population > 5_000", "PD304", "5_000", "`5_000 USD per person per year`"),
    (CASE + "sum of gdp + budget", "PD305", "sum of gdp + budget", ""),
    (EACH + "gdp per population > 5 USD per person", "PD305", "gdp per population > 5 USD per person", ""),
    (CASE + "members + 3", "PD306", "members", "`count of members`"),
    (CASE + "30 days after refugees", "PD306", "refugees", ""),
    (CASE + "not refugees", "PD307", "refugees", "`refugees > 0 persons`"),
    (CASE + "if members then 1 else 2", "PD307", "members", "`member in members`"),
    (EACH + "arrivals + 1 person", "PD308", "arrivals", "`arrivals in 2024`"),
    (CASE + "sum of arrivals", "PD308", "arrivals", ""),
    (EACH + "share of arrivals over members", "PD308", "arrivals", ""),
    (EACH + "population in 2024", "PD309", "population in 2024", ""),
    (EACH + "mean of population over last 3 years", "PD309", "mean of population over last 3 years", ""),
    (CASE + "population * 2", "PD311", "population * 2", "`for each member`"),
    (CASE + "member in members", "PD311", "member in members", "`for each member`"),
    ('parameter p "P" = population\n' + EACH + "p", "PD311", "population", "`define … for each member`"),
    (CASE + "sum of refugees", "PD312", "sum of refugees", "`refugees` alone"),
    (CASE + "sum of population over cohorts", "PD312", "sum of population over cohorts", "over members"),
    (CASE + "count of population", "PD313", "count of population", "`sum of population`"),
    (CASE + "sum of members", "PD313", "sum of members", "`count of members`"),
    (CASE + "sum of safe", "PD313", "sum of safe", "`count of (members where safe)`"),
    (CASE + "2/3 of members", "PD313", "2/3 of members", "`2/3 of count of members`"),
    (EACH + "population ^ 0.5", "PD314", "population ^ 0.5", "a ratio is raised"),
    (EACH + "2 ^ population", "PD314", "population", ""),
    (EACH + "area ^ 0.25", "PD314", "area ^ 0.25", ""),
    (EACH + "root(population, 2)", "PD314", "root(population, 2)", ""),
    (EACH + "log(population)", "PD314", "log(population)", "a ratio is taken"),
    (
        EACH + "share of gdp over members + share of gdp over states",
        "PD315",
        "share of gdp over members + share of gdp over states",
        "",
    ),
    (EACH + "rank of population over members ties by area, then gdp", None, "", ""),
    (EACH + "rank of population over members ties by (1 / area)", None, "", ""),
    (
        EACH + "share of population over members ties by area",
        "PD341",
        "share of population over members ties by area",
        "or write `rank of population`",
    ),
    (
        CASE + "sum of population ties by area, then gdp",
        "PD341",
        "sum of population ties by area, then gdp",
        "leave `ties by area, then gdp` out",
    ),
    (CASE + "count of members ties by area", "PD341", "count of members ties by area", "leave `ties by area` out"),
    (EACH + "rank of population over members ties by refugees", "PD312", "refugees", "each member has"),
    (EACH + "rank of population over members ties by area, then members", "PD306", "members", "`count of members`"),
    (EACH + "rank of population over members ties by arrivals", "PD308", "arrivals", "`arrivals in 2024`"),
    (EACH + "rank of population over members ties by safe", "PD306", "safe", ""),
    (
        'apportion a "A"\n  total 100%\n  among members\n  by population\n  rounding largest_remainder to 1%\n'
        "  ties by (rank of gdp over members ties by lot)\n",
        "PD306",
        "lot",
        "share a rank",
    ),
    (CASE + "1.5 months after starts", "PD316", "1.5 months", ""),
    (CASE + "-3 days after starts", "PD316", "-3 days", ""),
    (CASE + "starts + 30 days", "PD317", "starts + 30 days", "`30 days after starts`"),
    (CASE + "starts - 2026-01-01", "PD317", "starts - 2026-01-01", "`starts <= 30 days after 2026-01-01`"),
    (CASE + "5 after starts", "PD318", "5", "`5 days`"),
    (CASE + "refugees after starts", "PD318", "refugees", ""),
    (CASE + "1 month + 10 days", "PD319", "1 month + 10 days", ""),
    (CASE + "2 days > 48 hours", "PD319", "2 days > 48 hours", ""),
    (CASE + "population of members", "PD322", "population of members", "`sum of population over members`"),
    (CASE + "earliest of v > starts" + "\n" + STEPS, None, "", ""),
    (CASE + "refugees of FRA", "PD323", "refugees of FRA", "`refugees` without"),
    (CASE + "states of FRA", "PD323", "states of FRA", "`states` without"),
    (CASE + "count of (members of participating)", "PD340", "members of participating", "`participating`"),
    (CASE + "if starts > 2026-01-01 then yes else 3", "PD324", "3", ""),
    ('parameter p "P" = 5 USD\n  from 2027-01-01 : yes\n' + CASE + "p", "PD324", "yes", ""),
    (CASE + "members = 3", "PD325", "members = 3", "`count of members`"),
    (CASE + "refugees is 3 persons", "PD325", "refugees is 3 persons", "`refugees = 3 persons`"),
    (CASE + "starts > 30 days", "PD325", "starts > 30 days", "`30 days after …`"),
    (CASE + 'kind > "war"', "PD325", 'kind > "war"', ""),
    (CASE + "origin is members", "PD325", "origin is members", "`origin in members`"),
    (STEPS + CASE + "a is adopted", "PD326", "a is adopted", ""),
    (STEPS + CASE + "v is kept", "PD326", "v is kept", ""),
    (CASE + "if starts > 2026-01-01 then none else 3", "PD327", "none", ""),
    (CASE + "max(refugees)", "PD328", "max(refugees)", ""),
    (CASE + "half_up(40%)", "PD328", "half_up(40%)", ""),
    (CASE + "sum of population over refugees", "PD333", "refugees", ""),
    (CASE + "count of (refugees where safe)", "PD333", "refugees", ""),
    (EACH + "member in refugees", "PD333", "refugees", ""),
    (EACH + "sum of arrivals over 2014-2010", "PD335", "2014-2010", "`2010-2014`"),
    (EACH + "arrivals in 20", "PD335", "20", ""),
    (EACH + "sum of arrivals over last 1.5 years", "PD335", "1.5 years", ""),
    (CASE + "budget > 5 dollars", "PD336", "dollars", ""),
    ('indicators for the case\n  x : person "X"\n  y : persns "Y"\n' + CASE + "x > y", "PD336", "persns", "`persons`?"),
    ('indicators for each member\n  x : rating "X"\n' + EACH + "x", "PD332", "x", ""),
    ('indicators for each member\n  x : rating "X", between 0 and 40%\n' + EACH + "x", "PD303", "40%", ""),
    ('indicators for each member\n  x : km "X", between 0 km and 5 km2\n' + EACH + "x", "PD329", "5 km2", ""),
    ('indicators for each member\n  x : persons "X", missing means 0\n' + EACH + "x", "PD304", "0", "`0 persons`"),
    ('indicators for each member\n  x : yes or no "X", missing means 0\n' + EACH + "x", "PD306", "0", ""),
    ('indicators for each member\n  x : persons "X", good for 2 persons\n' + EACH + "x", "PD318", "2 persons", ""),
    (EACH + "population\n  except where safe : 3", "PD304", "3", "`3 persons`"),
    (EACH + "population\n  except where gdp : 3 persons", "PD307", "gdp", ""),
    ('parameter tonnes "T" = 5\n' + CASE + "tonnes", "PD321", "tonnes", ""),
    ('scale s "S" on budget, whole\n  up to 5 : 1%\n  otherwise : 2%\n' + CASE + "s", "PD304", "5", "`5 USD`"),
    ('scale s "S" on budget, whole\n  up to 5 km : 1%\n  otherwise : 2%\n' + CASE + "s", "PD329", "5 km", ""),
    ('scale s "S" on budget, whole\n  up to 5 USD : 1%\n  otherwise : 2\n' + CASE + "s", "PD302", "2", "`2%`"),
    ('scale s "S" on budget, marginal\n  up to 5 USD : 1%\n  otherwise : 2 km\n' + CASE + "s", "PD329", "2 km", ""),
    # what a drafter writes for something else
    (CASE + "count of (members where members in states)", "PD306", "members", "write `member in states`"),
    (CASE + "population and area", "PD307", "population and area", "give a `key` a row for each"),
    (CASE + 'refugees * "5"', "PD306", '"5"', "take the quotes away: `5`"),
    ('parameter p "P" = "5 USD"\n  from 2027-01-01 : 6 USD', "PD324", "6 USD", "take the quotes away: `5 USD`"),
    (CASE + "budget > 5 dollars * 1", "PD336", "dollars", "write `USD`"),
    (CASE + "refugees > 5 people", "PD336", "people", "write `persons`"),
    (CASE + "population\n  except where safe : 5 persons", "PD311", "population", "`for each member`"),
]


@pytest.mark.parametrize(("body", "code", "underlined", "mend"), FAULTS)
def test_a_fault_is_underlined_where_it_stands(body: str, code: str | None, underlined: str, mend: str):
    problems = errors(found(body))
    if code is None:
        assert problems == []
        return
    assert [told(problem) for problem in problems] == [(code, underlined)]
    assert mend in problems[0].mend
    assert problems[0].article == "Art. 1"


SOUND = [
    CASE + "refugees * 1_000 USD per person + budget > 5 USD",
    CASE + "sum of gdp * 1 year > budget",
    CASE + "2/3 of count of members <= 4",
    CASE + "count of members / 2 > 4",
    CASE + "count of members / count of states > 50%",
    CASE + "count of members / 40% > 4",
    CASE + "40% * count of members > 40%",
    CASE + "12 months >= 1 year and 1 week <= 10 days",
    CASE + "1 hectare < 2 km2",
    CASE + "10 days after (1 month after starts)",
    CASE + "first_of_next_month(starts) > 5 working days after starts",
    CASE + "max(starts, 2026-01-01) > 2026-01-01",
    CASE + "sum of size",
    CASE + "sum of (size * cost)",
    CASE + "fewest(population, 35%, members) + 1",
    CASE + "origin in members and origin is not FRA",
    CASE + 'kind = "war" or kind = "famine"',
    CASE + "half_up(refugees / 3, 1 person)",
    CASE + "least of (population of origin * 2 - population) > 0 persons",
    EACH + "root(area, 2) > 5 km",
    EACH + "(population / mean of population over members) ^ 0.5 * 3",
    EACH + "mean of arrivals over 2010-2014 per population",
    EACH + "share of (sum of arrivals over last 3 years) over members",
    EACH + "share of population over (members where safe) + share of gdp over (members where safe)",
    EACH + "rank of population over members + 1",
    EACH + "if safe then population else 30% of population",
    EACH + "log(gdp / sum of gdp over members)",
    'define r "R" for each cohort = share of size over cohorts',
    'define r "R" for each member = sum of (size * cost) over cohorts',
    STEPS + CASE + "if a then a else v",
    STEPS + CASE + "3 days after a <= starts and v is adopted and count of a > 3",
    STEPS + 'define r "R" for each member = if a of member then 1 else 2',
    'indicators for each member\n  x : persons "X", each year, missing means mean of x\n' + EACH + "x in 2024",
    'parameter p "P" = 1 month\n  from 2027-01-01 : 2 months\n' + CASE + "p after starts",
]


@pytest.mark.parametrize("body", SOUND)
def test_what_is_sound_gives_nothing(body: str):
    assert [(told(problem), problem.params) for problem in found(body)] == []


def kind_of(expression: str) -> tuple[Kind, Unit]:
    result = checked(article(f'define r "R" for each member = {expression}'))
    node = result.program.entries["r"].node
    at = result.types[node.value]  # type: ignore[attr-defined]
    return at.kind, at.unit


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("population / 2", unit_named("persons")[0]),
        ("count of members / 2", NUMBER),
        ("2 / 3", NUMBER),
        ("count of members / count of states", RATIO),
        ("40% * 3", RATIO),
        ("3 / 40%", NUMBER),
        ("40% / 3", RATIO),
        ("population / refugees", RATIO),
        ("40% of count of members", NUMBER),
        ("budget / refugees", Unit((("USD", 1), ("person", -1)))),
        ("area ^ 0.5", Unit((("km", 1),))),
        ("gdp * 3 months", unit_named("USD")[0]),
    ],
)
def test_units_follow_from_the_operation(expression: str, unit: Unit):
    assert kind_of(expression) == (Kind.QUANTITY, unit)


@pytest.mark.parametrize(
    ("general", "special", "use", "faults"),
    [
        ("10%", "none\n    except where safe : 20%", "r * population", []),
        ("10%", "none\n    except where safe : none\n    except where unemployment > 9% : 5%", "r * population", []),
        ("10%", "if safe then none else 20%", "r * population", []),
        ("10%", "none", "r * population", []),
        ("yes", "none\n    except where safe : no", "if r then population else 2 * population", []),
        ("starts", "none\n    except where safe : 2026-03-01", "if r > starts then population else population", []),
        ("10%", "none\n    except where safe : 20 persons", "r * population", [("PD301", "20 persons")]),
        ("10%", "20 persons", "r * population", [("PD301", "20 persons")]),
        ("10%", "none\n    except where safe : 2%\n    except where not safe : 5 USD", "r", [("PD301", "5 USD")]),
        ("10%", "none\n    except where safe : yes", "population", [("PD324", "yes")]),
    ],
)
def test_a_rule_that_gives_none_is_of_the_kind_of_what_it_falls_back_on(
    general: str, special: str, use: str, faults: list[tuple[str, str]]
):
    first = article(f'define r "R" for each member = {general}\ndefine u "U" for each member = {use}\n# {special}')
    text = first.split("  # ")[0] + 'article 2 "Special"\n  > Notwithstanding Article 1.\n'
    text += f'  define r "R" for each member = {special}\n    notwithstanding Art. 1\n'
    assert [told(problem) for problem in errors(list(checked(text).problems))] == faults


def test_a_fault_is_reported_at_its_root_alone():
    body = CASE + 'refugees + budget\ndefine s "S" = r + 3 km\ndefine t "T" = if s > 4 then r else members'
    assert [told(problem) for problem in found(body)] == [("PD301", "refugees + budget")]


def test_two_faults_side_by_side_are_both_reported():
    body = CASE + "min(refugees + budget, starts + 3 days)"
    assert [problem.code for problem in found(body)] == ["PD301", "PD317"]


def test_working_days_need_a_calendar():
    text = HEADER.replace("  calendar weekdays\n", "") + article(CASE + "5 working days after starts")
    assert [told(problem) for problem in checked(text).problems] == [("PD320", "5 working days")]


def test_groups_are_not_joined_by_and():
    body = 'set north "N"\n  DNK, FIN\nset east "E"\n  EST\n' + CASE + "count of (north and east)"
    problems = found(body)
    assert [told(problem) for problem in problems] == [("PD310", "north and east")]
    assert problems[0].mend.startswith("write `north or east`")
