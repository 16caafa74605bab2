"""`policy guarantee`: what it says, what it writes, and that what it writes can be decided."""

import json
import sys
from pathlib import Path

import pytest


def test_a_guarantee_that_fails_is_told_with_its_case_and_why(policy):
    ran = policy("guarantee", "lake.policy")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("FAILS     “bearable” (Art. 1(2)): the smallest case that was found to break it:\n")
    assert "core: [XAA]" in ran.out
    assert "Bearable: does not hold (Art.\u00a01(2))." in ran.out


def test_the_case_that_is_written_breaks_the_guarantee_when_it_is_decided(policy):
    ran = policy("guarantee", "lake.policy", "--out", "found.yaml")
    assert ran.err == "The case that breaks `bearable` is in found.yaml\n"
    assert policy("case", "check", "lake.policy", "found.yaml").out.endswith("found.yaml: no faults\n")
    decided = policy("decide", "lake.policy", "found.yaml", "--out", "found.md")
    assert decided.code == 1
    assert "PD860" in decided.err
    assert "“bearable” does not hold" in decided.err


def test_the_example_that_is_given_fails_until_the_rules_are_mended(policy):
    policy("guarantee", "lake.policy", "--as-example", "--out", "found.txt")
    text, example = Path("lake.policy").read_text("utf-8"), Path("found.txt").read_text("utf-8")
    Path("with_example.policy").write_text(f"{text}\n{example}", "utf-8")
    ran = policy("test", "with_example.policy")
    assert ran.code == 1
    assert "PD880" in ran.out
    mended = f"{text}\n{example}".replace("<= 1%", "<= 100%")
    Path("with_example.policy").write_text(mended, "utf-8")
    assert policy("test", "with_example.policy").code == 0


def test_around_a_case_the_counter_example_differs_from_it_in_little(policy):
    ran = policy("guarantee", "lake.policy", "lake.yaml", "--out", "found.yaml")
    assert ran.code == 1
    found = Path("found.yaml").read_text("utf-8")
    assert "XAA" not in found
    assert "default: {source: Secretariat, date: 2026-07-01}" in found


def test_a_guarantee_that_survives_is_not_called_proved(policy, folder: Path):
    text = (folder / "lake.policy").read_text("utf-8").replace("<= 1%", "<= 100_000_000_000_000%")
    (folder / "lax.policy").write_text(text, "utf-8")
    ran = policy("guarantee", "lax.policy", "--cases", "25")
    assert ran.code == 0
    assert ran.out.startswith("SURVIVED  “bearable” (Art. 1(2)): 25 cases were tried, and none breaks it")
    assert "Varied: who belongs to core; the facts population, area and arrivals." in ran.out
    assert ran.out.endswith("That none was found is no proof: cases that were not tried may break it.\n")


def test_data(policy):
    (each,) = json.loads(policy("guarantee", "lake.policy", "--format", "json").out)
    assert (each["guarantee"], each["outcome"], each["article"]) == ("bearable", "fails", "Art. 1(2)")
    assert each["counter_example"].startswith("case: ")


def test_several_counter_examples_each_have_a_file(policy, folder: Path):
    text = (folder / "lake.policy").read_text("utf-8") + "  guarantee none_come : arrivals = 0 persons\n"
    (folder / "two.policy").write_text(text, "utf-8")
    assert policy("guarantee", "two.policy", "--out", "found.yaml").code == 1
    assert sorted(path.name for path in folder.glob("found*")) == ["found-bearable.yaml", "found-none_come.yaml"]
    assert policy("guarantee", "two.policy", "--only", "none_come").out.count("FAILS") == 1


def test_a_name_that_is_none_and_a_policy_with_errors(policy):
    ran = policy("guarantee", "lake.policy", "--only", "bearible")
    assert ran.code == 2
    assert "PD978" in ran.err
    assert "did you mean `bearable`?" in ran.err
    assert policy("guarantee", "faulty.policy").code == 1
    assert policy("guarantee", "lake.policy", "--cases", "0").code == 2


def test_a_policy_without_guarantees(policy, folder: Path):
    text = (folder / "lake.policy").read_text("utf-8").partition("  (2) >")[0]
    (folder / "none.policy").write_text(text, "utf-8")
    ran = policy("guarantee", "none.policy")
    assert (ran.code, ran.out) == (0, "The policy gives no guarantee.\n")


def test_without_the_package_the_message_says_what_to_install(policy, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    ran = policy("guarantee", "lake.policy")
    assert ran.code == 2
    assert "PD977" in ran.err
    assert "policy-dsl[guarantee]" in ran.err


def test_nothing_is_kept_between_two_runs(policy, folder: Path):
    first = policy("guarantee", "lake.policy", "--seed", "7").out
    assert policy("guarantee", "lake.policy", "--seed", "7").out == first
    assert not (folder / ".hypothesis").exists()
