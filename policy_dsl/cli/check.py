"""`policy check`: find the faults of policies."""

from __future__ import annotations

import sys

import click

from policy_dsl.cli import exits
from policy_dsl.cli.cache import Answers
from policy_dsl.cli.say import Message, as_json, counted, errors, messages, tell
from policy_dsl.files import Refused, read_bytes


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILES…")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for tools.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def check(files: tuple[str, ...], form: str, quiet: bool) -> int:
    """Find the faults of policies, and of their translations.

    Each message names its place, and `policy help CODE` explains it. Advice and warnings do not fail the check.
    """
    answers = Answers()
    code = exits.CLEAN
    data: list[dict[str, object]] = []
    for path in files:
        said, readable = _checked(path, answers)
        if not readable:
            code = exits.USAGE
        elif errors(said):
            code = max(code, exits.FAULTS)
        shown = [message for message in said if not quiet or message.severity == "error"]
        data.extend(message.data for message in shown)
        if form == "text":
            tell(shown, err=not readable)
            if readable and not quiet:
                click.echo(f"{path}: {counted(said)}")
    if form == "json":
        sys.stdout.write(as_json(data))
    return code


def _checked(path: str, answers: Answers) -> tuple[list[Message], bool]:
    """What is said about a file, and whether it could be read at all."""
    try:
        data = read_bytes(path)
        known = answers.recall(path, data)
        if known is not None:
            return known, True
        from policy_dsl.pipeline import check_text, open_file

        opened = open_file(path, data)
    except Refused as refused:
        return messages([refused.problem]), False
    said = messages(check_text(opened))
    answers.keep(path, data, opened.load.read, said)
    return said, True
