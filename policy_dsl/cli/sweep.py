"""`policy sweep`: apply a policy to very many cases."""

from __future__ import annotations

import gc
import os
import sys
import time
from datetime import date
from typing import TYPE_CHECKING

import click

from policy_dsl.cli import exits
from policy_dsl.cli.out import ended
from policy_dsl.cli.work import Names, Taken, reading, sound_policy
from policy_dsl.files import write_text

if TYPE_CHECKING:
    from policy_dsl.pipeline.sweeping import Progress, Swept

SHAPES = ("uniform", "triangular", "normal")
FORMS = ("md", "html", "json")
# In the order in which they are told, each with what it means.
REASONS = {
    "close": "a choice hung on too little",
    "no value": "there may be no value",
    "open": "a tie or the like is open",
    "absent": "a fact is lacking",
    "few": "too few cases of their kind for a plan",
    "whole": "not to be put into array operations",
}


def _schema(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    """Print the schema of the summary as data in the place of all else."""
    from policy_dsl.pipeline.sweeping import sweep_schema

    if asked and not context.resilient_parsing:
        sys.stdout.write(sweep_schema())
        context.exit(exits.CLEAN)


@click.command()
@click.argument("policy", metavar="POLICY")
@click.argument("cases", metavar="CASES")
@click.option("--base", metavar="CASE", help="A case file that gives what the columns of a table don't.")
@click.option("--vary", multiple=True, metavar="NAME=RANGE", help="Draw this figure, as security=±20% or gdp=10..50.")
@click.option("--draws", type=click.IntRange(1), metavar="N", help="Draw so many cases from the one case.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Draw others; the same give the same."
)
@click.option(
    "--shape", type=click.Choice(SHAPES), default="uniform", show_default=True, help="How figures are spread."
)
@click.option("--values", type=Names(), metavar="NAMES", help="Give these results and no other, as places,key.")
@click.option("--against", metavar="POLICY", help="Compare with what another policy gives in the same cases.")
@click.option("--out", metavar="DIR", help="Write the results here, as Parquet.")
@click.option("--resume", is_flag=True, help="Go on with a sweep that was broken off; give all options again.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="So many processes; else one for each core.")
@click.option(
    "--compiled/--not-compiled", default=None, help="Compile the plan; needs the part `compiled` of the tool."
)
@click.option("--scheduler", metavar="ADDRESS", help="Have the workers of a Dask scheduler do it, as tcp://host:8786.")
@click.option("--summary", type=click.Choice(FORMS), help="Write a summary; to the terminal, or with --out into DIR.")
@click.option("--for", "member", metavar="MEMBER", help="Tell in the summary what each figure does to this member too.")
@click.option("--schema", is_flag=True, is_eager=True, expose_value=False, callback=_schema,
              help="Describe the form of the summary as data as a JSON Schema.")  # fmt: skip
@reading
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def sweep(
    policy: str,
    cases: str,
    base: str | None,
    vary: tuple[str, ...],
    draws: int | None,
    seed: int,
    shape: str,
    values: tuple[str, ...] | None,
    against: str | None,
    out: str | None,
    resume: bool,
    jobs: int | None,
    compiled: bool | None,
    scheduler: str | None,
    summary: str | None,
    member: str | None,
    as_at: date | None,
    take: Taken,
    quiet: bool,
) -> int:
    """Apply a policy to very many cases.

    CASES is a table (Parquet, Arrow, CSV, or a folder of them) with --base; a folder of case files; or one case file
    from which others are drawn: --vary says what varies and how far, --draws how many. Without --vary the contested
    facts vary within their bounds.

    With --out, DIR/members holds a row for each case and member and DIR/cases one for each case. All results are those
    of `policy decide`; how many cases had to be decided one by one for that, and why, is said at the end.
    """
    from policy_dsl.pipeline.sweeping import Asked, members_of, sweep_job
    from policy_dsl.pipeline.sweeping import sweep as swept

    # A sweep throws away what it made, batch after batch; the door turned off what looks for circles in that.
    gc.enable()
    sound_policy(policy, quiet=quiet, take=take)
    if against is not None:
        sound_policy(against, quiet=quiet)
    names = tuple(name for each in take for name in each)
    job = sweep_job(
        Asked(
            policy, cases, names, base or "", as_at, vary, draws, seed, shape, values or (), against or "", out or "",
            compiled,
        )
    )  # fmt: skip
    if member is not None and member not in members_of(job):
        raise click.BadParameter(f"{member} holds no seat in the base case", param_hint="--for")
    begun = time.monotonic()
    with _Bar(quiet=quiet) as progress:
        found = swept(
            job, jobs=jobs or os.cpu_count() or 1, scheduler=scheduler or "", resume=resume, progress=progress
        )
    if not quiet:
        _count(found, time.monotonic() - begun)
    form = summary or (None if out else "md")
    if form is not None:
        _summarise(found, form, out, member or "", quiet=quiet)
    return exits.CLEAN


def _summarise(found: Swept, form: str, out: str | None, member: str, *, quiet: bool) -> None:
    """Print the summary, or write it into the folder of the results."""
    from policy_dsl.pipeline.sweeping import sweep_summary

    text = str(ended(sweep_summary(found, member=member).rendered(form)))
    if out is None:
        sys.stdout.write(text)
        return
    file = os.path.join(out, f"summary.{form}")
    write_text(file, text, inputs=found.read)
    if not quiet:
        click.echo(f"The summary is in {file}", err=True)


class _Bar:
    """A bar on a terminal, that shows how far the sweep is."""

    def __init__(self, *, quiet: bool) -> None:
        self.shown = sys.stderr.isatty() and not quiet
        self.done = 0
        self.bar: object = None

    def __enter__(self) -> Progress | None:
        return self._show if self.shown else None

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)  # type: ignore[attr-defined]

    def _show(self, done: int, of: int) -> None:
        if self.bar is None:
            self.bar = click.progressbar(length=of, label="Cases", file=sys.stderr).__enter__()
        self.bar.update(done - self.done)  # type: ignore[attr-defined]
        self.done = done


def _count(swept: Swept, seconds: float) -> None:
    """How many cases, how fast, and how many were decided one by one."""
    found = swept.found
    # How fast it was is for who watches: what is kept of a run is the same each time.
    rate = f", {found.cases / max(seconds, 0.001):_.0f} in a second" if sys.stderr.isatty() else ""
    said = f"{_many(found.cases)} decided{rate}"
    if found.again:
        why = "; ".join(f"{found.why[each]} {words}" for each, words in REASONS.items() if found.why.get(each))
        said += f"; {found.again} of them by the exact engine ({why})"
    click.echo(said, err=True)
    for each in found.hindrances:
        click.echo(f"Not to be put into array operations: {each}", err=True)


def _many(cases: int) -> str:
    return "1 case" if cases == 1 else f"{cases} cases"
