"""Every construct of the language that may rest on a column, against the exact engine on small random figures.

Figures are drawn from few whole numbers, so that ties, zeros and thresholds just reached are common.
"""

import random
from dataclasses import dataclass

import pytest
from agree import MEMBERS, agree, case, column, policy

from policy_dsl.plan import IndicatorAt

FACTS = """
  indicators for each member
    a : persons "A"
    b : persons "B"
    m : EUR "Money"
    f : yes or no "Flag"
  indicators for the case
    t : persons "T"
    g : yes or no "G"
"""

COUNT = 60


@dataclass(frozen=True)
class Construct:
    """Lines of a policy, what may be varied, and which part of the cases may be in doubt."""

    name: str
    lines: str
    doubtful: float = 0.0
    low: int = 0
    high: int = 6
    cohorts: tuple[str, ...] = ()


def each(expression: str) -> str:
    return f'  define x "X" for each member = {expression}\n'


def one(expression: str) -> str:
    return f'  define x "X" = {expression}\n'


TABLE = [
    Construct("sum and difference", each("a + b - 3 persons")),
    Construct("product", each("2 * a * 3")),
    Construct("quotient that may not be", each("a / b")),
    Construct("part of", each("30% of a + 2/3 of b")),
    Construct("per", each("m per a")),
    Construct("per a unit", each("m / 3 + 5 EUR")),
    Construct("negative", each("-a + b")),
    Construct("power", each("(a / 1 person) ^ 2 + (b / 1 person) ^ 3")),
    Construct("least and greatest of two", each("min(a, b) + max(a, t)")),
    Construct("average", each("average(a, b, t)")),
    Construct("roundings", each("half_up(a / 2) + half_even(b / 2) + up(a / 3) + down(b / 3)"), 0.0),
    Construct("rounding to a step", each("half_up(a / 3, 2 persons)")),
    Construct("rounding of a part", each("down(30% of a) + up(10% of b)")),
    Construct("comparisons", each("a < b and a <= t or a = b or a > t and b >= t or a <> 2 persons")),
    Construct("comparison with a part", each("a <= 30% of b or b / 3 > a / 4")),
    Construct("truths", each("f and not g or g = no and f = yes")),
    Construct("if", each("if a > b then a - b else if f then t else 0 persons")),
    Construct("a division that is not reached", each("if b = 0 persons then 0% else a / b")),
    Construct("a division where it is not asked", each("b > 0 persons and a / b > 50%")),
    Construct("a division decided from the right", each("a / b > 50% or f")),
    Construct("sum of all", one("sum of a over members")),
    Construct("mean", one("mean of a over (members where f)")),
    Construct("least, greatest", one("(greatest of a over (members where f)) - (least of b over (members where f))")),
    Construct("count", one("count of (members where a > b)")),
    Construct("share", each("share of a over members")),
    Construct("share in a group", each("share of a over (members where f)")),
    Construct(
        "share of a share",
        each("share of (share of a over (members where b > 2 persons)) over (members where b > 2 persons)"),
    ),
    Construct("index", each("index of a over (members where f)")),
    Construct("index of a quotient", each("index of (a / (b + 1 person)) over members")),
    Construct("from above", each("100% - index of (a / (b + 1 person)) over (members where f)"), 0.05),
    Construct("rank", each("rank of a over (members where f)")),
    Construct("rank with ties", each("rank of a over members ties by b")),
    Construct("rank of a quotient", each("rank of (a / (b + 1 person)) over members"), 1.0),
    Construct(
        "asked of those inside",
        "  set s = members where a > 2 persons and f\n"
        + each("if member in s then share of b over s else 0%")
        + '  define y "Y" for each member = x + 1%\n  define z "Z" = sum of x over members\n',
    ),
    Construct("membership of one", each("if ALB in (members where a > b) then a else b")),
    Construct("value of one", each("a of BEL + b - b of ALB")),
    Construct(
        "groups",
        "  set s = members where a > 2 persons\n  set u = members except s where f\n  set v = s or u\n"
        + each("member in v and not (member in u)")
        + '  define n "N" = count of s + count of u\n',
    ),
    Construct(
        "exceptions",
        '  define x "X" for each member = a\n    except where a > b : b\n    except where f : t\n',
        1.0,
    ),
    Construct(
        "an exception that yields",
        '  define x "X" for each member = a\n    except where a > b : 2 persons\n'
        "    except where a > t + b : 2 persons\n",
    ),
    Construct(
        "a whole scale",
        '  scale s "S" on a, whole\n    below 2 persons : 10%\n    up to 4 persons : 20%\n    otherwise : 30%\n'
        + each("s * b"),
    ),
    Construct(
        "a marginal scale",
        '  scale s "S" on a, marginal\n    up to 2 persons : 10%\n    up to 4 persons : 20%\n    otherwise : 30%\n'
        + each("s"),
    ),
    Construct(
        "a marginal scale that falls",
        '  scale s "S" on a, marginal\n    up to 2 persons : 30%\n    up to 4 persons : 10%\n    otherwise : 20%\n'
        + each("s"),
    ),
    Construct(
        "a key",
        '  key k "K"\n    40% : share of a\n    60% : share of b\n',
        low=1,
    ),
    Construct(
        "a key with a rest",
        '  key k "K"\n    40% : share of a\n    60% : min(share of b, 20%)\n    rest by share of a\n',
        0.1,
    ),
    Construct(
        "criteria by weight",
        '  criteria c "C" by weight\n    40% size : a from 0 persons to 4 persons, at least 2 persons\n'
        "    60% slack : b from 5 persons to 1 person, at least 3 persons\n"
        + each("if size is met or slack is met then c else 0%"),
    ),
    Construct(
        "criteria informed by data",
        '  criteria c "C" by weight\n    40% size : a from 0 persons to 4 persons\n'
        "    60% slack : b from 5 persons to 1 person\n    informed by share of a at 20%\n",
    ),
    Construct("a guarantee", '  guarantee g1 "G" : (a + b) <= 10 persons\n'),
    Construct("a guarantee of the case", '  guarantee g1 "G" : sum of a over members <= 2 * sum of b over members\n'),
    Construct(
        "a parameter",
        '  parameter p "P" = 30%\n' + each("p * a"),
    ),
]


def drawn(random_: random.Random, construct: Construct) -> dict[str, list[object]]:
    def figures() -> list[object]:
        return [[random_.randint(construct.low, construct.high) for _ in MEMBERS] for _ in range(COUNT)]

    return {
        "a": figures(),
        "b": figures(),
        "m": figures(),
        "f": [[random_.random() < 0.6 for _ in MEMBERS] for _ in range(COUNT)],
        "t": [random_.randint(construct.low, construct.high) for _ in range(COUNT)],
        "g": [random_.random() < 0.5 for _ in range(COUNT)],
    }


@pytest.mark.parametrize("varied", ["all", "a b", "f t", "b"])
@pytest.mark.parametrize("construct", TABLE, ids=lambda each: each.name)
def test_what_is_not_in_doubt_is_what_the_engine_finds(construct: Construct, varied: str):
    checked = policy(FACTS + construct.lines)
    values = drawn(random.Random(construct.name + varied), construct)
    base = case(checked, {name: each[0] for name, each in values.items()})
    names = list(values) if varied == "all" else varied.split()
    columns = [column(checked, name, each_member=name not in ("t", "g"), truth=name in ("f", "g")) for name in names]
    found = agree(checked, base, columns, {name: values[name] for name in names})
    assert found.differ == ()
    assert found.doubtful <= construct.doubtful * found.cases, found.why


def test_a_column_is_an_input():
    assert IndicatorAt("a") == IndicatorAt("a", "", None)
