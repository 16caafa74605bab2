"""Whole numbers, roots, powers and logarithms of computed figures."""

from __future__ import annotations

import math
from fractions import Fraction

from policy_dsl.plan.bounds import SAFE
from policy_dsl.plan.figures import Figures
from policy_dsl.plan.nodes import UNIT, Node

LIBRARY = 16.0
"""What a power or a logarithm may be off by, in UNIT: the libraries in use state at most four units in the last place,

and one such unit is at most two of these; the rest is room.
"""

_EXPANDED = (2, 3, 4)


class Rounded(Figures):
    """A figure that is a whole number of some part is rounded without doubt if the part is large against its error."""

    def floor(self, a: Node) -> Node:
        """The greatest whole number not above; in doubt where a whole number is closer than what it may be off by."""
        if (found := self.fixed(lambda x: Fraction(x.__floor__()), a)) is not None:
            return found
        return self._whole("floor", a, 1)

    def ceil(self, a: Node) -> Node:
        """The least whole number not below; in doubt where a whole number is closer than what it may be off by."""
        if (found := self.fixed(lambda x: Fraction(x.__ceil__()), a)) is not None:
            return found
        return self._whole("ceil", a, -1)

    def half_up(self, a: Node) -> Node:
        """The nearest whole number, halves up."""
        if a.whole:
            return a
        return self.floor(self.add(a, self.constant(Fraction(1, 2))))

    def half_even(self, a: Node) -> Node:
        """The nearest whole number, halves to even."""
        if (found := self.fixed(lambda x: Fraction(round(x)), a)) is not None:
            return found
        if a.whole and a.exact:
            return a
        if a.exact or (a.parts % 2 == 1 and self._grained(a)):
            return self._made_whole("rint", a)
        if a.parts and self._grained(a):
            up = self.half_up(a)
            two = self.constant(2)
            tie = self.equal(self.sub(up, a), self.constant(Fraction(1, 2)))
            odd = self.negation(self.equal(self.mul(two, self.floor(self.mul(up, self.constant(Fraction(1, 2))))), up))
            return self.where(self.both(tie, odd), self.sub(up, self.constant(1)), up)
        below = self._made_whole("floor", a)
        middle = self._plain("add", below, self._figure(0.5))
        self._doubt_within(a, middle)
        return self._made_whole("rint", a)

    def nearest(self, a: Node) -> Node:
        """The nearest whole number of a figure that is whole, and computed exactly, wherever this result is used."""
        return self._made_whole("rint", a)

    def _whole(self, op: str, a: Node, sign: int) -> Node:
        if a.exact:
            return a if a.whole else self._made_whole(op, a)
        if self._grained(a):
            # The true value is a whole number of parts: moved by half a part, no whole number is near.
            return self._made_whole(op, self._plain("add", a, self.constant(Fraction(sign, 2 * a.parts))), a)
        self._doubt_within(a, self._node("rint", (a,), None))
        return self._made_whole(op, a)

    def _made_whole(self, op: str, a: Node, of: Node | None = None) -> Node:
        of = of or a
        low = math.floor(of.low) if math.isfinite(of.low) else of.low
        high = math.ceil(of.high) if math.isfinite(of.high) else of.high
        return self._node(op, (a,), None, low=low, high=high, parts=1)

    def _grained(self, a: Node) -> bool:
        """Whether the value is a whole number of parts, and off by far less than one."""
        size = max(abs(a.low), abs(a.high))
        return a.parts > 0 and (self.most(a) + 2 * UNIT * size) * 8 * a.parts <= 1

    def _doubt_within(self, a: Node, place: Node) -> None:
        """In doubt where a figure is closer to a place, found from itself, than what it may be off by."""
        off = self.absolute(a)
        if off is None:
            return
        if isinstance(a.error, float):
            off = self._times(self._figure((a.error + 2) * UNIT), self._plain("abs", a))
        else:
            off = self._sum_of(off, self._rounded(self.magnitude(a)))
        assert off is not None
        apart = self._plain("abs", self._plain("sub", a, place))
        self.doubt("close", self._plain_truth("le", apart, self._plain("mul", self._figure(SAFE), off)))

    # ---- roots, powers, logarithms -------------------------------------------------------------------------------

    def sqrt(self, a: Node) -> Node:
        """The square root of a figure that is not negative."""
        if a.low < 0:
            self.doubt("no value", self.less(a, self.constant(0)))
        low, high = math.sqrt(max(a.low, 0.0)), math.sqrt(max(a.high, 0.0))
        if isinstance(a.error, float):
            return self._node("sqrt", (a,), None, low=low, high=high, error=a.error / 2 + 1)
        # |√c − √t| ≤ √|c − t|: coarse near nothing, and then the case is in doubt where it matters.
        root = self._node("sqrt", (a.error,), None, low=0.0, plain=True)
        # What is truly nothing may be computed as less.
        made = self._node("sqrt", (self._plain("max", a, self._figure(0.0)),), None, low=low, high=high)
        return self._bounded(made, low, high, self._sum_of(root, self._rounded(self.magnitude(made))))

    def power(self, a: Node, exponent: Fraction) -> Node:
        """A figure to a power that is the same everywhere; in doubt where there is no value."""
        if exponent.denominator != 1 and a.low < 0:
            self.doubt("no value", self.less(a, self.constant(0)))
        if exponent < 0:
            self.doubt("no value", self.negation(self._not_zero(a)))
        if exponent in _EXPANDED:
            made = a
            for _ in range(int(exponent) - 1):
                made = self.mul(made, a)
            return made
        if exponent in (0, 1):
            return a if exponent else self.constant(1)
        if exponent == Fraction(1, 2):
            return self.sqrt(a)
        if exponent == -1:
            return self.div(self.constant(1), a)
        low, high = _power_range(a, exponent)
        if isinstance(a.error, float):
            return self._node("pow", (a,), exponent, low=low, high=high, error=self._power_error(a.error, exponent))
        # |a^e − A^e| ≤ e · max(|a|, |A|)^e · ea / min(|a|, |A|) for positive figures; where |a| ≤ 2 ea it is in doubt.
        made = self._node("pow", (a,), exponent, low=low, high=high)
        off = a.error
        size = self._plain("abs", a)
        self.doubt("close", self._plain_truth("le", size, self._plain("mul", self._figure(2.0), off)))
        part = self._plain("div", off, self._plain("sub", size, off))
        # Each factor (1 + x)^e, x ≤ 1, is at most 2^|e|.
        grown = self._figure(float(abs(exponent)) * 2.0 ** max(1.0, float(abs(exponent))))
        own = self._figure(self._power_error(0.0, exponent) * UNIT)
        total = self._sum_of(self._plain("mul", grown, part), own)
        return self._bounded(made, low, high, self._plain("mul", self._plain("abs", made), total))

    def _power_error(self, error: float, exponent: Fraction) -> float:
        # The exponent itself is a binary fraction near the true one: x^(e(1+δ)) = x^e · exp(e δ ln x), |ln x| < 710.
        near = 0.0 if Fraction(float(exponent)) == exponent else float(abs(exponent)) * 710.0
        return float(abs(exponent)) * error + LIBRARY + near

    def log(self, a: Node) -> Node:
        """The natural logarithm of a figure above nothing."""
        if a.low <= 0:
            self.doubt("no value", self.at_most(a, self.constant(0)))
        low = math.log(a.low) if a.low > 0 else -math.inf
        high = math.log(a.high) if a.high > 0 else -math.inf
        made = self._node("log", (a,), None, low=low, high=high)
        own = self._plain("mul", self._figure(LIBRARY * UNIT), self._plain("abs", made))
        if isinstance(a.error, float):
            # ln(t(1 + δ)) = ln t + ln(1 + δ)
            off: Node | None = self._figure(2 * a.error * UNIT) if a.error else None
        else:
            size = self._plain("abs", a)
            self.doubt("close", self._plain_truth("le", size, self._plain("mul", self._figure(2.0), a.error)))
            off = self._plain("div", a.error, self._plain("sub", size, a.error))
        return self._bounded(made, low, high, self._sum_of(off, own))


def _power_range(a: Node, exponent: Fraction) -> tuple[float, float]:
    if a.low < 0:
        return -math.inf, math.inf
    try:
        ends = sorted((a.low ** float(exponent), a.high ** float(exponent)))
    except (ZeroDivisionError, OverflowError):
        return 0.0, math.inf
    return ends[0] * (1 - 2.0**-40), ends[1] * (1 + 2.0**-40)
