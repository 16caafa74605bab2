"""`policy case`: begin a case file, describe its form, or check one."""

from __future__ import annotations

import sys
from datetime import date

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import as_json, counted, errors, messages, tell
from policy_dsl.cli.work import Taken, reading, sound_policy, taking
from policy_dsl.files import write_text
from policy_dsl.pipeline import case_schema, case_template, open_file, read_case


@click.group()
def case() -> None:
    """Begin a case file, describe its form, or check one."""


@case.command("new")
@click.argument("policy", metavar="POLICY")
@click.option("--out", metavar="FILE", help="Write it here, not to the terminal.")
@taking
def new(policy: str, out: str | None, take: Taken) -> int:
    """Begin a case file for a policy: every fact and step it may hold, with what is asked of each."""
    opened, checked = sound_policy(policy, quiet=True, take=take)
    text = case_template(checked)
    if out is None:
        sys.stdout.write(text)
    else:
        write_text(out, text, inputs=[policy, *opened.load.read])
        click.echo(f"The case file is in {out}", err=True)
    return exits.CLEAN


@case.command("schema")
@click.argument("policy", metavar="POLICY")
@taking
def schema(policy: str, take: Taken) -> int:
    """Describe the form of a policy's case files as a JSON Schema, for editors."""
    _, checked = sound_policy(policy, quiet=True, take=take)
    sys.stdout.write(case_schema(checked))
    return exits.CLEAN


@case.command("check")
@click.argument("policy", metavar="POLICY")
@click.argument("case_file", metavar="CASE")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for tools.")
@reading
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def check(policy: str, case_file: str, form: str, as_at: date | None, take: Taken, quiet: bool) -> int:
    """Find the faults of a case, without deciding it."""
    _, checked = sound_policy(policy, quiet=True, take=take)
    said = messages(read_case(checked, open_file(case_file), as_at).problems)
    shown = [message for message in said if not quiet or message.severity == "error"]
    if form == "json":
        sys.stdout.write(as_json([message.data for message in shown]))
    else:
        tell(shown)
        if not quiet:
            click.echo(f"{case_file}: {counted(said)}")
    return exits.FAULTS if errors(said) else exits.CLEAN
