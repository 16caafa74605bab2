"""`policy lsp`: what is said where the part for editors is not installed. What it serves is tried in `tests/editor`."""

import sys

import pytest

from policy_dsl.cli import main


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path, capfd):
    monkeypatch.setitem(sys.modules, "pygls", None)
    for name in [name for name in sys.modules if name.startswith(("pygls.", "policy_dsl.editor."))]:
        monkeypatch.delitem(sys.modules, name)
    (tmp_path / "in").write_text("")
    with (tmp_path / "in").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["lsp"]) == 2
    said = capfd.readouterr().err
    assert "PD983" in said
    assert "policy-dsl[editor]" in said


def test_the_help_of_editors_is_listed(capsys: pytest.CaptureFixture[str]):
    assert main(["--help"]) == 0
    assert "lsp" in capsys.readouterr().out
