"""Times: so long after or before another time, counted by the policy's regime, calendar and clock."""

from __future__ import annotations

from datetime import date, datetime

from policy_dsl.cases.case import Event
from policy_dsl.deadlines import DeadlineError, NoSuchDate, Period, Unit, end_of_limit, ends, limit_before, point
from policy_dsl.evaluate.arithmetic import impossible
from policy_dsl.evaluate.conditions import condition
from policy_dsl.evaluate.derivation import Derived, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, joined
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

_UNITS = {"hour": Unit.HOURS, "day": Unit.DAYS, "working day": Unit.WORKING_DAYS}


def time_of(value: Value) -> date | datetime | None:
    """The time that a value stands for: an event stands for its moment."""
    if isinstance(value, Event):
        return value.at
    return value if isinstance(value, date) else None


def period_of(value: Value) -> Period | None:
    """The period that a quantity stands for: whole hours, days, working days or months; None for anything else."""
    if not isinstance(value, Quantity) or value.bound or value.amount < 0:
        return None
    unit, amount = value.unit.period, value.amount
    if unit == "year":
        months = amount * 12
        if months.denominator != 1:
            return None
        return (
            Period(int(amount), Unit.YEARS) if amount.denominator == 1 and amount else Period(int(months), Unit.MONTHS)
        )
    if unit not in _UNITS or amount.denominator != 1:
        return None
    return Period(int(amount), _UNITS[unit])


def deadline(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    """The end of a time limit: the last period counted is moved off a holiday where the regime says so.

    Of the earlier or later of several limits, and of limits that hang on a condition, each is moved by itself. A date
    that has a name of its own (a `define`) is the date of a state of affairs, and stays.
    """
    match node:
        case tree.Binary(op="after" | "before"):
            return shifted(engine, node, env, limit=True)
        case tree.Choice():
            when = condition(engine, node.when, env)
            if (gaps := joined(when)) is not None:
                return Derived(gaps, "if", (when,), node)
            chosen = deadline(engine, node.then if when.value else node.otherwise, env)
            return Derived(chosen.value, "if", (when, chosen), node)
        case tree.Call(name=tree.Ident(text="min" | "max" as word)):
            return _extreme(engine, word, tuple(deadline(engine, each, env) for each in node.args), node)
    return engine.eval(node, env)


def _extreme(engine: Engine, word: str, parts: tuple[Derived, ...], node: tree.Expr) -> Derived:
    """The earlier or later of several time limits, each moved by itself."""
    times = [when for each in parts if (when := time_of(each.value)) is not None]
    if (gaps := joined(*parts)) is not None or len(times) != len(parts):
        return Derived(gaps or impossible("PD899", word), word, parts, node)
    pick = min if word == "min" else max
    return Derived(pick(times, key=lambda each: ends(each, engine.clock)), word, parts, node)


def shifted(engine: Engine, node: tree.Binary, env: Env, *, limit: bool) -> Derived:
    """`period after time` or `period before time`; with `limit` the end of a time limit, else a date of a state."""
    length, start = engine.eval(node.left, env), engine.eval(node.right, env)
    if (gaps := joined(length, start)) is not None:
        return Derived(gaps, node.op, (length, start), node)
    when, period = time_of(start.value), period_of(length.value)
    if when is None or period is None:
        return Derived(impossible("PD828", str(length.value)), node.op, (length, start), node)
    try:
        if node.op == "before":
            found = limit_before(when, period, engine.regime, engine.calendar, engine.clock)
        elif limit:
            found = end_of_limit(when, period, engine.regime, engine.calendar, engine.clock)
        else:
            found = point(when, period, engine.regime, engine.calendar, engine.clock)
    except NoSuchDate as none:
        first, second = (str(each) for each in none.candidates)
        return Derived(_no_date(first, second, str(when)), node.op, (length, start), node)
    except DeadlineError as fault:
        return Derived(impossible("PD828", f"{fault}"), node.op, (length, start), node)
    return Derived(found.end, node.op, (length, start), node, detail=found)


def _no_date(first: str, second: str, start: str) -> Unknown:
    return impossible("PD829", start, first=first, second=second)
