"""From a checked program and a frame to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from policy_dsl.evaluate import apportion
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.decision import Shared, ShareRow
from policy_dsl.evaluate.derivation import Unknown
from policy_dsl.plan import criteria, groups, keys, promises, provisions
from policy_dsl.plan.build import Builder
from policy_dsl.plan.expressions import EXPRESSIONS
from policy_dsl.plan.folded import folded, folded_condition, of_case, of_members
from policy_dsl.plan.frame import Frame
from policy_dsl.plan.known import merged
from policy_dsl.plan.lowering import (
    Here,
    Lowering,
    NotLowered,
    Provider,
    SharedOut,
    Tables,
    Val,
    distinct,
)
from policy_dsl.plan.making import OffTooFar
from policy_dsl.plan.nodes import Node, Plan
from policy_dsl.plan.outputs import Output
from policy_dsl.plan.pruned import pruned
from policy_dsl.plan.touching import resting
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity


def lower(frame: Frame, outputs: Iterable[Output], *, bounds: bool = False) -> Plan:
    """The plan of a frame for what is asked.

    With `bounds` the plan also computes what its figures may be off by, where that is no figure by itself.
    Raises `NotLowered` if something that is asked for rests on a column and has no operations, `DeadlineError` as
    `engine_for`.
    """
    low = lowering(frame)
    try:
        found = [(output, *_asked(low, output)) for output in outputs]
    except OffTooFar:
        raise NotLowered("bounds") from None
    doubts = low.build.settled()
    for doubt in doubts:
        if doubt.node.op == "constant":
            raise NotLowered("no value")
    return pruned(frame, low.build.nodes, found, doubts, bounds=bounds)


def lowering(frame: Frame) -> Lowering:
    """A lowering ready for one frame."""
    engine = engine_for(frame.checked, frame.base)
    return Lowering(frame, Builder(len(frame.members)), engine, TABLES, resting(frame, engine))


def _asked(low: Lowering, output: Output) -> tuple[Node, Node | None]:
    entry, here = output.entry, Here(cohort=output.cohort, each=output.each_member)
    try:
        found = _value(low, output, entry, here)
    except NotLowered as stop:
        stop.entry = stop.entry or entry
        stop.output = output.name
        raise
    parts = [*found.known]
    if output.each_member:
        parts.append(low.members())
    return found.node, next(iter(merged(low.build, distinct(parts))), None)


def _value(low: Lowering, output: Output, entry: Entry, here: Here) -> Val:
    match output.aspect:
        case "inside":
            return low.partial_value(entry, Here())
        case "status":
            return low.partial_value(entry, Here())
        case "score":
            assert isinstance(entry.node, tree.Criteria)
            row = next(each for each in entry.node.rows if each.name.text == output.row)
            run = keys.run_of(low, entry)
            found = criteria.score(low, entry, row, run)
            return Val(found.node, distinct((*found.known, run)))
        case "value":
            if entry.kind == "define" and entry.name in low.engine.run_bound:
                run = keys.run_of(low, entry)
                found = low.partial_value(entry, Here(cohort=here.cohort, each=here.each, run=run))
                return Val(found.node, distinct((*found.known, run))) if here.each else found
            return low.partial_value(entry, here)
    shared = low.share_out(entry, output.cohort)
    name = "steps" if output.aspect == "share" and output.form == "steps" else output.aspect
    if name not in shared.aspects:
        raise NotLowered("kind", entry.node, entry)
    return Val(shared.aspects[name], (shared.known[name],) if name in shared.known else ())


# ---- sharing out -----------------------------------------------------------------------------------------------------


def share_out(low: Lowering, entry: Entry, cohort: str) -> SharedOut:
    """An apportionment: that of the base case, if nothing in it rests on a column."""
    if low.touched(entry):
        try:
            from policy_dsl.plan.sharing import share_out as lowered
        except ImportError:
            raise NotLowered("sharing", entry.node, entry) from None

        return lowered(low, entry, cohort)
    return _of_base(low, apportion.shared(low.engine, entry, cohort))


def _of_base(low: Lowering, shared: Shared) -> SharedOut:
    build, aspects, known = low.build, dict[str, Node](), dict[str, Node]()
    rows = [shared.row(each) for each in low.frame.members]
    step = shared.rounding_step or Fraction(1)
    finals = [row.final.value if row is not None else None for row in rows]
    told = build.row(not isinstance(each, Unknown) for each in finals)
    amounts = [each.amount if isinstance(each, Quantity) else Fraction(0) for each in finals]
    aspects["share"] = build.row(amounts)
    aspects["steps"] = build.row(each / step for each in amounts)
    aspects["exact"] = build.row(row.exact or Fraction(0) if row is not None else Fraction(0) for row in rows)
    aspects["held"] = build.row(Fraction(_held(row)) for row in rows)
    aspects["band"] = build.row(Fraction(row.band or 0 if row is not None else 0) for row in rows)
    aspects["outside"] = build.row(row is None or row.outside is not None for row in rows)
    total = of_case(low, shared.total, shared.entry.node)
    aspects["total"] = total.node
    aspects["unallocated"], aspects["residue"] = build.constant(shared.unallocated), build.constant(shared.residue)
    if not (told.op == "constant" and told.data is True):
        known |= {"share": told, "steps": told}
    if isinstance(shared.total.value, Unknown) or not any(row is not None and row.exact is not None for row in rows):
        nobody = build.constant(not isinstance(shared.total.value, Unknown) and shared.sum_check)
        if not nobody.data:
            known |= dict.fromkeys(("exact", "held", "band", "outside", "unallocated", "residue"), nobody)
    if total.known:
        known["total"] = total.known[0]
    return SharedOut(aspects, known)


def _held(row: ShareRow | None) -> int:
    return {"": 0, "floor": 1, "ceiling": 2}[row.held if row is not None else ""]


def _shared_value(low: Lowering, entry: Entry, here: Here) -> Val:
    """What an apportionment gives a member (of a cohort); nothing to one who is none of the frame's."""
    found = low.share_out(entry, here.cohort if "cohort" in entry.reach else "")
    if here.whose and here.whose not in low.frame.members:
        return Val(low.build.constant(0))
    return Val(found.aspects["share"], (found.known["share"],) if "share" in found.known else ())


def _rank(build: Builder, value: Node, mask: Node | None, ties: Sequence[Node]) -> Node:
    from policy_dsl.plan.ranks import rank

    return rank(build, value, mask, ties)


PROVISIONS: dict[str, Provider] = {
    "tier": groups.tier,
    "set": groups.set_of,
    "indicator": provisions.named(provisions.indicator),
    "parameter": provisions.named(provisions.parameter),
    "define": provisions.named(provisions.definition),
    "scale": provisions.named(provisions.scale),
    "key": provisions.named(keys.key),
    "criteria": provisions.named(criteria.weighted),
    "apportion": _shared_value,
    "guarantee": promises.guarantee,
}

TABLES = Tables(EXPRESSIONS, PROVISIONS, groups.group, folded, folded_condition, criteria.met, share_out, _rank)

__all__ = ["TABLES", "Here", "Lowering", "NotLowered", "SharedOut", "Val", "lower", "lowering", "of_members"]
