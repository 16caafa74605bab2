"""The one pipeline that turns a total into shares.

Its order is fixed, whatever the order of lines: who, fixed amounts, weights, relief, limits, credits, rounding and
ties, remainder, and last the adjustments agreed at the meeting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.assignment import assigned
from policy_dsl.evaluate.certificate import Work, finished, stopped
from policy_dsl.evaluate.criteria import banded, result
from policy_dsl.evaluate.decision import BandShared, Shared
from policy_dsl.evaluate.definitions import reservation
from policy_dsl.evaluate.derivation import Derived, Members, Unknown
from policy_dsl.evaluate.engine import Engine, Env, codes_of, joined
from policy_dsl.evaluate.shares import ZERO, Stopped, among, amounts, drawn, limits, sharers, tie_keys
from policy_dsl.resolve.program import Entry
from policy_dsl.sharing import (
    HeldInLevels,
    Level,
    LimitsConflict,
    ReliefConflict,
    Rounding,
    hold_in_levels,
    less_credits,
    relieve,
    round_shares,
)
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity


def share(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: what the apportionment gives a member (of a cohort)."""
    cohort, member = subject if len(subject) == 2 else ("", subject[0])
    made = shared(engine, entry, cohort)
    row = made.row(member)
    if row is not None:
        return row.final
    if isinstance(made.total.value, Unknown):
        return Derived(made.total.value, "share", (made.total,), entry.node, entry, subject, entry.address)
    outside = Derived(False, "in", (made.among,), entry.node, None, (member,), made.among.address)
    return Derived(arithmetic.zero(made.unit), "share", (outside,), entry.node, entry, subject, entry.address)


def among_provider(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: the group among whom an apportionment shares."""
    return among(engine, entry, env.cohort)


def shared(engine: Engine, entry: Entry, cohort: str = "") -> Shared:
    """The certificate of an apportionment, found once for each cohort."""
    return engine.kept(("shared", entry.name, cohort), lambda: _share_out(engine, entry, cohort))


def _share_out(engine: Engine, entry: Entry, cohort: str) -> Shared:
    node = entry.node
    assert isinstance(node, tree.Apportion)
    if node.how is not None and node.how.word == "minimising":
        return assigned(engine, entry, cohort)
    env = Env(cohort=cohort)
    total = engine.eval(node.total.expr, env) if node.total else Derived(arithmetic.impossible("PD899", ""), "total")
    if node.total is not None:
        address = engine.address(node.total, entry)
        total = Derived(total.value, "total", (total,), node.total, None, (), address)
    try:
        if not isinstance(total.value, Quantity):
            raise Stopped(joined(total) or arithmetic.impossible("PD899", entry.title), total)
        if total.value.amount < 0:
            raise Stopped(arithmetic.impossible("PD839", entry.title, total=str(total.value)), total)
        work = _begin(engine, entry, node, cohort, total)
        try:
            for stage in (_weigh, _relieve, _limit, _credit, _round, _remainder):
                stage(engine, work)
        except LimitsConflict as conflict:
            raise _conflict(work, conflict) from None
    except Stopped as stop:
        return stopped(engine, entry, cohort, total, stop)
    return finished(engine, work)


def _begin(engine: Engine, entry: Entry, node: tree.Apportion, cohort: str, total: Derived) -> Work:
    assert isinstance(total.value, Quantity)
    who = sharers(engine, entry, cohort, total)
    work = Work(entry, node, cohort, total, total.value.unit, Env(cohort=cohort, run=who.run, total=total), who)
    work.step = _step(engine, work)
    return work


def _step(engine: Engine, work: Work) -> Fraction | None:
    """The step of the rounding line: as written, or one person, one hundredth of a currency unit."""
    line = work.node.rounding
    if line is None:
        return None
    if line.step is None:
        if work.unit.currency:
            return Fraction(1, 100)
        if work.unit == RATIO:
            raise Stopped(arithmetic.impossible("PD840", work.entry.title))
        return Fraction(1)
    found = engine.eval(line.step, work.env)
    if not isinstance(found.value, Quantity) or found.value.unit != work.unit or found.value.amount <= 0:
        raise Stopped(joined(found) or arithmetic.impossible("PD840", work.entry.title), found)
    return found.value.amount


def _weigh(engine: Engine, work: Work) -> None:
    """Fixed amounts leave the total; the rest is in proportion to the weights."""
    fixed = amounts(work.who.fixed, what=work.entry.title)
    assert isinstance(work.total.value, Quantity)
    if sum(fixed.values(), ZERO) > work.total.value.amount:
        raise Stopped(
            arithmetic.impossible("PD841", work.entry.title, total=str(work.total.value)), *work.who.fixed.values()
        )
    work.weights = amounts(work.who.weights, what=work.entry.title)
    whole = sum(work.weights.values(), ZERO)
    first = next(iter(work.who.weights.values()), None)
    unit = first.value.unit if first is not None and isinstance(first.value, Quantity) else RATIO
    work.basis = Derived(Quantity(whole, unit), "sum of", tuple(work.who.weights.values()))
    rest = _to_share(work)
    work.quotas = {m: rest * w / whole if whole else ZERO for m, w in work.weights.items()}


def _to_share(work: Work) -> Fraction:
    assert isinstance(work.total.value, Quantity)
    fixed = (each.value.amount for each in work.who.fixed.values() if isinstance(each.value, Quantity))
    return work.total.value.amount - sum(fixed, ZERO)


def _relieve(engine: Engine, work: Work) -> None:
    """Each share falls by its relief; the sum of what fell is borne by others."""
    if work.node.bands is not None and work.node.relief:
        # Whoever bears it may stand in another band: what that means is not settled, and not guessed.
        raise Stopped(arithmetic.impossible("PD899", work.node.relief[0].written))
    for line in work.node.relief:
        found = {m: engine.eval(line.relief, replace(work.env, member=m)) for m in work.who.run}
        parts = amounts(found, what=work.entry.title)
        bearing = engine.eval(line.bearers, work.env)
        if (gaps := joined(bearing)) is not None:
            raise Stopped(gaps, bearing)
        codes = codes_of(bearing.value)
        inside = [m for m in work.who.run if m in codes]
        if line.weight is None:
            weights = dict.fromkeys(inside, Fraction(1))
        else:
            figures = {m: engine.eval(line.weight, replace(work.env, member=m)) for m in inside}
            weights = amounts(figures, what=work.entry.title)
        try:
            made = relieve(work.quotas, parts, weights)
        except ReliefConflict as conflict:
            who = ", ".join(sorted(conflict.members))
            raise Stopped(arithmetic.impossible("PD842", work.entry.title, members=who), *found.values()) from None
        except ValueError:
            raise Stopped(arithmetic.impossible("PD843", work.entry.title), *found.values()) from None
        address = engine.address(line, work.entry)
        # Of several reliefs the last stands in the row; those before it are among its grounds.
        work.reliefs = {
            m: Derived(
                each.value,
                "relief",
                (each, bearing, *([work.reliefs[m]] if m in work.reliefs else [])),
                line,
                None,
                (m,),
                address,
            )
            for m, each in found.items()
        }
        work.relieved.append(made)
        work.quotas = dict(made.shares)
        work.weights = dict(made.shares)


def _limit(engine: Engine, work: Work) -> None:
    """Limits, on one level or in a written order; in bands, band after band."""
    work.limits = limits(engine, work.entry, work.env, work.who.run, work.unit, work.step)
    rest = _to_share(work)
    if work.node.bands is None:
        _hold(work, rest, work.weights, work.limits.levels)
    else:
        _fill(engine, work, rest)


def _conflict(work: Work, conflict: LimitsConflict) -> Stopped:
    """What to say of limits that cannot all be kept."""
    detail = {
        "members": ", ".join(sorted(conflict.members)),
        "needed": str(Quantity(conflict.needed, work.unit)),
        "total": str(Quantity(conflict.total, work.unit)),
    }
    code = "PD844" if conflict.kind == "floor_above_ceiling" else "PD845"
    bounds = [b.value for table in (work.limits.floors, work.limits.ceilings) for b in table.values()]
    return Stopped(arithmetic.impossible(code, work.entry.title, **detail), *bounds)


def _hold(
    work: Work, rest: Fraction, weights: Mapping[str, Fraction], levels: tuple[Level[str], ...]
) -> HeldInLevels[str]:
    made = hold_in_levels(rest, weights, levels)
    work.held.extend(made.levels)
    work.exact.update(made.shares)
    work.at_floor |= made.at_floor
    work.at_ceiling |= made.at_ceiling
    work.uncovered = made.uncovered
    return made


def _fill(engine: Engine, work: Work, rest: Fraction) -> None:
    """The first band is filled up to its members' ceilings; what it cannot take passes to the next."""
    assert work.node.bands is not None
    criteria = engine.program.entries[work.node.bands.text]
    work.banding = banded(engine, criteria, work.who.run)
    if (gaps := joined(work.banding)) is not None:
        raise Stopped(gaps, work.banding)
    bands = result(engine, criteria, work.who.run).bands
    floors = {m: v for level in work.limits.levels for m, v in level.floors.items()}
    kept = sum(floors.values(), ZERO)
    if kept > rest:
        raise LimitsConflict("floors_exceed_total", frozenset(floors), {}, rest, kept)
    work.uncovered = rest
    for band in bands:
        kept -= sum((floors.get(m, ZERO) for m in band), ZERO)
        offered = rest - kept
        weights = _band_weights(engine, work, band)
        levels = tuple(Level(_only(level.floors, band), _only(level.ceilings, band)) for level in work.limits.levels)
        made = _hold(work, offered, weights, levels)
        taken = offered - made.uncovered
        rest -= taken
        work.bands.append(BandShared(band, offered, taken, rest, made.levels[-1]))
        work.uncovered = rest


def _only(table: Mapping[str, Fraction], band: Members) -> dict[str, Fraction]:
    return {m: v for m, v in table.items() if m in band}


def _band_weights(engine: Engine, work: Work, band: Members) -> dict[str, Fraction]:
    """Weights inside a band: shares are over the band, so the weights are found anew in it."""
    if work.node.how is None or work.node.how.word != "by":
        return {m: work.weights[m] for m in band}
    env = replace(work.env, run=band)
    found = {}
    for m in band:
        made = engine.eval(work.node.how.expr, replace(env, member=m))
        address = engine.address(work.node.how, work.entry)
        found[m] = Derived(made.value, "weight", (made,), work.node.how, None, (m,), address)
    work.who.weights = {**work.who.weights, **found}
    made_amounts = amounts(found, what=work.entry.title)
    first = next(iter(found.values())).value
    unit = first.unit if isinstance(first, Quantity) else RATIO
    whole = Derived(Quantity(sum(made_amounts.values(), ZERO), unit), "sum of", tuple(found.values()))
    work.bases.update(dict.fromkeys(band, whole))
    return made_amounts


def _credit(engine: Engine, work: Work) -> None:
    """What a member already bears is taken off what it is due."""
    work.dues = dict(work.exact)
    for line in work.node.less:
        found = {m: engine.eval(line.credit, replace(work.env, member=m)) for m in work.who.run}
        borne = amounts(found, what=work.entry.title)
        units = {each.value.unit for each in found.values() if isinstance(each.value, Quantity)}
        if units - {work.unit}:
            detail = {"left": str(next(iter(units - {work.unit}))), "right": str(work.unit)}
            raise Stopped(arithmetic.impossible("PD820", work.entry.title, **detail), *found.values())
        address = engine.address(line, work.entry)
        work.credits = {m: Derived(each.value, "less", (each,), line, None, (m,), address) for m, each in found.items()}
        work.credited = less_credits(work.dues, borne, refunded=line.refunded)
        work.dues = dict(work.credited.dues)


def _round(engine: Engine, work: Work) -> None:
    """Whole steps; what is less than one step goes where the residue line says."""
    line = work.node.rounding
    if line is None or work.step is None:
        work.rounded = dict(work.dues)
        return
    groups = [band.members for band in work.bands] if work.bands else [work.who.run]
    for group in groups:
        part = {m: work.dues[m] for m in group}
        ceilings = {m: max(b.amount, part[m]) for m, b in work.limits.ceilings.items() if m in part}
        floors = {m: work.exact[m] for m in work.at_floor if m in part} if work.credited is None else {}
        if work.credited is not None and work.credited.refunded:
            ceilings = {}
        made = _in_steps(engine, work, part, floors, ceilings, work.env)
        work.roundings.append(made)
        work.rounded.update(made.rounded)
        work.residue += made.residue
        work.uncovered += made.unplaced
        work.ties.extend(_open_ties(made))
    _place_residue(engine, work, line)


def _in_steps(
    engine: Engine,
    work: Work,
    part: Mapping[str, Fraction],
    floors: Mapping[str, Fraction],
    ceilings: Mapping[str, Fraction],
    env: Env,
) -> Rounding[str]:
    """Exact shares in whole steps; the figures that settle ties are asked for only where there is a tie."""
    line = work.node.rounding
    assert line is not None
    assert work.step is not None
    total = sum(part.values(), ZERO)
    try:
        made = round_shares(total, part, method=line.method.text, step=work.step, floors=floors, ceilings=ceilings)
        if not made.ties or not work.node.ties:
            return made
        tied = tuple(sorted({m for tie in made.ties for m in tie.members}))
        return round_shares(
            total,
            part,
            method=line.method.text,
            step=work.step,
            floors=floors,
            ceilings=ceilings,
            tie_keys=tie_keys(engine, work.entry, env, tied),
            lot=drawn(engine, work.entry),
        )
    except LimitsConflict:
        raise
    except ValueError:
        raise Stopped(arithmetic.impossible("PD846", work.entry.title)) from None


def _open_ties(made: Rounding[str]) -> list[tuple[str, ...]]:
    return [tuple(sorted(tie.members)) for tie in made.ties if tie.settled_by is None]


def _place_residue(engine: Engine, work: Work, line: tree.Rounding) -> None:
    """Less than one step is left over: it goes to the member with the largest figure of the residue line."""
    if not work.residue or line.residue is None or not work.who.run:
        return
    figures = {m: engine.eval(line.residue, replace(work.env, member=m)) for m in work.who.run}
    ranks = amounts(figures, what=work.entry.title)
    best = max(ranks.values())
    takers = [m for m, figure in ranks.items() if figure == best]
    if len(takers) == 1 and work.rounded[takers[0]] is not None:
        work.rounded[takers[0]] = (work.rounded[takers[0]] or ZERO) + work.residue
        work.residue = ZERO


def _remainder(engine: Engine, work: Work) -> None:
    """What the limits left over goes to stated takers, as far as their own limit allows."""
    line = work.node.remainder
    work.unallocated = work.uncovered
    if line is None or isinstance(line.group, tree.Nothing) or not work.uncovered:
        return
    group = engine.eval(line.group, replace(work.env, run=None))
    if (gaps := joined(group)) is not None:
        raise Stopped(gaps, group)
    # Who made a reservation to the apportionment stays outside of it altogether.
    takers = tuple(m for m in codes_of(group.value) if reservation(engine, work.entry.name, m) is None)
    env = replace(work.env, run=takers)
    address = engine.address(line, work.entry)
    found: dict[str, Derived] = {}
    for m in takers:
        made = engine.eval(line.weight, replace(env, member=m)) if line.weight is not None else None
        value = made.value if made is not None else arithmetic.number(1)
        found[m] = Derived(value, "remainder", (made, group) if made else (group,), line, None, (m,), address)
    weights = amounts(found, what=work.entry.title)
    ceilings = _taking_limits(engine, work, line, env, takers)
    made_held = hold_in_levels(work.uncovered, weights, (Level({}, ceilings),))
    work.held.extend(made_held.levels)
    work.unallocated = made_held.uncovered
    work.taking = found
    if work.node.rounding is None or work.step is None:
        work.extra = dict(made_held.shares)
        return
    taken = _in_steps(engine, work, made_held.shares, {}, ceilings, env)
    work.roundings.append(taken)
    work.extra = dict(taken.rounded)
    work.residue += taken.residue
    work.unallocated += taken.unplaced
    work.ties.extend(_open_ties(taken))


def _taking_limits(engine: Engine, work: Work, line: tree.Remainder, env: Env, takers: Members) -> dict[str, Fraction]:
    if line.most is None:
        return {}
    found = {m: engine.eval(line.most, replace(env, member=m)) for m in takers}
    made = amounts(found, what=work.entry.title)
    if work.step is None:
        return made
    return {m: (v / work.step).__floor__() * work.step for m, v in made.items()}
