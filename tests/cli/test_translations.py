"""Translations at the terminal: checked beside their policy, told before a document, never taken for a policy."""

from pathlib import Path

import pytest

from policy_dsl.cli import main

LAKE = Path(__file__).resolve().parents[2] / "docs" / "example"
FRENCH = """translation fr "Règles du Groupe des lacs"
  of "lake.policy"
  version "1.0"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    text = (LAKE / "lake.policy").read_text("utf-8")
    assert '  version   "1.0"' in text
    named = text.replace('  version   "1.0"', '  version   "1.0"\n  translation fr "lake.fr.policy"', 1)
    (tmp_path / "lake.policy").write_text(named, "utf-8")
    (tmp_path / "lake.yaml").write_text((LAKE / "lake.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "lake.fr.policy").write_text(FRENCH, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_a_translation_is_checked_anew_when_its_policy_changes(folder, capsys):
    assert main(["check", "lake.fr.policy"]) == 0
    assert "PD277" in capsys.readouterr().out
    policy = folder / "lake.policy"
    policy.write_text(policy.read_text("utf-8").replace('version   "1.0"', 'version   "1.1"'), "utf-8")
    assert main(["check", "lake.fr.policy"]) == 0
    assert "PD283" in capsys.readouterr().out


def test_a_policy_is_checked_anew_when_its_translation_is_gone_or_turns_into_another(folder, capsys):
    assert main(["check", "lake.policy", "-q"]) == 0
    (folder / "lake.fr.policy").write_text(FRENCH.replace("translation fr", "translation ar"), "utf-8")
    assert main(["check", "lake.policy", "-q"]) == 1
    assert "PD270" in capsys.readouterr().out
    (folder / "lake.fr.policy").unlink()
    assert main(["check", "lake.policy", "-q"]) == 1
    assert "PD230" in capsys.readouterr().out


def test_a_document_takes_the_translation_as_it_is_now(folder, capsys):
    for title in ("Règles du Groupe des lacs", "Règles des lacs"):
        (folder / "lake.fr.policy").write_text(FRENCH.replace("Règles du Groupe des lacs", title), "utf-8")
        assert main(["decide", "lake.policy", "lake.yaml", "--language", "fr", "-q"]) == 0
        assert title in capsys.readouterr().out


def test_a_translation_that_can_not_be_read_stops_a_document_in_its_language_alone(folder, capsys):
    (folder / "lake.fr.policy").write_text(FRENCH + '\narticle 1 "Membres"\n  tier core "Membres"\n', "utf-8")
    assert main(["decide", "lake.policy", "lake.yaml", "--language", "fr", "--out", "out.md"]) == 1
    assert "PD281" in capsys.readouterr().err
    assert not (folder / "out.md").exists()
    assert main(["decide", "lake.policy", "lake.yaml", "-q"]) == 0


def test_a_stale_translation_is_told_and_stops_nothing(folder, capsys):
    (folder / "lake.fr.policy").write_text(FRENCH.replace("1.0", "0.9"), "utf-8")
    assert main(["decide", "lake.policy", "lake.yaml", "--language", "fr"]) == 0
    assert "PD283" in capsys.readouterr().err


def test_a_document_is_not_written_over_the_translation(folder, capsys):
    assert (
        main(["decide", "lake.policy", "lake.yaml", "--language", "fr", "--out", "lake.fr.policy", "--format", "md"])
        == 2
    )
    assert "PD906" in capsys.readouterr().err
    assert (folder / "lake.fr.policy").read_text("utf-8") == FRENCH


@pytest.mark.parametrize("command", [["decide", "lake.fr.policy", "lake.yaml"], ["test", "lake.fr.policy"]])
def test_nothing_is_decided_by_a_translation(folder, capsys, command):
    assert main(command) == 1
    captured = capsys.readouterr()
    assert "PD280" in captured.out + captured.err
