"""`policy what-decided`: how far each figure may move before somebody's number changes."""

from __future__ import annotations

import sys
from datetime import date

import click

from policy_dsl.cli.say import as_json
from policy_dsl.cli.work import Taken, decided_with, outcome, reading
from policy_dsl.pipeline import what_decided


@click.command("what-decided")
@click.argument("policy", metavar="POLICY")
@click.argument("case", metavar="CASE")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for tools.")
@click.option("--all", "every", is_flag=True, help="Examine every figure, however long it takes.")
@reading
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors beside the tables.")
def decisive(policy: str, case: str, form: str, every: bool, as_at: date | None, take: Taken, quiet: bool) -> int:
    """Find out what decided: how far each figure may move before somebody's number changes.

    For each weight, each agreed figure and each fact, the exact stretch in which the allocation of whole persons stays
    the same, and who gains and who loses beyond it; for contested facts whether their bounds matter; and the result
    without each criterion. The most decisive figures come first; without --all the others may be left aside.
    """
    _, checked, decision = decided_with(policy, case, quiet=quiet, as_at=as_at, take=take)
    found = what_decided(checked, decision, every=every)
    sys.stdout.write(as_json(found.data()) if form == "json" else found.text())
    return outcome(decision)
