"""`policy check`: its two forms, its exit codes, its kept answers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policy_dsl.cli.cache import ABOVE, Answers, digest
from policy_dsl.cli.say import Message


def test_a_sound_policy(policy):
    ran = policy("check", "lake.policy")
    assert (ran.code, ran.out, ran.err) == (0, "lake.policy: no faults\n", "")
    assert policy("check", "-q", "lake.policy").out == ""
    assert policy("check", "lake.policy", "--format", "json").out == "[]\n"


def test_a_fault_is_told_with_its_place_and_its_mend(policy):
    ran = policy("check", "faulty.policy")
    assert ran.code == 1
    assert "share of areaa" in ran.out
    assert "^^^^^" in ran.out
    assert "`area`" in ran.out
    assert ran.out.endswith("faulty.policy: 1 error, 1 warning\n") or ran.out.splitlines()[-1].startswith(
        "faulty.policy: 1 error"
    )


def test_the_data_of_a_fault(policy):
    ran = policy("check", "faulty.policy", "--format", "json")
    assert ran.code == 1
    first = json.loads(ran.out)[0]
    assert (first["file"], first["severity"], first["article"]) == ("faulty.policy", "error", "Art. 1(1)")
    assert first["end_column"] - first["column"] == len("areaa")


def test_several_files_each_have_their_line_and_the_gravest_code_counts(policy):
    ran = policy("check", "lake.policy", "none.policy", "faulty.policy")
    assert ran.code == 2
    assert "PD901" in ran.err
    assert next(line for line in ran.out.splitlines() if ".policy: " in line) == "lake.policy: no faults"
    assert policy("check", "faulty.policy", "lake.policy").code == 1


def test_an_unchanged_file_is_answered_without_reading_it_again(policy, monkeypatch: pytest.MonkeyPatch):
    first = policy("check", "faulty.policy")
    forbid(monkeypatch)
    again = policy("check", "faulty.policy")
    assert (again.code, again.out, again.err) == (first.code, first.out, first.err)
    assert policy("check", "faulty.policy", "--format", "json").code == 1


@pytest.mark.parametrize("change", ["text", "engine", "off", "path"])
def test_whatever_changes_the_answer_is_checked_again(policy, monkeypatch: pytest.MonkeyPatch, change: str):
    policy("check", "lake.policy")
    path = "lake.policy"
    if change == "text":
        Path("lake.policy").write_text(Path("lake.policy").read_text() + "# changed\n")
    elif change == "engine":
        monkeypatch.setattr("policy_dsl.__version__", "999")
    elif change == "off":
        monkeypatch.setenv("POLICY_NO_CACHE", "1")
    else:
        path = "./lake.policy"
    forbid(monkeypatch)
    assert policy("check", path).code == 70


def test_a_change_in_a_used_file_is_seen(policy, folder: Path):
    text = Path("lake.policy").read_text("utf-8")
    Path("user.policy").write_text(
        text.replace("  periods   plain\n", '  periods   plain\n  use "base.policy"\n'), "utf-8"
    )
    missing = policy("check", "user.policy")
    assert missing.code == 1
    Path("base.policy").write_text(text.replace("policy lake", "policy base"), "utf-8")
    assert policy("check", "user.policy").out != missing.out
    Path("base.policy").unlink()
    assert policy("check", "user.policy").out == missing.out


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b"null", b'{"for": 1}', b"\xff\xfe", b'{"said": 3, "uses": 4}'])
def test_a_damaged_answer_is_not_believed(policy, folder: Path, broken: bytes):
    policy("check", "lake.policy")
    (kept,) = (folder / "cache").rglob("*.json")
    kept.write_bytes(broken)
    assert policy("check", "lake.policy").out == "lake.policy: no faults\n"
    assert kept.read_bytes() != broken


def test_where_nothing_can_be_kept_all_is_as_ever(policy, folder: Path):
    (folder / "cache").write_text("a file, not a folder")
    assert policy("check", "lake.policy").out == "lake.policy: no faults\n"


def test_nothing_half_written_is_left(policy, folder: Path):
    policy("check", "lake.policy")
    assert all(name.name.endswith((".json", ".tables")) for name in (folder / "cache").rglob("*") if name.is_file())


def test_no_two_lists_of_texts_share_a_digest():
    assert len({digest("a", "b"), digest("ab"), digest("a", "b", ""), digest("", "ab"), digest(b"a", "bc")}) == 5


def test_a_kept_answer_comes_back_as_it_was(folder: Path):
    said = [Message("error", "é \\u{1b}", {"code": "PD901", "line": None})]
    answers = Answers()
    answers.keep("x", b"1", {"/none": None, str(folder / "lake.yaml"): (folder / "lake.yaml").read_bytes()}, said)
    assert answers.recall("x", b"1") == said
    assert answers.recall("x", b"2") is None
    os.remove(folder / "lake.yaml")
    assert answers.recall("x", b"1") is None


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a check that reads the policy fails."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("checked again")

    monkeypatch.setattr("policy_dsl.pipeline.reading.check_policy", fail)


@pytest.mark.parametrize("name", ["lake.policy", "faulty.policy", "draft.policy"])
def test_a_check_uses_no_room_that_kept_answers_pass_over(folder: Path, name: str):
    fragment = '\narticle 2 "Open"\n  alternative A\n    > One.\n  alternative B\n    > Two.\n'
    (folder / "draft.policy").write_text((folder / "lake.policy").read_text("utf-8") + fragment, "utf-8")
    loaded = "import sys; from policy_dsl.cli import main; main(['check', sys.argv[1]]); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", loaded, name], capture_output=True, text=True, check=True)
    rooms = {each.split(".")[1] for each in ran.stdout.split() if each.startswith("policy_dsl.")}
    assert {"check", "resolve", "syntax"} <= rooms
    assert not rooms & set(ABOVE)
