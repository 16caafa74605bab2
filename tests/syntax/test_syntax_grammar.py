"""The grammar has no conflicts, and its tables are kept between runs without ever being needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lark import Lark

from policy_dsl.syntax import grammar
from policy_dsl.syntax.words import RESERVED


def test_the_grammar_has_no_conflicts():
    pytest.importorskip("interegular", reason="what looks for terminals that overlap is not installed")
    Lark(grammar.text(), strict=True, **grammar.options() | {"start": ["file", *grammar.STARTS]})


def test_reserved_words_are_those_of_the_language():
    assert len(RESERVED) == 38
    assert {"share", "sum", "notwithstanding", "within", "yes"} <= RESERVED


def test_importing_the_syntax_loads_nothing_of_the_doors():
    loaded = "import sys, policy_dsl.syntax; print({'pydantic', 'yaml', 'click', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("content", [None, b"", b"not a table"])
def test_tables_are_kept_and_a_spoilt_file_does_no_harm(content: bytes | None, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if content is not None:
        kept = Path(grammar._kept(grammar.text()))
        kept.parent.mkdir(parents=True)
        kept.write_bytes(content)
    grammar.parser.cache_clear()
    first = grammar.parser()
    kept = Path(grammar._kept(grammar.text()))
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]
    grammar.parser.cache_clear()
    second = grammar.parser()
    piece = '\nexample "e"\n  expect x = 1'
    assert first.parse(piece, start="example") == second.parse(piece, start="example")
    grammar.parser.cache_clear()


def test_a_directory_that_can_not_be_written_is_no_obstacle(tmp_path: Path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(blocked))
    grammar.parser.cache_clear()
    assert grammar.parser().parse('\npart II "x"', start="part").data == "part"
    grammar.parser.cache_clear()
