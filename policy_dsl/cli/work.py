"""What several commands do first: read a policy and a case, say what is wrong, and stop if it is too much."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from policy_dsl.cli import exits
from policy_dsl.cli.cache import Programs
from policy_dsl.cli.say import Message, errors, messages, tell
from policy_dsl.files import read_bytes
from policy_dsl.pipeline import Opened, check_policy, decide, open_file, read_case, translation_faults

Taken = Sequence[tuple[str, ...]]

if TYPE_CHECKING:
    from policy_dsl.cases.case import Case
    from policy_dsl.check import Checked
    from policy_dsl.evaluate.decision import Decision


class Day(click.ParamType):  # type: ignore[type-arg]
    """A date in the form of the language."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date that is written."""
        if isinstance(value, date):
            return value
        text = str(value)
        try:
            return date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else "")
        except ValueError:
            self.fail(f"`{text}` is no date; write year, month and day, as in 2026-07-01", param, ctx)


class Names(click.ParamType):  # type: ignore[type-arg]
    """Names of alternatives, as `A`, `A,C` or `A + C`."""

    name = "names"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The names one by one."""
        return tuple(each for each in re.split(r"[,+\s]+", str(value)) if each)


def reading(command: Callable[..., int]) -> Callable[..., int]:
    """The options that say how the rules are read: as at which date, and with which alternatives of a draft."""
    as_at = click.option("--as-at", type=Day(), metavar="DATE", help="Read the rules as at this date, not the case's.")
    return as_at(taking(command))


def taking(command: Callable[..., int]) -> Callable[..., int]:
    """The option that says which alternatives of a draft are read as if they were adopted."""
    return click.option(
        "--take", type=Names(), multiple=True, metavar="NAME", help="Read a draft as if this alternative were adopted."
    )(command)


def sound_policy(path: str, *, quiet: bool = False, take: Taken = ()) -> tuple[Opened, Checked]:
    """A policy without errors. Otherwise its errors are told and the command ends with exit code 1.

    A draft is none, unless the alternatives to take leave one reading of it. Raises Refused where they can't be taken.
    """
    data = read_bytes(path)
    opened, programs = open_file(path, data), Programs()
    names = tuple(name for each in take for name in each)
    policy = programs.recall(path, data, opened.load) if not names else check_policy(opened, names)
    if policy is None:
        policy = check_policy(opened)
        programs.keep(path, data, opened.load, policy)
    _tell_or_stop(messages(policy.problems), quiet=quiet)
    if policy.checked is None:
        raise click.exceptions.Exit(exits.FAULTS)
    return opened, policy.checked


def sound_case(checked: Checked, path: str, *, quiet: bool = False, as_at: date | None = None) -> tuple[Opened, Case]:
    """A case without errors, for this policy. Otherwise its errors are told and the command ends with exit code 1."""
    opened = open_file(path)
    read = read_case(checked, opened, as_at)
    _tell_or_stop(messages(read.problems), quiet=quiet)
    if read.case is None:
        raise click.exceptions.Exit(exits.FAULTS)
    return opened, read.case


def decided(
    policy: str,
    case: str,
    language: str = "en",
    *,
    quiet: bool = False,
    as_at: date | None = None,
    take: Taken = (),
) -> tuple[list[str], Decision]:
    """The files that were read, and the case as it is decided by the policy, after both are found sound.

    So are the policy's words in the language in which the decision will be told.
    """
    read, _, decision = decided_with(policy, case, language, quiet=quiet, as_at=as_at, take=take)
    return read, decision


def decided_with(
    policy: str,
    case: str,
    language: str = "en",
    *,
    quiet: bool = False,
    as_at: date | None = None,
    take: Taken = (),
) -> tuple[list[str], Checked, Decision]:
    """As `decided`, with the policy as it was checked."""
    law, checked = sound_policy(policy, quiet=quiet, take=take)
    facts, read = sound_case(checked, case, quiet=quiet, as_at=as_at)
    decision = decide(checked, read)
    _tell(messages(decision.problems), quiet=quiet)
    sound_words(checked, language, quiet=quiet)
    return [policy, case, *law.load.read, *facts.load.read], checked, decision


def sound_words(checked: Checked, language: str, *, quiet: bool = False) -> None:
    """The policy's words in a language, without errors. Otherwise they are told, and the command ends with code 1."""
    _tell_or_stop(messages(translation_faults(checked, language)), quiet=quiet)


def outcome(decision: Decision) -> int:
    """The exit code that a decision gives: with a guarantee that fails it cannot stand, whatever else it holds."""
    if any(promise.status == "fails" for promise in decision.guarantees):
        return exits.FAULTS
    return exits.CLEAN if decision.complete else exits.OPEN


def _tell(said: list[Message], *, quiet: bool) -> None:
    worth = ("error",) if quiet else ("error", "warning")
    tell([message for message in said if message.severity in worth], err=True)


def _tell_or_stop(said: list[Message], *, quiet: bool) -> None:
    _tell(said, quiet=quiet)
    if errors(said):
        raise click.exceptions.Exit(exits.FAULTS)
