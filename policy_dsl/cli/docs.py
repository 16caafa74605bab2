"""`policy docs`: the instrument as a document for those who never read a policy file."""

from __future__ import annotations

import click

from policy_dsl.cli import exits
from policy_dsl.cli.out import PAPERS, deliver, document_form, ended
from policy_dsl.cli.work import Taken, sound_policy, sound_words, taking
from policy_dsl.pipeline import instrument

FORMS = ("md", "html", "pdf", "docx")
LANGUAGES = ("en", "fr", "ar")


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
    chosen = document_form(form, out, paper, FORMS)
    opened, checked = sound_policy(policy, quiet=quiet, take=take)
    sound_words(checked, language, quiet=quiet)
    made = instrument(checked, chosen, language, paper or PAPERS[0])
    deliver(ended(made), out, [policy, *opened.load.read], "document", quiet=quiet)
    return exits.CLEAN
