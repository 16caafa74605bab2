"""`policy fmt`: lay out policies in the one canonical form."""

from __future__ import annotations

import sys

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import colours, messages, tell
from policy_dsl.files import Refused, read_bytes, write_text
from policy_dsl.pipeline import laid_out, open_file

STDIN = "-"


@click.command("fmt")
@click.argument("files", nargs=-1, required=True, metavar="FILES…")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit code 1 if a file is not laid out so.")
@click.option("--diff", "show_diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def fmt(files: tuple[str, ...], only_check: bool, show_diff: bool, quiet: bool) -> int:
    """Lay out policies, and their translations, in the one canonical form.

    Blanks, ends of lines and empty lines are set anew; what is said, figures, comments and legal words stay. `-` reads
    a text and writes it laid out. What can't be read stays as it is: `policy check` tells what it is.
    """
    code = exits.CLEAN
    for path in files:
        try:
            changed = _laid_out(path, only_check=only_check, show_diff=show_diff, quiet=quiet)
        except Refused as refused:
            tell(messages([refused.problem]), err=True)
            code = exits.USAGE
            continue
        if changed and only_check:
            code = max(code, exits.FAULTS)
    return code


def _laid_out(path: str, *, only_check: bool, show_diff: bool, quiet: bool) -> bool:
    """Lay out a file, and tell whether it was laid out otherwise. Raises Refused."""
    opened = open_file(path, sys.stdin.buffer.read() if path == STDIN else read_bytes(path))
    before, after = opened.source.text, laid_out(opened)
    if show_diff:
        sys.stdout.write(_difference(path, before, after))
    elif path == STDIN and not only_check:
        sys.stdout.write(after)
    if only_check:
        if before != after and not quiet and not show_diff:
            click.echo(f"{path}: not in the canonical layout")
    elif not show_diff and path != STDIN and before != after:
        write_text(path, after)
        if not quiet:
            click.echo(f"{path}: laid out anew")
    return before != after


def _difference(path: str, before: str, after: str) -> str:
    """What would change, as `diff -u` shows it."""
    from difflib import unified_diff
    from io import StringIO

    from policy_dsl.diagnostics.snippet import clean

    old, new = (list(StringIO(text, newline="\n")) for text in (before, after))
    shown = []
    for line in unified_diff(old, new, path, path):
        bare = line.removesuffix("\n")
        shown.append(_painted(clean(bare)) if sys.stdout.isatty() else bare)
        if bare == line:
            shown.append("\\ No newline at end of file")
    return "".join(f"{line}\n" for line in shown)


def _painted(line: str) -> str:
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=colour) if colour and colours(sys.stdout) else line
