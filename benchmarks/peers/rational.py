"""Three parts of the workload by hand in Python's fractions: what an exact answer costs where nobody explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from by_hand import BRACKETS, RATES

Case = Mapping[str, Sequence[int]]


def w1(case: Case) -> dict[str, list[Fraction | int]]:
    """Scores, shares and ranks of one case."""
    places = range(len(case["pop"]))
    inside = [i for i in places if case["security"][i] >= 500 and case["area"][i] > 20_000]
    score = [Fraction(0) for _ in places]
    burden = [Fraction(h, p) for h, p in zip(case["hosted"], case["pop"], strict=True)]
    for figures, weight, rising in (
        (case["gdp"], Fraction(7, 20), True),
        (case["pop"], Fraction(1, 4), True),
        (case["unemp"], Fraction(3, 20), False),
        (burden, Fraction(1, 4), False),
    ):
        x = [Fraction(each) for each in figures]
        least, most = min(x[i] for i in inside), max(x[i] for i in inside)
        for i in inside:
            score[i] += weight * ((x[i] - least) if rising else (most - x[i])) / (most - least)
    whole = sum(score)
    portion = [each / whole for each in score]
    order = sorted(inside, key=lambda i: (-score[i], -case["area"][i], i))
    place = [order.index(i) + 1 if i in inside else 0 for i in places]
    return {"score": list(score), "portion": list(portion), "place": list(place)}


def w2(case: Case) -> dict[str, list[Fraction]]:
    """The key of one case."""
    pop, gdp, apps, unemp = (case[name] for name in ("pop", "gdp", "apps", "unemp"))
    people, income = sum(pop), sum(gdp)
    past = [Fraction(p, max(a, 1)) for p, a in zip(pop, apps, strict=True)]
    work = [Fraction(1, u) for u in unemp]
    whole_past, whole_work = sum(past), sum(work)
    raw = []
    for p, g, a, u in zip(pop, gdp, past, work, strict=True):
        by_pop, by_gdp = Fraction(p, people), Fraction(g, income)
        cap = Fraction(3, 10) * (by_pop + by_gdp)
        tenth, four = Fraction(1, 10), Fraction(2, 5)
        raw.append(four * by_pop + four * by_gdp + tenth * min(a / whole_past, cap) + tenth * min(u / whole_work, cap))
    whole = sum(raw)
    return {"part_of_each": [each / whole for each in raw]}


def w3(case: Case) -> dict[str, list[Fraction]]:
    """Shares held between limits by one common factor."""
    weights = []
    for gnp in case["gnp"]:
        weight = Fraction(0)
        for low, high, rate in zip(BRACKETS, (*BRACKETS[1:], None), RATES, strict=True):
            upper = gnp if high is None else min(gnp, high)
            weight += max(0, upper - low) * Fraction(str(rate))
        weights.append(weight)
    ceiling, floor = Fraction(1, 4), Fraction(1, 10_000)
    share = [Fraction(0)] * len(weights)
    free, rest = set(range(len(weights))), Fraction(1)
    while free:
        factor = rest / sum(weights[i] for i in free)
        over = {i for i in free if weights[i] * factor > ceiling}
        under = {i for i in free if weights[i] * factor < floor}
        pull = sum(floor - weights[i] * factor for i in under) - sum(weights[i] * factor - ceiling for i in over)
        held = (over if pull <= 0 else set()) | (under if pull >= 0 else set())
        if not held:
            for i in free:
                share[i] = weights[i] * factor
            break
        for i in held:
            share[i] = ceiling if i in over else floor
        rest -= sum(share[i] for i in held)
        free -= held
    return {"burden": share}


PARTS = {"w1": w1, "w2": w2, "w3": w3}
