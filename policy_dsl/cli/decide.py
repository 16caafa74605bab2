"""`policy decide`: decide a case by a policy and write the document."""

from __future__ import annotations

from datetime import date

import click

from policy_dsl.cli.out import PAPERS, deliver, document_form, ended
from policy_dsl.cli.work import Taken, decided_with, outcome, reading
from policy_dsl.pipeline import document, templates, what_decided

FORMS = ("md", "html", "json", "pdf", "docx")
LANGUAGES = ("en", "fr", "ar")


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
    chosen = document_form(form, out, paper, FORMS)
    own = None if template is None else templates(template, chosen)
    inputs, checked, decision = decided_with(policy, case, language, quiet=quiet, as_at=as_at, take=take)
    examined = what_decided(checked, decision).found if examine else None
    made = document(decision, chosen, language, own, examined, paper or PAPERS[0])
    read = [*inputs, *(own.read if own is not None else ())]
    deliver(ended(made), out, read, "document", quiet=quiet)
    return outcome(decision)
