"""Trades that conserve, places at least cost, pledges followed, participation by ground, and four published keys.

What is published stands in `cases/expected/*.csv` beside the cases; the README of each policy says where it comes from
and how sure it is. Other literal figures were worked out apart from the engine. Trades are judged again by a small
simulation, and the least cost is found again by trying every placement.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision
from policy_dsl.pipeline import check_policy, decide, explanation, open_file, read_case
from policy_dsl.values import Quantity

ROOT = Path(__file__).resolve().parents[2] / "policies"


@cache
def law(folder: str) -> Checked:
    found = check_policy(open_file(str(ROOT / folder / f"{folder}.policy"))).checked
    assert found is not None
    return found


def decided_from(folder: str, text: str) -> Decision:
    read = read_case(law(folder), open_file(str(ROOT / folder / "cases" / "made.yaml"), text.encode()))
    assert read.case is not None, [(problem.code, dict(problem.params)) for problem in read.problems]
    return decide(law(folder), read.case)


@cache
def decided(case: str) -> Decision:
    folder = Path(case).parts[0]
    return decided_from(folder, (ROOT / folder / "cases" / Path(case).name).read_text(encoding="utf-8"))


def amount(value: object) -> Fraction:
    assert isinstance(value, Quantity)
    return value.amount


def shares(decision: Decision, name: str, cohort: str = "") -> dict[str, Fraction]:
    """What each has of a sharing out, without those who have nothing."""
    found = next(each for each in decision.shares if each.entry.name == name and each.cohort == cohort)
    return {row.member: amount(row.final.value) for row in found.rows if amount(row.final.value)}


def values(decision: Decision, name: str) -> dict[str, Fraction]:
    """A definition of each member, without those for whom it is nothing."""
    found = {who: amount(each.value) for (what, who), each in decision.values.items() if what == name and len(who) == 1}
    return {who[0]: value for who, value in found.items() if value}


def value(decision: Decision, name: str) -> Fraction:
    return amount(decision.values[name, ()].value)


def duties(decision: Decision, name: str, status: str) -> set[str]:
    return {each.holder for each in decision.duties if each.entry.name == name and each.status == status}


def group(decision: Decision, name: str) -> set[str]:
    found = decision.groups[name].value
    assert isinstance(found, tuple)
    return {str(each) for each in found}


def table(path: str) -> Iterator[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


# ---- four published keys ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "name", "expected", "column", "tolerance"),
    [
        ("esm_contribution_key/cases/annex_2012.yaml", "contribution_key", "annex_2012", "key (percent)", "0"),
        ("esm_contribution_key/cases/key_2020.yaml", "contribution_key", "key_2020", "key (percent)", "0.0001"),
        ("esm_contribution_key/cases/key_2021.yaml", "contribution_key", "key_2021", "key (percent)", "0"),
        ("ecb_capital_key/cases/key_2019.yaml", "weight_in_key", "ecb_2018_27", "key (percent)", "0.0406"),
        ("montreal_trust_fund/cases/year_2017.yaml", "printed", "mop28_annex_v", "scale (percent)", "0"),
        ("montreal_trust_fund/cases/year_2018.yaml", "printed", "mop28_annex_v", "scale (percent)", "0"),
    ],
)
def test_a_published_key_comes_out_again(case: str, name: str, expected: str, column: str, tolerance: str) -> None:
    decision = decided(case)
    found = (
        shares(decision, name) if any(each.entry.name == name for each in decision.shares) else values(decision, name)
    )
    rows = list(table(f"{Path(case).parent.as_posix()}/expected/{expected}.csv"))
    assert rows
    worst = max(abs(found.get(row["member"], Fraction()) - Fraction(row[column]) / 100) for row in rows)
    assert worst == Fraction(tolerance) / 100


def test_only_poland_is_far_from_the_published_key_of_the_bank() -> None:
    found = values(decided("ecb_capital_key/cases/key_2019.yaml"), "weight_in_key")
    rows = list(table("ecb_capital_key/cases/expected/ecb_2018_27.csv"))
    residuals = {row["member"]: (found[row["member"]] * 100 - Fraction(row["key (percent)"])) for row in rows}
    assert residuals == {row["member"]: Fraction(row["residual (percentage points)"]) for row in rows}
    assert {member for member, each in residuals.items() if abs(each) > Fraction("0.009")} == {"POL"}
    assert sum(found.values()) == 1


def test_one_printed_digit_of_the_mechanism_differs() -> None:
    found = shares(decided("esm_contribution_key/cases/key_2020.yaml"), "contribution_key")
    rows = {
        row["member"]: Fraction(row["key (percent)"])
        for row in table("esm_contribution_key/cases/expected/key_2020.csv")
    }
    assert {member for member, each in rows.items() if found[member] * 100 != each} == {"GRC"}


@pytest.mark.parametrize(("year", "column"), [("2017", "year_2017 (USD)"), ("2018", "year_2018 (USD)")])
def test_contributions_to_the_trust_fund_come_out_to_the_dollar(year: str, column: str) -> None:
    decision = decided(f"montreal_trust_fund/cases/year_{year}.yaml")
    found = values(decision, "contribution")
    rows = list(table("montreal_trust_fund/cases/expected/mop28_annex_v.csv"))
    assert {row["member"]: found.get(row["member"], 0) for row in rows} == {
        row["member"]: int(row[column]) for row in rows
    }
    assert len(group(decision, "paying")) == 59


def test_capital_of_germany_in_the_mechanism() -> None:
    assert values(decided("esm_contribution_key/cases/annex_2012.yaml"), "subscription")["DEU"] == 190_024_800_000


AFRICAN_UNION = "african_union_scale/cases/scale_2016.yaml"


@pytest.mark.parametrize(
    ("at", "column"),
    [
        ("2016-01-30", "rate until 30 January 2016 (percent)"),
        ("2016-01-31", "rate from 31 January 2016 (percent)"),
        ("2016-02-15", "rate from 31 January 2016 (percent)"),
    ],
)
def test_tier_one_of_the_african_union_is_as_published(at: str, column: str) -> None:
    text = (ROOT / AFRICAN_UNION).read_text(encoding="utf-8").replace("at: 2016-02-15", f"at: {at}")
    decision = decided_from("african_union_scale", text)
    published = {
        row["member"]: Fraction(row[column]) / 100
        for row in table("african_union_scale/cases/expected/tier_1_2016.csv")
    }
    assert group(decision, "tier_1") == set(published)
    rates = shares(decision, "rate")
    assert {member: rates[member] for member in published} == published
    assert sum(rates.values()) == 1


def test_the_other_tiers_of_the_african_union_bear_the_rest_by_capacity() -> None:
    gdp = {
        row["member"]: Fraction(row["gdp (USD per year)"])
        for row in table("african_union_scale/cases/scale_2016_facts.csv")
    }
    whole = sum(gdp.values())
    second = {member: each for member, each in gdp.items() if whole / 100 < each <= whole / 25}
    third = {member: each for member, each in gdp.items() if each <= whole / 100}
    rest = 1 - Fraction(4 * 12 + 8, 100)
    ours = shares(decided(AFRICAN_UNION), "rate")
    for tier, part in ((second, Fraction(5, 8)), (third, Fraction(3, 8))):
        for member, each in tier.items():
            assert abs(ours[member] - rest * part * each / sum(tier.values())) < Fraction(1, 100_000)
    assert len(second) + len(third) + 5 == len(gdp) == len(ours)


# ---- trades ----------------------------------------------------------------------------------------------------------

TRADES = "schuck_quotas/cases/kosovo_1999.yaml"


def test_what_stands_of_ten_transfers() -> None:
    decision = decided(TRADES)
    judged = next(each for each in decision.timeline if each.entry.name == "transfer").events
    valid = [(str(each.event.fields["giver"]), str(each.event.fields["taker"])) for each in judged if each.valid]
    assert sorted(valid) == [("CHE", "HUN"), ("FRA", "ALB"), ("GBR", "TUR"), ("ITA", "HRV")]
    assert len(judged) == 10


def test_transfers_move_places_and_money_and_make_none() -> None:
    decision = decided(TRADES)
    quota, after = shares(decision, "quota"), values(decision, "duty_after")
    assert sum(quota.values()) == sum(after.values()) == 712_800
    moved = {member: after.get(member, 0) - quota.get(member, 0) for member in {*quota, *after}}
    assert {member: each for member, each in moved.items() if each} == {
        "CHE": -13_000,
        "HUN": 13_000,
        "FRA": -50_000,
        "ALB": 50_000,
        "GBR": -60_000,
        "TUR": 60_000,
        "ITA": -20_000,
        "HRV": 20_000,
    }
    assert sum(values(decision, "net_payment").values()) == 0
    assert value(decision, "price") == Fraction(327_000_000, 143_000)


def test_return_to_danger_does_not_depend_on_trade() -> None:
    proved = {each.entry.name for each in decided(TRADES).guarantees if each.proved}
    assert proved == {"not_for_sale", "not_bought"}


STATES = ("XAA", "XAB", "XAC", "XAD")


def _market(seed: int) -> tuple[dict[str, int], dict[str, int], set[str], list[tuple[int, str, str, int]]]:
    """Quotas that are whole, rooms, who meets the standard, and transfers by minute; several may share a minute."""
    draw = random.Random(seed)
    quota = {state: draw.randrange(2, 40, 2) for state in STATES}
    room = {state: quota[state] + draw.randrange(0, 20) for state in STATES}
    decent = {state for state in STATES if draw.random() < 0.8}
    transfers = []
    for _ in range(12):
        giver, taker = draw.sample(STATES, 2)
        transfers.append((draw.randrange(6), giver, taker, draw.randrange(1, 12)))
    return quota, room, decent, transfers


def _simulated(seed: int) -> tuple[dict[str, int], int]:
    """The same market judged minute by minute: what each keeps, and how many transfers stand."""
    quota, room, decent, transfers = _market(seed)
    kept, given, count = dict(quota), dict.fromkeys(STATES, 0), 0

    def stands(transfer: tuple[int, str, str, int], kept: Mapping[str, int], given: Mapping[str, int]) -> bool:
        _, giver, taker, places = transfer
        return taker in decent and 2 * (places + given[giver]) <= quota[giver] and places + kept[taker] <= room[taker]

    for minute in range(6):
        now = [each for each in transfers if each[0] == minute and stands(each, kept, given)]
        # Those of one minute stand if each still does beside all the others of that minute.
        safe = []
        for each in now:
            kept_beside, given_beside = dict(kept), dict(given)
            for other in now:
                if other is not each:
                    kept_beside[other[1]] -= other[3]
                    kept_beside[other[2]] += other[3]
                    given_beside[other[1]] += other[3]
            if stands(each, kept_beside, given_beside):
                safe.append(each)
        for _, giver, taker, places in safe:
            kept[giver] -= places
            kept[taker] += places
            given[giver] += places
            count += 1
    return kept, count


def _market_case(seed: int) -> str:
    quota, room, decent, transfers = _market(seed)
    events = [
        f"  - {{step: transfer, at: 2000-01-02T10:{minute:02}Z, by: {giver}, giver: {giver}, taker: {taker}, "
        f"places: {places} persons, payment: {places * 100} USD}}"
        for minute, giver, taker, places in transfers
    ]
    columns = "\n".join(
        [
            "  wealth: {unit: USD per year, " + ", ".join(f"{s}: {quota[s] * 1_000_000}" for s in STATES) + "}",
            "  population: {unit: persons, " + ", ".join(f"{s}: 1" for s in STATES) + "}",
            "  room: {unit: persons, " + ", ".join(f"{s}: {room[s]}" for s in STATES) + "}",
            "  standard: {" + ", ".join(f"{s}: {'yes' if s in decent else 'no'}" for s in STATES) + "}",
        ]
    )
    return (
        f"case: Market {seed}\npolicy: schuck_quotas\nat: 2000-02-01\n"
        f"default: {{source: made, date: 2000-01-01}}\nmembers:\n  participating: [{', '.join(STATES)}]\n"
        f"facts:\n  need: {sum(quota.values())} persons\n{columns}\nevents:\n"
        "  - {step: assessment, at: 2000-01-01, by: agency}\n" + "\n".join(events) + "\n"
    )


@pytest.mark.parametrize("seed", range(12))
def test_any_market_conserves_places_and_is_judged_as_the_rules_say(seed: int) -> None:
    decision = decided_from("schuck_quotas", _market_case(seed))
    after = values(decision, "duty_after")
    kept, count = _simulated(seed)
    assert sum(after.values()) == sum(kept.values())
    assert {state: after.get(state, 0) for state in STATES} == kept
    judged = next(each for each in decision.timeline if each.entry.name == "transfer").events
    assert sum(each.valid for each in judged) == count
    assert {each.status for each in decision.guarantees} == {"holds"}


# ---- least cost ------------------------------------------------------------------------------------------------------

COHORTS = ("c_one", "c_two", "c_three")


def _splits(persons: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (persons,)
        return
    for first in range(persons + 1):
        for rest in _splits(persons - first, parts - 1):
            yield (first, *rest)


def _cheapest(size: list[int], room: list[int], cost: list[list[Fraction]]) -> Fraction:
    """Every placement within the rooms is tried."""
    return min(
        sum(
            (n * c for row, prices in zip(placed, cost, strict=True) for n, c in zip(row, prices, strict=True)),
            Fraction(),
        )
        for placed in product(*(list(_splits(n, len(room))) for n in size))
        if all(sum(row[state] for row in placed) <= room[state] for state in range(len(room)))
    )


@pytest.mark.parametrize("seed", range(10))
def test_no_placement_is_cheaper(seed: int) -> None:
    draw = random.Random(seed)
    size = [draw.randrange(1, 5) for _ in COHORTS]
    room = [draw.randrange(1, 6) for _ in range(3)]
    room[0] += max(0, sum(size) - sum(room))
    income = draw.sample(range(1, 6), 3)
    price = [[draw.randrange(1, 30) for _ in range(3)] for _ in COHORTS]
    states = STATES[:3]
    columns = "\n".join(
        f"    {cohort}: {{{', '.join(f'{s}: {p}' for s, p in zip(states, row, strict=True))}}}"
        for cohort, row in zip(COHORTS, price, strict=True)
    )
    decision = decided_from(
        "atherton_least_cost",
        "case: Small\npolicy: atherton_least_cost\nat: 2000-02-01\ndefault: {source: made, date: 2000-01-01}\n"
        f"members:\n  participating: [{', '.join(states)}]\ncohorts: [{', '.join(COHORTS)}]\nfacts:\n"
        f"  persons_of: {{unit: persons, {', '.join(f'{c}: {n}' for c, n in zip(COHORTS, size, strict=True))}}}\n"
        f"  capacity: {{unit: persons, {', '.join(f'{s}: {n}' for s, n in zip(states, room, strict=True))}}}\n"
        f"  income: {{unit: USD per year, {', '.join(f'{s}: {n}' for s, n in zip(states, income, strict=True))}}}\n"
        f"  cost:\n    unit: USD per person\n{columns}\n",
    )
    cost = [[Fraction(p, i) for p, i in zip(row, income, strict=True)] for row in price]
    placed = [shares(decision, "placement", cohort) for cohort in COHORTS]
    assert [sum(row.values()) for row in placed] == size
    assert all(sum(row.get(s, 0) for row in placed) <= n for s, n in zip(states, room, strict=True))
    found = sum(row.get(s, 0) * cost[i][j] for i, row in enumerate(placed) for j, s in enumerate(states))
    assert found == _cheapest(size, room, cost)


FOUR = "atherton_least_cost/cases/four_cohorts.yaml"


def test_no_exchange_makes_the_placement_of_four_cohorts_cheaper() -> None:
    """A placement is the cheapest if no chain of moves, from State to State and back, saves anything."""
    decision = decided(FOUR)
    states = decision.members
    names = decision.case.cohorts
    cost = {who: amount(each.value) for (what, who), each in decision.values.items() if what == "relative_cost"}
    price = {(c, s): next(v for who, v in cost.items() if set(who) == {c, s}) for c in names for s in states}
    placed = {c: shares(decision, "placement", c) for c in names}
    free = values(decision, "free_places")
    assert free == {"XLC": 2_000}
    # Moving one person of c from s to t costs price[c, t] - price[c, s]; a State with free places may end a chain.
    far = dict.fromkeys(states, Fraction())
    for _ in states:
        for s, t in product(states, repeat=2):
            moves = [price[c, t] - price[c, s] for c in names if placed[c].get(s, 0) > 0]
            if moves:
                far[t] = min(far[t], far[s] + min(moves))
    for s, t in product(states, repeat=2):
        moves = [price[c, t] - price[c, s] for c in names if placed[c].get(s, 0) > 0]
        assert not moves or far[t] <= far[s] + min(moves)


def test_placement_of_four_cohorts_and_who_is_full() -> None:
    decision = decided(FOUR)
    assert shares(decision, "placement", "farmers") == {"XLA": 5_000, "XLB": 2_000}
    assert shares(decision, "placement", "town_families") == {"XLB": 2_000, "XLC": 1_000, "XOA": 2_500, "XOB": 500}
    assert shares(decision, "placement", "students") == {"XOB": 2_500}
    assert shares(decision, "placement", "in_need_of_care") == {"XOA": 2_500}
    held = {row.member for each in decision.shares for row in each.rows if row.held == "ceiling"}
    assert held == {"XLA", "XLB", "XOA", "XOB"}


def test_after_the_settlement_each_bears_its_part_of_income() -> None:
    decision = decided(FOUR)
    assert sum(values(decision, "settlement").values()) == 0
    borne = values(decision, "net_cost")
    total = sum(values(decision, "bill").values())
    assert total == sum(borne.values()) == 118_450_000
    assert abs(borne["XOA"] - total * Fraction(300, 565)) < 1


# ---- pledges ---------------------------------------------------------------------------------------------------------


def test_what_new_money_carries_out_after_the_conference_of_1981() -> None:
    decision = decided("icara/cases/icara_1_1981.yaml")
    assert sum(values(decision, "pledged_by").values()) == 560_000_000
    assert value(decision, "available") == 125_000_000
    assert shares(decision, "carried_out") == {"DJI": 30_000_000, "BDI": 60_000_000, "SOM": 35_000_000}
    assert group(decision, "complete") == {"BDI", "DJI"}
    assert group(decision, "scaled") == {"SOM"}
    assert group(decision, "postponed") == {"AGO", "COD", "ETH", "SDN", "TZA"}
    assert value(decision, "shortfall") == 1_025_000_000
    assert duties(decision, "to_pay", "breached") == {"XDO"}
    assert values(decision, "follow_through")["XDO"] == Fraction(120, 170)


def test_projects_of_the_third_urgency_are_scaled_down_alike() -> None:
    decision = decided("cirefca/cases/cirefca_1994.yaml")
    assert value(decision, "mobilised") == 422_300_000
    assert [value(decision, f"part_{urgency}") for urgency in (1, 2, 3)] == [1, 1, Fraction(423, 1_200)]
    assert sum(values(decision, "carried_out").values()) == 422_300_000
    assert values(decision, "carried_out")["SLV"] == 60_000_000 + 60_000_000 + 14_100_000
    assert group(decision, "waiting") == {"CRI", "HND", "MEX", "NIC", "SLV"}
    refused = [each for step in decision.timeline for each in step.events if not each.valid]
    assert [each.event.by for each in refused] == [("SLV",)]


@pytest.mark.parametrize(
    ("case", "pledged", "gap", "delivered"),
    [("evacuation_1999", 85_000, 0, Fraction("0.2941")), ("july_2015", 32_256, 7_744, Fraction())],
)
def test_pledged_and_delivered(case: str, pledged: int, gap: int, delivered: Fraction) -> None:
    decision = decided(f"pledged_places/cases/{case}.yaml")
    assert value(decision, "promised_in_all") == pledged
    assert value(decision, "gap") == gap
    assert round(value(decision, "delivery_ratio"), 4) == delivered
    assert sum(shares(decision, "further").values()) == gap


# ---- participation by ground -----------------------------------------------------------------------------------------


def test_togo_kin_protect_and_the_public_pays() -> None:
    decision = decided("situation_specific/cases/togo_1993.yaml")
    assert "NER" not in decision.members
    assert shares(decision, "with_kin") == {"BEN": 155_908}
    assert sum(shares(decision, "in_region").values()) + 155_908 + 2_000 == 291_055
    paid = shares(decision, "contribution")
    assert set(paid) == {"ITA", "NLD", "SWE"}
    assert paid["SWE"] == 80_000_000
    assert sum(paid.values()) == (291_055 - 2_000) * 1_250


def test_three_grounds_three_kinds_of_contribution() -> None:
    decision = decided("situation_specific/cases/three_grounds.yaml")
    assert shares(decision, "with_kin") == {"XKA": 70_000}
    assert shares(decision, "homes_owed") == {"XRA": 24_000}
    assert set(shares(decision, "contribution")) == {"XOA", "XOB", "XPA", "XRA"}
    assert shares(decision, "contribution")["XPA"] == 60_000_000
    # Restitution counts income twice; the rest of the cost is shared by income.
    assert shares(decision, "contribution")["XRA"] == round(Fraction(365_000_000 * 4_000, 6_300))
    assert values(decision, "paid_to")["XKA"] == 70_000 * 1_250


def test_an_illustration_of_three_grounds_that_can_be_followed_by_hand() -> None:
    decision = decided("situation_specific/cases/illustration.yaml")
    places = {
        name: shares(decision, name) for name in ("with_kin", "by_offer", "in_region", "homes_owed", "homes_shared")
    }
    assert places == {
        "with_kin": {"XKA": 6_000},
        "by_offer": {},
        "in_region": {"GHA": 3_600},
        "homes_owed": {"XRA": 100},
        "homes_shared": {"NLD": 300},
    }
    assert shares(decision, "contribution") == {"NLD": 4_500_000, "XPA": 3_000_000, "XRA": 4_500_000}
    account = decision.funds[0]
    assert {each[0]: each[2] for each in account.paid_out if each[2]} == {"GHA": 4_500_000, "XKA": 7_500_000}
    assert account.cut == 0


def test_reasons_name_the_ground() -> None:
    assert "kinship" in explanation(
        decided("situation_specific/cases/three_grounds.yaml"), "with_kin of XKA", level="full"
    )
