"""Facts by member, cohort and year, their origins, what is missing, and tables beside the case."""

from datetime import date
from fractions import Fraction

import pytest
from case_reading import case_of, codes, errors, fact, marked, program, read, the

from policy_dsl.cases.case import Fact, Origin
from policy_dsl.values import Quantity

POLICY = program("""article 1 "Facts"
  tier participating "States that take part"
  set opted_out "States that stand aside"
  indicators for each member
    population : persons "Population"
    gnp        : USD per year "Gross national product", good for 2 years
    applied    : persons "Applications", each year, missing means 0 persons
    safe       : yes or no "Safe"
    returned   : persons "Returned to danger"
  indicators for the case
    arrivals : persons "Persons to be placed"
    origin   : state "Country of origin"
    yearly   : persons "Persons of the year", each year, missing means 0 persons

article 2 "Places"
  apportion places "Places"
    total    arrivals + yearly in 2024
    among    members except (origin or opted_out) where safe
    by       population / (1 person + mean of applied over 2023-2024)
    rounding largest_remainder
    ties     by gnp

article 3 "No return"
  duty non_refoulement "No return"
    binds states
    kept when returned = 0 persons
""")
COHORTS = program("""article 1 "Facts"
  tier participating "Members"
  indicators for each cohort
    size : persons "Persons"
  indicators for each cohort and member
    cost : USD per person "Cost"
  apportion placement "Placement" for each cohort
    total      size
    among      members
    minimising cost
    at most    50 persons
    ties       by lot
    remainder  to none
""")
FIXED = program("""article 1 "Places"
  tier participating "States that take part"
  set seated "States with an agreed number"
    NOR
  indicators for each member
    population : persons "Population"
    agreed     : persons "Agreed number"
  indicators for the case
    arrivals : persons "Persons to be placed"
  apportion places "Places"
    total    arrivals
    among    members
    fixed    agreed for seated
    by       population
    rounding largest_remainder
    ties     by population
""")
HEAD = """case: Test
policy: t
at: 2026-03-01
default: {source: Register, date: 2025-12-31}
members:
  participating: [AUT, NOR]
  opted_out: []
"""
FACTS = """facts:
  arrivals: 300 persons
  origin: SRB
  safe: {AUT: yes, NOR: yes}
  population: {unit: persons, AUT: 9_000_000, NOR: 5_500_000}
  gnp: {AUT: 5 USD per year, NOR: 6 USD per year}
  returned: {AUT: 0 persons, NOR: 0 persons, SRB: 12 persons}
"""


def facts(text: str, head: str = HEAD, **tables: str):
    return read(POLICY, head + text, **tables)


def test_a_case_without_a_fault():
    found = facts(FACTS)
    case = case_of(found)
    assert codes(found) == []
    assert (case.title, case.at, case.opened) == ("Test", date(2026, 3, 1), None)
    assert case.groups == {"participating": ("AUT", "NOR"), "opted_out": ()}
    assert fact(case, "origin").value == "SRB"
    assert fact(case, "safe", "AUT").value is True
    assert fact(case, "population", "NOR").value == Quantity(Fraction(5_500_000), fact(case, "arrivals").value.unit)  # type: ignore[union-attr]
    assert fact(case, "arrivals").origin == Origin("Register", date(2025, 12, 31), "official")


def test_what_is_said_near_a_figure_prevails():
    text = FACTS.replace(
        "AUT: 9_000_000",
        "source: wb, status: estimate, AUT: {value: 9_000_000, source: census, date: 2024-01-01, status: contested, "
        "between: [8_000_000, 10_000_000 persons]}",
    )
    case = case_of(facts(text, HEAD + "sources: {wb: World Bank}\n"))
    aut, nor = fact(case, "population", "AUT"), fact(case, "population", "NOR")
    assert aut.origin == Origin("census", date(2024, 1, 1), "contested")
    assert nor.origin == Origin("World Bank", date(2025, 12, 31), "estimate")
    assert isinstance(aut.low, Quantity)
    assert isinstance(aut.high, Quantity)
    assert (aut.low.amount, aut.high.amount) == (8_000_000, 10_000_000)


def test_a_series_has_a_figure_for_each_year():
    case = case_of(
        facts(FACTS + "  applied: {AUT: {2023: 5 persons, 2024: {value: 6 persons}}}\n  yearly: {2024: 9 persons}\n")
    )
    assert [each.year for each in case.facts if each.indicator == "applied"] == [2023, 2024]
    assert fact(case, "yearly", year=2024).member == ""


def test_cohorts_and_members_of_cohorts():
    text = """case: Test
policy: t
at: 2026-03-01
default: {source: Register}
members: {participating: [AUT, NOR]}
cohorts: [sick, others]
facts:
  size: {unit: persons, sick: 20, others: 30}
  cost:
    unit: USD per person
    sick: {AUT: 5, NOR: 6, source: AUT report}
    others: {AUT: 1, NOR: 2}
"""
    case = case_of(read(COHORTS, text))
    assert case.cohorts == ("sick", "others")
    assert fact(case, "cost", "NOR", "sick").origin.source == "AUT report"
    assert errors(read(COHORTS, text.replace("others: {AUT", "other: {AUT"))) == ["PD756"]
    assert errors(read(COHORTS, text.replace("cohorts: [sick, others]\n", ""))).count("PD756") == 4
    assert "PD721" in errors(read(COHORTS, text.split("cohorts:")[0]))
    table = "cohort,member,cost (USD per person)\nsick,AUT,5\nsick,NOR,6\nothers,AUT,1\nothers,NOR,2\n"
    again = read(COHORTS, text.split("  cost:")[0] + "tables: [{file: facts.csv}]\n", facts=table)
    assert [_plain(each) for each in case_of(again).facts if each.member] == [
        _plain(each) for each in case.facts if each.member
    ]


def _plain(of: Fact) -> tuple[object, ...]:
    return of.indicator, of.cohort, of.member, of.year, of.value


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("arrivals: 300 persons", "arrivals: {AUT: 300 persons}", ["PD757"]),
        ("arrivals: 300 persons", "arrivals: {2024: 300 persons}", ["PD775"]),
        ("arrivals: 300 persons", "arrivals: [300 persons]", ["PD722"]),
        ("arrivals: 300 persons", "arrivals: {value: [300 persons]}", ["PD722"]),
        ("arrivals: 300 persons", "arrivals: {value: 300 persons, sorce: x}", ["PD720"]),
        ("arrivals: 300 persons", "arivals: 300 persons", ["PD755"]),
        ("arrivals: 300 persons", "arrivals: {value: 300 persons, between: 5 persons}", ["PD778"]),
        ("arrivals: 300 persons", "arrivals: {value: 300 persons, between: [1 persons, 2 persons]}", ["PD781"]),
        ("arrivals: 300 persons", "arrivals: {value: 300 persons, between: [400 persons, 2 persons]}", ["PD779"]),
        ("arrivals: 300 persons", "arrivals: {value: 300 persons, status: oficial}", ["PD777"]),
        ("origin: SRB", "origin: {value: SRB, between: [AUT, NOR]}", ["PD778"]),
        ("safe: {AUT: yes, NOR: yes}", "safe: yes", ["PD773"]),
        ("safe: {AUT: yes, NOR: yes}", "safe: {value: yes}", ["PD773"]),
        ("safe: {AUT: yes, NOR: yes}", "safe: {AUT: yes, NO: yes}", ["PD751"]),
        ("safe: {AUT: yes, NOR: yes}", "safe: {AUT: yes, norway: yes}", ["PD720"]),
        ("safe: {AUT: yes, NOR: yes}", "safe: {AUT: yes, 2024: yes}", ["PD775"]),
        ("safe: {AUT: yes, NOR: yes}", "safe: {AUT: yes, NOR: {2024: yes}}", ["PD775"]),
        ("safe: {AUT: yes, NOR: yes}", "safe: {AUT: yes, NOR: yes}\n  applied: {AUT: 5 persons}", ["PD774"]),
        ("safe: {AUT: yes, NOR: yes}", "safe: {AUT: yes, NOR: yes}\n  applied: {AUT: {12: 5 persons}}", ["PD776"]),
        ("safe: {AUT: yes, NOR: yes}", "safe: {AUT: yes, NOR: yes}\n  yearly: 5 persons", ["PD774"]),
        ("[AUT, NOR]", "[AUT, NOR, AUT]", ["PD765"]),
        ("opted_out: []", "opted_out:", ["PD763"]),
        ("  opted_out: []\n", "", ["PD763"]),
        ("opted_out: []", "opted_ot: []", ["PD754", "PD763"]),
        ("opted_out: []", "opted_out: {NOR: kinship}", ["PD768"]),
        ("opted_out: []", "opted_out: {states: [], status: x}", ["PD777"]),
        ("opted_out: []", "opted_out: {states: [], sorce: x}", ["PD720"]),
        ("opted_out: []", "opted_out: [[NOR]]", ["PD722"]),
        ("policy: t", "policy: s", ["PD725"]),
        ("at: 2026-03-01", "at: 1.3.2026", ["PD745"]),
    ],
)
def test_what_does_not_fit_the_declarations(old: str, new: str, expected: list[str]):
    found = read(POLICY, (HEAD + FACTS).replace(old, new))
    assert sorted(errors(found)) == sorted(expected)
    assert found.case is None


def test_the_origin_of_a_group():
    case = case_of(
        facts(FACTS, HEAD.replace("opted_out: []", "opted_out: {states: [BEL], source: Letter, date: 2026-01-05}"))
    )
    assert case.group_origins["opted_out"] == Origin("Letter", date(2026, 1, 5))
    assert case.groups["opted_out"] == ("BEL",)


# ---- gaps ------------------------------------------------------------------------------------------------------------


def test_a_total_can_not_do_without_its_figure():
    found = facts(FACTS.replace("  arrivals: 300 persons\n", ""))
    assert errors(found) == ["PD770"]
    assert the(found, "PD770").params["name"] == "arrivals"


def test_the_filter_asks_every_member_and_what_follows_only_those_who_pass():
    """Who passes `where safe` turns on the figures: only then is the population asked for."""
    found = facts(FACTS.replace("  safe: {AUT: yes, NOR: yes}\n", "").replace("AUT: 9_000_000, NOR: 5_500_000", ""))
    assert errors(found) == ["PD770"]
    assert the(found, "PD770").params["whose"] == " of AUT, NOR"
    assert the(found, "PD771").params["name"] == "population"


def test_one_problem_names_all_who_lack_a_figure_at_the_facts_of_the_indicator():
    found = facts(FACTS.replace("AUT: 9_000_000, NOR: 5_500_000", ""))
    assert (marked(found, "PD771"), the(found, "PD771").params["whose"]) == ("population", " of AUT, NOR")
    assert found.case is not None


def test_only_a_duty_is_not_shown_without_its_fact():
    found = facts(FACTS.replace(", NOR: 0 persons, SRB: 12 persons", ""))
    assert codes(found) == ["PD787"]
    assert the(found, "PD787").params["whose"] == " of NOR, SRB"


def test_nothing_is_asked_of_a_member_that_stands_aside():
    head = HEAD.replace("opted_out: []", "opted_out: [NOR]")
    assert codes(facts(FACTS.replace(", NOR: yes", "").replace(", NOR: 5_500_000", ""), head)) == []


@pytest.mark.parametrize(
    ("population", "agreed", "expected"),
    [
        ("AUT: 9_000_000", "NOR: 20", []),
        ("NOR: 5_500_000", "NOR: 20", [("PD771", " of AUT")]),
        ("AUT: 9_000_000", "AUT: 20", [("PD771", " of NOR")]),
        ("", "NOR: 20", [("PD770", " of AUT")]),
        ("AUT: 9_000_000", "", [("PD770", " of NOR")]),
    ],
)
def test_who_has_a_fixed_amount_is_asked_for_that_amount_alone(population: str, agreed: str, expected: list):
    head = HEAD.replace("  opted_out: []\n", "")
    rows = f"  population: {{unit: persons, {population}}}\n  agreed: {{unit: persons, {agreed}}}\n"
    found = read(FIXED, head + "facts:\n  arrivals: 300 persons\n" + rows)
    assert [(each.code, each.params.get("whose", "")) for each in found.problems] == expected


def test_a_figure_that_is_wrong_is_not_missing_as_well():
    assert codes(facts(FACTS.replace("300 persons", "300"))) == ["PD737"]


# ---- origins ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "text", "code"),
    [
        (HEAD.replace("source: Register, ", ""), FACTS, "PD785"),
        (HEAD.replace(", date: 2025-12-31", ""), FACTS, "PD783"),
        (HEAD.replace("2025-12-31", "2023-12-31"), FACTS, "PD784"),
        (
            HEAD + "sources: {registry: x}\n",
            FACTS.replace("arrivals: 300 persons", "arrivals: {value: 300 persons, source: registri}"),
            "PD760",
        ),
        (HEAD.replace("2025-12-31", "2025-12-31, status: contested"), FACTS, "PD782"),
        (HEAD.replace("2026-03-01", "2025-12-31"), FACTS, "PD726"),
        (HEAD, FACTS.replace("NOR: 5_500_000", "NOR: 5_500_000, BEL: 1"), "PD786"),
    ],
)
def test_what_is_doubtful_is_a_warning(head: str, text: str, code: str):
    found = facts(text, head)
    assert code in codes(found)
    assert errors(found) == []
    assert found.case is not None


@pytest.mark.parametrize(("day", "stale"), [("2024-03-01", False), ("2024-02-29", True)])
def test_a_figure_is_good_until_the_same_day_of_the_last_year(day: str, stale: bool):
    assert ("PD784" in codes(facts(FACTS, HEAD.replace("2025-12-31", day)))) is stale


# ---- tables ----------------------------------------------------------------------------------------------------------

TABLE = "tables:\n  - {file: facts.csv, source: World Bank, date: 2025-06-30, columns: {gnp: {source: IMF}}}\n"
CSV = """member,population (persons),gnp (USD per year),applied 2024,safe
AUT,9_000_000,5,7 persons,yes
NOR,5_500_000,,,yes
"""
REST = "facts:\n  arrivals: 300 persons\n  origin: SRB\n  returned: {AUT: 0 persons, NOR: 0 persons, SRB: 1 person}\n"


def test_a_table_gives_the_same_facts():
    case = case_of(facts(REST + TABLE, facts=CSV))
    assert fact(case, "population", "AUT").origin == Origin("World Bank", date(2025, 6, 30))
    assert fact(case, "gnp", "AUT").origin == Origin("IMF", date(2025, 6, 30))
    assert fact(case, "applied", "AUT", year=2024).value.amount == 7  # type: ignore[union-attr]
    assert fact(case, "safe", "NOR").value is True
    assert not any(each.indicator == "gnp" and each.member == "NOR" for each in case.facts)
    span = fact(case, "population", "NOR").span
    assert span is not None
    assert (str(span), span.text) == ("facts.csv:3:5", "5_500_000")


def test_a_table_by_year():
    text = "member,year,applied (persons)\nAUT,2023,5\nAUT,2024,\nNOR,2023,6\n"
    found = facts(FACTS + "tables: [{file: facts.csv}]\n", facts=text)
    assert sorted((each.member, each.year) for each in case_of(found).facts if each.indicator == "applied") == [
        ("AUT", 2023),
        ("NOR", 2023),
    ]


@pytest.mark.parametrize(
    ("csv", "code", "place"),
    [
        (CSV.replace("9_000_000", '"9,000,000"'), "PD731", "2:6"),
        (CSV.replace("AUT,9", "AT,9"), "PD751", "2:1"),
        (CSV.replace("safe\n", "saef\n"), "PD727", "1:61"),
        (CSV.replace("safe\n", "population\n"), "PD729", "1:61"),
        (CSV.replace("(persons)", "(km2)"), "PD738", "1:8"),
        (CSV.replace("(persons)", "(people)"), "PD742", "1:8"),
        (CSV.replace("NOR,5_500_000,,,yes", "NOR,5_500_000,,yes"), "PD719", "3:1"),
        (CSV.replace("NOR,5_500_000,,,yes", 'NOR,"5_500_000,,,yes'), "PD719", "3:1"),
        (CSV.replace("NOR,5", ",5"), "PD721", "3:1"),
        (CSV.replace("NOR", "AUT"), "PD772", "3:5"),
        (CSV.replace("member", "state"), "PD718", "1:7"),
        (CSV.replace("applied 2024", "applied"), "PD718", "1:48"),
        (CSV.replace("applied 2024", "applied 24"), "PD727", "1:48"),
        (CSV.replace("safe", "safe 2024"), "PD775", "1:61"),
        (CSV.replace(",", ";"), "PD728", "1:1"),
        ("", "PD718", "1:1"),
        (CSV.replace("yes", "true", 1), "PD744", "2:27"),
    ],
)
def test_faults_of_a_table_are_told_at_their_place(csv: str, code: str, place: str):
    found = facts(REST + TABLE, facts=csv)
    assert found.case is None
    places = [str(problem.span) for problem in found.problems if problem.code == code]
    assert f"facts.csv:{place}" in places, [(problem.code, str(problem.span)) for problem in found.problems]


def test_a_table_with_a_byte_order_mark_and_other_ends_of_lines():
    windows = "\ufeff" + CSV.replace("\n", "\r\n") + "\r\n"
    assert errors(facts(REST + TABLE, facts=windows)) == []


def test_a_fact_in_the_case_and_in_a_table():
    found = facts(FACTS + "tables: [{file: facts.csv}]\n", facts="member,population (persons)\nAUT,9_000_000\n")
    (related,) = the(found, "PD772").related
    assert (related.span.source.name, the(found, "PD772").span.source.name) == ("case.yaml", "facts.csv")  # type: ignore[union-attr]


def test_a_table_that_is_not_there():
    assert marked(facts(FACTS + "tables: [{file: facts.csv}]\n"), "PD717") == "facts.csv"


def test_a_source_of_a_column_that_the_table_lacks():
    assert errors(facts(REST + TABLE.replace("gnp:", "gpn:"), facts=CSV)) == ["PD727"]
