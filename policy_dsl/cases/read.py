"""Reading a case: its text against a policy. Nothing is half read: a case with an error is no case."""

from __future__ import annotations

from datetime import date

from policy_dsl.cases.case import Case
from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.fit import Laid, Load, fit
from policy_dsl.cases.model import shaped
from policy_dsl.cases.nodes import read_nodes
from policy_dsl.diagnostics import Problem
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Program
from policy_dsl.source import Source


@dataclass(frozen=True, slots=True)
class Read:
    """A case, or none where there is an error, and the problems in the order of the text."""

    case: Case | None
    problems: tuple[Problem, ...]


def read_case(
    source: Source, program: Program, load: Load, as_at: date | None = None, besides: frozenset[str] = frozenset()
) -> Read:
    """Read a case. `load(path, relative_to)` gives the text of a table beside the case, or none where it is missing.

    With `as_at` it is read for the law as at that date, whatever its own. `besides` are names that the policy does not
    have, but another reading of the same draft: what the case states under them is passed over.
    """
    say = Complaints()
    root = read_nodes(source, say)
    case = None
    if root is not None:
        before = len(say.problems)
        file = shaped(root, say)
        if file is not None:
            case = fit(Laid(file, root, source, whole=len(say.problems) == before), program, load, say, as_at, besides)
    return Read(None if say.failed else case, say.sorted())


def check(source: Source, program: Program, load: Load) -> tuple[Problem, ...]:
    """What is wrong with a case, and what could be better."""
    return read_case(source, program, load).problems
