"""What the source asks for, one feature after the other: the table in `docs/rule-systems.md`, and tests that it names.

Each row of the table names a policy and an article, and the examples and tests that fail if the feature is broken. The
first part of this file reads the table and looks for all that it names. The second part tests features that no example
and no case of a policy shows by itself: above all what must not be possible, by breaking the text of the model rules.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision
from policy_dsl.pipeline import check_policy, decide, open_file, read_case
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ROOT / "policies"
MODEL = POLICIES / "model_rules" / "model_rules.policy"
TEXT = MODEL.read_text(encoding="utf-8")

# ---- the table -------------------------------------------------------------------------------------------------------

PAGE = (ROOT / "docs" / "rule-systems.md").read_text(encoding="utf-8")
ROWS = {
    int(cells[0]): cells
    for line in PAGE.splitlines()
    if (cells := [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]) and cells[0].isdecimal()
}
REASONS = {number for number, cells in ROWS.items() if cells[-1] == "a reason, not a rule"}


@cache
def law(policy: str) -> Checked:
    found = check_policy(open_file(str(POLICIES / policy / f"{policy}.policy"))).checked
    assert found is not None
    return found


@cache
def text_of(policy: str) -> str:
    return (POLICIES / policy / f"{policy}.policy").read_text(encoding="utf-8")


@cache
def named_tests(file: str) -> frozenset[str]:
    return frozenset(
        re.findall(r"^def (test_\w+)\(", (ROOT / "tests" / file).read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_the_table_has_the_78_features_in_their_order() -> None:
    assert list(ROWS) == list(range(1, 79))
    assert {len(cells) for cells in ROWS.values()} == {5}
    # What the source gives as a reason for the rules is none itself.
    assert sorted(REASONS) == [7, 59]


@pytest.mark.parametrize("number", sorted(set(range(1, 79)) - REASONS))
def test_a_row_names_what_there_is(number: int) -> None:
    _, asked, provisions, where, shown = ROWS[number]
    assert asked
    assert provisions
    policies = re.findall(r"\]\(\.\./policies/(\w+)/README\.md\)", where)
    articles = re.findall(r"Art\. (\d+)(?:\((\d)\))?", where)
    assert policies or articles
    assert all((POLICIES / each / "README.md").exists() for each in policies)
    for article, paragraph in articles:
        body = re.search(rf"^article {article} .*?(?=^article |^part |^# Examples)", TEXT, re.MULTILINE | re.DOTALL)
        assert body, article
        assert not paragraph or f"\n  ({paragraph}) >" in body[0], (article, paragraph)
    examples = re.findall(r"(?:(\w+): )?“([^”]+)”", shown)
    tests = re.findall(r"`(\w+/\w+\.py)::(test_\w+)`", shown)
    assert examples or tests
    for policy, title in examples:
        assert f'\nexample "{title}"\n' in text_of(policy or "model_rules"), title
    for file, name in tests:
        assert name in named_tests(file), name
    left = re.sub(r"(?:\w+: )?“[^”]+”|`\w+/\w+\.py::test_\w+`", "", shown)
    assert not re.sub(r"[;,\s]", "", left), left


# ---- the model text, and the model text broken -----------------------------------------------------------------------


def broken(*changes: tuple[str, str]) -> Checked | set[tuple[str, object]]:
    """The model rules with changes: as they are checked, or the faults with what each of them names."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = check_policy(open_file(str(MODEL), text.encode()))
    faults = {(problem.code, dict(problem.params).get("name")) for problem in found.problems}
    return faults or found.checked or set()


def decided_by(rules: Checked, text: str) -> Decision:
    read = read_case(rules, open_file(str(MODEL.parent / "cases" / "made.yaml"), text.encode()))
    assert read.case is not None, [(problem.code, dict(problem.params)) for problem in read.problems]
    return decide(rules, read.case)


def amount(value: object) -> Fraction:
    assert isinstance(value, Quantity)
    return value.amount


def case(name: str) -> str:
    return (MODEL.parent / "cases" / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def decided(name: str) -> Decision:
    return decided_by(law("model_rules"), case(name))


@pytest.mark.parametrize("name", ["kosovo_1999", "rwanda_1994", "togo_1993"])
def test_the_members_are_those_of_three_kinds(name: str) -> None:
    groups = decided(name).case.groups
    kinds = [set(groups[each]) for each in ("inner_core", "outer_core", "situation_specific")]
    assert all(kinds)
    assert sum(len(each) for each in kinds) == len(set.union(*kinds))
    assert set(decided(name).members) == set.union(*kinds) - ({"NER"} if name == "togo_1993" else set())


@pytest.mark.parametrize(
    ("name", "classes", "may"),
    [
        ("unhcr", ["secretariat"], {"convene", "attend", "speak", "recommend", "assess", "supervise"}),
        ("agencies", ["partners"], {"attend", "speak", "facilitate"}),
        ("lead_ngos", ["consultative"], {"attend", "speak", "deliver", "observe", "assess"}),
    ],
)
def test_the_standing_of_participants(name: str, classes: list[str], may: set[str]) -> None:
    node = law("model_rules").program.entries[name].node
    assert isinstance(node, tree.Participant)
    assert [each.text for each in node.classes] == classes
    assert {each.text for each in node.may} == may


def test_unhcr_counts_the_refugees_and_rates_their_safety() -> None:
    supplied = {
        entry.name
        for entry in law("model_rules").program.of_kind("indicator")
        if isinstance(entry.node, tree.Indicator)
        and entry.node.supplied_by is not None
        and entry.node.supplied_by.text == "unhcr"
    }
    assert supplied == {
        "arrivals", "special_needs", "cannot_return", "security", "wishing", "supervision", "returned",
    }  # fmt: skip


def test_the_fund_pays_the_hosts_and_keeps_a_twentieth_for_unhcr() -> None:
    found = decided("kosovo_1999").funds[0]
    assert [(each[0], each[1]) for each in found.reserved] == [
        ("unhcr", Fraction(85_000_000, 20)),
        ("unhcr", (712_800 - 20_000 - 30_000) * Fraction(50)),
    ]
    hosts = {"ALB": 62_175, "BGR": 80_271, "HRV": 90_251, "HUN": 204_750, "MKD": 36_342, "ROU": 210_671, "TUR": 8_340}
    assert {each[0]: each[2] for each in found.paid_out if each[2]} == {m: n * 1_250 for m, n in hosts.items()}
    assert found.cut == 0


def test_a_group_may_leave_the_incentive_out() -> None:
    line, reason = re.findall(
        r"^    reserves 5% for unhcr\n|^      because \"Good faith is rewarded.*\n", TEXT, re.MULTILINE
    )
    without = broken((line + reason, ""))
    assert isinstance(without, Checked)
    found = decided_by(without, case("kosovo_1999"))
    assert [each[0] for each in found.funds[0].reserved] == ["unhcr"]
    assert {each.status for each in found.guarantees} == {"holds"}


def test_the_adjustment_of_the_meeting_has_a_bound() -> None:
    """A tenth of the share of each: 2 632 of the 26 326 places of Germany may be moved, 2 633 not."""
    for moved, stands in ((2_632, True), (2_633, False)):
        text = case("rwanda_1994").replace("2_500 persons", f"{moved} persons")
        rows = next(
            each.rows for each in decided_by(law("model_rules"), text).shares if each.entry.name == "protection"
        )
        assert next(amount(each.final.value) for each in rows if each.member == "DEU") == 26_326 + stands * moved


def test_rules_come_before_the_case_and_who_asks_earlier_is_told() -> None:
    early = case("quiet_1999").replace("at: 1999-02-15", "at: 1989-12-31")
    read = read_case(law("model_rules"), open_file(str(MODEL.parent / "cases" / "made.yaml"), early.encode()))
    assert "PD726" in {problem.code for problem in read.problems}


@pytest.mark.parametrize(
    ("guarantee", "old", "new"),
    [
        # Action on the causes of flight would lower the number that a member protects, resettles or pays for.
        (
            "no_discount_in_places",
            "    at most  room\n",
            "    at most  max(room - root_causes / (1_250 USD per person), 0 persons)\n",
        ),
        (
            "no_discount_in_homes",
            "    total    special_needs\n    among    outer_core or situation_specific except origin\n",
            "    total    special_needs\n"
            "    among    (outer_core or situation_specific except origin) where root_causes = 0 USD\n",
        ),
        ("no_discount_in_money", "    less     own_burden\n", "    less     own_burden + root_causes\n"),
        (
            "no_discount_in_money",
            "    by       graduated * population\n",
            "    by       graduated * population / (root_causes + 1 USD)\n",
        ),
        # A contribution would release from non-refoulement.
        (
            "not_for_sale",
            "    kept when returned = 0 persons\n",
            "    kept when returned = 0 persons or contributions > 0 USD\n",
        ),
    ],
    ids=["places for causes", "homes for causes", "credit for causes", "weight for causes", "a price for return"],
)
def test_what_the_model_forbids_cannot_be_written_into_it(guarantee: str, old: str, new: str) -> None:
    found = broken((old, new))
    assert isinstance(found, set)
    assert ("PD490", guarantee) in found
    assert {code for code, _ in found} == {"PD490"}


def test_an_area_called_safe_in_the_country_of_flight_takes_nobody() -> None:
    """Togo is a member, rated and with room: even if the rules let it host, the guarantee would refuse the result."""
    open_to_all = broken(
        ("    among    hosts except origin where physical_security is met\n",
         "    among    hosts where physical_security is met\n"),
        ("    except where member is origin : 0 persons\n", ""),
    )  # fmt: skip
    assert isinstance(open_to_all, Checked)
    found = decided_by(open_to_all, _togo_is_safe())
    places = next(each for each in found.shares if each.entry.name == "protection")
    assert next(amount(each.final.value) for each in places.rows if each.member == "TGO") > 0
    assert "fails" in {each.status for each in found.guarantees if each.entry.name == "not_at_home"}


def _togo_is_safe() -> str:
    text = case("togo_1993")
    figures = {"population": 4_000_000, "area": 56_785, "gnp": 1_233_000_000, "distance": 0}
    for name, figure in figures.items():
        text, count = re.subn(rf"(\n  {name}:\n(?:    \w+: .*\n)+)", rf"\g<1>    TGO: {figure}\n", text)
        assert count == 1, name
    for name, figure in {"security": 9, "compatibility": 9, "harmony": 9}.items():
        text, count = re.subn(rf"(\n  {name}:\n(?:    \w+: .*\n)+)", rf"\g<1>    TGO: {figure}\n", text)
        assert count == 1, name
    return text
