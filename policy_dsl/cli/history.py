"""`policy history`: the figures of a policy through time."""

from __future__ import annotations

import sys
from datetime import date

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import as_json
from policy_dsl.cli.work import Day, Taken, sound_policy, taking
from policy_dsl.pipeline import through_time


@click.command()
@click.argument("policy", metavar="POLICY")
@click.option("--at", "day", type=Day(), metavar="DATE", help="Only what was in force on this date.")
@taking
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for tools.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors beside the tables.")
def history(policy: str, day: date | None, take: Taken, form: str, quiet: bool) -> int:
    """List the values of each agreed figure by date, with the instrument that made each.

    Members that joined or left, reservations and transitional clauses are listed too, and last what changed when.
    """
    _, checked = sound_policy(policy, quiet=quiet, take=take)
    found = through_time(checked, day)
    sys.stdout.write(as_json(found.data()) if form == "json" else found.text())
    return exits.CLEAN
