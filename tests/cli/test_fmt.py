"""`policy fmt`: what it writes, what it only tells, and when it refuses."""

import io
from pathlib import Path

import pytest

from policy_dsl import layout, pipeline
from policy_dsl.layout import Unkept

LOOSE = 'policy t "T"\n  language 1\n\n\narticle 1 "A"\n  > Words.\n  define x=1 # why\n'
SET = 'policy t "T"\n  language  1\n\narticle 1 "A"\n  > Words.\n  define x = 1  # why\n'


@pytest.fixture
def loose(folder: Path) -> Path:
    (folder / "loose.policy").write_text(LOOSE, "utf-8")
    (folder / "set.policy").write_text(SET, "utf-8")
    return folder / "loose.policy"


def test_a_file_is_laid_out_in_its_place_and_a_second_time_left_alone(policy, loose: Path):
    loose.chmod(0o640)
    ran = policy("fmt", "loose.policy", "set.policy")
    assert (ran.code, ran.out, ran.err) == (0, "loose.policy: laid out anew\n", "")
    assert loose.read_text("utf-8") == SET
    assert loose.stat().st_mode & 0o777 == 0o640
    assert policy("fmt", "loose.policy").out == ""


def test_check_names_the_files_and_writes_nothing(policy, loose: Path):
    ran = policy("fmt", "--check", "set.policy", "loose.policy")
    assert (ran.code, ran.out) == (1, "loose.policy: not in the canonical layout\n")
    assert loose.read_text("utf-8") == LOOSE
    assert policy("fmt", "--check", "set.policy").code == 0
    quiet = policy("fmt", "--check", "-q", "loose.policy")
    assert (quiet.code, quiet.out) == (1, "")


def test_diff_shows_what_would_change(policy, loose: Path):
    ran = policy("fmt", "--diff", "loose.policy", "set.policy")
    assert ran.code == 0
    assert ran.out.startswith("--- loose.policy\n+++ loose.policy\n@@ -1,7 +1,6 @@\n")
    assert "-  define x=1 # why\n+  define x = 1  # why\n" in ran.out
    assert loose.read_text("utf-8") == LOOSE
    loose.write_text(LOOSE.rstrip("\n"), "utf-8")
    assert "\n-  define x=1 # why\n\\ No newline at end of file\n+" in policy("fmt", "--diff", "loose.policy").out
    assert policy("fmt", "--diff", "--check", "loose.policy").code == 1
    assert policy("fmt", "--diff", "--check", "set.policy").code == 0


def test_a_text_from_a_pipe_is_written_to_the_pipe(policy, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LOOSE.encode()), "utf-8"))
    ran = policy("fmt", "-")
    assert (ran.code, ran.out) == (0, SET)


def test_a_file_that_can_not_be_read_is_told_and_the_others_are_laid_out(policy, loose: Path):
    ran = policy("fmt", "none.policy", "latin1.policy", "folder", "loose.policy")
    assert ran.code == 2
    assert [code in ran.err for code in ("PD901", "PD904", "PD902")] == [True] * 3
    assert loose.read_text("utf-8") == SET


def test_what_has_faults_is_laid_out_around_them(policy, loose: Path):
    loose.write_text(LOOSE.replace("define x=1", "defin x=1") + 'article 2 "B"\n  define y=2\n', "utf-8")
    assert policy("fmt", "loose.policy").code == 0
    assert (
        loose.read_text("utf-8") == SET.replace("define x = 1  #", "defin x=1 #") + '\narticle 2 "B"\n  define y = 2\n'
    )


@pytest.mark.parametrize("what", ["rules and words", "comments", "faults", "layout"])
def test_a_layout_that_would_change_the_text_is_refused(
    policy, loose: Path, monkeypatch: pytest.MonkeyPatch, what: str
):
    def unkept(_: object) -> str:
        raise Unkept(what)

    monkeypatch.setattr(layout, "formatted", unkept)
    ran = policy("fmt", "loose.policy")
    assert ran.code == 2
    assert "PD985" in ran.err
    assert what in ran.err
    assert loose.read_text("utf-8") == LOOSE


def test_a_layout_that_would_change_the_digest_is_refused(policy, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Also where trees and comments were compared in vain."""
    before = (folder / "lake.policy").read_text("utf-8")
    monkeypatch.setattr(layout, "formatted", lambda parsed: parsed.tree.span.source.text.replace("1%", "2%"))
    ran = policy("fmt", "lake.policy")
    assert ran.code == 2
    assert "digest of the rules" in ran.err
    assert (folder / "lake.policy").read_text("utf-8") == before


def test_a_translation_is_laid_out(folder: Path):
    text = 'translation fr "T"\n  of "lake.policy"\n  version "1"\n'
    (folder / "lake.fr.policy").write_text(text, "utf-8")
    laid = pipeline.laid_out(pipeline.open_file(str(folder / "lake.fr.policy")))
    assert laid == 'translation fr "T"\n  of        "lake.policy"\n  version   "1"\n'
