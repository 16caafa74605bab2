"""Keys that add up to the whole, and criteria with their bands."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from deciding import amounts, codes, decided, told
from hypothesis import given, settings
from hypothesis import strategies as st

KEY = """article 1 "A"
  > Words.
  tier everybody "All"
  set benched "Benched"
  indicators for each member
    people : persons "People"
    area : km2 "Area"
  key k "Key"
{rows}
  apportion quota "Quota"
    total 100%
    among members except benched
    by k
  define used "Used" = sum of people / 1 person + sum of area / 1 km2
"""
CASE = (
    "members: {{everybody: [ALB, BEL, DEU], benched: [{out}]}}\nfacts:\n  people: {{unit: "
    "persons, ALB: 10, BEL: 30, DEU: 60}}\n  area: {{unit: km2, ALB: 5, BEL: 3, DEU: 2}}\n"
)


def quota(rows: list[str], out: str = "") -> dict[str, Fraction]:
    return amounts(decided(KEY.format(rows="\n".join("    " + row for row in rows)), CASE.format(out=out)), "quota")


def fractions(*figures: str) -> dict[str, Fraction]:
    return {m: Fraction(figure) for m, figure in zip(("ALB", "BEL", "DEU"), figures, strict=True)}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["100% : share of people"], fractions("1/10", "3/10", "6/10")),
        (["50% : share of people", "50% : share of area"], fractions("3/10", "3/10", "4/10")),
        (["100% : share of (1 / people)"], fractions("6/9", "2/9", "1/9")),
        # Capped at 20 %, 20 % and 20 %, with 40 % left over: a rest by area.
        (["100% : min(share of people, 20%)", "rest by area"], fractions("7/20", "7/20", "6/20")),
        (
            ["50% : share of people", "50% : min(share of area, 30%)", "rest by share of people"],
            fractions("21/100", "33/100", "46/100"),
        ),
        (
            [
                "define size = share of people + share of area",
                "50% : share of people",
                "50% : min(share of area, 1/2 of size)",
                "rest by size",
            ],
            fractions("94/400", "120/400", "186/400"),
        ),
    ],
)
def test_keys(rows: list[str], expected: dict[str, Fraction]) -> None:
    found = quota(rows)
    assert sum(found.values()) == 1
    if rows[0].startswith("define"):
        size = fractions("6/10", "6/10", "8/10")
        people, area = fractions("1/10", "3/10", "6/10"), fractions("5/10", "3/10", "2/10")
        capped = {m: people[m] / 2 + min(area[m], size[m] / 2) / 2 for m in size}
        expected = {m: capped[m] + (1 - sum(capped.values())) * size[m] / 2 for m in size}
    assert found == expected


def test_shares_are_over_those_who_share() -> None:
    assert quota(["100% : share of people"], out="ALB") == fractions("0", "1/3", "2/3")
    assert quota(["50% : share of people", "50% : share of area"], out="DEU") == fractions("7/16", "9/16", "0")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (["100% : max(share of people, 20%)", "rest by area"], "PD837"),
        (["100% : share of (people - people)"], "PD830"),
        (["100% : share of (1 / (people - 10 persons))"], "PD821"),
        (["100% : min(share of people, 20%)", "rest by people - people"], "PD830"),
    ],
)
def test_keys_that_cannot_be(rows: list[str], code: str) -> None:
    found = decided(KEY.format(rows="\n".join("    " + row for row in rows)), CASE.format(out=""))
    assert code in codes(found)
    assert not found.complete


def test_a_definition_local_to_one_run_ranges_over_its_sharers() -> None:
    text = KEY.format(rows="    100% : part") + '  define part "Part" for each member = share of people\n'
    found = decided(text, CASE.format(out="ALB"))
    assert amounts(found, "quota") == fractions("0", "1/3", "2/3")
    assert told(found, "part of BEL") == "33.333333333333…%"


# ---- criteria --------------------------------------------------------------------------------------------------------

CRITERIA = """article 1 "A"
  > Words.
  tier everybody "All"
  indicators for each member
    security : rating "Security", between 0 and 10
    distance : km "Distance"
    wishing : persons "Wishing", missing means 0 persons
    places : persons "Places"
  indicators for the case
    arrivals : persons "Arrivals"
  criteria hosting {kind}
{rows}
  apportion protection "Protection"
    total arrivals
    among members{where}
{lines}
    rounding largest_remainder
    remainder to none
"""
ORDER = ["safe : security from 0 to 10, at least 5", "near : distance from 1_000 km to 0 km", "similar within 10%"]
HOSTS = ("ALB", "BEL", "DEU", "FRA")


def hosting(
    rows: list[str],
    *,
    kind: str = "in order",
    where: str = "",
    lines: tuple[str, ...] = ("in bands of hosting", "equally", "at most places"),
    **facts: tuple[object, ...],
):  # type: ignore[no-untyped-def]
    text = CRITERIA.format(
        kind=kind,
        where=where,
        rows="\n".join("    " + row for row in rows),
        lines="\n".join("    " + line for line in lines),
    )
    units = {"distance": "km", "wishing": "persons", "places": "persons"}
    known = {
        "security": (9, 9, 5, 3),
        "distance": (100, 500, 100, 0),
        "places": (10, 10, 10, 10),
        "wishing": (),
        **facts,
    }
    case = (
        f"members: {{everybody: [{', '.join(HOSTS)}]}}\nfacts:\n  arrivals: {facts.get('arrivals', (25,))[0]} persons\n"
    )
    for name, figures in known.items():
        if name != "arrivals" and figures:
            unit = f"unit: {units[name]}, " if name in units else ""
            case += f"  {name}: {{{unit}{', '.join(f'{m}: {v}' for m, v in zip(HOSTS, figures, strict=True))}}}\n"
    if not known["wishing"]:
        text = text.replace('    wishing : persons "Wishing", missing means 0 persons\n', "")
    return decided(text, case)


def test_scores_run_from_the_worst_to_the_best_in_either_direction() -> None:
    found = hosting(ORDER, distance=(0, 250, 1_000, 3_000))
    scores = {(each.row.name.text, each.member): each.score.value.amount for each in found.criteria[0].scores}  # type: ignore[union-attr]
    assert [scores["safe", m] for m in HOSTS] == [Fraction(9, 10), Fraction(9, 10), Fraction(1, 2), Fraction(3, 10)]
    assert [scores["near", m] for m in HOSTS] == [1, Fraction(3, 4), 0, 0]


@pytest.mark.parametrize(
    ("row", "met"),
    [
        ("safe : security from 0 to 10, at least 5", [True, True, True, False]),
        ("safe : security from 0 to 10, at least 3", [True, True, True, True]),
        ("safe : distance from 1_000 km to 0 km, at least 100 km", [True, False, True, True]),
        ("safe : distance from 1_000 km to 0 km, at least 500 km", [True, True, True, True]),
        ("safe : security from 0 to 10", [True, True, True, True]),
    ],
)
def test_the_threshold_tests_the_raw_measure_in_its_direction(row: str, met: list[bool]) -> None:
    found = hosting(
        [row, "other : security from 0 to 10", "near : distance from 1_000 km to 0 km", "similar within 10%"],
        where=" where safe is met",
    )
    assert [
        each.met.value for each in found.criteria[0].scores if each.row.name.text == "safe" and each.member in HOSTS
    ] == [each for each in met if each]
    inside = [row.member for row in found.shares[0].rows if row.outside is None]
    assert inside == [m for m, holds in zip(HOSTS, met, strict=True) if holds]


def test_wishes_cannot_raise_a_threshold() -> None:
    found = hosting(
        [*ORDER, "informed by share of wishing at 50%"], where=" where safe is met", wishing=(0, 0, 0, 1_000)
    )
    assert amounts(found, "protection")["FRA"] == 0


def test_wishes_inform_each_score_relative_to_the_largest_share() -> None:
    found = hosting([*ORDER, "informed by share of wishing at 20%"], wishing=(10, 40, 0, 20))
    scores = {(each.row.name.text, each.member): each.score.value.amount for each in found.criteria[0].scores}  # type: ignore[union-attr]
    assert scores["safe", "ALB"] == Fraction(8, 10) * Fraction(9, 10) + Fraction(2, 10) * Fraction(10, 40)
    assert scores["safe", "BEL"] == Fraction(8, 10) * Fraction(9, 10) + Fraction(2, 10)
    assert scores["near", "DEU"] == Fraction(8, 10) * Fraction(9, 10)


def test_where_nobody_wishes_there_is_no_information() -> None:
    informed = hosting([*ORDER, "informed by share of wishing at 20%"], wishing=(0, 0, 0, 0))
    plain = hosting(ORDER)
    assert [each.score.value for each in informed.criteria[0].scores] == [
        each.score.value for each in plain.criteria[0].scores
    ]
    assert amounts(informed, "protection") == amounts(plain, "protection")


@pytest.mark.parametrize(
    ("rows", "facts", "arrivals", "expected"),
    [
        (ORDER, {}, 25, (10, 10, 5, 0)),
        (ORDER, {}, 10, (10, 0, 0, 0)),
        (ORDER, {}, 45, (10, 10, 10, 10)),
        ([*ORDER[:2], "similar within 40%"], {"distance": (100, 501, 100, 0)}, 20, (10, 0, 10, 0)),
        (ORDER, {"places": (0, 3, 10, 10)}, 8, (0, 3, 5, 0)),
    ],
)
def test_bands_are_filled_in_order(
    rows: list[str], facts: dict[str, tuple[object, ...]], arrivals: int, expected: tuple[int, ...]
) -> None:
    found = hosting(rows, arrivals=(arrivals,), **facts)
    assert tuple(amounts(found, "protection")[m] for m in HOSTS) == expected


def test_weights_are_over_the_band() -> None:
    """A share is a share of the band: half of five for each of two, whatever stands in other bands."""
    found = hosting(
        ORDER,
        lines=("in bands of hosting", "by share of security", "at most places"),
        distance=(100, 100, 100, 0),
        arrivals=(22,),
    )
    assert tuple(amounts(found, "protection")[m] for m in HOSTS) == (10, 10, 2, 0)
    row = found.shares[0].row("ALB")
    assert row is not None
    assert row.weight is not None
    assert row.weight.value.amount == Fraction(1, 2)  # type: ignore[union-attr]


def test_a_weighted_score_is_a_value() -> None:
    rows = ["75% safe : security from 0 to 10", "25% near : distance from 1_000 km to 0 km"]
    found = hosting(
        rows,
        kind="by weight",
        lines=("by hosting", "at most places"),
        distance=(0, 1_000, 500, 1_000),
        security=(10, 10, 5, 0),
        arrivals=(20,),
    )
    totals = found.criteria[0].totals
    assert [totals[m].value.amount for m in HOSTS] == [1, Fraction(3, 4), Fraction(1, 2), 0]  # type: ignore[union-attr]
    assert tuple(amounts(found, "protection")[m] for m in HOSTS) == (9, 7, 4, 0)


def _bands(scores: list[dict[str, Fraction]], members: tuple[str, ...], within: Fraction) -> list[tuple[str, ...]]:
    """The definition, word for word."""
    if not scores:
        return [tuple(sorted(members))] if members else []
    found: list[tuple[str, ...]] = []
    left = set(members)
    while left:
        best = max(scores[0][m] for m in left)
        band = {m for m in left if scores[0][m] >= best - within}
        found += _bands(scores[1:], tuple(band), within)
        left -= band
    return found


figure = st.integers(0, 10)


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(st.tuples(*[figure] * 4), st.tuples(*[figure] * 4), st.integers(0, 5))
def test_bands_are_those_of_the_definition(security: tuple[int, ...], far: tuple[int, ...], tenths: int) -> None:
    rows = ["safe : security from 0 to 10", "near : distance from 1_000 km to 0 km", f"similar within {tenths * 10}%"]
    found = hosting(rows, security=security, distance=tuple(each * 100 for each in far))
    scores = [
        {m: Fraction(v, 10) for m, v in zip(HOSTS, security, strict=True)},
        {m: 1 - Fraction(v, 10) for m, v in zip(HOSTS, far, strict=True)},
    ]
    assert list(found.criteria[0].bands) == _bands(scores, HOSTS, Fraction(tenths, 10))


def test_the_order_of_members_changes_no_band() -> None:
    seen = set()
    for order in permutations(range(4)):
        security = tuple((9, 8, 7, 6)[i] for i in order)
        found = hosting(
            ["safe : security from 0 to 10", "near : distance from 1_000 km to 0 km", "similar within 10%"],
            security=security,
            distance=(0, 0, 0, 0),
        )
        by_score = dict(zip(HOSTS, security, strict=True))
        seen.add(tuple(tuple(sorted(by_score[m] for m in band)) for band in found.criteria[0].bands))
    assert seen == {((8, 9), (6, 7))}
