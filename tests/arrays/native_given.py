"""How the tests of compiled plans measure, and compare; and whether they can be run at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from policy_dsl.arrays import Ran, plain
from policy_dsl.arrays.native import Unready, workshop
from policy_dsl.plan import Plan

try:
    COMPILER = workshop.compiler()
except Unready:
    COMPILER = None  # type: ignore[assignment]

compiling = pytest.mark.skipif(COMPILER is None, reason="no C compiler is at hand: install `policy-dsl[compiled]`")


def same(found: Ran, measure: Ran) -> None:
    """Two runs give the same: doubts, and in all cases out of doubt each output, to the last bit."""
    np.testing.assert_array_equal(found.doubtful, measure.doubtful)
    assert found.why == measure.why
    assert found.outputs.keys() == measure.outputs.keys()
    assert found.known.keys() == measure.known.keys()
    sure = ~measure.doubtful
    for kind in ("outputs", "known"):
        for name, values in getattr(measure, kind).items():
            mine = getattr(found, kind)[name]
            assert (mine.shape, mine.dtype) == (values.shape, values.dtype), name
            if name.endswith("_off"):
                # A bound is as good if it was summed in another order.
                np.testing.assert_allclose(mine[sure], values[sure], rtol=1e-6, atol=1e-15, err_msg=name)
            else:
                np.testing.assert_array_equal(mine[sure], values[sure], name)


def measured(made: Plan, columns: Mapping[str, Any]) -> Ran:
    """What the definition gives."""
    wide = {name: each if each.dtype == bool else each.astype(float) for name, each in columns.items()}
    return plain.run(made, wide)


def agree(found: Ran, measure: Ran) -> None:
    """As `same`, where figures were summed in another order: they differ in their last digits."""
    np.testing.assert_array_equal(found.doubtful, measure.doubtful)
    sure = ~measure.doubtful
    for name, values in measure.outputs.items():
        mine = found.outputs[name]
        assert (mine.shape, mine.dtype) == (values.shape, values.dtype), name
        if values.dtype == np.float64 and not name.endswith("_off"):
            np.testing.assert_allclose(mine[sure], values[sure], rtol=1e-12, atol=1e-9, err_msg=name)
        elif values.dtype == np.float64:
            np.testing.assert_allclose(mine[sure], values[sure], rtol=1e-6, atol=1e-15, err_msg=name)
        else:
            np.testing.assert_array_equal(mine[sure], values[sure], name)
