"""Published apportionments and the published scale of the United Nations, reproduced exactly."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from policy_dsl.sharing import Level, hold_between, hold_in_levels, round_shares

PUBLISHED = json.loads((Path(__file__).parent / "data" / "published_apportionments.json").read_text(encoding="utf-8"))
TABLES = [
    pytest.param(case, method, expected, id=f"{case['id']}-{method}")
    for case in PUBLISHED["apportionments"]
    for method, expected in case["expected"].items()
]
SCALE = PUBLISHED["united_nations_scale"]
RATES = {state: Fraction(rate) for state, rate in SCALE["rates"].items()}
FLOOR, GROUP_CEILING, CEILING = (Fraction(SCALE[k]) for k in ("floor", "least_developed_ceiling", "ceiling"))
HUNDRED = Fraction(100)


def seats_of(case, method):
    whole = sum(case["weights"].values())
    shares = {m: Fraction(w * case["seats"], whole) for m, w in case["weights"].items()}
    floors = {m: Fraction(case["minimum"]) for m in shares}
    return round_shares(Fraction(case["seats"]), shares, method=method, floors=floors)


@pytest.mark.parametrize(("case", "method", "expected"), TABLES)
def test_published_seats(case, method, expected):
    result = seats_of(case, method)
    assert result.rounded == expected
    assert not result.ties
    assert result.check()


@pytest.mark.parametrize(
    ("name", "method", "wrong"),
    [
        ("balinski_young_1", "webster", "jefferson"),
        ("balinski_young_1", "largest_remainder", "webster"),
        ("balinski_young_2", "hill", "webster"),
        ("balinski_young_2", "dean", "hill"),
        ("balinski_young_2", "adams", "dean"),
        ("balinski_young_2", "jefferson", "adams"),
        ("us_house_2020", "hill", "jefferson"),
    ],
)
def test_each_table_tells_its_method_from_another(name, method, wrong):
    case = next(c for c in PUBLISHED["apportionments"] if c["id"] == name)
    assert seats_of(case, wrong).rounded != case["expected"][method]


def test_the_2020_house_gives_the_last_seat_to_minnesota_before_new_york():
    case = next(c for c in PUBLISHED["apportionments"] if c["id"] == "us_house_2020")
    result = seats_of(case, "hill")
    minnesota = Fraction(case["weights"]["Minnesota"] * 435, sum(case["weights"].values()))
    assert result.last.value == minnesota**2 / (7 * 8)
    more = seats_of({**case, "weights": {**case["weights"], "New York": case["weights"]["New York"] + 89}}, "hill")
    enough = seats_of({**case, "weights": {**case["weights"], "New York": case["weights"]["New York"] + 88}}, "hill")
    assert (more.rounded["New York"], more.rounded["Minnesota"]) == (27, 7)
    assert (enough.rounded["New York"], enough.rounded["Minnesota"]) == (26, 8)


def before_limits():
    """Rates as they might have stood before the limits: small ones halved, held ones raised."""
    raised = {s: r * 3 for s, r in RATES.items() if s in SCALE["least_developed"] and r == GROUP_CEILING}
    halved = {s: r / 2 for s, r in RATES.items() if r == FLOOR}
    return {**RATES, **raised, **halved, "United States of America": CEILING * Fraction(13, 10)}


def limits():
    group = dict.fromkeys(SCALE["least_developed"], GROUP_CEILING)
    return dict.fromkeys(RATES, FLOOR), group, dict.fromkeys(RATES, CEILING)


def test_the_published_scale_adds_up_and_keeps_its_limits():
    assert sum(RATES.values()) == HUNDRED
    assert max(RATES.values()) == CEILING == RATES["United States of America"]
    assert min(RATES.values()) == FLOOR
    assert max(RATES[s] for s in SCALE["least_developed"]) == GROUP_CEILING


def test_the_limits_of_the_scale_restore_the_published_rates():
    floors, group, all_ceilings = limits()
    held = hold_between(HUNDRED, before_limits(), floors, {**all_ceilings, **group})
    assert held.shares == RATES
    assert held.at_floor == {s for s, r in RATES.items() if r == FLOOR}
    assert "United States of America" in held.at_ceiling
    assert held.factor == 1


def test_the_steps_of_the_scale_in_order_restore_the_published_rates():
    floors, group, all_ceilings = limits()
    held = hold_in_levels(HUNDRED, before_limits(), [Level(floors, {}), Level({}, group), Level({}, all_ceilings)])
    assert held.shares == RATES
    assert held.held_in["United States of America"] == 2
    assert not held.broken
    assert held.check()


def test_without_its_ceilings_the_scale_is_another():
    floors, _, _ = limits()
    assert hold_between(HUNDRED, before_limits(), floors, {}).shares != RATES
