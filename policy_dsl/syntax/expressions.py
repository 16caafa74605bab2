"""Expressions: from the parser's tree to ours.

The parser's positions count from the start of the piece it was given; `base` is where that piece stands in the text.
What can be read but not meant (an impossible date, a doubtful fraction) is a problem here, and the nearest sound
reading is put in its place, so that nothing else is reported because of it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from fractions import Fraction

from lark import Token, Tree

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.source import Source, Span
from policy_dsl.syntax import tree

Branch = Tree[Token]
Child = Branch | Token | None

DEEPEST = 100
LONGEST_FIGURE = 60

BINARY = {
    "either": "or",
    "both": "and",
    "equal": "=",
    "is_a": "is",
    "is_not": "is not",
    "after": "after",
    "before": "before",
    "plus": "+",
    "minus": "-",
    "times": "*",
    "divided": "/",
    "power": "^",
    "per": "per",
    "is_in": "in",
    "not_in": "not in",
}
BARE_FRACTIONS = ("fraction", "fraction_of")


class TooDeep(Exception):
    """An expression is nested more deeply than anybody could follow."""

    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span = span


class Expressions:
    """Builds expressions of one piece of a source, and gathers what is wrong with them."""

    def __init__(self, source: Source, base: int) -> None:
        self.source = source
        self.base = base
        self.problems: list[Problem] = []
        self.depth = 0

    # ---- places and parts ----------------------------------------------------------------------------------------

    def span(self, of: Branch | Token) -> Span:
        """Where a branch or a token stands in the whole text."""
        at = of if isinstance(of, Token) else of.meta
        return Span(self.source, self.base + (at.start_pos or 0), self.base + (at.end_pos or 0))

    def ident(self, token: Child) -> tree.Ident:
        """A name where it is written."""
        assert isinstance(token, Token)
        return tree.Ident(self.span(token), str(token))

    def idents(self, tokens: Iterable[Child]) -> tuple[tree.Ident, ...]:
        """Several names."""
        return tuple(self.ident(token) for token in tokens)

    def maybe_ident(self, token: Child) -> tree.Ident | None:
        """A name, if there is one."""
        return None if token is None else self.ident(token)

    def maybe(self, branch: Child) -> tree.Expr | None:
        """An expression, if there is one."""
        return None if branch is None else self.expr(branch)

    def fault(self, code: str, span: Span, **params: str) -> None:
        """Something is wrong here."""
        self.problems.append(Problem(code, span, params))

    # ---- expressions ---------------------------------------------------------------------------------------------

    def expr(self, branch: Child) -> tree.Expr:
        """An expression of any kind."""
        assert isinstance(branch, Tree)
        operator = BINARY.get(branch.data)
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooDeep(self.span(branch))
        if operator is not None:
            built = self._binary(operator, branch)
        else:
            built = FORMS[branch.data](self, branch)
        self.depth -= 1
        return built

    def _binary(self, operator: str, branch: Branch) -> tree.Expr:
        left, right = branch.children
        built = tree.Binary(self.span(branch), operator, self.expr(left), self.expr(right))
        if (operator in "/^" and _bare_fraction(right)) or (operator == "/" and _bare_fraction(left)):
            self.fault("PD119", self.span(branch), sign=operator)
        elif operator == "per" and isinstance(built.left, tree.Number) and _is_cent(built.right):
            self.fault("PD108", built.span, found=built.span.text, figure=_figure(built.left.span.text))
            return tree.Percent(built.span, built.left.value / 100)
        return built

    def _compare(self, branch: Branch) -> tree.Expr:
        left, operator, right = branch.children
        return tree.Binary(self.span(branch), str(operator), self.expr(left), self.expr(right))

    def _negated(self, branch: Branch) -> tree.Expr:
        return tree.Unary(self.span(branch), "not", self.expr(branch.children[0]))

    def _negative(self, branch: Branch) -> tree.Expr:
        return tree.Unary(self.span(branch), "-", self.expr(branch.children[0]))

    def _choice(self, branch: Branch) -> tree.Expr:
        when, then, otherwise = map(self.expr, branch.children)
        return tree.Choice(self.span(branch), when, then, otherwise)

    def _group_except(self, branch: Branch) -> tree.Expr:
        base, minus, where = branch.children
        return tree.Group(self.span(branch), self.expr(base), self.expr(minus), self.maybe(where))

    def _group_where(self, branch: Branch) -> tree.Expr:
        base, where = branch.children
        return tree.Group(self.span(branch), self.expr(base), None, self.expr(where))

    def _parentheses(self, branch: Branch) -> tree.Expr:
        return self.expr(branch.children[0])

    def _over_members(self, branch: Branch) -> tree.Expr:
        aggregate, of, over, tied = branch.children
        assert isinstance(aggregate, Tree)
        ties = tuple(map(self.expr, tied.children)) if isinstance(tied, Tree) else ()
        return tree.Aggregate(self.span(branch), str(aggregate.children[0]), self.expr(of), self._range(over), ties)

    def _range(self, branch: Child) -> tree.Expr | tree.Years | tree.LastYears | None:
        if branch is None:
            return None
        assert isinstance(branch, Tree)
        if branch.data == "years":
            first, last = str(branch.children[0]).split("-")
            return tree.Years(self.span(branch), int(first), int(last))
        if branch.data == "last_years":
            return tree.LastYears(self.span(branch), self.expr(branch.children[0]))
        return self.expr(branch)

    def _percent(self, branch: Branch) -> tree.Percent:
        return self.percent(branch.children[0])

    def percent(self, token: Child) -> tree.Percent:
        """`40%`."""
        assert isinstance(token, Token)
        return tree.Percent(self.span(token), self.figure(token, token[:-1]) / 100)

    def _fraction(self, branch: Branch) -> tree.Ratio:
        token = branch.children[0]
        assert isinstance(token, Token)
        over, under = (self.figure(token, part) for part in token.split("/"))
        if not under:
            self.fault("PD139", self.span(token), found=str(token))
            under = Fraction(1)
        return tree.Ratio(self.span(token), over / under)

    def _percent_of(self, branch: Branch) -> tree.Expr:
        return tree.PartOf(self.span(branch), self._percent(branch), self.expr(branch.children[1]))

    def _fraction_of(self, branch: Branch) -> tree.Expr:
        return tree.PartOf(self.span(branch), self._fraction(branch), self.expr(branch.children[1]))

    def _name(self, branch: Branch) -> tree.Expr:
        return tree.Name(self.span(branch), str(branch.children[0]))

    def _code(self, branch: Branch) -> tree.Expr:
        return tree.Code(self.span(branch), str(branch.children[0]))

    def _value_of(self, branch: Branch) -> tree.Expr:
        name, of = branch.children
        return tree.ValueOf(self.span(branch), self.ident(name), self.expr(of))

    def _call(self, branch: Branch) -> tree.Expr:
        name, *args = branch.children
        return tree.Call(self.span(branch), self.ident(name), tuple(map(self.expr, args)))

    def _nth(self, branch: Branch) -> tree.Expr:
        ordinal, step = branch.children
        return tree.Nth(self.span(branch), self.ordinal(ordinal), self.ident(step))

    def ordinal(self, token: Child) -> int:
        """`12th` as 12."""
        assert isinstance(token, Token)
        return int(self.figure(token, token[:-2]))

    def quantity(self, branch: Branch) -> tree.Expr:
        """A figure, with its unit if it has one."""
        number, *unit = branch.children
        assert isinstance(number, Token)
        value = self.figure(number, number)
        span = self.span(branch)
        if not unit:
            return tree.Number(span, value)
        if len(unit) == 2:
            place = self.span(branch)._replace(start=self.span(_token(unit[0])).start)
            return tree.Quantity(span, value, tree.Ident(place, f"working {unit[1]}"))
        if unit[0] in ("percent", "pct"):
            self.fault("PD108", span, found=span.text, figure=_figure(str(number)))
            return tree.Percent(span, value / 100)
        return tree.Quantity(span, value, self.ident(unit[0]))

    def _date(self, branch: Branch) -> tree.Expr:
        return self.date(branch.children[0])

    def date(self, token: Child) -> tree.DateLiteral:
        """A date or a moment; an impossible one is a fault, and the nearest possible one stands in for it."""
        assert isinstance(token, Token)
        span = self.span(token)
        try:
            return tree.DateLiteral(span, _moment(str(token)))
        except ValueError:
            self.fault("PD122", span, found=str(token))
            return tree.DateLiteral(span, _nearest(str(token)))

    def maybe_date(self, token: Child) -> tree.DateLiteral | None:
        """A date, if there is one."""
        return None if token is None else self.date(token)

    def text(self, token: Child) -> str:
        """What stands between quotes."""
        return "" if token is None else str(token)[1:-1]

    def _text(self, branch: Branch) -> tree.Expr:
        return self.quoted(branch.children[0])

    def quoted(self, token: Child) -> tree.Expr:
        """A text as a value; `"yes"` and `"no"` are not meant as texts."""
        words = self.text(token)
        span = self.span(_token(token))
        if words.strip().lower() in ("yes", "no"):
            self.fault("PD127", span, found=words.strip().lower())
            return tree.Truth(span, words.strip().lower() == "yes")
        return tree.Text(span, words)

    def _yes(self, branch: Branch) -> tree.Expr:
        return tree.Truth(self.span(branch), True)

    def _no(self, branch: Branch) -> tree.Expr:
        return tree.Truth(self.span(branch), False)

    def _none(self, branch: Branch) -> tree.Expr:
        return tree.Nothing(self.span(branch))

    def number(self, token: Child) -> tree.Number:
        """A bare figure."""
        return tree.Number(self.span(_token(token)), self.figure(_token(token), str(token)))

    def figure(self, token: Token, digits: str) -> Fraction:
        """The value of digits, with `_` between thousands."""
        if len(digits) > LONGEST_FIGURE:
            self.fault("PD138", self.span(token), longest=str(LONGEST_FIGURE))
            return Fraction(1)
        plain = digits.replace("_", "")
        return Fraction(int(plain)) if plain.isdecimal() else Fraction(plain)


Form = Callable[[Expressions, Branch], tree.Expr]

FORMS: dict[str, Form] = {
    "compare": Expressions._compare,
    "negated": Expressions._negated,
    "negative": Expressions._negative,
    "choice": Expressions._choice,
    "group_except": Expressions._group_except,
    "group_where": Expressions._group_where,
    "parentheses": Expressions._parentheses,
    "over_members": Expressions._over_members,
    "percent": Expressions._percent,
    "percent_of": Expressions._percent_of,
    "fraction": Expressions._fraction,
    "fraction_of": Expressions._fraction_of,
    "name": Expressions._name,
    "value_of": Expressions._value_of,
    "call": Expressions._call,
    "code": Expressions._code,
    "nth": Expressions._nth,
    "quantity": Expressions.quantity,
    "date": Expressions._date,
    "text": Expressions._text,
    "yes": Expressions._yes,
    "no": Expressions._no,
    "none": Expressions._none,
}


def _token(child: Child) -> Token:
    assert isinstance(child, Token)
    return child


def _bare_fraction(branch: Child) -> bool:
    return isinstance(branch, Tree) and branch.data in BARE_FRACTIONS


def _is_cent(expr: tree.Expr) -> bool:
    return isinstance(expr, tree.Name) and expr.text == "cent"


def _figure(text: str) -> str:
    return f"{text.strip()}%"


def _moment(text: str) -> date | datetime:
    if "T" not in text:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text)


def _nearest(text: str) -> date | datetime:
    year, month, day = (int(part) for part in re.findall(r"[0-9]+", text)[:3])
    year, month = max(1, year), min(max(1, month), 12)
    nearest = date(year, month, min(max(1, day), monthrange(year, month)[1]))
    return nearest if "T" not in text else datetime(nearest.year, nearest.month, nearest.day, tzinfo=UTC)
