"""`policy docs` and `policy graph` at the door: forms, files, and what is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Ran = Any

MADE = {"md": b"# Rules", "html": b"<!doctype html>", "pdf": b"%PDF", "docx": b"PK", "htm": b"<!doctype html>"}
DRAWN = {
    "svg": "<svg",
    "dot": "digraph",
    "gv": "digraph",
    "mmd": "flowchart LR",
    "mermaid": "flowchart LR",
    "txt": "Members",
}


def test_the_document_goes_to_the_terminal_as_markdown(policy: Callable[..., Ran]) -> None:
    ran = policy("docs", "lake.policy")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("# Rules of the Lake Group\n")


@pytest.mark.parametrize("ending", MADE)
def test_the_name_of_the_file_tells_the_form(policy: Callable[..., Ran], folder: Path, ending: str) -> None:
    ran = policy("docs", "lake.policy", "--out", f"lake.{ending}")
    assert ran.code == 0
    assert ran.err == f"The document is in lake.{ending}\n"
    assert (folder / f"lake.{ending}").read_bytes().startswith(MADE[ending])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["docs", "lake.policy", "--format", "pdf"], "PD914"),
        (["docs", "lake.policy", "--out", "lake.txt"], "PD909"),
        (["docs", "lake.policy", "--paper", "letter"], "PD950"),
        (["docs", "lake.policy", "--out", "lake.policy", "--format", "md"], "PD906"),
        (["docs", "nothing.policy"], "PD901"),
        (["graph", "lake.policy", "--of", "place"], "PD980"),
        (["graph", "lake.policy", "--out", "lake.png"], "PD981"),
    ],
)
def test_what_cant_be_carried_out(policy: Callable[..., Ran], arguments: list[str], code: str) -> None:
    ran = policy(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert code in ran.err


@pytest.mark.parametrize("command", ["docs", "graph"])
def test_a_faulty_policy_is_told_and_not_drawn(policy: Callable[..., Ran], command: str) -> None:
    ran = policy(command, "faulty.policy")
    assert (ran.code, ran.out) == (1, "")
    assert "areaa" in ran.err


def test_the_document_in_another_language_and_on_other_paper(policy: Callable[..., Ran], folder: Path) -> None:
    assert policy("docs", "lake.policy", "--language", "fr", "--out", "fr.pdf", "--paper", "letter", "-q").code == 0
    assert b"612" in (folder / "fr.pdf").read_bytes()
    assert "Ce qui est réparti" in policy("docs", "lake.policy", "--language", "fr").out


@pytest.mark.parametrize("ending", DRAWN)
def test_the_name_of_the_file_tells_the_form_of_a_drawing(
    policy: Callable[..., Ran], folder: Path, ending: str
) -> None:
    ran = policy("graph", "lake.policy", "--out", f"lake.{ending}")
    assert (ran.code, ran.out, ran.err) == (0, "", f"The drawing is in lake.{ending}\n")
    assert (folder / f"lake.{ending}").read_text("utf-8").startswith(DRAWN[ending])


def test_a_drawing_goes_to_the_terminal_as_text(policy: Callable[..., Ran]) -> None:
    ran = policy("graph", "lake.policy", "--of", "size")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("What it rests on:\nSize: size (Key, Art. 1(1))\n")
