"""Running a plan over arrays of cases."""

from policy_dsl.arrays.plain import Ran
from policy_dsl.arrays.running import Compiled, compiled, run

__all__ = ["Compiled", "Ran", "compiled", "run"]
