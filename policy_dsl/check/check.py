"""From a program to what is wrong with it: units and types first, then one kind of fault after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from policy_dsl.check.advice import advice
from policy_dsl.check.criteria import criteria
from policy_dsl.check.desk import Desk, sorted_problems
from policy_dsl.check.figures import figures
from policy_dsl.check.given import type_examples
from policy_dsl.check.keys import keys
from policy_dsl.check.limits import limits
from policy_dsl.check.membership import membership
from policy_dsl.check.obligations import obligations
from policy_dsl.check.precedence import exceptions
from policy_dsl.check.proofs import proofs
from policy_dsl.check.scales import scales
from policy_dsl.check.sharing_out import sharing_out
from policy_dsl.check.types import Type
from policy_dsl.check.typing_ import type_provisions
from policy_dsl.check.unit_names import unit_names
from policy_dsl.check.votes import votes
from policy_dsl.check.windows import windows
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree

CHECKS = (
    type_provisions,
    type_examples,
    unit_names,
    membership,
    figures,
    keys,
    scales,
    criteria,
    sharing_out,
    limits,
    exceptions,
    windows,
    votes,
    obligations,
    proofs,
    advice,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A program with the type of each of its expressions, what is wrong, and which guarantees were proved.

    `named` holds the type of what each provision gives a name to.
    """

    program: Program
    types: Mapping[tree.Expr, Type]
    problems: tuple[Problem, ...]
    proved: frozenset[str]
    named: Mapping[Entry, Type] = field(default_factory=dict)


def check(program: Program) -> Checked:
    """Check a policy. Each problem is a root cause: what rests on a fault is not reported again."""
    desk = Desk(program)
    for examine in CHECKS:
        examine(desk)
    sources = {source.name: at for at, source in reversed(list(enumerate(program.sources)))}
    found = [problem for problem in desk.found if _concerns(problem, program)]
    problems = sorted_problems(found, sources)
    return Checked(program, desk.types, problems, frozenset(desk.proved), desk.entry_types)


def _concerns(problem: Problem, program: Program) -> bool:
    """Whether a problem concerns the drafter of this file: advice on a model or a used file is for its own drafter."""
    elsewhere = problem.span is not None and problem.span.source is not program.source
    return not elsewhere or problem.is_error
