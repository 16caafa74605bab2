"""Between which figures a value must lie, as far as the text says so: by the bounds of facts, and by what it is."""

from __future__ import annotations

from fractions import Fraction

from policy_dsl.lint.draft import Draft
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included; none where nothing bounds it. `whose` is what sets the bounds, in words."""

    low: Fraction | None
    high: Fraction | None
    whose: str = ""

    @property
    def bounded(self) -> bool:
        """Whether anything bounds it."""
        return self.low is not None or self.high is not None


ANY = Range(None, None)
A_PART = Range(Fraction(0), Fraction(1), "a share lies between 0% and 100%")


def range_of(draft: Draft, expr: tree.Expr | None, depth: int = 0) -> Range:
    """The range of a figure."""
    if expr is None or depth > DEEPEST or not draft.typed(expr).figure:
        return ANY
    fixed = draft.fixed(expr)
    if fixed is not None:
        return Range(fixed.amount, fixed.amount)
    match expr:
        case tree.Name() | tree.ValueOf():
            entry = draft.entry_of(expr)
            return _named(draft, entry, depth) if entry is not None else ANY
        case tree.Aggregate(op="share" | "index"):
            return A_PART
        case tree.Aggregate(op="mean" | "least" | "greatest"):
            return range_of(draft, expr.of, depth + 1)
        case tree.Choice():
            return _either(range_of(draft, expr.then, depth + 1), range_of(draft, expr.otherwise, depth + 1))
        case tree.Call(name=tree.Ident(text="min" | "max" | "average" as name)):
            return _extreme(name, [range_of(draft, each, depth + 1) for each in expr.args])
        case tree.Unary(op="-"):
            of = range_of(draft, expr.of, depth + 1)
            return Range(_minus(of.high), _minus(of.low), of.whose)
        case tree.Binary(op="+" | "-"):
            return _sum(expr.op, range_of(draft, expr.left, depth + 1), range_of(draft, expr.right, depth + 1))
    return ANY


def holds(draft: Draft, condition: tree.Expr) -> tuple[bool | None, str]:
    """Whether a comparison holds in every case (yes) or in none (no), by the bounds of what it compares; and which."""
    if not isinstance(condition, tree.Binary) or condition.op not in ("<", "<=", ">", ">="):
        return None, ""
    left, right = range_of(draft, condition.left), range_of(draft, condition.right)
    if condition.op in (">", ">="):
        left, right = right, left
    strict = condition.op in ("<", ">")
    why = left.whose or right.whose
    if (
        left.high is not None
        and right.low is not None
        and (left.high < right.low or (left.high == right.low and not strict))
    ):
        return True, why
    if (
        left.low is not None
        and right.high is not None
        and (left.low > right.high or (left.low == right.high and strict))
    ):
        return False, why
    return None, ""


def only_at_the_bound(draft: Draft, condition: tree.Expr) -> str:
    """What bounds it, where a comparison can hold at the bound itself and nowhere else: `security >= 10` of ten."""
    if not isinstance(condition, tree.Binary) or condition.op not in ("<=", ">="):
        return ""
    left, right = range_of(draft, condition.left), range_of(draft, condition.right)
    if condition.op == ">=":
        left, right = right, left
    if left.low is not None and left.low == right.high and holds(draft, condition)[0] is None:
        return left.whose or right.whose
    return ""


def _named(draft: Draft, entry: Entry, depth: int) -> Range:
    node = entry.node
    match node:
        case tree.Indicator():
            low, high = draft.fixed(node.low), draft.fixed(node.high)
            if low is None and high is None:
                return ANY
            return Range(_amount(low), _amount(high), f"`{entry.name}` lies {_bounds(node)}")
        case tree.Parameter(value=tree.LeftTo() as left) if not node.amendments:
            low, high = draft.fixed(left.low), draft.fixed(left.high)
            whose = f"`{entry.name}` is left between {left.low.written} and {left.high.written}"
            return Range(_amount(low), _amount(high), whose)
        case tree.Define() if not node.exceptions:
            return range_of(draft, node.value, depth + 1)
        case tree.Scale(kind="whole"):
            found = [range_of(draft, row.value, depth + 1) for row in node.rows]
            lows, highs = [each.low for each in found], [each.high for each in found]
            return Range(_least(lows), _greatest(highs), f"`{entry.name}` has no other values")
        case tree.Key():
            return A_PART
    return ANY


def _bounds(node: tree.Indicator) -> str:
    if node.low is not None and node.high is not None:
        return f"between {node.low.written} and {node.high.written}"
    return "within its bounds"


def _amount(found: Quantity | None) -> Fraction | None:
    return found.amount if found is not None else None


def _minus(amount: Fraction | None) -> Fraction | None:
    return -amount if amount is not None else None


def _least(amounts: list[Fraction | None]) -> Fraction | None:
    known = [each for each in amounts if each is not None]
    return min(known) if len(known) == len(amounts) and known else None


def _greatest(amounts: list[Fraction | None]) -> Fraction | None:
    return _minus(_least([_minus(each) for each in amounts]))


def _either(one: Range, other: Range) -> Range:
    return Range(_least([one.low, other.low]), _greatest([one.high, other.high]), one.whose or other.whose)


def _sum(op: str, one: Range, other: Range) -> Range:
    if op == "-":
        other = Range(_minus(other.high), _minus(other.low), other.whose)
    low = one.low + other.low if one.low is not None and other.low is not None else None
    high = one.high + other.high if one.high is not None and other.high is not None else None
    return Range(low, high, one.whose or other.whose)


def _extreme(name: str, parts: list[Range]) -> Range:
    lows, highs = [each.low for each in parts], [each.high for each in parts]
    whose = next((each.whose for each in parts if each.whose), "")
    if name == "average":
        return Range(_least(lows), _greatest(highs), whose)
    some_low, some_high = [each for each in lows if each is not None], [each for each in highs if each is not None]
    if name == "min":
        return Range(_least(lows), min(some_high, default=None), whose)
    return Range(max(some_low, default=None), _greatest(highs), whose)


__all__ = ["ANY", "Range", "holds", "only_at_the_bound", "range_of"]
