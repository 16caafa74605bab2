"""Mutation of the rules: each is altered in turn, and an example, or a case with expected results, ought to notice.

An alteration that nothing notices marks a rule of which no example says what it is for. One that the checker refuses
needs no example: it can't come into force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from policy_dsl.check import Checked
from policy_dsl.diagnostics import Problem
from policy_dsl.records import dataclass
from policy_dsl.syntax import Parsed
from policy_dsl.trial.alterations import Alteration, alterations
from policy_dsl.trial.altering import Load, altered
from policy_dsl.trial.running import Ready, StatedCase, Trial, made_ready, run_trials, trial_at
from policy_dsl.trial.seen import seen

NOTICED, UNNOTICED, REFUSED = "noticed", "unnoticed", "refused"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of an alteration: noticed `by` the example or case of that title, unnoticed, or refused.

    `refusal` is the first error with which the checker refuses it.
    """

    alteration: Alteration
    status: str
    by: str = ""
    refusal: Problem | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Mutation:
    """What came of all alterations that were tried, in the order of the text.

    `possible` is how many there are: more than were tried, where only so many were asked for. `failing` are the titles
    of those that do not hold as it is, and so can't notice anything.
    """

    outcomes: tuple[Outcome, ...]
    possible: int
    failing: tuple[str, ...]

    def of(self, status: str) -> tuple[Outcome, ...]:
        """The alterations of which this came."""
        return tuple(each for each in self.outcomes if each.status == status)


class Subject:
    """A policy with its examples and cases, to be altered. Raises ValueError where the policy itself has errors."""

    def __init__(
        self,
        parsed: Parsed,
        load: Load,
        cases: Sequence[StatedCase] = (),
        wanted: Callable[[str], bool] | None = None,
    ) -> None:
        self.parsed = parsed
        self.load = load
        self.cases = tuple(cases)
        ready, errors = made_ready(parsed, load, self.cases)
        if ready is None:
            raise ValueError(f"a policy with errors: {errors[0].code}")
        self.ready = ready
        self._where = tuple(run_trials(ready, self.cases, wanted))
        self.trials = tuple(trial for _, trial in self._where)
        self.standing = tuple(at for at, each in enumerate(self.trials) if each.passed)
        self._touching: dict[int, frozenset[str]] = {}

    @property
    def checked(self) -> Checked:
        """The policy as it is."""
        return self.ready.checked

    @property
    def failing(self) -> tuple[str, ...]:
        """The titles of what does not hold as it is."""
        return tuple(each.title for each in self.trials if not each.passed)

    def altered(self, alteration: Alteration) -> tuple[Ready | None, tuple[Problem, ...]]:
        """The policy with an alteration; none with the errors, where the checker refuses it."""
        return made_ready(altered(self.parsed, alteration.edits), self.load, self.cases)

    def tried(self, alteration: Alteration) -> Outcome:
        """What comes of one alteration. The examples that exercise the provision are asked first."""
        ready, errors = self.altered(alteration)
        if ready is None:
            return Outcome(alteration, REFUSED, refusal=errors[0] if errors else None)
        for at in self._in_turn(alteration.provision):
            if not self._run(ready, at).passed:
                return Outcome(alteration, NOTICED, self.trials[at].title)
        return Outcome(alteration, UNNOTICED)

    def _in_turn(self, provision: str) -> list[int]:
        return sorted(self.standing, key=lambda at: provision not in self._exercised(at))

    def _exercised(self, at: int) -> frozenset[str]:
        """The names of the provisions that an example exercises."""
        if at not in self._touching:
            nodes = {node for node, _ in seen(self.trials[at].engine)}
            entries = self.checked.program.entries.values()
            self._touching[at] = frozenset(each.node.name.text for each in entries if each.node in nodes)
        return self._touching[at]

    def _run(self, ready: Ready, at: int) -> Trial:
        """A trial again, under altered rules."""
        return trial_at(ready, self.cases, self._where[at][0])


def mutate(subject: Subject, at_most: int | None = None, progress: Progress | None = None) -> Mutation:
    """Try every alteration of a policy, or so many of them, spread evenly over its text."""
    every = list(alterations(subject.checked.program))
    chosen = list(spread(every, at_most))
    outcomes = []
    for number, alteration in enumerate(chosen, 1):
        outcomes.append(subject.tried(alteration))
        if progress is not None:
            progress(number, len(chosen))
    return Mutation(tuple(outcomes), len(every), subject.failing)


def spread(every: Sequence[Alteration], at_most: int | None) -> Iterator[Alteration]:
    """So many of a list, at even distances, in their order; all, where there are no more."""
    if at_most is None or at_most >= len(every):
        yield from every
    else:
        yield from (every[number * len(every) // at_most] for number in range(at_most))


__all__ = ["NOTICED", "REFUSED", "UNNOTICED", "Mutation", "Outcome", "Subject", "mutate", "spread"]
