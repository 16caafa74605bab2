"""What is altered in the rules: each weight, threshold, bracket, deadline, majority and exception, by one step."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trying import ARTICLES, HEAD, Said, altered_of, checked, no_file, policy

from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree
from policy_dsl.trial.alterations import KINDS, alterations
from policy_dsl.trial.altering import altered, examined
from policy_dsl.trial.mutation import spread
from policy_dsl.trial.steps import DOWN, UP, moved, paired

ALTERED = {
    "size": [
        Said("weight", "60% and 40%", "61% and 39%"),
        Said("weight", "40% and 60%", "41% and 59%"),
    ],
    "ceiling": [
        Said("figure", "10_000 persons", "10_001 persons"),
        Said("figure", "10_000 persons", "9_999 persons"),
        Said("exception", "except where exempt = yes : 0 persons", ""),
        Said("condition", "exempt = yes", "exempt <> yes"),
        Said("exception", "0 persons", "1 person"),
    ],
    "places": [
        Said("limit", "at most ceiling", ""),
        Said("rounding", "largest_remainder", "down"),
        Said("tie", "population", "lot"),
    ],
    "rate": [
        Said("bracket", "1_000 USD", "1_001 USD"),
        Said("bracket", "1_000 USD", "999 USD"),
        Said("bracket", "0%", "1%"),
        Said("bracket", "5_000 USD", "5_001 USD"),
        Said("bracket", "5_000 USD", "4_999 USD"),
        Said("bracket", "50%", "51%"),
        Said("bracket", "50%", "49%"),
        Said("bracket", "100%", "101%"),
        Said("bracket", "100%", "99%"),
    ],
    "meeting": [
        Said("condition", "requires request", ""),
        Said("deadline", "72 hours", "73 hours"),
        Said("deadline", "72 hours", "71 hours"),
    ],
    "decision": [
        Said("condition", "requires meeting", ""),
        Said(
            "majority",
            "count of favour >= 2/3 of count of voting",
            "count of favour > 2/3 of count of voting",
        ),
        Said("majority", "2/3", "3/4"),
        Said("majority", "2/3", "1/2"),
    ],
}  # fmt: skip
# A provision, and what is altered in it.
SINGLE = [
    ("define x = arrivals > 5 persons", [
        Said("threshold", "arrivals > 5 persons", "arrivals >= 5 persons"),
        Said("threshold", "5 persons", "6 persons"), Said("threshold", "5 persons", "4 persons")]),
    ("define x = max(arrivals - 5 persons, 0 persons)", [
        Said("limit", "max", "min"), Said("figure", "5 persons", "6 persons"), Said("figure", "5 persons", "4 persons"),
        Said("figure", "0 persons", "1 person")]),
    ("define x = count of (core except (core where exempt = yes))", [
        Said("exception", "except (core where exempt = yes)", ""), Said("condition", "where exempt = yes", ""),
        Said("condition", "exempt = yes", "exempt <> yes")]),
    ("parameter x = 1_250 USD\n    from 2026-01-01 : 1_300 USD", [
        Said("figure", "1_250 USD", "1_251 USD"), Said("figure", "1_250 USD", "1_249 USD"),
        Said("date", "2026-01-01", "2026-01-02"), Said("date", "2026-01-01", "2025-12-31"),
        Said("figure", "1_300 USD", "1_301 USD"), Said("figure", "1_300 USD", "1_299 USD")]),
    ("parameter x = left to decision between 5% and 10%, otherwise 7.5%", [
        Said("limit", "5%", "6%"), Said("limit", "5%", "4%"), Said("limit", "10%", "11%"), Said("limit", "10%", "9%"),
        Said("limit", "7.5%", "7.6%"), Said("limit", "7.5%", "7.4%")]),
    ("parameter x = 1 day", [Said("deadline", "1 day", "2 days"), Said("deadline", "1 day", "0 days")]),
    ("define x for each member = rank of income over core ties by population, then (1 / population)", [
        Said("tie", "population", "(-population)"), Said("tie", "1 / population", "(-(1 / population))"),
        Said("figure", "1", "2"), Said("figure", "1", "0")]),
    ("guarantee x : places <= 5 persons", []),
]  # fmt: skip


@pytest.mark.parametrize("provision", ALTERED)
def test_what_is_altered(provision: str) -> None:
    assert altered_of(policy(), provision) == ALTERED[provision]


@pytest.mark.parametrize(("text", "expected"), SINGLE, ids=[text for text, _ in SINGLE])
def test_what_is_altered_in_a_single_provision(text: str, expected: list[Said]) -> None:
    whole = HEAD + ARTICLES + f'\narticle 5 "One more"\n  > A rule.\n  {text}\n'
    assert altered_of(whole, "x") == expected


def test_weights_that_parameters_name_are_altered_together() -> None:
    text = policy("", ("    60% : share", "    more : share"), ("    40% : share", "    less : share"))
    text = text.replace(
        '  tier core "Members"', '  parameter more = 60%\n  parameter less = 40%\n  tier core "Members"'
    )
    found = [each for each in altered_of(text, "size") if each.kind == "weight"]
    assert found == [
        Said("weight", "60% (more) and 40% (less)", "61% and 39%"),
        Said("weight", "40% (less) and 60% (more)", "41% and 59%"),
    ]
    pairs = [each for each in alterations(checked(text).program) if each.kind == "weight"]
    for each in pairs:
        changed, errors = examined(altered(parse(checked(text).program.source), each.edits), no_file)
        assert (changed is not None, errors) == (True, ())


def test_every_alteration_makes_another_text_and_the_kinds_are_named() -> None:
    program = checked(policy()).program
    for each in alterations(program):
        assert each.kind in KINDS
        assert all(edit.text != edit.span.text for edit in each.edits), each.old
        assert each.line == program.source.text[: each.span.start].count("\n") + 1


def test_an_alteration_of_one_article_leaves_the_others_as_they_were_read() -> None:
    parsed = parse(Source("shore.policy", policy()))
    each = next(a for a in alterations(checked(policy()).program) if a.provision == "rate")
    before, after = parsed.tree.items, altered(parsed, each.edits).tree.items
    same = [old is new for old, new in zip(before, after, strict=True)]
    assert same == [True, True, False, True, True, True]


# ---- steps -----------------------------------------------------------------------------------------------------------


def literal(text: str) -> tree.Node:
    """A figure of the language."""
    found = parse(Source("x", f'{HEAD}article 1 "A"\n  > Words.\n  parameter x = {text}\n')).tree.items[0]
    return next(n for n in tree.walk(found) if isinstance(n, tree.Expr))


@pytest.mark.parametrize(
    ("text", "up", "down"),
    [
        ("72 hours", "73 hours", "71 hours"),
        ("1 hour", "2 hours", "0 hours"),
        ("2 days", "3 days", "1 day"),
        ("0 persons", "1 person", None),
        ("3 working days", "4 working days", "2 working days"),
        ("9_999 USD", "10_000 USD", "9_998 USD"),
        ("9999 USD", "10_000 USD", "9998 USD"),
        ("1.25 USD", "1.26 USD", "1.24 USD"),
        ("40%", "41%", "39%"),
        ("0.5%", "0.6%", "0.4%"),
        ("0.05%", "0.06%", "0.04%"),
        ("2/3", "3/4", "1/2"),
        ("1/2", "2/3", "1/3"),
        ("1/1", None, "1/2"),
        ("2025-12-31", "2026-01-01", "2025-12-30"),
        ("2025-12-31T23:59Z", "2026-01-01T00:00Z", "2025-12-31T23:58Z"),
        ("2025-12-31T23:59+02:00", "2026-01-01T00:00+02:00", "2025-12-31T23:58+02:00"),
    ],
)
def test_a_figure_one_step_up_and_down(text: str, up: str | None, down: str | None) -> None:
    assert (moved(literal(text), UP), moved(literal(text), DOWN)) == (up, down)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("60%", "40%", ("61%", "39%")),
        ("99%", "1%", None),
        ("33.3%", "66.7%", ("33.4%", "66.6%")),
        ("50%", "49.5%", ("50.1%", "49.4%")),
        ("2/3", "1/3", ("5/6", "1/6")),
        ("1/2", "1/4", ("5/8", "1/8")),
        ("50%", "1/2", None),
    ],
)
def test_a_weight_rises_by_what_the_next_one_falls(first: str, second: str, expected: tuple[str, str] | None) -> None:
    assert paired(literal(first), literal(second), UP) == expected


@given(st.integers(1, 99), st.integers(1, 99))
def test_two_weights_keep_their_sum(one: int, other: int) -> None:
    first, second = literal(f"{one}%"), literal(f"{other}%")
    found = paired(first, second, UP)
    if found is not None:
        assert sum(Fraction(each.rstrip("%")) for each in found) == one + other


@given(st.integers(0, 10**7), st.integers(0, 3), st.booleans())
def test_up_and_down_again_is_where_it_was(amount: int, places: int, grouped: bool) -> None:
    digits = f"{amount:_}" if grouped else str(amount)
    text = f"{digits}.{'0' * places}" if places else digits
    up = moved(literal(f"{text} USD"), UP)
    assert up is not None
    down = moved(literal(up), DOWN)
    assert down is not None
    assert Fraction(down.split()[0].replace("_", "")) == Fraction(text.replace("_", ""))


@given(st.integers(0, 60), st.integers(1, 70))
def test_a_part_of_the_alterations_is_spread_over_the_text(of: int, at_most: int) -> None:
    every = list(range(of))
    found = list(spread(every, at_most))  # type: ignore[arg-type]
    assert len(found) == min(of, at_most)
    assert found == sorted(set(found))
    if len(found) > 1:
        gaps = {later - earlier for earlier, later in pairwise(found)}
        assert max(gaps) - min(gaps) <= 1
