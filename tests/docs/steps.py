"""A page with steps, followed in a folder: files are written, changed, commands run on them, and programs."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from policy_dsl.cli import main

from . import pages


def follow(page: Path, folder: Path) -> Iterator[tuple[pages.Fence, str, str, str]]:
    """Do what a page says, from the top; give for each command its fence, the command, what is shown, what is true.

    For what a program prints the command is empty.
    """
    sought, printed = "", ""
    names: dict[str, object] = {"__name__": "page"}
    for fence in pages.fences(page):
        file = folder / fence.name if fence.name else folder
        match fence.order:
            case "write":
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(fence.text, "utf-8")
            case "append":
                file.write_text(f"{file.read_text('utf-8')}\n{fence.text}", "utf-8")
            case "find":
                assert file.read_text("utf-8").count(fence.text) == 1, f"{fence}: not found once in {fence.name}"
                sought = fence.text
            case "replace":
                file.write_text(file.read_text("utf-8").replace(sought, fence.text), "utf-8")
            case "prints":
                yield fence, "", fence.text, printed
                printed = ""
            case _ if fence.kind == "python" and fence.order != "show":
                assert not printed, f"{fence}: what the block before prints is not shown"
                printed = run_program(fence, names, folder)
            case _ if fence.kind == "console" and fence.order != "show":
                for command, shown in pages.commands(fence):
                    yield fence, command, shown, run(command, folder)
    assert not printed, f"{page.name}: what the last block prints is not shown"


def run_program(fence: pages.Fence, names: dict[str, object], folder: Path) -> str:
    """What a block of Python prints when it is run in a folder; `names` are those of the blocks before it."""
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said):
        exec(compile(fence.text, str(fence), "exec"), names)
    return said.getvalue()


def run(command: str, folder: Path) -> str:
    """What a terminal shows when a command is run in a folder."""
    words = shlex.split(command)
    said = io.StringIO()
    before = Path.cwd()
    os.chdir(folder)
    try:
        if words[0] == "cat":
            file = Path(words[1])
            return file.read_text("utf-8") if file.exists() else ""
        assert words[0] == "policy", command
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main(words[1:])
    finally:
        os.chdir(before)
    return said.getvalue()
