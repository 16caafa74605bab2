"""`policy cover`: what no example exercises, what none would notice, and examples to begin from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import as_json, messages, tell
from policy_dsl.cli.tried import Inputs, sorted_files
from policy_dsl.files import Refused, decoded, read_bytes, write_text
from policy_dsl.pipeline import coverage, mutation, subject, suggestions

if TYPE_CHECKING:
    from policy_dsl.trial import Coverage
    from policy_dsl.trial.mutation import Mutation, Subject

Progress = Callable[[int, int], None]


@click.command()
@click.argument("policy", metavar="POLICY")
@click.argument("cases", nargs=-1, metavar="[CASES…]")
@click.option("--mutate", is_flag=True, help="Alter each rule in turn, and list what no example notices.")
@click.option("--suggest", is_flag=True, help="Write examples of what no example notices, to be filled in.")
@click.option("--at-most", type=click.IntRange(1), metavar="N", help="Try only so many alterations, spread evenly.")
@click.option("--out", metavar="FILE", help="Add the suggested examples at the end of this file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for tools.")
@click.option("--all", "everything", is_flag=True, help="Name also the articles that are exercised as a whole.")
@click.option("--fail-under", type=click.IntRange(0, 100), metavar="N", help="Fail below so many per cent exercised.")
def cover(
    policy: str,
    cases: tuple[str, ...],
    mutate: bool,
    suggest: bool,
    at_most: int | None,
    out: str | None,
    form: str,
    everything: bool,
    fail_under: int | None,
) -> int:
    """Find what of a policy no example exercises: provisions, branches, brackets, exceptions, refusals.

    Exercised is what was evaluated to find what an example expects, or what is expected of a case (see `policy test`).
    With --mutate each weight, threshold, bracket, deadline, majority and exception is altered in turn, and what no
    example notices is listed by article: there the examples do not say what the rule is for.
    """
    if out is not None and not suggest:
        raise click.UsageError("--out goes with --suggest")
    inputs = _inputs((policy, *cases))
    if inputs.checked is None:
        tell(messages(inputs.errors))
        click.echo(f"{policy}: not tried")
        return exits.FAULTS
    tell(messages(inputs.remarks), err=True)
    tried = subject(inputs.opened, inputs.checked, inputs.stated)
    found = coverage(tried)
    altered = _altered(tried, at_most) if mutate or suggest else None
    if suggest and altered is not None:
        _suggest(tried, altered, found, out, form)
        return exits.FAULTS if tried.failing else exits.CLEAN
    _tell(tried, found, altered, policy, form, everything=everything)
    return _outcome(found, tried, fail_under)


def _inputs(files: Sequence[str]) -> Inputs:
    found = sorted_files(files)
    if found.refused:
        tell(messages(found.refused), err=True)
        raise click.exceptions.Exit(exits.USAGE)
    if len(found.policies) != 1:
        raise click.UsageError("name one policy, and then its cases")
    return found.policies[0]


def _altered(tried: Subject, at_most: int | None) -> Mutation:
    """Every alteration tried; on a terminal with the count as it goes."""
    progress = _counter("{done} of {of} alterations tried") if sys.stderr.isatty() else None
    found = mutation(tried, at_most, progress)
    _clear(progress)
    return found


def _counter(words: str) -> Progress:
    """Says on a terminal, always on the same line, how much is done."""

    def told(done: int, of: int) -> None:
        click.echo("\r" + words.format(done=done, of=of), nl=False, err=True)

    return told


def _clear(progress: Progress | None) -> None:
    if progress is not None:
        click.echo("\r\x1b[K", nl=False, err=True)


def _tell(
    tried: Subject, found: Coverage, altered: Mutation | None, policy: str, form: str, *, everything: bool
) -> None:
    from policy_dsl.render.coverage import coverage_data, coverage_lines, mutation_data, mutation_lines

    if form == "json":
        data: dict[str, object] = {"coverage": coverage_data(found)}
        if altered is not None:
            data["mutation"] = mutation_data(altered, tried.checked.program)
        sys.stdout.write(as_json(data))
        return
    if altered is None:
        lines = coverage_lines(found, policy, everything=everything)
    else:
        lines = mutation_lines(altered, policy)
    for line in lines:
        click.echo(line)


def _outcome(found: Coverage, tried: Subject, fail_under: int | None) -> int:
    """Faults where an example does not hold, or where less is exercised than is asked for."""
    from policy_dsl.trial.coverage import percent

    for title in tried.failing:
        click.echo(f"“{title}” does not hold; see `policy test`", err=True)
    if fail_under is not None and percent(*found.counts) < fail_under:
        click.echo(f"{percent(*found.counts)}% is exercised, and at least {fail_under}% is asked for", err=True)
        return exits.FAULTS
    return exits.FAULTS if tried.failing else exits.CLEAN


def _suggest(tried: Subject, altered: Mutation, found: Coverage, out: str | None, form: str) -> None:
    """Print the suggested examples, or add them at the end of a file, which may be the policy itself."""
    from policy_dsl.render.suggestions import suggestions_data, suggestions_text

    progress = _counter("{done} of {of} looked for") if sys.stderr.isatty() else None
    made = suggestions(tried, altered, found, progress)
    _clear(progress)
    if form == "json":
        sys.stdout.write(as_json(suggestions_data(made)))
        return
    text = suggestions_text(made)
    if out is None:
        sys.stdout.write(text)
        return
    before = _text_of(out)
    write_text(out, f"{before}\n{text}" if before else text)
    count = len(made.suggestions)
    click.echo(f"{out}: {count} {'example' if count == 1 else 'examples'} to be filled in")


def _text_of(path: str) -> str:
    """What stands in a file so far, with a line end; nothing where there is none yet."""
    try:
        text = decoded(path, read_bytes(path)).text
    except Refused as refused:
        if refused.problem.code == "PD901":
            return ""
        raise
    return text if text.endswith("\n") or not text else f"{text}\n"
