"""The figures on which a whole allocation rests: weights, agreed figures, limits, other figures in the text, facts.

For each it is said over which range it may be moved, and what else moves with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from policy_dsl.cases.case import Fact
from policy_dsl.evaluate.anew import Anew, FactAt, ParameterAt, Spot
from policy_dsl.evaluate.decision import Decision
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity

Kind = Literal["weight", "parameter", "choice", "ceiling", "floor", "written", "fact"]
HEADS = tuple(((base, 1),) for base in ("person", "household", "project"))
"""The units in which heads are counted."""
FAR = 10
"""A figure is looked for up to so many times as large as it is; one between 0 % and 100 % within these."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure that can be moved, and the range over which it is.

    `kind`: the "weight" of a row of a key or of criteria; a "parameter", or a "choice" that a body made or may make;
    a figure in the line of a "ceiling" or a "floor"; another figure "written" in the text; a "fact" of the case.
    `entry` is the provision that holds it (of a fact, the indicator), `row` the line, `node` the figure in the text.
    `value` is what it is now.

    Weights add up to 100 %, as the language asks. So where a weight moves, the other weights of its key or criteria
    (`others`) keep their ratios to each other. A weight that the policy writes as an expression, such as
    `100% - pull`, follows the figures in it instead: these then are parameters, and all else stands as it is.

    A figure that stands in an `exponent` is not moved: between two figures at hand there are exponents with so many
    digits that no power of them can be had.
    """

    kind: Kind
    entry: Entry
    value: Quantity
    low: Fraction
    high: Fraction
    spot: Spot
    row: tree.Node | None = None
    node: tree.Expr | None = None
    fact: Fact | None = None
    others: tuple[tuple[Spot, Quantity], ...] = ()
    exponent: bool = False

    @property
    def keeps(self) -> Literal["ratios", "others"]:
        """What stays equal: the ratios of the other weights, or everything else."""
        return "ratios" if self.others else "others"

    @property
    def whole(self) -> bool:
        """Whether the figure counts heads, of which there are only whole ones."""
        return self.value.unit.terms in HEADS and self.value.amount.denominator == 1

    def moved(self, to: Fraction) -> Mapping[Spot, Quantity]:
        """What is to be replaced for the figure to be another one."""
        made = {self.spot: Quantity(to, self.value.unit)}
        for spot, weight in self.others:
            made[spot] = Quantity(weight.amount * (1 - to) / (1 - self.value.amount), weight.unit)
        return made


def figures(anew: Anew, decision: Decision) -> Iterator[Figure]:
    """Every figure on which the sharings out rest: weights, parameters, what is written, and then facts."""
    taken: set[Spot] = set()
    for each in weights(anew):
        if each.spot in anew.spots:
            taken.add(each.spot)
            yield each
    taken -= _used_elsewhere(anew, taken)
    raising = _exponents(anew.program)
    for each in (*_parameters(anew, decision, taken), *_written(anew, taken), *_facts(anew)):
        named = each.entry.name if isinstance(each.spot, FactAt | ParameterAt) else each.spot
        yield replace(each, exponent=True) if named in raising else each


def weights(anew: Anew) -> Iterator[Figure]:
    """The weights of keys and of criteria by weight that can be moved while the others keep their ratios."""
    for entry in anew.program.of_kind("key", "criteria"):
        rows = _weighted_rows(entry)
        spots = [_spot(anew, weight) for _, weight in rows]
        known = [_value(anew, spot) for spot in spots]
        if len(rows) < 2 or len(set(spots)) < len(spots):
            continue
        pairs = [(s, v) for s, v in zip(spots, known, strict=True) if s is not None and v is not None]
        if len(pairs) < len(rows):
            continue
        for (row, node), (spot, value) in zip(rows, pairs, strict=True):
            if 0 < value.amount < 1:
                others = tuple(each for each in pairs if each[0] is not spot)
                yield Figure("weight", entry, value, ZERO, ONE, spot, row, node, None, others)


def _weighted_rows(entry: Entry) -> list[tuple[tree.KeyPart | tree.Criterion, tree.Expr]]:
    match entry.node:
        case tree.Key(parts=parts):
            return [(each, each.weight) for each in parts]
        case tree.Criteria(rows=rows):
            return [(each, each.weight) for each in rows if each.weight is not None]
    return []


def _spot(anew: Anew, weight: tree.Expr) -> Spot | None:
    """Where a weight can be replaced: where it is written, or in the parameter that alone stands for it."""
    if isinstance(weight, tree.Percent | tree.Ratio):
        return weight
    ref = anew.program.ref(weight)
    return ParameterAt(ref.name) if isinstance(ref, Entry) and ref.kind == "parameter" else None


def _value(anew: Anew, spot: Spot | None) -> Quantity | None:
    if spot is None:
        return None
    if isinstance(spot, FactAt):
        fact = anew.fact(spot)
        found: object = fact.value if fact is not None else None
    else:
        found = anew.parameter(spot.name).value if isinstance(spot, ParameterAt) else anew.written(spot)
    return found if isinstance(found, Quantity) and not found.bound else None


def _used_elsewhere(anew: Anew, taken: Iterable[Spot]) -> set[Spot]:
    """Parameters that are more than the weight of one row: they are also moved by themselves, all else as it stands."""
    names = {spot.name: 0 for spot in taken if isinstance(spot, ParameterAt)}
    if names:
        for node, ref in anew.program.refs.items():
            if isinstance(node, tree.Name) and isinstance(ref, Entry) and ref.name in names:
                names[ref.name] += 1
    return {ParameterAt(name) for name, uses in names.items() if uses > 1}


def _parameters(anew: Anew, decision: Decision, taken: set[Spot]) -> Iterator[Figure]:
    choices = {each.entry.name: each for each in decision.choices}
    for entry in anew.program.of_kind("parameter"):
        spot = ParameterAt(entry.name)
        if spot in taken or spot not in anew.spots:
            continue
        value, found = _value(anew, spot), anew.parameter(entry.name)
        if value is None or value.amount == 0:
            continue
        opened = choices.get(entry.name) if found.op == "choice" else None
        if opened is not None and isinstance(opened.low.value, Quantity) and isinstance(opened.high.value, Quantity):
            low, high = opened.low.value.amount, opened.high.value.amount
            yield Figure("choice", entry, value, low, high, spot)
        else:
            yield Figure("parameter", entry, value, *_range(value, value.amount), spot)


# ---- figures that are written where they are used --------------------------------------------------------------------

# Provisions by which something is shared out; those of procedures decide who may do what and when.
_SHARING = ("apportion", "key", "criteria", "scale", "define", "set", "tier", "indicator", "fund", "reservation")
# Lines whose figures measure no share: a step of rounding, a number of years, when arrears suspend a member.
_ASIDE = (tree.Rounding, tree.LastYears, tree.Suspends, tree.Note)


def _written(anew: Anew, taken: set[Spot]) -> Iterator[Figure]:
    for entry in anew.program.of_kind(*_SHARING):
        if entry.parent is not None and entry.parent.kind == "step":
            continue
        inside = {each.node for each in anew.program.entries.values() if each.parent is entry}
        for row, node in _figures_in(entry.node, entry.node, inside):
            if node not in anew.spots or node in taken:
                continue
            value = anew.written(node)
            kind: Kind = "written"
            if isinstance(row, tree.Limit):
                kind = "ceiling" if row.kind == "at most" else "floor"
            if value is not None and _is_measure(node, kind):
                yield Figure(kind, entry, value, *_range(value, value.amount), node, row, node)


def _figures_in(of: tree.Node, row: tree.Node, others: set[tree.Provision]) -> Iterator[tuple[tree.Node, tree.Expr]]:
    """The figures in a provision, each with the line in which it stands."""
    for child in tree.children(of):
        if isinstance(child, _ASIDE) or child in others:
            continue
        if isinstance(child, tree.Number | tree.Quantity | tree.Percent | tree.Ratio):
            yield row, child
        yield from _figures_in(child, row if isinstance(child, tree.Expr) else child, others)


def _is_measure(node: tree.Expr, kind: Kind) -> bool:
    """Nothing, and one whole, are how inverses, complements and units are written; in a limit they are agreed."""
    amount = getattr(node, "value", ZERO)
    return amount != 0 and (amount != 1 or kind != "written")


def _exponents(program: Program) -> set[object]:
    """The figures in the text, and the names, on which an exponent rests, or the degree of a root."""
    found: set[object] = set()
    stack: list[tree.Node] = []
    for entry in program.entries.values():
        for node in tree.walk(entry.node):
            match node:
                case tree.Binary(op="^"):
                    stack.append(node.right)
                case tree.Call() if node.name.text == "root" and len(node.args) > 1:
                    stack.append(node.args[1])
    while stack:
        for node in tree.walk(stack.pop()):
            ref = program.ref(node)
            if isinstance(ref, Entry) and ref.name not in found:
                found.add(ref.name)
                if ref.kind == "define":
                    stack.append(ref.node)
            elif isinstance(node, tree.Expr):
                found.add(node)
    return found


# ---- facts -----------------------------------------------------------------------------------------------------------


def _facts(anew: Anew) -> Iterator[Figure]:
    """The facts in figures, in the order of the policy, then of cohorts, codes and years."""
    asked = [each for each in anew.spots if isinstance(each, FactAt)]
    largest: dict[str, Fraction] = {}
    for each in asked:
        value = _value(anew, each)
        if value is not None:
            largest[each.indicator] = max(largest.get(each.indicator, ZERO), abs(value.amount))
    order = {name: at for at, name in enumerate(anew.program.entries)}
    for each in sorted(asked, key=lambda at: (order[at.indicator], at.cohort, at.member, at.year or 0)):
        fact, value, entry = anew.fact(each), _value(anew, each), anew.program.entries[each.indicator]
        if fact is None or value is None or largest[each.indicator] == 0:
            continue
        low, high = _within(anew, entry, *_range(value, largest[each.indicator]))
        if fact.low is not None and fact.high is not None:
            low, high = min(low, fact.low.amount), max(high, fact.high.amount)
        yield Figure("fact", entry, value, low, high, each, fact=fact)


def _within(anew: Anew, entry: Entry, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """A range within the bounds that the policy sets for the fact."""
    node = entry.node
    assert isinstance(node, tree.Indicator)
    least = anew.written(node.low) if node.low is not None else None
    most = anew.written(node.high) if node.high is not None else None
    return (least.amount if least is not None else low), (most.amount if most is not None else high)


def _range(value: Quantity, scale: Fraction) -> tuple[Fraction, Fraction]:
    """Over which figures one is moved: what cannot be negative stays so."""
    amount = value.amount
    if value.unit == RATIO and 0 <= amount <= 1:
        return ZERO, ONE
    if amount < 0:
        return amount * FAR, ZERO
    return ZERO, (amount or abs(scale)) * FAR


ZERO, ONE = Fraction(0), Fraction(1)

__all__ = ["FAR", "HEADS", "Figure", "Kind", "figures", "weights"]
