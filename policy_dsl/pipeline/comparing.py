"""What two texts, the alternatives of a draft, or reservations do to the same cases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused
from policy_dsl.pipeline.deciding import read_case
from policy_dsl.pipeline.missing import calendars_of, with_reasons
from policy_dsl.pipeline.reading import Opened

if TYPE_CHECKING:
    from datetime import date

    from policy_dsl.cases.case import Case
    from policy_dsl.cases.read import Read
    from policy_dsl.check import Checked
    from policy_dsl.render.changes.report import Comparison
    from policy_dsl.render.comparing import Alternatives, Reservations


def compare_policies(
    old: tuple[Opened, Checked],
    new: tuple[Opened, Checked],
    cases: Sequence[Opened] | None = (),
    *,
    most: int | None = None,
    made: bool = True,
    language: str = "en",
) -> Comparison:
    """What changed from one policy to another, and what comes out otherwise in cases?

    Without `cases` (none, not an empty list) only what changed is said. At most so many decisions are made; `made` asks
    for cases at the edges of both texts too. Raises Refused where a published calendar is not to be had, and where the
    language is not installed.
    """
    from policy_dsl.compare.changes import changes
    from policy_dsl.compare.effects import ENOUGH, Supplied, study
    from policy_dsl.render import NoLocales
    from policy_dsl.render.changes.report import Comparison
    from policy_dsl.render.languages import speaking
    from policy_dsl.syntax import parse

    headers = [parse(opened.source).tree.header for opened, _ in (old, new)]
    assert headers[0] is not None
    assert headers[1] is not None
    found = changes(old[1].program, new[1].program, (headers[0], headers[1]))
    names = tuple(dict.fromkeys(checked.program.heading.name for _, checked in (new, old)))
    supplied = [Supplied(case.source.name, _read_as(case, names)) for case in cases or ()]
    try:
        with speaking(language), calendars_of(new[1]):
            studied = (
                None if cases is None else study(found, supplied, ENOUGH if most is None else most, generated=made)
            )
    except NoLocales:
        raise Refused(Problem("PD916", params={"language": language})) from None
    return Comparison((old[0].source.name, new[0].source.name), found, studied, language)


def _read_as(case: Opened, names: Sequence[str]) -> Callable[[Checked, frozenset[str]], Read]:
    """Reads a case by a policy that goes by one of these names: the case may name the text before or the one after."""

    def read(checked: Checked, besides: frozenset[str]) -> Read:
        tried: list[Read] = []
        for name in names:
            heading = replace(checked.program.heading, name=name)
            named = replace(checked, program=replace(checked.program, heading=heading))
            tried.append(read_case(named, case, besides=besides))
            if not any(problem.code == "PD725" for problem in tried[-1].problems):
                return tried[-1]
        return tried[0]

    return read


def comparison_schema() -> str:
    """The form of a comparison of two policies as data, as a JSON Schema."""
    import json

    from policy_dsl.render.changes.schema import comparison_schema as schema

    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def compare_alternatives(
    opened: Opened,
    cases: Sequence[Opened],
    *,
    take: Collection[str] = (),
    against: Collection[str] = (),
    most: int | None = None,
    as_at: date | None = None,
) -> tuple[Alternatives | None, tuple[Problem, ...]]:
    """Who would bear what under each combination of a draft's alternatives? And what is wrong with draft and cases.

    At most so many combinations are shown, those first that differ least from the one with which all are compared: the
    first, or the first that takes the names `against`. The comparison is none where no combination can be applied.
    Raises Refused for a text without alternatives, for names that it does not have or that exclude each other, and
    where a published calendar is not to be had.
    """
    from policy_dsl.check.draft import NotTaken
    from policy_dsl.compare.alternatives import MOST, NothingOpen, first_sound, opened_draft, under_each, wrong_in
    from policy_dsl.render.comparing import Alternatives
    from policy_dsl.syntax import parse

    try:
        draft = opened_draft(parse(opened.source), opened.load, take, against, MOST if most is None else most)
    except NothingOpen:
        raise Refused(Problem("PD964", params={"file": opened.source.name})) from None
    except NotTaken as fault:
        raise Refused(fault.problem) from None
    first, problems = first_sound(draft), tuple(with_reasons(draft.problems, opened.load))
    if first is None:
        return None, problems
    readers = [(case.source.name, partial(_read_draft, case, as_at)) for case in cases]
    with calendars_of(first):
        found = tuple(under_each(draft, read, name) for name, read in readers)
    return Alternatives(draft, first.program, found), (*problems, *wrong_in(found))


def _read_draft(case: Opened, as_at: date | None, checked: Checked, besides: frozenset[str]) -> Read:
    return read_case(checked, case, as_at, besides)


def compare_reservations(checked: Checked, cases: Sequence[tuple[str, Case]]) -> Reservations:
    """What does each reservation do to the others, in cases by the names of their files?

    Raises Refused where a published calendar is not to be had.
    """
    from policy_dsl.compare.reservations import reserved
    from policy_dsl.render.comparing import Reservations

    with calendars_of(checked):
        found = tuple((case.title, file, reserved(checked, case)) for file, case in cases)
    return Reservations(checked.program, found)
