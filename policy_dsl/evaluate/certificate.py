"""The certificate of an apportionment: what each stage found, put together member by member, with the sum check."""

from __future__ import annotations

from dataclasses import field, replace
from fractions import Fraction

from policy_dsl.cases.case import Adjustment
from policy_dsl.evaluate.decision import BandShared, Shared, ShareRow
from policy_dsl.evaluate.derivation import Derived, Gap, Unknown
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.evaluate.groups import members
from policy_dsl.evaluate.record import occurred
from policy_dsl.evaluate.shares import ZERO, Bound, Limits, Sharers, Stopped, among
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.sharing import Credited, Held, Relieved, Rounding
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity, Unit


@dataclass(slots=True)
class Work:
    """An apportionment on its way: what each stage found."""

    entry: Entry
    node: tree.Apportion
    cohort: str
    total: Derived
    unit: Unit
    env: Env
    who: Sharers
    step: Fraction | None = None
    weights: dict[str, Fraction] = field(default_factory=dict)
    basis: Derived | None = None
    quotas: dict[str, Fraction] = field(default_factory=dict)
    reliefs: dict[str, Derived] = field(default_factory=dict)
    relieved: list[Relieved[str]] = field(default_factory=list)
    limits: Limits = field(default_factory=lambda: Limits((), {}, {}))
    held: list[Held[str]] = field(default_factory=list)
    exact: dict[str, Fraction] = field(default_factory=dict)
    at_floor: set[str] = field(default_factory=set)
    at_ceiling: set[str] = field(default_factory=set)
    uncovered: Fraction = ZERO
    bands: list[BandShared] = field(default_factory=list)
    banding: Derived | None = None
    credits: dict[str, Derived] = field(default_factory=dict)
    credited: Credited[str] | None = None
    dues: dict[str, Fraction] = field(default_factory=dict)
    roundings: list[Rounding[str]] = field(default_factory=list)
    rounded: dict[str, Fraction | None] = field(default_factory=dict)
    residue: Fraction = ZERO
    extra: dict[str, Fraction | None] = field(default_factory=dict)
    taking: dict[str, Derived] = field(default_factory=dict)
    unallocated: Fraction = ZERO
    ties: list[tuple[str, ...]] = field(default_factory=list)
    bases: dict[str, Derived] = field(default_factory=dict)


def finished(engine: Engine, work: Work) -> Shared:
    """The certificate of an apportionment that came to its end."""
    everybody = sorted({*members(engine, Env()), *work.who.run, *work.who.fixed, *work.taking, *work.who.outside})
    changes = _adjustments(engine, work)
    rows = tuple(_row(engine, work, m, changes.get(m)) for m in everybody)
    difference = sum((each.difference for each in work.roundings), ZERO)
    assert isinstance(work.total.value, Quantity)
    placed = sum((each.value.amount for each in work.who.fixed.values() if isinstance(each.value, Quantity)), ZERO)
    limits_left = work.uncovered - sum((each.unplaced for each in work.roundings), ZERO)
    sums = placed + sum(work.exact.values(), ZERO) + limits_left == work.total.value.amount
    checks = sums and all(each.check() for each in work.roundings)
    if work.credited is not None:
        checks = checks and work.credited.check()
    return Shared(
        entry=work.entry,
        cohort=work.cohort,
        total=work.total,
        unit=work.unit,
        among=work.who.among,
        rows=rows,
        factor=work.held[-1].factor if len(work.held) == 1 else None,
        bands=tuple(work.bands),
        held=tuple(work.held),
        rounding=work.roundings[0] if len(work.roundings) == 1 else None,
        rounding_step=work.step,
        credits=_credited_sum(work),
        unallocated=work.unallocated,
        residue=work.residue,
        difference=difference,
        undetermined=tuple(work.ties),
        problems=(),
        sum_check=checks,
        basis=work.basis,
        roundings=tuple(work.roundings),
    )


def _credited_sum(work: Work) -> Fraction:
    """What credits cover of the total: with nothing paid out for an excess, no more than the shares."""
    if work.credited is None:
        return ZERO
    return sum(work.exact.values(), ZERO) - sum(work.dues.values(), ZERO)


def _adjustments(engine: Engine, work: Work) -> dict[str, Adjustment]:
    """The changes agreed at the meeting, if the policy allows them, they cancel out and keep their bound."""
    found = {a.member: a for a in engine.case.adjustments if a.apportionment == work.entry.name}
    if not found:
        return {}
    line = work.node.adjusted
    if line is None:
        engine.report("PD847", work.node, work.entry, name=work.entry.title)
        return {}
    step = engine.program.entries.get(line.step.text)
    if step is None or not occurred(engine, step, Env()):
        engine.report("PD858", line, work.entry, name=work.entry.title, step=line.step.text)
        return {}
    if sum((each.change.amount for each in found.values()), ZERO) != 0:
        engine.report("PD848", line, work.entry, name=work.entry.title)
        return {}
    for member, each in sorted(found.items()):
        bound = engine.eval(line.within, replace(work.env, member=member)).value
        before = (work.rounded.get(member) or ZERO) + (work.extra.get(member) or ZERO)
        most = bound.amount if isinstance(bound, Quantity) else ZERO
        if isinstance(bound, Quantity) and bound.unit == RATIO and work.unit != RATIO:
            most = before * bound.amount
        if abs(each.change.amount) > most or before + each.change.amount < 0:
            engine.report(
                "PD849", line, work.entry, member=member, change=str(each.change), most=str(Quantity(most, work.unit))
            )
            return {}
        if (limit := _passed(work, member, before + each.change.amount)) is not None:
            engine.report(
                "PD857", line, work.entry, member=member, change=str(each.change), limit=str(limit.value.value)
            )
            return {}
    return found


def _passed(work: Work, member: str, after: Fraction) -> Bound | None:
    """The limit that an adjusted share would pass, if any."""
    floor, ceiling = work.limits.floors.get(member), work.limits.ceilings.get(member)
    taken = work.extra.get(member) or ZERO
    if ceiling is not None and after - taken > ceiling.amount:
        return ceiling
    if floor is not None and work.credited is None and after < floor.amount:
        return floor
    return None


def _row(engine: Engine, work: Work, member: str, change: Adjustment | None) -> ShareRow:
    floor, ceiling = work.limits.floors.get(member), work.limits.ceilings.get(member)
    held = "floor" if member in work.at_floor else "ceiling" if member in work.at_ceiling else ""
    by = {"floor": floor, "ceiling": ceiling}.get(held)
    band = next((n for n, each in enumerate(work.bands, 1) if member in each.members), None)
    inside = member in work.exact
    return ShareRow(
        member=member,
        final=_final(work, member, change),
        outside=work.who.outside.get(member),
        fixed=work.who.fixed.get(member),
        weight=work.who.weights.get(member) if inside else None,
        quota=work.quotas.get(member),
        relief=work.reliefs.get(member),
        relieved=sum((each.fell.get(member, ZERO) for each in work.relieved), ZERO) if work.relieved else None,
        borne=sum((each.borne.get(member, ZERO) for each in work.relieved), ZERO) if work.relieved else None,
        floor=floor.value if floor else None,
        ceiling=ceiling.value if ceiling else None,
        held=held,
        held_by=by.line if by else None,
        band=band,
        exact=work.exact.get(member),
        credit=work.credits.get(member),
        excess=work.credited.excess.get(member) if work.credited else None,
        due=work.dues.get(member) if work.credited else None,
        rounded=work.rounded.get(member),
        extra=work.extra.get(member),
        adjusted=change,
    )


def _final(work: Work, member: str, change: Adjustment | None) -> Derived:
    subject = (work.cohort, member) if work.cohort else (member,)

    def made(value: Quantity | Unknown, *of: Derived | None) -> Derived:
        kept = tuple(each for each in of if each is not None)
        return Derived(value, "share", kept, work.node, work.entry, subject, work.entry.address)

    extra = work.extra.get(member, ZERO)
    if member in work.who.fixed:
        fixed = work.who.fixed[member]
        assert isinstance(fixed.value, Quantity)
        amount: Fraction | None = fixed.value.amount
        of: list[Derived | None] = [work.total, fixed, work.who.among]
    elif member in work.rounded:
        amount = work.rounded[member]
        floor, ceiling = work.limits.floors.get(member), work.limits.ceilings.get(member)
        basis = work.bases.get(member, work.basis)
        of = [work.total, work.who.weights[member], basis, work.who.among, work.banding]
        of += [work.reliefs.get(member), floor.value if floor else None, ceiling.value if ceiling else None]
        of += [work.credits.get(member)]
    else:
        amount, of = ZERO, [work.who.outside.get(member)]
    of.append(work.taking.get(member))
    if amount is None or extra is None:
        tied = next((tie for tie in work.ties if member in tie), ())
        gap = Gap("undetermined", tie_code(work.node), work.entry.title, (("members", ", ".join(tied)),))
        return made(Unknown((gap,)), *of)
    amount += extra + (change.change.amount if change is not None else ZERO)
    return made(Quantity(amount, work.unit), *of)


def stopped(engine: Engine, entry: Entry, cohort: str, total: Derived, stop: Stopped) -> Shared:
    """An apportionment without a result: every member's share is not to be had, for the same reasons."""
    group = among(engine, entry, cohort)
    rows = []
    for member in members(engine, Env()):
        subject = (cohort, member) if cohort else (member,)
        final = Derived(stop.gaps, "share", (total, *stop.of), entry.node, entry, subject, entry.address)
        rows.append(ShareRow(member, final))
    value = total.value
    unit = value.unit if isinstance(value, Quantity) else engine.unit(entry.node)
    return Shared(
        entry=entry,
        cohort=cohort,
        total=Derived(stop.gaps, "total", (total, *stop.of), total.node, None, (), total.address)
        if isinstance(value, Unknown)
        else total,
        unit=unit,
        among=group,
        rows=tuple(rows),
        factor=None,
        bands=(),
        held=(),
        rounding=None,
        rounding_step=None,
        credits=ZERO,
        unallocated=ZERO,
        residue=ZERO,
        difference=ZERO,
        undetermined=(),
        problems=(),
        sum_check=False,
    )


def tie_code(node: tree.Apportion) -> str:
    """What to say of a tie: that no rule settles it, or that the draw is missing that would."""
    by_lot = any(isinstance(line.expr, tree.Name) and line.expr.text == "lot" for line in node.ties)
    return "PD856" if by_lot else "PD850"
