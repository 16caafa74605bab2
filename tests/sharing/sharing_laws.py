"""A law is a property with the cases it is tried on; it must hold for the library and be broken by a planted fault."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

NAMES = "ABCDEF"
amounts = st.builds(Fraction, st.integers(0, 24), st.sampled_from([1, 2, 3, 4]))
positive = st.builds(Fraction, st.integers(1, 24), st.sampled_from([1, 2, 3, 4]))


@dataclass(frozen=True)
class Law:
    """`body(implementation, case)` raises AssertionError where the implementation breaks the law."""

    cases: SearchStrategy[Any]
    body: Callable[[Any, Any], None]


def _try(law: Law, implementation: Any, examples: int, phases: list[Phase]) -> None:
    @settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        deadline=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(law.cases)
    def run(case: Any) -> None:
        law.body(implementation, case)

    run()


def holds(law: Law, implementation: Any, examples: int = 80) -> None:
    """The law holds for the implementation in every case tried."""
    _try(law, implementation, examples, [Phase.generate, Phase.shrink])


def fails(law: Law, fault: Any, examples: int = 500) -> None:
    """The law finds the planted fault."""
    with pytest.raises(AssertionError):
        _try(law, fault, examples, [Phase.generate])


def mapping(values: SearchStrategy[Any], least: int = 1, most: int = 5) -> SearchStrategy[dict[str, Any]]:
    """Figures for the first few members."""
    return st.lists(values, min_size=least, max_size=most).map(lambda xs: dict(zip(NAMES, xs, strict=False)))


def reversed_order(figures: dict[str, Any]) -> dict[str, Any]:
    """The same figures, given in the opposite order."""
    return dict(reversed(figures.items()))
