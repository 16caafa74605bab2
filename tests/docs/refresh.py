"""Write below each command or program of a page with steps what it truly shows: `python -m tests.docs.refresh`.

What is shortened with `…` is left alone, and named where it is no longer true. Read what changes before you commit it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from . import pages
from .steps import follow


def refresh(page: Path) -> None:
    """Bring one page up to date."""
    truths: dict[int, list[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        for fence, command, shown, true in follow(page, Path(name)):
            holds, short = pages.agrees(shown, true), pages.shortened(shown)
            if short and not holds:
                sys.stderr.write(f"{fence}: no longer true: $ {command}\n")
            kept = shown if holds or short else f"{true.strip()}\n"
            truths.setdefault(fence.line, []).append(f"$ {command}\n{kept}" if command else kept)
    lines = page.read_text("utf-8").splitlines(keepends=True)
    for line, truth in sorted(truths.items(), reverse=True):
        end = lines.index("```\n", line)
        lines[line:end] = truth
    page.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    for each in pages.pages():
        if any(fence.order == "write" for fence in pages.fences(each)):
            refresh(each)
