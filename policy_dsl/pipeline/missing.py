"""What is said where something that a text names is not to be had: a file, a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Loader, Refused

if TYPE_CHECKING:
    from policy_dsl.check import Checked


# What is said where a file that a policy or a case names is not to be had, and the parameter that holds its path.
MISSING = {"PD230": "path", "PD717": "file"}


def with_reasons(problems: Iterable[Problem], load: Loader) -> Iterable[Problem]:
    """Problems; where a file that the text names is there but can't be read, with the reason."""
    from policy_dsl.diagnostics.catalogue import filled, find

    for problem in problems:
        reason = load.reasons.get(str(problem.params.get(MISSING.get(problem.code, ""), "")))
        if reason is not None and reason.code != "PD901":
            yield replace(problem, mend=filled(find(reason.code).message, reason.params))
        else:
            yield problem


@contextmanager
def calendars_of(checked: Checked) -> Iterator[None]:
    """Where the holidays of a State can't be had, say so at the place that asks for them."""
    from policy_dsl.deadlines import CalendarMissing, UnknownCalendar
    from policy_dsl.syntax.tree import walk

    try:
        yield
    except (CalendarMissing, UnknownCalendar) as gap:
        asked = checked.program.entries[checked.program.heading.calendar]
        code = "PD912" if isinstance(gap, CalendarMissing) else "PD913"
        place = next((each.span for each in walk(asked.node) if each.span.text == gap.country), asked.node.span)
        raise Refused(Problem(code, place, {"country": gap.country}, str(asked.address or ""))) from None
