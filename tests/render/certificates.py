"""The certificates of a decision worked out anew from their inputs: weights, limits, credits, balances, movements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tracing import ZERO, Known

from policy_dsl.evaluate.decision import Decision, Shared, ShareRow
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.assigned import cost_unit
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit


def amount_of(value: Derived | None) -> Fraction | None:
    """The amount of a value, if it has one."""
    return value.value.amount if value is not None and isinstance(value.value, Quantity) else None


def _sum(amounts: Iterable[Fraction | None]) -> Fraction:
    return sum((each for each in amounts if each is not None), ZERO)


@dataclass
class Certificate:
    """A sharing out as its own inputs give it: for each member the figure of each column, and what holds of the whole.

    From the decision it takes the values with a derivation and who was held at which limit, in which band; all other
    figures are calculated here. Only which whole steps rounding gave to whom is taken over, and what was taken of a
    remainder, once their sums have been compared.
    """

    shared: Shared
    rows: dict[str, dict[str, Fraction]]
    known: Known
    whole: Known

    def of(self, member: str) -> Known:
        """What may be said of one member."""
        return self.known_rows[member]

    known_rows: dict[str, Known] = field(default_factory=dict)


def certificate(shared: Shared) -> Certificate:
    """The certificate of a sharing out, from its inputs."""
    made = Certificate(shared, {}, Known(), Known())
    total = amount_of(shared.total)
    if total is None:
        return made
    unit = shared.unit
    weight_unit = next((q.unit for r in shared.rows if r.weight and isinstance(q := r.weight.value, Quantity)), NUMBER)
    pool = total - _sum(amount_of(row.fixed) for row in shared.rows)
    exact = _exact_shares(shared, pool, made)
    weights = _sum(amount_of(row.weight) for row in shared.rows)
    for row in shared.rows:
        here = made.rows[row.member] = _row(shared, row, exact, weights, pool)
        known = made.known_rows[row.member] = Known()
        for name, amount in here.items():
            own = RATIO if name == "part" else weight_unit if name == "weight" else unit
            known.add(Quantity(amount, own), Quantity(-amount, own))
        peers = [r for r in shared.rows if r.outside is None and r.fixed is None and r.band == row.band]
        together = _sum(amount_of(each.weight) for each in peers)
        if row.weight is not None and together and amount_of(row.weight) is not None:
            known.add(Quantity(amount_of(row.weight) / together, RATIO))
        known.counts |= {len(peers), len(shared.bands), row.band or 0, len(shared.rows), *range(1, len(peers) + 1)}
    _whole(shared, made, weight_unit, total, exact)
    made.known.join(made.whole)
    for known in made.known_rows.values():
        made.known.join(known)
        known.join(made.whole)
    return made


def _exact_shares(shared: Shared, pool: Fraction, made: Certificate) -> dict[str, Fraction]:
    """The shares after limits and before credits: of those held their limit, of the others one factor for a weight."""
    if shared.assignment is not None:
        return {}
    found: dict[str, Fraction] = {}
    offered, unit = pool, shared.unit
    so_far = ZERO
    bands = sorted({row.band for row in shared.rows if row.band is not None}) or [None]
    for band in bands:
        rows = [r for r in shared.rows if r.band == band and r.exact is not None]
        if band is not None:
            made.whole.add(Quantity(offered, unit))
        by_weight = _by_weight(rows, offered)
        for row in rows:
            bound = amount_of(row.ceiling if row.held == "ceiling" else row.floor) if row.held else None
            if bound is not None:
                found[row.member] = _whole_steps(shared, bound, row.held) if band is not None else bound
        taken = _sum(row.exact for row in rows)
        free = [row for row in rows if row.member not in found]
        left = taken - _sum(found[row.member] for row in rows if row.member in found)
        among = _sum(by_weight[row.member] for row in free)
        for row in free:
            found[row.member] = left * by_weight[row.member] / among if among else ZERO
        if free or all(not row.held for row in rows):
            # Nobody is left short of a limit while something is left over.
            assert taken == offered or any(row.held == "ceiling" for row in rows), shared
        if band is not None:
            part = shared.bands[band - 1]
            assert (part.offered, part.taken, part.passed) == (offered, taken, offered - taken), shared
            so_far += taken
            made.whole.add(*(Quantity(each, unit) for each in (taken, offered - taken, so_far)), tuple(part.members))
            offered -= taken
    return found


def _by_weight(rows: list[ShareRow], pool: Fraction) -> dict[str, Fraction]:
    """Shares by the weights alone, after relief."""
    weights = {row.member: amount_of(row.weight) or ZERO for row in rows}
    whole = sum(weights.values(), ZERO)
    first = {member: pool * weight / whole if whole else ZERO for member, weight in weights.items()}
    for row in rows:
        if row.relief is not None and row.relieved is not None:
            rate = amount_of(row.relief)
            assert rate is None or row.relieved == first[row.member] * rate, row.member
    assert _sum(row.relieved for row in rows) == _sum(row.borne for row in rows)
    return {row.member: first[row.member] - (row.relieved or ZERO) + (row.borne or ZERO) for row in rows}


def _whole_steps(shared: Shared, bound: Fraction, held: str) -> Fraction:
    """A limit in whole steps, where each band is rounded by itself."""
    step = shared.rounding_step
    if step is None:
        return bound
    return (bound // step if held == "ceiling" else -(-bound // step)) * step


def _row(
    shared: Shared, row: ShareRow, exact: dict[str, Fraction], weights: Fraction, pool: Fraction
) -> dict[str, Fraction]:
    """The figures of a member by the column in which they stand."""
    found: dict[str, Fraction | None] = {"fixed": amount_of(row.fixed), "weight": amount_of(row.weight)}
    found["cost"] = found["weight"]
    if row.weight is not None and weights and row.weight.known:
        found["part"] = amount_of(row.weight) / weights
    found |= {"floor": amount_of(row.floor), "ceiling": amount_of(row.ceiling), "credit": amount_of(row.credit)}
    found |= {"relief": -row.relieved if row.relieved is not None else None, "borne": row.borne}
    if row.member in exact:
        found["exact"] = found["net"] = own = exact[row.member]
        if not shared.bands and row.weight is not None and weights:
            inside = [each for each in shared.rows if each.exact is not None]
            found["quota"] = _by_weight(inside, pool)[row.member]
            found["moved"] = own - found["quota"]
        if row.credit is not None:
            rest = own - (amount_of(row.credit) or ZERO)
            refunded = any(line.refunded for line in getattr(shared.entry.node, "less", ()))
            found["net"] = rest if refunded else max(rest, ZERO)
            found["excess"] = min(rest, ZERO)
        if row.rounded is not None:
            found["rounded"] = row.rounded
            found["step"] = row.rounded - found["net"]
            step = shared.rounding_step or (shared.roundings[0].step if shared.roundings else None)
            if step is not None:
                assert row.rounded % step == 0 or row.rounded in (found["floor"], found["ceiling"]), row.member
                assert abs(row.rounded - found["net"]) < step or row.held, row.member
    found["extra"] = row.extra
    found["adjusted"] = row.adjusted.change.amount if row.adjusted is not None else None
    if row.final.known:
        if shared.assignment is None:
            first = found["fixed"] if row.fixed is not None else row.rounded or ZERO
            found["final"] = first + (row.extra or ZERO) + (found["adjusted"] or ZERO)
        else:
            found["final"] = amount_of(row.final)
    return {name: amount for name, amount in found.items() if amount is not None}


def _whole(shared: Shared, made: Certificate, weight_unit: Unit, total: Fraction, exact: dict[str, Fraction]) -> None:
    """What is said of a sharing out as a whole: sums of columns, the factor, the step, and what is left over."""
    unit, known = shared.unit, made.whole
    known.add(shared.total.value, shared.among.value, Quantity(Fraction(1), weight_unit))
    for name in ("weight", "exact", "net", "rounded", "extra", "final", "relief", "borne"):
        known.add(
            Quantity(_sum(each.get(name) for each in made.rows.values()), weight_unit if name == "weight" else unit)
        )
    free = [row for row in shared.rows if row.member in exact and not row.held and amount_of(row.weight)]
    if free and not shared.bands:
        known.add(Quantity(exact[free[0].member] / amount_of(free[0].weight), unit))
    if shared.roundings:
        known.add(Quantity(shared.rounding_step or shared.roundings[0].step, unit))
    given = _sum(each.get("final") for each in made.rows.values())
    credited = _sum(each.get("exact", ZERO) - each.get("net", ZERO) for each in made.rows.values())
    if shared.assignment is None:
        assert credited == shared.credits, shared
    drawn = [rounding.to_draw * rounding.step for rounding in shared.roundings]
    opened = _sum(drawn) + _sum(shared_low(shared))
    left = {"credits": credited, "open": opened if shared.undetermined else ZERO, "difference": -shared.difference}
    left |= {"unallocated": shared.unallocated, "residue": shared.residue}
    if shared.sum_check:
        assert given + sum(left.values(), ZERO) == total, (shared, given, left)
    known.add(*(Quantity(each, unit) for each in left.values()))
    if shared.assignment is not None:
        cost = cost_unit(shared)
        known.add(Quantity(shared.assignment.total_cost, cost))
        known.add(*(Quantity(each.saves, cost) for each in shared.assignment.prices.values() if each is not None))


def shared_low(shared: Shared) -> list[Fraction]:
    """What each member has for sure to whom a tie may give one step more."""
    return [
        rounding.low[member] for rounding in shared.roundings for member, got in rounding.rounded.items() if got is None
    ]


def funds(decision: Decision) -> Known:
    """The movements of the funds: what comes in is a share, what goes out a value, and the balance after follows."""
    known = Known()
    for fund in decision.funds:
        unit, before = fund.unit, amount_of(fund.balance) or ZERO
        for name, member, size, when in fund.due:
            assert amount_of(decision.values.get((name, (member,)))) == size, (name, member)
            known.add(Quantity(size, unit), when)
        asked = _sum(amount_of(value) for _, value, _ in fund.paid_out)
        paid = _sum(size for _, _, size in fund.paid_out)
        for _, value, size in fund.paid_out:
            assert size == amount_of(value) or (fund.cut and size < amount_of(value))
            known.add(Quantity(size, unit), Quantity(-size, unit))
        after = before + _sum(size for _, _, size, _ in fund.due) - paid
        known.add(Quantity(before, unit), Quantity(after, unit), Quantity(asked - paid, unit), Quantity(paid, unit))
        known.join(_reserves(decision, fund.entry.node, before, unit))
        known.join(_arrears(decision, fund.entry.name, unit))
    return known


def _reserves(decision: Decision, node: object, before: Fraction, unit: Unit) -> Known:
    known = Known()
    for line in node.reserves if isinstance(node, tree.Fund) else ():
        ref = getattr(decision.program.ref(line.amount), "name", None)
        value = decision.values.get((ref, ())) if ref else None
        if isinstance(line.amount, tree.Percent):
            known.add(Quantity(line.amount.value * before, unit))
        elif value is not None and isinstance(value.value, Quantity):
            known.add(Quantity(value.value.amount * (before if value.value.unit == RATIO else 1), unit))
    return known


def _arrears(decision: Decision, fund: str, unit: Unit) -> Known:
    opened = decision.case.opened
    last = getattr(opened, "date", lambda: opened)() or decision.case.at
    owed: dict[str, Fraction] = {}
    for ledger in decision.case.ledgers:
        for each in ledger.movements:
            if ledger.fund == fund and each.on <= last and each.kind in ("due", "payment"):
                sign = 1 if each.kind == "due" else -1
                owed[each.member] = owed.get(each.member, ZERO) + sign * each.amount.amount
    return Known().add(*(Quantity(each, unit) for each in owed.values()))
