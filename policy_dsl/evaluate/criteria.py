"""Criteria: measures turned into scores, thresholds that exclude, bands of members similarly placed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.decision import CriteriaResult, Score
from policy_dsl.evaluate.definitions import run_of
from policy_dsl.evaluate.derivation import Derived, Gap, Members, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, joined, unknown
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.sharing import Banding, band_members, score
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity


def met(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: whether a member meets the threshold of one criterion; the raw measure is tested, in its direction."""
    name, member = subject
    row = _row(entry, name)
    return engine.once(("met", entry.name, name, member), lambda: _met(engine, entry, row, member), entry)


def _met(engine: Engine, entry: Entry, row: tree.Criterion, member: str) -> Derived:
    env = Env(member=member)
    measure = engine.eval(row.measure, env)
    address = engine.address(row, entry)
    if row.least is None:
        return Derived(True, "at least", (measure,), row, None, (member,), address)
    least, worst, best = (engine.eval(each, env) for each in (row.least, row.worst, row.best))
    if (gaps := joined(measure, least, worst, best)) is not None:
        return Derived(gaps, "at least", (measure, least), row, None, (member,), address)
    rising = arithmetic.compared(">", best.value, worst.value, engine.clock)
    op = ">=" if rising is True else "<="
    holds = arithmetic.compared(op, measure.value, least.value, engine.clock)
    return Derived(holds, "at least", (measure, least), row, None, (member,), address, detail=op)


def _row(entry: Entry, name: str) -> tree.Criterion:
    assert isinstance(entry.node, tree.Criteria)
    return next(row for row in entry.node.rows if row.name.text == name)


def weighted_score(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: the weighted score of a member."""
    run = env.run if env.run is not None else run_of(engine, entry, env)
    found = result(engine, entry, run).totals.get(subject[-1])
    return found or unknown(Gap("impossible", "PD833", subject[-1], (("key", entry.title),)), entry.node, entry)


def result(engine: Engine, entry: Entry, run: Members) -> CriteriaResult:
    """Scores of all members of a run, with bands (in order) or weighted totals."""
    return engine.kept(("criteria", entry.name, run), lambda: _result(engine, entry, run))


@dataclass(frozen=True, slots=True)
class _Informed:
    by: Derived
    part: Mapping[str, Fraction]
    weight: Quantity


def _result(engine: Engine, entry: Entry, run: Members) -> CriteriaResult:
    node = entry.node
    assert isinstance(node, tree.Criteria)
    informed = _information(engine, node, run)
    scores = []
    for row in node.rows:
        for member in run:
            made = _score(engine, entry, row, member, run, informed)
            scores.append(Score(member, row, made.of[0], made, met(engine, entry, (row.name.text, member), Env())))
    if node.kind == "by weight":
        return CriteriaResult(entry, tuple(scores), (), _totals(engine, entry, node, scores, run))
    banding = _bands(engine, entry, node, scores, run)
    bands = tuple(tuple(sorted(band)) for band in banding.bands) if banding is not None else ()
    return CriteriaResult(entry, tuple(scores), bands, {}, similar(engine, entry), banding)


def _information(engine: Engine, node: tree.Criteria, run: Members) -> _Informed | Derived | None:
    """The data that inform each criterion, each member's relative to the largest; none if there are none."""
    if node.informed is None:
        return None
    figures = {m: engine.eval(node.informed.by, Env(member=m, run=run)) for m in run}
    weight = engine.eval(node.informed.weight, Env(run=run))
    empty = [each for each in figures.values() if no_share(each)]
    if len(empty) == len(figures):
        return None
    if (gaps := joined(weight, *figures.values())) is not None:
        return Derived(gaps, "informed by", tuple(figures.values()), node.informed)
    amounts = {m: each.value.amount for m, each in figures.items() if isinstance(each.value, Quantity)}
    most = max(amounts.values(), default=Fraction(0))
    if most == 0 or not isinstance(weight.value, Quantity):
        return None
    made = Derived((), "informed by", (weight, *figures.values()), node.informed)
    return _Informed(made, {m: amount / most for m, amount in amounts.items()}, weight.value)


def no_share(found: Derived) -> bool:
    """Whether there is no value since it would be a share of nothing."""
    return isinstance(found.value, Unknown) and all(gap.code == "PD830" for gap in found.value.gaps)


def _score(
    engine: Engine,
    entry: Entry,
    row: tree.Criterion,
    member: str,
    run: Members,
    informed: _Informed | Derived | None,
) -> Derived:
    env = Env(member=member, run=run)
    measure, worst, best = (engine.eval(each, env) for each in (row.measure, row.worst, row.best))
    of = [measure, worst, best]
    address = engine.address(row, entry)
    extra = [informed] if isinstance(informed, Derived) else []
    if (gaps := joined(*of, *extra)) is not None:
        return Derived(gaps, "score", (*of, *extra), row, None, (member,), address)
    if not all(isinstance(each.value, Quantity) for each in of):
        return Derived(arithmetic.impossible("PD899", row.name.text), "score", tuple(of), row, None, (member,), address)
    low, high, raw = _amount(worst), _amount(best), _amount(measure)
    if low == high:
        return Derived(arithmetic.impossible("PD831", row.name.text), "score", tuple(of), row, None, (member,), address)
    found = score(raw, low, high)
    if isinstance(informed, _Informed):
        weight = informed.weight.amount
        found = (1 - weight) * found + weight * informed.part[member]
        of.append(informed.by)
    return Derived(arithmetic.ratio(found), "score", tuple(of), row, None, (member,), address, detail=row.name.text)


def _totals(engine: Engine, entry: Entry, node: tree.Criteria, scores: list[Score], run: Members) -> dict[str, Derived]:
    totals = {}
    weights = [_amount(engine.eval(row.weight, Env())) if row.weight else Fraction(0) for row in node.rows]
    for member in run:
        mine = [each for each in scores if each.member == member]
        of = tuple(each.score for each in mine)
        value: Value = joined(*of)
        if value is None:
            total = sum((w * _amount(each) for w, each in zip(weights, of, strict=True)), Fraction(0))
            value = arithmetic.ratio(total)
        totals[member] = Derived(value, "weighted score", of, node, entry, (member,), entry.address)
    return totals


def _bands(engine: Engine, entry: Entry, node: tree.Criteria, scores: list[Score], run: Members) -> Banding[str] | None:
    within = similar(engine, entry)
    known = all(each.score.known for each in scores)
    if within is None or not isinstance(within.value, Quantity) or not known or not run:
        return None
    table = [{each.member: _amount(each.score) for each in scores if each.row is row} for row in node.rows]
    return band_members(run, table, within.value.amount)


def similar(engine: Engine, entry: Entry) -> Derived | None:
    """How far apart members similarly placed may be."""
    assert isinstance(entry.node, tree.Criteria)
    line = entry.node.similar
    return engine.eval(line.expr, Env()) if line is not None else None


def banded(engine: Engine, entry: Entry, run: Members) -> Derived:
    """The bands of a run as a value, made from all scores and the distance, or the gaps that prevent them."""
    found = result(engine, entry, run)
    within = similar(engine, entry)
    of = tuple(each.score for each in found.scores) + ((within,) if within is not None else ())
    gaps = joined(*of)
    return Derived(gaps if gaps is not None else (), "bands", of, entry.node, entry, (), entry.address, detail=found)


def _amount(found: Derived) -> Fraction:
    assert isinstance(found.value, Quantity)
    return found.value.amount


__all__ = ["banded", "met", "result", "similar", "weighted_score"]
