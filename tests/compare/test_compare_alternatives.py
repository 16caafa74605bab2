"""Who gains and who pays under each combination of a draft's alternatives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drafts import CASE, DRAFT, write

from policy_dsl.compare.burdens import Burden
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused
from policy_dsl.pipeline import check_policy, compare_alternatives, decide, open_file, read_case


def compared(folder: Path, draft: str = DRAFT, case: str = CASE, **asked):
    write(folder, d=draft, c=case)
    found, problems = compare_alternatives(
        open_file(str(folder / "d.policy")), [open_file(str(folder / "c.yaml"))], **asked
    )
    assert found is not None
    return found, problems


def table(burden: Burden) -> dict[str, list[str]]:
    """Each member's amounts under the readings in their order; "–" where it has no part, "?" where it is not known."""
    return {
        member: [
            "–" if not burden.has_part(member, at) else str(burden.amount(member, at)).replace("None", "?")
            for at in range(len(burden.amounts))
        ]
        for member in burden.members
    }


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [each.code for each in problems]


def test_persons_and_money_of_each_member_under_each_combination(tmp_path: Path):
    found, problems = compared(tmp_path)
    case = found.cases[0]
    assert problems == ()
    assert [each.name for each in case.readings] == ["A + C", "B + C", "A + D", "B + D"]
    persons, money = case.burdens
    assert (persons.kind, str(persons.unit), str(money.unit)) == ("shared", "persons", "USD")
    assert [[entry.name for entry in each] for each in persons.provisions] == [["places"], ["room"]] * 2
    assert table(persons) == {
        "BDI": ["100", "100", "100", "100"], "RWA": ["200", "100", "200", "100"], "TZA": ["600", "700", "600", "700"],
    }  # fmt: skip
    assert table(money) == {
        "BDI": ["1000", "1000", "2000", "2000"], "RWA": ["1000", "1000", "2000", "2000"],
        "TZA": ["4000", "4000", "2000", "2000"],
    }  # fmt: skip
    assert [persons.difference("TZA", at, 0) for at in range(4)] == [0, 100, 0, 100]
    assert [money.total(at) for at in range(4)] == [6000] * 4


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"take": ["D"]}, ["A + D", "B + D"]),
        ({"against": ["B", "D"]}, ["B + D", "A + D", "B + C", "A + C"]),
        ({"most": 2}, ["A + C", "B + C"]),
        ({"most": 2, "against": ["D"]}, ["A + D", "B + D"]),
        ({"take": ["B"], "most": 1}, ["B + C"]),
    ],
)
def test_which_combinations_are_shown_and_against_which(tmp_path: Path, asked: dict[str, object], names: list[str]):
    found, _ = compared(tmp_path, **asked)
    assert [each.name for each in found.cases[0].readings] == names
    data = found.data()
    assert data["combinations"]["shown"] == names
    assert data["cases"][0]["against"] == names[0]
    for burden in data["cases"][0]["burdens"]:
        for row in burden["members"]:
            exact = {name: int(each["exact"]) for name, each in row["amounts"].items()}
            by = {name: int(each["exact"]) for name, each in row["differences"].items()}
            assert by == {name: each - exact[names[0]] for name, each in exact.items()}


@pytest.mark.parametrize("taken", [("A", "C"), ("B", "C"), ("A", "D"), ("B", "D")])
def test_what_is_compared_is_what_would_be_decided(tmp_path: Path, taken: tuple[str, ...]):
    found, _ = compared(tmp_path)
    reading = next(each for each in found.cases[0].readings if each.name == " + ".join(taken))
    law = check_policy(open_file(str(tmp_path / "d.policy")), taken)
    assert law.checked is not None
    case = CASE if "B" in taken else CASE[: CASE.index("  area")]
    write(tmp_path, own=case)
    read = read_case(law.checked, open_file(str(tmp_path / "own.yaml")))
    assert read.case is not None
    decision = decide(law.checked, read.case)
    for shared, other in zip(decision.shares, reading.decision.shares, strict=True):
        assert [(row.member, row.final.value) for row in shared.rows] == [
            (row.member, row.final.value) for row in other.rows
        ]


def test_a_fact_of_another_alternative_is_passed_over_and_one_of_none_is_not(tmp_path: Path):
    write(tmp_path, d=DRAFT, c=CASE, other=CASE + "  weather: 3\n")
    law = check_policy(open_file(str(tmp_path / "d.policy")), ("A", "C")).checked
    assert law is not None
    alone = read_case(law, open_file(str(tmp_path / "c.yaml")))
    assert codes(alone.problems) == ["PD755"]
    passed = read_case(law, open_file(str(tmp_path / "c.yaml")), None, frozenset({"area", "room"}))
    assert passed.case is not None
    found, problems = compare_alternatives(
        open_file(str(tmp_path / "d.policy")), [open_file(str(tmp_path / "other.yaml"))]
    )
    assert found is not None
    assert codes(problems) == ["PD755"]
    assert [each.decision for each in found.cases[0].readings] == [None] * 4


MORE = """case: Arrivals
policy: lake
at: 2026-08-01
default: {source: Secretariat, date: 2026-07-01}
members:
  joined: [KEN]
facts: {}
events:
  - {step: request, at: 2026-07-02, by: BDI}
choices:
  - {parameter: portion, value: 20%, by: request, because: agreed}
lots:
  places: [RWA, BDI, TZA]
funds:
  purse: {balance: 40 USD}
tables:
  - {file: t.csv, columns: {area: {source: map}}}
"""


def test_everything_that_a_case_says_of_another_alternative_is_passed_over(tmp_path: Path):
    """Groups, steps, choices, draws by lot, funds and columns of tables stand in the alternatives as facts do."""
    text = (
        DRAFT[: DRAFT.index("  indicators")]
        + """
article 2 "Either"
  > Words.
  alternative A
    define one "One" = count of members
  alternative B
    set joined "Joined"
    indicators for each member
      area : km2 "Area"
    parameter portion "Part" = left to request between 0% and 50%, otherwise 10%
    procedure requests
      step request "Request"
        by members
    apportion places "Places"
      total    portion * 100 persons
      among    members or joined
      by       area
      rounding largest_remainder
      ties     by lot
    fund purse "Purse"
      level    100 USD
"""
    )
    (tmp_path / "t.csv").write_text("member,area (km2)\nBDI,1\nRWA,1\nTZA,1\nKEN,1\n", "utf-8")
    found, problems = compared(tmp_path, text, MORE)
    assert [each for each in codes(problems) if not each.startswith("PD85")] == []
    assert [each.decision is not None for each in found.cases[0].readings] == [True, True]
    assert table(found.cases[0].burdens[0])["KEN"] == ["–", "5"]


def test_a_combination_with_a_fault_is_not_decided_and_the_others_are(tmp_path: Path):
    found, problems = compared(tmp_path, DRAFT.replace("by       area", "by       areaa"))
    assert codes(problems)[:1] == ["PD201"]
    assert [each.decision is None for each in found.cases[0].readings] == [False, True, False, True]
    assert "not decided" in found.text()


def test_a_case_may_lack_what_one_alternative_needs(tmp_path: Path):
    found, problems = compared(tmp_path, case=CASE[: CASE.index("  area")])
    assert codes(problems) == ["PD770"]
    assert [each.decision is None for each in found.cases[0].readings] == [False, True, False, True]
    assert table(found.cases[0].burdens[0])["TZA"] == ["600", "–", "600", "–"]
    assert found.cases[0].burdens[0].difference("TZA", 1, 0) is None


def test_what_is_undetermined_is_no_figure(tmp_path: Path):
    draft = DRAFT.replace("      by       area\n      rounding largest_remainder\n      ties     by population",
                          "      equally\n      rounding largest_remainder")  # fmt: skip
    draft = draft.replace('    indicators for each member\n      area : km2 "Land area"\n', "")
    found, _ = compared(tmp_path, draft, CASE.replace("900 persons", "901 persons").split("  area")[0])
    persons = found.cases[0].burdens[0]
    assert table(persons) == {
        "BDI": ["100", "?", "100", "?"], "RWA": ["200", "?", "200", "?"], "TZA": ["601", "?", "601", "?"],
    }  # fmt: skip
    assert persons.total(1) is None
    assert [each.open for each in found.cases[0].readings] == [False, True, False, True]
    assert "Under B + C something is undetermined" in found.text()


def test_the_text_tells_who_bears_more_and_who_bears_less(tmp_path: Path):
    text = compared(tmp_path)[0].text().replace("\u202f", " ")
    said = [line for line in text.splitlines() if line.startswith("- Under")]
    assert said == [
        "- Under B + C more than under A + C falls on TZA (+100), and less on RWA (−100).",
        "- Under A + D the figures are those under A + C.",
        "- Under B + D more than under A + C falls on TZA (+100), and less on RWA (−100).",
        "- Under B + C the figures are those under A + C.",
        "- Under A + D more than under A + C falls on BDI (+1 000) and RWA (+1 000), and less on TZA (−2 000).",
        "- Under B + D more than under A + C falls on BDI (+1 000) and RWA (+1 000), and less on TZA (−2 000).",
    ]
    assert "- A (By population), proposed by TZA: Art. 2" in text
    assert "- B (By area), proposed by BDI and the Chair: Art. 2" in text
    assert "All 4 combinations that fit together are shown." in text


def test_a_page_and_data_hold_the_same_figures(tmp_path: Path):
    found, _ = compared(tmp_path)
    page, data = found.html(), found.data()
    assert page.lower().startswith("<!doctype html>")
    assert "Tanzania" in page
    assert json.loads(json.dumps(data)) == data
    persons = data["cases"][0]["burdens"][0]
    assert persons["members"][2]["amounts"]["B + C"] == {"exact": "700", "decimal": "700"}
    assert persons["members"][2]["differences"]["B + C"]["exact"] == "100"
    assert len(set(data["combinations"]["rules"].values())) == 4
    assert str(tmp_path) not in page + json.dumps(data)


@pytest.mark.parametrize(
    ("draft", "asked", "code"),
    [
        (DRAFT, {"take": ["Z"]}, "PD962"),
        (DRAFT, {"against": ["Z"]}, "PD962"),
        (DRAFT, {"take": ["A", "B"]}, "PD963"),
        (DRAFT, {"take": ["A"], "against": ["B"]}, "PD963"),
        (DRAFT[: DRAFT.index("article 2")], {}, "PD964"),
    ],
)
def test_what_can_not_be_compared(tmp_path: Path, draft: str, asked: dict[str, list[str]], code: str):
    with pytest.raises(Refused) as refused:
        compared(tmp_path, draft, **asked)
    assert refused.value.problem.code == code


def test_funds_that_pay_and_findings_in_money_are_told_apart(tmp_path: Path):
    text = (
        DRAFT[: DRAFT.index("article 2")]
        + """
article 2 "Either"
  > Words.
  apportion dues "Dues"
    total    600 USD
    among    members
    equally
    rounding largest_remainder to 1 USD
    ties     by gnp
  define help "Help" for each member = 10 USD
  fund purse "Purse"
    level 1_000 USD
    pays  help
  alternative A
    define fee "Fee" for each member = 5 USD
  alternative B
    define fee "Fee" for each member = if gnp > 1_000 USD per year then 9 USD else 5 USD
"""
    )
    case = CASE.replace("  area: {unit: km2, BDI: 100, RWA: 100, TZA: 700}\n", "")
    case = "".join(
        line for line in case.splitlines(True) if not line.startswith(("  arrivals", "  cost", "  population"))
    )
    text = text.replace('    population : persons      "Population"\n', "").replace(
        '  indicators for the case\n    arrivals : persons "Arrivals"\n    cost     : USD     "Cost"\n', ""
    )
    found, _ = compared(tmp_path, text, case + "funds:\n  purse: {balance: 40 USD}\n")
    kinds = [(each.kind, [entry.name for entry in each.provisions[0]]) for each in found.cases[0].burdens]
    assert kinds == [("shared", ["dues"]), ("received", ["purse"]), ("found", ["fee"])]
    assert table(found.cases[0].burdens[1]) == {member: ["10", "10"] for member in ("BDI", "RWA", "TZA")}
    assert table(found.cases[0].burdens[2]) == {"BDI": ["5", "5"], "RWA": ["5", "5"], "TZA": ["5", "9"]}
    assert "- Under B more than under A falls on TZA (+4)." in found.text()
