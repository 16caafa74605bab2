"""Steps in time, duties and guarantees."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.instrument import names
from policy_dsl.instrument.drawn.flow import flow
from policy_dsl.instrument.told.desk import EITHER, MEMBERS, Desk
from policy_dsl.instrument.told.figures import REACHES, local
from policy_dsl.instrument.told.members import paragraphs
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Operative, Section, Span
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def procedure(desk: Desk, entry: Entry, node: tree.Procedure) -> Iterator[Block]:
    """The steps in their order, each with what it asks, and how one leads to another."""
    steps = [found for each in node.steps if (found := _entry(desk, each)) is not None]
    numbered = []
    for number, each in enumerate(steps, 1):
        line = words.sentences([(*names.title(each), Span(".")), *desk.notes(each.node, each.node.notes)])
        numbered.append(Operative(number, line, tuple(step_blocks(desk, each))))
    yield Section((), tuple(numbered), kind="operative")
    drawn = flow(desk, entry, steps)
    if drawn is not None:
        yield drawn


def _entry(desk: Desk, node: tree.Step) -> Entry | None:
    found = desk.program.entries.get(node.name.text)
    if found is not None and found.node is node:
        return found
    return next((each for each in desk.program.entries.values() if each.node is node), None)


def step(desk: Desk, entry: Entry, node: tree.Step) -> Iterator[Block]:
    """A step by itself."""
    yield from step_blocks(desk, entry)


def step_blocks(desk: Desk, entry: Entry) -> Iterator[Block]:
    """What a step asks: who, when, on what conditions, and how it is decided."""
    assert isinstance(entry.node, tree.Step)
    lines = tuple(_step(desk, entry.node))
    yield Bullets(lines or (desk.say("step.free"),))


def _step(desk: Desk, node: tree.Step) -> Iterator[Line]:
    vote = node.adopted is not None
    if node.model is not None:
        yield desk.say("step.model", model=desk.name(node.model))
    if node.by is not None:
        said = desk.say("step.vote" if vote else "step.by", group=desk.value(node.by.expr, MEMBERS if vote else EITHER))
        yield desk.noted(said, node.by, node.by.notes)
    if node.once_each:
        yield desk.say("step.once_each")
    if node.repeated:
        yield desk.say("step.repeated")
    if node.records:
        fields = [
            desk.plain("step.field", name=names.field_title(each), unit=desk.given_in(each.type))
            for each in node.records
        ]
        yield desk.say("step.records", fields=words.listed(fields))
    if node.on is not None:
        yield desk.noted(desk.say("step.on", when=desk.value(node.on.expr)), node.on, node.on.notes)
    if node.once is not None:
        said = desk.say("step.once", condition=desk.condition(node.once.expr))
        yield desk.noted(said, node.once, node.once.notes)
    if node.every is not None:
        terms = {"period": desk.value(node.every.period), "after": desk.value(node.every.after)}
        yield desk.noted(desk.say("step.every", **terms), node.every, node.every.notes)
    for says, line in (("step.not_before", node.not_before), ("step.not_after", node.not_after)):
        if line is not None:
            yield desk.noted(desk.say(says, when=desk.value(line.expr)), line, line.notes)
    for line in node.requires:
        said = desk.say("step.requires", condition=desk.condition(line.expr))
        yield desk.noted(said, line, line.notes)
    yield from _vote(desk, node)
    for each in node.locals:
        yield from local(desk, each, "step")


def _vote(desk: Desk, node: tree.Step) -> Iterator[Line]:
    if node.quorum is not None:
        none = isinstance(node.quorum.expr, tree.Nothing)
        said = desk.say("step.quorum.none") if none else desk.say("step.quorum", number=desk.value(node.quorum.expr))
        yield desk.noted(said, node.quorum, node.quorum.notes)
    for says, line in (("step.adopted", node.adopted), ("step.failing", node.failing)):
        if line is not None:
            yield desk.noted(desk.say(says, condition=desk.condition(line.expr)), line, line.notes)
    if node.silence is not None:
        yield desk.say(f"step.silence.{node.silence.text}")


def duty(desk: Desk, entry: Entry, node: tree.Duty) -> Iterator[Block]:
    """Whom a duty binds, when it arises, by when it is to be performed, and when it is kept."""
    lines = []
    if node.binds is not None:
        said = desk.say("duty.binds", group=desk.value(node.binds.expr))
        lines.append(desk.noted(said, node.binds, node.binds.notes))
    if node.when is not None:
        said = desk.say("duty.when", condition=desk.condition(node.when.expr))
        lines.append(desk.noted(said, node.when, node.when.notes))
    else:
        lines.append(desk.say("duty.always"))
    if node.not_after is not None:
        said = desk.say("duty.not_after", when=desk.value(node.not_after.expr))
        lines.append(desk.noted(said, node.not_after, node.not_after.notes))
    if node.kept is not None:
        said = desk.say("duty.kept", condition=desk.condition(node.kept.expr))
        lines.append(desk.noted(said, node.kept, node.kept.notes))
    yield Bullets(tuple(lines))


def guarantee(desk: Desk, entry: Entry, node: tree.Guarantee) -> Iterator[Block]:
    """What holds in every case."""
    lines = []
    if node.promise is not None:
        lines.append(desk.say(f"guarantee{REACHES.get(entry.reach, '')}", condition=desk.condition(node.promise)))
    if node.independent is not None:
        what, of = node.independent
        lines.append(desk.say("guarantee.independent", what=desk.name(what), of=desk.name(of)))
    proved = entry.name in desk.checked.proved
    lines.append(desk.say("guarantee.proved" if proved else "guarantee.checked"))
    yield from paragraphs(lines)
