"""Facts and agreed figures: indicators with what a gap means, parameters in force, choices left to a body."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from policy_dsl.cases.case import ChoiceMade, Fact
from policy_dsl.deadlines import begins
from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.decision import ChoiceOpen
from policy_dsl.evaluate.derivation import Derived, Gap, InForce, Unknown
from policy_dsl.evaluate.engine import Engine, Env, day_of, unknown
from policy_dsl.evaluate.record import occurred
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity


def indicator(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: a fact that the case supplies, or what the policy says that its absence means."""
    node = entry.node
    assert isinstance(node, tree.Indicator)
    reach = dict(zip(engine.reach(entry), subject, strict=False))
    year = env.year if node.series else None
    fact = engine.facts.get((entry.name, reach.get("member", ""), reach.get("cohort", ""), year))
    if fact is not None:
        return _fact(entry, subject, fact)
    what = " of ".join([entry.name, *reversed(subject)]) + (f" in {year}" if year else "")
    if node.missing is None:
        return _missing(entry, subject, what, "missing", "PD801")
    if isinstance(node.missing, tree.Ident) or env.gap == entry.name:
        return _missing(entry, subject, what, "left out", "")
    made = engine.eval(node.missing, replace(env, gap=entry.name))
    return Derived(made.value, "gap", (made,), node, entry, subject, entry.address, detail=what)


def _fact(entry: Entry, subject: tuple[str, ...], fact: Fact) -> Derived:
    return Derived(fact.value, "fact", (), entry.node, entry, subject, entry.address, detail=fact)


def _missing(entry: Entry, subject: tuple[str, ...], what: str, kind: str, code: str) -> Derived:
    gap = Gap(kind, code, what, (("indicator", entry.title), ("unit", str(entry.name))))
    return Derived(Unknown((gap,)), "unknown", (), entry.node, entry, subject, entry.address)


def lacking(engine: Engine) -> tuple[tuple[Entry, tuple[str, ...], int | None], ...]:
    """The facts that were asked for and are lacking, where the rules leave out whom they lack: whose, of which year."""
    asked = {
        entry.name: entry
        for entry in engine.program.of_kind("indicator")
        if isinstance(entry.node, tree.Indicator) and isinstance(entry.node.missing, tree.Ident)
    }
    if not asked:
        return ()
    found = {
        (value.entry.name, value.subject, _year(value.value))
        for value in engine.memo.values()
        if isinstance(value, Derived) and value.op == "unknown" and value.entry and value.entry.name in asked
    }
    return tuple((asked[name], subject, year) for name, subject, year in sorted(found, key=_by_name))


def _year(value: object) -> int | None:
    """The year of a fact that is lacking; none for one without years."""
    gap = value.gaps[0].what if isinstance(value, Unknown) else ""
    year = gap.rpartition(" in ")[2]
    return int(year) if " in " in gap and year.isdigit() else None


def _by_name(each: tuple[str, tuple[str, ...], int | None]) -> tuple[str, int, tuple[str, ...]]:
    return each[0], each[2] or 0, each[1]


# ---- parameters ------------------------------------------------------------------------------------------------------


def parameter(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: the figure in force on the day of the case, or the choice of the body to which it is left."""
    node = entry.node
    assert isinstance(node, tree.Parameter)
    at, kept_by = reading_day(engine, entry)
    row = row_in_force(node, at)
    if row is None and isinstance(node.value, tree.LeftTo):
        return _left(engine, entry, node.value, env)
    source = row.value if row is not None else node.value
    assert isinstance(source, tree.Expr)
    made = engine.eval(source, env)
    since = row.since.day if row is not None else engine.program.heading.in_force
    cites = next((note.text for note in (row.notes if row else node.notes) if note.kind == "cites"), "")
    opened = engine.case.opened
    late = row is not None and opened is not None and since is not None and since > day_of(opened, engine.clock)
    detail = InForce(since, cites, late, kept_by)
    place = row if row is not None else node
    return Derived(made.value, "figure", (made,), place, entry, subject, entry.address, detail=detail)


def row_in_force(node: tree.Parameter, at: date) -> tree.Dated | None:
    """The amendment of a figure that is in force on a day; none where that is still the first figure."""
    rows = sorted(node.amendments, key=lambda row: row.since.day)
    return next((each for each in reversed(rows) if each.since.day <= at), None)


def reading_day(engine: Engine, entry: Entry) -> tuple[date, str]:
    """The day on which a figure is read: that of the case, or of its opening where a transitional clause says so.

    Where the law is read as at another day, that is the day; and no clause keeps what came into force after it.
    """
    opened = engine.case.opened
    if opened is not None:
        day = day_of(opened, engine.clock)
        for clause in engine.program.of_kind("transitional"):
            assert isinstance(clause.node, tree.Transitional)
            named = any(each.text == entry.name for each in clause.node.keeps)
            if named and clause.node.before is not None and day < clause.node.before.day:
                return min(day, engine.case.law), clause.name
    return engine.case.law, ""


def _left(engine: Engine, entry: Entry, left: tree.LeftTo, env: Env) -> Derived:
    opened = choice(engine, entry)
    made = opened.made
    if opened.without_effect is not None:
        engine.report("PD809", left, entry, what=entry.title, step=left.step.text)
    if made is not None and isinstance(opened.low.value, Quantity) and isinstance(opened.high.value, Quantity):
        if not _inside(made, opened.low.value, opened.high.value):
            gap = Gap("impossible", "PD807", entry.title, _bounds(opened))
            return unknown(gap, left, entry)
        return Derived(made.value, "choice", (opened.low, opened.high), left, entry, (), entry.address, detail=made)
    if left.otherwise is None:
        gap = Gap("awaiting", "PD808", entry.title, (("step", left.step.text), *_bounds(opened)))
        return unknown(gap, left, entry)
    value = engine.eval(left.otherwise, env)
    return Derived(value.value, "choice", (value,), left, entry, (), entry.address, detail=None)


def _may_choose(engine: Engine, step: tree.Ident, made: ChoiceMade) -> bool:
    """Whether the step to which a figure is left has taken place (a vote: was adopted), and the choice in time.

    An example need not give the step; but if it does, it counts.
    """
    if engine.case.partial and not any(event.step == step.text for event in engine.case.events):
        return True
    entry = engine.program.entries.get(step.text)
    if entry is None or not isinstance(entry.node, tree.Step):
        return False
    late = made.at is not None and begins(made.at, engine.clock) > engine.now
    return not late and bool(occurred(engine, entry, Env()))


def _inside(made: ChoiceMade, low: Quantity, high: Quantity) -> bool:
    return made.value.unit == low.unit and low.amount <= made.value.amount <= high.amount


def _bounds(opened: ChoiceOpen) -> tuple[tuple[str, str], ...]:
    return (("high", str(opened.high.value)), ("low", str(opened.low.value)))


def choice(engine: Engine, entry: Entry) -> ChoiceOpen:
    """What a parameter leaves open: the body, the bounds, the choice made or what holds without one."""
    node = entry.node
    assert isinstance(node, tree.Parameter)
    left = node.value
    assert isinstance(left, tree.LeftTo)
    low, high = engine.eval(left.low, Env()), engine.eval(left.high, Env())
    value = engine.eval(left.otherwise, Env()) if left.otherwise is not None else None
    made = next((each for each in engine.case.choices if each.parameter == entry.name), None)
    if made is not None and not _may_choose(engine, left.step, made):
        return ChoiceOpen(entry, left.step.text, low, high, value, None, made)
    return ChoiceOpen(entry, left.step.text, low, high, value, made)


# ---- a fund's ledger -------------------------------------------------------------------------------------------------


def ledger(engine: Engine, fund: Entry, subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: `balance of`, `level of`, `pledged of`, `paid of`, `arrears of` a fund, as it stood at the opening.

    In the context of a member, the pledges, payments and arrears are that member's.
    """
    word, member = subject
    node = fund.node
    assert isinstance(node, tree.Fund)
    if word == "level":
        if node.level is None:
            return unknown(Gap("impossible", "PD835", fund.title), node, fund)
        made = engine.eval(node.level.expr, Env())
        return Derived(made.value, "level", (made,), node.level, fund, (), fund.address)
    found = next((each for each in engine.case.ledgers if each.fund == fund.name), None)
    if found is None:
        return unknown(Gap("missing", "PD801", f"{word} of {fund.name}", (("indicator", fund.title),)), node, fund)
    if word == "balance":
        return Derived(found.balance, "ledger", (), node, fund, (), fund.address, detail=(word,))
    kinds = {"pledged": ("pledge",), "paid": ("payment",), "arrears": ("due",)}[word]
    lines = [each for each in found.movements if each.on <= engine.opening and member in ("", each.member)]
    total = arithmetic.zero(found.balance.unit).amount
    total += sum(each.amount.amount for each in lines if each.kind in kinds)
    if word == "arrears":
        total -= sum(each.amount.amount for each in lines if each.kind == "payment")
        total = max(total, arithmetic.zero(found.balance.unit).amount)
    whose = (member,) if member else ()
    return Derived(Quantity(total, found.balance.unit), "ledger", (), node, fund, whose, fund.address, detail=(word,))


__all__ = ["choice", "indicator", "ledger", "parameter"]
