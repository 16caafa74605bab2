"""From a decision and its argument to a document. Nothing is calculated here that the decision doesn't hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_dsl.evaluate.decision import Decision
from policy_dsl.explain.argument import Argument
from policy_dsl.explain.reasons import argue
from policy_dsl.explain.trees import Level
from policy_dsl.receipts import receipt_of
from policy_dsl.render import words
from policy_dsl.render.document import Document, Section, anchors_in
from policy_dsl.render.languages import current, telling
from policy_dsl.render.naming import by_names, with_names
from policy_dsl.render.receipt import receipt_section
from policy_dsl.render.sections import (
    allocation,
    annex,
    defined,
    duties,
    facts,
    opening,
    operative,
    people,
    procedure,
    readings,
    reasons,
    wording,
)
from policy_dsl.render.sections.matter import Matter, Standing, standing
from policy_dsl.render.tables import upright

if TYPE_CHECKING:
    from policy_dsl.sensitivity import WhatDecided

LABELS = ("contents", "page", "quote.open", "quote.close")


def gist(decision: Decision, language: str = "en") -> Document:
    """The document as far as its operative part: what it decides, and no more. Raises as `compose`."""
    with telling(decision.program, language):
        matter = Matter(decision, argue(decision), Level.BRIEF)
        stands = standing(decision)
        return _document(matter, stands, (operative.operative(matter, stands),))


def compose(
    decision: Decision,
    level: str = "full",
    argument: Argument | None = None,
    *,
    folds: bool = True,
    language: str = "en",
    examined: WhatDecided | None = None,
) -> Document:
    """The document at a level: brief is the operative part and the allocation; full has the annexes.

    Without `folds` a member's reasons do not hold its derivations folded away. `examined` is told in a section of its
    own, but for the brief level. Raises ValueError for an unknown level or language, NoLocales where a language needs a
    package that is not installed.
    """
    with telling(decision.program, language):
        return _composed(decision, Level(level), argument, folds, examined)


def _composed(
    decision: Decision, measure: Level, argument: Argument | None, folds: bool, examined: WhatDecided | None
) -> Document:
    told = annex.told_values(decision) if measure is Level.FULL else ()
    matter = Matter(decision, argument or argue(decision), measure, told, annex.anchors(told), folds)
    stands = standing(decision)
    return _document(matter, stands, tuple(_sections(matter, stands, examined)))


def _document(matter: Matter, stands: Standing, sections: tuple[Section, ...]) -> Document:
    decision = matter.decision
    document = Document(
        heading=opening.title(decision),
        over=upright(opening.policy_title(decision)),
        below=opening.below(decision),
        status=opening.status(decision, stands),
        sections=sections,
        level=matter.level.value,
        language=current().code,
        direction=current().direction,
        labels={name: words.plain(name) for name in LABELS},
        anchors=frozenset(anchors_in(sections)),
    )
    return with_names(document, by_names(decision.program))


def _sections(matter: Matter, stands: Standing, examined: WhatDecided | None) -> list[Section]:
    made: list[Section | None] = [opening.recitals(matter), operative.operative(matter, stands)]
    if matter.level is Level.BRIEF:
        made += [allocation.allocation(matter), wording.alone(matter), readings.open_points(matter)]
        return [each for each in made if each is not None]
    made += [
        people.seats(matter),
        facts.facts(matter),
        procedure.procedure(matter),
        allocation.criteria(matter),
        defined.defined(matter),
        allocation.allocation(matter),
        duties.funds(matter),
        duties.duties(matter),
        reasons.reasons(matter),
        readings.readings(matter),
        _decisive(examined),
        readings.open_points(matter),
        people.statements(matter),
    ]
    if matter.level is Level.FULL:
        made += [annex.derivations(matter), annex.rules(matter)]
    made.append(receipt_section(receipt_of(matter.decision)))
    return [each for each in made if each is not None]


def _decisive(examined: WhatDecided | None) -> Section | None:
    """What decided, where it was examined. The analysis is imported only then: few documents have it."""
    if examined is None:
        return None
    from policy_dsl.render.sections.decisive import decisive

    return decisive(examined)
