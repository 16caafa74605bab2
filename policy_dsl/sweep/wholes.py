"""One case of a batch by its plan in whole numbers: where binary fractions leave a choice open, this does not."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from policy_dsl.plan import Column, Node, Output, Plan
from policy_dsl.plan.exactly import Exact, Exactly, NotExact, Values, values_of
from policy_dsl.sweep.batch import Batch
from policy_dsl.sweep.exact import Found


class Wholes:
    """A plan, ready to decide single cases exactly. Gives none for a case that only the engine decides."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.width = len(plan.frame.members)
        try:
            self._program: Exactly | None = Exactly(plan)
        except NotExact:
            self._program = None

    def case(self, batch: Batch, number: int) -> tuple[list[Found], ...] | None:
        """The values of each output in a case, of each member or of the case; none where the engine must decide."""
        if self._program is None:
            return None
        columns = {column.name: _given(batch, number, column) for column in batch.columns}
        found = self._program.run(columns)
        if found is None:
            return None
        return tuple(self._of(found, output, node, known) for output, node, known in self.plan.outputs)

    def _of(self, found: Exact, output: Output, node: Node, known: Node | None) -> list[Found]:
        width = self.width if output.each_member else 1
        values: Sequence[Found] = found.truths(node) if node.truth else found.figures(node)
        if output.form == "steps":
            values = [Fraction(each) * Fraction(*output.step) for each in values if each is not None]
        wide = list(values) * (width if len(values) == 1 else 1)
        if known is None:
            return wide
        there = found.truths(known)
        there = there * (width if len(there) == 1 else 1)
        return [each if is_known else None for each, is_known in zip(wide, there, strict=True)]


def _given(batch: Batch, number: int, column: Column) -> Values | list[bool] | bool:
    """The values of a column in one case, as the program takes them."""
    held = batch.values[column.name][number]
    if column.truth:
        truths = [bool(each) for each in held]
        return truths if column.each_member else truths[0]
    tops, below = values_of([batch.amount(column.name, number, place) for place in range(len(held))])
    assert isinstance(tops, list)
    return (tops if column.each_member else tops[0]), below
