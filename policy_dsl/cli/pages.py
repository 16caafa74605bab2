"""`policy help`: read the page behind a message."""

from __future__ import annotations

import sys

import click

from policy_dsl.cli import exits
from policy_dsl.diagnostics.catalogue import FAMILIES, Entry, entries
from policy_dsl.diagnostics.pages import page
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused


@click.command("help")
@click.argument("code", metavar="[CODE]", required=False)
def help_(code: str | None) -> int:
    """Read the page behind a message; without CODE, list all messages."""
    if code is None:
        sys.stdout.write(index())
        return exits.CLEAN
    found = _meant(code)
    text = page(found.code)
    if text is None:
        text = f"# {found.code}: {found.slug.replace('-', ' ')}\n\n{found.help or found.message}\n"
    sys.stdout.write(text)
    return exits.CLEAN


def index() -> str:
    """All messages by family, one a line."""
    lines: list[str] = []
    for family, title in FAMILIES.items():
        of_family = [entry for entry in entries().values() if entry.code.startswith(family)]
        if not of_family:
            continue
        lines += ([""] if lines else []) + [f"{family}xx  {title}"]
        lines += [f"  {entry.code}  {entry.severity.value:<7}  {entry.slug.replace('-', ' ')}" for entry in of_family]
    return "\n".join([*lines, "", "`policy help CODE` shows the page of one message.", ""])


def _meant(code: str) -> Entry:
    """The entry of a code, in any letters, or of a name as `unknown-name`. Raises Refused with the nearest."""
    for entry in entries().values():
        if code.upper() == entry.code or code.lower().replace(" ", "-") == entry.slug:
            return entry
    from difflib import get_close_matches

    names = [name for entry in entries().values() for name in (entry.code, entry.slug)]
    figures = code.upper().translate(str.maketrans("OIL", "011"))
    near = get_close_matches(figures, names, 1) or get_close_matches(code.lower(), names, 1)
    mend = f"did you mean `{near[0]}`?" if near else ""
    raise Refused(Problem("PD908", params={"code": code}, mend=mend))
