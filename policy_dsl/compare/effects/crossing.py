"""Where a promise begins to fail: the fact of the case, to the unit, at which what it compares crosses its figure.

A promise is about results, which no formula turns round. So the case is decided with other figures until two neighbours
are found of which one lies on each side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from policy_dsl.cases.case import Case, Fact
from policy_dsl.cases.figures import quantity_of
from policy_dsl.check import Checked
from policy_dsl.evaluate import decide
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.trial.attack.resting import resting
from policy_dsl.values import Quantity

MOST_TRIALS = 40
"""So often is a case decided at most to find one crossing."""
MOST_CROSSINGS = 4
_UPPER = ("<", "<=")
_COMPARED = (*_UPPER, ">", ">=")


@dataclass(frozen=True, slots=True)
class Crossing:
    """A fact of the case, and two neighbouring figures of it between which a promise turns."""

    fact: Fact
    below: Quantity
    above: Quantity


def crossings(checked: Checked, case: Case, changed: list[str]) -> Iterator[Crossing]:
    """Where the promises that changed begin to fail, or to hold."""
    program = checked.program
    count = 0
    for entry in program.of_kind("guarantee"):
        promise = entry.node.promise if isinstance(entry.node, tree.Guarantee) else None
        if entry.name not in changed or not isinstance(promise, tree.Binary) or promise.op not in _COMPARED:
            continue
        threshold = quantity_of(promise.right)
        if threshold is None or count >= MOST_CROSSINGS:
            continue
        for fact in _facts(checked, case, entry):
            found = _crossing(_measure(checked, case, fact, entry, promise), fact, threshold.amount)
            if found is not None:
                count += 1
                yield found
                break


def _facts(checked: Checked, case: Case, entry: Entry) -> Iterator[Fact]:
    """The figures of the case as a whole on which a promise rests."""
    names = resting(checked.program, [entry.name])
    for fact in case.facts:
        alone = not fact.member and not fact.cohort and fact.year is None
        if alone and fact.indicator in names and isinstance(fact.value, Quantity) and fact.value.amount > 0:
            yield fact


def _measure(
    checked: Checked, case: Case, fact: Fact, entry: Entry, promise: tree.Binary
) -> Callable[[int], Fraction | None]:
    """What the promise compares with its figure, by the figure of the fact; of several members that of the worst."""

    def measure(amount: int) -> Fraction | None:
        assert isinstance(fact.value, Quantity)
        stated = replace(fact, value=Quantity(Fraction(amount), fact.value.unit), low=None, high=None)
        facts = tuple(stated if each is fact else each for each in case.facts)
        found = next(each for each in decide(checked, replace(case, facts=facts)).guarantees if each.entry is entry)
        if found.shown is None:
            return None
        values = [here.value for here in found.shown.walk() if here.node is promise.left]
        amounts = [value.amount for value in values if isinstance(value, Quantity)]
        if not amounts:
            return None
        return max(amounts) if promise.op in _UPPER else min(amounts)

    return measure


def _crossing(measure: Callable[[int], Fraction | None], fact: Fact, threshold: Fraction) -> Crossing | None:
    assert isinstance(fact.value, Quantity)
    search = _Search(measure, threshold)
    start = int(fact.value.amount)
    side = search.above(start)
    if side is None:
        return None
    low = high = start
    # First a figure on the other side, then two neighbours.
    for factor in (2, 4, 16, 256):
        for other in (start * factor, start // factor):
            if search.above(other) not in (side, None):
                low, high = sorted((start, other))
                break
        if low != high:
            break
    while high - low > 1 and search.left:
        middle = search.between(low, high)
        at = search.above(middle)
        if at is None:
            return None
        low, high = (middle, high) if at == search.above(low) else (low, middle)
    if high - low != 1:
        return None
    unit = fact.value.unit
    return Crossing(fact, Quantity(Fraction(low), unit), Quantity(Fraction(high), unit))


class _Search:
    """Asks for the measure at a figure, each once, and so often at most."""

    def __init__(self, measure: Callable[[int], Fraction | None], threshold: Fraction) -> None:
        self.measure, self.threshold = measure, threshold
        self.left = MOST_TRIALS
        self.known: dict[int, Fraction | None] = {}
        self.halve = False

    def at(self, amount: int) -> Fraction | None:
        """The measure at a figure."""
        if amount not in self.known:
            self.left -= 1
            self.known[amount] = self.measure(amount) if self.left >= 0 else None
        return self.known[amount]

    def above(self, amount: int) -> bool | None:
        """Whether the measure lies above the threshold."""
        found = self.at(amount)
        return None if found is None else found > self.threshold

    def between(self, low: int, high: int) -> int:
        """A figure between two: where a line would cross, and every other time the middle, so that it ends."""
        self.halve = not self.halve
        one, other = self.at(low), self.at(high)
        if self.halve and one is not None and other is not None and one != other:
            guess = low + int((self.threshold - one) * (high - low) / (other - one))
            # Next to where a line would cross lies the neighbour on the other side.
            return min(max(guess if guess not in self.known else guess + 1, low + 1), high - 1)
        return (low + high) // 2
