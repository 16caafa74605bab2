"""Definitions with their exceptions, scales, and keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.aggregates import left_out
from policy_dsl.evaluate.conditions import condition
from policy_dsl.evaluate.decision import ExceptionSeen
from policy_dsl.evaluate.derivation import Derived, Gap, Members, Unknown
from policy_dsl.evaluate.engine import Engine, Env, joined, unknown
from policy_dsl.evaluate.groups import members
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity


def definition(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: a derived value; exceptions that apply replace it, and equals that conflict are a fault."""
    node = entry.node
    assert isinstance(node, tree.Define)
    if (reserved := reserved_value(engine, entry, subject, env)) is not None:
        return reserved
    found = _with_exceptions(engine, entry, node, subject, env)
    if found is not None:
        return found
    weaker = engine.program.prevails.get(entry.name, ())
    if weaker and isinstance(node.value, tree.Nothing):
        # A special rule that says nothing here leaves the general one standing.
        return engine.value_for(engine.program.entries[weaker[0]], subject, env)
    made = engine.eval(node.value, env)
    return Derived(made.value, "defined", (made,), node, entry, subject, entry.address)


def exceptions(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> tuple[ExceptionSeen, ...]:
    """Every exception of a definition and whether it applies to the subject."""
    node = entry.node
    assert isinstance(node, tree.Define)
    shown = [(row, condition(engine, row.when, env)) for row in node.exceptions]
    return tuple(ExceptionSeen(entry, row, subject, each.value is True, each) for row, each in shown)


def _with_exceptions(
    engine: Engine, entry: Entry, node: tree.Define, subject: tuple[str, ...], env: Env
) -> Derived | None:
    seen = exceptions(engine, entry, subject, env)
    if (gaps := joined(*(each.condition for each in seen))) is not None:
        return Derived(gaps, "except", tuple(e.condition for e in seen), node, entry, subject, entry.address)
    applied = [each for each in seen if each.applied]
    yielding = {row for each in applied for row in engine.program.row_prevails.get(each.row, ())}
    applied = [each for each in applied if each.row not in yielding]
    if not applied:
        return None
    values = [engine.eval(each.row.value, env) for each in applied]
    address = engine.address(applied[0].row, entry)
    if any(not arithmetic.same_value(values[0].value, other.value) for other in values[1:]):
        rows = " / ".join(f"{each.value}" for each in values)
        gap = Gap("impossible", "PD810", entry.title, (("subject", " of ".join(subject)), ("values", rows)))
        return Derived(Unknown((gap,)), "except", tuple(values), node, entry, subject, address)
    of = (*values, *(each.condition for each in applied))
    rows_applied = tuple(each.row for each in applied)
    return Derived(values[0].value, "except", of, applied[0].row, entry, subject, address, detail=rows_applied)


def reserved_value(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived | None:
    """The value that the reservation of the subject's member puts in the place of a figure's, if there is one.

    In it the figure's own name means what holds without the reservation: `to fee : 50% of fee`.
    """
    found = reservation(engine, entry.name, subject[-1] if subject else "")
    if found is None or found[1].value is None or env.without == entry.name:
        return None
    clause, row = found
    assert row.value is not None
    made = engine.eval(row.value, replace(env, without=entry.name))
    return Derived(made.value, "reservation", (made,), row, entry, subject, clause.address, detail=clause)


def reservation(engine: Engine, name: str, member: str) -> tuple[Entry, tree.Modified] | None:
    """The reservation of a member to a provision that is in force on the day whose law holds."""
    if not member:
        return None
    at = engine.case.law
    for clause in engine.program.of_kind("reservation"):
        node = clause.node
        assert isinstance(node, tree.Reservation)
        holds = any(
            seat.code.text == member
            and not (seat.since and seat.since.day > at)
            and not (seat.until and seat.until.day < at)
            for seat in node.by
        )
        row = next((each for each in node.to if each.name.text == name), None)
        if holds and row is not None:
            return clause, row
    return None


# ---- scales ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of a marginal scale: from where to where, at which rate, and what it adds."""

    row: tree.Bracket
    low: Fraction
    high: Fraction | None
    rate: Derived
    part: Fraction


def scale(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: the result of a bracket table. Marginal: each slice of the base at its rate; whole: the one rate."""
    node = entry.node
    assert isinstance(node, tree.Scale)
    base = engine.eval(node.base, env)
    if (gaps := joined(base)) is not None:
        return Derived(gaps, "scale", (base,), node, entry, subject, entry.address)
    if not isinstance(base.value, Quantity):
        return Derived(arithmetic.impossible("PD899", entry.name), "scale", (base,), node, entry, subject)
    if node.kind == "marginal":
        return _marginal(engine, entry, node, base, subject, env)
    row = _row_for(engine, node, base.value, env)
    if row is None or isinstance(row, Unknown):
        gap = row or arithmetic.impossible("PD836", entry.title)
        return Derived(gap, "scale", (base,), node, entry, subject, entry.address)
    found = engine.eval(row.value, env)
    address = engine.address(row, entry)
    return Derived(found.value, "scale", (base, found), row, entry, subject, address, detail=row)


def _row_for(engine: Engine, node: tree.Scale, base: Quantity, env: Env) -> tree.Bracket | Unknown | None:
    for row in node.rows:
        if row.threshold is None:
            return row
        limit = engine.eval(row.threshold, env).value
        inside = arithmetic.compared("<" if row.kind == "below" else "<=", base, limit, engine.clock)
        if isinstance(inside, Unknown):
            return inside
        if inside:
            return row
    return None


def _marginal(
    engine: Engine, entry: Entry, node: tree.Scale, base: Derived, subject: tuple[str, ...], env: Env
) -> Derived:
    assert isinstance(base.value, Quantity)
    low, total, slices, made = Fraction(0), Fraction(0), [], [base]
    for row in node.rows:
        limit = engine.eval(row.threshold, env) if row.threshold is not None else None
        rate = engine.eval(row.value, env)
        if not isinstance(rate.value, Quantity) or (limit is not None and not isinstance(limit.value, Quantity)):
            gaps = joined(rate, *([limit] if limit else [])) or arithmetic.impossible("PD899", entry.name)
            return Derived(gaps, "scale", (base, rate), node, entry, subject, entry.address)
        top = limit.value.amount if limit is not None and isinstance(limit.value, Quantity) else None
        reached = base.value.amount if top is None else min(base.value.amount, top)
        part = max(reached - low, Fraction(0)) * rate.value.amount
        if reached > low or top is None:
            slices.append(Slice(row, low, top, rate, part))
            made.append(rate)
        total += part
        if top is None or base.value.amount <= top:
            break
        low = top
    value = Quantity(total, base.value.unit, base.value.bound)
    return Derived(value, "scale", tuple(made), node, entry, subject, entry.address, detail=tuple(slices))


# ---- keys ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyTable:
    """A key for all members of a run: the value of each, and what the terms left to the rest."""

    values: Mapping[str, Derived]
    rest: Quantity


def key(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: a member's part under a distribution key."""
    run = env.run if env.run is not None else run_of(engine, entry, env)
    table = engine.kept(("key", entry.name, run, env.view), lambda: _key_table(engine, entry, run, env))
    if isinstance(table, Derived):
        return table
    member = subject[-1]
    if member not in table.values:
        gap = Gap("impossible", "PD833", member, (("key", entry.title),))
        return unknown(gap, entry.node, entry)
    return table.values[member]


def run_of(engine: Engine, entry: Entry, env: Env) -> Members:
    """Among whom a key is read outside any run: those of the one apportionment that uses it, else all members."""
    sharing = engine.program.run_of(entry.name)
    if sharing is not None:
        among = engine.providers["among"](engine, sharing, (), env)
        if isinstance(among.value, tuple):
            return tuple(str(each) for each in among.value)
    return members(engine, env)


def _key_table(engine: Engine, entry: Entry, run: Members, env: Env) -> KeyTable | Derived:
    node = entry.node
    assert isinstance(node, tree.Key)
    inside = replace(env, run=run, scope=entry)
    weights = [engine.eval(part.weight, replace(inside, member="")) for part in node.parts]
    terms = {
        m: [_part(engine, part, w, replace(inside, member=m)) for part, w in zip(node.parts, weights, strict=True)]
        for m in run
    }
    leaving = {m: each for m, parts in terms.items() for each in parts if left_out(each)}
    if leaving:
        kept = _key_table(engine, entry, tuple(m for m in run if m not in leaving), env)
        return kept if isinstance(kept, Derived) else KeyTable({**kept.values, **leaving}, kept.rest)
    every = [each for parts in terms.values() for each in parts]
    if (gaps := joined(*weights, *every)) is not None:
        return Derived(gaps, "key", tuple(every), node, entry, (), entry.address)
    sums = {m: sum((_amount(each) for each in parts), Fraction(0)) for m, parts in terms.items()}
    bound = max((each.value.bound for each in every if isinstance(each.value, Quantity)), default=Fraction(0))
    rest = 1 - sum(sums.values(), Fraction(0))
    slack = bound * len(run) * len(node.parts)
    if rest < -slack or (node.rest is None and rest > slack):
        # What is over the whole cannot be shared out again: a rest is never negative.
        return unknown(
            Gap("impossible", "PD837", entry.title, (("sum", str(arithmetic.ratio(1 - rest))),)), node, entry
        )
    shares: Mapping[str, Derived] = {}
    if node.rest is not None:
        figures = {m: engine.eval(node.rest.expr, replace(inside, member=m)) for m in run}
        if (gaps := joined(*figures.values())) is not None:
            return Derived(gaps, "key", tuple(figures.values()), node, entry, (), entry.address)
        whole = sum((_amount(each) for each in figures.values()), Fraction(0))
        if whole == 0 and rest != 0:
            gap = arithmetic.impossible("PD830", f"rest by {node.rest.expr.written}")
            return Derived(gap, "key", (), node.rest, entry, (), entry.address)
        left = Derived(arithmetic.ratio(rest), "left over", tuple(every), node.rest)
        shares = {
            m: Derived(
                arithmetic.ratio(rest * _amount(each) / whole if whole else Fraction(0)),
                "rest by",
                (left, each),
                node.rest,
                address=engine.address(node.rest, entry),
            )
            for m, each in figures.items()
        }
    values = {}
    for m in run:
        of = (*terms[m], shares[m]) if m in shares else tuple(terms[m])
        amount = sum((_amount(each) for each in of), Fraction(0))
        made = Quantity(amount, RATIO, bound * len(node.parts))
        values[m] = Derived(made, "key", of, node, entry, (m,), entry.address, detail=run)
    return KeyTable(values, arithmetic.ratio(rest))


def _part(engine: Engine, part: tree.KeyPart, weight: Derived, env: Env) -> Derived:
    term = engine.eval(part.term, env)
    if (gaps := joined(weight, term)) is not None:
        return Derived(gaps, "part", (weight, term), part)
    assert isinstance(weight.value, Quantity)
    if not isinstance(term.value, Quantity):
        return Derived(arithmetic.impossible("PD899", "key"), "part", (weight, term), part)
    found = arithmetic.multiplied(weight.value, term.value)
    return Derived(found, "part", (weight, term), part, address=engine.address(part, env.scope))


def _amount(found: Derived) -> Fraction:
    assert isinstance(found.value, Quantity)
    return found.value.amount
