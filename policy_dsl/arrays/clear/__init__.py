"""Kernels for cases that are clear, quick.

What these give is what `kernels` give (tests compare them), but for cases of which the result `unclear`, if there is
one, holds: those are run again with the kernels themselves, all of a sweep together. `plain` never uses these.
"""

from __future__ import annotations

from policy_dsl.arrays.clear import ranks, sharing
from policy_dsl.arrays.clear.reading import Clear

CLEAR: dict[str, Clear] = {"rank": ranks.rank, "share_out": sharing.share_out}
"""By the name of the operation: called with the names of the results that are wanted, the node's data and the args."""
