"""From a decision and its argument to a document. Nothing is calculated here that the decision doesn't hold."""

from __future__ import annotations

from policy_dsl.evaluate.decision import Decision
from policy_dsl.explain.argument import Argument
from policy_dsl.explain.reasons import argue
from policy_dsl.explain.trees import Level
from policy_dsl.render import words
from policy_dsl.render.document import Document, Section, anchors_in
from policy_dsl.render.naming import by_names, with_names
from policy_dsl.render.sections import (
    allocation,
    annex,
    duties,
    facts,
    opening,
    operative,
    people,
    procedure,
    readings,
    reasons,
)
from policy_dsl.render.sections.matter import Matter, Standing, standing

LABELS = ("contents", "page")


def gist(decision: Decision) -> Document:
    """The document as far as its operative part: what it decides, and no more."""
    matter = Matter(decision, argue(decision), Level.BRIEF)
    stands = standing(decision)
    return _document(matter, stands, (operative.operative(matter, stands),))


def compose(
    decision: Decision, level: str = "full", argument: Argument | None = None, *, folds: bool = True
) -> Document:
    """The document at a level: brief is the operative part and the allocation; full has the annexes.

    Without `folds` a member's reasons do not hold its derivations folded away.
    """
    measure = Level(level)
    told = annex.told_values(decision) if measure is Level.FULL else ()
    matter = Matter(decision, argument or argue(decision), measure, told, annex.anchors(told), folds)
    stands = standing(decision)
    return _document(matter, stands, tuple(_sections(matter, stands)))


def _document(matter: Matter, stands: Standing, sections: tuple[Section, ...]) -> Document:
    decision = matter.decision
    heading = decision.program.heading
    document = Document(
        title=opening.title(decision),
        above=heading.title or heading.name.replace("_", " "),
        below=opening.below(decision),
        status=opening.status(matter, stands),
        sections=sections,
        level=matter.level.value,
        labels={name: words.plain(name) for name in LABELS},
        anchors=frozenset(anchors_in(sections)),
    )
    return with_names(document, by_names(decision.program))


def _sections(matter: Matter, stands: Standing) -> list[Section]:
    made: list[Section | None] = [opening.recitals(matter), operative.operative(matter, stands)]
    if matter.level is Level.BRIEF:
        made += [allocation.allocation(matter), readings.open_points(matter)]
        return [each for each in made if each is not None]
    made += [
        people.seats(matter),
        facts.facts(matter),
        procedure.procedure(matter),
        allocation.criteria(matter),
        allocation.allocation(matter),
        duties.funds(matter),
        duties.duties(matter),
        reasons.reasons(matter),
        readings.readings(matter),
        readings.open_points(matter),
        people.statements(matter),
    ]
    if matter.level is Level.FULL:
        made += [annex.derivations(matter), annex.rules(matter)]
    return [each for each in made if each is not None]
