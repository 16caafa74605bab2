"""From a program to what is wrong with it: units and types first, then one kind of fault after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policy_dsl.check.desk import Desk, sorted_problems
from policy_dsl.check.given import type_examples
from policy_dsl.check.types import Type
from policy_dsl.check.typing_ import type_provisions
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.resolve.program import Program
from policy_dsl.syntax import tree

CHECKS = (
    type_provisions,
    type_examples,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A program with the type of each of its expressions, what is wrong, and which guarantees were proved."""

    program: Program
    types: Mapping[tree.Expr, Type]
    problems: tuple[Problem, ...]
    proved: frozenset[str]


def check(program: Program) -> Checked:
    """Check a policy. Each problem is a root cause: what rests on a fault is not reported again."""
    desk = Desk(program)
    for examine in CHECKS:
        examine(desk)
    sources = {source.name: at for at, source in reversed(list(enumerate(program.sources)))}
    return Checked(program, desk.types, sorted_problems(desk.found, sources), frozenset(desk.proved))
