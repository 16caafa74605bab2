"""Whether the rules do what is expected of them, and whether anybody would notice if they did not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused
from policy_dsl.pipeline.missing import calendars_of
from policy_dsl.pipeline.reading import Opened, open_file

if TYPE_CHECKING:
    from policy_dsl.cases.case import Case
    from policy_dsl.check import Checked
    from policy_dsl.evaluate.examples import Ran
    from policy_dsl.render.attacked import Attack
    from policy_dsl.trial import Coverage
    from policy_dsl.trial.mutation import Mutation, Subject
    from policy_dsl.trial.running import Trial
    from policy_dsl.trial.suggest import Suggested


def run_examples(checked: Checked) -> Sequence[Ran]:
    """Do the policy's examples hold? Raises Refused where a published calendar is not to be had."""
    from policy_dsl.evaluate.examples import run_examples as ran

    with calendars_of(checked):
        return ran(checked)


def stated_case(path: str) -> tuple[Opened, Opened | None]:
    """A case, and the results that are expected of it: the file of its name in the folder `expected` beside it.

    There may be no such file. The path of that file leads to the same. Raises Refused.
    """
    from policy_dsl.files.beside import case_and_expected

    case, expected = case_and_expected(path)
    return open_file(case), open_file(expected) if expected is not None else None


def policy_of_case(case: Opened) -> str:
    """Of which policy is this a case? Its name as the case states it, empty where that can't be told."""
    from policy_dsl.cases.expected import policy_named

    return policy_named(case.source)


def subject(
    opened: Opened,
    checked: Checked,
    cases: Iterable[tuple[Opened, Opened]] = (),
    wanted: Callable[[str], bool] | None = None,
) -> Subject:
    """A sound policy with its examples, cases and expected results, each run once: all, or those of a wanted title.

    Raises Refused where a published calendar is not to be had.
    """
    from policy_dsl.cases.expected import read_expected
    from policy_dsl.syntax import parse
    from policy_dsl.trial.mutation import Subject
    from policy_dsl.trial.running import StatedCase

    stated = [
        StatedCase(case.source, case.load, read_expected(expected.source, checked.program)) for case, expected in cases
    ]
    with calendars_of(checked):
        return Subject(parse(opened.source), opened.load, stated, wanted)


def trials(
    opened: Opened, checked: Checked, cases: Sequence[tuple[Opened, Opened]], wanted: Callable[[str], bool]
) -> Sequence[Trial]:
    """Do the examples hold, and the cases of which something is expected? Those of a wanted title, each run once.

    Raises Refused where a published calendar is not to be had.
    """
    from policy_dsl.trial.running import trial_of

    if cases:
        return subject(opened, checked, cases, wanted).trials
    with calendars_of(checked):
        return [trial_of(checked, each) for each in checked.program.examples if wanted(each.title)]


def coverage(tried: Subject) -> Coverage:
    """Which provisions, branches, brackets, exceptions and refusals do the examples and cases exercise?"""
    from policy_dsl.trial import covered

    return covered(tried.checked, tried.trials)


def mutation(
    tried: Subject, at_most: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Mutation:
    """Would the examples and cases notice, if a rule were another? All alterations, or so many; `progress` hears of

    each that is done: how many are, of how many. Raises Refused where a published calendar is not to be had.
    """
    from policy_dsl.trial.mutation import mutate

    with calendars_of(tried.checked):
        return mutate(tried, at_most, progress)


def suggestions(
    tried: Subject, altered: Mutation, covered: Coverage, progress: Callable[[int, int], None] | None = None
) -> Suggested:
    """Which examples would notice what none does? Each to be filled in by the drafter.

    Raises Refused where a published calendar is not to be had.
    """
    from policy_dsl.trial.suggest import suggest

    with calendars_of(tried.checked):
        return suggest(tried, altered, covered.missed, progress)


def attack_guarantees(
    opened: Opened, checked: Checked, base: Case | None = None, *, cases: int, seed: int = 0, only: Sequence[str] = (),
    as_example: bool = False,
) -> Attack:  # fmt: skip
    """Does a guarantee hold in generated cases? Each is attacked, or `only` those named; around a `base`, if given.

    Raises Refused where the package that searches is missing, nothing is named so, or a published calendar is not to be
    had.
    """
    from policy_dsl.render.attacked import ready
    from policy_dsl.resolve.suggest import did_you_mean
    from policy_dsl.trial.attack import HypothesisMissing, attack, example_of

    names = [entry.name for entry in checked.program.of_kind("guarantee")]
    for name in (each for each in only if each not in names):
        raise Refused(Problem("PD978", params={"name": name}, mend=did_you_mean(name, names)))
    with calendars_of(checked):
        try:
            found = attack(checked, base, cases=cases, seed=seed, only=tuple(only))
        except HypothesisMissing:
            raise Refused(Problem("PD977")) from None
        broken = ((each.entry, each.found.case) for each in found if each.found is not None and as_example)
        examples = {entry.name: example_of(checked, opened.load, entry, case) for entry, case in broken}
        return ready(checked, found, examples)
