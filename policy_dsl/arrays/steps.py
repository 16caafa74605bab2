"""A plan put into steps: one call of numpy each, on values that are each given once.

What does not differ between cases is found here, once. The rest is written so that numpy does it in long loops over
whole chunks: a choice by a mask is made on the bits of the numbers (`a & mask`), since numpy's own `where` takes three
times as long; for the least and the greatest of a mask, those outside are first put where they can't be picked. None of
this changes a bit of any result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import field
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from policy_dsl.arrays.plain import value_of
from policy_dsl.plan.nodes import Node, Plan
from policy_dsl.records import dataclass

Array = NDArray[Any]
View = Literal["f8", "i8", "?", "i1"]
"""How the bytes of a value are read: figures; their bits, or whole numbers; truths; truths as numbers."""
Form = Literal["each", "over", "copy", "load", "at", "kernel", "store", "known", "doubt"]


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What a step gives: numbers of eight bytes (`wide`) or one; one for each member, or one for the case."""

    wide: bool
    membered: bool


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A value in a view."""

    value: Value
    view: View


Operand = Seen | Array


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One call.

    `form`: "each" (element by element: `call(*args, out=)`), "over" (`call` reduces over members), "copy" (with a
    cast), "load" (the column named `data`), "at" (the member at the place `data`), "kernel" (`data` is its node; parts
    are added to `gives` as they are asked for), "store" (`data` is the output), "known" (for whom there is one),
    "doubt" (`data` is the reason).
    """

    form: Form
    call: Callable[..., Any] | None
    args: tuple[Operand, ...]
    gives: list[tuple[str, Seen]]
    data: Any = None


def steps_of(plan: Plan, *, certify: bool, keep: frozenset[str]) -> tuple[Step, ...]:
    """The steps of those outputs of a plan that are kept and, if it is to be certain of them, of its doubts.

    They go in the order of the plan, in which what belongs together stands together. Each output is written and each
    part of a doubt laid to the others as soon as it is there, so that its array is soon free for something else.
    """
    writer = _Writer(narrow=len(plan.frame.members) <= 127)
    asked: dict[int, list[tuple[Form, Any]]] = {}
    for output, node, known in plan.outputs:
        if output.name in keep:
            asked.setdefault(node.number, []).append(("store", output))
            if known is not None:
                asked.setdefault(known.number, []).append(("known", output))
    laid: dict[int, list[int]] = {}
    doubts = plan.doubts if certify else ()
    for place, doubt in enumerate(doubts):
        for part in _parts(doubt.node):
            laid.setdefault(part.number, []).append(place)
    found: list[Operand | None] = [None] * len(doubts)
    for node in _needed(plan, {*asked, *laid}):
        if node.op in ("input", "constant", "row") and node.number not in asked and node.number not in laid:
            continue  # read when it is first used
        writer.write(node)
        for form, data in asked.get(node.number, ()):
            operand = writer.known[node.number]
            if form == "store" and data.form in ("steps", "count") and not (node.whole and node.exact):
                operand = writer.each(np.rint, (operand,), "f8")
            writer.steps.append(Step(form, None, (operand,), [], data))
        for place in laid.get(node.number, ()):
            operand, so_far = writer.known[node.number], found[place]
            found[place] = operand if so_far is None else writer.each(np.logical_or, (so_far, operand), "?")
    for doubt, whole in zip(doubts, found, strict=True):
        assert whole is not None
        if membered(whole):
            whole = writer.over(np.logical_or, whole, "?")
        writer.steps.append(Step("doubt", None, (whole,), [], doubt.why))
    return tuple(writer.steps)


def _parts(doubt: Node) -> list[Node]:
    """Truths of which a doubt holds where any does, of any member."""
    found: dict[int, Node] = {}
    waiting = [doubt]
    while waiting:
        node = waiting.pop()
        if node.op == "or" or (node.op == "any" and len(node.args) == 1):
            waiting.extend(node.args)
        else:
            found[node.number] = node
    return list(found.values())


def _needed(plan: Plan, asked: set[int]) -> list[Node]:
    """The nodes on which these rest, in the order of the plan."""
    needed = set(asked)
    for node in reversed(plan.nodes):
        if node.number in needed:
            needed.update(each.number for each in node.args)
    return [node for node in plan.nodes if node.number in needed]


@dataclass(slots=True, eq=False, repr=False)
class _Writer:
    """The steps written so far; `known` is what nodes have become, `_masks` what has been made of masks.
    `narrow`: a count of members fits into one byte."""

    narrow: bool
    steps: list[Step] = field(default_factory=list)
    known: dict[int, Operand] = field(default_factory=dict)
    _constants: dict[int, Any] = field(default_factory=dict)
    _kernels: dict[int, Step] = field(default_factory=dict)
    _masks: dict[tuple[str, int], tuple[Operand, Operand]] = field(default_factory=dict)

    def write(self, node: Node) -> None:
        """Write the steps of a node, whose args are written, or are leaves."""
        if node.number in self.known or node.number in self._kernels:
            return
        if not node.cased:
            self.known[node.number] = self._constant(node)
        elif node.op == "part":
            self.known[node.number] = self._part(node)
        else:
            for each in node.args:
                self.write(each)
            args = [self.known[each.number] for each in node.args]
            if node.op in _FORMS:
                self.known[node.number] = _FORMS[node.op](self, node, *args)
            else:
                self.steps.append(Step("kernel", None, tuple(args), [], node))
                self._kernels[node.number] = self.steps[-1]

    def _constant(self, root: Node) -> Array:
        """What does not differ between cases, as its definition reads."""
        waiting = [root]
        while waiting:
            node = waiting[-1]
            lacking = [each for each in node.args if each.number not in self._constants]
            if lacking:
                waiting.extend(lacking)
                continue
            waiting.pop()
            if node.number not in self._constants:
                with np.errstate(all="ignore"):
                    given = [self._constants[each.number] for each in node.args]
                    self._constants[node.number] = value_of(node, given, {})
        return np.asarray(self._constants[root.number])

    # ---- steps ---------------------------------------------------------------------------------------------------

    def give(
        self, form: Form, call: Any, args: tuple[Operand, ...], view: View, membered: bool, data: Any = None
    ) -> Seen:
        """A new step and what it gives."""
        seen = Seen(Value(view in ("f8", "i8"), membered), view)
        self.steps.append(Step(form, call, args, [("", seen)], data))
        return seen

    def each(self, call: Any, args: Iterable[Operand], view: View) -> Operand:
        """Element by element."""
        given = tuple(args)
        if not any(isinstance(each, Seen) for each in given):
            return np.asarray(call(*given))
        return self.give("each", call, given, view, any(membered(each) for each in given))

    def over(self, call: Any, arg: Operand, view: View) -> Operand:
        """One for the case of all members."""
        if not isinstance(arg, Seen):
            return np.asarray(call.reduce(arg, axis=1, keepdims=True))
        return self.give("over", call, (arg,), view, False)

    def _part(self, node: Node) -> Seen:
        seen = Seen(Value(not node.truth, node.membered), _view(node.truth))
        self._kernels[node.args[0].number].gives.append((str(node.data), seen))
        return seen

    # ---- masks ---------------------------------------------------------------------------------------------------

    def masked(self, a: Operand, bits: Operand) -> Operand:
        """The figure where all bits are set, 0 where none is."""
        return seen_as(self.each(np.bitwise_and, (seen_as(a, "i8"), bits), "i8"), "f8")

    def bits(self, mask: Operand) -> Operand:
        """All bits where a mask holds, none elsewhere."""
        return self._once("bits", mask, lambda: self.each(np.negative, (self._whole(mask),), "i8"))

    def other_bits(self, mask: Operand) -> Operand:
        """All bits where a mask does not hold."""
        return self._once("other bits", mask, lambda: self.each(np.invert, (self.bits(mask),), "i8"))

    def low_outside(self, mask: Operand) -> Operand:
        """+inf within a mask, −inf outside: the lesser of it and a figure is the figure within, −inf outside."""
        return self._once("low", mask, lambda: self.where(self.bits(mask), _INF, -_INF))

    def high_outside(self, mask: Operand) -> Operand:
        """−inf within a mask, +inf outside."""
        return self._once("high", mask, lambda: self.where(self.bits(mask), -_INF, _INF))

    def where(self, bits: Operand, a: Operand, b: Operand) -> Operand:
        """a where the bits are set, else b."""
        differing = self.each(np.bitwise_xor, (seen_as(a, "i8"), seen_as(b, "i8")), "i8")
        chosen = self.each(np.bitwise_and, (differing, bits), "i8")
        return seen_as(self.each(np.bitwise_xor, (chosen, seen_as(b, "i8")), "i8"), "f8")

    def _whole(self, mask: Operand) -> Operand:
        if isinstance(mask, Seen):
            return self.give("copy", None, (seen_as(mask, "i1"),), "i8", mask.value.membered)
        return mask.astype(np.int64)

    def _once(self, what: str, mask: Operand, make: Callable[[], Operand]) -> Operand:
        key = (what, id(mask.value) if isinstance(mask, Seen) else id(mask))
        if key not in self._masks:
            # The mask is kept along, so that its id is not given to another.
            self._masks[key] = (make(), mask)
        return self._masks[key][0]


_INF = np.array([[np.inf]])


def membered(operand: Operand) -> bool:
    """Whether it differs between members."""
    return operand.value.membered if isinstance(operand, Seen) else operand.shape[1] != 1


def seen_as(operand: Operand, view: View) -> Operand:
    """The same bytes in another view."""
    return Seen(operand.value, view) if isinstance(operand, Seen) else operand.view(np.dtype(view))


def _view(truth: bool) -> View:
    return "?" if truth else "f8"


def _nothing(operand: Operand) -> bool:
    return not isinstance(operand, Seen) and not operand.view(np.int64).any()


def _where(writer: _Writer, _: Node, mask: Operand, a: Operand, b: Operand) -> Operand:
    if _nothing(b):
        return writer.masked(a, writer.bits(mask))
    if _nothing(a):
        return writer.masked(b, writer.other_bits(mask))
    return writer.where(writer.bits(mask), a, b)


def _sum(writer: _Writer, _: Node, a: Operand, mask: Operand | None = None) -> Operand:
    return writer.over(np.add, a if mask is None else writer.masked(a, writer.bits(mask)), "f8")


def _least(writer: _Writer, node: Node, a: Operand, mask: Operand | None = None) -> Operand:
    if mask is None:
        held = a
    elif _finite(node.args[0]):
        held = writer.each(np.fmax, (a, writer.high_outside(mask)), "f8")
    else:
        held = writer.where(writer.bits(mask), a, _INF)
    return writer.over(np.minimum, held, "f8")


def _greatest(writer: _Writer, node: Node, a: Operand, mask: Operand | None = None) -> Operand:
    if mask is None:
        held = a
    elif _finite(node.args[0]):
        held = writer.each(np.fmin, (a, writer.low_outside(mask)), "f8")
    else:
        held = writer.where(writer.bits(mask), a, -_INF)
    return writer.over(np.maximum, held, "f8")


def _finite(node: Node) -> bool:
    """Whether no member of a case without doubt has inf or NaN: what is outside a mask may be such all the same, and
    `fmin` and `fmax` pass it over."""
    return math.isfinite(node.low) and math.isfinite(node.high)


def _count(writer: _Writer, _: Node, mask: Operand) -> Operand:
    counted = writer.give("over", np.add, (seen_as(mask, "i1"),), "i1" if writer.narrow else "i8", False)
    return writer.give("copy", None, (counted,), "f8", False)


def _pow(writer: _Writer, node: Node, a: Operand) -> Operand:
    assert isinstance(node.data, Fraction)
    return writer.each(np.power, (a, np.array([[float(node.data)]])), "f8")


_Form = Callable[..., Operand]


def _every(call: Any, view: View) -> _Form:
    return lambda writer, _, *args: writer.each(call, args, view)


_FORMS: dict[str, _Form] = {
    "input": lambda writer, node: writer.give("load", None, (), _view(node.truth), node.membered, node.data),
    "neg": _every(np.negative, "f8"),
    "abs": _every(np.absolute, "f8"),
    "add": _every(np.add, "f8"),
    "sub": _every(np.subtract, "f8"),
    "mul": _every(np.multiply, "f8"),
    "div": _every(np.divide, "f8"),
    "min": _every(np.minimum, "f8"),
    "max": _every(np.maximum, "f8"),
    "sqrt": _every(np.sqrt, "f8"),
    "log": _every(np.log, "f8"),
    "pow": _pow,
    "floor": _every(np.floor, "f8"),
    "ceil": _every(np.ceil, "f8"),
    "rint": _every(np.rint, "f8"),
    "where": _where,
    "same": lambda writer, node, a: a,
    "lt": _every(np.less, "?"),
    "le": _every(np.less_equal, "?"),
    "eq": _every(np.equal, "?"),
    "and": _every(np.logical_and, "?"),
    "or": _every(np.logical_or, "?"),
    "not": _every(np.logical_not, "?"),
    "sum": _sum,
    "least": _least,
    "greatest": _greatest,
    "any": lambda writer, _, a: writer.over(np.logical_or, a, "?"),
    "all": lambda writer, _, a: writer.over(np.logical_and, a, "?"),
    "count": _count,
    "at": lambda writer, node, a: writer.give("at", None, (a,), _view(node.truth), False, node.data),
}
"""How each operation is written (see `plan.nodes.OPS`); all others are kernels."""
