"""What whoever brings a case must supply: groups, facts, events, choices, the standing of funds."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.cases.declared import Asked, Declared, Rule
from policy_dsl.cases.needs import funds_read
from policy_dsl.instrument import names
from policy_dsl.instrument.told.desk import EITHER, Desk, head, table, trimmed
from policy_dsl.instrument.told.figures import fact
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Paragraph, Section
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

FOR = {(): "for.case", ("member",): "for.member", ("cohort",): "for.cohort", ("cohort", "member"): "for.pair"}


def case_data(desk: Desk) -> Section | None:
    """All that a case states; nothing where the policy asks for nothing."""
    declared = Declared(desk.program)
    blocks = [*_belonging(desk, declared), *_facts(desk, declared), *_events(desk, declared), *_choices(desk, declared)]
    if not blocks:
        return None
    return Section(head("section.case"), (Paragraph(head("case.lead")), *blocks), anchor="case-data")


def _belonging(desk: Desk, declared: Declared) -> Iterator[Block]:
    lines = []
    if declared.supplied:
        groups = words.listed([names.name(each) for each in declared.supplied])
        lines.append(head("case.groups", groups=groups))
    if declared.cohorts:
        lines.append(head("case.cohorts"))
    funds = [names.name(declared.funds[each]) for each in funds_read(declared)]
    if funds:
        lines.append(head("case.funds", funds=words.listed(funds)))
    if lines:
        yield Bullets(tuple(lines))


def _facts(desk: Desk, declared: Declared) -> Iterator[Block]:
    asked = sorted(declared.indicators.values(), key=lambda each: len(each.levels))
    if asked:
        heads = ("col.fact", "col.for", "col.unit", "col.bounds", "col.supplier", "col.missing", "col.further")
        rows = [_fact(desk, each) for each in asked]
        yield trimmed(table(head("table.case"), [(each, False) for each in heads], rows))


def _fact(desk: Desk, asked: Asked) -> tuple[Line, ...]:
    return names.name(asked.entry), head(FOR[asked.entry.reach]), *fact(desk, asked.node)


def _events(desk: Desk, declared: Declared) -> Iterator[Block]:
    """The steps that somebody takes; those that fall by themselves are not recorded."""
    steps = [each for each in declared.steps.values() if each.node.on is None and each.node.once is None]
    if steps:
        heads = ("col.step", "col.by", "col.states", "col.article")
        yield trimmed(table(head("table.events"), [(each, False) for each in heads], [_event(desk, s) for s in steps]))


def _event(desk: Desk, rule: Rule) -> tuple[Line, ...]:
    by = desk.value(rule.node.by.expr, EITHER) if rule.node.by is not None else ()
    fields: list[Line] = []
    if rule.vote:
        fields.append(head("case.votes"))
    for name in rule.fields:
        node = names.recorded(desk.program, rule.node, name)
        assert node is not None
        fields.append(desk.plain("step.field", name=names.field_title(node), unit=desk.given_in(node.type)))
    return names.name(rule.entry), by, words.listed(fields) if fields else (), words.spans(rule.entry.address)


def _choices(desk: Desk, declared: Declared) -> Iterator[Block]:
    rows = [_choice(desk, entry, left) for entry in declared.parameters.values() if (left := declared.left(entry))]
    if rows:
        heads = ("col.figure", "col.between", "col.by", "col.missing", "col.article")
        yield table(head("table.choices"), [(each, False) for each in heads], rows)


def _choice(desk: Desk, entry: Entry, left: tree.LeftTo) -> tuple[Line, ...]:
    between = desk.plain("bounds", low=desk.value(left.low), high=desk.value(left.high))
    if left.otherwise is None:
        missing = desk.plain("missing.waits")
    else:
        missing = desk.plain("missing.value", value=desk.value(left.otherwise))
    return names.name(entry), between, desk.name(left.step), missing, words.spans(entry.address)
