"""The alternatives of a draft by their effect: a case decided under each combination of them."""

from __future__ import annotations

from collections.abc import Callable, Collection

from policy_dsl.cases.case import Case
from policy_dsl.cases.read import Read
from policy_dsl.check import Checked
from policy_dsl.check.draft import Draft, Load, check_draft, takeable
from policy_dsl.compare.burdens import Compared, Reading, compared
from policy_dsl.diagnostics.problem import Problem, errors_of
from policy_dsl.evaluate import decide
from policy_dsl.resolve.alternatives import names_given, places
from policy_dsl.syntax import Parsed
from policy_dsl.syntax.tree import is_draft

MOST = 12
"""How many combinations are compared unless asked otherwise: more columns than that nobody reads."""

ReadCase = Callable[[Checked, frozenset[str]], Read]


class NothingOpen(Exception):
    """The text of a policy holds no alternatives."""


def opened_draft(parsed: Parsed, load: Load, take: Collection[str], against: Collection[str], most: int) -> Draft:
    """A draft under the combinations that are compared: at most so many, those first that differ least from the first.

    The first one takes the alternatives `against`; all take those to `take`. A draft that could not be read whole has
    none. Raises NothingOpen for a text without alternatives, NotTaken for alternatives that can't be taken.
    """
    unread = errors_of(parsed.problems)
    if not is_draft(parsed.tree) and not unread:
        raise NothingOpen
    takeable(places(parsed.tree), (*take, *against), parsed.tree.span.source.name)
    draft = check_draft(parsed, load, take, most, against)
    return Draft(draft.file, draft.places, (), 0, draft.problems) if unread else draft


def first_sound(draft: Draft) -> Checked | None:
    """The draft under the first combination without faults; none where all have some."""
    sound = (each.checked for each in draft.variants if not errors_of(each.problems))
    return next((each for each in sound if each is not None), None)


def wrong_in(cases: Collection[Compared]) -> list[Problem]:
    """What is wrong in the cases compared, each once."""
    found: list[Problem] = []
    for case in cases:
        for reading in case.readings:
            found += (each for each in reading.problems if each not in found)
    return found


def under_each(draft: Draft, read: ReadCase, file: str) -> Compared:
    """A case under each combination of a draft. `read` reads it by a policy, with names that it may pass over.

    A fact that one alternative asks for and another does not may stand in the case: under the other it is passed over.
    Raises `DeadlineError` where a published calendar is not to be had.
    """
    besides = names_given(draft.places)
    readings: list[Reading] = []
    title = ""
    for variant in draft.variants:
        wrong = errors_of(variant.problems)
        case: Case | None = None
        if variant.checked is not None and not wrong:
            found = read(variant.checked, besides)
            case, wrong = found.case, errors_of(found.problems)
        if case is None or variant.checked is None:
            readings.append(Reading(variant.combination.name, None, wrong))
            continue
        title = title or case.title
        decision = decide(variant.checked, case)
        readings.append(Reading(variant.combination.name, decision, decision.problems))
    return compared(title, file, readings)
