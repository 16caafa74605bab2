"""Small cases of which every end is found by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from moving import Decided, of_articles

from policy_dsl.evaluate.anew import Anew, FactAt
from policy_dsl.sensitivity import Change, Disputed, End, Stretch, WhatDecided
from policy_dsl.sensitivity.meeting import root
from policy_dsl.sensitivity.search import simplest
from policy_dsl.values import Quantity, Unit

F = Fraction

# Nine persons; by population 4.5 and 4.5, by area 2.25 and 6.75. With 40 % for population the first has 3.15.
LAW = """article 1 "All"
  > Words.
  tier core "Members"
    ALB, BEL
  indicators for each member
    people : persons "People"
    area : km2 "Area"
  indicators for the case
    pot : persons "Pot"
  key mixed "Key"
    40% : share of people
    60% : share of area
  apportion places "Places"
    total pot
    among members
    by mixed
    rounding largest_remainder
    ties by area
"""
FACTS = """facts:
  pot: 9 persons
  people: {unit: persons, ALB: 50, BEL: 50}
  area: {unit: km2, ALB: 25, BEL: 75}
"""


def law(*changes: tuple[str, str]) -> str:
    text = LAW
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def examined(text: str = LAW, facts: str = FACTS, most: int | None = None) -> WhatDecided:
    return of_articles(text, facts).examined(most)


def stretch(found: WhatDecided, name: str, member: str = "") -> Stretch:
    """The one of a name: of a provision, a row, a line, or a fact of a member."""

    def names(each: Stretch) -> tuple[str, str]:
        figure = each.figure
        if figure.fact is not None:
            return figure.entry.name, figure.fact.member
        row = " ".join(figure.row.span.text.split()) if figure.row is not None else figure.entry.name
        return row, ""

    return next(each for each in found.stretches if names(each)[0].startswith(name) and names(each)[1] == member)


def told(end: End) -> tuple[F, str, bool, str]:
    return end.at, end.sort, end.holds, " ".join(map(change, end.changes))


def change(each: Change) -> str:
    return f"{each.member}{'' if each.difference is None else f'{int(each.difference):+}'}"


# With one half each the last step goes to the second, which has the greater area: so it does at 5/9, and not at 1/9.
@pytest.mark.parametrize(
    ("name", "member", "low", "high"),
    [
        (
            "40%",
            "",
            (F(1, 9), "exact", False, "ALB-1 BEL+1"),
            (F(5, 9), "exact", True, "ALB+1 BEL-1"),
        ),
        ("60%", "", (F(4, 9), "exact", True, "ALB+1 BEL-1"), (F(8, 9), "exact", False, "ALB-1 BEL+1")),
        ("area", "ALB", (F(525, 47), "exact", False, "ALB-1 BEL+1"), (F(1275, 37), "exact", True, "ALB+1 BEL-1")),
        ("pot", "", (F(9), "exact", True, "BEL-1"), (F(9), "exact", True, "BEL+1")),
    ],
)
def test_the_ends_are_those_found_by_hand(
    name: str, member: str, low: tuple[object, ...], high: tuple[object, ...]
) -> None:
    found = stretch(examined(), name, member)
    assert (told(found.low), told(found.high)) == (low, high)
    assert found.figure.keeps == ("ratios" if "%" in name else "others")


def test_heads_are_moved_by_whole_ones() -> None:
    pot = stretch(examined(), "pot")
    assert (pot.low.beyond, pot.high.beyond) == (8, 10)
    people = stretch(examined(), "people", "ALB")
    # 9 (0.4 p / (p + 50) + 0.15) is 2.5 at p = 1150/49 and 3.5 at p = 2150/29.
    assert (told(people.low), people.low.beyond) == ((F(24), "exact", True, "ALB-1 BEL+1"), 23)
    assert (told(people.high), people.high.beyond) == ((F(74), "exact", True, "ALB+1 BEL-1"), 75)


def test_of_those_beyond_an_end_the_first_to_gain_and_to_lose_are_named() -> None:
    end = stretch(examined(), "40%").high
    assert (end.gains.member, end.loses.member) == ("ALB", "BEL")  # type: ignore[union-attr]
    pot = stretch(examined(), "pot")
    assert (pot.low.gains, pot.high.loses) == (None, None)


def test_a_ceiling_counts_in_whole_steps() -> None:
    """A ceiling of 33 % of nine is two whole persons; at 3/9 it is three, as many as the first would have."""
    found = stretch(examined(law(("    rounding", "    at most 33% of total for ALB\n    rounding"))), "at most")
    assert found.figure.kind == "ceiling"
    assert told(found.low) == (F(2, 9), "exact", True, "ALB-1 BEL+1")
    assert told(found.high) == (F(1, 3), "exact", False, "ALB+1 BEL-1")


def test_a_parameter_that_is_the_weight_of_one_row_moves_as_a_weight() -> None:
    first = ("  key mixed", '  parameter pull "Pull" = 40%\n  parameter push "Push" = 60%\n  key mixed')
    found = examined(law(first, ("40% : share", "pull : share"), ("60% : share", "push : share")))
    assert told(stretch(found, "pull :").high) == (F(5, 9), "exact", True, "ALB+1 BEL-1")
    assert {each.figure.kind for each in found.stretches} == {"weight", "fact"}


def test_where_the_other_weight_follows_by_the_text_it_is_the_parameter_that_moves() -> None:
    first = ("  key mixed", '  parameter pull "Pull" = 40%\n  key mixed')
    found = examined(law(first, ("40% : share", "pull : share"), ("60% : share", "100% - pull : share")))
    moved = stretch(found, "pull")
    assert (moved.figure.kind, moved.figure.keeps) == ("parameter", "others")
    assert (told(moved.low)[0], told(moved.high)[0]) == (F(1, 9), F(5, 9))


@pytest.mark.parametrize("kind", ["rises", "falls"])
def test_a_figure_left_to_a_body_moves_between_its_bounds(kind: str) -> None:
    body = '  parameter pull "Pull" = left to meeting between 10% and 45%, otherwise 40%\n'
    body += '  procedure yearly\n    step meeting "Meeting"\n      by members\n  key mixed'
    rows = [("40% : share", "pull : share"), ("60% : share", "100% - pull : share")]
    moved = stretch(examined(law(("  key mixed", body), *rows)), "pull")
    assert moved.figure.kind == "choice"
    end = moved.high if kind == "rises" else moved.low
    assert told(end)[:3] == ((F(45, 100), "range", True) if kind == "rises" else (F(1, 9), "exact", False))


def test_a_threshold_is_a_turn_for_the_figure_and_for_the_fact() -> None:
    counted = """  define counted "Counted" for each member = people
    except where area > 50 km2 : 2 * people
  key mixed"""
    weights = (("40%", "80%"), ("60%", "20%"))
    found = examined(law(("  key mixed", counted), ("share of people", "share of counted"), *weights))
    assert told(stretch(found, "except where area > 50 km2").low)[:3] == (F(25), "exact", True)
    assert told(stretch(found, "except where area > 50 km2").high)[:3] == (F(75), "exact", False)
    assert told(stretch(found, "area", "BEL").low)[:3] == (F(50), "exact", False)


def test_a_weight_in_criteria_moves_with_the_others() -> None:
    """Scores 50 % and 50 % in the first, 25 % and 75 % in the second: as in the key."""
    fit = """  criteria fit "Fit" by weight
    40% peopled : people from 0 persons to 100 persons
    60% wide    : area from 0 km2 to 100 km2
  apportion"""
    found = examined(law(("  apportion", fit), ("by mixed", "by fit")))
    assert told(stretch(found, "40% peopled").low)[:2] == (F(1, 9), "exact")
    assert told(stretch(found, "40% peopled").high)[:2] == (F(5, 9), "exact")
    assert told(stretch(found, "area", "ALB").high)[1:] == ("exact", True, "ALB+1 BEL-1")


@pytest.mark.parametrize("where", ["power", "parameter"])
def test_an_end_at_a_figure_that_is_no_fraction_is_numerical(where: str) -> None:
    """By the square root of area the first has 9 √a / (√a + √75): no fraction at all."""
    exponent = "0.5" if where == "power" else "power"
    text = law(("60% : share of area", f"60% : share of (area ^ {exponent})"))
    found = examined(text if where == "power" else text.replace("  key", '  parameter power "Power" = 0.5\n  key'))
    if where == "parameter":
        # The exponent itself is not moved, and the tool says so.
        assert [each.entry.name for each in found.not_examined] == ["power"]
    end = stretch(found, "area", "ALB").high
    assert end.sort == "numerical"
    assert 0 < end.beyond - end.at < F(1, 100)
    share = 9 * (0.2 + 0.6 * float(end.at) ** 0.5 / (float(end.at) ** 0.5 + 75**0.5))
    assert abs(share - 4.5) < 0.001 or abs(share - 3.5) < 0.001


# ---- contested facts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "turns"),
    [
        ("20, 30", []),
        ("20, 40", [(F(1275, 37), "exact", True, "ALB+1 BEL-1")]),
        ("5, 30", [(F(525, 47), "exact", False, "ALB+1 BEL-1")]),
        (
            "5, 100",
            [
                (F(525, 47), "exact", False, "ALB+1 BEL-1"),
                (F(1275, 37), "exact", True, "ALB+1 BEL-1"),
                (F(75), "exact", False, "ALB+1 BEL-1"),
            ],
        ),
    ],
)
def test_the_turns_of_a_contested_fact_are_told_rising(bounds: str, turns: list[tuple[object, ...]]) -> None:
    facts = FACTS.replace("ALB: 25,", f"ALB: {{value: 25, status: contested, between: [{bounds}]}},")
    found: Disputed = examined(facts=facts).disputed[0]
    assert [told(each) for each in found.turns] == turns
    assert (found.same, found.whole) == (not turns, True)


def test_contested_facts_are_examined_first_and_then_estimates() -> None:
    facts = FACTS.replace("ALB: 25, BEL: 75", "ALB: 25, BEL: {value: 75, status: contested, between: [70, 80]}")
    facts = facts.replace("BEL: 50}", "BEL: {value: 50, status: estimate}}")
    moved = [each.figure for each in examined(facts=facts).stretches]
    order = [(each.entry.name, each.fact.member) for each in moved if each.fact is not None]
    assert order[:2] == [("area", "BEL"), ("people", "BEL")]


# ---- criteria left out -----------------------------------------------------------------------------------------------


def left_out(found: WhatDecided) -> dict[str, str]:
    return {" ".join(each.row.span.text.split()): " ".join(map(change, each.changes)) for each in found.left_out}


def test_the_result_without_each_part_of_a_key() -> None:
    assert left_out(examined()) == {"40% : share of people": "ALB-1 BEL+1", "60% : share of area": "ALB+1 BEL-1"}


def test_money_gains_and_losses_are_told_without_each_part() -> None:
    text = (
        LAW
        + """  apportion dues "Dues"
    total 900 USD
    among members
    by mixed
    rounding largest_remainder to 1 USD
    ties by area
"""
    )
    found = next(each for each in examined(text).left_out if "people" in each.row.span.text)
    assert [(each.entry.name, each.member, each.difference) for each in found.changes] == [
        ("places", "ALB", -1),
        ("places", "BEL", 1),
        ("dues", "ALB", -90),
        ("dues", "BEL", 90),
    ]
    assert {each.figure.kind for each in examined(text).stretches} == {"weight", "fact"}


def test_the_result_without_each_criterion_in_order() -> None:
    order = """  criteria order "Order" in order
    wide    : area from 100 km2 to 0 km2
    peopled : people from 0 persons to 100 persons
    similar within 10%
  apportion"""
    text = law(("  apportion", order), ("    by mixed", "    in bands of order\n    by mixed\n    at most 6 persons"))
    assert left_out(examined(text)) == {
        "40% : share of people": "",
        "60% : share of area": "",
        "wide : area from 100 km2 to 0 km2": "ALB-3 BEL+3",
        "peopled : people from 0 persons to 100 persons": "",
    }


# ---- what is not examined --------------------------------------------------------------------------------------------


def test_what_the_work_allowed_does_not_suffice_for_is_named() -> None:
    nothing, some, everything = (examined(most=most) for most in (0, 40, None))
    assert (len(nothing.stretches), len(nothing.not_examined)) == (0, 7)
    assert 0 < len(some.stretches) < 7
    assert len(some.stretches) + len(some.not_examined) == 7
    assert (len(everything.stretches), everything.not_examined) == (7, ())
    assert left_out(nothing) == left_out(everything)


def test_shares_that_are_not_whole_have_no_stretch() -> None:
    found = examined(law(("    rounding largest_remainder\n    ties by area\n", "")))
    assert (found.shares, [each.name for each in found.unrounded], found.stretches) == ((), ["places"], ())


def test_what_has_no_result_is_not_examined() -> None:
    found = examined(facts=FACTS.replace("ALB: 25, ", ""))
    assert (found.shares, found.stretches) == ((), ())


# ---- the parts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "at"),
    [
        (lambda x: 3 * x - 7, F(7, 3)),
        (lambda x: (x - F(5, 2)) / (x + 4), F(5, 2)),
        (lambda x: F(1), None),
        (lambda x: (2 * x + 1) / (x + 1), F(-1, 2)),
    ],
)
def test_three_points_tell_where_a_quotient_of_linear_expressions_is_nothing(of, at: F | None) -> None:
    assert root([(F(x), of(F(x))) for x in (1, 3, 10)]) == at


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (F(3, 10), F(4, 10), F(1, 3)),
        (F(4, 10), F(3, 10), F(1, 3)),
        (F(-4, 10), F(-3, 10), F(-1, 3)),
        (F(-1), F(1), F(0)),
        (F(22, 10), F(35, 10), F(3)),
        (F(1, 7), F(1, 7), F(1, 7)),
    ],
)
def test_the_simplest_fraction_between_two(one: F, other: F, found: F) -> None:
    assert simplest(one, other) == found


def test_a_later_run_finds_what_a_new_decision_would(monkeypatch: pytest.MonkeyPatch) -> None:
    made: Decided = of_articles(LAW, FACTS)
    ready = Anew(made.checked, made.decision.case, [each.entry for each in made.decision.shares])
    other = of_articles(LAW, FACTS.replace("ALB: 25", "ALB: 400"))
    run = ready.run({FactAt("area", "ALB"): Quantity(F(400), Unit((("km", 2),)))})
    assert {row.member: row.final.value for row in run.shares[0].rows} == {
        row.member: row.final.value for row in other.decision.shares[0].rows
    }
    assert ready.run({}).found == {}
