"""Files as they stood at a revision: read from git, with the files that they name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from policy_dsl.files import Loader, Refused
from policy_dsl.files.revisions import is_revision, read_revision

Git = Callable[..., str]


def write(**texts: str) -> None:
    for name, text in texts.items():
        path = Path(name.replace("__", "/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".policy").write_text(text, "utf-8")


def commit(git: Git, **texts: str) -> None:
    write(**texts)
    git("add", "--all")
    git("commit", "--quiet", "-m", "x")


def refusal(name: str) -> str:
    with pytest.raises(Refused) as refused:
        read_revision(name)
    return refused.value.problem.code


def test_a_file_is_read_as_it_stood_and_so_are_the_files_that_it_names(git: Git):
    commit(git, law__main="first", base="base of the first")
    commit(git, law__main="second", base="base of the second")
    source, load = read_revision("HEAD~1:law/main.policy")
    assert isinstance(load, Loader)
    assert (source.name, source.text) == ("HEAD~1:law/main.policy", "first")
    found = load("../base.policy", source)
    assert found is not None
    assert (found.name, found.text) == ("HEAD~1:base.policy", "base of the first")
    assert load("../law/../base.policy", source) is found
    assert load("./main.policy", source) is source
    assert load.read == {"HEAD~1:law/main.policy": b"first", "HEAD~1:base.policy": b"base of the first"}


def test_what_is_staged_is_a_revision_too(git: Git):
    commit(git, main="committed")
    write(main="staged")
    git("add", "--all")
    write(main="in the folder")
    assert read_revision(":main.policy")[0].text == "staged"
    assert read_revision("HEAD:main.policy")[0].text == "committed"


@pytest.mark.parametrize("rev", ["main", "HEAD", "v1", "HEAD^{/x}", "HEAD^{/x: y}", "HEAD@{0}", "@"])
def test_a_revision_is_whatever_git_takes_for_one(git: Git, rev: str):
    write(main="text")
    git("add", "--all")
    git("commit", "--quiet", "-m", "x: y")
    git("tag", "v1")
    assert read_revision(f"{rev}:main.policy")[0].text == "text"


def test_paths_begin_at_the_top_or_with_a_point_here(git: Git, monkeypatch: pytest.MonkeyPatch):
    commit(git, law__main="text", base="base")
    monkeypatch.chdir("law")
    assert read_revision("HEAD:law/main.policy")[0].text == "text"
    assert read_revision("HEAD:./main.policy")[0].name == "HEAD:law/main.policy"
    assert read_revision("HEAD:../base.policy")[0].text == "base"
    with pytest.raises(Refused) as refused:
        read_revision("HEAD:main.policy")
    assert "`HEAD:./main.policy`" in refused.value.problem.mend


def test_a_link_is_followed_inside_of_the_revision(git: Git):
    write(base="base")
    Path("link.policy").symlink_to("base.policy")
    Path("out.policy").symlink_to("/etc/hostname")
    git("add", "--all")
    git("commit", "--quiet", "-m", "x")
    assert read_revision("HEAD:link.policy")[0].text == "base"
    assert refusal("HEAD:out.policy") == "PD987"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("HEAD:gone.policy", "PD987"),
        ("HEAD~7:main.policy", "PD987"),
        ("--help:main.policy", "PD987"),
        ("HEAD:/etc/passwd", "PD987"),
        ("HEAD:../../main.policy", "PD987"),
        ("HEAD:law", "PD902"),
        ("HEAD:a\nb", "PD987"),
        (":gone.policy", "PD987"),
        ("main.policy", "PD987"),
        ("HEAD:", "PD987"),
        ("HEAD:latin.policy", "PD904"),
    ],
)
def test_what_is_not_there_is_a_problem(git: Git, name: str, code: str):
    Path("latin.policy").write_bytes(b"\xe9")
    commit(git, main="text", law__other="x")
    assert refusal(name) == code


def test_a_named_file_that_is_not_there_is_none_with_its_reason(git: Git):
    commit(git, main="text")
    write(later="x")
    source, load = read_revision("HEAD:main.policy")
    assert load("later.policy", source) is None
    assert load("../../up.policy", source) is None
    assert load.reasons["later.policy"].params["reason"] == "there is no such file at this revision"
    assert load.reasons["../../up.policy"].params["reason"] == "the path leads out of the repository"


def test_outside_of_a_repository_and_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert refusal("HEAD:main.policy") == "PD986"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal("HEAD:main.policy") == "PD986"


@pytest.mark.parametrize(
    ("name", "so"),
    [
        ("HEAD:a.policy", True),
        (":a.policy", True),
        ("a.policy", False),
        ("here:a.policy", False),
        ("HEAD:", False),
    ],
)
def test_a_file_that_stands_here_is_no_revision(git: Git, name: str, so: bool):
    Path("here:a.policy").write_text("x")
    assert is_revision(name) is so
