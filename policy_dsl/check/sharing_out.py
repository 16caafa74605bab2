"""Faults of apportionments: no total, no way of sharing, bands without ceilings, relief, rounding and ties."""

from __future__ import annotations

from policy_dsl.check import constants, entries
from policy_dsl.check.desk import Desk, label, text
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Unit

CONSERVING = ("largest_remainder", "webster", "jefferson", "hill", "adams", "dean")
ONE_BY_ONE = ("half_up", "half_even", "up", "down")
_WHOLE = ("person", "household", "project")


def sharing_out(desk: Desk) -> None:
    """Check apportionments, but for their limits."""
    for entry in desk.program.of_kind("apportion"):
        node = entry.node
        assert isinstance(node, tree.Apportion)
        _lines(desk, entry, node)
        _bands(desk, node)
        _beside(desk, node)
        _relief(desk, node)
        _fixed(desk, node)
        _rounding(desk, entry, node)
        _ties(desk, entry, node)


def _lines(desk: Desk, entry: Entry, node: tree.Apportion) -> None:
    name = node.name.text
    if node.total is None:
        desk.fault("PD450", node.name, name=name)
    if node.among is None:
        desk.fault("PD453", node.name, name=name)
    if node.how is None:
        desk.fault("PD451", node.name, name=name)
        return
    if node.how.word == "minimising":
        reach = desk.typed(node.how.expr).reach
        if node.each is None or "cohort" not in entry.reach:
            desk.fault("PD464", node.how, name=name, cost=text(node.how.expr))
        elif desk.sound(node.how.expr) and not reach >= {"cohort", "member"}:
            desk.fault("PD467", node.how.expr, cost=text(node.how.expr))
    for reading in constants.dates(desk, node.how.expr):
        weight = constants.figure(desk, node.how.expr, reading)
        if weight is not None and weight.amount < 0:
            desk.fault("PD465", node.how.expr, what="a weight", value=str(weight))
            break


def _beside(desk: Desk, node: tree.Apportion) -> None:
    """Lines without a meaning beside `minimising`, or beside `in bands of`."""
    beside: list[tuple[tree.Node, str]] = []
    if node.how is not None and node.how.word == "minimising":
        remainder = node.remainder
        lines: list[tree.Node] = [*node.fixed, *node.relief, *node.less]
        lines += [limit for limit in node.limits if limit.then or limit.kind == "at least"]
        lines += [each for each in (node.adjusted,) if each is not None]
        lines += [remainder] if remainder is not None and not isinstance(remainder.group, tree.Nothing) else []
        beside += [(line, "minimising") for line in lines]
    if node.bands is not None:
        beside += [(line, "in bands of") for line in node.relief]
    for line, other in beside:
        desk.fault("PD473", line, line=text(line), other=other)


def _bands(desk: Desk, node: tree.Apportion) -> None:
    if node.bands is None:
        return
    ref = desk.program.ref(node.bands)
    if isinstance(ref, Entry) and isinstance(ref.node, tree.Criteria) and ref.node.kind == "by weight":
        related = label(ref.node.name.span, "they are weighted here")
        mend = f"write `by {ref.name}`, or compare `in order`"
        desk.fault("PD460", node.bands, name=ref.name, related=related, mend=mend)
    elif not any(limit.kind == "at most" for limit in node.limits):
        desk.fault("PD459", node.bands, name=node.name.text)


def _relief(desk: Desk, node: tree.Apportion) -> None:
    for relief in node.relief:
        for reading in constants.dates(desk, relief.relief):
            found = constants.figure(desk, relief.relief, reading)
            if found is None:
                continue
            if found.unit == RATIO and not 0 <= found.amount <= 1:
                desk.fault("PD462", relief.relief, value=str(found))
                break
            if found.amount > 0:
                desk.fault("PD463", relief.bearers, bearers=text(relief.bearers), relief=text(relief.relief))
                break


def _fixed(desk: Desk, node: tree.Apportion) -> None:
    for fixed in node.fixed:
        for reading in constants.dates(desk, fixed.amount):
            found = constants.figure(desk, fixed.amount, reading)
            if found is None:
                continue
            if found.amount < 0:
                desk.fault("PD465", fixed.amount, what="a fixed amount", value=str(found))
                break
            total = constants.figure(desk, node.total.expr, reading) if node.total is not None else None
            if total is not None and total.unit == found.unit and found.amount > total.amount:
                desk.fault("PD471", fixed.amount, amount=str(found), total=str(total))
                break


def _rounding(desk: Desk, entry: Entry, node: tree.Apportion) -> None:
    total = entries.total_type(desk, entry)
    if total.unknown:
        return
    unit = total.unit
    rounding = node.rounding
    if rounding is None:
        minimising = node.how is not None and node.how.word == "minimising"
        if (unit.currency or _counted(unit)) and not minimising and not _goes_on(desk, entry):
            sample = f"rounding largest_remainder{' to 1 ' + unit.currency if unit.currency else ''}"
            desk.fault("PD454", node.name, name=node.name.text, mend=f"write `{sample}`")
        return
    if rounding.step is None:
        if unit == RATIO:
            desk.fault("PD457", rounding, name=node.name.text)
    else:
        _step(desk, rounding.step, unit)
    if rounding.method.text in ONE_BY_ONE:
        _conserved(desk, entry, rounding)


def _step(desk: Desk, step: tree.Expr, unit: Unit) -> None:
    for reading in constants.dates(desk, step):
        found = constants.figure(desk, step, reading)
        if found is None or found.unit != unit:
            continue
        if found.amount <= 0:
            desk.fault("PD456", step, step=text(step))
            return
        if _counted(unit) and found.amount.denominator != 1:
            desk.fault("PD455", step, step=text(step), what=str(unit))
            return


def _counted(unit: Unit) -> bool:
    """Whether a unit counts what can't be divided: persons, households."""
    return len(unit.terms) == 1 and unit.terms[0][1] == 1 and unit.terms[0][0] in _WHOLE


def _goes_on(desk: Desk, entry: Entry) -> bool:
    """Whether shares only serve another calculation of the policy, and do not leave it."""
    for other in desk.program.entries.values():
        if other.kind in ("define", "apportion", "key", "scale") and entry.name in desk.program.depends.get(
            other.name, ()
        ):
            return True
    return False


def _conserved(desk: Desk, entry: Entry, rounding: tree.Rounding) -> None:
    """A guarantee that the shares sum to the total can't hold where each member is rounded by itself."""
    for other in desk.program.of_kind("guarantee"):
        promise = other.node.promise if isinstance(other.node, tree.Guarantee) else None
        if promise is None or not (isinstance(promise, tree.Binary) and promise.op == "="):
            continue
        for side in (promise.left, promise.right):
            if _sum_of(desk, side, entry):
                related = label(promise.span, "the guarantee stands here")
                params = {"method": rounding.method.text, "guarantee": other.name, "name": entry.name}
                desk.found.append(desk.problem("PD466", rounding.method, related=related, **params))
                return


def _sum_of(desk: Desk, expr: tree.Expr, entry: Entry) -> bool:
    if isinstance(expr, tree.Binary) and expr.op in "+-":
        return _sum_of(desk, expr.left, entry) or _sum_of(desk, expr.right, entry)
    return isinstance(expr, tree.Aggregate) and expr.op == "sum" and desk.program.ref(expr.of) is entry


def _ties(desk: Desk, entry: Entry, node: tree.Apportion) -> None:
    conserving = node.rounding is not None and node.rounding.method.text in CONSERVING
    minimising = node.how is not None and node.how.word == "minimising"
    if not node.ties and (conserving or minimising):
        desk.fault("PD468", node.rounding.method if node.rounding is not None else node.name, name=entry.name)
