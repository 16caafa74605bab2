"""The same cases under another policy: what both know by the same name is the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from policy_dsl.cases.case import Case
from policy_dsl.cases.declared import Asked, Declared
from policy_dsl.evaluate.anew import ParameterAt
from policy_dsl.plan import Column, IndicatorAt
from policy_dsl.resolve.program import Program
from policy_dsl.sweep.batch import Array, Batch
from policy_dsl.sweep.cells import Cells
from policy_dsl.sweep.filling import stated
from policy_dsl.sweep.frames import Bases, Other


class Partner:
    """Gives batches, made for one policy, to another. `base` is the base case as the other policy reads it.

    Weights that are varied in the text of the one stand in no text of the other: it keeps its own.
    """

    def __init__(self, program: Program, base: Case, first: Program) -> None:
        self.declared = Declared(program)
        self.first = Declared(first)
        self.bases = Bases(base, self.declared)

    def batch(self, batch: Batch) -> Batch:
        """The same cases for the other policy."""
        assert batch.other is None or isinstance(batch.other, Other)
        base, members = self.bases.of(self._other(batch.other or Other()))
        columns = tuple(column for column in batch.columns if self._knows(column))
        values: dict[str, Array] = {}
        absent: dict[str, Array] = {}
        grains = {}
        for column in columns:
            name = column.name
            made = Cells(batch.values[name], batch.absent.get(name), batch.grains.get(name))
            if column.each_member and members != batch.members:
                made = self._of(batch, base, members, column)
            values[name] = made.values
            if made.absent is not None:
                absent[name] = made.absent
            if made.grain is not None:
                grains[name] = made.grain
        return replace(
            batch, base=base, members=members, columns=columns, values=values, absent=absent, grains=grains, given=()
        )

    def _of(self, batch: Batch, base: Case, members: tuple[str, ...], column: Column) -> Cells:
        """A column by the members of the other policy; who had no seat has what the base states."""
        gaps = batch.absent.get(column.name)
        parts = {
            member: Cells(
                batch.values[column.name][:, place],
                None if gaps is None else np.asarray(gaps[:, place]),
                batch.grains.get(column.name),
            )
            for place, member in enumerate(batch.members)
            if member in members
        }
        return stated(base, members, column, parts, len(batch))

    def _other(self, other: Other) -> Other:
        """What the base has other than the first, as far as this policy knows it."""
        facts = tuple(each for each in other.facts if each[0].indicator in self.declared.indicators)
        return replace(other, facts=facts)

    def _knows(self, column: Column) -> bool:
        if isinstance(column.spot, ParameterAt):
            return column.spot.name in self.declared.parameters
        if not isinstance(column.spot, IndicatorAt):
            return False
        mine = self.declared.indicators.get(column.spot.indicator)
        theirs = self.first.indicators.get(column.spot.indicator)
        return mine is not None and theirs is not None and _alike(mine, theirs)


def _alike(one: Asked, other: Asked) -> bool:
    """Whether two indicators ask for the same kind of fact of the same."""
    return one.levels == other.levels and one.wanted.kind == other.wanted.kind and one.wanted.unit == other.wanted.unit
