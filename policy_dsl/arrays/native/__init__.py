"""A plan as compiled C (the extra `compiled`): cases in lanes, loops of one function, kept between runs."""

from __future__ import annotations

from policy_dsl.arrays.native.compiled import Native
from policy_dsl.arrays.native.workshop import Unready, at_hand
from policy_dsl.arrays.running import Compiled, compiled
from policy_dsl.diagnostics import Problem
from policy_dsl.plan.nodes import Plan

__all__ = ["Native", "Unready", "at_hand", "ready"]


def ready(plan: Plan, *, native: bool | None = None) -> tuple[Native | Compiled, Problem | None]:
    """A plan made ready to run, by compiled C or by numpy: both give the same, to the last bit (see `Native`).

    `native`: True asks for C, False for numpy; None for C where its compiler was installed with the tool. Where C was
    asked for and can't be had, it is numpy, and the problem says why.
    """
    if native is False or (native is None and not at_hand()):
        return compiled(plan), None
    try:
        return Native(plan), None
    except Unready as told:
        return compiled(plan), told.problem
