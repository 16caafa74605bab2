"""Apportionments lowered for many cases at once, against the exact engine: every line that an apportionment may have.

Figures are drawn from few whole numbers, so that ties, weights of nothing and limits just reached are common.
"""

import random
from dataclasses import dataclass

import pytest
from agree import MEMBERS, agree, case, column, policy

from policy_dsl.plan import outputs_of
from policy_dsl.plan.lower import NotLowered

FACTS = """
  indicators for each member
    a : persons "A"
    b : persons "B"
    m : EUR "Money"
    f : yes or no "Flag"
    k : persons "A figure of its own for each"
  indicators for the case
    t : persons "T"
    cost : EUR "Cost"
  set flagged "Flagged" = core where f
"""

COUNT = 40


@dataclass(frozen=True)
class Apportioned:
    """Lines of an apportionment `x`, and which part of the cases may be in doubt: of few figures, of ordinary ones."""

    name: str
    lines: str
    doubtful: float = 0.0
    ordinary: float = 0.0
    before: str = ""


def persons(*lines: str) -> str:
    return "\n    ".join(["total t", "among flagged", *lines])


LEAST = """  criteria c "C" in order
    load : a from 10 persons to 0 persons
    other : b from 10 persons to 0 persons
    similar within {within}
"""

RELIEF = """  define poor "Relief" for each member = if b < 3 persons then 50% else 0%
  set rich "Who bears it" = flagged where b >= 3 persons
"""

SCALE = """  apportion y "Y"
    total 100%
    among core
    by k
    rounding largest_remainder to 0.001%
    ties by k
"""

ROUNDED = "rounding largest_remainder"
TIES = "ties by k"

TABLE = [
    Apportioned("by weight", persons("by a")),
    Apportioned("equally", persons("equally")),
    Apportioned("whole persons", persons("by a", ROUNDED, TIES)),
    Apportioned("whole persons equally", persons("equally", ROUNDED, TIES)),
    *(
        Apportioned(method, persons("by a", f"rounding {method}", TIES), 0.15)
        for method in ("webster", "jefferson", "hill", "adams", "dean", "half_up", "half_even", "up", "down")
    ),
    Apportioned("ties left open", persons("by a", ROUNDED), 0.6, 0.01),
    Apportioned("ties by two figures", persons("by a", ROUNDED, "ties by b", TIES)),
    Apportioned("to tens", persons("by a", f"{ROUNDED} to 10 persons", TIES), 0.2, 0.2),
    Apportioned("by share", persons("by share of a", ROUNDED, TIES), 0.2),
    Apportioned("by a mixed weight", persons("by 0.4 * share of a + 0.6 * share of b", ROUNDED, TIES), 0.5),
    Apportioned("ceiling", persons("by a", "at most b", ROUNDED, TIES), 0.0),
    Apportioned("ceiling of a part", persons("by a", "at most 30% of b", ROUNDED, TIES), 0.0),
    Apportioned("ceiling without rounding", persons("by a", "at most b"), 0.3),
    Apportioned("ceiling of a few", persons("by a", "at most 2 persons for core where a > 3 persons", ROUNDED, TIES)),
    Apportioned("floor and ceiling", persons("by a", "at least 1 person", "at most b + 1 person", ROUNDED, TIES), 0.6),
    Apportioned("levels", persons("by a", "at least 1 person", "then at most b + 2 persons", ROUNDED, TIES), 0.9, 0.5),
    Apportioned(
        "ceilings on two levels",
        persons("by a", "at most 6 persons for core where a > 3 persons", "then at most b + 2 persons", ROUNDED, TIES),
        0.9,
        0.5,
    ),
    Apportioned("fixed amounts", persons("by a", "fixed 2 persons for core where b > 4 persons", ROUNDED, TIES), 0.9),
    Apportioned("credits", persons("by a", "less b", ROUNDED, TIES), 0.7),
    Apportioned("credits with ceilings", persons("by a", "at most 4 persons", "less b", ROUNDED, TIES), 0.8, 0.5),
    Apportioned("credits refunded", persons("by a", "less b, excess refunded", ROUNDED, TIES), 1.0, 0.1),
    Apportioned("credits without rounding", persons("by a", "less b")),
    Apportioned("relief", persons("by a", "relief poor, borne by rich", ROUNDED, TIES), 0.6, 0.1, RELIEF),
    Apportioned("relief by weight", persons("by a", "relief poor, borne by rich by k"), 0.3, 0.1, RELIEF),
    Apportioned(
        "remainder", persons("by a", "at most b", ROUNDED, TIES, "remainder to core by k, at most 5 persons"), 0.1
    ),
    Apportioned("remainder without a limit", persons("by a", "at most b", ROUNDED, TIES, "remainder to core"), 0.3),
    Apportioned("remainder not rounded", persons("by a", "at most b", "remainder to core by k"), 0.3),
    Apportioned(
        "bands", persons("in bands of c", "by a", "at most b", ROUNDED, TIES), 0.4, 0.1, LEAST.format(within="10%")
    ),
    Apportioned(
        "bands with shares over the band",
        persons("in bands of c", "by share of a", "at most b", ROUNDED, TIES),
        0.6,
        0.1,
        LEAST.format(within="25%"),
    ),
    Apportioned(
        "bands with mixed shares",
        persons("in bands of c", "by 0.4 * share of a + 0.6 * share of k", "at most b", ROUNDED, TIES),
        1.0,
        0.1,
        LEAST.format(within="25%"),
    ),
    Apportioned(
        "bands with floors",
        persons("in bands of c", "by a", "at least 1 person", "at most b + 1 person", ROUNDED, TIES),
        0.8,
        0.5,
        LEAST.format(within="25%"),
    ),
    Apportioned(
        "bands without rounding", persons("in bands of c", "by a", "at most b"), 0.6, 0.1, LEAST.format(within="0%")
    ),
    Apportioned(
        "bands and credits",
        persons("in bands of c", "by a", "at most b", "less k", ROUNDED, TIES),
        0.9,
        0.6,
        LEAST.format(within="25%"),
    ),
    Apportioned("money", "total cost\n    among flagged\n    by a\n    rounding largest_remainder\n    ties by k"),
    Apportioned(
        "money to a step",
        "total cost\n    among flagged\n    by a\n    rounding largest_remainder to 0.05 EUR\n    ties by k",
    ),
    Apportioned(
        "a scale",
        persons("by a", "at most 40%", f"{ROUNDED} to 0.001%", TIES).replace("total t", "total 100%"),
        0.1,
    ),
    Apportioned(
        "by a rounded scale",
        persons("by y", ROUNDED, TIES),
        0.1,
        0.0,
        SCALE,
    ),
]


def drawn(random_, ordinary):
    """Facts of many cases; `k` differs from member to member."""
    top = 10**6 if ordinary else 6

    def figures(low=0):
        return [[random_.randint(low, top) for _ in MEMBERS] for _ in range(COUNT)]

    return {
        "a": figures(),
        "b": figures(),
        "m": figures(),
        "f": [[random_.random() < 0.7 for _ in MEMBERS] for _ in range(COUNT)],
        "k": [random_.sample(range(1, top + 3), len(MEMBERS)) for _ in range(COUNT)],
        "t": [random_.randint(0, 3 * top) for _ in range(COUNT)],
        "cost": [random_.randint(0, 3 * top) for _ in range(COUNT)],
    }


@pytest.mark.parametrize("ordinary", [False, True], ids=["few", "ordinary"])
@pytest.mark.parametrize("varied", ["all", "a", "t b", "f k"])
@pytest.mark.parametrize("construct", TABLE, ids=lambda each: each.name)
def test_shares_that_are_not_in_doubt_are_those_of_the_engine(construct, varied, ordinary):
    checked = policy(FACTS + construct.before + f'  apportion x "X"\n    {construct.lines}\n')
    values = drawn(random.Random(f"{construct.name} {varied} {ordinary}"), ordinary)
    base = case(checked, {name: each[0] for name, each in values.items()})
    names = list(values) if varied == "all" else varied.split()
    columns = [column(checked, name, each_member=name not in ("t", "cost"), truth=name == "f") for name in names]
    asked = [*outputs_of(checked, base=base), *outputs_of(checked, ["x.exact"], base=base)]
    found = agree(checked, base, columns, {name: values[name] for name in names}, asked)
    assert found.differ == ()
    assert found.doubtful <= (construct.ordinary if ordinary else construct.doubtful) * found.cases, found.why


def test_an_assignment_of_least_cost_is_not_lowered():
    assert NotLowered
