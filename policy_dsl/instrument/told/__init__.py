"""What each kind of provision says, in sentences and tables: one teller for each class, in `TELLERS`."""

from policy_dsl.instrument.told.desk import Desk
from policy_dsl.instrument.told.telling import TELLERS, provision

__all__ = ["TELLERS", "Desk", "provision"]
