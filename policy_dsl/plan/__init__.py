"""The plan: a checked program as operations on columns, for many cases at once, with what each may be off by."""

from policy_dsl.plan.asked import NoSuchOutput, outputs_of
from policy_dsl.plan.frame import Column, Frame, IndicatorAt, Profile
from policy_dsl.plan.lower import lower
from policy_dsl.plan.lowering import NotLowered
from policy_dsl.plan.nodes import Doubt, Node, Plan
from policy_dsl.plan.outputs import Output

__all__ = [
    "Column",
    "Doubt",
    "Frame",
    "IndicatorAt",
    "NoSuchOutput",
    "Node",
    "NotLowered",
    "Output",
    "Plan",
    "Profile",
    "lower",
    "outputs_of",
]
