"""What decided: how far each figure may move before the allocation changes, still without words."""

from policy_dsl.sensitivity.analysis import ENOUGH, what_decided
from policy_dsl.sensitivity.figures import FAR, Figure
from policy_dsl.sensitivity.result import Change, Disputed, End, LeftOut, Stretch, WhatDecided

__all__ = ["ENOUGH", "FAR", "Change", "Disputed", "End", "Figure", "LeftOut", "Stretch", "WhatDecided", "what_decided"]
