"""The exact engine: a checked program and a case in, a decision with its derivations out."""

from policy_dsl.evaluate.decide import decide
from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.derivation import Derived, Unknown

__all__ = ["Decision", "Derived", "Unknown", "decide"]
