"""Where the answer of a command goes: to the terminal, or whole into a file that is none of those that were read."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

import click

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused, write_bytes

BINARY = ("pdf", "docx")
PAPERS = ("a4", "letter")
DOCUMENTS = {"md": "md", "html": "html", "htm": "html", "json": "json", "pdf": "pdf", "docx": "docx"}
COMPARISONS = {"text": "text", "txt": "text", "html": "html", "htm": "html", "json": "json"}


def form_of(out: str | None, endings: Mapping[str, str], usual: str, code: str) -> str:
    """The form that a file's name tells; the usual one for the terminal.

    `endings` gives the form of each ending. Raises Refused, with the code, for a name that tells none.
    """
    if out is None:
        return usual
    ending = out.rpartition(".")[2].lower()
    if ending not in endings:
        raise Refused(Problem(code, params={"file": out}))
    return endings[ending]


def document_form(form: str | None, out: str | None, paper: str | None, forms: Iterable[str]) -> str:
    """The form of a document. Raises Refused for bytes on a terminal, and for paper where there are no pages."""
    chosen = form or form_of(out, {ending: made for ending, made in DOCUMENTS.items() if made in forms}, "md", "PD909")
    if out is None and chosen in BINARY:
        raise Refused(Problem("PD914", params={"form": chosen}))
    if paper is not None and chosen not in BINARY:
        raise Refused(Problem("PD950", params={"form": chosen}))
    return chosen


def deliver(made: str | bytes, out: str | None, read: Iterable[str], what: str, *, quiet: bool) -> None:
    """Print a text, or write it to a file. Raises Refused where it can't be written, or would replace what was read."""
    if out is not None:
        write_bytes(out, made.encode("utf-8") if isinstance(made, str) else made, read)
        if not quiet:
            click.echo(f"The {what} is in {out}", err=True)
    elif isinstance(made, str):
        sys.stdout.write(made)


def ended(made: str | bytes) -> str | bytes:
    """A text with an end to its last line."""
    return made + "\n" if isinstance(made, str) and not made.endswith("\n") else made
