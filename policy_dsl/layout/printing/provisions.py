"""Provisions and their lines as text, one function for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from policy_dsl.layout.printing.expressions import GROUP, SUM, expression, ordinal
from policy_dsl.layout.printing.parts import (
    Lines,
    below,
    condition,
    conditions,
    each,
    kind_of_fact,
    listed,
    note,
    noted,
    quoted,
    seat,
    titled,
)
from policy_dsl.syntax import tree


def _all(nodes: Iterable[tree.Node | None]) -> Lines:
    return [line for node in nodes if node is not None for line in PROVISIONS[type(node)](node)]


def _tail(before: str, node: tree.Expr | None, place: int = 0) -> str:
    """What follows where it is there."""
    return "" if node is None else before + expression(node, place)


def _notes(node: tree.Provision) -> Lines:
    return [note(one) for one in node.notes]


# ---- who -----------------------------------------------------------------------------------------------------------


def _set(node: tree.SetOf) -> Lines:
    head = titled(node.kind, node) + _tail(" = ", node.value, GROUP)
    seats = [", ".join(map(seat, node.seats))] if node.seats else []
    grounds = [f"grounds {listed(node.grounds)}"] if node.grounds else []
    return [head, *below(_notes(node), seats, conditions(node.requires), grounds)]


def _participant(node: tree.Participant) -> Lines:
    classes = [f"as {name.text}" for name in node.classes]
    may = [f"may {listed(node.may)}"] if node.may else []
    return [f'participant {node.name.text} "{node.title}"', *below(_notes(node), classes, may)]


def _calendar(node: tree.Calendar) -> Lines:
    base = [node.base.text] if node.base is not None else []
    countries = [f"holidays of {listed(node.countries)}"] if node.countries else []
    days = [f"holidays {listed(node.days)}"] if node.days else []
    return [titled("calendar", node), *below(_notes(node), base, countries, days)]


def _reservation(node: tree.Reservation) -> Lines:
    by = [f"by {', '.join(map(seat, node.by))}"] if node.by else []
    return [titled("reservation", node), *below(_notes(node), by, _all(node.to))]


def _reservable(node: tree.Reservable) -> Lines:
    return noted(f"{node.name.text} permitted to {listed(node.to) or 'none'}", node.notes)


def _transitional(node: tree.Transitional) -> Lines:
    keeps = [f"keeps {listed(node.keeps)}"] if node.keeps else []
    before = [f"for cases opened before {expression(node.before)}"] if node.before is not None else []
    return [titled("transitional", node), *below(_notes(node), keeps, before)]


# ---- facts and figures ---------------------------------------------------------------------------------------------


def _indicators(node: tree.Indicators) -> Lines:
    return [f"indicators{each(node.each)}", *below(_all(node.rows))]


def _indicator(node: tree.Indicator) -> Lines:
    terms = [f"{node.name.text} : {kind_of_fact(node.type)}{quoted(node.title)}"]
    if node.low is not None and node.high is not None:
        terms.append(f"between {expression(node.low, SUM)} and {expression(node.high, SUM)}")
    if node.supplied_by is not None:
        terms.append(f"supplied by {node.supplied_by.text}")
    if node.missing is not None:
        terms.append(f"missing means {expression(node.missing)}")
    if node.series:
        terms.append("each year")
    if node.good_for is not None:
        terms.append(f"good for {expression(node.good_for)}")
    return noted(", ".join(terms), node.notes)


def _parameter(node: tree.Parameter) -> Lines:
    value = _left_to(node.value) if isinstance(node.value, tree.LeftTo) else expression(node.value)
    return [f"{titled('parameter', node)} = {value}", *below(_notes(node), _all(node.amendments))]


def _left_to(node: tree.LeftTo) -> str:
    between = f"between {expression(node.low, SUM)} and {expression(node.high, SUM)}"
    return f"left to {node.step.text} {between}" + _tail(", otherwise ", node.otherwise)


def _dated(node: tree.Dated) -> Lines:
    return noted(f"from {expression(node.since)} : {expression(node.value)}", node.notes)


def _define(node: tree.Define) -> Lines:
    head = f"{titled('define', node)}{each(node.each)} = {expression(node.value)}"
    return [head, *below(_notes(node), _all(node.exceptions))]


def _excepted(node: tree.Excepted) -> Lines:
    return noted(f"except where {expression(node.when)} : {expression(node.value)}", node.notes)


def _key(node: tree.Key) -> Lines:
    return [titled("key", node), *below(_notes(node), _all(node.locals), _all(node.parts), condition(node.rest))]


def _key_part(node: tree.KeyPart) -> Lines:
    return noted(f"{expression(node.weight)} : {expression(node.term)}", node.notes)


def _scale(node: tree.Scale) -> Lines:
    head = f"{titled('scale', node)} on {expression(node.base)}, {node.kind}"
    return [head, *below(_notes(node), _all(node.rows))]


def _bracket(node: tree.Bracket) -> Lines:
    return noted(f"{node.kind}{_tail(' ', node.threshold, SUM)} : {expression(node.value)}", node.notes)


def _criteria(node: tree.Criteria) -> Lines:
    head = f"{titled('criteria', node)} {node.kind}"
    return [head, *below(_notes(node), _all(node.rows), condition(node.similar, SUM), _all([node.informed]))]


def _criterion(node: tree.Criterion) -> Lines:
    weight = f"{expression(node.weight)} " if node.weight is not None else ""
    range_ = f"from {expression(node.worst, SUM)} to {expression(node.best, SUM)}"
    measured = f"{weight}{node.name.text} : {expression(node.measure, SUM)} {range_}"
    return noted(measured + _tail(", at least ", node.least, SUM), node.notes)


def _informed(node: tree.Informed) -> Lines:
    return noted(f"informed by {expression(node.by, SUM)} at {expression(node.weight, SUM)}", node.notes)


# ---- sharing out ---------------------------------------------------------------------------------------------------


def _apportion(node: tree.Apportion) -> Lines:
    bands = [f"in bands of {node.bands.text}"] if node.bands is not None else []
    return [
        titled("apportion", node) + each(node.each),
        *below(_notes(node), condition(node.total), condition(node.among), bands, condition(node.how)),
        *below(_all(node.fixed), _all(node.relief), _all(node.limits), _all(node.less), _all([node.rounding])),
        *below(conditions(node.ties), _all([node.remainder, node.adjusted])),
    ]


def _fixed(node: tree.Fixed) -> Lines:
    return noted(f"fixed {expression(node.amount, SUM)} for {expression(node.group, GROUP)}", node.notes)


def _relief(node: tree.Relief) -> Lines:
    borne = f"relief {expression(node.relief, SUM)}, borne by {expression(node.bearers, GROUP)}"
    return noted(borne + _tail(" by ", node.weight), node.notes)


def _limit(node: tree.Limit) -> Lines:
    then = "then " if node.then else ""
    bound = f"{then}{node.kind} {expression(node.bound, SUM)}"
    return noted(bound + _tail(" for ", node.group, GROUP), node.notes)


def _less(node: tree.Less) -> Lines:
    return noted(f"less {expression(node.credit)}{', excess refunded' if node.refunded else ''}", node.notes)


def _rounding(node: tree.Rounding) -> Lines:
    step = _tail(" to ", node.step)
    return noted(f"rounding {node.method.text}{step}{_tail(', residue by ', node.residue)}", node.notes)


def _remainder(node: tree.Remainder) -> Lines:
    takers = f"remainder to {expression(node.group, GROUP)}{_tail(' by ', node.weight)}"
    return noted(takers + _tail(", at most ", node.most), node.notes)


def _adjusted(node: tree.Adjusted) -> Lines:
    return noted(f"adjusted by {node.step.text} within {expression(node.within, SUM)}", node.notes)


def _fund(node: tree.Fund) -> Lines:
    rows = [*node.fed, *node.pays, *node.suspends, *node.reserves]
    return [titled("fund", node), *below(_notes(node), condition(node.level), _all(rows))]


# ---- steps in time -------------------------------------------------------------------------------------------------


def _procedure(node: tree.Procedure) -> Lines:
    return [titled("procedure", node), *below(_notes(node), _all(node.steps))]


def _step(node: tree.Step) -> Lines:
    records = ", ".join(f"{one.name.text} : {kind_of_fact(one.type)}" for one in node.records)
    return [
        titled("step", node) + (f" as {node.model.text}" if node.model is not None else ""),
        *below(_notes(node), condition(node.by, GROUP)),
        *below(["once each"] if node.once_each else [], ["repeated"] if node.repeated else []),
        *below([f"records {records}"] if records else [], condition(node.on), condition(node.once)),
        *below(_all([node.every]), condition(node.not_before), condition(node.not_after)),
        *below(conditions(node.requires), condition(node.quorum), condition(node.adopted), condition(node.failing)),
        *below([f"silence means {node.silence.text}"] if node.silence is not None else [], _all(node.locals)),
    ]


def _every(node: tree.Every) -> Lines:
    return noted(f"every {expression(node.period, SUM)} after {expression(node.after)}", node.notes)


def _duty(node: tree.Duty) -> Lines:
    lines = (condition(node.binds), condition(node.when), condition(node.not_after), condition(node.kept))
    return [titled("duty", node), *below(_notes(node), *lines)]


def _guarantee(node: tree.Guarantee) -> Lines:
    if node.independent is not None:
        promise = " independent of ".join(name.text for name in node.independent)
    else:
        promise = _tail("", node.promise)
    return noted(f"{titled('guarantee', node)} : {promise}", node.notes)


# ---- worked examples -----------------------------------------------------------------------------------------------


def _example(node: tree.Example) -> Lines:
    at = [f"at {expression(node.at)}"] if node.at is not None else []
    return [f'example "{node.title}"', *below(at, _all(node.given), _all(node.expect))]


def _given(node: tree.Given) -> Lines:
    return noted(f"given {expression(node.what, SUM)} = {listed(node.values)}", node.notes)


def _table(node: tree.GivenTable) -> Lines:
    return [f"given {', '.join(map(_column, node.columns))}", *below(_all(node.rows))]


def _column(node: tree.Column | tree.RecordField) -> str:
    return f"{node.name.text} : {kind_of_fact(node.type)}"


def _event(node: tree.GivenEvent) -> Lines:
    nth = f"{ordinal(node.ordinal)} " if node.ordinal is not None else ""
    by = f" by {listed(node.by)}" if node.by else ""
    fields = (f"{name.text} = {listed(values)}" for name, values in node.fields)
    return [f"given {nth}{node.step.text} at {expression(node.at)}{by}", *below(fields)]


def _expect(node: tree.Expect) -> Lines:
    grounds = f" because {', '.join(ground.text for ground in node.grounds)}" if node.grounds else ""
    return noted(f"expect {expression(node.expr)}{_tail(' within ', node.within, SUM)}{grounds}", node.notes)


PROVISIONS: dict[type[tree.Node], Callable[[Any], Lines]] = {
    tree.SetOf: _set,
    tree.Participant: _participant,
    tree.Calendar: _calendar,
    tree.Reservation: _reservation,
    tree.Modified: lambda node: noted(f"to {node.name.text}{_tail(' : ', node.value)}", node.notes),
    tree.Reservable: _reservable,
    tree.Transitional: _transitional,
    tree.Indicators: _indicators,
    tree.Indicator: _indicator,
    tree.Parameter: _parameter,
    tree.LeftTo: lambda node: [_left_to(node)],
    tree.Dated: _dated,
    tree.Define: _define,
    tree.Excepted: _excepted,
    tree.Key: _key,
    tree.KeyPart: _key_part,
    tree.Scale: _scale,
    tree.Bracket: _bracket,
    tree.Criteria: _criteria,
    tree.Criterion: _criterion,
    tree.Informed: _informed,
    tree.Apportion: _apportion,
    tree.Fixed: _fixed,
    tree.Relief: _relief,
    tree.Limit: _limit,
    tree.Less: _less,
    tree.Rounding: _rounding,
    tree.Remainder: _remainder,
    tree.Adjusted: _adjusted,
    tree.Fund: _fund,
    tree.Fed: lambda node: noted(f"fed by {node.by.text}{_tail(', due ', node.due)}", node.notes),
    tree.Pays: lambda node: noted(f"pays {node.what.text}{_tail(' when ', node.when)}", node.notes),
    tree.Suspends: lambda node: noted(f"suspends {node.name.text} after {expression(node.after)}", node.notes),
    tree.Reserves: lambda node: noted(f"reserves {expression(node.amount)} for {node.holder.text}", node.notes),
    tree.Procedure: _procedure,
    tree.Step: _step,
    tree.RecordField: lambda node: [_column(node)],
    tree.Every: _every,
    tree.Duty: _duty,
    tree.Guarantee: _guarantee,
    tree.Example: _example,
    tree.Given: _given,
    tree.GivenTable: _table,
    tree.Column: lambda node: [_column(node)],
    tree.Row: lambda node: [f"{node.code.text} : {listed(node.cells)}"],
    tree.GivenEvent: _event,
    tree.Expect: _expect,
}
