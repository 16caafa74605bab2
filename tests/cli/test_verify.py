"""`policy verify` and `policy decision schema`: where files are found, what is said, exit codes."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def decision(policy) -> Path:
    assert policy("decide", "-q", "lake.policy", "lake.yaml", "--out", "lake.json").code == 0
    return Path("lake.json")


def altered(decision: Path) -> str:
    text = decision.read_text("utf-8")
    return text.replace(json.loads(text)["text"]["title"], "Another title")


def test_a_decision_as_it_was_written_is_verified(policy, decision: Path):
    ran = policy("verify", "lake.json")
    assert (ran.code, ran.out, ran.err) == (0, "lake.json: the same rules, case, engine and outcome\n", "")
    assert policy("verify", "-q", "lake.json").out == ""
    assert policy("verify", "lake.json", "--format", "json").out == "[]\n"


def test_the_files_are_found_beside_the_decision_before_this_folder(policy, decision: Path):
    Path("kept").mkdir()
    for name in ("lake.policy", "lake.yaml", "lake.json"):
        Path("kept", name).write_text(Path(name).read_text("utf-8"), "utf-8")
    Path("lake.policy").write_text(Path("lake.policy").read_text("utf-8").replace("<= 1%", "<= 2%"), "utf-8")
    assert policy("verify", "kept/lake.json").code == 0
    assert policy("verify", "lake.json").code == 1
    Path("kept", "lake.policy").unlink()
    assert policy("verify", "kept/lake.json").code == 1
    Path("lake.policy").unlink()
    ran = policy("verify", "kept/lake.json")
    assert (ran.code, ran.out) == (2, "")
    assert "PD924" in ran.err
    assert "--policy" in ran.err


def test_a_decision_leads_to_no_file_in_another_folder(policy, decision: Path):
    data = json.loads(decision.read_text("utf-8"))
    data["policy"]["file"] = "../../etc/lake.policy"
    decision.write_text(json.dumps(data), "utf-8")
    assert policy("verify", "lake.json").code == 0


def test_what_differs_is_told_and_counted(policy, decision: Path):
    decision.write_text(altered(decision), "utf-8")
    ran = policy("verify", "lake.json")
    assert ran.code == 1
    assert ran.out.startswith("PD938 error\n")
    assert ran.out.endswith("\nlake.json: 1 difference\n")
    told = json.loads(policy("verify", "lake.json", "--format", "json").out)
    assert [each["code"] for each in told] == ["PD938"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": NaN}', "[" * 100_000, '"\\ud800"', "\ufeff{}"])
def test_a_file_that_states_no_decision_ends_with_2(policy, folder: Path, text: str):
    Path("x.json").write_text(text, "utf-8")
    ran = policy("verify", "x.json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(("PD920 error", "PD921 error", "PD923 error"))
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["none.json"], "PD901"),
        (["latin1.policy"], "PD904"),
        (["lake.json", "--policy", "none.policy"], "PD901"),
        (["lake.json", "--case", "none.yaml"], "PD901"),
    ],
)
def test_a_file_that_can_not_be_read_ends_with_2(policy, decision: Path, arguments: list[str], code: str):
    ran = policy("verify", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(code)


def test_a_faulty_policy_verifies_nothing(policy, decision: Path):
    ran = policy("verify", "lake.json", "--policy", "faulty.policy")
    assert (ran.code, ran.out) == (1, "")
    assert "areaa" in ran.err


def test_the_schema_is_printed(policy):
    ran = policy("decision", "schema")
    assert ran.code == 0
    assert json.loads(ran.out)["additionalProperties"] is False
