"""Figures and values: units, ratios, shares, gaps, series, agreed figures, choices, definitions, scales, functions."""

from __future__ import annotations

import pytest
from deciding import codes, decided, group, ran, told

OPEN = 'article 1 "A"\n  > Words.\n  tier all_members "All"\n'
WHO = "members: {all_members: [ALB, BEL, DEU]}\n"
PEOPLE = '  indicators for each member\n    people : persons "People"\n    area : km2 "Area"\n'
FACTS = "facts:\n  people: {unit: persons, ALB: 10, BEL: 30, DEU: 60}\n  area: {unit: km2, ALB: 1, BEL: 2, DEU: 5}\n"
USED = '  define used "Used" = sum of people over members / 1 person + sum of area over members / 1 km2\n'


def told_of(lines: str, what: str, facts: str = FACTS, more: str = PEOPLE + USED) -> str:
    return told(decided(OPEN + more + lines, WHO + facts), what)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("40% + 1/10", "50%"),
        ("0.4 + 3", "3.4"),
        ("40% * 10 persons", "4 persons"),
        ("0.4 * 10 persons", "4 persons"),
        ("10 persons / 40 persons", "25%"),
        ("10 persons / 4", "2.5 persons"),
        ("10 persons / 4 km2", "2.5 persons per km2"),
        ("3 / 4", "0.75"),
        ("55% of count of members", "1.65"),
        ("2/3 of count of members", "2"),
        ("1/2 of 10%", "5%"),
        ("30% of 10 persons", "3 persons"),
        ("count of members / 6", "0.5"),
        ("count of members / count of members", "100%"),
        ("5_000 USD per person * 2 persons", "10_000 USD"),
        ("12 USD per month * 1 year", "144 USD"),
        ("100 hectares + 1 km2", "2 km2"),
        ("3 weeks + 1 day", "22 days"),
        ("6 months + 1 year", "1.5 years"),
        ("4 ^ 0.5", "2"),
        ("2 ^ 10", "1_024"),
        ("2 + 3 * 4 ^ 2 / 8", "8"),
        ("-(2 - 5)", "3"),
        ("-2 ^ 2", "-4"),
        ("half_up(2.5, 1)", "3"),
        ("half_even(2.5, 1)", "2"),
        ("round(2.5, 1)", "2"),
        ("up(2.1, 1)", "3"),
        ("down(2.9, 1)", "2"),
        ("half_up(-2.5, 1)", "-2"),
        ("half_up(1.25 USD, 0.1 USD)", "1.3 USD"),
        ("min(3, 1, 2)", "1"),
        ("max(3 persons, 1 person)", "3 persons"),
        ("average(10%, 20%)", "15%"),
        ("root(9, 2)", "3"),
        ("root(27, 3)", "3"),
        ("root(9 km2, 2)", "3 km"),
        ("log(1)", "0"),
        ("if 2 > 1 then 10 else 20", "10"),
        ("first_of_next_month(2026-01-31)", "2026-02-01"),
        ("min(2026-01-31, 2025-01-01)", "2025-01-01"),
        ("1 month after 2026-01-31", "2026-02-28"),
        ("fewest(people, 50%, members)", "1"),
        ("fewest(people, 60%, members)", "2"),
        ("sum of people", "100 persons"),
        ("mean of people over (members where people > 10 persons)", "45 persons"),
        ("least of people", "10 persons"),
        ("greatest of people", "60 persons"),
        ("count of (members where people > 10 persons)", "2"),
        ("sum of people over ALB", "10 persons"),
        ("people of ALB", "10 persons"),
        ("sum of (people per area) over members", "37 persons per km2"),
        ("if 1 > 2 or 2 > 1 and not 3 > 4 then yes else no", "yes"),
        ("yes", "yes"),
        ("2026-01-01 < 2026-01-02", "yes"),
        ("ALB in members", "yes"),
        ("FRA not in members", "yes"),
        ("members is members", "yes"),
    ],
)
def test_expressions(expression: str, value: str) -> None:
    assert told_of(f'  define x "X" = {expression}\n', "x") == value


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("share of people over members", ["10%", "30%", "60%"]),
        ("share of people over (members except ALB)", ["? PD833", "33.333333333333…%", "66.666666666666…%"]),
        ("index of people over members", ["0%", "40%", "100%"]),
        ("rank of people over members", ["3", "2", "1"]),
        ("rank of people over members ties by area", ["3", "2", "1"]),
        ("rank of half_up(people, 60 persons) over members ties by people", ["3", "2", "1"]),
        ("rank of half_up(people, 60 persons) over members ties by (1 / area)", ["3", "1", "2"]),
        ("rank of half_up(people, 60 persons) over members", ["3", "1", "1"]),
        ("rank of (people - people) over members ties by half_up(people, 60 persons)", ["3", "1", "1"]),
        ("rank of (people - people) over members ties by half_up(people, 60 persons), then (-area)", ["3", "1", "2"]),
        ("rank of (people - people) over (members except DEU) ties by people", ["2", "1", "? PD833"]),
        ("rank of people over (members where people < 0 persons)", ["? PD833", "? PD833", "? PD833"]),
        ("people / sum of people", ["10%", "30%", "60%"]),
        ("people / mean of people", ["30%", "90%", "180%"]),
        ("count of (members where people > people of member)", ["0", "0", "0"]),
        ("if member is ALB then 1 else 2", ["1", "2", "2"]),
        ("if member in (BEL or DEU) then 1 else 2", ["2", "1", "1"]),
    ],
)
def test_expressions_for_each_member(expression: str, values: list[str]) -> None:
    found = decided(OPEN + PEOPLE + USED + f'  define x "X" for each member = {expression}\n', WHO + FACTS)
    assert [told(found, f"x of {m}") for m in ("ALB", "BEL", "DEU")] == values


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("people / (area - area)", "PD821"),
        ("share of (people - people) over members", "PD830"),
        ("index of (people - people) over members", "PD831"),
        ("share of (people - 20 persons) over members", "PD832"),
        ("(people / 1 person - 2_000%) ^ 0.5", "PD822"),
        ("log(people / 1 person - 1_000%)", "PD822"),
    ],
)
def test_figures_that_have_no_value(expression: str, code: str) -> None:
    found = decided(OPEN + PEOPLE + USED + f'  define x "X" for each member = {expression}\n', WHO + FACTS)
    assert told(found, "x of ALB") == f"? {code}"
    assert code in codes(found)
    assert not found.complete


TIED = "facts:\n  people: {unit: persons, ALB: 10, BEL: 10, DEU: 60}\n  area: {unit: km2, %s}\n"


@pytest.mark.parametrize(
    ("area", "missing", "ranks"),
    [
        # Nothing is asked of whom no other equals.
        ("ALB: 2, BEL: 5", "", ["3", "2", "1"]),
        ("ALB: 2, BEL: 2", "", ["2", "2", "1"]),
        # A figure that is lacking leaves open all whom it had to tell apart, and nobody else.
        ("ALB: 2", "", ["? PD801", "? PD801", "1"]),
        ("ALB: 2, DEU: 9", ", missing means 5 km2", ["3", "2", "1"]),
        # Who is left out for it leaves the range; the other then stands alone.
        ("ALB: 2", ", missing means left out", ["2", "? left out", "1"]),
    ],
)
def test_tie_figures_are_asked_where_there_is_a_tie(area: str, missing: str, ranks: list[str]) -> None:
    more = PEOPLE.replace('"Area"', f'"Area"{missing}')
    lines = OPEN + more + '  define x "X" for each member = rank of people over members ties by area\n'
    found = decided(lines, WHO + TIED % area)
    for member, rank in zip(("ALB", "BEL", "DEU"), ranks, strict=True):
        value = told(found, f"x of {member}")
        assert value.startswith("?") if rank == "? left out" else value == rank


def test_figures_too_close_to_settle_a_tie_are_not_said_to_settle_it() -> None:
    rank = '  define x "X" for each member = rank of people over members ties by '
    figure = "(200% + area / 1 km2 / 10 ^ 56)"
    apart = decided(OPEN + PEOPLE + rank + f"{figure}\n", WHO + TIED % "ALB: 2, BEL: 5")
    close = decided(OPEN + PEOPLE + rank + f"log{figure}\n", WHO + TIED % "ALB: 2, BEL: 5")
    assert [told(apart, f"x of {m}") for m in ("ALB", "BEL", "DEU")] == ["3", "2", "1"]
    assert [told(close, f"x of {m}") for m in ("ALB", "BEL", "DEU")] == ["? PD823", "? PD823", "1"]


@pytest.mark.parametrize("op", ["least", "greatest", "mean"])
def test_nothing_to_compare(op: str) -> None:
    assert told_of(f'  define x "X" = {op} of people over (members where people > 99 persons)\n', "x") == "? PD834"
    assert told_of('  define x "X" = sum of people over (members where people > 99 persons)\n', "x") == "0 persons"


# ---- what a gap means ------------------------------------------------------------------------------------------------

GAPS = OPEN + '  indicators for each member\n    rate : percent "Rate"{gap}\n'


@pytest.mark.parametrize(
    ("gap", "lines", "what", "value"),
    [
        ("", '  define x "X" for each member = rate\n', "x of DEU", "? PD801"),
        ("", '  define x "X" = sum of rate\n', "x", "? PD801"),
        (", missing means 7%", '  define x "X" for each member = rate\n', "x of DEU", "7%"),
        (", missing means mean of rate", '  define x "X" for each member = rate\n', "x of DEU", "3%"),
        (", missing means left out", '  define x "X" = sum of rate\n', "x", "6%"),
        (", missing means left out", '  define x "X" = mean of rate\n', "x", "3%"),
        (
            ", missing means left out",
            '  define x "X" for each member = share of rate over members\n',
            "x of ALB",
            "33.333333333333…%",
        ),
        (", missing means left out", '  define x "X" = count of (members where rate > 0%)\n', "x", "2"),
        (", missing means left out", '  define x "X" for each member = rate\n', "x of DEU", "? left out"),
    ],
)
def test_what_a_gap_means(gap: str, lines: str, what: str, value: str) -> None:
    found = decided(GAPS.format(gap=gap) + lines, WHO + "facts: {rate: {ALB: 2%, BEL: 4%}}\n")
    assert told(found, what) == value
    assert ("PD801" in codes(found)) == (value == "? PD801")


def test_who_is_left_out_leaves_every_set_that_uses_the_figure() -> None:
    lines = (
        '  indicators for the case\n    pot : persons "Pot"\n'
        '  apportion part "Part"\n    total pot\n    among members\n    by rate\n'
    )
    found = decided(
        GAPS.format(gap=", missing means left out") + lines,
        WHO + "facts: {rate: {ALB: 2%, BEL: 4%}, pot: 60 persons}\n",
    )
    row = found.shares[0].row("DEU")
    assert row is not None
    assert row.outside is not None
    assert [told(found, f"part of {m}") for m in ("ALB", "BEL", "DEU")] == ["20 persons", "40 persons", "0 persons"]
    assert codes(found) == []


def test_who_is_left_out_of_one_part_of_a_key_leaves_the_whole_key() -> None:
    lines = """  indicators for each member
    people : persons "People"
  key half
    50% : share of people
    50% : share of rate
  apportion part "Part"
    total 100%
    among members
    by half
"""
    found = decided(
        GAPS.format(gap=", missing means left out") + lines,
        WHO + "facts: {rate: {ALB: 2%, BEL: 2%}, people: {unit: persons, ALB: 1, BEL: 3, DEU: 4}}\n",
    )
    assert [told(found, f"part of {m}") for m in ("ALB", "BEL", "DEU")] == ["37.5%", "62.5%", "0%"]
    assert found.complete


# ---- series ----------------------------------------------------------------------------------------------------------

SERIES = OPEN + '  indicators for each member\n    seekers : persons "Seekers", each year{gap}\n'
YEARS = (
    "facts:\n  seekers:\n    unit: persons\n    ALB: {2022: 10, 2023: 20, 2024: 30, 2025: 40}\n"
    "    BEL: {2023: 8, 2025: 2}\n    DEU: {2022: 1, 2023: 1, 2024: 1, 2025: 1}\n"
)


@pytest.mark.parametrize(
    ("expression", "gap", "values"),
    [
        ("seekers in 2023", "", ["20 persons", "8 persons", "1 persons"]),
        (
            "mean of seekers over 2023-2025",
            ", missing means 0 persons",
            ["30 persons", "3.333333333333… persons", "1 persons"],
        ),
        ("sum of seekers over 2023-2025", "", ["90 persons", "? PD801", "3 persons"]),
        ("sum of seekers over last 3 years", ", missing means 0 persons", ["90 persons", "10 persons", "3 persons"]),
        ("greatest of seekers over 2022-2025", ", missing means 0 persons", ["40 persons", "8 persons", "1 persons"]),
        ("seekers in 2024", ", missing means mean of seekers", ["30 persons", "15.5 persons", "1 persons"]),
        (
            "sum of seekers over 2024-2025",
            ", missing means mean of seekers",
            ["70 persons", "17.5 persons", "2 persons"],
        ),
        (
            "mean of seekers over 2024-2025 / sum of (mean of seekers over 2024-2025) over members",
            ", missing means 0 persons",
            ["94.594594594594…%", "2.702702702702…%", "2.702702702702…%"],
        ),
        (
            "share of (sum of seekers over last 2 years) over members",
            ", missing means 0 persons",
            ["94.594594594594…%", "2.702702702702…%", "2.702702702702…%"],
        ),
        ("sum of seekers over 2023-2025", ", missing means left out", ["90 persons", "? left out", "3 persons"]),
    ],
)
def test_series(expression: str, gap: str, values: list[str]) -> None:
    found = decided(SERIES.format(gap=gap) + f'  define x "X" for each member = {expression}\n', WHO + YEARS)
    assert [told(found, f"x of {m}") for m in ("ALB", "BEL", "DEU")] == values


def test_the_last_years_are_the_complete_ones_before_the_date_of_the_case() -> None:
    lines = (
        SERIES.format(gap=", missing means 0 persons")
        + '  define x "X" for each member = sum of seekers over last 1 year\n'
    )
    assert told(decided(lines, WHO + YEARS + "at: 2026-12-31\n"), "x of ALB") == "40 persons"
    assert told(decided(lines, WHO + YEARS + "at: 2026-01-01\n"), "x of ALB") == "40 persons"


# ---- agreed figures and choices --------------------------------------------------------------------------------------

AGREED = OPEN + (
    '  parameter fee "Fee" = 10 USD\n    from 2026-03-01 : 20 USD\n'
    '    from 2027-01-01 : 30 USD\n  define x "X" = fee * count of members\n'
)


@pytest.mark.parametrize(
    ("at", "value"),
    [("2026-02-28", "30 USD"), ("2026-03-01", "60 USD"), ("2026-12-31", "60 USD"), ("2027-01-01", "90 USD")],
)
def test_the_figure_in_force_on_the_day(at: str, value: str) -> None:
    assert told(decided(AGREED, WHO + f"at: {at}\n"), "x") == value


@pytest.mark.parametrize(
    ("lines", "value", "said"),
    [
        ("opened: 2026-02-01\n", "60 USD", ["PD871"]),
        ("opened: 2026-03-01\n", "60 USD", []),
        ("opened: 2026-05-01\n", "60 USD", []),
        ("opened: 2025-12-31\n", "60 USD", ["PD870", "PD871"]),
    ],
)
def test_rules_later_than_the_request_are_flagged(lines: str, value: str, said: list[str]) -> None:
    found = decided(AGREED, WHO + lines)
    assert told(found, "x") == value
    assert sorted(codes(found)) == said
    assert found.complete


@pytest.mark.parametrize(
    ("opened", "value"), [("2026-02-01", "30 USD"), ("2026-02-28", "30 USD"), ("2026-03-01", "60 USD")]
)
def test_a_transitional_clause_keeps_the_figure_of_the_opening(opened: str, value: str) -> None:
    clause = '  transitional old_cases "Cases already open"\n    keeps fee\n    for cases opened before 2026-03-01\n'
    found = decided(AGREED + clause, WHO + f"opened: {opened}\n")
    assert told(found, "x") == value
    assert "PD871" not in codes(found)


LEFT = (
    OPEN
    + """  parameter part "Part" = left to meeting between 40% and 60%{otherwise}
  procedure group
    step meeting "Meeting"
      by members
  define half "Half" = part * 10 persons
  define twice "Twice" = half + half
  define apart "Apart" = count of members
"""
)


@pytest.mark.parametrize(
    ("otherwise", "choice", "value", "code"),
    [
        ("", "", "? PD808", "PD808"),
        (", otherwise 50%", "", "10 persons", ""),
        (", otherwise 50%", "40%", "8 persons", ""),
        (", otherwise 50%", "60%", "12 persons", ""),
        ("", "45%", "9 persons", ""),
    ],
)
def test_a_choice_left_to_a_step(otherwise: str, choice: str, value: str, code: str) -> None:
    record = "events: [{step: meeting, at: 2026-05-01, by: ALB}]\n" if choice else ""
    record += f'choices: [{{parameter: part, value: {choice}, by: meeting, because: "agreed"}}]\n' if choice else ""
    found = decided(LEFT.format(otherwise=otherwise), WHO + record)
    assert told(found, "twice") == value
    assert codes(found) == ([code] if code else [])
    assert found.complete == (not code)
    assert [each.made is not None for each in found.choices] == [bool(choice)]


def test_a_choice_without_its_step_has_no_effect() -> None:
    choice = 'choices: [{parameter: part, value: 40%, by: meeting, because: "agreed"}]\n'
    found = decided(LEFT.format(otherwise=", otherwise 50%"), WHO + choice)
    assert told(found, "twice") == "10 persons"
    assert codes(found) == ["PD809"]
    assert [(each.made, str(each.without_effect and each.without_effect.value)) for each in found.choices] == [
        (None, "40%")
    ]


@pytest.mark.parametrize(
    ("events", "holds"),
    [
        ("", "12"),
        ("  given meeting at 2026-05-01\n    favour = ALB, BEL\n    against = DEU\n", "12"),
        ("  given meeting at 2026-05-01\n    favour = ALB\n    against = BEL, DEU\n", "10"),
    ],
)
def test_in_an_example_a_choice_counts_unless_its_own_vote_rejected_it(events: str, holds: str) -> None:
    voted = LEFT.format(otherwise=", otherwise 50%").replace(
        "      by members\n",
        "      by members\n      quorum none\n      adopted when count of favour > count of against\n",
    )
    given = "  given all_members = ALB, BEL, DEU\n  given part = 60%\n" + events
    (only,) = ran(voted + f'example "x"\n{given}  expect twice = {holds} persons\n').values()
    assert only.problems == ()


def test_every_value_that_rests_on_a_choice_is_marked() -> None:
    found = decided(LEFT.format(otherwise=", otherwise 50%"), WHO)
    marked = {name for (name, _), value in found.values.items() if any(each.op == "choice" for each in value.walk())}
    assert marked == {"part", "half", "twice"}


# ---- definitions and their exceptions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "values", "code"),
    [
        ("", ["1", "1", "1"], ""),
        ("    except where member is ALB : 2\n", ["2", "1", "1"], ""),
        ("    except where member is ALB : 2\n    except where people > 20 persons : 3\n", ["2", "3", "3"], ""),
        (
            "    except where member in (ALB or BEL) : 2\n    except where member is ALB : 3\n",
            ["? PD810", "2", "1"],
            "PD810",
        ),
        ("    except where member in (ALB or BEL) : 2\n    except where member is ALB : 1 + 1\n", ["2", "2", "1"], ""),
        (
            "    except where member in (ALB or BEL) : 2\n    except where member is ALB : 3 notwithstanding Art. 1\n",
            ["3", "2", "1"],
            "",
        ),
        (
            "    except where member is ALB : 3 notwithstanding Art. 1\n    except where member in (ALB or BEL) : 2\n",
            ["3", "2", "1"],
            "",
        ),
    ],
)
def test_exceptions(rows: str, values: list[str], code: str) -> None:
    found = decided(OPEN + PEOPLE + USED + f'  define x "X" for each member = 1\n{rows}', WHO + FACTS)
    assert [told(found, f"x of {m}") for m in ("ALB", "BEL", "DEU")] == values
    assert codes(found) == ([code] if code else [])


def test_exceptions_are_listed_whether_they_applied_or_not() -> None:
    found = decided(OPEN + '  define x "X" for each member = 1\n    except where member is ALB : 2\n', WHO)
    assert {each.subject[0]: each.applied for each in found.exceptions} == {"ALB": True, "BEL": False, "DEU": False}


SPECIAL = (
    OPEN
    + """  define due "Due" for each member = 1
    except where member is DEU : 5
article 2 "B"
  > A special rule.
  define due for each member = none
    notwithstanding Art. 1
    except where member is ALB : 2
"""
)


def test_a_special_rule_prevails_and_says_nothing_elsewhere() -> None:
    found = decided(SPECIAL, WHO)
    assert [told(found, f"due of {m}") for m in ("ALB", "BEL", "DEU")] == ["2", "1", "5"]
    grounds = {m: {str(each) for each in found.values["due", (m,)].grounds()} for m in ("ALB", "BEL", "DEU")}
    assert "Art. 2" in grounds["ALB"]
    assert "Art. 1" not in grounds["ALB"]
    assert "Art. 1" in grounds["BEL"]


def test_a_special_rule_with_a_value_prevails_everywhere() -> None:
    found = decided(SPECIAL.replace("= none", "= 7"), WHO)
    assert [told(found, f"due of {m}") for m in ("ALB", "BEL", "DEU")] == ["2", "7", "7"]


# ---- scales ----------------------------------------------------------------------------------------------------------

SCALE = (
    OPEN
    + """  indicators for each member
    income : USD "Income"
  scale rate on income, {kind}
    {low} 100 USD : 0%
    {high} 200 USD : 10%
    otherwise : 50%
  define x "X" for each member = rate
"""
)


@pytest.mark.parametrize(
    ("kind", "low", "high", "values"),
    [
        (
            "marginal",
            "up to",
            "up to",
            {"50": "0 USD", "100": "0 USD", "150": "5 USD", "200": "10 USD", "300": "60 USD"},
        ),
        (
            "marginal",
            "below",
            "below",
            {"50": "0 USD", "100": "0 USD", "150": "5 USD", "200": "10 USD", "300": "60 USD"},
        ),
        ("whole", "up to", "up to", {"50": "0%", "100": "0%", "100.01": "10%", "200": "10%", "200.01": "50%"}),
        ("whole", "below", "below", {"99.99": "0%", "100": "10%", "199.99": "10%", "200": "50%", "300": "50%"}),
        ("whole", "below", "up to", {"99.99": "0%", "100": "10%", "200": "10%", "201": "50%", "0": "0%"}),
    ],
)
def test_scales(kind: str, low: str, high: str, values: dict[str, str]) -> None:
    states = dict(zip(("ALB", "BEL", "DEU", "FRA", "GRC"), values, strict=True))
    rows = ", ".join(f"{m}: {v}" for m, v in states.items())
    found = decided(
        SCALE.format(kind=kind, low=low, high=high),
        f"members: {{all_members: [{', '.join(states)}]}}\nfacts: {{income: {{unit: USD, {rows}}}}}\n",
    )
    assert {v: told(found, f"x of {m}") for m, v in states.items()} == values


def test_a_missing_base_has_no_rate() -> None:
    found = decided(
        SCALE.format(kind="whole", low="below", high="below"), WHO + "facts: {income: {unit: USD, ALB: 1, BEL: 2}}\n"
    )
    assert told(found, "x of DEU") == "? PD801"


def test_groups_are_values() -> None:
    lines = (
        PEOPLE + USED + '  set large "Large" = members where people > 20 persons\n  set both "Both" = large or ALB\n'
    )
    found = decided(OPEN + lines, WHO + FACTS)
    assert group(found, "large") == "BEL, DEU"
    assert group(found, "both") == "ALB, BEL, DEU"


def test_a_reservation_to_a_figure_holds_for_its_member_alone() -> None:
    text = """article 1 "Fee"
  > Each member pays a fee for each of its inhabitants.
  tier everybody "All"
    ALB, BEL
  indicators for each member
    people : persons "People"
  parameter rate = 10 USD per person
  define fee "Fee" for each member = people * rate
  define whole "Whole" = sum of fee
  reservation of_belgium "Belgium"
    by BEL
    to rate : 5 USD per person
"""
    found = decided(text, "facts:\n  people: {unit: persons, ALB: 100, BEL: 100}\n")
    assert told(found, "fee of ALB") == "1_000 USD"
    assert told(found, "fee of BEL") == "500 USD"
    assert told(found, "whole") == "1_500 USD"
