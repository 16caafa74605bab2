"""`policy docs`: the instrument as a document for those who never read a policy file."""

from __future__ import annotations

import sys

import click

from policy_dsl.cli import exits
from policy_dsl.cli.work import Taken, sound_policy, sound_words, taking
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused, write_bytes
from policy_dsl.pipeline import instrument

FORMS = ("md", "html", "pdf", "docx")
BINARY = ("pdf", "docx")
LANGUAGES = ("en", "fr", "ar")
PAPERS = ("a4", "letter")


@click.command()
@click.argument("policy", metavar="POLICY")
@click.option("--out", metavar="FILE", help="Write the document here, not to the terminal.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Its form; else that of FILE's name, else md.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="The language of the document.")
@click.option("--paper", type=click.Choice(PAPERS), help="The size of paper of pdf and docx; else a4.")
@taking
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def docs(
    policy: str, out: str | None, form: str | None, language: str, paper: str | None, take: Taken, quiet: bool
) -> int:
    """Write the instrument as a document: its words, and in plain sentences what they compute.

    The words are quoted article by article. With them stand members, weights, criteria, scales (drawn as well), steps
    and time limits, duties and guarantees; then what a case must supply, the figures by date, the worked cases, and an
    index in which each term leads to where it is defined and used. Nothing is decided.
    """
    chosen = form or _form_of(out)
    if out is None and chosen in BINARY:
        raise Refused(Problem("PD914", params={"form": chosen}))
    if paper is not None and chosen not in BINARY:
        raise Refused(Problem("PD950", params={"form": chosen}))
    opened, checked = sound_policy(policy, quiet=quiet, take=take)
    sound_words(checked, language, quiet=quiet)
    made = instrument(checked, chosen, language, paper or PAPERS[0])
    if out is not None:
        write_bytes(out, made.encode("utf-8") if isinstance(made, str) else made, [policy, *opened.load.read])
        if not quiet:
            click.echo(f"The document is in {out}", err=True)
    elif isinstance(made, str):
        sys.stdout.write(made if made.endswith("\n") else made + "\n")
    return exits.CLEAN


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
