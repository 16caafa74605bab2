"""The library to a type checker, and its reference to a reader: both know every name."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import policy_dsl

ROOT = Path(__file__).parents[2]
EXAMPLE = Path(__file__).parent / "typed_example.py"
REFERENCE = (ROOT / "docs" / "reference" / "library.md").read_text("utf-8")


def mypy(file: Path) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(ROOT / "pyproject.toml"), str(file)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_a_program_that_uses_the_library_is_fully_typed():
    done = mypy(EXAMPLE)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["Policy", "Decided", "Swept", "PolicyError"])
def test_the_reference_lists_every_name(name: str):
    part = REFERENCE.partition(f"## {name}\n")[2].partition("\n## ")[0]
    told = set(re.findall(r"`(\w+)", part))
    offered = {member for member, _ in inspect.getmembers(getattr(policy_dsl, name)) if not member.startswith("_")} - {
        each for each, _ in inspect.getmembers(Exception)
    }
    assert offered - told == set()


def test_the_reference_lists_what_the_package_offers():
    part = REFERENCE.partition("## policy_dsl\n")[2].partition("\n## ")[0]
    assert {each for each in policy_dsl.__all__ if each != "__version__"} <= set(re.findall(r"`(\w+)", part))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("policy_dsl.load(3)", "incompatible type"),
        ('policy_dsl.load("x").decide("y").document("odt")', "No overload variant"),
        ('policy_dsl.load("x").decide("y").shares("z")["AUT"].amount', "has no attribute"),
    ],
)
def test_a_wrong_use_is_found_before_it_runs(line: str, said: str, tmp_path: Path):
    (tmp_path / "wrong.py").write_text(f"import policy_dsl\n\n{line}\n", "utf-8")
    done = mypy(tmp_path / "wrong.py")
    assert done.returncode == 1
    assert said in done.stdout
