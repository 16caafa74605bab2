"""Making nodes: each operation with its shape, range and error, and with the doubts that it raises.

The same operation on the same nodes is made once. What is constant is found at once, exactly.

What concerns one member at a time is in `figures`, `comparing` and `rounded`; here is what concerns all members. A sum
of m figures that are not negative is off by at most (m − 1) UNIT of itself to first order, in whatever order it is
taken (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed. 2002, § 4.2).
"""

from __future__ import annotations

import math

from policy_dsl.plan.bounds import SAFE
from policy_dsl.plan.making import fraction
from policy_dsl.plan.nodes import UNIT, Node
from policy_dsl.plan.rounded import Rounded

__all__ = ["SAFE", "Builder"]


class Builder(Rounded):
    """The nodes made so far, and the doubts. `size` is how many members there are."""

    def sum(self, a: Node, mask: Node | None = None) -> Node:
        """The sum over the members of a mask (all if there is none)."""
        m = self.size
        if not a.membered:
            return self.mul(a, self.constant(m) if mask is None else self.count(mask))
        if a.op == "row" and isinstance(a.data, tuple) and (mask is None or mask.op in ("constant", "row")):
            inside = _of(mask, m)
            return self.constant(sum(each for each, is_in in zip(a.data, inside, strict=True) if is_in))
        low, high = min(a.low, 0.0) if mask is not None else a.low, max(a.high, 0.0) if mask is not None else a.high
        low, high = low * m, high * m
        error: float | Node
        if isinstance(a.error, float) and (a.low >= 0 or a.high <= 0):
            error = a.error + m - 1
        else:
            off = self._case_level(self.absolute(a))
            error = self._sum_of(
                self._times(self._figure(float(m)), off),
                self._times(self._figure(float(m * (m - 1)) * UNIT), self.magnitude(a, case=True)),
            )
        return self._over("sum", a, mask, low=low, high=high, parts=a.parts, error=error)

    def least(self, a: Node, mask: Node | None = None) -> Node:
        """The least over the members of a mask; +inf where there is nobody (the caller minds that)."""
        return self._pick("least", a, mask)

    def greatest(self, a: Node, mask: Node | None = None) -> Node:
        """The greatest over the members of a mask; −inf where there is nobody (the caller minds that)."""
        return self._pick("greatest", a, mask)

    def _pick(self, op: str, a: Node, mask: Node | None) -> Node:
        if not a.membered:
            return a
        if a.op == "row" and isinstance(a.data, tuple) and (mask is None or mask.op in ("constant", "row")):
            inside = _of(mask, self.size)
            found = [each for each, is_in in zip(a.data, inside, strict=True) if is_in]
            if found:
                return self.constant(min(found) if op == "least" else max(found))
        error = a.error if isinstance(a.error, float) else self._case_level(a.error)
        return self._over(op, a, mask, low=a.low, high=a.high, parts=a.parts, error=error or 0.0, decimal=a.decimal)

    def any(self, a: Node, mask: Node | None = None) -> Node:
        """Whether it holds of any member (of a mask)."""
        if mask is not None:
            a = self.both(a, mask)
        if a.op == "row" and isinstance(a.data, tuple):
            return self.constant(any(a.data))
        return self._any(a)

    def all(self, a: Node, mask: Node | None = None) -> Node:
        """Whether it holds of every member (of a mask)."""
        return self.negation(self.any(self.negation(a), mask))

    def count(self, mask: Node) -> Node:
        """How many members a mask has."""
        if mask.op == "constant":
            return self.constant(self.size if mask.data else 0)
        if not mask.membered:
            return self.where(mask, self.constant(self.size), self.constant(0))
        if mask.op == "row" and isinstance(mask.data, tuple):
            return self.constant(sum(1 for each in mask.data if each))
        return self._over("count", mask, None, low=0.0, high=float(self.size), parts=1)

    def at(self, a: Node, place: int) -> Node:
        """The value of one member, for the case."""
        if not a.membered:
            return a
        if a.op == "row" and isinstance(a.data, tuple):
            return self.constant(a.data[place])
        error = a.error
        if isinstance(error, Node) and error.membered:
            error = self.at(error, place)
        return self._node(
            "at",
            (a,),
            place,
            truth=a.truth,
            membered=False,
            low=a.low,
            high=a.high,
            parts=a.parts,
            error=error,
            decimal=a.decimal,
        )

    # ---- among members -------------------------------------------------------------------------------------------

    def share(self, a: Node, mask: Node | None = None) -> tuple[Node, Node]:
        """Each figure's part of the sum over a mask, for members of the mask; and whether there is one: the sum is more

        than nothing. In doubt where a figure is negative: nobody has a share then.
        """
        if a.low < 0:
            negative = self.less(a, self.constant(0))
            self.doubt("no value", negative if mask is None else self.both(negative, mask))
        whole = self.sum(self.between(a, 0.0, math.inf), mask)
        made, known = self.quotient(a, whole)
        return self.between(made, 0.0, 1.0), known

    def index(self, a: Node, mask: Node | None = None) -> tuple[Node, Node]:
        """Where each figure of a mask stands between the least (0) and the greatest (1); and whether there is a range.

        In doubt where that can't be told.
        """
        low, high = self.least(a, mask), self.greatest(a, mask)
        if low.op == high.op == "constant" and fraction(low) == fraction(high):
            return self.constant(0), self.constant(False)
        above, range_ = self.sub(a, low), self.sub(high, low)
        made = self._node("div", (above, range_), None)
        if a.exact:
            error: float | Node = 3.0 if not (above.exact and range_.exact) else 1.0
            known = self._plain_truth("lt", low, high)
        else:
            # Numerator and denominator are both off by at most 2 ea + 2 UNIT size =: e, and the index t is at most 1:
            # |c − t| ≤ (e + t e) / (den − e) + UNIT. Half of the room is left for e against den.
            off = self._range_off(a, low, high)
            known = self.constant(True) if mask is None else self.less(self.constant(1), self.count(mask))
            close = self._plain_truth("le", range_, self._plain("mul", self._figure(2.0), off))
            self.doubt("close", self.both(close, known))
            part = self._plain("div", self._plain("mul", self._figure(4.0), off), range_)
            error = self._sum_of(part, self._figure(UNIT))
        found = self._bounded(made, 0.0, 1.0, error)
        self._indices[found.number] = a, low, high
        return found, known

    def _range_off(self, a: Node, low: Node, high: Node) -> Node:
        """What the differences between figures of a range may be off by."""
        if math.isfinite(a.low) and math.isfinite(a.high):
            size = self._figure(max(abs(a.low), abs(a.high)))
        elif a.low >= 0:
            size = high
        else:
            size = self._plain("max", self._plain("abs", low), self._plain("abs", high))
        if isinstance(a.error, float):
            return self._plain("mul", self._figure((2 * a.error + 2) * UNIT * SAFE), size)
        of = self._case_level(a.error)
        twice = self._times(self._figure(2 * SAFE), of)
        return self._sum_of(twice, self._plain("mul", self._figure(2 * UNIT * SAFE), size))

    # ---- making --------------------------------------------------------------------------------------------------

    def _over(self, op: str, a: Node, mask: Node | None, **more: object) -> Node:
        if mask is not None and mask.op == "constant" and mask.data is True and a.membered:
            mask = None
        args = (a,) if mask is None else (a, mask)
        return self._node(op, args, None, membered=False, **more)  # type: ignore[arg-type]


def _of(mask: Node | None, size: int) -> list[bool]:
    """Who is in a mask that is the same in all cases."""
    if mask is None:
        return [True] * size
    if isinstance(mask.data, tuple):
        return [bool(each) for each in mask.data]
    assert mask.op == "constant"
    return [bool(mask.data)] * size
