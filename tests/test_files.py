"""Reading and writing: whole or not at all, never over an input, never a traceback."""

import os
import stat
from pathlib import Path

import pytest

from policy_dsl.files import LIMIT, Loader, Refused, read_source, write_text
from policy_dsl.source import Source


def refusal(function, *arguments) -> str:
    with pytest.raises(Refused) as refused:
        function(*arguments)
    return refused.value.problem.code


def test_a_text_is_read_without_its_byte_order_mark(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfpolicy\r\n")
    assert read_source(str(tmp_path / "a")).text == "policy\r\n"


@pytest.mark.parametrize(
    ("name", "code"),
    [("none", "PD901"), (".", "PD902"), ("a/b", "PD901"), ("a\0b", "PD903"), ("x" * 5000, "PD903"), ("latin", "PD904")],
)
def test_what_can_not_be_read_is_a_problem(name: str, code: str, tmp_path: Path):
    (tmp_path / "a").write_text("x")
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    assert refusal(read_source, str(tmp_path / name)) == code


def test_a_loop_of_links_is_a_problem(tmp_path: Path):
    (tmp_path / "a").symlink_to(tmp_path / "a")
    assert refusal(read_source, str(tmp_path / "a")) == "PD903"


def test_an_endless_file_is_not_read_to_its_end():
    if not os.path.exists("/dev/zero"):
        pytest.skip("no such device here")
    assert refusal(read_source, "/dev/zero") == "PD910"
    assert LIMIT < 2**26


def test_the_loader_reads_from_the_folder_of_the_file_that_names_it(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "base.policy").write_text("base")
    main = Source(str(tmp_path / "sub" / "main.policy"), "main")
    load = Loader(main)
    found = load("../base.policy", main)
    assert found is not None
    assert found.text == "base"
    assert found.name == str(tmp_path / "base.policy")
    assert load("../sub/../base.policy", main) is found


def test_a_file_that_names_itself_by_another_way_is_the_same_source(tmp_path: Path):
    (tmp_path / "main.policy").write_text("main")
    (tmp_path / "link.policy").symlink_to(tmp_path / "main.policy")
    main = read_source(str(tmp_path / "main.policy"))
    assert Loader(main)("link.policy", main) is main


def test_what_the_loader_can_not_read_is_none_with_a_reason(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    load = Loader()
    main = Source(str(tmp_path / "main.policy"), "")
    assert load("none.policy", main) is None
    assert load("folder", main) is None
    assert load("a\0b", main) is None
    assert [problem.code for problem in load.reasons.values()] == ["PD901", "PD902", "PD903"]


def test_a_file_is_replaced_whole_and_keeps_its_permissions(tmp_path: Path):
    out = tmp_path / "out.md"
    out.write_text("old")
    out.chmod(0o640)
    write_text(str(out), "new é\n")
    assert out.read_text("utf-8") == "new é\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["out.md"]


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path):
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    write_text(str(tmp_path / "link.md"), "new")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "new"


@pytest.mark.parametrize("other", ["case.yaml", "./case.yaml", "link.yaml", "hard.yaml"])
def test_an_input_is_never_overwritten(other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text("facts")
    Path("link.yaml").symlink_to("case.yaml")
    os.link("case.yaml", "hard.yaml")
    assert refusal(write_text, other, "new", ["none", "case.yaml"]) == "PD906"
    assert Path("case.yaml").read_text() == "facts"


def test_a_missing_folder_is_named(tmp_path: Path):
    assert refusal(write_text, str(tmp_path / "none" / "out.md"), "x") == "PD905"
    assert os.listdir(tmp_path) == []


def test_a_folder_is_not_overwritten(tmp_path: Path):
    assert refusal(write_text, str(tmp_path), "x") == "PD907"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    out = tmp_path / "out.md"
    out.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    assert refusal(write_text, str(out), "new") == "PD907"
    assert out.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.md"]


def test_a_device_is_written_to_as_it_is():
    if not os.path.exists("/dev/null"):
        pytest.skip("no such device here")
    write_text(os.devnull, "x")
    assert not os.path.isfile(os.devnull)
