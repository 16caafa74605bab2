"""`policy explain`: say how one figure or finding came about."""

from __future__ import annotations

import sys
from datetime import date

import click

from policy_dsl.cli.work import Taken, decided, outcome, reading
from policy_dsl.pipeline import explanation

LEVELS = ("brief", "reasoned", "full")


@click.command()
@click.argument("policy", metavar="POLICY")
@click.argument("case", metavar="CASE")
@click.argument("what", metavar="WHAT")
@click.option("--why-not", is_flag=True, help="Say why it is not otherwise.")
@click.option("--level", type=click.Choice(LEVELS), default="reasoned", show_default=True, help="How much is said.")
@reading
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors beside the explanation.")
def explain(
    policy: str, case: str, what: str, why_not: bool, level: str, as_at: date | None, take: Taken, quiet: bool
) -> int:
    """Say how one figure or finding came about.

    WHAT is the name of a provision, or one of a member, in quotes: "protection of TZA".
    """
    _, decision = decided(policy, case, quiet=quiet, as_at=as_at, take=take)
    text = explanation(decision, what, why_not=why_not, level=level)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    return outcome(decision)
