"""`policy what-decided`: tables for people, data for tools."""

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from policy_dsl.cli import main

TABLES = (
    "Weights and agreed figures: how far each may move before somebody’s number changes",
    "Facts: how far each may move before somebody’s number changes",
    "Places: the result with each criterion left out",
)


def cells(text: str, title: str) -> list[list[str]]:
    """The rows of a table below its title, cut where the rule has its gaps."""
    text = text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    lines = text[text.index(title) :].splitlines()
    rule = lines[3]
    edges = [0, *(at for at in range(1, len(rule)) if rule[at] == "-" and rule[at - 1] == " "), None]
    rows = lines[4 : lines.index("", 4)]
    return [[row[a:b].strip() for a, b in pairwise(edges)] for row in rows]


def test_the_tables_go_to_the_terminal(policy):
    ran = policy("what-decided", "lake.policy", "lake.yaml")
    assert (ran.code, ran.err) == (0, "")
    rows = {row[0]: row[1:] for title in TABLES[:2] for row in cells(ran.out, title)}
    assert rows["Weight of “share of area” in Size"] == [
        "≈ 33.3333%",
        "33.3288%",
        "33.3337%",
        "exact",
        "RWA +1, TZA −1",
        "TZA +1, BDI −1",
    ]
    assert rows["Persons who have arrived"][:3] == ["90 000 persons"] * 3
    assert rows["Population of BDI"][1:3] == ["12 999 870 persons", "13 001 798 persons"]
    left = cells(ran.out, TABLES[2])
    assert left[0] == ["BDI", "9 490", "2 469 (−7 021)", "13 000 (+3 510)"]
    assert "keep their ratios" in ran.out
    assert policy("what-decided", "lake.policy", "lake.yaml").out == ran.out


def test_the_data_is_exact(policy):
    ran = policy("what-decided", "lake.policy", "lake.yaml", "--format", "json")
    data = json.loads(ran.out)
    assert (ran.code, data["shares"], data["not_examined"]) == (0, ["places"], [])
    first = data["stretches"][0]
    assert (first["kind"], first["others_keep"], first["now"]) == ("weight", "their ratios", "2/3")
    for each in data["stretches"]:
        for end in (each["low"], each["high"]):
            assert end["sort"] == "exact"
            assert {change["of"] for change in end["changes"]} == {"places"}
        assert Fraction(each["low"]["at"]) <= Fraction(each["now"]) <= Fraction(each["high"]["at"])
    assert [each["row"] for each in data["left_out"]] == ["share of population", "share of area"]


def test_contested_facts_have_a_table_of_their_own(policy):
    case = Path("lake.yaml").read_text("utf-8")
    disputed = "arrivals: {value: 90_000 persons, status: contested, between: [90_000 persons, 90_002 persons]}"
    Path("disputed.yaml").write_text(case.replace("arrivals: 90_000 persons", disputed), "utf-8")
    text = policy("what-decided", "lake.policy", "disputed.yaml").out
    row = cells(text, "Contested facts: whether the allocation is the same between their bounds")[0]
    assert row[:3] == ["Persons who have arrived", "90 000 persons", "90 000 persons to 90 002 persons"]
    assert row[3].startswith("changes at 90 001 persons")
    data = json.loads(policy("what-decided", "lake.policy", "disputed.yaml", "--format", "json").out)["disputed"][0]
    assert (data["between"], data["same"], data["examined_to_the_end"]) == (["90000", "90002"], False, True)


@pytest.mark.parametrize("more", [[], ["--all"]])
def test_what_was_left_aside_is_said(policy, monkeypatch: pytest.MonkeyPatch, more: list[str]):
    monkeypatch.setattr("policy_dsl.sensitivity.ENOUGH", 20)
    text = policy("what-decided", "lake.policy", "lake.yaml", *more).out
    assert ("No more than 20 shares are reckoned anew" in text) == (not more)
    assert ("these figures were not examined: " in text) == (not more)


def test_a_faulty_policy_is_told_as_elsewhere(policy):
    ran = policy("what-decided", "faulty.policy", "lake.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert "PD2" in ran.err


def test_hostile_text_comes_out_as_text(policy):
    law = (
        Path("lake.policy")
        .read_text("utf-8")
        .replace('"Population"', '"Popu\\u202elation"')
        .replace("\\u202e", "\u202e")
    )
    Path("turned.policy").write_text(law, "utf-8")
    for form in ("text", "json"):
        assert "\u202e" not in policy("what-decided", "turned.policy", "lake.yaml", "--format", form).out


def test_where_nothing_is_shared_out_in_whole_persons_it_is_said(capsys: pytest.CaptureFixture[str]):
    home = Path(__file__).parents[2] / "policies" / "peacekeeping_levels"
    case = next((home / "cases").glob("*.yaml"))
    main(["what-decided", str(home / "peacekeeping_levels.policy"), str(case), "-q"])
    assert capsys.readouterr().out.startswith("Nothing is shared out here in whole persons.")


@pytest.mark.parametrize(("form", "heading"), [("md", "## What decided\n"), ("html", ">What decided</h2>")])
def test_a_document_says_what_decided_if_it_is_asked_to(policy, form: str, heading: str):
    told = policy("decide", "lake.policy", "lake.yaml", "--format", form, "--what-decided")
    bare = policy("decide", "lake.policy", "lake.yaml", "--format", form)
    assert (told.code, told.err) == (bare.code, bare.err) == (0, "")
    assert (told.out.count(heading), bare.out.count(heading)) == (1, 0)


def test_what_a_decision_says_of_it_is_found_again_or_not(policy):
    policy("decide", "lake.policy", "lake.yaml", "--out", "told.json", "--what-decided")
    policy("decide", "lake.policy", "lake.yaml", "--out", "bare.json")
    told, bare = (json.loads(Path(name).read_text("utf-8")) for name in ("told.json", "bare.json"))
    assert told["receipt"] == bare["receipt"]
    alone = json.loads(policy("what-decided", "lake.policy", "lake.yaml", "--format", "json").out)
    assert (told["what_decided"], "what_decided" in bare) == (alone, False)
    assert policy("verify", "told.json").code == policy("verify", "bare.json").code == 0
    told["what_decided"]["stretches"][0]["low"]["at"] = "1/2"
    Path("told.json").write_text(json.dumps(told), "utf-8")
    ran = policy("verify", "told.json")
    assert ran.code == 1
    assert "what_decided.stretches.0.low.at" in ran.out
