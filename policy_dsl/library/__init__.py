"""The engine for programs and notebooks: a policy, its decisions, its sweeps, as objects with types.

A room beside the terminal: it asks the pipeline what the commands ask, raises what they would print, and prints
nothing. `policy_dsl` offers the names of this room.
"""

from policy_dsl.library.decided import Decided
from policy_dsl.library.errors import PolicyError
from policy_dsl.library.policy import Policy, load, load_text
from policy_dsl.library.swept import Swept

__all__ = ["Decided", "Policy", "PolicyError", "Swept", "load", "load_text"]
