"""`policy lint`: advice on sound policies."""

from __future__ import annotations

import sys

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import Message, as_json, counted, messages, tell
from policy_dsl.files import Refused
from policy_dsl.lint import CODES
from policy_dsl.pipeline import advice, check_policy, open_file


def _codes(_context: click.Context, option: click.Parameter, written: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of advice, several in one word or the option several times."""
    codes = tuple(code.strip().upper() for words in written for code in words.split(",") if code.strip())
    unknown = [code for code in codes if code not in CODES]
    if unknown:
        known = ", ".join(CODES)
        raise click.BadParameter(f"there is no advice {unknown[0]}; `policy lint` gives {known}", param=option)
    return codes


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILES…")
@click.option("--select", multiple=True, callback=_codes, metavar="CODES", help="Give this advice and no other.")
@click.option("--ignore", multiple=True, callback=_codes, metavar="CODES", help="Do not give this advice.")
@click.option("--strict", is_flag=True, help="Fail where there is advice.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for tools.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing of files without advice.")
def lint(
    files: tuple[str, ...], select: tuple[str, ...], ignore: tuple[str, ...], strict: bool, form: str, quiet: bool
) -> int:
    """Advise on policies that are sound and could be better.

    `policy help CODE` explains each advice. A comment in the policy, `# set aside CODE because …`, says why it is not
    followed there. Advice does not fail the command, unless it is to be strict.
    """
    code = exits.CLEAN
    data: list[dict[str, object]] = []
    for path in files:
        said, outcome = _advised(path, select, ignore)
        code = max(code, exits.FAULTS if strict and said else outcome)
        data.extend(message.data for message in said)
        if form == "text":
            tell(said, err=outcome == exits.USAGE)
            if outcome == exits.FAULTS:
                click.echo(f"{path}: advice is given on policies without errors")
            elif outcome == exits.CLEAN and (said or not quiet):
                click.echo(f"{path}: {counted(said) if said else 'no advice'}")
    if form == "json":
        sys.stdout.write(as_json(data))
    return code


def _advised(path: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[list[Message], int]:
    """The advice on a file, or its errors, and what that means for the exit code."""
    try:
        policy = check_policy(open_file(path))
        wrong = [message for message in messages(policy.problems) if message.severity == "error"]
        if wrong or policy.checked is None:
            return wrong, exits.FAULTS
        said = messages(advice(policy.checked, select, ignore))
    except Refused as refused:
        return messages([refused.problem]), exits.USAGE
    return said, exits.CLEAN
