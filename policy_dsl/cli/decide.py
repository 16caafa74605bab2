"""`policy decide`: decide a case by a policy and write the document."""

from __future__ import annotations

import sys
from datetime import date

import click

from policy_dsl.cli.work import Taken, decided_with, outcome, reading
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused, write_bytes
from policy_dsl.pipeline import document, templates, what_decided

FORMS = ("md", "html", "json", "pdf", "docx")
BINARY = ("pdf", "docx")
LANGUAGES = ("en", "fr", "ar")
PAPERS = ("a4", "letter")


@click.command()
@click.argument("policy", metavar="POLICY")
@click.argument("case", metavar="CASE")
@click.option("--out", metavar="FILE", help="Write the document here, not to the terminal.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Its form; else that of FILE's name, else md.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="The language of the document.")
@click.option("--paper", type=click.Choice(PAPERS), help="The size of paper of pdf and docx; else a4.")
@click.option("--template", metavar="DIR", help="Your own templates: document.html.j2, document.md.j2.")
@click.option("--what-decided", "examine", is_flag=True, help="Say too how far each figure may move; takes seconds.")
@reading
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def decide(
    policy: str,
    case: str,
    out: str | None,
    form: str | None,
    language: str,
    paper: str | None,
    template: str | None,
    examine: bool,
    as_at: date | None,
    take: Taken,
    quiet: bool,
) -> int:
    """Decide a case by a policy and write the document.

    The document goes to the terminal, or to a file with --out, as pdf and docx must; messages go to the error stream.
    The exit code is 0 if everything is decided, 3 if something is undetermined, awaits a choice, or was left
    unallocated, and 1 if a guarantee does not hold.
    """
    chosen = form or _form_of(out)
    if out is None and chosen in BINARY:
        raise Refused(Problem("PD914", params={"form": chosen}))
    if paper is not None and chosen not in BINARY:
        raise Refused(Problem("PD950", params={"form": chosen}))
    own = None if template is None else templates(template, chosen)
    inputs, checked, decision = decided_with(policy, case, language, quiet=quiet, as_at=as_at, take=take)
    examined = what_decided(checked, decision).found if examine else None
    made = document(decision, chosen, language, own, examined, paper or PAPERS[0])
    if isinstance(made, str) and not made.endswith("\n"):
        made += "\n"
    if out is not None:
        read = [*inputs, *(own.read if own is not None else ())]
        write_bytes(out, made.encode("utf-8") if isinstance(made, str) else made, read)
        if not quiet:
            click.echo(f"The document is in {out}", err=True)
    elif isinstance(made, str):
        sys.stdout.write(made)
    return outcome(decision)


def _form_of(out: str | None) -> str:
    """The form that a file's name tells. Raises Refused for a name that tells none."""
    if out is None:
        return "md"
    ending = out.rpartition(".")[2].lower()
    if ending == "htm":
        return "html"
    if ending not in FORMS:
        raise Refused(Problem("PD909", params={"file": out}))
    return ending
