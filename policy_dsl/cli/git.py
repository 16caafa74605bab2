"""`policy git`: show and merge policies by article in git."""

from __future__ import annotations

import os
import shlex
import sys

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import messages, tell
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused, read_bytes, write_text
from policy_dsl.pipeline import laid_out, merged, open_file, open_version


@click.group()
def git() -> None:
    """Show and merge policies by article in git."""


@git.command("install")
@click.option("--uninstall", is_flag=True, help="Take it back.")
def install(uninstall: bool) -> int:
    """Set up git for the policies of the repository in which the command runs.

    From then on `git diff` and `git log -p` show policies in the canonical layout, each change under its article, and
    `git merge` merges them article by article. `.gitattributes` gets one line; commit it. Who clones the repository
    runs the command once.
    """
    from policy_dsl.files import drivers

    if uninstall:
        changed = drivers.uninstall()
        click.echo("policies are shown and merged as other files are" if changed else "nothing was installed")
        return exits.CLEAN
    changed = drivers.install(_program())
    click.echo("policies are now shown and merged by article" if changed else "nothing to do: it is installed")
    return exits.CLEAN


@git.command("textconv")
@click.argument("file", metavar="FILE")
def textconv(file: str) -> int:
    """Print a policy in the canonical layout; FILE may be `REV:path`. What is no policy is printed as it is."""
    opened = None
    try:
        opened = open_version(file)
        sys.stdout.write(laid_out(opened))
    except Refused as refused:
        # Git shows nothing at all where this fails: so it does only where there is nothing to show.
        if opened is not None:
            sys.stdout.write(opened.source.text)
        elif refused.problem.code == "PD904":
            sys.stdout.flush()
            sys.stdout.buffer.write(read_bytes(file))
        else:
            raise
    return exits.CLEAN


@git.command("merge")
@click.argument("base", metavar="BASE")
@click.argument("ours", metavar="OURS")
@click.argument("theirs", metavar="THEIRS")
@click.option("--path", metavar="PATH", help="The name of the policy, for messages.")
@click.option("--marker-size", type=click.IntRange(1, 1000), default=7, help="How long the marks of a conflict are.")
def merge(base: str, ours: str, theirs: str, path: str | None, marker_size: int) -> int:
    """Merge two versions of a policy that come from BASE, article by article, and write the result to OURS.

    What one side changed is taken. Where both changed the same provision otherwise, both forms stand between marks, and
    the exit code is 1.
    """
    made = merged(open_file(base), open_file(ours), open_file(theirs), marker_size)
    write_text(ours, made.text)
    said = [
        Problem("PD988", params={"file": path or ours, "what": f"{what} of {where}" if what else where})
        for where, what in made.conflicts
    ]
    tell(messages(said), err=True)
    return exits.FAULTS if said else exits.CLEAN


def _program() -> str:
    """The command by which git can run this tool."""
    from shutil import which

    own = os.path.abspath(sys.argv[0])
    return "policy" if which("policy") or not os.access(own, os.X_OK) else shlex.quote(own)
