"""Git set up for policies, in real repositories: what it shows, how it merges, what it leaves alone."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_dsl.cli import main
from policy_dsl.files import Refused
from policy_dsl.files.drivers import LINE, REMARK, install, uninstall

Git = Callable[..., str]

LAKE = (Path(__file__).resolve().parents[2] / "docs" / "example" / "lake.policy").read_text("utf-8")
TEXT = """\
policy t "T"
  language  1
  version   "1"

article 1 "Members"
  (1) > Three States are members.
  tier core "Members"
    AUT, BEL, DEU

article 2 "Sharing"
  (1) > Persons are shared.
  parameter rate "Rate" = 20%
  (2) > No member takes more than half.
  apportion places "Places"
    total    arrivals
    among    core
    by       population
    at most  50% of total
    rounding largest_remainder
    ties     by population
"""


@pytest.fixture
def drivers(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """The repository with the drivers, and a program `policy` that git finds; one policy in it."""
    program = tmp_path.parent / f"{tmp_path.name}-bin" / "policy"
    program.parent.mkdir()
    root = Path(__file__).resolve().parents[2]
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(root)!r})\n"
        "from policy_dsl.cli import main\nsys.exit(main())\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    assert main(["git", "install"]) == 0
    Path("t.policy").write_text(TEXT, "utf-8")
    git("add", "--all")
    git("commit", "--quiet", "-m", "first")
    return git


def change(*changes: tuple[str, str]) -> None:
    text = Path("t.policy").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    Path("t.policy").write_text(text, "utf-8")


def commit(git: Git, *changes: tuple[str, str]) -> None:
    change(*changes)
    git("commit", "--quiet", "--all", "-m", "a change")


# ---- showing -------------------------------------------------------------------------------------------------------


def test_a_change_is_shown_under_its_article_and_blanks_are_none(drivers: Git):
    change(
        ("    by       population", "    by  gnp"),
        ("parameter rate", "parameter   rate"),
        ("  version   ", "  version "),
    )
    shown = drivers("diff")
    hunks = [line for line in shown.splitlines() if line.startswith("@@")]
    assert [line.partition("@@ ")[2] for line in hunks] == ['article 2 "Sharing"'] or [
        line.rpartition("@@ ")[2] for line in hunks
    ] == ['article 2 "Sharing"']
    assert [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-    by       population",
        "+    by       gnp",
    ]


def test_a_new_layout_alone_is_no_change(drivers: Git):
    change(("    by       population", "    by population"), ("article 2", "\n\narticle 2"))
    assert drivers("diff").count("@@") == 0


def test_the_history_is_shown_by_article_too(drivers: Git):
    commit(drivers, ("50% of total", "40% of total"))
    shown = drivers("log", "-p", "-1")
    assert '@@ article 2 "Sharing"' in shown
    assert "+    at most  40% of total\n" in shown


def test_what_is_no_policy_is_shown_as_it_is(drivers: Git, tmp_path: Path):
    (tmp_path / "torn.policy").write_bytes(b"article 1\n caf\xe9\n")
    drivers("add", "--all")
    drivers("commit", "--quiet", "-m", "torn")
    (tmp_path / "torn.policy").write_text("article 1\n  >>> no policy\n", "utf-8")
    assert "+  >>> no policy\n" in drivers("diff")


# ---- merging -------------------------------------------------------------------------------------------------------

# Neighbours: git alone, which merges by lines, can't settle them.
OURS = ('parameter rate "Rate" = 20%', 'parameter rate "Rate" = 30%')
THEIRS = ("No member takes more than half.", "No member takes more than a half of all.")


def branches(git: Git, ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    git("checkout", "--quiet", "-b", "other")
    commit(git, theirs)
    git("checkout", "--quiet", "main")
    commit(git, ours)


def test_git_alone_would_meet_a_conflict(git: Git):
    Path("t.policy").write_text(TEXT, "utf-8")
    git("add", "--all")
    git("commit", "--quiet", "-m", "first")
    branches(git, OURS, THEIRS)
    git("merge", "other", code=1)


def test_by_article_the_same_merge_is_clean(drivers: Git):
    branches(drivers, OURS, THEIRS)
    drivers("merge", "--quiet", "-m", "both", "other")
    assert Path("t.policy").read_text("utf-8") == TEXT.replace(*OURS).replace(*THEIRS)
    assert drivers("status", "--short") == ""


def test_a_new_layout_on_one_side_is_no_conflict(drivers: Git):
    branches(
        drivers, ("    total    arrivals\n    among    core", "    total arrivals\n    among core"), ("50%", "40%")
    )
    drivers("merge", "--quiet", "-m", "both", "other")
    assert Path("t.policy").read_text("utf-8") == TEXT.replace("50%", "40%")


def test_a_true_conflict_stands_in_its_provision(drivers: Git):
    branches(drivers, OURS, (OURS[0], OURS[0].replace("20%", "25%")))
    drivers("merge", "other", code=1)
    assert drivers("status", "--short") == "UU t.policy\n"
    assert Path("t.policy").read_text("utf-8") == TEXT.replace(
        '  parameter rate "Rate" = 20%\n',
        '<<<<<<< ours\n  parameter rate "Rate" = 30%\n=======\n  parameter rate "Rate" = 25%\n>>>>>>> theirs\n',
    )
    assert "<<<<<<< ours" in drivers("diff")


def test_a_conflict_is_told_by_its_place(folder_of_three: None, capsys: pytest.CaptureFixture[str]):
    assert main(["git", "merge", "base", "ours", "theirs", "--path", "law/t.policy", "--marker-size", "9"]) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "PD988 error" in told
    assert "`law/t.policy`: both sides changed `rate` of Art. 2" in told
    assert "\n" + "<" * 9 + " ours\n" in Path("ours").read_text("utf-8")


@pytest.fixture
def folder_of_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, rate in (("base", "20%"), ("ours", "30%"), ("theirs", "40%")):
        Path(name).write_text(TEXT.replace("20%", rate), "utf-8")


# ---- setting up ----------------------------------------------------------------------------------------------------


def settings(git: Git) -> dict[str, str]:
    listed = git("config", "--local", "--list").splitlines()
    return dict(line.split("=", 1) for line in listed if line.startswith(("diff.", "merge.")))


@pytest.mark.parametrize(
    "before", ["", "*.policy text eol=lf\n", "# ours\n*.png binary", "a\r\nb\r\n", "*.policy diff=policy\n"]
)
def test_what_stands_there_stays_and_comes_back(git: Git, before: str):
    file = Path(".gitattributes")
    if before:
        file.write_bytes(before.encode())
    assert install("policy") is True
    assert install("policy") is False
    lines = file.read_text("utf-8").splitlines()
    assert lines == [*before.splitlines(), REMARK, LINE]
    assert settings(git)["merge.policy.driver"].startswith("policy git merge %O %A %B")
    attributes = git("check-attr", "diff", "merge", "--", "sub/x.policy")
    assert attributes == "sub/x.policy: diff: policy\nsub/x.policy: merge: policy\n"
    assert uninstall() is True
    assert uninstall() is False
    assert settings(git) == {}
    assert (file.read_bytes().decode() if file.exists() else "").rstrip("\r\n") == before.rstrip("\r\n")
    assert file.exists() is bool(before)


def test_another_program_takes_the_place_of_the_first(git: Git):
    install("policy")
    assert install("/opt/policy/bin/policy") is True
    assert settings(git)["diff.policy.textconv"] == "/opt/policy/bin/policy git textconv"
    assert Path(".gitattributes").read_text("utf-8").count(LINE) == 1


@pytest.mark.parametrize(
    ("attributes", "setting", "what"),
    [
        ("*.policy diff=python\n", (), "diff"),
        ("*.policy -merge\n", (), "merge"),
        ("*.policy binary\n", (), "diff"),
        ("", ("diff.policy.textconv", "cat"), "diff.policy.textconv"),
        ("", ("merge.policy.driver", "other %A"), "merge.policy.driver"),
    ],
)
def test_what_is_set_up_otherwise_is_not_touched(git: Git, attributes: str, setting: tuple[str, ...], what: str):
    if attributes:
        Path(".gitattributes").write_text(attributes, "utf-8")
    if setting:
        git("config", *setting)
    before = settings(git)
    with pytest.raises(Refused) as refused:
        install("policy")
    assert (refused.value.problem.code, refused.value.problem.params["what"]) == ("PD989", what)
    assert settings(git) == before
    assert (Path(".gitattributes").read_text("utf-8") if attributes else "") == attributes
    uninstall()
    assert settings(git) == before


def test_other_settings_of_a_driver_stay(git: Git):
    install("policy")
    git("config", "diff.policy.wordRegex", "[a-z]+")
    uninstall()
    assert settings(git) == {"diff.policy.wordregex": "[a-z]+"}


def test_in_a_folder_of_the_repository_it_is_set_up_at_the_top(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "law").mkdir()
    monkeypatch.chdir(tmp_path / "law")
    install("policy")
    assert (tmp_path / ".gitattributes").exists()
    assert not (tmp_path / "law" / ".gitattributes").exists()


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert main(["git", "install"]) == 2
    assert "PD986" in capsys.readouterr().err


def test_the_command_says_what_it_did(git: Git, capsys: pytest.CaptureFixture[str]):
    for arguments, said in [
        ([], "policies are now shown and merged by article\n"),
        ([], "nothing to do: it is installed\n"),
        (["--uninstall"], "policies are shown and merged as other files are\n"),
        (["--uninstall"], "nothing was installed\n"),
    ]:
        assert main(["git", "install", *arguments]) == 0
        assert capsys.readouterr().out == said


def test_a_file_is_printed_laid_out_also_as_it_stood(git: Git, capsys: pytest.CaptureFixture[str]):
    Path("lake.policy").write_text(LAKE.replace("  language  1", "  language 1"), "utf-8")
    git("add", "--all")
    git("commit", "--quiet", "-m", "x")
    Path("lake.policy").unlink()
    assert main(["git", "textconv", "HEAD:lake.policy"]) == 0
    assert capsys.readouterr().out == LAKE
    assert main(["git", "textconv", "HEAD:lake.policie"]) == 2
    assert main(["git", "textconv", "lake.policy"]) == 2
