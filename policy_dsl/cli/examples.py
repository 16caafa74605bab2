"""`policy test`: run the examples that stand in policies, and cases with the results that are expected of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import as_json, messages, tell
from policy_dsl.cli.tried import Inputs, sorted_files
from policy_dsl.files import Refused, write_text
from policy_dsl.files.changes import changes

if TYPE_CHECKING:
    from policy_dsl.render.trials import PolicyTried
    from policy_dsl.trial.running import Trial


@click.command("test")
@click.argument("files", nargs=-1, required=True, metavar="FILES…")
@click.option("-k", "--filter", "pattern", default="", metavar="TEXT", help="Only those whose title holds this text.")
@click.option("--junit", "report", metavar="FILE", help="Write the results as JUnit XML, too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for tools.")
@click.option("--watch", is_flag=True, help="Run again whenever one of the files changes.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing of what holds.")
def test(files: tuple[str, ...], pattern: str, report: str | None, form: str, watch: bool, quiet: bool) -> int:
    """Run the examples that stand in policies, and cases whose expected results stand beside them.

    FILES are policies and, after or between them, case files (in .yaml). What is expected of the case NAME.yaml stands
    in expected/NAME.yaml beside it. A failure shows what is expected, what is found, and where its derivation first
    departs. With * or ? in it the text to filter by is a pattern for the whole title.
    """

    def once() -> tuple[int, list[str]]:
        return _run(files, pattern, report, form, quiet=quiet)

    return _watched(once) if watch else once()[0]


def _watched(once: Callable[[], tuple[int, list[str]]]) -> int:
    """Run, and run again after each change, until somebody interrupts."""
    code, read = once()
    files = list(read)
    for _ in changes(lambda: files):
        click.echo("")
        code, files[:] = once()
    return code


def _run(files: Sequence[str], pattern: str, report: str | None, form: str, *, quiet: bool) -> tuple[int, list[str]]:
    """Run all once: the exit code, and the files that were read."""
    from policy_dsl.render.trials import junit, trials_data

    found = sorted_files(files)
    code = exits.USAGE if found.refused else exits.CLEAN
    tell(messages(found.refused), err=True)
    tried: list[PolicyTried] = []
    for inputs in found.policies:
        each, worst = _tried(inputs, wanted(pattern))
        tried.append(each)
        code = max(code, worst)
        if form == "text":
            _tell_policy(inputs, each, quiet=quiet)
    if pattern and not any(each.trials for each in tried) and code == exits.CLEAN:
        from policy_dsl.diagnostics.problem import Problem

        tell(messages([Problem("PD976", params={"text": pattern})]), err=True)
        code = exits.USAGE
    if form == "json":
        sys.stdout.write(as_json(trials_data(tried)))
    if report is not None:
        write_text(report, junit(tried), found.read)
    return code, found.read


def wanted(pattern: str) -> Callable[[str], bool]:
    """Whether a title is asked for: by a text in it, or by a pattern with * and ? for the whole of it."""
    text = pattern.casefold()
    if any(sign in pattern for sign in "*?"):
        return lambda title: fnmatchcase(title.casefold(), text)
    return lambda title: text in title.casefold()


def _tried(inputs: Inputs, chosen: Callable[[str], bool]) -> tuple[PolicyTried, int]:
    """The trials of one policy that are wanted, and the exit code that they give."""
    from policy_dsl.pipeline import trials
    from policy_dsl.render.trials import PolicyTried

    if inputs.checked is None:
        return PolicyTried(inputs.name, inputs.path, None, (), inputs.errors), exits.FAULTS
    try:
        found = trials(inputs.opened, inputs.checked, inputs.stated, chosen)
    except Refused as refused:
        return PolicyTried(inputs.name, inputs.path, None, (), (refused.problem,)), exits.USAGE
    code = exits.CLEAN if all(each.passed for each in found) else exits.FAULTS
    return PolicyTried(inputs.name, inputs.path, inputs.checked.program, found), code


def _tell_policy(inputs: Inputs, tried: PolicyTried, *, quiet: bool) -> None:
    tell(messages(inputs.remarks), err=True)
    if tried.program is None:
        tell(messages(tried.errors))
        click.echo(f"{tried.file}: not tested")
        return
    for trial in tried.trials:
        if trial.passed and not quiet:
            click.echo(f"holds  {trial.title}")
        elif not trial.passed:
            click.echo(f"FAILS  {trial.title}")
            tell(messages(trial.faults))
            for line in _failures(tried, trial):
                click.echo(line)
    failed = sum(not each.passed for each in tried.trials)
    if not quiet or failed:
        kinds = "examples and cases" if any(each.kind == "case" for each in tried.trials) else "examples"
        click.echo(f"{tried.file}: {len(tried.trials) - failed} of {len(tried.trials)} {kinds} hold")


def _failures(tried: PolicyTried, trial: Trial) -> Iterator[str]:
    """What is said of each result that is not as expected: the message, then where its derivation departs."""
    from policy_dsl.render.trials import difference_lines

    assert tried.program is not None
    for each in trial.failed:
        if each.problem is not None:
            tell(messages([each.problem]))
            yield from difference_lines(trial, each, tried.program)
            yield ""
