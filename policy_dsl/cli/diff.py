"""`policy diff`: what changed between two policies, in words and by effect."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import click

from policy_dsl.cli import exits
from policy_dsl.cli.out import COMPARISONS, deliver, form_of
from policy_dsl.cli.say import as_json, errors, messages, tell
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Folder, Refused, write_text
from policy_dsl.pipeline import Opened, check_policy, compare_policies, comparison_schema, open_file, open_version

if TYPE_CHECKING:
    from policy_dsl.check import Checked
    from policy_dsl.render.changes.report import Comparison

FORMS = ("text", "html", "json")
LANGUAGES = ("en", "fr", "ar")
CASES = (".yaml", ".yml")


def _schema(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    """Print the schema in the place of all else."""
    if asked and not context.resilient_parsing:
        sys.stdout.write(comparison_schema())
        context.exit(exits.CLEAN)


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--cases", multiple=True, metavar="PATH", help="Cases, or folders of cases; else those beside the policy."
)
@click.option("--words", is_flag=True, help="Say what changed, and not what it does.")
@click.option("--no-edges", is_flag=True, help="Make no cases for the edges of both texts.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Make at most N decisions; else 300.")
@click.option("--write-cases", metavar="DIR", help="Write the cases that were made into this folder.")
@click.option("--out", metavar="FILE", help="Write the comparison here, not to the terminal.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Its form; else that of FILE's name, else text.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="The language of the comparison.")
@click.option("--exit-code", is_flag=True, help="End with exit code 1 if anything changed.")
@click.option("--schema", is_flag=True, is_eager=True, expose_value=False, callback=_schema,
              help="Describe the form of the data as a JSON Schema.")  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors beside the comparison.")
def diff(
    old: str,
    new: str,
    cases: tuple[str, ...],
    words: bool,
    no_edges: bool,
    limit: int | None,
    write_cases: str | None,
    out: str | None,
    form: str | None,
    language: str,
    exit_code: bool,
    quiet: bool,
) -> int:
    """Say what changed between two policies, article by article, and what comes out otherwise in cases.

    OLD and NEW are files, or files at a revision in git, as HEAD~1:lake.policy. Layout and comments are no changes.
    Each case is decided under both texts; each difference is traced to the change that makes it, by making one change
    at a time. That no case comes out otherwise is no proof that none does.

    The exit code is 0 whether or not something changed; with --exit-code it is 1 if something did. It is 1 too if one
    of the policies has a fault.
    """
    chosen = form or form_of(out, COMPARISONS, "text", "PD965")
    both = [_sound(name, quiet=quiet) for name in (old, new)]
    library = None if words else _library(cases, (new, old), both)
    made = compare_policies(both[0], both[1], library, most=limit, made=not no_edges, language=language)
    if write_cases is not None:
        _write(write_cases, made, quiet=quiet)
    text = as_json(made.data()) if chosen == "json" else made.html() if chosen == "html" else made.text()
    read = [path for opened in (*(each for each, _ in both), *(library or ())) for path in opened.load.read]
    inputs = [old, new, *(each.source.name for each in library or ()), *read]
    deliver(text, out, inputs, "comparison", quiet=quiet)
    return exits.FAULTS if exit_code and made.differs else exits.CLEAN


def _sound(name: str, *, quiet: bool) -> tuple[Opened, Checked]:
    """A policy without errors. Otherwise its errors are told and the command ends with exit code 1."""
    opened = open_version(name)
    policy = check_policy(opened)
    said = messages(policy.problems)
    tell([each for each in said if each.severity == "error"], err=True)
    if errors(said) or policy.checked is None:
        raise click.exceptions.Exit(exits.FAULTS)
    return opened, policy.checked


def _library(cases: tuple[str, ...], names: tuple[str, ...], both: list[tuple[Opened, Checked]]) -> list[Opened]:
    """The cases that are named, or those beside the policy that name it. Raises Refused for a folder without cases."""
    if cases:
        return [open_file(path) for each in cases for path in _files(each)]
    policies = {checked.program.heading.name for _, checked in both}
    for name in names:
        folder = os.path.dirname(name.rpartition(":")[2] if not os.path.exists(name) else name) or "."
        found = [path for each in (folder, os.path.join(folder, "cases")) for path in _beside(each)]
        opened = [open_file(path) for path in found]
        fitting = [each for each in opened if _policy_of(each) in policies]
        if fitting:
            return fitting
    return []


def _beside(folder: str) -> list[str]:
    if not os.path.isdir(folder):
        return []
    names = sorted(name for name in os.listdir(folder) if name.endswith(CASES))
    return [os.path.normpath(os.path.join(folder, name)) for name in names]


def _policy_of(case: Opened) -> str:
    found = re.search(r"^policy:[ \t]*[\"']?([a-z0-9_]+)", case.source.text, re.MULTILINE)
    return found[1] if found else ""


def _files(path: str) -> list[str]:
    if not os.path.isdir(path):
        return [path]
    found = [os.path.join(path, name) for name in Folder(path).names() if name.endswith(CASES)]
    if not found:
        raise Refused(Problem("PD955", params={"folder": path}))
    return found


def _write(folder: str, made: Comparison, *, quiet: bool) -> None:
    written = made.cases()
    for name, text in written.items():
        write_text(os.path.join(folder, f"{name}.yaml"), text)
    if not quiet:
        click.echo(f"{len(written)} cases are in {folder}", err=True)
