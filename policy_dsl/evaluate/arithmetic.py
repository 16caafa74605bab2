"""Operations on exact values: what a sum, a quotient or a comparison of two quantities is, bounds included."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from fractions import Fraction

from policy_dsl.cases.case import Event
from policy_dsl.evaluate.derivation import Gap, Status, Unknown, Value
from policy_dsl.sharing import Approx, power
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit, UnitFault, divide, power_of, times


class Undecided(Exception):
    """A comparison that the bound of an irrational figure leaves open."""


def impossible(code: str, what: str, **detail: str) -> Unknown:
    """A value that the figures make impossible."""
    return Unknown((Gap("impossible", code, what, tuple(sorted(detail.items()))),))


def plus(left: Quantity, right: Quantity, sign: int = 1) -> Quantity | Unknown:
    """The sum, or with sign -1 the difference. Units must be the same."""
    if left.unit != right.unit:
        return impossible("PD820", f"{left} and {right}", left=str(left.unit), right=str(right.unit))
    return Quantity(left.amount + sign * right.amount, left.unit, left.bound + right.bound)


def multiplied(left: Quantity, right: Quantity) -> Quantity:
    """The product."""
    if not left.bound and not right.bound:
        return Quantity(left.amount * right.amount, times(left.unit, right.unit))
    bound = abs(left.amount) * right.bound + abs(right.amount) * left.bound + left.bound * right.bound
    return Quantity(left.amount * right.amount, times(left.unit, right.unit), bound)


def divided(left: Quantity, right: Quantity, *, written: bool = False) -> Quantity | Unknown:
    """The quotient. With `written`, one of two numbers is a figure in the text, and the quotient stays a number."""
    if abs(right.amount) <= right.bound:
        return impossible("PD821", str(left))
    unit = divide(left.unit, right.unit)
    if written and left.unit == NUMBER and right.unit == NUMBER:
        unit = NUMBER
    amount = left.amount / right.amount
    if not left.bound and not right.bound:
        return Quantity(amount, unit)
    bound = (left.bound + abs(amount) * right.bound) / (abs(right.amount) - right.bound)
    return Quantity(amount, unit, bound)


def raised(base: Quantity, exponent: Quantity) -> Quantity | Unknown:
    """The power: exact where it is rational, else to forty digits with its bound."""
    if not exponent.unit.bare or exponent.bound or base.bound:
        return impossible("PD822", f"{base} ^ {exponent}")
    if (base.amount < 0 and exponent.amount.denominator != 1) or (base.amount == 0 and exponent.amount < 0):
        return impossible("PD822", f"{base} ^ {exponent}")
    try:
        unit = power_of(base.unit, exponent.amount)
    except UnitFault:
        return impossible("PD822", f"{base} ^ {exponent}")
    found = power(base.amount, exponent.amount)
    if isinstance(found, Approx):
        return Quantity(found.value, unit, found.bound)
    return Quantity(found, unit)


def compared(op: str, left: Value, right: Value, clock: tzinfo) -> bool | Unknown:
    """Whether `left op right` holds, for figures of one unit, times, and for = and <> all other values."""
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return _compared_quantities(op, left, right)
    one, other = _as_time(left), _as_time(right)
    if one is not None and other is not None:
        return _holds(op, *_alike(one, other, clock))
    if op == "=":
        return left == right
    if op == "<>":
        return left != right
    return impossible("PD820", f"{left} and {right}", left=str(left), right=str(right))


def zero(unit: Unit) -> Quantity:
    """Nothing of a unit."""
    return Quantity(Fraction(0), unit)


def ratio(amount: Fraction) -> Quantity:
    """A ratio."""
    return Quantity(amount, RATIO)


def number(amount: int | Fraction) -> Quantity:
    """A number."""
    return Quantity(Fraction(amount), NUMBER)


def same_value(one: Value, other: Value) -> bool:
    """Whether two values are equal, as two exceptions that give the same result are."""
    return one == other


def _compared_quantities(op: str, left: Quantity, right: Quantity) -> bool | Unknown:
    if left.unit != right.unit:
        return impossible("PD820", f"{left} and {right}", left=str(left.unit), right=str(right.unit))
    if left.bound or right.bound:
        gap = left.amount - right.amount
        if gap != 0 and abs(gap) <= left.bound + right.bound:
            return impossible("PD823", f"{left} and {right}")
    return _holds(op, left.amount, right.amount)


def _holds(op: str, left: Fraction | date, right: Fraction | date) -> bool:
    match op:
        case "=":
            return left == right
        case "<>":
            return left != right
        case "<":
            return left < right  # type: ignore[operator]
        case "<=":
            return left <= right  # type: ignore[operator]
        case ">":
            return left > right  # type: ignore[operator]
    return left >= right  # type: ignore[operator]


def _as_time(value: Value) -> date | datetime | None:
    if isinstance(value, Event):
        return value.at
    if isinstance(value, date):
        return value
    return None


def _alike(one: date | datetime, other: date | datetime, clock: tzinfo) -> tuple[date, date]:
    """Two moments as they are; where one is a date, both as dates on the policy's clock."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one, other
    return day(one, clock), day(other, clock)


def day(when: date | datetime, clock: tzinfo) -> date:
    """The calendar day of a moment on the policy's clock; a date is itself."""
    return when.astimezone(clock).date() if isinstance(when, datetime) else when


__all__ = [
    "Status",
    "compared",
    "day",
    "divided",
    "impossible",
    "multiplied",
    "number",
    "plus",
    "raised",
    "ratio",
    "same_value",
    "zero",
]
