"""From a frame to something that runs on its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policy_dsl import arrays
from policy_dsl.arrays import Ran
from policy_dsl.plan import Frame, Output, Plan, lower
from policy_dsl.records import dataclass
from policy_dsl.sweep.batch import Array
from policy_dsl.sweep.faults import Unfit

Lower = Callable[[Frame, tuple[Output, ...]], Plan]
Run = Callable[[Mapping[str, Array]], Ran]


@dataclass(frozen=True, slots=True, eq=False)
class Runner:
    """A plan, and what runs it on columns."""

    plan: Plan
    run: Run


def planned(
    frame: Frame, outputs: tuple[Output, ...], *, compiled: bool | None, lowered: Lower | None = None
) -> Runner:
    """What runs the plan of a frame. Raises NotLowered, and Unfit where it is to be compiled and can't be."""
    plan = (lowered or lower)(frame, outputs)
    if not compiled:
        return Runner(plan, arrays.compiled(plan).run)
    from policy_dsl.arrays.native import Native, Unready

    try:
        return Runner(plan, Native(plan).run)
    except Unready as fault:
        raise Unfit(fault.problem) from None
