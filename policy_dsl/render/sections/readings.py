"""How the rules were applied: exceptions, departures from a model, choices, reservations, adjustments, late figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from policy_dsl.diagnostics.rendered import Rendered, in_order
from policy_dsl.diagnostics.rendered import render as render_problem
from policy_dsl.evaluate.decision import ChoiceOpen, Decision, ExceptionSeen
from policy_dsl.evaluate.derivation import Derived, InForce, walk_all
from policy_dsl.explain.argument import Adopted, Given, Term, Who
from policy_dsl.explain.reasons import exception_claim
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Section, Span
from policy_dsl.render.sections import wording
from policy_dsl.render.sections.matter import Matter, cited
from policy_dsl.render.tables import worded
from policy_dsl.render.titles import english
from policy_dsl.resolve.program import Program

# Problems that the open points tell in the document's own words.
TOLD = frozenset({"PD801", "PD808", "PD850", "PD851", "PD853", "PD854", "PD855"})


def readings(matter: Matter) -> Section | None:
    """Everything that a reader needs in order to see which reading of the rules was used."""
    parts: list[Section] = []
    made: tuple[tuple[str, Callable[[Decision], Block | None]], ...] = (
        ("exceptions", _exceptions),
        ("departures", _departures),
        ("choices", _choices),
        ("reservations", _reservations),
        ("adjustments", _adjustments),
        ("force", _late),
    )
    for name, make in made:
        block = make(matter.decision)
        if block is not None:
            parts.append(Section(words.text(f"part.{name}"), (block,), anchor=name))
    versions = wording.versions(matter)
    if versions is not None:
        parts.append(versions)
    return Section(words.text("section.readings"), tuple(parts), anchor="readings") if parts else None


def open_points(matter: Matter) -> Section | None:
    """What is open, and what the engine reports with the decision."""
    blocks: list[Block] = []
    points = matter.argument.open_points
    if points:
        blocks.append(Bullets(tuple(words.say(each) for each in points)))
    rest = [each for each in in_order(matter.decision.problems) if each.code not in TOLD]
    problems = [_problem(render_problem(each)) for each in rest]
    if problems:
        blocks.append(Section(words.text("part.problems"), (Bullets(tuple(problems)),), anchor="problems"))
    return Section(words.text("section.open"), tuple(blocks), anchor="open") if blocks else None


def _problem(found: Rendered) -> Line:
    message = " ".join(found.message.split())
    # A message begins like a part of a sentence; here it stands as one.
    line = english(message[:1].upper() + message[1:])
    return words.text("problem.line", message=line, article=Given(found.article))


def _exceptions(decision: Decision) -> Block | None:
    """Each exception to a definition: to whom it applied; for the case, also what that turned on."""
    grouped: dict[int, list[ExceptionSeen]] = {}
    for seen in decision.exceptions:
        grouped.setdefault(id(seen.row), []).append(seen)
    return Bullets(tuple(_exception(group) for group in grouped.values())) if grouped else None


def _exception(group: Sequence[ExceptionSeen]) -> Line:
    first = group[0]
    said = english(first.row.when.written)
    terms: dict[str, Term | Line] = {"of": first.entry, "at": first.entry.address, "words": said}
    if not first.subject:
        reasons = words.sentences([words.say(each) for each in exception_claim(first).because])
        says = "exception.case" if first.applied else "exception.case.not"
        return words.text(says, **terms, reasons=reasons)
    applied = [" / ".join(each.subject) for each in group if each.applied]
    if not applied:
        return words.text("exception.nobody", **terms)
    return words.text("exception.applied", **terms, members=words.members(applied))


def _departures(decision: Decision) -> Block | None:
    return departures(decision.program)


def departures(program: Program) -> Block | None:
    """What the policy changes in the model on which it is based; nothing where it changes nothing."""
    if not program.departures:
        return None
    rows = []
    for each in program.departures:
        line = words.text(
            f"departure.{each.kind}",
            article=Given(each.article.removeprefix("Art. ")),
            title=Adopted(each.title),
            old=Adopted(each.old_title),
        )
        rows.append((line, words.spans(Adopted(each.old_title)), words.spans(Adopted(each.reason))))
    return worded(words.text("table.departures"), ("col.departure", "col.was", "col.reason"), rows)


def _choices(decision: Decision) -> Block | None:
    if not decision.choices:
        return None
    rows = [
        (
            each.entry,
            each.entry.address,
            words.text("window.both", earliest=each.low, latest=each.high),
            _chosen(each),
            words.spans(Given(stated.because)) if (stated := each.made or each.without_effect) is not None else (),
        )
        for each in decision.choices
    ]
    heads = ("col.choice", "col.article", "col.bounds", "col.value", "col.ground_stated")
    return worded(words.text("table.choices"), heads, rows)


def _chosen(choice: ChoiceOpen) -> Line:
    if choice.made is not None:
        return words.text("choice.made", value=choice.made.value, by=Who(choice.made.by))
    holds = words.text("choice.awaited")
    if choice.value is not None:
        holds = words.text("choice.default", value=words.derived(choice.value, "value"))
    if (vain := choice.without_effect) is not None:
        return words.text("choice.vain", holds=holds, value=vain.value, by=Who(vain.by) if vain.by else None)
    return holds


def _reservations(decision: Decision) -> Block | None:
    if not decision.reservations:
        return None
    items = []
    for entry, member, to in decision.reservations:
        target = decision.program.entries.get(to)
        name: Line = words.spans(target) if target is not None else (Span(to.replace("_", " ")),)
        items.append(words.text("reservation.line", member=Who(member), to=name, at=entry.address))
    return Bullets(tuple(items))


def _adjustments(decision: Decision) -> Block | None:
    if not decision.case.adjustments:
        return None
    rows = []
    for each in decision.case.adjustments:
        entry = decision.program.entries.get(each.apportionment)
        title: Line = (Span(each.apportionment.replace("_", " ")),)
        if entry is not None:
            title = cited(words.spans(entry), entry)
        rows.append((title, Who(each.member), each.change, Who(each.by) if each.by else None, Given(each.because)))
    heads = ("col.choice", "col.member", "col.change", "col.by", "col.ground_stated")
    return worded(words.text("table.adjustments"), heads, rows)


def _late(decision: Decision) -> Block | None:
    items = tuple(_late_lines(decision))
    return Bullets(items) if items else None


def _late_lines(decision: Decision) -> Iterator[Line]:
    """Figures that changed between the opening and the day of the case, or were kept as they had been."""
    told: set[str] = set()
    for here in walk_all(decision.values.values()):
        force = here.detail
        if not isinstance(force, InForce) or here.entry is None or here.entry.name in told:
            continue
        if force.kept_by or (force.after_opening and force.since is not None):
            told.add(here.entry.name)
            yield _force(decision, here, force)


def _force(decision: Decision, here: Derived, force: InForce) -> Line:
    terms = {"name": words.derived(here, "name"), "value": words.derived(here, "value"), "at": here.address}
    if force.kept_by:
        clause = decision.program.entries.get(force.kept_by)
        by: Line = words.spans(clause) if clause is not None else (Span(force.kept_by),)
        return words.text("force.kept", by=by, **terms)
    return words.text("force.line", since=force.since, cites=Adopted(force.cites), **terms)
