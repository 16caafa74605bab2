"""`policy compare`: who gains and who pays under the alternatives of a draft, or because of reservations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from policy_dsl.cli import exits
from policy_dsl.cli.out import COMPARISONS, deliver, form_of
from policy_dsl.cli.say import as_json, messages, tell
from policy_dsl.cli.work import Day, Names, Taken, sound_case, sound_policy, taking
from policy_dsl.pipeline import Opened, compare_alternatives, compare_reservations, open_file

if TYPE_CHECKING:
    from policy_dsl.render.comparing import Alternatives, Reservations

FORMS = ("text", "html", "json")


@click.command()
@click.argument("policy", metavar="POLICY")
@click.argument("cases", nargs=-1, required=True, metavar="CASES…")
@click.option("--reservations", is_flag=True, help="Compare each case with and without each reservation instead.")
@click.option("--against", type=Names(), metavar="NAMES", help="The combination to compare with; else the first one.")
@taking
@click.option("--at-most", type=click.IntRange(1, 200), metavar="N", help="Show at most N combinations; else 12.")
@click.option("--as-at", type=Day(), metavar="DATE", help="Read the rules as at this date, not the case's.")
@click.option("--out", metavar="FILE", help="Write the comparison here, not to the terminal.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Its form; else that of FILE's name, else text.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors beside the tables.")
def compare(
    policy: str,
    cases: tuple[str, ...],
    reservations: bool,
    against: tuple[str, ...] | None,
    take: Taken,
    at_most: int | None,
    as_at: date | None,
    out: str | None,
    form: str | None,
    quiet: bool,
) -> int:
    """Tell who gains and who pays under the alternatives of a draft.

    Each case is decided under each combination of alternatives that fit together. The tables give persons and money of
    each member, with the difference to the first combination, or to the one named by --against.

    The exit code is 0 if all was compared, 1 if the draft or a case has a fault under some combination, 3 if under
    some of them something is undetermined, awaits a choice, or was left unallocated.
    """
    chosen = form or form_of(out, COMPARISONS, "text", "PD965")
    made: Alternatives | Reservations
    if reservations:
        read, made, code = _reservations(policy, cases, take, as_at, quiet=quiet)
    else:
        read, made, code = _alternatives(policy, cases, take, against or (), at_most, as_at, quiet=quiet)
    text = as_json(made.data()) if chosen == "json" else made.html() if chosen == "html" else made.text()
    deliver(text, out, [policy, *cases, *read], "comparison", quiet=quiet)
    return code


def _alternatives(
    policy: str,
    cases: tuple[str, ...],
    take: Taken,
    against: tuple[str, ...],
    most: int | None,
    as_at: date | None,
    *,
    quiet: bool,
) -> tuple[list[str], Alternatives, int]:
    opened = open_file(policy)
    facts = [open_file(each) for each in cases]
    names = tuple(name for each in take for name in each)
    found, problems = compare_alternatives(opened, facts, take=names, against=against, most=most, as_at=as_at)
    worth = ("error",) if quiet else ("error", "warning")
    tell([each for each in messages(problems) if each.severity in worth], err=True)
    if found is None:
        raise click.exceptions.Exit(exits.FAULTS)
    readings = [each for case in found.cases for each in case.readings]
    if any(each.decision is None for each in readings):
        code = exits.FAULTS
    else:
        code = exits.OPEN if any(each.open for each in readings) else exits.CLEAN
    return _read([opened, *facts]), found, code


def _reservations(
    policy: str, cases: tuple[str, ...], take: Taken, as_at: date | None, *, quiet: bool
) -> tuple[list[str], Reservations, int]:
    opened, checked = sound_policy(policy, quiet=quiet, take=take)
    facts = [(path, *sound_case(checked, path, quiet=quiet, as_at=as_at)) for path in cases]
    made = compare_reservations(checked, [(path, case) for path, _, case in facts])
    compared = [each.compared for _, _, found in made.cases for each in found if each.compared is not None]
    unsure = any(reading.open for each in compared for reading in each.readings)
    return _read([opened, *(each for _, each, _ in facts)]), made, exits.OPEN if unsure else exits.CLEAN


def _read(opened: list[Opened]) -> list[str]:
    """The files that were read besides those that were named."""
    return [path for each in opened for path in each.load.read]
