"""An exact figure with its unit."""

from __future__ import annotations

from fractions import Fraction

from policy_dsl.records import dataclass
from policy_dsl.values.units import NUMBER, RATIO, Unit, UnitFault, unit_named


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in the base units of `unit`.

    `bound` is how far the true value may lie from `amount`; it is 0 but where an irrational power or logarithm was
    taken to a stated precision.
    """

    amount: Fraction
    unit: Unit = NUMBER
    bound: Fraction = Fraction(0)

    def __str__(self) -> str:
        if self.unit == RATIO:
            return f"{plain(self.amount * 100)}%"
        if self.unit == NUMBER:
            return plain(self.amount)
        return f"{plain(self.amount)} {self.unit}"


def plain(amount: Fraction, digits: int = 12) -> str:
    """A figure as digits, groups of three parted by `_`: exact where it ends within `digits`, else followed by `…`."""
    sign = "-" if amount < 0 else ""
    amount = abs(amount)
    scaled = amount * 10**digits
    cut = scaled.numerator // scaled.denominator
    whole, rest = divmod(cut, 10**digits)
    decimals = str(rest).rjust(digits, "0").rstrip("0")
    text = f"{whole:_}" + (f".{decimals}" if decimals else "")
    return sign + text + ("…" if scaled.denominator != 1 else "")


def one_of(word: str) -> Quantity | None:
    """One of what a word stands for, in base units: a month is a twelfth of a year. None for a word that is no unit."""
    try:
        unit, factor = unit_named(word)
    except UnitFault:
        return None
    return Quantity(factor, unit)
