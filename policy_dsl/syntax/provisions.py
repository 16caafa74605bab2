"""Provisions, one function for each kind: from the parser's tree to ours."""

from __future__ import annotations

from collections.abc import Callable

from lark import Token, Tree

from policy_dsl.syntax import tree
from policy_dsl.syntax.expressions import Branch
from policy_dsl.syntax.parts import Builder, Lines

# ---- who -----------------------------------------------------------------------------------------------------------


def set_of(make: Builder, branch: Branch) -> tree.SetOf:
    """`set` and `tier`."""
    kind, name, title, value, *rest = branch.children
    assert isinstance(kind, Tree)
    lines = Lines(make, rest)
    seats = tuple(
        make.seat(seat) for row in lines.all("seats", lines.keep) for seat in row.children if _is(seat, "seat")
    )
    requires = lines.all("requires", make.condition)
    grounds = tuple(name for row in lines.all("grounds", lines.keep) for name in make.names(row))
    return tree.SetOf(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        str(kind.children[0]),
        make.maybe(value),
        seats,
        requires,
        grounds,
    )


def participant(make: Builder, branch: Branch) -> tree.Participant:
    """`participant`."""
    name, title, *rest = branch.children
    lines = Lines(make, rest)
    classes = tuple(make.name_at(row) for row in lines.all("class", lines.keep))
    may = tuple(name for row in lines.all("may", lines.keep) for name in make.names(row))
    return tree.Participant(make.span(branch), make.ident(name), make.text(title), lines.held(), classes, may)


def calendar(make: Builder, branch: Branch) -> tree.Calendar:
    """`calendar` in an article."""
    name, title, *rest = branch.children
    lines = Lines(make, rest)
    week = lines.one("week", lines.keep)
    base = None
    if week is not None:
        kind = week.children[0]
        assert isinstance(kind, Tree)
        base = make.ident(kind.children[0])
    countries = tuple(make.ident(code) for row in lines.all("holidays_of", lines.keep) for code in _tokens(row))
    days = tuple(make.date(day) for row in lines.all("holidays", lines.keep) for day in _tokens(row))
    return tree.Calendar(make.span(branch), make.ident(name), make.text(title), lines.held(), base, countries, days)


# ---- facts and figures ---------------------------------------------------------------------------------------------


def indicators(make: Builder, branch: Branch) -> tree.Indicators:
    """A block of indicators."""
    each, *rows = branch.children
    built = tuple(_indicator(make, row) for row in rows if isinstance(row, Tree))
    return tree.Indicators(make.span(branch), make.each(each), built)


def _indicator(make: Builder, branch: Branch) -> tree.Indicator:
    name, kind, title, *rest = branch.children
    lines = Lines(make, rest)
    bounds = lines.one("bounds", lambda row: tuple(map(make.expr, row.children)))
    low, high = bounds or (None, None)
    missing: tree.Expr | tree.Ident | None = None
    row = lines.one_of(("missing_means", "missing_left_out"), lambda row: row)
    if row is not None and row.data == "missing_means":
        missing = make.expr(row.children[0])
    elif row is not None:
        span = make.span(row)
        missing = tree.Ident(span._replace(start=span.start + span.text.index("left")), "left out")
    return tree.Indicator(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        type=make.type(kind),
        low=low,
        high=high,
        supplied_by=lines.one("supplied_by", make.name_at),
        missing=missing,
        series=lines.has("series"),
        good_for=lines.one("good_for", lambda row: make.expr(row.children[0])),
    )


def parameter(make: Builder, branch: Branch) -> tree.Parameter:
    """`parameter`."""
    name, title, chosen, *rest = branch.children
    lines = Lines(make, rest)
    value: tree.Expr | tree.LeftTo
    if isinstance(chosen, Tree) and chosen.data == "left_to":
        step, low, high, otherwise = chosen.children
        span = make.span(chosen)
        value = tree.LeftTo(span, make.ident(step), make.expr(low), make.expr(high), make.maybe(otherwise))
    else:
        value = make.expr(chosen)
    amendments = lines.all("amended", lambda row: _amendment(make, row))
    return tree.Parameter(make.span(branch), make.ident(name), make.text(title), lines.held(), value, amendments)


def _amendment(make: Builder, row: Branch) -> tree.Dated:
    return tree.Dated(make.span(row), make.date(row.children[0]), make.expr(row.children[1]), make.notes(row))


def define(make: Builder, branch: Branch) -> tree.Define:
    """`define`."""
    name, title, each, value, *rest = branch.children
    lines = Lines(make, rest)
    return tree.Define(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        make.maybe_each(each),
        make.expr(value),
        lines.all("exception", lambda row: _exception(make, row)),
    )


def _exception(make: Builder, row: Branch) -> tree.Excepted:
    return tree.Excepted(make.span(row), make.expr(row.children[0]), make.expr(row.children[1]), make.notes(row))


# ---- keys, scales, criteria ----------------------------------------------------------------------------------------


def key(make: Builder, branch: Branch) -> tree.Key:
    """`key`."""
    name, title, *rest = branch.children
    lines = Lines(make, rest)
    parts = lines.all("key_part", lambda row: _key_part(make, row))
    return tree.Key(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        parts,
        lines.one("rest_by", make.condition),
        lines.all("define", lambda row: define(make, row)),
    )


def _key_part(make: Builder, row: Branch) -> tree.KeyPart:
    return tree.KeyPart(make.span(row), make.expr(row.children[0]), make.expr(row.children[1]), make.notes(row))


def scale(make: Builder, branch: Branch) -> tree.Scale:
    """`scale`."""
    name, title, base, kind, *rest = branch.children
    assert isinstance(kind, Tree)
    lines = Lines(make, rest)
    rows = [
        *lines.all("below", lambda row: _bracket(make, row, "below")),
        *lines.all("up_to", lambda row: _bracket(make, row, "up to")),
    ]
    last = lines.one("otherwise", lambda row: _bracket(make, row, "otherwise"))
    if last is not None:
        rows.append(last)
    rows.sort(key=lambda row: row.span.start)
    return tree.Scale(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        make.expr(base),
        str(kind.children[0]),
        tuple(rows),
    )


def _bracket(make: Builder, row: Branch, kind: str) -> tree.Bracket:
    threshold = None if kind == "otherwise" else make.expr(row.children[0])
    value = make.expr(row.children[0 if kind == "otherwise" else 1])
    return tree.Bracket(make.span(row), kind, threshold, value, make.notes(row))


def criteria(make: Builder, branch: Branch) -> tree.Criteria:
    """`criteria`."""
    name, title, kind, *rest = branch.children
    assert isinstance(kind, Tree)
    lines = Lines(make, rest)
    return tree.Criteria(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        " ".join(map(str, kind.children)),
        lines.all("criterion", lambda row: _criterion(make, row)),
        lines.one("similar", make.condition),
        lines.one("informed", lambda row: _informed(make, row)),
    )


def _criterion(make: Builder, row: Branch) -> tree.Criterion:
    weight, name, measure, worst, best, least, *_ = [*row.children, None]
    return tree.Criterion(
        make.span(row),
        None if weight is None else make.percent(weight),
        make.ident(name),
        make.expr(measure),
        make.expr(worst),
        make.expr(best),
        make.maybe(least),
        make.notes(row),
    )


def _informed(make: Builder, row: Branch) -> tree.Informed:
    return tree.Informed(make.span(row), make.expr(row.children[0]), make.expr(row.children[1]), make.notes(row))


# ---- sharing out ---------------------------------------------------------------------------------------------------


def apportion(make: Builder, branch: Branch) -> tree.Apportion:
    """`apportion`."""
    name, title, each, *rest = branch.children
    lines = Lines(make, rest)
    bands = lines.one("in_bands", lines.keep)
    return tree.Apportion(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        each=make.maybe_each(each),
        total=lines.one("total", make.condition),
        among=lines.one("among", make.condition),
        bands=None if bands is None else make.name_at(bands),
        how=lines.one_of(("by", "equally", "minimising"), lambda row: _how(make, row)),
        fixed=lines.all("fixed", lambda row: _fixed(make, row)),
        relief=lines.all("relief", lambda row: _relief(make, row)),
        limits=lines.all("limit", lambda row: _limit(make, row)),
        less=lines.all("less", lambda row: _less(make, row)),
        rounding=lines.one("rounding", lambda row: _rounding(make, row)),
        ties=lines.all("ties", make.condition),
        remainder=lines.one("remainder", lambda row: _remainder(make, row)),
        adjusted=lines.one("adjusted", lambda row: _adjusted(make, row)),
    )


def _how(make: Builder, row: Branch) -> tree.Condition:
    if row.data != "equally":
        return make.condition(row)
    span = make.opening(row)
    return tree.Condition(make.span(row), "equally", tree.Nothing(span), make.notes(row))


def _fixed(make: Builder, row: Branch) -> tree.Fixed:
    return tree.Fixed(make.span(row), make.expr(row.children[0]), make.expr(row.children[1]), make.notes(row))


def _relief(make: Builder, row: Branch) -> tree.Relief:
    relief, bearers, weight, *_ = row.children
    return tree.Relief(make.span(row), make.expr(relief), make.expr(bearers), make.maybe(weight), make.notes(row))


def _limit(make: Builder, row: Branch) -> tree.Limit:
    then, kind, bound, group, *_ = row.children
    assert isinstance(kind, Tree)
    words = " ".join(map(str, kind.children))
    return tree.Limit(make.span(row), then is not None, words, make.expr(bound), make.maybe(group), make.notes(row))


def _less(make: Builder, row: Branch) -> tree.Less:
    credit, refunded, *_ = row.children
    return tree.Less(make.span(row), make.expr(credit), refunded is not None, make.notes(row))


def _rounding(make: Builder, row: Branch) -> tree.Rounding:
    method, step, residue, *_ = row.children
    return tree.Rounding(make.span(row), make.ident(method), make.maybe(step), make.maybe(residue), make.notes(row))


def _remainder(make: Builder, row: Branch) -> tree.Remainder:
    group, weight, most, *_ = row.children
    return tree.Remainder(make.span(row), make.expr(group), make.maybe(weight), make.maybe(most), make.notes(row))


def _adjusted(make: Builder, row: Branch) -> tree.Adjusted:
    step, within, *_ = row.children
    return tree.Adjusted(make.span(row), make.ident(step), make.expr(within), make.notes(row))


def fund(make: Builder, branch: Branch) -> tree.Fund:
    """`fund`."""
    name, title, *rest = branch.children
    lines = Lines(make, rest)
    return tree.Fund(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        lines.one("level", make.condition),
        lines.all("fed_by", lambda row: tree.Fed(make.span(row), *_named(make, row), make.notes(row))),
        lines.all("pays", lambda row: tree.Pays(make.span(row), *_named(make, row), make.notes(row))),
        lines.all("suspends", lambda row: _suspends(make, row)),
        lines.all("reserves", lambda row: _reserves(make, row)),
    )


def _named(make: Builder, row: Branch) -> tuple[tree.Ident, tree.Expr | None]:
    return make.ident(row.children[0]), make.maybe(row.children[1])


def _suspends(make: Builder, row: Branch) -> tree.Suspends:
    return tree.Suspends(make.span(row), make.ident(row.children[0]), make.expr(row.children[1]), make.notes(row))


def _reserves(make: Builder, row: Branch) -> tree.Reserves:
    return tree.Reserves(make.span(row), make.expr(row.children[0]), make.ident(row.children[1]), make.notes(row))


# ---- steps in time -------------------------------------------------------------------------------------------------


def procedure(make: Builder, branch: Branch) -> tree.Procedure:
    """`procedure`."""
    name, title, *rest = branch.children
    lines = Lines(make, rest)
    steps = lines.all("step", lambda row: step(make, row))
    return tree.Procedure(make.span(branch), make.ident(name), make.text(title), lines.held(), steps)


def step(make: Builder, branch: Branch) -> tree.Step:
    """`step`."""
    name, title, model, *rest = branch.children
    lines = Lines(make, rest)
    records = tuple(_record(make, each) for row in lines.all("records", lines.keep) for each in row.children)
    once_each, repeated = lines.has("once_each"), lines.has("repeated")
    silence = lines.one("silence", lines.keep)
    return tree.Step(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        model=make.maybe_ident(model),
        by=lines.one("by", make.condition),
        once_each=once_each,
        repeated=repeated,
        records=tuple(record for record in records if record is not None),
        on=lines.one("falls_on", make.condition),
        once=lines.one("once", make.condition),
        every=lines.one("every", lambda row: _every(make, row)),
        not_before=lines.one("not_before", make.condition),
        not_after=lines.one("not_after", make.condition),
        requires=lines.all("requires", make.condition),
        quorum=lines.one("quorum", make.condition),
        adopted=lines.one("adopted_when", make.condition),
        failing=lines.one("failing_which", make.condition),
        silence=None if silence is None else make.name_at(silence),
        locals=lines.all("define", lambda row: define(make, row)),
    )


def _record(make: Builder, branch: object) -> tree.RecordField | None:
    if not isinstance(branch, Tree) or branch.data != "record":
        return None
    name, kind = branch.children
    return tree.RecordField(make.span(branch), make.ident(name), make.type(kind))


def _every(make: Builder, row: Branch) -> tree.Every:
    return tree.Every(make.span(row), make.expr(row.children[0]), make.expr(row.children[1]), make.notes(row))


def duty(make: Builder, branch: Branch) -> tree.Duty:
    """`duty`."""
    name, title, *rest = branch.children
    lines = Lines(make, rest)
    return tree.Duty(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        lines.one("binds", make.condition),
        lines.one("when", make.condition),
        lines.one("not_after", make.condition),
        lines.one("kept_when", make.condition),
    )


# ---- promises, reservations, transitions ---------------------------------------------------------------------------


def guarantee(make: Builder, branch: Branch) -> tree.Guarantee:
    """`guarantee`."""
    name, title, promise, *rest = branch.children
    lines = Lines(make, rest)
    span, named, titled = make.span(branch), make.ident(name), make.text(title)
    if isinstance(promise, Tree) and promise.data == "independent":
        one, other = make.idents(promise.children)
        return tree.Guarantee(span, named, titled, lines.held(), None, (one, other))
    return tree.Guarantee(span, named, titled, lines.held(), make.expr(promise), None)


def reservation(make: Builder, branch: Branch) -> tree.Reservation:
    """`reservation`."""
    name, title, *rest = branch.children
    lines = Lines(make, rest)
    seats = tuple(
        make.seat(seat) for row in lines.all("reserved_by", lines.keep) for seat in row.children if _is(seat, "seat")
    )
    to = lines.all("modified", lambda row: tree.Modified(make.span(row), *_named(make, row), make.notes(row)))
    return tree.Reservation(make.span(branch), make.ident(name), make.text(title), lines.held(), seats, to)


def reservable(make: Builder, branch: Branch) -> tree.Reservable:
    """`reservations permitted to …`."""
    return tree.Reservable(
        make.span(branch), make.ident(branch.children[0]), "", make.notes(branch), make.names(branch)
    )


def transitional(make: Builder, branch: Branch) -> tree.Transitional:
    """`transitional`."""
    name, title, *rest = branch.children
    lines = Lines(make, rest)
    keeps = tuple(name for row in lines.all("keeps", lines.keep) for name in make.names(row))
    before = lines.one("opened_before", lines.keep)
    return tree.Transitional(
        make.span(branch),
        make.ident(name),
        make.text(title),
        lines.held(),
        keeps,
        None if before is None else make.date(before.children[0]),
    )


def _is(child: object, kind: str) -> bool:
    return isinstance(child, Tree) and child.data == kind


def _tokens(row: Branch) -> list[Token]:
    return [child for child in row.children if isinstance(child, Token)]


PROVISIONS: dict[str, Callable[[Builder, Branch], tree.Provision | tree.Indicators]] = {
    "set": set_of,
    "participant": participant,
    "calendar": calendar,
    "indicators": indicators,
    "parameter": parameter,
    "define": define,
    "key": key,
    "scale": scale,
    "criteria": criteria,
    "apportion": apportion,
    "fund": fund,
    "procedure": procedure,
    "duty": duty,
    "guarantee": guarantee,
    "reservation": reservation,
    "reservable": reservable,
    "transitional": transitional,
}
