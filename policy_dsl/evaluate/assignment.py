"""Sharing at least cost: each cohort where it costs least, within the capacities of all cohorts together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.certificate import tie_code
from policy_dsl.evaluate.decision import Shared, ShareRow
from policy_dsl.evaluate.derivation import Derived, Gap, Unknown
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.evaluate.groups import members
from policy_dsl.evaluate.shares import ZERO, Limits, Sharers, Stopped, amounts, limits, sharers, tie_keys
from policy_dsl.resolve.program import Entry
from policy_dsl.sharing import Assignment, OptimiserMissing, assign_least_cost
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity, Unit


def assigned(engine: Engine, entry: Entry, cohort: str) -> Shared:
    """One cohort's part of the assignment of least total cost."""
    whole = engine.kept(("assignment", entry.name), lambda: _assign(engine, entry))
    if isinstance(whole, Unknown):
        return _nothing(engine, entry, cohort, whole)
    return whole[cohort]


def _assign(engine: Engine, entry: Entry) -> dict[str, Shared] | Unknown:
    node = entry.node
    assert isinstance(node, tree.Apportion)
    assert node.total is not None
    assert node.how is not None
    if (beside := _beside_cost(node)) is not None:
        return arithmetic.impossible("PD899", beside.written)
    try:
        totals = {c: engine.eval(node.total.expr, Env(cohort=c)) for c in engine.case.cohorts}
        supplies = amounts(totals, what=entry.title)
        units = {each.value.unit for each in totals.values() if isinstance(each.value, Quantity)}
        unit = next(iter(units), engine.unit(node.total.expr))
        who = {c: sharers(engine, entry, c, totals[c]) for c in engine.case.cohorts}
        costs = {
            (c, m): engine.eval(node.how.expr, Env(cohort=c, member=m)) for c, each in who.items() for m in each.run
        }
        named = amounts({f"{c} of {m}": each for (c, m), each in costs.items()}, what=entry.title)
        run = tuple(sorted({m for each in who.values() for m in each.run}))
        bounds = limits(engine, entry, Env(run=run), run, unit, Fraction(1))
        ceilings = bounds.levels[-1].ceilings
        keys = tie_keys(engine, entry, Env(run=run), run)
        found = assign_least_cost(
            supplies,
            {m: ceilings.get(m) for m in run},
            {(c, m): named[f"{c} of {m}"] for c, m in costs},
            keys[0] if keys else None,
        )
    except Stopped as stop:
        return stop.gaps
    except OptimiserMissing as missing:
        return arithmetic.impossible("PD852", entry.title, reason=str(missing))
    except ValueError:
        return arithmetic.impossible("PD846", entry.title)
    return {c: _cohort(engine, entry, c, totals[c], who[c], found, costs, bounds, unit) for c in engine.case.cohorts}


def _beside_cost(node: tree.Apportion) -> tree.Node | None:
    """A line that has no meaning beside `minimising`, which knows who takes part, ceilings and ties: never ignored."""
    others: list[tree.Node] = [*node.fixed, *node.relief, *node.less]
    others += [line for line in node.limits if line.then or line.kind != "at most"]
    others += [line for line in (node.bands, node.adjusted) if line is not None]
    if node.remainder is not None and not isinstance(node.remainder.group, tree.Nothing):
        others.append(node.remainder)
    return others[0] if others else None


def _cohort(
    engine: Engine,
    entry: Entry,
    cohort: str,
    total: Derived,
    who: Sharers,
    found: Assignment[str, str],
    costs: dict[tuple[str, str], Derived],
    bounds: Limits,
    unit: Unit,
) -> Shared:
    node = entry.node
    assert isinstance(node, tree.Apportion)
    rows = []
    for member in sorted({*members(engine, Env()), *who.run, *who.outside}):
        amount = found.placed.get((cohort, member), ZERO)
        ceiling = bounds.ceilings.get(member)
        of = [total, who.among, costs.get((cohort, member)), ceiling.value if ceiling else None]
        value: Quantity | Unknown
        if amount is None:
            tied = ", ".join(sorted(m for c, m in found.undetermined if c == cohort))
            value = Unknown((Gap("undetermined", tie_code(node), entry.title, (("members", tied),)),))
        else:
            value = Quantity(amount, unit)
        outside = who.outside.get(member)
        kept = tuple(each for each in ([outside] if outside else of) if each is not None)
        final = Derived(value, "share", kept, entry.node, entry, (cohort, member), entry.address)
        received = found.received.get(member)
        held = "ceiling" if ceiling is not None and received == bounds.levels[-1].ceilings[member] else ""
        rows.append(
            ShareRow(
                member,
                final,
                outside=outside,
                weight=costs.get((cohort, member)),
                ceiling=ceiling.value if ceiling else None,
                held=held,
                held_by=ceiling.line if held and ceiling else None,
                exact=amount,
                rounded=amount,
            )
        )
    left = found.unplaced[cohort]
    ties = tuple(sorted(m for c, m in found.undetermined if c == cohort))
    return replace(
        _nothing(engine, entry, cohort, Unknown(())),
        total=total,
        unit=unit,
        among=who.among,
        rows=tuple(rows),
        rounding_step=Fraction(1),
        unallocated=left or ZERO,
        undetermined=(ties,) if ties else (),
        sum_check=found.check(),
        assignment=found,
    )


def _nothing(engine: Engine, entry: Entry, cohort: str, gaps: Unknown) -> Shared:
    node = entry.node
    assert isinstance(node, tree.Apportion)
    total = engine.eval(node.total.expr, Env(cohort=cohort)) if node.total else Derived(gaps, "total")
    rows = tuple(
        ShareRow(m, Derived(gaps, "share", (total,), node, entry, (cohort, m), entry.address))
        for m in members(engine, Env())
    )
    unit = total.value.unit if isinstance(total.value, Quantity) else engine.unit(node)
    among = Derived(members(engine, Env()), "group", (), node)
    return Shared(
        entry, cohort, total, unit, among, rows, None, (), (), None, None, ZERO, ZERO, ZERO, ZERO, (), (), False
    )


__all__ = ["assigned"]
