"""What each kind of provision becomes: facts, agreed figures, definitions with their exceptions, scales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import pairwise

from policy_dsl.evaluate.anew import ParameterAt
from policy_dsl.evaluate.definitions import reservation
from policy_dsl.evaluate.facts import choice, reading_day, row_in_force
from policy_dsl.plan.choices import choose
from policy_dsl.plan.folded import folded_value
from policy_dsl.plan.frame import Column, IndicatorAt
from policy_dsl.plan.lowering import Here, Lowering, NotLowered, Val, distinct
from policy_dsl.plan.nodes import Node
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree


def column(low: Lowering, found: Column) -> Node:
    """The input of a column."""
    profile = low.frame.profile(found)
    return low.build.input(
        found.name,
        membered=found.each_member,
        truth=found.truth,
        low=profile.low,
        high=profile.high,
        whole=profile.whole,
        decimal=profile.decimal,
        parts=profile.parts,
    )


def written(low: Lowering, node: tree.Expr) -> Val:
    """A figure written in the text that a column replaces."""
    for each in low.frame.columns:
        if each.spot is node:
            return Val(column(low, each))
    raise NotLowered("kind", node)


def placed(low: Lowering, entry: Entry, here: Here) -> Here:
    """The place in which a provision is lowered: what of the place at hand its value may rest on."""
    engine = low.engine
    reach = engine.reach(entry)
    return Here(
        cohort=here.cohort if "cohort" in reach else "",
        each="member" in reach,
        run=here.run if entry.name in engine.run_bound else None,
        view=here.view if entry.name in engine.record_bound else None,
        event=here.event if entry.parent is not None else None,
        scope=entry.parent,
        gap=here.gap,
        year=here.year,
        reserving=here.reserving if entry.name in engine.reserved_bound.get(here.reserving, frozenset()) else "",
        without=here.without if here.without == entry.name else "",
    )


def named(provider: Callable[[Lowering, Entry, Here], Val]) -> Callable[[Lowering, Entry, Here], Val]:
    """A provider whose values are found once for each place; what rests on no column is the engine's."""

    def value(low: Lowering, entry: Entry, here: Here) -> Val:
        if not _touched(low, entry, here):
            return folded_value(low, entry, here)
        if "cohort" in low.engine.reach(entry) and not here.cohort:
            raise NotLowered("kind", entry.node, entry)
        there = placed(low, entry, here)
        if not there.each and here.each and low.engine.reserved_bound:
            return _reserved_of_case(low, entry, there, provider)
        return low.kept(("value", entry.name, there), lambda: provider(low, entry, there), entry)

    return value


def _touched(low: Lowering, entry: Entry, here: Here) -> bool:
    if low.touched(entry):
        return True
    return here.run is not None and here.run.cased and entry.name in low.engine.run_bound


def _reserved_of_case(low: Lowering, entry: Entry, there: Here, provider: Callable[..., Val]) -> Val:
    """A value of the case, read for each member: another one for members whose reservation touches it."""
    found = low.kept(("value", entry.name, there), lambda: provider(low, entry, there), entry)
    for place, member in enumerate(low.frame.members):
        if entry.name not in low.engine.reserved_bound.get(member, frozenset()):
            continue
        whose = replace(there, reserving=member)
        other = low.kept(("value", entry.name, whose), partial(provider, low, entry, whose), entry)
        found = _of_place(low, place, other, found, entry)
    return found


def _of_place(low: Lowering, place: int, one: Val, others: Val, entry: Entry) -> Val:
    """The value of one member, and another of all others."""
    mask = low.build.row(at == place for at in range(len(low.frame.members)))
    return choose(low, Val(mask), lambda: one, lambda: others, entry.node)


# ---- facts and agreed figures ----------------------------------------------------------------------------------------


def indicator(low: Lowering, entry: Entry, here: Here) -> Val:
    """Facts: a column, or those of the base case."""
    node = entry.node
    assert isinstance(node, tree.Indicator)
    year = here.year if node.series else None
    for each in low.frame.columns:
        if each.spot == IndicatorAt(entry.name, here.cohort, year):
            return Val(column(low, each))
    if node.missing is not None and not isinstance(node.missing, tree.Ident) and low.touched(node.missing):
        whom = low.frame.members if here.each else ("",)
        if any((entry.name, member, here.cohort, year) not in low.engine.facts for member in whom):
            raise NotLowered("gap", node, entry)
    return folded_value(low, entry, here)


def parameter(low: Lowering, entry: Entry, here: Here) -> Val:
    """An agreed figure: a column, or the one in force, or the choice made."""
    given = next((each for each in low.frame.columns if each.spot == ParameterAt(entry.name)), None)
    if given is not None:
        return _reserved(low, entry, here, lambda: Val(column(low, given)))
    return _reserved(low, entry, here, lambda: _in_force(low, entry, here))


def _in_force(low: Lowering, entry: Entry, here: Here) -> Val:
    node = entry.node
    assert isinstance(node, tree.Parameter)
    at, _ = reading_day(low.engine, entry)
    row = row_in_force(node, at)
    if row is None and isinstance(node.value, tree.LeftTo):
        return _left(low, entry, node.value, here)
    source = row.value if row is not None else node.value
    assert isinstance(source, tree.Expr)
    return low.partial(source, here)


def _left(low: Lowering, entry: Entry, left: tree.LeftTo, here: Here) -> Val:
    made, build = choice(low.engine, entry).made, low.build
    if made is not None:
        value = build.constant(made.value.amount)
        least, most = low.figure(left.low, Here()), low.figure(left.high, Here())
        inside = build.both(build.at_most(least, value), build.at_most(value, most))
        return Val(value, distinct((inside,)))
    if left.otherwise is None:
        return Val(build.constant(0), (build.constant(False),))
    return low.partial(left.otherwise, here)


# ---- definitions -----------------------------------------------------------------------------------------------------


def definition(low: Lowering, entry: Entry, here: Here) -> Val:
    """A derived value; exceptions that apply replace it, and equals that conflict are a fault."""
    return _reserved(low, entry, here, lambda: _excepted(low, entry, here))


def _reserved(low: Lowering, entry: Entry, here: Here, find: Callable[[], Val]) -> Val:
    """A figure, with the value of each member's own that made a reservation to it."""
    if here.without == entry.name or not low.engine.reserved_bound:
        return find()
    whom = low.frame.members if here.each else (here.reserving,) if here.reserving else ()
    found: Val | None = None
    for place, member in enumerate(whom):
        made = reservation(low.engine, entry.name, member)
        if made is None or made[1].value is None:
            continue
        inside = replace(here, without=entry.name, each=True, reserving="")
        if not here.each:
            return low.partial(made[1].value, replace(inside, whose=member))
        value = low.partial(made[1].value, inside)
        found = _of_place(low, place, value, found if found is not None else find(), entry)
    return found if found is not None else find()


def _excepted(low: Lowering, entry: Entry, here: Here) -> Val:
    node, build = entry.node, low.build
    assert isinstance(node, tree.Define)
    conditions = [low.condition(row.when, here) for row in node.exceptions]
    # A condition of which nothing can be told leaves the whole without a value.
    known = [part for each in conditions for part in each.known]
    applied = []
    for row, condition in zip(node.exceptions, conditions, strict=True):
        mask = condition.node
        for other, its in zip(node.exceptions, conditions, strict=True):
            if row in low.program.row_prevails.get(other, ()):
                mask = build.both(mask, build.negation(its.node))
        applied.append(mask)
    values = []
    for row, mask in zip(node.exceptions, applied, strict=True):
        with build.under(mask):
            values.append(low.partial(row.value, here))
    _doubt_conflicts(low, applied, values)

    def general() -> Val:
        weaker = low.program.prevails.get(entry.name, ())
        if weaker and isinstance(node.value, tree.Nothing):
            return low.partial_value(low.program.entries[weaker[0]], here)
        return low.partial(node.value, here)

    def chosen(at: int) -> Val:
        if at == len(values):
            return general()
        return choose(low, Val(applied[at]), lambda: values[at], lambda: chosen(at + 1), node)

    found = chosen(0)
    return Val(found.node, distinct((*known, *found.known)))


def _doubt_conflicts(low: Lowering, applied: list[Node], values: list[Val]) -> None:
    """Where several exceptions apply and say otherwise there is no value."""
    build = low.build
    for at, first in enumerate(applied):
        for later in range(at + 1, len(applied)):
            one, other = values[at].node, values[later].node
            if one is other:
                continue
            mask = build.both(first, applied[later])
            with build.under(mask):
                build.doubt("no value", build.negation(build.equal(one, other)) if one.truth == other.truth else mask)


# ---- scales ----------------------------------------------------------------------------------------------------------


def scale(low: Lowering, entry: Entry, here: Here) -> Val:
    """The result of a bracket table. Marginal: each slice of the base at its rate; whole: the one rate."""
    node = entry.node
    assert isinstance(node, tree.Scale)
    base = low.partial(node.base, here)
    if node.kind != "marginal":
        found = _whole_scale(low, node, base.node, here, 0)
    else:
        found = _marginal(low, node, base.node, here)
    return Val(found.node, distinct((*base.known, *found.known)))


def _whole_scale(low: Lowering, node: tree.Scale, base: Node, here: Here, at: int) -> Val:
    build = low.build
    if at == len(node.rows):
        return Val(build.constant(0), (build.constant(False),))
    row = node.rows[at]
    if row.threshold is None:
        return low.partial(row.value, here)
    limit = low.figure(row.threshold, here)
    inside = build.less(base, limit) if row.kind == "below" else build.at_most(base, limit)
    rest = lambda: _whole_scale(low, node, base, here, at + 1)  # noqa: E731
    return choose(low, Val(inside), lambda: low.partial(row.value, here), rest, node)


def _marginal(low: Lowering, node: tree.Scale, base: Node, here: Here) -> Val:
    build = low.build
    rates = [low.figure(row.value, here) for row in node.rows]
    tops = [low.figure(row.threshold, here) if row.threshold is not None else None for row in node.rows]
    floors = [build.constant(0), *(each for each in tops if each is not None)]
    fixed = all(each.op == "constant" for each in (*rates, *floors))
    rising = fixed and all(_amount(a) <= _amount(b) for a, b in pairwise(floors))
    # Above each floor the rate rises by so much: the same sum, with fewer operations, where no rate falls.
    steps = [_amount(b) - _amount(a) for a, b in zip((build.constant(0), *rates), rates, strict=False)] if fixed else []
    if rising and all(each >= 0 for each in steps) and tops[-1] is None:
        total = build.constant(0)
        for floor, step in zip(floors, steps, strict=True):
            if step:
                part = build.max(build.sub(base, floor), build.constant(0))
                total = build.add(total, build.mul(part, build.constant(step)))
        return Val(total)
    total, low_end = build.constant(0), build.constant(0)
    running = build.constant(True)
    for rate, top in zip(rates, tops, strict=True):
        reached = base if top is None else build.min(base, top)
        part = build.mul(build.max(build.sub(reached, low_end), build.constant(0)), rate)
        total = build.add(total, part if rising else build.where(running, part, build.constant(0)))
        if top is None:
            break
        if not rising:
            running = build.both(running, build.less(top, base))
        low_end = top
    return Val(total)


def _amount(node: Node) -> Fraction:
    assert isinstance(node.data, Fraction)
    return node.data


__all__ = ["column", "definition", "indicator", "named", "parameter", "scale", "written"]
