"""A folder with a sound policy, a case that fits it, and files that are neither."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from policy_dsl.cli import main

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"


@dataclass
class Ran:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("lake.policy", "lake.yaml"):
        (tmp_path / name).write_text((EXAMPLE / name).read_text("utf-8"), "utf-8")
    (tmp_path / "latin1.policy").write_bytes("# é\n".encode("latin-1"))
    (tmp_path / "faulty.policy").write_text(
        (EXAMPLE / "lake.policy").read_text("utf-8").replace("share of area", "share of areaa"), "utf-8"
    )
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("POLICY_NO_CACHE", raising=False)
    monkeypatch.delenv("POLICY_DEBUG", raising=False)
    return tmp_path


@pytest.fixture
def policy(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command in that folder."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
