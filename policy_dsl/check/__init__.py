"""What can be known of a policy before any case: units, types, and provisions that cannot work."""

from policy_dsl.check.check import Checked, check
from policy_dsl.check.types import Kind, Type

__all__ = ["Checked", "Kind", "Type", "check"]
