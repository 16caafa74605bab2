"""What several commands do first: read a policy and a case, say what is wrong, and stop if it is too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from policy_dsl.cli import exits
from policy_dsl.cli.cache import Programs
from policy_dsl.cli.say import Message, errors, messages, tell
from policy_dsl.files import read_bytes
from policy_dsl.pipeline import Opened, check_policy, decide, open_file, read_case, translation_faults

if TYPE_CHECKING:
    from policy_dsl.cases.case import Case
    from policy_dsl.check import Checked
    from policy_dsl.evaluate.decision import Decision


def sound_policy(path: str, *, quiet: bool = False) -> tuple[Opened, Checked]:
    """A policy without errors. Otherwise its errors are told and the command ends with exit code 1."""
    data = read_bytes(path)
    opened, programs = open_file(path, data), Programs()
    policy = programs.recall(path, data, opened.load)
    if policy is None:
        policy = check_policy(opened)
        programs.keep(path, data, opened.load, policy)
    _tell_or_stop(messages(policy.problems), quiet=quiet)
    if policy.checked is None:
        raise click.exceptions.Exit(exits.FAULTS)
    return opened, policy.checked


def sound_case(checked: Checked, path: str, *, quiet: bool = False) -> tuple[Opened, Case]:
    """A case without errors, for this policy. Otherwise its errors are told and the command ends with exit code 1."""
    opened = open_file(path)
    read = read_case(checked, opened)
    _tell_or_stop(messages(read.problems), quiet=quiet)
    if read.case is None:
        raise click.exceptions.Exit(exits.FAULTS)
    return opened, read.case


def decided(policy: str, case: str, language: str = "en", *, quiet: bool = False) -> tuple[list[str], Decision]:
    """The files that were read, and the case as it is decided by the policy, after both are found sound.

    So are the policy's words in the language in which the decision will be told.
    """
    read, _, decision = decided_with(policy, case, language, quiet=quiet)
    return read, decision


def decided_with(
    policy: str, case: str, language: str = "en", *, quiet: bool = False
) -> tuple[list[str], Checked, Decision]:
    """As `decided`, with the policy as it was checked."""
    law, checked = sound_policy(policy, quiet=quiet)
    facts, read = sound_case(checked, case, quiet=quiet)
    decision = decide(checked, read)
    _tell(messages(decision.problems), quiet=quiet)
    _tell_or_stop(messages(translation_faults(checked, language)), quiet=quiet)
    return [policy, case, *law.load.read, *facts.load.read], checked, decision


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
