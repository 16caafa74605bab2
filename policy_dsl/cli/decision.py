"""`policy decision`: describe the form of a decision's data."""

from __future__ import annotations

import sys

import click

from policy_dsl.cli import exits
from policy_dsl.pipeline import decision_schema


@click.group()
def decision() -> None:
    """Describe the form of a decision's data."""


@decision.command("schema")
def schema() -> int:
    """Describe the form of a decision's data as a JSON Schema, for programs that read it."""
    sys.stdout.write(decision_schema())
    return exits.CLEAN
