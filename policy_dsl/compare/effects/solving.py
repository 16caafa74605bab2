"""Which fact must be what, so that an expression comes to a figure: simple sums and products of facts, turned round."""

from __future__ import annotations

from fractions import Fraction

from policy_dsl.cases.case import Case, Fact
from policy_dsl.cases.figures import quantity_of
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity, divide, times

_DEPTH = 8
WHOLE = ("person", "household", "project")


class Solver:
    """Solves expressions over the facts of a case."""

    def __init__(self, program: Program, case: Case) -> None:
        self.program = program
        self.facts = {
            (each.indicator, each.member): each for each in case.facts if not each.cohort and each.year is None
        }

    def solve(self, about: tree.Expr, target: Quantity, member: str, depth: int = 0) -> tuple[Fact, Quantity] | None:
        """A fact of a member (none: of the case), and what it must be; none where that can't be told simply."""
        if depth > _DEPTH:
            return None
        match about:
            case tree.Name():
                return self._named(about, target, member, depth)
            case tree.ValueOf(of=tree.Name(text="member")):
                return self._named(about, target, member, depth)
            case tree.Binary(op=op, left=left, right=right) if op in ("+", "-", "*", "/", "per"):
                return self._turned(op, left, right, target, member, depth)
        return None

    def _named(self, node: tree.Expr, target: Quantity, member: str, depth: int) -> tuple[Fact, Quantity] | None:
        entry = self.program.ref(node)
        if not isinstance(entry, Entry):
            return None
        if entry.kind == "indicator":
            fact = self._fact(entry, member)
            if fact is None or not isinstance(fact.value, Quantity) or fact.value.unit != target.unit:
                return None
            return (fact, target) if self._possible(entry, target) else None
        if isinstance(entry.node, tree.Define) and not entry.node.exceptions:
            return self.solve(entry.node.value, target, member, depth + 1)
        return None

    def _possible(self, entry: Entry, value: Quantity) -> bool:
        """Whether a case may state the figure: whole persons, and within the bounds of the fact."""
        assert isinstance(entry.node, tree.Indicator)
        if value.amount.denominator != 1 and value.unit.terms in [((base, 1),) for base in WHOLE]:
            return False
        low, high = (None if each is None else quantity_of(each) for each in (entry.node.low, entry.node.high))
        return (low is None or low.amount <= value.amount) and (high is None or value.amount <= high.amount)

    def _fact(self, entry: Entry, member: str) -> Fact | None:
        if entry.reach == ():
            return self.facts.get((entry.name, ""))
        return self.facts.get((entry.name, member)) if entry.reach == ("member",) else None

    def _turned(
        self, op: str, left: tree.Expr, right: tree.Expr, target: Quantity, member: str, depth: int
    ) -> tuple[Fact, Quantity] | None:
        known = self._known(right, member, depth)
        if known is not None and (known.amount or op in "+-"):
            wanted = {
                "+": lambda: Quantity(target.amount - known.amount, target.unit),
                "-": lambda: Quantity(target.amount + known.amount, target.unit),
                "*": lambda: Quantity(target.amount / known.amount, divide(target.unit, known.unit)),
                "/": lambda: Quantity(target.amount * known.amount, times(target.unit, known.unit)),
                "per": lambda: Quantity(target.amount * known.amount, times(target.unit, known.unit)),
            }[op]()
            found = self.solve(left, wanted, member, depth + 1)
            if found is not None:
                return found
        known = self._known(left, member, depth)
        if known is None:
            return None
        if op == "+":
            return self.solve(right, Quantity(target.amount - known.amount, target.unit), member, depth + 1)
        if op == "-":
            return self.solve(right, Quantity(known.amount - target.amount, target.unit), member, depth + 1)
        if op == "*" and known.amount:
            wanted = Quantity(target.amount / known.amount, divide(target.unit, known.unit))
            return self.solve(right, wanted, member, depth + 1)
        return None

    def _known(self, node: tree.Expr, member: str, depth: int) -> Quantity | None:
        """What an expression is, as far as the facts and figures of the text tell it simply."""
        literal = quantity_of(node)
        if literal is not None or depth > _DEPTH:
            return literal
        match node:
            case tree.Name():
                entry = self.program.ref(node)
                if not isinstance(entry, Entry):
                    return None
                if entry.kind == "indicator":
                    fact = self._fact(entry, member)
                    return fact.value if fact is not None and isinstance(fact.value, Quantity) else None
                if isinstance(entry.node, tree.Define) and not entry.node.exceptions:
                    return self._known(entry.node.value, member, depth + 1)
                if isinstance(entry.node, tree.Parameter) and not entry.node.amendments:
                    return quantity_of(entry.node.value)
            case tree.Binary(op=op, left=left, right=right) if op in ("+", "-", "*", "/", "per"):
                one, other = self._known(left, member, depth + 1), self._known(right, member, depth + 1)
                return None if one is None or other is None else _done(op, one, other)
        return None


def _done(op: str, one: Quantity, other: Quantity) -> Quantity | None:
    if op in ("+", "-"):
        sign = Fraction(1 if op == "+" else -1)
        return Quantity(one.amount + sign * other.amount, one.unit) if one.unit == other.unit else None
    if op == "*":
        return Quantity(one.amount * other.amount, times(one.unit, other.unit))
    return Quantity(one.amount / other.amount, divide(one.unit, other.unit)) if other.amount else None
