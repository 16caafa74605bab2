"""Keys, scales and funds that were really used or proposed: each published table comes out of the policy again.

The published figures stand in `cases/expected/*.csv` beside the cases; their sources are in the README of each policy.
A published scale of the United Nations is itself put in: that it comes out unchanged checks the limits, not the method.
Where the figures put in are not those that the authors of a table used, the table is reached within the tolerance
stated here, and the residual of each member is the one that was found without the engine.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision, Shared
from policy_dsl.pipeline import check_policy, decide, open_file, read_case
from policy_dsl.values import Quantity

ROOT = Path(__file__).resolve().parents[2] / "policies"


@cache
def law(folder: str) -> Checked:
    found = check_policy(open_file(str(ROOT / folder / f"{folder}.policy"))).checked
    assert found is not None
    return found


@cache
def decided(case: str) -> Decision:
    of = law(Path(case).parts[0])
    read = read_case(of, open_file(str(ROOT / case)))
    assert read.case is not None
    return decide(of, read.case)


def decided_from(folder: str, text: str) -> Decision:
    read = read_case(law(folder), open_file(str(ROOT / folder / "cases" / "made.yaml"), text.encode()))
    assert read.case is not None, [(problem.code, dict(problem.params)) for problem in read.problems]
    return decide(law(folder), read.case)


def amount(value: object) -> Fraction:
    assert isinstance(value, Quantity)
    return value.amount


def certificate(case: str, name: str, cohort: str = "") -> Shared:
    return next(each for each in decided(case).shares if each.entry.name == name and each.cohort == cohort)


def shares(case: str, name: str, cohort: str = "") -> dict[str, Fraction]:
    """What each member that shares has; percentages are ratios."""
    rows = certificate(case, name, cohort).rows
    return {row.member: amount(row.final.value) for row in rows if row.outside is None}


def values(case: str, name: str) -> dict[str, Fraction]:
    """A definition of each member, by member."""
    found = decided(case).values
    return {who[0]: amount(each.value) for (what, who), each in found.items() if what == name and len(who) == 1}


def value(case: str, name: str) -> Fraction:
    """A definition that has one value for the case."""
    return amount(decided(case).values[name, ()].value)


def figures(path: str) -> dict[str, dict[str, Fraction]]:
    """A table beside a case: the figures of each member by the name of the column, without its unit."""
    with (ROOT / path).open(encoding="utf-8", newline="") as lines:
        return {
            row["member"]: {
                key.partition(" (")[0]: Fraction(cell) for key, cell in row.items() if key != "member" and cell
            }
            for row in csv.DictReader(lines)
        }


# ---- published tables ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A published table. `scale` is what a figure of the policy is multiplied by, before it is compared."""

    case: str
    name: str
    expected: str
    column: str
    tolerance: Fraction
    scale: int = 1
    cohort: str = ""
    defined: bool = False

    def ours(self) -> dict[str, Fraction]:
        found = values(self.case, self.name) if self.defined else shares(self.case, self.name, self.cohort)
        return {member: each * self.scale for member, each in found.items()}

    def published(self) -> dict[str, Fraction]:
        return {member: row[self.column] for member, row in figures(self.expected).items()}


PROPOSAL = "eu_relocation_2015/cases/proposal_120000.yaml"
PROPOSED = "eu_relocation_2015/cases/expected/com_2015_451.csv"
SEPTEMBER = "eu_relocation_2015/cases/allocation_66000.yaml"
ANNEXES = "eu_relocation_2015/cases/expected/decision_2015_1601.csv"
MAY = "eu_relocation_may_2015/cases/key_may_2015.yaml"
AGENDA = "eu_relocation_may_2015/cases/expected/com_2015_240.csv"
POOL = "eu_solidarity_pool/cases/pool_2026.yaml"
PLEDGES = "eu_solidarity_pool/cases/expected/pool_2026.csv"
PEACE = "peacekeeping_levels/cases/period_2025.yaml"


def limits(year: int) -> str:
    return f"un_scale_limits/cases/scale_{year}.yaml"


def un_scale(year: int) -> str:
    return f"un_scale_limits/cases/expected/scale_{year}.csv"


NONE = Fraction(0)
CAP = Fraction("0.0011")  # 0.11 percentage points
TABLES = {
    "COM(2015) 240, key": Table(MAY, "key_share", AGENDA, "published", Fraction("0.15"), 100),
    "Decision 2015/1601, both annexes": Table(SEPTEMBER, "relocation", ANNEXES, "total", CAP * 66_000, defined=True),
    "Decision 2015/1601, Annex I": Table(SEPTEMBER, "allocation", ANNEXES, "annex I", CAP * 15_600, cohort="italy"),
    "Decision 2015/1601, Annex II": Table(SEPTEMBER, "allocation", ANNEXES, "annex II", CAP * 50_400, cohort="greece"),
    "COM(2015) 451, three annexes": Table(
        PROPOSAL, "relocation", PROPOSED, "total", Fraction("0.0015") * 120_000, defined=True
    ),
    "Pool of 2026, shares": Table(POOL, "key_share", PLEDGES, "published share", Fraction("0.2"), 100),
    "Pool of 2026, pledges": Table(POOL, "full_contribution", PLEDGES, "published pledge", NONE, defined=True),
    "UN scale 1992": Table(limits(1992), "rate", un_scale(1992), "published", Fraction("0.07"), 100),
    "UN scale 2016-2018": Table(limits(2016), "rate", un_scale(2016), "published", NONE, 100),
    "UN scale 2019-2021": Table(limits(2019), "rate", un_scale(2019), "published", NONE, 100),
    "UN scale 2022-2024": Table(limits(2022), "rate", un_scale(2022), "published", NONE, 100),
    "UN scale 2025-2027": Table(limits(2025), "rate", un_scale(2025), "published", NONE, 100),
    "Peacekeeping 2025-2027": Table(
        PEACE, "rate", "peacekeeping_levels/cases/expected/period_2025.csv", "published", Fraction("0.1"), 100
    ),
}


@pytest.mark.parametrize("title", TABLES)
def test_a_published_table_is_reproduced(title: str) -> None:
    table = TABLES[title]
    ours, published = table.ours(), table.published()
    assert published
    assert set(published) <= set(ours)
    off = {member: ours[member] - figure for member, figure in published.items()}
    assert {member: float(by) for member, by in off.items() if abs(by) > table.tolerance} == {}


def test_a_published_table_has_all_who_share() -> None:
    for title in TABLES:
        table = TABLES[title]
        if table.case not in (POOL, PEACE) and not table.defined:
            assert set(table.published()) == set(table.ours()), title


RESIDUALS = {
    "COM(2015) 240, key": (MAY, "key_share", AGENDA, "residual", "published", Fraction(1, 100)),
    "Decision 2015/1601": (SEPTEMBER, "key_share", ANNEXES, "residual of the total", "total", Fraction(1, 66_000)),
    "COM(2015) 451": (PROPOSAL, "key_share", PROPOSED, "residual of the total", "total", Fraction(1, 120_000)),
    "Pool of 2026": (POOL, "key_share", PLEDGES, "residual of the key", "published share", Fraction(1, 100)),
}


@pytest.mark.parametrize("title", RESIDUALS)
def test_what_is_left_of_a_table_is_what_was_found_without_the_engine(title: str) -> None:
    case, name, expected, residual, column, part = RESIDUALS[title]
    ours = shares(case, name)
    for member, row in figures(expected).items():
        points = (ours[member] - row[column] * part) * 100
        assert abs(points - row[residual]) <= Fraction("0.00006"), (member, float(points))


def test_the_two_keys_of_2015_are_told_apart() -> None:
    """The key without a cap, on the figures of September, misses the table of September by far."""
    table = figures("eu_relocation_2015/cases/allocation_66000_facts.csv")
    who = figures(ANNEXES)
    past = {m: sum((v for k, v in table[m].items() if k.startswith(("app", "res"))), NONE) for m in who}
    weights = [
        (Fraction(4, 10), {m: table[m]["population"] for m in who}),
        (Fraction(4, 10), {m: table[m]["gdp"] for m in who}),
        (Fraction(1, 10), {m: table[m]["population"] / past[m] for m in who}),
        (Fraction(1, 10), {m: 1 / table[m]["unemployment"] for m in who}),
    ]
    uncapped = {m: sum((w * of[m] / sum(of.values(), NONE) for w, of in weights), NONE) for m in who}
    assert max(abs(uncapped[m] * 66_000 - who[m]["total"]) for m in who) > 10 * CAP * 66_000


def test_the_annexes_are_each_shared_out_to_the_last_person() -> None:
    """As published they add up to 15 601 and 50 398."""
    assert sum(shares(SEPTEMBER, "allocation", "italy").values()) == 15_600
    assert sum(shares(SEPTEMBER, "allocation", "greece").values()) == 50_400
    published = figures(ANNEXES).values()
    assert (sum(row["annex I"] for row in published), sum(row["annex II"] for row in published)) == (15_601, 50_398)


# ---- Union: the proposal of 2016 and the pool ------------------------------------------------------------------------

DUBLIN = "dublin_iv_reference_key/cases/year_2015.yaml"


def test_dublin_iv_reference_numbers_follow_the_key() -> None:
    table = figures("dublin_iv_reference_key/cases/year_2015_facts.csv")
    total = {name: sum(row[name] for row in table.values()) for name in ("population", "gdp", "responsible")}
    for member, number in values(DUBLIN, "reference").items():
        key = sum((table[member][name] / total[name] for name in ("population", "gdp")), NONE) / 2
        assert abs(number - key * total["responsible"]) < 1


def test_dublin_iv_benefits_who_is_above_one_and_a_half() -> None:
    table = figures("dublin_iv_reference_key/cases/year_2015_facts.csv")
    reference = values(DUBLIN, "reference")
    above = {m for m, row in table.items() if row["responsible"] > Fraction(3, 2) * reference[m]}
    assert above == {"AUT", "BGR", "DEU", "FIN", "HUN", "MLT", "SWE"}
    assert amount(certificate(DUBLIN, "allocation").total.value) == sum(table[m]["new_applicants"] for m in above)


def test_dublin_iv_standing_aside_is_paid_for() -> None:
    otherwise = shares(DUBLIN, "otherwise_allocated")
    paid = {m: each for m, each in values(DUBLIN, "contribution").items() if each}
    assert paid == {m: otherwise[m] * 250_000 for m in ("CZE", "SVK")}
    assert sum(values(DUBLIN, "received").values()) == sum(paid.values()) > 0


def test_dublin_iv_allocation_fills_by_the_key_up_to_the_number() -> None:
    """One factor for all who receive, each held at the room that is left: found here by halving, not by the engine."""
    table = figures("dublin_iv_reference_key/cases/year_2015_facts.csv")
    total = {name: sum(row[name] for row in table.values()) for name in ("population", "gdp")}
    key = {m: row["population"] / total["population"] + row["gdp"] / total["gdp"] for m, row in table.items()}
    room = {m: of - table[m]["responsible"] for m, of in values(DUBLIN, "reference").items()}
    newcomers = {m: row["new_applicants"] for m, row in table.items()}
    above = {m for m in table if -room[m] * 2 > values(DUBLIN, "reference")[m]}
    to_allocate = sum(newcomers[m] for m in above)
    for name, aside in (("allocation", {"CZE", "SVK"}), ("otherwise_allocated", set())):
        open_states = [m for m in table if room[m] > 0 and m not in aside]
        low, high = NONE, Fraction(10**9)
        for _ in range(80):
            middle = (low + high) / 2
            if sum(min(key[m] * middle, room[m]) for m in open_states) < to_allocate:
                low = middle
            else:
                high = middle
        ours = shares(DUBLIN, name)
        assert sum(ours.values()) == to_allocate
        assert all(abs(ours[m] - min(key[m] * low, room[m])) < 1 for m in open_states)
        assert all(not ours.get(m) for m in aside)


def test_pool_of_2026_in_money_and_less_deductions() -> None:
    assert value(POOL, "value_of_relocations") == 420_000_000
    assert value(POOL, "value_of_least") == 600_000_000
    owed = values(POOL, "owed")
    assert {m for m, each in owed.items() if not each} == {"AUT", "CYP", "CZE", "ESP", "GRC", "HRV", "ITA", "POL"}
    assert value(POOL, "left_in_pool") == sum(owed.values())


# ---- scales of the United Nations ------------------------------------------------------------------------------------


def fixed_point(
    weights: dict[str, Fraction], total: Fraction, ceilings: dict[str, Fraction], floor: Fraction
) -> dict[str, Fraction]:
    """Hold who passes a limit, spread the rest over the others, until nobody moves."""
    held: dict[str, Fraction] = {}
    while True:
        free = {m: w for m, w in weights.items() if m not in held}
        factor = (total - sum(held.values())) / sum(free.values())
        over = {m: ceilings[m] for m, w in free.items() if w * factor > ceilings[m]}
        under = {m: floor for m, w in free.items() if w * factor < floor}
        if not over and not under:
            return held | {m: w * factor for m, w in free.items()}
        held |= over or under


FUND = "environmental_fund/cases/year_2025.yaml"
LEAST_DEVELOPED = """
    AFG AGO BDI BEN BFA BGD CAF COD COM DJI ERI ETH GIN GMB GNB HTI KHM KIR LAO LBR LSO MDG MLI MMR MOZ MRT MWI NER NPL
    RWA SDN SEN SLB SLE SOM SSD TCD TGO TLS TUV TZA UGA YEM ZMB
"""


def test_trust_fund_is_a_fixed_point_of_its_limits() -> None:
    published = figures("environmental_fund/cases/expected/un_2025_2027.csv")
    rates = {m: row["published"] / 100 for m, row in published.items()}
    assert sum(rates.values()) == 1
    del rates["USA"]
    rates |= {"COK": Fraction("0.00001"), "NIU": Fraction("0.00001"), "PSE": Fraction("0.00011")}
    ours = shares(FUND, "assessed")
    assert ours["EU"] == Fraction("0.025")
    ceilings = {m: Fraction("0.0001") if m in LEAST_DEVELOPED else Fraction("0.22") for m in rates}
    assert {m: each for m, each in ours.items() if m != "EU"} == fixed_point(
        rates, Fraction("0.975"), ceilings, Fraction(0)
    )
    assert ours["CHN"] == Fraction("0.22")
    assert sum(shares(FUND, "contributions").values()) == 20_000_000


def within(weights: dict[str, Fraction], low: Fraction, high: dict[str, Fraction]) -> dict[str, Fraction]:
    """Each weight times the one factor at which they add up to the whole, held between its limits.

    The sum rises with the factor and bends where somebody meets a limit: the factor lies between two such bends.
    """
    bends = sorted({limit / w for m, w in weights.items() for limit in (low, high[m])})

    def held(factor: Fraction) -> dict[str, Fraction]:
        return {m: min(max(w * factor, low), high[m]) for m, w in weights.items()}

    sums = [sum(held(factor).values()) for factor in bends]
    right = next(i for i, each in enumerate(sums) if each >= 1)
    before, after = sums[right - 1 : right + 1]
    return held(bends[right - 1] + (bends[right] - bends[right - 1]) * (1 - before) / (after - before))


@pytest.mark.parametrize("at", ["1995-06-01", "2022-06-01"])
@pytest.mark.parametrize("seed", range(8))
def test_limits_of_any_capacities_are_those_of_the_one_factor(seed: int, at: str) -> None:
    draw = random.Random(seed)
    states = draw.sample(["BGD", "BRA", "CHN", "DEU", "FRA", "HTI", "IND", "JPN", "MLI", "TUV", "USA", "ZAF"], 9)
    capacity = {state: Fraction(draw.randrange(1_000, draw.choice([20_000, 60_000])), 1_000) for state in states}
    capacity[states[0]] = Fraction(1, 10_000)  # so that a floor is met as well
    ceiling, floor = ("0.25", "0.0001") if at < "2000" else ("0.22", "0.00001")
    most = {m: Fraction("0.0001") if m in ("BGD", "HTI", "MLI", "TUV") else Fraction(ceiling) for m in states}
    figures_of = "".join(f"    {m}: {float(c)}\n" for m, c in capacity.items())
    found = decided_from(
        "un_scale_limits",
        f"case: Drawn\npolicy: un_scale_limits\nat: {at}\ndefault: {{source: drawn, date: {at}}}\n"
        f"members:\n  member_states: [{', '.join(states)}]\nfacts:\n  capacity:\n    unit: percent\n{figures_of}",
    )
    rows = next(each for each in found.shares if each.entry.name == "limited").rows
    assert {row.member: amount(row.final.value) for row in rows} == within(capacity, Fraction(floor), most)


@pytest.mark.parametrize("year", [2016, 2019, 2022, 2025])
def test_present_scales_keep_the_present_limits(year: int) -> None:
    rates = shares(limits(year), "rate")
    assert sum(rates.values()) == 1
    assert max(rates.values()) == rates["USA"] == Fraction("0.22")
    assert min(rates.values()) == Fraction("0.00001")
    assert len(rates) == 193


def test_the_scale_that_the_source_cites() -> None:
    rates = shares(limits(1992), "rate")
    assert max(rates.values()) == rates["USA"] == Fraction("0.25")
    assert min(rates.values()) == Fraction("0.0001")
    published = {m: row["published"] for m, row in figures(un_scale(1992)).items()}
    assert (published["SAU"], published["UKR"]) == (Fraction("0.96"), Fraction("1.18"))


SCALE = "un_scale/cases/scale_2022.yaml"
LEAST_DEVELOPED_2021 = {*LEAST_DEVELOPED.split(), "BTN", "STP"}
DEBT = {
    "CHN": 2114, "BRA": 569, "IND": 561, "RUS": 491, "MEX": 469, "TUR": 441, "IDN": 402, "ARG": 279, "ZAF": 185,
    "THA": 180, "KAZ": 157, "COL": 139, "UKR": 123, "VNM": 117, "ROU": 117, "EGY": 112, "PAK": 100,
}  # fmt: skip


def machine_scale(high_income_line: int) -> dict[str, Fraction]:
    """A machine scale by the elements of A/RES/73/271, paragraph 6, one after the other."""
    table = figures("un_scale/cases/scale_2022_facts.csv") | figures("un_scale/cases/scale_2022_small_states.csv")
    head = {m: row["income_long"] / row["population"] for m, row in table.items()}
    mean = sum(row["income_long"] for row in table.values()) / sum(row["population"] for row in table.values())
    # (d) debt: an eighth of the stock a year, below the high-income line
    income = {m: row["income_long"] for m, row in table.items()}
    for m, thousand_millions in DEBT.items():
        if head[m] < high_income_line:
            income[m] -= Fraction(thousand_millions * 10**9, 8)
    # (e) low income per head: 80 per cent of the shortfall is taken off and charged to those at or above the mean
    taken = {m: max(1 - income[m] / table[m]["population"] / mean, NONE) * income[m] * Fraction(8, 10) for m in table}
    above = {m: income[m] for m in table if not taken[m]}
    charged = sum(taken.values()) / sum(above.values())
    share = {m: (income[m] - taken[m] + charged * above.get(m, NONE)) / sum(income.values()) for m in table}
    # (f) floor, (g) ceiling of the least developed, (h) ceiling: who is held stays there
    held: dict[str, Fraction] = {}
    poorest = dict.fromkeys(LEAST_DEVELOPED_2021, Fraction("0.0001"))
    for low, high in (
        (Fraction("0.00001"), {}),
        (NONE, poorest),
        (NONE, dict.fromkeys(share, Fraction("0.22")) | poorest),
    ):
        moved = True
        while moved:
            free = sum(share[m] for m in share if m not in held)
            rest = 1 - sum(held.values())
            share = {m: held.get(m, of * rest / free) for m, of in share.items()}
            over = {m: top for m, top in high.items() if m not in held and share[m] > top}
            under = {m: low for m in share if m not in held and share[m] < low}
            held |= over | under
            moved = bool(over or under)
    return share


def test_both_machine_scales_are_those_of_the_steps_of_the_resolution() -> None:
    assert shares(SCALE, "machine_long") == machine_scale(12_402)
    assert shares(SCALE, "machine_short") == machine_scale(12_322)
    # Romania is above the high-income line and takes nothing off; Russia is below it.
    assert values(SCALE, "counted_long")["ROU"] == values(SCALE, "counted_short")["ROU"]
    assert values(SCALE, "repayment_long")["ROU"] == 0 < values(SCALE, "repayment_long")["RUS"]


def test_the_scale_is_the_mean_of_the_two_to_the_last_digit() -> None:
    long, short = machine_scale(12_402), machine_scale(12_322)
    mean = {m: (long[m] + short[m]) / 2 * 100_000 for m in long}
    steps = {m: int(each) for m, each in mean.items()}
    missing = 100_000 - sum(steps.values())
    for m in sorted(mean, key=lambda m: steps[m] - mean[m])[:missing]:
        steps[m] += 1
    assert {m: each * 100_000 for m, each in shares(SCALE, "rate").items()} == steps


def test_the_method_on_figures_of_one_year_comes_near_the_scale() -> None:
    ours = shares(SCALE, "rate")
    published = {m: row["published"] / 100 for m, row in figures("un_scale/cases/expected/scale_2022.csv").items()}
    assert set(ours) == set(published)
    off = {m: abs(ours[m] - published[m]) for m in published}
    assert median(off[m] / published[m] for m in off if published[m] >= Fraction("0.0002")) <= Fraction("0.09")
    assert sum(off.values()) / len(off) <= Fraction("0.00045")
    assert (ours["USA"], min(ours.values())) == (Fraction("0.22"), Fraction("0.00001"))


def test_peacekeeping_discounts_fall_on_the_five_in_proportion() -> None:
    rates = shares(PEACE, "rate")
    regular = {m: row["published"] / 100 for m, row in figures(un_scale(2025)).items()}
    five = {m: float(rates[m] / regular[m]) for m in ("CHN", "FRA", "GBR", "RUS", "USA")}
    assert max(five.values()) - min(five.values()) < 0.0001
    assert min(five.values()) > 1
    assert abs(float(rates["QAT"] / regular["QAT"]) - 0.925) < 0.001
    assert abs(float(rates["BGD"] / regular["BGD"]) - 0.1) < 0.01
    due = shares(PEACE, "balance_due")
    assert due["NPL"] < 0 < due["FRA"]
    assert sum(due.values()) == 5_400_000_000 - sum(values(PEACE, "credit").values())


LEVELS = ((120, 80), (140, 70), (160, 60), (180, 40), (200, 20))


def test_peacekeeping_rates_of_all_members_are_those_of_the_levels() -> None:
    table = figures("peacekeeping_levels/cases/period_2025_facts.csv") | figures(
        "peacekeeping_levels/cases/period_2025_small_states.csv"
    )
    mean = sum(row["income"] for row in table.values()) / sum(row["population"] for row in table.values())
    permanent = {"CHN", "FRA", "GBR", "RUS", "USA"}
    exact = {}
    for m, row in table.items():
        relative = row["income"] / row["population"] / mean * 100
        discount = next((Fraction(by) for below, by in LEVELS if relative < below), NONE)
        if m in permanent:
            discount = NONE
        elif m in {"ARE", "BRN", "KWT", "QAT", "SGP"}:
            discount = Fraction("7.5")
        elif m in LEAST_DEVELOPED:
            discount = Fraction(90)
        exact[m] = row["regular"] * (100 - discount) / 100
    left = 100 - sum(exact.values())
    of_permanent = sum(table[m]["regular"] for m in permanent)
    for m in permanent:
        exact[m] += left * table[m]["regular"] / of_permanent
    ours = shares(PEACE, "rate")
    assert set(ours) == set(exact)
    assert max(abs(ours[m] * 100 - exact[m]) for m in exact) < Fraction("0.0001")


# ---- other keys ------------------------------------------------------------------------------------------------------


def near(quotas: dict[str, Fraction], weights: dict[str, Fraction], total: int) -> bool:
    """Whole quotas by largest remainder lie less than one from the exact ones, and add up."""
    exact = {m: w * total / sum(weights.values()) for m, w in weights.items()}
    return sum(quotas.values()) == total and all(abs(quotas[m] - exact[m]) < 1 for m in exact)


def test_product_and_population() -> None:
    case = "grahl_madsen_ratio/cases/kosovo_1999.yaml"
    table = figures("grahl_madsen_ratio/cases/kosovo_1999_facts.csv")
    assert near(shares(case, "quota"), {m: row["gnp"] ** 2 / row["population"] for m, row in table.items()}, 712_800)
    assert near(
        shares(case, "contribution"), {m: row["gnp"] ** 2 / row["population"] for m, row in table.items()}, 891_000_000
    )


def test_equal_quotas_by_land_and_density() -> None:
    """The square roots of land and of sparsity make area / root of population; three equal parts are the most."""
    case = "chimni_equal_quotas/cases/kosovo_1999.yaml"
    table = figures("chimni_equal_quotas/cases/kosovo_1999_facts.csv")
    quotas = shares(case, "quota")
    most = 3 * Fraction(712_800, len(table))
    held = {m for m, quota in quotas.items() if quota == most}
    assert held == {"AUS", "CAN", "USA"}
    weights = {m: Fraction(float(row["area"]) / float(row["population"]) ** 0.5) for m, row in table.items()}
    free = {m: w for m, w in weights.items() if m not in held}
    assert near({m: quotas[m] for m in free}, free, int(712_800 - len(held) * most))


def test_graduated_taxation() -> None:
    table = figures("chimni_equal_quotas/cases/kosovo_1999_facts.csv")

    def tax(row: dict[str, Fraction]) -> Fraction:
        head = row["gnp"] / row["population"]
        middle = max(min(head, Fraction(10_000)) - 1_000, NONE) / 200
        return (middle + max(head - 10_000, NONE) / 100) * row["population"]

    contributions = shares("chimni_equal_quotas/cases/kosovo_1999.yaml", "contribution")
    assert near(contributions, {m: tax(row) for m, row in table.items()}, 891_000_000)


def test_refugee_fund_fixed_and_proportional_parts() -> None:
    case = "european_refugee_fund/cases/year_2000.yaml"
    table = figures("european_refugee_fund/cases/year_2000_facts.csv")
    in_proportion = 26_000_000 * Fraction(95, 100) - 14 * 500_000
    kinds = {"protected": Fraction(35, 100), "applicants": Fraction(65, 100)}
    numbers = {
        m: {k: sum((v for n, v in row.items() if n.startswith(k)), NONE) for k in kinds} for m, row in table.items()
    }
    ours = shares(case, "proportional")
    assert sum(ours.values()) == in_proportion == 17_700_000
    for m, of in numbers.items():
        exact = sum(part * of[k] / sum(each[k] for each in numbers.values()) for k, part in kinds.items())
        assert abs(ours[m] - exact * in_proportion) < Fraction(1, 100)
    assert values(case, "allocation") == {m: each + 500_000 for m, each in ours.items()}


def test_capacity_indices_times_population() -> None:
    case = "capacity_index_key/cases/relocation_2015.yaml"
    table = figures("capacity_index_key/cases/relocation_2015_facts.csv")
    weights = dict.fromkeys(table, NONE)
    for name in ("wealth", "vacancies", "over_65"):
        column = [row[name] for row in table.values()]
        for m, row in table.items():
            weights[m] += (row[name] - min(column)) / (max(column) - min(column)) * row["population"]
    assert near(shares(case, "places"), weights, 66_000)
