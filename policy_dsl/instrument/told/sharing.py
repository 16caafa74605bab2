"""Sharing out, line by line in the order of the work, and funds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.instrument import names
from policy_dsl.instrument.expressions import Where
from policy_dsl.instrument.phrases import figure
from policy_dsl.instrument.told.desk import MEMBERS, RUN, TAKERS, Desk
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Line, Span
from policy_dsl.render.pieces import joined
from policy_dsl.render.titles import method_word
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, Quantity


def apportion(desk: Desk, entry: Entry, node: tree.Apportion) -> Iterator[Block]:
    """What is shared, among whom, how, within which limits, and what becomes of the rest."""
    yield Bullets(tuple(_lines(desk, node)))


def _lines(desk: Desk, node: tree.Apportion) -> Iterator[Line]:
    if node.total is not None:
        said = desk.say("share.total", total=desk.value(node.total.expr))
        yield desk.noted(said, node.total, node.total.notes)
    if node.each is not None and node.each.of:
        yield desk.say("share.cohort")
    if node.among is not None:
        said = desk.say("share.among", group=desk.value(node.among.expr))
        yield desk.noted(said, node.among, node.among.notes)
    if node.bands is not None:
        yield desk.say("share.bands", criteria=desk.name(node.bands))
    for fixed in node.fixed:
        terms = {"amount": desk.value(fixed.amount, RUN), "group": desk.value(fixed.group)}
        yield desk.noted(desk.say("share.fixed", **terms), fixed, fixed.notes)
    if node.how is not None:
        yield desk.noted(_how(desk, node.how), node.how, node.how.notes)
    for relief in node.relief:
        yield desk.noted(_relief(desk, relief), relief, relief.notes)
    yield from _limits(desk, node.limits)
    for less in node.less:
        said = desk.say("share.less.refunded" if less.refunded else "share.less", credit=desk.value(less.credit, RUN))
        yield desk.noted(said, less, less.notes)
    if node.rounding is not None:
        yield from _rounding(desk, node.rounding, node.total)
    for number, tie in enumerate(node.ties):
        says = "share.tie.still" if number else "share.tie"
        lot = isinstance(tie.expr, tree.Name) and tie.expr.text == "lot"
        said = desk.say(f"{says}.lot") if lot else desk.say(says, value=desk.value(tie.expr, RUN))
        yield desk.noted(said, tie, tie.notes)
    if node.remainder is not None:
        yield from _remainder(desk, node.remainder)
    if node.adjusted is not None:
        yield desk.noted(_adjusted(desk, node.adjusted), node.adjusted, node.adjusted.notes)


def _how(desk: Desk, line: tree.Condition) -> Line:
    if line.word == "equally":
        return desk.say("share.equally")
    return desk.say(f"share.{line.word}", value=desk.value(line.expr, RUN))


def _relief(desk: Desk, line: tree.Relief) -> Line:
    terms = {"relief": desk.value(line.relief, RUN), "bearers": desk.value(line.bearers)}
    if line.weight is None:
        return desk.say("share.relief", **terms)
    return desk.say("share.relief.by", weight=desk.value(line.weight, RUN), **terms)


def _limits(desk: Desk, limits: tuple[tree.Limit, ...]) -> Iterator[Line]:
    """The limits level by level: those of one level act together."""
    levels: list[list[tree.Limit]] = []
    for each in limits:
        if each.then or not levels:
            levels.append([])
        levels[-1].append(each)
    for level in levels:
        line = joined([_limit(desk, each) for each in level], (Span("; "),))
        said = desk.say("share.then" if level[0].then else "share.limits", limits=line)
        yield words.sentences([said, *(note for each in level for note in desk.notes(each, each.notes))])


def _limit(desk: Desk, line: tree.Limit) -> Line:
    says = "share.most" if line.kind == "at most" else "share.least"
    bound = desk.value(line.bound, RUN)
    if line.group is None:
        return desk.plain(says, bound=bound)
    return desk.plain(f"{says}.for", bound=bound, group=desk.value(line.group))


def _rounding(desk: Desk, line: tree.Rounding, total: tree.Condition | None) -> Iterator[Line]:
    method = (Span(method_word(line.method.text)),)
    step = desk.value(line.step) if line.step is not None else figure(_least(desk, total))
    said = desk.say("share.rounding", method=method, step=step)
    yield desk.noted(said, line, line.notes)
    if line.residue is not None:
        yield desk.say("share.residue", value=desk.value(line.residue, RUN))


def _least(desk: Desk, total: tree.Condition | None) -> Quantity:
    """The step to which shares are rounded where none is written: a hundredth of a unit of money, one of all else."""
    unit = desk.teller.type(total.expr).unit if total is not None else NUMBER
    return Quantity(Fraction(1, 100) if unit.currency else Fraction(1), unit)


def _remainder(desk: Desk, line: tree.Remainder) -> Iterator[Line]:
    if isinstance(line.group, tree.Nothing):
        yield desk.noted(desk.say("share.remainder.none"), line, line.notes)
        return
    group = desk.value(line.group)
    if line.weight is None:
        said = desk.say("share.remainder", group=group)
    else:
        said = desk.say("share.remainder.by", group=group, weight=desk.value(line.weight, TAKERS))
    lines = [said]
    if line.most is not None:
        lines.append(desk.say("share.remainder.most", most=desk.value(line.most, TAKERS)))
    yield desk.noted(words.sentences(lines), line, line.notes)


def _adjusted(desk: Desk, line: tree.Adjusted) -> Line:
    part = desk.teller.type(line.within).ratio
    terms = {"step": desk.name(line.step), "within": desk.value(line.within, RUN)}
    return desk.say("share.adjusted.part" if part else "share.adjusted", **terms)


def fund(desk: Desk, entry: Entry, node: tree.Fund) -> Iterator[Block]:
    """What a fund is to hold, what it receives and pays, and what becomes of those in arrears."""
    yield Bullets(tuple(_fund(desk, node, MEMBERS)))


def _fund(desk: Desk, node: tree.Fund, where: Where) -> Iterator[Line]:
    if node.level is not None:
        said = desk.say("fund.level", level=desk.value(node.level.expr, where))
        yield desk.noted(said, node.level, node.level.notes)
    for fed in node.fed:
        if fed.due is None:
            said = desk.say("fund.fed", of=desk.name(fed.by))
        else:
            said = desk.say("fund.fed.due", of=desk.name(fed.by), due=desk.value(fed.due))
        yield desk.noted(said, fed, fed.notes)
    for pays in node.pays:
        if pays.when is None:
            said = desk.say("fund.pays", of=desk.name(pays.what))
        else:
            said = desk.say("fund.pays.when", of=desk.name(pays.what), condition=desk.condition(pays.when))
        yield desk.noted(said, pays, pays.notes)
    for held in node.reserves:
        part = isinstance(held.amount, tree.Percent | tree.Ratio) or desk.teller.type(held.amount).ratio
        terms = {"holder": desk.name(held.holder), "amount": desk.value(held.amount)}
        said = desk.say("fund.reserves.part" if part else "fund.reserves", **terms)
        yield desk.noted(said, held, held.notes)
    for each in node.suspends:
        group = desk.entry(each.name)
        own = group is not None and group.node.span.start >= node.span.start and group.node.span.end <= node.span.end
        name = names.title(group) if group is not None and own else desk.name(each.name)
        said = desk.say("fund.suspends", after=desk.value(each.after), set=name)
        yield desk.noted(said, each, each.notes)
