"""Operations of a derivation put into words: "2% × Population of ALB (3 000 000 persons)"."""

from __future__ import annotations

from datetime import date

from policy_dsl.cases.case import Event
from policy_dsl.evaluate.definitions import Slice
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.evaluate.ranks import TieAsked
from policy_dsl.explain.argument import Term
from policy_dsl.explain.reading import RANGES, settled
from policy_dsl.render import words
from policy_dsl.render.document import Line, Span
from policy_dsl.render.messages import OPERATIONS, VALUES
from policy_dsl.render.titles import title_line
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, Quantity

INLINE = 4
"""So many operands are told in a line."""
ROUNDINGS = frozenset({"half_up", "half_even", "round", "up", "down"})


def operation(formula: Derived) -> Line:
    """An operation with its operands: "2% × Population of ALB (3 000 000 persons)"."""
    operands = [
        settled(each) for each in formula.of if each.op not in RANGES and each.op not in ("range", "informed by")
    ]
    if formula.op in ("in", "not in"):
        operands = [settled(each) for each in formula.of]
    op = formula.detail if formula.op == "at least" and isinstance(formula.detail, str) else formula.op
    if op == "scale" and isinstance(formula.detail, tuple) and operands:
        return _slices(operands[0], formula)
    if isinstance(formula.detail, TieAsked):
        op = "rank settled" if formula.detail.apart else "rank shared"
    if op in ("max", "min") and len(operands) == 2:
        op = f"{op} 2"
    if op == "or" and not isinstance(formula.value, bool | Unknown):
        op = "or groups"
    if op == "score" and len(formula.of) > len(operands):
        op = "score informed"
    if op == "except" and formula.subject and formula.entry is None:
        op = "excepted"
    if op == "if" and formula.of and isinstance(formula.of[0].value, bool):
        op = "if yes" if formula.of[0].value else "if no"
    if op in ("<", "<=", ">", ">=") and operands and isinstance(operands[0].value, date | Event):
        op = f"date {op}"
    if op == "of" and isinstance(formula.node, tree.PartOf):
        op = "part of"
    if op == "in" and len(operands) == 1 and formula.subject:
        op = "in group"
    if op == "count of" and isinstance(formula.value, Quantity) and not formula.value.amount:
        op = "count of nobody"
    says = OPERATIONS.get(op) or OPERATIONS["other" if operands else "bare"]
    line = words.fill(says, _Slots(formula, operands))
    if op in ROUNDINGS and len(operands) == 2:
        return words.fill(OPERATIONS["in steps"], {"line": line, "step": words.derived(operands[1])})
    return line


def _slices(base: Derived, formula: Derived) -> Line:
    """A marginal scale: what each slice of the base adds."""
    base_unit = base.value.unit if isinstance(base.value, Quantity) else NUMBER
    unit = formula.value.unit if isinstance(formula.value, Quantity) else NUMBER
    found: list[Line] = []
    for each in formula.detail if isinstance(formula.detail, tuple) else ():
        if isinstance(each, Slice) and each.part:
            low = Quantity(each.low, base_unit)
            high = Quantity(each.high, base_unit) if each.high is not None else None
            terms: dict[str, Term | Line] = {"part": Quantity(each.part, unit), "rate": each.rate, "low": low}
            found.append(words.fill(VALUES["slice" if high else "slice.last"], {**terms, "high": high}))
    slices = words.listed(found) if found else (Span("0"),)
    return words.fill(OPERATIONS["scale slices"], {"a": words.derived(base), "all": slices})


class _Slots(dict[str, "Term | Line"]):
    """The slots of an operation, each put into words when the message asks for it."""

    def __init__(self, formula: Derived, operands: list[Derived]) -> None:
        super().__init__()
        self.formula = formula
        self.operands = operands

    def __missing__(self, slot: str) -> Term | Line:
        formula, operands = self.formula, self.operands
        match slot:
            case "what":
                return _what(formula, operands)
            case "member":
                return (Span(formula.subject[-1] if formula.subject else "—", "member"),)
            case "value":
                return words.value_in(formula)
            case "over":
                return _over(formula)
            case "rest" if operands:
                return words.listed(_first(operands[1:]))
            case "all" if operands:
                return words.listed(_first(operands))
            case "group" | "named" if operands:
                return words.derived(operands[0], "value" if slot == "group" else "name")
            case "a" | "b" | "c" if (place := "abc".index(slot)) < len(operands):
                return words.derived(operands[place])
        return (Span("—"),)


def _first(operands: list[Derived]) -> list[Line]:
    """The first operands, and how many there are in all where there are more."""
    first: list[Line] = [words.derived(each) for each in operands[:INLINE]]
    return [*first, (Span(f"… ({len(operands)})"),)] if len(operands) > INLINE else first


def _what(formula: Derived, operands: list[Derived]) -> Line:
    """What an aggregate adds up: the common name of its figures, else the words in the text."""
    entries = {id(each.entry): each.entry for each in operands}
    entry = next(iter(entries.values()), None)
    if len(entries) == 1 and entry is not None:
        return title_line(entry)
    node = formula.node
    if isinstance(node, tree.Aggregate):
        return words.quoted(node.of)
    return words.quoted(operands[0].node) if operands and operands[0].node is not None else (Span("—"),)


def _over(formula: Derived) -> Line:
    """The set that an aggregate ranges over."""
    for each in formula.of:
        if each.op in RANGES and each.op != "years" and isinstance(each.value, tuple):
            return words.value_of(each.value)
        if each.op == "years" and isinstance(each.detail, tuple):
            years = [str(year) for year in each.detail]
            return (Span(f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(years), "figure"),)
    subjects = tuple(dict.fromkeys(each.subject[-1] for each in formula.of if each.subject))
    return words.value_of(subjects) if subjects else words.listed([words.derived(each) for each in formula.of[:INLINE]])
