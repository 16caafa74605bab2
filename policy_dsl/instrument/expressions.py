"""Expressions of the rules in words: every class of expression has its sentence here, and none is told as code.

What a derivation says of a value is said here of the rule, by the same texts (`render.messages.OPERATIONS`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

from policy_dsl.check import Checked
from policy_dsl.check.types import UNKNOWN, Kind, Type
from policy_dsl.explain.argument import Given, Term
from policy_dsl.instrument import names
from policy_dsl.instrument.phrases import LOOSEST, OPERAND, TIGHT, chained, figure, joined, tightness, written
from policy_dsl.instrument.texts import SAID
from policy_dsl.records import dataclass
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Line, Span
from policy_dsl.render.messages import OPERATIONS, UNITS, VALUES
from policy_dsl.render.titles import status_word
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, FieldOf, Program, Ref, Word
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Quantity

COMPARED = frozenset({"=", "<>", "<", "<=", ">", ">="})
CONTRARY = {
    "=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<",
    "is": "is not", "is not": "is", "in": "not in", "not in": "in",
}  # fmt: skip
STEPPED = frozenset({"half_up", "half_even", "round", "up", "down"})
LEDGER = {
    Builtin.BALANCE: "balance",
    Builtin.LEVEL: "level",
    Builtin.PAID: "paid",
    Builtin.PLEDGED: "pledged",
    Builtin.ARREARS: "arrears",
}
KEPT = {
    "week": "week", "weeks": "week", "month": "month", "months": "month", "hectare": "hectare", "hectares": "hectare",
}  # fmt: skip
"""Units that are kept in others, and are told as they are written."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where an expression stands, as far as its words turn on it: over whom bare aggregates range, and how those are

    put of whom several groups are made up: "A and B" share, while "A or B" may convene.
    """

    range: str = "members"
    union: str = "and"


class Teller:
    """Puts the expressions of one policy into words."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.program: Program = checked.program

    def type(self, expr: tree.Node) -> Type:
        """The type of an expression."""
        return self.checked.types.get(expr, UNKNOWN) if isinstance(expr, tree.Expr) else UNKNOWN

    def ref(self, node: tree.Node) -> Ref | None:
        """What a name refers to."""
        found = self.program.ref(node)
        if found is None and isinstance(node, tree.Ident):
            return self.program.entries.get(node.text)
        return found

    def written(self, expr: tree.Expr) -> Quantity | None:
        """A figure with its unit as it is written; none for what is no such figure."""
        return written(self.program, expr)

    # ---- the doors ---------------------------------------------------------------------------------------------------

    def value(self, expr: tree.Expr, where: Where = Where(), room: int = LOOSEST) -> Line:  # noqa: B008
        """A value, a group or a date, as a phrase. In a `room` tighter than the expression it stands in brackets."""
        line = SAYS[type(expr)](self, expr, where)
        return words.fill(SAID["group"], {"a": line}) if tightness(expr) < room else line

    def condition(self, expr: tree.Expr, where: Where = Where(), room: int = LOOSEST) -> Line:  # noqa: B008
        """A condition as a clause that may follow “where”."""
        line = self._clause(expr, where)
        joins = isinstance(expr, tree.Binary) and expr.op in ("and", "or")
        return words.fill(SAID["group"], {"a": line}) if joins and tightness(expr) < room else line

    def contrary(self, expr: tree.Expr, where: Where) -> Line:
        """The contrary of a condition as a clause."""
        if isinstance(expr, tree.Unary) and expr.op == "not":
            return self.condition(expr.of, where)
        if isinstance(expr, tree.Binary) and expr.op in CONTRARY:
            return self._binary_clause(expr, CONTRARY[expr.op], where)
        if isinstance(expr, tree.Binary | tree.Choice | tree.Truth):
            return self.fill("not", a=self.condition(expr, where))
        return self._is(expr, where, yes=False)

    def named(self, node: tree.Node) -> Line:
        """What a mere name refers to, by its title."""
        return self._title(self.ref(node), node)

    def fill(self, key: str, /, **terms: Term | Line) -> Line:
        """A text of this room's with its slots filled."""
        return words.fill(words.chosen(SAID, key, terms), terms)

    # ---- conditions --------------------------------------------------------------------------------------------------

    def _clause(self, expr: tree.Expr, where: Where) -> Line:
        if isinstance(expr, tree.Unary) and expr.op == "not":
            return self.contrary(expr.of, where)
        if isinstance(expr, tree.Binary):
            return self._binary_clause(expr, expr.op, where)
        if isinstance(expr, tree.Choice):
            return self._either_way(expr, where)
        if isinstance(expr, tree.Truth):
            return self.fill("always" if expr.value else "never")
        return self._is(expr, where, yes=True)

    def _either_way(self, expr: tree.Choice, where: Where) -> Line:
        """A condition that turns on another: where one of the two ways is a bare yes or no, said without it."""
        when = self.condition(expr.when, where, TIGHT["and"] + 1)
        then, otherwise = (each.value if isinstance(each, tree.Truth) else None for each in (expr.then, expr.otherwise))
        if then is not None and otherwise is not None and then is not otherwise:
            return when if then else self.contrary(expr.when, where)
        if then is True:
            return joined([when, self.condition(expr.otherwise, where, TIGHT["or"] + 1)], "or")
        if otherwise is False:
            return joined([when, self.condition(expr.then, where, TIGHT["and"] + 1)], "and")
        if otherwise is True:
            return self.fill("implied", condition=when, a=self.condition(expr.then, where, TIGHT["and"] + 1))
        terms = {"a": self.condition(expr.then, where), "b": self.condition(expr.otherwise, where)}
        return self.fill("choice", condition=when, **terms)

    def _is(self, expr: tree.Expr, where: Where, *, yes: bool) -> Line:
        """That a step has occurred, or that what says yes or no says yes."""
        if self.type(expr).kind is Kind.EVENT:
            said = words.fill(OPERATIONS["occurred"], {"named": self.value(expr, where)}) if yes else None
            return said or self.fill("not_occurred", named=self.value(expr, where))
        return self.fill("yes" if yes else "no", a=self.value(expr, where))

    def _binary_clause(self, expr: tree.Binary, op: str, where: Where) -> Line:
        if op in ("and", "or"):
            # "And" and "or" in one sentence are told apart by brackets, whichever holds the tighter.
            parts = [self.condition(each, where, TIGHT["and"] + 1) for each in chained(expr, op)]
            return joined(parts, op)
        if op in ("is", "is not"):
            return self._status(expr, op, where)
        either = replace(where, union="or") if op in ("in", "not in") else where
        # What ends in a list of its own would run into the next condition.
        room = 5 if isinstance(expr.right, tree.Call | tree.Choice) else LOOSEST
        a, b = self.value(expr.left, where), self.value(expr.right, either, room)
        if isinstance(expr.right, tree.Truth) and op in ("=", "<>"):
            return self.fill("yes" if expr.right.value is (op == "=") else "no", a=a)
        if op in ("<", "<=", ">", ">=") and self.type(expr.left).timely:
            op = f"date {op}"
        return words.fill(OPERATIONS[op], {"a": a, "b": b})

    def _status(self, expr: tree.Binary, op: str, where: Where) -> Line:
        """`x is y`: of a criterion, a status of its own words."""
        left, right = self.program.ref(expr.left), self.program.ref(expr.right)
        a = self.value(expr.left, where)
        if isinstance(left, CriterionOf) and isinstance(right, Word):
            met = (right.text == "met") is (op == "is")
            return self.fill("met" if met else "unmet", a=a)
        if isinstance(expr.right, tree.Truth):
            return self.fill("yes" if expr.right.value is (op == "is") else "no", a=a)
        return words.fill(OPERATIONS[op], {"a": a, "b": self.value(expr.right, where)})

    # ---- values ------------------------------------------------------------------------------------------------------

    def _number(self, expr: tree.Number, where: Where) -> Line:
        return figure(Quantity(expr.value, NUMBER))

    def _percent(self, expr: tree.Percent, where: Where) -> Line:
        return figure(Quantity(expr.value, RATIO))

    def _ratio(self, expr: tree.Ratio, where: Where) -> Line:
        return (Span(expr.written, "figure"),)

    def _quantity(self, expr: tree.Quantity, where: Where) -> Line:
        """A figure in the unit in which it is written: weeks and months stay what they are."""
        unit = KEPT.get(expr.unit.text)
        if unit is not None:
            return (Span(f"{numbers.number(expr.value, 4)}{numbers.HARD}{UNITS.form(unit, expr.value)}", "figure"),)
        found = self.written(expr)
        return figure(found) if found is not None else words.quoted(expr)

    def _date(self, expr: tree.DateLiteral, where: Where) -> Line:
        return words.value_of(expr.value)

    def _text(self, expr: tree.Text, where: Where) -> Line:
        return words.fill(VALUES["quoted"], {"text": Given(expr.value)})

    def _truth(self, expr: tree.Truth, where: Where) -> Line:
        return words.value_of(expr.value)

    def _nothing(self, expr: tree.Nothing, where: Where) -> Line:
        return words.value_of(None)

    def _name(self, expr: tree.Name, where: Where) -> Line:
        return self._title(self.program.ref(expr), expr)

    def _code(self, expr: tree.Code, where: Where) -> Line:
        return (Span(expr.text, "member"),)

    def _title(self, ref: Ref | None, node: tree.Node) -> Line:
        match ref:
            case Entry():
                return names.name(ref)
            case FieldOf(name="actor"):
                return self.fill("actor")
            case FieldOf():
                return words.fill(VALUES["recorded"], {"name": names.field(self.program, ref)})
            case CriterionOf():
                return names.criterion(ref.row)
            case Builtin():
                return self.fill(ref.value)
            case Word() if ref.cohort:
                return (Span(ref.text.replace("_", " "), "given"),)
        text = getattr(node, "text", "") or node.written
        said = status_word(text)
        return (Span(said),) if said != text else (Span(text.replace("_", " ")),)

    def _nth(self, expr: tree.Nth, where: Where) -> Line:
        return self.fill("nth", number=expr.number, step=self._title(self.program.ref(expr), expr.step))

    def _value_of(self, expr: tree.ValueOf, where: Where) -> Line:
        ref, target = self.program.ref(expr), self.program.ref(expr.of)
        of = self.value(expr.of, where, OPERAND)
        if ref in (Builtin.EARLIEST, Builtin.LATEST):
            return self.fill(f"{ref.value}.of", step=of)
        if isinstance(ref, Builtin) and ref in LEDGER:
            return words.fill(VALUES[LEDGER[ref]], {"fund": of})
        if ref is Builtin.ACTOR:
            return self.fill("actor.of", step=of)
        if expr.name.text in ("ground", "grounds") and not isinstance(ref, Entry):
            return self.fill("ground.of", a=of)
        if isinstance(ref, FieldOf) and ref.name in VOTING:
            return self.fill("voting.of", group=self.fill(ref.name), step=of)
        if isinstance(ref, FieldOf):
            return words.fill(VALUES["recorded.of"], {"name": names.field(self.program, ref), "step": of})
        if isinstance(ref, Entry) and ref.kind == "step":
            return self.fill("by", step=names.name(ref), actor=of)
        if isinstance(target, Word) and target.cohort:
            return words.fill(VALUES["of cohort"], {"name": self._title(ref, expr.name), "cohort": of})
        if ref is None and expr.name.text in VOTING:
            return self.fill("voting.of", group=self.fill(expr.name.text), step=of)
        return self.fill("of", name=self._title(ref, expr.name), subject=of)

    def _call(self, expr: tree.Call, where: Where) -> Line:
        op, args = expr.name.text, list(expr.args)
        if op == "fewest":
            what, part, over = (self.value(each, where) for each in args)
            return self.fill("fewest", what=what, part=part, over=over)
        if op == "root" and len(args) == 2:
            return self.fill("root", a=self.value(args[0], where, OPERAND), b=self.value(args[1], where))
        if op in STEPPED:
            line = words.fill(OPERATIONS[op], {"a": self.value(args[0], where, OPERAND)})
            step = self.value(args[1], where) if len(args) > 1 else ()
            return words.fill(OPERATIONS["in steps"], {"line": line, "step": step}) if step else line
        said = [self.value(each, where, 5) for each in args]
        if op in ("max", "min") and any(self.type(each).timely for each in args):
            return self.fill("later" if op == "max" else "earlier", all=words.listed(said))
        if op in ("max", "min") and len(said) == 2:
            return words.fill(OPERATIONS[f"{op} 2"], {"a": said[0], "b": said[1]})
        return words.fill(OPERATIONS[op], {"a": said[0], "all": words.listed(said)})

    def _aggregate(self, expr: tree.Aggregate, where: Where) -> Line:
        if expr.op == "count":
            return self._count(expr, where)
        over = self._range(expr, where)
        # What is added up for others has none but them for its own range.
        what = self.value(expr.of, where, OPERAND)
        if expr.ties:
            first, *rest = (self.value(each, where, OPERAND) for each in expr.ties)
            ties = reduce(lambda line, each: self.fill("ties", first=line, then=each), rest, first)
            return self.fill("rank.ties", what=what, over=over, ties=ties)
        return self.fill(expr.op, what=what, over=over)

    def _count(self, expr: tree.Aggregate, where: Where) -> Line:
        ref = self.program.ref(expr.of)
        if isinstance(ref, Builtin) and f"count.{ref.value}" in VALUES.english:
            return (Span(VALUES[f"count.{ref.value}"]),)
        if isinstance(ref, Entry) and ref.kind == "step":
            return words.fill(VALUES["count.events"], {"step": names.name(ref)})
        return self.fill("count", over=self.value(expr.of, where))

    def _range(self, expr: tree.Aggregate, where: Where) -> Line:
        if expr.over is not None:
            return SAYS[type(expr.over)](self, expr.over, where)
        of = self.type(expr.of)
        if where.range == "members" and "cohort" in of.reach:
            return self.fill("cohorts" if "member" not in of.reach else "members and cohorts")
        return self.fill(where.range)

    def _years(self, expr: tree.Years, where: Where) -> Line:
        first, last = ((Span(str(each), "figure"),) for each in (expr.first, expr.last))
        return self.fill("year" if expr.first == expr.last else "years", first=first, last=last)

    def _last_years(self, expr: tree.LastYears, where: Where) -> Line:
        return self.fill("last_years", count=self.value(expr.count, where))

    def _part_of(self, expr: tree.PartOf, where: Where) -> Line:
        whole = isinstance(expr.of, tree.Aggregate | tree.Call)
        terms = {"a": self.value(expr.part, where, OPERAND), "b": self.value(expr.of, where, 4 if whole else OPERAND)}
        return words.fill(OPERATIONS["part of"], terms)

    def _binary(self, expr: tree.Binary, where: Where) -> Line:
        op = expr.op
        if self.type(expr).kind is Kind.TRUTH or op in COMPARED or op in ("is", "is not", "not in", "and"):
            return self._binary_clause(expr, op, where)
        rate = self.written(expr) if op == "per" else None
        if rate is not None and _kept(expr):
            unit = expr.right.written
            said = UNITS[unit] if unit in UNITS.english else unit
            return words.fill(OPERATIONS["per"], {"a": self.value(expr.left, where), "b": (Span(said),)})
        if rate is not None:
            return figure(rate)
        if op == "or":
            return joined([self.value(each, where, TIGHT["or"]) for each in chained(expr, "or")], where.union)
        if op == "in":
            year = (Span(expr.right.written, "figure"),)
            return words.fill(VALUES["in year"], {"name": self.value(expr.left, where, OPERAND), "year": year})
        # Of operators that are read from the left, what stands on the right is the tighter by one.
        room = TIGHT[op]
        left, right = (room + 1, room) if op == "^" else (room, room + (op in ("-", "/", "per", "after", "before")))
        a, b = self.value(expr.left, where, left), self.value(expr.right, where, right)
        return words.fill(OPERATIONS[op], {"a": a, "b": b})

    def _unary(self, expr: tree.Unary, where: Where) -> Line:
        if expr.op == "not":
            return self.contrary(expr.of, where)
        rate = self.written(expr)
        if rate is not None:
            return figure(rate)
        return words.fill(OPERATIONS["negative"], {"a": self.value(expr.of, where, OPERAND)})

    def _choice(self, expr: tree.Choice, where: Where) -> Line:
        if self.type(expr).kind is Kind.TRUTH:
            return self._clause(expr, where)
        terms = {"a": self.value(expr.then, where), "b": self.value(expr.otherwise, where)}
        return self.fill("choice", condition=self.condition(expr.when, where), **terms)

    def _group(self, expr: tree.Group, where: Where) -> Line:
        events = self.type(expr).kind is Kind.EVENTS
        # Several groups stand in brackets only where one of them has a condition of its own.
        nested = any(isinstance(each, tree.Group) for each in chained(expr.base, "or"))
        line = self._events(expr.base) if events else self.value(expr.base, where, 2 if nested else LOOSEST)
        minus = self.value(expr.minus, replace(where, union="and")) if expr.minus is not None else ()
        if expr.where is None:
            return self.fill("except", base=line, minus=minus)
        whole = isinstance(self.program.ref(expr.base), Builtin)
        says = "where.events" if events else "where.all" if whole else "where"
        return self.fill(says, base=line, minus=minus, condition=self.condition(expr.where, where))

    def _events(self, base: tree.Expr) -> Line:
        return self.fill("events", step=self.value(base))


def _kept(rate: tree.Expr) -> bool:
    """Whether a rate is one for each week or month, which would be turned into another."""
    if isinstance(rate, tree.Binary):
        return rate.right.span.text in KEPT or _kept(rate.left)
    return isinstance(rate, tree.Quantity) and rate.unit.text in KEPT


Says = Callable[[Teller, Any, Where], Line]
VOTING = frozenset({"favour", "against", "abstaining", "absent", "present", "voting", "voters"})
SAYS: dict[type[tree.Node], Says] = {
    tree.Number: Teller._number,
    tree.Percent: Teller._percent,
    tree.Ratio: Teller._ratio,
    tree.Quantity: Teller._quantity,
    tree.DateLiteral: Teller._date,
    tree.Text: Teller._text,
    tree.Truth: Teller._truth,
    tree.Nothing: Teller._nothing,
    tree.Name: Teller._name,
    tree.Code: Teller._code,
    tree.Nth: Teller._nth,
    tree.ValueOf: Teller._value_of,
    tree.Call: Teller._call,
    tree.Aggregate: Teller._aggregate,
    tree.Years: Teller._years,
    tree.LastYears: Teller._last_years,
    tree.PartOf: Teller._part_of,
    tree.Binary: Teller._binary,
    tree.Unary: Teller._unary,
    tree.Choice: Teller._choice,
    tree.Group: Teller._group,
}
"""How each class of expression is told."""
