"""What stands between fences in the documentation: policies, parts of policies, cases, and commands with their output.

A fence opens with its language and what is to hold of it:

    ```policy                   a whole file, or articles under the standard header: no errors, and its examples hold
    ```policy wrong=PD301       the same, but with exactly this error (several with commas)
    ```policy file=a.policy     a whole file under a name that `use` and `based on` of the same page can give
    ```console                  commands after `$ `, each with what the terminal then shows
    ```python                   in a page with steps: run there; later blocks of the page know the names of earlier ones

A comment on the line before a fence says more:

    <!-- in: basics -->         the fence stands in `setups/basics.policy`, in the place of its line `>>>`
    <!-- write: a.policy -->    the file is the fence (a page with steps)
    <!-- append: a.policy -->   the fence goes to the end of the file
    <!-- find: a.policy -->     these lines stand in the file …
    <!-- replace: a.policy -->  … and these take their place
    <!-- prints -->             the fence is what the block of Python before it prints
    <!-- show -->               only shown

In what a command shows, a line `…` stands for any lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SETUPS = Path(__file__).resolve().parent / "setups"
PLACE = re.compile(r"^( *)>>>$", re.MULTILINE)
FENCE = re.compile(
    r"(?:^<!-- (?P<comment>[^>]*) -->\n)?^(?P<tick>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=tick)$", re.M | re.S
)
HEADER = """\
policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

"""


@dataclass(frozen=True)
class Fence:
    """One fence: where it stands, what kind it is, the words beside its language, the comment before it, its text."""

    page: Path
    line: int
    kind: str
    info: dict[str, str]
    order: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(DOCS)}:{self.line}"

    @property
    def wrong(self) -> set[str]:
        """The codes of the errors that it must have."""
        return set(self.info["wrong"].split(",")) if "wrong" in self.info else set()


def pages() -> list[Path]:
    """All pages, in order."""
    return sorted(DOCS.rglob("*.md"))


def fences(page: Path) -> Iterator[Fence]:
    """The fences of a page, from the top."""
    text = page.read_text("utf-8")
    for found in FENCE.finditer(text):
        kind, *words = found["info"].split() or [""]
        info = {key: value for key, _, value in (word.partition("=") for word in words)}
        order, _, name = (found["comment"] or "").strip().partition(": ")
        line = text.count("\n", 0, found.start("tick")) + 1
        yield Fence(page, line, kind, info, order, name, found["text"])


def whole(fence: Fence) -> str:
    """The policy file in which a fence is read."""
    if fence.order == "in":
        setup = (SETUPS / f"{fence.name}.policy").read_text("utf-8")
        found = PLACE.search(setup)
        assert found is not None, f"setups/{fence.name}.policy has no line >>>"
        inside = "".join(f"{found[1]}{line}" if line.strip() else line for line in fence.text.splitlines(True))
        return setup[: found.start()] + inside.rstrip("\n") + setup[found.end() :]
    return fence.text if fence.text.startswith(("policy ", "translation ")) else HEADER + fence.text


def commands(fence: Fence) -> Iterator[tuple[str, str]]:
    """The commands of a console and what each shows."""
    for part in re.split(r"^\$ ", fence.text, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def shortened(shown: str) -> bool:
    """Whether a page leaves out some of what a command shows; a line of the output itself may end in `…` too."""
    return re.search(r"^…$", shown, flags=re.M) is not None


def agrees(shown: str, true: str) -> bool:
    """Whether a page shows what is true; a line `…` stands for any lines."""
    parts = [re.escape(part) for part in re.split(r"^…\n", _tidy(shown), flags=re.M)]
    return re.fullmatch(r"(?:.*\n)*?".join(parts), _tidy(true)) is not None


def _tidy(text: str) -> str:
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())
