"""`policy verify`: find out whether a decision follows from its rules and its case."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import Any

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import Message, as_json, messages, tell
from policy_dsl.cli.work import decided_with
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused
from policy_dsl.pipeline import open_file, stated_decision, what_decided
from policy_dsl.pipeline import verify as differences


@click.command()
@click.argument("decision", metavar="DECISION")
@click.option("--policy", metavar="FILE", help="The policy; else the file that DECISION names, beside it or here.")
@click.option("--case", metavar="FILE", help="The case; else the file that DECISION names, beside it or here.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for tools.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def verify(decision: str, policy: str | None, case: str | None, form: str, quiet: bool) -> int:
    """Find out whether a decision follows from its rules and its case.

    DECISION is a file that `policy decide --format json` wrote. The case is decided again and compared with it. The
    exit code is 0 if all is the same; 1 if something differs, which is then told: the first difference in the rules,
    the legal words, the case, the versions, the outcome, and the rest of the file.
    """
    stated = stated_decision(open_file(decision))
    law = policy or _found(decision, stated["policy"], "--policy")
    facts = case or _found(decision, stated["case"], "--case")
    as_at = date.fromisoformat(stated["as_at"]) if "as_at" in stated else None
    taken = tuple(stated["policy"].get("taken", ()))
    _, checked, repeated = decided_with(law, facts, quiet=True, as_at=as_at, take=(taken,))
    examined = what_decided(checked, repeated).found if "what_decided" in stated else None
    said = messages(differences(stated, repeated, examined))
    if form == "json":
        sys.stdout.write(as_json([message.data for message in said]))
    else:
        tell(said)
        if not quiet:
            click.echo(f"{decision}: {_summed(said)}")
    return exits.FAULTS if said else exits.CLEAN


def _summed(said: list[Message]) -> str:
    if not said:
        return "the same rules, case, engine and outcome"
    return "1 difference" if len(said) == 1 else f"{len(said)} differences"


def _found(decision: str, stated: dict[str, Any], option: str) -> str:
    """The file of a name that a decision states, beside the decision or here. Raises Refused where there is none.

    A folder that the name may hold is left out: no file decides which other files of the machine are read.
    """
    name = str(stated["file"]).replace("\\", "/").rpartition("/")[2]
    for path in (os.path.join(os.path.dirname(decision), name), name):
        if name and os.path.isfile(path):
            return path
    raise Refused(Problem("PD924", params={"name": name, "option": option}))
