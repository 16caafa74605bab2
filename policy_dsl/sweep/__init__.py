"""Sweeps: the same rules over many cases, with results that equal the exact engine's."""

from policy_dsl.sweep.batch import Batch, Results
from policy_dsl.sweep.run import sweep

__all__ = ["Batch", "Results", "sweep"]
