"""`policy decide`: decide a case by a policy and write the document."""

from __future__ import annotations

import sys

import click

from policy_dsl.cli.work import decided, outcome
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused, write_text
from policy_dsl.pipeline import document

FORMS = ("md", "html", "json")


@click.command()
@click.argument("policy", metavar="POLICY")
@click.argument("case", metavar="CASE")
@click.option("--out", metavar="FILE", help="Write the document here, not to the terminal.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Its form; else that of FILE's name, else md.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def decide(policy: str, case: str, out: str | None, form: str | None, quiet: bool) -> int:
    """Decide a case by a policy and write the document.

    The document goes to the terminal, or to a file with --out; messages go to the error stream. The exit code is 0 if
    everything is decided, 3 if something is undetermined, awaits a choice, or was left unallocated, and 1 if a
    guarantee does not hold.
    """
    chosen = form or _form_of(out)
    inputs, decision = decided(policy, case, quiet=quiet)
    text = document(decision, chosen)
    text = text if text.endswith("\n") else text + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        write_text(out, text, inputs)
        if not quiet:
            click.echo(f"The document is in {out}", err=True)
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
