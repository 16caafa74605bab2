"""Tree to program: names bound, a model adopted, precedence drawn, dependencies known."""

from policy_dsl.resolve.program import Program
from policy_dsl.resolve.resolve import Resolved, resolve

__all__ = ["Program", "Resolved", "resolve"]
