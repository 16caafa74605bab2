"""Standing funds: who is in arrears and suspended for it, what this decision has a fund receive and pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction

from policy_dsl.cases.case import Ledger, Movement
from policy_dsl.deadlines import DeadlineError, date_of, point
from policy_dsl.evaluate.conditions import condition
from policy_dsl.evaluate.decision import FundOutcome
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.evaluate.engine import Engine, Env, codes_of
from policy_dsl.evaluate.groups import members
from policy_dsl.evaluate.times import deadline, period_of, time_of
from policy_dsl.resolve.program import Entry
from policy_dsl.sharing import round_shares
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity, Unit

ZERO = Fraction(0)
CENT = Fraction(1, 100)


def suspended(engine: Engine, entry: Entry, _subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: the members whose dues to a fund have been unpaid for longer than the fund allows."""
    codes: set[str] = set()
    made = []
    for name in engine.program.suspensions.get(entry.name, ()):
        fund = engine.program.entries[name]
        assert isinstance(fund.node, tree.Fund)
        ledger = _ledger(engine, fund)
        for line in fund.node.suspends:
            if ledger is None or line.name.text != entry.name:
                continue
            allowed = engine.eval(line.after, Env())
            made.append(Derived(ledger.balance, "ledger", (allowed,), line, fund, (), fund.address, detail=ledger))
            unpaid = _oldest_unpaid(ledger, engine.opening)
            codes |= {m for m, since in unpaid.items() if _too_old(engine, since, allowed)}
    return Derived(tuple(sorted(codes)), "group", tuple(made), entry.node, entry, (), entry.address)


def _too_old(engine: Engine, since: date, allowed: Derived) -> bool:
    period = period_of(allowed.value)
    if period is None:
        return False
    try:
        last = date_of(point(since, period, engine.regime, engine.calendar, engine.clock).end, engine.clock)
    except DeadlineError:
        return False
    return last < engine.opening


def _oldest_unpaid(ledger: Ledger, opening: date) -> dict[str, date]:
    """For each member in arrears the day of its oldest due that payments, the oldest first, have not covered."""
    found = {}
    for member, lines in _by_member(tuple(each for each in ledger.movements if each.on <= opening)).items():
        paid = sum((each.amount.amount for each in lines if each.kind == "payment"), ZERO)
        for due in sorted((each for each in lines if each.kind == "due"), key=lambda each: each.on):
            paid -= due.amount.amount
            if paid < 0:
                found[member] = due.on
                break
    return found


def _by_member(movements: tuple[Movement, ...]) -> dict[str, list[Movement]]:
    lines: dict[str, list[Movement]] = {}
    for each in movements:
        lines.setdefault(each.member, []).append(each)
    return lines


def _ledger(engine: Engine, fund: Entry) -> Ledger | None:
    return next((each for each in engine.case.ledgers if each.fund == fund.name), None)


def fund_outcome(engine: Engine, fund: Entry) -> FundOutcome:
    """Where a fund stands and what this decision moves.

    Payments come out of the opening balance and what this decision has members pay in, less what is reserved; if that
    falls short they are cut in proportion, to whole cents.
    """
    node = fund.node
    assert isinstance(node, tree.Fund)
    balance = engine.providers["ledger"](engine, fund, ("balance", ""), Env())
    level = engine.providers["ledger"](engine, fund, ("level", ""), Env()) if node.level else None
    due = tuple(each for line in node.fed for each in _dues(engine, line))
    _report_strangers(engine, fund)
    opening = balance.value.amount if isinstance(balance.value, Quantity) else ZERO
    unit = balance.value.unit if isinstance(balance.value, Quantity) else _unit(engine, fund)
    reserved = _reserved(engine, node, opening)
    incoming = sum((amount for _, _, amount, _ in due), ZERO)
    available = max(opening + incoming - sum((amount for _, amount in reserved), ZERO), ZERO)
    asked = [each for line in node.pays for each in _payments(engine, line)]
    paid = _cut(asked, available)
    wanted = sum((each.value.amount for _, each in asked if isinstance(each.value, Quantity)), ZERO)
    out = sum((amount for _, _, amount in paid), ZERO)
    return FundOutcome(
        entry=fund,
        balance=balance,
        level=level,
        due=due,
        paid_out=paid,
        cut=wanted - out,
        reserved=reserved,
        arrears=_arrears(engine, fund),
        suspended=_suspended_by(engine, node),
        closing=opening + incoming - out,
        unit=unit,
    )


def _report_strangers(engine: Engine, fund: Entry) -> None:
    """Say of whom the ledger has lines that belong to no member: a figure of each member passes them over."""
    ledger = _ledger(engine, fund)
    everybody = members(engine, Env())
    for member, lines in sorted(_by_member(ledger.movements if ledger is not None else ()).items()):
        if member not in everybody:
            said = ", ".join(f"{each.kind} of {each.amount} on {each.on}" for each in sorted(lines, key=_in_time))
            engine.report("PD806", fund.node, fund, name=fund.title, member=member, lines=said)


def _in_time(line: Movement) -> tuple[date, str, Fraction]:
    return line.on, line.kind, line.amount.amount


def _unit(engine: Engine, fund: Entry) -> Unit:
    currency = engine.program.heading.currency
    return Unit(((currency, 1),)) if currency else engine.unit(fund.node)


def _dues(engine: Engine, line: tree.Fed) -> list[tuple[str, str, Fraction, date | datetime | None]]:
    entry = engine.program.entries.get(line.by.text)
    if entry is None:
        return []
    when = time_of(deadline(engine, line.due, Env()).value) if line.due is not None else None
    found = []
    for member in members(engine, Env()):
        value = engine.value_for(entry, (member,), Env()).value
        if isinstance(value, Quantity) and value.amount:
            found.append((entry.name, member, value.amount, when))
    return found


def _payments(engine: Engine, line: tree.Pays) -> list[tuple[str, Derived]]:
    entry = engine.program.entries.get(line.what.text)
    if entry is None:
        return []
    if line.when is not None and condition(engine, line.when, Env()).value is not True:
        return []
    found = []
    for member in members(engine, Env()):
        made = engine.value_for(entry, (member,), Env())
        if isinstance(made.value, Quantity) and made.value.amount > 0:
            found.append((member, made))
    return found


def _cut(asked: list[tuple[str, Derived]], available: Fraction) -> tuple[tuple[str, Derived, Fraction], ...]:
    figures = {m: each.value.amount for m, each in asked if isinstance(each.value, Quantity)}
    whole = sum(figures.values(), ZERO)
    if whole <= available:
        return tuple((m, each, figures[m]) for m, each in asked if m in figures)
    shares = {m: amount * available / whole for m, amount in figures.items()}
    made = round_shares(available, shares, method="down", step=CENT)
    return tuple((m, each, made.rounded[m] or ZERO) for m, each in asked if m in figures)


def _reserved(engine: Engine, node: tree.Fund, opening: Fraction) -> tuple[tuple[str, Fraction], ...]:
    found = []
    for line in node.reserves:
        value = engine.eval(line.amount, Env()).value
        if isinstance(value, Quantity):
            found.append((line.holder.text, value.amount * opening if value.unit == RATIO else value.amount))
    return tuple(found)


def _arrears(engine: Engine, fund: Entry) -> tuple[tuple[str, Fraction], ...]:
    found: Mapping[str, Derived] = {
        m: engine.providers["ledger"](engine, fund, ("arrears", m), Env()) for m in members(engine, Env())
    }
    return tuple(
        (m, each.value.amount)
        for m, each in found.items()
        if isinstance(each.value, Quantity) and each.value.amount > 0
    )


def _suspended_by(engine: Engine, node: tree.Fund) -> tuple[str, ...]:
    found: set[str] = set()
    for line in node.suspends:
        entry = engine.program.entries.get(line.name.text)
        if entry is not None:
            found.update(codes_of(engine.value_for(entry, (), Env()).value))
    return tuple(sorted(found))
