"""Suggested examples: what no example notices, with the answer that the rules give now as a question."""

from policy_dsl.trial.suggest.suggestions import Suggested, Suggestion, suggest

__all__ = ["Suggested", "Suggestion", "suggest"]
