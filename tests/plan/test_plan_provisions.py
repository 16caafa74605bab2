"""Reservations, runs, cohorts, years, agreed figures, tiers, figures written in the text: each against the engine."""

import random
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import pytest
from agree import HEADER, MEMBERS, Agreement, agree, case, column, policy

from policy_dsl.cases.case import ChoiceMade
from policy_dsl.plan import Column, NoSuchOutput, NotLowered, outputs_of
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity

COUNT = 40
FACTS = """
  indicators for each member
    a : persons "A"
    b : persons "B"
  indicators for the case
    t : persons "T"
"""

FEES = """
  parameter rate = 10 EUR per person
  parameter threshold = 3 persons
  define surcharge "Surcharge" = 2 EUR per person * t
  define doubled "Doubled" = 2 * rate
  define fee "Fee" for each member = a * rate + surcharge
    except where a < threshold : surcharge
  define at_double "At the double" for each member = a * doubled
  define of_bel "Of BEL" = fee of BEL + surcharge
  define all_of_them "All" = sum of fee
  scale graduated "Graduated" on a * 1 EUR per person, marginal
    up to 2 EUR : 0%
    otherwise   : rate / (100 EUR per person)
  define taxed "Taxed" for each member = graduated
  reservation of_belgium "Belgium"
    by BEL
    to {to}
"""

RESERVED = [
    "rate : 5 EUR per person",
    "rate : 50% of rate",
    "doubled : 1 EUR per person",
    "threshold : 5 persons",
    "surcharge : 1 EUR per person * a",
    "fee : a * 1 EUR per person",
    "fee : 50% of fee",
]


def values(names: str, seed: object, low: int = 0, high: int = 6) -> dict[str, list[object]]:
    """Small whole figures, one for each member; of the names after the bar, one for the case."""
    draw = random.Random(repr(seed))
    members, _, cases = names.partition("|")
    found: dict[str, list[object]] = {
        name: [[draw.randint(low, high) for _ in MEMBERS] for _ in range(COUNT)] for name in members.split()
    }
    return found | {name: [draw.randint(low, high) for _ in range(COUNT)] for name in cases.split()}


def tried(lines: str, given: dict[str, list[object]], varied: str = "", **more: object) -> Agreement:
    checked = policy(lines, more.pop("header", HEADER))  # type: ignore[arg-type]
    base = case(checked, {name: each[0] for name, each in given.items()}, **more)  # type: ignore[arg-type]
    names = varied.split() or list(given)
    columns = [column(checked, name, each_member=isinstance(given[name][0], list)) for name in names]
    found = agree(checked, base, columns, {name: given[name] for name in names})
    assert found.differ == ()
    return found


@pytest.mark.parametrize("varied", ["a", "t", "a t"])
@pytest.mark.parametrize("to", RESERVED)
def test_a_reservation_gives_one_member_its_own_value(to: str, varied: str):
    found = tried(FACTS + FEES.format(to=to), values("a b | t", to), varied)
    assert found.doubtful == 0


@pytest.mark.parametrize("varied", ["@x", "@y", "all"])
def test_cohorts_are_written_out(varied: str):
    lines = """
  indicators for each cohort
    people : persons "People"
  indicators for each cohort and member
    cost : EUR per person "Cost"
  indicators for each member
    room : persons "Room"
  define mine "Mine" for each cohort and member = cost * people
  define all_mine "All mine" for each member = sum of mine over cohorts
  define whole "Whole" = sum of mine
  define part_of "Part" for each cohort = share of people over cohorts
  define place_of "Place" for each cohort = rank of people over cohorts
  define dear "Dear" for each cohort = greatest of cost over members
  apportion placed "Placed" for each cohort
    total people
    among members
    by room
    at most 2 persons
    rounding largest_remainder
    ties by room
    remainder to none
"""
    given = values("cost@x cost@y room | people@x people@y", varied, 1)
    names = " ".join(given) if varied == "all" else " ".join(name for name in given if varied in name)
    tried(lines, given, names, cohorts=("x", "y"))


@pytest.mark.parametrize("varied", ["borne@2024", "borne@2023 borne@2024 borne@2025"])
def test_years_are_written_out(varied: str):
    lines = """
  indicators for each member
    borne : persons "Borne", each year
  define of_2024 "Of 2024" for each member = borne in 2024
  define mean_of_all "Mean" for each member = mean of borne over 2023-2025
  define last_two "Last two" for each member = sum of borne over last 2 years
  key parts
    100% : share of (mean of borne over 2023-2025)
"""
    assert tried(lines, values("borne@2023 borne@2024 borne@2025", varied), varied).doubtful == 0


def test_shares_range_over_the_run_of_the_apportionment():
    lines = (
        FACTS
        + """
  set taking "Taking" = members where a > 1 person
  define weight "Weight" for each member = 50% * share of a + 50% * share of b
  key parts
    40% : share of a
    60% : min(share of b, 30%)
    rest by a
  apportion places "Places"
    total 100 persons
    among taking
    by weight
    rounding largest_remainder
    ties by a
    ties by b
    remainder to none
  apportion others "Others"
    total t
    among members where b > 0 persons
    by parts
    remainder to none
"""
    )
    tried(lines, values("a b | t", "run", 0, 30))


def test_a_general_rule_stands_where_the_special_one_says_nothing():
    header = HEADER.replace(
        'article 1 "A"', 'article 1 "General"\n  > Words.\n  define x "X" for each member = b\n\narticle 2 "A"'
    )
    lines = (
        FACTS
        + """
  define x "X" for each member = none
    except where a > b : a
    notwithstanding Art. 1
  define y "Y" = sum of x over members
"""
    )
    assert tried(lines, values("a b | t", "precedence"), header=header).doubtful == 0


def test_one_exception_prevails_over_the_rows_beside_it():
    lines = (
        FACTS
        + """
  define x "X" for each member = 1
    except where a > 2 persons : 2
    except where a > 3 persons : 3 notwithstanding Art. 1
"""
    )
    assert tried(lines, values("a b | t", "rows")).doubtful == 0


def test_exceptions_that_collide_are_in_doubt():
    lines = (
        FACTS
        + """
  define x "X" for each member = 1
    except where a > 2 persons : 2
    except where b > 4 persons : 3
"""
    )
    found = tried(lines, values("a b | t", "collide"))
    assert found.why["no value"] == found.doubtful > 0


def test_conditions_of_membership_may_rest_on_a_column():
    header = HEADER.replace('tier core "Members"', 'tier core "Members"\n    requires a > b')
    lines = (
        FACTS
        + """
  define whole "Whole" = sum of a over members
  define part_of_each "Part" for each member = share of a over members
  define number_of "Number" = count of members
"""
    )
    found = tried(lines, values("a b | t", "tier"), header=header)
    assert found.doubtful == 0
    assert found.unknown > 0


@pytest.mark.parametrize("chosen", ["", "0.4", "0.7"])
def test_a_figure_left_to_a_body(chosen: str):
    lines = (
        FACTS
        + """
  parameter p "P" = left to meeting between 20% and 50%, otherwise 30%
  define x "X" for each member = p * a
  procedure choosing "Choosing"
    step meeting "Meeting"
      by members
"""
    )
    choices = (ChoiceMade("p", Quantity(Fraction(chosen), RATIO), "meeting", "x"),) if chosen else ()
    tried(lines, values("a b | t", chosen), choices=choices, partial=True)


def test_an_agreed_figure_may_be_a_column():
    lines = (
        FACTS
        + """
  parameter p "P" = 30%
  parameter q "Q" = 2 * t
    from 2026-01-01 : 3 * t
    from 2027-01-01 : 4 * t
  define x "X" for each member = p * a + q
"""
    )
    given = values("a b | t", "parameter")
    checked = policy(lines)
    base = case(checked, {name: each[0] for name, each in given.items()})
    columns = [column(checked, "p"), column(checked, "t", each_member=False)]
    drawn = {"p": [Fraction(each, 20) for each in range(COUNT)], "t": given["t"]}
    assert agree(checked, base, columns, drawn).differ == ()


def test_a_figure_in_the_text_may_be_a_column():
    lines = (
        FACTS
        + """
  criteria c "C" by weight
    40% size : a from 0 persons to 6 persons
    60% slack : b from 6 persons to 0 persons
  define x "X" for each member = if c > 50% then a else 0 persons
"""
    )
    checked = policy(lines)
    entry = checked.program.entries["c"]
    assert isinstance(entry.node, tree.Criteria)
    spot = entry.node.rows[0].weight
    assert spot is not None
    given = values("a b | t", "weight")
    base = case(checked, {name: each[0] for name, each in given.items()})
    columns = [Column("c.size", spot, False), column(checked, "a")]
    drawn = {"c.size": [Fraction(each, 100) for each in range(COUNT)], "a": given["a"]}
    assert agree(checked, base, columns, drawn).differ == ()


@pytest.mark.parametrize(
    "expression",
    [
        "root(a / 1 person, 2)",
        "(a / 1 person) ^ 0.3",
        "log(a / 1 person + 100%)",
        "root(a / 1 person, 3) + b / 1 person",
    ],
)
def test_roots_keep_their_bounds(expression: str):
    limit = "1.3" if "log" in expression else "130%"
    lines = FACTS + f'  define x "X" for each member = {expression}\n  set s "S" = members where x > {limit}\n'
    found = tried(lines, values("a b | t", expression, 1, 40))
    assert found.doubtful == 0


def test_missing_facts_of_the_base_follow_their_rule():
    lines = """
  indicators for each member
    a : persons "A"
    b : persons "B", missing means 2 persons
    c : persons "C", missing means mean of b over members
  define x "X" for each member = a + b + c
  define y "Y" = sum of x over members
"""
    given = values("a", "gaps")
    checked = policy(lines)
    base = case(checked, {"a": given["a"][0], "b": [1, None, 3, None, 5, 6], "c": [None, 2, 3, 4, 5, 6]})
    assert agree(checked, base, [column(checked, "a")], given).differ == ()


@dataclass(frozen=True)
class Alone:
    """What only the engine decides, and why."""

    lines: str
    why: str
    facts: dict[str, object] = field(default_factory=dict)


@pytest.mark.parametrize(
    "alone",
    [
        Alone('  define x "X" for each member = fewest(a, 50%, members)\n', "function"),
        Alone('  define x "X" for each member = 2 ^ (a / 1 person)\n', "power"),
        Alone('  define x "X" for each member = root(root(a / 1 person, 2), 2)\n', "power"),
        Alone(
            '  define x "X" = if t > 2 persons then 2026-01-01 else 2027-01-01\n  guarantee g "G" : x > 2025-01-01\n',
            "kind",
        ),
    ],
    ids=lambda each: each.why,
)
def test_what_has_no_operations_says_so(alone: Alone):
    with pytest.raises(NotLowered) as stop:
        tried(FACTS + alone.lines, values("a b | t", alone.why, 1))
    assert stop.value.why == alone.why
    assert stop.value.entry is not None


# ---- what is given ---------------------------------------------------------------------------------------------------


def test_results_are_asked_for_by_name():
    checked = policy(
        FACTS
        + """
  apportion places "Places"
    total t
    among members
    by a
    at most b
    rounding largest_remainder
    ties by b
    remainder to none
"""
    )
    assert [each.name for each in outputs_of(checked)] == [
        "core", "places", "places.held", "places.outside", "places.total", "places.unallocated", "places.residue",
    ]  # fmt: skip
    assert [each.name for each in outputs_of(checked, ["places.exact", "core"])] == ["core", "places.exact"]
    share = outputs_of(checked, ["places"])[0]
    assert (share.form, share.step, share.each_member, share.title) == ("steps", (1, 1), True, "Places")
    with pytest.raises(NoSuchOutput) as none:
        outputs_of(checked, ["placs"])
    assert none.value.problem.params == {"name": "placs", "mend": "did you mean `places`?"}


def test_what_there_is_one_of_for_each_cohort_is_given_for_each():
    checked = policy('  indicators for each cohort\n    p : persons "P"\n  define x "X" for each cohort = 2 * p\n')
    base = case(checked, {"p@u": 1, "p@v": 2}, cohorts=("u", "v"))
    assert [each.name for each in outputs_of(checked, ["x"], base)] == ["x@u", "x@v"]
    assert [each.cohort for each in outputs_of(checked, ["x@v"], base)] == ["v"]


def test_the_day_of_the_case_is_that_of_the_base():
    assert case(policy(""), {}).at == date(2026, 6, 1)
