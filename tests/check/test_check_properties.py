"""Properties: the order of articles means nothing, and a planted fault is found wherever and whenever it is."""

from datetime import date, timedelta
from fractions import Fraction

from checking import EXAMPLES, checked, errors, found
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.check import check
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

START = date(2026, 1, 1)
ARTICLES = [
    """article {n} "Who"
  > Words of who.
  tier participating "Members"
    ALB, BIH, ALB
""",
    """article {n} "Facts"
  > Words of facts.
  indicators for each member
    population : persons "P"
    gdp        : USD per year "G"
""",
    """article {n} "Sums"
  > Words of sums.
  define a "A" for each member = population + gdp
  define b "B" = sum of a
""",
    """article {n} "Key"
  > Words of the key.
  key k "K"
    w   : share of population
    60% : share of gdp
  parameter w = 50%
""",
    """article {n} "Places"
  > Words of places.
  apportion p "Places"
    total 100 persons
    among members
    by    k
""",
    """article {n} "Vote"
  > Words of votes.
  procedure m
    step v "V"
      by members
      adopted when count of favour >= 1/2
""",
]
few = settings(max_examples=40, deadline=None)


def told_in_any_order(order: list[int]) -> set[tuple[str, str]]:
    text = "".join(ARTICLES[at].format(n=at + 1) for at in order)
    return {(problem.code, problem.span.text if problem.span else "") for problem in checked(text).problems}


@few
@given(st.permutations(range(len(ARTICLES))))
def test_the_order_of_articles_does_not_change_what_is_found(order: list[int]):
    expected = told_in_any_order(list(range(len(ARTICLES))))
    assert {"PD402", "PD301", "PD420", "PD454", "PD303", "PD505"} == {code for code, _ in expected}
    assert told_in_any_order(list(order)) == expected


def scale(thresholds: list[list[int]], days: list[date]) -> str:
    """A scale whose thresholds are amended: `thresholds[row][version]` holds from `days[version]`."""
    lines, rows = [], []
    for at, versions in enumerate(thresholds):
        lines.append(f'parameter t{at} "T" = {versions[0]} USD')
        lines += [f"  from {day} : {value} USD" for day, value in zip(days[1:], versions[1:], strict=True)]
        rows.append(f"  up to t{at} : {at + 1}%")
    return "\n".join([*lines, 'scale fee "Fee" on budget, whole', *rows, "  otherwise : 50%", 'define r "R" = fee'])


@st.composite
def rising_scales(draw: st.DrawFn) -> tuple[list[list[int]], list[date]]:
    versions = draw(st.integers(1, 4))
    rows = draw(st.integers(2, 5))
    gaps = draw(st.lists(st.integers(1, 400), min_size=versions, max_size=versions))
    days = [START + timedelta(days=sum(gaps[:at])) for at in range(versions)]
    columns = []
    for _ in range(versions):
        rises = draw(st.lists(st.integers(1, 50), min_size=rows, max_size=rows))
        columns.append([sum(rises[: at + 1]) for at in range(rows)])
    return [[column[at] for column in columns] for at in range(rows)], days


@few
@given(rising_scales())
def test_thresholds_that_rise_on_every_date_are_sound(drawn: tuple[list[list[int]], list[date]]):
    assert found(scale(*drawn)) == []


@few
@given(rising_scales(), st.data())
def test_a_threshold_that_falls_back_on_one_date_is_found_on_that_date(
    drawn: tuple[list[list[int]], list[date]], data: st.DataObject
):
    thresholds, days = drawn
    row = data.draw(st.integers(1, len(thresholds) - 1))
    version = data.draw(st.integers(0, len(days) - 1))
    thresholds[row][version] = thresholds[row - 1][version] - data.draw(st.integers(0, 1))
    (problem,) = found(scale(thresholds, days))
    assert problem.code == "PD430"
    assert problem.params["when"] == ("" if version == 0 else f" from {days[version]}")


def key(weights: list[Fraction]) -> str:
    rows = [f"  {weight.numerator}/{weight.denominator} : share of population" for weight in weights]
    shared = 'apportion p "P"\n  total 100%\n  among members\n  by k\n  rounding largest_remainder to 1%\n  ties by lot'
    return "\n".join(['key k "K"', *rows, shared])


@few
@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_weights_that_add_up_are_sound(parts: list[int]):
    assert found(key([Fraction(part, sum(parts)) for part in parts])) == []


@few
@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 1000), st.booleans())
def test_weights_that_miss_the_whole_by_however_little_are_found(parts: list[int], part: int, more: bool):
    weights = [Fraction(each, sum(parts)) for each in parts]
    weights[-1] *= 1 + Fraction(1 if more else -1, part + 1)
    assert [problem.code for problem in found(key(weights))] == ["PD420"]


@few
@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from(["hours", "days", "working days", "months"]))
def test_a_window_in_one_unit_is_empty_exactly_if_it_closes_before_it_opens(first: int, last: int, unit: str):
    body = 'procedure m\n  step a "A"\n    by members\n  step b "B"\n    by members\n'
    window = f"    not before {first} {unit} after a\n    not after {last} {unit} after a"
    problems = errors(found(body + window))
    assert [problem.code for problem in problems] == (["PD501"] if first > last else [])


@few
@given(st.integers(1, 12), st.integers(0, 14))
def test_a_majority_of_heads_is_out_of_reach_exactly_if_there_are_not_so_many(seats: int, needed: int):
    codes = ["ALB", "AUT", "BEL", "BGR", "BIH", "CHE", "CYP", "CZE", "DEU", "DNK", "ESP", "EST"][:seats]
    body = f'procedure m\n  step v "V"\n    by members\n    quorum none\n    adopted when count of favour >= {needed}'
    problems = found(body, ", ".join(codes))
    assert [problem.code for problem in problems] == (["PD507"] if needed > seats else [])


def test_comments_and_blank_lines_change_nothing():
    text = (EXAMPLES / "equal_quotas.policy").read_text("utf-8")
    plain, commented = (
        resolve(parse(Source("p", each)), lambda *_: None).program
        for each in (text, text.replace("\n\n", "\n\n# c\n\n"))
    )
    assert plain is not None
    assert commented is not None
    assert [each.code for each in check(plain).problems] == [each.code for each in check(commented).problems]
