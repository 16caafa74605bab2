"""What the changes between two policies do: to a library of cases, and to cases at the edges of both texts."""

from policy_dsl.compare.effects.study import ENOUGH, Effect, Studied, Study, Supplied, study

__all__ = ["ENOUGH", "Effect", "Studied", "Study", "Supplied", "study"]
