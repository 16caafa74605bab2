"""Making nodes: each made once, with its shape and its leaves; and the doubts that are raised on the way."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from math import lcm

from policy_dsl.plan.nodes import WHOLE, Doubt, Node

AWAITING = "awaiting"

MOST_OFF = 2.0**20
"""What a figure may be off by at most, in UNIT of itself: so far terms of higher order are covered by `SAFE`."""

MOST_PARTS = 2**40
"""Of finer grain than this nothing is said: it could not be told apart from what is rounded away."""


class OffTooFar(Exception):
    """A figure is made by so many operations, one after the other, that nothing is said of it any more."""


class Making:
    """The nodes made so far, and the doubts. `size` is how many members there are."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.nodes: list[Node] = []
        self._made: dict[object, Node] = {}
        self._scopes: list[dict[tuple[str, int], Doubt]] = [{}]
        self._linear: dict[int, tuple[Node, float, float]] = {}
        self._indices: dict[int, tuple[Node, Node, Node]] = {}

    # ---- leaves --------------------------------------------------------------------------------------------------

    def constant(self, value: Fraction | int | bool) -> Node:
        """A figure or a truth that is the same everywhere."""
        if isinstance(value, bool):
            return self._node("constant", (), value, truth=True)
        exactly = Fraction(value)
        near = float(exactly)
        return self._node(
            "constant",
            (),
            exactly,
            low=near,
            high=near,
            parts=exactly.denominator,
            error=0.0 if Fraction(near) == exactly else 1.0,
            decimal=_short(exactly, near),
        )

    def approximate(self, value: Fraction) -> Node:
        """A constant that is known to forty digits: a root, a logarithm. Nothing is made of it exactly."""
        one = self.constant(value)
        return self._node("same", (one,), (one.low, one.high, 2.0), low=one.low, high=one.high, error=2.0)

    def awaiting(self, known: Node) -> Node:
        """Of whom a value is known, and of some it is not only because an event has not occurred."""
        return self._node("same", (known,), AWAITING, truth=True)

    def approximate_row(self, values: Iterable[Fraction]) -> Node:
        """One figure for each member, known to forty digits; see `approximate`."""
        of = self.row(values)
        return self._node("same", (of,), (of.low, of.high, 2.0), low=of.low, high=of.high, error=2.0)

    def row(self, values: Iterable[Fraction | bool]) -> Node:
        """One figure or truth for each member, the same in all cases."""
        given = tuple(values)
        if len(set(given)) == 1:
            return self.constant(given[0])
        if isinstance(given[0], bool):
            return self._leaf("row", given, truth=True, cased=False, membered=True)
        exactly = tuple(Fraction(each) for each in given)
        near = [float(each) for each in exactly]
        return self._leaf(
            "row",
            exactly,
            cased=False,
            membered=True,
            low=min(near),
            high=max(near),
            parts=lcm(*(each.denominator for each in exactly)),
            error=0.0 if all(Fraction(n) == e for n, e in zip(near, exactly, strict=True)) else 1.0,
            decimal=all(_short(e, n) for n, e in zip(near, exactly, strict=True)),
        )

    def input(
        self,
        name: str,
        *,
        membered: bool,
        truth: bool,
        low: float,
        high: float,
        whole: bool,
        decimal: bool,
        parts: int = 0,
    ) -> Node:
        """A column."""
        exact = truth or (whole and max(abs(low), abs(high)) <= WHOLE)
        return self._leaf(
            "input",
            name,
            truth=truth,
            cased=True,
            membered=membered,
            low=low,
            high=high,
            parts=1 if whole else parts,
            error=0.0 if exact else 1.0,
            decimal=decimal,
        )

    def _leaf(self, op: str, data: object, args: tuple[Node, ...] = (), **more: object) -> Node:
        return self._node(op, args, data, leaf=True, **more)  # type: ignore[arg-type]

    # ---- kernels -------------------------------------------------------------------------------------------------

    def kernel(self, op: str, args: tuple[Node | None, ...], data: object) -> Node:
        """An operation with several results; a node that is missing among `args` is left out (`data` says which)."""
        return self._node(op, tuple(each for each in args if each is not None), data, cased=True, membered=True)

    def part(
        self,
        kernel: Node,
        name: str,
        *,
        membered: bool,
        truth: bool = False,
        low: float = -math.inf,
        high: float = math.inf,
        whole: bool = False,
        parts: int = 0,
        error: float | Node = 0.0,
    ) -> Node:
        """One result of a kernel.

        An exact one is a leaf. One that may be off rests on what the kernel rests on at each member: kernels look at
        all members, but treat those alike of whom they are told the same.
        """
        return self._node(
            "part",
            (kernel,),
            name,
            leaf=error == 0.0,
            truth=truth,
            cased=True,
            membered=membered,
            low=low,
            high=high,
            parts=1 if whole else parts,
            error=error,
        )

    # ---- doubts --------------------------------------------------------------------------------------------------

    def doubt(self, why: str, node: Node) -> None:
        """A case is to be decided exactly where this holds, of any member, within all masks at hand."""
        if node.op == "constant" and node.data is False:
            return
        self._scopes[-1].setdefault((why, node.number), Doubt(why, node))

    def raised(self, doubts: Iterable[Doubt]) -> None:
        """Raise doubts again that were collected elsewhere."""
        for each in doubts:
            self.doubt(each.why, each.node)

    def collecting(self) -> Collecting:
        """Within `with`: doubts are kept aside; the `doubts` of what it gives hold them afterwards."""
        return Collecting(self)

    def under(self, mask: Node) -> AbstractContextManager[object]:
        """Within `with`: doubts count only where the mask holds (of a member who is not asked about there is none)."""
        return _Under(self, mask)

    def settled(self) -> tuple[Doubt, ...]:
        """All doubts, one truth of the case for each reason."""
        return tuple(Doubt(why, self._any(node)) for why, node in self._folded(self._scopes[0].values()).items())

    def _folded(self, doubts: Iterable[Doubt], mask: Node | None = None) -> dict[str, Node]:
        """Doubts of one reason in one; those of members and those of the case apart as long as possible."""
        found: dict[tuple[str, bool], Node] = {}
        for each in doubts:
            key = each.why, each.node.membered
            found[key] = self.either(found[key], each.node) if key in found else each.node
        made: dict[str, Node] = {}
        for (why, membered), node in found.items():
            one = node
            if mask is not None:
                one = self.both(one, mask if membered or not mask.membered else self._any(mask))
            made[why] = self.either(made[why], self._any(one)) if why in made else one
            if made[why].membered and (why, not membered) in found:
                made[why] = self._any(made[why])
        return made

    def _any(self, node: Node) -> Node:
        if node.op == "row" and isinstance(node.data, tuple):
            return self.constant(any(node.data))
        return self._node("any", (node,), None, truth=True, membered=False) if node.membered else node

    # ---- truths --------------------------------------------------------------------------------------------------

    def fixed(self, op: Callable[..., Fraction | bool], *args: Node) -> Node | None:
        """What an operation gives on constants and rows: found at once, exactly. None where a case has a say."""
        rows: list[Sequence[Fraction | bool]] = []
        for each in args:
            if each.op not in ("constant", "row"):
                return None
            rows.append(each.data if isinstance(each.data, tuple) else [each.data] * self.size)  # type: ignore[list-item]
        if all(each.op == "constant" for each in args):
            return self.constant(op(*(row[0] for row in rows)))
        return self.row(op(*values) for values in zip(*rows, strict=True))

    def both(self, a: Node, b: Node) -> Node:
        """a and b."""
        return self._joined("and", operator.and_, a, b)

    def either(self, a: Node, b: Node) -> Node:
        """a or b."""
        return self._joined("or", operator.or_, a, b)

    def _joined(self, op: str, of_two: Callable[[bool, bool], bool], a: Node, b: Node) -> Node:
        if (found := self.fixed(of_two, a, b)) is not None:
            return found
        decides = op == "or"
        for one, other in ((a, b), (b, a)):
            if one.op == "constant":
                return one if one.data is decides else other
        return _absorbed(op, a, b) or self._node(op, ordered(a, b), None, truth=True)

    def negation(self, a: Node) -> Node:
        """not a."""
        if (found := self.fixed(operator.not_, a)) is not None:
            return found
        return a.args[0] if a.op == "not" else self._node("not", (a,), None, truth=True)

    # ---- making --------------------------------------------------------------------------------------------------

    def _node(
        self,
        op: str,
        args: tuple[Node, ...],
        data: object,
        *,
        truth: bool = False,
        cased: bool | None = None,
        membered: bool | None = None,
        low: float = -math.inf,
        high: float = math.inf,
        parts: int = 0,
        error: float | Node = 0.0,
        decimal: bool = False,
        leaf: bool = False,
        plain: bool = False,
    ) -> Node:
        # A truth and a number may be equal to Python.
        key = (op, tuple(each.number for each in args), truth, type(data), data)
        # A bound may use what has been computed; what is computed must not take over a bound, which states no error.
        known = self._made.get(key) or (self._made.get(("plain", key)) if plain else None)
        if known is not None:
            return known
        number = len(self.nodes)
        has_members = any(each.membered for each in args) if membered is None else membered
        if leaf:
            leaves = frozenset((number,)) if has_members else frozenset[int]()
        else:
            leaves = frozenset[int]().union(*(each.leaves for each in args)) if has_members else frozenset[int]()
        parts = parts if parts <= MOST_PARTS else 0
        if isinstance(error, float) and error > MOST_OFF:
            raise OffTooFar
        if parts and not isinstance(error, Node) and _fits(args, parts, low, high, op):
            error = 0.0
        if error != 0.0 and op in _WIDENED:
            low, high = low - abs(low) * _ULP, high + abs(high) * _ULP
        node = Node(
            number,
            op,
            args,
            data,
            truth,
            any(each.cased for each in args) if cased is None else cased,
            has_members,
            low,
            high,
            parts == 1,
            error,
            decimal,
            leaves,
            parts,
        )
        self._made[("plain", key) if plain else key] = node
        self.nodes.append(node)
        return node


class Collecting:
    """Doubts kept aside."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self.doubts: tuple[Doubt, ...] = ()

    def __enter__(self) -> Collecting:
        self._making._scopes.append({})
        return self

    def __exit__(self, *_: object) -> None:
        self.doubts = tuple(self._making._scopes.pop().values())


class _Under:
    def __init__(self, making: Making, mask: Node) -> None:
        self._making, self._mask = making, mask

    def __enter__(self) -> None:
        self._making._scopes.append({})

    def __exit__(self, *_: object) -> None:
        doubts = self._making._scopes.pop().values()
        if self._mask.op == "constant":
            if self._mask.data:
                self._making.raised(doubts)
            return
        for why, node in self._making._folded(doubts, self._mask).items():
            self._making.doubt(why, node)


def _absorbed(op: str, a: Node, b: Node) -> Node | None:
    """The one of two truths that says it all: a of (a and b) and a, of (a and b) or a."""
    for one, other in ((a, b), (b, a)):
        if one is other or (one.op == op and other in one.args):
            return one
        if one.op in ("and", "or") and one.op != op and other in one.args:
            return other
    return None


_ULP = 2.0**-52
_WIDENED = ("constant", "row", "input", "mul", "div", "sum")
"""Operations whose range was itself found by rounded operations."""

_EXACT_OPS = ("add", "sub", "mul", "div", "sum")


def _fits(args: tuple[Node, ...], parts: int, low: float, high: float, op: str) -> bool:
    """Whether an operation on exact values rounds nothing away: all its results are binary fractions that fit."""
    return (
        op in _EXACT_OPS
        and parts & (parts - 1) == 0
        and max(abs(low), abs(high)) * parts <= WHOLE
        and all(each.truth or each.exact for each in args)
    )


def fraction(node: Node) -> Fraction:
    """The value of a constant figure."""
    assert isinstance(node.data, Fraction)
    return node.data


def is_figure(node: Node, value: int) -> bool:
    """Whether a node is this constant."""
    return node.op == "constant" and not node.truth and node.data == value


def ordered(a: Node, b: Node) -> tuple[Node, Node]:
    """Two nodes in one order, for operations that don't mind which."""
    return (a, b) if a.number <= b.number else (b, a)


def common_parts(a: Node, b: Node) -> int:
    """Of which parts both are whole numbers; 0 where that is not known."""
    return lcm(a.parts, b.parts)


def _short(exactly: Fraction, near: float) -> bool:
    """Whether a fraction is a decimal of at most fifteen digits, of which the float is the nearest."""
    return Fraction(repr(near)) == exactly and len(repr(near).replace(".", "").lstrip("-0").partition("e")[0]) <= 15
