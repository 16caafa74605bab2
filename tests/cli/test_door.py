"""The door itself: usage, version, what is imported when, and what happens when something breaks."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import policy_dsl
from policy_dsl.cli import main
from policy_dsl.cli.app import Commands


def python(*arguments: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=60, **more)


def imported_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    return set(python("-c", code).stderr.split("\n"))


def test_the_version_is_told_before_anything_is_imported(policy):
    assert policy("--version").out == f"policy {policy_dsl.__version__}\n"
    assert policy("check", "--help").code == 0
    loaded = imported_by("from policy_dsl.cli import main; main(['--version'])")
    assert not {"click", "lark", "pydantic", "importlib.metadata", "dataclasses"} & loaded


def test_help_lists_the_commands_without_importing_them(policy):
    said = policy("--help")
    assert said.code == 0
    assert all(name in said.out for name in Commands.lazy)
    loaded = imported_by("from policy_dsl.cli import main; main(['--help'])")
    assert not {name for name in loaded if name.startswith(("policy_dsl.cli.check", "policy_dsl.pipeline", "lark"))}


def test_what_makes_a_form_is_imported_for_that_form_alone(folder: Path):
    command = "from policy_dsl.cli import main; main(['decide', 'lake.policy', 'lake.yaml', '--out', 'a.{}'])"
    makers = {"typst", "docx", "lxml", "fontpkg_amiri"}
    assert {form: makers & imported_by(command.format(form)) for form in ("md", "html", "json", "pdf", "docx")} == {
        "md": set(),
        "html": set(),
        "json": set(),
        "pdf": {"typst", "fontpkg_amiri"},
        "docx": {"docx", "lxml", "typst", "fontpkg_amiri"},  # its pictures are set as those of a PDF
    }


def test_each_command_is_where_the_table_says(policy):
    for name in Commands.lazy:
        said = policy(name, "--help")
        assert said.code == 0
        assert said.out.startswith("Usage: policy ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek", "a"], "did you mean `check`?"),
        (["xyzzy"], "the commands are check, lint"),
        (["check"], "Missing argument"),
        (["check", "--colour", "a"], "No such option"),
        (["decide", "a.policy"], "Missing argument"),
    ],
)
def test_a_command_that_is_not_understood_ends_with_2(policy, arguments: list[str], said: str):
    ran = policy(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("path", "code"), [("none.policy", "PD901"), ("folder", "PD902"), ("latin1.policy", "PD904"), ("a\0b", "PD903")]
)
@pytest.mark.parametrize("command", ["check", "decide", "test", "case new", "case check"])
def test_a_file_that_can_not_be_read_ends_every_command_with_2(policy, command: str, path: str, code: str):
    more = ["lake.yaml"] if command in ("decide", "case check") else []
    ran = policy(*command.split(), path, *more)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{code} error")
    assert "Traceback" not in ran.err


def test_a_fault_of_ours_is_owned_and_shows_nothing_else(policy, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of \x1b[31mideas")

    monkeypatch.setattr("policy_dsl.pipeline.reading.check_policy", fail)
    ran = policy("check", "lake.policy")
    assert (ran.code, ran.out) == (70, "")
    assert ran.err.startswith(
        f"PD999 error · policy {policy_dsl.__version__} · RuntimeError: out of \\u{{1b}}[31mideas\n"
    )
    assert "Traceback" not in ran.err
    monkeypatch.setenv("POLICY_DEBUG", "1")
    assert "Traceback" in policy("check", "lake.policy").err


def test_an_interruption_ends_with_130(policy, monkeypatch: pytest.MonkeyPatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("policy_dsl.pipeline.reading.check_policy", interrupt)
    ran = policy("check", "lake.policy")
    assert (ran.code, ran.err) == (130, "interrupted\n")


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="pipes close otherwise here")
def test_a_reader_who_goes_away_is_no_fault():
    code = "import sys; from policy_dsl.cli import main; sys.exit(main(['help']))"
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(writing)
    assert (process.returncode, process.stderr) == (141, b"")


def test_output_into_a_pipe_is_utf_8_and_without_colour(folder: Path):
    code = "import sys; from policy_dsl.cli import main; sys.exit(main(['check', 'latin1.policy', 'none.policy']))"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(policy_dsl.__file__).parents[1])},
        timeout=60,
        check=False,
    )
    assert ran.returncode == 2
    assert "PD904 error · latin1.policy" in ran.stderr.decode("utf-8")
    assert b"\x1b" not in ran.stderr


def test_help_on_a_message(policy):
    assert policy("help", "PD901").out.startswith("# PD901")
    assert policy("help", "pd901").out == policy("help", "file-missing").out == policy("help", "PD901").out
    assert "PD901  error" in policy("help").out
    ran = policy("help", "PD9O1")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `PD901`?" in ran.err


def test_main_takes_the_command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(sys, "argv", ["policy", "-V"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("policy ")


@pytest.mark.parametrize(
    ("arguments", "code"), [("['--version']", 0), ("['check', 'lake.policy']", 0), ("['check', 'none.policy']", 2)]
)
def test_the_program_ends_with_the_code_of_the_command_and_all_that_it_said(folder: Path, arguments: str, code: int):
    said = f"import sys; sys.argv[1:] = {arguments}; from policy_dsl.cli import run; run()"
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=False, cwd=folder)
    assert ran.returncode == code
    assert (ran.stdout or ran.stderr).strip()
    assert "Traceback" not in ran.stderr
