"""How the rules were applied: exceptions, departures from a model, choices, reservations, adjustments, late figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policy_dsl.diagnostics.rendered import Rendered, in_order
from policy_dsl.diagnostics.rendered import render as render_problem
from policy_dsl.evaluate.decision import ChoiceOpen, Decision, ExceptionSeen
from policy_dsl.evaluate.derivation import Derived, InForce, walk_all
from policy_dsl.explain.argument import Given, Who
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Section, Span
from policy_dsl.render.sections.matter import Matter
from policy_dsl.render.tables import worded

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
            parts.append(Section(words.plain(f"part.{name}"), (block,), anchor=name))
    return Section(words.plain("section.readings"), tuple(parts), anchor="readings") if parts else None


def open_points(matter: Matter) -> Section | None:
    """What is open, and what the engine reports with the decision."""
    blocks: list[Block] = []
    points = matter.argument.open_points
    if points:
        blocks.append(Bullets(tuple(words.say(each) for each in points)))
    rest = [each for each in in_order(matter.decision.problems) if each.code not in TOLD]
    problems = [_problem(render_problem(each)) for each in rest]
    if problems:
        blocks.append(Section(words.plain("part.problems"), (Bullets(tuple(problems)),), anchor="problems"))
    return Section(words.plain("section.open"), tuple(blocks), anchor="open") if blocks else None


def _problem(found: Rendered) -> Line:
    message = Given(" ".join(found.message.split()))
    return words.text("problem.line", message=message, article=Given(found.article))


def _exceptions(decision: Decision) -> Block | None:
    if not decision.exceptions:
        return None
    grouped: dict[int, list[ExceptionSeen]] = {}
    for seen in decision.exceptions:
        grouped.setdefault(id(seen.row), []).append(seen)
    rows = []
    for group in grouped.values():
        first = group[0]
        condition: Line = words.spans(Given(" ".join(first.row.when.span.text.split())))
        applied = [each for each in group if each.applied]
        if not applied:
            whom = words.text("exception.nobody")
        elif not first.subject:
            whom = words.text("exception.case")
        else:
            whom = words.members([" / ".join(each.subject) for each in applied])
        rows.append((first.entry, first.entry.address, condition, whom))
    heads = ("col.exception", "col.article", "col.condition", "col.applied")
    return worded(words.text("table.exceptions"), heads, rows)


def _departures(decision: Decision) -> Block | None:
    if not decision.program.departures:
        return None
    rows = []
    for each in decision.program.departures:
        line = words.text(
            f"departure.{each.kind}",
            article=Given(each.article.removeprefix("Art. ")),
            title=Given(each.title),
            old=Given(each.old_title),
        )
        rows.append((line, words.spans(Given(each.old_title)), words.spans(Given(each.reason))))
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
            words.spans(Given(each.made.because)) if each.made is not None else (),
        )
        for each in decision.choices
    ]
    heads = ("col.choice", "col.article", "col.bounds", "col.value", "col.ground_stated")
    return worded(words.text("table.choices"), heads, rows)


def _chosen(choice: ChoiceOpen) -> Line:
    if choice.made is not None:
        return words.text("choice.made", value=choice.made.value, by=Who(choice.made.by))
    if choice.value is not None:
        return words.text("choice.default", value=words.derived(choice.value, "value"))
    return words.text("choice.awaited")


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
        title: Line = words.spans(entry) if entry is not None else (Span(each.apportionment.replace("_", " ")),)
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
    return words.text("force.line", since=force.since, cites=Given(force.cites), **terms)
