"""Trial: do the rules do what their examples say, and would the examples notice if they did not?"""

from policy_dsl.trial.coverage import Coverage, covered

__all__ = ["Coverage", "covered"]
