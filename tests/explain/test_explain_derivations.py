"""Derivations told as trees, for every kind of operation, from values made by hand."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from policy_dsl.cases.case import ChoiceMade, Event, Fact, Origin
from policy_dsl.evaluate.derivation import Derived, Gap, InForce, Status, Unknown
from policy_dsl.evaluate.ranks import TieAsked
from policy_dsl.explain.reading import alternatives, failing, named_inputs, settled
from policy_dsl.explain.trees import Branch, Level, tree
from policy_dsl.render import numbers, words
from policy_dsl.render.derivations import branch_line
from policy_dsl.resolve.program import Entry
from policy_dsl.source import Source
from policy_dsl.syntax import tree as nodes
from policy_dsl.values import NUMBER, RATIO, Address, Quantity, Unit

PERSONS = Unit((("person", 1),))
SOURCE = Source("made.policy", "2% of population - hosted")
SPAN = SOURCE.span(0, 17)


def entry(name: str, title: str = "") -> Entry:
    node = nodes.Define(SPAN, nodes.Ident(SPAN, name), title, (), None, nodes.Truth(SPAN, True), ())
    return Entry(name, node, Address(7))


def persons(amount: int | Fraction) -> Quantity:
    return Quantity(Fraction(amount), PERSONS)


def number(amount: int) -> Quantity:
    return Quantity(Fraction(amount), NUMBER)


def fact(name: str, amount: int, member: str = "ALB", **more: object) -> Derived:
    given = Fact(name, persons(amount), Origin("World Bank", date(2025, 12, 31)), member, **more)
    return Derived(given.value, "fact", (), None, entry(name), (member,), Address(5), detail=given)


def written(value: Quantity) -> Derived:
    return Derived(value, "written")


def said(branch: Branch) -> str:
    line = words.flat(branch_line(branch))
    return line.replace(numbers.THIN, " ").replace(numbers.HARD, " ")


def formula(value: object, op: str, *of: Derived, **more: object) -> str:
    made = Derived(value, op, of, **more)
    return said(tree(made, Level.FULL))


A, B = fact("population", 3000), fact("hosted", 1000)
PART = Quantity(Fraction(1, 50), RATIO)


@pytest.mark.parametrize(
    ("value", "op", "of", "told"),
    [
        (persons(4000), "+", (A, B), "{A} + {B} = 4 000 persons"),
        (persons(2000), "-", (A, B), "{A} − {B} = 2 000 persons"),
        (persons(60), "*", (written(PART), A), "2% × {A} = 60 persons"),
        (Quantity(Fraction(3), RATIO), "/", (A, B), "{A} ÷ {B} = 300%"),
        (number(9), "^", (written(number(3)), written(number(2))), "3 to the power of 2 = 9"),
        (persons(3000), "max", (A, B), "The greater of {A} and {B} = 3 000 persons"),
        (persons(1000), "min", (A, B), "The lesser of {A} and {B} = 1 000 persons"),
        (persons(2000), "average", (A, B), "The mean of {A} and {B} = 2 000 persons"),
        (False, "<", (A, B), "{A} is less than {B}: no"),
        (True, ">=", (A, B), "{A} is at least {B}: yes"),
        (True, "not", (Derived(False, "=", (A, B)),), "The contrary of no: yes"),
        (Quantity(Fraction(1, 3), RATIO), "share of", (B, A), "{B} as a part of {A} ≈ 33.3333%; exactly 1/3"),
        (persons(3000), "up", (A,), "{A} rounded upwards = 3 000 persons"),
        (number(2), "something new", (A,), "From {A} = 2"),
    ],
)  # fmt: skip
def test_every_operation_is_told_with_its_figures(value, op, of, told):
    names = {"A": "Population of ALB (3 000 persons)", "B": "Hosted of ALB (1 000 persons)"}
    assert formula(value, op, *of) == told.format(**names)


def test_a_sum_names_what_it_adds_and_over_whom():
    figures = tuple(fact("population", n, member) for n, member in ((1, "ALB"), (2, "MKD")))
    figures = tuple(Derived(f.value, "fact", (), None, figures[0].entry, f.subject, detail=f.detail) for f in figures)
    run = Derived(("ALB", "MKD"), "run")
    assert formula(persons(3), "sum of", run, *figures) == "The sum of Population over ALB and MKD = 3 persons"


@pytest.mark.parametrize(
    ("settled", "told"),
    [
        ((), "The rank of {A} = 2"),
        ((TieAsked(1, apart=True), B), "The rank of {A}, told apart from equals by {B} = 2"),
        ((TieAsked(2, apart=True), B, A), "The rank of {A}, told apart from equals by {B} and {A} = 2"),
        ((TieAsked(1, apart=False), B), "The rank of {A}, shared with those who are equal in {B} as well = 2"),
    ],
)
def test_a_rank_says_what_settled_its_tie(settled, told):
    detail, *asked = settled or (None,)
    others = Derived((), "range", (fact("hosted", 9, "MKD"),))
    made = Derived(number(2), "rank of", (A, Derived((), "range", (A,)), *asked, others), detail=detail)
    names = {"A": "Population of ALB (3 000 persons)", "B": "Hosted of ALB (1 000 persons)"}
    assert said(tree(made, Level.FULL)) == told.format(**names)
    # How a tie was settled is told in every measure; all else of a formula in the fullest.
    for level in (Level.BRIEF, Level.REASONED):
        assert said(tree(made, level)) == (told.format(**names) if settled else "2")


def test_facts_say_where_they_come_from():
    assert said(Branch(A)) == "Population of ALB: 3 000 persons (source: World Bank), of 31 December 2025"
    contested = fact("population", 3000, low=persons(2000), high=persons(4000))
    assert said(Branch(contested)) == (
        "Population of ALB: 3 000 persons, contested between 2 000 persons and 4 000 persons (source: World Bank), "
        "of 31 December 2025"
    )


def test_figures_of_several_years_are_told_apart():
    named = entry("population")
    figures = tuple(
        Derived(persons(n), "fact", (), None, named, ("ALB",), detail=Fact("population", persons(n), Origin("x"), "ALB",
                year=year)) for n, year in ((10, 2016), (12, 2017))
    )  # fmt: skip
    mean = Derived(persons(11), "average", figures, None, entry("mean"), ("ALB",))
    assert [said(Branch(each)) for each in named_inputs(mean)] == [
        "Population of ALB in 2016: 10 persons (source: x)",
        "Population of ALB in 2017: 12 persons (source: x)",
    ]


def test_one_lack_of_many_is_told_once():
    gaps = tuple(
        Gap("missing", "PD801", f"hosted of {each}", (("indicator", "Hosted"), ("unit", "hosted")))
        for each in ("ALB", "MKD")
    )
    made = Derived(Unknown(gaps), "+", (A, B), None, entry("room"))
    assert said(Branch(made)) == "Room: not determined, because the fact “Hosted” was not supplied for ALB and MKD"


@pytest.mark.parametrize(
    ("condition", "wanted", "enough"),
    [
        ("or", True, True), ("and", True, False), ("or", False, False), ("and", False, True),
    ],
)  # fmt: skip
def test_whether_one_of_several_conditions_would_be_enough(condition, wanted, enough):
    parts = (Derived(not wanted, "<", (A, B)), Derived(not wanted, ">", (A, B)))
    assert alternatives(Derived(not wanted, condition, parts), wanted) is enough
    assert alternatives(Derived(wanted, "not", (Derived(not wanted, condition, parts),)), not wanted) is enough


@pytest.mark.parametrize(
    ("op", "detail", "told"),
    [
        ("figure", InForce(date(2026, 1, 1), "Decision 3", False),
         "Cost: 3 persons, in force since 1 January 2026 (Decision 3) (Art. 7)"),
        ("figure", InForce(date(2026, 1, 1), "", True),
         "Cost: 3 persons, in force since 1 January 2026, after the case was opened (Art. 7)"),
        ("choice", ChoiceMade("cost", persons(3), "council", "as agreed"),
         "Cost: 3 persons, chosen by council on the ground “as agreed” (Art. 7)"),
        ("choice", None, "Cost: 3 persons, which holds as no choice is recorded (Art. 7)"),
        ("gap", "cost", "Cost: 3 persons, because no figure was supplied and the rules say what then holds (Art. 7)"),
    ],
)  # fmt: skip
def test_agreed_figures_choices_and_gaps_say_what_they_are(op, detail, told):
    made = Derived(persons(3), op, (written(persons(3)),), None, entry("cost"), (), Address(7), detail)
    assert said(Branch(made)) == told


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        (
            Gap("missing", "PD801", "hosted of ALB", (("indicator", "Hosted"), ("unit", "hosted"))),
            "the fact “Hosted” was not supplied for ALB",
        ),
        (Gap("not yet", "PD802", "meeting"), "meeting has not taken place"),
        (Gap("awaiting", "PD808", "Similarity"), "a choice of “Similarity” is awaited"),
        (Gap("undetermined", "PD850", "Places"), "no rule tells equal claims under “Places” apart"),
        (Gap("impossible", "PD821", "Rate"), "the figures for “Rate” allow no result"),
        (Gap("left out", "PD806", "hosted"), "“hosted” is left out, as the fact was not supplied"),
    ],
)
def test_a_value_that_is_not_to_be_had_says_why(gap, told):
    made = Derived(Unknown((gap,)), "+", (A, B), None, entry("room"), ("ALB",))
    assert said(tree(made, Level.FULL)) == f"Room of ALB: not determined, because {told}"


def test_events_and_times():
    met = Event("meeting", datetime(2026, 3, 11, 15, tzinfo=UTC))
    event = Derived(met, "event", (), None, entry("meeting", "Meeting"))
    assert said(Branch(event)) == "Meeting of 11 March 2026, 15:00 UTC"
    length = written(Quantity(Fraction(48), Unit((("hour", 1),))))
    assert formula(datetime(2026, 3, 13, 15, tzinfo=UTC), "after", length, event) == (
        "48 hours after Meeting of 11 March 2026, 15:00 UTC = 13 March 2026, 15:00 UTC"
    )


ROOM = Derived(
    persons(2000),
    "defined",
    (Derived(persons(2000), "-", (A, B)),),
    None,
    entry("room", "Places"),
    ("ALB",),
    Address(7),
)
SHARE = Derived(persons(2000), "share", (written(persons(9)), ROOM), None, entry("protection"), ("ALB",), Address(7))


def lines(branch: Branch, depth: int = 0) -> list[str]:
    return ["  " * depth + said(branch), *(line for each in branch.branches for line in lines(each, depth + 1))]


def test_brief_tells_the_direct_inputs_alone():
    assert lines(tree(SHARE, Level.BRIEF)) == [
        "Protection of ALB: 2 000 persons (Art. 7)",
        "  Places of ALB: 2 000 persons (Art. 7)",
    ]


def test_reasoned_goes_down_to_the_facts():
    assert lines(tree(SHARE, Level.REASONED))[2:] == [
        "    Population of ALB: 3 000 persons (source: World Bank), of 31 December 2025",
        "    Hosted of ALB: 1 000 persons (source: World Bank), of 31 December 2025",
    ]


def test_full_tells_every_operation():
    assert lines(tree(SHARE, Level.FULL))[1] == (
        "  Places of ALB: Population of ALB (3 000 persons) − Hosted of ALB (1 000 persons) = 2 000 persons (Art. 7)"
    )


def test_a_value_used_twice_is_told_once():
    twice = Derived(persons(4000), "+", (ROOM, ROOM), None, None)
    other = Derived(persons(6000), "+", (twice, ROOM), None, entry("both"))
    told = lines(tree(other, Level.FULL))
    assert sum("Hosted of ALB: 1 000" in line for line in told) == 1
    assert any(line.strip() == "Places of ALB: 2 000 persons (set out where it first appears)" for line in told)


def test_named_inputs_look_through_what_has_no_name():
    assert [each.label for each in named_inputs(ROOM)] == ["population of ALB", "hosted of ALB"]


def test_lines_that_only_pass_a_value_on_are_left_out():
    assert settled(Derived(ROOM.value, "weight", (ROOM,))) is ROOM


def test_only_the_conditions_that_failed_are_named():
    true, false = Derived(True, ">=", (A, B)), Derived(False, "<", (A, B))
    assert failing(Derived(False, "and", (true, false))) == (false,)
    assert failing(Derived(False, "or", (false, Derived(False, "not", (true,))))) == (false, true)
    status = Derived(Status("met"), "written")
    assert failing(Derived(False, "is", (false, status))) == (false,)
    unknown = Derived(Unknown((Gap("missing", "PD801", "x"),)), "fact")
    assert failing(Derived(unknown.value, "and", (true, unknown))) == (unknown,)
