"""The summary of a sweep, ready to be said: as text, as a page with plots, and as data."""

from policy_dsl.render.sweeping.report import SweepSummary

__all__ = ["SweepSummary"]
