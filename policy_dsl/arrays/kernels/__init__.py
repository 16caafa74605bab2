"""Operations with several results, over whole arrays: ranks, limits, whole steps. `plan.kernels` says what each gives.

Members are never gone through one by one: they are brought into order, and fixed points are sought on the cases alone
that have not come to theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from policy_dsl.arrays.kernels import ranks, sharing

KERNELS: dict[str, Callable[..., Mapping[str, Any]]] = {**ranks.KERNELS, **sharing.KERNELS}
"""By the name of the operation: called with the node's data and the arrays of its args; gives its results by name."""
