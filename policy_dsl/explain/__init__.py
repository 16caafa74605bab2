"""From a decision to an argument: typed claims and derivations, still without words."""

from policy_dsl.explain.argument import Argument, Claim, MemberReasons, ShareReasons
from policy_dsl.explain.explanation import Explanation, Line, explain
from policy_dsl.explain.reasons import argue
from policy_dsl.explain.trees import Branch, Level, tree

__all__ = [
    "Argument",
    "Branch",
    "Claim",
    "Explanation",
    "Level",
    "Line",
    "MemberReasons",
    "ShareReasons",
    "argue",
    "explain",
    "tree",
]
