"""Provisions that cannot work as drafted: at which place, on which date, and what would mend them."""

import pytest
from checking import HEADER, article, checked, errors, found, told

from policy_dsl.check import check
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

SEATS = "ALB, BIH, MKD, SRB"
SHARE = """apportion places "Places"
  total    refugees
  among    members
  by       population
  {lines}
  rounding largest_remainder
  ties     by lot"""
KEYED = """
apportion places "Places"
  total    100%
  among    members
  by       k
  rounding largest_remainder to 1%
  ties     by lot"""
SCALED = '\ndefine r "R" = fee'
RATED = """indicators for each member
  security : rating "Security", between 0 and 10
criteria hosting {how}
  {row}
  {similar}
apportion places "Places"
  total    refugees
  among    members where safety is met
  {by}
  rounding largest_remainder
  ties     by lot
  remainder to none"""
ORDERED = "in bands of hosting\n  by population\n  at most 50% of total"
LEFT = """procedure m
  step meeting "M"
    by members
parameter p "P" = left to meeting between {bounds}
"""
MEMBERSHIP = """article 1 "Members"
  > The members meet.
  tier inner "Inner"
    {inner}
  tier outer "Outer"
    {outer}
  define r "R" = count of members
"""


def rated(row: str, how: str = "in order", similar: str = "similar within 10%", by: str = ORDERED) -> str:
    return without_blanks(RATED.format(row=row, how=how, similar=similar, by=by))


def shared(lines: str = "", **others: str) -> str:
    """An apportionment with further lines, and others in the place of those that open with a word."""
    rows = without_blanks(SHARE.format(lines=lines)).split("\n")
    return without_blanks("\n".join(others.get(row.split()[0], row) for row in rows))


def without_blanks(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip())


def rates(condition: str, rate: str) -> str:
    """A definition with two exceptions."""
    return f'define r "R" for each member = 0%\n  except where safe : 5%\n  except where {condition} : {rate}'


FAULTS = [
    # keys, on every date
    ('key k "K"\n  2 / 3 : share of population\n  1/3 : share of gdp' + KEYED, "PD329", "2 / 3", "one sign: `2/3`"),
    (shared(among="  among member"), "PD311", "member", "write `members`"),
    ('key k "K"\n  50% : share of population\n  40% : share of gdp' + KEYED, "PD420", "k", "10% is missing"),
    ('key k "K"\n  70% : share of population\n  40% : share of gdp' + KEYED, "PD420", "k", "10% is too much"),
    (
        'parameter w "W" = 50%\n  from 2028-01-01 : 60%\nkey k "K"\n  w : share of population\n  50% : share of gdp'
        + KEYED,
        "PD420",
        "k",
        "10% is too much",
    ),
    (
        LEFT.format(bounds="20% and 60%, otherwise 50%")
        + 'key k "K"\n  p : share of population\n  50% : share of gdp'
        + KEYED,
        "PD420",
        "k",
        "30% is missing",
    ),
    ('key k "K"\n  0.4 : share of population\n  60% : share of gdp' + KEYED, "PD302", "0.4", "`40%`"),
    ('key k "K"\n  60% : population\n  40% : share of gdp' + KEYED, "PD329", "population", "`share of population`"),
    ('key k "K"\n  100% : min(share of gdp, 30%)' + KEYED, "PD421", "min(share of gdp, 30%)", ""),
    ('key k "K"\n  100% : index of gdp' + KEYED, "PD423", "index of gdp", "`share of (index of gdp)`"),
    (
        'key k "K"\n  100% : share of gdp + share of population' + KEYED,
        "PD424",
        "share of gdp + share of population",
        "",
    ),
    # scales, on every date
    (
        'scale fee "F" on budget, whole\n  up to 9 USD : 1%\n  up to 5 USD : 2%\n  otherwise : 3%' + SCALED,
        "PD430",
        "5 USD",
        "",
    ),
    (
        'scale fee "F" on budget, marginal\n  below 5 USD : 1%\n  up to 5 USD : 2%\n  otherwise : 3%' + SCALED,
        "PD430",
        "5 USD",
        "",
    ),
    ('scale fee "F" on budget, whole\n  up to 9 USD : 1%' + SCALED, "PD431", "fee", ""),
    ('scale fee "F" on budget, whole\n  otherwise : 1%\n  up to 9 USD : 2%' + SCALED, "PD432", "otherwise : 1%", ""),
    # criteria
    (rated("safety : security from 5 to 5"), "PD440", "5", ""),
    (rated("safety : security from 0 to 10", similar=""), "PD441", "hosting", ""),
    (rated("90% safety : security from 0 to 10", "by weight", "", "by hosting"), "PD442", "hosting", "10% is missing"),
    (rated("100% safety : security from 0 to 10"), "PD443", "100%", ""),
    (rated("safety : security from 0 to 10", "by weight", "", "by hosting"), "PD444", "safety", ""),
    (rated("safety : security from 0 to 10, at least 11"), "PD445", "11", ""),
    (rated("safety : security from 0 to 10", similar="similar within 100%"), "PD446", "100%", ""),
    (rated("safety : security from 0 to 10", similar="similar within 0.1"), "PD302", "0.1", "`10%`"),
    # facts and figures
    (
        'indicators for each member\n  x : percent "X", between 9% and 5%\ndefine r "R" = mean of x',
        "PD410",
        "9%",
        "5% and 9%",
    ),
    (
        'indicators for each member\n  x : percent "X", between 5% and 9%, missing means 0%\ndefine r "R" = mean of x',
        "PD411",
        "0%",
        "",
    ),
    ('parameter p "P" = 5\n  from 2028-01-01 : 6\n  from 2028-01-01 : 7\ndefine r "R" = p', "PD412", "2028-01-01", ""),
    ('parameter p "P" = 5\n  from 2025-01-01 : 6\ndefine r "R" = p', "PD413", "2025-01-01", ""),
    (LEFT.format(bounds="5 and 2") + 'define r "R" = p', "PD410", "5", "`between 2 and 5`"),
    (LEFT.format(bounds="2 and 5, otherwise 7") + 'define r "R" = p', "PD415", "7", ""),
    (LEFT.format(bounds="2 and 5") + '  from 2028-01-01 : 7\ndefine r "R" = p', "PD416", "7", ""),
    (LEFT.format(bounds="2 and 5%") + 'define r "R" = p', "PD302", "2", "`2%`"),
    # sharing out
    (shared(total=""), "PD450", "places", ""),
    (shared(by=""), "PD451", "places", ""),
    (shared(rounding="  rounding largest_remainder to 0.5 persons"), "PD455", "0.5 persons", ""),
    (shared(rounding="  rounding largest_remainder to 0 persons"), "PD456", "0 persons", ""),
    (shared(rounding="  rounding largest_remainder to 1"), "PD304", "1", "`1 person`"),
    (shared(total="  total 100%"), "PD457", "rounding largest_remainder", ""),
    (rated("100% safety : security from 0 to 10", "by weight", "", ORDERED), "PD460", "hosting", "by hosting"),
    (shared("then at most 30% of total"), "PD461", "then at most 30% of total", ""),
    (shared("at most 30%"), "PD330", "30%", "`30% of total`"),
    (shared("at most 30"), "PD304", "30", "`30 persons`"),
    (shared("at most 30 USD"), "PD329", "30 USD", "persons"),
    (shared("less gdp"), "PD329", "gdp", ""),
    (shared("fixed 5% for FRA"), "PD330", "5%", "`5% of total`"),
    (shared("relief 120%, borne by FRA"), "PD462", "120%", ""),
    (shared("relief 20%, borne by FRA"), "PD463", "FRA", ""),
    (shared("relief 0.2, borne by FRA"), "PD302", "0.2", "`20%`"),
    (shared(by="  minimising cost"), "PD464", "minimising cost", ""),
    (shared(by="  by -1"), "PD465", "-1", ""),
    (shared("at least 22% of total\n  at most 20% of total"), "PD469", "22% of total", ""),
    (shared("at least 26% of total"), "PD470", "26% of total", ""),
    (shared("fixed 3 persons for FRA", total="  total 2 persons"), "PD471", "3 persons", ""),
    (shared(by="  by safe"), "PD306", "safe", ""),
    (shared(among="  among refugees"), "PD333", "refugees", ""),
    # exceptions
    (
        rates("safe and population > 9 persons", "6%"),
        "PD480",
        "safe and population > 9 persons",
        "",
    ),
]


@pytest.mark.parametrize(("body", "code", "underlined", "mend"), FAULTS)
def test_a_fault_is_underlined_where_it_stands(body: str, code: str, underlined: str, mend: str):
    problems = errors(found(body, SEATS))
    assert [told(problem) for problem in problems] == [(code, underlined)]
    assert mend in problems[0].mend
    assert problems[0].article == "Art. 1"


ADVICE = [
    ('key k "K"\n  100% : share of gdp\n  rest by share of population' + KEYED, "PD422", "rest by share of population"),
    ('scale fee "F" on budget, marginal\n  up to 9 USD : 2%\n  otherwise : 1%' + SCALED, "PD433", "1%"),
    (shared(among=""), "PD453", "places"),
    (shared(rounding="", ties=""), "PD454", "places"),
    (shared("at most 20% of total"), "PD458", "20% of total"),
    (rated("safety : security from 0 to 10", by="in bands of hosting\n  by population"), "PD459", "hosting"),
    (shared(rounding="  rounding half_up", ties="") + "\nguarantee g : sum of places = refugees", "PD466", "half_up"),
    (shared(ties=""), "PD468", "largest_remainder"),
    (shared("at most 40% of total\n  then at most 5% of total for ALB"), "PD474", "at most 40% of total"),
    (shared("at least 5% of total\n  then at least 50% of total for ALB"), "PD474", "at least 5% of total"),
    (
        shared("at most 40% of total for ALB or BIH\n  then at most 5% of total for BIH\n  then at least 1% of total"),
        "PD474",
        "at most 40% of total for ALB or BIH",
    ),
]


@pytest.mark.parametrize(("body", "code", "underlined"), ADVICE)
def test_advice_stands_where_it_belongs(body: str, code: str, underlined: str):
    assert [told(problem) for problem in found(body, SEATS)] == [(code, underlined)]


SOUND = [
    'key k "K"\n  2/3 : share of population\n  1/3 : share of gdp' + KEYED,
    'key k "K"\n  define both = share of population + share of gdp\n  80% : share of gdp\n'
    + "  20% : min(share of gdp, 30% of both)\n  rest by both"
    + KEYED,
    'key k "K"\n  100% : average(share of population, share of gdp)' + KEYED,
    LEFT.format(bounds="20% and 60%, otherwise 50%")
    + 'key k "K"\n  p : share of population\n  100% - p : share of gdp'
    + KEYED,
    'parameter w "W" = 50%\n  from 2028-01-01 : 60%\nkey k "K"\n  w : share of population\n  100% - w : share of gdp'
    + KEYED,
    'scale fee "F" on budget, whole\n  below 5 USD : 1%\n  up to 5 USD : 2%\n  otherwise : 3%' + SCALED,
    shared("at most 25% of total"),
    shared("at least 25% of total"),
    shared("at most 5% of total for FRA"),
    shared("at least 10% of total\n  then at most 30% of total"),
    # what a later limit can't lift, or is stated again, or is as wide
    shared("at most 40% of total\n  then at least 5% of total for ALB"),
    shared("at least 5% of total\n  then at most 40% of total for ALB"),
    shared("at most 40% of total\n  then at most 5% of total for ALB\n  at most 40% of total"),
    shared("at most 40% of total\n  then at most 5% of total for ALB\n  then at most 50% of total for members"),
    shared("at most 5% of total for ALB\n  then at most 40% of total"),
    shared("at most 5% of total for ALB\n  then at most 40% of total for members"),
    shared("at most 5% of total for ALB\n  then at most 40% of total for ALB or BIH"),
    shared("at most 40% of total\n  at most 5% of total for ALB"),
    shared("at most 3 persons\n  remainder to members by gdp, at most 5% of total"),
    shared("adjusted by meeting within 10%") + '\nprocedure m\n  step meeting "M"\n    by members',
    rates("safe and population > 9 persons", "5%"),
    rates("not safe and population > 9 persons", "6%"),
    shared(rounding="").replace("\n  ties     by lot", "")
    + '\ndefine r "R" for each member = half_up(places, 1 person)',
]


@pytest.mark.parametrize("body", SOUND)
def test_what_is_sound_gives_nothing(body: str):
    assert [(told(problem), problem.params) for problem in found(body, SEATS)] == []


def test_a_scale_is_checked_on_the_day_on_which_a_threshold_is_amended():
    body = (
        'parameter first "First" = 5 USD\n  from 2028-01-01 : 9 USD\n  from 2030-01-01 : 6 USD\n'
        'scale fee "F" on budget, whole\n  up to first : 1%\n  up to 8 USD : 2%\n  otherwise : 3%' + SCALED
    )
    (problem,) = found(body)
    assert told(problem) == ("PD430", "8 USD")
    assert problem.params["when"] == " from 2028-01-01"
    assert problem.related[0].span.text == "first"


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        ("ALB, MKD", "DEU, FRA", []),
        ("ALB, MKD", "DEU, MKD", [("PD401", "MKD")]),
        ("ALB, MKD until 2029-12-31", "DEU, MKD from 2030-01-01", []),
        ("ALB, MKD until 2030-01-01", "DEU, MKD from 2030-01-01", [("PD401", "MKD")]),
        ("ALB, ALB", "DEU", [("PD402", "ALB")]),
        ("ALB until 2027-01-01, ALB from 2030-01-01", "DEU", [("PD404", "inner")]),
        ("ALB from 2030-01-01 until 2029-01-01, BIH", "DEU", [("PD403", "2029-01-01")]),
        ("ALB until 2025-01-01", "DEU", [("PD404", "inner")]),
        ("AL, BIH", "DEU", [("PD406", "AL")]),
        ("YUG, XKX, XAA, EU", "DEU", []),
        ("GER, ALB", "DEU", [("PD406", "GER")]),
    ],
)
def test_seats(inner: str, outer: str, expected: list[tuple[str, str]]):
    problems = checked(MEMBERSHIP.format(inner=inner, outer=outer)).problems
    assert [told(problem) for problem in problems] == expected


def test_a_code_of_two_letters_is_told_which_three_are_meant():
    (problem,) = checked(MEMBERSHIP.format(inner="UK, ALB", outer="DEU")).problems
    assert problem.mend == "write `GBR`, which stands for United Kingdom"


def test_an_example_seats_nobody_twice():
    text = 'article 1 "M"\n  > Words.\n  tier inner "I"\n  tier outer "O"\n  define r "R" = count of members\n'
    text += 'example "E"\n  given inner = ALB, BIH, ALB\n  given outer = DEU, BIH\n  expect r = 3\n'
    assert [told(problem) for problem in checked(text).problems] == [("PD402", "ALB"), ("PD401", "BIH")]


def test_a_policy_has_members():
    text = 'article 1 "C"\n  > Words.\n  indicators for the case\n    budget : USD "B"\n  define r "R" = budget\n'
    assert [told(problem) for problem in checked(text).problems] == [("PD405", "policy t")]


def test_a_tier_that_could_not_be_read_is_no_second_fault():
    from policy_dsl.check import check
    from policy_dsl.resolve import resolve
    from policy_dsl.source import Source
    from policy_dsl.syntax import parse

    text = article('define r "R" = refugees').replace('tier participating "Members"', 'tier "Members" participating')
    from checking import HEADER

    resolved = resolve(parse(Source("t", HEADER + text)), lambda *_: None)
    assert resolved.program is not None
    assert "PD405" not in {problem.code for problem in check(resolved.program).problems}


INDEPENDENT = (
    'define effort "Effort" for each member = {effort}\n'
    + shared(by="  by       effort")
    + '\ndefine spent "Spent" = sum of gdp\nguarantee apart : places independent of {other}'
)


def test_independence_is_proved_from_the_text():
    result = checked(article(INDEPENDENT.format(effort="population", other="gdp")))
    assert result.problems == ()
    assert result.proved == {"apart"}


def test_what_is_not_independent_is_shown_with_the_way():
    result = checked(article(INDEPENDENT.format(effort="population * gdp", other="gdp")))
    assert [problem.code for problem in result.problems] == ["PD490"]
    assert result.problems[0].params["chain"] == "gdp (Art. 1) → effort (Art. 1) → places (Art. 1)"
    assert result.proved == set()


def test_a_procedure_stands_for_its_steps():
    body = INDEPENDENT.format(effort="if vote then population else 1 person", other="talks")
    body += '\nprocedure talks\n  step vote "Vote"\n    by members'
    assert [problem.code for problem in checked(article(body)).problems] == ["PD490"]


def test_sets_made_of_each_other_are_told_and_nothing_stops():
    text = HEADER + article(
        'set one "One" = other except members where population > 5 persons\nset other "Other" = one\n'
        'define part "Part" for each member = share of population over one\n'
        "apportion places\n  total refugees\n  among one\n  by part\n  rounding largest_remainder\n"
    )
    resolved = resolve(parse(Source("t.policy", text)), lambda path, _: None)
    assert resolved.program is not None
    assert "PD245" in [problem.code for problem in resolved.problems]
    check(resolved.program)
