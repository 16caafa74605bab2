"""Write below each command of a page with steps what it truly shows: `python -m tests.docs.refresh`.

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
    with tempfile.TemporaryDirectory() as name:
        text = page.read_text("utf-8")
        for fence, command, shown, true in follow(page, Path(name)):
            if pages.agrees(shown, true):
                continue
            if "…\n" in shown:
                sys.stderr.write(f"{fence}: $ {command}\n{true}\n")
                continue
            text = text.replace(f"$ {command}\n{shown}", f"$ {command}\n{true.strip()}\n", 1)
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    for each in pages.pages():
        if any(fence.order == "write" for fence in pages.fences(each)):
            refresh(each)
