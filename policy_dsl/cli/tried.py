"""What `policy test` and `policy cover` are given: policies, and the cases that go with each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from policy_dsl.diagnostics.problem import Problem, errors_of
from policy_dsl.files import Refused
from policy_dsl.pipeline import Opened, check_policy, open_file, policy_of_case, stated_case
from policy_dsl.records import dataclass

if TYPE_CHECKING:
    from policy_dsl.check import Checked

CASES = (".yaml", ".yml")


@dataclass(slots=True, eq=False)
class Inputs:
    """A policy and the cases that go with it, each with its expected results.

    `checked` is none where the policy has `errors`. `remarks` are said of its cases.
    """

    path: str
    name: str
    opened: Opened
    checked: Checked | None
    errors: tuple[Problem, ...]
    stated: list[tuple[Opened, Opened]] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """The policies in the order given, what could not be used at all, and every file that was read."""

    policies: tuple[Inputs, ...]
    refused: tuple[Problem, ...]
    read: list[str]


def sorted_files(files: Iterable[str]) -> Sorted:
    """Read policies and cases, and give each case to its policy: the only one, or the one of the name it states."""
    every = list(dict.fromkeys(files))
    policies: list[Inputs] = []
    refused: list[Problem] = []
    read = list(every)
    for path in every:
        if path.endswith(CASES):
            continue
        try:
            policies.append(_policy(path))
        except Refused as fault:
            refused.append(fault.problem)
    seen: set[str] = set()
    for path in every:
        if path.endswith(CASES):
            try:
                case, expected = stated_case(path)
            except Refused as fault:
                refused.append(fault.problem)
                continue
            if case.source.name not in seen:
                seen.add(case.source.name)
                read += [case.source.name, *([expected.source.name] if expected is not None else ())]
                _give(case, expected, policies, refused)
    for inputs in policies:
        read += [*inputs.opened.load.read, *(name for case, _ in inputs.stated for name in case.load.read)]
    return Sorted(tuple(policies), tuple(refused), read)


def _policy(path: str) -> Inputs:
    opened = open_file(path)
    policy = check_policy(opened)
    errors = errors_of(policy.problems)
    checked = None if errors else policy.checked
    name = policy.checked.program.heading.name if policy.checked is not None else path
    return Inputs(path, name, opened, checked, errors)


def _give(case: Opened, expected: Opened | None, policies: Sequence[Inputs], refused: list[Problem]) -> None:
    named = policy_of_case(case)
    mine = [each for each in policies if each.name == named] or (list(policies) if len(policies) == 1 else [])
    if not mine:
        refused.append(Problem("PD970", params={"file": case.source.name, "policy": named or "none that can be read"}))
    elif expected is None:
        mine[0].remarks.append(Problem("PD971", params={"file": case.source.name}))
    else:
        mine[0].stated.append((case, expected))
