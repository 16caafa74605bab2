"""The program by which a plan is run on one case in whole numbers, as it is written; see `exactly`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from policy_dsl.plan.kernels_exactly import KERNELS, NotExact, used
from policy_dsl.plan.nodes import Node, Plan
from policy_dsl.records import dataclass

Values = tuple[list[int] | int, int]
"""Numerators (one for each member, or one for the case) over one denominator."""


def values_of(figures: Sequence[Fraction | int]) -> Values:
    """Figures over their least common denominator."""
    below = lcm(*(each.denominator for each in figures)) if figures else 1
    tops = [each.numerator * (below // each.denominator) for each in figures]
    return tops, below


def needed(node: Node) -> tuple[Node, ...]:
    """What a node is found from, but for bounds."""
    if node.op not in KERNELS:
        return node.args
    return tuple(each for each, needed in zip(node.args, used(node.data), strict=True) if needed)


def _common(tops: list[int], below: list[int]) -> Values:
    """Figures of many denominators over one."""
    one = lcm(*below)
    return [top * (one // under) for top, under in zip(tops, below, strict=True)], one


def _half_even(top: int, under: int) -> int:
    whole, rest = divmod(top, under)
    return whole + (2 * rest > under or (2 * rest == under and whole & 1))


HELPERS: Mapping[str, Callable[..., Any]] = {"lcm": lcm, "common": _common, "half_even": _half_even}
"""What the program calls by name."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """The names under which a node's numerators and denominators stand; `below` is "" for whole numbers."""

    top: str
    below: str
    many: bool
    each: bool = False


class Writing:
    """The program as it is written, line by line."""

    def __init__(self, plan: Plan) -> None:
        self.size = len(plan.frame.members)
        self.lines: list[str] = []
        self.figures: dict[int, _Figure] = {}
        self.constants: dict[str, Any] = {}
        self.names: list[tuple[int, str]] = []
        self._commons: dict[int, _Figure] = {}
        self._inputs = 0

    def source(self, inputs: Iterable[str], doubts: Iterable[Node]) -> str:
        """The whole text."""
        head = f"def program({', '.join(f'c{i}' for i, _ in enumerate(inputs))}):"
        stops = [f" if t{node.number}: return None" for node in doubts]
        kept = ", ".join(f"{number}: {name}" for number, name in self.names)
        return "\n".join([head, *(f" {line}" for line in self.lines), *stops, f" return {{{kept}}}", ""])

    def write(self, node: Node) -> None:
        """Write one node."""
        if node.op in KERNELS:
            self._kernel(node)
        elif node.op == "part":
            self._part(node)
        elif node.truth:
            self._truth(node)
        else:
            self._figure(node)

    # ---- truths ----------------------------------------------------------------------------------------------------

    def _truth(self, node: Node) -> None:
        name = f"t{node.number}"
        self.names.append((node.number, name))
        match node.op:
            case "constant" | "row":
                self.constants[name] = list(node.data) if isinstance(node.data, tuple) else node.data
            case "input":
                self.lines.append(f"{name} = c{self._place()}")
            case "and" | "or" | "not":
                self._elementwise(name, node, {"and": "{0} and {1}", "or": "{0} or {1}", "not": "not {0}"}[node.op])
            case "lt" | "le" | "eq":
                self._compared(name, node)
            case "any":
                self.lines.append(f"{name} = True in t{node.args[0].number}")
            case "at":
                self.lines.append(f"{name} = t{node.args[0].number}[{node.data}]")
            case "same":
                self.lines.append(f"{name} = t{node.args[0].number}")
            case _:
                raise AssertionError(node.op)

    def _elementwise(self, name: str, node: Node, form: str) -> None:
        parts = [(f"t{each.number}", each.membered) for each in node.args]
        self.lines.append(f"{name} = {_comprehended(form, parts)}")

    def _compared(self, name: str, node: Node) -> None:
        sign = {"lt": "<", "le": "<=", "eq": "=="}[node.op]
        a, b = node.args
        if a.truth:
            self._elementwise(name, node, "{0} == {1}")
            return
        one, other, _ = self._alike(a, b)
        self.lines.append(f"{name} = {_comprehended('{0} ' + sign + ' {1}', [one, other])}")

    # ---- figures ---------------------------------------------------------------------------------------------------

    def _figure(self, node: Node) -> None:
        match node.op:
            case "constant" | "row":
                self._constant(node)
            case "input":
                self.lines.append(f"n{node.number}, d{node.number} = c{self._place()}")
                self._known(node, below=f"d{node.number}")
            case "same":
                self._same(node)
            case "neg" | "abs":
                a = self._of(node.args[0])
                self._made(
                    node, _comprehended("-{0}" if node.op == "neg" else "abs({0})", [(a.top, a.many)]), a.below, a.each
                )
            case "add" | "sub":
                self._added(node)
            case "mul":
                self._multiplied(node)
            case "div":
                self._divided(node)
            case "min" | "max" | "where":
                self._chosen(node)
            case "floor" | "ceil" | "rint":
                self._whole(node)
            case "sum" | "least" | "greatest" | "count":
                self._gathered(node)
            case "at":
                a = self._of(node.args[0])
                self._made(node, f"{a.top}[{node.data}]", f"{a.below}[{node.data}]" if a.each else a.below)
            case "pow":
                self._raised(node)
            case _:
                raise NotExact(node.op)

    def _constant(self, node: Node) -> None:
        figures = node.data if isinstance(node.data, tuple) else (node.data,)
        tops, below = values_of([Fraction(each) for each in figures])
        assert isinstance(tops, list)
        self.constants[f"n{node.number}"] = tops if node.membered else tops[0]
        if below != 1:
            self.constants[f"d{node.number}"] = below
        self._known(node, below=f"d{node.number}" if below != 1 else "")

    def _same(self, node: Node) -> None:
        if node.error == 2.0 and node.args[0].op in ("constant", "row"):
            # A root or a logarithm, known to forty digits.
            raise NotExact("same")
        self.figures[node.number] = self._of(node.args[0])
        of = self.figures[node.number]
        self.names.append((node.number, f"({of.top}, {of.below or 1})"))

    def _added(self, node: Node) -> None:
        sign = "+" if node.op == "add" else "-"
        a, b = (self._of(each) for each in node.args)
        if a.each or b.each:
            under = _comprehended("{0} * {1}", [_below(a), _below(b)])
            parts = [(a.top, a.many), _below(b), (b.top, b.many), _below(a)]
            self._made(node, _comprehended("{0} * {1} " + sign + " {2} * {3}", parts), under, True)
            return
        one, other, below = self._alike(*node.args)
        self._made(node, _comprehended("{0} " + sign + " {1}", [one, other]), below)

    def _multiplied(self, node: Node) -> None:
        a, b = (self._of(each) for each in node.args)
        top = _comprehended("{0} * {1}", [(a.top, a.many), (b.top, b.many)])
        if a.each or b.each:
            self._made(node, top, _comprehended("{0} * {1}", [_below(a), _below(b)]), True)
        else:
            self._made(node, top, " * ".join(each for each in (a.below, b.below) if each))

    def _divided(self, node: Node) -> None:
        a, b = (self._of(each) for each in node.args)
        k = node.number
        if isinstance(node.args[1].error, Node) and node.args[1].low <= 0 <= node.args[1].high:
            # In binary fractions a divisor of nothing leaves the case in doubt; here it is left to the engine.
            self.lines.append(f"if {'0 in ' if b.many else 'not '}{b.top}: return None")
        if not b.many:
            # One divisor for all: it joins the denominator, and its sign goes to the numerators.
            self.lines.append(f"s{k} = {b.top} or 1")
            sign = "" if node.args[1].low > 0 else f" * (1 if s{k} > 0 else -1)"
            factor = f"f{k}"
            self.lines.append(f"{factor} = {b.below or 1}{sign}")
            size = f"s{k}" if node.args[1].low > 0 else f"abs(s{k})"
            top = _comprehended("{0} * {1}", [(a.top, a.many), (factor, False)])
            if a.each:
                self._made(node, top, _comprehended("{0} * {1}", [(a.below, True), (size, False)]), True)
            else:
                self._made(node, top, f"{a.below} * {size}" if a.below else size)
            return
        parts = [(a.top, a.many), (b.top, True), _below(b), _below(a)]
        if node.args[1].low > 0:
            top = _comprehended("{0} * {2}", parts)
            under = _comprehended("{1} * {3}", parts)
        else:
            top = _comprehended("({0} * {2} if {1} >= 0 else -{0} * {2})", parts)
            under = _comprehended("abs({1} * {3}) or 1", parts)
        self._made(node, top, under, True)

    def _chosen(self, node: Node) -> None:
        figures = node.args[-2:]
        one, other, below = self._alike(*figures)
        if node.op == "where":
            when = node.args[0]
            parts = [one, (f"t{when.number}", when.membered), other]
            self._made(node, _comprehended("({0} if {1} else {2})", parts), below)
        else:
            sign = "<" if node.op == "min" else ">"
            self._made(node, _comprehended("({0} if {0} " + sign + " {1} else {1})", [one, other]), below)

    def _whole(self, node: Node) -> None:
        a = self._of(node.args[0])
        form = {"floor": "{0} // {1}", "ceil": "-(-{0} // {1})", "rint": "half_even({0}, {1})"}[node.op]
        self._made(node, _comprehended(form, [(a.top, a.many), _below(a)]), "")

    def _gathered(self, node: Node) -> None:
        if node.op == "count":
            self._made(node, f"t{node.args[0].number}.count(True)", "")
            return
        a = self._over_one(node.args[0])
        inside = a.top
        if len(node.args) > 1:
            mask = node.args[1]
            each = f"zip({a.top}, t{mask.number})" if a.many else f"((({a.top}), m) for m in t{mask.number})"
            if mask.membered:
                inside = f"[x for x, m in {each} if m]"
            else:
                inside = f"({a.top} if t{mask.number} else [])"
        made = {"sum": f"sum({inside})", "least": f"min({inside}, default=0)", "greatest": f"max({inside}, default=0)"}
        self._made(node, made[node.op], a.below)

    def _raised(self, node: Node) -> None:
        assert isinstance(node.data, Fraction)
        if node.data.denominator != 1 or node.data < 0:
            raise NotExact("pow")
        a = self._of(node.args[0])
        power = node.data.numerator
        top = _comprehended(f"{{0}} ** {power}", [(a.top, a.many)])
        if a.each:
            self._made(node, top, _comprehended(f"{{0}} ** {power}", [(a.below, True)]), True)
        else:
            self._made(node, top, f"{a.below} ** {power}" if a.below else "")

    # ---- kernels ---------------------------------------------------------------------------------------------------

    def _kernel(self, node: Node) -> None:
        self.constants[f"k{node.number}"] = KERNELS[node.op]
        self.constants[f"s{node.number}"] = node.data
        args = []
        for each in needed(node):
            if each.truth:
                args.append(f"t{each.number}")
            else:
                a = self._over_one(each)
                args.append(f"({a.top}, {a.below or 1})")
        self.lines.append(f"r{node.number} = k{node.number}(s{node.number}, {self.size}, {', '.join(args)})")

    def _part(self, node: Node) -> None:
        of = f"r{node.args[0].number}[{node.data!r}]"
        if node.truth:
            self.names.append((node.number, f"t{node.number}"))
            self.lines.append(f"t{node.number} = {of}")
        else:
            self.lines.append(f"n{node.number}, d{node.number} = {of}")
            self._known(node, below=f"d{node.number}")

    # ---- names -----------------------------------------------------------------------------------------------------

    def _place(self) -> int:
        """The place of the next column among what the program is called with."""
        self._inputs += 1
        return self._inputs - 1

    def _of(self, node: Node) -> _Figure:
        return self.figures[node.number]

    def _over_one(self, node: Node) -> _Figure:
        """A node's figures over one denominator; brought to it once."""
        a = self._of(node)
        if not a.each:
            return a
        known = self._commons.get(node.number)
        if known is None:
            k = node.number
            self.lines.append(f"m{k}, e{k} = common({a.top}, {a.below})")
            known = self._commons[node.number] = _Figure(f"m{k}", f"e{k}", True)
        return known

    def _alike(self, one: Node, two: Node) -> tuple[tuple[str, bool], tuple[str, bool], str]:
        """Two nodes' figures over one denominator: how to write each, and the denominator."""
        a, b = self._over_one(one), self._over_one(two)
        if a.below == b.below:
            return (a.top, a.many), (b.top, b.many), a.below
        if not a.below:
            return (self._scaled(a, b.below), a.many), (b.top, b.many), b.below
        if not b.below:
            return (a.top, a.many), (self._scaled(b, a.below), b.many), a.below
        name = f"l{len(self.lines)}"
        self.lines.append(f"{name} = lcm({a.below}, {b.below})")
        return (
            (self._scaled(a, f"({name} // {a.below})"), a.many),
            (self._scaled(b, f"({name} // {b.below})"), b.many),
            name,
        )

    def _scaled(self, a: _Figure, by: str) -> str:
        name, factor = f"q{len(self.lines)}", f"g{len(self.lines)}"
        self.lines.append(f"{factor} = {by}")
        self.lines.append(f"{name} = {_comprehended('{0} * {1}', [(a.top, a.many), (factor, False)])}")
        return name

    def _made(self, node: Node, top: str, below: str, each: bool = False) -> None:
        k = node.number
        self.lines.append(f"n{k} = {top}")
        name = below
        if below and not below.isidentifier():
            self.lines.append(f"d{k} = {below}")
            name = f"d{k}"
        self.figures[k] = _Figure(f"n{k}", name, node.membered, each)
        self.names.append((k, f"(n{k}, {name or 1})"))

    def _known(self, node: Node, below: str) -> None:
        self.figures[node.number] = _Figure(f"n{node.number}", below, node.membered)
        self.names.append((node.number, f"(n{node.number}, {below or 1})"))


def _below(a: _Figure) -> tuple[str, bool]:
    return (a.below or "1", a.each)


def _comprehended(form: str, parts: Sequence[tuple[str, bool]]) -> str:
    """An expression on parts, written for each member where any of them has one value for each."""
    many = list(dict.fromkeys(name for name, each in parts if each))
    if not many:
        return form.format(*(name for name, _ in parts))
    letters = {name: f"x{i}" for i, name in enumerate(many)}
    inside = form.format(*(letters[name] if each else name for name, each in parts))
    if len(many) == 1:
        return f"[{inside} for x0 in {many[0]}]"
    return f"[{inside} for {', '.join(letters.values())} in zip({', '.join(many)})]"
