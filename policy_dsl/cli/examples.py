"""`policy test`: run the examples that stand in policies."""

from __future__ import annotations

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import messages, tell
from policy_dsl.files import Refused
from policy_dsl.pipeline import check_policy, open_file, run_examples


@click.command("test")
@click.argument("files", nargs=-1, required=True, metavar="FILES…")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing of examples that hold.")
def test(files: tuple[str, ...], quiet: bool) -> int:
    """Run the examples that stand in policies: each is a test."""
    code = exits.CLEAN
    for path in files:
        try:
            code = max(code, _tested(path, quiet=quiet))
        except Refused as refused:
            tell(messages([refused.problem]), err=True)
            code = exits.USAGE
    return code


def _tested(path: str, *, quiet: bool) -> int:
    policy = check_policy(open_file(path))
    said = [message for message in messages(policy.problems) if message.severity == "error"]
    if said or policy.checked is None:
        tell(said)
        click.echo(f"{path}: not tested")
        return exits.FAULTS
    ran = run_examples(policy.checked)
    for example in ran:
        if example.passed and not quiet:
            click.echo(f"holds  {example.title}")
        elif not example.passed:
            click.echo(f"FAILS  {example.title}")
            tell(messages(example.problems))
    failed = sum(not example.passed for example in ran)
    if not quiet or failed:
        click.echo(f"{path}: {len(ran) - failed} of {len(ran)} examples hold")
    return exits.FAULTS if failed else exits.CLEAN
