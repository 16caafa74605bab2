"""Figures, units, dates and codes: one way to write each, the right spelling told where another was used."""

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from case_reading import case_of, codes, errors, fact, program, read, the

from policy_dsl.cases.figures import quantity_of, wanted_of
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit, UnitFault, unit_of_words

POLICY = program("""article 1 "Facts"
  tier participating "States that take part"
    AUT
  indicators for the case
    tally     : number  "A number"
    rating_   : rating  "A rating", between 0 and 10
    part      : percent "A percentage", between 0% and 100%
    people    : persons "Persons"
    land      : km2     "Land"
    money     : USD     "Money"
    income    : USD per person per year "Income"
    movement  : persons per year "Net migration"
    limit     : hours   "A time limit"
    length    : years   "A length of time"
    willing   : yes or no "Yes or no"
    origin    : state   "A State"
    since     : date    "A date"
    noticed   : moment  "A moment"
  define used = tally + rating_ + part * people / people + land / land + money / money
  define places for each member = if willing and member is origin and since < noticed then 1 else 0
  define more = income / income + movement / movement + limit / limit + length / length
""")


def value(name: str, text: str):
    found = read(POLICY, f"case: T\npolicy: t\nat: 2026-03-01\ndefault: {{source: R}}\nfacts:\n  {name}: {text}\n")
    own = [problem for problem in found.problems if problem.code not in ("PD770", "PD771", "PD787")]
    return found, own


def one(name: str, text: str) -> Quantity:
    found, _ = value(name, text)
    datum = fact(case_of(found), name).value
    assert isinstance(datum, Quantity)
    return datum


PERSON, USD, YEAR = Unit((("person", 1),)), Unit((("USD", 1),)), Unit((("year", 1),))
AREA = Unit((("km", 2),))


@pytest.mark.parametrize(
    ("name", "text", "amount", "unit"),
    [
        ("tally", "7", 7, NUMBER),
        ("tally", "-7.25", Fraction(-29, 4), NUMBER),
        ("tally", "+3", 3, NUMBER),
        ("tally", "1_000.000_1", Fraction(10000001, 10000), NUMBER),
        ("tally", "0.1", Fraction(1, 10), NUMBER),
        ("tally", '"7"', 7, NUMBER),
        ("rating_", "7 rating", 7, NUMBER),
        ("part", "40%", Fraction(2, 5), RATIO),
        ("part", "5.4 %", Fraction(27, 500), RATIO),
        ("part", "40 percent", Fraction(2, 5), RATIO),
        ("part", "2/3", Fraction(2, 3), RATIO),
        ("part", "{value: 40, unit: percent}", Fraction(2, 5), RATIO),
        ("part", "{value: 0.4, unit: ratio}", Fraction(2, 5), RATIO),
        ("people", "2_000_000 persons", 2_000_000, PERSON),
        ("people", "1 person", 1, PERSON),
        ("people", "{value: 12, unit: persons}", 12, PERSON),
        ("people", "0 persons", 0, PERSON),
        ("land", "150 hectares", Fraction(3, 2), AREA),
        ("land", "{value: 150, unit: hectares}", Fraction(3, 2), AREA),
        ("land", "{value: 1 km2, unit: hectares}", 1, AREA),
        ("money", "-5 USD", -5, USD),
        ("income", "1_300 USD per person per year", 1300, Unit((("USD", 1), ("person", -1), ("year", -1)))),
        ("movement", "-200 persons per year", -200, Unit((("person", 1), ("year", -1)))),
        ("movement", "1 person per month", 12, Unit((("person", 1), ("year", -1)))),
        ("limit", "48 hours", 48, Unit((("hour", 1),))),
        ("length", "6 months", Fraction(1, 2), YEAR),
    ],
)
def test_a_figure_is_exact_and_in_base_units(name: str, text: str, amount: Fraction, unit: Unit):
    found = one(name, text)
    assert (found.amount, found.unit) == (amount, unit)


@pytest.mark.parametrize(
    ("name", "text", "code", "mend"),
    [
        ("tally", "012", "PD730", "write `12`"),
        ("tally", "1__000", "PD730", "write `1_000`"),
        ("tally", "1_", "PD730", "write `1`"),
        ("tally", ".5", "PD730", "write `0.5`"),
        ("tally", "5.", "PD730", "write `5`"),
        ("people", "5persons", "PD730", "write `5 persons`"),
        ("tally", "0x1F", "PD730", None),
        ("people", '"1,000 persons"', "PD731", "write `1_000`; if the comma parts off decimals, `1.000`"),
        ("tally", '"1,234,567"', "PD731", "write `1_234_567`"),
        ("tally", '"1.000,50"', "PD731", "write `1000.50`"),
        ("tally", '"0,4"', "PD731", "write `0.4`"),
        ("people", "1 000 persons", "PD732", "write `1_000`"),
        ("people", "1 000 000 persons", "PD732", "write `1_000_000`"),
        ("tally", "1 000", "PD732", "write `1_000`"),
        ("tally", "1'000", "PD732", "write `1_000`"),
        ("tally", "9" * 41, "PD733", None),
        ("people", "2.5 million persons", "PD734", "write `2_500_000`"),
        ("people", "3k", "PD734", "write `3_000`"),
        ("money", "5 bn USD", "PD734", "write `5_000_000_000`"),
        ("tally", "NaN", "PD735", None),
        ("tally", "-.inf", "PD735", None),
        ("tally", "∞", "PD735", None),
        ("tally", "many", "PD736", None),
        ("tally", "n/a", "PD736", "leave it empty: the policy says what a gap means"),
        ("tally", "null", "PD736", "leave it empty: the policy says what a gap means"),
        ("money", "USD 5_000", "PD736", "write `5_000 USD`"),
        ("money", "$5", "PD736", "write `5 USD`"),
        ("people", "5", "PD737", "write `5 persons`, or once for all figures `unit: persons`"),
        ("people", "5 households", "PD738", None),
        ("people", "5 persons per year", "PD738", None),
        ("people", "{value: 5, unit: km2}", "PD738", None),
        ("tally", "5 persons", "PD738", None),
        ("tally", "40 percent", "PD738", None),
        ("tally", "1e6", "PD739", "write `1_000_000`"),
        ("people", "2.5E+3 persons", "PD739", "write `2_500`"),
        ("tally", "1e-2", "PD739", "write `0.01`"),
        ("tally", "1e999", "PD739", ""),
        ("part", "0.4", "PD740", "write `40%`, or `0.4%` if that is what you mean"),
        ("part", "40", "PD740", "write `40%`"),
        ("people", "40%", "PD741", None),
        ("tally", "40%", "PD741", None),
        ("part", "40% persons", "PD741", None),
        ("people", "5 refugees", "PD742", "write `persons`"),
        ("income", "5 USD/person/year", "PD742", "write `USD per person per year`"),
        ("people", "5 person s", "PD742", None),
        ("land", "5 km²", "PD742", "write `km2`"),
        ("people", "-5 persons", "PD743", None),
        ("land", "-5 km2", "PD743", None),
        ("rating_", "11", "PD780", None),
        ("part", "101%", "PD780", None),
        ("part", "-1%", "PD780", None),
        ("willing", "Yes", "PD744", "write `yes`"),
        ("willing", "true", "PD744", "write `yes`"),
        ("willing", "perhaps", "PD744", ""),
        ("origin", "NO", "PD751", "write `NOR`"),
        ("origin", "UK", "PD751", "write `GBR`"),
        ("origin", "nor", "PD751", "write `NOR`"),
        ("origin", "Norway", "PD751", "write `NOR`"),
        ("origin", "GER", "PD751", "write `DEU`"),
        ("origin", "Ivory Coast", "PD751", "write `CIV`"),
        ("origin", "XY", "PD750", ""),
        ("origin", "Atlantis", "PD750", ""),
        ("since", "1994/07/20", "PD745", "write `1994-07-20`"),
        ("since", "20.7.1994", "PD745", "write `1994-07-20`"),
        ("since", "20 July 1994", "PD745", "write `1994-07-20`"),
        ("since", '"July 20, 1994"', "PD745", "write `1994-07-20`"),
        ("since", "20/07/1994", "PD745", "write `1994-07-20`"),
        ("since", "07/20/1994", "PD745", "write `1994-07-20`"),
        ("since", "07/06/1994", "PD745", ""),
        ("since", "1994-7-2", "PD745", "write `1994-07-02`"),
        ("since", "yesterday", "PD745", ""),
        ("since", "1994-02-30", "PD746", None),
        ("since", "0000-01-01", "PD746", None),
        ("since", "1994-07-20T09:00Z", "PD748", "write `1994-07-20`"),
        ("noticed", "1994-07-20T09:00", "PD747", None),
        ("noticed", "1994-07-20 09:00Z", "PD745", "write `1994-07-20T09:00Z`"),
        ("noticed", "1994-07-20T24:00Z", "PD746", None),
        ("noticed", "1994-07-20T09:61Z", "PD746", None),
        ("noticed", "1994-07-20T09:00+25:00", "PD746", None),
        ("noticed", "9999-12-31T23:59-14:00", "PD746", None),
    ],
)
def test_another_spelling_is_refused_with_the_right_one(name: str, text: str, code: str, mend: str | None):
    found, own = value(name, text)
    assert found.case is None
    assert [problem.code for problem in own] == [code]
    if mend is not None:
        assert own[0].mend == mend
    assert own[0].article == "Art. 1"


@pytest.mark.parametrize(
    "text", ["", '""', "missing", "{value: }", "{value: , unit: persons}", "{value: missing}", "{}"]
)
def test_a_gap_is_no_fact(text: str):
    found, own = value("people", text)
    assert own == []
    assert not any(each.indicator == "people" for each in case_of(found).facts)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("willing", "no", False),
        ("willing", '"yes"', True),
        ("origin", "NOR", "NOR"),
        ("origin", "YUG", "YUG"),
        ("origin", "XKX", "XKX"),
        ("origin", "EU", "EU"),
        ("origin", "AAB", "AAB"),
        ("since", "1994-07-20", date(1994, 7, 20)),
        ("noticed", "1994-07-20T09:30Z", datetime(1994, 7, 20, 9, 30, tzinfo=UTC)),
        ("noticed", "1994-07-20T09:30:15+02:00", datetime(1994, 7, 20, 9, 30, 15, tzinfo=timezone(timedelta(hours=2)))),
        ("noticed", "1994-07-20", date(1994, 7, 20)),
    ],
)
def test_what_is_no_figure(name: str, text: str, expected: object):
    found, _ = value(name, text)
    assert fact(case_of(found), name).value == expected


def test_units_are_read_as_the_policy_writes_them():
    assert unit_of_words("USD per person per year")[0] == Unit((("USD", 1), ("person", -1), ("year", -1)))
    assert unit_of_words("hectares") == (AREA, Fraction(1, 100))
    with pytest.raises(UnitFault):
        unit_of_words("USD per")


def test_bounds_are_known_where_they_name_no_provision():
    bounds = {name: POLICY.entries[name].node for name in ("rating_", "part")}
    assert isinstance(bounds["rating_"], tree.Indicator)
    assert quantity_of(bounds["rating_"].high) == Quantity(Fraction(10))
    assert isinstance(bounds["part"], tree.Indicator)
    assert quantity_of(bounds["part"].high) == Quantity(Fraction(1), RATIO)
    assert wanted_of(bounds["part"].type).unit == RATIO
    assert quantity_of(None) is None


def test_a_percentage_without_its_sign_is_one_problem():
    found, _ = value("part", "0.4")
    assert errors(found) == ["PD740"]
    assert "PD740" in codes(found)
    assert the(found, "PD740").span is not None
