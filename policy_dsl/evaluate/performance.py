"""Whether a duty that the record does not show performed may still be performed.

A record only grows: what has occurred stays, and what is counted or summed over events becomes more. So it can be told
which way a condition may still turn. Figures are taken as not negative; where the way cannot be told, both are open.
"""

from __future__ import annotations

from policy_dsl.evaluate.conditions import condition
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.evaluate.record import outcome, window_end
from policy_dsl.evaluate.steps import rule_of
from policy_dsl.evaluate.times import time_of
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Builtin, Entry, FieldOf
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

Trend = frozenset[str]
FIXED: Trend = frozenset()
UP: Trend = frozenset({"up"})
DOWN: Trend = frozenset({"down"})
EITHER: Trend = UP | DOWN

_KEEP_ORDER = ("min", "max", "average", "half_up", "half_even", "up", "down", "root", "log")
_SETTLED = ("met", "adopted", "missed", "rejected", "kept", "breached", "reserved")


def may_still_hold(engine: Engine, node: tree.Expr, env: Env, *, facts_change: bool) -> bool:
    """Whether a condition that does not hold may come to hold by what is still to be recorded.

    `facts_change` says whether facts of the case may still become others; if not, they are as the case states them.
    """
    return _Outlook(engine, env, facts_change).open(node, True)


@dataclass(frozen=True, slots=True)
class _Outlook:
    engine: Engine
    env: Env
    facts_change: bool

    # ---- conditions ----------------------------------------------------------------------------------------------

    def open(self, node: tree.Expr, wanted: bool) -> bool:
        """Whether a condition may still become as wanted; it is so if it is now, or if nobody can tell."""
        if condition(self.engine, node, self.env).value is not (not wanted):
            return True
        match node:
            case tree.Binary(op="and" | "or" as op):
                parts = (self.open(node.left, wanted), self.open(node.right, wanted))
                return all(parts) if (op == "and") is wanted else any(parts)
            case tree.Unary(op="not"):
                return self.open(node.of, not wanted)
            case tree.Choice():
                held = condition(self.engine, node.when, self.env).value is True
                chosen, other = (node.then, node.otherwise) if held else (node.otherwise, node.then)
                return self.open(chosen, wanted) or (self.open(node.when, not held) and self.open(other, wanted))
            case tree.Binary(op="=" | "<>" | "is" | "is not", left=tree.Truth() as said, right=other):
                return self.open(other, (said.value is (node.op in ("=", "is"))) is wanted)
            case tree.Binary(op="=" | "<>" | "is" | "is not", left=other, right=tree.Truth() as said):
                return self.open(other, (said.value is (node.op in ("=", "is"))) is wanted)
            case tree.Binary(op="<" | "<=" | ">" | ">=" | "=" | "<>"):
                return self._compared(node, wanted)
        return ("up" if wanted else "down") in self.trend(node)

    def _compared(self, node: tree.Binary, wanted: bool) -> bool:
        moves = self.trend(node.left) | _turned(self.trend(node.right))
        left, right = (self.engine.eval(each, self.env).value for each in (node.left, node.right))
        if not self.engine.eval(node, self.env).known:
            return bool(moves)
        if time_of(left) is not None or time_of(right) is not None:
            # Times do not change: what has occurred has its moment, what has not comes later than what has.
            return False
        if node.op in ("=", "<>"):
            if (node.op == "=") is not wanted or not isinstance(left, Quantity) or not isinstance(right, Quantity):
                return bool(moves)
            return ("up" if left.amount < right.amount else "down") in moves
        return ("up" if (node.op in (">", ">=")) is wanted else "down") in moves

    # ---- which way a value may move --------------------------------------------------------------------------------

    def trend(self, node: tree.Node | None) -> Trend:
        """Which way a figure may still move, a group change (up: gain members), or a truth turn (up: become yes)."""
        match node:
            case tree.Name() | tree.Nth():
                return self._named(self.engine.ref(node))
            case tree.ValueOf():
                return self._value_of(node)
            case tree.Aggregate(op="sum" | "count" | "greatest"):
                return self.trend(node.of) | self.trend(node.over)
            case tree.Aggregate():
                moves = FIXED.union(*(self.trend(each) for each in (node.of, node.over, *node.ties)))
                return _either(moves)
            case tree.PartOf():
                return self.trend(node.of) | self.trend(node.part)
            case tree.Group():
                return self.trend(node.base) | _turned(self.trend(node.minus)) | self.trend(node.where)
            case tree.Call():
                moves = FIXED.union(*(self.trend(each) for each in node.args))
                return moves if node.name.text in _KEEP_ORDER else _either(moves)
            case tree.Unary():
                return _turned(self.trend(node.of))
            case tree.Choice():
                return self._chosen(node)
            case tree.Binary():
                return self._joined(node)
        return FIXED

    def _joined(self, node: tree.Binary) -> Trend:
        left, right = self.trend(node.left), self.trend(node.right)
        match node.op:
            case "and" | "or" | "+" | "*":
                return left | right
            case "-" | "/" | "per" | ">" | ">=":
                return left | _turned(right)
            case "<" | "<=":
                return _turned(left) | right
            case "in" if not isinstance(node.right, tree.Number):
                return _either(left) | right
            case "is" | "is not":
                return self._status(node)
        return _either(left | right)

    def _status(self, node: tree.Binary) -> Trend:
        """`report is met`: a status that is settled stays."""
        match self.engine.ref(node.left):
            case Entry(kind="step") as step:
                found = outcome(self.engine, step).status
                return FIXED if found in _SETTLED or self._closed(step) else EITHER
            case Entry(kind="duty"):
                return EITHER
        return _either(self.trend(node.left) | self.trend(node.right))

    def _chosen(self, node: tree.Choice) -> Trend:
        when = self.trend(node.when)
        if isinstance(node.then, tree.Truth) and isinstance(node.otherwise, tree.Truth):
            return when if node.then.value else _turned(when)
        return _either(when) | self.trend(node.then) | self.trend(node.otherwise)

    def _named(self, ref: object) -> Trend:
        match ref:
            case Entry(kind="step"):
                return FIXED if self._closed(ref) else UP
            case Entry(kind="define", parent=None, node=tree.Define() as node):
                moves = self.trend(node.value)
                for row in node.exceptions:
                    moves |= _either(self.trend(row.when)) | self.trend(row.value)
                return moves
            case Entry(kind="set", node=tree.SetOf() as node) if ref.name not in self.engine.case.groups:
                moves = self.trend(node.value)
                return moves.union(*(self.trend(each.expr) for each in node.requires))
            case Entry(kind="indicator"):
                return EITHER if self.facts_change else FIXED
            case Entry():
                rests = ref.name in self.engine.record_bound
                return EITHER if rests or (self.facts_change and ref.kind not in ("tier", "set")) else FIXED
        return FIXED

    def _value_of(self, node: tree.ValueOf) -> Trend:
        ref = self.engine.ref(node)
        match ref:
            case Builtin.PAID | Builtin.PLEDGED:
                return UP
            case Builtin() | FieldOf():
                return EITHER
            case Entry():
                return self._named(ref) | _either(self.trend(node.of) if ref.kind != "step" else FIXED)
        return FIXED

    def _closed(self, step: Entry) -> bool:
        """Whether the time in which a step may be taken is over."""
        if rule_of(self.engine, step).not_after is None:
            return False
        end = time_of(window_end(self.engine, step, True, tree.Nothing(step.node.span), Env()).value)
        return end is not None and self.engine.is_over(end, None)


def _turned(moves: Trend) -> Trend:
    return frozenset({"up": "down", "down": "up"}[each] for each in moves)


def _either(moves: Trend) -> Trend:
    return EITHER if moves else FIXED
