"""The library of named functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from policy_dsl.deadlines import first_of_next_month
from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.aggregates import over_members
from policy_dsl.evaluate.derivation import Derived, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, joined
from policy_dsl.evaluate.times import time_of
from policy_dsl.sharing import Approx, NeverExceeded, fewest, logarithm, root
from policy_dsl.sharing.rounding import ONE_BY_ONE
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, Quantity, UnitFault, power_of


def call(engine: Engine, node: tree.Call, env: Env) -> Derived:
    """The value of `name(arguments)`."""
    name = node.name.text
    if name == "fewest":
        return _fewest(engine, node, env)
    parts = tuple(engine.eval(each, env) for each in node.args)
    if (gaps := joined(*parts)) is not None:
        return Derived(gaps, name, parts, node)
    return Derived(_value(engine, name, parts), name, parts, node)


def _value(engine: Engine, name: str, parts: Sequence[Derived]) -> Value:
    if name == "first_of_next_month":
        when = time_of(parts[0].value)
        if when is None:
            return arithmetic.impossible("PD899", name)
        return first_of_next_month(arithmetic.day(when, engine.clock))
    if name in ("min", "max") and all(isinstance(time_of(each.value), date) for each in parts):
        return _extreme_time(engine, name, parts)
    figures = [each.value for each in parts if isinstance(each.value, Quantity)]
    if len(figures) != len(parts) or not figures:
        return arithmetic.impossible("PD899", name)
    match name:
        case "min" | "max":
            return _extreme(engine, name, figures)
        case "average":
            return _average(figures)
        case "log":
            return _logarithm(figures[0])
        case "root":
            return _root(figures)
        case "half_up" | "half_even" | "up" | "down" | "round":
            return rounded(name, figures)
    return arithmetic.impossible("PD899", name)


def _extreme(engine: Engine, name: str, figures: Sequence[Quantity]) -> Value:
    best = figures[0]
    for other in figures[1:]:
        better = arithmetic.compared("<" if name == "min" else ">", other, best, engine.clock)
        if isinstance(better, Unknown):
            return better
        best = other if better else best
    return best


def _extreme_time(engine: Engine, name: str, parts: Sequence[Derived]) -> Value:
    times = [when for each in parts if (when := time_of(each.value)) is not None]
    best = times[0]
    for other in times[1:]:
        if arithmetic.compared("<" if name == "min" else ">", other, best, engine.clock):
            best = other
    return best


def _average(figures: Sequence[Quantity]) -> Value:
    total: Quantity | Unknown = figures[0]
    for other in figures[1:]:
        assert isinstance(total, Quantity)
        total = arithmetic.plus(total, other)
        if isinstance(total, Unknown):
            return total
    assert isinstance(total, Quantity)
    count = len(figures)
    return Quantity(total.amount / count, total.unit, total.bound / count)


def _logarithm(figure: Quantity) -> Value:
    if figure.amount <= 0 or not figure.unit.bare or figure.bound:
        return arithmetic.impossible("PD822", f"log({figure})")
    return _number(logarithm(figure.amount))


def _root(figures: Sequence[Quantity]) -> Value:
    figure, degree = figures[0], figures[1].amount if len(figures) > 1 else Fraction(2)
    if figure.amount < 0 or figure.bound or degree.denominator != 1 or degree < 1:
        return arithmetic.impossible("PD822", f"root({figure})")
    try:
        unit = power_of(figure.unit, 1 / degree)
    except UnitFault:
        return arithmetic.impossible("PD822", f"root({figure})")
    found = root(figure.amount, int(degree))
    return Quantity(found.value, unit, found.bound) if isinstance(found, Approx) else Quantity(found, unit)


def _number(found: Approx | Fraction) -> Quantity:
    return Quantity(found.value, NUMBER, found.bound) if isinstance(found, Approx) else Quantity(found)


def rounded(name: str, figures: Sequence[Quantity]) -> Value:
    """A figure rounded to a step: `up` and `half_up` go towards plus infinity, `half_even` to the even step."""
    figure, step = figures[0], figures[1].amount if len(figures) > 1 else Fraction(1)
    if step <= 0 or (len(figures) > 1 and figures[1].unit != figure.unit):
        return arithmetic.impossible("PD820", f"{name}", left=str(figure.unit), right=str(figures[-1].unit))
    steps = figure.amount / step
    low, high = _whole(name, (figure.amount - figure.bound) / step), _whole(name, (figure.amount + figure.bound) / step)
    if low != high:
        return arithmetic.impossible("PD823", f"{figure}")
    return Quantity(_whole(name, steps) * step, figure.unit)


def _whole(name: str, steps: Fraction) -> int:
    return ONE_BY_ONE["half_even" if name == "round" else name](steps)


def _fewest(engine: Engine, node: tree.Call, env: Env) -> Derived:
    """`fewest(x, r, s)`: the least number of members of `s` whose x together exceeds the part r of the sum."""
    part, group = engine.eval(node.args[1], env), engine.eval(node.args[2], env)
    figures = over_members(engine, node.args[0], group, env)
    of = (part, group, *figures.values())
    if (gaps := joined(*of)) is not None:
        return Derived(gaps, "fewest", of, node)
    amounts = {m: each.value.amount for m, each in figures.items() if isinstance(each.value, Quantity)}
    if not isinstance(part.value, Quantity) or len(amounts) != len(figures):
        return Derived(arithmetic.impossible("PD899", "fewest"), "fewest", of, node)
    try:
        return Derived(arithmetic.number(fewest(amounts, part.value.amount)), "fewest", of, node)
    except (NeverExceeded, ValueError):
        return Derived(arithmetic.impossible("PD899", "fewest"), "fewest", of, node)
