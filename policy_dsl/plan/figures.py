"""Sums, differences, products and quotients, with what each may be off by.

The bounds are the standard ones of floating-point arithmetic (Higham, "Accuracy and Stability of Numerical Algorithms",
2nd ed. 2002, ch. 2-4): fl(a ∘ b) = (a ∘ b)(1 + δ), |δ| ≤ UNIT, for each operation that IEEE 754 rounds correctly.
`SAFE` is laid upon every bound where it is used: it covers the terms of higher order (error numbers stay below 2^20)
and the roundings of the bounds themselves.
"""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from math import gcd

from policy_dsl.plan.bounds import SAFE
from policy_dsl.plan.comparing import Comparing
from policy_dsl.plan.making import MOST_PARTS, common_parts, fraction, is_figure, ordered
from policy_dsl.plan.nodes import Node


class Figures(Comparing):
    """Arithmetic, element by element."""

    def _crossed(self, a: Node, b: Node) -> tuple[Node, Node] | None:
        one, other = _quotient_of(a), _quotient_of(b)
        found = [each for each in (one, other) if each is not None]
        if not found or any(divisor.low < 0 for _, divisor in found):
            return None
        left, right = one or (a, self.constant(1)), other or (b, self.constant(1))
        with self.collecting():
            crossed = self.mul(left[0], right[1]), self.mul(right[0], left[1])
        return crossed if self.compared_surely(*crossed) else None

    def neg(self, a: Node) -> Node:
        """−a."""
        if (found := self.fixed(operator.neg, a)) is not None:
            return found
        return self._node("neg", (a,), None, low=-a.high, high=-a.low, parts=a.parts, error=a.error, decimal=a.decimal)

    def abs(self, a: Node) -> Node:
        """|a|."""
        if a.low >= 0:
            return a
        if (found := self.fixed(operator.abs, a)) is not None:
            return found
        low = max(0.0, -a.high)
        high = max(abs(a.low), abs(a.high))
        return self._node("abs", (a,), None, low=low, high=high, parts=a.parts, error=a.error, decimal=a.decimal)

    def add(self, a: Node, b: Node) -> Node:
        """a + b."""
        if (found := self.fixed(operator.add, a, b)) is not None:
            return found
        if is_figure(a, 0):
            return b
        if is_figure(b, 0):
            return a
        error: float | Node
        if (
            isinstance(a.error, float)
            and isinstance(b.error, float)
            and (min(a.low, b.low) >= 0 or max(a.high, b.high) <= 0 or (a.exact and b.exact))
        ):
            error = max(a.error, b.error) + 1
        else:
            error = self._off_by_sum(a, b)
        low, high = _sum_range((a.low, b.low), (a.high, b.high), exact=a.exact and b.exact and a.whole and b.whole)
        return self._node("add", ordered(a, b), None, low=low, high=high, parts=common_parts(a, b), error=error)

    def sub(self, a: Node, b: Node) -> Node:
        """a − b."""
        if (found := self.fixed(operator.sub, a, b)) is not None:
            return found
        if is_figure(b, 0):
            return a
        if a is b:
            return self.constant(0)
        if is_figure(a, 1) and b.number in self._indices:
            return self._index_from_above(*self._indices[b.number], b)
        error: float | Node
        apart = (a.low >= 0 and b.high <= 0) or (a.high <= 0 and b.low >= 0)
        if isinstance(a.error, float) and isinstance(b.error, float) and (apart or (a.exact and b.exact)):
            error = max(a.error, b.error) + 1
        else:
            error = self._off_by_sum(a, b)
        low, high = _sum_range((a.low, -b.high), (a.high, -b.low), exact=a.exact and b.exact and a.whole and b.whole)
        return self._node("sub", (a, b), None, low=low, high=high, parts=common_parts(a, b), error=error)

    def _index_from_above(self, a: Node, low: Node, high: Node, index: Node) -> Node:
        """1 − (a − low) / (high − low) = (high − a) / (high − low), as closely known and with one operation less."""
        made = self._node("div", (self.sub(high, a), self.sub(high, low)), None)
        return self._bounded(made, 0.0, 1.0, index.error)

    def _off_by_sum(self, a: Node, b: Node) -> Node:
        """What a sum or a difference may be off by: what both are, and what it rounds away itself."""
        result = max(abs(a.low), abs(a.high)) + max(abs(b.low), abs(b.high))
        rounded = self._rounded(self._figure(result)) if math.isfinite(result) else None
        return self._sum_of(
            self.absolute(a), self.absolute(b), rounded or self._rounded(self.magnitude(a), self.magnitude(b))
        )

    def mul(self, a: Node, b: Node) -> Node:
        """a · b."""
        if (found := self.fixed(operator.mul, a, b)) is not None:
            return found
        for one, other in ((a, b), (b, a)):
            if is_figure(one, 1):
                return other
            if is_figure(one, 0):
                return one
            if one.op == "constant" and (scaled := _scaled(other)) is not None:
                return self.mul(self.constant(fraction(one) * scaled[0]), scaled[1])
        error: float | Node
        if isinstance(a.error, float) and isinstance(b.error, float):
            exact = a.exact and b.exact and (_power_of_two(a) or _power_of_two(b))
            error = 0.0 if exact else a.error + b.error + 1
        else:
            one_off, other_off = self.absolute(a), self.absolute(b)
            error = self._sum_of(
                self._times(self.magnitude(a), other_off),
                self._times(self.magnitude(b), one_off),
                self._times(one_off, other_off),
                self._rounded(self._plain("mul", self.magnitude(a), self.magnitude(b))),
            )
        low, high = _product(a, b)
        parts = _parts_of_product(a, b)
        return self._node("mul", ordered(a, b), None, low=low, high=high, parts=parts, error=error)

    def div(self, a: Node, b: Node) -> Node:
        """a / b. Where b may be nothing the case is in doubt."""
        made, known = self.quotient(a, b)
        self.doubt("no value", self.negation(known))
        return made

    def quotient(self, a: Node, b: Node) -> tuple[Node, Node]:
        """a / b, and where there is one: where b is not nothing. In doubt where that can't be told surely."""
        if b.op == "constant" and fraction(b) == 0:
            return self.constant(0), self.constant(False)
        if a.op in ("constant", "row") and b.op in ("constant", "row"):
            there = self.fixed(operator.ne, b, self.constant(0))
            found = self.fixed(lambda x, y: x / y if y else Fraction(0), a, b)
            assert there is not None
            assert found is not None
            return found, there
        if is_figure(b, 1):
            return a, self.constant(True)
        if b.op == "constant" and (scaled := _scaled(a)) is not None:
            return self.mul(self.constant(scaled[0] / fraction(b)), scaled[1]), self.constant(True)
        low, high = (0.0, 1.0) if _part_of_sum(a, b) else _quotient(a, b)
        if isinstance(a.error, float) and isinstance(b.error, float):
            error = 0.0 if _power_of_two(b) and a.exact else a.error + b.error + 1
            parts = _scaled_parts(a.parts, 1 / fraction(b)) if b.op == "constant" else 0
            made = self._node("div", (a, b), None, low=low, high=high, parts=parts, error=error)
            return made, self._not_zero(b)
        known = self._not_zero(b)
        made = self._node("div", (a, b), None, low=low, high=high)
        return self._bounded(made, low, high, self._off_by_quotient(a, b, made, known)), known

    def _off_by_quotient(self, a: Node, b: Node, made: Node, known: Node) -> Node:
        # |a/b − A/B| ≤ (ea + |a/b| eb) / |B|. Where |b| ≤ 2 eb the case is in doubt; elsewhere |B| ≥ |b| / 2.
        one, two = self.absolute(a), self.absolute(b)
        divisor, twice = self._plain("abs", b), 1.0
        if two is not None:
            twice = 2.0
            close = self._plain_truth("le", divisor, self._plain("mul", self._figure(2 * SAFE), two))
            self.doubt("close", self.both(close, known))
        if math.isfinite(made.low) and math.isfinite(made.high):
            size = self._figure(max(abs(made.low), abs(made.high)))
        else:
            size = self._plain("abs", made)
        over = self._times(self._figure(twice), self._sum_of(one, self._times(size, two)))
        return self._sum_of(self._plain("div", over, divisor) if over is not None else None, self._rounded(size))

    def _not_zero(self, b: Node) -> Node:
        if b.low > 0 or b.high < 0:
            return self.constant(True)
        if (mask := _summed(b)) is not None and not isinstance(b.error, float):
            # Of nobody the sum is surely nothing; of others it is told by what it may be off by.
            return self._any(mask)
        if isinstance(b.error, float):
            # What is off by no more than a part of itself is nothing just where it is computed as nothing.
            return self.negation(self._plain_truth("eq", *ordered(b, self.constant(0))))
        return self.constant(True)

    def min(self, a: Node, b: Node) -> Node:
        """The lesser of the two."""
        return self._extreme("min", a, b)

    def max(self, a: Node, b: Node) -> Node:
        """The greater of the two."""
        return self._extreme("max", a, b)

    def _extreme(self, op: str, a: Node, b: Node) -> Node:
        if a is b:
            return a
        pick = min if op == "min" else max
        if (found := self.fixed(pick, a, b)) is not None:
            return found
        if a.exact and b.exact:
            for one, other in ((a, b), (b, a)):
                if one.high <= other.low:
                    return one if op == "min" else other
        return self._node(
            op,
            ordered(a, b),
            None,
            low=pick(a.low, b.low),
            high=pick(a.high, b.high),
            parts=common_parts(a, b),
            error=self.worse(a, b),
            decimal=a.decimal and b.decimal,
        )

    def where(self, when: Node, a: Node, b: Node) -> Node:
        """a where the condition holds, else b; of figures or of truths."""
        if when.op == "constant":
            return a if when.data else b
        if a is b:
            return a
        if (found := self.fixed(lambda when, one, other: one if when else other, when, a, b)) is not None:
            return found
        if a.truth:
            return self.either(self.both(when, a), self.both(self.negation(when), b))
        if when.op == "not":
            return self.where(when.args[0], b, a)
        return self._node(
            "where",
            (when, a, b),
            None,
            low=min(a.low, b.low),
            high=max(a.high, b.high),
            parts=common_parts(a, b),
            error=self._taken(when, a, b),
            decimal=a.decimal and b.decimal,
        )

    def _taken(self, when: Node, a: Node, b: Node) -> float | Node:
        """The error of the one that is taken: the bound of the other may be no number, as that of 0 / 0."""
        if isinstance(a.error, float) and isinstance(b.error, float):
            return max(a.error, b.error)
        one, two = (self.absolute(each) or self._figure(0.0) for each in (a, b))
        if one.op == two.op == "constant":
            return self._plain("max", one, two)
        return one if one is two else self._node("where", (when, one, two), None, low=0.0, plain=True)

    def between(self, a: Node, low: float, high: float) -> Node:
        """The same figure, whose true value is known from elsewhere to lie between; nothing is computed."""
        if low <= a.low and a.high <= high:
            return a
        return self._bounded(a, low, high, a.error)

    def _bounded(self, a: Node, low: float, high: float, error: float | Node) -> Node:
        marks = (low, high, error if isinstance(error, float) else error.number)
        return self._node(
            "same",
            (a,),
            marks,
            low=max(a.low, low),
            high=min(a.high, high),
            parts=a.parts,
            error=error,
            decimal=a.decimal,
        )


def _sum_range(low: tuple[float, float], high: tuple[float, float], *, exact: bool) -> tuple[float, float]:
    """The range of a sum from the ends of its parts, with what adding the ends may round away.

    Where two nearly cancel out, that may be all there is.
    """
    least, most = sum(low), sum(high)
    if exact or not (math.isfinite(least) and math.isfinite(most)):
        return least, most
    unit = 2.0**-52
    return least - (abs(low[0]) + abs(low[1])) * unit, most + (abs(high[0]) + abs(high[1])) * unit


def _part_of_sum(a: Node, b: Node) -> bool:
    """Whether the one is among the figures, none of them negative, of which the other is the sum."""
    of = b.args[0] if b.op == "sum" else None
    return of is not None and a.low >= 0 and (of is a or (of.op == "same" and of.args[0] is a)) and len(b.args) == 1


def _summed(b: Node) -> Node | None:
    """Of whom a sum is; None where it is of all."""
    if b.op != "sum":
        return None
    if len(b.args) == 2:
        return b.args[1]
    of = b.args[0]
    while of.op == "same":
        of = of.args[0]
    return of.args[0] if of.op == "where" and is_figure(of.args[2], 0) else None


def _quotient_of(a: Node) -> tuple[Node, Node] | None:
    while a.op == "same":
        a = a.args[0]
    return (a.args[0], a.args[1]) if a.op == "div" else None


def _scaled(a: Node) -> tuple[Fraction, Node] | None:
    """A factor that is the same everywhere, and what is multiplied by it; two such factors are one."""
    if a.op == "mul":
        for one, other in (a.args, a.args[::-1]):
            if one.op == "constant":
                return fraction(one), other
    if a.op == "div" and a.args[1].op == "constant":
        return 1 / fraction(a.args[1]), a.args[0]
    return None


def _parts_of_product(a: Node, b: Node) -> int:
    for one, other in ((a, b), (b, a)):
        if other.op == "constant":
            return _scaled_parts(one.parts, fraction(other))
    return a.parts * b.parts if a.parts * b.parts <= MOST_PARTS else 0


def _scaled_parts(parts: int, by: Fraction) -> int:
    """Of which part a figure is a whole number that was one of `parts`, and is taken so many times."""
    return parts * by.denominator // gcd(by.numerator, parts * by.denominator) if parts and by else parts


def _power_of_two(node: Node) -> bool:
    return node.op == "constant" and node.exact and node.low != 0 and math.frexp(abs(node.low))[0] == 0.5


def _product(a: Node, b: Node) -> tuple[float, float]:
    if a is b:
        size = max(abs(a.low), abs(a.high))
        return 0.0, size * size
    found = [x * y if x and y else 0.0 for x in (a.low, a.high) for y in (b.low, b.high)]
    return min(found), max(found)


def _quotient(a: Node, b: Node) -> tuple[float, float]:
    if b.low > 0 or b.high < 0:
        found = [
            x / y if math.isfinite(y) and not (math.isinf(x) and math.isinf(y)) else 0.0
            for x in (a.low, a.high)
            for y in (b.low, b.high)
        ]
        return min(found), max(found)
    if a.low >= 0 and b.low >= 0:
        return 0.0, math.inf
    return -math.inf, math.inf
