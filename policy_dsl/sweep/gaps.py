"""Facts that are lacking where the policy writes the figure that stands in their place: it is as if it were stated."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from policy_dsl.cases.declared import Declared
from policy_dsl.cases.figures import quantity_of
from policy_dsl.plan import Column, IndicatorAt
from policy_dsl.sweep.batch import Batch
from policy_dsl.sweep.filling import joint_grain
from policy_dsl.syntax import tree


def closed(batch: Batch, declared: Declared) -> Batch:
    """The batch with these figures in the gaps; gaps of which the policy says something else are left open."""
    if not batch.absent:
        return batch
    values, absent, grains = dict(batch.values), dict(batch.absent), dict(batch.grains)
    for column in batch.columns:
        gaps = absent.get(column.name)
        stands = _stands(column, declared)
        if gaps is None or stands is None:
            continue
        del absent[column.name]
        held = values[column.name]
        if isinstance(stands, bool):
            values[column.name] = np.where(gaps, stands, held)
            continue
        fits = stands.denominator == 1 and held.dtype.kind == "i"
        values[column.name] = np.where(gaps, int(stands) if fits else float(stands), held)
        most = float(np.abs(values[column.name]).max(initial=0))
        grain = joint_grain([grains.get(column.name), stands or None], most) if stands else grains.get(column.name)
        grains.pop(column.name, None)
        if grain is not None:
            grains[column.name] = grain
    return replace(batch, values=values, absent=absent, grains=grains)


def _stands(column: Column, declared: Declared) -> Fraction | bool | None:
    """What stands in the place of a fact that is lacking, where the policy writes a figure, or yes or no."""
    if not isinstance(column.spot, IndicatorAt):
        return None
    asked = declared.indicators[column.spot.indicator]
    missing = asked.node.missing
    if isinstance(missing, tree.Truth):
        return missing.value
    found = quantity_of(missing)
    return found.amount if found is not None and found.unit == asked.wanted.unit else None
