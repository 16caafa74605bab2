"""`policy lint`: its forms, its exit codes, what it selects."""

import json
from pathlib import Path

import pytest

ADVISED = """
article 2 "Again"
  > The same again.
  guarantee bearable_too : greatest of (places / population) <= 1%
"""


@pytest.fixture(name="advised")
def _advised(folder: Path) -> str:
    text = (folder / "lake.policy").read_text("utf-8")
    (folder / "advised.policy").write_text(text + ADVISED, "utf-8")
    (folder / "exercised.policy").write_text(
        text
        + '\nexample "One"\n  given core = BDI\n  given arrivals = 1 persons\n  given population of BDI = 200 persons\n'
        "  given area of BDI = 9 km2\n  expect places of BDI = 1 persons\n",
        "utf-8",
    )
    return "advised.policy"


def test_advice_is_told_with_its_place_and_does_not_fail(policy, advised: str):
    ran = policy("lint", advised)
    assert (ran.code, ran.err) == (0, "")
    assert "PD667 advice · Art. 2 · advised.policy:" in ran.out
    assert "`bearable_too` provides the same as `bearable`" in ran.out
    assert ran.out.endswith("advised.policy: 2 advice\n")


def test_strict_advice_fails_and_none_does_not(policy, advised: str):
    assert policy("lint", advised, "--strict").code == 1
    ran = policy("lint", "exercised.policy", "--strict")
    assert (ran.code, ran.out, ran.err) == (0, "exercised.policy: no advice\n", "")
    assert policy("lint", "exercised.policy", "-q").out == ""


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ((), ["PD653", "PD667"]),
        (("--select", "PD667"), ["PD667"]),
        (("--select", "pd667,PD651"), ["PD667"]),
        (("--select", "PD667", "--select", "PD653"), ["PD653", "PD667"]),
        (("--ignore", "PD667,PD653"), []),
        (("--select", "PD667", "--ignore", "PD667"), []),
    ],
)
def test_what_is_selected_and_ignored(policy, advised: str, arguments: tuple[str, ...], codes: list[str]):
    ran = policy("lint", advised, "--format", "json", *arguments)
    assert ran.code == 0
    assert [each["code"] for each in json.loads(ran.out)] == codes


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_code_that_is_no_advice_is_refused(policy, option: str):
    ran = policy("lint", "lake.policy", option, "PD204")
    assert ran.code == 2
    assert "there is no advice PD204" in ran.err


def test_a_policy_with_errors_is_not_advised_on(policy):
    ran = policy("lint", "faulty.policy", "lake.policy")
    assert ran.code == 1
    assert "share of areaa" in ran.out
    assert "faulty.policy: advice is given on policies without errors" in ran.out
    assert "lake.policy: 1 advice" in ran.out


def test_a_file_that_can_not_be_read(policy):
    ran = policy("lint", "none.policy", "latin1.policy")
    assert ran.code == 2
    assert "PD901" in ran.err
    assert ran.out == ""
