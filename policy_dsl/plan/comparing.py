"""Comparisons of computed figures: sure where the two are further apart than what they may be off by."""

from __future__ import annotations

import operator
from fractions import Fraction

from policy_dsl.plan.bounds import SAFE, Bounds
from policy_dsl.plan.making import common_parts, fraction, is_figure, ordered
from policy_dsl.plan.nodes import UNIT, Node


class Comparing(Bounds):
    """Sure comparisons where that can be, and doubts where it can't.

    Two figures that are both whole numbers of some part, each off by far less than it, are equal or at least that part
    apart. No case is in doubt then.
    """

    def less(self, a: Node, b: Node) -> Node:
        """a < b; in doubt where the two are closer than what they may be off by."""
        if (found := self.fixed(operator.lt, a, b)) is not None:
            return found
        if a.high < b.low:
            return self.constant(True)
        if a.low >= b.high or a is b:
            return self.constant(False)
        if not _sure(a, b):
            if (half := self._half_a_part(a, b)) is not None:
                return self._shifted("lt", a, b, -half)
            if is_figure(a, 0) and (inside := _held_above_zero(b)) is not None:
                return self.less(a, inside)
            if (simpler := self._simpler(a, b)) is not None:
                return self.less(*simpler)
        self._doubt_close(a, b)
        return self._node("lt", (a, b), None, truth=True)

    def at_most(self, a: Node, b: Node) -> Node:
        """a ≤ b; in doubt where the two are closer than what they may be off by."""
        if (found := self.fixed(operator.le, a, b)) is not None:
            return found
        if a.high <= b.low or a is b:
            return self.constant(True)
        if a.low > b.high:
            return self.constant(False)
        if not _sure(a, b):
            if (half := self._half_a_part(a, b)) is not None:
                return self._shifted("le", a, b, half)
            if is_figure(b, 0) and (inside := _held_above_zero(a)) is not None:
                return self.at_most(inside, b)
            if (simpler := self._simpler(a, b)) is not None:
                return self.at_most(*simpler)
        self._doubt_close(a, b)
        return self._node("le", (a, b), None, truth=True)

    def equal(self, a: Node, b: Node) -> Node:
        """a = b, of figures or of truths."""
        if (found := self.fixed(operator.eq, a, b)) is not None:
            return found
        if a is b:
            return self.constant(True)
        if a.truth:
            return self._node("eq", ordered(a, b), None, truth=True)
        if a.high < b.low or b.high < a.low:
            return self.constant(False)
        if not _sure(a, b):
            if (half := self._half_a_part(a, b)) is not None:
                return self._plain_truth("le", self._apart(a, b), self.constant(half))
            for one, other in ((a, b), (b, a)):
                if is_figure(one, 0) and (inside := _held_above_zero(other)) is not None:
                    return self.at_most(inside, one)
            if (simpler := self._simpler(a, b)) is not None:
                return self.equal(*simpler)
        self._doubt_close(a, b)
        return self._node("eq", ordered(a, b), None, truth=True)

    def _simpler(self, a: Node, b: Node) -> tuple[Node, Node] | None:
        """Two figures that compare as these do, and are less off: a difference with nothing is its two parts."""
        for one, other, turned in ((a, b, False), (b, a, True)):
            if is_figure(other, 0) and (found := _against_zero(one, other)) is not None:
                return (found[1], found[0]) if turned else found
        return self._crossed(a, b)

    def _crossed(self, a: Node, b: Node) -> tuple[Node, Node] | None:
        """Two quotients multiplied by what they are divided by, where they can be compared surely then."""
        return None

    def _apart(self, a: Node, b: Node) -> Node:
        if is_figure(b, 0):
            return self._plain("abs", a)
        if is_figure(a, 0):
            return self._plain("abs", b)
        return self._plain("abs", self._plain("sub", a, b))

    def compared_surely(self, a: Node, b: Node) -> bool:
        """Whether a comparison of the two is never in doubt."""
        return _sure(a, b) or self._half_a_part(a, b) is not None

    def _half_a_part(self, a: Node, b: Node) -> Fraction | None:
        """Half of the part of which both are whole numbers, if what they may be off by is far less than it."""
        parts = common_parts(a, b)
        size = max(abs(a.low), abs(a.high), abs(b.low), abs(b.high)) if parts else 0.0
        # Shifting one of them, or taking their difference, rounds once more.
        if parts and (self.most(a) + self.most(b) + 2 * UNIT * size) * 8 * parts <= 1:
            return Fraction(1, 2 * parts)
        return None

    def _shifted(self, op: str, a: Node, b: Node, by: Fraction) -> Node:
        """`a op b + by`, with the shift laid on the smaller of the two."""
        if (a.cased, a.membered) < (b.cased, b.membered):
            return self._plain_truth(op, self._moved(a, -by), b)
        return self._plain_truth(op, a, self._moved(b, by))

    def _moved(self, a: Node, by: Fraction) -> Node:
        if a.op == "constant":
            return self.constant(fraction(a) + by)
        if a.op == "row" and isinstance(a.data, tuple):
            return self.row(each + by for each in a.data)
        return self._plain("add", a, self.constant(by))

    def _doubt_close(self, a: Node, b: Node) -> None:
        close = self.near(a, b)
        if not _sure(a, b):
            self.doubt("close", close)

    def near(self, a: Node, b: Node) -> Node:
        """Whether two computed figures are closer than what they may be off by, or equal where they are exact.

        Raises no doubt by itself.
        """
        if _sure(a, b):
            if a.high < b.low or b.high < a.low:
                return self.constant(False)
            return self._plain_truth("eq", *ordered(a, b))
        if (half := self._half_a_part(a, b)) is not None:
            return self._plain_truth("le", self._apart(a, b), self.constant(half))
        if isinstance(a.error, float) and isinstance(b.error, float):
            # Near each other they are of one size: the smaller shape gives the bound.
            shorter = min((b, a), key=lambda each: (each.cased, each.membered))
            if is_figure(shorter, 0):
                # Only what is nothing is off by nothing of itself.
                return self._plain_truth("eq", *ordered(a, b))
            bound: Node | None = self._times(self._figure((a.error + b.error + 2) * UNIT), self._plain("abs", shorter))
        else:
            bound = self._sum_of(self.absolute(a), self.absolute(b), self._rounded(self.magnitude(a, b)))
        assert bound is not None
        return self._plain_truth("le", self._apart(a, b), self._times(self._figure(SAFE), bound) or bound)


def _held_above_zero(a: Node) -> Node | None:
    """The figure that is taken where it is more than nothing, and else nothing."""
    a = _itself(a)
    if a.op == "max":
        for one, other in (a.args, a.args[::-1]):
            if is_figure(one, 0):
                return other
    return None


def _against_zero(a: Node, zero: Node) -> tuple[Node, Node] | None:
    """What a figure compared with nothing comes to."""
    a = _itself(a)
    if a.op == "sub":
        return a.args[0], a.args[1]
    if a.op in ("mul", "div"):
        for one, other in (a.args, a.args[::-1]) if a.op == "mul" else (a.args[::-1],):
            if one.op == "constant" and one.low > 0:
                return other, zero
    return None


def _itself(a: Node) -> Node:
    while a.op == "same":
        a = a.args[0]
    return a


def _sure(a: Node, b: Node) -> bool:
    """Whether the computed values compare as the true ones.

    What is off by a part of itself is on the same side of nothing as computed, and is nothing only if it truly is.
    """
    if (is_figure(a, 0) and isinstance(b.error, float)) or (is_figure(b, 0) and isinstance(a.error, float)):
        return True
    return (a.exact and b.exact) or (a.decimal and b.decimal)
