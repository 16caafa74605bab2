"""No text raises, every problem has its place and its words, and what is read does not turn on the order of lines."""

import re
from pathlib import Path
from time import perf_counter

from case_reading import case_of, codes, program, read
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from policy_dsl.cases.read import Read
from policy_dsl.diagnostics import Severity
from policy_dsl.diagnostics.catalogue import entries, filled
from policy_dsl.resolve.program import Program

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "case-files.md").read_text("utf-8")
POLICY = program(re.findall(r"^```policy\n(.*?)^```", PAGE, re.M | re.S)[0])
CASE = (
    re.findall(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S)[0]
    + """
adjustments:
  - {of: places, member: RWA, change: -1 person, by: decision, because: "x"}
  - {of: places, member: TZA, change: +1 person, by: decision, because: "x"}
lots: {places: [TZA, RWA]}
statements: [{by: RWA, text: x}]
tables: [{file: facts.csv, columns: {applications: {source: x}}}]
"""
)
TABLE = "member,year,applications (persons)\nBDI,2023,5\nRWA,2023,7\n"
WORDS = st.sampled_from(
    [
        *(
            "",
            "[]",
            "{}",
            "AUT",
            "NO",
            "40%",
            "0.4",
            "1e999",
            "-",
            "~",
            "*a",
            "!!int",
            "[[[",
            "}",
            "1/0",
            "0/0",
            "per",
            "2024",
        ),
        *(
            "2026-02-30",
            "2026-01-01T00:00",
            "9999-12-31T23:59Z",
            "0001-01-01T00:00+14:00",
            "value",
            "unit: persons",
            "null",
        ),
        *("9" * 5000, "&a b", "{a: b}", "5 persons", "5 per", "? [a]", "<<: {a: b}", "- - -", "?", "'", '"\\0"'),
        *("\t", "ß", "\u2028", "\x00", "\ufeff"),
    ]
)
PIECES = st.sampled_from(['"', ",", ";", "\r", "\n\n", "member,", "population"])
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def sound(found: Read) -> None:
    """What holds of every reading."""
    failed = any(problem.severity is Severity.ERROR for problem in found.problems)
    assert (found.case is None) == failed
    for problem in found.problems:
        said = entries()[problem.code]
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(problem.span.source.text)
        assert problem.span.begins.line >= 1
        assert "{" not in re.sub(r"\{[^}]*: .*", "", filled(said.message, dict.fromkeys(problem.params, "x")))
        assert all(isinstance(each, str) for each in problem.params.values())


@QUICK
@given(st.text())
@example("a: \ud800")
@example("\ufeff\ufeffa: b")
def test_any_text(text: str):
    sound(read(POLICY, text))


@QUICK
@given(st.data())
def test_a_case_with_a_piece_replaced(data: st.DataObject):
    tokens = list(re.finditer(r"[\w%.:+-]+|[\[\]{},]|\n *", CASE))
    text = CASE
    for _ in range(data.draw(st.integers(1, 3))):
        token = data.draw(st.sampled_from(tokens))
        new = data.draw(WORDS | st.sampled_from(tokens).map(lambda each: each[0]))
        if token.end() <= len(text):
            text = text[: token.start()] + new + text[token.end() :]
    sound(read(POLICY, text, facts=TABLE))


@QUICK
@given(st.data())
def test_a_table_with_a_piece_replaced(data: st.DataObject):
    start = data.draw(st.integers(0, len(TABLE)))
    end = data.draw(st.integers(start, min(start + 12, len(TABLE))))
    new = data.draw(WORDS | st.text(max_size=8) | PIECES)
    sound(read(POLICY, CASE, facts=TABLE[:start] + new + TABLE[end:]))


@QUICK
@given(st.text())
def test_any_table(text: str):
    sound(read(POLICY, CASE, facts=text))


@QUICK
@given(st.permutations(range(12)))
def test_the_order_of_sections_never_matters(order: list[int]):
    parts = re.findall(r"^\w+:.*?(?=^\w|\Z)", CASE, re.M | re.S)
    turned = [parts[each] for each in order if each < len(parts)] + parts[len(order) :]
    one, other = read(POLICY, CASE, facts=TABLE), read(POLICY, "".join(turned), facts=TABLE)
    assert sorted(codes(one)) == sorted(codes(other))
    assert summary(one) == summary(other)


def summary(found: Read) -> object:
    case = case_of(found)
    key = [(each.indicator, each.member, each.cohort, each.year, each.value, each.origin) for each in case.facts]
    return case.title, case.opened, dict(case.groups), sorted(map(str, key)), [each.step for each in case.events]


def many(states: int) -> tuple[Program, str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    members = [f"X{one}{other}" for one in letters for other in letters][:states]
    names = "abcdefgh"
    policy = program(
        'article 1 "Facts"\n  tier participating "Members"\n  indicators for each member\n'
        + "".join(f'    fact_{name} : persons "Fact"\n' for name in names)
        + "  apportion places\n    total 100 persons\n    among members\n    by "
        + " + ".join(f"fact_{name}" for name in names)
        + "\n    rounding largest_remainder\n    ties by lot\n"
    )
    figure = "{value: 1_000 persons, source: x, date: 2026-01-01}"
    below = "".join(f"    {code}: {figure}\n" for code in members)
    facts = "".join(f"  fact_{name}:\n{below}" for name in names)
    seats = f"members: {{participating: [{', '.join(members)}]}}"
    return policy, f"case: T\npolicy: t\nat: 2026-03-01\n{seats}\nfacts:\n{facts}"


def test_two_thousand_facts_are_read_in_an_instant():
    """A tenth of a second on a common machine; the bound allows for a busy one."""
    policy, text = many(250)
    best = min(timed(policy, text) for _ in range(3))
    assert best < 0.5


def timed(policy: Program, text: str) -> float:
    start = perf_counter()
    assert len(case_of(read(policy, text)).facts) == 2000
    return perf_counter() - start


def test_time_grows_with_the_length_and_no_faster():
    """Ten thousand faults, and a text of one hostile sign, take seconds at most."""
    start = perf_counter()
    bad = "facts:\n" + "".join(f"  unknown_{number}: 1,000\n" for number in range(3000))
    assert len(read(POLICY, "case: T\npolicy: lake_accord\nat: 2026-03-01\n" + bad).problems) >= 3000
    read(POLICY, "a: " + "9" * 20_000)
    read(POLICY, "case: T\npolicy: lake_accord\nat: 2026-03-01\nfacts: {arrivals: " + "1_" * 9_000 + "}\n")
    read(POLICY, "case: T\npolicy: lake_accord\nat: 2026-03-01\nfacts: {arrivals: " + "1 " * 9_000 + "}\n")
    assert perf_counter() - start < 8
