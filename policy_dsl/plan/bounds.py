"""What computed figures may be off by, as figures and as nodes."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from policy_dsl.plan.making import Making, fraction
from policy_dsl.plan.nodes import UNIT, Node

SAFE = 1 + 2.0**-16


class Bounds(Making):
    """Bounds are nodes among others; their own roundings are covered by `SAFE`."""

    def absolute(self, a: Node) -> Node | None:
        """By how much the value may be off: a node (of the shape of `a` or less); None where it is exact."""
        if isinstance(a.error, Node):
            return a.error
        if a.error == 0.0:
            return None
        return self._times(self._figure(a.error * UNIT), self.magnitude(a))

    def magnitude(self, *of: Node, case: bool = False) -> Node:
        """A bound on the size of the values: a constant where the ranges give one, else for each case."""
        sizes = [max(abs(each.low), abs(each.high)) for each in of]
        if all(math.isfinite(size) for size in sizes):
            return self._figure(max(sizes))
        found: Node | None = None
        for each in of:
            size = self._plain("abs", each)
            size = self._plain_over("greatest", size) if size.membered else size
            found = size if found is None else self._plain("max", found, size)
        assert found is not None
        return found

    def worse(self, a: Node, b: Node) -> float | Node:
        """The error of what may be either of the two."""
        if isinstance(a.error, float) and isinstance(b.error, float):
            return max(a.error, b.error)
        one, two = self.absolute(a), self.absolute(b)
        if one is None or two is None:
            return one or two or 0.0
        return self._plain("max", one, two)

    def most(self, a: Node) -> float:
        """The most that the value may be off by, infinite where no figure tells."""
        if isinstance(a.error, Node):
            return abs(a.error.high) if a.error.op == "constant" else math.inf
        return a.error * UNIT * max(abs(a.low), abs(a.high)) if a.error else 0.0

    def _case_level(self, error: Node | None) -> Node | None:
        return self._plain_over("greatest", error) if error is not None and error.membered else error

    def _rounded(self, *sizes: Node) -> Node:
        """What one operation on figures of these sizes may round away."""
        total = sizes[0]
        for each in sizes[1:]:
            total = self._plain("add", total, each)
        return self._plain("mul", self._figure(UNIT), total)

    def _sum_of(self, *parts: Node | None) -> Node:
        """The sum of bounds; constants are summed at once."""
        given = [each for each in parts if each is not None]
        fixed = sum(float(fraction(each)) for each in given if each.op == "constant")
        total: Node | None = self._figure(fixed) if fixed else None
        for each in given:
            if each.op != "constant":
                total = each if total is None else self._plain("add", total, each)
        return total if total is not None else self._figure(0.0)

    def _times(self, a: Node | None, b: Node | None) -> Node | None:
        return None if a is None or b is None else self._plain("mul", a, b)

    def _figure(self, value: float) -> Node:
        return self.constant(Fraction(value))

    def _plain(self, op: str, a: Node, b: Node | None = None) -> Node:
        """An operation among bounds: its own error is covered by `SAFE`."""
        args = (a,) if b is None else (a, b)
        if all(each.op == "constant" for each in args):
            found = [float(fraction(each)) for each in args]
            return self._figure(_FLOATS[op](*found))
        if b is not None and op in ("add", "mul"):
            for one, other in ((a, b), (b, a)):
                if one.op == "constant":
                    return self._linearly(op, other, float(fraction(one)))
        if op == "abs" and a.low >= 0:
            return a
        return self._node(op, args, None, low=0.0 if op == "abs" else -math.inf, plain=True)

    def _linearly(self, op: str, a: Node, by: float) -> Node:
        """A bound times or plus a constant: however many such steps there are, one product and one sum are made."""
        of, times, plus = self._linear.get(a.number, (a, 1.0, 0.0))
        times, plus = (times, plus + by) if op == "add" else (times * by, plus * by)
        made = of
        if times != 1.0:
            made = self._node("mul", (self._figure(times), made), None, plain=True)
        if plus:
            made = self._node("add", (self._figure(plus), made), None, plain=True)
        self._linear[made.number] = (of, times, plus)
        return made

    def _plain_truth(self, op: str, a: Node, b: Node) -> Node:
        return self._node(op, (a, b), None, truth=True)

    def _plain_over(self, op: str, a: Node) -> Node:
        return self._node(op, (a,), None, membered=False, plain=True) if a.membered else a


_FLOATS: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b if b else math.inf,
    "max": max,
    "abs": abs,
}
